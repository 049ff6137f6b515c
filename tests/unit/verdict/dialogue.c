#include "tests/unit/verdict/dialogue.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

static struct mx_catalogue *catalogue;
static struct mx_rules *rules;

void
dialogue_load(void)
{
	struct mx_error err = { 0 };

	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
	rules = mx_rules_load(catalogue, &err);
	cr_assert_not_null(rules, "%s", err.text);
}

void
dialogue_unload(void)
{
	mx_rules_free(rules);
	mx_catalogue_free(catalogue);
}

const struct mx_rules *
dialogue_rules(void)
{
	return rules;
}

const struct mx_catalogue *
dialogue_catalogue(void)
{
	return catalogue;
}

struct mx_identity
dialogue_identity(void)
{
	struct mx_identity identity = {
		.helo = "mail.example.jp",
		.mail_from = "probe@example.jp",
		.rcpt = "user@example.net",
	};

	cr_assert(mx_addr_parse("203.0.113.5", &identity.source));
	return identity;
}

struct mx_identity
dialogue_identity_at(const char *provider)
{
	struct mx_identity identity = dialogue_identity();

	if (provider != NULL) {
		identity.provider = mx_catalogue_provider(catalogue, provider);
		cr_assert_not_null(identity.provider, "%s", provider);
	}
	return identity;
}

/* A line with a space (or nothing) behind its code ends a reply. */
static bool
ends_reply(const char *text)
{
	return strlen(text) < 4 || text[3] != '-';
}

static void
add_server_line(struct mx_transcript *transcript, enum mx_stage stage, const char *text,
    struct mx_reply_record *open)
{
	size_t index =
	    mx_transcript_add(transcript, 0, stage, MX_FROM_SERVER, text, strlen(text));
	int code = (int)strtol(text, NULL, 10);

	if (open->lines == 0) {
		*open = (struct mx_reply_record){ .stage = stage, .first_line = index };
		if (strlen(text) > 4)
			mx_enhanced_parse(text + 4, strlen(text) - 4, &open->enhanced);
	} else if (open->code != code) {
		open->mixed_codes = true;
	}
	open->lines++;
	open->code = code;
	if (!ends_reply(text))
		return;
	mx_transcript_add_reply(transcript, open);
	open->lines = 0;
}

static void
add_line(struct mx_transcript *transcript, char *line, struct mx_reply_record *open)
{
	char *mark = strpbrk(line, "<>");
	enum mx_stage stage;
	char way;

	if (strcmp(line, "tls") == 0) {
		transcript->tls_done_us = 0;
		transcript->tls.seen = MX_TLS_DONE;
		return;
	}
	cr_assert_not_null(mark, "%s", line);
	way = *mark;
	*mark = '\0';
	cr_assert(mx_stage_from_name(line, &stage), "%s", line);
	if (way == '<')
		add_server_line(transcript, stage, mark + 2, open);
	else
		mx_transcript_add(
		    transcript, 0, stage, MX_FROM_CLIENT, mark + 2, strlen(mark + 2));
}

struct mx_transcript *
dialogue_play(const char *script, enum mx_end end, enum mx_stage end_stage)
{
	struct mx_transcript *transcript = mx_transcript_new();
	struct mx_reply_record open = { 0 };
	char *copy = mx_strdup(script), *rest = copy, *line;

	if (end_stage != MX_STAGE_CONNECT)
		transcript->connected_us = 0;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0')
			add_line(transcript, line, &open);
	free(copy);
	mx_transcript_end(transcript, 0, end, end_stage, NULL);
	return transcript;
}
