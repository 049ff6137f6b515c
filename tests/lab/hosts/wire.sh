# wire - the bad line between far and everybody else: it takes far's end off the bridge and passes packets on
# itself, late, in another order, or not at all. (tc netem would do; not every kernel has it.)
about='the bad line to far: 80 ms each way and up to 60 more, so in another order; 5 in 100 packets lost'

build() {
	sabotaged 32-bad-line && return
	wait_for ip link show v-far
	ip link set v-far nomaster netns wire && ip -n wire link set v-far up promisc on && ip -n wire link set eth0 promisc on
}

start() {
	sabotaged 32-bad-line && return
	python3 "$lab/lib/wire.py" eth0 v-far --delay 0.08 --jitter 0.06 --loss 0.05 --seed 1 >"$dir/log" 2>&1 &
}

ready() { sabotaged 32-bad-line || [ -s "$dir/log" ]; }
