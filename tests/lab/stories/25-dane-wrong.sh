about='A TLSA record of another key: DANE failed; the mail would go, but not where TLS is required'
hosts='postfix'
sabotage='hosts/dns has a TLSA record of the right key'
probe() { check dane-wrong.test --tls require; }
expect() {
	exits 3
	that '.verdict == "broken" and .tls.dane == "failed" and .reached == "ehlo"'
}
