#!/bin/sh
# policies.sh - DANE and MTA-STS as the real program sees them: a signed zone (NSD), a web server with
# policies, and mail exchangers (mxprobe scenario play) on loopback. Prints TAP.
#
# MTA-STS is HTTPS on port 443, so those claims need root (or a lowered
# net.ipv4.ip_unprivileged_port_start); they are skipped, loudly, elsewhere.
. "$(dirname "$0")/../cli/lib.sh"
set -u
pki=${MX_PKI:-$PWD/certs/pki}
PATH=$PATH:/usr/sbin:/sbin

skip_all() {
	echo "1..0 # SKIP $1"
	echo "SKIP: tests/tls: $1" >&2
	exit 0
}

give_up() {
	echo "Bail out! $1"
	sed 's/^/# /' "$work/log" 2>/dev/null
	exit 1
}

for tool in nsd ldns-keygen ldns-signzone openssl python3 jq ss pgrep; do
	command -v $tool >/dev/null || skip_all "$tool is missing: DANE AND MTA-STS ARE NOT TESTED"
done
pids=
clean_up() {
	for pid in $pids; do kill "$pid" && wait "$pid"; done 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT

# An address block of our own, so that ports need not be searched but for the mail exchangers'.
net=$(od -An -N2 -tu1 /dev/urandom | awk '{ printf "127.%d.%d", 1 + $1 % 254, $2 }')
dns=$net.53@53530
web=$net.80
bad_web=$net.81
smtp_port=$((20000 + ($$ * 7) % 20000))
while ss -Htln | grep -qE ":$smtp_port\b"; do smtp_port=$((smtp_port + 1)); done

# ---- zones ----------------------------------------------------------------------------------

digest() { openssl dgst -r -sha256 | cut -d ' ' -f 1; }
key_of() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | digest; }
whole() { openssl x509 -in "$1" -outform DER | digest; }
bytes_of() { openssl x509 -in "$1" -outform DER | od -An -v -tx1 | tr -d ' \n'; }

zeros=0000000000000000000000000000000000000000000000000000000000000000
good=$(key_of "$pki/good.pem")
self=$(key_of "$pki/self-signed.pem")
expired=$(key_of "$pki/expired.pem")

# destination NAME HOST-ADDRESS [TLSA-RDATA]...: a domain with one mail exchanger, mx-NAME.
destination() {
	name=$1
	echo "$name MX 10 mx-$name"
	echo "mx-$name A $2"
	shift 2
	for tlsa; do echo "_$smtp_port._tcp.mx-$name TLSA $tlsa"; done
}

# sts NAME ID-OR-TXT ADDRESS: the names of a policy.
sts() {
	echo "_mta-sts.$1 TXT \"$2\""
	echo "mta-sts.$1 A $3"
}

soa() {
	echo "\$ORIGIN $1"
	echo "\$TTL 300"
	echo "@ SOA ns hostmaster 1 3600 600 86400 300"
	echo "@ NS ns"
	echo "ns A 127.0.0.1"
}

certs=127.0.1.1   # "good" by STARTTLS
selfs=127.0.1.2   # "self-signed"
plain=127.0.1.3   # no STARTTLS
old=127.0.1.4     # "expired"
refuses=127.0.1.5 # STARTTLS is offered and refused

# A zone of its own, below a signed one, with signatures that have expired.
{
	soa _tcp.mx-late.example.test.
	echo "_$smtp_port TLSA 3 1 1 $good"
} >"$work/late.zone"

