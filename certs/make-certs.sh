#!/bin/sh
# make-certs.sh OUTDIR - the test PKI, made anew on each machine and never committed.
#
# OUTDIR appears complete or not at all, so that a test never meets half a PKI. A second run
# keeps what is there as long as this script is the same and the good certificates hold for
# another month. The keys are worthless outside tests: nobody trusts this CA.
# See README.md beside this file for what each certificate is good for.
set -eu

if [ $# -ne 1 ] || [ -z "$1" ]; then
	echo "usage: make-certs.sh OUTDIR" >&2
	exit 64
fi
command -v openssl >/dev/null || {
	echo "make-certs.sh: the openssl tool is missing; install the package openssl" >&2
	exit 1
}

out=${1%/}
recipe=$(cksum <"$0")
month=2592000

is_fresh() {
	[ "$(cat "$out/stamp" 2>/dev/null)" = "$recipe" ] &&
		openssl x509 -checkend $month -noout -in "$out/good.pem" >/dev/null 2>&1
}

if is_fresh; then
	touch "$out/stamp"
	exit 0
fi

mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Seconds from now as the time stamp that `openssl ca` takes.
day=86400
year=31557600
now=$(date +%s)
when() {
	date -u -d "@$((now + $1))" +%Y%m%d%H%M%SZ
}

names='DNS:example.test,DNS:*.example.test,DNS:postfix.test,DNS:*.postfix.test,DNS:localhost'
cat >"$work/openssl.cnf" <<END
[req]
distinguished_name = dn
prompt = no
[dn]
[ca]
default_ca = db
[db]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[between]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = $names
[stranger]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = DNS:wrong.invalid
END
: >"$work/index"

log=$work/log
fail() {
	echo "make-certs.sh: openssl failed:" >&2
	cat "$log" >&2
	exit 1
}

# key NAME [rsa] - without "rsa" on P-256, which takes a millisecond.
key() {
	if [ "${2-}" = rsa ]; then
		openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
			-out "$work/$1.key" 2>"$log" || fail
	else
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
			-out "$work/$1.key" 2>"$log" || fail
	fi
}

# sign NAME COMMON-NAME SECTION FROM UNTIL ISSUER - FROM and UNTIL in seconds from now; a
# certificate that is its own ISSUER is self-signed.
sign() {
	openssl req -new -config "$work/openssl.cnf" -subj "/O=mxprobe tests/CN=$2" \
		-key "$work/$1.key" -out "$work/$1.csr" 2>"$log" || fail
	if [ "$1" = "$6" ]; then
		set -- "$@" -selfsign
	else
		set -- "$@" -cert "$work/$6.crt"
	fi
	name=$1 section=$3 from=$(when "$4") until=$(when "$5") issuer=$6
	shift 6
	openssl ca -batch -notext -config "$work/openssl.cnf" -extensions "$section" \
		-startdate "$from" -enddate "$until" -keyfile "$work/$issuer.key" "$@" \
		-in "$work/$name.csr" -out "$work/$name.crt" >"$log" 2>&1 || fail
}

# leaf NAME COMMON-NAME SECTION FROM UNTIL - below the intermediate; the file is what a server
# sends: its own certificate first, then the intermediate, never the root.
leaf() {
	sign "$1" "$2" "$3" "$4" "$5" intermediate
	cat "$work/$1.crt" "$work/intermediate.crt" >"$work/$1.pem"
}

for name in ca intermediate stranger-ca good expired not-yet-valid wrong-name self-signed \
	other-ca; do
	key $name
done
key good-rsa rsa

before=-$day
after=$((10 * year))
# The issuers hold from long before the expired leaf to after the late one, so that the leaf's
# own dates are the only thing wrong with it.
sign ca 'mxprobe test root' root -$((3 * year)) $((20 * year)) ca
sign intermediate 'mxprobe test intermediate' between -$((3 * year)) $((20 * year)) ca
sign stranger-ca 'a root that nobody trusts' root $before $after stranger-ca

leaf good example.test leaf $before $after
leaf good-rsa example.test leaf $before $after
leaf expired example.test leaf -$((2 * year)) -$((30 * day))
leaf not-yet-valid example.test leaf $((11 * year)) $((12 * year))
leaf wrong-name wrong.invalid stranger $before $after
sign self-signed example.test leaf $before $after self-signed
sign other-ca example.test leaf $before $after stranger-ca
for name in ca intermediate self-signed other-ca; do
	cp "$work/$name.crt" "$work/$name.pem"
done

find "$work" -type f ! -name '*.pem' ! -name '*.key' -delete
rm -f "$work"/stranger-ca.* "$work"/[0-9A-F][0-9A-F]*.pem
echo "$recipe" >"$work/stamp"
chmod 755 "$work"

# A directory can't be renamed over a full one, so the old one steps aside first. Whoever loses
# a race against another run finds a fresh PKI and is content.
if [ -e "$out" ]; then
	mv -T "$out" "$work.old" 2>/dev/null || :
	rm -rf "$work.old"
fi
mv -T "$work" "$out" 2>/dev/null || is_fresh || {
	echo "make-certs.sh: $out can't be replaced" >&2
	exit 1
}
