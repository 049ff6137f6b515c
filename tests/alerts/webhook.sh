#!/bin/sh
# webhook.sh - a webhook behind TLS: whose certificate holds is told, whose does not hears nothing; what its
# answers mean.
. "$(dirname "$0")/../cli/lib.sh"
pki=$PWD/certs/pki

command -v python3 >/dev/null || {
	echo "1..0 # SKIP python3 is not installed"
	exit 0
}
# By TLS as localhost; the path is the status to answer with.
cat >"$work/server.py" <<-'END'
	import http.server, ssl, sys
	class Server(http.server.BaseHTTPRequestHandler):
	    def do_POST(self):
	        self.rfile.read(int(self.headers["Content-Length"]))
	        self.send_response(int(self.path.strip("/")))
	        self.send_header("Location", "/200")
	        self.end_headers()
	        self.wfile.write(b"why\x1b[31m not")
	        open(sys.argv[2], "a").write(self.path + "\n")
	    def log_message(self, *args):
	        pass
	server = http.server.HTTPServer(("127.0.0.1", 0), Server)
	context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
	context.load_cert_chain(sys.argv[1] + ".pem", sys.argv[1] + ".key")
	server.socket = context.wrap_socket(server.socket, server_side=True)
	print(server.server_port, flush=True)
	server.serve_forever()
END
: >"$work/heard"
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT
# serve CERTIFICATE: its port is $port.
serve() {
	: >"$work/port"
	python3 "$work/server.py" "$pki/$1" "$work/heard" >"$work/port" 2>/dev/null &
	servers="$servers $!"
	tries=0
	until [ -s "$work/port" ] || [ $tries -gt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	port=$(cat "$work/port")
}
# tell PATH [MORE KEYS]
tell() {
	echo "alerts: [{webhook: {url: \"https://localhost:$port/$1\"${2:-}}}]" >"$work/mxprobe.yaml"
	run --config "$work/mxprobe.yaml" alert test
}
name='alerts[0], the webhook at localhost'

serve good
tell 200 ", ca_file: $pki/ca.pem"
same 'a certificate of the CA that is named' "0|$name: taken: HTTP status 200" "$status|$out"
tell 204 ", ca_file: $pki/ca.pem"
same 'any 2xx has taken it' "0|$name: taken: HTTP status 204" "$status|$out"
tell 410 ", ca_file: $pki/ca.pem"
same 'a refusal is told with its words, escaped' "4|$name: not taken: HTTP status 410: why\\x1b[31m not" "$status|$out"
tell 302 ", ca_file: $pki/ca.pem"
case $out in
*'HTTP status 302: redirects are not followed'*) ok 'a redirect is not followed, and that is said' ;;
*) not_ok 'a redirect is not followed, and that is said' "$out" ;;
esac
same 'and nobody was asked at its end' 1 "$(grep -c '^/200' "$work/heard")"
: >"$work/heard"
tell 200
same 'not of a CA that the system trusts' 4 "$status"
for certificate in expired self-signed other-ca wrong-name; do
	serve $certificate
	tell 200 ", ca_file: $pki/ca.pem"
	same "$certificate" 4 "$status"
done
same 'none of those heard anything' '' "$(cat "$work/heard")"
tell 200 ", secret_file: $work/none, ca_file: $pki/ca.pem"
same 'a secret that is not there is named' "$name: not taken: $work/none: can't be read: No such file or directory" "$out"

# ---- names of a name server of our own ----------------------------------------------------------
serve good
cat >"$work/names.yaml" <<'END'
about: a name server that knows where the hooks are
zone:
  - {name: hooks.postfix.test, type: A, data: 127.0.0.1}
servers:
  - address: 127.0.1.1
END
echo "alerts: [{webhook: {url: \"https://hooks.postfix.test:$port/200\", ca_file: $pki/ca.pem}}]" >"$work/mxprobe.yaml"
run scenario play "$work/names.yaml" -- sh -c "'$mxprobe' --config '$work/mxprobe.yaml' alert test --dns-server \$MXPROBE_PLAY_DNS"
same '--dns-server: who else would know that name?' \
	'0|alerts[0], the webhook at hooks.postfix.test: taken: HTTP status 200' "$status|$out"
finish
