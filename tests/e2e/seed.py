#!/usr/bin/env python3
"""A week of made-up results, as `mxprobe check --format json` prints them, for tests/store/remember.

usage: seed.py SOURCES PROVIDERS     (250 and 20 at most)
       seed.py own                   (127.0.0.2 at example.test: accepted so far)
Every state is in it, and a reply that wants to be more than text. Times end now, so that nothing is
stale but what shall be. The same arguments give the same world.
"""
import json

import random
import sys
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PROVIDERS = [  # id, destination, mail exchanger, depth, observable
    ("microsoft_consumer", "outlook.com", "outlook-com.olc.protection.outlook.com", "mail", True),
    ("google", "gmail.com", "gmail-smtp-in.l.google.com", "rcpt", False),
    ("yahoo", "yahoo.com", "mta7.am0.yahoodns.net", "rcpt", True),
    ("docomo", "docomo.ne.jp", "mfsmax.docomo.ne.jp", "rcpt", True),
    ("kddi_au", "au.com", "lsean.ezweb.ne.jp", "rcpt", True),
    ("softbank", "softbank.ne.jp", "mx.softbank.ne.jp", "rcpt", True),
    ("apple", "icloud.com", "mx01.mail.icloud.com", "rcpt", True),
    ("yahoo_japan", "yahoo.co.jp", "mx1.mail.yahoo.co.jp", "rcpt", True),
    ("gmx", "gmx.net", "mx00.gmx.net", "rcpt", True),
    ("comcast", "comcast.net", "mx1a1.comcast.net", "rcpt", True),
    ("t_online", "t-online.de", "mx00.t-online.de", "rcpt", True),
    ("orange", "orange.fr", "smtp-in.orange.fr", "rcpt", True),
    ("rakuten", "rakuten.jp", "mx.rakuten.jp", "rcpt", True),
    ("laposte", "laposte.net", "smtpz4.laposte.net", "rcpt", True),
    ("yandex", "yandex.ru", "mx.yandex.ru", "rcpt", True),
    ("zoho", "zoho.com", "mx.zoho.com", "rcpt", True),
    ("fastmail", "fastmail.com", "in1-smtp.messagingengine.com", "rcpt", True),
    ("proton", "proton.me", "mail.protonmail.ch", "rcpt", True),
    ("free_fr", "free.fr", "mx1.free.fr", "rcpt", True),
    ("naver", "naver.com", "mx1.naver.com", "rcpt", True),
]
HOSTILE = ("5.7.1 <script>document.title='owned'</script> \u001b[31mred\u001b[0m "
           "\u202egnp.exe\u202c <img src=x onerror=alert(1)> \"quoted\" & 'more'")
NOW = time.time()
rng = random.Random(7)


def ulid(at):
    number = int(at * 1000) << 80 | rng.getrandbits(80)
    return "".join(ALPHABET[number >> 5 * (25 - i) & 31] for i in range(26))


def blocked(source):
    return {"verdict": "blocked", "stage": "mail", "code": 550, "enhanced": "5.7.1",
            "text": f"5.7.1 Unfortunately, messages from [{source}] weren't sent. Please contact your Internet service "
                    "provider since part of their network is on our block list (S3140). You can also refer your provider "
                    "to http://mail.live.com/mail/troubleshooting.aspx#errors. [AM7EUR06FT034.eop-eur06.prod.protection.outlook.com]",
            "category": "blocklist_own", "about": "sender_ip", "permanence": "permanent", "authority": "Microsoft",
            "list": "Outlook.com block list", "provider_code": "S3140", "listed_value": source, "rule": "microsoft.s3140",
            "delist_url": "https://olcsupport.office.com/", "confidence": 0.99, "remedy": "microsoft-consumer"}


def plainly(verdict, stage, code, enhanced, text, category, rule, source):
    return {"verdict": verdict, "stage": stage, "code": code, "enhanced": enhanced, "text": text, "category": category,
            "about": "sender_ip", "permanence": "permanent" if code >= 500 else "temporary", "listed_value": source,
            "rule": rule, "confidence": 0.8}


def refused(source):
    return plainly("policy", "rcpt", 550, "5.7.1", "5.7.1 Delivery not authorized, message refused", "policy_other",
                   "enhanced.5.7.1", source)


def throttled(source):
    return plainly("throttled", "mail", 421, "4.7.0", f"4.7.0 [TSS04] Messages from {source} temporarily deferred due to "
                   "unexpected volume or user complaints", "reputation_ip", "yahoo.tss04", source)


def hostile(source):
    return plainly("blocked", "mail", 554, "5.7.1", HOSTILE, "blocklist_own", "generic.own", source)


