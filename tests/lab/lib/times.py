#!/usr/bin/env python3
"""times.py [FILE] - lines of FILE or standard input, each with the time it came, for logs that don't say."""
import sys
import time

with open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin as lines:
    for line in lines:
        print(f"{time.time():.3f} {line}", end="", flush=True)
