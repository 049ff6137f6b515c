# grey - Postfix that has strangers come back later: a greylist (postgrey), and anvil's limit.
about='Postfix with postgrey, and with a limit of one connection a minute'
packages='postgrey libberkeleydb-perl libnetaddr-ip-perl libnet-server-perl libnet-dns-perl libregexp-ipv6-perl libio-multiplex-perl'
users='postgrey'
. "$lab/lib/postfix.sh"

exchangers() {
	sabotaged 70-greylisted || policy='check_policy_service inet:127.0.0.1:10023'
	sabotaged 71-anvil || limit='smtpd_client_connection_rate_limit = 1'
	cat <<-END
	grey   203.0.113.140 smtpd_recipient_restrictions = reject_unauth_destination, ${policy:-permit}
	anvil  203.0.113.141 ${limit:-}
	END
}
addresses=$(exchangers | awk '{ print $2 }')

# Who comes back after five seconds, by the clock on the wall, is let in.
start() {
	install -d -o postgrey "$dir/postgrey"
	postgrey --inet=127.0.0.1:10023 --delay=5 --user=postgrey --group=postgrey --dbdir="$dir/postgrey" \
		--whitelist-clients=/dev/null --whitelist-recipients=/dev/null >"$dir/postgrey.log" 2>&1 &
	postfix -c "$dir/conf" start
}

ready() {
	listens 127.0.0.1 10023 || return 1
	for address in $addresses; do listens "$address" 25 || return 1; done
}
