"""A name server that knows nobody: prints its port, says NXDOMAIN to everything."""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1])
sys.stdout.flush()
while True:
    question, peer = server.recvfrom(4096)
    if len(question) > 12:
        end = 12
        while end < len(question) and question[end]:
            end += question[end] + 1
        server.sendto(question[:2] + b"\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00" + question[12:end + 5], peer)
