#!/bin/sh
# lint.sh - the rules that keep the structure: floors, who may use which library, forbidden calls,
# sizes. Prints TAP; a broken rule is a failing line that names the file.
#
# usage: tests/lint.sh [SOURCE-DIRECTORY]
# With --self-test it breaks each rule in a copy and checks that it is caught.

set -u
here=$(cd "$(dirname "$0")/.." && pwd)
count=0
status=0

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok() {
	count=$((count + 1))
	status=1
	echo "not ok $count - $1"
	echo "$2" | sed 's/^/# /'
}

# rule DESCRIPTION OFFENDERS: passes when OFFENDERS is empty.
rule() {
	if [ -z "$2" ]; then ok "$1"; else not_ok "$1" "$2"; fi
}

c_files() {
	find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# Which floor a file of probe/ stands on, and its folder: a folder below another one belongs to it
# (probe/identity/spf/ is identity). Side by side on floor 2 means: not knowing each other.
floors='
function floor_of(file) {
	if (file ~ /^probe\/(base\/|transcript\.|enhanced\.|reply\.)/) return 0
	if (file ~ /^probe\/(config|catalogue|dns|net|store)\//) return 1
	if (file ~ /^probe\/(plan|identity|smtp|unwrap|verdict|mail)\//) return 2
	if (file ~ /^probe\/(probe\.|result\.|run\/|report\/)/) return 3
	if (file ~ /^probe\/(watch|deliver)\//) return 4
	if (file ~ /^probe\/(web|fleet)\//) return 5
	if (file ~ /^probe\/(cmd\/|main\.c|pack\.c)/ || file ~ /^scenarios\/fakemx\//) return 6
	return -1
}
function folder_of(file, part) {
	split(file, part, "/")
	return part[1] "/" part[2]
}
FNR == 1 {
	mine = floor_of(FILENAME)
	fakemx = FILENAME ~ /^scenarios\/fakemx\//
	if (mine < 0) print FILENAME ": on no floor; name its folder in tests/lint.sh"
}
/^#include "/ {
	included = $0
	sub(/^#include "/, "", included)
	sub(/".*/, "", included)
	theirs = floor_of(included)
	if (fakemx && included ~ /^(probe\/base|scenarios\/fakemx)\//) next
	if (fakemx) print FILENAME " includes " included ": fakemx shares only probe/base/"
	if (theirs < 0)
		print FILENAME " includes " included ": unknown"
	else if (theirs > mine)
		print FILENAME " (floor " mine ") includes " included " (floor " theirs ")"
	if (mine == 2 && theirs == 2 && folder_of(FILENAME) != folder_of(included))
		print FILENAME " includes " included ": the folders of floor 2 do not know each other"
}'

check_floors() {
	c_files probe scenarios | xargs awk "$floors"
}

# check_library PATTERN ALLOWED-PREFIX...
check_library() {
	pattern=$1
	shift
	c_files probe scenarios | grep -vE "^($(echo "$*" | tr ' ' '|'))" |
		xargs grep -HnE "#include <$pattern"
}

check_calls() {
	c_files probe scenarios tests bench | xargs grep -nE \
		'\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atoll|strtok|alloca|tmpnam|mktemp|system|popen) *\(' |
		grep -vE '^[^:]*:[0-9]*: *(/?\*|//)'
}

# Only the program's own ends may exit; everything else returns what went wrong.
check_exits() {
	c_files probe | grep -vE '^probe/(main\.c|cmd/|base/mem\.c)' | xargs grep -nE '\b(exit|_exit|abort) *\(' |
		grep -vE '^[^:]*:[0-9]*: *(/?\*|//)'
}

# Time has one source. Timers of libevent are set in net/ and dns/ through it.
check_time() {
	c_files probe | grep -v '^probe/base/clock\.c' | xargs grep -nE \
		'\b(clock_gettime|gettimeofday|time|sleep|usleep|nanosleep)\(' |
		grep -vE '^[^:]*:[0-9]*: *(/?\*|//)'
}

# The promise: no source of the prober holds a verb that it must never say.
check_verbs() {
	c_files probe | grep -v '^probe/mail/' | xargs grep -nE '"(DATA|BDAT|VRFY|EXPN)[" \\]' |
		grep -v '^probe/report/words\.c'
}

check_headers() {
	c_files probe scenarios | grep '\.h$' | xargs awk '
		FNR == 1 { tell(); name = FILENAME; has_in = has_not = 0 }
		FNR <= 12 && /^ \* In:/ { has_in = 1 }
		FNR <= 14 && /^ \* Not:/ { has_not = 1 }
		END { tell() }
		function tell() {
			if (name != "" && !(has_in && has_not)) print name ": does not open with In, Out, Not"
		}'
}

check_lengths() {
	c_files probe scenarios tests bench | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }'
}

# What can say DATA is out of the prober's reach: only these two send mail, and the command above them.
check_mail() {
	c_files probe | grep -vE '^probe/(mail|deliver|watch/alert)/|^probe/cmd/(deliver|alert|serve)' |
		xargs grep -HnE '^#include "probe/mail/'
}

# A function's body runs from a "{" in the first column to the next "}" there.
check_functions() {
	c_files probe scenarios bench | xargs awk '
		FNR == 1 { start = 0 }
		/^{/ { start = FNR }
		/^}/ && start { if (FNR - start > 80) print FILENAME ":" start ": " FNR - start " lines"; start = 0 }'
}

check_paths() {
	git ls-files 2>/dev/null | grep -v '^LICENSE$' | xargs grep -nIE '/(work|root|home)/[a-z]' 2>/dev/null |
		grep -vE '/home/(user|you)\b'
}

lint() {
	cd "$1" || exit 1
	rule "files include only their own or a lower floor" "$(check_floors)"
	rule "libevent only where the network is" "$(check_library 'event2?[/.]' probe/net/ probe/dns/ \
		probe/watch/ probe/web/ scenarios/fakemx/)"
	rule "OpenSSL only in net/ and fakemx" "$(check_library 'openssl/' probe/net/ scenarios/fakemx/)"
	rule "libunbound only in dns/" "$(check_library 'unbound' probe/dns/)"
	rule "SQLite only in store/" "$(check_library 'sqlite3' probe/store/)"
	rule "libcurl only in net/fetch" "$(check_library 'curl/' probe/net/fetch)"
	rule "libesmtp only in mail/" "$(check_library '(libesmtp|auth-client)' probe/mail/)"
	rule "regular expressions only in verdict/" "$(check_library '(pcre2|hs|regex)\.h' probe/verdict/)"
	rule "GMime only in unwrap/" "$(check_library '(gmime|glib)' probe/unwrap/)"
	rule "jansson only in report/, watch/, deliver/, web/ and cmd/" \
		"$(check_library 'jansson' probe/report/ probe/watch/ probe/deliver/ probe/web/ probe/cmd/)"
	rule "no forbidden call" "$(check_calls)"
	rule "only the program's ends exit" "$(check_exits)"
	rule "time comes from base/clock" "$(check_time)"
	rule "no forbidden verb in the prober" "$(check_verbs)"
	rule "nothing of the prober sends mail" "$(check_mail)"
	rule "headers say what goes in, what comes out, what they must not know" "$(check_headers)"
	rule "files of 600 lines at most" "$(check_lengths)"
	rule "functions of 80 lines at most" "$(check_functions)"
	rule "no path of anybody's machine" "$(check_paths)"
}

# Each line: a file and the text that must make lint fail when it is appended there.
sabotage() {
	cat <<-'END'
	probe/smtp/engine.c|#include "probe/report/report.h"
	probe/smtp/ehlo.c|#include "probe/verdict/judge.h"
	probe/smtp/engine.c|#include <event2/event.h>
	probe/report/json.c|#include <openssl/ssl.h>
	probe/plan/plan.c|#include <unbound.h>
	probe/smtp/ehlo.c|#include <pcre2.h>
	probe/verdict/classify.c|#include <gmime/gmime.h>
	probe/base/buf.c|char *f(char *a, const char *b) { return strcpy(a, b); }
	probe/net/stream.c|void f(void) { exit(1); }
	probe/run/flight.c|#include "probe/mail/submit.h"
	probe/report/json.c|#include "probe/mail/route.h"
	probe/run/sts.c|#include <curl/curl.h>
	probe/run/flight.c|long f(void) { return time(0); }
	probe/smtp/engine.c|const char *f(void) { return "DATA"; }
	END
}

self_test() {
	copy=$(mktemp -d) || exit 1
	trap 'rm -rf "$copy"' EXIT
	"$0" "$here" >/dev/null 2>&1 || not_ok "the tree itself passes" "run tests/lint.sh"
	sabotage | while IFS='|' read -r file text; do
		rm -rf "$copy/tree"
		mkdir "$copy/tree"
		cp -R "$here/probe" "$here/scenarios" "$copy/tree/"
		echo "$text" >>"$copy/tree/$file"
		if "$0" "$copy/tree" >/dev/null 2>&1; then
			echo "not ok - lint catches '$text' in $file"
		else
			echo "ok - lint catches '$text' in $file"
		fi
	done >"$copy/results"
	while read -r line; do
		case $line in
		ok*) ok "${line#ok - }" ;;
		*) not_ok "${line#not ok - }" "it passed" ;;
		esac
	done <"$copy/results"
}

case ${1:-} in
--self-test)
	self_test
	;;
*)
	lint "${1:-$here}"
	;;
esac
echo "1..$count"
exit $status
