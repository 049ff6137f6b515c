about='Behind NAT, declared: judged as the address that the server sees'
hosts='postfix nat'
cause() { list xbl 198.51.100.200; }
probe() {
	from=192.0.2.200
	check at-ehlo.test --seen-as 198.51.100.200
}
expect() {
	blocked_at ehlo Spamhaus
	that '.helo == "nat.sender.test" and .finding.listed_value == "198.51.100.200"'
}
