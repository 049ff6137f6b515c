#!/usr/bin/env python3
"""oracle.py TREE FIRST-NUMBER all|some - was mxprobe polite? Read from the mail exchangers' own logs, told as TAP.

A sender, here, is a story: each has a source address, a store and a clock of its own (lib/clock.py says by how
much a clock was moved, and when). So floors between sessions hold between those of one source, by that source's
clock; nothing else is forgiven. "all": every exchanger must have had a session, or its log was not understood. A provider is what the host's file says behind its log's name, else the service of a log, else the host.
"""
import importlib
import math
import pathlib
import re
import sys
from collections import defaultdict

SAME_ADDRESS_S = 30 * 60
OTHER_ADDRESS_S = 20
# A session is written into the store a moment before the exchanger sees it.
GRAIN_S = 2
NEVER = ("data", "bdat", "vrfy", "expn", "auth", "etrn", "unknown")
OURS = ("198.51.100.", "2001:db8:51:", "192.0.2.200")


class Clock:
    """When it was by a story's clock: "REAL SECONDS" lines, as lib/clock.py prints them."""

    def __init__(self, path):
        text = path.read_text() if path.exists() else ""
        self.moves = [tuple(map(float, line.split())) for line in text.splitlines()]

    def at(self, real):
        return real + max([moved for when, moved in self.moves if when <= real], default=0)


def clocks(tree):
    return {story.name.split("-")[0]: Clock(story / "clock.log") for story in (tree / "stories").iterdir()}


def read(tree):
    """Every session of ours with every exchanger."""
    for entry in sorted((tree / "logs").iterdir()):
        kind, file, *provider = entry.read_text().split()
        log = tree / entry.name / file
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        for session in importlib.import_module(kind).sessions(lines):
            if session["source"].startswith(OURS):
                session.setdefault("service", entry.name)
                yield {**session, "host": entry.name, "provider": " ".join(provider) or session["service"],
                       "place": (entry.name, session.get("address", session["service"]))}


def manners(session):
    """What one session did wrong."""
    counts = session["commands"]
    if session["end"] is None:
        yield "was never over"
    elif not counts.get("quit") and not session.get("closed_by_server"):
        yield "ended without QUIT"
    yield from (f"said {name.upper()}" for name in NEVER if counts.get(name))
    if counts.get("rcpt", 0) > 1:
        yield f"asked for {counts['rcpt']} recipients"
    if session["null_sender"]:
        yield "had the null sender"
    yield from session.get("complaints", [])


def gaps(sessions, clock):
    """What was too soon or at once, among one source's sessions with one provider.

    Logs have whole seconds, in which a story's clock may move by hours. So each session gets the earliest
    time that keeps the floors to those before; where even the latest moment of its second is too early, it
    came too soon.
    """
    last, last_at = None, {}
    for session in sorted(sessions, key=lambda s: (s["start"], s["end"] or math.inf)):
        floors = [(last_at[session["place"]] + SAME_ADDRESS_S, f"at {session['place'][1]}")] if session["place"] in last_at else []
        floors += [(last_at[last["place"]] + OTHER_ADDRESS_S, "anywhere")] if last else []
        floor, where = max(floors, default=(0, ""))
        latest = clock.at(session["start"] + 1) + GRAIN_S
        if latest < floor:
            yield session, f"too soon after the last one {where}, by {floor - latest:.0f} s"
        if last and last["end"] is not None and session["start"] < last["end"]:
            yield session, "began before the one before was over"
        last = session
        last_at[session["place"]] = min(latest, max(clock.at(session["start"]), floor))


def main(tree, number, every_host):
    known = clocks(tree)
    pairs, by_host, wrongs = defaultdict(list), defaultdict(list), defaultdict(list)
    for session in read(tree):
        pairs[session["source"], session["provider"]].append(session)
        by_host[session["host"]].append(session)
        for text in manners(session):
            wrongs[session["host"]].append(f"{session['source']} at {session['service']}: {text}")
    nobody = Clock(pathlib.Path("/nonexistent"))
    for (source, provider), sessions in pairs.items():
        clock = known.get(re.split("[.:]", source)[-1], nobody)
        for session, text in gaps(sessions, clock):
            wrongs[session["host"]].append(f"{source} at {provider}: {text}")
    is_rude = False
    for entry in sorted((tree / "logs").iterdir()):
        host, count = entry.name, len(by_host[entry.name])
        bad = wrongs[host] or (["its log has no session of ours"] if every_host and not count else [])
        print(f"{'not ok' if bad else 'ok'} {number} - polite, says the log of {host}: {count} sessions")
        for text in bad:
            print(f"#   wrong: {text}")
        number += 1
        is_rude = is_rude or bool(bad)
    print(f"1..{number - 1}")
    return is_rude


sys.exit(main(pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "all"))
