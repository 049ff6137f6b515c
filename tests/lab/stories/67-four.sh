about='A provider of four exchangers on four MTAs, two of which ask a list: blocked at 2 of 4'
hosts='exim opensmtpd sendmail screen'
slow='twenty seconds between two addresses of a provider'
cause() { list sbl "$source"; }
probe() {
	# shellcheck disable=SC2046 # a list of options
	mxprobe check $(who) --to four.test --mx all >"$here/shown"
	status=$?
	see "$(grep -o 'four.test from.*of 4.*' "$here/shown")"
	mxprobe history --format json | jq -c 'select(.verdict)' >"$here/json"
	json=$(cat "$here/json")
}
expect() {
	exits 1
	shown 'blocked at 2 of 4 addresses'
	that 'map(select(.verdict == "blocked").mx.address) | sort == ["203.0.113.107", "203.0.113.125"]'
	that 'map(select(.verdict == "accepted").mx.address) | sort == ["203.0.113.115", "203.0.113.133"]'
}
