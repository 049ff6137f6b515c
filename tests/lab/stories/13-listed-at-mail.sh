about='Listed in a DNSBL that Postfix asks at MAIL: blocked there, by whose list, about which address'
hosts='postfix'
cause() { list sbl $source; }
probe() { check at-mail.test; }
expect() {
	blocked_at mail Spamhaus
	that ".finding.listed_value == \"$source\""
}