def lines_of(source, mx, finding, depth):
    server = lambda t, stage, text: {"t": t, "from": "server", "stage": stage, "line": text}
    client = lambda t, stage, text: {"t": t, "from": "client", "stage": stage, "line": text}
    lines = [{"t": 0.0121, "from": "probe", "stage": "connect", "line": "connected"},
             server(0.0304, "banner", f"220 {mx} ESMTP ready"),
             client(0.0306, "ehlo", "EHLO mail.example.jp"),
             server(0.0442, "ehlo", f"250-{mx} Hello [{source}]"),
             server(0.0442, "ehlo", "250-SIZE 49283072"), server(0.0442, "ehlo", "250 STARTTLS"),
             client(0.0443, "starttls", "STARTTLS"), server(0.0581, "starttls", "220 2.0.0 SMTP server ready"),
             {"t": 0.0912, "from": "probe", "stage": "tls", "line": "TLSv1.3 TLS_AES_256_GCM_SHA384, certificate verified"},
             client(0.0913, "ehlo", "EHLO mail.example.jp"), server(0.1049, "ehlo", f"250 {mx} Hello [{source}]"),
             client(0.1051, "mail", "MAIL FROM:<probe@example.jp>")]
    if finding and finding["stage"] == "mail":
        lines.append(server(0.1312, "mail", f"{finding['code']} {finding['text']}"))
    else:
        lines.append(server(0.1312, "mail", "250 2.1.0 Sender OK"))
        if depth == "rcpt":
            lines.append(client(0.1314, "rcpt", "RCPT TO:<postmaster@example.test>"))
            lines.append(server(0.1611, "rcpt", f"{finding['code']} {finding['text']}" if finding else
                                "250 2.1.5 <postmaster@example.test> Recipient OK"))
    return lines + [client(0.1702, "quit", "QUIT"), server(0.1820, "quit", "221 2.0.0 Bye")]


def result(source, provider, age_h, finding=None, host=1):
    at = NOW - age_h * 3600
    name, destination, mx, depth, observable = provider
    verdict = finding["verdict"] if finding else "accepted"
    line = {
        "schema": "mxprobe.result/1", "id": ulid(at), "time": time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime(at)),
        "source": source, "helo": "mail.example.jp", "mail_from": "probe@example.jp",
        "rcpt": f"postmaster@{destination}" if depth == "rcpt" else None, "destination": destination, "provider": name,
        "mx": {"host": mx, "preference": 5, "address": f"198.51.{100 + host}.{PROVIDERS.index(provider) + 1}", "port": 25,
               "dnssec": False},
        "depth": depth, "reached": finding["stage"] if finding else depth, "observable": observable,
        "tls": {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "verified": True, "reason": None, "names": [mx],
                "not_after": "2027-03-01T00:00:00.000Z", "days_left": 98, "dane": "none", "dane_reason": None,
                "mta_sts": "none", "mta_sts_mode": None, "mta_sts_reason": None},
        "seen_source": source, "verdict": verdict, "note": None, "finding": None,
        "transcript": lines_of(source, mx, finding, depth)}
    if finding:
        line["finding"] = {key: value for key, value in finding.items() if key != "verdict"}
    print(json.dumps(line))


def story(source, provider, kind):
    """Sessions of one pair, oldest first."""
    again = lambda ages, finding=None, hosts=(1, 2, 3): [
        result(source, provider, age, finding and finding(source), hosts[i % len(hosts)]) for i, age in enumerate(ages)]
    if kind == "blocked":
        again([168, 162.1, 120, 96, 72, 60])
        again([49.2, 43, 37, 31, 25, 19, 13, 7, 1.1], blocked)
    elif kind == "hostile":
        again([30])
        again([3.2], hostile)
    elif kind == "clearing":
        again([160, 140, 120])
        again([96, 90, 84, 72, 60], blocked)
        again([9, 5], None, (1, 2))
        again([3], blocked, (3,))
        again([1.2], None, (1,))
    elif kind == "suspect":
        again([30, 20])
        again([2], refused)
    elif kind == "throttled":
        again([30, 8])
        again([1.5], throttled)
    elif kind == "stale":
        again([40, 30, 21])
    elif kind == "flapping":
        for day in range(6, 0, -1):
            again([day * 24.0], blocked)
            again([day * 24 - 4, day * 24 - 8, day * 24 - 23.5])
    else:
        again([rng.uniform(24, 160), rng.uniform(0.1, 4)])


def main():
    if sys.argv[1] == "own":
        own = (None, "example.test", "mx1.example.test", "rcpt", True)
        PROVIDERS.append(own)
        for age in (20, 8, 2):
            result("127.0.0.2", own, age)
        return
    sources, providers = int(sys.argv[1]), PROVIDERS[:int(sys.argv[2])]
    for n in range(sources):
        source = f"203.0.113.{n + 1}"
        for p, provider in enumerate(providers):
            kind = "clear"
            if p == 0 and n in (1, 2, 17):
                kind = "blocked"
            elif (n, p) in ((4, 0), (14, 0)):
                kind = "clearing"
            elif (n, p) == (3, 0):
                kind = "hostile"
            elif (n, p) in ((5, 3), (9, 8)):
                kind = "suspect"
            elif (n, p) in ((6, 2), (7, 2), (8, 2)):
                kind = "throttled"
            elif (n, p) in ((2, 5), (10, 6), (11, 6), (12, 6)):
                kind = "stale"
            elif (n, p) == (13, 4):
                kind = "flapping"
            story(source, provider, kind)


main()
sys.stdout.flush()
