#!/usr/bin/env python3
"""ask_now.py URL SOURCE DESTINATION: asks a daemon for a session now, and prints what it says."""
import json
import sys
import urllib.parse
import urllib.request

url, source, target = sys.argv[1:]
with urllib.request.urlopen(url + "/api/v1/session", timeout=10) as reply:
    csrf = json.load(reply)["csrf"]
request = urllib.request.Request(
    url + "/api/v1/probe",
    urllib.parse.urlencode({"source": source, "provider": target}).encode(),
    {"X-Mxprobe-Csrf": csrf, "Origin": url, "Accept": "application/json"},
)
with urllib.request.urlopen(request, timeout=10) as reply:
    print(json.load(reply)["told"])
