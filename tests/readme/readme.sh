#!/bin/sh
# readme.sh - the README shows what mxprobe really prints: every ```console block is run.
#
# usage: tests/readme/readme.sh [--update]
#
# A block holds one "$ command" and its output. Ports, ids and times differ from run to run and are
# masked on both sides. --update writes the real output into the README instead of comparing.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
mxprobe=${MXPROBE:-$PWD/mxprobe}
export MXPROBE_TAXONOMY="${MXPROBE_TAXONOMY:-$top/taxonomy}" MXPROBE_SCENARIOS="${MXPROBE_SCENARIOS:-$top/scenarios}"
export MXPROBE_CERTS="${MXPROBE_CERTS:-$PWD/certs/pki}" NO_COLOR=1 COLUMNS=80
# The lab's own: tests/lab/lab.
export MXPROBE="$mxprobe" MX_PKI="$MXPROBE_CERTS" LAB_CACHE="$PWD/lab-cache"
command -v jq >/dev/null || {
	echo "1..0 # SKIP jq is not installed"
	exit 0
}
work=$(mktemp -d) || exit 1
export XDG_STATE_HOME="$work/state"
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$mxprobe" "$work/bin/mxprobe"
PATH=$work/bin:$PATH
cd "$top" || exit 1

mask() {
	sed -E 's/(127\.[0-9.]+|\]):[0-9]{4,5}/\1:PORT/g; s/[0-9A-Z]{26}/ULID/g; s/20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}/TIME/g; s/[0-9]+ questions?/N questions/'
}

# blocks: writes block N's command to N.run and its output to N.shown.
awk -v dir="$work" '
	/^```console$/ { n++; inside = 1; first = 1; next }
	/^```$/ { inside = 0 }
	inside && first { sub(/^\$ /, ""); print > (dir "/" n ".run"); first = 0; printf "" > (dir "/" n ".shown"); next }
	inside { print > (dir "/" n ".shown") }
	END { print n + 0 > (dir "/count") }' README.md
count=$(cat "$work/count")

for n in $(seq "$count"); do
	sh -c "$(cat "$work/$n.run")" >"$work/$n.real" 2>/dev/null </dev/null
done

if [ "${1:-}" = --update ]; then
	awk -v dir="$work" '
		/^```console$/ { n++; inside = 1; print; next }
		/^```$/ && inside { inside = 0; while ((getline line < (dir "/" n ".real")) > 0) print line }
		!inside || /^\$ / { print }' README.md >"$work/README.md" && cp "$work/README.md" README.md
	exit
fi

status=0
for n in $(seq "$count"); do
	if lack=$(sed -n '1s/^1\.\.0 # SKIP //p' "$work/$n.real") && [ -n "$lack" ]; then
		echo "ok $n - README: $(cut -c1-60 "$work/$n.run") # SKIP $lack"
		continue
	fi
	mask <"$work/$n.shown" >"$work/want"
	mask <"$work/$n.real" >"$work/got"
	if [ -s "$work/got" ] && cmp -s "$work/want" "$work/got"; then
		echo "ok $n - README: $(cut -c1-60 "$work/$n.run")"
	else
		status=1
		echo "not ok $n - README: $(cut -c1-60 "$work/$n.run")"
		diff "$work/want" "$work/got" | sed 's/^/# /'
	fi
done
echo "1..$count"
[ "$count" -gt 0 ] && exit $status
