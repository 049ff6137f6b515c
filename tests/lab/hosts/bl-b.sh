# bl-b - one of two replicas of the blocklists; providers with view=b ask this one.
about='rbldnsd, replica b of the blocklists'
addresses='192.0.2.62'
. "$lab/lib/replica.sh"
