# mta.sh - a private Postfix, Dovecot and OpenDKIM on loopback: `. tests/mail/mta.sh`.
#
#   mta_lacks          why it can't be had here, or nothing
#   mta_start          into $work/mta; needs $pki (the test PKI); mailboxes are MTA_USERS@deliver.test
#   mta_stop
#
# Others who want a Postfix of their own (tests/postfix) take the parts: mta_free_port, mta_main_cf,
# mta_services and mta_begin, with $mta naming its folder. Behind tests/cli/lib.sh.
#
# One Postfix is both ends. As the relay it listens on 127.0.0.1:$mta_relay_port (STARTTLS, login
# "probe" with $mta_password) and on $mta_plain_port (no TLS, no login), and signs with DKIM; it
# hands on to itself, as the receiver, at 127.0.0.9:$mta_mx_port, which checks DKIM and gives to
# Dovecot: IMAPS on $mta_imaps_port, STARTTLS on $mta_imap_port. What happens to a mailbox:
#   me        the inbox                      junk      a sieve rule files it into \Junk
#   probe     the sender: bounces arrive     lost      accepted by the receiver, and dropped
#   norcpt    the relay refuses RCPT         spoof     the relay refuses the message (5.7.26)
#   later     the relay defers               back      the receiver refuses: a bounce
# Everything listens on loopback only. Needs root; whatever is started here is stopped by mta_stop.

MTA_USERS="me junk probe lost back later norcpt spoof"
mta_password='not-"so"-secret%1'
PATH=$PATH:/usr/sbin:/sbin

mta_lacks() {
	[ "$(id -u)" -eq 0 ] || { echo "Postfix can only be started by root"; return; }
	for tool in postfix postmap doveconf dovecot sievec opendkim openssl jq python3 ss; do
		command -v $tool >/dev/null || { echo "$tool is not installed"; return; }
	done
}

mta_free_port() {
	port=$((20000 + ($$ * 11 + $1 * 7) % 20000))
	while ss -Htuln | grep -qE ":$port\b"; do
		port=$((port + 1))
	done
	echo $port
}

mta_listens() {
	ss -Htln | grep -qE ":$1\b"
}

mta_opendkim() {
	mode=$1 port=$2
	shift 2
	printf '%s\n' "Mode $mode" "Socket inet:$port@127.0.0.1" "Syslog no" "UserID root" \
		"PidFile $mta/dkim-$mode.pid" "Background yes" "RequireSafeKeys no" "$@" >"$mta/dkim-$mode.conf"
	opendkim -x "$mta/dkim-$mode.conf"
}

mta_start_dkim() {
	openssl genrsa -out "$mta/dkim.key" 2048 2>/dev/null
	chmod 600 "$mta/dkim.key"
	key=$(openssl rsa -in "$mta/dkim.key" -pubout -outform DER 2>/dev/null | base64 -w 0)
	echo "s1._domainkey.deliver.test v=DKIM1; k=rsa; p=$key" >"$mta/dkim.keys"
	mta_opendkim s $mta_sign_port "Domain deliver.test" "Selector s1" "KeyFile $mta/dkim.key" \
		"InternalHosts 0.0.0.0/0" &&
		mta_opendkim v $mta_check_port "TestPublicKeys $mta/dkim.keys" \
			"AuthservID mx.deliver.test" "InternalHosts 192.0.2.1" "AlwaysAddARHeader yes"
}

