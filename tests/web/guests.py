"""guests.py - what the server lets through: methods, limits, hosts, origins, and what a hostile server said."""
import http.client
import json
import os
import socket
import sqlite3
import sys
import time

from daemon import done, probe_as, same, serve, settle, tap, wait_for

work, source = sys.argv[1], "127.0.0.1"

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PATHS = ["/", "/events", "/metrics", "/-/healthy", "/-/ready", "/api/v1/matrix", "/api/v1/pairs", "/api/v1/history",
         "/api/v1/events", "/api/v1/deliveries", "/api/v1/session", "/api/v1/delist", "/nothing", "/api/v1/transcript?id=x",
         "/probe?target=listed.test&source=127.0.0.1"]


def headers_of(answer):
    return sorted((k, v) for k, v in answer[1].items() if k != "Date" and k != "Content-Length")


def heads(daemon):
    for path in PATHS:
        got, head = daemon.get(path), daemon.ask("HEAD", path)
        tap(got[0] == head[0] and headers_of(got) == headers_of(head) and head[2] == b"" and
            # what changes by itself from one second to the next may be a digit longer
            abs(int(got[1]["Content-Length"]) - int(head[1]["Content-Length"])) < 40,
            "HEAD is GET without the body: " + path, "%s\n%s" % (got[:2], head[:2]))
        missing = [k for k, v in SECURITY.items() if got[1][k] != v]
        policy = got[1]["Content-Security-Policy"] or ""
        tap(missing == [] and "default-src 'none'" in policy and "unsafe" not in policy and
            "frame-ancestors 'none'" in policy, "security headers: " + path, str(got[1]))


def methods(daemon):
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "POST"):
        status, headers, _ = daemon.ask(method, "/metrics", "" if method == "POST" else None)
        tap(status == 405 and headers["Allow"] == "GET, HEAD", "405 with Allow: " + method, "%s %s" % (status, headers))
    same("405 with Allow: GET of what is posted", (405, "POST"),
         (lambda a: (a[0], a[1]["Allow"]))(daemon.get("/api/v1/probe")))


def hosts(daemon):
    for host, status in (("localhost:%d" % daemon.port, 200), ("127.0.0.1", 200), ("[::1]:80", 200),
                         ("mx.example.test:9", 200), ("evil.example", 421), ("localhost.evil.example", 421),
                         ("127.0.0.1.evil.example", 421), ("", 421)):
        same("Host: " + host, status, daemon.get("/metrics", {"Host": host})[0])


def known(daemon):
    tag = daemon.get("/api/v1/matrix")[1]["ETag"]
    status, headers, body = daemon.get("/api/v1/matrix", {"If-None-Match": tag})
    tap(status == 304 and body == b"" and headers["ETag"] == tag, "If-None-Match: 304", str(status))


def paths(daemon):
    for path in ("/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/%2e%2e/",
                 "/pair/..%2f..%2fetc/passwd", "/result/%00", "/pair//", "/.", "/pair/127.0.0.1/x%00y",
                 "/result/" + "A" * 4000):
        status, _, body = daemon.get(path)
        tap(status in (400, 404) and b"root:" not in body, "nothing there: " + path[:40], "%d %r" % (status, body[:200]))


