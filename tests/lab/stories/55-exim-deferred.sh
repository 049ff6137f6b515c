about='Exim answers MAIL with a 421 of the TSS04 kind: throttled for complaints or volume, not blocked'
hosts='exim'
cause() { list own "$source"; }
probe() { check exim-deferred.test; }
expect() {
	that '.verdict == "throttled" and .finding.stage == "mail" and .finding.code == 421'
}
