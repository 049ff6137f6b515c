#!/bin/sh
# suite.sh - the conformance suite for RFC 7208 that Debian's python3-spf installs among its
# documents, asked of mxprobe. Prints TAP.
#
# usage: tests/spf/suite.sh [SPF-ASK-PROGRAM]

set -u
here=$(cd "$(dirname "$0")" && pwd)
ask=${1:-tests/spf/spf-ask}
. "$here/python.sh"
suite=/usr/share/doc/python3-spf/rfc7208-tests.yml.gz
[ -f "$suite" ] || {
	echo "1..0 # SKIP $suite is missing (documents not installed): SPF IS NOT HELD AGAINST IT"
	exit 0
}
exec "$python" "$here/suite.py" "$ask" "$suite"
