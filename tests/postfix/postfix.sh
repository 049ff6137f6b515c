#!/bin/sh
# postfix.sh - mxprobe against Debian's Postfix with STARTTLS on loopback, found through DNS (NSD).
#
# One Postfix with a queue, a log and a port of its own; 127.0.0.3 is refused by a client access
# table with a DNSBL's wording, 127.0.0.2 is welcome. What counts is what Postfix's log says the
# prober did. Prints TAP; skipped, loudly, where Postfix or NSD is missing or we are not root.
. "$(dirname "$0")/../cli/lib.sh"
. "$source_dir/tests/mail/mta.sh"
set -u
pki=${MX_PKI:-$PWD/certs/pki}
mta=$work/mta

skip_all() {
	echo "1..0 # SKIP $1"
	echo "SKIP: tests/postfix: $1" >&2
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all "Postfix can only be started by root"
for tool in postfix postmap nsd ldns-keygen ldns-signzone openssl jq ss; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done

cleanup() {
	postfix -c "$mta/etc" stop >/dev/null 2>&1
	[ -f "$work/nsd.pid" ] && kill "$(cat "$work/nsd.pid")" 2>/dev/null
	for _ in 1 2 3 4 5; do rm -rf "$work" 2>/dev/null && break; sleep 0.2; done
}
trap cleanup EXIT

# The zone is signed, and names the key that Postfix shows (DANE).
sign_zone() {
	(
		cd "$work" || exit 1
		key=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k postfix.test.) &&
			ldns-signzone -f postfix.test.signed postfix.test.zone "$key" && mv "$key.ds" anchor
	) >"$work/sign.log" 2>&1
}

start_dns() {
	dns_port=$(mta_free_port 1)
	key=$(openssl x509 -in "$pki/good.pem" -noout -pubkey | openssl pkey -pubin -outform DER |
		openssl dgst -r -sha256 | cut -d ' ' -f 1)
	cat >"$work/postfix.test.zone" <<-END
	\$ORIGIN postfix.test.
	\$TTL 60
	@   SOA ns.postfix.test. root.postfix.test. 1 3600 600 86400 60
	@   NS  ns
	@   MX  10 mx
	ns  A   127.0.0.1
	mx  A   127.0.0.9
	_$smtp_port._tcp.mx TLSA 3 1 1 $key
	END
	sign_zone || return 1
	cat >"$work/nsd.conf" <<-END
	server:
	  ip-address: 127.0.0.1@$dns_port
	  username: ""
	  chroot: ""
	  zonesdir: "$work"
	  database: ""
	  pidfile: "$work/nsd.pid"
	  logfile: "$work/nsd.log"
	  xfrdfile: "$work/xfrd"
	  zonelistfile: "$work/zone.list"
	  xfrdir: "$work"
	remote-control:
	  control-enable: no
	zone:
	  name: postfix.test
	  zonefile: postfix.test.signed
	END
	nsd -c "$work/nsd.conf" || return 1
	wait_for test -s "$work/nsd.pid"
}

start_postfix() {
	mta_main_cf
	echo "me@postfix.test local" >"$mta/etc/mailboxes"
	echo "127.0.0.3 554 5.7.1 Service unavailable; Client host [127.0.0.3] blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/127.0.0.3" >"$mta/etc/clients"
	cat >>"$mta/etc/main.cf" <<-END
	myhostname = mx.postfix.test
	mydestination = postfix.test
	mynetworks =
	local_recipient_maps = texthash:$mta/etc/mailboxes
	smtpd_client_restrictions = check_client_access texthash:$mta/etc/clients
	smtpd_recipient_restrictions = reject_unauth_destination
	END
	{
		echo "127.0.0.9:$smtp_port inet n - n - - smtpd"
		echo "qmgr unix n - n 300 1 qmgr"
		mta_services
	} >"$mta/etc/master.cf"
	mta_begin "$smtp_port"
}

smtp_port=$(mta_free_port 2)
start_dns || { not_ok "NSD starts" "$(cat "$work/sign.log" "$work/nsd.log" 2>/dev/null)"; finish; }
start_postfix || { not_ok "Postfix starts" "$(cat "$mta/start.log" "$mta/log" 2>/dev/null)"; finish; }
ok "NSD and Postfix start"

probe() {
	"$mxprobe" check --ca-file "$pki/ca.pem" --dns-server "127.0.0.1@$dns_port" --port "$smtp_port" \
		--to postfix.test --mail-from probe@example.jp --format json "$@" 2>"$work/stderr"
}

