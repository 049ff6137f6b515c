#!/bin/sh
# sessions.sh [DIRECTORY-OF-PROGRAMS [PKI]] - sessions per second and memory, mxprobe next to a
# bare epoll client on the same sink, in alternating rounds. `make bench` calls it; README.md
# says how to read what it prints. Stays on loopback and ends within a minute.
set -eu

here=${1:-bench}
pki=${2:-certs/pki}
rounds=${BENCH_ROUNDS:-9}
sessions=${BENCH_SESSIONS:-2500}
in_flight=100
idle_plain=2000
idle_tls=1000
source=127.0.0.2

work=$(mktemp -d)
sink=
finish() {
	exec 9>&- || :
	[ -z "$sink" ] || wait "$sink" 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# One core for the sink, one for the client; without a second core the figures mean little.
on_sink_core='' on_client_core=''
if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then
	on_sink_core='taskset -c 0' on_client_core='taskset -c 1'
else
	echo "one core only: sink and client take turns on it; don't trust the rates" >&2
fi

# start_sink ARGUMENT... - sets port; the sink ends when descriptor 9 closes.
start_sink() {
	rm -f "$work/in" "$work/port"
	mkfifo "$work/in"
	$on_sink_core "$here/sink" "$@" <"$work/in" >"$work/port" &
	sink=$!
	exec 9>"$work/in"
	port=
	while [ -z "$port" ]; do
		kill -0 "$sink" 2>/dev/null || { echo "the sink does not start" >&2; exit 1; }
		port=$(cat "$work/port")
	done
}

stop_sink() {
	exec 9>&-
	wait "$sink"
	sink=
}

# field NAME LINE
field() {
	echo "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

quotient() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

echo "plaintext: 220 EHLO MAIL RCPT RSET QUIT, $in_flight in flight, $sessions sessions a round"
start_sink
$on_client_core "$here/bare" "$port" $source "$sessions" $in_flight >/dev/null # warm up
printf '%5s %10s %7s %10s %7s %7s %7s\n' round bare/s 'CPU us' mxprobe/s 'CPU us' rates CPU
round=1
while [ "$round" -le "$rounds" ]; do
	bare=$($on_client_core "$here/bare" "$port" $source "$sessions" $in_flight)
	probe=$($on_client_core "$here/probe-sessions" rate "$port" $source "$sessions" $in_flight)
	ratio=$(quotient "$(field rate "$probe")" "$(field rate "$bare")")
	cpu_ratio=$(quotient "$(field cpu_us "$bare")" "$(field cpu_us "$probe")")
	printf '%5d %10d %7.1f %10d %7.1f %7s %7s\n' "$round" \
		"$(field rate "$bare")" "$(field cpu_us "$bare")" \
		"$(field rate "$probe")" "$(field cpu_us "$probe")" "$ratio" "$cpu_ratio"
	echo "$ratio" >>"$work/ratios"
	echo "$cpu_ratio" >>"$work/cpu_ratios"
	round=$((round + 1))
done
stop_sink
echo "median ratio of sessions per second: $(median <"$work/ratios") (aim: 0.8 or more)," \
	"of CPU time: $(median <"$work/cpu_ratios")"

start_sink --hold
plain=$("$here/probe-sessions" idle "$port" $source $idle_plain)
stop_sink
start_sink --hold "$pki/good.pem" "$pki/good.key"
secure=$("$here/probe-sessions" idle "$port" $source $idle_tls "$pki/ca.pem")
stop_sink
awk -v plain="$(field idle_bytes "$plain")" -v secure="$(field idle_bytes "$secure")" 'BEGIN {
	printf "memory of an idle session: %.1f KiB plain (aim: 4), %.1f KiB TLS (aim: 45)\n",
		plain / 1024, secure / 1024 }'
