about='OpenSMTPD wants a PTR record: an address without one is refused for that, not for a list'
hosts='opensmtpd'
cause() { from=198.51.100.201; }
probe() { check osmtpd-rdns.test --helo s60.sender.test; }
expect() {
	exits 2
	that '.verdict == "identity" and .finding.stage == "banner" and .finding.category == "auth_ptr"'
}
