about='An exchanger that insists on STARTTLS: refused without, accepted with it'
hosts='postfix'
sabotage='hosts/postfix.sh leaves smtpd_tls_security_level = encrypt out'
probe() {
	check tls-needed.test --tls none
	plain=$json
	from=$source6
	check tls-needed.test
}
expect() {
	that '.verdict == "accepted" and .tls.version == "TLSv1.3"'
	json=$plain
	that '.verdict == "identity" and .finding.category == "auth_tls" and .finding.stage == "mail"'
}
