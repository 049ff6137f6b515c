#!/bin/sh
# box.sh - the first process of the box: builds it, does what was asked, and takes it along when it ends.
set -u
lab=$(cd "$(dirname "$0")/.." && pwd)
. "$lab/lib/settings.sh"
. "$lab/lib/net.sh"
. "$lab/lib/hosts.sh"
. "$lab/lib/runner.sh"

give_up() {
	echo "Bail out! $1"
	shift
	for file; do [ ! -s "$file" ] || tail -n 30 "$file" | sed 's/^/# /'; done
	exit 1
}

# A private /run, so that namespaces' names, pid files and the tree are nobody else's.
make_tree() {
	resolv_conf=$(readlink -m /etc/resolv.conf)
	mount -t tmpfs -o mode=755 lab /run
	mkdir -p /run/netns /run/hosts "$LAB_TREE/tmp" "$LAB_TREE/stories" "$LAB_TREE/logs"
	# Some systems keep the file that at.sh replaces in /run.
	[ -e "$resolv_conf" ] || { mkdir -p "$(dirname "$resolv_conf")" && : >"$resolv_conf"; }
	chmod 1777 "$LAB_TREE/tmp"
	TMPDIR=$LAB_TREE/tmp HOME=$LAB_TREE/tmp
	export TMPDIR HOME
	cd "$LAB_TREE" || exit 1
}

# What can be typed in the shell of `lab up` beside what the machine has.
make_words() {
	mkdir "$LAB_TREE/bin"
	for verb in list unlist; do
		printf '#!/bin/sh\nexec sh %s/lib/verb.sh %s "$@"\n' "$lab" $verb >"$LAB_TREE/bin/$verb"
	done
	printf '#!/bin/sh\nexec sh %s/lib/at.sh "$@"\n' "$lab" >"$LAB_TREE/bin/at"
	chmod +x "$LAB_TREE"/bin/*
	ln -s "$LAB_MXPROBE" "$LAB_TREE/bin/mxprobe"
	export PATH="$LAB_TREE/bin:$PATH" MXPROBE_TAXONOMY="$LAB_TOP/taxonomy" MXPROBE_TAXONOMY_D= \
		XDG_STATE_HOME="$LAB_TREE/tmp/state" XDG_CONFIG_HOME="$LAB_TREE/tmp/config"
}

what=$1
shift
make_tree
case $what in
run | sabotage) run_stories "$what" "$@" ;;
show) show_story "$@" ;;
up)
	hosts_up "${@:-}" || give_up "the box does not come up"
	make_words
	echo "The box is up; this is its sender, with mxprobe, list, unlist and at. Other hosts, from elsewhere: $lab/lab shell HOST"
	sh "$lab/lib/at.sh" sender "${SHELL:-sh}"
	;;
esac
