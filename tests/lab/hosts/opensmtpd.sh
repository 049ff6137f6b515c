# opensmtpd - small sites with a table of addresses they don't want, looked at in one phase or another.
about='OpenSMTPD: a table of unwanted addresses, filtered at each stage'
packages='opensmtpd'
users='opensmtpd opensmtpq'
logs='opensmtpd log'

# NAME ADDRESS FILTER: what its listener does with an address of the table.
exchangers() {
	cat <<-'END'
	osmtpd-connect 203.0.113.110 phase connect match src <unwanted> disconnect "554 5.7.1 Your address is on our block list"
	osmtpd-ehlo    203.0.113.111 phase ehlo match src <unwanted> reject "550 5.7.1 Client host rejected: your IP address is blocked"
	osmtpd-mail    203.0.113.112 phase mail-from match src <unwanted> reject "550 5.7.1 Your IP address has been blacklisted by our system"
	osmtpd-rcpt    203.0.113.113 phase rcpt-to match src <unwanted> disconnect "421 4.7.1 Too much spam from your network, try again later"
	osmtpd-rdns    203.0.113.114 phase connect match !rdns disconnect "550 5.7.25 Your IP address has no PTR record"
	END
}
addresses="$(exchangers | awk '{ print $2 }') 203.0.113.115 203.0.113.116"

records() {
	exchangers | while read -r name address _; do exchanger "$name" "$address"; done
	exchanger osmtpd-tls 203.0.113.116
	one_of_four opensmtpd 203.0.113.115
}

# The sources of the stories that want to be refused.
unwanted() {
	for story in 56-opensmtpd-connect 57-opensmtpd-ehlo 58-opensmtpd-mail 59-opensmtpd-rcpt; do
		sabotaged $story || echo "198.51.100.${story%%-*}"
	done
}

conf() {
	echo "table unwanted file:$dir/unwanted"
	echo "pki lab cert \"$dir/cert.pem\""
	echo "pki lab key \"$dir/cert.key\""
	exchangers | while read -r name address filter; do
		echo "filter \"$name\" $filter"
		echo "listen on $address hostname mx.$name.test filter \"$name\""
	done
	echo "listen on 203.0.113.115 hostname opensmtpd.four.test"
	# This release, built with OpenSSL 3, offers STARTTLS and can't do it.
	sabotaged 66-opensmtpd-tls || tls='tls pki lab'
	echo "listen on 203.0.113.116 ${tls:-} hostname mx.osmtpd-tls.test"
	# Nothing is ever delivered; whoever is local would have to be a user.
	echo 'action nowhere relay host smtp://127.0.0.1'
	echo "match from any for domain { $(exchangers | awk '{ printf "%s.test, ", $1 }') osmtpd-tls.test, four.test } action nowhere"
}

build() {
	certificate mx.osmtpd-tls.test || return 1
	conf >"$dir/conf"
	unwanted >"$dir/unwanted"
	mkdir -p "$dir/var/spool" "$dir/var/lib/opensmtpd/empty"
	chmod 711 "$dir/var/spool" "$dir/var/lib/opensmtpd/empty"
}

start() {
	# Its queue and the place where it locks itself up are compiled in.
	mount --bind "$dir/var/spool" /var/spool && mount --bind "$dir/var/lib" /var/lib || return 1
	{ smtpd -d -T smtp -f "$dir/conf" 2>&1 | python3 "$lab/lib/times.py" >"$dir/log"; } &
}
