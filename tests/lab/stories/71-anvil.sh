about='One connection a minute, counted by anvil: the second is told 421, throttled, and the first was not'
hosts='grey'
needs=clock
sabotage=static
probe() {
	check anvil.test
	forward 1860
	check anvil.test
}
expect() {
	saw_verdicts accepted throttled
	that '.finding.stage == "banner" and .finding.code == 421'
}
