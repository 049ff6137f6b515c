about='Exim waits three seconds before each answer and refuses at RCPT: blocked all the same, only slower'
hosts='exim'
sabotage=static
probe() {
	list sbl "$source"
	check exim-tarpit.test
}
expect() {
	blocked_at rcpt Spamhaus
	that '.stages | map(select(.stage == "banner" or .stage == "ehlo" or .stage == "mail" or .stage == "rcpt")) | length > 3 and all(.ms >= 2900)'
}
