# lib.sh - TAP for scripts that run the real program: `. "$(dirname "$0")/lib.sh"`.
#
# The program is ./mxprobe of the build directory (MXPROBE names another); nobody's own
# configuration is read, messages are English, and the width is 80 columns.

count=0
failed=0
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
mxprobe=${MXPROBE:-$PWD/mxprobe}
work=$(mktemp -d "${TMPDIR:-/tmp}/mx-cli-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
HOME=$work XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8 COLUMNS=80 NO_COLOR=1 TERM=dumb
MXPROBE_TAXONOMY=$source_dir/taxonomy MXPROBE_TAXONOMY_D=
export MXPROBE_TAXONOMY_D
export HOME XDG_CONFIG_HOME XDG_STATE_HOME LC_ALL COLUMNS NO_COLOR TERM MXPROBE_TAXONOMY

[ -x "$mxprobe" ] || {
	echo "1..1"
	echo "not ok 1 - there is no $mxprobe: run this in the build directory, or set MXPROBE"
	exit 1
}

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

# not_ok DESCRIPTION [DETAILS]
not_ok() {
	count=$((count + 1))
	failed=$((failed + 1))
	echo "not ok $count - $1"
	[ $# -lt 2 ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# run ARGUMENT...: the program's output, messages and status, in $out, $err, $status.
run() {
	timeout 60 "$mxprobe" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

# A description must not hold what TAP gives a meaning, nor bytes that steer a terminal.
plain() {
	printf '%s' "$1" | tr '#' '.' | LC_ALL=C tr -c '[:print:]' '?'
}

# same DESCRIPTION WANTED GOT
same() {
	if [ "$2" = "$3" ]; then
		ok "$(plain "$1")"
	else
		not_ok "$(plain "$1")" "$(printf 'wanted: %s\ngot:    %s' "$2" "$3" | cat -v)"
	fi
}

# refuses STATUS MESSAGE ARGUMENT...: exactly this one line on stderr, nothing on stdout.
refuses() {
	want_status=$1 want_err=$2
	shift 2
	run "$@"
	same "mxprobe $*" "$want_status|$want_err|" "$status|$err|$out"
}

# refuses_like STATUS PATTERN ARGUMENT...: the line matches a shell pattern (and is one line).
refuses_like() {
	want_status=$1 want_err=$2
	shift 2
	run "$@"
	lines=$(wc -l <"$work/err")
	# shellcheck disable=SC2254 # a pattern is meant
	case $err in
	$want_err) fits=yes ;;
	*) fits=no ;;
	esac
	same "mxprobe $*" "$want_status|yes|1|" "$status|$fits|$lines|$out"
	[ $fits = yes ] || echo "# message: $(printf '%s' "$err" | cat -v)"
}

# wait_for COMMAND...: until it succeeds, 15 s at most.
wait_for() {
	for _ in $(seq 150); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "# waited in vain for: $*"
	return 1
}

finish() {
	echo "1..$count"
	[ $failed -eq 0 ]
	exit
}