{
	soa example.test.
	destination right $certs "3 1 1 $good"
	destination wrong $certs "3 1 1 $zeros"
	destination rollover $certs "3 1 1 $zeros" "3 1 1 $good"
	destination whole $certs "3 0 1 $(whole "$pki/good.pem")"
	destination bytes $certs "3 0 0 $(bytes_of "$pki/good.pem")"
	destination ta $certs "2 1 1 $(key_of "$pki/intermediate.pem")"
	destination ta-wrong $certs "2 1 1 $(key_of "$pki/other-ca.pem")"
	destination ta-old $old "2 1 1 $(key_of "$pki/intermediate.pem")"
	destination ee-old $old "3 1 1 $expired"
	destination missing $certs
	destination unusable $certs "1 1 1 $good" "0 0 1 $(whole "$pki/ca.pem")" "3 1 9 00" "3 1 1 00"
	destination junk $certs "3 0 0 deadbeef"
	destination mixed $certs "1 1 1 $good" "3 1 1 $good"
	destination own $selfs "3 1 1 $self"
	destination own-not $selfs "3 1 1 $zeros"
	destination bare $plain "3 1 1 $good"
	destination refuses $refuses "3 1 1 $good"
	echo "late MX 10 mx-late"
	echo "mx-late A $certs"
	echo "_tcp.mx-late NS ns"
	# An alias, which RFC 2181 forbids and people have: records stand where it leads.
	echo "alias MX 10 mx-alias"
	echo "mx-alias CNAME mx-right"
	# An alias out of the signed zone: only its own records count.
	echo "leaves MX 10 mx-leaves"
	echo "mx-leaves CNAME mx.plain.test."
	echo "_$smtp_port._tcp.mx-leaves TLSA 3 1 1 $zeros"
	# MTA-STS
	for name in enforce testing off mismatch gone moved html cut big slow badcert nobody two noid; do
		destination $name $certs
	done
	destination bad-sts $plain
	for name in enforce testing off mismatch gone moved html cut big slow bad-sts; do
		sts $name "v=STSv1; id=2026112201;" "$web"
	done
	sts badcert "v=STSv1; id=1" "$bad_web"
	echo "_mta-sts.nobody TXT \"v=STSv1; id=1\""
	echo "_mta-sts.two TXT \"v=STSv1; id=1\""
	echo "_mta-sts.two TXT \"v=STSv1; id=2\""
	sts noid "v=STSv1; ident=1" "$web"
	echo "_mta-sts.missing TXT \"v=spf1 -all\""
	destination both $certs "3 1 1 $good"
	sts both "v=STSv1; id=1" "$web"
} >"$work/example.zone"
# plain_zone ID: with the id of the policy that a daemon keeps.
plain_zone() {
	soa plain.test.
	echo "@ MX 10 mx"
	echo "mx A $certs"
	echo "_$smtp_port._tcp.mx TLSA 3 1 1 $zeros"
	echo "kept MX 10 mx"
	echo "_mta-sts.kept 1 TXT \"v=STSv1; id=$1\""
	echo "mta-sts.kept A $web"
}
plain_zone 1 >"$work/plain.test.zone"
{
	soa .
	echo "nothing.invalid. A 192.0.2.1"
} >"$work/root.zone"

# sign FILE ORIGIN [OPTIONS OF ldns-signzone]
sign() {
	file=$1 origin=$2
	shift 2
	(
		cd "$work" || exit 1
		key=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k "$origin") &&
			ldns-signzone "$@" -f "$file.signed" "$file" "$key" && mv "$key.ds" "$file.ds"
	) >>"$work/log" 2>&1 || give_up "cannot sign $origin"
}
sign late.zone _tcp.mx-late.example.test. -i 20200101000000 -e 20200201000000
cat "$work/late.zone.ds" >>"$work/example.zone"
sign example.zone example.test.

# ---- servers --------------------------------------------------------------------------------

{
	echo "server:"
	echo "  ip-address: $dns"
	echo "  username: \"\""
	echo "  zonesdir: \"$work\""
	for file in pidfile xfrdfile zonelistfile; do echo "  $file: \"$work/$file\""; done
	echo "  xfrdir: \"$work\""
	echo "  database: \"\""
	echo "remote-control:"
	echo "  control-enable: no"
	for pair in example.test=example.zone.signed _tcp.mx-late.example.test=late.zone.signed \
		plain.test=plain.test.zone .=root.zone; do
		printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' "${pair%%=*}" "${pair#*=}"
	done
} >"$work/nsd.conf"
nsd -d -c "$work/nsd.conf" >>"$work/log" 2>&1 &
nsd=$!
pids="$pids $nsd"

cat >"$work/servers.yaml" <<END
about: mail exchangers with and without TLS
probe:
  to: [example.test]
zone:
  - {name: example.test, type: MX, data: 10 mx.example.test}
