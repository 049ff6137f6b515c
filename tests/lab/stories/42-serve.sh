about='serve watches a listing, a delisting by half and a delisting: blocked, clearing, refused again, clearing, clear'
hosts='outlook-a outlook-b'
slow='two days of a watch'
needs=clock
cause() { list own $source; }
probe() {
	serve outlook.com
	until_logged 'to=blocked'
	request=$(mxprobe delist --source $source --to outlook.com --ticket 7012345679 | head -n 1)
	see "$request"
	clock pass 120 # within a minute serve knows of the case, and goes by its ladder
	unlist own $source bl-b
	until_logged 'from=clearing to=blocked' # one exchanger has let it in, the other has not
	unlist own $source bl-a
	until_logged 'to=clear '
	serve_stops
	see "$(grep -o 'from=.*' "$here/stderr")"
	json=$(mxprobe status --format json)
	sessions=$(mxprobe history --format json | jq -c 'select(.verdict)')
	printf '%s\n' "$sessions" >"$here/json"
}
expect() {
	exits 0
	that '.state == "clear"'
	same 'unknown>blocked delist_requested>clearing clearing>blocked blocked>clearing clearing>clear' \
		"$(sed -n 's/.*msg=state.* from=\([a-z_]*\) to=\([a-z_]*\) .*/\1>\2/p' "$here/stderr" | paste -s -d ' ')"
	json=$sessions
	# The first step of the ladder is not held for the six hours after a block.
	opened=$(echo "$request" | sed 's/.*opened \(....-..-..\) \(..:..\) UTC.*/\1T\2:00Z/')
	that "(\"$opened\" | fromdate) as \$opened | [.[].time[:19] + \"Z\" | fromdate - \$opened | select(. > 60)] | min < 3700"
}
