/*
 * ask.c - one question through mxprobe's resolver, for tests with real name servers.
 * usage: ask ADDRESS@PORT anchor|root|none FILE NAME TYPE
 * FILE is taken as --trust-anchor (anchor), as the installed root anchor (root), or left alone.
 * Prints "STATUS DNSSEC RECORDS" and, on a second line, why an answer is bogus.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/log.h"
#include "probe/dns/resolver.h"

static const char *const statuses[MX_DNS_STATUS_COUNT] = { "ok", "nodata", "nxdomain",
	"servfail", "bogus", "timeout", "malformed" };
static const char *const dnssecs[] = { "unknown", "insecure", "secure" };

static const struct {
	const char *name;
	enum mx_dns_type type;
} types[] = { { "A", MX_DNS_A }, { "MX", MX_DNS_MX }, { "TXT", MX_DNS_TXT },
	{ "NS", MX_DNS_NS }, { "PTR", MX_DNS_PTR }, { "AAAA", MX_DNS_AAAA },
	{ "TLSA", MX_DNS_TLSA }, { "DNSKEY", MX_DNS_DNSKEY } };

static void
tell(void *arg, const struct mx_dns_answer *answer)
{
	printf("%s %s %zu\n", statuses[answer->status], dnssecs[answer->dnssec],
	    answer->count);
	if (answer->why != NULL)
		printf("%s\n", answer->why);
	mx_loop_stop(arg);
}

static int
ask(const struct mx_resolver_params *params, const char *name, enum mx_dns_type type)
{
	struct mx_error err = { 0 };
	struct mx_loop *loop = mx_loop_new(&err);
	struct mx_resolver *resolver =
	    loop != NULL ? mx_resolver_new(loop, params, &err) : NULL;

	if (resolver == NULL) {
		fprintf(stderr, "ask: %s\n", err.text);
		mx_loop_free(loop);
		return mx_err_exit_status(err.code);
	}
	(void)mx_resolver_ask(resolver, name, type, INT64_C(10000000), tell, loop);
	mx_loop_run(loop);
	mx_resolver_free(resolver);
	mx_loop_free(loop);
	return 0;
}

int
main(int argc, char **argv)
{
	struct mx_addr server;
	struct mx_resolver_params params = { .servers = &server, .server_count = 1 };

	mx_log_set_level(MX_LOG_INFO);
	if (argc != 6 || !mx_addr_parse_port(argv[1], 53, &server)) {
		fputs(
		    "usage: ask ADDRESS@PORT anchor|root|none FILE NAME TYPE\n", stderr);
		return 64;
	}
	if (strcmp(argv[2], "anchor") == 0)
		params.trust_anchor = argv[3];
	if (strcmp(argv[2], "root") == 0)
		params.root_anchor = argv[3];
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(argv[5], types[i].name) == 0)
			return ask(&params, argv[4], types[i].type);
	fputs("ask: unknown type\n", stderr);
	return 64;
}
