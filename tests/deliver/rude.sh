#!/bin/sh
# rude.sh - mxprobe deliver and relays that hang, close, reset or talk nonsense at every stage, inject
# plaintext, or show a wrong certificate: a clear sentence in time, and nothing called sent that was not.
. "$(dirname "$0")/../cli/lib.sh"
pki=${MX_PKI:-$PWD/certs/pki}

command -v python3 >/dev/null && command -v jq >/dev/null && [ -s "$pki/good.pem" ] || {
	echo "1..0 # SKIP python3, jq or the test PKI is missing"
	exit 0
}
. "$source_dir/tests/deliver/relays.sh"
cat >"$work/mxprobe.yaml" <<-'END'
mail_from: probe@deliver.test
mailboxes: [me@deliver.test]
own: [deliver.test]
END

# rude KIND [OPTION...]: fields of the result in $out; $took seconds.
rude() {
	kind=$1
	shift
	port=$(port_of "$kind")
	scheme=smtp
	case $kind in implicit*) scheme=smtps ;; esac
	before=$(date +%s)
	run --config "$work/mxprobe.yaml" deliver --dns-server "$dns" --format json --via "$scheme://probe@localhost:$port" \
		--password-file "$work/password" --ca-file "$pki/ca.pem" --timeout 2 --wait 0 "$@" me@deliver.test
	took=$(($(date +%s) - before))
	cat "$work/out" "$work/err" >>"$work/everything"
	note=$(printf '%s\n' "$out" | jq -r '.note // ""')
}
# tells KIND PATTERN: not sent, the sentence fits, status 3, in time.
tells() {
	wanted=$2
	rude "$1"
	# shellcheck disable=SC2254 # a pattern is meant
	case $note in
	$wanted) fits=yes ;;
	*) fits="no: $note" ;;
	esac
	[ "$took" -le 12 ] && fits="$fits in time"
	same "$1" "false 3 yes in time" "$(printf '%s\n' "$out" | jq -r .accepted) $status $fits"
}

for stage in "greeting:greeting" "ehlo:reply to EHLO" "starttls:reply to STARTTLS" "auth:reply to the login" \
	"mail:reply to MAIL FROM" "rcpt:reply to RCPT TO" "data:reply to the command before the message" "dot:reply to the message" \
	"tls-ehlo:reply to EHLO"; do
	words=${stage#*:}
	tells "${stage%%:*}-hang" "relay localhost:*: no $words*"
	tells "${stage%%:*}-close" "relay localhost:*: no $words: *"
	tells "${stage%%:*}-reset" "relay localhost:*: no $words: *"
	tells "${stage%%:*}-garbage" "relay localhost:*: said something that is no SMTP reply*"
done
tells tls-hang "relay localhost:*: no end of the TLS handshake, and 2 s are over*"
tells tls-close "relay localhost:*: the TLS handshake failed: *"
tells tls-reset "relay localhost:*: the TLS handshake failed: *"
tells tls-garbage "relay localhost:*: the TLS handshake failed: *"
tells injection "relay localhost:*: sent plaintext behind its reply to STARTTLS*; nothing was sent"
tells wrong-name "relay localhost:*: its certificate does not hold: *; expected one for localhost from a trusted CA, and this one is for wrong.invalid"
tells self-signed "relay localhost:*: its certificate does not hold: *; expected one for localhost *"
tells expired "relay localhost:*: its certificate does not hold: certificate has expired; *"
tells no-starttls "relay localhost:*: offers no STARTTLS, and TLS is required*"
tells starttls-refused "relay localhost:*: refused STARTTLS: 454 4.7.0 TLS not available"
tells endless "relay localhost:*: sent *"
tells drip "relay localhost:*: no greeting, and 2 s are over*"
tells early "relay localhost:*: spoke before it was asked: *"
tells early-data "relay localhost:*: spoke before it was asked: *"
tells implicit-hang "relay localhost:*: no greeting, and 2 s are over*"

rude dot-hang
same 'where the answer to the message never came it may have been taken' 'true false' \
	"$(printf '%s\n' "$out" | jq -r '"\(.in_doubt) \(.accepted)"')"
for kind in mail-close data-close early early-data; do
	rude $kind
	same "in doubt only behind the final dot: $kind" false "$(printf '%s\n' "$out" | jq -r .in_doubt)"
done
rude greeting-554
same 'a greeting that refuses is classified' 'false 554' "$(printf '%s\n' "$out" | jq -r '"\(.accepted) \(.finding.code)"')"
rude mixed
same 'codes that change: the last line decides' 'recipient 550' \
	"$(printf '%s\n' "$out" | jq -r '"\(.verdict) \(.finding.code)"')"
for kind in good bare-lf quit-hang implicit cram; do
	rude $kind
	same "taken: $kind" 'true accepted' "$(printf '%s\n' "$out" | jq -r '"\(.accepted) \(.verdict)"')"
done

# What may not have left: a login where the certificate is wrong, and anything behind an injection.
same 'no login to a relay that nobody vouches for' '' \
	"$(grep -E '^GOT (wrong-name|self-signed|expired|injection|no-starttls|starttls-refused) ' "$work/rude" | grep -E 'AUTH|MAIL|RCPT')"
same 'no BDAT, whatever is offered' 0 "$(grep -c '^GOT .*BDAT' "$work/rude")"
same 'the secret of the front stays here' 0 "$(grep -c '^GOT .*mxprobe-[0-9a-f]\{32\}' "$work/rude")"
leaked=
for word in secret-word "$(printf '\0probe\0secret-word' | base64)" "$(printf secret-word | base64)"; do
	grep -qF -- "$word" "$work/everything" && leaked="$leaked $word"
done
same 'no password on any output' '' "$leaked"
same 'the relays themselves did not fail' '' "$(grep -v Traceback "$work/rude.err" | grep Error | head -n 3)"
finish
