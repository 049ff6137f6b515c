about='A TLSA record in a signed zone that names the key: DANE valid, with a resolver that validates'
hosts='postfix'
sabotage='hosts/dns has a TLSA record of another key'
probe() { check dane-right.test --tls require; }
expect() {
	exits 0
	that '.verdict == "accepted" and .mx.dnssec and .tls.dane == "valid"'
}
