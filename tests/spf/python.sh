# python.sh - the Python that the tests of SPF run on, as $python; else they are skipped, and say so.
# usage: . python.sh
for python in python3 /usr/bin/python3 none; do
	[ "$python" != none ] || {
		echo "1..0 # SKIP no Python with spf and yaml (Debian: python3-spf, python3-yaml): SPF IS NOT COMPARED"
		exit 0
	}
	"$python" -c 'import spf, yaml' 2>/dev/null && break
done
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
