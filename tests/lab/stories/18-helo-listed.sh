about='The HELO name is in a domain list: blocked for the name, not for the address'
hosts='postfix'
cause() { list dbl s18.sender.test; }
probe() { check helo-list.test; }
expect() {
	exits 1
	that '.verdict == "blocked" and .finding.category == "blocklist_helo" and .finding.listed_value == "s18.sender.test"'
}
