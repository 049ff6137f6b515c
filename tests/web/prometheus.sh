#!/bin/sh
# prometheus.sh - a real Prometheus reads a real daemon. Prints TAP.
. "$(dirname "$0")/play.sh"
play prometheus.py
