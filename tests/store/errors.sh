#!/bin/sh
# errors.sh - a store that can't be written: a clear sentence, status 4, and no session. Prints TAP.
#
# A full disk and a file of somebody else take root (a tmpfs of our own, another user); those claims
# are skipped, loudly, elsewhere.
set -u
. "$(dirname "$0")/../cli/lib.sh"
PATH=$PATH:/usr/sbin:/sbin
scenario=$source_dir/scenarios/accept/bare-code.yaml
[ -f "$scenario" ] || scenario=$(ls "$source_dir"/scenarios/accept/*.yaml | head -n 1)
store=$work/mxprobe.db

# probe [STORE]: its result in $out, messages in $err, status; what the servers saw in $seen.
probe() {
	with=${1:-$store} timeout 60 "$mxprobe" scenario play "$scenario" -- sh -c '
		unset MXPROBE_TEST_CLOCK
		"$1" check --source 127.0.0.2 --to example.test --helo mail.example.jp \
			--mail-from probe@example.jp --depth mail --format json --store "$with" \
			--dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" \
			>"$2/out" 2>"$2/err"
		echo $? >"$2/status"' sh "$mxprobe" "$work" >"$work/play" 2>&1
	out=$(cat "$work/out") err=$(cat "$work/err") status=$(cat "$work/status")
	seen=$(sed -n 's/^The servers saw \([0-9]*\) session.*/\1/p' "$work/play")
}

# fails DESCRIPTION WORDS [STORE]: the sentence holds WORDS and the file's name; nothing was sent.
fails() {
	probe "${3:-$store}"
	case "$err$out" in
	*"${3:-$store}"*"$2"*) told=yes ;;
	*) told=no ;;
	esac
	same "$1: status 4, a sentence, no session" "4 yes 0" "$status $told $seen"
	[ "$told" = yes ] || printf '%s\n' "$err$out" | sed 's/^/# /'
}

sql() {
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for row in db.execute(sys.argv[2]).fetchall(): print(*row)' "$1" "$2"
}

command -v python3 >/dev/null || {
	echo "1..0 # SKIP python3 is missing: ERRORS OF THE STORE ARE NOT TESTED"
	exit 0
}

probe
same "a store is made, and a result is in it" "0 1 1" "$status $seen $(sql "$store" "SELECT count(*) FROM result")"

# Another process within a transaction, for longer than we wait.
python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(40)' "$store" >"$work/held" &
holder=$!
until [ -s "$work/held" ]; do :; done
fails "locked by another process" "kept it locked for 10 s"
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null

cp "$store" "$work/newer.db"
sql "$work/newer.db" "PRAGMA user_version = 9"
fails "of a newer mxprobe" "written by a newer mxprobe (schema 9" "$work/newer.db"

# Every page but the first is junk.
cp "$store" "$work/damaged.db"
dd if=/dev/urandom of="$work/damaged.db" bs=4096 seek=1 count=400 conv=notrunc 2>/dev/null
fails "damaged" "is damaged" "$work/damaged.db"

printf 'this is no database, however long one looks at its header' >"$work/text.db"
fails "no database at all" "is no store of mxprobe" "$work/text.db"

mkdir "$work/directory.db"
fails "a directory" "name another file with --store" "$work/directory.db"

if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	cat >"$work/full.sh" <<-'END'
		mount -t tmpfs -o size=400k none "$2/full" || exit 77
		. "$2/functions"
		cp "$store" "$2/full/mxprobe.db"
		dd if=/dev/zero of="$2/full/rest" bs=1k 2>/dev/null
		fails "on a full disk" "the disk is full" "$2/full/mxprobe.db"
		rm "$2/full/rest"
		probe "$2/full/mxprobe.db"
		same "nothing that was recorded is lost, and with room again it goes on" "0 1 2 ok" \
			"$status $seen $(sql "$2/full/mxprobe.db" "SELECT count(*) FROM result") $(sql "$2/full/mxprobe.db" "PRAGMA integrity_check")"
		rm "$2/full"/mxprobe*
		dd if=/dev/zero of="$2/full/rest" bs=1k 2>/dev/null
		fails "new, on a full disk" "the disk is full" "$2/full/mxprobe.db"
		echo "$count $failed" >"$2/counts"
	END
	mkdir "$work/full"
	# The functions above and what they know, for the shell in there.
	{
		sed -n '/^ok() {/,/^finish() {/p' "$source_dir/tests/cli/lib.sh" | sed '$d'
		sed -n '/^probe() {/,/^command -v/p' "$0" | sed '$d'
		echo "count=$count failed=$failed mxprobe='$mxprobe' work='$work' scenario='$scenario' store='$store'"
	} >"$work/functions"
	unshare -m sh "$work/full.sh" sh "$work"
	read -r count failed <"$work/counts" || not_ok "the claims about a full disk were made"
else
	skip "a full disk" "takes root"
	echo "SKIP: tests/store/errors.sh: takes root: A FULL DISK IS NOT TESTED" >&2
fi
finish
