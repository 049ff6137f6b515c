about='Exim greets with 421 for a bad reputation, and hangs up: throttled, and nothing said after it'
hosts='exim'
cause() { list own "$source"; }
probe() { check exim-limited.test; }
expect() {
	that '.verdict == "throttled" and .finding.stage == "banner" and .finding.code == 421'
	that '.finding.category == "reputation_ip" and .finding.permanence == "temporary"'
}
