# outlook-b - one of two hosts of a big provider with a list of its own, whose replica b this host asks.
about='Postfix as outlook.com, one of its two exchangers; it asks replica b of the list'
view=b
. "$lab/lib/outlook.sh"

exchangers() { echo "outlook-b 203.0.113.41 $outlook_settings"; }
addresses=203.0.113.41
