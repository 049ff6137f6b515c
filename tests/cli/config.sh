#!/bin/sh
# config.sh - what the configuration file does to the real program.
. "$(dirname "$0")/lib.sh"
scenarios=$source_dir/scenarios
who='--source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp'

# play FILE ARGUMENT...: plays a scenario and checks it.
play() {
	file=$scenarios/$1
	shift
	timeout 120 "$mxprobe" scenario play "$file" -- sh -c '
		mxprobe=$1; out=$2; err=$3
		shift 3
		"$mxprobe" "$@" --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" >"$out" 2>"$err"
		echo $? >"$out.status"' \
		sh "$mxprobe" "$work/out" "$work/err" "$@" >"$work/play" 2>&1 </dev/null
	status=$(cat "$work/out.status")
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

# file NAME: standard input becomes a configuration.
file() {
	cat >"$work/$1"
}

# ---- never ----------------------------------------------------------------------------------
# left_alone WHAT ENTRY: nobody is connected to, and the row says why.
left_alone() {
	printf 'never: [%s]\n' "$2" | file never.yaml
	play accept/plain.yaml check $who --to example.test --config "$work/never.yaml" --format json
	same "never: $1: suppressed" '3|"suppressed"|[]' \
		"$status|$(grep -o '"verdict":"[a-z]*"' "$work/out" | cut -d : -f 2)|$(
			grep -o '"transcript":\[[^]]*\]' "$work/out" | cut -d : -f 2)"
	grep -qF "not probed: $3 is in the configuration's never list" "$work/out"
	same "never: $1: said why" 0 $?
}
left_alone 'the destination' example.test example.test
left_alone 'a domain above it' test. test
left_alone 'its mail exchanger' mx1.example.test mx1.example.test
left_alone 'with a dot in front' .example.test example.test
printf 'never: [other.test, google]\n' | file never.yaml
play accept/plain.yaml check $who --to example.test --config "$work/never.yaml" --format json
same 'never: others are probed' '0|"accepted"' \
	"$status|$(grep -o '"verdict":"[a-z]*"' "$work/out" | cut -d : -f 2)"
printf 'never: [microsoft_consumer]\n' | file never.yaml
play blocklist/outlook-s3140.yaml check $who --to outlook.com --config "$work/never.yaml" --format json
same 'never: a provider of the catalogue' '3|"suppressed"' \
	"$status|$(grep -o '"verdict":"[a-z]*"' "$work/out" | cut -d : -f 2)"
printf 'own: []\nnever:\n  - example.net\n  - gogle\n' | file never.yaml
refuses 78 "mxprobe: $work/never.yaml:4: never[1]: is neither a provider of the catalogue nor a domain" \
	check $who --to example.test --config "$work/never.yaml"

# The catalogue's own mark, in a taxonomy of one's own.
mkdir -p "$work/taxonomy.d/providers"
cat >"$work/taxonomy.d/providers/shy.yaml" <<'YAML'
- id: shy
  name: Shy Mail
  domains: [example.test]
  mx_suffixes: [.example.test]
  depth: rcpt
  postmaster: yes
  probe: no
  observable: yes
  blind_spots: []
  source: 'seen:made up'
YAML
MXPROBE_TAXONOMY_D=$work/taxonomy.d
play accept/plain.yaml check $who --to example.test --format json
grep -qF 'not probed: this provider is marked \"probe: no\"' "$work/out"
same 'probe: no in the catalogue: suppressed, said why' '3|"suppressed"|0' \
	"$status|$(grep -o '"verdict":"[a-z]*"' "$work/out" | cut -d : -f 2)|$?"
MXPROBE_TAXONOMY_D=

