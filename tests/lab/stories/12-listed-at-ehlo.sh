about='Listed in a DNSBL that Postfix asks at EHLO: blocked there, by whose list, about which address'
hosts='postfix'
cause() { list sbl $source; }
probe() { check at-ehlo.test; }
expect() {
	blocked_at ehlo Spamhaus
	that ".finding.listed_value == \"$source\""
}
