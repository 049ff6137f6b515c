"""clock.py FILE forward SECONDS | on PID | waits PID - the clock of a story (a build with --enable-test-clock).

FILE is what MXPROBE_TEST_CLOCK names: by how many microseconds time was moved, a count, and until when
mxprobe says that nothing is under way (probe/base/clock.h). Only one process moves a story's clock.
"waits" returns when the mxprobe that PID leads to waits for a later time, "on" moves the clock there; both
fail when PID is over. Who moves it prints "REAL-TIME SECONDS-MOVED-IN-ALL", from which the oracle works out
when a session was, by that clock.
"""
import os
import struct
import sys
import time

FIELDS = struct.Struct("=qqq")
PATIENCE_S = 60


def monotonic_us():
    return time.monotonic_ns() // 1000


def read(path):
    with open(path, "rb") as clock:
        offset, _, idle_until = FIELDS.unpack(clock.read(FIELDS.size))
    return offset, idle_until


def is_over(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def next_moment(path, pid):
    """By how much time must be moved so that what is waited for is due."""
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up and not is_over(pid):
        offset, idle_until = read(path)
        if idle_until > monotonic_us() + offset:
            return idle_until - monotonic_us()
        time.sleep(0.01)
    sys.exit(1)


def main(path, order, operand):
    with open(path, "ab") as clock:
        clock.truncate(FIELDS.size)
    offset = read(path)[0] + int(float(operand) * 1_000_000) if order == "forward" else next_moment(path, operand)
    if order == "waits":
        return
    with open(path, "r+b", buffering=0) as clock:
        clock.write(struct.pack("=q", offset))
    print(f"{time.time():.3f} {offset / 1e6:.3f}")


main(*sys.argv[1:])
