#!/bin/sh
# embed.sh - files become a C table (probe/web/assets.h) on stdout.
# usage: embed.sh FILE...
set -eu

type_of() {
	case $1 in
	*.css) echo "text/css; charset=utf-8" ;;
	*.js) echo "text/javascript; charset=utf-8" ;;
	*.svg) echo "image/svg+xml" ;;
	*) echo "embed.sh: what is $1?" >&2; exit 1 ;;
	esac
}

echo "/* Made by probe/web/assets/embed.sh. */"
echo '#include "probe/web/assets.h"'
rows=
number=0
for file in "$@"; do
	name=${file##*/}
	hash=$(sha256sum "$file" | cut -c1-12)
	type=$(type_of "$name")
	echo
	echo "static const unsigned char bytes_$number[] = {"
	od -An -v -tx1 "$file" | sed 's/ *\([0-9a-f][0-9a-f]\)/ 0x\1,/g'
	echo "};"
	rows="$rows	{ \"$name\", \"/assets/${name%.*}.$hash.${name##*.}\", \"$type\", \"$hash\", bytes_$number, sizeof bytes_$number },
"
	number=$((number + 1))
done
echo
echo "const struct mx_asset mx_assets[] = {"
printf '%s' "$rows"
echo "};"
echo "const size_t mx_asset_count = sizeof mx_assets / sizeof *mx_assets;"
