#!/bin/sh
# command.sh - `mxprobe scenario` and `mxprobe demo` as a user meets them.
. "$(dirname "$0")/../cli/lib.sh"

scenarios=$source_dir/scenarios
plain=$scenarios/accept/plain.yaml
MXPROBE_SCENARIOS=$scenarios MXPROBE_CERTS=$PWD/certs/pki
export MXPROBE_SCENARIOS MXPROBE_CERTS

# write NAME: a scenario from standard input
write() {
	cat >"$work/$1"
}

# ---- what is refused ------------------------------------------------------------------------
refuses 64 'mxprobe: say what to do with scenarios: list, check, play, test or record' scenario
refuses 64 'mxprobe: scenario: "jump" is no action; say list, check, play, test or record' scenario jump
refuses 64 'mxprobe: say which scenario: mxprobe scenario play FILE...' scenario play
refuses 64 'mxprobe: there is no command behind --' scenario play "$plain" --
refuses_like 64 'mxprobe: a command behind -- only goes with *play' scenario test "$plain" -- true
refuses 64 'mxprobe: --jobs: "0" is not a number from 1 to 256' scenario test -j 0
refuses_like 78 "mxprobe: $work/none.yaml: No such file*" scenario play "$work/none.yaml"
mkdir "$work/empty"
refuses 78 "mxprobe: $work/empty: no scenario (*.yaml) below it" scenario list "$work/empty"
refuses_like 4 "mxprobe: can't run /nonexistent/command: *" \
	scenario play "$plain" -- /nonexistent/command

write unknown.yaml <<'END'
about: a key that nobody knows
servers:
  - address: 127.0.1.1
    colour: blue
END
refuses_like 78 "mxprobe: $work/unknown.yaml:4: servers\\[0\\].colour: unknown key*" \
	scenario play "$work/unknown.yaml"
run scenario check "$work/unknown.yaml" "$plain"
same 'check tells how many are faulty' '78|2 scenarios, 1 faulty' "$status|$out"

write word.yaml <<'END'
about: a verdict that there is not
probe: {to: [example.test]}
expect:
  exit: 0
  results:
    - {verdict: excepted}
END
run scenario check "$work/word.yaml"
same 'check knows the verdicts' \
	"78|mxprobe: $work/word.yaml:6: expect.results[0].verdict: there is no verdict \"excepted\"" \
	"$status|$err"

# ---- what comes with the program is sound, and the shown and the nine are there --------------
run scenario check
same 'no installed scenario is faulty' '0|0 faulty' "$status|${out##*, }"
run scenario list "$scenarios/greylist"
case $status$out in
0*greylist/postgrey.yaml*come\ back\ later*) ok 'list shows file and subject' ;;
*) not_ok 'list shows file and subject' "$out" ;;
esac

# ---- play -----------------------------------------------------------------------------------
printf '{}\n' >"$work/config"
# shellcheck disable=SC2016 # for the shell inside
ask='exec "$0" check --config "$1" --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" \
	--source 127.0.0.2 --helo mail.example.jp --mail-from probe@example.jp --to example.test'
run scenario play "$plain" -- sh -c "$ask" "$mxprobe" "$work/config"
case $status$err in
0*'The servers saw 1 session,'*'127.0.0.2 > 127.0.1.1: EHLO MAIL RCPT RSET QUIT'*)
	ok 'play runs a command and tells what the servers saw' ;;
*) not_ok 'play runs a command and tells what the servers saw' "$status $out $err" ;;
esac
run scenario play "$scenarios/dns/implicit-mx.yaml" -- sh -c "$ask" "$mxprobe" "$work/config"
same 'what was odd on the way is said once' 1 "$(echo "$out" | grep -c 'no MX record')"
run scenario play "$scenarios/policy/relay-denied.yaml" -- sh -c 'exit 7'
same 'play ends as the command does' 7 "$status"

# A port in use: the inner world wants the outer one's.
# shellcheck disable=SC2016
run scenario play "$plain" -- sh -c '"$0" scenario play --port "$MXPROBE_PLAY_PORT" "$1"' \
	"$mxprobe" "$plain"
case $status$err in
'4mxprobe: 127.0.1.1:'*' is in use: '*) ok 'a port in use is one clear line, status 4' ;;
*) not_ok 'a port in use is one clear line, status 4' "$status $err" ;;
esac

# Interrupted, it reports and ends well.
"$mxprobe" scenario play "$plain" >"$work/played" 2>"$work/err" &
player=$!
while ! grep -q Ctrl-C "$work/played" && kill -0 $player; do sleep 0.05; done
kill -TERM $player
wait $player
same 'play ends on a signal' 0 $?
case $(cat "$work/played") in
*'name server  127.0.0.1@'*'server       127.0.1.1:'*'mxprobe check --dns-server 127.0.0.1@'*)
	ok 'play prints where, and a command line to paste' ;;
*) not_ok 'play prints where, and a command line to paste' "$(cat "$work/played")" ;;
esac

# ---- test: a difference, a broken promise, an endless scenario are failures -------------------
write differs.yaml <<'END'
about: expects what does not come
probe: {to: [example.test]}
zone:
  - {name: example.test, type: A, data: 127.0.1.1}
servers:
  - address: 127.0.1.1
expect:
  exit: 0
  results:
    - {verdict: blocked}
END
run scenario test --tap "$work/differs.yaml" "$plain"
case $status$out in
"11..2
not ok 1 - $work/differs.yaml"*'verdict is "accepted", expected "blocked"'*"
ok 2 - $plain") ok 'test fails for a difference, and goes on' ;;
*) not_ok 'test fails for a difference, and goes on' "$status $out" ;;
esac

# A prober that greets and leaves without a word more.
write rude.yaml <<'END'
about: nothing expected of politeness
probe: {to: [example.test]}
servers:
  - address: 127.0.1.1
expect: {exit: 0}
END
if command -v bash >/dev/null; then
	cat >"$work/rude" <<'END'
#!/bin/bash
while [ $# -gt 0 ]; do
	[ "$1" = --port ] && port=$2
	shift
done
exec 3<>"/dev/tcp/127.0.1.1/$port"
read -r -u 3 _
printf 'EHLO a\r\nDATA\r\n' >&3
read -r -u 3 _
END
	chmod +x "$work/rude"
	run scenario test --binary "$work/rude" "$work/rude.yaml"
	case $status$out in
	1*'said DATA'*) ok 'test fails for a broken promise' ;;
	*) not_ok 'test fails for a broken promise' "$status $out" ;;
	esac
else
	skip 'test fails for a broken promise' 'bash is not installed'
fi

cat >"$work/endless" <<'END'
#!/bin/sh
exec sleep 50
END
chmod +x "$work/endless"
run scenario test --time-limit 1 --binary "$work/endless" "$plain"
case $status$out in
1*'it never came to an end'*) ok 'test ends what never ends' ;;
*) not_ok 'test ends what never ends' "$status $out" ;;
esac

write tls.yaml <<'END'
about: certificates that are not there
probe: {to: [example.test]}
servers: [{address: 127.0.1.1, tls: good}]
expect: {exit: 0}
END
refuses_like 78 "mxprobe: no certificates in $work/empty *" \
	scenario test --certs "$work/empty" "$work/tls.yaml"

# ---- demo -----------------------------------------------------------------------------------
run demo
same 'demo ends well' 0 "$status"
for word in accepted blocked throttled greylisted identity policy recipient unreachable S3140 \
	'mxprobe check --source YOUR-IP'; do
	case $out in
	*"$word"*) ok "demo shows $word" ;;
	*) not_ok "demo shows $word" "$out" ;;
	esac
done
finish