servers:
  - {address: $certs, tls: good}
  - {address: $selfs, tls: self-signed}
  - {address: $plain}
  - {address: $old, tls: expired}
  - {address: $refuses, tls: good, replies: [{command: STARTTLS, reply: ["454 4.7.0 not now"]}]}
END
"$mxprobe" scenario play --certs "$pki" --port "$smtp_port" "$work/servers.yaml" >"$work/play" 2>&1 &
pids="$pids $!"
wait_for grep -q '^Probe it' "$work/play" || give_up "mail exchangers don't start: $(cat "$work/play")"

# leaf NAME SAN: a certificate by the test PKI's root.
leaf() {
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=policies" \
		-keyout "$work/$1.key" -out "$work/$1.csr" 2>>"$work/log" &&
		printf 'subjectAltName = %s\nextendedKeyUsage = serverAuth\n' "$2" >"$work/$1.ext" &&
		openssl x509 -req -in "$work/$1.csr" -CA "$pki/ca.pem" -CAkey "$pki/ca.key" -days 30 \
			-set_serial "0x$(openssl rand -hex 8)" -extfile "$work/$1.ext" -out "$work/$1.pem" 2>>"$work/log" ||
		give_up "cannot make the web server's certificate"
}

# serve ADDRESS CERT: a web server there; false when the port is not for us.
serve() {
	python3 "$source_dir/tests/tls/policy-server.py" "$1:443" "$work/$2.pem" "$work/$2.key" "$work/www" \
		"$work/requests" >"$work/$2.ready" 2>>"$work/$2.log" &
	pids="$pids $!"
	wait_for grep -q -e ready -e denied "$work/$2.ready" "$work/$2.log"
	grep -q ready "$work/$2.ready"
}

# policy NAME HEAD LINE...
policy() {
	file=$work/www/mta-sts.$1.example.test
	echo "$2" >"$file"
	shift 2
	for line; do printf '%s\r\n' "$line" >>"$file"; done
}
mkdir "$work/www"
: >"$work/requests"
v="version: STSv1" age="max_age: 86400"
policy enforce "200 text/plain" "$v" "mode: enforce" "mx: mx-enforce.example.test" "$age"
policy testing "200 text/plain;charset=utf-8" "$v" "mode: testing" "mx: *.example.test" "$age"
policy off "200 text/plain" "$v" "mode: none" "$age"
policy mismatch "200 text/plain" "$v" "mode: enforce" "mx: *.mismatch.example.test" "$age"
policy bad-sts "200 text/plain" "$v" "mode: testing" "mx: elsewhere.test" "$age"
policy both "200 text/plain" "$v" "mode: enforce" "mx: elsewhere.test" "$age"
printf '%s\n' "200 text/plain" "$v" "mode: enforce" "mx: mx.plain.test" "$age" >"$work/www/mta-sts.kept.plain.test"
policy moved "302 text/plain https://mta-sts.enforce.example.test/.well-known/mta-sts.txt"
policy html "200 text/html" "$v" "mode: enforce" "mx: *.example.test" "$age"
policy cut "200 text/plain" "$v" "mode: enforce"
policy big "flood text/plain"
policy slow "hang text/plain"
names=
for name in enforce testing off mismatch gone moved html cut big slow badcert bad-sts noid both; do
	names="$names${names:+,}DNS:mta-sts.$name.example.test"
done
leaf web "$names,DNS:mta-sts.kept.plain.test"
leaf bad "DNS:www.example.test"
have_web=yes
serve "$web" web && serve "$bad_web" bad || have_web=no

probe() {
	name=$1
	shift
	timeout 60 "$mxprobe" check --ca-file "$pki/ca.pem" --dns-server "$dns" --port "$smtp_port" \
		--trust-anchor "$work/example.zone.ds" --source 127.0.0.2 --helo mail.example.jp \
		--mail-from probe@example.jp --to "$name" "$@" 2>"$work/stderr" </dev/null
	code=$?
	grep -E 'Sanitizer|runtime error' "$work/stderr" >>"$work/found"
	return $code
}
wait_for probe right.example.test --depth banner || give_up "nothing can be probed: $(cat "$work/stderr")"

