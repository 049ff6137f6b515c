/*
 * scenario_words.h - the `mxprobe check` command line that meets a scripted world.
 * In:   scenarios, where their world listens.   Out: words for exec, or for a person to paste.
 * Not:  runs nothing.
 */
#ifndef MX_CMD_SCENARIO_WORDS_H
#define MX_CMD_SCENARIO_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "probe/base/addr.h"
#include "scenarios/fakemx/fakemx.h"

/** A growing argv; zero-initialised is empty. */
struct mx_argv {
	char **words; /* own; ends with NULL */
	size_t count;
};

void mx_argv_add(struct mx_argv *argv, const char *word);
void mx_argv_clear(struct mx_argv *argv);
/** As a shell would take it back. Caller frees. */
char *mx_argv_quoted(const struct mx_argv *argv);

/** Where a world is. */
struct mx_whereabouts {
	struct mx_addr dns;
	uint16_t port;
	const char *ca_file; /* NULL: none */
};

/** ca_file is borrowed; NULL: no server speaks TLS. */
struct mx_whereabouts mx_whereabouts_of(
    const struct mx_fakemx *world, const char *ca_file);

/** --dns-server and --port of the world, and its --ca-file. */
void mx_words_of_world(struct mx_argv *argv, const struct mx_whereabouts *at);
/** --config with a file of that text (NULL: an empty configuration), so that the user's own has no
 *  say. The file lives in memory as long as the returned descriptor, which children inherit. */
int mx_words_of_config(struct mx_argv *argv, const char *text);
/** Who probes and what, from the scenario's probe record and its defaults: --source 127.0.0.2,
 *  --helo mail.example.jp, --mail-from probe@example.jp. */
void mx_words_of_probe(struct mx_argv *argv, const struct mx_scenario *scenario);

#endif
