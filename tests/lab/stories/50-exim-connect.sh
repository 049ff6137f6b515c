about='Exim refuses a listed address at CONNECT, and hangs up: blocked, by Spamhaus'
hosts='exim'
cause() { list sbl "$source"; }
probe() { check exim-connect.test; }
expect() { blocked_at banner Spamhaus; }
