#!/bin/sh
# schema.sh - what receivers are told is what doc/alert.schema.json promises, of every kind of alert.
. "$(dirname "$0")/../cli/lib.sh"
schema=$source_dir/doc/alert.schema.json
desk=$PWD/tests/alerts/desk

python=
for candidate in python3 /usr/bin/python3; do
	"$candidate" -c 'from jsonschema import Draft202012Validator' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
	skip 'notices fit the schema' 'NOT CHECKED: python3-jsonschema is not installed'
	finish
fi

printf '#!/bin/sh\ncat >>"%s/told"\n' "$work" >"$work/tell"
chmod +x "$work/tell"
printf 'alerts: [{command: [%s/tell], min_severity: info, group_wait: 0s}]\n' "$work" >"$work/mxprobe.yaml"
run --config "$work/mxprobe.yaml" alert test
same 'a test' 0 "$status"
"$desk" run "$work/store.db" "$work/mxprobe.yaml" >"$work/ready" 2>"$work/log" &
teller=$!
trap 'kill -9 $teller 2>/dev/null; rm -rf "$work"' EXIT
while ! grep -q ready "$work/ready"; do sleep 0.05; done
sleep 0.3

# states SOURCE STATE...: one after the other, each told before the next.
states() {
	source=$1
	shift
	for state in "$@"; do
		printf '%s example.test %s no\\xff\n' "$source" "$state" | "$desk" happen "$work/store.db"
		sleep 0.4
	done
}
states 203.0.113.1 suspect blocked delist_requested overdue clearing blocked clearing clear
states 2001:db8::1 suspect clear flapping clear
kill $teller
wait $teller

same 'every kind was told' 'answered blocked calm flapping overdue recovered relapsed settled suspect' \
	"$(jq -r '.alerts[].kind' "$work/told" | sort -u | tr '\n' ' ' | sed 's/ $//')"
same 'and is as the schema has it' '' "$("$python" - "$schema" "$work/told" <<'PYTHON' 2>&1
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
for line in open(sys.argv[2], encoding="utf-8"):
    for error in Draft202012Validator(schema).iter_errors(json.loads(line)):
        print(f"{'.'.join(map(str, error.path))}: {error.message[:200]}")
PYTHON
)"
jq -c '.alerts[0].state = 7' "$work/told" | tail -n 1 >"$work/bad"
same 'which is strict' 1 "$("$python" -c '
import json, sys
from jsonschema import Draft202012Validator
print(len(list(Draft202012Validator(json.load(open(sys.argv[1]))).iter_errors(json.load(open(sys.argv[2]))))))
' "$schema" "$work/bad")"
finish
