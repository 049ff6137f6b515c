#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "probe/plan/never.h"

TestSuite(never, .timeout = 20);

/** The structs under test own their names. */
struct names {
	char host[2][64], canonical[64], provider[64];
};

/* NULL stays NULL. */
static char *
put(char out[64], const char *text)
{
	if (text == NULL)
		return NULL;
	snprintf(out, 64, "%s", text);
	return out;
}

Test(never, an_entry_covers_names_hosts_and_providers)
{
	static const struct {
		const char *entry, *destination, *host, *canonical, *provider;
		bool covered;
	} cases[] = {
		{ "example.net", "example.net", NULL, NULL, NULL, true },
		{ "example.net", "EXAMPLE.net", NULL, NULL, NULL, true },
		{ "example.net", "sub.example.net", NULL, NULL, NULL, true },
		{ "example.net", "notexample.net", NULL, NULL, NULL, false },
		{ "sub.example.net", "example.net", NULL, NULL, NULL, false },
		{ "example.net", "a.test", "mx1.example.net", NULL, NULL, true },
		{ ".example.net", "a.test", "mx1.example.net", NULL, NULL, true },
		{ "example.net", "a.test", "mx.a.test", "mx1.example.net", NULL, true },
		{ "example.net", "a.test", "mx.a.test", NULL, NULL, false },
		{ "google", "a.test", "mx.a.test", NULL, "google", true },
		{ "google", "a.test", "mx.a.test", NULL, "google_apps", false },
		{ "google", "google", NULL, NULL, NULL, true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *entries[] = { "other.test", cases[i].entry };
		struct mx_never never = { entries, 2 };
		struct names names;
		struct mx_route_host host = {
			.name = put(names.host[0], cases[i].host),
			.canonical = put(names.canonical, cases[i].canonical),
		};
		struct mx_route route = { .hosts = &host,
			.host_count = cases[i].host != NULL };
		struct mx_provider provider = {
			.id = put(names.provider, cases[i].provider),
		};
		const char *entry = mx_never_entry(&never, cases[i].destination,
		    cases[i].provider != NULL ? &provider : NULL, &route);

		cr_expect_eq(entry, cases[i].covered ? entries[1] : NULL, "%zu: %s", i,
		    cases[i].entry);
	}
}

Test(never, the_second_exchanger_counts_as_well)
{
	const char *entries[] = { "b.test" };
	struct mx_never never = { entries, 1 }, nobody = { NULL, 0 };
	struct names names;
	struct mx_route_host hosts[] = { { .name = put(names.host[0], "mx.a.test") },
		{ .name = put(names.host[1], "mx.b.test") } };
	struct mx_route route = { .hosts = hosts, .host_count = 2 };

	cr_expect_str_eq(mx_never_entry(&never, "c.test", NULL, &route), "b.test");
	cr_expect_null(mx_never_entry(&never, "c.test", NULL, NULL));
	cr_expect_null(mx_never_entry(&nobody, "c.test", NULL, &route));
}