def changes(daemon):
    secret = daemon.json("/api/v1/session")["csrf"]
    fields = {"source": source, "provider": "hostile.test", "ticket": "SR1"}
    here = {"Origin": "http://127.0.0.1:%d" % daemon.port}
    for name, headers, more, wanted in (
            ("no secret", here, {}, 403), ("a wrong secret", here, {"csrf": secret[:-1] + "-"}, 403),
            ("another site's page", {"Origin": "http://evil.example"}, {"csrf": secret}, 403),
            ("a sandboxed page", {"Origin": "null"}, {"csrf": secret}, 403),
            ("a cross-site form", {"Sec-Fetch-Site": "cross-site"}, {"csrf": secret}, 403),
            ("a sister site", {"Sec-Fetch-Site": "same-site"}, {"csrf": secret}, 403),
            ("a ticket of two lines", here, {"csrf": secret, "ticket": "a\nb"}, 400),
            ("an outcome that is none", here, {"csrf": secret, "outcome": "x"}, 400),
            ("an unknown pair", here, {"csrf": secret, "source": "192.0.2.99"}, 404),
            ("all is well", here, {"csrf": secret}, 200)):
        status, _, body = daemon.post("/api/v1/delist", {**fields, **more}, headers)
        tap(status == wanted, "POST: %s is answered %d" % (name, wanted), "%d %s" % (status, body))
    status, _, body = daemon.ask("POST", "/api/v1/delist", json.dumps({**fields, "outcome": "mitigated"}),
                                 {"Content-Type": "application/json", "X-Mxprobe-Csrf": secret})
    tap(status == 200 and json.loads(body)["told"] == "noted", "JSON with the secret as a header", body)
    same("the request is open", "delist_requested", daemon.pair(source, "hostile.test")["state"])
    same("a reload from another site's page", 403, daemon.post("/-/reload", {}, {"Origin": "http://evil.example"})[0])
    same("a reload", 200, daemon.post("/-/reload", {})[0])
    status, headers, _ = daemon.post("/api/v1/probe", {"source": source, "provider": "hostile.test", "csrf": secret},
                                     {"Accept": "text/html"})
    tap(status == 303 and headers["Location"].startswith("/pair/127.0.0.1/hostile.test?told="),
        "a browser goes back to the page", str(headers))


