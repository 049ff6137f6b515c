about='Behind NAT, declared: judged as the address that the server sees, which a list of its own has'
hosts='outlook-a outlook-b nat'
cause() { list own 198.51.100.200; }
probe() {
	from=192.0.2.200
	check outlook.com --seen-as 198.51.100.200
}
expect() {
	blocked_at mail Outlook
	that '.helo == "nat.sender.test" and .finding.listed_value == "198.51.100.200" and (.finding.text | test("S3140"))'
}
