#!/bin/sh
# killed.sh - a lab that is killed half-way leaves no process, namespace, mount or file. Prints TAP.
set -u
lab=$(cd "$(dirname "$0")" && pwd)
count=0
status=0

# claim DESCRIPTION COMMAND...
claim() {
	text=$1
	shift
	count=$((count + 1))
	if "$@"; then
		echo "ok $count - $text"
	else
		echo "not ok $count - $text"
		status=1
	fi
}

# wait_for COMMAND...: fifteen seconds at most.
wait_for() {
	deadline=$(($(date +%s) + 15))
	until "$@"; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 0.05
	done
}

left_behind() {
	cat /proc/self/mounts
	ip netns list
	ls -A "$work/tmp"
	ls -d /run/lab /run/hosts 2>/dev/null
}

# Everything that lives in the box, whoever its parent is by now.
inhabitants() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/ns/pid" 2>/dev/null)" = "$box" ] && echo "${process#/proc/}"
	done
}
is_inhabited() { [ "$(inhabitants | wc -l)" -ge "$1" ]; }
is_deserted() { [ -z "$(inhabitants)" ]; }
# The first process of the box that this script started: a child of a child of $1.
find_box() {
	unshare=$(pgrep -P "$1" -f '^unshare --mount') && first=$(pgrep -P "$unshare") &&
		box=$(readlink "/proc/$first/ns/pid") && [ "$box" != "$(readlink /proc/self/ns/pid)" ]
}

# killed SIGNAL: the lab's own script gets it, in the middle of its stories.
killed() {
	TMPDIR=$work/tmp sh "$lab/lab" run clean bad-line list-dead >"$work/out" 2>&1 &
	script=$!
	wait_for find_box $script || { cat "$work/out"; return 1; }
	wait_for is_inhabited 20 || { cat "$work/out"; return 1; }
	kill "-$1" $script
	wait $script 2>/dev/null
	wait_for is_deserted
}

[ "$(id -u)" -eq 0 ] && unshare --net --mount --pid --fork true 2>/dev/null || {
	echo "1..0 # SKIP no namespaces here: A KILLED LAB IS NOT TESTED"
	exit 0
}
work=$(mktemp -d "${TMPDIR:-/tmp}/mx-killed.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/tmp"
left_behind >"$work/before"
for signal in KILL TERM; do
	claim "nobody survives SIG$signal" killed $signal
done
left_behind >"$work/after"
claim "nothing is left of the box" cmp "$work/before" "$work/after"
echo "1..$count"
exit $status
