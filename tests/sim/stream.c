/* stream.c - mail exchangers behind the calls of net/stream, and the oracle that counts their visitors. */
#include "probe/net/stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/clock.h"
#include "probe/base/mem.h"
#include "tests/sim/sim.h"

#define CONNECT_US 20000
#define NETWORKS 64

struct sim_oracle sim_oracle;
bool (*sim_is_blocked)(size_t provider, const struct mx_addr *source);

static struct sim_pair *pairs;
static size_t source_most;

/** What a provider remembers of its visitors. */
static struct memory {
	int64_t starts[6]; /* the last ones, a ring */
	size_t next;
	int64_t network_us[NETWORKS];
	int64_t minute;
	size_t this_minute;
} memories[SIM_PROVIDERS];
static int64_t all_minute;
static size_t all_this_minute;

enum step {
	GREET,
	REPLY,
	RESET,
	NOTHING
};

struct mx_stream {
	const struct mx_stream_ops *ops;
	void *arg;
	struct mx_timer *timer;
	size_t provider, source;
	unsigned host;
	struct mx_addr from;
	enum step step;
	bool is_connected, has_quit, has_told;
	char reply[512];
};

/* ---- the oracle ---- */

struct mx_addr
sim_source(size_t number)
{
	struct mx_addr addr;
	char text[32];

	snprintf(text, sizeof text, "198.18.%zu.%zu", number / 250, number % 250 + 1);
	(void)mx_addr_parse(text, &addr);
	return addr;
}

size_t
sim_source_number(const struct mx_addr *addr)
{
	char text[MX_ADDR_TEXT];
	unsigned net = 0, host = 1;

	if (sscanf(mx_addr_text(addr, text), "198.18.%u.%u", &net, &host) != 2)
		return 0;
	return net * 250 + host - 1;
}

void
sim_oracle_open(size_t sources)
{
	source_most = sources;
	pairs = mx_calloc(sources * SIM_PROVIDERS, sizeof *pairs);
	memset(&sim_oracle, 0, sizeof sim_oracle);
	memset(memories, 0, sizeof memories);
}

void
sim_oracle_close(void)
{
	free(pairs);
	pairs = NULL;
}

struct sim_pair *
sim_pair_of(size_t source, size_t provider)
{
	return &pairs[source * SIM_PROVIDERS + provider];
}

__attribute__((format(printf, 1, 2))) static void
fault(const char *format, ...)
{
	va_list args;

	if (sim_oracle.faults++ > 0)
		return;
	va_start(args, format);
	vsnprintf(sim_oracle.fault, sizeof sim_oracle.fault, format, args);
	va_end(args);
}

static void
count_minute(size_t provider, int64_t now_us)
{
	struct memory *memory = &memories[provider];
	int64_t minute = now_us / MX_MINUTE_US;

	if (memory->minute != minute)
		memory->this_minute = 0;
	memory->minute = minute;
	if (++memory->this_minute > sim_oracle.provider_most_a_minute[provider])
		sim_oracle.provider_most_a_minute[provider] = memory->this_minute;
	if (all_minute != minute)
		all_this_minute = 0;
	all_minute = minute;
	if (++all_this_minute > sim_oracle.most_a_minute)
		sim_oracle.most_a_minute = all_this_minute;
}

static void
judge_pair(struct mx_stream *stream, int64_t now_us)
{
	struct sim_pair *pair = sim_pair_of(stream->source, stream->provider);
	int64_t floor_us =
	    pair->hold_us > 30 * MX_MINUTE_US ? pair->hold_us : 30 * MX_MINUTE_US;

	if (pair->last_us > 0 && now_us - pair->last_us < floor_us)
		fault("source %zu at provider %zu after %lld s, %lld s are asked for",
		    stream->source, stream->provider,
		    (long long)((now_us - pair->last_us) / MX_SECOND_US),
		    (long long)(floor_us / MX_SECOND_US));
	if (pair->last_us > 0 && now_us - pair->last_us > pair->longest_us)
		pair->longest_us = now_us - pair->last_us;
	pair->last_us = now_us;
	pair->hold_us = 0;
	pair->sessions++;
}

static void
judge_provider(struct mx_stream *stream, int64_t now_us)
{
	struct memory *memory = &memories[stream->provider];
	size_t network = stream->source / 250;

	if (memory->starts[memory->next] > 0 &&
	    now_us - memory->starts[memory->next] < MX_MINUTE_US)
		fault(
		    "provider %zu: a seventh session within a minute", stream->provider);
	memory->starts[memory->next] = now_us;
	memory->next = (memory->next + 1) % 6;
	if (memory->network_us[network] > 0 &&
	    now_us - memory->network_us[network] < 20 * MX_SECOND_US)
		fault("provider %zu: network %zu after less than 20 s", stream->provider,
		    network);
	memory->network_us[network] = now_us;
	if (++sim_oracle.at_once[stream->provider] > 2)
		fault("provider %zu: a third session at once", stream->provider);
	if (sim_oracle.at_once[stream->provider] >
	    sim_oracle.most_at_once[stream->provider])
		sim_oracle.most_at_once[stream->provider] =
		    sim_oracle.at_once[stream->provider];
}

static void
judge_visit(struct mx_stream *stream)
{
	int64_t now_us = mx_clock_mono_us();

	sim_oracle.sessions++;
	count_minute(stream->provider, now_us);
	judge_pair(stream, now_us);
	judge_provider(stream, now_us);
}

