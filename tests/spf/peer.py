"""peer.py - the independent implementation (Debian's python3-spf), seeing our made-up world; and
where it does not do as RFC 7208 says, the same put right, one point at a time.

A difference from mxprobe counts as explained only when putting a point right makes it vanish.
"""
import re

import spf

from world import SERVFAIL, resolve


class Peer(spf.query):
    pass


class Macros(Peer):
    """7.1: "%%" may be the last of a macro-string; it is taken for a lone "%"."""
    invalid = re.compile(r"^(?:[^%]|%[{%_-])*%(?![{%_-])")

    def expand(self, text, stripdot=True):
        if self.invalid.search(text):
            raise spf.PermError("lone %", text)
        saved, spf.RE_INVALID_MACRO = spf.RE_INVALID_MACRO, re.compile("(?!)")
        try:
            return super().expand(text, stripdot)
        finally:
            spf.RE_INVALID_MACRO = saved


class Name(str):
    """Never the same as the current domain."""
    __hash__ = str.__hash__

    def __eq__(self, other):
        return False


class Recursion(Peer):
    """5.2: an include of itself is no syntax error; it fails when it is evaluated, if ever."""

    def expand_domain(self, arg):
        return Name(super().expand_domain(arg))


class Reverse(Peer):
    """5.5: names of the client that DNS fails for are no names; no temperror."""

    def validated_ptrs(self):
        try:
            names = self.dns_ptr(self.i)
        except spf.TempError:
            return []
        return [name for name in sorted(names)[:spf.MAX_PTR] if self.leads_back(name)]

    def leads_back(self, name):
        try:
            return self.cidrmatch(self.dns_a(name, self.A), self.cidrmax)
        except spf.TempError:
            return False


class Hosts(Peer):
    """5.4: the hosts of mx are compared in their order; none is needed behind a match."""

    def dns_mx(self, name):
        hosts = sorted(self.dns(name, "MX"))
        if len(hosts) > spf.MAX_MX:
            raise spf.PermError("More than %d MX records returned" % spf.MAX_MX)
        return (address for host in hosts for address in self.dns_a(host[1], self.A))

    def cidrmatch(self, addresses, bits):
        return any(spf.query.cidrmatch(self, [address], bits) for address in addresses)


class Aliases(Peer):
    """4.6.4: a lookup that finds nothing behind a CNAME is still one lookup."""

    def dns(self, name, kind, cnames=None, ignore_void=False):
        return super().dns(name, kind, cnames, ignore_void or bool(cnames))


class Late(Peer):
    """4.6.2: terms are evaluated from left to right; %{p} behind a match is never looked up."""

    def getp(self):
        if self.p is None:
            counted = self.void_lookups
            try:
                super().getp()
            except (spf.TempError, spf.PermError):
                self.p = "unknown"
            self.void_lookups = counted
        return self.p


class Sender(Peer):
    """4.3: a sender without a local part is postmaster, in %{s} too."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.s = "%s@%s" % (self.l, self.o)


POINTS = [Macros, Recursion, Reverse, Hosts, Aliases, Late, Sender]
Right = type("Right", tuple(POINTS), {})


def use_world(world):
    """Turns all lookups of the library to this world."""

    def look_up(name, kind, strict=True, timeout=None):
        code, rows = resolve(world, name, kind)
        if code == SERVFAIL:
            raise spf.TempError("DNS SERVFAIL")
        for owner, row_kind, value in rows:
            if row_kind == "TXT":
                value = tuple(value) if isinstance(value, list) else (value,)
            yield (owner, row_kind), value

    spf.DNSLookup = look_up


def check(case, kind=Peer):
    """(result, explanation or "-", its words)"""
    query = kind(i=case.client, s=case.mail_from, h=case.helo, receiver="receiver.example")
    result, _, words = query.check()
    has_own = result == "fail" and words != spf.EXPLANATIONS["fail"]
    return result, words if has_own else "-", words
