#!/bin/sh
# test-tap-test.sh - does tap-test fail what Criterion lets pass?
#
# Builds tiny Criterion programs, each wrong in one way, and runs them under the wrapper.
# CC, CRITERION_CFLAGS and CRITERION_LIBS come from make; srcdir too.

wrapper=${srcdir:-.}/tests/support/tap-test
work=$(mktemp -d "${TMPDIR:-/tmp}/test-tap-test.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

count=0
failed=0
# report STATUS CLAIM
report() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		sed 's/^/# /' "$work/said"
	fi
}

# build NAME < source: with sanitizers; the variables hold several words each
build() {
	{ echo '#include <criterion/criterion.h>'; echo '#include <stdlib.h>'; cat; } >"$work/$1.c"
	# shellcheck disable=SC2086
	${CC:-cc} -g -fsanitize=address,undefined ${CRITERION_CFLAGS:-} -o "$work/$1" \
		"$work/$1.c" ${CRITERION_LIBS:--lcriterion} >"$work/said" 2>&1
}

# expect_failure NAME PATTERN CLAIM: refused, with a failing line that says why
expect_failure() {
	"$wrapper" "$work/$1" >"$work/said" 2>&1
	status=$?
	[ $status -eq 1 ] && grep -q "^not ok .*$2" "$work/said" && plan_holds
	report $? "$3"
}

plan_holds() {
	planned=$(sed -n 's/^1\.\.//p' "$work/said")
	[ "$planned" = "$(grep -cE '^(not )?ok ' "$work/said")" ]
}

if ! build good <<-'END'; then
	Test(a, passes) { free(malloc(7)); cr_assert(1); }
	Test(a, is_left_out, .disabled = 1) { cr_assert(0); }
	END
	echo "1..0 # SKIP no compiler with sanitizers and Criterion"
	exit 0
fi
"$wrapper" "$work/good" >"$work/said" 2>&1 && plan_holds &&
	grep -q '^ok - a::passes' "$work/said" && ! grep -q '^not ok' "$work/said"
report $? "a good program passes"

build leak <<-'END'
	Test(a, leaks) { volatile char *lost = malloc(77); lost = NULL; cr_assert(1); }
	END
expect_failure leak 'LeakSanitizer' "a leak fails although its test passes"

build undefined <<-'END'
	Test(a, overflows) { volatile int most = 0x7fffffff; most = most + 1; cr_assert(1); }
	END
expect_failure undefined 'runtime error: signed integer overflow' "undefined behaviour fails"

build after <<-'END'
	static void tidy(void) { cr_assert(0, "left something behind"); }
	Test(a, passes, .fini = tidy) { cr_assert(1); }
	END
expect_failure after 'assertion after the test' "a failed assertion in .fini fails"

build none <<-'END'
	Test(a, is_left_out, .disabled = 1) { cr_assert(0); }
	END
expect_failure none 'no test ran' "a program without tests fails"

build wrong <<-'END'
	Test(a, fails) { cr_assert(0); }
	Test(a, passes) { cr_assert(1); }
	END
expect_failure wrong 'a::fails' "a failed assertion fails"

cat >"$work/hang" <<-'END'
	#!/bin/sh
	exec sleep 60
	END
chmod +x "$work/hang"
MX_TEST_TIMEOUT=1
export MX_TEST_TIMEOUT
expect_failure hang 'stopped after 1 seconds' "a program that hangs is stopped"
unset MX_TEST_TIMEOUT

cat >"$work/short" <<-'END'
	#!/bin/sh
	for word; do case $word in --tap=*) file=${word#--tap=} ;; esac; done
	{ echo 1..3; echo ok - one; } >"$file"
	END
chmod +x "$work/short"
expect_failure short '1 tests reported, 3 planned' "a program that ends early fails"

cat >"$work/dies" <<-'END'
	#!/bin/sh
	for word; do case $word in --tap=*) file=${word#--tap=} ;; esac; done
	{ echo 1..1; echo ok - one; } >"$file"
	exit 3
	END
chmod +x "$work/dies"
expect_failure dies 'exit status 3' "an exit status without a failed test fails"

echo "1..$count"
[ $failed -eq 0 ]
