about='Sendmail keeps silent for four seconds before it greets: waited for, accepted, and the wait is told'
hosts='sendmail'
sabotage=static
probe() { check sendmail-pause.test; }
expect() {
	exits 0
	that '.verdict == "accepted" and (.stages[] | select(.stage == "banner").ms) >= 3900'
}
