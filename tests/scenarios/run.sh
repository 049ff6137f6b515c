#!/bin/sh
# run.sh - every scenario against the real binary; prints TAP. Runs in the build directory.
#
# In a build with --enable-test-clock nothing is waited for; without it the scenarios that would
# take minutes are skipped, and say so.
set -eu
srcdir=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
MXPROBE_TAXONOMY=$srcdir/taxonomy
export MXPROBE_TAXONOMY
exec ./mxprobe scenario test --tap --jobs "${MXPROBE_TEST_JOBS:-2}" --certs certs/pki \
	"$srcdir/scenarios"
