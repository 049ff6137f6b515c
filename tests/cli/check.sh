#!/bin/sh
# check.sh - `mxprobe check` as a user meets it: tables, dialogue, quiet, Nagios, configuration.
. "$(dirname "$0")/lib.sh"
scenarios=$source_dir/scenarios

# play FILE ARGUMENT...: plays a scenario and checks it; ports are gone from $out and $err.
play() {
	file=$scenarios/$1
	shift
	timeout 120 "$mxprobe" scenario play "$file" -- sh -c '
		mxprobe=$1; out=$2; err=$3
		shift 3
		"$mxprobe" "$@" --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" >"$out" 2>"$err"
		echo $? >"$out.status"
		sed -i "s/:$MXPROBE_PLAY_PORT//g" "$out"' \
		sh "$mxprobe" "$work/out" "$work/err" "$@" >"$work/play" 2>&1 </dev/null
	status=$(cat "$work/out.status")
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}
who='--source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp'

play accept/plain.yaml check $who --to example.test --rcpt me@example.test
same 'an accepted row says how little that may prove' "0||VERDICT      SOURCE     DESTINATION   MX
accepted     127.0.0.2  example.test  mx1.example.test 127.0.1.1
             up to RCPT TO; content, DKIM and DMARC are judged after DATA

Not in order about who we are:
127.0.0.2, HELO mail.example.jp, sender <probe@example.jp>
  fail     ptr            no PTR record at 2.0.0.127.in-addr.arpa
  fail     fcrdns         no PTR name to follow
  fail     helo_resolves  mail.example.jp: no such domain (NXDOMAIN)
  warn     helo_ptr       there is no PTR name to compare with
  fail     sender_domain  example.jp: no such domain (NXDOMAIN)
  warn     spf_mail_from  none: example.jp has no SPF record: no such domain
                          (NXDOMAIN)
  warn     spf_helo       none: mail.example.jp has no SPF record: no such
                          domain (NXDOMAIN)
  warn     dmarc          no DMARC record up to _dmarc.example.jp
mxprobe preflight says what to change.

1 result: 1 accepted" "$status|$err|$out"

play identity/gmail-no-ptr-spf-fails.yaml check $who --to gmail.com
printf '%s\n' "$out" >"$work/blind"
same 'accepted where identity is judged later: how it stands, in the row and below' '0|1|1|1|1' \
	"$status|$(grep -c 'judged at end of DATA' "$work/blind")|$(
		grep -c '^             identity fail: ptr, fcrdns, spf_mail_from, spf_helo; warn:$' "$work/blind")|$(
		grep -c '^  fail     ptr            no PTR record at 2.0.0.127.in-addr.arpa$' "$work/blind")|$(
		grep -c '^  fail     spf_mail_from  fail: example.jp TXT "v=spf1 ip4:203.0.113.5 -all"$' "$work/blind")"

play blocklist/outlook-s3140.yaml check $who --to outlook.com
same 'a blocked row: status' 1 "$status"
for line in 'blocked      127.0.0.2  outlook.com  outlook-com.olc.protection.outlook.com' \
	'             550 5.7.1 in reply to MAIL FROM (S3140)' \
	'             list     Outlook.com block list, kept by Microsoft, names 127.0.0.2' \
	'             rule     microsoft.s3140 (99 % sure)' \
	'1 result: 1 blocked' 'What to do next:'; do
	printf '%s\n' "$out" | grep -qxF -- "$line"
	same "a blocked row: $line" 0 $?
done
same 'a blocked row fits 80 columns' '' "$(printf '%s\n' "$out" | grep -E '^.{81,}' | grep -v https://)"

play blocklist/outlook-s3140.yaml check $who --to outlook.com -q
same 'quiet is rows only' '1||3' "$status|$err|$(printf '%s\n' "$out" | wc -l)"

play accept/plain.yaml -v check $who --to example.test --rcpt me@example.test
same 'the dialogue goes to stderr, the mailbox stays hidden' \
	'-- connected|S: 220|C: EHLO mail.example.jp|C: MAIL FROM:<probe@example.jp>|C: RCPT TO:<***@example.test>|C: QUIT|' \
	"$(printf '%s\n' "$err" | grep -oE -- '(-- connected|S: 220|C: (EHLO|MAIL|RCPT|QUIT).*)' | tr '\n' '|')"
play accept/plain.yaml check -vv $who --to example.test --rcpt me@example.test
printf '%s\n' "$err" | grep -qF 'C: RCPT TO:<me@example.test>'
same 'asked twice, it is shown' 0 $?

play blocklist/outlook-s3140.yaml check $who --to outlook.com --format nagios
same 'nagios: status and first line' '2|MXPROBE CRITICAL - blocked at 1 of 1 ' \
	"$status|$(printf '%s\n' "$out" | sed -n '1s/|.*//p')"
play accept/plain.yaml check $who --to example.test --rcpt me@example.test --format nagios
same 'nagios: accepted is OK' '0|MXPROBE OK - accepted at 1 of 1 |1' \
	"$status|$(printf '%s\n' "$out" | sed -n '1s/|.*//p')|$(printf '%s\n' "$out" | wc -l)"

play paths/blocked-at-two-of-four.yaml check $who --to example.test --mx all
printf '%s\n' "$out" | grep -qxF '             = example.test from 127.0.0.2: blocked at 2 of 4 addresses'
same 'every address: the pair in one line' '1|0' "$status|$?"
play paths/blocked-at-two-of-four.yaml check $who --to example.test --mx all --format nagios
same 'nagios: the pair in one line' \
	'2|MXPROBE CRITICAL - blocked at 2 of 4 |example.test from 127.0.0.2: blocked at 2 of 4 addresses' \
	"$status|$(printf '%s\n' "$out" | sed -n '1s/|.*//p;2p' | tr '\n' '|' | sed 's/|$//')"
