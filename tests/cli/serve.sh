#!/bin/sh
# serve.sh - `mxprobe serve`: begins, tells its service manager, reloads, stops, and survives being killed.
#
# Stories of hours need a build with --enable-test-clock; elsewhere they are skipped.
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
store=$work/serve.db
told=$work/told
TZ=UTC
export TZ
export work here source_dir mxprobe store told

cat >"$work/good.yaml" <<'YAML'
sources: [{address: 127.0.0.2, helo: mail.example.jp}]
mail_from: probe@example.jp
destinations: [example.test]
YAML
cat >"$work/more.yaml" <<'YAML'
sources: [{address: 127.0.0.2, helo: mail.example.jp}, {address: 127.0.0.3, helo: mail.example.jp}]
mail_from: probe@example.jp
destinations: [example.test]
YAML
cat >"$work/bad.yaml" <<'YAML'
sources: [{address: 127.0.0.2}]
mail_from: probe@example.jp
destination: [example.test]
YAML

# A provider that takes all, one that never lets go, and one that does after four hours.
cat >"$work/open.yaml" <<'YAML'
about: A provider that takes all
source: scripted
probe: {to: [example.test]}
zone:
  - {name: example.test, type: MX, data: 10 mx1.example.test}
  - {name: mx1.example.test, type: A, data: 127.0.1.1}
servers: [{address: 127.0.1.1}]
expect: {exit: 0, results: [{server: 127.0.1.1, verdict: accepted}]}
YAML
cat >"$work/never.yaml" <<'YAML'
about: A provider that blocks
source: scripted
probe: {to: [example.test]}
zone:
  - {name: example.test, type: MX, data: 10 mx1.example.test}
  - {name: mx1.example.test, type: A, data: 127.0.1.1}
servers:
  - address: 127.0.1.1
    replies: [{command: MAIL, reply: ['550 5.7.1 Service unavailable; client [{client}] is blocked by our list']}]
expect: {exit: 1, results: [{server: 127.0.1.1, verdict: blocked}]}
YAML
cat >"$work/four-hours.yaml" <<'YAML'
about: Two mail exchangers let go after four hours
source: scripted
probe: {to: [example.test]}
zone:
  - {name: example.test, type: MX, data: 10 mx1.example.test}
  - {name: example.test, type: MX, data: 20 mx2.example.test}
  - {name: mx1.example.test, type: A, data: 127.0.1.1}
  - {name: mx2.example.test, type: A, data: 127.0.1.2}
servers:
  - address: 127.0.1.1
    replies:
      - command: MAIL
        when: {before_ms: 14400000}
        reply: ['550 5.7.1 Service unavailable; client [{client}] is blocked by our list']
  - address: 127.0.1.2
    replies:
      - command: MAIL
        when: {before_ms: 14400000}
        reply: ['550 5.7.1 Service unavailable; client [{client}] is blocked by our list']
expect: {exit: 1, results: [{server: 127.0.1.1, verdict: blocked}]}
YAML

# What the stories share. serve: the daemon with everything needed; wait_for N TEXT FILE: until N lines
# of FILE have TEXT, a minute at most.
cat >"$work/words" <<'WORDS'
serve() {
	exec "$mxprobe" serve --config "$work/now.yaml" --store "$store" --log logfmt \
		--dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" --listen "${listen:-none}" 2>>"$work/log"
}
wait_for() {
	tries=0
	until [ "$(grep -c -- "$2" "$3" 2>/dev/null)" -ge "$1" ]; do
		tries=$((tries + 1))
		[ $tries -lt 3000 ] || return 1
		sleep 0.02
	done
}
listen_as_manager() {
	NOTIFY_SOCKET=$work/notify
	export NOTIFY_SOCKET
	rm -f "$NOTIFY_SOCKET"
	python3 "$here/notified.py" "$NOTIFY_SOCKET" "$told" &
	manager=$!
	until [ -S "$NOTIFY_SOCKET" ]; do sleep 0.02; done
}
WORDS

# play FILE STORY: the story (of the shell) beside the servers.
play() {
	rm -f "$work/log" "$told"
	timeout 120 "$mxprobe" scenario play "$1" -- sh -c ". \"\$work/words\"; $2" \
		>"$work/play" 2>&1 </dev/null
}
has() { grep -c -- "$1" "$2"; }
moves=$("$mxprobe" --version | grep -c 'test clock' || true)