mta_start_dovecot() {
	for user in $MTA_USERS; do
		echo "$user@deliver.test:{PLAIN}$mta_password::::::"
	done >"$mta/users"
	echo "probe:{PLAIN}$mta_password::::::" >>"$mta/users"
	mkdir -p "$mta/mail" "$mta/dovecot"
	chown nobody "$mta/mail"
	cat >"$mta/junk.sieve" <<-'END'
	require ["fileinto"];
	if header :is "X-Spam-Flag" "YES" { fileinto "Unwanted"; }
	END
	cat >"$mta/dovecot.conf" <<-END
	base_dir = $mta/dovecot
	state_dir = $mta/dovecot
	log_path = $mta/dovecot.log
	protocols = imap lmtp
	listen = 127.0.0.1
	ssl = yes
	ssl_cert = <$pki/good.pem
	ssl_key = <$mta/good.key
	auth_mechanisms = plain login cram-md5
	disable_plaintext_auth = yes
	mail_location = maildir:$mta/mail/%n
	mail_uid = nobody
	mail_gid = nogroup
	first_valid_gid = 1
	passdb {
	  driver = passwd-file
	  args = scheme=PLAIN username_format=%u $mta/users
	}
	userdb {
	  driver = static
	  args = uid=nobody gid=nogroup home=$mta/mail/%n
	}
	namespace inbox {
	  inbox = yes
	  mailbox Unwanted {
	    auto = create
	    special_use = \\Junk
	  }
	  mailbox Archive {
	    auto = create
	  }
	}
	protocol lmtp {
	  mail_plugins = sieve
	  postmaster_address = postmaster@deliver.test
	}
	plugin {
	  sieve = file:$mta/mail/%n/sieve;active=$mta/mail/%n/.sieve
	  sieve_before = $mta/junk.sieve
	}
	service imap-login {
	  inet_listener imap {
	    port = $mta_imap_port
	  }
	  inet_listener imaps {
	    port = $mta_imaps_port
	    ssl = yes
	  }
	}
	service lmtp {
	  unix_listener $mta/queue/lmtp {
	    mode = 0666
	  }
	}
	service auth {
	  unix_listener $mta/queue/auth {
	    mode = 0666
	  }
	}
	END
	sievec "$mta/junk.sieve" 2>>"$mta/dovecot.log"
	chmod 644 "$mta"/junk.*
	dovecot -c "$mta/dovecot.conf" && wait_for mta_listens $mta_imaps_port
}

mta_write_tables() {
	cat >"$mta/etc/relay" <<-'END'
	norcpt@deliver.test 550 5.1.1 <norcpt@deliver.test>: Recipient address rejected: User unknown in virtual mailbox table
	later@deliver.test 450 4.2.0 <later@deliver.test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/deliver.test.html
	END
	cat >"$mta/etc/data" <<-'END'
	spoof@deliver.test 550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.
	END
	cat >"$mta/etc/mx" <<-'END'
	back@deliver.test 550 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/127.0.0.1
	lost@deliver.test DISCARD
	junk@deliver.test PREPEND X-Spam-Flag: YES
	END
	cat >"$mta/etc/judged" <<-'END'
	junk@deliver.test PREPEND Authentication-Results: mx.deliver.test; spf=pass (sender IP is 127.0.0.1) smtp.mailfrom=probe@deliver.test; dmarc=fail (p=none) header.from=deliver.test
	END
}

# The folders of a private Postfix, a key that it may read, and what its main.cf says whatever it is for.
mta_main_cf() {
	mkdir -p "$mta/etc" "$mta/queue" "$mta/data"
	chown postfix "$mta/data"
	chmod 755 "$work" "$mta"
	cp "$pki/good.key" "$mta/good.key"
	chmod 600 "$mta/good.key"
	cat >"$mta/etc/main.cf" <<-END
	compatibility_level = 3.6
	queue_directory = $mta/queue
	data_directory = $mta/data
	maillog_file = $mta/log
	maillog_file_prefixes = $mta
	inet_interfaces = loopback-only
	inet_protocols = ipv4
	alias_maps =
	smtpd_tls_security_level = may
	smtpd_tls_loglevel = 1
	smtpd_tls_cert_file = $pki/good.pem
	smtpd_tls_key_file = $mta/good.key
	smtpd_peername_lookup = no
	END
}

