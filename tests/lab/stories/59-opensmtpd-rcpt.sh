about='OpenSMTPD answers RCPT with 421 and hangs up: throttled there'
hosts='opensmtpd'
sabotage=static # $source is in the table
probe() { check osmtpd-rcpt.test; }
expect() { that '.verdict == "throttled" and .finding.stage == "rcpt" and .finding.code == 421'; }