# ---- what is refused ------------------------------------------------------------------------
refuses_like 64 '*no source address*' serve --store "$store" --mail-from a@b.jp --to example.test
refuses_like 64 '*--log*text*logfmt*json*' serve --log xml
refuses_like 78 '*bad.yaml:3: destination: unknown key*' serve --config "$work/bad.yaml" --store "$store"
cp "$work/good.yaml" "$work/now.yaml"
run serve --config "$work/now.yaml" --store /proc/none/all.db
same 'a store that cannot be had: nothing begins' 4 "$status"

# ---- a service manager is told --------------------------------------------------------------
play "$work/open.yaml" '
	unset MXPROBE_TEST_CLOCK
	listen_as_manager
	WATCHDOG_USEC=300000
	export WATCHDOG_USEC
	serve & pid=$!
	wait_for 1 READY=1 "$told"
	wait_for 4 WATCHDOG=1 "$told"
	cp "$work/more.yaml" "$work/now.yaml"
	kill -HUP $pid
	wait_for 1 "STATUS=2 pairs" "$told"
	cp "$work/bad.yaml" "$work/now.yaml"
	kill -HUP $pid
	wait_for 1 "not reloaded" "$told"
	cp "$work/good.yaml" "$work/now.yaml"
	kill -HUP $pid
	wait_for 2 "STATUS=1 pairs, 0 blocked" "$told"
	kill -TERM $pid
	wait $pid
	echo $? >"$work/status"
	kill $manager'
same 'ready, with a status' '1|1' "$(sed -n 1p "$told" | grep -c '^READY=1$')|$(has '^STATUS=1 pairs, 0 blocked$' "$told" | sed 's/[2-9]/1/')"
same 'the watchdog hears of it' yes "$([ "$(has 'WATCHDOG=1' "$told")" -ge 4 ] && echo yes)"
same 'three reloads, each over' '3|4' "$(has '^RELOADING=1 MONOTONIC_USEC=[0-9]*$' "$told")|$(has '^READY=1$' "$told")"
same 'another file: what it says is watched' 1 "$(has '^STATUS=2 pairs, 0 blocked$' "$told")"
same 'a wrong file: nothing changes, and it is said where' 1 \
	"$(has '^STATUS=2 pairs, 0 blocked; not reloaded: .*now.yaml:3: destination: unknown key' "$told")"
same 'in the log, too' 1 "$(has 'level=error msg="not reloaded, everything stays as it was: ' "$work/log")"
same 'stopping is told' 1 "$(has '^STOPPING=1' "$told")"
same 'SIGTERM: exit status 0' 0 "$(cat "$work/status")"

# ---- SIGTERM while a server says nothing ----------------------------------------------------
cp "$work/good.yaml" "$work/now.yaml"
rm -f "$store"*
play "$source_dir/scenarios/broken/silent-at-mail.yaml" '
	unset MXPROBE_TEST_CLOCK
	listen=127.0.0.1:$((10000 + $$ % 20000))
	serve & pid=$!
	wait_for 1 "watching 1 pair" "$work/log"
	for once in first second; do
		python3 "$here/ask_now.py" "http://$listen" 127.0.0.2 example.test >"$work/asked.$once" 2>&1
	done
	sleep 1
	date +%s >"$work/from"
	kill -TERM $pid
	wait $pid
	echo $? >"$work/status"
	date +%s >"$work/to"'
# The first session of a pair begins by itself, and may have begun before the first who asks.
same 'who asks while a session is under way shares it' joined "$(cat "$work/asked.second")"
same 'a hanging session ends with QUIT' 1 "$(has '127.0.0.2 > 127.0.1.1: EHLO MAIL QUIT' "$work/play")"
same 'in time, exit status 0' 'yes|0' \
	"$([ $(($(cat "$work/to") - $(cat "$work/from"))) -lt 10 ] && echo yes)|$(cat "$work/status")"
same 'and is remembered as what it was' 1 "$(has 'msg=session.*verdict=' "$work/log")"

