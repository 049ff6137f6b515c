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
finish
