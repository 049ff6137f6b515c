about='Port 25 dropped for everyone on the way out: unreachable, and the control says it is our side'
hosts='postfix'
cause() { drop_port_25 $source; }
probe() { check clean.test --to at-rcpt.test --control mx.control.test --connect-timeout 1; }
expect() {
	exits 3
	that 'all(.verdict == "unreachable" and (.note | test("our side|on our")))'
}
