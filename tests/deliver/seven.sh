#!/bin/sh
# seven.sh - mxprobe deliver against Postfix, Dovecot and OpenDKIM on loopback: seven mailboxes with
# seven fates, two hundred messages in a row, and a prober beside it that never says DATA.
. "$(dirname "$0")/../cli/lib.sh"
. "$source_dir/tests/mail/mta.sh"
pki=${MX_PKI:-$PWD/certs/pki}

lacks=$(mta_lacks)
if [ -n "$lacks" ]; then
	echo "1..0 # SKIP $lacks"
	echo "SKIP: tests/deliver/seven.sh: $lacks" >&2
	exit 0
fi
cleanup() {
	[ -n "${dns_pid:-}" ] && kill "$dns_pid" 2>/dev/null
	mta_stop
	rm -rf "$work"
}
trap cleanup EXIT
if ! mta_start; then
	not_ok "Postfix, Dovecot and OpenDKIM run" "$(cat "$mta/start.log"; tail -n 20 "$mta/log" "$mta/dovecot.log")"
	finish
fi
# Names under test. exist nowhere; whoever is asked says so at once.
python3 "$source_dir/tests/deliver/nobody.py" >"$work/dns" &
dns_pid=$!
wait_for test -s "$work/dns"
dns=127.0.0.1@$(cat "$work/dns")

inbox() {
	echo "    - {mailbox: $1@deliver.test, imap: \"imaps://localhost:$mta_imaps_port\"," \
		"password_file: $mta/password, ca_file: $pki/ca.pem}"
}
{
	cat <<-END
	mail_from: probe@deliver.test
	mailboxes: [me@deliver.test, junk@deliver.test, spoof@deliver.test, norcpt@deliver.test, later@deliver.test,
	  back@deliver.test, lost@deliver.test]
	own: [deliver.test]
	deliver:
	  via: "smtp://probe@localhost:$mta_relay_port"
	  password_file: $mta/password
	  ca_file: $pki/ca.pem
	  inboxes:
	END
	for user in me junk back lost probe; do inbox $user; done
} >"$work/mxprobe.yaml"
sed '/^own:/d' "$work/mxprobe.yaml" >"$work/polite.yaml"

deliver() {
	run --config "$work/mxprobe.yaml" deliver --dns-server "$dns" "$@"
	cat "$work/out" "$work/err" >>"$work/everything"
}
# of FIELD...: a line of fields, by mailbox.
of() {
	printf '%s\n' "$out" | jq -r --arg who "$1@deliver.test" "select(.mailbox == \$who) | $2"
}

# ---- seven fates -----------------------------------------------------------------------------------
deliver --format json --wait 8 me@deliver.test junk@deliver.test spoof@deliver.test norcpt@deliver.test \
	later@deliver.test back@deliver.test lost@deliver.test
cp "$work/out" "$work/seven.json"
same 'one object a mailbox, and the worst decides the status' '7 1' "$(printf '%s\n' "$out" | jq -s length) $status"
same 'inbox' 'accepted inbox INBOX pass true' \
	"$(of me '"\(.verdict) \(.landed) \(.folder) \(.authentication.dkim) \(.tls)"')"
same 'junk: by its mark, whatever its name; SPF and DMARC of the second field' 'accepted junk Unwanted pass pass fail' \
	"$(of junk '"\(.verdict) \(.landed) \(.folder) \(.authentication | "\(.spf) \(.dkim) \(.dmarc)")"')"
same 'junk in one line' 'delivered to junk; spf=pass dkim=pass dmarc=fail' "$(of junk .summary)"
same 'whom the receiver had it from' '127.0.0.1' "$(of junk .seen_source)"
same 'refused behind the final dot' 'identity eod 550 5.7.26 auth_missing null' \
	"$(of spoof '"\(.verdict) \(.finding | "\(.stage) \(.code) \(.enhanced) \(.category)") \(.landed)"')"
same 'refused at RCPT' 'recipient rcpt 550 5.1.1 recipient_unknown' \
	"$(of norcpt '"\(.verdict) \(.finding | "\(.stage) \(.code) \(.enhanced) \(.category)")"')"
