#!/bin/sh
# once.sh - a webhook hears of each event once, whoever is killed; MX_ROUNDS and MX_SEED may be given.
. "$(dirname "$0")/../cli/lib.sh"

if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP python3 is not installed"
	exit 0
fi
python3 "$source_dir/tests/alerts/once.py" "$PWD/tests/alerts/desk" "$work" "${MX_ROUNDS:-20}" "${MX_SEED:-7}"
