about='rspamd greylists after DATA, where we never go: accepted up to RCPT, and said to be no more than that'
hosts='rspamd'
sabotage=static
probe() {
	# It compiles what it has before it listens.
	wait_for rspamd_listens || wait_for rspamd_listens
	letter=$(at dns python3 "$lab/lib/letter.py" 203.0.113.150 postmaster@rspamd.test)
	see "a letter of somebody else: $letter"
	check rspamd.test
}
rspamd_listens() { at rspamd ss -Hltn | grep -q 127.0.0.1:11332; }
expect() {
	exits 0
	that '.verdict == "accepted" and .reached == "rcpt"'
	that '.blind_spots | any(test("DATA"))'
	case $letter in "451 "*) ;; *) wrong "the letter was not greylisted" ;; esac
	read=$(grep -c 'loaded message' "$LAB_TREE/rspamd/rspamd.log")
	[ "$read" -eq 1 ] || wrong "rspamd has read $read letters, not that one"
}
