#!/bin/sh
# errors.sh - what the program refuses: one line that says what to do, the right status, and
# nothing done.
. "$(dirname "$0")/lib.sh"

cr=$(printf '\r')
lf='
'
base='check --source 127.0.0.2 --to example.test --server 127.0.0.1:1'

# ---- the command line -----------------------------------------------------------------------
refuses 64 'mxprobe: no command given; see mxprobe --help'
refuses 64 'mxprobe: no command "chek" (did you mean check?); see mxprobe --help' chek
refuses 64 'mxprobe: no command "frobnicate"; see mxprobe --help' frobnicate
refuses 64 'mxprobe: unknown option --quite (did you mean --quiet?); see mxprobe --help' --quite
refuses 64 'mxprobe: check: unknown option --sorce (did you mean --source?); see mxprobe check --help' \
	check --sorce 127.0.0.2
refuses 64 'mxprobe: check: unknown option --sou (did you mean --source?); see mxprobe check --help' \
	check --sou 127.0.0.2
refuses 64 'mxprobe: check: unknown option -x; see mxprobe check --help' check -x
refuses 64 'mxprobe: check: --depth wants a value: --depth STAGE' check --depth
refuses 64 'mxprobe: check: --ipv4 takes no value' check --ipv4=yes

# ---- values ---------------------------------------------------------------------------------
refuses 64 'mxprobe: --depth: "data" is not one of banner, ehlo, mail, rcpt' $base --depth data
refuses 64 'mxprobe: --format: "xml" is not one of table, json, nagios' $base --format xml
refuses 64 'mxprobe: --port: "70000" is not a number from 1 to 65535' $base --port 70000
refuses 64 'mxprobe: --timeout: "-1" is not a number of seconds from 0.01 to 600' $base --timeout -1
refuses 64 'mxprobe: --dns-server: "ns.example" is not ADDRESS or ADDRESS@PORT' \
	$base --dns-server ns.example
refuses 64 'mxprobe: --seen-as: "1.2.3" is not an IP address' $base --seen-as 1.2.3
refuses 64 'mxprobe: --server: "1.2.3" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT' \
	check --source 127.0.0.2 --to example.test --server 1.2.3
refuses 64 'mxprobe: --control: "a b" is not HOST, ADDRESS, HOST:PORT, ADDRESS:PORT or [IPV6]:PORT' \
	$base --control 'a b'
refuses 64 'mxprobe: -4 and -6 exclude each other; give neither to use both families' $base -4 -6
refuses 64 'mxprobe: --to: "127.0.0.3" is not a domain; repeat --source for more sources, use --server to probe an address' \
	check --source 127.0.0.2 127.0.0.3 --to example.test

# ---- what is missing ------------------------------------------------------------------------
refuses 64 "mxprobe: no source address: give one of this host's with --source (an address, a CIDR block, an interface or @FILE), or list sources in the configuration file" \
	check --to example.test --mail-from probe@example.jp
refuses 64 'mxprobe: no destination: name a mail domain with --to, for example --to outlook.com' \
	check --source 127.0.0.2 --mail-from probe@example.jp
for depth in '' '--depth mail' '--depth rcpt'; do
	refuses 64 'mxprobe: no sender: give a mailbox of your own with --mail-from, or stop earlier with --depth ehlo' \
		$base $depth
done

# ---- sources --------------------------------------------------------------------------------
refuses_like 64 "mxprobe: source '192.0.2.77' is no address of this host; this host has *127.0.0.1*" \
	check --source 192.0.2.77 --to example.test --depth ehlo
refuses_like 64 "mxprobe: source 'nosuchif0' *; this host has *127.0.0.1*" \
	check --source nosuchif0 --to example.test --depth ehlo
refuses_like 64 "mxprobe: source '127.0.0.999' *" check --source 127.0.0.999 --to example.test
refuses 64 'mxprobe: -6: no source is an IPv6 address (the first is 127.0.0.2); give one with --source' \
	$base -6 --depth ehlo
refuses 64 'mxprobe: --server: ::1 is IPv6, but no source is; give one with --source' \
	check --source 127.0.0.2 --to example.test --server ::1 --depth ehlo
refuses 64 'mxprobe: --control: ::1 is IPv6, but no source is; give one with --source' \
	check --source 127.0.0.2 --to example.test --control ::1 --depth ehlo
refuses_like 64 "mxprobe: source '127.0.0.0/8' is more than 65536 addresses*" \
	check --source 127.0.0.0/8 --to example.test --depth ehlo
refuses 64 'mxprobe: --seen-as: ::1 is IPv6, but no source is; give one with --source' \
	check --source 127.0.0.2 --to example.test --seen-as ::1 --depth ehlo
refuses_like 64 "mxprobe: $work/none can't be read: No such file or directory" \
	check --source "@$work/none" --to example.test --depth ehlo

# ---- nothing of ours may carry a second command -----------------------------------------------
# Each argument that reaches the wire, with each byte that could end a command or an address.
inject() {
	option=$1 begin=$2 end=$3
	for poison in "$cr" "$lf" "$cr${lf}DATA$cr$lf" '>' '<' '> NOTIFY=NEVER' "$(printf '\001')" \
		"$(printf '\033[2J')" "$(printf '\177')"; do
		run $base --depth ehlo "$option" "$begin$poison$end"
		lines=$(wc -l <"$work/err")
		unsafe=$(LC_ALL=C tr -d '[:print:]\n' <"$work/err" | wc -c)
		same "$option refuses $(printf '%s' "$begin$poison$end" | cat -v)" '64|1|0|' \
			"$status|$lines|$unsafe|$out"
	done
}
inject --helo mail .example.jp
inject --helo mail.example.jp ''
inject --mail-from probe @example.jp
inject --mail-from probe@example .jp
inject --rcpt me@example.jp ''
inject --rcpt '' me@example.jp
inject --to example .test
inject --server mx .example.test
refuses 64 "mxprobe: --mail-from: 'a@b.jp>' holds a blank or an angle bracket; give the bare address" \
	$base --mail-from 'a@b.jp>'
