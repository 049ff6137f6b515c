"""opensmtpd.py - sessions as OpenSMTPD traces them (-T smtp): connected, each command, disconnected.

Commands are traced under the session's address in memory, its events under an id. The two meet where the trace
says that it is connected, directly before the event.
"""
import re

LINE = re.compile(r"^(?P<time>[\d.]+) (?P<text>.*)$")
TRACE = re.compile(r"smtp: (?P<pointer>0x[0-9a-f]+): (?P<what>.*)$")
EVENT = re.compile(r"(?P<id>[0-9a-f]{16}) smtp (?P<what>\S+)(?P<rest>.*)$")
LISTENER = re.compile(r"connected to listener \S+ \[hostname=([^,]+)")


def said(session, command):
    word = command.split()[0].lower() if command.split() else "unknown"
    session["commands"][word] = session["commands"].get(word, 0) + 1
    if re.match(r"mail from:<>", command, re.I):
        session["null_sender"] = True


def event(found, now, open_by_id, newest):
    """A session that this event ends, or None."""
    what, rest = found["what"], found["rest"]
    if what == "connected":
        newest.update(source=re.search(r"address=(?:IPv6:)?\[?([^] ]+)", rest)[1], start=now)
        open_by_id[found["id"]] = newest
    session = open_by_id.get(found["id"])
    if session is None:
        return None
    if what == "disconnected":
        session["end"] = now
        if "SSL routines" in rest:  # its own TLS fails: nobody can say anything then
            session["closed_by_server"] = True
        elif "reason=quit" not in rest:
            session["complaints"].append(rest.strip())
        return open_by_id.pop(found["id"])
    return None


def sessions(lines):
    open_by_id, by_pointer, newest = {}, {}, None
    for line in lines:
        found = LINE.match(line)
        if not found:
            continue
        trace, happened = TRACE.match(found["text"]), EVENT.match(found["text"])
        if trace and LISTENER.match(trace["what"]):
            by_pointer[trace["pointer"]] = {
                "service": LISTENER.match(trace["what"])[1], "end": None,
                "commands": {}, "null_sender": False, "complaints": []}
        elif trace and trace["pointer"] in by_pointer:
            session = by_pointer[trace["pointer"]]
            if trace["what"].startswith("STATE_NEW ->"):
                newest = session
            elif trace["what"].startswith("<<< "):
                said(session, trace["what"][4:])
            elif trace["what"].endswith("-> STATE_QUIT") and not session["commands"].get("quit"):
                session["closed_by_server"] = True
        elif happened:
            over = event(happened, float(found["time"]), open_by_id, newest)
            if over:
                yield over
    yield from open_by_id.values()
