"""cases.py - SPF checks made up by a seeded generator: the same seed, the same checks.

Each case has domains, clients and reverse zones of its own within one world, so that all of them
can be asked of one name server. Most records are right; some are broken in one of the ways that
people break them.
"""
import ipaddress
import random

from world import FAIL

LOCALS = ["alice", "bob.smith", "list-owner+bounce", "strange=name", "a--b", "postmaster",
          "UPPER.Case", "under_score", "x/y", "o'neil", "1.2.3"]
QUALIFIERS = ["", "", "", "+", "-", "~", "?"]
MACROS = ["%{l}", "%{l-}", "%{lr-}", "%{l1r-}", "%{o}", "%{o2}", "%{d}", "%{d2}", "%{d3r}",
          "%{i}", "%{ir}", "%{i2}", "%{v}", "%{h}", "%{h1}", "%{p}", "%{p2}", "%{s}", "%{s2r}",
          "%{L}", "%{S}", "%{l1}", "%{l+}", "%{s+-}", "%%", "%-", "%_", "%{D}", "%{d9}"]
BROKEN = ["a:%{d", "include:", "exists", "a:1.2.3.4", "ip4:1.2.3", "ip4:192.0.2.1/33", "ip4:192.0.2.01",
          "ip6:2001:db8::/129", "ip6:2001:db8::g", "mx/33", "a//129", "a/24/64", "ipv4:192.0.2.1",
          "all.", "all:x.example.com", "-", "+include:%{x}.com", "redirect:x.example.com", "foo",
          "a:%(d).com", "exp=", "redirect=", "a:.", "a:com", "mx:example.com:25", "a/024", "ip4",
          "ptr/24", "a:%{c}.example.com", "exists:%{t}.example.com", "a:x.example.com,",
          "ip4:192.0.2.0/24/24", "ip6:2001:db8::1//64", "a:caf\xe9.example.com", "=a", "3a=b"]
HARMLESS = ["moo=cow", "x-y_z.1=%{d}/%{l}", "a=", "ip4=1.2.3.4", "v=spf2", "moo=%%x"]
EXPLANATIONS = ["%{i} is not one of %{d}'s", "See http://%{d}/why?s=%{S}&ip=%{i}", "%{c} %{h} %{r}",
                "%{l}%_%{o}%%", "plain", "%{p} %{v}", "100%", "caf\xe9", "%{dr} and %{ir}", "%{x}"]


