about='The IPv6 address is listed and the IPv4 address is not: two verdicts'
hosts='postfix'
cause() { list zen6 $source6; }
probe() {
	from="$source $source6"
	check at-rcpt.test
}
expect() {
	exits 1
	that 'map({(.source): .verdict}) | add == {"198.51.100.26": "accepted", "2001:db8:51::26": "blocked"}'
}
