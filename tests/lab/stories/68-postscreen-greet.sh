about='postscreen greets with half a greeting and listens for three seconds: we say nothing before the rest, and pass'
hosts='screen'
sabotage=static
probe() { check screen-greet.test; }
expect() {
	exits 0
	that '[.transcript[] | select(.from == "server").line][0] | startswith("220-")'
	that '[.transcript[].from] | index("client") > 1'
	logged screen "PASS NEW \[$source\]"
	not_logged screen "PREGREET.*\[$source\]"
}