def garbage(daemon):
    crlf = b"\r\n"
    line = b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n"
    end = b"Connection: close\r\n\r\n"
    got = daemon.raw(line + b"\r\n" + line + end)
    same("two requests in one packet, two answers", 2, got.count(b"mxprobe is alive."))
    for name, data in (
            ("binary", bytes(range(256)) * 8), ("TLS on a plain port", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20),
            ("a line without an end", b"GET /" + b"A" * 100000),
            ("headers of 100 kB", line + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 100) for i in range(900)) + crlf),
            ("one header of 100 kB", line + b"X: " + b"y" * 100000 + crlf + crlf),
            ("a body of 100 kB", b"POST /api/v1/delist HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + b"z" * 100000),
            ("a length below zero", b"POST /api/v1/delist HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\nabcde"),
            ("a length of 2^64", b"POST /api/v1/delist HTTP/1.1\r\nHost: localhost\r\nContent-Length: 18446744073709551616\r\n\r\n"),
            ("chunks of nonsense", b"POST /api/v1/delist HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n"),
            ("a chunk of 2^63", b"POST /api/v1/delist HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc\r\n"),
            ("an unknown method", b"FOO / HTTP/1.1\r\nHost: localhost\r\n" + end),
            ("HTTP/9.9", b"GET / HTTP/9.9\r\nHost: localhost\r\n" + end),
            ("garbage behind a request", line + crlf + b"\x00\xff\x00\xffGARBAGE\r\n\r\n"),
            ("a bad escape", b"GET /%zz?%=%&&=&a HTTP/1.1\r\nHost: localhost\r\n" + end),
            ("CONNECT", b"CONNECT evil.example:25 HTTP/1.1\r\nHost: localhost\r\n" + end),
            ("an absolute address", b"GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\n" + end),
            ("OPTIONS *", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n" + end)):
        got = daemon.raw(data, 2)
        # evhttp says no to what it can't read, or closes; it never says yes but to the good one in front
        answers = [piece[:3] for piece in got.split(b"HTTP/1.1 ")[1:]]
        fine = [b"200"] if name == "garbage behind a request" else []
        tap([a for a in answers if a == b"200"] == fine, "refused: " + name, repr(got[:300]))
    same("and it is still there", 200, daemon.get("/-/healthy")[0])


def crowd(daemon):
    """Headers that drip, connections that idle: nobody else is kept out, and they don't stay."""
    many = []
    for _ in range(1100):
        try:
            s = socket.create_connection(("127.0.0.1", daemon.port), 5)
            s.sendall(b"GET / HTTP/1.1\r\nX: ")
            many.append(s)
        except OSError:
            break
    tap(len(many) >= 1000, "so many clients come that each of them drips", str(len(many)))
    began = time.monotonic()
    same("others are answered", 200, daemon.get("/-/healthy")[0])
    tap(time.monotonic() - began < 3, "soon", str(time.monotonic() - began))
    slow = many[-1]
    slow.settimeout(0.5)
    end = time.monotonic() + 40
    closed = False
    while not closed and time.monotonic() < end:
        try:
            slow.sendall(b"y")
            closed = slow.recv(1) == b""
        except socket.timeout:
            pass
        except OSError:
            closed = True
    tap(closed and time.monotonic() < end, "who drips a header is cut off, drip or not")
    for s in many:
        s.close()
    tap(wait_for(lambda: daemon.descriptors() < 50), "no descriptor is left of them", str(daemon.descriptors()))
    tap(wait_for(lambda: b"\nmxprobe_http_connections 1\n" in daemon.get("/metrics")[2]), "none of them is left",
        str([l for l in daemon.get("/metrics")[2].split(b"\n") if b"connections" in l]))


def hostile(daemon):
    """What a server said stays text: no markup, no control, no label of its own."""
    daemon.probe_now(source, "hostile.test")
    pair = daemon.pair(source, "hostile.test")
    tap("<script>" in (pair["reply"] or {}).get("text", ""), "the reply is kept as it was", str(pair))
    for path in ("/api/v1/pairs", "/api/v1/history", "/api/v1/transcript?id=" + pair["result"], "/metrics", "/",
                 "/pair/127.0.0.1/hostile.test", "/result/" + pair["result"], "/events", "/delist/127.0.0.1/hostile.test",
                 "/api/v1/delist?source=127.0.0.1&provider=hostile.test"):
        status, headers, body = daemon.get(path)
        is_page = headers["Content-Type"].startswith("text/html")
        tap(status == 200 and b"\x1b" not in body and b"\x00" not in body and
            not (is_page and (b"<script>alert" in body or b"<img src=x" in body or "\u202e".encode() in body)),
            "nothing of it is more than text: " + path.split("?")[0].replace(pair["result"], "ID"), repr(body[:2000]))
        if headers["Content-Type"] == "application/json":
            tap(json.loads(body) is not None, "it is JSON still")


def stream(daemon):
    """News come at once; who comes back hears what he missed; who does not read is cut off."""
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=15)
    connection.request("GET", "/api/v1/stream")
    answer = connection.getresponse()
    same("a stream", (200, "text/event-stream"), (answer.status, answer.headers["Content-Type"]))
    first = read_event(answer)
    same("it says hello", "hello", first["event"])
    probe_as(daemon, work, "block@example.test", source, "listed.test", NAMES)
    seen = [read_event(answer) for _ in range(1)]
    while seen[-1]["event"] != "state" and len(seen) < 20:
        seen.append(read_event(answer))
    state = json.loads(seen[-1]["data"])
    same("a change of state", ("127.0.0.1", "listed.test", "blocked"), (state["source"], state["group"], state["state"]))
    connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=15)
    connection.request("GET", "/api/v1/stream", None, {"Last-Event-ID": str(state["id"] - 1)})
    again = read_event(connection.getresponse())
    same("who comes back hears what he missed", ("state", str(state["id"])), (again["event"], again["id"]))
    connection.close()


def read_event(answer):
    event = {}
    while True:
        line = answer.readline().decode().rstrip("\n")
        if line == "" and event:
            return event
        if line != "" and not line.startswith(":"):
            key, _, value = line.partition(": ")
            event[key] = value


def probe(daemon):
    for path, wanted in (("", 400), ("?target=listed.test", 400), ("?target=listed.test&source=192.0.2.7", 403),
                         ("?target=nobody.test&source=127.0.0.1", 404),
                         ("?target=listed.test&source=127.0.0.1&module=data", 400)):
        same("/probe" + path, wanted, daemon.get("/probe" + path)[0])
    body = daemon.get("/probe?target=slow.test&source=127.0.0.2&module=mail")[2]
    tap(b"probe_success 1" in body and b"mxprobe_result_cached 1" in body and b'phase="banner"' in body,
        "that session's result is there the next time", body)


def impatient(daemon):
    """Within the time that the slow server takes for its greeting."""
    began = time.monotonic()
    body = daemon.get("/probe?target=slow.test&source=127.0.0.2&module=mail",
                      {"X-Prometheus-Scrape-Timeout-Seconds": "1.5"})[2]
    tap(0.5 < time.monotonic() - began < 2 and b"probe_success 0" in body,
        "/probe waits no longer than Prometheus does", "%f %s" % (time.monotonic() - began, body))


