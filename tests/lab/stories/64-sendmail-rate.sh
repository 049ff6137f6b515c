about='Sendmail allows one connection a minute: the second one is told 421, throttled, and the first was not'
hosts='sendmail'
needs=clock
sabotage=static
probe() {
	check sendmail-rate.test
	forward 1860
	check sendmail-rate.test
}
expect() {
	that '.verdict == "throttled" and .finding.code == 421'
	saw_verdicts accepted throttled
}
