#!/bin/sh
# man.sh - the options of --help are those of the manual page, no more and no fewer, and the pages
# are clean.
. "$(dirname "$0")/lib.sh"

# "-s --source 1": letter or -, name, whether it takes a value; sorted.
help_options() {
	"$mxprobe" "$@" --help | sed -n 's/^  \(-.,\|   \) --\([a-z0-9-]*\)\( .*\)\{0,1\}$/\1|\2|\3/p' |
		awk -F'|' '{
			letter = substr($1, 2, 1); if (letter == " ") letter = "-"
			# a value stands one blank behind the name, the sentence at least two
			print letter, $2, ($3 ~ /^ [^ ]/) ? 1 : 0
		}' | sort
}

man_options() {
	awk '/^\.It Fl/ {
		letter = "-"; name = ""; value = 0
		for (i = 2; i <= NF; i++) {
			if ($i == "Fl" && $(i + 1) ~ /^-/) name = substr($(i + 1), 2)
			else if ($i == "Fl") letter = $(i + 1)
			else if ($i == "Ar" || $i == "Cm") value = 1
		}
		print letter, name, value
	}' "$1" | sort
}

# compare PAGE [COMMAND]: a command's page may leave the general options to mxprobe(1).
compare() {
	page=$source_dir/doc/$1.in
	shift
	: >"$work/general"
	[ $# -eq 0 ] || help_options >"$work/general"
	help_options "$@" | grep -vxF -f "$work/general" >"$work/help"
	man_options "$page" | grep -vxF -f "$work/general" >"$work/man"
	[ $# -gt 0 ] || [ -s "$work/help" ] || not_ok 'mxprobe --help lists options'
	same "$(basename "$page") has the options of mxprobe $* --help" "$(cat "$work/help")" \
		"$(cat "$work/man")"
}

compare mxprobe.1

# Every command is in mxprobe(1), and the manual that its --help names is there.
for command in $("$mxprobe" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'); do
	grep -q "^\.It Cm $command\$" "$source_dir/doc/mxprobe.1.in"
	same "mxprobe(1) tells about $command" 0 $?
	page=$("$mxprobe" "$command" --help | sed -n 's/^Manual: \([^(]*\)(\([0-9]\))$/\1.\2/p')
	[ -n "$page" ] && [ -f "$source_dir/doc/$page.in" ]
	same "the manual of $command, $page, is there" 0 $?
	[ "$page" = mxprobe.1 ] || [ ! -f "$source_dir/doc/$page.in" ] || compare "$page" "$command"
done

# Every verdict that the schema knows is explained.
for verdict in $(sed -n '/"verdict": {/,/\]/p' "$source_dir/doc/result.schema.json" |
	grep -o '"[a-z]*"' | tr -d '"' | grep -v -e '^verdict$' -e '^enum$'); do
	grep -q "^\.It Cm $verdict\$" "$source_dir/doc/mxprobe.1.in"
	same "mxprobe(1) explains $verdict" 0 $?
done

if command -v mandoc >/dev/null; then
	for page in "$source_dir"/doc/*.in; do
		sed 's,@[a-z]*dir@,/usr,g' "$page" >"$work/${page##*/}"
		same "$(basename "$page") is clean mdoc" '' "$(mandoc -Tlint -W warning "$work/${page##*/}" 2>&1)"
	done
else
	skip 'manual pages are clean mdoc' 'mandoc is not installed'
fi
finish
