about='A delisting spreads replica by replica: never clear before both exchangers have accepted for a day'
hosts='outlook-a outlook-b'
needs=clock
cause() { list own $source; }
probe() {
	verify outlook.com --ticket 7012345678
	until_step 1
	unlist own $source bl-b # the form is filled in; the first replica is told
	until_step 4
	unlist own $source bl-a # half a day later, the second
	until_step end
	see "$(sed '/^$/,$d' "$here/shown")"
	json=$(mxprobe status --format json)
}
expect() {
	that '.state == "clear"'
	# What was seen in between: no accept of one exchanger was taken for the other's.
	shown '0 of 2 addresses accept; next step' '(1 of 2): first accepted at 203.0.113.41' \
		'(1 of 2): relapse: refused again at 203.0.113.40' 'clearing -> clear (2 of 2)'
}
