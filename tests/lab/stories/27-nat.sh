about='Behind NAT that nobody declared, and the refusal is about another address: void'
hosts='postfix nat'
cause() { from=192.0.2.200; }
probe() {
	list sbl 198.51.100.200
	check at-connect.test --helo nat.sender.test
}
expect() {
	exits 3
	that '.verdict == "void" and .seen_source == "198.51.100.200"'
}
