#!/bin/sh
# status.sh - what is remembered is shown as what it is: nothing old or unknown looks fine.
. "$(dirname "$0")/lib.sh"
remember=${MXPROBE_REMEMBER:-$PWD/tests/store/remember}
. "$source_dir/tests/cli/past.sh"

refuses_like 4 '*nowhere.db: nothing has been recorded yet*' status --store "$work/nowhere.db"
refuses_like 64 '*"x" is no address*' status --source x
refuses_like 64 '*--format*not one of table, json, nagios' status --format yaml

"$remember" "$work/empty.db" </dev/null
run status --store "$work/empty.db"
same 'an empty store' '0|Nothing is recorded.' "$status|$out"

past >"$work/past"
"$remember" "$work/past.db" <"$work/past"
run status --store "$work/past.db"
same 'a line a pair where the matrix is too wide' \
	'SOURCE      PROVIDER            STATE          FOR   ACCEPT  LAST SESSION
192.0.2.1   google              clear          3 h   1/1     3 h ago (accepted)
192.0.2.1   microsoft_consumer  blocked        2 d   1/2     6 h ago (blocked)
192.0.2.10  example.net         unknown        2 h   0/1     2 h ago (unreachable)
192.0.2.10  google              stale (clear)  30 h  1/1     30 h ago (accepted)

4 pairs: 1 clear, 1 blocked, 1 unknown, 1 stale' "$out"

COLUMNS=120
run status -q --store "$work/past.db"
same 'a matrix where it fits' \
	'SOURCE      example.net                google                             microsoft_consumer
192.0.2.1   -                          clear 3 h, 3 h ago, 1/1            blocked 2 d, 6 h ago, 1/2
192.0.2.10  unknown 2 h, 2 h ago, 0/1  stale (clear) 30 h, 30 h ago, 1/1  -' "$out"
COLUMNS=80
case $out in
*"$(printf '\033')"*) not_ok 'no colour but on a terminal' ;;
*) ok 'no colour but on a terminal' ;;
esac

for name in outlook.com hotmail.co.jp Microsoft_Consumer outlook-com.olc.protection.outlook.com; do
	run status -q --store "$work/past.db" --provider "$name"
	case $out in
	*google*) not_ok "$name is the provider's" "$out" ;;
	*'192.0.2.1   microsoft_consumer'* | *'192.0.2.1  microsoft_consumer'*) ok "$name is the provider's" ;;
	*) not_ok "$name is the provider's" "$out" ;;
	esac
done
run status -q --store "$work/past.db" --source 192.0.2.10 --provider example.net
same 'a destination that no provider claims' '192.0.2.10  example.net  unknown' \
	"$(printf '%s\n' "$out" | sed -n '2s/  2 h .*//p')"
refuses_like 64 '*"nobody.example" is neither recorded nor*' status --store "$work/past.db" -p nobody.example

if command -v jq >/dev/null; then
	run status --store "$work/past.db" --format json
	same 'an object a pair' '192.0.2.1 google clear false 1/1
192.0.2.1 microsoft_consumer blocked false 1/2
192.0.2.10 example.net unknown false 0/1
192.0.2.10 google clear true 1/1' "$(printf '%s\n' "$out" |
		jq -r '"\(.source) \(.group) \(.state) \(.stale) \(.accepting)/\(.addresses)"')"
else
	skip 'an object a pair' 'jq is not installed'
fi

# As a check of Nagios: the status line, its figures, the exit status.
# check WANTED-STATUS WANTED-FIRST-WORDS OPTION...
check() {
	wanted=$1 words=$2
	shift 2
	run status --format nagios "$@"
	case "$status|$out" in
	"$wanted|$words"*) ok "$(plain "nagios: $words")" ;;
	*) not_ok "$(plain "nagios: $words")" "$status|$out|$err" ;;
	esac
}
past_db=$work/past.db
check 2 'MXPROBE CRITICAL - 192.0.2.1 -> microsoft_consumer: blocked S3140 at mail (since 2 d) | clear=2;;;0;4 ' --store "$past_db"
same 'a line for each pair that is not well' 3 "$(printf '%s\n' "$out" | sed 1d | grep -c ' -> ')"
check 0 'MXPROBE OK - 1 of 1 pairs clear | clear=1;;;0;1 ' --store "$past_db" -s 192.0.2.1 -p google
check 0 'MXPROBE OK - ' --store "$past_db" -s 192.0.2.1 -p google -w 4h -c 1d
case $out in *' age='*'s;14400;86400;0') ok 'thresholds stand with the figures' ;; *) not_ok 'thresholds stand with the figures' "$out" ;; esac
check 1 'MXPROBE WARNING - 192.0.2.1 -> google: clear (since 3 h), not asked for too long' --store "$past_db" \
	-s 192.0.2.1 -p google -w 1h -c 4h
check 2 'MXPROBE CRITICAL - 192.0.2.1 -> google: clear (since 3 h), not asked for too long' --store "$past_db" \
	-s 192.0.2.1 -p google -w 1h -c 2h
check 3 'MXPROBE UNKNOWN - 192.0.2.10 -> google: stale, was clear (since 30 h)' --store "$past_db" -s 192.0.2.10 -p google
check 3 'MXPROBE UNKNOWN - 192.0.2.10 -> example.net: unknown, last unreachable' --store "$past_db" -p example.net
check 3 'MXPROBE UNKNOWN - nothing is recorded | ' --store "$work/empty.db"
check 3 'MXPROBE UNKNOWN - ' --store "$work/nowhere.db"
check 3 'MXPROBE UNKNOWN - --warning: "5:4" is no range' -w 5:4
ln -s "$mxprobe" "$work/check_mxprobe"
"$work/check_mxprobe" --store "$past_db" -s 192.0.2.1 -p google >"$work/out"
same 'by the name check_mxprobe' '0 MXPROBE OK' "$? $(cut -c1-10 "$work/out")"
"$work/check_mxprobe" --help >/dev/null
same 'check_mxprobe --help is no OK' 3 $?
"$work/check_mxprobe" --bogus >"$work/out" 2>&1
same 'check_mxprobe with wrong usage is UNKNOWN' 3 $?
# What a server said can't forge figures or lines.
{
	result 1 192.0.2.3 evil.test null mx.evil.test 198.51.100.7 blocked \
		'{"stage":"mail","code":550,"enhanced":null,"category":"blocklist_own","about":"sender_ip","permanence":"permanent","authority":null,"list":null,"provider_code":null,"listed_value":null,"delist_url":null,"rule":"x","remedy":null,"confidence":0.9,"text":"no | clear=9 \u001b[31m\nMXPROBE OK - fine"}'
} | "$remember" "$work/evil.db"
run status --format nagios --store "$work/evil.db"
same 'remote text stays text' '2 1 2' "$status $(printf '%s' "$out" | grep -o '|' | wc -l) $(printf '%s\n' "$out" | wc -l)"

printf 'not a database, by any means' >"$work/broken.db"
run status --store "$work/broken.db"
same 'a file that is no store' 4 "$status"
finish
