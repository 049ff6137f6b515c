/*
 * web.h - what the daemon shows by HTTP: metrics, the API, the page.
 * In:   a loop, a store, the watch; where to listen and who may ask.
 * Out:  answers; news as they come (tell), to whoever listens to the stream.
 * Not:  no session is started but through the watch and its ledger. No signals, no schedule.
 *
 * All of it runs on the loop's thread and reads a model in memory; only histories, transcripts and
 * events are looked up in the store, a bounded number of rows a request.
 */
#ifndef MX_WEB_WEB_H
#define MX_WEB_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "probe/base/err.h"
#include "probe/catalogue/catalogue.h"
#include "probe/net/loop.h"
#include "probe/store/pairs.h"
#include "probe/store/store.h"
#include "probe/watch/state.h"

struct mx_alerts;
struct mx_watch;

#define MX_WEB_LISTEN "127.0.0.1:9925"

/** A source of the configuration, and the first of its tags: what the views group it by. */
struct mx_web_source {
	const char *address;
	const char *tag; /* NULL: grouped by its network */
};

/** Strings are copied; the rest is borrowed until mx_web_free. NULL where it is not said. */
struct mx_web_params {
	struct mx_loop *loop;
	struct mx_store *store; /* attached to the loop */
	struct mx_watch
	    *watch; /* NULL: nothing is scheduled, and the store is all there is */
	const struct mx_alerts *alerts; /* NULL: nobody is told; only counted here */
	const struct mx_catalogue *catalogue;
	const struct mx_state_rules *state_rules;
	int64_t
	    interval_us; /* between two sessions of a pair, as a rule; 0: the default */
	/* ADDRESS:PORT; NULL: MX_WEB_LISTEN; port 0: any (mx_web_addr). Without meaning when systemd hands
	 * over a socket (LISTEN_FDS) */
	const char *listen;
	const char *cert, *key; /* PEM files: TLS */
	const char *token_file; /* its first line: the bearer token */
	const char *users_file; /* NAME:HASH lines as htpasswd(1) writes them */
	const char
	    *root; /* "/mxprobe": a proxy shows us below this path; NULL: at its top */
	const char *const *names; /* what else browsers may call this host by (Host:) */
	size_t name_count;
	const struct mx_web_source *sources;
	size_t source_count;
	/* POST /-/reload: as SIGHUP. False and err when the new configuration is not taken */
	bool (*reload)(void *arg, struct mx_error *err);
	void *reload_arg;
};

struct mx_web;

/** NULL and MX_ERR_CONFIG when the parameters are refused: an address that others can reach without
 *  TLS or without a token, a file that can't be read; MX_ERR_SYSTEM when the address can't be had
 *  or the store can't be read. */
struct mx_web *mx_web_new(const struct mx_web_params *params, struct mx_error *err);
/** Read certificate, token and users again, take sources, names and catalogue from params. listen stays
 *  as it is. After an error everything is as it was. */
enum mx_err mx_web_reload(struct mx_web *web, const struct mx_web_params *params,
    struct mx_error *err) __attribute__((warn_unused_result));
/** Requests under way are cut off. Before the loop is freed. NULL is taken. */
void mx_web_free(struct mx_web *web);
/** Where it listens; and by TLS? */
const struct mx_addr *mx_web_addr(const struct mx_web *web);
bool mx_web_has_tls(const struct mx_web *web);

/* News, from the hooks of the watch. web may be NULL: nobody to tell. */

/** A session is over and its row is in the store. */
void mx_web_tell_result(
    struct mx_web *web, const char *source, const char *group, const char *result);
/** A state has changed; the event is in the store. */
void mx_web_tell_event(struct mx_web *web, const struct mx_store_event *event);
/** What the watch plans for this pair is no longer what it was. */
void mx_web_tell_schedule(struct mx_web *web, const char *source, const char *group);
/** Which pairs there are is no longer what it was. */
void mx_web_tell_pairs(struct mx_web *web);
/** What DNS says of a source was looked up anew. */
void mx_web_tell_checks(struct mx_web *web, const char *source);
/** A configuration was taken, or refused. */
void mx_web_tell_reload(struct mx_web *web, bool is_taken);

#endif
