#!/bin/sh
# preflight.sh - `mxprobe preflight` as a user meets it: table, JSON, Nagios, statuses, odd names.
. "$(dirname "$0")/lib.sh"

cat >"$work/world.yaml" <<'YAML'
about: a source in order, and others that are not
zone:
  - {name: 5.113.0.203.in-addr.arpa, type: PTR, data: mail.example.jp}
  - {name: mail.example.jp, type: A, data: 203.0.113.5}
  - {name: mail.example.jp, type: TXT, data: 'v=spf1 a -all'}
  - {name: example.jp, type: MX, data: 10 mail.example.jp}
  - {name: example.jp, type: TXT, data: 'v=spf1 ip4:203.0.113.5 exp=why.example.jp -all'}
  - {name: why.example.jp, type: TXT, data: '%{i} is not ours'}
  - {name: _dmarc.example.jp, type: TXT, data: 'v=DMARC1; p=reject'}
  - {name: s1._domainkey.example.jp, type: TXT, data: 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='}
  - {name: escape.test, type: TXT, data: "v=spf1 \e[31mred -all"}
  - {name: silent.test, answer: drop}
  - {name: _dmarc.silent.test, answer: drop}
  - {name: fails.test, answer: servfail}
  - {name: _dmarc.fails.test, answer: servfail}
  - {name: list.test, type: A, data: 127.0.0.9}
  - {name: 2.0.0.127.list.test, type: A, data: 127.0.0.2}
  - {name: 6.113.0.203.list.test, type: A, data: 127.0.0.2}
servers:
  - address: 127.0.1.1
YAML

# look ARGUMENT...: preflight in that world, blocklists left out unless named.
look() {
	timeout 120 "$mxprobe" scenario play "$work/world.yaml" -- sh -c '
		mxprobe=$1; out=$2; err=$3
		shift 3
		"$mxprobe" preflight "$@" --dns-server "$MXPROBE_PLAY_DNS" >"$out" 2>"$err"
		echo $? >"$out.status"' \
		sh "$mxprobe" "$work/out" "$work/err" "$@" >"$work/play" 2>&1 </dev/null
	status=$(cat "$work/out.status")
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

# rows: "ptr pass" a line, of JSON output.
rows() {
	jq -r '.checks[] | .check + " " + .result' "$work/out"
}

look --source 203.0.113.5 --mail-from probe@example.jp --dkim-selector s1 --dnsbl none
same 'the table of a source in order' "0||203.0.113.5, HELO mail.example.jp, sender <probe@example.jp>
  pass     ptr            mail.example.jp
  pass     fcrdns         mail.example.jp leads back
  pass     ptr_generic    mail.example.jp
  pass     helo_syntax    mail.example.jp
  pass     helo_resolves  mail.example.jp has 203.0.113.5
  pass     helo_ptr       the PTR name is mail.example.jp
  pass     helo_borrowed  mail.example.jp
  pass     sender_domain  MX 10 mail.example.jp
  pass     spf_mail_from  pass: example.jp TXT \"v=spf1 ip4:203.0.113.5
                          exp=why.example.jp -all\" (matched ip4:203.0.113.5 in
                          the record of example.jp)
  pass     spf_helo       pass: mail.example.jp TXT \"v=spf1 a -all\" (matched a
                          in the record of mail.example.jp)
  pass     dmarc          policy reject: _dmarc.example.jp TXT \"v=DMARC1;
                          p=reject\"
  pass     dkim           s1._domainkey.example.jp TXT \"v=DKIM1; k=ed25519;
                          p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"

1 source: 12 pass, 0 warn, 0 fail, 0 unknown" "$status|$err|$out"

look --source 203.0.113.6 --helo mail.example.jp --mail-from probe@example.jp --dnsbl none -q
same 'quiet: only what warns or fails' "1||203.0.113.6, HELO mail.example.jp, sender <probe@example.jp>
fail ptr fail fcrdns warn helo_resolves warn helo_ptr fail spf_mail_from fail spf_helo" \
	"$status|$err|$(printf '%s\n' "$out" | sed -n 1p)
$(printf '%s\n' "$out" | awk '/^  (fail|warn|pass|unknown)/ { printf "%s%s %s", sep, $1, $2; sep = " " }')"

# ---- exit status: a fail, a warning, something unknown, in this order ---------------------------
look --source 203.0.113.5 --mail-from probe@example.jp --dnsbl none --helo absent.test
same 'a fail is 1' 1 "$status"
look --source 203.0.113.5 --mail-from probe@none.test --dnsbl none
same 'a fail and warnings are 1' 1 "$status"
look --source 203.0.113.5 --mail-from probe@example.jp --dnsbl none --helo '[203.0.113.5]'
same 'a warning is 2' 2 "$status"
look --source 203.0.113.5 --mail-from probe@fails.test --dnsbl none
same 'something unknown is 3' 3 "$status"
look --source 203.0.113.5 --mail-from probe@silent.test --dnsbl none --timeout 0.4
same 'silence is unknown at the deadline, and no fault' '3|0' \
	"$status|$(printf '%s\n' "$out" | grep -c '^  fail')"
look --source 203.0.113.5 --dnsbl none --format nagios
same 'nagios: OK' '0|MXPROBE OK - 0 fail, 0 warn, 0 unknown, 8 pass of 1 source | pass=8;;;0 warn=0;;;0 fail=0;;;0 unknown=0;;;0' \
	"$status|$out"
