# exim - providers that refuse in words of their own, each at its own stage.
about='Exim: lists asked in the ACL of each stage, words of large providers, a tarpit'
users='Debian-exim'
packages='exim4-daemon-light exim4-base libidn12 libgnutls-dane0'
logs='exim log/mainlog'

# NAME ADDRESS STAGE VERB CONDITION TEXT: mail for NAME.test comes to ADDRESS, whose ACL at STAGE has this
# statement. own.bl.test is how a provider knows whom it does not trust.
exchangers() {
	cat <<-'END'
	exim-connect  203.0.113.100 connect deny  zen.spamhaus.org JunkMail rejected - [$sender_host_address] is in an RBL: $dnslist_text
	exim-ehlo     203.0.113.101 helo    deny  zen.spamhaus.org $sender_host_address is listed at $dnslist_domain ($dnslist_value: $dnslist_text)
	exim-mail     203.0.113.102 mail    deny  own.bl.test      5.7.1 Unfortunately, messages from [$sender_host_address] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).
	exim-rcpt     203.0.113.103 rcpt    deny  zen.spamhaus.org rejected because $sender_host_address is in a black list at $dnslist_domain\n$dnslist_text
	exim-limited  203.0.113.104 connect defer own.bl.test      421 4.7.650 The mail server [$sender_host_address] has been temporarily rate limited due to IP reputation. (S775)
	exim-deferred 203.0.113.105 mail    defer own.bl.test      421 4.7.0 [TSS04] Messages from $sender_host_address temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes
	four          203.0.113.107 connect deny  zen.spamhaus.org $sender_host_address is listed at $dnslist_domain; see https://check.spamhaus.org/
	exim-tarpit   203.0.113.106 rcpt    deny  zen.spamhaus.org $sender_host_address is listed at $dnslist_domain
	exim-slow     203.0.113.108 quit    deny  zen.spamhaus.org no such stage: only slow
	END
}
addresses=$(exchangers | awk '{ print $2 }')

records() {
	exchangers | while read -r name address _; do
		[ "$name" = four ] || exchanger "$name" "$address"
	done
	one_of_four exim 203.0.113.107
}

# tarpit STORY ADDRESS: that story's server takes three seconds before each answer.
tarpit() {
	sabotaged "$1" || printf '  warn condition = ${if eq{$received_ip_address}{%s}}\n    delay = 3s\n' "$2"
}

# acl STAGE: its statements, one for each exchanger that refuses there.
acl() {
	echo "at_$1:"
	tarpit 72-tarpit 203.0.113.106
	tarpit 73-tarpit-too-slow 203.0.113.108
	exchangers | while read -r _ address stage verb list text; do
		[ "$stage" = "$1" ] || continue
		echo "  $verb condition = \${if eq{\$received_ip_address}{$address}}"
		echo "    dnslists = $list"
		printf '    message = %s\n' "$text"
	done
}

# $smtp_command_history is what the oracle reads: every command of the session, in order.
conf() {
	cat <<-END
	primary_hostname = exim.test
	smtp_active_hostname = \${lookup{\$received_ip_address}lsearch{$dir/names}{mx.\$value.test}{exim.test}}
	daemon_smtp_ports = 25
	local_interfaces = $(echo "$addresses" | paste -s -d : | sed 's/:/ : /g')
	spool_directory = $dir/spool
	log_file_path = $dir/log/%slog
	pid_file_path = $dir/spool/pid
	log_selector = +smtp_connection +incoming_port +incoming_interface +millisec
	timezone = UTC
	keep_environment =
	rfc1413_query_timeout = 0s
	tls_certificate = $dir/cert.pem
	tls_privatekey = $dir/cert.key
	acl_smtp_connect = at_connect
	acl_smtp_helo = at_helo
	acl_smtp_mail = at_mail
	acl_smtp_rcpt = at_rcpt
	acl_smtp_quit = at_end
	acl_smtp_notquit = at_end
	begin acl
	$(acl connect)
	  accept
	$(acl helo)
	  accept
	$(acl mail)
	  warn senders = :
	    logwrite = null sender from \$sender_host_address \$sender_host_port
	  accept
	$(acl rcpt)
	  accept domains = lsearch;$dir/domains
	  deny message = relay not permitted
	at_end:
	  warn logwrite = said by \$sender_host_address \$sender_host_port to \$received_ip_address: \$smtp_command_history
	  accept
	END
}

build() {
	mkdir -p "$dir/log" "$dir/spool"
	# shellcheck disable=SC2046 # a list of names
	certificate $(exchangers | awk '{ print "mx." $1 ".test" }') || return 1
	exchangers | awk '{ print $2 ": " $1 }' >"$dir/names"
	exchangers | awk '{ print $1 ".test" }' >"$dir/domains"
	conf >"$dir/conf"
}

start() {
	chown -R Debian-exim:Debian-exim "$dir/log" "$dir/spool" "$dir/cert.pem" "$dir/cert.key"
	exim4 -C "$dir/conf" -bdf >"$dir/out" 2>&1 &
}
