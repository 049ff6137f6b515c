/* context.c - libunbound's event API. Its traps are dealt with here: options that count only
 * before the first question, built-in zones, a log that goes to stderr, records that come
 * along with a bogus answer. */
#include "probe/dns/context.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/event.h>
#include <unbound-event.h>
#include <unbound.h>

#include "probe/base/escape.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/dns/packet.h"

#define CLASS_IN 1
#define RANGE_MOST 512

struct mx_dns_context {
	struct ub_ctx *ub;
	bool validates;
};

/* The library's own sizes are for one question at a time: 10,000 MX answers did not fit its
 * cache. Memory is taken only as the caches fill. */
static const struct {
	const char *key, *value;
} options[] = {
	/* clang-format off */
	{ "msg-cache-size:",         "16m" },
	{ "rrset-cache-size:",       "32m" },
	{ "num-queries-per-thread:", "1024" },
	{ "outgoing-num-tcp:",       "32" },
	{ "rrset-roundrobin:",       "no" }, /* same question, same order */
	/* Silence shall end at our deadline and be told as such; with 5, the default, it becomes
	 * a SERVFAIL after 17 s, with 8 after 29 s. */
	{ "outbound-msg-retry:",     "8" },
	{ "unblock-lan-zones:",      "yes" }, /* reverse zones of private addresses ... */
	{ "insecure-lan-zones:",     "yes" }, /* ... exist in no signed tree */
	/* clang-format on */
};

/* Zones that libunbound answers itself (NXDOMAIN) unless told otherwise. Its "nodefault" is
 * accepted and does nothing; "transparent" works. localhost. stays: it is a constant. */
static const char *const closed_zones[] = {
	"test.",
	"invalid.",
	"onion.",
	"home.arpa.",
	"127.in-addr.arpa.",
	"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
};

static int
open_zone(struct ub_ctx *ub, const char *zone, bool insecure)
{
	char value[128];
	int rc;

	snprintf(value, sizeof value, "%s transparent", zone);
	rc = ub_ctx_set_option(ub, "local-zone:", value);
	/* Whoever serves such a zone at home cannot have it signed by the public root. */
	if (rc == 0 && insecure)
		rc = ub_ctx_set_option(ub, "domain-insecure:", zone);
	return rc;
}

/* Sockets: one a query, for random ports. Beyond its range libunbound lets queries wait, but without
 * a descriptor left it calls them failed. */
static int
set_range(struct ub_ctx *ub)
{
	struct rlimit limit;
	char value[16];
	unsigned range = RANGE_MOST;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 2 < range)
		range = (unsigned)limit.rlim_cur / 2;
	snprintf(value, sizeof value, "%u", range);
	return ub_ctx_set_option(ub, "outgoing-range:", value);
}

static int
set_options(struct ub_ctx *ub, bool insecure)
{
	int rc = set_range(ub);

	for (size_t i = 0; rc == 0 && i < sizeof options / sizeof options[0]; i++)
		rc = ub_ctx_set_option(ub, options[i].key, options[i].value);
	for (size_t i = 0; rc == 0 && i < sizeof closed_zones / sizeof closed_zones[0];
	     i++)
		rc = open_zone(ub, closed_zones[i], insecure);
	return rc;
}

static int
set_forwarders(struct ub_ctx *ub, const struct mx_dns_context_params *params)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < params->forwarder_count; i++) {
		const struct mx_addr *addr = &params->forwarders[i];
		char text[MX_ADDR_TEXT], value[MX_ADDR_TEXT + 8];

		snprintf(value, sizeof value, "%s@%u", mx_addr_text(addr, text),
		    addr->port != 0 ? addr->port : 53u);
		rc = ub_ctx_set_fwd(ub, value);
		if (rc == 0 && mx_addr_is_loopback(addr))
			rc = ub_ctx_set_option(ub, "do-not-query-localhost:", "no");
	}
	return rc;
}

/* Does any word outside comments say DS or DNSKEY? libunbound takes a file without either for
 * a valid one, and validates nothing. */
static bool
names_key(const char *text)
{
	static const char separators[] = " \t\r\n()";

	while (*text != '\0') {
		size_t len = strcspn(text, " \t\r\n();");

		if ((len == 2 && strncasecmp(text, "DS", len) == 0) ||
		    (len == 6 && strncasecmp(text, "DNSKEY", len) == 0))
			return true;
		text += len;
		if (*text == ';')
			text += strcspn(text, "\n");
		text += strspn(text, separators);
	}
	return false;
}

/* A directory makes libunbound read for ever, a FIFO makes it wait. */
static enum mx_err
check_anchor_fd(int fd, const char *path, struct mx_error *err)
{
	char text[16384]; /* more than enough to meet the first key */
	struct stat st;
	ssize_t got;

	if (fd < 0 || fstat(fd, &st) != 0)
		return mx_error_set(
		    err, MX_ERR_USAGE, "trust anchor %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return mx_error_set(
		    err, MX_ERR_USAGE, "trust anchor %s is no file", path);
	got = read(fd, text, sizeof text - 1);
	if (got < 0)
		return mx_error_set(
		    err, MX_ERR_USAGE, "trust anchor %s: %s", path, strerror(errno));
	text[got] = '\0';
	if (!names_key(text))
		return mx_error_set(err, MX_ERR_USAGE,
		    "trust anchor %s holds no DS or DNSKEY record", path);
	return MX_OK;
}

