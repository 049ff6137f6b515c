"""receiver.py - a webhook that writes down what it takes, and is not always well.

usage: receiver.py PORT BOOK SECRET [WEAKNESS [SEED]]
Each notice taken is a line of BOOK (JSON: id, whether its signature is right, body), on disk before the
answer is sent. WEAKNESS is the chance of a 503, a 500 or a closed connection instead.
"""
import hashlib
import hmac
import http.server
import json
import os
import random
import sys
import time

port, book, secret = int(sys.argv[1]), sys.argv[2], sys.argv[3].encode()
weakness = float(sys.argv[4]) if len(sys.argv) > 4 else 0
chance = random.Random(sys.argv[5] if len(sys.argv) > 5 else 0)


class Receiver(http.server.BaseHTTPRequestHandler):
    def is_signed(self, body):
        stamp = self.headers.get("Mxprobe-Timestamp", "")
        wanted = "v1=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        is_now = stamp.isdigit() and abs(time.time() - int(stamp)) < 300
        return is_now and hmac.compare_digest(wanted, self.headers.get("Mxprobe-Signature", ""))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        dice = chance.random()
        if dice < weakness / 3:
            return  # closed without a word
        if dice < weakness:
            self.send_response(503 if dice < weakness * 2 / 3 else 500)
            self.send_header("Retry-After", "1")
            self.end_headers()
            return
        line = {
            "id": self.headers.get("Mxprobe-Id"),
            "path": self.path,
            "signed": self.is_signed(body),
            "headers": [name for name in self.headers],
            "body": json.loads(body),
        }
        with open(book, "a", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", port), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
