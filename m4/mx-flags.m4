# The switches of configure. Each flag is tried first, so that a compiler which lacks one still
# builds. What they come to: MX_CFLAGS and MX_LDFLAGS (everything), MX_CONVERSION (not the tests).

# MX_TRY_CFLAG(VARIABLE, FLAG): append the flag where the compiler and the linker take it.
AC_DEFUN([MX_TRY_CFLAG], [
  AC_MSG_CHECKING([whether $CC takes $2])
  mx_saved=$CFLAGS; CFLAGS="$CFLAGS -Werror $2"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
  CFLAGS=$mx_saved
])

AC_DEFUN([MX_WARNINGS], [
  MX_CFLAGS="-std=c17"
  MX_CONVERSION=
  MX_LDFLAGS=
  m4_foreach_w([flag], [-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2
    -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference -Wlogical-op -Wduplicated-cond
    -Wduplicated-branches -Wjump-misses-init], [MX_TRY_CFLAG([MX_CFLAGS], flag)])
  MX_TRY_CFLAG([MX_CONVERSION], [-Wconversion])
  AC_SUBST([MX_CFLAGS])
  AC_SUBST([MX_CONVERSION])
  AC_SUBST([MX_LDFLAGS])

  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [warnings are errors (CI)])],
    [], [enable_werror=no])
  AS_IF([test "$enable_werror" = yes], [MX_CFLAGS="$MX_CFLAGS -Werror"])
])

# Sanitizers and libFuzzer, which makes little sense without them.
AC_DEFUN([MX_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@], [default LIST: address,undefined])],
    [], [enable_sanitizers=no])
  AC_ARG_ENABLE([fuzzer],
    [AS_HELP_STRING([--enable-fuzzer], [build libFuzzer targets (clang; implies sanitizers)])],
    [], [enable_fuzzer=no])
  AS_IF([test "$enable_sanitizers/$enable_fuzzer" = no/yes], [enable_sanitizers=yes])
  AS_IF([test "$enable_sanitizers" = yes], [enable_sanitizers=address,undefined])
  AS_IF([test "$enable_sanitizers" != no], [
    MX_CFLAGS="$MX_CFLAGS -fsanitize=$enable_sanitizers -fno-sanitize-recover=all"
    MX_CFLAGS="$MX_CFLAGS -fno-omit-frame-pointer"
    MX_LDFLAGS="$MX_LDFLAGS -fsanitize=$enable_sanitizers"])

  FUZZ_ENGINE=
  AS_IF([test "$enable_fuzzer" = yes], [
    mx_before=$MX_CFLAGS
    MX_TRY_CFLAG([MX_CFLAGS], [-fsanitize=fuzzer-no-link])
    AS_IF([test "$MX_CFLAGS" = "$mx_before"],
      [AC_MSG_ERROR([--enable-fuzzer needs libFuzzer: configure with CC=clang])])
    FUZZ_ENGINE="-fsanitize=fuzzer"])
  AC_SUBST([FUZZ_ENGINE])
  AM_CONDITIONAL([FUZZER], [test "$enable_fuzzer" = yes])
])

# The user's CFLAGS stand behind ours, so optimisation is theirs to turn off.
AC_DEFUN([MX_COVERAGE], [
  AC_ARG_ENABLE([coverage],
    [AS_HELP_STRING([--enable-coverage], [count lines (gcov); exact with CFLAGS="-O0 -g"])],
    [], [enable_coverage=no])
  AS_IF([test "$enable_coverage" = yes], [
    MX_CFLAGS="$MX_CFLAGS --coverage"; MX_LDFLAGS="$MX_LDFLAGS --coverage"])
])

# On unless switched off, or in the way of sanitizers and gcov.
AC_DEFUN([MX_HARDENING], [
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [no _FORTIFY_SOURCE, stack protector, PIE, RELRO])],
    [], [enable_hardening=yes])
  AS_IF([test "$enable_sanitizers" != no], [enable_hardening="no (sanitizers)"],
    [test "$enable_coverage" = yes], [enable_hardening="no (coverage)"])
  AS_IF([test "$enable_hardening" = yes], [
    AS_CASE([" $CPPFLAGS $CFLAGS "], [*_FORTIFY_SOURCE*], [],
      [MX_CFLAGS="$MX_CFLAGS -U_FORTIFY_SOURCE"; MX_TRY_CFLAG([MX_CFLAGS], [-D_FORTIFY_SOURCE=3])])
    m4_foreach_w([flag], [-fstack-protector-strong -fstack-clash-protection
      -fcf-protection=full -ftrivial-auto-var-init=zero -fPIE], [MX_TRY_CFLAG([MX_CFLAGS], flag)])
    m4_foreach_w([flag], [-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack],
      [MX_TRY_CFLAG([MX_LDFLAGS], m4_defn([flag]))])])
])

# Matches all rules in one pass; without it every pattern is tried, with the same answers. The
# library is C++ inside, but linked shared it brings that along.
AC_DEFUN([MX_VECTORSCAN], [
  AC_ARG_WITH([vectorscan],
    [AS_HELP_STRING([--with-vectorscan], [match replies with vectorscan (or Hyperscan): yes, no, auto])],
    [], [with_vectorscan=auto])
  AS_IF([test "$with_vectorscan" != no], [
    PKG_CHECK_MODULES([HS], [libhs >= 5.2], [with_vectorscan=yes], [
      AS_IF([test "$with_vectorscan" = yes], [AC_MSG_ERROR([--with-vectorscan: $HS_PKG_ERRORS])])
      with_vectorscan="no (libhs is missing)"])])
  AS_IF([test "$with_vectorscan" = yes],
    [AC_DEFINE([HAVE_VECTORSCAN], [1], [All rules are matched in one pass.])])
])

AC_DEFUN([MX_MOVABLE_CLOCK], [
  AC_ARG_ENABLE([test-clock],
    [AS_HELP_STRING([--enable-test-clock],
      [let MXPROBE_TEST_CLOCK move time (tests only; never for real use)])],
    [], [enable_test_clock=no])
  AS_IF([test "$enable_test_clock" = yes],
    [AC_DEFINE([MX_TEST_CLOCK], [1], [The clock can be moved from outside (tests only).])])
])

AC_DEFUN([MX_SUMMARY], [
  AS_IF([test "$have_criterion" = yes], [mx_units=yes], [mx_units="no (Criterion is missing)"])
  AC_MSG_NOTICE([
  mxprobe $PACKAGE_VERSION
    prefix         $prefix
    compiler       $CC $CFLAGS
    hardening      $enable_hardening
    warnings fatal $enable_werror
    sanitizers     $enable_sanitizers
    fuzz targets   $enable_fuzzer
    coverage       $enable_coverage
    test clock     $enable_test_clock
    vectorscan     $with_vectorscan
    unit tests     $mx_units

  make, make check, make install; make help lists the rest.
])])