class Case:
    """client, helo, mail_from, and the names of its part of the world"""

    def __init__(self, number, seed):
        self.random = random.Random("%s/%d" % (seed, number))
        self.number = number
        self.world = {}
        self.root = "c%d.example.com" % number
        self.client = self.pick_client()
        self.helo = self.random.choice(["mail.", "helo."]) + self.root
        self.mail_from = self.pick_sender()
        self.hosts = [self.make_host(i) for i in range(6)]
        self.make_reverse()
        self.zones = ["z%d.%s" % (i, self.root) for i in range(4)]
        for depth, zone in enumerate(self.zones):
            self.add(zone, "TXT", *self.texts(depth))
        self.add(self.root, "TXT", *self.texts(0))
        self.add(self.helo, "TXT", *self.texts(1))
        self.make_exchangers(self.root)
        self.make_exchangers(self.zones[0])

    def add(self, name, kind, *values):
        rows = self.world.setdefault(name.lower(), [])
        rows.extend((kind, value) for value in values)

    def chance(self, share):
        return self.random.random() < share

    # ---- who asks

    def pick_client(self):
        kind = self.random.randrange(10)
        high, low = divmod(self.number, 200)
        if kind < 6:
            return "10.%d.%d.%d" % (high, low, self.random.randrange(1, 255))
        if kind < 7:
            return "::ffff:10.%d.%d.%d" % (high, low, self.random.randrange(1, 255))
        return "2001:db8:%x::%x" % (self.number + 1, self.random.randrange(1, 65535))

    def address(self):
        """The client's, as its records know it."""
        address = ipaddress.ip_address(self.client)
        return getattr(address, "ipv4_mapped", None) or address

    def pick_sender(self):
        local = self.random.choice(LOCALS)
        return self.random.choice(["", "@" + self.root] + ["%s@%s" % (local, self.root)] * 6)

    # ---- what is there

    def near(self):
        """An address: the client's own, a neighbour, or a stranger."""
        address = self.address()
        most = 2 ** address.max_prefixlen - 1
        kind = self.random.randrange(4)
        if kind == 0:
            return address
        if kind == 1:
            return type(address)((int(address) ^ self.random.randrange(1, 256)) & most)
        if kind == 2:
            return type(address)((int(address) ^ (1 << self.random.randrange(12, 28))) & most)
        return ipaddress.ip_address(self.random.choice(["192.0.2.77", "2001:db8:ffff::77"]))

    def make_host(self, number):
        name = "h%d.%s" % (number, self.root)
        kind = self.random.randrange(12)
        if kind == 0:
            self.world[name] = [FAIL]
        elif kind == 1:
            self.add(name, "CNAME", "h0." + self.root if number else "nowhere." + self.root)
        elif kind > 2:
            for _ in range(self.random.randrange(1, 4)):
                address = self.near()
                self.add(name, "A" if address.version == 4 else "AAAA", str(address))
        return name

    def make_reverse(self):
        name = self.address().reverse_pointer
        kind = self.random.randrange(8)
        if kind == 0:
            self.world[name] = [FAIL]
        elif kind > 2:
            for _ in range(self.random.choice([1, 1, 1, 2, 3])):
                self.add(name, "PTR", self.random.choice(self.hosts + [self.helo]))
            self.world[name] = sorted(set(self.world[name]))
        if self.chance(0.5):
            address = self.address()
            self.add(self.helo, "A" if address.version == 4 else "AAAA", str(address))

    def make_exchangers(self, name):
        count = self.random.choice([0, 1, 2, 3, 3, 11])
        for i in range(count):
            host = self.random.choice(self.hosts) if count < 11 else "m%d.%s" % (i, self.root)
            self.add(name, "MX", (10 * (i % 3), host))

    # ---- what is published

    def texts(self, depth):
        kind = self.random.randrange(30)
        record = self.record(depth)
        if kind == 0:
            return [b"unrelated"]
        if kind == 1:
            return [record, b"v=spf1 -all"]
        if kind == 2:
            return [b"v=spf10 -all", b"v=spf2.0/pra -all"]
        if kind < 8:
            return [b"site-verification=abc", self.cut(record)]
        return [record]

    def cut(self, record):
        at = self.random.randrange(len(record))
        return [record[:at], record[at:]]

    def record(self, depth):
        terms = [self.term(depth) for _ in range(self.random.choice([1, 2, 3, 3, 4, 5, 14]))]
        if self.chance(0.08):
            terms.insert(self.random.randrange(len(terms) + 1), self.random.choice(BROKEN))
        if self.chance(0.2):
            terms.insert(self.random.randrange(len(terms) + 1), self.random.choice(HARMLESS))
        if self.chance(0.6):
            terms.append(self.random.choice(["-all", "~all", "?all", "all", "-ALL"]))
        elif depth < 3 and self.chance(0.5):
            terms.insert(self.random.randrange(len(terms) + 1), "redirect=" + self.target(depth))
        if self.chance(0.5):
            terms.insert(self.random.randrange(len(terms) + 1), "exp=" + self.explanation())
        space = "  " if self.chance(0.1) else " "
        version = self.random.choice(["v=spf1"] * 9 + ["V=SPF1"])
        end = " " if self.chance(0.1) else ""
        return (space.join([version] + terms) + end).encode("latin-1")

    def target(self, depth):
        """Where an include or redirect leads."""
        deeper = self.zones[depth:] * 2 + self.zones[depth + 1:] * 6
        return self.random.choice(deeper + ["nowhere." + self.root, "%{d}"])

    def explanation(self):
        name = "why%d.%s" % (self.random.randrange(4), self.root)
        if name not in self.world:
            count = self.random.choice([0, 1, 1, 1, 1, 2])
            texts = self.random.sample(EXPLANATIONS, count)
            self.add(name, "TXT", *[text.encode("latin-1") for text in texts])
        return name

    def macro_name(self):
        spec = ".".join(self.random.choice(MACROS)
                        for _ in range(self.random.choice([1, 1, 2, 3])))
        if self.chance(0.4):
            self.add("%s.%s" % (self.random.choice(LOCALS), "m." + self.root), "A", "127.0.0.2")
        return spec + "." + self.random.choice(["m.", ""]) + self.root

    def name(self):
        kind = self.random.randrange(10)
        if kind < 7:
            return self.random.choice(self.hosts)
        return self.macro_name() if kind < 9 else "nowhere." + self.root

    def network(self):
        address = self.near()
        most = address.max_prefixlen
        bits = self.random.choice([None, most, most - 4, most - 8, most // 2, 0])
        text = "ip%d:%s" % (address.version, address)
        return text if bits is None else "%s/%d" % (text, bits)

    def lengths(self):
        kind = self.random.randrange(8)
        four, six = self.random.choice([32, 24, 20, 8, 0]), self.random.choice([128, 112, 64, 0])
        return {5: "/%d" % four, 6: "//%d" % six, 7: "/%d//%d" % (four, six)}.get(kind, "")

    def term(self, depth):
        kind = self.random.randrange(20)
        qualifier = self.random.choice(QUALIFIERS)
        if kind < 7:
            return qualifier + self.network()
        if kind < 11:
            return qualifier + self.random.choice(["a", "A"]) + self.random.choice(
                ["", ":" + self.name(), ":" + self.name()]) + self.lengths()
        if kind < 14:
            return qualifier + "mx" + self.random.choice(
                ["", ":" + self.name(), ":" + self.zones[0]]) + self.lengths()
        if kind < 16:
            return qualifier + "exists:" + self.name()
        if kind < 17:
            return qualifier + "ptr" + self.random.choice(["", ":" + self.root, ":" + self.name()])
        return (qualifier if self.chance(0.3) else "") + "include:" + self.target(depth)