# ---- floors ---------------------------------------------------------------------------------
# Loopback keeps only the first floor; what a raised one does is told by unit tests of the ledger.
printf 'politeness:\n  interval: 1h\n  blocked: 4h\n' | file low.yaml
low='politeness.blocked: "4h" is below the floor: 6h after a block; floors can only be raised'
refuses 78 "mxprobe: $work/low.yaml:3: $low" check $who --to example.test --config "$work/low.yaml"
refuses 78 "mxprobe: $work/low.yaml:3: $low" config check --config "$work/low.yaml"
refuses 78 "mxprobe: $work/low.yaml:3: $low" config show --config "$work/low.yaml"

# ---- retention ------------------------------------------------------------------------------
# An old result is forgotten by the next check, unless a state begins or ends with it.
if command -v sqlite3 >/dev/null; then
	store=$work/keep.db
	for destination in one two three four; do
		play accept/plain.yaml check $who --to example.test --store "$store" --format json
	done
	sqlite3 "$store" 'UPDATE result SET time_us = time_us - 2 * 86400 * 1000000;
		UPDATE evidence SET time_us = time_us - 2 * 86400 * 1000000'
	before=$(sqlite3 "$store" 'SELECT count(*) FROM result')
	play accept/plain.yaml check $who --to example.test --store "$store" --format json
	middle=$(sqlite3 "$store" 'SELECT count(*) FROM result')
	printf 'retention: {results: 1d, transcripts: 1h}\n' | file short.yaml
	play accept/plain.yaml check $who --to example.test --store "$store" --format json \
		--config "$work/short.yaml"
	after=$(sqlite3 "$store" "SELECT count(*) FROM result WHERE time_us < (strftime('%s') - 86400) * 1000000
		AND id NOT IN (SELECT result FROM evidence WHERE keep = 1)")
	same 'retention: kept by default, forgotten when the file says so' '4 5 0' "$before $middle $after"
else
	skip 'retention' 'sqlite3 is not installed'
fi

# ---- config check ---------------------------------------------------------------------------
run config check
same 'check: without a file' '0|there is no configuration file; every key has its default|' "$status|$out|$err"
refuses 64 'mxprobe: say what to do with the configuration: check or show' config
refuses 64 'mxprobe: config: "sing" is no action; say check or show' config sing
refuses 64 'mxprobe: say what to do with the alerts: test' alert
refuses 64 'mxprobe: alert: "sing" is no action; say test' alert sing
refuses 78 "mxprobe: $work/none.yaml: No such file or directory" config check --config "$work/none.yaml"
printf 'mail_from: probe@example.jp\n' | file good.yaml
run config check --config "$work/good.yaml"
same 'check: a good file' "0|$work/good.yaml: in order|" "$status|$out|$err"
run config check --config "$work/good.yaml" -q
same 'check: quiet' '0||' "$status|$out|$err"
wrong() {
	printf '%b' "$1" | file wrong.yaml
	refuses 78 "mxprobe: $work/wrong.yaml:$2" config check --config "$work/wrong.yaml"
}
wrong 'own: []\nsource: []\n' '2: source: unknown key "source" (did you mean "sources"?)'
wrong 'alerts:\n  - mail: {to: [a@b@c]}\n' \
	"2: alerts[0].mail.to[0]: mailbox: 'a@b@c' has a character in its local part that an unquoted address can't hold"
wrong 'reports:\n  - {at: "0 8 * *", mail: {to: [a@b.jp]}}\n' \
	'2: reports[0].at: five fields are wanted: minute, hour, day of the month, month, day of the week'
wrong 'reports:\n  - {at: "0 25 * * *", mail: {to: [a@b.jp]}}\n' '2: reports[0].at: hours are 0 to 23'
wrong 'reports:\n  - at: "0 8 * * *"\n' '2: reports[0]: takes exactly one of mail, webhook and command'
wrong 'reports:\n  - {at: "0 8 * * *", webhook: {url: "http://h/", format: alertmanager}}\n' \
	'2: reports[0].webhook.format: a report has no shape of Alertmanager; say json'
wrong 'alerts:\n  - command: [/bin/true]\n    group_wait: soon\n' \
	'3: alerts[0].group_wait: "soon" is no span of time, such as 20s, 30m, 4h or 90d'
wrong 'alerts:\n  - command: [/bin/true]\n    group_wait: 25h\n' '3: alerts[0].group_wait: "25h" is longer than 24h'
wrong 'alerts:\n  - webhook: {url: "https://h/", ca_file: ca.pem}\n' \
	'2: alerts[0].webhook.ca_file: "ca.pem" is no absolute path; begin it with /'

# What is allowed, but probably not meant.
printf 'secret\n' >"$work/open.key"
chmod 644 "$work/open.key"
file doubts.yaml <<YAML
sources:
  - address: 127.0.0.2
    helo: mail.example.jp
  - address: 192.0.2.77
destinations: [outlook.com, example.net]
mailboxes:
  - me@outlook.jp
  - me@elsewhere.test
never: [example.net]
dnsbl: {keys: {abusix: S3CRET}}
web:
  tls: {cert: $work/absent.pem, key: $work/open.key}
YAML
chmod 644 "$work/doubts.yaml"
run config check --config "$work/doubts.yaml"
at=$work/doubts.yaml
same 'check: doubts' "0||warning: $at:4: sources[1].address: source '192.0.2.77' is no address of this host
warning: $at:5: destinations[1]: never probed: example.net is in the never list
warning: $at:8: mailboxes[1]: no destination is elsewhere.test; the mailbox is used only where the mail exchangers are the same
warning: $at:10: dnsbl.keys: everybody on this host can read or change $at: chmod o-rw $at
warning: $at:12: web.tls.cert: $work/absent.pem: No such file or directory
warning: $at:12: web.tls.key: everybody on this host can read or change $work/open.key: chmod o-rw $work/open.key
$at: in order, with 6 warnings" "$status|$err|$(printf '%s\n' "$out" | sed 's/; this host has .*//')"

# The example that is installed.
run config check --config "$source_dir/contrib/mxprobe.yaml"
same 'check: the example is in order' '0||0' \
	"$status|$err|$(printf '%s\n' "$out" | grep '^warning' | grep -cv 'is no address of this host')"

# ---- config show ----------------------------------------------------------------------------
run config show --config "$source_dir/contrib/mxprobe.yaml"
cp "$work/out" "$work/shown.yaml"
same 'show: YAML' '0|' "$status|$err"
run config show --config "$work/shown.yaml"
same 'show: what is shown is a file that shows the same, webhooks aside' '' "$(
	diff "$work/shown.yaml" "$work/out" | grep '^[<>]')"