# expect NAME FILTER: the jq filter holds for $json.
expect() {
	if [ -n "$json" ] && printf '%s' "$json" | jq -e "$2" >/dev/null 2>&1; then
		ok "$1"
	else
		not_ok "$1" "not true: $2
$json
$(cat "$work/stderr")"
	fi
}

expect_status() {
	if [ "$1" -eq "$2" ]; then ok "exit status $2: $3"; else not_ok "exit status $2: $3" "was $1"; fi
}

json=$(probe --source 127.0.0.2 --rcpt me@postfix.test)
expect_status $? 0 "accepted"
expect "accepted up to RCPT" '.verdict == "accepted" and .reached == "rcpt" and .depth == "rcpt"'
expect "found through DNS" '.mx.host == "mx.postfix.test" and .mx.address == "127.0.0.9" and .mx.preference == 10'
expect "real codes at each stage" '[.stages[] | select(.code) | [.stage, .code]] | .[0] == ["banner", 220] and (map(.[0]) | index("mail") and index("rcpt")) and all(.[]; .[1] < 400)'
expect "real times" 'all(.stages[]; .ms >= 0 and .ms < 20000) and ([.transcript[].t] | . == sort)'
expect "TLS facts" '.tls.version == "TLSv1.3" and .tls.verified and (.tls.names | index("*.postfix.test")) and (.tls.not_after | type == "string")'
expect "the mailbox was asked for" '.rcpt == "me@postfix.test"'

json=$(probe --source 127.0.0.3 --rcpt me@postfix.test)
expect_status $? 1 "blocked"
expect "blocked, by whose list, about which address" '.verdict == "blocked" and .finding.category == "blocklist_dnsbl" and (.finding.list | test("Spamhaus")) and .finding.listed_value == "127.0.0.3" and .finding.code == 554 and .finding.stage == "rcpt"'

json=$(probe --source 127.0.0.2 --rcpt nobody@postfix.test)
expect_status $? 2 "recipient refused"
expect "only the recipient was refused" '.verdict == "recipient" and .finding.category == "recipient_unknown" and .finding.code == 550'

json=$(probe --source 127.0.0.2 --rcpt me@postfix.test --tls none)
expect "without TLS where it is not wanted" '.verdict == "accepted" and .tls.version == null'

json=$(probe --source 127.0.0.2 --rcpt me@postfix.test --tls require)
expect "TLS required and verified" '.verdict == "accepted" and .tls.verified'

json=$(probe --source 127.0.0.2 --rcpt me@postfix.test --trust-anchor "$work/anchor")
expect "DANE, and days left" '.verdict == "accepted" and .mx.dnssec and .tls.dane == "valid" and .tls.mta_sts == "none" and .tls.days_left > 300'

json=$(probe --source 127.0.0.2 --rcpt me@postfix.test --tls require --trust-anchor "$work/anchor" --ca-file "$pki/self-signed.pem")
expect "TLS required and verified by DANE alone" '.verdict == "accepted" and (.tls.verified | not) and .tls.dane == "valid"'

json=$(probe --source 127.0.0.2 --rcpt me@postfix.test --tls require --ca-file "$pki/self-signed.pem")
expect_status $? 3 "TLS required and not verified"
expect "it stops there, with QUIT" '.verdict == "broken" and .tls.verified == false and (.tls.reason | length > 0) and ([.transcript[] | select(.from == "client").line] | last == "QUIT" and (map(test("^MAIL")) | any | not))'

wait_for sh -c "[ \$(grep -c 'disconnect from' '$mta/log') -ge 8 ]"
sessions=$(grep -o 'disconnect from.*' "$mta/log")
if [ "$(printf '%s\n' "$sessions" | sed -n 1p | grep -c 'ehlo=2 starttls=1 mail=1 rcpt=1 rset=1 quit=1 commands=7')" -eq 1 ]; then
	ok "Postfix saw ehlo, mail, rcpt, quit"
else
	not_ok "Postfix saw ehlo, mail, rcpt, quit" "$sessions"
fi
if printf '%s\n' "$sessions" | grep -qE 'data=|bdat=|vrfy=|expn=|unknown='; then
	not_ok "Postfix never saw DATA" "$sessions"
else
	ok "Postfix never saw DATA"
fi
if [ "$(printf '%s\n' "$sessions" | grep -c 'quit=1')" -eq "$(printf '%s\n' "$sessions" | wc -l)" ]; then
	ok "QUIT in every session, refused or not"
else
	not_ok "QUIT in every session, refused or not" "$sessions"
fi
if grep -qE 'lost connection|improper command pipelining|timeout after' "$mta/log"; then
	not_ok "Postfix has nothing to complain about" "$(grep -E 'lost connection|pipelining|timeout after' "$mta/log")"
else
	ok "Postfix has nothing to complain about"
fi
finish
