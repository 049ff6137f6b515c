# replica.sh - what the hosts with a replica of the blocklists have in common: rbldnsd, and an empty
# file for each dataset. Answers live no second, so that only rbldnsd says who is listed when.
view=a

build() {
	echo "$LAB_DATASETS" | while read -r name kind _ answer text; do
		[ -n "$name" ] || continue
		{
			echo '$TTL 0'
			echo '$SOA 0 ns.bl.test hostmaster.bl.test 0 60 60 60 0'
			echo ":$answer:$text"
			# Lists carry test entries; without them none is believed.
			case $kind in
			ip4set) echo 127.0.0.2 ;;
			ip6trie) echo ::ffff:127.0.0.2 ;;
			dnset) echo dbltest.com ;;
			esac
		} >"$dir/$name"
	done
	chmod 755 "$dir"
}

start() {
	zones=$(echo "$LAB_DATASETS" | awk 'NF { print $3 ":" $2 ":" $1 }')
	# shellcheck disable=SC2046,SC2086 # lists of words
	rbldnsd -n -c 0 -t 1 -w "$dir" $(for a in $addresses 127.0.0.1; do echo "-b $a/53"; done) $zones \
		>"$dir/rbldnsd.log" 2>&1 &
	echo $! >"$dir/pid"
}

ready() { is_listed own 127.0.0.2 "$host"; }
