about='OpenSMTPD refuses an address of its table at EHLO: blocked there'
hosts='opensmtpd'
sabotage=static # $source is in the table
probe() { check osmtpd-ehlo.test; }
expect() {
	blocked_at ehlo ''
	that '.finding.category == "blocklist_own" and .finding.code == 550'
}
