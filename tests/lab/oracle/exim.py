"""exim.py - sessions as Exim logs them, and as hosts/exim.sh has it say at their end."""
import collections
import re

import stamp

LINE = re.compile(r"^(?P<time>\d{4}-\d\d-\d\d [\d:.]+) (?P<text>.*)$")
PEER = re.compile(r"\[(?P<source>[0-9a-fA-F.:]+)\]:(?P<port>\d+)")
SAID = re.compile(r"said by (?P<source>\S+) (?P<port>\d+) to (?P<service>\S+): (?P<history>\S*)")
NULL = re.compile(r"null sender from (?P<source>\S+) (?P<port>\d+)")
COMPLAINT = re.compile(r"SMTP (protocol|syntax) error|lost|timeout|TLS error")


def sessions(lines):
    open_by_peer = {}
    for line in lines:
        found = LINE.match(line)
        if not found:
            continue
        now, text = stamp.iso(found["time"]), found["text"]
        peer = SAID.match(text) or NULL.match(text) or PEER.search(text)
        key = peer and (peer["source"], peer["port"])
        if text.startswith("SMTP connection from") and "(TCP/IP connection count" in text:
            service = re.search(r"I=\[([^]]+)\]", text)[1]
            open_by_peer[key] = {
                "source": key[0], "service": service, "start": now, "end": None,
                "commands": {}, "null_sender": False, "complaints": []}
            continue
        session = open_by_peer.get(key)
        if session is None:
            continue
        if text.startswith("said by"):
            words = SAID.match(text)["history"].split(",")
            session["commands"] = dict(collections.Counter(word.lower() for word in words if word))
        elif text.startswith("null sender"):
            session["null_sender"] = True
        elif COMPLAINT.search(text):
            session["complaints"].append(text)
        # Refused at CONNECT, Exim hangs up, and has no ACL for that end.
        hung_up = 'rejected connection in "connect" ACL' in text
        if hung_up or "closed by" in text or "lost" in text:
            session["closed_by_server"] = hung_up
            session["end"] = now
            yield open_by_peer.pop(key)
    yield from open_by_peer.values()