run config show
same 'show: the example has the defaults' '' "$(
	sed -n '/^politeness:/,/^web:/p' "$work/out" >"$work/default"
	sed -n '/^politeness:/,/^web:/p' "$work/shown.yaml" | sed 's/^web:$/web: {}/' | diff - "$work/default")"
for key in $(sed -n 's/^\([a-z_]*\):.*/\1/p' "$source_dir/contrib/mxprobe.yaml"); do
	grep -q "^$key:" "$work/shown.yaml"
	same "show: $key" 0 $?
	grep -q "^\.It Cm $key\$" "$source_dir/doc/mxprobe.yaml.5.in"
	same "mxprobe.yaml(5) tells about $key" 0 $?
done
file secrets.yaml <<'YAML'
dnsbl: {keys: {spamhaus_dqs: S3CRET, abusix: S3CRET}}
alerts:
  - webhook: {url: "https://hooks.example.jp/S3CRET", format: alertmanager}
YAML
for format in yaml json; do
	run config show -f $format --config "$work/secrets.yaml"
	same "show: no secret in $format" '0|0|3' \
		"$status|$(printf '%s\n' "$out" | grep -c S3CRET)|$(printf '%s\n' "$out" | grep -c '(set)')"
done
if command -v jq >/dev/null; then
	same 'show: JSON' 'alertmanager 4h' "$(printf '%s\n' "$out" |
		jq -r '"\(.alerts[0].webhook.format) \(.schedule.interval)"')"
else
	skip 'show: JSON' 'jq is not installed'
fi
finish
