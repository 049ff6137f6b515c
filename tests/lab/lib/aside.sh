#!/bin/sh
# aside.sh HOST... - the packages of hosts that can't be installed beside each other, unpacked aside.
#
# Debian's mail servers exclude one another, and none of them should take the place of the machine's own.
# So what a host's file names in `packages` is downloaded by apt and unpacked into $LAB_CACHE/HOST,
# once; at.sh lays it over /usr in that host only. No script of any package runs. Where there is no
# network and nothing is cached, $LAB_CACHE/HOST.lacking says so, and the host's stories are skipped.
set -u
lab=$(cd "$(dirname "$0")/.." && pwd)
. "$lab/lib/settings.sh"

packages_of() { sed -n "s/^packages=[\"']\(.*\)[\"']\$/\1/p" "$lab/hosts/$1.sh"; }

apt_get() { timeout 120 apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=0 -o Acquire::http::Timeout=10 "$@"; }

# A machine that was never updated has no lists to download from.
download() { apt_get download "$@" || { apt_get update && apt_get download "$@"; }; }

# unpack HOST PACKAGE...: all of it or nothing, as the directory appears by a rename.
unpack() {
	name=$1
	shift
	new=$LAB_CACHE/$name.new
	rm -rf "$new" "${LAB_CACHE:?}/$name" && mkdir -p "$new/debs" "$new/tree/usr" &&
		(cd "$new/debs" && download "$@") &&
		for deb in "$new"/debs/*.deb; do dpkg -x "$deb" "$new/tree" || return 1; done &&
		echo "$*" >"$new/tree/packages" && mv "$new/tree" "$LAB_CACHE/$name" && rm -rf "$new"
}

# Where one could not be had, the others are not even tried: that would be a long wait for the same answer.
fetch() {
	packages=$(packages_of "$1")
	[ -n "$packages" ] || return 0
	[ "$packages" = "$(cat "$LAB_CACHE/$1/packages" 2>/dev/null)" ] && return
	# shellcheck disable=SC2086 # a list of packages
	if [ -z "$failed" ] && unpack "$1" $packages >"$LAB_CACHE/$1.log" 2>&1 </dev/null; then
		rm -f "$LAB_CACHE/$1.lacking"
	else
		failed=${failed:-$(grep '^[EW]:' "$LAB_CACHE/$1.log" | tail -n 1)}
		rm -rf "$LAB_CACHE/$1.new"
		echo "packages of the host $1 could not be downloaded: ${failed:=no reason given}" >"$LAB_CACHE/$1.lacking"
	fi
}

failed=
mkdir -p "$LAB_CACHE"
# The wait for another run's download is bounded like the download itself.
(
	flock -w 300 9 || exit 1
	for host; do fetch "$host"; done
) 9>"$LAB_CACHE/lock"
