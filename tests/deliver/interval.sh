#!/bin/sh
# interval.sh - `mxprobe serve` sends a test message every deliver.interval, counted from the last one in the store,
# however often it is started again. Two days in seconds: needs a build with --enable-test-clock.
. "$(dirname "$0")/../cli/lib.sh"
pki=${MX_PKI:-$PWD/certs/pki}
clock_py=$source_dir/tests/lab/lib/clock.py

lacks=
command -v python3 >/dev/null && command -v jq >/dev/null && [ -s "$pki/good.pem" ] ||
	lacks='python3, jq or the test PKI is missing'
"$mxprobe" --version | grep -q 'test clock' || lacks='the clock of this build cannot be moved'
[ -z "$lacks" ] || {
	echo "1..0 # SKIP $lacks"
	exit 0
}
. "$source_dir/tests/deliver/relays.sh"
: >"$work/log"
serve_pid=
cat >"$work/mxprobe.yaml" <<-END
	sources: [{address: 127.0.0.1, helo: probe.deliver.test}]
	destinations: [deliver.test]
	mail_from: probe@deliver.test
	mailboxes: [me@deliver.test]
	own: [deliver.test]
	deliver:
	  via: "smtp://probe@localhost:$(port_of good)"
	  password_file: $work/password
	  ca_file: $pki/ca.pem
	  interval: 6h
END
MXPROBE_TEST_CLOCK=$work/clock
export MXPROBE_TEST_CLOCK

begin() {
	"$mxprobe" --config "$work/mxprobe.yaml" serve --dns-server "$dns" --port 1 \
		--listen none --store "$work/store.db" --log text 2>>"$work/log" &
	serve_pid=$!
	: >"$work/clock.log"
	wait_for grep -q watching "$work/log"
}
stop() {
	kill $serve_pid
	wait $serve_pid
	serve_pid=
	: >"$work/log"
}
# The relay is done with every message it was asked to take: nobody's deadline may pass meanwhile.
is_calm() {
	[ "$(grep -c '^GOT good DATA' "$work/rude")" -le "$(messages | wc -l)" ]
}
# One line a message: when it was sent, in seconds.
messages() {
	"$mxprobe" history --store "$work/store.db" --format json 2>/dev/null |
		jq -r 'select(.schema == "mxprobe.delivery/1") | .time | sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601' | sort -n
}
# pass SECONDS
pass() {
	python3 "$clock_py" "$work/clock" pass "$1" >>"$work/clock.log"
	wait_for is_calm
}
# Half hours, so many.
halves() {
	for _ in $(seq "$1"); do pass 1800; done
}

begin
same 'none at once' 0 "$(messages | wc -l)"
pass 61
wait_for grep -q '^GOT good DATA' "$work/rude"
wait_for is_calm
same 'one after a minute' 1 "$(messages | wc -l)"
halves 11
same 'none before the interval is over' 1 "$(messages | wc -l)"
halves 1
same 'then the next' 2 "$(messages | wc -l)"
halves 12
same 'and the next' 3 "$(messages | wc -l)"
apart=$(messages | awk 'NR > 1 { print ($1 - last >= 21600 && $1 - last <= 21600 + 1800) ? "right" : $1 - last } { last = $1 }')
same 'six hours between two' 'right right' "$(echo $apart)"
for _ in 1 2 3; do
	stop
	begin
	pass 120
done
same 'started again and again: none before its time' 3 "$(messages | wc -l)"
halves 12
same 'and not left out' 4 "$(messages | wc -l)"
stop
same 'no sanitizer has complained' 0 "$(grep -cE 'Sanitizer|runtime error' "$work/log")"
finish
