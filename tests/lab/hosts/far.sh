# far - an exchanger at the end of a bad line (hosts/wire.sh).
about='Postfix behind a line with loss, delay and reordering'
. "$lab/lib/postfix.sh"

exchangers() {
	echo "far 203.0.113.45,2001:db8:113::45 smtpd_recipient_restrictions = reject_unauth_destination, reject_rbl_client zen.spamhaus.org"
}
addresses='203.0.113.45 2001:db8:113::45'
