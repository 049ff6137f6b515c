#!/bin/sh
# rbldnsd.sh - `mxprobe preflight` against real blocklists: rbldnsd with a working zone, sub-lists,
# IPv6, names, a key, and zones that must not be believed. Prints TAP.
#
# usage: tests/dns/rbldnsd.sh
# Needs rbldnsd and jq. Runs as anybody, on one loopback address of its own.

set -u
PATH=$PATH:/usr/sbin:/sbin
for tool in rbldnsd jq; do
	command -v "$tool" >/dev/null && continue
	echo "1..0 # SKIP $tool is missing (Debian: rbldnsd, jq): BLOCKLISTS ARE NOT TESTED"
	exit 0
done
. "$(dirname "$0")/../cli/lib.sh"

rbldnsd_pid=
stop_rbldnsd() {
	[ -z "$rbldnsd_pid" ] || { kill "$rbldnsd_pid" && wait "$rbldnsd_pid"; } 2>/dev/null
	rbldnsd_pid=
}
trap 'stop_rbldnsd; rm -rf "$work"' EXIT
chmod 755 "$work" # rbldnsd started by root reads it as somebody else

# ---- the lists ------------------------------------------------------------------------------

# list FILE ANSWER REASON ENTRY...
list() {
	{
		echo ":$2:$3"
		shift 3
		printf '%s\n' "$@"
	} >"$work/$file"
}
for file in sbl xbl pbl drop v6 own dbl surbl combined refusing everything foreign empty; do
	case $file in
	sbl) list $file 127.0.0.2 'https://check.spamhaus.org/sbl/query/$' 127.0.0.2 203.0.113.5 ;;
	xbl) list $file 127.0.0.4 'https://check.spamhaus.org/query/ip/$' 203.0.113.5 ;;
	pbl) list $file 127.0.0.11 'https://check.spamhaus.org/query/ip/$' 203.0.113.6 ;;
	drop) list $file 127.0.0.99 'a code that nobody has told us of' 203.0.113.7 ;;
	v6) list $file 127.0.0.3 'CSS' ::ffff:127.0.0.2 2001:db8::5 ;;
	own) list $file 127.0.0.2 'listed since $' 127.0.0.2 203.0.113.5 ;;
	dbl) list $file 127.0.1.4 'https://check.spamhaus.org/query/domain/$' \
		dbltest.com .phish.example ;;
	surbl) list $file 127.0.0.72 'both' test.surbl.org phish.example ;;
	combined) list $file 127.0.0.12 'no PTR; asked as $' 127.0.0.2 203.0.113.5 ;;
	refusing) list $file 127.255.255.254 'Error: open resolver' 0/0 ;;
	everything) list $file 127.0.0.2 'for sale' 0/0 ;;
	foreign) list $file 198.51.100.1 'for sale' 0/0 ;;
	empty) : >"$work/$file" ;;
	esac
done

key=q7xk2v9secretkeyz4
# An address nobody else will have, so that the port need not be searched.
address=$(od -An -N3 -tu1 /dev/urandom | awk '{ printf "127.%d.%d.%d", 1 + $1 % 254, $2, 1 + $3 % 254 }')
server=$address@53530
rbldnsd -n -c 0 -w "$work" -b "$address/53530" \
	zen.spamhaus.org:ip4set:sbl zen.spamhaus.org:ip4set:xbl zen.spamhaus.org:ip4set:pbl \
	zen.spamhaus.org:ip4set:drop zen.spamhaus.org:ip6trie:v6 \
	dbl.spamhaus.org:dnset:dbl multi.surbl.org:dnset:surbl \
	$key.combined.mail.abusix.zone:ip4set:combined \
	own.test:ip4set:own names.test:dnset:dbl refusing.test:ip4trie:refusing everything.test:ip4trie:everything \
	foreign.test:ip4trie:foreign empty.test:ip4set:empty >"$work/rbldnsd.log" 2>&1 &
rbldnsd_pid=$!
tries=0
until grep -q ' started ' "$work/rbldnsd.log"; do
	tries=$((tries + 1))
	if [ $tries -gt 50 ] || ! kill -0 "$rbldnsd_pid" 2>/dev/null; then
		echo "Bail out! rbldnsd does not start"
		sed 's/^/# /' "$work/rbldnsd.log"
		exit 1
	fi
	sleep 0.1
done

# ---- five different answers -----------------------------------------------------------------

# asked FORMAT SOURCE HELO ZONE...: in $out
asked() {
	format=$1 source=$2 helo=$3
	shift 3
	for zone; do
		set -- "$@" --dnsbl "$zone"
		shift
	done
	run preflight --format "$format" --source "$source" --helo "$helo" \
		--dns-server "$server" "$@"
}

# row ZONE [NUMBER]: "RESULT FOUND" of the JSON in $out
row() {
	printf '%s\n' "$out" | jq -r --arg check "dnsbl:$1" --argjson n "${2:-0}" \
		'[.checks[] | select(.check == $check)][$n] | "\(.result) \(.found)"'
}
advice() {
	printf '%s\n' "$out" | jq -r --arg check "dnsbl:$1" \
		'.checks[] | select(.check == $check) | .advice'
}

