about='Sendmail asks a list at CONNECT, greets all the same, and says it at MAIL: blocked there, by Spamhaus'
hosts='sendmail'
cause() { list sbl "$source"; }
probe() { check sendmail-connect.test; }
expect() {
	blocked_at mail Spamhaus
	that '.stages | map(select(.stage == "banner" and .code == 220)) | length == 1'
}
