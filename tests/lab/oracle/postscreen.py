"""postscreen.py - sessions that postscreen kept for itself, and those that it handed to smtpd."""
import re

import postfix
import stamp

LINE = re.compile(r"^(?P<time>\w{3} +\d+ [\d:]+) \S+ postfix/postscreen\[\d+\]: (?P<text>.*)$")
PEER = re.compile(r"^(?P<what>[A-Z][A-Z -]*[A-Z])(?:,? .*?)?\[(?P<source>[0-9a-fA-F.:]+)\]:(?P<port>\d+)(?: to \[(?P<to>[^]]+)\])?")
# What postscreen says of clients that talk out of turn, or leave without QUIT.
RUDE = re.compile(r"PREGREET|HANGUP|COMMAND|BARE NEWLINE|NON-SMTP|UNALLOWED|BDAT")


def sessions(lines):
    lines = list(lines)
    open_by_peer = {}
    for line in lines:
        found = LINE.match(line)
        peer = found and PEER.match(found["text"])
        if not peer:
            continue
        now, key = stamp.syslog(found["time"]), (peer["source"], peer["port"])
        if peer["what"] == "CONNECT":
            open_by_peer[key] = {
                "source": peer["source"], "service": peer["to"], "start": now, "end": None,
                "commands": {"quit": 1}, "null_sender": False, "complaints": []}
        elif key in open_by_peer and RUDE.match(peer["what"]):
            open_by_peer[key]["complaints"].append(found["text"])
        elif key in open_by_peer and "from=<>" in found["text"]:
            open_by_peer[key]["null_sender"] = True
        elif key in open_by_peer and peer["what"] == "DISCONNECT":
            yield {**open_by_peer.pop(key), "end": now}
    # The rest was handed over: smtpd has more to say of those.
    handed = [session for session in open_by_peer.values() if session["complaints"]]
    yield from handed
    for session in postfix.sessions(lines):
        yield {**session, "service": "smtpd behind postscreen"}
