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

1 result: 1 accepted" "$status|$err|$out"

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
