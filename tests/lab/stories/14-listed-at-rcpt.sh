about='Listed in a DNSBL that Postfix asks at RCPT: blocked there, by whose list, about which address'
hosts='postfix'
cause() { list sbl $source; }
probe() { check at-rcpt.test; }
expect() {
	blocked_at rcpt Spamhaus
	that ".finding.listed_value == \"$source\""
}
