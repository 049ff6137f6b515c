# nat - a router with 1:1 NAT, behind which the sender has one more address, 192.0.2.200.
about='1:1 NAT: what leaves the sender from 192.0.2.200 is seen as 198.51.100.200'
addresses='198.51.100.200'

build() {
	ip -n nat link add inside type veth peer name eth1 netns sender || return 1
	ip -n nat -batch - <<-END
	address add 192.0.2.201/32 dev inside
	link set inside up
	route add 192.0.2.200/32 dev inside
	END
	ip -n sender -batch - <<-END
	address add 192.0.2.200/32 dev eth1
	link set eth1 up
	route add default via 192.0.2.201 dev eth1 onlink table 200
	rule add from 192.0.2.200 lookup 200
	END
}

start() {
	echo 1 >/proc/sys/net/ipv4/ip_forward
	nft -f - <<-END
	table ip nat {
		chain out {
			type nat hook postrouting priority srcnat
			oifname eth0 ip saddr 192.0.2.200 snat to 198.51.100.200
		}
		chain in {
			type nat hook prerouting priority dstnat
			iifname eth0 ip daddr 198.51.100.200 dnat to 192.0.2.200
		}
	}
	END
}

ready() { :; }
