"""login.py - TLS, token and users: who gets in, who doesn't, and what a reload changes."""
import base64
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys

from daemon import Daemon, done, free_port, same, serve, tap, wait_for

work = sys.argv[1]
pki = os.environ["MXPROBE_CERTS"]
TOKEN = "0123456789abcdef0123456789abcdef"
# "geheim", by bcrypt and by SHA-512 crypt
USERS = """# who may look
ops:$2b$04$5e9oPBgPwC6Xq5vBV6g5EeofXnwJk85f7rkvV5NXfDb8ogqs5MWme
old:$6$rounds=1000$salt$tRQkyEZ6L3dKQxT9Z.tUcL/KAKHXF6ONK4LYW7X2wVA7ym07OgbcQ42O81npCuzC5Ey7.p.SZ0lIuhJNMxsOL.
"""


def write(name, text, mode=0o600):
    path = os.path.join(work, name)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def serve_tls(port):
    configuration = """
sources: [{address: 127.0.0.1, helo: probe.example.test}]
mail_from: probe@example.test
destinations: [listed.test]
own: [listed.test]
web:
  tls: {cert: %(w)s/web.pem, key: %(w)s/web.key}
  token_file: %(w)s/token
  users_file: %(w)s/users
""" % {"w": work}
    return [os.environ["MXPROBE"], "--config", write("tls.yaml", configuration), "serve",
            "--store", work + "/tls.db", "--dns-server", os.environ["MXPROBE_PLAY_DNS"],
            "--port", os.environ["MXPROBE_PLAY_PORT"], "--listen", "127.0.0.1:%d" % port, "--log", "text"]


def ask(port, path, headers=(), method="GET", ca=pki + "/ca.pem"):
    """Status and headers of the answer; the certificate's number."""
    context = ssl.create_default_context(cafile=ca)
    with socket.create_connection(("127.0.0.1", port), 10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as s:
            serial = s.getpeercert()["serialNumber"]
            s.sendall(("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n" % (
                method, path, "".join(h + "\r\n" for h in headers))).encode())
            got = b""
            try:
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            except ssl.SSLEOFError:
                pass
            return int(got.split()[1]), got.decode("latin-1"), serial


def basic(name, password):
    return "Authorization: Basic " + base64.b64encode(("%s:%s" % (name, password)).encode()).decode()


def entrance(port):
    bearer = "Authorization: Bearer " + TOKEN
    for name, headers, wanted in (
            ("nobody", [], 401), ("the token", [bearer], 200), ("the token as a password", [basic("x", TOKEN)], 200),
            ("a user", [basic("ops", "geheim")], 200), ("a user again", [basic("ops", "geheim")], 200),
            ("another hash", [basic("old", "geheim")], 200), ("a wrong password", [basic("ops", "Geheim")], 401),
            ("an empty password", [basic("ops", "")], 401), ("an unknown user", [basic("root", "geheim")], 401),
            ("another user's name", [basic("old", "geheim ")], 401), ("a wrong token", [bearer + "0"], 401),
            ("half a token", [bearer[:-1]], 401), ("no base64", ["Authorization: Basic !!!"], 401),
            ("no colon", ["Authorization: Basic " + base64.b64encode(b"ops").decode()], 401),
            ("a NUL", ["Authorization: Basic " + base64.b64encode(b"ops:geheim\0x").decode()], 401),
            ("long credentials", [basic("ops", "g" * 4000)], 401), ("another scheme", ["Authorization: Digest x"], 401)):
        status, text, _ = ask(port, "/metrics", headers)
        tap(status == wanted, "%s: %d" % (name, wanted), text[:500])
        if wanted == 401:
            tap("WWW-Authenticate: Basic" in text and "mxprobe_state" not in text, "and is told how: " + name, text[:500])
    same("healthy is open", 200, ask(port, "/-/healthy")[0])
    for path in ("/", "/probe", "/api/v1/pairs", "/api/v1/stream", "/events", "/api/v1/session"):
        same("closed: " + path, 401, ask(port, path)[0])


def crowd_of_guesses(port):
    """Thirty wrong passwords at once don't hold up the loop."""
    many = [subprocess.Popen(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\n", "--cacert", pki + "/ca.pem", "-u",
                              "ops:guess%d" % i, "https://localhost:%d/metrics" % port], stdout=subprocess.PIPE)
            for i in range(30)]
    same("others are answered meanwhile", 200, ask(port, "/-/healthy")[0])
    codes = {p.communicate()[0].decode().strip() for p in many}
    tap(codes <= {"401", "429"}, "none of thirty guesses gets in", str(codes))


