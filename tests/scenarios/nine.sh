#!/bin/sh
# nine.sh - nine servers that common tools can't tell apart get eight different answers (two of
# them are one server, seen from two addresses).
. "$(dirname "$0")/../cli/lib.sh"

# answer SCENARIO DESTINATION SOURCE: verdict, category and list, as found.
answer() {
	# shellcheck disable=SC2016 # for the shell inside
	"$mxprobe" scenario play "$source_dir/scenarios/$1.yaml" -- sh -c 'exec "$0" check \
		--format json --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" \
		--helo mail.example.jp --mail-from probe@example.jp --depth rcpt --to "$1" --source "$2"' \
		"$mxprobe" "$2" "$3" 2>"$work/err" >"$work/out"
	# The first of each: further down stand the candidates.
	for key in verdict category list; do
		grep -o "\"$key\":\"[^\"]*\"" "$work/out" | head -n 1 | cut -d '"' -f 4
	done | tr '\n' '/'
}

is() {
	found=$(answer "$2" "$3" "$4")
	printf '%s\n' "$found" >>"$work/answers"
	same "$2" "$1" "$found"
}

is 'blocked/blocklist_own/Outlook.com block list/' blocklist/outlook-s3140 outlook.com 127.0.0.2
is 'blocked/blocklist_dnsbl/Spamhaus ZEN/' blocklist/spamhaus-banner-220 listed.test 127.0.0.220
is 'blocked/blocklist_dnsbl/Spamhaus ZEN/' blocklist/spamhaus-banner-7 example.test 127.0.0.7
is 'throttled/rate_connection/' rate/too-many-connections busy.test 127.0.0.2
is 'recipient/recipient_unknown/' recipient/gmail-unknown gmail.com 127.0.0.2
is 'greylisted/greylisted/' greylist/postgrey grey.test 127.0.0.2
is 'throttled/reputation_ip/' reputation/outlook-s844 outlook.com 127.0.0.2
is 'blocked/blocklist_dnsbl/SpamCop SCBL/' blocklist/spamcop-mixed-codes mixed.test 127.0.0.2
is 'unreachable/network_error/' broken/reset-before-greeting reset.test 127.0.0.2
same 'eight different answers' 8 "$(sort -u "$work/answers" | wc -l)"
finish
