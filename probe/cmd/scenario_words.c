/* scenario_words.c - one option after the other. */
#include "probe/cmd/scenario_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/base/buf.h"
#include "probe/base/mem.h"

#define DEFAULT_SOURCE "127.0.0.2"
#define DEFAULT_HELO "mail.example.jp"
#define DEFAULT_MAIL_FROM "probe@example.jp"
#define LINE_MAX_LEN ((size_t)1 << 20)

void
mx_argv_add(struct mx_argv *argv, const char *word)
{
	argv->words = mx_reallocarray(argv->words, argv->count + 2, sizeof *argv->words);
	argv->words[argv->count++] = mx_strdup(word);
	argv->words[argv->count] = NULL;
}

void
mx_argv_clear(struct mx_argv *argv)
{
	for (size_t i = 0; i < argv->count; i++)
		free(argv->words[i]);
	free(argv->words);
	*argv = (struct mx_argv){ 0 };
}

static bool
needs_quotes(const char *word)
{
	for (const char *c = word; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("-_./:@%+=,", *c) == NULL)
			return true;
	return *word == '\0';
}

static void
add_quoted(struct mx_buf *out, const char *word)
{
	mx_buf_addstr(out, "'");
	for (; *word != '\0'; word++)
		if (*word == '\'')
			mx_buf_addstr(out, "'\\''");
		else
			mx_buf_add(out, word, 1);
	mx_buf_addstr(out, "'");
}

char *
mx_argv_quoted(const struct mx_argv *argv)
{
	struct mx_buf out;

	mx_buf_init(&out, LINE_MAX_LEN);
	for (size_t i = 0; i < argv->count; i++) {
		if (i > 0)
			mx_buf_addstr(&out, " ");
		if (needs_quotes(argv->words[i]))
			add_quoted(&out, argv->words[i]);
		else
			mx_buf_addstr(&out, argv->words[i]);
	}
	return mx_buf_take(&out);
}

static void
add_option(struct mx_argv *argv, const char *name, const char *value)
{
	if (value == NULL)
		return;
	mx_argv_add(argv, name);
	mx_argv_add(argv, value);
}

static void
add_options(struct mx_argv *argv, const char *name, char **values, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		add_option(argv, name, values[i]);
}

struct mx_whereabouts
mx_whereabouts_of(const struct mx_fakemx *world, const char *ca_file)
{
	return (struct mx_whereabouts){
		.dns = mx_fakemx_dns(world),
		.port = mx_fakemx_port(world),
		.ca_file = ca_file,
	};
}

void
mx_words_of_world(struct mx_argv *argv, const struct mx_whereabouts *at)
{
	char address[MX_ADDR_TEXT], text[MX_ADDR_TEXT + 16];

	snprintf(
	    text, sizeof text, "%s@%u", mx_addr_text(&at->dns, address), at->dns.port);
	add_option(argv, "--dns-server", text);
	snprintf(text, sizeof text, "%u", at->port);
	if (at->port != 0) /* a world without servers has no port */
		add_option(argv, "--port", text);
	add_option(argv, "--ca-file", at->ca_file);
}

int
mx_words_of_config(struct mx_argv *argv, const char *text)
{
	int fd = memfd_create("mxprobe-config", 0);
	char path[64];

	if (text == NULL)
		text = "{}\n";
	/* The few bytes of a configuration are missing for the same reason as memory is. */
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		mx_out_of_memory();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	add_option(argv, "--config", path);
	return fd;
}

void
mx_words_of_probe(struct mx_argv *argv, const struct mx_scenario *scenario)
{
	const struct mx_scenario_probe *p = &scenario->probe;
	const char *helo = p->helo == NULL ? DEFAULT_HELO : p->helo;

	add_options(argv, "--source", p->source, p->source_count);
	if (p->source_count == 0)
		add_option(argv, "--source", DEFAULT_SOURCE);
	add_option(argv, "--helo", helo[0] != '\0' ? helo : NULL);
	add_option(
	    argv, "--mail-from", p->mail_from == NULL ? DEFAULT_MAIL_FROM : p->mail_from);
	add_options(argv, "--rcpt", p->rcpt, p->rcpt_count);
	add_option(argv, "--depth", p->depth);
	add_option(argv, "--tls", p->tls);
	add_option(argv, "--mx", p->mx);
	add_option(argv, "--server", p->server);
	add_option(argv, "--connect-timeout", p->connect_timeout);
	add_option(argv, "--timeout", p->timeout);
	for (unsigned i = 0; i < p->option_count; i++)
		mx_argv_add(argv, p->options[i]);
	add_options(argv, "--to", p->to, p->to_count);
}
