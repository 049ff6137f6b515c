about='Listed in the SBL part of ZEN: the refusal is ZENs, the preflight names the part'
hosts='postfix'
cause() { list sbl $source; }
probe() {
	check at-rcpt.test
	preflight --dnsbl zen.spamhaus.org
}
expect() {
	blocked_at rcpt Spamhaus
	facts '.check == "dnsbl:zen.spamhaus.org" and .result == "fail" and (.found | test("Spamhaus SBL"))'
}
