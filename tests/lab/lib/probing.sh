# probing.sh - what stories say: probe, and what must be true of what was seen.

XDG_STATE_HOME=$here/state XDG_CONFIG_HOME=$here/config LC_ALL=C.UTF-8 COLUMNS=80 NO_COLOR=1 TERM=dumb
MXPROBE_TEST_CLOCK=$here/clock MXPROBE_TAXONOMY=$LAB_TOP/taxonomy MXPROBE_TAXONOMY_D= TZ=UTC
export XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL COLUMNS NO_COLOR TERM
export MXPROBE_TEST_CLOCK MXPROBE_TAXONOMY MXPROBE_TAXONOMY_D TZ
from=
json=

# wrong TEXT: the story has failed, and goes on.
wrong() { printf '%s\n' "$1" >>"$here/wrong"; }

# mxprobe ARGUMENT...: the real program, on the sender.
mxprobe() {
	timeout 120 sh "$lab/lib/at.sh" sender "$LAB_MXPROBE" "$@" 2>>"$here/stderr" </dev/null
}

# check DESTINATION [OPTION...]: one run; its results in $json, its exit status in $status.
check() {
	destination=$1
	shift
	json=$(mxprobe check --source "${from:-$source}" --mail-from probe@sender.test --to "$destination" \
		--ca-file "$LAB_PKI/ca.pem" --trust-anchor "$LAB_TREE/dns/root.zone.ds" --format json "$@")
	status=$?
	printf '%s\n' "$json" >>"$here/json"
	printf '%s\n' "$json" | jq -r '"\(.source) at \(.destination) \(.mx.address // "-"): \(.verdict)"
		+ (.finding | if . == null then "" else "; \(.stage // "-") \(.code // "") \(.category // "") \((.text // "")[:150])" end)
		+ (.note | if . == null then "" else " (\(.))" end)' >>"$here/saw" 2>>"$here/stderr"
	grep -hE 'Sanitizer|runtime error' "$here/stderr" >>"$here/wrong"
	return $status
}

# that FILTER: jq says true of the result, or of the array of them where there are several.
that() {
	printf '%s\n' "$json" | jq -se "(if length == 1 then .[0] else . end) | $1" >/dev/null 2>&1 ||
		wrong "not true: $1"
}

exits() { [ "$status" -eq "$1" ] || wrong "exit status $status, not $1"; }

verdicts() { [ ! -s "$here/json" ] || jq -r .verdict "$here/json" 2>/dev/null | uniq | paste -s -d ' '; }

# blocked_at STAGE LIST-PATTERN: what most stories of listed addresses come to.
blocked_at() {
	exits 1
	that ".verdict == \"blocked\" and .finding.stage == \"$1\""
	that ".finding.list // \"\" | test(\"$2\")"
}

# forward SECONDS: the story's clock, which only it and its mxprobe go by.
forward() {
	python3 "$lab/lib/clock.py" "$MXPROBE_TEST_CLOCK" forward "$1" >>"$here/clock.log"
}

# saw_verdicts VERDICT...: of all the checks, in order.
saw_verdicts() { [ "$(jq -r .verdict "$here/json" | paste -s -d ' ')" = "$*" ] || wrong "verdicts were not $*"; }
