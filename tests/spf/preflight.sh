#!/bin/sh
# preflight.sh - the conformance suite for RFC 7208, asked of mxprobe preflight: its SPF results are
# those of check_host(), whatever it is told of a source, a HELO name and a sender. Prints TAP.
#
# usage: tests/spf/preflight.sh [MXPROBE]

exec "${SHELL:-/bin/sh}" "$(dirname "$0")/suite.sh" "${1:-./mxprobe}"