# Lines of master.cf that every Postfix needs.
mta_services() {
	cat <<-'END'
	cleanup unix n - n - 0 cleanup
	rewrite unix - - n - - trivial-rewrite
	tlsmgr unix - - n 1000? 1 tlsmgr
	proxymap unix - - n - - proxymap
	anvil unix - - n - 1 anvil
	bounce unix - - n - 0 bounce
	defer unix - - n - 0 bounce
	error unix - - n - - error
	local unix - n n - - local
	postlog unix-dgram n - n - 1 postlogd
	END
}

# mta_begin PORT: start it; it listens there.
mta_begin() {
	postfix -c "$mta/etc" start >"$mta/start.log" 2>&1 && wait_for mta_listens "$1"
}

mta_start_postfix() {
	mta_write_tables
	cat >>"$mta/etc/main.cf" <<-END
	myhostname = relay.deliver.test
	mydestination =
	mynetworks = 127.0.0.0/8
	relay_domains = deliver.test
	transport_maps = inline:{ {deliver.test = smtp:[127.0.0.9]:$mta_mx_port} }
	local_recipient_maps =
	smtp_tls_security_level = may
	smtpd_sasl_type = dovecot
	smtpd_sasl_path = auth
	smtpd_tls_auth_only = yes
	smtpd_client_connection_rate_limit = 0
	smtpd_client_message_rate_limit = 0
	smtp_host_lookup = native
	smtp_destination_recipient_limit = 1
	milter_default_action = accept
	minimal_backoff_time = 300s
	END
	mta_services >"$mta/etc/master.cf"
	cat >>"$mta/etc/master.cf" <<-END
	127.0.0.1:$mta_relay_port inet n - n - - smtpd
	  -o smtpd_sasl_auth_enable=yes
	  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
	  -o { smtpd_recipient_restrictions = check_recipient_access texthash:$mta/etc/relay }
	  -o { smtpd_end_of_data_restrictions = check_recipient_access texthash:$mta/etc/data }
	  -o smtpd_milters=inet:127.0.0.1:$mta_sign_port
	127.0.0.1:$mta_plain_port inet n - n - - smtpd
	  -o smtpd_tls_security_level=none
	  -o { smtpd_relay_restrictions = permit_mynetworks, reject }
	127.0.0.9:$mta_mx_port inet n - n - - smtpd
	  -o myhostname=mx.deliver.test
	  -o mynetworks=
	  -o { smtpd_relay_restrictions = reject_unauth_destination }
	  -o { smtpd_recipient_restrictions = check_recipient_access texthash:$mta/etc/mx }
	  -o { smtpd_data_restrictions = check_recipient_access texthash:$mta/etc/judged }
	  -o content_filter=lmtp:unix:lmtp
	  -o smtpd_milters=inet:127.0.0.1:$mta_check_port
	trace unix - - n - 0 bounce
	retry unix - - n - - error
	discard unix - - n - - discard
	smtp unix - - n - - smtp
	lmtp unix - - n - - lmtp
	qmgr unix n - n 5 1 qmgr
	pickup unix n - n 60 1 pickup
	END
	mta_begin $mta_mx_port
}

mta_start() {
	mta=$work/mta
	mta_main_cf
	mta_relay_port=$(mta_free_port 1) mta_plain_port=$(mta_free_port 2001) mta_mx_port=$(mta_free_port 4001)
	mta_imap_port=$(mta_free_port 6001) mta_imaps_port=$(mta_free_port 8001)
	mta_sign_port=$(mta_free_port 10001) mta_check_port=$(mta_free_port 12001)
	printf '%s\n' "$mta_password" >"$mta/password"
	chmod 600 "$mta/password"
	mta_start_dkim && mta_start_dovecot && mta_start_postfix
}

mta_stop() {
	postfix -c "$mta/etc" stop >/dev/null 2>&1
	doveadm -c "$mta/dovecot.conf" stop >/dev/null 2>&1
	for pid in "$mta"/dkim-*.pid; do
		[ -s "$pid" ] && kill "$(cat "$pid")" 2>/dev/null
	done
	wait_for mta_is_gone
}

mta_is_gone() {
	! mta_listens $mta_relay_port && ! mta_listens $mta_imaps_port && ! mta_listens $mta_sign_port
}
