#!/bin/sh
# day.sh - a day of the watch in a world that is played: polite, evenly spread, nobody forgotten.
#
# MX_SIM_SOURCES=1000 plays the whole fleet (a minute and more of CPU); it is a tenth of it here.
exec ./tests/sim/watch-sim day "${MX_SIM_SOURCES:-100}"
