about='One destination resets our connections and the control greets: unreachable, and it is theirs'
hosts='postfix'
cause() { refuse_at postfix 203.0.113.10 $source; }
probe() { check clean.test --control mx.control.test -4; }
expect() {
	exits 3
	that '.verdict == "unreachable" and (.note | test("greet"))'
}
