/* test_agenda.c - whatever is put, moved and removed, the first is the earliest. */
#include "probe/watch/agenda.h"

#include <criterion/criterion.h>
#include <stdlib.h>

TestSuite(agenda, .timeout = 30);

#define ENTRIES 200

static int64_t
earliest(const struct mx_agenda_entry *entries)
{
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < ENTRIES; i++)
		if (entries[i].place != 0 && entries[i].due_us < least)
			least = entries[i].due_us;
	return least;
}

Test(agenda, the_first_is_the_earliest_after_every_change)
{
	static struct mx_agenda_entry entries[ENTRIES];
	struct mx_agenda agenda = { 0 };
	unsigned bits = 1;

	for (unsigned i = 0; i < 20000; i++) {
		struct mx_agenda_entry *entry;

		bits = bits * 1103515245U + 12345U;
		entry = &entries[(bits >> 8) % ENTRIES];
		if ((bits >> 4) % 3 == 0)
			mx_agenda_remove(&agenda, entry);
		else
			mx_agenda_put(&agenda, entry, (bits >> 16) % 1000);
		if (agenda.count == 0)
			cr_assert_null(mx_agenda_first(&agenda));
		else
			cr_assert_eq(mx_agenda_first(&agenda)->due_us, earliest(entries));
	}
	mx_agenda_clear(&agenda);
	for (size_t i = 0; i < ENTRIES; i++)
		cr_expect_eq(entries[i].place, 0);
}

Test(agenda, comes_out_sorted)
{
	static struct mx_agenda_entry entries[ENTRIES];
	struct mx_agenda agenda = { 0 };
	struct mx_agenda_entry *first;
	int64_t before = -1;

	for (size_t i = 0; i < ENTRIES; i++)
		mx_agenda_put(&agenda, &entries[i], (int64_t)(i * 7919 % ENTRIES));
	while ((first = mx_agenda_first(&agenda)) != NULL) {
		cr_assert_gt(first->due_us, before);
		before = first->due_us;
		mx_agenda_remove(&agenda, first);
	}
	cr_expect_eq(before, ENTRIES - 1);
	mx_agenda_clear(&agenda);
}
