#!/bin/sh
# schema.sh - what --format json prints is what doc/result.schema.json promises.
. "$(dirname "$0")/lib.sh"

schema=$source_dir/doc/result.schema.json
python=
for candidate in python3 /usr/bin/python3; do
	"$candidate" -c 'from jsonschema import Draft202012Validator' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
	skip 'results fit the schema' 'NOT CHECKED: python3-jsonschema is not installed'
	finish
fi

# valid FILE: prints what is wrong, and how many lines it read.
valid() {
	"$python" - "$schema" "$1" <<'PYTHON' 2>&1
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
count = 0
for line in open(sys.argv[2], encoding="utf-8"):
    count += 1
    for error in validator.iter_errors(json.loads(line)):
        print(f"line {count}: {'.'.join(map(str, error.path))}: {error.message[:200]}")
print(count, "lines")
PYTHON
}

golden=$source_dir/tests/unit/report/golden/results.json
same 'one result of each verdict, as the unit tests have them' "$(wc -l <"$golden") lines" \
	"$(valid "$golden")"

# The schema is strict: what it does not know, and what is missing, it refuses.
sed '1!d; s/"note":null/"note":null,"extra":1/' "$golden" >"$work/extra"
sed '1!d; s/"note":null,//' "$golden" >"$work/less"
for file in extra less; do
	case $(valid "$work/$file") in
	"1 lines") not_ok "the schema refuses $file" ;;
	*lines) ok "the schema refuses $file" ;;
	*) not_ok "the validator ran for $file" "$(valid "$work/$file")" ;;
	esac
done

# The real program: nobody listens, no such domain, and a line for each.
run check --source 127.0.0.2 --to example.test --server 127.0.0.1:1 --mail-from probe@example.jp \
	--helo mail.example.jp --format json
same 'connection refused: status 3' 3 "$status"
same 'connection refused: valid' '1 lines' "$(valid "$work/out")"
run check --source 127.0.0.2 --to a.test b.test --dns-server 127.0.0.1@1 --mail-from probe@example.jp \
	--helo mail.example.jp --format json
same 'no name server: valid' '2 lines' "$(valid "$work/out")"

# A preflight has a schema of its own, which is also that of a result's identity.
same 'the schema of an identity is that of a preflight' same "$("$python" - "$schema" \
	"$source_dir/doc/preflight.schema.json" <<'PYTHON'
import json, sys
result, preflight = (json.load(open(name)) for name in sys.argv[1:])
identity = result["$defs"]["identity"]
same = all(preflight[key] == identity[key] for key in identity) and all(
    result["$defs"][key] == preflight["$defs"][key] for key in preflight["$defs"])
print("same" if same else "different")
PYTHON
)"
schema=$source_dir/doc/preflight.schema.json
run preflight --source 203.0.113.5 --source 2001:db8::1 --helo 'two words' --mail-from a@b.test \
	--dkim-selector s1 --dnsbl zen.spamhaus.org --dns-server 127.0.0.1@1 --timeout 3 --format json
same 'preflight without a name server: valid' '2 lines' "$(valid "$work/out")"
run preflight --source 203.0.113.5 --dns-server 127.0.0.1@1 --timeout 0.2 --format json
same 'preflight without a sender: valid' '1 lines' "$(valid "$work/out")"
finish