# claim DESCRIPTION NAME JQ-FILTER [OPTION...]
claim() {
	description=$1 name=$2 filter=$3
	shift 3
	json=$(probe "$name" --format json "$@")
	code=$?
	if [ -n "$json" ] && printf '%s' "$json" | jq -e --argjson exit $code "$filter" >/dev/null 2>&1; then
		ok "$description"
	else
		not_ok "$description" "$filter
exit $code: $(printf '%s' "$json" | jq -c '{verdict, mx, tls, finding: .finding.text}')
$(cat "$work/stderr")"
	fi
}

# ---- DANE -----------------------------------------------------------------------------------

accepted='.verdict == "accepted" and $exit == 0'
claim "the key that the TLSA record names: valid" right.example.test \
	"$accepted and .mx.dnssec and .tls.dane == \"valid\" and (.tls.dane_reason | test(\"3 1 1\")) and .tls.verified"
claim "another key: failed, and the verdict stays" wrong.example.test \
	"$accepted and .tls.dane == \"failed\" and .tls.verified"
claim "two keys, one of them shown: valid" rollover.example.test "$accepted and .tls.dane == \"valid\""
claim "the whole certificate's digest: valid" whole.example.test \
	'.tls.dane == "valid" and (.tls.dane_reason | test("3 0 1"))'
claim "the whole certificate: valid" bytes.example.test \
	'.tls.dane == "valid" and (.tls.dane_reason | test("3 0 0"))'
claim "the key of a CA in the chain (usage 2): valid" ta.example.test \
	'.tls.dane == "valid" and (.tls.dane_reason | test("2 1 1"))'
claim "another CA: failed" ta-wrong.example.test "$accepted and .tls.dane == \"failed\""
claim "with usage 2 dates count" ta-old.example.test \
	'.tls.dane == "failed" and (.tls.dane_reason | test("expired")) and .tls.days_left < -20'
claim "with usage 3 they do not" ee-old.example.test \
	'.tls.dane == "valid" and (.tls.verified | not) and (.tls.reason | test("expired"))'
claim "no TLSA record: none" missing.example.test \
	"$accepted and .tls.dane == \"none\" and .tls.dane_reason == null and .tls.verified"
claim "signatures of the TLSA record that have expired: lookup_failed" late.example.test \
	"$accepted and .mx.dnssec and .tls.dane == \"lookup_failed\" and (.tls.dane_reason | test(\"bogus\"))"
claim "usages 0 and 1, unknown digests, short digests: unusable" unusable.example.test \
	"$accepted and .tls.dane == \"unusable\" and .tls.verified"
claim "a whole certificate that is none: unusable" junk.example.test \
	"$accepted and .tls.dane == \"unusable\" and .tls.verified"
claim "unusable records beside a usable one don't count" mixed.example.test \
	"$accepted and .tls.dane == \"valid\""
claim "a self-signed certificate may be valid" own.example.test \
	"$accepted and .tls.dane == \"valid\" and (.tls.verified | not) and (.tls.reason | test(\"self-signed\"))"
claim "a server without STARTTLS breaks the promise" bare.example.test \
	"$accepted and .tls.dane == \"failed\" and .tls.version == null and (.tls.verified | not)"
claim "and so does one that refuses it" refuses.example.test \
	"$accepted and .tls.dane == \"failed\" and (.tls.dane_reason | test(\"refuses\"))"
claim "a zone that is not signed has none" plain.test "$accepted and .mx.dnssec == false and .tls.dane == \"none\""
claim "an alias: records where it leads count" alias.example.test \
	"$accepted and .tls.dane == \"valid\" and .mx.dnssec"
claim "an alias that leaves the signed zone: its own records count" leaves.example.test \
	"$accepted and .mx.dnssec == false and .tls.dane == \"failed\""
claim "without a trust anchor that fits, unknown or none, never valid" right.example.test \
	".tls.dane == \"unknown\" or .tls.dane == \"none\"" --trust-anchor "$work/late.zone.ds"
claim "a server that the user names by address: nobody looks" right.example.test \
	"$accepted and .tls.version != null and .tls.dane == null and .tls.mta_sts == null" --server $certs
claim "a server that the user names by name has TLSA records, too" elsewhere.example.jp \
	"$accepted and .tls.dane == \"valid\"" --server mx-right.example.test

