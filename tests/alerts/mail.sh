#!/bin/sh
# mail.sh - alerts by mail: a real Postfix with STARTTLS and a login, hostile replies, a relay that is down.
. "$(dirname "$0")/../cli/lib.sh"
. "$source_dir/tests/mail/mta.sh"
pki=$PWD/certs/pki
desk=$PWD/tests/alerts/desk

lacks=$(mta_lacks)
[ -z "$lacks" ] || {
	echo "1..0 # SKIP $lacks"
	exit 0
}
mta_start || {
	not_ok 'the mail server starts' "$(tail -n 20 "$work/mta/log" "$work/mta/start.log" 2>&1)"
	finish
}
teller=
trap '[ -z "$teller" ] || kill -9 $teller 2>/dev/null; mta_stop; rm -rf "$work"' EXIT

cat >"$work/mxprobe.yaml" <<-END
	mail_from: probe@deliver.test
	deliver: {via: "smtp://probe@localhost:$mta_relay_port", password_file: $mta/password, ca_file: $pki/ca.pem}
	alerts:
	  - mail: {to: [me@deliver.test]}
	    group_wait: 0s
END

# letters COUNT: that many have come to the mailbox, within 30 s.
letters() {
	tries=0
	until [ "$(find "$mta/mail/me" -type f -path '*/new/*' 2>/dev/null | wc -l)" -ge "$1" ] || [ $tries -gt 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	sleep 0.3
	find "$mta/mail/me" -type f -path '*/new/*' 2>/dev/null | wc -l
}

# letter FILTER: of the newest letter, read by Python's parser: an expression of m (message) and t (text).
letter() {
	newest=$(find "$mta/mail/me" -type f -path '*/new/*' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-)
	python3 -c '
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
t = m.get_content()
print(eval(sys.argv[2]))' "$newest" "$1"
}

# ---- the test alert -----------------------------------------------------------------------------
run --config "$work/mxprobe.yaml" alert test
same 'alert test: the relay takes it' '0|alerts[0], mail to me@deliver.test: taken: the relay has taken it' "$status|$out"
same 'it arrives' 1 "$(letters 1)"
grep -q 'sasl_method=.*sasl_username=probe' "$mta/log"
same 'after a login' 0 $?
grep -q 'TLS connection established from .*localhost\|TLS connection established from .*127.0.0.1' "$mta/log"
same 'by TLS' 0 $?
same 'it says what it is' '[mxprobe] test: This is a test' "$(letter 'm["Subject"][:30]')"
same 'and that nobody wrote it' 'auto-generated' "$(letter 'm["Auto-Submitted"]')"

# ---- events, told by the daemon's part ----------------------------------------------------------
start_teller() {
	: >"$work/ready"
	"$desk" run "$work/store.db" "$work/mxprobe.yaml" >"$work/ready" 2>>"$work/log" &
	teller=$!
	while ! grep -q ready "$work/ready"; do sleep 0.05; done
	sleep 0.3
}
happen() {
	printf '%s\n' "$1" | "$desk" happen "$work/store.db"
}

start_teller
happen '203.0.113.5 yahoo blocked no\x0d\x0aSubject: evil\x0d\x0a.\x0d\x0aX: \x1b[31m<script>\xff \xe6\xbc\xa2\xe5\xad\x97'
same 'an event arrives' 2 "$(letters 2)"
same 'with a subject that is one of ours' '[mxprobe] firing: Yahoo refuses 203.0.113.5' "$(letter 'm["Subject"]' |
	sed 's/Yahoo[^r]*refuses/Yahoo refuses/')"
same 'a server adds no header' 1 "$(letter 'len(m.get_all("Subject"))')"
same 'and no control byte to the text' True "$(letter 'all(c >= " " or c == "\n" for c in t)')"
same 'its words are all there' True "$(letter '"no\\x0d\\x0aSubject: evil" in t and "<script>" in t and "漢字" in t')"
thread=$(letter 'm["References"]')
happen '203.0.113.5 yahoo clear OK'
same 'so does its end' '3|True' "$(letters 3)|$(letter '"accepts 203.0.113.5 again" in m["Subject"]')"
same 'in the same thread' "$thread" "$(letter 'm["References"]')"

# ---- the relay is down --------------------------------------------------------------------------
postfix -c "$mta/etc" stop >/dev/null 2>&1
happen '203.0.113.6 yahoo blocked no'
tries=0
until grep -q 'trying again' "$work/log" || [ $tries -gt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
grep -q 'trying again' "$work/log"
same 'a relay that is down: it is tried again' 0 $?
kill -9 $teller
wait $teller 2>/dev/null
postfix -c "$mta/etc" start >/dev/null 2>&1
wait_for mta_listens $mta_relay_port
start_teller
same 'up again, and we were killed meanwhile: it is told once' 4 "$(letters 4)"
same 'four letters, four ids' 4 "$(cat "$mta"/mail/me/new/* | grep -i '^Message-ID:' | sort -u | wc -l)"
kill $teller
wait $teller
same 'the teller ends when it is told to' 0 $?
teller=
[ "$failed" = 0 ] || tail -n 20 "$work/log" "$mta/log" | sed 's/^/# /'
finish
