#!/bin/sh
# nsd-dnssec.sh - what mxprobe's resolver says of DNSSEC, against a real name server (NSD) with
# really signed zones. Prints TAP.
#
# usage: tests/dns/nsd-dnssec.sh [ASK-PROGRAM]
# Needs nsd and ldnsutils. Runs as anybody, on one loopback address of its own.

set -u
ask=${1:-tests/dns/ask}
PATH=$PATH:/usr/sbin:/sbin
for tool in nsd ldns-keygen ldns-signzone; do
	command -v "$tool" >/dev/null && continue
	echo "1..0 # SKIP $tool is missing (Debian: nsd, ldnsutils): DNSSEC IS NOT TESTED"
	exit 0
done

work=$(mktemp -d "${TMPDIR:-/tmp}/nsd-dnssec.XXXXXX") || exit 1
nsd_pid=
clean_up() {
	[ -z "$nsd_pid" ] || { kill "$nsd_pid" && wait "$nsd_pid"; } 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

count=0
status=0
# is CLAIM EXPECTED ACTUAL
is() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf 'expected: %s\ngot: %s\n' "$2" "$3" | sed 's/^/# /'
		status=1
	fi
}

give_up() {
	echo "Bail out! $1"
	[ ! -f "$work/log" ] || sed 's/^/# /' "$work/log"
	exit 1
}

# ---- zones ----------------------------------------------------------------------------------

# zone ORIGIN NAME-SERVER: the zone's records come on stdin.
zone() {
	{
		echo "\$ORIGIN $1"
		echo "\$TTL 300"
		echo "@ SOA $2 hostmaster.$2 1 3600 600 86400 300"
		echo "@ NS $2"
		cat
	} >"$work/${1}zone"
}

# sign ORIGIN [OPTIONS OF ldns-signzone]: leaves ORIGIN.zone.signed and ORIGIN.ds
sign() {
	origin=$1
	shift
	(
		cd "$work" || exit 1
		key=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k "$origin") &&
			ldns-signzone "$@" -f "${origin}zone.signed" "${origin}zone" "$key" &&
			mv "$key.ds" "${origin}ds"
	) >>"$work/log" 2>&1 || give_up "cannot sign $origin"
}

host_records() {
	echo "@ MX 10 mx"
	echo "mx A 192.0.2.1"
	echo "_25._tcp.mx TLSA 3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
}

host_records | zone secure.test. mx.secure.test.
host_records | zone forged.test. mx.forged.test.
host_records | zone expired.test. mx.expired.test.
host_records | zone plain.test. mx.plain.test.
{
	echo "host.lab. A 192.0.2.50"
	echo "ns.lab. A 127.0.0.1"
} | zone . ns.lab.

sign secure.test.
sign forged.test.
sign expired.test. -i 20200101000000 -e 20200201000000
sign .
# Somebody on the way changes an address, and cannot sign it.
sed -i '/^mx\.forged\.test\..*[[:space:]]A[[:space:]]/s/192\.0\.2\.1/192.0.2.66/' \
	"$work/forged.test.zone.signed"
grep -q '192\.0\.2\.66' "$work/forged.test.zone.signed" || give_up "forged.test is genuine"
(
	cd "$work" && key=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k .) &&
		mv "$key.ds" other-root.ds
) >>"$work/log" 2>&1 || give_up "cannot make another key for the root"
cat "$work/secure.test.ds" "$work/forged.test.ds" "$work/expired.test.ds" >"$work/anchors"

# ---- the server -----------------------------------------------------------------------------

# An address nobody else will have, so that the port need not be searched.
address=$(od -An -N3 -tu1 /dev/urandom | awk '{ printf "127.%d.%d.%d", 1 + $1 % 254, $2, 1 + $3 % 254 }')
server=$address@53530
{
	echo "server:"
	echo "  ip-address: $server"
	echo "  username: \"\""
	echo "  zonesdir: \"$work\""
	for file in pidfile xfrdfile zonelistfile; do echo "  $file: \"$work/$file\""; done
	echo "  xfrdir: \"$work\""
	echo "  database: \"\""
	echo "remote-control:"
	echo "  control-enable: no"
	for origin in secure.test. forged.test. expired.test. .; do
		printf 'zone:\n  name: "%s"\n  zonefile: "%szone.signed"\n' "$origin" "$origin"
	done
	printf 'zone:\n  name: "plain.test."\n  zonefile: "plain.test.zone"\n'
} >"$work/nsd.conf"
nsd -d -c "$work/nsd.conf" >>"$work/log" 2>&1 &
nsd_pid=$!
tries=0
until "$ask" "$server" none - plain.test. MX 2>/dev/null | grep -q '^ok'; do
	tries=$((tries + 1))
	[ $tries -lt 50 ] && kill -0 "$nsd_pid" 2>/dev/null || give_up "NSD does not answer"
	sleep 0.1
done

# ---- claims ---------------------------------------------------------------------------------

# answer HOW FILE NAME TYPE: the first line of what ask says
answer() { "$ask" "$server" "$@" 2>>"$work/log" | head -n 1; }
reason() { "$ask" "$server" "$@" 2>>"$work/log" | sed -n 2p; }

is "a signed MX is secure" "ok secure 1" "$(answer anchor "$work/anchors" secure.test MX)"
is "a signed address is secure" "ok secure 1" "$(answer anchor "$work/anchors" mx.secure.test A)"
is "a signed TLSA is secure" "ok secure 1" \
	"$(answer anchor "$work/anchors" _25._tcp.mx.secure.test TLSA)"
is "that a name does not exist is secure" "nxdomain secure 0" \
	"$(answer anchor "$work/anchors" nowhere.secure.test A)"
is "that there is no such record is secure" "nodata secure 0" \
	"$(answer anchor "$work/anchors" mx.secure.test AAAA)"
is "an unsigned zone is insecure" "ok insecure 1" "$(answer anchor "$work/anchors" plain.test MX)"
is "a forged address is bogus, and not shown" "bogus unknown 0" \
	"$(answer anchor "$work/anchors" mx.forged.test A)"
is "what was not forged in that zone is secure" "ok secure 1" \
	"$(answer anchor "$work/anchors" forged.test MX)"
is "an expired signature is bogus" "bogus unknown 0" \
	"$(answer anchor "$work/anchors" expired.test MX)"
case $(reason anchor "$work/anchors" mx.forged.test A) in
*"signature"*) found=signature ;;
*) found=$(reason anchor "$work/anchors" mx.forged.test A) ;;
esac
is "why it is bogus is told" signature "$found"

is "through a forwarder with other keys for the root nothing is validated" "ok unknown 1" \
	"$(answer root "$work/other-root.ds" host.lab A)"
is "the root's keys through the forwarder turn validation on" "ok secure 1" \
	"$(answer root "$work/.ds" host.lab A)"
is "and then a missing name is missing for sure" "nxdomain secure 0" \
	"$(answer root "$work/.ds" nowhere.lab A)"
is "while test. of the forwarder's own is no forgery" "ok insecure 1" \
	"$(answer root "$work/.ds" plain.test MX)"
is "no sanitizer has found anything" "" "$(grep -E 'Sanitizer|runtime error' "$work/log")"
echo "1..$count"
exit $status