same 'deferred' 'greylisted rcpt 450 4.2.0 greylisted' \
	"$(of later '"\(.verdict) \(.finding | "\(.stage) \(.code) \(.enhanced) \(.category)")"')"
same 'bounced later: the bounce was found in the sender, and is what counts' 'true blocked 550 5.7.1 blocklist_dnsbl true' \
	"$(of back '"\(.accepted) \(.verdict) \(.finding | "\(.code) \(.enhanced) \(.category)") \(.bounced != null)"')"
same 'lost' 'accepted not_found true' "$(of lost '"\(.verdict) \(.landed) \(.accepted)"')"
if python3 -c 'import jsonschema' 2>/dev/null; then
	if python3 "$source_dir/tests/deliver/fits.py" "$source_dir/doc/delivery.schema.json" "$work/seven.json" \
		>"$work/fits" 2>&1; then
		ok "every object is as the schema says"
	else
		not_ok "every object is as the schema says" "$(cat "$work/fits")"
	fi
else
	skip "every object is as the schema says" "python3-jsonschema is not installed"
fi

# ---- alone, each has its exit status ----------------------------------------------------------------
for case in me:0 junk:2 spoof:2 norcpt:2 later:2; do
	deliver --wait 12 "${case%:*}@deliver.test"
	same "status of ${case%:*}" "${case#*:}" "$status"
done
deliver --wait 0 lost@deliver.test
same 'status of lost, after one look' 3 "$status"

# ---- what is remembered ------------------------------------------------------------------------------
run history --format json
same 'history has the messages' '13 1' "$(printf '%s\n' "$out" | jq -s '"\([.[] | select(.schema == "mxprobe.delivery/1")] | length) \([.[] | select(.bounced)] | length)"' -r)"
run status
case $out in
*'junk@deliver.test from 127.0.0.1, now: delivered to junk; spf=pass dkim=pass dmarc=fail'*) ok "status shows them" ;;
*) not_ok "status shows them" "$out" ;;
esac

# ---- bounces from a file ------------------------------------------------------------------------------
deliver --format json --wait 0 lost@deliver.test
id=$(of lost .id)
sed "s/TOKEN/mxprobe-$id/" "$source_dir/tests/deliver/bounce.eml" >"$work/bounce.eml"
deliver --format json --bounce "$work/bounce.eml"
same 'a bounce from a file joins its test' "1 $id blocked 5.7.1 true" \
	"$status $(of lost '"\(.id) \(.verdict) \(.finding.enhanced) \(.bounced != null)"')"
deliver --format json --bounce - <"$work/bounce.eml"
run history --format json
same 'and stays' "blocked" "$(printf '%s\n' "$out" | jq -r --arg id "$id" 'select(.id == $id) | .verdict')"
sed 's/mxprobe-[0-9A-Z]*/nothing/' "$work/bounce.eml" >"$work/other.eml"
refuses 64 "mxprobe: the bounce quotes no message of mxprobe's: no mxprobe-... in it" deliver --bounce "$work/other.eml"

# ---- --clean -------------------------------------------------------------------------------------------
before=$(find "$mta/mail/me/cur" "$mta/mail/me/new" -type f | wc -l)
deliver --format json --clean --wait 12 me@deliver.test
same 'clean: removed, and nothing but that' "true $before" \
	"$(of me .removed) $(find "$mta/mail/me/cur" "$mta/mail/me/new" -type f | wc -l)"
deliver --format json --imap "imap://localhost:$mta_imap_port" --imap-password-file "$mta/password" \
	--ca-file "$pki/ca.pem" --wait 12 me@deliver.test
same 'imap:// goes on by STARTTLS' 'inbox' "$(of me .landed)"

# ---- who may be written to, and how often ------------------------------------------------------------------
refuses 64 "mxprobe: --to: you@deliver.test is not declared as a mailbox of your own: only those in mailboxes: of the configuration are written to" \
	--config "$work/mxprobe.yaml" deliver you@deliver.test
run --config "$work/polite.yaml" deliver --dns-server "$dns" --store "$work/polite.db" --format json --wait 12 me@deliver.test
first=$(of me .verdict)
run --config "$work/polite.yaml" deliver --dns-server "$dns" --store "$work/polite.db" --format json --wait 12 me@deliver.test
same 'no second message within the interval' 'accepted suppressed 3' "$first $(of me .verdict) $status"

