# bl-a - one of two replicas of the blocklists; providers with view=a ask this one.
about='rbldnsd, replica a of the blocklists'
addresses='192.0.2.61'
. "$lab/lib/replica.sh"
