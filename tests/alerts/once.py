"""once.py - events happen, the teller and the receiver are killed, and each event is heard of once.

usage: once.py DESK DIRECTORY ROUNDS SEED
Prints TAP. A notice may come again when one of the two died between answer and commit; it has the
same id then, and no more repeats may come than there were kills.
"""
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

desk, work, rounds, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
here = os.path.dirname(os.path.abspath(__file__))
store, config, book = (os.path.join(work, name) for name in ("store.db", "mxprobe.yaml", "book"))
chance = random.Random(seed)
failed = 0
count = 0


def claim(is_true, text, details=""):
    global count, failed
    count += 1
    failed += not is_true
    print(("ok" if is_true else "not ok") + f" {count} - {text}")
    for line in str(details).splitlines() if not is_true else []:
        print("#", line)


def start_receiver(port=0):
    child = subprocess.Popen(
        [sys.executable, os.path.join(here, "receiver.py"), str(port), book, "s3cret", "0.2", seed],
        stdout=subprocess.PIPE, text=True)
    return child, int(child.stdout.readline())


def start_teller():
    log = open(os.path.join(work, "log"), "a")
    child = subprocess.Popen([desk, "run", store, config], stdout=subprocess.PIPE, stderr=log, text=True)
    assert child.stdout.readline() == "ready\n"
    return child


def happen(lines):
    subprocess.run([desk, "happen", store], input="".join(lines), text=True, check=True)


def waiting():
    with sqlite3.connect(store) as db:
        behind = db.execute("SELECT (SELECT max(id) FROM event) - event FROM outbox_position").fetchone()[0]
        return behind + db.execute("SELECT count(*) FROM outbox").fetchone()[0]


receiver, port = start_receiver()
with open(os.path.join(work, "secret"), "w") as file:
    file.write("s3cret\n")
os.chmod(os.path.join(work, "secret"), 0o600)
with open(config, "w") as file:
    file.write(f'alerts:\n  - webhook: {{url: "http://127.0.0.1:{port}/hook?x=y", secret_file: {work}/secret}}\n'
               "    group_wait: 0s\n")
teller = start_teller()
time.sleep(0.3)

kills = 0
for turn in range(rounds):
    happen(f"10.{turn}.{n}.1 yahoo blocked no {turn} {n}\n" for n in range(3))
    time.sleep(chance.random() * 0.4)
    if chance.random() < 0.6:
        teller.send_signal(signal.SIGKILL)
        teller.wait()
        kills += 1
        teller = start_teller()
    if chance.random() < 0.4:
        receiver.send_signal(signal.SIGKILL)
        receiver.wait()
        kills += 1
        receiver, _ = start_receiver(port)

deadline = time.monotonic() + 90
while waiting() > 0 and time.monotonic() < deadline:
    time.sleep(0.2)
claim(waiting() == 0, "all is told in the end", f"{waiting()} wait")
teller.terminate()
claim(teller.wait(20) == 0, "the teller ends when it is told to")
receiver.kill()
receiver.wait()

notices = [json.loads(line) for line in open(book)]
by_id = {}
for notice in notices:
    by_id.setdefault(notice["id"], []).append(notice)
repeats = len(notices) - len(by_id)
heard = sorted(event for copies in by_id.values() for alert in copies[0]["body"]["alerts"]
               for event in alert["events"])
claim(heard == list(range(1, 3 * rounds + 1)), f"each of {3 * rounds} events is heard of once, by the ids of notices",
      heard)
claim(repeats <= kills, f"{repeats} of {len(notices)} notices came again, after {kills} kills")
claim(all(copy["body"] == copies[0]["body"] for copies in by_id.values() for copy in copies),
      "what comes again is the same")
claim(all(notice["signed"] for notice in notices), "every notice is signed")
claim(all(notice["body"]["id"] == notice["id"] for notice in notices), "its id stands in header and body")
claim(all(notice["path"] == "/hook?x=y" for notice in notices), "the URL's path and query are kept")
print(f"1..{count}")
sys.exit(failed > 0)
