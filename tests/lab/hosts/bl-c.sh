# bl-c - a blocklist server of its own, dead.test, that a story may stop without hurting another.
about='rbldnsd with dead.test, the list whose server stops'
addresses='192.0.2.63'
. "$lab/lib/replica.sh"

records() {
	echo "dead NS ns.bl-c"
	echo "ns.bl-c A 192.0.2.63"
}
