#!/bin/sh
# host.sh HOST STEP - one step in the life of a host, as hosts/HOST.sh tells it.
#
# A host's file sets about, addresses, view (whose replica of the blocklists its resolver asks), logs (how
# the oracle reads which file), packages (to unpack aside, see aside.sh) and users (that only it knows),
# and defines what differs from the functions below.
set -u
lab=$(cd "$(dirname "$0")/.." && pwd)
. "$lab/lib/settings.sh"
. "$lab/lib/net.sh"
. "$lab/lib/hosts.sh"
. "$lab/lib/blocklists.sh"
host=$1 step=$2
dir=$LAB_TREE/$host
pki=$LAB_PKI
about='' addresses='' view=a logs='' users=''

# Lines of the zone test, and of the root zone: names of the world outside.
records() { :; }
world() { :; }
# Configuration into $dir.
build() { :; }
# Inside the host: daemons that stay, with their output in $dir.
start() { :; }
ready() {
	for address in $addresses; do listens "$address" 25 || return 1; done
}

# ---- for hosts' files -----------------------------------------------------------------------

# exchanger NAME ADDRESS...: records of a destination NAME.test whose mail goes to these addresses.
exchanger() {
	name=$1
	shift
	echo "$name MX 10 mx.$name"
	for address; do
		if is_v6 "$address"; then type=AAAA; else type=A; fi
		echo "mx.$name $type $address"
	done
}

# one_of_four NAME ADDRESS: four.test is a provider of four exchangers, each on other software.
one_of_four() {
	echo "four MX 10 $1.four"
	echo "$1.four A $2"
}

# listens ADDRESS PORT: somebody does; looked up, not tried, so that no log has a session of ours.
listens() {
	if is_v6 "$1"; then set -- "[$1]" "$2"; fi
	ip netns exec "$host" ss -Hltn | awk -v a="$1:$2" -v any="*:$2" -v any4="0.0.0.0:$2" \
		'$4 == a || $4 == any || $4 == any4 { found = 1 } END { exit !found }'
}

# certificate NAME...: $dir/cert.pem and cert.key, in order for these names, by the test PKI's root.
certificate() {
	sans=$(printf 'DNS:%s,' "$@")
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$host" \
		-keyout "$dir/cert.key" -out "$dir/cert.csr" &&
		printf 'subjectAltName = %s\nextendedKeyUsage = serverAuth\n' "${sans%,}" >"$dir/cert.ext" &&
		openssl x509 -req -in "$dir/cert.csr" -CA "$pki/ca.pem" -CAkey "$pki/ca.key" -days 30 \
			-set_serial "0x$(openssl rand -hex 8)" -extfile "$dir/cert.ext" -out "$dir/cert.pem"
}

# host_users NAME...: with groups of the same names.
host_users() {
	[ $# -gt 0 ] || return 0
	mkdir -p "$dir/etc"
	for file in passwd group; do cp "/etc/$file" "$dir/etc/"; done
	id=9100
	for user; do
		id=$((id + 1))
		grep -q "^$user:" "$dir/etc/group" || echo "$user:x:$id:" >>"$dir/etc/group"
		grep -q "^$user:" "$dir/etc/passwd" ||
			echo "$user:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>"$dir/etc/passwd"
	done
}

# key_digest: of that certificate's key, as TLSA records of usage 3 1 1 have it.
key_digest() {
	openssl x509 -in "$dir/cert.pem" -noout -pubkey | openssl pkey -pubin -outform DER |
		openssl dgst -r -sha256 | cut -d ' ' -f 1
}

# sabotaged STORY: the cause of that story is to be left out.
sabotaged() {
	case " ${LAB_SABOTAGE:-} " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}

. "$lab/hosts/$host.sh"
case $step in
wire)
	# shellcheck disable=SC2086 # a list of addresses
	host_net "$host" $addresses && host_users $users && host_self "$host" "$view"
	[ -z "$logs" ] || echo "$logs" >"$LAB_TREE/logs/$host"
	;;
start) at "$host" sh "$lab/lib/host.sh" "$host" start-here ;;
start-here) start ;;
wait) patience=60 && wait_for ready ;; # a busy machine is not a broken host
records | world | build) $step ;;
esac
