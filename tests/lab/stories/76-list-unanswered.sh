about='A list gives no answer and Sendmail turns everybody away for the time: broken over there, nobody is listed'
hosts='sendmail'
sabotage=static
probe() { check sendmail-closed.test; }
expect() {
	exits 3
	that '.verdict == "broken" and .finding.stage == "mail" and .finding.code == 451'
	that '.finding.query_error and .finding.about == "server"'
}
