/* trust.c - two contexts, because libunbound cannot change its mind about an anchor. */
#include "probe/dns/trust.h"

#include <stdlib.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/dns/resolv_conf.h"

/* Less than any sensible deadline of the questions that wait for it. */
#define ASK_US (3 * MX_SECOND_US)
/* "No" is asked again: a daemon may have started before its forwarder, or before the forwarder's
 * own way out. "Yes" stays: if keys vanish later, bogus is the truth. */
#define NO_LASTS_US (600 * MX_SECOND_US)

/* Debian's package dns-root-data; either file will do. */
static const char *const root_anchors[] = {
	"/usr/share/dns/root.key",
	"/usr/share/dns/root.ds",
};

enum state {
	STATE_DECIDED, /* current is what there is, for good */
	STATE_UNTRIED,
	STATE_ASKING,
	STATE_NO, /* current is plain, until no_lasts_until_us */
};

struct mx_dns_trust {
	struct mx_dns_context *validating, *plain; /* plain NULL when never needed */
	struct mx_dns_context *current;
	enum state state;
	int64_t no_lasts_until_us;
	struct mx_dns_question root_keys;
	bool under_way;         /* root_keys has been asked and not answered */
	bool secure;            /* what it found */
	bool is_told;           /* that it found none: once is enough */
	struct mx_timer *timer; /* its deadline; and brings its answer to the loop */
	void (*settled)(void *arg);
	void *arg;
};

static const char *
installed_root_anchor(void)
{
	for (size_t i = 0; i < sizeof root_anchors / sizeof root_anchors[0]; i++)
		if (access(root_anchors[i], R_OK) == 0)
			return root_anchors[i];
	return NULL;
}

static void
on_root_keys(void *arg, struct mx_dns_answer *answer)
{
	struct mx_dns_trust *trust = arg;

	trust->under_way = false;
	trust->secure = answer->status == MX_DNS_OK && answer->dnssec == MX_DNSSEC_SECURE;
	mx_timer_start(trust->timer, 0); /* this may be inside mx_dns_trust_context() */
}

/* A daemon asks again every ten minutes; only news are worth a line. */
static void
tell(struct mx_dns_trust *trust)
{
	if (!trust->secure && !trust->is_told)
		mx_log(MX_LOG_INFO, "DNSSEC is not validated: no root DNSKEY comes "
				    "through the name servers");
	else if (trust->secure && trust->is_told)
		mx_log(MX_LOG_INFO, "DNSSEC is validated from now on: the root's DNSKEY "
				    "comes through the name servers");
	trust->is_told = !trust->secure;
}

static void
on_timer(void *arg)
{
	struct mx_dns_trust *trust = arg;

	if (trust->under_way)
		mx_dns_context_cancel(&trust->root_keys);
	trust->under_way = false;
	trust->state = trust->secure ? STATE_DECIDED : STATE_NO;
	trust->current = trust->secure ? trust->validating : trust->plain;
	trust->no_lasts_until_us = mx_clock_mono_us() + NO_LASTS_US;
	tell(trust);
	trust->settled(trust->arg);
}

static void
ask_for_root_keys(struct mx_dns_trust *trust)
{
	trust->state = STATE_ASKING;
	trust->current = NULL;
	trust->secure = false;
	trust->root_keys = (struct mx_dns_question){
		.type = MX_DNS_DNSKEY, .answered = on_root_keys, .arg = trust
	};
	mx_timer_start(trust->timer, ASK_US);
	trust->under_way = true;
	if (!mx_dns_context_ask(trust->validating, ".", &trust->root_keys)) {
		trust->under_way = false;
		mx_timer_start(trust->timer, 0);
	}
}

struct mx_dns_context *
mx_dns_trust_context(struct mx_dns_trust *trust)
{
	if (trust->state == STATE_UNTRIED ||
	    (trust->state == STATE_NO && mx_clock_mono_us() >= trust->no_lasts_until_us))
		ask_for_root_keys(trust);
	return trust->current;
}

/* The user named an anchor: it is used, come what may. */
static bool
trust_given_anchor(struct mx_dns_trust *trust, struct mx_loop *loop,
    const struct mx_dns_context_params *params, struct mx_error *err)
{
	trust->validating = trust->current = mx_dns_context_new(loop, params, err);
	return trust->validating != NULL;
}

/* Debian's root anchor, where there is one and it can be read: else nothing is validated. */
static bool
trust_root_anchor(struct mx_dns_trust *trust, struct mx_loop *loop,
    struct mx_dns_context_params *params, struct mx_error *err)
{
	struct mx_error anchor_err = { 0 };

	if (params->anchor != NULL)
		trust->validating = mx_dns_context_new(loop, params, &anchor_err);
	if (anchor_err.code != MX_OK)
		mx_log(MX_LOG_WARNING, "DNSSEC is not validated: %s", anchor_err.text);
	trust->current = trust->validating;
	if (trust->validating != NULL && params->forwarder_count == 0)
		return true;
	params->anchor = NULL;
	trust->plain = trust->current = mx_dns_context_new(loop, params, err);
	trust->state = trust->validating != NULL ? STATE_UNTRIED : STATE_DECIDED;
	return trust->plain != NULL;
}

static bool
set_up(struct mx_dns_trust *trust, struct mx_loop *loop,
    const struct mx_resolver_params *params, struct mx_error *err)
{
	struct mx_addr system[MX_RESOLV_CONF_MAX];
	struct mx_dns_context_params context = { .forwarders = params->servers,
		.forwarder_count = params->server_count };

	if (params->server_count == 0) {
		context.forwarders = system;
		context.forwarder_count =
		    mx_resolv_conf_read(params->resolv_conf != NULL ? params->resolv_conf
								    : "/etc/resolv.conf",
			system);
	}
	if (params->trust_anchor != NULL) {
		context.anchor = params->trust_anchor;
		return trust_given_anchor(trust, loop, &context, err);
	}
	context.public_root = true;
	context.anchor =
	    params->root_anchor != NULL ? params->root_anchor : installed_root_anchor();
	return trust_root_anchor(trust, loop, &context, err);
}

struct mx_dns_trust *
mx_dns_trust_new(struct mx_loop *loop, const struct mx_resolver_params *params,
    void (*settled)(void *arg), void *arg, struct mx_error *err)
{
	struct mx_dns_trust *trust = mx_calloc(1, sizeof *trust);

	trust->settled = settled;
	trust->arg = arg;
	trust->timer = mx_timer_new(loop, on_timer, trust);
	if (set_up(trust, loop, params, err))
		return trust;
	mx_dns_trust_free(trust);
	return NULL;
}

void
mx_dns_trust_free(struct mx_dns_trust *trust)
{
	if (trust == NULL)
		return;
	/* The timer last: a context that goes may still answer. */
	mx_dns_context_free(trust->validating);
	mx_dns_context_free(trust->plain);
	mx_timer_free(trust->timer);
	free(trust);
}
