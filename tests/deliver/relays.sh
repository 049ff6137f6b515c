# relays.sh - read by scripts that send: relays of every kind (rude.py), and a name server that knows nobody.
# In:  lib.sh was read; $pki.
# Out: $work/rude (a kind and its port a line, later what the relays got), $dns, $work/password. They end with
#      the script, and so does $serve_pid if there is one.
python3 "$source_dir/tests/deliver/rude.py" "$pki" >"$work/rude" 2>"$work/rude.err" &
relay_pids=$!
python3 "$source_dir/tests/deliver/nobody.py" >"$work/dns" &
relay_pids="$relay_pids $!"
trap 'kill $relay_pids ${serve_pid:-} 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do
	grep -q READY "$work/rude" && [ -s "$work/dns" ] && break
	sleep 0.1
done
dns=127.0.0.1@$(cat "$work/dns")
echo 'secret-word' >"$work/password"
chmod 600 "$work/password"

# port_of KIND: where that relay listens.
port_of() {
	sed -n "s/^$1 //p" "$work/rude" | head -n 1
}
