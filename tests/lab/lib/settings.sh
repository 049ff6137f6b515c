# settings.sh - what every part of the lab knows: where things are, and what it takes to run it.
PATH=$PATH:/usr/sbin:/sbin
LAB_NAMESPACES="--mount --net --pid --ipc --uts --fork --kill-child --mount-proc"
LAB_TOOLS="unshare nsenter setpriv ip nft nsd unbound rbldnsd ldns-keygen ldns-signzone drill postfix openssl python3 jq ss"
: "${LAB_MXPROBE:=${MXPROBE:-$PWD/mxprobe}}" "${LAB_PKI:=${MX_PKI:-$PWD/certs/pki}}"
: "${LAB_CACHE:=$PWD/lab-cache}" # what aside.sh unpacked, kept between runs
: "${LAB_TOP:=$(cd "$lab/../.." && pwd)}"
LAB_TREE=/run/lab # a tmpfs of the box; nobody outside sees it
export PATH LAB_MXPROBE LAB_PKI LAB_TOP LAB_TREE LAB_CACHE
