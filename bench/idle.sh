#!/bin/sh
# idle.sh MXPROBE TAXONOMY - what `mxprobe serve` costs with 10,000 pairs while none of them is due: CPU time and
# resident memory, with the page's model in it. `make bench-idle` calls it; README.md says how to read it.
set -eu

mxprobe=$1
seconds=${BENCH_SECONDS:-30}
MXPROBE_TAXONOMY=$2 MXPROBE_TAXONOMY_D=
export MXPROBE_TAXONOMY MXPROBE_TAXONOMY_D
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# 250 addresses in each of four networks of loopback, ten destinations that nobody will be asked for:
# the name server is a port where nobody listens.
for net in 1 2 3 4; do
	for host in $(seq 1 250); do echo "127.1.$net.$host"; done
done >"$work/sources"
destinations=$(seq 1 10 | sed 's/.*/--to d&.example/')
# shellcheck disable=SC2086 # ten words are meant
serve() {
	exec "$mxprobe" serve -q --source "@$work/sources" $destinations --mail-from probe@example.jp \
		--store "$work/mxprobe.db" --dns-server 127.0.0.1@9 --listen 127.0.0.1
}
started() {
	for _ in $(seq 1 500); do
		[ "$(sqlite3 "$work/mxprobe.db" 'PRAGMA user_version' 2>/dev/null)" != 0 ] && [ -s "$work/mxprobe.db" ] && return
		sleep 0.02
	done
}

# The store is made by a first run; then each pair has had a session just now.
serve &
pid=$!
started
kill -TERM $pid
wait $pid
sqlite3 "$work/mxprobe.db" "
	DELETE FROM evidence; DELETE FROM event; DELETE FROM hop; DELETE FROM result; DELETE FROM session; DELETE FROM pair;
	WITH RECURSIVE
		net(n) AS (VALUES (1), (2), (3), (4)),
		host(h) AS (SELECT 1 UNION ALL SELECT h + 1 FROM host WHERE h < 250),
		place(d) AS (SELECT 1 UNION ALL SELECT d + 1 FROM place WHERE d < 10)
	INSERT INTO pair (source, grp, destination, state, since_us, last_us, last_verdict, learned_us, visits)
		SELECT '127.1.' || n || '.' || h, 'd' || d || '.example', 'd' || d || '.example', 'clear',
			strftime('%s') * 1000000, strftime('%s') * 1000000, 'accepted', strftime('%s') * 1000000, 1
		FROM net, host, place;"

# cpu: user and system time of the daemon so far, in seconds
cpu() {
	awk -v tick="$(getconf CLK_TCK)" '{ print ($14 + $15) / tick }' "/proc/$pid/stat"
}
memory() {
	awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$pid/status"
}

serve &
pid=$!
sleep "${BENCH_SETTLE:-5}"
begun=$(cpu)
sleep "$seconds"
ended=$(cpu)
echo "serve, 1,000 sources x 10 destinations, none due: $(
	awk -v a="$begun" -v b="$ended" -v s="$seconds" 'BEGIN { printf "%.2f %% of a core over %d s, %.2f s to begin", (b - a) / s * 100, s, a }'
), $(memory) MiB resident"
kill -TERM $pid
wait $pid
pid=