def refusals():
    """What must not be served is refused with a sentence that says what to do."""
    for name, web, wanted in (
            ("everybody could come", 'listen: "0.0.0.0:9"', "needs tls"),
            ("without a token", 'listen: "0.0.0.0:9"\n  tls: {cert: %(w)s/web.pem, key: %(w)s/web.key}', "needs token_file"),
            ("a short token", "token_file: %(w)s/short", "16 characters"),
            ("a token everybody may read", "token_file: %(w)s/open", "chmod 600"),
            ("no hash", "users_file: %(w)s/nohash", "htpasswd -B"),
            ("another certificate's key", "tls: {cert: %(w)s/web.pem, key: %(p)s/expired.key}", "no key of that certificate")):
        path = write("bad.yaml", "sources: [{address: 127.0.0.1}]\nmail_from: a@b.test\ndestinations: [c.test]\nweb:\n  " +
                     web % {"w": work, "p": pki} + "\n")
        ran = subprocess.run([os.environ["MXPROBE"], "--config", path, "serve", "--store", work + "/bad.db",
                              "--dns-server", os.environ["MXPROBE_PLAY_DNS"]], capture_output=True, timeout=30)
        tap(ran.returncode == 78 and wanted in ran.stderr.decode(), "refused: " + name,
            "%d %s" % (ran.returncode, ran.stderr))


def reload(daemon, port):
    serial = ask(port, "/-/healthy")[2]
    for kind in ("pem", "key"):
        shutil.copy("%s/good-rsa.%s" % (pki, kind), "%s/web.%s" % (work, kind))
    write("token", TOKEN.replace("0", "9") + "\n")
    daemon.process.send_signal(signal.SIGHUP)
    tap(wait_for(lambda: ask(port, "/-/healthy")[2] != serial), "SIGHUP: a new certificate")
    same("the new token", 200, ask(port, "/metrics", ["Authorization: Bearer " + TOKEN.replace("0", "9")])[0])
    same("the old token", 401, ask(port, "/metrics", ["Authorization: Bearer " + TOKEN])[0])
    write("token", "short\n")
    daemon.process.send_signal(signal.SIGHUP)
    tap(wait_for(lambda: "mxprobe_config_last_reload_successful 0" in
                 ask(port, "/metrics", ["Authorization: Bearer " + TOKEN.replace("0", "9")])[1]),
        "a broken file changes nothing, and is counted")


for kind in ("pem", "key"):
    shutil.copy("%s/good.%s" % (pki, kind), "%s/web.%s" % (work, kind))
write("token", TOKEN + "\n")
write("users", USERS)
write("short", "short\n")
write("open", TOKEN + "\n", 0o644)
write("nohash", "ops:geheim\n")
refusals()
def below():
    """A proxy shows us below a path: addresses say so, and both kinds of question are understood."""
    with serve(work, 'web: {url: "https://mx.example.test/below"}') as it:
        for path in ("/", "/below", "/below/", "/events", "/below/events", "/below/api/v1/pairs", "/api/v1/pairs"):
            same("below a path: " + path, 200, it.get(path)[0])
        for path in ("/belowx", "/below/below/", "/belo/events"):
            same("below a path: " + path, 404, it.get(path)[0])
        page = it.get("/", {"Accept": "text/html"})[2].decode()
        local = re.findall(r' (?:href|src|action)="(/[^"]*)"', page)
        tap(len(local) > 5 and all(one.startswith("/below/") for one in local), "every address is below it", str(local))
        for one in local:
            same("and leads somewhere: " + one, 200, it.get(one.replace("&amp;", "&"))[0])
        secret = it.json("/api/v1/session")["csrf"]
        status, headers, _ = it.post("/below/api/v1/probe", {"source": "127.0.0.1", "provider": "listed.test", "csrf": secret},
                                     {"Accept": "text/html"})
        tap(status in (303, 429) and (headers["Location"] or "/below/pair/").startswith("/below/pair/"),
            "a form leads back below it", "%s %s" % (status, headers))


below()
number = free_port()
with Daemon(serve_tls(number), number, work + "/log") as it:
    entrance(number)
    crowd_of_guesses(number)
    tap(wait_for(lambda: it.descriptors() < 40), "no descriptor is left of them", str(it.descriptors()))
    reload(it, number)
done()
