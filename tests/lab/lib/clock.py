"""clock.py FILE forward SECONDS | to-next - moves the clock of a story (a build with --enable-test-clock).

FILE is what MXPROBE_TEST_CLOCK names: by how many microseconds time was moved, a count, and until when
mxprobe says that nothing is under way (probe/base/clock.h). Only one process moves a story's clock.
Prints "REAL-TIME SECONDS-MOVED-IN-ALL", from which the oracle works out when a session was, by that clock.
"""
import struct
import sys
import time

FIELDS = struct.Struct("=qqq")


def moved(offset, idle_until, order):
    if order[0] == "forward":
        return offset + int(float(order[1]) * 1_000_000)
    now = time.monotonic_ns() // 1000 + offset
    return offset + max(0, idle_until - now)


def main(path, *order):
    with open(path, "a+b") as clock:
        clock.truncate(FIELDS.size)
    with open(path, "r+b", buffering=0) as clock:
        offset, _, idle_until = FIELDS.unpack(clock.read(FIELDS.size))
        offset = moved(offset, idle_until, order)
        clock.seek(0)
        clock.write(struct.pack("=q", offset))
    print(f"{time.time():.3f} {offset / 1e6:.3f}")


main(*sys.argv[1:])
