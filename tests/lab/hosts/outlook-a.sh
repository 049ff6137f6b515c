# outlook-a - one of two hosts of a big provider with a list of its own, whose replica a this host asks.
about='Postfix as outlook.com, one of its two exchangers; it asks replica a of the list'
view=a
. "$lab/lib/outlook.sh"

exchangers() { echo "outlook-a 203.0.113.40 $outlook_settings"; }
addresses=203.0.113.40
