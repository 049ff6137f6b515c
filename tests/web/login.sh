#!/bin/sh
# login.sh - TLS, tokens and passwords of the daemon's HTTP side. Prints TAP.
. "$(dirname "$0")/play.sh"
[ -r "$MXPROBE_CERTS/good.pem" ] || skip_all "there are no certificates: make certs"
command -v curl >/dev/null || skip_all 'curl is not installed'
play login.py
