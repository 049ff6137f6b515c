#!/bin/sh
# page.sh - the page in a browser: Chromium without a window, a real `mxprobe serve`, 1,000 sources.
#
# Pictures of every view are left in MXPROBE_E2E_PICTURES, if that is set.
. "$(dirname "$0")/../cli/lib.sh"
here=$source_dir/tests/e2e
npm_dir=$PWD/tests/e2e/npm
TZ=Asia/Tokyo
export TZ

skip_all() {
	echo "1..0 # SKIP THE PAGE IS NOT TESTED: $1"
	echo "THE PAGE IS NOT TESTED: $1" >&2
	exit 0
}

command -v python3 >/dev/null || skip_all "there is no python3"
command -v sqlite3 >/dev/null || skip_all "there is no sqlite3"
(cd "$here" && python3 -B -c 'import sys, chromium; sys.exit(chromium.find() is None)') ||
	skip_all "there is no chromium; script/packages-test names the package"

# The accessibility rules come from npm, at the version that the lock file names.
if [ ! -f "$npm_dir/node_modules/axe-core/axe.min.js" ] && command -v npm >/dev/null; then
	mkdir -p "$npm_dir" && cp "$here/package.json" "$here/package-lock.json" "$npm_dir" &&
		timeout 120 npm ci --prefix "$npm_dir" --ignore-scripts --no-audit --no-fund >"$work/npm" 2>&1 ||
		sed 's/^/# npm: /' "$work/npm"
fi

# ---- a store of a week, and the daemon on it ----------------------------------------------------
remember=$PWD/tests/store/remember
store=$work/mxprobe.db
{ python3 -B "$here/seed.py" 40 20 && python3 -B "$here/seed.py" own; } | "$remember" "$store" &&
	sqlite3 "$store" <"$here/grow.sql" || {
	echo "1..1"
	echo "not ok 1 - a store of 1,000 sources is made"
	exit 1
}
mkdir -p "$work/config/mxprobe"
cat >"$work/config/mxprobe/mxprobe.yaml" <<END
sources: [{address: 127.0.0.2, helo: mail.example.jp, tags: [web01]}]
mail_from: probe@example.jp
destinations: [example.test]
store: $store
END
AXE=$npm_dir/node_modules/axe-core/axe.min.js MX_PROGRAM=$mxprobe timeout 300 \
	"$mxprobe" scenario play "$here/page.yaml" -- python3 -B "$here/page.py" "$work" >"$work/play" 2>"$work/said" </dev/null
status=$?
grep -E '^(ok|not ok|#|1\.\.)' "$work/play"
grep -q '^1\.\.' "$work/play" || {
	echo "1..1"
	echo "not ok 1 - the browser came to the end (status $status)"
	tail -n 30 "$work/play" "$work/said" | sed 's/^/# /'
}
grep -q '^not ok' "$work/play" && sed 's/^/# /' "$work/daemon" | tail -n 60
exit 0
