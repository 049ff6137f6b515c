about='OpenSMTPD offers STARTTLS and fails at it: broken at TLS, for the session and not for the address'
hosts='opensmtpd'
sabotage=static
probe() { check osmtpd-tls.test; }
expect() {
	exits 3
	that '.verdict == "broken" and .finding.stage == "tls" and .finding.about == "session"'
}
