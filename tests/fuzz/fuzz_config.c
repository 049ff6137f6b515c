/*
 * fuzz_config.c - properties of any text as a configuration file: it is loaded and every value keeps what
 * config.h promises of it, or there is one line that begins with the file's name.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/config/config.h"
#include "tests/fuzz/fuzz.h"

static void
check_span(const struct mx_config_span *span)
{
	FUZZ_REQUIRE(span->us >= 0 && (span->text != NULL || span->us == 0));
}

static void
check_spans(const struct mx_config_values *values)
{
	check_span(&values->politeness.interval);
	check_span(&values->politeness.blocked);
	check_span(&values->politeness.throttled);
	check_span(&values->politeness.throttled_most);
	check_span(&values->politeness.all_addresses);
	check_span(&values->politeness.network);
	check_span(&values->state.clear_span);
	check_span(&values->state.suspect_gap);
	check_span(&values->state.regress);
	check_span(&values->state.expected);
	check_span(&values->state.overdue);
	check_span(&values->schedule.interval);
	check_span(&values->schedule.blocked);
	check_span(&values->schedule.checks);
	check_span(&values->retention.results);
	check_span(&values->retention.transcripts);
	check_span(&values->deliver.interval);
}

static void
check_alert(const struct mx_config_alert *alert)
{
	FUZZ_REQUIRE(
	    (alert->mail != NULL) + (alert->webhook != NULL) + (alert->command != NULL) ==
	    1);
	FUZZ_REQUIRE(alert->mail == NULL || alert->mail->to_count > 0);
	FUZZ_REQUIRE(alert->webhook == NULL || alert->webhook->url != NULL);
	FUZZ_REQUIRE(alert->command == NULL || *alert->command[0] == '/');
	FUZZ_REQUIRE(*mx_config_severity_name(alert->min_severity) != '\0' ||
		     alert->min_severity == MX_CONFIG_ANY_SEVERITY);
	check_span(&alert->group_wait);
}

static void
check_values(const struct mx_config_values *values)
{
	const struct mx_config_tls *tls = &values->web.tls;

	check_spans(values);
	for (unsigned i = 0; i < values->source_count; i++)
		FUZZ_REQUIRE(values->sources[i].address != NULL);
	FUZZ_REQUIRE((tls->cert == NULL) == (tls->key == NULL));
	FUZZ_REQUIRE(tls->cert == NULL || *tls->cert == '/');
	for (unsigned i = 0; i < values->deliver.inbox_count; i++)
		FUZZ_REQUIRE(values->deliver.inboxes[i].imap != NULL);
	for (unsigned i = 0; i < values->alert_count; i++)
		check_alert(&values->alerts[i]);
	for (unsigned i = 0; i < values->report_count; i++) {
		FUZZ_REQUIRE(values->reports[i].at != NULL);
		check_alert(&values->reports[i].to);
	}
}

static void
check_refusal(const char *path, const struct mx_error *err)
{
	FUZZ_REQUIRE(err->code == MX_ERR_CONFIG);
	FUZZ_REQUIRE(strncmp(err->text, path, strlen(path)) == 0);
	FUZZ_REQUIRE(strpbrk(err->text, "\n\r\033") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mx_error err = { 0 };
	struct mx_config config;
	char path[40];
	int fd = memfd_create("config", MFD_CLOEXEC);

	FUZZ_REQUIRE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (mx_config_load(&config, path, &err) == MX_OK) {
		check_values(config.values);
		(void)mx_config_fault(&config, "mailboxes[0]", "why", &err);
	}
	if (err.code != MX_OK)
		check_refusal(path, &err);
	mx_config_clear(&config);
	(void)close(fd);
	return 0;
}
