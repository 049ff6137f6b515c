/* names.c - whoever holds the client's reverse zone chooses its names; only those that lead back
 * count, and no more than ten are followed. */
#include "probe/identity/spf/run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

static int
by_name(const void *a, const void *b)
{
	const struct mx_dns_record *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return strcasecmp(x->name, y->name);
}

struct mx_dns_record *
mx_spf_sorted_names(const struct mx_dns_answer *answer)
{
	struct mx_dns_record *sorted = mx_calloc(answer->count + 1, sizeof *sorted);

	if (answer->count > 0)
		memcpy(sorted, answer->records, answer->count * sizeof *sorted);
	qsort(sorted, answer->count, sizeof *sorted, by_name);
	return sorted;
}

bool
mx_spf_know_addresses(
    struct mx_spf_run *run, const struct mx_dns_record *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].name[0] != '\0' && mx_spf_memo_find(run->memo, names[i].name,
						    mx_spf_address_type(run)) == NULL)
			mx_spf_need(run, names[i].name, mx_spf_address_type(run));
	return !run->stopped;
}

static bool
leads_back(const struct mx_spf_run *run, const struct mx_dns_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		if (mx_addr_equal(&answer->records[i].addr, &run->query->client))
			return true;
	return false;
}

bool
mx_spf_validate_names(
    struct mx_spf_run *run, const char *names[MX_SPF_HOSTS_MAX], size_t *count)
{
	char reverse[MX_ADDR_TEXT];
	const struct mx_dns_answer *ptr, *back;
	struct mx_dns_record *sorted;
	size_t most;

	*count = 0;
	ptr = mx_spf_recall(
	    run, mx_addr_reverse_name(&run->query->client, reverse), MX_DNS_PTR);
	if (ptr == NULL ||
	    (mx_spf_is_void(ptr) && !mx_spf_count_void(run, reverse, MX_DNS_PTR)))
		return false;
	sorted = mx_spf_sorted_names(ptr);
	most = ptr->count < MX_SPF_HOSTS_MAX ? ptr->count : MX_SPF_HOSTS_MAX;
	(void)mx_spf_know_addresses(run, sorted, most);
	for (size_t i = 0; i < most && !run->stopped; i++) {
		back = sorted[i].name[0] != '\0'
			   ? mx_spf_recall(run, sorted[i].name, mx_spf_address_type(run))
			   : NULL;
		if (back == NULL)
			continue;
		if (mx_spf_is_void(back) &&
		    !mx_spf_count_void(run, sorted[i].name, mx_spf_address_type(run)))
			break;
		if (leads_back(run, back))
			names[(*count)++] = sorted[i].name;
	}
	free(sorted);
	return !run->stopped;
}

/* The domain itself, else a name below it, else any. */
const char *
mx_spf_validated_name(struct mx_spf_run *run, const char *domain)
{
	const char *names[MX_SPF_HOSTS_MAX], *best;
	size_t count;

	if (!mx_spf_validate_names(run, names, &count))
		return NULL;
	best = count > 0 ? names[0] : "unknown";
	for (size_t i = count; i-- > 0;)
		if (mx_name_under(names[i], domain))
			best = names[i];
	for (size_t i = 0; i < count; i++)
		if (mx_name_equal(names[i], domain))
			best = names[i];
	return best;
}
