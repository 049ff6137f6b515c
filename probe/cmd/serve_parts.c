/* serve_parts.c - what the configuration says, put as each of them wants it. */
#include "probe/cmd/serve_parts.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* ---- the web server ---- */

/** The sources, as the views group them; texts are own. */
struct web_sources {
	struct mx_web_source *items;
	char (*texts)[MX_ADDR_TEXT];
	size_t count;
};

/* Of a source that is named by its interface no tag is known. */
static const char *
tag_of(const struct mx_config_values *values, const struct mx_addr *addr)
{
	for (unsigned i = 0; i < values->source_count; i++) {
		struct mx_addr declared;

		if (values->sources[i].tag_count > 0 &&
		    mx_addr_parse(values->sources[i].address, &declared) &&
		    mx_addr_equal(&declared, addr))
			return values->sources[i].tags[0];
	}
	return NULL;
}

static struct web_sources
list_sources(const struct mx_serve_setup *setup)
{
	const struct mx_settings *settings = &setup->settings;
	struct web_sources list = { .count = settings->source_count };

	list.items = mx_calloc(list.count + 1, sizeof *list.items);
	list.texts = mx_calloc(list.count + 1, sizeof *list.texts);
	for (size_t i = 0; i < list.count; i++) {
		const struct mx_addr *addr = &settings->sources[i].addr;

		list.items[i].address = mx_addr_text(addr, list.texts[i]);
		list.items[i].tag = tag_of(setup->config.values, addr);
	}
	return list;
}

/* "/mxprobe" of "https://mx.example.jp/mxprobe", as far as the configuration says how others see the page. */
static const char *
root_of(const struct mx_config_web *web)
{
	const char *host = web->url != NULL ? strstr(web->url, "://") : NULL;

	return host != NULL ? strchr(host + 3, '/') : NULL;
}

static struct mx_web_params
web_params(const struct mx_serve_parts *parts, const struct mx_serve_setup *setup,
    const struct web_sources *sources)
{
	const struct mx_config_web *web = &setup->config.values->web;

	return (struct mx_web_params){
		.loop = setup->watch.host.loop,
		.store = setup->watch.store,
		.watch = parts->watch,
		.alerts = parts->alerts,
		.catalogue = setup->watch.host.catalogue,
		.state_rules = setup->watch.state_rules,
		.interval_us = setup->watch.interval_us,
		.listen = parts->listen != NULL ? parts->listen : web->listen,
		.cert = web->tls.cert,
		.key = web->tls.key,
		.token_file = web->token_file,
		.users_file = web->users_file,
		.root = root_of(web),
		.names = (const char *const *)web->names,
		.name_count = web->name_count,
		.sources = sources->items,
		.source_count = sources->count,
		.reload = parts->reload,
		.reload_arg = parts->reload_arg,
	};
}

static bool
wants_web(const struct mx_serve_parts *parts)
{
	return parts->listen == NULL || strcmp(parts->listen, "none") != 0;
}

static enum mx_err
give_web(struct mx_serve_parts *parts, const struct mx_serve_setup *setup,
    struct mx_error *err)
{
	struct web_sources sources = list_sources(setup);
	struct mx_web_params params = web_params(parts, setup, &sources);

	if (!wants_web(parts))
		err->code = MX_OK;
	else if (parts->web != NULL)
		(void)!mx_web_reload(parts->web, &params, err);
	else
		parts->web = mx_web_new(&params, err);
	free(sources.items);
	free(sources.texts);
	return err->code;
}

/* ---- the alerts ---- */

/* Where others find the page: loopback is no help to whoever reads his mail elsewhere, nor is a port that
 * is another one after each start. */
static char *
page_of(const struct mx_config_web *web)
{
	struct mx_addr addr;

	if (web->url != NULL)
		return mx_strdup(web->url);
	if (web->tls.cert == NULL || web->listen == NULL ||
	    !mx_addr_parse_listen(web->listen, &addr) || addr.port == 0)
		return NULL;
	return mx_asprintf("https://%s", web->listen);
}

static enum mx_err
give_alerts(struct mx_serve_parts *parts, const struct mx_serve_setup *setup,
    struct mx_error *err)
{
	char *page = page_of(&setup->config.values->web);
	struct mx_alerts_params params = {
		.loop = setup->watch.host.loop,
		.resolver = setup->watch.host.resolver,
		.store = setup->watch.store,
		.catalogue = setup->watch.host.catalogue,
		.config = setup->config.values,
		.state_rules = setup->watch.state_rules,
		.page = page,
	};

	if (parts->alerts != NULL)
		(void)!mx_alerts_reload(parts->alerts, &params, err);
	else
		parts->alerts = mx_alerts_new(&params, err);
	free(page);
	return err->code;
}

/* ---- test messages ---- */

/* A new one each time: what was on is broken off, and the ledger keeps it from being sent again. */
static enum mx_err
give_deliver(struct mx_serve_parts *parts, const struct mx_serve_setup *setup,
    struct mx_error *err)
{
	struct mx_serve_deliver *deliver = mx_serve_deliver_new(setup, err);

	if (err->code != MX_OK)
		return err->code;
	mx_serve_deliver_free(parts->deliver);
	parts->deliver = deliver;
	return MX_OK;
}

/* ---- all of them ---- */

enum mx_err
mx_serve_parts_open(struct mx_serve_parts *parts, const struct mx_serve_setup *setup,
    struct mx_error *err)
{
	if (give_alerts(parts, setup, err) != MX_OK ||
	    give_web(parts, setup, err) != MX_OK)
		return err->code;
	return give_deliver(parts, setup, err);
}

/* As they were, as far as that can be had back. */
static void
give_back(struct mx_serve_parts *parts, const struct mx_serve_setup *before, bool web_too)
{
	struct mx_error ignored = { 0 };

	(void)!give_alerts(parts, before, &ignored);
	ignored = (struct mx_error){ 0 };
	if (web_too)
		(void)!give_web(parts, before, &ignored);
}

enum mx_err
mx_serve_parts_reload(struct mx_serve_parts *parts, const struct mx_serve_setup *setup,
    const struct mx_serve_setup *before, struct mx_error *err)
{
	if (give_alerts(parts, setup, err) != MX_OK)
		return err->code;
	if (give_web(parts, setup, err) != MX_OK)
		give_back(parts, before, false);
	else if (give_deliver(parts, setup, err) != MX_OK)
		give_back(parts, before, true);
	return err->code;
}

void
mx_serve_parts_stop(struct mx_serve_parts *parts, void (*done)(void *arg), void *arg)
{
	mx_web_free(parts->web);
	parts->web = NULL;
	mx_serve_deliver_free(parts->deliver);
	parts->deliver = NULL;
	mx_alerts_stop(parts->alerts, done, arg);
}

void
mx_serve_parts_close(struct mx_serve_parts *parts)
{
	mx_web_free(parts->web);
	mx_serve_deliver_free(parts->deliver);
	mx_alerts_free(parts->alerts);
	*parts = (struct mx_serve_parts){ .web = NULL };
}
