#!/bin/sh
# processes.sh - many processes on one store: eight at once, and kill -9 two hundred times. Prints TAP.
#
# On loopback only "one session at a time" holds. The other floors hold in a network namespace with
# addresses from the documentation, which takes root; those claims are skipped, loudly, elsewhere.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
mxprobe=${MXPROBE:-$PWD/mxprobe}
MXPROBE_TAXONOMY="${MXPROBE_TAXONOMY:-$top/taxonomy}" MXPROBE_TAXONOMY_D=
export MXPROBE_TAXONOMY MXPROBE_TAXONOMY_D
PATH=$PATH:/usr/sbin:/sbin
seed=${MX_SEED:-1}

# scene NAME PREFIX: crowd.py's claims about mail exchangers in PREFIX.0/24.
scene() {
	sed "s/127\.0\.9\./$2./" "$here/crowd.yaml" >"$work/$2.yaml"
	{
		"$mxprobe" scenario play "$work/$2.yaml" -- \
			python3 "$here/crowd.py" "$mxprobe" "$work/$2-$1.db" "$2" "$1" "$seed" 2>&1 ||
			echo "not ok - scene $1 at $2.0 ended well"
	} | grep -v '^The servers saw'
}

# Within the namespace: its loopback carries addresses that are not loopback's.
if [ "${1:-}" = inside ]; then
	work=$2
	ip link set lo up
	for host in $(seq 1 40) 200; do ip address add "192.0.2.$host/32" dev lo; done
	scene crowd 192.0.2
	scene later 192.0.2
	case $("$mxprobe" --version) in
	*"test clock"*)
		for host in 198.51.100.1 203.0.113.1; do ip address add "$host/32" dev lo; done
		scene wait 192.0.2
		scene busy 192.0.2
		;;
	*) echo "ok - waiting for a floor # SKIP takes a build with --enable-test-clock" ;;
	esac
	scene kills 192.0.2
	exit 0
fi

if ! command -v python3 >/dev/null || [ ! -x "$mxprobe" ]; then
	echo "1..0 # SKIP python3 or $mxprobe is missing: PROCESSES ON ONE STORE ARE NOT TESTED"
	echo "SKIP: tests/store: python3 or mxprobe is missing" >&2
	exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/mx-processes.XXXXXX") || exit 1
HOME=$work XDG_CONFIG_HOME=$work/config
export HOME XDG_CONFIG_HOME
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE

{
	scene crowd 127.0.9
	scene later 127.0.9
	if unshare -n true 2>/dev/null && command -v ip >/dev/null; then
		echo "# the same where floors hold: 192.0.2.0/24 in a network namespace"
		unshare -n sh "$here/processes.sh" inside "$work"
	else
		echo "SKIP: tests/store: no network namespace: ONLY LOOPBACK'S FLOOR IS TESTED" >&2
		echo "ok - floors between processes # SKIP takes root, for a network namespace"
		scene kills 127.0.9
	fi
} >"$work/claims"
# A scene that ended early has made fewer claims than it should.
least=18
grep -q '^# the same' "$work/claims" && least=31
awk -v least=$least '
	/^(not )?ok / { n++; sub(/ok /, "ok " n " "); bad += /^not / }
	{ print }
	END {
		n++
		print (n > least ? "ok " : "not ok ") n " - every scene was played to its end"
		print "1.." n
		exit bad > 0 || n <= least
	}' "$work/claims"
