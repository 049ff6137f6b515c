#!/bin/sh
# lint-self-test.sh - every rule of lint.sh can fail: each is broken in a copy of the tree.
exec "$(dirname "$0")/lint.sh" --self-test
