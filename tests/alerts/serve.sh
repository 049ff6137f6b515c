#!/bin/sh
# serve.sh - the daemon follows a listing and its end, is killed on the way, and tells a webhook and a
# command of each once.
#
# Days pass in a moment in a build with --enable-test-clock; elsewhere this is skipped.
. "$(dirname "$0")/../cli/lib.sh"

case $("$mxprobe" --version) in
*"test clock"*) ;;
*)
	echo "1..0 # SKIP built without --enable-test-clock"
	exit 0
	;;
esac
command -v python3 >/dev/null && command -v jq >/dev/null || {
	echo "1..0 # SKIP python3 or jq is not installed"
	exit 0
}

cat >"$work/page" <<-END
	#!/bin/sh
	cat >>"$work/paged"
END
chmod +x "$work/page"
echo s3cret >"$work/secret"
chmod 600 "$work/secret"
python3 "$source_dir/tests/alerts/receiver.py" 0 "$work/book" s3cret >"$work/port" &
receiver=$!
trap 'kill $receiver 2>/dev/null; rm -rf "$work"' EXIT
while [ ! -s "$work/port" ]; do sleep 0.05; done
cat >"$work/mxprobe.yaml" <<-END
	sources: [{address: 127.0.0.2, helo: mail.example.jp}]
	mail_from: probe@example.jp
	destinations: [example.test]
	alerts:
	  - webhook: {url: "http://127.0.0.1:$(cat "$work/port")/", format: alertmanager, secret_file: $work/secret}
	    group_wait: 0s
	  - command: [$work/page]
END

MX_SERVE="$mxprobe --config $work/mxprobe.yaml serve --listen none --store $work/store.db" \
	timeout 300 "$mxprobe" scenario play "$source_dir/scenarios/delisting/forty-hours.yaml" -- sh -c '
	start() {
		$MX_SERVE --dns-server $MXPROBE_PLAY_DNS --port $MXPROBE_PLAY_PORT >>"$1/log" 2>&1 &
		pid=$!
	}
	start "$1"
	tries=0
	until grep -q recovered "$1/paged" 2>/dev/null && grep -q recovered "$1/book" || [ $tries -gt 1500 ]; do
		sleep 0.1
		tries=$((tries + 1))
		case $tries in
		3 | 6 | 9)
			kill -9 $pid && echo killed >>"$1/kills"
			wait $pid
			start "$1"
			;;
		esac
	done
	kill -TERM $pid
	wait $pid
	echo $? >"$1/status"' sh "$work" >"$work/play" 2>&1

same 'the daemon was killed on the way' killed "$(head -n 1 "$work/kills")"
same 'and ends well' 0 "$(cat "$work/status")"
kinds='[.body.alerts[] | "\(.labels.alertname) \(.status) \(.annotations.kind)"] | join(", ")'
same 'webhook: what was told, in its order' \
	"$(printf 'MxprobeBlocked firing blocked\nMxprobeBlocked resolved recovered')" \
	"$(jq -rs "unique_by(.id) | sort_by(.id) | .[] | $kinds" "$work/book" | grep -v relapsed)"
same 'webhook: one fingerprint, from firing to resolved' 1 \
	"$(jq -r '.body.alerts[].fingerprint' "$work/book" | sort -u | wc -l)"
same 'webhook: one beginning, from firing to resolved' 1 \
	"$(jq -r '.body.alerts[].startsAt' "$work/book" | sort -u | wc -l)"
same 'command: the same' "$(printf 'blocked\nrecovered')" \
	"$(jq -rs 'unique_by(.id) | sort_by(.id) | .[].alerts[].kind' "$work/paged" | grep -v relapsed)"
same 'the recovery says how long the block lasted' true \
	"$(jq -s 'last | .alerts[0].time_to_clear_s > 24 * 3600' "$work/paged")"
same 'the reply is told as it was' '5.7.1|Service unavailable; client [127.0.0.2] is blocked by our list' \
	"$(jq -rs '.[0].alerts[0].reply | "\(.enhanced)|\(.text)"' "$work/paged" | sed 's/|550 5.7.1 /|/')"
[ "$failed" = 0 ] || sed 's/^/# /' "$work/log" | tail -n 30
finish
