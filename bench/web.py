"""
web.py - the daemon's HTTP side: the first matrix, idling with many pairs, and sessions while 200 clients read.
Runs within `mxprobe scenario play`; see web.sh.
"""
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tests", "web"))
import daemon as tests
from daemon import Daemon, free_port, wait_for

work, readers, remember, seconds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
tests.tap = lambda passed, name, details="": passed or print("NOT:", name, details)


def results(sources, providers):
    """A result a pair: one in ten blocked."""
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - 600))
    for s in range(sources):
        for p in range(providers):
            blocked = (s + p) % 10 == 0
            yield json.dumps({
                "schema": "mxprobe.result/1", "id": "01BENCH%09d%010d" % (s, p), "time": stamp,
                "source": "198.18.%d.%d" % (s // 250, s % 250 + 1), "destination": "provider%d.test" % p, "provider": None,
                "mx": {"host": "mx.provider%d.test" % p, "address": "198.51.100.1"}, "depth": "mail", "reached": "mail",
                "helo": "mail.example.jp", "mail_from": "probe@example.jp", "seen_source": None, "note": None,
                "verdict": "blocked" if blocked else "accepted",
                "finding": {"stage": "mail", "code": 550, "enhanced": "5.7.1", "category": "blocklist_own",
                            "text": "550 5.7.1 Unfortunately, messages from this address were not sent (S3140)",
                            "rule": "microsoft.s3140", "provider_code": "S3140"} if blocked else None})


def store_of(sources, providers):
    path = os.path.join(work, "%dx%d.db" % (sources, providers))
    subprocess.run([remember, path], input="\n".join(results(sources, providers)).encode() + b"\n", check=True)
    return path


def serve(store, sources=1):
    port = free_port()
    path = os.path.join(work, "bench.yaml")
    with open(path, "w") as f:
        f.write("sources:\n" + "".join("  - {address: 127.0.0.%d, helo: probe.example.test}\n" % (i + 1) for i in range(sources)))
        f.write("mail_from: probe@example.test\ndestinations: [plain.test]\nown: [plain.test]\n")
    return Daemon([os.environ["MXPROBE"], "-q", "--config", path, "serve", "--store", store,
                   "--dns-server", os.environ["MXPROBE_PLAY_DNS"], "--port", os.environ["MXPROBE_PLAY_PORT"],
                   "--listen", "127.0.0.1:%d" % port], port, work + "/log")


def timed(it, path):
    began = time.monotonic()
    status, _, body = it.get(path)
    return (time.monotonic() - began) * 1000, len(body), status


def status_of(it, key):
    for line in open("/proc/%d/status" % it.process.pid):
        if line.startswith(key):
            return int(line.split()[1])


def cpu_of(it):
    fields = open("/proc/%d/stat" % it.process.pid).read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def matrix():
    for path in ("/", "/api/v1/matrix", "/api/v1/pairs?limit=100000", "/metrics"):
        began = time.monotonic()
        with serve(store_of(1000, 20) if not os.path.exists(work + "/1000x20.db") else work + "/1000x20.db") as it:
            started = (time.monotonic() - began) * 1000
            first, size, status = timed(it, path)
            before = cpu_of(it)
            again = min(timed(it, path)[0] for _ in range(10))
            print("1,000 x 20  %-28s first %6.1f ms, again %6.1f ms, CPU %5.1f ms each, %6.2f MB, %d (up after %.0f ms)" % (
                path, first, again, (cpu_of(it) - before) * 100, size / 1e6, status, started))


def idle():
    with serve(work + "/500x20.db" if os.path.exists(work + "/500x20.db") else store_of(500, 20)) as it:
        it.get("/")
        time.sleep(2)
        before = cpu_of(it)
        time.sleep(seconds)
        print("idle, 10,000 pairs known: CPU %.2f %%, resident %.0f MB" % (
            100 * (cpu_of(it) - before) / seconds, status_of(it, "VmRSS:") / 1024))


def sessions(it, until, sources, found):
    """One session after the other, as many as there are sources at once."""
    secret = it.json("/api/v1/session")["csrf"]
    def one(source):
        while time.monotonic() < until:
            it.post("/api/v1/probe", {"source": source, "provider": "plain.test", "csrf": secret})
            time.sleep(0.3)
    threads = [threading.Thread(target=one, args=("127.0.0.%d" % (i + 1),)) for i in range(sources)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for i in range(sources):
        for r in it.json("/api/v1/history?limit=1000&source=127.0.0.%d" % (i + 1))["results"]:
            found.append(r)


def took(it, result):
    """Milliseconds of its stages."""
    return sum(s["ms"] for s in it.json("/api/v1/transcript?id=" + result["id"])["stages"])


def load(clients):
    sources = 4
    with serve(store_of(100, 10), sources) as it:
        it.get("/")
        wait_for(lambda: len(it.json("/api/v1/pairs?provider=plain.test")["pairs"]) == sources, 10)
        found, until = [], time.monotonic() + seconds
        reading = subprocess.Popen([readers, str(it.port), str(clients), str(seconds), "/metrics", "/api/v1/pairs?state=blocked",
                                    "/api/v1/matrix", "/api/v1/events", "/-/healthy"]) if clients else None
        before = cpu_of(it)
        sessions(it, until, sources, found)
        if reading:
            reading.wait()
        lag = [l.split()[1].decode() for l in it.get("/metrics")[2].split(b"\n") if l.startswith(b"mxprobe_loop_lag_max")]
        times = sorted(took(it, r) for r in found)
        lost = sum(r["verdict"] != "accepted" for r in found)
        print("%d clients reading: %d sessions, lost deadlines %d; a session's stages took %.1f ms in the median, %.1f at worst; "
              "worst lag of the loop %s s; CPU %.0f %%" % (
                  clients, len(found), lost, times[len(times) // 2] if times else 0, times[-1] if times else 0, lag[0],
                  100 * (cpu_of(it) - before) / seconds))
    os.unlink(work + "/100x10.db")


matrix()
idle()
load(0)
load(200)
