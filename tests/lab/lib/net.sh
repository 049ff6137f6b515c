# net.sh - the wires: one bridge, and every host at it in a namespace of its own.

# All documentation networks are on the same wire: the lab is about mail, not about routing.
LAB_NETWORKS="192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32"

bridge_up() {
	ip link set lo up
	ip link add br0 type bridge mcast_snooping 0
	ip link set br0 up
}

is_v6() {
	case $1 in
	*:*) return 0 ;;
	*) return 1 ;;
	esac
}

# host_net HOST ADDRESS...: its wire and its addresses.
host_net() {
	name=$1
	shift
	ip netns add "$name"
	ip link add "v-$name" type veth peer name eth0 netns "$name"
	ip link set "v-$name" master br0 up
	{
		echo "link set lo up"
		echo "link set eth0 up"
		for address; do
			if is_v6 "$address"; then
				echo "address add $address/128 dev eth0 nodad"
			else
				echo "address add $address/32 dev eth0"
			fi
		done
		for network in $LAB_NETWORKS; do echo "route add $network dev eth0"; done
	} | ip -n "$name" -batch - || return 1
}

# Whom a host asks for names. Its addresses speak for the view of the blocklists it has.
resolver_of_view() {
	case $1 in
	sender) echo 192.0.2.54 ;;
	b) echo 192.0.2.56 ;;
	*) echo 192.0.2.55 ;;
	esac
}

# host_self HOST VIEW: the host's own view of files, its name, and a process that keeps them. What stands
# in etc/ below its directory is seen there instead of the machine's, and what was unpacked aside for it
# (aside.sh) is seen in /usr.
host_self() {
	etc=$LAB_TREE/$1/etc
	mkdir -p "$etc"
	echo "nameserver $(resolver_of_view "$2")" >"$etc/resolv.conf"
	echo "127.0.0.1 localhost" >"$etc/hosts"
	nsenter --net="/run/netns/$1" unshare --mount --uts --propagation private sh -c '
		hostname "$1.test"
		[ ! -d "$3" ] || mount -t overlay lab -o "lowerdir=$3:/usr" /usr || exit 1
		cd "$2" && for file in *; do mount --bind "$file" "$(readlink -f "/etc/$file")" || exit 1; done
		echo $$ >"/run/hosts/$1"
		exec sleep infinity' sh "$1" "$etc" "$LAB_CACHE/$1/usr" &
	wait_for test -s "/run/hosts/$1"
}
