/*
 * desk.c - alerts without the daemon: what it does with them, and nothing else.
 * usage: desk run STORE CONFIG            tell of events until SIGTERM
 *        desk happen STORE < EVENTS       lines of SOURCE GROUP STATE REPLY: one event each
 * In REPLY, "\xNN" is a byte.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/base/ulid.h"
#include "probe/store/record.h"
#include "probe/watch/alert/alerts.h"

#define POKE_US (MX_SECOND_US / 10)

struct desk {
	struct mx_loop *loop;
	struct mx_alerts *alerts;
	struct mx_timer *poke;
};

static int
fail(const struct mx_error *err)
{
	fprintf(stderr, "desk: %s\n", err->text);
	return 1;
}

/* ---- run ---- */

static void
poke(void *arg)
{
	struct desk *desk = arg;

	mx_alerts_poke(desk->alerts);
	mx_timer_start(desk->poke, POKE_US);
}

static void
on_stopped(void *arg)
{
	mx_loop_stop(((struct desk *)arg)->loop);
}

static void
on_signal(void *arg, int signo)
{
	(void)signo;
	mx_alerts_stop(((struct desk *)arg)->alerts, on_stopped, arg);
}

static void
show(const struct mx_alerts *alerts)
{
	struct mx_alerts_counts counts[MX_ALERTS_KINDS];

	mx_alerts_counts(alerts, counts);
	for (int i = 0; i < MX_ALERTS_KINDS; i++)
		printf(
		    "%s sent %llu failed %llu refused %llu expired %llu waiting %llu\n",
		    mx_alerts_kind_name((enum mx_alerts_kind)i),
		    (unsigned long long)counts[i].sent,
		    (unsigned long long)counts[i].failed,
		    (unsigned long long)counts[i].refused,
		    (unsigned long long)counts[i].expired,
		    (unsigned long long)counts[i].waiting);
}

static int
run(struct mx_store *store, const char *file)
{
	struct mx_error err = { 0 };
	struct mx_config config;
	struct desk desk = { .loop = mx_loop_new(&err) };
	struct mx_catalogue *catalogue = mx_catalogue_load(NULL, &err);
	struct mx_resolver *resolver;

	if (err.code != MX_OK || mx_config_load(&config, file, &err) != MX_OK)
		return fail(&err);
	mx_log_set_level(MX_LOG_INFO);
	resolver = mx_resolver_new(desk.loop, &(struct mx_resolver_params){ 0 }, &err);
	if (resolver == NULL || mx_store_attach(store, desk.loop, &err) != MX_OK)
		return fail(&err);
	desk.alerts = mx_alerts_new(
	    &(struct mx_alerts_params){
		.loop = desk.loop,
		.resolver = resolver,
		.store = store,
		.catalogue = catalogue,
		.config = config.values,
		.page = "https://mxprobe.example.jp",
	    },
	    &err);
	if (desk.alerts == NULL)
		return fail(&err);
	desk.poke = mx_timer_new(desk.loop, poke, &desk);
	poke(&desk);
	mx_loop_on_signal(desk.loop, SIGTERM, on_signal, &desk);
	printf("ready\n");
	(void)fflush(stdout);
	mx_loop_run(desk.loop);
	show(desk.alerts);
	mx_timer_free(desk.poke);
	mx_alerts_free(desk.alerts);
	mx_store_detach(store);
	mx_resolver_free(resolver);
	mx_loop_free(desk.loop);
	mx_catalogue_free(catalogue);
	mx_config_clear(&config);
	return 0;
}

/* ---- happen ---- */

static void
become(const void *arg, const struct mx_store_state *before,
    const struct mx_store_result *row, struct mx_store_step *out)
{
	(void)before;
	*out = (struct mx_store_step){
		.state = arg,
		.since_us = row->time_us,
		.why = mx_strdup("told by a test"),
	};
}

static void
undo_escapes(char *text)
{
	char *to = text;

	for (char *from = text; *from != '\0'; from++) {
		unsigned byte;

		if (sscanf(from, "\\x%2x", &byte) == 1) {
			*to++ = (char)byte;
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static bool
happen_once(struct mx_store *store, char *line)
{
	char source[64], group[64], state[32], id[MX_ULID_TEXT];
	struct mx_error err = { 0 };
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%63s %63s %31s %n", source, group, state, &at) < 3)
		return false;
	undo_escapes(line + at);
	mx_store_record(store,
	    &(struct mx_store_record){
		.row =
		    &(struct mx_store_result){
			.id = mx_ulid_new(id),
			.time_us = mx_clock_wall_us(),
			.source = source,
			.group = group,
			.provider = group,
			.destination = "outlook.com",
			.mx_host = "mx1.example.net",
			.address = "192.0.2.7",
			.verdict = strcmp(state, "clear") == 0 ? "accepted" : "blocked",
			.stage = "mail",
			.code = strcmp(state, "clear") == 0 ? 250 : 550,
			.enhanced = "5.7.1",
			.text = line + at,
			.category = "blocklist_own",
			.list = "Outlook.com block list",
			.provider_code = "S3140",
			.delist_url = "https://delist.example/",
		    },
		.fold = become,
		.fold_arg = state,
	    });
	return mx_store_wait(store, &err) == MX_OK;
}

static int
happen(struct mx_store *store)
{
	char line[8192];
	int status = 0;

	while (fgets(line, sizeof line, stdin) != NULL)
		if (!happen_once(store, line))
			status = 1;
	return status;
}

int
main(int argc, char **argv)
{
	struct mx_error err = { 0 };
	struct mx_store *store;
	int status;

	if (argc < 3)
		return 64;
	store = mx_store_open(argv[2], MX_STORE_WRITE, &err);
	if (store == NULL)
		return fail(&err);
	status = strcmp(argv[1], "run") == 0 && argc == 4 ? run(store, argv[3])
							  : happen(store);
	mx_store_close(store);
	return status;
}