play paths/control-fails-alike.yaml check $who --to example.test --control 127.0.1.9 --format nagios
printf '%s\n' "$out" | grep -qE 'the connection was refused; port [0-9]+ closed on our side: the control 127.0.1.9 fails alike$'
same 'nagios: a closed port of ours is told' '3|0' "$status|$?"
play paths/eight-of-ten.yaml check $who --to example.test --mx all
printf '%s\n' "$out" | sed -n 's/^ *= //p' | grep -qxF 'example.test from 127.0.0.2: accepted at 8 of the 8 addresses'
same 'every address that a visit takes: the pair in one line' '0|0' "$status|$?"
play identity/nat-seen.yaml check $who --to example.test
printf '%s\n' "$out" | grep -qxF '             source   the server saw 198.51.100.77, not 127.0.0.2'
same 'another address seen: said' '3|0' "$status|$?"
play identity/nat-seen.yaml check $who --to example.test --seen-as 198.51.100.77
printf '%s\n' "$out" | grep -qxF \
	'             source   the server saw 198.51.100.77, as declared for 127.0.0.2'
same 'a declared address seen: said, and the verdict stands' '0|0' "$status|$?"

# ---- what the system gives us ---------------------------------------------------------------
# with SETUP FILE ARGUMENT...: as play, the shell having done SETUP before.
with() {
	setup=$1 file=$scenarios/$2
	shift 2
	timeout 120 "$mxprobe" scenario play "$file" -- sh -c '
		mxprobe=$1; out=$2; err=$3; setup=$4
		shift 4
		eval "exec \"\$mxprobe\" \"\$@\" --dns-server $MXPROBE_PLAY_DNS --port $MXPROBE_PLAY_PORT $setup"' \
		sh "$mxprobe" "$work/out" "$work/err" "$setup" "$@" >"$work/play" 2>&1 </dev/null
	status=$?
}
with '>&- 2>"$err"' accept/plain.yaml check $who --to example.test --format json
same 'a closed standard output is never a socket' \
	'4|mxprobe: the results could not be written: Bad file descriptor' "$status|$(cat "$work/err")"
awk 'BEGIN { for (i = 1; i <= 300; i++) print "d" i ".test" }' >"$work/destinations"
(
	ulimit -n 128
	with '>"$out" 2>"$err"' accept/plain.yaml check --helo mail.example.jp --source 127.3.0.0/26 \
		--depth banner --to example.test @"$work/destinations" --format json
)
same 'few descriptors: lookups and visits wait, nobody is blamed' '64 accepted|19200 NXDOMAIN|0 else' \
	"$(grep -c '"verdict":"accepted"' "$work/out") accepted|$(
		grep -c '"text":"no such domain (NXDOMAIN)"' "$work/out") NXDOMAIN|$(
		grep -cvE '"verdict":"accepted"|NXDOMAIN' "$work/out") else"

# Stopped while one session waits for its greeting, another for its turn, and a third for that.
cat >"$work/silent.yaml" <<'YAML'
about: silence
zone:
  - {name: a.test, type: MX, data: 10 mx1.provider.test}
  - {name: b.test, type: MX, data: 10 mx2.provider.test}
  - {name: c.test, type: MX, data: 10 mx2.provider.test}
  - {name: mx1.provider.test, type: A, data: 127.0.1.1}
  - {name: mx2.provider.test, type: A, data: 127.0.1.2}
servers:
  - address: 127.0.1.1
    replies: [{command: CONNECT, then: hang}]
  - address: 127.0.1.2
YAML
timeout 60 "$mxprobe" scenario play "$work/silent.yaml" -- sh -c '
	"$1" check $3 -v --to a.test b.test c.test --format json --dns-server "$MXPROBE_PLAY_DNS" \
		--port "$MXPROBE_PLAY_PORT" >"$2/out" 2>"$2/err" &
	while ! grep -q connected "$2/err"; do sleep 0.05; done
	kill -HUP $!
	wait $!
	echo $? >"$2/status"' sh "$mxprobe" "$work" "$who" >"$work/play" 2>&1 </dev/null
same 'when the terminal goes away every row is told, and that it was us' '4|3' \
	"$(cat "$work/status")|$(grep -c '"verdict":"failed"' "$work/out")"

mkdir -p "$XDG_CONFIG_HOME/mxprobe"
cat >"$XDG_CONFIG_HOME/mxprobe/mxprobe.yaml" <<'YAML'
sources:
  - address: 127.0.0.2
    helo: mail.example.jp
mail_from: probe@example.jp
destinations: [example.test]
mailboxes: [me@example.test]
YAML
play accept/plain.yaml check --format json
same 'a configuration file is enough' '0|"127.0.0.2"|"mail.example.jp"|"me@example.test"|"accepted"' \
	"$status|$(printf '%s\n' "$out" |
		sed 's/.*"source":\([^,]*\),"helo":\([^,]*\),.*"rcpt":\([^,]*\),.*"verdict":\([^,]*\),.*/\1|\2|\3|\4/')"
play accept/plain.yaml check --source 127.0.0.3 --helo other.example.jp --format json
same 'options beat it' '"127.0.0.3"|"other.example.jp"' \
	"$(printf '%s\n' "$out" | sed 's/.*"source":\([^,]*\),"helo":\([^,]*\),.*/\1|\2/')"
finish
