#!/bin/sh
# guests.sh - the daemon's HTTP side, asked by friends and others. Prints TAP.
. "$(dirname "$0")/play.sh"
ulimit -n "$(ulimit -H -n)" 2>/dev/null
play guests.py
