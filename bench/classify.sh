#!/bin/sh
# classify.sh DIRECTORY-OF-PROGRAMS MXPROBE TAXONOMY IMAGE - start-up, replies classified a second
# inside the classifier next to a PCRE2 loop over the same rules, and end to end through
# `mxprobe classify`. `make bench-classify` calls it; README.md says how to read what it prints.
set -eu

here=$1
mxprobe=$2
taxonomy=$3
image=$4
rounds=${BENCH_ROUNDS:-5}
count=${BENCH_REPLIES:-200000}
lines=${BENCH_LINES:-1000000}

MXPROBE_TAXONOMY_D=
export MXPROBE_TAXONOMY_D
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cp -R "$taxonomy" "$work/taxonomy"

# field NAME LINE
field() {
	echo "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# Median CPU time from process start to the first answer, in milliseconds.
start_ms() {
	for _ in 1 2 3 4 5 6 7; do
		field cpu_us "$("$here/classify" "$work/taxonomy" start)"
	done | median | awk '{ printf "%.1f", $1 / 1000 }'
}

without=$(start_ms)
cp "$image" "$work/taxonomy.image"
echo "first answer: $(start_ms) ms of CPU time from process start (aim: 30), $without without the image"

"$here/classify" "$work/taxonomy" rates "$rounds" "$count" >"$work/rates"
head -n 1 "$work/rates"
printf '%5s %12s %12s %12s %7s\n' round loop/s anew/s classify/s ratio
sed -n 's/^round loop_us=\(.*\) anew_us=\(.*\) quick_us=\(.*\)/\1 \2 \3/p' "$work/rates" |
	awk '{ printf "%5d %12d %12d %12d %7.1f\n", NR, 1e6 / $1, 1e6 / $2, 1e6 / $3, $1 / $3 }' | tee "$work/rounds"
echo "median: $(awk '{ print $4 }' "$work/rounds" | median) replies a second on one core" \
	"(aim: 300000), $(awk '{ print $5 }' "$work/rounds" | median) times a loop over the rules;" \
	"$(awk '{ print $3 }' "$work/rounds" | median) when no sentence was read before"
memory=$(sed -n '/^memory/p' "$work/rates")
echo "memory grew by $((($(field after "$memory") - $(field before "$memory")) / 1024)) KiB over" \
	"$((rounds * count)) replies (aim: 0)"

"$here/classify" "$work/taxonomy" lines "$lines" >"$work/lines"
export MXPROBE_TAXONOMY="$work/taxonomy"
# In a subshell of its own, so that the second line of times is about this one child: CPU, not wall.
# Not in a pipe, which would be one more subshell.
(
	"$mxprobe" classify --format json <"$work/lines" >"$work/answers" || [ $? -eq 1 ]
	times >"$work/times"
)
[ "$(wc -l <"$work/answers")" -eq "$lines" ] || { echo "not one answer a line" >&2; exit 1; }
sed -n 2p "$work/times" | tr 'ms' '  ' | awk -v n="$lines" '{
	printf "end to end, NDJSON to NDJSON: %d replies a CPU second (aim: 100000)\n",
		n / ($1 * 60 + $2 + $3 * 60 + $4) }'

# Memory of the whole program: resident when it has read a tenth of these, and its highest at the end.
resident() {
	sed -n "s/^$1:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$!/status"
}
some=$((lines < 200000 ? lines : 200000))
mkfifo "$work/pipe"
"$mxprobe" classify --format json <"$work/pipe" >/dev/null &
exec 3>"$work/pipe"
head -n $((some / 10)) "$work/lines" >&3
early=$(resident VmRSS)
head -n $some "$work/lines" | tail -n +$((some / 10 + 1)) >&3
late=$(resident VmHWM)
exec 3>&-
wait $! || [ $? -eq 1 ]
echo "its memory grew by $((late - early)) KiB from reply $((some / 10)) to reply $some (aim: next to nothing)"
