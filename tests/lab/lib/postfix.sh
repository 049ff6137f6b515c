# postfix.sh - Postfix for a host's file: one master, an smtpd with settings of its own on each address.
#
# A host's file defines `exchangers`: lines "NAME ADDRESS[,ADDRESS] [SETTING = VALUE; ...]". Mail for
# NAME.test goes to that smtpd, whose lines in the log begin with postfix/NAME. Nothing is cached from one
# session to the next (max_use), so that a list's answer counts as soon as it is given.

logs='postfix log'
main=  # more lines of main.cf

# What a host adds to its records and its files.
more_records() { :; }
more_files() { :; }

records() {
	# shellcheck disable=SC2046 # a list of names
	certificate $(exchangers | awk 'NF { print "mx." $1 ".test" }') >/dev/null 2>&1 || return 1
	exchangers | while read -r name where _; do
		# shellcheck disable=SC2086 # a list of addresses
		[ -z "$name" ] || exchanger "$name" $(echo "$where" | tr , ' ')
	done
	more_records
}

postfix_main() {
	cat <<-END
	compatibility_level = 3.6
	queue_directory = $dir/queue
	data_directory = $dir/data
	maillog_file = $dir/log
	maillog_file_prefixes = /run
	myhostname = $host.test
	mydestination = $(exchangers | awk 'NF { printf "%s.test ", $1 }') ${destinations:-}
	mynetworks =
	inet_interfaces = $(echo "$addresses" | tr '\n' ' ')
	local_recipient_maps =
	alias_maps =
	max_use = 1
	maps_rbl_reject_code = 550
	smtpd_client_restrictions =
	smtpd_recipient_restrictions = reject_unauth_destination
	# Nothing is refused by this; it writes down who sends, for the oracle.
	smtpd_end_of_data_restrictions =
	smtpd_relay_restrictions = check_sender_access static:INFO, reject_unauth_destination
	smtpd_tls_security_level = may
	smtpd_tls_cert_file = $dir/cert.pem
	smtpd_tls_key_file = $dir/cert.key
	smtpd_tls_loglevel = 1
	$main
	END
}

# smtpd_service NAME ADDRESS SETTINGS: a line of master.cf.
smtpd_service() {
	if is_v6 "$2"; then set -- "$1" "[$2]" "$3"; fi
	printf '%s:25 inet n - n - - smtpd\n  -o syslog_name=postfix/%s\n  -o {myhostname = mx.%s.test}\n' "$2" "$1" "$1"
	printf '%s' "$3" | tr ';' '\n' | sed 's/^ *//; s/ *$//; /./!d; s/.*/  -o {&}/'
	echo
}

postfix_master() {
	exchangers | while read -r name where settings; do
		[ -n "$name" ] || continue
		for address in $(echo "$where" | tr , ' '); do smtpd_service "$name" "$address" "$settings"; done
	done
	cat <<-END
	cleanup unix n - n - 0 cleanup
	rewrite unix - - n - - trivial-rewrite
	tlsmgr unix - - n 1000? 1 tlsmgr
	proxymap unix - - n - - proxymap
	anvil unix - - n - 1 anvil
	qmgr unix n - n 300 1 qmgr
	postlog unix-dgram n - n - 1 postlogd
	END
	more_services
}
# More lines of master.cf.
more_services() { :; }

build() {
	mkdir -p "$dir/conf" "$dir/queue" "$dir/data"
	chown postfix "$dir/data"
	more_files
	postfix_main >"$dir/conf/main.cf"
	postfix_master >"$dir/conf/master.cf"
}

start() { postfix -c "$dir/conf" start; }
