#!/bin/sh
# verify.sh - `mxprobe verify`: a delisting followed to its end, and never called clear too early.
#
# Days pass in a moment in a build with --enable-test-clock; elsewhere those stories are skipped.
. "$(dirname "$0")/lib.sh"
scenarios=$source_dir/scenarios/delisting
who='--source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp --to example.test'
store=$work/verify.db
TZ=UTC
export TZ

# play FILE COMMAND: COMMAND (of the shell) beside the servers. $verify is the command with everything
# needed. What the servers saw: $sessions; $out, $err, $status are COMMAND's.
play() {
	MX_VERIFY="$mxprobe verify $who --store $store" timeout 300 "$mxprobe" scenario play "$scenarios/$1" -- sh -c '
		verify="$MX_VERIFY --dns-server $MXPROBE_PLAY_DNS --port $MXPROBE_PLAY_PORT"
		exec >"$1/out" 2>"$1/err"
		eval "$2"
		echo $? >"$1/status"' sh "$work" "$2" >"$work/play" 2>&1 </dev/null
	out=$(cat "$work/out")
	err=$(cat "$work/err")
	status=$(cat "$work/status")
	sessions=$(sed -n 's/^The servers saw \([0-9]*\) session.*/\1/p' "$work/play")
}

fresh() {
	rm -f "$store" "$store"-*
}

# ---- what is refused ------------------------------------------------------------------------
refuses_like 64 '*2 sources*' verify --source 127.0.0.2 --source 127.0.0.3 --mail-from a@b.jp --to example.test
refuses_like 64 '*2 destinations*' verify --source 127.0.0.2 --mail-from a@b.jp --to example.test other.test
refuses_like 64 '*less than mail proves nothing*' verify --source 127.0.0.2 --mail-from a@b.jp --to example.test --depth ehlo
refuses_like 64 '*--ladder*later than the one before*' verify --ladder 4h,1h
refuses_like 64 '*--for*such as 72h*' verify --for soon
refuses_like 64 '*--outcome*not_qualified*' verify --outcome perhaps
refuses_like 64 '*--ticket*empty*' verify --ticket ''

# ---- where no session can tell ------------------------------------------------------------------
MX_GMAIL="$mxprobe verify --source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp --to gmail.com" \
	timeout 60 "$mxprobe" scenario play "$source_dir/scenarios/identity/gmail-no-ptr-spf-fails.yaml" -- sh -c '
	for i in 1 2; do
		$MX_GMAIL --dns-server $MXPROBE_PLAY_DNS --port $MXPROBE_PLAY_PORT --once
	done
	$0 status --format json' "$mxprobe" >"$work/out" 2>"$work/err" </dev/null
case $(cat "$work/err") in
*'judges addresses only after DATA'*) ok 'it is said where no accept proves anything' ;;
*) not_ok 'it is said where no accept proves anything' "$(cat "$work/err")" ;;
esac
case $(cat "$work/out") in
*accepted*'"state":"delist_requested"'*) ok 'and an accept there clears nothing' ;;
*) not_ok 'and an accept there clears nothing' "$(cat "$work/out")" ;;
esac

# ---- one step at a time ---------------------------------------------------------------------
play one-of-four.yaml '$verify --ticket SRX1 --once --mx one'
same 'once: a step and no waiting' '3|1|step 1   accepted' \
	"$status|$sessions|$(printf '%s\n' "$out" | grep -o 'step 1   accepted')"
printf '%s\n' "$out" | grep -q 'delist_requested -> clearing (1 of 4): first accepted at 127.0.1.1'
same 'once: one accept of four is not clear' 0 $?
play one-of-four.yaml '$verify --once'
same 'once: no step is due, nobody is asked' '3|0|1' \
	"$status|$sessions|$(printf '%s\n' "$out" | grep -c 'clearing; 1 of 4 addresses accepts; next step .* (in 1 h)')"
