# probing.sh - what stories say: probe, and what must be true of what was seen.

XDG_STATE_HOME=$here/state XDG_CONFIG_HOME=$here/config LC_ALL=C.UTF-8 COLUMNS=80 NO_COLOR=1 TERM=dumb
MXPROBE_TEST_CLOCK=$here/clock MXPROBE_TAXONOMY=$LAB_TOP/taxonomy MXPROBE_TAXONOMY_D= TZ=UTC
export XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL COLUMNS NO_COLOR TERM
export MXPROBE_TEST_CLOCK MXPROBE_TAXONOMY MXPROBE_TAXONOMY_D TZ
from= # the sources, where they are not $source
json=

# wrong TEXT: the story has failed, and goes on.
wrong() { printf '%s\n' "$1" >>"$here/wrong"; }

# mxprobe ARGUMENT...: the real program, on the sender.
mxprobe() { (become_mxprobe "$@"); }
# In the foreground, or timeout would pass on a signal twice.
become_mxprobe() {
	exec timeout --foreground 120 sh "$lab/lib/at.sh" sender "$LAB_MXPROBE" "$@" 2>>"$here/stderr" </dev/null
}

# Whom we say we are, and whom we believe; for every command that opens sessions.
who() {
	# shellcheck disable=SC2046,SC2086 # an option for each source
	printf -- '--source %s ' ${from:-$source}
	echo "--mail-from probe@sender.test --ca-file $LAB_PKI/ca.pem --trust-anchor $LAB_TREE/dns/root.zone.ds"
}

# check DESTINATION [OPTION...]: one run; its results in $json, its exit status in $status.
check() {
	destination=$1
	shift
	# shellcheck disable=SC2046 # a list of options
	json=$(mxprobe check $(who) --to "$destination" --format json "$@")
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
	printf '%s\n' "$json" | jq -se "length > 0 and ((if length == 1 then .[0] else . end) | $1)" >/dev/null 2>&1 ||
		wrong "not true: $1"
}

same() { [ "$1" = "$2" ] || wrong "wanted: $1; got: $2"; }
exits() { [ "$status" -eq "$1" ] || wrong "exit status $status, not $1"; }

verdicts() {
	{
		jq -r .verdict "$here/json"
		sed -n 's/.* step [0-9]* *\([a-z]*\) .*/\1/p' "$here/shown"
	} 2>/dev/null | uniq | paste -s -d ' '
}

# blocked_at STAGE LIST-PATTERN: what most stories of listed addresses come to.
blocked_at() {
	exits 1
	that ".verdict == \"blocked\" and .finding.stage == \"$1\""
	that ".finding.list // \"\" | test(\"$2\")"
}

# forward SECONDS: the story's clock, which only it and its mxprobe go by.
# Logs have whole seconds: what comes after must be in another one.
forward() { clock forward "$1" && sleep 1; }
clock() { python3 "$lab/lib/clock.py" "$MXPROBE_TEST_CLOCK" "$@" >>"$here/clock.log"; }

# drop_port_25 SOURCE: outbound, whoever is asked, as many networks do.
drop_port_25() { at sender nft add rule inet lab out ip saddr "$1" tcp dport 25 drop; }

# refuse_at HOST ADDRESS SOURCE: that host's packet filter resets SOURCE's connections to ADDRESS.
refuse_at() {
	at "$1" nft "add table inet lab; add chain inet lab in { type filter hook input priority 0; };
		add rule inet lab in ip saddr $3 ip daddr $2 tcp dport 25 reject with tcp reset"
}

# preflight [OPTION...]: what DNS says of the source; its rows in $rows, told as `check` tells results.
preflight() {
	# shellcheck disable=SC2046 # an option for each source
	rows=$(mxprobe preflight $(printf -- '--source %s ' ${from:-$source}) --mail-from probe@sender.test \
		--format json "$@" | jq -c '.checks[]')
	printf '%s\n' "$rows" | jq -r 'select(.check | startswith("dnsbl:")) | "\(.check): \(.result) \(.found)"' >>"$here/saw"
}

# facts FILTER: true of some row.
facts() {
	printf '%s\n' "$rows" | jq -se "any($1)" >/dev/null 2>&1 || wrong "no row where $1"
}

# ---- days in a moment ------------------------------------------------------------------------

# verify DESTINATION [OPTION...]: begins, and goes on beside the story; what it prints is in $here/shown.
verify() {
	destination=$1
	shift
	: >"$here/shown"
	echo "mxprobe verify --source ${from:-$source} --mail-from probe@sender.test --to $destination $*" >"$here/command"
	# shellcheck disable=SC2046 # a list of options
	become_mxprobe verify $(who) --to "$destination" "$@" >"$here/shown" &
	verify_pid=$!
}

# until_step N: time passes until verify has taken its Nth step and waits, or is over; "end": until it is over.
until_step() {
	while clock waits $verify_pid; do
		if [ "$1" != end ] && [ "$(grep -cE ' step [0-9]+ ' "$here/shown")" -ge "$1" ]; then return; fi
		clock on $verify_pid
	done
	wait $verify_pid
	status=$?
}

# serve DESTINATION [OPTION...]: begins, and watches beside the story; what it logs is in $here/stderr.
serve() {
	destination=$1
	shift
	# shellcheck disable=SC2046 # a list of options
	become_mxprobe serve $(who) --to "$destination" --listen none --log logfmt "$@" &
	serve_pid=$!
}

# until_logged TEXT: time passes until serve has logged it since it was asked last, and waits. Not tried
# any more where something went wrong before.
until_logged() {
	[ ! -s "$here/wrong" ] || return
	moves=0
	while clock waits $serve_pid; do
		if tail -n "+$((logged + 1))" "$here/stderr" | grep -qF -- "$1"; then break; fi
		moves=$((moves + 1))
		[ $moves -lt 40 ] || { wrong "never logged: $1"; break; }
		clock on $serve_pid
	done
	logged=$(wc -l <"$here/stderr")
}
logged=0

# serve_stops: by SIGTERM; its status is in $status.
serve_stops() {
	kill -TERM $serve_pid
	wait $serve_pid
	status=$?
}

# see TEXT: something that was seen, shown with the story.
see() { printf '%s\n' "$1" >>"$here/saw"; }

# shown TEXT...: the command printed them, in this order.
shown() {
	after=0
	for text; do
		line=$(tail -n "+$((after + 1))" "$here/shown" | grep -nF "$text" | head -n 1 | cut -d : -f 1)
		[ -n "$line" ] || { wrong "not shown, or not in this order: $text"; return; }
		after=$((after + line))
	done
}

# saw_verdicts VERDICT...: of all the checks, in order.
saw_verdicts() { [ "$(jq -r .verdict "$here/json" | paste -s -d ' ')" = "$*" ] || wrong "verdicts were not $*"; }

# logged HOST PATTERN: its mail exchanger's log has such a line, soon.
logged() { wait_for grep -qE "$2" "$LAB_TREE/$1/log" || wrong "the log of $1 does not say $2"; }
not_logged() { ! grep -E "$2" "$LAB_TREE/$1/log" >>"$here/stderr" || wrong "the log of $1 says $2"; }
