about='postscreen adds up what lists say: enough for a block, told at RCPT, by Spamhaus'
hosts='screen'
cause() { list sbl "$source"; }
probe() { check screen-listed.test; }
expect() {
	blocked_at rcpt Spamhaus
	logged screen "DNSBL rank 2 for \[$source\]"
}
