#!/bin/sh
# classify.sh - replies from files: every form of input, order and ids kept, hostile bytes, flat memory.
. "$(dirname "$0")/lib.sh"

# classify ARGUMENT...: as run, with $work/in on standard input.
classify() {
	timeout 60 "$mxprobe" classify "$@" <"$work/in" >"$work/out" 2>"$work/err"
	status=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

input() {
	printf "$@" >"$work/in"
}

# ---- what is printed --------------------------------------------------------------------------
input '550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org\n'
classify --format json
same 'json: all members, in the order of the contract' \
	'0||id text stage code enhanced category about permanence authority list provider_code listed_value delist_url retry_after_s query_error rule confidence candidates remedy verdict provider' \
	"$status|$err|$(printf '%s' "$out" | grep -o '"[a-z_]*":' | tr -d '":' | tr '\n' ' ' | sed 's/ $//')"
case $out in
'{"id":1,"text":"550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org","stage":null,"code":550,"enhanced":"5.7.1","category":"blocklist_dnsbl","about":"sender_ip","permanence":"permanent","authority":"Spamhaus","list":"Spamhaus ZEN",'*) ok 'json: the values' ;;
*) not_ok 'json: the values' "$out" ;;
esac
classify --stage rcpt
same 'table: one block for one reply' \
	'0|blocked      blocklist_dnsbl|             550 5.7.1 in reply to RCPT TO' \
	"$status|$(printf '%s\n' "$out" | sed -n 1p)|$(printf '%s\n' "$out" | sed -n 2p)"

{
	for i in $(seq 30); do echo "550 5.1.1 <user$i@example.com>: no such user"; done
	echo '554 5.7.1 Client host [192.0.2.1] blocked using bl.spamcop.net'
	echo '550 quux'
} >"$work/in"
classify
same 'table: of many replies only how many there were of what' \
	'1|32 replies, 1 unknown  REPLIES CATEGORY 30 recipient_unknown 1 blocklist_dnsbl 1 unknown  REPLIES LIST 1 SpamCop SCBL  --format json shows every reply. ' \
	"$status|$(printf '%s\n' "$out" | sed 's/^ *//; s/  */ /g' | tr '\n' ' ')"

# ---- multi-line, context ----------------------------------------------------------------------
input '550-5.7.1 Our system has detected\n550 5.7.1 that you are on bl.spamcop.net\n550 5.1.1 no such user\n'
classify --format json
same 'continuation lines are one reply' '1 3 ' \
	"$(printf '%s\n' "$out" | sed 's/^{"id":\([0-9]*\).*/\1/' | tr '\n' ' ')"
input '550 5.7.1 Message from 203.0.113.5 refused\n'
classify --format json --source 203.0.113.5 --mx-host mx1.hotmail.com
same 'the MX host tells the provider' '"provider":"microsoft_consumer"' \
	"$(printf '%s' "$out" | grep -o '"provider":"[a-z_]*"')"
refuses 64 'mxprobe: --source: "mail.example" is not an IP address' classify --source mail.example
refuses 64 'mxprobe: --provider: no provider of that id (did you mean yahoo?); see mxprobe rules list' \
	classify --provider yaho
refuses 64 'mxprobe: --input: "mbox" is not one of auto, bare, ndjson, log, bounce' classify --input mbox
refuses 4 "mxprobe: cannot open $work/none: No such file or directory" classify --format json "$work/none"

# ---- NDJSON -----------------------------------------------------------------------------------
ids() {
	printf '%s\n' "$out" | sed 's/^{"id":\(.*\),"text":.*/\1/' | tr '\n' ' '
}
input '{"text":"550 5.1.1 no such user","id":"b"}\n\n{"id":2,"text":"","stage":"rcpt"}\n{"id":null,"text":"421 4.7.0 too many connections"}\n{"id":{"a":[1,2.5]},"text":"x"}\n{"text":"552 mailbox full"}\n{"id":"\\u00e9\\n","text":"550 5.1.1 no such user","other":[1]}'
classify --format json
same 'ndjson: ids of any type, in order' '1||"b" 2 null {"a":[1,2.5]} null "\u00E9\n" ' "$status|$err|$(ids)"
input '{"id":1,"text":"550 5.1.1 no such user"}\n{"id":2,"text":7}\nnonsense\n{"id":3}\n[1]\n{"id":4,"text":"x","stage":"nowhere"}\n{"id":5,"text":"x","source":"me"}\n{"id":6,"text":"\xff"}\n{"id":7,"text":"550 5.1.1 no such user"}\n'
classify --format json
same 'ndjson: the other lines still count' '65|1 7 ' "$status|$(ids)"
same 'ndjson: each bad line is named' \
	'2: "text" is not a string|3: |4: there is no "text"|5: not a JSON object|6: "stage": "nowhere" is no stage|7: "source": "me" is no IP address|8: ' \
	"$(printf '%s\n' "$err" | sed 's/^mxprobe: standard input://; s/ not JSON.*/ /' | paste -sd'|')"
