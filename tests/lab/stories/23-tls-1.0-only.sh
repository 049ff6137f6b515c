about='An exchanger that speaks TLS 1.0 only: a greeting in old TLS beats plaintext, and the result says which TLS it was'
hosts='postfix'
sabotage='hosts/postfix.sh lets it speak every TLS'
probe() { check tls-old.test; }
expect() {
	exits 0
	that '.verdict == "accepted" and .tls.version == "TLSv1"'
}
