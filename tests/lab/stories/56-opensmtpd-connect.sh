about='OpenSMTPD hangs up on an address of its table with 554: blocked at the greeting'
hosts='opensmtpd'
sabotage=static # $source is in the table
probe() { check osmtpd-connect.test; }
expect() {
	blocked_at banner ''
	that '.finding.category == "blocklist_own" and .finding.code == 554'
}
