#!/bin/sh
# agree.sh - some hundred made-up SPF checks, answered by mxprobe and by an independent
# implementation alike. Prints TAP.
#
# usage: tests/spf/agree.sh [SPF-ASK-PROGRAM [CASES [SEED]]]
# Needs python3-spf and python3-yaml. Another SEED makes up other checks.

set -u
here=$(cd "$(dirname "$0")" && pwd)
ask=${1:-tests/spf/spf-ask}
. "$here/python.sh"
exec "$python" "$here/agree.py" "$ask" "${2:-400}" "${3:-mxprobe}"
