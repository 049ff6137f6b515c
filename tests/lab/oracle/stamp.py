"""stamp.py - what logs write for a time, as seconds since 1970."""
import calendar
import time


def syslog(text):
    """"Nov 22 04:45:01", local time, which leaves the year out: the one just past is meant."""
    now = time.localtime()
    told = time.strptime(f"{now.tm_year} {text}", "%Y %b %d %H:%M:%S")
    seconds = time.mktime(told)
    return seconds if seconds <= time.time() + 86400 else time.mktime((now.tm_year - 1, *told[1:]))


def iso(text):
    """"2026-11-22 04:45:01.123", in UTC."""
    whole, _, fraction = text.partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%d %H:%M:%S")) + float("0." + (fraction or "0"))
