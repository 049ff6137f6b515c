about='No PTR record, and an exchanger that wants one: refused for identity'
hosts='postfix'
cause() { from=198.51.100.201; }
probe() { check wants-ptr.test --helo s19.sender.test; }
expect() {
	exits 2
	that '.verdict == "identity" and .finding.category == "auth_ptr"'
	that '.identity.checks | any(.check == "ptr" and .result == "fail")'
}
