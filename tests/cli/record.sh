#!/bin/sh
# record.sh - a kept session becomes a scenario that passes as it is, and tells nobody whose it was.
. "$(dirname "$0")/lib.sh"
MXPROBE_CERTS=$PWD/certs/pki
export MXPROBE_CERTS
store=$work/kept.db

cat >"$work/probe.sh" <<'END'
exec "$1" check --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" --source 127.0.0.9 --to "$3" \
	--helo relay9.secret.example --mail-from boss@secret.example --store "$2" --format json -q
END

# round SCENARIO DESTINATION VERDICT: probed, recorded, tested.
round() {
	rm -f "$store"* "$work/recorded.yaml"
	run scenario play "$source_dir/scenarios/$1.yaml" -- sh "$work/probe.sh" "$mxprobe" "$store" "$2"
	id=$(printf '%s\n' "$out" | sed -n 's/^{.*"id":"\([0-9A-Z]*\)".*/\1/p')
	run scenario record --store "$store" -o "$work/recorded.yaml" "$id"
	same "$1 is recorded" "0|" "$status|$err"
	same "$1: nobody's names" 0 "$(grep -ciE 'secret|boss|relay9|127\.0\.0\.9' "$work/recorded.yaml")"
	same "$1: the verdict it had" "    - verdict: $3" "$(grep -- '- verdict' "$work/recorded.yaml")"
	run scenario test "$work/recorded.yaml"
	case $out in
	*'1 skipped'*) not_ok "$1 passes as a test" 'skipped' ;;
	*) same "$1 passes as a test" 0 "$status" ;;
	esac
	[ "$status" = 0 ] || printf '%s\n%s\n' "$out" "$err" | sed 's/^/# /'
}

round accept/plain example.test accepted
round accept/starttls example.test accepted
round blocklist/outlook-s3140 outlook.com blocked
round blocklist/gmx-banner gmx.net blocked
round broken/reset-at-mail example.test broken
round accept/empty-line example.test accepted
round broken/desynchronised example.test broken
round paths/control-unknown example.test unreachable

# Several lines before the EHLO, and words of a network of others.
cat >"$work/many.yaml" <<'END'
about: a refusal in the greeting, in several lines
probe:
  to: [example.test]
zone:
  - {name: example.test, type: MX, data: 10 mx1.example.test}
  - {name: mx1.example.test, type: A, data: 127.0.1.1}
servers:
  - address: 127.0.1.1
    replies:
      - command: CONNECT
        reply:
          - "554-mx1.example.test"
          - "554-Your access to this mail system from {client} has been rejected"
          - "554-due to the sending MTA's poor reputation; see 203.0.113.99, \"too\"."
          - "554 relay9.secret.example, we are sorry."
        then: close
END
cp "$work/many.yaml" "$work/many-lines.yaml"
rm -f "$store"*
run scenario play "$work/many-lines.yaml" -- sh "$work/probe.sh" "$mxprobe" "$store" example.test
id=$(printf '%s\n' "$out" | sed -n 's/^{.*"id":"\([0-9A-Z]*\)".*/\1/p')
run scenario record --store "$store" "$id"
same 'each line of a greeting' 4 "$(printf '%s\n' "$out" | grep -c '          - "554')"
same 'addresses of strangers' 1 "$(printf '%s\n' "$out" | grep -c 'see 192.0.2.10, \\"too\\"')"
same 'no name of ours' 0 "$(printf '%s\n' "$out" | grep -c secret)"
printf '%s\n' "$out" >"$work/again.yaml"
run scenario test "$work/again.yaml"
same 'and it passes' 0 "$status"
[ "$status" = 0 ] || printf '%s\n%s\n' "$out" "$err" | sed 's/^/# /'

# ---- what is refused ------------------------------------------------------------------------
refuses_like 64 '*no session is kept as "01NOBODY"*' scenario record --store "$store" 01NOBODY
refuses_like 64 '*say which session*' scenario record --store "$store"
refuses_like 4 "*$work/again.yaml: File exists" scenario record --store "$store" -o "$work/again.yaml" "$id"
finish
