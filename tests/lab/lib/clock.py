"""clock.py FILE forward SECONDS | pass SECONDS | on PID | waits PID - the clock of a story (a build with --enable-test-clock).

FILE is what MXPROBE_TEST_CLOCK names: by how many microseconds time was moved, a count, and until when
mxprobe says that nothing is under way (probe/base/clock.h). Only one process moves a story's clock.
"pass" is "forward" beside a mxprobe that runs, and returns when that has seen what time it is.
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
LOOKS = 10


def monotonic_us():
    return time.monotonic_ns() // 1000


def read(path):
    with open(path, "rb") as clock:
        return FIELDS.unpack(clock.read(FIELDS.size))


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
        offset, _, idle_until = read(path)
        if idle_until > monotonic_us() + offset:
            return idle_until - monotonic_us()
        time.sleep(0.01)
    sys.exit(1)


def wait_for_looks(path, before):
    """Timers count how often they looked and were not due; so those that are have been served by then."""
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up and read(path)[1] < before + LOOKS:
        time.sleep(0.01)


def main(path, order, operand):
    with open(path, "ab") as clock:
        clock.truncate(FIELDS.size)
    by_hand = order in ("forward", "pass")
    offset = read(path)[0] + int(float(operand) * 1_000_000) if by_hand else next_moment(path, operand)
    if order == "waits":
        return
    with open(path, "r+b", buffering=0) as clock:
        clock.write(struct.pack("=q", offset))
    print(f"{time.time():.3f} {offset / 1e6:.3f}")
    if order == "pass":
        wait_for_looks(path, read(path)[1])


main(*sys.argv[1:])
