# blocklists.sh - who is on a list, at which replica: one verb each, true as soon as it is answered.
#
# A dataset is a file of rbldnsd's on a replica (hosts/bl-a.sh, bl-b.sh); zones are made of them.
# dead.test is bl-c's alone: a list for whoever wants to stop its server.

LAB_REPLICAS="bl-a bl-b"
# dataset  kind    zone               answer     text
LAB_DATASETS="
own        ip4set  own.bl.test        127.0.0.2  S3140
sbl        ip4set  zen.spamhaus.org   127.0.0.2  https://check.spamhaus.org/sbl/query/\$
css        ip4set  zen.spamhaus.org   127.0.0.3  https://check.spamhaus.org/query/ip/\$
xbl        ip4set  zen.spamhaus.org   127.0.0.4  https://check.spamhaus.org/query/ip/\$
pbl        ip4set  zen.spamhaus.org   127.0.0.11 https://check.spamhaus.org/query/ip/\$
zen6       ip6trie zen.spamhaus.org   127.0.0.3  https://check.spamhaus.org/query/ip/\$
dead       ip4set  dead.test          127.0.0.2  listed
dbl        dnset   dbl.spamhaus.org   127.0.1.2  https://check.spamhaus.org/query/domain/\$
"

dataset_field() { echo "$LAB_DATASETS" | awk -v d="$1" -v f="$2" '$1 == d { print $f }'; }

# The name that asks ZONE for an address or a name.
list_question() {
	case $1 in
	*:*) python3 -c 'import ipaddress, sys; print(".".join(ipaddress.ip_address(sys.argv[1]).reverse_pointer.split(".")[:32]) + "." + sys.argv[2])' "$1" "$2" ;;
	*[!0-9.]*) echo "$1.$2" ;;
	*) echo "$1" | awk -F . -v zone="$2" '{ print $4 "." $3 "." $2 "." $1 "." zone }' ;;
	esac
}

# is_listed DATASET WHO REPLICA: what is answered there right now.
is_listed() {
	zone=$(dataset_field "$1" 3)
	drill_out=$(at "$3" drill "$(list_question "$2" "$zone")" @127.0.0.1 A) || return 1
	printf '%s\n' "$drill_out" | grep -qF "$(dataset_field "$1" 4)"
}
is_unlisted() { ! is_listed "$@"; }

# change_lists DATASET WHO WANTED EDIT REPLICA...: the file, a signal, and the answer.
change_lists() {
	dataset=$1 who=$2 wanted=$3 edit=$4
	shift 4
	[ -n "$(dataset_field "$dataset" 1)" ] || { echo "lab: no dataset $dataset" >&2; return 64; }
	# shellcheck disable=SC2086 # a list of hosts
	[ $# -gt 0 ] || set -- $LAB_REPLICAS
	for replica; do
		(
			flock 9
			$edit "$LAB_TREE/$replica/$dataset" "$who"
			kill -HUP "$(cat "$LAB_TREE/$replica/pid")"
		) 9>"$LAB_TREE/$replica/lock" || return 1
		wait_for "$wanted" "$dataset" "$who" "$replica" || {
			echo "lab: $replica does not know that $who is $wanted in $dataset" >&2
			return 1
		}
	done
}
add_line() { echo "$2" >>"$1"; }
take_line() { grep -vxF "$2" "$1" >"$1.new"; mv "$1.new" "$1"; }

# list|unlist DATASET WHO [REPLICA...]: on every replica without a name.
list() { list_who=$2 list_set=$1 && shift 2 && change_lists "$list_set" "$list_who" is_listed add_line "$@"; }
unlist() { list_who=$2 list_set=$1 && shift 2 && change_lists "$list_set" "$list_who" is_unlisted take_line "$@"; }