all="zen.spamhaus.org own.test refusing.test everything.test foreign.test empty.test gone.test"
# shellcheck disable=SC2086 # a list of words
asked json 203.0.113.5 mail.example.test $all
same "listed, with both parts of ZEN" \
	"fail 127.0.0.2, 127.0.0.4 (Spamhaus SBL, XBL): https://check.spamhaus.org/sbl/query/203.0.113.5; https://check.spamhaus.org/query/ip/203.0.113.5" \
	"$(row zen.spamhaus.org)"
same "listed in a zone that nobody knows" "fail 127.0.0.2: listed since 203.0.113.5" "$(row own.test)"
same "refused" "unknown refused: 127.255.255.254 is no listing" "$(row refusing.test)"
same "poisoned" "unknown unusable for IPv4: it lists 127.0.0.1, which no list does: it lists everything" \
	"$(row everything.test)"
same "parked" "unknown unusable: it answers 198.51.100.1, outside 127.0.0.0/8, as no list does" \
	"$(row foreign.test)"
same "emptied" "unknown unusable for IPv4: its test entry 127.0.0.2 is not listed, so nothing is" \
	"$(row empty.test)"
same "without servers" \
	"unknown unusable for IPv4: no answer about its test entries: the name servers failed (SERVFAIL)" \
	"$(row gone.test)"
same "a listing fails the preflight" 1 "$status"
case $(advice refusing.test) in
*"resolver of your own"*) ok "who is refused is told what to do" ;;
*) not_ok "who is refused is told what to do" "$(advice refusing.test)" ;;
esac

# shellcheck disable=SC2086
asked json 203.0.113.9 mail.example.test $all
same "not listed" "pass not listed" "$(row zen.spamhaus.org)"
same "not listed either" "pass not listed" "$(row own.test)"
same "five answers are five texts" 5 "$(
	for zone in own.test refusing.test everything.test empty.test gone.test; do row $zone; done |
		sort -u | wc -l | tr -d ' '
)"

# shellcheck disable=SC2086
asked table 203.0.113.5 mail.example.test $all
flat=$(printf '%s' "$out" | tr -s ' \n' ' ')
for text in '(Spamhaus SBL, XBL)' 'refused: 127.255.255.254 is no listing' 'it lists everything' \
	'its test entry 127.0.0.2 is not listed' 'no answer about its test entries'; do
	case $flat in
	*"$text"*) ok "the table says: $text" ;;
	*) not_ok "the table says: $text" "$out" ;;
	esac
done

# ---- sub-lists, IPv6, names, keys -----------------------------------------------------------

asked json 203.0.113.6 mail.example.test zen.spamhaus.org
same "a policy entry is a listing" \
	"fail 127.0.0.11 (Spamhaus PBL): https://check.spamhaus.org/query/ip/203.0.113.6" \
	"$(row zen.spamhaus.org)"
case $(advice zen.spamhaus.org) in
*"No accusation"*) ok "with advice of its own" ;;
*) not_ok "with advice of its own" "$(advice zen.spamhaus.org)" ;;
esac
asked json 203.0.113.7 mail.example.test zen.spamhaus.org
same "a code that nobody knows is a listing" \
	"fail 127.0.0.99 (Spamhaus ZEN): a code that nobody has told us of" "$(row zen.spamhaus.org)"
asked json 2001:db8::5 mail.example.test zen.spamhaus.org names.test
same "IPv6 by nibbles" "fail 127.0.0.3 (Spamhaus CSS): CSS" "$(row zen.spamhaus.org)"
same "a list without IPv6 knows nothing of it" \
	"unknown unusable for IPv6: its test entry ::ffff:127.0.0.2 is not listed, so nothing is" \
	"$(row names.test)"
asked json 203.0.113.9 mail.phish.example dbl.spamhaus.org multi.surbl.org
same "the HELO name is asked where names are listed" \
	"fail mail.phish.example: 127.0.1.4 (Spamhaus DBL: phishing domain): https://check.spamhaus.org/query/domain/phish.example" \
	"$(row dbl.spamhaus.org)"
same "every bit of a sum is named" "fail phish.example: 127.0.0.72 (SURBL PH, ABUSE): both" \
	"$(row multi.surbl.org)"

cat >"$work/keys.yaml" <<EOT
dnsbl:
  zones: [combined.mail.abusix.zone]
  keys: {abusix: $key}
EOT
run preflight --config "$work/keys.yaml" --format json --source 203.0.113.5 \
	--helo mail.example.test --dns-server "$server" -v
same "a key goes in front of its zone" \
	"fail 127.0.0.12 (Abusix policy): no PTR; asked as 203.0.113.5" "$(row combined.mail.abusix.zone)"
case $out$err in
*"$key"*) not_ok "and is not shown" "$out$err" ;;
*) ok "and is not shown" ;;
esac
asked json 203.0.113.5 mail.example.test combined.mail.abusix.zone
same "without it the list is not asked" "unknown not asked: it wants the key abusix" \
	"$(row combined.mail.abusix.zone)"

stop_rbldnsd
asked json 203.0.113.5 mail.example.test zen.spamhaus.org
case $(row zen.spamhaus.org) in
"unknown unusable for IPv4: no answer about its test entries: "* | "unknown could not be asked: "*) ok "silence clears nobody" ;;
*) not_ok "silence clears nobody" "$(row zen.spamhaus.org)" ;;
esac
finish
