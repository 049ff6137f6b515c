#!/bin/sh
# sabotage.sh - every story that has a cause, without it: each of them must fail. Prints TAP.
exec sh "$(dirname "$0")/lab" sabotage
