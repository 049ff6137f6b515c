#!/bin/sh
# verb.sh VERB ARGUMENT... - a word of the stories (list, unlist), typed in a shell of the box.
set -u
lab=$(cd "$(dirname "$0")/.." && pwd)
. "$lab/lib/settings.sh"
. "$lab/lib/hosts.sh"
. "$lab/lib/blocklists.sh"
case $#:${1:-} in
[3-9]:list | [3-9]:unlist) "$@" ;;
*) echo "usage: list|unlist DATASET WHO [REPLICA...]; datasets: $(echo "$LAB_DATASETS" | awk 'NF { printf "%s ", $1 }')" >&2 && exit 64 ;;
esac