# ---- log formats ----------------------------------------------------------------------------
timeout 20 "$mxprobe" serve --config "$work/good.yaml" --store "$store" --listen none --log json 2>"$work/json" &
pid=$!
tries=0
until grep -qs watching "$work/json" || [ $tries -ge 500 ]; do
	tries=$((tries + 1))
	sleep 0.02
done
kill -TERM $pid
wait $pid
same 'json: each line is an object with time, level and sentence' 'info|2' \
	"$(jq -r .level "$work/json" | sort -u)|$(jq -r 'select(.ts and .msg).msg' "$work/json" | wc -l)"
: >"$work/journal"
(
	JOURNAL_STREAM=$(stat -c %d:%i "$work/journal")
	export JOURNAL_STREAM
	exec timeout 20 "$mxprobe" serve --config "$work/good.yaml" --store "$store" --listen none
) 2>"$work/journal" &
pid=$!
tries=0
until grep -qs watching "$work/journal" || [ $tries -ge 500 ]; do
	tries=$((tries + 1))
	sleep 0.02
done
kill -TERM $pid
wait $pid
same 'to the journal: logfmt, behind the priority' 2 "$(has '^<6>ts=[^ ]* level=info msg=' "$work/journal")"

# ---- hours ----------------------------------------------------------------------------------
if [ "$moves" = 0 ]; then
	skip 'killed and started again' 'the clock of this build cannot be moved'
	skip 'a delisting followed by the daemon' 'the clock of this build cannot be moved'
else
	# Killed three times: the store says when sessions began. On loopback the ledger has no half hour and only the
	# schedule keeps it, which knows nothing of a session that was killed (tests/store/processes.sh has the floors).
	rm -f "$store"*
	cp "$work/more.yaml" "$work/now.yaml"
	play "$work/never.yaml" '
		: >"$work/log"
		for round in 1 2 3; do
			seen=$(grep -c "msg=session" "$work/log")
			serve & pid=$!
			wait_for $((seen + 2)) "msg=session" "$work/log"
			sleep 0.5
			kill -9 $pid
			wait $pid
		done
		seen=$(grep -c "msg=session" "$work/log")
		serve & pid=$!
		wait_for $((seen + 1)) "msg=session" "$work/log"
		kill -TERM $pid
		wait $pid
		echo $? >"$work/status"'
	same 'killed and started again: it goes on' 0 "$(cat "$work/status")"
	same 'no pair sooner than half an hour, whoever was killed' yes "$(sqlite3 "$store" "
		SELECT CASE WHEN min(b.started_us - a.started_us) >= 1800000000 THEN 'yes' ELSE min(b.started_us - a.started_us) END
		FROM session a JOIN session b ON a.source = b.source AND a.grp = b.grp AND b.id > a.id
			AND a.outcome <> 'aborted'")"
	same 'the state survives, and is told once' '2|2' \
		"$(sqlite3 "$store" "SELECT count(*) FROM pair WHERE state = 'blocked'")|$(sqlite3 "$store" "SELECT count(*) FROM event")"

	# `verify` opens the case and takes the first step; the daemon takes the others.
	rm -f "$store"*
	cp "$work/good.yaml" "$work/now.yaml"
	play "$work/four-hours.yaml" '
		"$mxprobe" verify --source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp --to example.test \
			--store "$store" --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" --once --ticket SRX1 >"$work/verified"
		serve & pid=$!
		wait_for 1 "to=clear " "$work/log"
		sleep 0.3
		kill -TERM $pid
		wait $pid'
	same 'a delisting is followed to its end' '1|1' \
		"$(sqlite3 "$store" "SELECT count(*) FROM delist_case WHERE ticket = 'SRX1' AND cleared_us > 0 AND closed_us > 0")|$(
			sqlite3 "$store" "SELECT count(*) FROM pair WHERE state = 'clear'")"
	# Once it is clear the schedule goes on, and days pass in a moment until the daemon is stopped.
	same 'by steps of its ladder, each once' yes "$(sqlite3 "$store" "
		SELECT CASE WHEN step BETWEEN 4 AND 8 AND step = sessions THEN 'yes' ELSE step || '|' || sessions END
		FROM (SELECT step, (SELECT count(*) FROM result WHERE time_us <= cleared_us) AS sessions FROM delist_case)")"
fi
finish