claim "required: a self-signed certificate that DANE vouches for will do" own.example.test "$accepted" --tls require
claim "required: one that it does not vouch for ends the session" own-not.example.test \
	'.verdict == "broken" and $exit == 3 and .reached == "ehlo"' --tls require
claim "required: so does one that only CAs vouch for" wrong.example.test \
	'.verdict == "broken" and .tls.verified and (.finding.text | test("TLSA"))' --tls require
claim "required: where records are unusable CAs decide" unusable.example.test "$accepted" --tls require

table=$(probe own.example.test -v 2>&1 >"$work/table"; cat "$work/stderr" "$work/table")
case $table in
*"DANE valid: TLSA 3 1 1"*"DANE     valid"*) ok "-v and the table say it, too" ;;
*) not_ok "-v and the table say it, too" "$table" ;;
esac

# ---- MTA-STS --------------------------------------------------------------------------------

claim "no record: none" right.example.test '.tls.mta_sts == "none" and .tls.mta_sts_mode == null'
claim "a record of something else: none" missing.example.test '.tls.mta_sts == "none"'
claim "two records: failed" two.example.test '.tls.mta_sts == "failed" and (.tls.mta_sts_reason | test("only one"))'
claim "a record without id: failed" noid.example.test '.tls.mta_sts == "failed" and (.tls.mta_sts_reason | test("id"))'
claim "a policy host without address: failed" nobody.example.test \
	"$accepted and .tls.mta_sts == \"failed\" and (.tls.mta_sts_reason | test(\"mta-sts.nobody\"))"
if [ -s "$work/requests" ]; then
	not_ok "and nothing was fetched for those" "$(cat "$work/requests")"
else
	ok "and nothing was fetched for those"
fi

if [ $have_web = no ]; then
	echo "SKIP: tests/tls: port 443 is not for us: MTA-STS POLICIES ARE NOT TESTED" >&2
	count=$((count + 1))
	echo "ok $count - policies by HTTPS # SKIP port 443 needs root"