# ---- passwords -----------------------------------------------------------------------------------------------
echo wrong-word >"$work/wrong"
chmod 600 "$work/wrong"
deliver --format json --password-file "$work/wrong" --wait 0 me@deliver.test
same 'a login that is refused says so' 'false identity' "$(of me '"\(.accepted) \(.verdict)"')"
case $(of me .note) in
*"refused the login of probe: 535 "*) ok "and by whom" ;;
*) not_ok "and by whom" "$out" ;;
esac
deliver --via "smtp://probe@localhost:$mta_plain_port" --tls may --password-file "$mta/password" --wait 0 me@deliver.test
case $out in
*"not secure enough for a password"*) ok "no password without TLS" ;;
*) not_ok "no password without TLS" "$out" ;;
esac
deliver --via "smtp://localhost:$mta_plain_port" --wait 0 me@deliver.test
case $out in
*"offers no STARTTLS, and TLS is required"*) ok "no message without TLS" ;;
*) not_ok "no message without TLS" "$out" ;;
esac
for word in "$mta_password" wrong-word "$(printf '\0probe\0%s' "$mta_password" | base64)" "$(printf %s "$mta_password" | base64)"; do
	grep -qF -- "$word" "$work/everything" "$work/seven.json" && leaked="${leaked:-} $word"
done
same 'no password on any output' '' "${leaked:-}"
if [ -x "$PWD/tests/mail/post" ]; then
	same 'two hundred in a row over STARTTLS: none is reported wrongly' '200 0 0' \
		"$("$PWD/tests/mail/post" "smtp://probe@localhost:$mta_relay_port" "$pki/ca.pem" "$mta/password" \
			probe@deliver.test lost@deliver.test 200 2>"$work/post.err")"
	same 'and as many arrived' 200 "$(grep -c 'NOQUEUE: discard: RCPT.*lost@deliver.test.*helo=<relay' "$mta/log" |
		awk -v before="$(grep -c 'lost@' "$work/seven.json")" '{ print ($1 >= 200) ? 200 : $1 }')"
else
	not_ok "two hundred in a row" "tests/mail/post is not built"
fi

# ---- the prober beside it --------------------------------------------------------------------------------------
# check and deliver at the same time, every write of both on record: DATA is deliver's alone.
# watched NAME SECONDS COMMAND...: what it writes goes to NAME.strace. LeakSanitizer can't be traced.
watched() {
	name=$1 seconds=$2
	shift 2
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=write,writev,sendto,sendmsg -s 200 -o "$work/$name.strace" \
		timeout -s TERM "$seconds" "$mxprobe" --config "$work/watched.yaml" "$@" >"$work/$name.out" 2>"$work/$name.err"
}
if command -v strace >/dev/null; then
	{
		cat "$work/mxprobe.yaml"
		echo 'sources: [{address: 127.0.0.1}]'
		echo 'destinations: [deliver.test]'
	} >"$work/watched.yaml"
	watched check 60 check --source 127.0.0.1 --to deliver.test --port "$mta_mx_port" --tls none --dns-server "$dns" --format json &
	check_pid=$!
	watched serve 12 serve --port "$mta_mx_port" --tls none --dns-server "$dns" --listen none --store "$work/serve.db" &
	serve_pid=$!
	watched deliver 60 deliver --dns-server "$dns" --via "smtp://localhost:$mta_plain_port" --tls may --wait 0 me@deliver.test
	wait $check_pid
	watched verify 60 verify --once --source 127.0.0.1 --to deliver.test --port "$mta_mx_port" --tls none --dns-server "$dns" \
		--store "$work/verify.db"
	wait $serve_pid
	same 'deliver says DATA' yes "$(grep -q '"DATA' "$work/deliver.strace" && echo yes)"
	for name in check serve verify; do
		same "beside it $name speaks, and says neither DATA nor BDAT" 'yes 0' \
			"$(grep -q '"RCPT TO:<me@deliver.test>' "$work/$name.strace" && echo yes) $(grep -cE '"(DATA|BDAT)' "$work/$name.strace")"
	done
else
	skip "check never says DATA" "strace is not installed"
fi
finish
