"""fits.py SCHEMA LINES: is each line of LINES an object as SCHEMA says?"""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
lines = [json.loads(line) for line in open(sys.argv[2])]
for line in lines:
    jsonschema.validate(line, schema)
sys.exit(0 if lines else 1)