else
	claim "enforce" enforce.example.test \
		"$accepted and .tls.mta_sts == \"enforce\" and .tls.mta_sts_mode == \"enforce\""
	line="127.0.0.2 mta-sts.enforce.example.test GET /.well-known/mta-sts.txt mxprobe/"
	if grep -q "^$line" "$work/requests" && [ "$(wc -l <"$work/requests")" -eq 1 ]; then
		ok "one request, from the source"
	else
		not_ok "one request, from the source" "$(cat "$work/requests")"
	fi
	claim "testing, by a wildcard" testing.example.test "$accepted and .tls.mta_sts == \"testing\""
	claim "mode none" off.example.test "$accepted and .tls.mta_sts == \"none\" and .tls.mta_sts_mode == \"none\""
	claim "a mail exchanger that is not listed: mismatch, and the verdict stays" mismatch.example.test \
		"$accepted and .tls.mta_sts == \"mismatch\" and .tls.mta_sts_mode == \"enforce\""
	claim "required: mismatch in mode enforce ends the session" mismatch.example.test \
		'.verdict == "broken" and $exit == 3 and (.finding.text | test("MTA-STS"))' --tls require
	claim "required: even where DANE is content" both.example.test \
		'.verdict == "broken" and .tls.dane == "valid"' --tls require
	claim "a server without STARTTLS shows its policy all the same" bad-sts.example.test \
		"$accepted and .tls.version == null and .tls.mta_sts == \"mismatch\" and .tls.mta_sts_mode == \"testing\""
	no_policy="$accepted and .tls.mta_sts == \"failed\" and .tls.mta_sts_mode == null"
	claim "404" gone.example.test "$no_policy and (.tls.mta_sts_reason | test(\"404\"))"
	claim "a redirect is not followed" moved.example.test "$no_policy and (.tls.mta_sts_reason | test(\"redirect\"))"
	claim "HTML is no policy" html.example.test "$no_policy and (.tls.mta_sts_reason | test(\"text/html\"))"
	claim "half a policy is none" cut.example.test "$no_policy and (.tls.mta_sts_reason | test(\"max_age\"))"
	claim "an endless policy is none" big.example.test "$no_policy and (.tls.mta_sts_reason | test(\"64 KiB\"))"
	claim "a certificate of another name" badcert.example.test \
		"$no_policy and (.tls.mta_sts_reason | test(\"certificate|SSL\"))"
	claim "a CA that nobody trusts" enforce.example.test \
		".tls.mta_sts == \"failed\" and (.tls.mta_sts_reason | test(\"certificate|SSL\"))" \
		--ca-file "$pki/other-ca.pem"
	before=$(date +%s)
	claim "a web server that never answers" slow.example.test "$no_policy and (.tls.mta_sts_reason | test(\"in time\"))"
	took=$(($(date +%s) - before))
	if [ $took -le 20 ]; then ok "delays nobody for long"; else not_ok "delays nobody for long" "$took s"; fi
	: >"$work/requests"
	probe slow.example.test --format json >/dev/null &
	probing=$!
	wait_for test -s "$work/requests"
	# probe runs in a shell of its own, which runs timeout, which hands signals on.
	pkill -INT -P "$(pgrep -P $probing timeout)" -x mxprobe 2>/dev/null || pkill -INT -P $probing timeout
	before=$(date +%s)
	wait $probing
	code=$?
	took=$(($(date +%s) - before))
	if [ $code -eq 4 ] && [ $took -le 5 ]; then
		ok "an interrupt ends the wait for a policy"
	else
		not_ok "an interrupt ends the wait for a policy" "exit $code after $took s: $(cat "$work/stderr")"
	fi
	https_proxy=http://127.0.0.1:9 export https_proxy
	claim "the environment's proxy is not asked" enforce.example.test '.tls.mta_sts == "enforce"'
	: >"$work/requests"
	probe enforce.example.test --source 127.0.0.3 --source 127.0.0.4 --format json >/dev/null
	if [ "$(wc -l <"$work/requests")" -eq 1 ]; then
		ok "three sources, one fetch"
	else
		not_ok "three sources, one fetch" "$(cat "$work/requests")"
	fi
	unset https_proxy

	# ---- a daemon keeps a policy while its id stays ----
	web_port=$((smtp_port + 1))
	while ss -Htln | grep -qE ":$web_port\b"; do web_port=$((web_port + 1)); done
	echo "sources: [{address: 127.0.0.2, helo: mail.example.jp}]" >"$work/serve.yaml"
	timeout 120 "$mxprobe" serve --config "$work/serve.yaml" --ca-file "$pki/ca.pem" --dns-server "$dns" \
		--port "$smtp_port" --trust-anchor "$work/example.zone.ds" --mail-from probe@example.jp \
		--to kept.plain.test --store "$work/serve.db" --listen "127.0.0.1:$web_port" --log logfmt 2>"$work/serve.log" &
	daemon=$!
	: >"$work/requests"
	results() {
		[ "$(grep -c ' verdict=' "$work/serve.log")" -ge "$1" ]
	}
	# ask_for NUMBER: one more session; so many have there been then.
	ask_for() {
		wait_for python3 "$source_dir/tests/cli/ask_now.py" "http://127.0.0.1:$web_port" 127.0.0.2 kept.plain.test &&
			wait_for results "$1"
	}
	ask_for 1 && ask_for 2 && ask_for 3
	fetched=$?,$(wc -l <"$work/requests")
	if [ "$fetched" = 0,1 ]; then
		ok "a daemon: three sessions, one fetch"
	else
		not_ok "a daemon: three sessions, one fetch" "$fetched $(cat "$work/serve.log")"
	fi
	plain_zone 2 >"$work/plain.test.zone"
	kill -HUP "$nsd"
	sessions=3
	until [ "$(wc -l <"$work/requests")" -ge 2 ] || [ $sessions -ge 40 ]; do
		sessions=$((sessions + 1))
		ask_for $sessions
	done
	if [ "$(wc -l <"$work/requests")" -eq 2 ]; then
		ok "and another when the id is a new one"
	else
		not_ok "and another when the id is a new one" "$(cat "$work/requests" "$work/serve.log")"
	fi
	kill $daemon && wait $daemon
	grep -E 'Sanitizer|runtime error' "$work/serve.log" >>"$work/found"
fi

if [ -s "$work/found" ]; then
	not_ok "no sanitizer has found anything" "$(cat "$work/found")"
else
	ok "no sanitizer has found anything"
fi
finish
