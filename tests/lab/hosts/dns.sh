# dns - the tree of names: NSD with a signed root and a signed zone test., and resolvers.
#
# Nothing is kept in caches: a story changes a list, and the next answer counts. Addresses come in turn, as
# they do in the world.
# 192.0.2.53 NSD; .54 the sender's unbound, which validates; .55 and .56 those of the providers, which
# differ in one thing only: the replica of the blocklists that they ask.
about='NSD: signed root and test., reverse zones; unbound for the sender (validating) and for providers'
addresses='192.0.2.53 192.0.2.54 192.0.2.55 192.0.2.56'

replicated_zones() { echo "$LAB_DATASETS" | awk 'NF && $3 != "dead.test" { print $3 }' | sort -u; }

soa() {
	echo "\$ORIGIN $1"
	echo "\$TTL 60"
	echo "@ SOA ns.root-servers.test. hostmaster.sender.test. 1 3600 600 86400 60"
	echo "@ NS ns.root-servers.test."
}

# PTR records of the sender's addresses; some of them odd.
reverse_zone() {
	for n in $(seq 10 99); do
		echo "$n.100.51.198.in-addr.arpa. PTR s$n.sender.test."
		echo "$n" | sed 's/\(.\)\(.\)/\2.\1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.5.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR s&.sender.test./'
	done
	echo "202.100.51.198.in-addr.arpa. PTR host-198-51-100-202.pool.sender.test."
	echo "203.100.51.198.in-addr.arpa. PTR s10.sender.test."
	echo "200.100.51.198.in-addr.arpa. PTR nat.sender.test."
}

# sign FILE ORIGIN: FILE.signed, and FILE.ds for who delegates to it.
sign() {
	(
		cd "$dir" || exit 1
		key=$(ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 -k "$2") &&
			ldns-signzone -f "$1.signed" "$1" "$key" && mv "$key.ds" "$1.ds"
	)
}

build_zones() {
	{
		soa test.
		echo "ns.root-servers A 192.0.2.53"
		echo "bl NS ns.bl-a"
		echo "bl NS ns.bl-b"
		echo "ns.bl-a A 192.0.2.61"
		echo "ns.bl-b A 192.0.2.62"
		echo "nat.sender A 198.51.100.200"
		cat "$LAB_TREE/records"
	} >"$dir/test.zone"
	sign test.zone test. || return 1
	{
		soa .
		echo "ns.root-servers.test. A 192.0.2.53"
		echo "test. NS ns.root-servers.test."
		cat "$dir/test.zone.ds"
		for zone in zen.spamhaus.org dbl.spamhaus.org; do
			echo "$zone. NS ns.bl-a.test."
			echo "$zone. NS ns.bl-b.test."
		done
		reverse_zone
		cat "$LAB_TREE/world"
	} >"$dir/root.zone"
	sign root.zone .
}

nsd_conf() {
	echo "server:"
	echo "  ip-address: 192.0.2.53"
	echo "  username: \"\""
	echo "  zonesdir: \"$dir\""
	for file in pidfile xfrdfile zonelistfile; do echo "  $file: \"$dir/nsd.$file\""; done
	echo "  xfrdir: \"$dir\""
	echo "  database: \"\""
	echo "remote-control:"
	echo "  control-enable: no"
	printf 'zone:\n  name: "."\n  zonefile: "root.zone.signed"\n'
	printf 'zone:\n  name: "test."\n  zonefile: "test.zone.signed"\n'
}

# unbound_conf ADDRESS MODULES [REPLICA-ADDRESS]
unbound_conf() {
	cat <<-END
	server:
	  interface: $1
	  access-control: 0.0.0.0/0 allow
	  username: ""
	  chroot: ""
	  directory: "$dir"
	  pidfile: "$dir/unbound-$1.pid"
	  use-syslog: no
	  logfile: ""
	  do-daemonize: no
	  do-ip6: no
	  num-threads: 1
	  module-config: "$2"
	  trust-anchor-file: "$dir/root.zone.ds"
	  root-hints: "$dir/root.hints"
	  qname-minimisation: no
	  cache-max-ttl: 0
	  cache-max-negative-ttl: 0
	  rrset-roundrobin: yes
	END
	# unbound answers for these itself unless told not to.
	for zone in test 2.0.192.in-addr.arpa 100.51.198.in-addr.arpa 113.0.203.in-addr.arpa 8.B.D.0.1.0.0.2.ip6.arpa; do
		echo "  local-zone: \"$zone.\" nodefault"
	done
	echo "remote-control:"
	echo "  control-enable: no"
	[ -z "${3:-}" ] || for zone in $(replicated_zones); do
		printf 'stub-zone:\n  name: "%s"\n  stub-addr: %s\n' "$zone" "$3"
	done
}

build() {
	build_zones || return 1
	nsd_conf >"$dir/nsd.conf"
	printf '. 3600 NS ns.root-servers.test.\nns.root-servers.test. 3600 A 192.0.2.53\n' >"$dir/root.hints"
	unbound_conf 192.0.2.54 "validator iterator" >"$dir/54.conf"
	unbound_conf 192.0.2.55 iterator 192.0.2.61 >"$dir/55.conf"
	unbound_conf 192.0.2.56 iterator 192.0.2.62 >"$dir/56.conf"
}

start() {
	nsd -d -c "$dir/nsd.conf" >"$dir/nsd.log" 2>&1 &
	for n in 54 55 56; do unbound -d -c "$dir/$n.conf" >"$dir/unbound-$n.log" 2>&1 & done
}

# The answer is asked for, through the sender's resolver and signed.
ready() {
	at sender drill -D s10.sender.test @192.0.2.54 A | grep -q 'flags:.* ad ' &&
		at sender drill -x 198.51.100.10 @192.0.2.55 | grep -q s10.sender.test
}
