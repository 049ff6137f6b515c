#!/bin/sh
# day.sh - a day of the watch in a world that is played: polite, evenly spread, nobody forgotten.
#
# MX_SIM_SOURCES=1000 plays a whole fleet, which takes two minutes of CPU; here it is a small one.
exec ./tests/sim/watch-sim day "${MX_SIM_SOURCES:-40}"
