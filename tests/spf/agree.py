"""agree.py - made-up SPF checks, answered by mxprobe and by an independent implementation (Debian's
python3-spf), both seeing the same DNS. Every difference must vanish when a point is put right in
which that implementation leaves RFC 7208 (the classes of peer.py). Prints TAP.

usage: agree.py SPF-ASK [CASES [SEED]]
"""
import subprocess
import sys

import peer
from cases import Case
from world import Server


def ours(program, where, cases):
    checks = "".join("%s\t%s\t%s\n" % (c.client, c.helo, c.mail_from) for c in cases)
    done = subprocess.run([program, where], input=checks.encode(), stdout=subprocess.PIPE,
                          check=True)
    lines = done.stdout.decode().split("\n")[:-1]
    assert len(lines) == len(cases), "%d answers to %d checks" % (len(lines), len(cases))
    return [tuple(line.split("\t", 2)) for line in lines]


def reason(case, mine):
    """The point that makes the difference vanish, all of them together, or None."""
    for point in peer.POINTS:
        if peer.check(case, point)[:2] == mine[:2]:
            return point.__doc__
    if peer.check(case, peer.Right)[:2] == mine[:2]:
        return "more than one of these"
    return None


def show(case, mine, theirs):
    print("# case %d: %s %s <%s>" % (case.number, case.client, case.helo, case.mail_from))
    print("#   ours:   %s [%s] %s" % mine)
    print("#   theirs: %s [%s] %s" % theirs)
    print("#   right:  %s [%s] %s" % peer.check(case, peer.Right))
    for name, rows in case.world.items():
        for row in rows:
            print("#   %s %s" % (name, row))


def compare(cases, answers):
    """(how many agree, how many differ for which reason, how many for none)"""
    same, reasons, open_ones = 0, {}, 0
    for case, mine in zip(cases, answers):
        theirs = peer.check(case)
        if mine[:2] == theirs[:2]:
            same += 1
            continue
        because = reason(case, mine)
        if because is None:
            open_ones += 1
            show(case, mine, theirs)
        else:
            reasons[because] = reasons.get(because, 0) + 1
    return same, reasons, open_ones


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = sys.argv[3] if len(sys.argv) > 3 else "mxprobe"
    cases = [Case(number, seed) for number in range(count)]
    world = {name: rows for case in cases for name, rows in case.world.items()}
    with Server(world) as server:
        answers = ours(program, server.where, cases)
    peer.use_world(world)
    same, reasons, open_ones = compare(cases, answers)
    results = [answer[0] for answer in answers]
    print("# results: " + ", ".join(
        "%d %s" % (results.count(result), result) for result in sorted(set(results))))
    for because, number in sorted(reasons.items()):
        print("# %d: %s" % (number, because))
    print("%sok 1 - %d of %d agree, %d differ where RFC 7208 is on our side, %d differ" % (
        "not " if open_ones else "", same, count, sum(reasons.values()), open_ones))
    print("1..1")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
