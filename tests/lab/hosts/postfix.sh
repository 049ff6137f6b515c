# postfix - a hosting company's worth of mail exchangers, all of them Postfix.
about='Postfix: lists asked at each stage, picky about names, TLS in odd ways'
. "$lab/lib/postfix.sh"

# Old TLS is not in OpenSSL's default any more.
only_tls10='smtpd_tls_protocols = TLSv1; smtpd_tls_ciphers = medium; tls_medium_cipherlist = ALL:@SECLEVEL=0'

# setting STORY SETTINGS: what that story is about, unless its cause is to be left out.
setting() { sabotaged "$1" || echo "$2"; }

exchangers() {
	zen='reject_rbl_client zen.spamhaus.org'
	cat <<-END
	clean        203.0.113.10,2001:db8:113::10
	at-connect   203.0.113.11 smtpd_delay_reject = no; smtpd_client_restrictions = $zen
	at-ehlo      203.0.113.12 smtpd_delay_reject = no; smtpd_helo_required = yes; smtpd_helo_restrictions = $zen
	at-mail      203.0.113.13 smtpd_delay_reject = no; smtpd_sender_restrictions = $zen
	at-rcpt      203.0.113.14,2001:db8:113::14 smtpd_recipient_restrictions = reject_unauth_destination, $zen
	helo-list    203.0.113.15 smtpd_helo_restrictions = reject_rhsbl_helo dbl.spamhaus.org
	wants-ptr    203.0.113.16 smtpd_client_restrictions = reject_unknown_reverse_client_hostname
	wants-fcrdns 203.0.113.17 smtpd_client_restrictions = reject_unknown_client_hostname
	no-pools     203.0.113.18 smtpd_client_restrictions = check_reverse_client_hostname_access regexp:$dir/pools
	control      203.0.113.19
	tls-needed   203.0.113.20,2001:db8:113::20 $(setting 22-starttls-required 'smtpd_tls_security_level = encrypt')
	tls-old      203.0.113.21 $(setting 23-tls-1.0-only "$only_tls10")
	dane-right   203.0.113.22
	dane-wrong   203.0.113.23
	dead-list    203.0.113.24 smtpd_sender_restrictions = reject_rbl_client dead.test; smtpd_delay_reject = no
	END
}
addresses=$(exchangers | awk 'NF { gsub(",", "\n", $2); print $2 }')
main='unknown_client_reject_code = 550'

more_records() {
	nobodys_key=0000000000000000000000000000000000000000000000000000000000000000
	right=$(key_digest) wrong=$nobodys_key
	! sabotaged 24-dane-right || right=$nobodys_key
	! sabotaged 25-dane-wrong || wrong=$(key_digest)
	echo "_25._tcp.mx.dane-right TLSA 3 1 1 $right"
	echo "_25._tcp.mx.dane-wrong TLSA 3 1 1 $wrong"
}

more_files() {
	echo '/(^|[.-])(pool|dyn|dhcp)[.-]/ 550 5.7.1 Your reverse DNS name looks generic; use the mail server of your provider' \
		>"$dir/pools"
}
