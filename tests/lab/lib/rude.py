"""rude.py SOURCE SERVER - does everything that mxprobe must not, so that the oracle can be seen to notice."""
import socket
import sys
import time

WORDS = ("EHLO rude.test", "VRFY postmaster", "MAIL FROM:<>", "RCPT TO:<a@clean.test>", "RCPT TO:<b@clean.test>", "DATA")


def session(source, server):
    sock = socket.create_connection((server, 25), timeout=10, source_address=(source, 0))
    sock.recv(4096)
    for word in WORDS:
        sock.sendall(word.encode() + b"\r\n")
        sock.recv(4096)
    return sock


both = [session(*sys.argv[1:]), session(*sys.argv[1:])]
# Logs have whole seconds: so much longer, and nobody can say that one began after the other.
time.sleep(1.5)
for sock in both:
    sock.close()
