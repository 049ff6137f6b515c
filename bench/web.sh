#!/bin/sh
# web.sh - bench/web.py on scripted servers. usage: web.sh READERS REMEMBER [SECONDS], in the build directory
set -u
here=$(cd "$(dirname "$0")" && pwd)
MXPROBE=${MXPROBE:-$PWD/mxprobe}
MXPROBE_TAXONOMY="${MXPROBE_TAXONOMY:-$here/../taxonomy}" MXPROBE_TAXONOMY_D= PYTHONDONTWRITEBYTECODE=1
export MXPROBE MXPROBE_TAXONOMY MXPROBE_TAXONOMY_D PYTHONDONTWRITEBYTECODE
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
HOME=$work XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state "$MXPROBE" -q scenario play "$here/web.yaml" -- \
	python3 "$here/web.py" "$work" "$1" "$2" "${3:-10}" 2>&1 | grep -v '^The servers saw\|^  127'
