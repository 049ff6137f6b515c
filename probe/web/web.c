/* web.c - the site is put together and taken down. */
#include "probe/web/web.h"

#include <stdio.h>
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/net/tls_server.h"
#include "probe/web/auth.h"
#include "probe/web/handlers.h"
#include "probe/web/metrics.h"
#include "probe/web/model.h"
#include "probe/web/server.h"
#include "probe/web/site.h"
#include "probe/web/stream.h"

/* ---- parameters of its own -------------------------------------------------------------------- */

static char **
copy_names(const char *const *names, size_t count)
{
	char **copies = mx_calloc(count + 1, sizeof *copies);

	for (size_t i = 0; i < count; i++)
		copies[i] = mx_strdup(names[i]);
	return copies;
}

static struct mx_web_source *
copy_sources(const struct mx_web_source *sources, size_t count)
{
	struct mx_web_source *copies = mx_calloc(count + 1, sizeof *copies);

	for (size_t i = 0; i < count; i++)
		copies[i] = (struct mx_web_source){ mx_strdup(sources[i].address),
			mx_strdup(sources[i].tag) };
	return copies;
}

static void
copy_params(struct mx_web_params *to, const struct mx_web_params *from)
{
	*to = *from;
	to->listen = mx_strdup(from->listen);
	to->cert = mx_strdup(from->cert);
	to->key = mx_strdup(from->key);
	to->token_file = mx_strdup(from->token_file);
	to->users_file = mx_strdup(from->users_file);
	to->root = mx_strdup(from->root);
	to->names = (const char *const *)copy_names(from->names, from->name_count);
	to->sources = copy_sources(from->sources, from->source_count);
}

/* They are copies of ours, whatever their type says. */
static void
drop(const void *copy)
{
	free((void *)(uintptr_t)copy);
}

static void
clear_params(struct mx_web_params *params)
{
	drop(params->listen);
	drop(params->cert);
	drop(params->key);
	drop(params->token_file);
	drop(params->users_file);
	drop(params->root);
	for (size_t i = 0; i < params->name_count; i++)
		drop(params->names[i]);
	drop(params->names);
	for (size_t i = 0; i < params->source_count; i++) {
		drop(params->sources[i].address);
		drop(params->sources[i].tag);
	}
	drop(params->sources);
}

/* ---- life ------------------------------------------------------------------------------------- */

static void
make_secret(char out[33])
{
	unsigned char bytes[16];

	arc4random_buf(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* Who may come in, and behind what. */
static enum mx_err
open_doors(struct mx_web *web, struct mx_error *err)
{
	const struct mx_web_params *params = &web->params;

	web->auth =
	    mx_auth_new(params->loop, params->token_file, params->users_file, err);
	if (web->auth != NULL && params->cert != NULL)
		web->tls = mx_tls_server_new(params->cert, params->key, err);
	return err->code;
}

struct mx_web *
mx_web_new(const struct mx_web_params *params, struct mx_error *err)
{
	struct mx_web *web = mx_calloc(1, sizeof *web);

	copy_params(&web->params, params);
	make_secret(web->csrf);
	web->metrics = mx_metrics_new(web);
	if (open_doors(web, err) == MX_OK)
		web->model = mx_model_new(web, err);
	if (web->model != NULL)
		web->stream = mx_stream_new(web, err);
	if (web->stream != NULL)
		web->server = mx_web_server_new(web, err);
	if (web->server != NULL)
		return web;
	mx_web_free(web);
	return NULL;
}

/* One that has TLS keeps it, one that hasn't gets none: the connections are of one kind. */
static enum mx_err
exchange_doors(
    struct mx_web *web, const struct mx_web_params *params, struct mx_error *err)
{
	struct mx_auth *auth;

	if ((params->cert != NULL) != (web->tls != NULL))
		return mx_error_set(err, MX_ERR_CONFIG,
		    "web.tls: it begins and ends only with a restart");
	if (mx_web_server_check(web->server, params, err) != MX_OK)
		return err->code;
	auth = mx_auth_new(params->loop, params->token_file, params->users_file, err);
	if (auth == NULL)
		return err->code;
	if (web->tls != NULL &&
	    mx_tls_server_reload(web->tls, params->cert, params->key, err) != MX_OK) {
		mx_auth_free(auth);
		return err->code;
	}
	mx_auth_free(web->auth);
	web->auth = auth;
	return MX_OK;
}

enum mx_err
mx_web_reload(
    struct mx_web *web, const struct mx_web_params *params, struct mx_error *err)
{
	struct mx_web_params old = web->params;

	if (exchange_doors(web, params, err) != MX_OK)
		return err->code;
	copy_params(&web->params, params);
	drop(web->params.listen);
	web->params.listen = mx_strdup(old.listen);
	clear_params(&old);
	mx_model_regroup(web->model);
	return MX_OK;
}

void
mx_web_free(struct mx_web *web)
{
	if (web == NULL)
		return;
	mx_web_server_free(web->server);
	mx_auth_free(web->auth);
	mx_tls_server_free(web->tls);
	mx_api_forget_changes(web);
	mx_stream_free(web->stream);
	mx_model_free(web->model);
	mx_metrics_free(web->metrics);
	clear_params(&web->params);
	free(web);
}

const struct mx_addr *
mx_web_addr(const struct mx_web *web)
{
	return mx_web_server_addr(web->server);
}

const char *
mx_web_root(const struct mx_web *web)
{
	return web->params.root != NULL ? web->params.root : "";
}

bool
mx_web_has_tls(const struct mx_web *web)
{
	return web->tls != NULL;
}

/* ---- news ------------------------------------------------------------------------------------- */

void
mx_web_tell_result(
    struct mx_web *web, const char *source, const char *group, const char *result)
{
	if (web == NULL)
		return;
	mx_model_touch(web->model, source, group);
	mx_stream_result(web->stream, source, group, result);
}

void
mx_web_tell_event(struct mx_web *web, const struct mx_store_event *event)
{
	if (web == NULL)
		return;
	mx_model_touch(web->model, event->source, event->group);
	mx_stream_pump(web->stream);
}

void
mx_web_tell_schedule(struct mx_web *web, const char *source, const char *group)
{
	if (web == NULL)
		return;
	mx_model_touch(web->model, source, group);
	mx_stream_schedule(web->stream, source, group);
}

void
mx_web_tell_pairs(struct mx_web *web)
{
	if (web == NULL)
		return;
	mx_model_touch(web->model, NULL, NULL);
	mx_stream_schedule(web->stream, NULL, NULL);
}

void
mx_web_tell_checks(struct mx_web *web, const char *source)
{
	/* Looked up by whoever shows them (mx_watch_checks); nothing of them is kept here. */
	if (web != NULL)
		mx_stream_schedule(web->stream, source, NULL);
}

void
mx_web_tell_reload(struct mx_web *web, bool is_taken)
{
	if (web != NULL)
		mx_metrics_reloaded(web->metrics, is_taken);
}