play one-of-four.yaml '$verify --once --outcome not_qualified'
same 'the provider said no: no more sessions' '3|0|1' \
	"$status|$sessions|$(printf '%s\n' "$out" | grep -c 'has refused the request, no more sessions')"
play one-of-four.yaml '$verify --once'
same 'and that is remembered' '3|0|1' \
	"$status|$sessions|$(printf '%s\n' "$out" | grep -c 'has refused the request, no more sessions')"
play one-of-four.yaml '$verify --once --ticket SRX2'
same 'another ticket is another request: its first step' '1|1|1|1' \
	"$status|$sessions|$(printf '%s\n' "$out" | grep -c '^127.0.0.2 at example.test, ticket SRX2: request of')|$(
		printf '%s\n' "$out" | grep -c 'step 1   blocked      mx2.example.test 127.0.1.2: 550')"
play one-of-four.yaml '$verify --once --format json'
same 'json: where it stands' '{"schema":"mxprobe.verify/1","type":"end","ticket":"SRX2","state":"blocked","of":4,"end":"not_due","status":1}' \
	"$(printf '%s\n' "$out" | jq -c '{schema, type, ticket, state, of: .propagation.of, "end": .end, status}' 2>&1)"

# ---- nothing learned is never clear ---------------------------------------------------------
fresh
run verify $who --store "$store" --once --dns-server 127.0.0.9@9
same 'a dead resolver: our side, nothing learned' '4|1' "$status|$(printf '%s\n' "$out" | grep -c 'nothing was learned: our resolver')"
fresh
play out-of-reach.yaml '$verify --once --format json'
same 'an address out of reach: the next one is asked, and blocks' '["blocked","unreachable"]|"delist_requested"' \
	"$(printf '%s\n' "$out" | jq -c 'select(.type == "step") | [.results[].verdict] | sort' | head -n 1)|$(
		printf '%s\n' "$out" | jq -c 'select(.type == "step") | .state' | head -n 1)"

# ---- killed while it waits ------------------------------------------------------------------
fresh
unset_clock='unset MXPROBE_TEST_CLOCK;' # an hour is an hour
play one-of-four.yaml "$unset_clock"'
	for i in 1 2 3; do
		$verify --ticket SRX1 >"$1/line$i" & pid=$!
		while ! grep -qE "next step|going on" "$1/line$i"; do
			kill -0 $pid || break
			sleep 0.02
		done
		kill -9 $pid
		wait $pid
	done
	$verify --ticket SRX1 & pid=$!
	while ! grep -q "going on" "$1/out"; do sleep 0.02; done
	kill -TERM $pid
	wait $pid'
same 'killed and started again: the step is not doubled' '1|1|0' \
	"$sessions|$(grep -c 'step 1 ' "$work/line1")|$(cat "$work/line2" "$work/line3" "$work/out" | grep -c 'step 1 ')"
same 'interrupted: where it stands, and that it goes on' '3|1|1' \
	"$status|$(printf '%s\n' "$out" | grep -c '^clearing; 1 of 4 addresses accepts; next step')|$(
		printf '%s\n' "$out" | grep -c '^Stopped; the same command goes on from here.$')"

# ---- days in a moment -----------------------------------------------------------------------
case $("$mxprobe" --version) in
*test*clock*) ;;
*)
	skip 'a delisting over days' 'needs --enable-test-clock'
	finish
	;;
esac
# A build with sanitizers is several times slower than what is measured. Others may be using the
# machine, so the best of three counts.
limit_ms=1000
grep -q __asan_init "$mxprobe" && limit_ms=30000
for try in 1 2 3; do
	fresh
	play forty-hours.yaml 'before=$(date +%s%N); $verify --ticket SRX1 --format json; code=$?; after=$(date +%s%N)
		echo $(((after - before) / 1000000)) >"$1/ms"; (exit $code)'
	[ "$(cat "$work/ms")" -ge $limit_ms ] || break
done
same 'four exchangers, one after the other: clear in the end' '0|cleared' \
	"$status|$(printf '%s\n' "$out" | tail -n 1 | jq -r .end)"
