# play.sh NAME: `. play.sh; play NAME.py` runs it on the world of world.yaml, which tells it where that is.
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
MXPROBE=${MXPROBE:-$PWD/mxprobe}
MXPROBE_TAXONOMY="${MXPROBE_TAXONOMY:-$top/taxonomy}" MXPROBE_TAXONOMY_D=
MXPROBE_CERTS=${MXPROBE_CERTS:-$PWD/certs/pki}
export MXPROBE MXPROBE_TAXONOMY MXPROBE_TAXONOMY_D MXPROBE_CERTS
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

command -v python3 >/dev/null || skip_all 'python3 is not installed'
[ -x "$MXPROBE" ] || {
	printf '1..1\nnot ok 1 - there is no %s: run this in the build directory\n' "$MXPROBE"
	exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/mx-web-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
HOME=$work XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state
export HOME XDG_CONFIG_HOME XDG_STATE_HOME

# What the servers saw is no line of TAP.
play() {
	timeout "${2:-120}" "$MXPROBE" -q scenario play "$here/world.yaml" -- python3 "$here/$1" "$work" |
		grep -v '^The servers saw'
}
