about='Exim refuses a listed address at RCPT, in two lines: blocked there, by Spamhaus'
hosts='exim'
cause() { list sbl "$source"; }
probe() { check exim-rcpt.test; }
expect() {
	blocked_at rcpt Spamhaus
	that '.stages | map(select(.stage == "mail" and .code == 250)) | length == 1'
}