same 'blocked, clearing, relapse, clearing, clear: in that order' \
	'delist_requested>clearing clearing>blocked blocked>clearing clearing>clear' \
	"$(printf '%s\n' "$out" | jq -r '.events[]? | "\(.from)>\(.to)"' | tr '\n' ' ' | sed 's/ $//')"
same 'how far it has spread, step by step' '0 0 0 0 1 1 2 3 3 4' \
	"$(printf '%s\n' "$out" | jq -r 'select(.type == "step") | .propagation.accepting' | tr '\n' ' ' | sed 's/ $//')"
same 'clear is said once, with the last step' '9 1' \
	"$(printf '%s\n' "$out" | jq -r 'select(.type == "step") | .state == "clear"' | sort | uniq -c | awk '{ printf "%s%s", sep, $1; sep = " " }')"
same 'the servers saw the steps and no more' "10|10" \
	"$sessions|$(printf '%s\n' "$out" | jq -r 'select(.type == "step") | .step' | wc -l)"
# In hours: the first block is seen some seconds after the request.
same 'how long it took' '120 120' \
	"$(printf '%s\n' "$out" | tail -n 1 | jq -r '.time_to_clear_s | "\((.request + 60) / 3600 | floor) \((.first_block + 60) / 3600 | floor)"')"
same 'the proof: a refusal before, an accept after' 'blocked 550 accepted' \
	"$(printf '%s\n' "$out" | tail -n 1 | jq -r '"\(.before.verdict) \(.before.finding.code) \(.after.verdict)"')"
same 'the hours of the ladder' '0 1 4 12 24 36 48 72 96 120' \
	"$(printf '%s\n' "$out" | jq -r 'select(.type == "step") | [(.time[:19] + "Z" | fromdate), (.opened[:19] + "Z" | fromdate)] | (.[0] - .[1] + 60) / 3600 | floor' |
		tr '\n' ' ' | sed 's/ $//')"
[ "$(cat "$work/ms")" -lt $limit_ms ]
same "five days within $limit_ms ms" 0 $?
echo "# it took $(cat "$work/ms") ms, try $try"
play forty-hours.yaml '$verify'
same 'clear is remembered, nobody is asked again' '0|0|1' \
	"$status|$sessions|$(printf '%s\n' "$out" | grep -c '^clear since')"

fresh
play one-of-four.yaml '$verify --format json'
same 'one address that accepts does not speak for the others' '1|out_of_time|0' \
	"$status|$(printf '%s\n' "$out" | tail -n 1 | jq -r .end)|$(printf '%s\n' "$out" | grep -c '"to":"clear"')"
same 'a week at most' 12 "$sessions"
play one-of-four.yaml '$verify'
same 'out of time is remembered' '1|0|1' "$status|$sessions|$(printf '%s\n' "$out" | grep -c '^out of time: ')"
fresh
play out-of-reach.yaml '$verify --format json'
same 'an exchanger out of reach: never clear' '0' "$(printf '%s\n' "$out" | grep -c '"to":"clear"')"

# Killed again and again while days pass: each step once, and still it comes to its end.
fresh
play forty-hours.yaml '
	ends=0
	while [ $ends -lt 40 ]; do
		ends=$((ends + 1))
		: >"$1/part" # before the new process does: what the last one said must not end it
		$verify --ticket SRX1 --format json >"$1/part" & pid=$!
		while kill -0 $pid 2>/dev/null && ! grep -q "\"type\":\"step\"" "$1/part"; do :; done
		kill -9 $pid 2>/dev/null
		wait $pid
		cat "$1/part"
		! grep -q "\"type\":\"end\"" "$1/part" || break
	done'
same 'killed after every step: no step twice' '' \
	"$(printf '%s\n' "$out" | jq -r 'select(.type == "step") | .step' | sort | uniq -d)"
[ "$sessions" -le 12 ]
same 'killed after every step: no session too many' 0 $?
same 'killed after every step: an end' 1 "$(printf '%s\n' "$out" | grep -c '"type":"end"')"
finish