input '{"id":1,"id":2,"text":"550 5.1.1 no such user"}\n{"id":"a\\/b","text":"550 5.1.1 no such user","n":1.5}\n{"id":3,"t\\u0065xt":"550 5.1.1 no such user"}\n{"id":007,"text":"x"}\n{"id":9,"text":"x",}\n{"id":0,"text":"x"} x\n'
classify --format json
same 'ndjson: plain and difficult lines are read alike' '65|2 "a/b" 3 |4: 5: 6: ' \
	"$status|$(ids)|$(printf '%s\n' "$err" | sed 's/^mxprobe: standard input:\([0-9]*\):.*/\1:/' | tr '\n' ' ')"
input '{"id":1,"text":"mail 550 5.7.1 x","stage":"post-data"}\n'
classify --format json
same 'ndjson: stages as people call them' '"stage":"eod"' "$(printf '%s' "$out" | grep -o '"stage":"[a-z]*"')"

# ---- hostile input ----------------------------------------------------------------------------
{
	printf '550 5.7.1 '
	head -c 10000000 /dev/zero | tr '\0' 'A'
	printf '\n550 5.1.1 no such user\n'
} >"$work/in"
classify --format json --input bare
same 'a line of 10 MB: the next one still counts' '"recipient_unknown"' \
	"$(tail -n 1 "$work/out" | grep -o '"recipient_unknown"' | head -n 1)"
{
	printf '{"id":1,"text":"'
	head -c 20000000 /dev/zero | tr '\0' 'A'
	printf '"}\n{"id":2,"text":"550 5.1.1 no such user"}\n'
} >"$work/in"
classify --format json
same 'ndjson: a line of 20 MB is refused by number, the next one counts' \
	'65|mxprobe: standard input:1: longer than 16 MiB, so it is no reply|2 ' "$status|$err|$(ids)"
input '550 5.1.1 no such\0user\n550 5.1.1 \377\376 no such user\n550 5.1.1 \033[2J no such user\n'
classify --format json --input bare
same 'NUL, bytes that are no UTF-8, escapes: three answers in plain ASCII' '3|0' \
	"$(printf '%s\n' "$out" | grep -c '"recipient_unknown"')|$(LC_ALL=C tr -d '[:print:]\n' <"$work/out" | wc -c)"
classify --input bare
same 'nor does the table steer a terminal' 0 "$(LC_ALL=C.UTF-8 tr -d '[:print:]\n' <"$work/out" | tr -d '\200-\377' | wc -c)"
: >"$work/in"
classify --format json
same 'no input, no answer' '0||' "$status|$out|$err"

# ---- unknown replies, to be sent in -----------------------------------------------------------
cat >"$work/in" <<'END'
550 zork <john.doe@example.com> frob 192.0.2.17 at mail.secret.example (id 4fK2x9Zq-0001)
550 zork <jane@example.org> frob 2001:db8::1 at mx.other.example (id 9aa0)
550 zorkmid frobs "jdoe" see https://user:pw@secret.example/?who=john for x=john;
550 zorkmid to=<john@secret.example> client=host.secret.example[192.0.2.9]:25 SRS0=Ab1=john=secret
END
classify --format json --unknown-out "$work/unknown"
same 'unknown: same wording is counted once, most frequent first' \
	'1|2	550 zork <addr> frob <ip> at <domain> (id <id>)' "$status|$(head -n 1 "$work/unknown")"
leaks=$(grep -iE 'john|jane|jdoe|doe|secret|example|192\.0|2001|4fk2|pw@' "$work/unknown")
same 'unknown: nothing personal survives' '' "$leaks"
same 'unknown: the wording does' 3 "$(grep -c zork "$work/unknown")"

# ---- who asks through a pipe is answered before asking again --------------------------------------
mkfifo "$work/ask" "$work/answer"
"$mxprobe" classify --format json <"$work/ask" >"$work/answer" &
exec 3>"$work/ask"
echo '{"id":"first","text":"550 5.1.1 no such user"}' >&3
answer=$(timeout 60 head -n 1 "$work/answer")
exec 3>&-
wait $!
same 'ndjson: the answer comes while the input is open' '{"id":"first",' "$(echo "$answer" | cut -c1-14)"

# ---- memory does not grow with the input ------------------------------------------------------
# Peak resident size of ten times the input, against that of the input.
peak() {
	/usr/bin/time -f %M "$mxprobe" classify --format "$1" "$work/in" 2>&1 >/dev/null | tail -n 1
}
many() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "{\"id\":%d,\"text\":\"550 5.7.1 <u%d@example.com>: Client host [192.0.2.%d] blocked using zen.spamhaus.org\"}\n", i, i, i % 250 }' >"$work/in"
}
if grep -q __asan_init "$mxprobe"; then
	skip 'memory is flat' 'the address sanitizer keeps freed memory'
elif [ -x /usr/bin/time ]; then
	for format in json table; do
		many 8000
		small=$(peak $format)
		many 80000
		large=$(peak $format)
		if [ "$large" -lt $((small + small / 4)) ]; then
			ok "memory is flat ($format)"
		else
			not_ok "memory is flat ($format)" "$small KiB for 8000 replies, $large KiB for 80000"
		fi
	done
else
	skip 'memory is flat' 'time(1) is not installed'
fi
finish