def held(daemon):
    """A request that waits for a session: others join it, its client leaves, more comes behind it."""
    path = b"GET /probe?target=slow.test&source=127.0.0.1 HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", daemon.port), 5) as s:
        s.sendall(path + b"\r\n")
        time.sleep(0.3)
    got = daemon.raw(path + b"\r\nGET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 10)
    tap(b"probe_success 1" in got and b"mxprobe_result_cached 0" in got and got.endswith(b"mxprobe is alive.\n"),
        "the answer that was waited for, then the next one", repr(got[400:1500]))
    same("one session for all who asked", 1,
         len(daemon.json("/api/v1/history?source=127.0.0.1&provider=slow.test")["results"]))
    got = daemon.raw(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"GARBAGE\r\n" * 20000, 1)
    tap(b"event: hello" in got, "a listener who talks is not listened to", repr(got[:300]))
    same("and it is still there after that", 200, daemon.get("/-/healthy")[0])


def deliveries(daemon):
    """Test messages that somebody has sent meanwhile."""
    rows = [("A" * 26, 1, "me@one.test", "one", None), ("B" * 26, 2, "me@one.test", "one", "127.0.0.1"),
            ("C" * 26, 3, "me@two.test", "two", "127.0.0.2")]
    with sqlite3.connect(os.path.join(work, "mxprobe.db"), timeout=30) as db:
        for one, day, mailbox, group, seen in rows:
            db.execute("INSERT INTO delivery (id, time_us, mailbox, grp, source, verdict, json) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       (one, day * 86400 * 1000000, mailbox, group, seen, "accepted",
                        json.dumps({"schema": "mxprobe.delivery/1", "id": one})))
    db.close()
    for query, wanted in (("", "CBA"), ("?provider=one", "BA"), ("?mailbox=me@two.test", "C"), ("?source=127.0.0.2", "CA"),
                          ("?source=127.0.0.1&provider=one", "BA"), ("?limit=1", "C"), ("?limit=2&source=127.0.0.1", "BA"),
                          ("?since=1970-01-03T00:00:00Z", "CB"), ("?provider=three", "")):
        got = daemon.json("/api/v1/deliveries" + query)
        same("test messages" + query, ("mxprobe.deliveries/1", wanted),
             (got["schema"], "".join(one["id"][0] for one in got["deliveries"])))
    for query in ("?limit=0", "?limit=1001", "?since=yesterday"):
        same("test messages" + query, 400, daemon.get("/api/v1/deliveries" + query)[0])


def ready(daemon):
    """A store that takes nothing any more, until it does again."""
    def rename(old, new):
        with sqlite3.connect(os.path.join(work, "mxprobe.db"), timeout=30) as db:
            db.execute("ALTER TABLE %s RENAME TO %s" % (old, new))
        db.close()

    def after_a_session():
        daemon.post("/api/v1/probe", {"source": "127.0.0.2", "destination": "listed.test", "csrf": secret})
        return daemon.get("/-/ready")

    secret = daemon.json("/api/v1/session")["csrf"]
    same("ready", (200, b"mxprobe is ready.\n"), daemon.get("/-/ready")[::2])
    rename("result", "elsewhere")
    answer = wait_for(lambda: (lambda a: a if a[0] != 200 else None)(after_a_session())) or (200, None, b"")
    tap(answer[0] == 503 and b"not ready: the store can't be written" in answer[2], "not ready while nothing can be stored, and that is said", repr(answer))
    same("but alive", 200, daemon.get("/-/healthy")[0])
    rename("elsewhere", "result")
    tap(wait_for(lambda: after_a_session()[0] == 200), "ready again when it can")


NAMES = "web: {names: [mx.example.test]}"
with serve(work, NAMES) as it:
    # These two while the first sessions are under way.
    impatient(it)
    held(it)
    settle(it)
    stream(it)
    probe(it)
    hostile(it)
    heads(it)
    methods(it)
    hosts(it)
    known(it)
    paths(it)
    changes(it)
    garbage(it)
    crowd(it)
    deliveries(it)
    ready(it)
done()
