/* ptr.c - is there a name, does it lead back, does it look like a mail server's? */
#include "probe/identity/ptr.h"

#include <stdlib.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"
#include "probe/identity/generic.h"

#define FOUND_MAX 4096
#define NAMES_GOOD 3 /* more PTR records than this help nobody */

static void
add(struct mx_checks *checks, const char *check, enum mx_check_result result, char *found,
    char *advice)
{
	mx_checks_add(checks, result, mx_strdup(check), found, advice);
}

static const char *
type_of(const struct mx_addr *source)
{
	return source->family == AF_INET ? "A" : "AAAA";
}

static char *
list_names(const struct mx_fcrdns *fcrdns)
{
	struct mx_buf text;

	mx_buf_init(&text, FOUND_MAX);
	for (size_t i = 0; i < fcrdns->name_count; i++)
		(void)mx_buf_addf(
		    &text, "%s%s", i > 0 ? ", " : "", fcrdns->names[i].name);
	if (fcrdns->ptr_count > fcrdns->name_count)
		(void)mx_buf_addf(&text, " (of %zu records)", fcrdns->ptr_count);
	return mx_buf_take(&text);
}

static void
judge_ptr(const struct mx_addr *source, const struct mx_fcrdns *fcrdns,
    struct mx_checks *checks)
{
	char text[MX_ADDR_TEXT], reverse[MX_ADDR_TEXT];

	mx_addr_reverse_name(source, reverse);
	if (fcrdns->name_count == 0 && fcrdns->result == MX_FCRDNS_UNKNOWN)
		add(checks, "ptr", MX_CHECK_UNKNOWN,
		    mx_asprintf("%s: %s", reverse, mx_dns_status_text(fcrdns->status)),
		    NULL);
	else if (fcrdns->name_count == 0)
		add(checks, "ptr", MX_CHECK_FAIL,
		    mx_asprintf("no PTR record at %s", reverse),
		    mx_asprintf(
			"have whoever gave you %s publish %s PTR with the name of "
			"your mail server",
			mx_addr_text(source, text), reverse));
	else if (fcrdns->ptr_count > NAMES_GOOD)
		add(checks, "ptr", MX_CHECK_WARN, list_names(fcrdns),
		    mx_asprintf(
			"%zu PTR records are more than receivers follow: keep one "
			"at %s, the name of your mail server",
			fcrdns->ptr_count, reverse));
	else
		add(checks, "ptr", MX_CHECK_PASS, list_names(fcrdns), NULL);
}

/* "mail.example.jp leads back, old.example.jp leads elsewhere". */
static char *
list_forwards(const struct mx_fcrdns *fcrdns)
{
	static const char *const words[] = {
		[MX_FORWARD_BACK] = "leads back",
		[MX_FORWARD_ELSEWHERE] = "leads elsewhere",
		[MX_FORWARD_NOWHERE] = "has no address",
		[MX_FORWARD_UNKNOWN] = "could not be looked up",
	};
	struct mx_buf text;

	mx_buf_init(&text, FOUND_MAX);
	for (size_t i = 0; i < fcrdns->name_count; i++)
		(void)mx_buf_addf(&text, "%s%s %s", i > 0 ? ", " : "",
		    fcrdns->names[i].name, words[fcrdns->names[i].forward]);
	return mx_buf_take(&text);
}

/* With several names, receivers that look at one of them may meet the wrong one. */
static const struct mx_fcrdns_name *
find_astray(const struct mx_fcrdns *fcrdns)
{
	for (size_t i = 0; i < fcrdns->name_count; i++)
		if (fcrdns->names[i].forward == MX_FORWARD_ELSEWHERE ||
		    fcrdns->names[i].forward == MX_FORWARD_NOWHERE)
			return &fcrdns->names[i];
	return NULL;
}

static void
judge_forward(const struct mx_addr *source, const struct mx_fcrdns *fcrdns,
    struct mx_checks *checks)
{
	const struct mx_fcrdns_name *astray = find_astray(fcrdns);
	char text[MX_ADDR_TEXT];

	mx_addr_text(source, text);
	switch (fcrdns->result) {
	case MX_FCRDNS_PASS:
		add(checks, "fcrdns", astray == NULL ? MX_CHECK_PASS : MX_CHECK_WARN,
		    list_forwards(fcrdns),
		    astray == NULL ? NULL
				   : mx_asprintf("publish %s %s %s, or drop that PTR "
						 "record",
					 astray->name, type_of(source), text));
		return;
	case MX_FCRDNS_MISMATCH:
		add(checks, "fcrdns", MX_CHECK_FAIL, list_forwards(fcrdns),
		    mx_asprintf(
			"publish %s %s %s, or point the PTR record at a name that "
			"leads back",
			fcrdns->name, type_of(source), text));
		return;
	case MX_FCRDNS_NO_PTR:
		add(checks, "fcrdns", MX_CHECK_FAIL, mx_strdup("no PTR name to follow"),
		    mx_strdup("publish the PTR record, and the same name with this "
			      "address"));
		return;
	case MX_FCRDNS_UNKNOWN:
		add(checks, "fcrdns", MX_CHECK_UNKNOWN,
		    fcrdns->name_count > 0 ? list_forwards(fcrdns)
					   : mx_strdup("the PTR record is not known"),
		    NULL);
		return;
	}
}

/* The first name that looks like a pool's; those that do not lead back count as well, since
 * receivers that match patterns do not look. */
static void
judge_generic(const struct mx_addr *source, const struct mx_fcrdns *fcrdns,
    struct mx_checks *checks)
{
	for (size_t i = 0; i < fcrdns->name_count; i++) {
		const char *name = fcrdns->names[i].name;
		char *sign = mx_generic_sign(name, source);

		if (sign == NULL)
			continue;
		add(checks, "ptr_generic", MX_CHECK_WARN,
		    mx_asprintf("%s %s", name, sign),
		    mx_strdup("receivers take such a name for a dial-up pool: give the "
			      "address a PTR name of your own, such as mail.example.jp"));
		free(sign);
		return;
	}
	if (fcrdns->name_count > 0)
		add(checks, "ptr_generic", MX_CHECK_PASS, list_names(fcrdns), NULL);
}

void
mx_ptr_judge(const struct mx_addr *source, const struct mx_fcrdns *fcrdns,
    struct mx_checks *checks)
{
	judge_ptr(source, fcrdns, checks);
	judge_forward(source, fcrdns, checks);
	judge_generic(source, fcrdns, checks);
}
