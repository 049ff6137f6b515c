about='The PTR name leads to another address: refused for identity'
hosts='postfix'
cause() { from=198.51.100.203; }
probe() { check wants-fcrdns.test --helo s21.sender.test; }
expect() {
	exits 2
	that '.verdict == "identity" and .finding.category == "auth_ptr"'
	that '.identity.checks | any(.check == "fcrdns" and .result == "fail")'
}