look --source 203.0.113.6 --dnsbl none --format nagios
same 'nagios: CRITICAL, with what fails' '2|MXPROBE CRITICAL|203.0.113.6: fail ptr: no PTR record at 6.113.0.203.in-addr.arpa' \
	"$status|$(printf '%s\n' "$out" | sed -n '1s/ -.*//p;2p' | tr '\n' '|' | sed 's/|$//')"
look --source 203.0.113.5 --mail-from probe@fails.test --dnsbl none --format nagios
same 'nagios: UNKNOWN' '3|MXPROBE UNKNOWN' "$status|$(printf '%s\n' "$out" | sed -n '1s/ -.*//p')"

# ---- any name, any address --------------------------------------------------------------------
if command -v jq >/dev/null; then
	look --source 198.51.100.0/30 --source 2001:db8::7 203.0.113.5 --dnsbl none --format json
	same 'an object a source, in their order, owned or not' \
		'198.51.100.0 198.51.100.1 198.51.100.2 198.51.100.3 2001:db8::7 203.0.113.5 ' \
		"$(jq -r .source "$work/out" | tr '\n' ' ')"
	for helo in '' 'two words' 'under_score' '%%%' '[1.2.3]' '-' '.' "$(printf 'a\033[31m')" \
		"$(printf '%300s' '' | tr ' ' a)"; do
		look --source 203.0.113.5 --helo "$helo" --dnsbl none --format json
		same "HELO \"$(printf %.20s "$helo")\" is judged" '1|helo_syntax fail' "$status|$(rows | grep helo_syntax)"
	done
	for from in nobody '@' 'a@' 'a@b c' 'a@[203.0.113.5]' 'a b@c..d'; do
		look --source 203.0.113.5 --mail-from "$from" --dnsbl none --format json
		same "sender \"$from\" is judged" '1|sender_domain fail' "$status|$(rows | grep sender_domain)"
	done
	look --source 203.0.113.5 --mail-from '' --dnsbl none --format json
	same 'the null sender: SPF of the HELO name' '0|""|pass|pass' \
		"$status|$(jq -r '[(.mail_from|tojson), .spf.mail_from, .spf.helo] | join("|")' "$work/out")"
	look --source 203.0.113.6 --mail-from probe@example.jp --dnsbl none --format json
	same 'what the domain says to those who fail' 'fail|203.0.113.6 is not ours' \
		"$(jq -r '[.spf.mail_from, .spf.explanation] | join("|")' "$work/out")"
	look --source 203.0.113.5 --helo smtp.dest.test --to dest.test --dnsbl none --format json
	same "a destination's name is borrowed" 'helo_borrowed fail' "$(rows | grep borrowed)"

	look --source 203.0.113.5 --source 203.0.113.6 --dnsbl list.test --format json
	same 'a blocklist is asked about each source' 'dnsbl:list.test pass|dnsbl:list.test fail|' \
		"$(rows | grep dnsbl | tr '\n' '|')"

	cat >"$work/config.yaml" <<'YAML'
sources:
  - address: 203.0.113.5
    helo: mail.example.jp
mail_from: probe@example.jp
dkim_selectors: [s1, s2]
dnsbl: {zones: [list.test]}
YAML
	look --config "$work/config.yaml" --format json
	same 'a configuration file is enough' \
		'1|203.0.113.5|probe@example.jp|dkim pass|dkim fail|dnsbl:list.test pass|' \
		"$status|$(jq -r '.source + "|" + .mail_from' "$work/out")|$(rows | grep -e dkim -e dnsbl | tr '\n' '|')"
	look --config "$work/config.yaml" --source 203.0.113.6 --dkim-selector s1 --dnsbl none --format json
	same 'options beat it' '203.0.113.6|[203.0.113.6]|dkim pass|' \
		"$(jq -r '.source + "|" + .helo' "$work/out")|$(rows | grep -e dkim -e dnsbl | tr '\n' '|')"
else
	skip 'JSON' 'jq is not installed'
fi

look --source 203.0.113.5 --mail-from probe@escape.test --dnsbl none
same 'records steer no terminal' 0 "$(LC_ALL=C grep -c "$(printf '\033')" "$work/out")"

# ---- wrong usage ------------------------------------------------------------------------------
refuses_like 64 "mxprobe: no source address*" preflight
refuses_like 64 'mxprobe: --helo: *holds a line end*' preflight --source 203.0.113.5 \
	--helo "$(printf 'a\r\nb')"
refuses_like 64 'mxprobe: --mail-from: *holds a line end*' preflight --source 203.0.113.5 \
	--mail-from 'a@b>'
refuses_like 64 'mxprobe: --dnsbl none: *' preflight --source 203.0.113.5 --dnsbl all --dnsbl none
refuses_like 64 'mxprobe: --dnsbl: *neither a zone*' preflight --source 203.0.113.5 --dnsbl zen
refuses_like 64 'mxprobe: --dkim-selector: *is no selector*' preflight --source 203.0.113.5 \
	--dkim-selector 'a b'
refuses_like 64 'mxprobe: source *65536 addresses*' preflight --source 10.0.0.0/8
refuses_like 64 'mxprobe: source *is no address, block or interface*' preflight --source nosuch0
printf 'dkim_selectors: ["a b"]\n' >"$work/bad.yaml"
refuses_like 78 "mxprobe: $work/bad.yaml:1: dkim_selectors*no selector" preflight --config "$work/bad.yaml"
finish
