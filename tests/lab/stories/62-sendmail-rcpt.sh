about='Sendmail with delay_checks refuses a listed address at RCPT: blocked there, by Spamhaus'
hosts='sendmail'
cause() { list xbl "$source"; }
probe() { check sendmail-rcpt.test; }
expect() { blocked_at rcpt Spamhaus; }
