#!/bin/sh
# faults.sh - days of dead name servers, resets, silence, full disks, clocks that are set, reloads and
# restarts, at random times: polite all the while, no state false, no event lost, nothing leaked.
#
# MX_SIM_SEEDS names others; the seed that fails is in the claim that fails.
# shellcheck disable=SC2086 # several words are meant
exec ./tests/sim/watch-sim faults ${MX_SIM_SEEDS:-1 2 3}
