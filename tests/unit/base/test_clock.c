/* test_clock.c - time that stands until it is moved. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/base/clock.h"

TestSuite(clock, .timeout = 5);

Test(clock, frozen_time_stands_still)
{
	mx_clock_freeze(1000);
	cr_assert_eq(mx_clock_wall_us(), 1000);
	cr_assert_eq(mx_clock_mono_us(), INT64_C(3600000000));
	cr_assert_eq(mx_clock_mono_us(), INT64_C(3600000000));
}

Test(clock, advancing_moves_both_clocks_alike)
{
	mx_clock_freeze(1000);
	mx_clock_advance(INT64_C(72) * 3600 * 1000000);
	cr_assert_eq(mx_clock_wall_us(), 1000 + INT64_C(72) * 3600 * 1000000);
	cr_assert_eq(mx_clock_mono_us(), INT64_C(73) * 3600 * 1000000);
}

Test(clock, real_monotonic_clock_never_steps_back)
{
	int64_t before = mx_clock_mono_us(), now;

	for (int i = 0; i < 1000; i++, before = now) {
		now = mx_clock_mono_us();
		cr_assert_geq(now, before);
	}
}

Test(clock, real_wall_clock_is_of_this_century)
{
	cr_assert_gt(mx_clock_wall_us(), INT64_C(1700000000) * 1000000);
	cr_assert_lt(mx_clock_wall_us(), INT64_C(4102444800) * 1000000);
}

/* A build with --enable-test-clock shares its time through the file; any other must not even
 * look at it, or the politeness ledger could be talked out of its intervals. */
Test(clock, only_a_test_clock_build_can_be_told_the_time)
{
	char path[] = "/tmp/mxprobe-test-clock-XXXXXX";
	int fd = mkstemp(path), status;
	int64_t before, hour = INT64_C(3600) * 1000000;
	struct stat facts;

	cr_assert_geq(fd, 0);
	setenv("MXPROBE_TEST_CLOCK", path, 1);
	before = mx_clock_mono_us();
	/* Another process moves it. */
	if (fork() == 0) {
		mx_clock_advance(hour);
		mx_clock_note_wait();
		_exit(0);
	}
	cr_assert_geq(wait(&status), 0);
	cr_assert_eq(mx_clock_is_shared(), mx_clock_is_movable());
	cr_assert_eq(mx_clock_mono_us() - before >= hour, mx_clock_is_movable());
	cr_assert_eq(mx_clock_waits(), mx_clock_is_movable() ? 1 : 0);
	cr_assert_eq(fstat(fd, &facts), 0);
	cr_assert_eq(facts.st_size > 0, mx_clock_is_movable());
	close(fd);
	unlink(path);
}

Test(clock, format_is_rfc_3339_with_milliseconds)
{
	static const struct {
		int64_t us;
		const char *text;
	} table[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 999, "1970-01-01T00:00:00.000Z" },
		{ 1000, "1970-01-01T00:00:00.001Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ -1000, "1969-12-31T23:59:59.999Z" },
		{ -1000000, "1969-12-31T23:59:59.000Z" },
		{ INT64_C(1795294800123999), "2026-11-21T21:00:00.123Z" },
		{ INT64_C(951782400000000), "2000-02-29T00:00:00.000Z" },
		{ INT64_C(253402300799999999), "9999-12-31T23:59:59.999Z" },
	};
	char text[MX_CLOCK_TEXT];

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		cr_assert_str_eq(mx_clock_format(table[i].us, text), table[i].text);
}

Test(clock, any_number_formats_within_its_room)
{
	char text[MX_CLOCK_TEXT];

	mx_clock_format(INT64_MAX, text);
	mx_clock_format(INT64_MIN, text);
}
