/* test_hasher.c - passwords are checked beside the loop, and only so many at once. */
#include <criterion/criterion.h>
#include <crypt.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/web/hasher.h"

TestSuite(hasher, .timeout = 60);

static struct mx_loop *loop;
static struct mx_hasher *hasher;
static unsigned rights, wrongs, wanted;

static void
open_all(void)
{
	struct mx_error err = { 0 };

	loop = mx_loop_new(&err);
	hasher = mx_hasher_new(loop, &err);
	cr_assert_not_null(hasher);
}

static void
close_all(void)
{
	mx_hasher_free(hasher);
	mx_loop_free(loop);
}

static void
on_checked(void *arg, bool is_right)
{
	(void)arg;
	if (is_right)
		rights++;
	else
		wrongs++;
	if (rights + wrongs == wanted)
		mx_loop_stop(loop);
}

/* The cheapest there is. */
static char *
hash_of(const char *password)
{
	struct crypt_data *data = mx_calloc(1, sizeof *data);
	char *hash = mx_strdup(crypt_r(password, "$2b$04$abcdefghijklmnopqrstuu", data));

	free(data);
	cr_assert_eq(*hash, '$');
	return hash;
}

Test(hasher, tells_right_from_wrong)
{
	char *hash;

	open_all();
	hash = hash_of("geheim");
	wanted = 4;
	cr_expect(mx_hasher_ask(hasher, "geheim", hash, on_checked, NULL));
	cr_expect(mx_hasher_ask(hasher, "Geheim", hash, on_checked, NULL));
	cr_expect(mx_hasher_ask(hasher, "", hash, on_checked, NULL));
	cr_expect(mx_hasher_ask(hasher, "geheim", "*", on_checked, NULL));
	mx_loop_run(loop);
	cr_expect_eq(rights, 1);
	cr_expect_eq(wrongs, 3);
	free(hash);
	close_all();
}

Test(hasher, takes_no_more_than_it_can_chew)
{
	unsigned taken = 0;
	char *hash;

	open_all();
	hash = hash_of("geheim");
	for (unsigned i = 0; i < 1000; i++)
		taken += mx_hasher_ask(hasher, "x", hash, on_checked, NULL);
	cr_expect_lt(taken, 1000);
	cr_expect_gt(taken, 30);
	/* Some are answered, the others are dropped with it: nothing comes later, nothing leaks. */
	free(hash);
	close_all();
}

Test(hasher, compares_whole_texts)
{
	cr_expect(mx_hasher_equal("", ""));
	cr_expect(mx_hasher_equal("abc", "abc"));
	cr_expect_not(mx_hasher_equal("abc", "abd"));
	cr_expect_not(mx_hasher_equal("abc", "ab"));
	cr_expect_not(mx_hasher_equal("abc", "abcd"));
}

Test(hasher, knows_what_crypt_knows)
{
	cr_expect(mx_hasher_knows("$2b$10$abcdefghijklmnopqrstuu"));
	cr_expect(mx_hasher_knows("$6$salt$x"));
	cr_expect(mx_hasher_knows("$y$j9T$abcdefghijkl$x"));
	cr_expect_not(mx_hasher_knows("$apr1$salt$x"));
	cr_expect_not(mx_hasher_knows("geheim"));
	cr_expect_not(mx_hasher_knows("{SHA}x"));
	cr_expect_not(mx_hasher_knows(""));
}
