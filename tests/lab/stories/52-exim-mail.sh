about='Exim refuses at MAIL in the words of a large provider with a list of its own: blocked by that'
hosts='exim'
cause() { list own "$source"; }
probe() { check exim-mail.test; }
expect() {
	blocked_at mail Outlook
	that '.finding.category == "blocklist_own" and .finding.code == 550'
}
