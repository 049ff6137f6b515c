#!/usr/bin/env python3
"""crowd.py - many mxprobe processes on one store, against a mail exchanger that counts.

usage: crowd.py MXPROBE STORE PREFIX SCENE [SEED]

Runs inside `mxprobe scenario play tests/store/crowd.yaml -- ...`, whose name server knows d1.test to
d40.test, each with a mail exchanger of its own: PREFIX.1 to PREFIX.40. Prints TAP lines without
numbers; the exit status is 1 when one of them is "not ok".

The exchanger here is not fakemx on purpose: it may stand on addresses that are not loopback (within
a network namespace), where the floors of politeness hold.
"""

import json
import os
import random
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time

MXPROBE, STORE, PREFIX, SCENE = sys.argv[1:5]
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 1
SOURCE = PREFIX + ".200"
PROCESSES = 8
KILLS = 200
failed = False


def claim(holds, what, *details):
    global failed
    print(("ok - " if holds else "not ok - ") + what)
    if not holds:
        failed = True
        for detail in details:
            for line in str(detail).splitlines():
                print("# " + line)
    sys.stdout.flush()


class Exchanger:
    """Accepts everything; remembers every connection, and how many were open at once."""

    def __init__(self, greeting_delay):
        self.delay = greeting_delay
        self.lock = threading.Lock()
        self.seen = {}
        self.open = {}
        self.most = 0
        self.sockets = []
        self.port = 0

    def listen(self, addresses):
        for address in addresses:
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, self.port))
            listener.listen(64)
            self.port = listener.getsockname()[1]
            self.sockets.append(listener)
            threading.Thread(target=self.accept, args=(listener, address), daemon=True).start()

    def accept(self, listener, address):
        while True:
            peer, _ = listener.accept()
            with self.lock:
                self.seen[address] = self.seen.get(address, 0) + 1
                self.open[address] = self.open.get(address, 0) + 1
                self.most = max(self.most, self.open[address])
            threading.Thread(target=self.talk, args=(peer, address), daemon=True).start()

    def talk(self, peer, address):
        try:
            time.sleep(self.delay())
            peer.sendall(b"220 mx.test ESMTP\r\n")
            for line in peer.makefile("rb"):
                quits = line.upper().startswith(b"QUIT")
                peer.sendall(b"221 bye\r\n" if quits else b"250 ok\r\n")
                if quits:
                    break
        except OSError:
            pass
        peer.close()
        with self.lock:
            self.open[address] -= 1


