about='Sendmail refuses an address of its access_db: blocked, by a list of its own'
hosts='sendmail'
sabotage=static
probe() { check sendmail-access.test; }
expect() {
	blocked_at mail ''
	that '.finding.category == "blocklist_own" or .finding.category == "reputation_network"'
}