static enum mx_err
check_anchor(const char *path, struct mx_error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	enum mx_err code = check_anchor_fd(fd, path, err);

	if (fd >= 0)
		close(fd);
	return code;
}

static void
nobody(void *arg, int rcode, void *packet, int len, int sec, char *why, int limited)
{
	(void)arg, (void)rcode, (void)packet, (void)len, (void)sec, (void)why,
	    (void)limited;
}

/* libunbound reads its settings at the first question. One that it answers from a built-in
 * zone brings errors to light now, with nothing sent. */
static int
finalise(struct ub_ctx *ub)
{
	int id;

	return ub_resolve_event(ub, "localhost.", MX_DNS_A, CLASS_IN, NULL, nobody, &id);
}

/* The reason in "[time] libunbound[pid:0] error: parse error in FILE:2:7 : REASON". The place
 * is left out, for it is one line off. */
static const char *
reason_in(char *log)
{
	char *reason = strstr(log, "error: ");

	log[strcspn(log, "\n")] = '\0';
	if (reason == NULL)
		return log;
	return strstr(reason, " : ") != NULL ? strstr(reason, " : ") + 3 : reason + 7;
}

static enum mx_err
give_up(
    const struct mx_dns_context_params *params, int rc, char *log, struct mx_error *err)
{
	/* The one setting that can be wrong without being our mistake. */
	if (rc == UB_INITFAIL && params->anchor != NULL)
		return mx_error_set(err, MX_ERR_USAGE, "trust anchor %s is malformed: %s",
		    params->anchor, reason_in(log));
	return mx_error_set(err, MX_ERR_RESOLVER, "the resolver cannot be set up: %s",
	    *log != '\0' ? reason_in(log) : ub_strerror(rc));
}

static int
set_up(struct mx_dns_context *context, const struct mx_dns_context_params *params)
{
	int rc = set_options(context->ub, params->anchor != NULL && params->public_root);

	if (rc == 0)
		rc = set_forwarders(context->ub, params);
	if (rc == 0 && params->anchor != NULL)
		rc = ub_ctx_add_ta_file(context->ub, params->anchor);
	return rc == 0 ? finalise(context->ub) : rc;
}

/* libunbound's log is one for the whole process and goes to stderr. We want what it says
 * about the settings, and no other word of it. */
static enum mx_err
set_up_quietly(struct mx_dns_context *context, const struct mx_dns_context_params *params,
    struct mx_error *err)
{
	enum mx_err code = MX_OK;
	char *log = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&log, &len);
	int rc;

	if (stream == NULL)
		return mx_error_sys(err, errno, "no memory stream");
	(void)ub_ctx_debugout(context->ub, stream);
	rc = set_up(context, params);
	(void)ub_ctx_debugout(context->ub, NULL);
	fclose(stream);
	if (rc != 0)
		code = give_up(params, rc, log, err);
	else if (*log != '\0' && params->anchor != NULL)
		mx_log(MX_LOG_WARNING, "trust anchor %s: %s", params->anchor,
		    reason_in(log));
	free(log);
	return code;
}

struct mx_dns_context *
mx_dns_context_new(struct mx_loop *loop, const struct mx_dns_context_params *params,
    struct mx_error *err)
{
	struct mx_dns_context *context;

	if (params->anchor != NULL && check_anchor(params->anchor, err) != MX_OK)
		return NULL;
	context = mx_calloc(1, sizeof *context);
	context->validates = params->anchor != NULL;
	context->ub = ub_ctx_create_event(mx_loop_base(loop));
	if (context->ub == NULL) {
		mx_error_set(err, MX_ERR_RESOLVER, "libunbound gives no context");
	} else if (set_up_quietly(context, params, err) == MX_OK) {
		return context;
	}
	mx_dns_context_free(context);
	return NULL;
}

void
mx_dns_context_free(struct mx_dns_context *context)
{
	if (context == NULL)
		return;
	if (context->ub != NULL)
		ub_ctx_delete(context->ub);
	free(context);
}

/* libunbound's word for the validator's finding. */
enum {
	SEC_INSECURE,
	SEC_BOGUS,
	SEC_SECURE
};

/* rcode flags only failures to get an answer: NXDOMAIN comes as 0 and stands in the packet. A
 * bogus answer comes with its records, which nobody may see. */
static void
on_answer(void *arg, int rcode, void *packet, int len, int sec, char *why, int limited)
{
	struct mx_dns_question *question = arg;
	struct mx_dns_answer answer = { .status = MX_DNS_SERVFAIL };

	(void)limited;
	if (sec == SEC_BOGUS) {
		answer.status = MX_DNS_BOGUS;
		answer.why = why != NULL ? mx_escape_terminal(why, strlen(why)) : NULL;
	} else if (rcode == 0 && len >= 0) {
		mx_dns_packet_parse(packet, (size_t)len, question->type, &answer);
		if (question->context->validates)
			answer.dnssec =
			    sec == SEC_SECURE ? MX_DNSSEC_SECURE : MX_DNSSEC_INSECURE;
	}
	question->answered(question->arg, &answer);
	mx_dns_answer_clear(&answer);
}

bool
mx_dns_context_ask(
    struct mx_dns_context *context, const char *name, struct mx_dns_question *question)
{
	question->context = context;
	return ub_resolve_event(context->ub, name, (int)question->type, CLASS_IN,
		   question, on_answer, &question->id) == 0;
}

void
mx_dns_context_cancel(struct mx_dns_question *question)
{
	(void)ub_cancel(question->context->ub, question->id);
}
