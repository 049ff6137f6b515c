"""sendmail.py - sessions as Sendmail's traffic log has them (-X): every line both ways, by process."""
import re

LINE = re.compile(r"^(?P<time>[\d.]+) (?P<pid>\d+) (?P<way><<<|>>>|===) (?P<text>.*)$")
GREETING = re.compile(r"[245]\d\d[ -](?P<service>\S+)")
HELLO = re.compile(r"250[ -]\S+ Hello .*\[(?:IPv6:)?(?P<source>[0-9a-fA-F.:]+)\]")


def sessions(lines):
    open_by_pid = {}
    for line in lines:
        found = LINE.match(line)
        if not found:
            continue
        now, pid, text = float(found["time"]), found["pid"], found["text"]
        session = open_by_pid.get(pid)
        if session is None:
            greeting = GREETING.match(text)
            if found["way"] == ">>>" and greeting:
                open_by_pid[pid] = {
                    "source": "", "service": greeting["service"], "start": now, "end": None,
                    "commands": {}, "null_sender": False, "complaints": []}
        elif found["way"] == "<<<":
            word = text.split()[0].lower() if text.split() else "unknown"
            session["commands"][word] = session["commands"].get(word, 0) + 1
            session["null_sender"] |= text.upper().startswith("MAIL FROM:<>")
        elif found["way"] == ">>>" and HELLO.match(text):
            session["source"] = HELLO.match(text)["source"]
        elif text.startswith("221 "):
            session["end"] = now
            yield open_by_pid.pop(pid)
    yield from open_by_pid.values()
