"""wire.py A B --delay S --jitter S --loss SHARE --seed N - passes Ethernet frames between two interfaces, badly.

Each frame waits DELAY and up to JITTER more, so that frames overtake each other; a share of them is lost.
Frames are taken and given with their virtio headers, so that segments and checksums that the kernel has left
for later stay so.
"""
import argparse
import heapq
import itertools
import random
import select
import socket
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_OUTGOING, ETH_P_ALL = 263, 15, 4, 3


def tap(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    sock.bind((name, 0))
    return sock


def pass_on(ends, terms, chance):
    other = {ends[0]: ends[1], ends[1]: ends[0]}
    waiting, order = [], itertools.count()
    while True:
        due = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for end in select.select(ends, [], [], due)[0]:
            frame, address = end.recvfrom(1 << 17)
            if address[2] != PACKET_OUTGOING and chance.random() >= terms.loss:
                when = time.monotonic() + terms.delay + chance.random() * terms.jitter
                heapq.heappush(waiting, (when, next(order), other[end], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(waiting)
            try:
                end.send(frame)
            except OSError as error:
                print(f"a frame of {len(frame)} bytes: {error}", flush=True)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("ends", nargs=2)
    for name in ("delay", "jitter", "loss"):
        words.add_argument(f"--{name}", type=float, required=True)
    words.add_argument("--seed", type=int, required=True)
    terms = words.parse_args()
    ends = [tap(name) for name in terms.ends]
    print("passing", flush=True)
    pass_on(ends, terms, random.Random(terms.seed))


main()
