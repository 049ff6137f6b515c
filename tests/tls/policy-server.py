#!/usr/bin/env python3
"""A web server for MTA-STS policies. usage: policy-server.py ADDRESS:PORT CERT KEY DIRECTORY LOG

What it answers stands in DIRECTORY/HOST: the first line is "STATUS CONTENT-TYPE [LOCATION]", the
rest the body; "hang" as status never answers, "flood" sends without end. Each request becomes a
line of LOG: client address, TLS name or -, method, path, User-Agent. Prints "ready" when it listens.
"""
import http.server
import os
import ssl
import sys
import time

address, cert, key, directory, log_file = sys.argv[1:]


class Policies(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = os.path.basename(self.headers.get("Host", "-"))
        with open(log_file, "a") as log:
            print(self.client_address[0], host, self.command, self.path,
                  self.headers.get("User-Agent"), file=log)
        try:
            with open(os.path.join(directory, host), "rb") as file:
                head, body = file.read().split(b"\n", 1)
        except OSError:
            head, body = b"404 text/plain", b"nothing here\n"
        status, kind, *location = head.decode().split(" ")
        if status == "hang":
            time.sleep(60)
            return
        self.send_response(200 if status == "flood" else int(status))
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location[0])
        if status == "flood":
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"mx: mx.example.test\n" * 1000)
            except OSError:
                return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # clients that don't like the certificate


host, port = address.rsplit(":", 1)
server = Server((host, int(port)), Policies)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print("ready", flush=True)
server.serve_forever()
