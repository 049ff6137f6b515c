about='A PTR name that looks like a pool, and an exchanger that turns pools away: refused for identity'
hosts='postfix'
cause() { from=198.51.100.202; }
probe() { check no-pools.test --helo s20.sender.test; }
expect() {
	exits 2
	that '.verdict == "identity" and .finding.category == "auth_ptr"'
	that '.identity.checks | any(.check == "ptr_generic" and .result != "pass")'
}
