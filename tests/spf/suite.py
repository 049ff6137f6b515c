"""suite.py - the conformance suite for RFC 7208 that Debian's python3-spf brings with it, asked of
mxprobe. The suite stays where it is installed: nothing of it is in this tree. Prints TAP.

usage: suite.py SPF-ASK|MXPROBE SUITE.yml.gz
A program called mxprobe is asked by its subcommand preflight.
"""
import gzip
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import yaml

from world import FAIL, Server

# How the suite writes that no server answers in time.
TIMEOUT = "TIMEOUT"


def values(kind, value):
    if kind == "TXT":
        pieces = value if isinstance(value, list) else [value]
        return [str(piece).encode("utf-8") for piece in pieces]
    return tuple(value) if kind == "MX" else value


def rows(entries):
    """The suite writes some records as of type SPF, which has died, and means TXT, unless the
    name has TXT of its own."""
    found, old, has_text = [], [], False
    for entry in entries:
        if entry == TIMEOUT:
            found.append(FAIL)
            continue
        for kind, value in entry.items():
            has_text = has_text or kind == "TXT"
            if value == TIMEOUT:
                found.append((kind, FAIL))
            elif kind == "SPF":
                old.append(("TXT", values("TXT", value)))
            elif value != "NONE":
                found.append((kind, values(kind, value)))
    return found if has_text else found + old


def world_of(section):
    return {name.lower().rstrip("."): rows(entries)
            for name, entries in section["zonedata"].items()}


def ask_preflight(program, where, test):
    done = subprocess.run(
        [program, "preflight", "--source", test["host"], "--helo", test["helo"] or "",
         "--mail-from", test.get("mailfrom") or "", "--dns-server", where, "--dnsbl", "none",
         "--format", "json", "--timeout", "10"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if not done.stdout:
        return "nothing", "-", done.stderr.decode("utf-8", "replace").strip()
    spf = json.loads(done.stdout)["spf"]
    found = spf["mail_from"] if test.get("mailfrom") else spf["helo"]
    return found, spf["explanation"] or "-", ""


def ask(program, where, tests):
    if os.path.basename(program) == "mxprobe":
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda test: ask_preflight(program, where, test), tests))
    checks = "".join("%s\t%s\t%s\n" % (t["host"], t["helo"], t.get("mailfrom") or "")
                     for t in tests)
    done = subprocess.run([program, where, "10"], input=checks.encode("utf-8"),
                          stdout=subprocess.PIPE, check=True)
    lines = done.stdout.decode("utf-8", "replace").split("\n")[:-1]
    assert len(lines) == len(tests), lines
    return [line.split("\t", 2) for line in lines]


def fault(test, answer):
    result, explanation, why = answer
    expected = test["result"] if isinstance(test["result"], list) else [test["result"]]
    if result not in expected:
        return "expected %s, got %s: %s" % (" or ".join(expected), result, why)
    wanted = test.get("explanation")
    if wanted is None:
        return None
    if (explanation if explanation != "-" else "DEFAULT") != wanted:
        return "expected the explanation %r, got %r" % (wanted, explanation)
    return None


def main():
    program, path = sys.argv[1:]
    with gzip.open(path, "rt", encoding="utf-8") as file:
        sections = [s for s in yaml.safe_load_all(file) if s]
    count = good = asked = right = 0
    with Server({}) as server:
        for section in sections:
            server.world = world_of(section)
            names = list(section["tests"])
            tests = [section["tests"][name] for name in names]
            faults = [(name, fault(test, answer)) for name, test, answer
                      in zip(names, tests, ask(program, server.where, tests))]
            bad = ["%s: %s" % f for f in faults if f[1]]
            count += 1
            good += not bad
            asked += len(tests)
            right += len(tests) - len(bad)
            print("%sok %d - %s: %d of %d" % ("not " if bad else "", count,
                  section["description"], len(tests) - len(bad), len(tests)))
            for line in bad:
                print("# " + line)
    print("# %d of %d" % (right, asked))
    print("1..%d" % count)
    return 0 if count == good and count > 0 else 1


sys.exit(main())
