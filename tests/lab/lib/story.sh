#!/bin/sh
# story.sh STORY - plays one story in the box that is up, and leaves what it saw and TAP's line.
#
# A story's file sets about and hosts, and defines cause, probe and expect (README.md). $source and
# $source6 are its own addresses, $store its own memory: no two stories are each other's neighbours.
set -u
lab=$(cd "$(dirname "$0")/.." && pwd)
. "$lab/lib/settings.sh"
. "$lab/lib/hosts.sh"
. "$lab/lib/blocklists.sh"
story=$1
number=${story%%-*}
here=$LAB_TREE/stories/$story
source=198.51.100.$number source6=2001:db8:51::$number
mkdir -p "$here"
: >"$here/saw" >"$here/wrong"
. "$lab/lib/probing.sh"

# A story that takes what is not here is skipped.
skip() {
	printf '%s\t0\tskip:%s\tskipped\n' "$story" "$1" >"$here/row"
	exit 0
}

needs=
cause() { :; }
probe() { :; }
expect() { :; }
. "$lab/stories/$story.sh"
case $needs in
clock) "$LAB_MXPROBE" --version | grep -q 'test clock' || skip 'takes a build with --enable-test-clock' ;;
esac

case " ${LAB_SABOTAGE:-} " in
*" $story "*) ;;
*) cause || wrong "the cause could not be set up" ;;
esac
started=$(date +%s%N)
probe
took=$((($(date +%s%N) - started) / 1000000))
expect
[ -s "$here/saw" ] || wrong "nothing was probed"
printf '%s\t%s\t%s\t%s\n' "$story" "$took" "$([ -s "$here/wrong" ] && echo wrong || echo right)" \
	"$(verdicts)" >"$here/row"