def probe(number, port, *options, source=SOURCE):
    return subprocess.Popen(
        [MXPROBE, "check", "--source", source, "--to", "d%d.test" % number, "--store", STORE,
         "--dns-server", os.environ["MXPROBE_PLAY_DNS"], "--port", str(port),
         "--helo", "mail.example.jp", "--mail-from", "probe@example.jp", "--depth", "mail",
         "--format", "json", "--tls", "none", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def verdicts(processes):
    found = []
    for process in processes:
        out, messages = process.communicate(timeout=60)
        lines = [json.loads(line) for line in out.splitlines()]
        found.append((lines[0]["verdict"], lines[0]["finding"]["text"] if lines[0]["finding"] else "",
                      lines[0]["finding"]["retry_after_s"] if lines[0]["finding"] else None,
                      process.returncode) if lines else ("nothing", messages, None, process.returncode))
    return found


def rows(sql, *values):
    with sqlite3.connect(STORE, timeout=30) as db:
        return db.execute(sql, values).fetchall()


def wait_until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)


def is_intact():
    return rows("PRAGMA integrity_check") == [("ok",)]


def crowd():
    """Eight at once on a store that none of them has made yet."""
    others_told = threading.Event()
    exchanger = Exchanger(lambda: others_told.wait(30) and 0)
    exchanger.listen([PREFIX + ".1"])
    processes = [probe(1, exchanger.port) for _ in range(PROCESSES)]
    wait_until(lambda: sum(process.poll() is None for process in processes) <= 1, 30)
    others_told.set()
    found = verdicts(processes)
    words = sorted(verdict for verdict, _, _, _ in found)
    claim(words == ["accepted"] + ["suppressed"] * (PROCESSES - 1),
          "of eight at once one probes and seven are told to wait", *found)
    claim(exchanger.seen == {PREFIX + ".1": 1}, "the server saw one session", exchanger.seen)
    claim(all(re.search("under way|min between sessions", text) for verdict, text, _, _ in found
              if verdict == "suppressed"), "each of the seven is told why", *found)
    claim(sorted(code for _, _, _, code in found) == [0] + [3] * (PROCESSES - 1),
          "and ends with status 3", *found)
    sessions = rows("SELECT outcome FROM session")
    claim(sessions == [("accepted",)], "the ledger knows the one session, and how it ended", sessions)
    claim(len(rows("SELECT 1 FROM result")) == 1, "one result is remembered")
    claim(is_intact(), "the database is intact")


def later():
    """Another, after the first is over: the floor, unless on loopback."""
    exchanger = Exchanger(lambda: 0)
    exchanger.listen([PREFIX + ".2"])
    first = verdicts([probe(2, exchanger.port)])[0]
    second = verdicts([probe(2, exchanger.port)])[0]
    claim(first[0] == "accepted", "the first of two is let go", first)
    if PREFIX.startswith("127."):
        claim(second[0] == "accepted", "on loopback the second, too", second)
        return
    claim(second[0] == "suppressed" and
          re.fullmatch(r"suppressed until [0-9: -]+ \(30 min between sessions to d2\.test\)", second[1]),
          "the second is suppressed until a time of day, with the reason", second)
    claim(second[2] is not None and 1700 < second[2] <= 1800, "and the seconds until then", second)
    dry = probe(2, exchanger.port, "--dry-run")
    plan = json.loads(dry.communicate(timeout=60)[0])
    claim(plan["now"] is False and plan["why_not"].startswith("suppressed until"),
          "a dry run says the same", plan)
    claim(exchanger.seen == {PREFIX + ".2": 1}, "the server saw one session", exchanger.seen)


class TestClock:
    """The file that a test-clock build's processes share: by how much time was moved, and how often a
    timer looked and was not due."""

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as file:
            file.write(bytes(24))
        os.environ["MXPROBE_TEST_CLOCK"] = path

    def numbers(self):
        with open(self.path, "rb") as file:
            return struct.unpack("=qqq", file.read(24))

    def advance(self, seconds):
        with open(self.path, "r+b") as file:
            file.write(struct.pack("=q", self.numbers()[0] + seconds * 1000000))


def wait():
    """--wait sits the floor out; SIGINT ends the waiting."""
    clock = TestClock(STORE + ".clock")
    exchanger = Exchanger(lambda: 0)
    exchanger.listen([PREFIX + ".3"])
    where = PREFIX + ".3"
    claim(verdicts([probe(3, exchanger.port)])[0][0] == "accepted", "the first of two is let go")
    waiting = probe(3, exchanger.port, "--wait")
    began, looks = clock.numbers()[0], 0
    while waiting.poll() is None and exchanger.seen[where] == 1 and clock.numbers()[0] < began + 3600e6:
        # A second, then a minute whenever the timers have looked in vain for a while: nobody is busy.
        wait_until(lambda: clock.numbers()[1] > looks + 20 or waiting.poll() is not None, 5)
        looks = clock.numbers()[1]
        clock.advance(60 if clock.numbers()[0] >= began + 5e6 else 1)
    moved = (clock.numbers()[0] - began) / 1e6
    found = verdicts([waiting])[0]
    claim(found[0] == "accepted", "--wait is let go in the end", found)
    claim(exchanger.seen == {where: 2}, "the server saw two sessions", exchanger.seen)
    claim(1700 < moved < 2000, "half an hour lay between them", moved)
    waiting = probe(3, exchanger.port, "--wait")
    looks = clock.numbers()[1]
    wait_until(lambda: clock.numbers()[1] > looks + 100 or waiting.poll() is not None, 10)
    waiting.send_signal(signal.SIGINT)
    found = verdicts([waiting])[0]
    claim(found[0] == "failed" and "stopped by us" in found[1] and found[3] == 4,
          "stopped while it waits, it says so", found)
    claim(exchanger.seen == {where: 2}, "and the server saw no third session", exchanger.seen)


def busy():
    """Two that were stopped in mid-session hold the provider: a third looks for as long as a session lasts."""
    clock = TestClock(STORE + ".clock")
    hung_up = threading.Event()
    exchanger = Exchanger(lambda: hung_up.wait(60) and 0)
    exchanger.listen([PREFIX + ".4"])
    where = PREFIX + ".4"
    holders = [probe(4, exchanger.port, source=source) for source in ("198.51.100.1", "203.0.113.1")]
    wait_until(lambda: exchanger.seen.get(where) == 2, 30)
    for holder in holders:
        holder.send_signal(signal.SIGSTOP)
    began = clock.numbers()[0]
    third = probe(4, exchanger.port)
    while third.poll() is None and clock.numbers()[0] < began + 300e6:
        looks = clock.numbers()[1]
        wait_until(lambda: clock.numbers()[1] > looks + 60 or third.poll() is not None, 5)
        clock.advance(5)
    moved = (clock.numbers()[0] - began) / 1e6
    hung_up.set()
    found = verdicts([third])[0]
    claim(found[0] == "suppressed" and found[1] == "suppressed: no more than 2 at once from this host to d4.test",
          "a third gives up where two stay for ever, and says why", found)
    claim(85 <= moved <= 150, "after as long as a session may last", moved)
    claim(exchanger.seen == {where: 2}, "the server saw two sessions", exchanger.seen)
    for holder in holders:
        holder.kill()
        holder.communicate()


def kills():
    """kill -9 at random points; one destination a round, so that no floor of an earlier round holds."""
    chance = random.Random(SEED)
    exchanger = Exchanger(lambda: chance.random())
    rounds = KILLS // PROCESSES
    exchanger.listen(["%s.%d" % (PREFIX, 10 + i) for i in range(rounds)])
    started = time.monotonic()
    probes = verdicts([probe(10, exchanger.port)])
    span = min(time.monotonic() - started, 1)  # of a run here and now, with what else runs
    claim(probes[0][0] == "accepted", "a run that nobody kills is let go", probes)
    killed = 0
    for i in range(rounds):
        crowd = [probe(10 + i, exchanger.port) for _ in range(PROCESSES)]
        # Every other round dies around its first session, however long a busy machine takes to get
        # there; the rest on the way.
        if i % 2 == 1:
            wait_until(lambda: exchanger.seen.get("%s.%d" % (PREFIX, 10 + i)), 30)
        began = time.monotonic()
        moments = sorted((chance.random() * span / (1 + i % 2), process.pid, process) for process in crowd)
        for moment, _, process in moments:
            time.sleep(max(0, began + moment - time.monotonic()))
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
        for process in crowd:
            process.communicate()
    claim(killed > KILLS / 2, "%d of %d were killed while they ran" % (killed, KILLS))
    claim(is_intact(), "the database is intact")
    time.sleep(0.2)
    survivors = verdicts([probe(10 + i, exchanger.port, "--timeout", "20") for i in range(rounds)])
    time.sleep(0.2)
    claim(all(verdict in ("accepted", "suppressed") for verdict, _, _, _ in survivors),
          "afterwards each pair is probed, or waits for its floor", *survivors)
    claim(exchanger.most <= 1, "never two sessions of a pair at once", exchanger.most)
    started_rows = dict(rows("SELECT grp, count(*) FROM session GROUP BY grp"))
    outcomes = {}
    for outcome, ended in rows("SELECT outcome, ended_us FROM session"):
        outcomes[outcome if ended else "open"] = outcomes.get(outcome if ended else "open", 0) + 1
    counted = {number: started_rows.get("d%d.test" % number, 0) for number in range(10, 10 + rounds)}
    seen = {number: exchanger.seen.get("%s.%d" % (PREFIX, number), 0) for number in range(10, 10 + rounds)}
    claim(all(seen[n] <= counted[n] for n in seen), "each session that the server saw is in the store",
          seen, counted, started_rows)
    claim("open" not in outcomes and set(outcomes) <= {"accepted", "aborted", "broken", "unreachable"},
          "every one of them has ended, or is marked aborted", outcomes)
    claim(outcomes.get("aborted", 0) > 0, "and some were killed on the way", outcomes)
    if not PREFIX.startswith("127."):
        claim(max(seen.values()) <= 1 and max(counted.values()) <= 1,
              "never more than the ledger allows: one in half an hour", seen, counted)
    print("# server saw %d sessions, ledger has %d: %s" %
          (sum(seen.values()), sum(counted.values()), outcomes))


os.environ.pop("MXPROBE_TEST_CLOCK", None)  # everything here takes the time it takes
{"crowd": crowd, "later": later, "wait": wait, "busy": busy, "kills": kills}[SCENE]()
sys.exit(failed)
