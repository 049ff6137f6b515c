"""rude.py PKI: relays on loopback that misbehave, each in its own way.

Prints "NAME PORT" a line, one for each kind, then serves until it is killed. What a relay was sent
goes to stdout too: "GOT NAME LINE". A kind is STAGE-MANNER: hang (says nothing more), close, reset,
garbage (no SMTP), endless (a reply without end), early (an answer nobody asked for yet); or a kind of
its own.
"""
import socket
import ssl
import struct
import sys
import threading

STAGES = ["greeting", "ehlo", "starttls", "tls", "tls-ehlo", "auth", "mail", "rcpt", "data", "dot"]
MANNERS = ["hang", "close", "reset", "garbage"]
KINDS = [stage + "-" + manner for stage in STAGES for manner in MANNERS]
KINDS += ["injection", "wrong-name", "self-signed", "expired", "no-starttls", "starttls-refused", "quit-hang",
          "endless", "drip", "early", "early-data", "mixed", "bare-lf", "good", "implicit", "implicit-hang",
          "greeting-554", "cram"]
PKI = sys.argv[1]
lock = threading.Lock()


class Rude(Exception):
    pass


class Relay:
    def __init__(self, kind, connection):
        self.kind, self.connection = kind, connection
        self.pending = b""

    def note(self, line):
        with lock:
            print("GOT", self.kind, line.decode("latin-1").rstrip())
            sys.stdout.flush()

    def misbehave(self, manner):
        if manner == "hang":
            while self.connection.recv(4096):
                pass
        elif manner == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif manner == "garbage":
            self.connection.sendall(b"\x16\x03 this is no SMTP\r\n")
            while self.connection.recv(4096):
                pass
        raise Rude()

    def at(self, stage):
        for manner in MANNERS:
            if self.kind == stage + "-" + manner:
                self.misbehave(manner)

    def say(self, text):
        if self.kind == "bare-lf":
            text = text.replace("\r\n", "\n")
        self.connection.sendall(text.encode())

    def line(self):
        while b"\n" not in self.pending:
            got = self.connection.recv(4096)
            if not got:
                raise Rude()
            self.pending += got
        line, self.pending = self.pending.split(b"\n", 1)
        self.note(line)
        return line

    def certificate(self):
        name = {"wrong-name": "wrong-name", "self-signed": "self-signed", "expired": "expired"}.get(self.kind, "good")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{PKI}/{name}.pem", f"{PKI}/{name}.key")
        return context

    def secure(self):
        self.connection = self.certificate().wrap_socket(self.connection, server_side=True)

    def offers(self, more):
        self.say("250-rude\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-SIZE 100000\r\n" + more + "250 HELP\r\n")

    def starttls(self):
        self.line()
        self.at("starttls")
        if self.kind == "starttls-refused":
            self.say("454 4.7.0 TLS not available\r\n")
        elif self.kind == "injection":
            self.say("220 go\r\n250-injected\r\n250 AUTH PLAIN\r\n")
        else:
            self.say("220 go\r\n")
        self.at("tls")
        self.secure()

    def log_in(self, line):
        self.at("auth")
        if self.kind == "cram":
            self.say("334 PDEyMzRAcnVkZT4=\r\n")
            self.line()
        elif line.strip().upper() == b"AUTH PLAIN":
            self.say("334 \r\n")
            self.line()
        self.say("235 2.7.0 welcome\r\n")

    def session(self):
        if self.kind.startswith("implicit"):
            self.secure()
        if self.kind == "implicit-hang":
            self.misbehave("hang")
        self.at("greeting")
        if self.kind == "drip":
            while True:
                self.say("220-still here\r\n")
                threading.Event().wait(0.2)
        if self.kind == "greeting-554":
            self.say("554 5.7.1 go away\r\n")
            raise Rude()
        self.say("220 rude ESMTP\r\n")
        if not self.kind.startswith("implicit"):
            self.line()
            self.at("ehlo")
            if self.kind == "endless":
                while True:
                    self.say("250-more of it\r\n" * 100)
            self.offers("" if self.kind == "no-starttls" else "250-STARTTLS\r\n")
            if self.kind != "no-starttls":
                self.starttls()
        self.line()
        self.at("tls-ehlo")
        self.offers("250-AUTH %s\r\n250-DSN\r\n" % ("CRAM-MD5" if self.kind == "cram" else "GSSAPI PLAIN LOGIN"))
        self.commands()

    def commands(self):
        answers = {b"MAIL": ("mail", "250 2.1.0 Ok\r\n"), b"RCPT": ("rcpt", "250 2.1.5 Ok\r\n"),
                   b"DATA": ("data", "354 go on\r\n"), b"RSET": ("rset", "250 Ok\r\n")}
        while True:
            line = self.line()
            verb = line[:4].upper()
            if verb == b"AUTH":
                self.log_in(line)
            elif verb == b"QUIT":
                if self.kind == "quit-hang":
                    self.misbehave("hang")
                self.say("221 bye\r\n")
                raise Rude()
            else:
                stage, answer = answers[verb]
                self.at(stage)
                if self.kind == "mixed" and verb == b"RCPT":
                    answer = "250-well\r\n550 5.1.1 no\r\n"
                if self.kind == "early" and verb == b"MAIL":
                    answer += "250 2.1.5 Ok\r\n354 go\r\n250 2.0.0 queued\r\n"
                if self.kind == "early-data" and verb == b"DATA":
                    answer += "250 2.0.0 queued before it was sent\r\n"
                self.say(answer)
                if verb == b"DATA":
                    self.message()

    def message(self):
        while self.line().rstrip(b"\r") != b".":
            pass
        self.at("dot")
        self.say("250 2.0.0 queued\r\n")


def serve(kind, listener):
    while True:
        connection, _ = listener.accept()
        try:
            Relay(kind, connection).session()
        except (Rude, OSError, ssl.SSLError, KeyError):
            pass
        connection.close()


def main():
    for kind in KINDS:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        print(kind, listener.getsockname()[1])
        threading.Thread(target=serve, args=(kind, listener), daemon=True).start()
    print("READY")
    sys.stdout.flush()
    threading.Event().wait()


main()
