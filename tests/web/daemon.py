"""daemon.py - what the tests of web/ share: a daemon on scripted servers, HTTP by hand, TAP."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

count = failed = 0


def tap(passed, name, details=""):
    """One claim. True when it holds."""
    global count, failed
    count += 1
    failed += not passed
    name = name.encode("ascii", "replace").decode().replace("#", ".")
    print(("ok" if passed else "not ok"), count, "-", name, flush=True)
    if not passed and details != "":
        print("\n".join("# " + line for line in ascii(details).split("\\n")[:60]), flush=True)
    return passed


def same(name, wanted, got):
    return tap(wanted == got, name, "wanted %r, got %r" % (wanted, got))


def done():
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, seconds=15.0, every=0.05):
    """What it returned that was true, or its last answer."""
    end = time.monotonic() + seconds
    while True:
        got = what()
        if got or time.monotonic() > end:
            return got
        time.sleep(every)


class Daemon:
    """`mxprobe serve` (or tests/web/site on a store) until the end of the block."""

    def __init__(self, arguments, port, log=None):
        """Without a port the log says which one it is."""
        self.port = port
        environment = dict(os.environ)
        # Prometheus, browsers and curl live in real time.
        environment.pop("MXPROBE_TEST_CLOCK", None)
        self.log = log or tempfile.NamedTemporaryFile(delete=False).name
        self.process = subprocess.Popen(
            arguments, stdout=subprocess.DEVNULL, stderr=open(self.log, "w"), env=environment
        )

    def __enter__(self):
        ready = wait_for(lambda: self.process.poll() is not None or self.is_up())
        if not ready or self.process.poll() is not None:
            print("Bail out! it does not start: " + open(self.log).read())
            sys.exit(1)
        return self

    def is_up(self):
        if self.port is None:
            said = re.search(r"the page is at https?://[^ ]*:(\d+)/", open(self.log).read())
            if said is None:
                return False
            self.port = int(said.group(1))
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "killed"
        said = open(self.log).read()
        if os.environ.get("MX_KEEP_LOG"):
            print("# " + said.replace("\n", "\n# "))
        tap(status == 0, "it ends when it is told to", "%s: %s" % (status, said[-2000:]))
        tap("runtime error" not in said and "Sanitizer" not in said, "no sanitizer has complained", said[-4000:])

    def descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.process.pid))

    def ask(self, method, path, body=None, headers=None, timeout=20):
        """Status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path, headers=None, timeout=20):
        return self.ask("GET", path, None, headers, timeout)

    def json(self, path, headers=None):
        return json.loads(self.get(path, headers)[2])

    def post(self, path, fields, headers=None):
        headers = dict(headers or {})
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.ask("POST", path, urllib.parse.urlencode(fields), headers)

    def raw(self, data, seconds=5.0):
        """What comes back for these bytes, until the server closes or is silent for so long."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), 5) as s:
            s.settimeout(seconds)
            try:
                s.sendall(data)
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            except OSError:
                pass
        return got

    def pair(self, source, provider):
        pairs = self.json("/api/v1/pairs?source=%s&provider=%s" % (source, provider))["pairs"]
        return pairs[0] if pairs else {}

    def probe_now(self, source, destination):
        """A session, and what the pair is once that is over."""
        secret = self.json("/api/v1/session")["csrf"]
        before = self.pair(source, destination).get("last")
        status, _, body = self.post(
            "/api/v1/probe", {"source": source, "destination": destination, "csrf": secret}
        )
        if status != 202:
            return {"refused": body.decode()}
        return wait_for(lambda: self.fresh(source, destination, before)) or {}

    def fresh(self, source, destination, before):
        for pair in self.json("/api/v1/pairs?source=" + source)["pairs"]:
            if pair["destination"] == destination and pair["last"] not in (None, before):
                return pair
        return None


CONFIGURATION = """
sources:
  - address: 127.0.0.1
    helo: probe.example.test
    tags: [lab]
  - address: 127.0.0.2
    helo: probe.example.test
mail_from: %s
destinations: [listed.test, hostile.test, slow.test]
own: [listed.test, hostile.test, slow.test]
state: {clear_accepts: 1, clear_addresses: 1, clear_span: 0s}
%s
"""


def configure(work, sender, more):
    path = os.path.join(work, "mxprobe.yaml")
    with open(path, "w") as f:
        f.write(CONFIGURATION % (sender, more))
    return path


def serve(work, more="", options=()):
    """The daemon on the world that MXPROBE_PLAY_DNS and MXPROBE_PLAY_PORT tell of."""
    return Daemon(
        [os.environ["MXPROBE"], "--config", configure(work, "probe@example.test", more), "serve",
         "--store", os.path.join(work, "mxprobe.db"),
         "--dns-server", os.environ["MXPROBE_PLAY_DNS"], "--port", os.environ["MXPROBE_PLAY_PORT"],
         "--listen", "127.0.0.1:0", "--log", "text", *options],
        None, os.path.join(work, "log"),
    )


def settle(daemon):
    """The schedule asks once of whom it knows nothing, at times of its own; then nothing more for hours."""
    for pair in daemon.json("/api/v1/pairs")["pairs"]:
        source, destination = pair["source"], pair["destination"]
        wait_for(lambda: daemon.fresh(source, destination, None), 8) or daemon.probe_now(source, destination)


def probe_as(daemon, work, sender, source, destination, more=""):
    """A session that leaves from that sender: block@example.test is blocked at listed.test."""
    configure(work, sender, more)
    daemon.post("/-/reload", {})
    return daemon.probe_now(source, destination)
