"""stamp.py - what logs write for a time, as seconds since 1970."""
import time


def syslog(text):
    """"Nov 22 04:45:01", local time, which leaves the year out: the one just past is meant."""
    now = time.localtime()
    told = time.strptime(f"{now.tm_year} {text}", "%Y %b %d %H:%M:%S")
    seconds = time.mktime(told)
    return seconds if seconds <= time.time() + 86400 else time.mktime((now.tm_year - 1, *told[1:]))
