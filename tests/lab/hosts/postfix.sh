# postfix - a hosting company's worth of mail exchangers, all of them Postfix.
about='Postfix: lists asked at each stage, picky about names, TLS in odd ways'
. "$lab/lib/postfix.sh"

exchangers() {
	zen='reject_rbl_client zen.spamhaus.org'
	cat <<-END
	clean       203.0.113.10,2001:db8:113::10
	at-connect  203.0.113.11 smtpd_delay_reject = no; smtpd_client_restrictions = $zen
	at-ehlo     203.0.113.12 smtpd_delay_reject = no; smtpd_helo_required = yes; smtpd_helo_restrictions = $zen
	at-mail     203.0.113.13 smtpd_delay_reject = no; smtpd_sender_restrictions = $zen
	at-rcpt     203.0.113.14 smtpd_recipient_restrictions = reject_unauth_destination, $zen
	END
}
addresses=$(exchangers | awk 'NF { gsub(",", "\n", $2); print $2 }')
