about='Loss, delay and reordering on the way to one exchanger: the same verdicts, only slower'
hosts='far wire'
slow=yes
sabotage='hosts/wire.sh leaves the line as it is'
probe() {
	list zen6 $source6
	from="$source $source6"
	check far.test
}
expect() {
	that 'map({(.source): .verdict}) | add == {"198.51.100.32": "accepted", "2001:db8:51::32": "blocked"}'
	that 'all(([.stages[].ms] | add) > 800)'
}
