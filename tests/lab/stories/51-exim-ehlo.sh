about='Exim refuses a listed address at EHLO: blocked there, by Spamhaus'
hosts='exim'
cause() { list xbl "$source"; }
probe() { check exim-ehlo.test; }
expect() { blocked_at ehlo Spamhaus; }
