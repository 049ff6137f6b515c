#!/bin/sh
# history.sh - the past as bars, lines, JSON and CSV; remote text cannot leave its field.
. "$(dirname "$0")/lib.sh"
remember=${MXPROBE_REMEMBER:-$PWD/tests/store/remember}
. "$source_dir/tests/cli/past.sh"

refuses_like 4 '*nowhere.db: nothing has been recorded yet*' history --store "$work/nowhere.db"
refuses_like 64 '*--transcript goes with --format json only' history --transcript
for when in 7 7x 2026-13-01 2026-11-01T 2026-11-01T10:00:00+9 \
	2026-11-01T10:00:00+-9:00 yesterday; do
	refuses_like 64 '*is neither a span*nor a time*' history --since $when
done

past >"$work/past"
"$remember" "$work/past.db" <"$work/past"
store="$work/past.db"

run history --store "$store" --source 192.0.2.1 --to outlook.com
case $out in
"192.0.2.1 at microsoft_consumer: blocked since "*", 16 sessions"*) ok 'the state in the first line' ;;
*) not_ok 'the state in the first line' "$out" ;;
esac
same 'a bar, a character a session' '  ++++++++########' "$(printf '%s\n' "$out" | sed -n 3p)"
same 'sessions that tell the same are one line' 2 "$(printf '%s\n' "$out" | grep -c '7 like it until')"
same 'the change of state and its reason' 1 "$(printf '%s\n' "$out" | grep -c 'clear -> blocked: .')"
same 'the reply that decided' 1 "$(printf '%s\n' "$out" | grep -c '550 5.7.1 Unfortunately')"

COLUMNS=40
for hours in $(seq 97 2 200); do
	result "$hours" 192.0.2.1 outlook.com microsoft_consumer x.olc.protection.outlook.com 198.51.100.1 accepted
done | sed 's/01PAST/01MORE/' | "$remember" "$store"
run history --store "$store" --source 192.0.2.1 --to outlook.com
bar=$(printf '%s\n' "$out" | sed -n 3p)
case $bar in
'  +++'*'##') ok 'a character a day where the sessions are too many' ;;
*) not_ok 'a character a day where the sessions are too many' "$bar" ;;
esac
COLUMNS=80

run history --store "$store" --since 60h --format csv
same 'since' 12 "$(printf '%s\n' "$out" | grep -c '^20')"
run history --store "$store" --since "$(stamp 25)" --source 192.0.2.1 --to outlook.com --format csv
same 'since a time' 4 "$(printf '%s\n' "$out" | grep -c '^20')"
run history --store "$store" --limit 2 -q
same 'the newest ones' 2 "$(printf '%s\n' "$out" | grep -c '1 session$')"

# A server that writes for spreadsheets, and for parsers of CSV.
evil='{"stage":"mail","code":550,"enhanced":null,"category":"unknown","confidence":0.1,
"text":"=HYPERLINK(\"http://evil.example\",\"a,b\")\r\n+1,2"}'
result 1 192.0.2.9 evil.example null mx.evil.example 203.0.113.66 policy "$(printf '%s' "$evil" | tr -d '\n')" |
	sed 's/01PAST/01EVIL/' | "$remember" "$store"
if command -v python3 >/dev/null; then
	"$mxprobe" history --store "$store" --to evil.example --format csv >"$work/evil.csv"
	same 'CSV as a parser reads it' "2 [31] '=HYPERLINK(\"http://evil.example\",\"a,b\")|+1,2" "$(
		python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
text = rows[1][rows[0].index("text")].replace("\r\n", "|")
print(len(rows), sorted({len(r) for r in rows}), text)' "$work/evil.csv"
	)"
else
	skip 'CSV as a parser reads it' 'python3 is not installed'
fi

if command -v jq >/dev/null; then
	run history --store "$store" --source 192.0.2.1 --to outlook.com --since 50h --format json
	same 'a line a session, then a line a change of state' 'mxprobe.history/1 blocked S3140|8
mxprobe.event/1 clear blocked|1' "$(printf '%s\n' "$out" | jq -r '
		[.schema, .verdict // .old_state, .finding.provider_code // .new_state] | join(" ")' |
		uniq -c | awk '{ n = $1; $1 = ""; sub(/^ /, ""); print $0 "|" n }')"
	run history --store "$store" --source 192.0.2.1 --to google --format json --transcript
	same 'the whole result where it is kept' 'mxprobe.result/1 mxprobe.event/1' \
		"$(printf '%s\n' "$out" | jq -r .schema | tr '\n' ' ' | sed 's/ $//')"
else
	skip 'JSON' 'jq is not installed'
fi
finish
