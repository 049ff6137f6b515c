#!/bin/sh
# stories.sh - every story of the lab, and the politeness oracle. Prints TAP.
exec sh "$(dirname "$0")/lab" run
