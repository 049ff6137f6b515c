# runner.sh - stories side by side, then the oracle, then a table of it all.

all_stories() { for file in "$lab"/stories/*.sh; do basename "$file" .sh; done; }
hosts_of() { for name; do sed -n "s/^hosts=[\"']\(.*\)[\"']\$/\1/p" "$lab/stories/$name.sh"; done; }

# lacking STORY: why a host of it can't be here; nothing if all can.
lacking() { for name in $(hosts_of "$1"); do cat "$LAB_CACHE/$name.lacking" 2>/dev/null; done | head -n 1; }

has_cause() { grep -qE '^cause\(\)|^sabotage=' "$lab/stories/$1.sh"; }

# stories_named SABOTAGE? NAME...: whole names, from whole names or their beginnings.
stories_named() {
	[ $# -gt 0 ] || { all_stories; return; }
	for wanted; do
		all_stories | grep -E "^($wanted|$wanted-.*|[0-9]+-$wanted)\$" || {
			echo "lab: no story $wanted; lab list shows them" >&2
			return 1
		}
	done
}

# Those that take long begin first.
play_all() {
	for name; do mkdir -p "$LAB_TREE/stories/$name"; done
	for name; do
		grep -q '^slow=' "$lab/stories/$name.sh"
		echo "$? $name"
	done | sort | cut -d ' ' -f 2 | xargs -P "${LAB_JOBS:-4}" -I '{}' timeout 150 sh -c \
		'exec sh "$0/lib/story.sh" "$2" >"$1/stories/$2/stderr" 2>&1' "$lab" "$LAB_TREE" '{}'
}

# tell STORY NUMBER MODE: its line of TAP; sabotaged stories must fail.
tell() {
	row=$LAB_TREE/stories/$1/row
	lacking=$(lacking "$1")
	about=$(sed -n "s/^about=[\"']\(.*\)[\"']\$/\1/p" "$lab/stories/$1.sh")
	state=$(cut -f 3 "$row" 2>/dev/null)
	case $state in skip:*) lacking=${state#skip:} ;; esac
	if [ -n "$lacking" ]; then
		some=some
		echo "ok $2 - $1: $about # SKIP $lacking"
		echo "SKIP: tests/lab: $1: $lacking" >&2
		return
	fi
	if [ "$3" = sabotage ]; then
		about="without its cause it fails: $about"
		case $state in right) state=wrong ;; wrong) state=right ;; esac
	fi
	if [ "${state:-none}" = right ]; then
		echo "ok $2 - $1: $about"
	else
		failed=$((failed + 1))
		echo "not ok $2 - $1: $about"
		details=yes
	fi
	sed 's/^/#   saw /' "$LAB_TREE/stories/$1/saw" 2>/dev/null
	sed 's/^/#   wrong: /' "$LAB_TREE/stories/$1/wrong" 2>/dev/null
	[ "${details:-no}" = no ] || details "$LAB_TREE/stories/$1"
	details=no
}

details() {
	tail -n 20 "$1/stderr" 2>/dev/null | sed 's/^/#   stderr: /'
	jq -c 'del(.transcript, .stages, .identity) * {identity: [.identity.checks[]? | select(.result != "pass") | "\(.result) \(.check): \(.found)"]}' \
		"$1/json" 2>/dev/null | sed 's/^/#   result: /'
}

table() {
	echo "#"
	printf '# %-28s %8s  %s\n' STORY TOOK VERDICTS
	cat "$LAB_TREE"/stories/*/row 2>/dev/null | awk -F '\t' '{ printf "# %-28s %6.1f s  %s\n", $1, $2 / 1000, $4 }'
	echo "#"
}

run_stories() {
	mode=$1
	shift
	# A log without a session is suspect only where every story was told.
	[ $# -gt 0 ] && some=some || some=all
	names=$(stories_named "$@") || exit 64
	if [ "$mode" = sabotage ]; then
		names=$(for name in $names; do has_cause "$name" && echo "$name"; done)
		LAB_SABOTAGE=$(echo "$names" | tr '\n' ' ')
		export LAB_SABOTAGE
	fi
	[ "$mode" = run ] && more= || more=postfix
	playable=$(for name in $names; do [ -n "$(lacking "$name")" ] || echo "$name"; done)
	# shellcheck disable=SC2046,SC2086 # lists of names
	hosts_up $more $(hosts_of $playable) || give_up "the box does not come up"
	# shellcheck disable=SC2086
	play_all $playable
	count=0 failed=0
	for name in $names; do
		count=$((count + 1))
		tell "$name" $count "$mode"
	done
	table
	[ "$mode" = run ] || see_the_rude
	python3 "$lab/oracle/oracle.py" "$LAB_TREE" $((count + 1)) $some || failed=$((failed + 1))
	[ "$failed" -eq 0 ]
}

# The oracle must see what is wrong, too.
see_the_rude() {
	cp "$LAB_TREE/postfix/log" "$LAB_TREE/postfix/log.polite"
	at sender python3 "$lab/lib/rude.py" 198.51.100.99 203.0.113.10
	wait_for rude_is_over
	python3 "$lab/oracle/oracle.py" "$LAB_TREE" 1 some >"$LAB_TREE/rude"
	cp "$LAB_TREE/postfix/log.polite" "$LAB_TREE/postfix/log"
	for text in 'said VRFY' 'said DATA' 'asked for 2 recipients' 'had the null sender' 'ended without QUIT' \
		'lost connection after DATA' 'too soon after the last one' 'began before the one before was over'; do
		count=$((count + 1))
		if grep -qF "198.51.100.99 at clean: $text" "$LAB_TREE/rude"; then
			echo "ok $count - the oracle sees a rude client: $text"
		else
			failed=$((failed + 1))
			echo "not ok $count - the oracle sees a rude client: $text"
			grep -F 198.51.100.99 "$LAB_TREE/rude"
		fi
	done
}
rude_is_over() { [ "$(grep -c 'disconnect from .*\[198.51.100.99\]' "$LAB_TREE/postfix/log")" -eq 2 ]; }

# What the README shows: a command and what it printed, up to the first empty line (the proof).
show_story() {
	names=$(stories_named "$1") || exit 64
	# shellcheck disable=SC2046,SC2086
	hosts_up $(hosts_of $names) >&2 || give_up "the box does not come up"
	# shellcheck disable=SC2086
	play_all $names
	here=$LAB_TREE/stories/$names
	why=$(cut -f 3 "$here/row")
	case $why in
	skip:*) echo "1..0 # SKIP ${why#skip:}" ;;
	*) cat "$here/command" && sed '/^$/,$d' "$here/shown" ;;
	esac
	[ "$why" != wrong ] || { tell "$names" 1 run >&2; exit 1; }
}