refuses 64 "mxprobe: --rcpt: 'me@b.jp\\x0d\\x0aDATA' holds a control character" \
	$base --mail-from a@b.jp --rcpt "me@b.jp$cr${lf}DATA"

# ---- files ----------------------------------------------------------------------------------
with_config() {
	printf "$1" >"$work/mx.yaml"
	shift
	refuses "$@"
}
refuses 78 "mxprobe: $work/none.yaml: No such file or directory" --config "$work/none.yaml" $base
with_config 'mail_from: a@b.jp\nsuorces: []\n' 78 \
	"mxprobe: $work/mx.yaml:2: suorces: unknown key \"suorces\" (did you mean \"sources\"?)" \
	--config "$work/mx.yaml" $base
with_config 'own: [a.jp]\nown: [b.jp]\n' 78 \
	"mxprobe: $work/mx.yaml:2: own: duplicate key \"own\" (first on line 1)" \
	check --config "$work/mx.yaml" --to example.test
with_config 'sources:\n  - address: 1.2.3.4.5\n' 78 \
	"mxprobe: $work/mx.yaml:2: sources[0].address: \"1.2.3.4.5\" is neither an IP address nor the name of an interface" \
	--config "$work/mx.yaml" check --to example.test
with_config 'mailboxes:\n  - "me@b.jp\\r\\nDATA"\n' 78 \
	"mxprobe: $work/mx.yaml:2: mailboxes[0]: mailbox: 'me@b.jp\\x0d\\x0aDATA' holds a control character" \
	--config "$work/mx.yaml" $base --depth ehlo
printf 'mail_from: [\n' >"$work/mx.yaml"
refuses_like 78 "mxprobe: $work/mx.yaml:*" --config "$work/mx.yaml" $base
mkdir -p "$XDG_CONFIG_HOME/mxprobe"
echo 'wrong: 1' >"$XDG_CONFIG_HOME/mxprobe/mxprobe.yaml"
refuses_like 78 "mxprobe: $XDG_CONFIG_HOME/mxprobe/mxprobe.yaml:1: wrong: unknown key \"wrong\" *" $base
rm -r "$XDG_CONFIG_HOME"
MXPROBE_TAXONOMY=$work/none
refuses_like 78 "mxprobe: $work/none*" $base --depth ehlo
MXPROBE_TAXONOMY=$source_dir/taxonomy

# ---- scenarios ------------------------------------------------------------------------------
scenario_refused() {
	run scenario check "$1"
	case $err in
	$2) ok "$(plain "scenario check: $3")" ;;
	*) not_ok "$(plain "scenario check: $3")" "$err" ;;
	esac
	same "scenario check: $3: status" 78 "$status"
}
scenario_refused "$work/none.yaml" "mxprobe: *$work/none.yaml*No such file or directory*" 'no such file'
printf 'about: x\nzones: []\n' >"$work/bad.yaml"
scenario_refused "$work/bad.yaml" "mxprobe: $work/bad.yaml:2: zones: unknown key*" 'unknown key'
printf 'about: [\n' >"$work/bad.yaml"
scenario_refused "$work/bad.yaml" "mxprobe: $work/bad.yaml:*" 'no YAML'

# ---- a full disk, a reader that went away ---------------------------------------------------
if [ -w /dev/full ]; then
	"$mxprobe" $base --depth ehlo --format json >/dev/full 2>"$work/err"
	same 'a full disk is a failure of ours' \
		'4|mxprobe: the results could not be written: No space left on device' \
		"$?|$(grep -v warning "$work/err")"
fi

# ---- Nagios shows only what is on stdout, and knows no status above 3 -----------------------
run check --to example.test --mail-from a@b.jp --format nagios
same 'nagios: a refusal is UNKNOWN, on stdout' \
	"3|MXPROBE UNKNOWN - no source address: give one of this host's with --source (an address, a CIDR block, an interface or @FILE), or list sources in the configuration file|" \
	"$status|$out|$err"
# ---- what the system does not give us ---------------------------------------------------------
(ulimit -n 64 && exec "$mxprobe" $base --depth ehlo) >"$work/out" 2>"$work/err"
status=$?
same 'too few descriptors are our failure, and nobody is probed' \
	'4|mxprobe: only 64 files may be open at once and 128 are needed; raise the limit (ulimit -n)|' \
	"$status|$(cat "$work/err")|$(cat "$work/out")"
"$mxprobe" --help 2>"$work/err" >/dev/full
same 'help that could not be written' \
	'4|mxprobe: standard output could not be written: No space left on device' "$?|$(cat "$work/err")"
"$mxprobe" check --format nagios --config "$work/a|b" >"$work/out"
same 'nagios: a bar begins performance data, so none stands in a message' \
	"3|MXPROBE UNKNOWN - $work/a/b: No such file or directory" "$?|$(cat "$work/out")"
"$mxprobe" check --format nagios 2>"$work/err" >/dev/full
same 'nagios: without standard output the message goes to standard error' '3|mxprobe: no source' \
	"$?|$(cut -c1-18 "$work/err")"
finish
