/*
 * spf-ask.c - SPF checks through mxprobe's resolver, for tests with real name servers.
 * usage: spf-ask ADDRESS@PORT [SECONDS]
 * Each line of stdin is one check: CLIENT, HELO, MAIL-FROM and optionally the domain, with tabs
 * between. Each line of stdout answers one: result, explanation ("-" without), why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/escape.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/identity/spf/spf.h"

#define FIELDS 4

static void
tell(void *arg, struct mx_spf_answer *answer)
{
	char *why = mx_escape_terminal(answer->why, strlen(answer->why));

	printf("%s\t%s\t%s\n", mx_spf_result_name(answer->result),
	    answer->explanation != NULL ? answer->explanation : "-", why);
	fflush(stdout);
	free(why);
	mx_loop_stop(arg);
}

/* Cuts the line at its tabs. Missing fields are NULL. */
static void
cut(char *line, char *fields[FIELDS])
{
	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = strsep(&line, "\t");
}

static int
check(struct mx_loop *loop, struct mx_resolver *resolver, char *line, int64_t timeout_us)
{
	struct mx_spf_params params = { .timeout_us = timeout_us,
		.receiver = "receiver.example" };
	char *fields[FIELDS];
	struct mx_addr client;

	cut(line, fields);
	if (!mx_addr_parse(fields[0], &client) || fields[2] == NULL) {
		fprintf(stderr, "spf-ask: no check: %s\n", fields[0]);
		return 64;
	}
	params.client = &client;
	params.helo = fields[1];
	params.mail_from = fields[2];
	params.domain = fields[3];
	(void)mx_spf_find(resolver, &params, tell, loop);
	mx_loop_run(loop);
	return 0;
}

/* A resolver for each check, so that no answer of the last world is left in its cache. */
static int
check_alone(const struct mx_addr *server, char *line, int64_t timeout_us)
{
	struct mx_resolver_params params = { .servers = server, .server_count = 1 };
	struct mx_error err = { 0 };
	struct mx_loop *loop = mx_loop_new(&err);
	struct mx_resolver *resolver =
	    loop != NULL ? mx_resolver_new(loop, &params, &err) : NULL;
	int status = 64;

	if (resolver != NULL)
		status = check(loop, resolver, line, timeout_us);
	else
		fprintf(stderr, "spf-ask: %s\n", err.text);
	mx_resolver_free(resolver);
	mx_loop_free(loop);
	return status;
}

int
main(int argc, char **argv)
{
	struct mx_addr server;
	int64_t seconds = argc == 3 ? strtol(argv[2], NULL, 10) : 20;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int status = 0;

	mx_log_set_level(MX_LOG_WARNING);
	if (argc < 2 || argc > 3 || seconds <= 0 ||
	    !mx_addr_parse_port(argv[1], 53, &server)) {
		fputs("usage: spf-ask ADDRESS@PORT [SECONDS] <CHECKS\n", stderr);
		return 64;
	}
	while (status == 0 && (len = getline(&line, &room, stdin)) > 0) {
		line[line[len - 1] == '\n' ? len - 1 : len] = '\0';
		status = check_alone(&server, line, seconds * INT64_C(1000000));
	}
	free(line);
	return status;
}