static void
note_answer(const struct mx_stream *stream, bool is_blocked, bool is_throttled)
{
	struct sim_pair *pair = sim_pair_of(stream->source, stream->provider);

	if (is_throttled) {
		pair->hold_us = 2 * MX_HOUR_US;
	} else if (is_blocked) {
		pair->hold_us = 6 * MX_HOUR_US;
		pair->was_blocked = true;
		pair->accepts = 0;
		pair->hosts = 0;
	} else {
		if (pair->accepts++ == 0)
			pair->first_accept_us = mx_clock_wall_us();
		pair->hosts |= 1U << stream->host;
	}
}

/* ---- the servers ---- */

static void
say(struct mx_stream *stream, const char *text)
{
	snprintf(stream->reply, sizeof stream->reply, "%s\r\n", text);
	stream->step = REPLY;
	mx_timer_start(stream->timer, sim_providers[stream->provider].latency_us);
}

static void
on_timer(void *arg)
{
	struct mx_stream *stream = arg;
	const struct sim_provider *provider = &sim_providers[stream->provider];
	enum step step = stream->step;

	stream->step = NOTHING;
	if (step == RESET) {
		stream->ops->ended(stream->arg, MX_END_RESET, "connection reset", NULL);
	} else if (step == REPLY) {
		char reply[sizeof stream->reply];

		memcpy(reply, stream->reply, sizeof reply);
		stream->ops->data(stream->arg, (const uint8_t *)reply, strlen(reply));
	} else if (step == GREET) {
		stream->is_connected = true;
		if (provider->mood == SIM_RESETS) {
			stream->step = RESET;
			mx_timer_start(stream->timer, CONNECT_US);
		} else if (provider->mood != SIM_SILENT) {
			char greeting[256];

			snprintf(greeting, sizeof greeting, "220 %s ESMTP", provider->mx);
			say(stream, greeting);
		}
		stream->ops->connected(stream->arg);
	}
}

static void
answer_mail(struct mx_stream *stream)
{
	const struct sim_provider *provider = &sim_providers[stream->provider];
	bool is_blocked = sim_is_blocked(stream->provider, &stream->from);
	bool is_throttled = !is_blocked && provider->mood == SIM_THROTTLES;
	char text[MX_ADDR_TEXT], reply[400];

	note_answer(stream, is_blocked, is_throttled);
	stream->has_told = true;
	if (is_blocked)
		snprintf(reply, sizeof reply,
		    "550 5.7.1 Service unavailable; client [%s] blocked using zen.spamhaus.org",
		    mx_addr_text(&stream->from, text));
	else if (is_throttled)
		snprintf(reply, sizeof reply,
		    "421 4.7.0 too many connections from your IP, try again later");
	else
		snprintf(reply, sizeof reply, "250 2.1.0 Sender OK");
	say(stream, reply);
}

void
mx_stream_write(struct mx_stream *stream, const void *bytes, size_t len)
{
	char command[5] = "";

	memcpy(command, bytes, len < 4 ? len : 4);
	if (strcmp(command, "QUIT") == 0) {
		stream->has_quit = true;
		say(stream, "221 2.0.0 Bye");
	} else if (strcmp(command, "EHLO") == 0) {
		say(stream, "250 hello");
	} else if (strcmp(command, "MAIL") == 0) {
		answer_mail(stream);
	} else if (strcmp(command, "RCPT") == 0 || strcmp(command, "RSET") == 0) {
		say(stream, "250 2.1.5 OK");
	} else {
		fault("provider %zu was told %s", stream->provider, command);
		say(stream, "502 5.5.1 no");
	}
}

/* 192.0.P.H */
static void
find_provider(struct mx_stream *stream, const struct mx_addr *target)
{
	char text[MX_ADDR_TEXT];
	unsigned provider = 0, host = 1;

	if (sscanf(mx_addr_text(target, text), "192.0.%u.%u", &provider, &host) != 2)
		fault("somebody went to %s", text);
	stream->provider = provider;
	stream->host = host - 1;
}

struct mx_stream *
mx_stream_dial(struct mx_loop *loop, const struct mx_addr *source,
    const struct mx_addr *target, const struct mx_stream_ops *ops, void *arg,
    struct mx_error *err)
{
	struct mx_stream *stream = mx_calloc(1, sizeof *stream);

	(void)err;
	stream->ops = ops;
	stream->arg = arg;
	stream->from = *source;
	stream->source = sim_source_number(source);
	find_provider(stream, target);
	stream->timer = mx_timer_new(loop, on_timer, stream);
	stream->step = GREET;
	mx_timer_start(stream->timer, CONNECT_US);
	judge_visit(stream);
	return stream;
}

void
mx_stream_start_tls(struct mx_stream *stream, struct mx_tls *tls, const char *host,
    const struct mx_dane *dane)
{
	(void)stream, (void)tls, (void)host, (void)dane;
}

struct mx_stream *
mx_stream_adopt(struct mx_loop *loop, int fd, const struct mx_stream_ops *ops, void *arg)
{
	(void)loop, (void)fd, (void)ops, (void)arg;
	return NULL;
}

void
mx_stream_close(struct mx_stream *stream)
{
	if (stream == NULL)
		return;
	sim_oracle.at_once[stream->provider]--;
	if (stream->has_quit)
		sim_oracle.quits++;
	else if (stream->has_told)
		sim_oracle.without_quit++;
	mx_timer_free(stream->timer);
	free(stream);
}

size_t
mx_stream_lingering(void)
{
	return 0;
}
