about='OpenSMTPD refuses an address of its table at MAIL: blocked there'
hosts='opensmtpd'
sabotage=static # $source is in the table
probe() { check osmtpd-mail.test; }
expect() {
	blocked_at mail ''
	that '.finding.category == "blocklist_own"'
}
