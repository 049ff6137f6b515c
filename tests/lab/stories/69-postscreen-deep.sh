about='postscreen tests deeply and defers a stranger at RCPT: greylisted; who comes back is let in'
hosts='screen'
needs=clock
sabotage=static
probe() {
	check screen-deep.test
	forward 1860
	check screen-deep.test
}
expect() {
	saw_verdicts greylisted accepted
	jq -se '.[0].finding.category == "greylisted" and .[0].finding.stage == "rcpt" and .[0].finding.code == 450' "$here/json" >/dev/null || wrong "not 450 at RCPT"
	logged screen "PASS OLD \[$source\]"
}
