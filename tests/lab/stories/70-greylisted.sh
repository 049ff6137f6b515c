about='Greylisted at RCPT by postgrey: told to come back, and accepted when we do'
hosts='grey'
needs=clock
sabotage=static
probe() {
	check grey.test
	forward 1860
	sleep 6
	check grey.test
}
expect() {
	saw_verdicts greylisted accepted
	jq -se '.[0].finding.stage == "rcpt" and .[0].finding.category == "greylisted"' "$here/json" >/dev/null || wrong "not greylist at RCPT"
}
