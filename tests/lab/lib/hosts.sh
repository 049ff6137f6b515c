# hosts.sh - hosts come up: wires for all, then what each of them builds and starts.

at() { sh "$lab/lib/at.sh" "$@"; }
all_hosts() { for file in "$lab"/hosts/*.sh; do basename "$file" .sh; done; }
host_do() { sh "$lab/lib/host.sh" "$@"; }

# wait_for COMMAND...: until it succeeds, $patience seconds at most, or fifteen.
wait_for() {
	deadline=$(($(date +%s) + ${patience:-15}))
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $deadline ] || return 1
		sleep 0.05
	done
}

# each_host STEP HOST...: side by side; which failed is said, with the end of its log.
each_host() {
	step=$1
	shift
	pids=
	for name; do
		mkdir -p "$LAB_TREE/$name"
		host_do "$name" "$step" >>"$LAB_TREE/$name/lab.log" 2>&1 &
		pids="$pids $name=$!"
	done
	failed=
	for pair in $pids; do wait "${pair#*=}" || failed="$failed ${pair%=*}"; done
	[ -z "$failed" ] && return
	for name in $failed; do
		echo "# $name: cannot $step"
		tail -n 20 "$LAB_TREE/$name/lab.log" | sed 's/^/#   /'
	done
	return 1
}

# hosts_up [HOST...]: all of them without a name; name servers, lists and the sender always.
hosts_up() {
	[ -n "${*:-}" ] || set -- $(all_hosts)
	# shellcheck disable=SC2046 # names of hosts
	set -- $(printf '%s\n' dns sender bl-a bl-b "$@" | sort -u)
	bridge_up
	each_host wire "$@" || return 1
	for zone in records world; do
		for name; do host_do "$name" $zone || return 1; done >"$LAB_TREE/$zone"
	done
	each_host build "$@" && each_host start "$@" && each_host wait "$@"
}
