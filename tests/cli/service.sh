#!/bin/sh
# service.sh - the systemd unit: it can be read, and it is given no more rights than it needs.
. "$(dirname "$0")/lib.sh"

if ! command -v systemd-analyze >/dev/null; then
	skip 'the unit is hardened' 'there is no systemd-analyze here'
	finish
fi
sed 's,@bindir@,/bin,' "$source_dir/contrib/mxprobe.service.in" >"$work/mxprobe.service"
# what it would start is not installed here
sed 's,^ExecStart=.*,ExecStart=/bin/true,; /^Documentation=/d' "$work/mxprobe.service" >"$work/verified.service"
systemd-analyze verify --man=no "$work/verified.service" >"$work/out" 2>&1
same 'systemd takes every line of it' '' "$(grep verified.service "$work/out")"
systemd-analyze security --no-pager --offline=yes --threshold=15 "$work/mxprobe.service" >"$work/out" 2>&1
same 'its exposure is 1.5 or less' 0 "$?"
sed -n 's/^. Overall/# Overall/p; s/^→ /# /p' "$work/out" | LC_ALL=C tr -cd '[:print:]\n'
same 'and it reloads by SIGHUP' 1 "$(grep -c '^ExecReload=.*kill -HUP' "$work/mxprobe.service")"
finish
