"""postfix.py - sessions as Postfix's smtpd logs them: connect, disconnect with the count of each command."""
import re

import stamp

LINE = re.compile(r"^(?P<time>\w{3} +\d+ [\d:]+) \S+ postfix/(?P<service>\S+?)/?(?:smtpd)?\[(?P<pid>\d+)\]: (?P<text>.*)$")
PEER = re.compile(r"(?P<what>connect|disconnect) from \S+\[(?P<source>[0-9a-fA-F.:]+)\](?P<rest>.*)$")
COUNT = re.compile(r"(\w+)=(?:\d+/)?(\d+)")
COMPLAINT = re.compile(r"lost connection|timeout after|improper command pipelining|too many errors|SSL_accept error")


def sessions(lines):
    open_by_pid = {}
    for line in lines:
        found = LINE.match(line)
        if not found or "smtpd[" not in line:
            continue
        now = stamp.syslog(found["time"])
        peer = PEER.match(found["text"])
        if peer and peer["what"] == "connect":
            open_by_pid[found["pid"]] = {
                "source": peer["source"], "service": found["service"], "start": now, "end": None,
                "commands": {}, "null_sender": False, "complaints": []}
            continue
        session = open_by_pid.get(found["pid"])
        if session is None:
            continue
        if COMPLAINT.search(found["text"]):
            session["complaints"].append(found["text"])
        if "limit exceeded:" in found["text"]:  # 421, and smtpd hangs up
            session["closed_by_server"] = True
        sender = re.search(r" from=<([^>]*)>", found["text"])
        if sender and sender[1] == "":
            session["null_sender"] = True
        if peer:
            session["end"] = now
            session["commands"] = {name: int(count) for name, count in COUNT.findall(peer["rest"])}
            session["commands"].pop("commands", None)
            yield open_by_pid.pop(found["pid"])
    yield from open_by_pid.values()
