about='Listed in a DNSBL that Postfix asks at CONNECT: blocked there, by whose list, about which address'
hosts='postfix'
cause() { list sbl $source; }
probe() { check at-connect.test; }
expect() {
	blocked_at banner Spamhaus
	that ".finding.listed_value == \"$source\""
}
