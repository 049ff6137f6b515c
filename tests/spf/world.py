"""world.py - a few domains with their DNS records, and a name server for them on loopback.

A world is a dictionary from lower-case names to lists of rows: (type, value), or "FAIL" where the
name servers fail, or "SILENT" where nothing answers, for types that the name has no row of; or
(type, one of these) for one type. Values are bytes or lists of bytes (TXT),
(preference, name) (MX), names (CNAME, PTR) and addresses (A, AAAA).
"""
import ipaddress
import socket
import socketserver
import struct
import threading

TYPES = {"A": 1, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
FAIL, SILENT = "FAIL", "SILENT"
OPT = 41
CNAMES_MOST = 8


def exists(world, name):
    return name in world or any(other.endswith("." + name) for other in world)


def resolve(world, name, wanted):
    """(rcode, rows), rows being (owner, type, value), CNAMEs first. SILENT instead of rcode."""
    rows = []
    name = name.lower().rstrip(".")
    for _ in range(CNAMES_MOST):
        here = world.get(name, [])
        found = [(name, row[0], row[1]) for row in here if row[0] == wanted]
        for state in (SILENT, FAIL):
            if (wanted, state) in here or (state in here and not found):
                return (SILENT if state == SILENT else SERVFAIL), []
        rows += found
        alias = [row[1] for row in here if row[0] == "CNAME"]
        if not alias or wanted == "CNAME":
            break
        rows.append((name, "CNAME", alias[0]))
        name = alias[0].lower().rstrip(".")
    return (NOERROR if exists(world, name) else NXDOMAIN), rows


def pack_name(name):
    wire = b""
    for label in name.rstrip(".").split("."):
        raw = label.encode("latin-1")
        if raw:
            wire += bytes([len(raw)]) + raw
    return wire + b"\0"


def pack_text(value):
    pieces = value if isinstance(value, list) else [value]
    wire = b""
    for piece in pieces:
        for at in range(0, max(len(piece), 1), 255):
            chunk = piece[at:at + 255]
            wire += bytes([len(chunk)]) + chunk
    return wire


def pack_value(kind, value):
    if kind == "TXT":
        return pack_text(value)
    if kind == "MX":
        return struct.pack("!H", value[0]) + pack_name(value[1])
    if kind in ("CNAME", "PTR"):
        return pack_name(value)
    return ipaddress.ip_address(value).packed


def unpack_question(packet):
    """(name, type, end of the question)"""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += 1 + packet[at]
    return ".".join(labels), struct.unpack("!H", packet[at + 1:at + 3])[0], at + 5


def reply(world, packet, most):
    """The answer to one packet, None for silence."""
    name, number, end = unpack_question(packet)
    kind = next((k for k, n in TYPES.items() if n == number), None)
    code, rows = resolve(world, name, kind)
    if code == SILENT:
        return None
    answers = b"".join(
        pack_name(owner) + struct.pack("!HHIH", TYPES[kind], 1, 300, len(data)) + data
        for owner, kind, value in rows for data in [pack_value(kind, value)])
    flags = 0x8180 | code
    if 12 + end + len(answers) > most:
        flags, rows, answers = flags | 0x0200, [], b""
    header = packet[:2] + struct.pack("!HHHHH", flags, 1, len(rows), 0, 0)
    return header + packet[12:end] + answers


class Server:
    """with Server(world) as server: server.where is ADDRESS@PORT, server.world may be replaced."""

    def __init__(self, world):
        self.world = world
        outer = self

        class Udp(socketserver.BaseRequestHandler):
            def handle(self):
                answer = reply(outer.world, self.request[0], 1232)
                if answer is not None:
                    self.request[1].sendto(answer, self.client_address)

        class Tcp(socketserver.StreamRequestHandler):
            def handle(self):
                while True:
                    head = self.rfile.read(2)
                    if len(head) < 2:
                        return
                    packet = self.rfile.read(struct.unpack("!H", head)[0])
                    answer = reply(outer.world, packet, 65535)
                    if answer is not None:
                        self.wfile.write(struct.pack("!H", len(answer)) + answer)

        class TcpServer(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self.udp, self.tcp = self.listen(Udp, TcpServer, Tcp)
        self.where = "%s@%d" % self.udp.server_address

    @staticmethod
    def listen(udp, tcp_server, tcp):
        """One port for both; the second may be taken, then another is tried."""
        for _ in range(50):
            first = socketserver.UDPServer(("127.0.0.1", 0), udp)
            try:
                return first, tcp_server(first.server_address, tcp)
            except OSError:
                first.server_close()
        raise OSError("no port for UDP and TCP")

    def __enter__(self):
        for server in (self.udp, self.tcp):
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in (self.udp, self.tcp):
            server.shutdown()
            server.server_close()
