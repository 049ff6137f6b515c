about='The list dies and the exchanger lets everybody in: accepted, and that is not clear; the list is unknown, not silent'
hosts='postfix bl-c'
slow=yes
needs=clock
cause() { list dead $source bl-c; }
probe() {
	check dead-list.test
	before=$json before_status=$status
	kill "$(cat "$LAB_TREE/bl-c/pid")"
	forward 22000
	check dead-list.test
	preflight --dnsbl dead.test
	states=$(mxprobe status --format json)
}
expect() {
	that '.verdict == "accepted"'
	json=$before status=$before_status
	blocked_at mail dead.test
	facts '.check == "dnsbl:dead.test" and .result == "unknown"'
	json=$states
	that 'any(.. | .state?; . == "clearing") and (any(.. | .state?; . == "clear") | not)'
}
