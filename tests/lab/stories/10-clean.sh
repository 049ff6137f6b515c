about='An address on no list, with a name in order: accepted up to RCPT TO'
hosts='postfix'
probe() { check clean.test; }
expect() {
	exits 0
	that '.verdict == "accepted" and .reached == "rcpt" and .finding == null'
	that '.mx.dnssec and .tls.verified and ([.identity.checks[] | select(.result != "pass")] == [])'
}
