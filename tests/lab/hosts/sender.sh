# sender - the host that mxprobe runs on: a source for every story, and some with odd names.
about='where mxprobe runs: 198.51.100.10 to .99 and 2001:db8:51::10 to ::99, PTR names in order; .201 without, .202 generic, .203 of others'
view=sender
addresses=$(
	for n in $(seq 10 99) 201 202 203; do echo "198.51.100.$n"; done
	for n in $(seq 10 99); do echo "2001:db8:51::$n"; done
)

records() {
	echo 'sender MX 10 s10.sender'
	echo 'sender TXT "v=spf1 ip4:198.51.100.0/24 ip6:2001:db8:51::/48 -all"'
	echo '_dmarc.sender TXT "v=DMARC1; p=reject"'
	for n in $(seq 10 99); do
		echo "s$n.sender A 198.51.100.$n"
		echo "s$n.sender AAAA 2001:db8:51::$n"
		echo "s$n.sender TXT \"v=spf1 a -all\""
	done
	echo 'host-198-51-100-202.pool.sender A 198.51.100.202'
}

# Stories put their rules here (drop_port_25).
start() {
	nft 'add table inet lab; add chain inet lab out { type filter hook output priority 0; }'
}

ready() { :; }
