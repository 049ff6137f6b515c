about='The tarpit is slower than the session may take: we leave in time, and do not call it a block'
hosts='exim'
sabotage=static
probe() { check exim-slow.test --timeout 5; }
expect() {
	exits 3
	that '.verdict == "broken" and .finding.about == "session" and .finding.stage == "ehlo"'
	that '[.transcript[] | select(.from == "client").line] | last == "QUIT"'
}
