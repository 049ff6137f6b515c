#!/usr/bin/env python3
"""notified.py SOCKET FILE: what a daemon tells its service manager, a line each, until it is killed."""
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
with open(sys.argv[2], "w", buffering=1) as told:
    while True:
        told.write(listener.recv(4096).decode().replace("\n", " ") + "\n")
