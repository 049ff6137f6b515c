/*
 * probe-sessions.c - mxprobe's own sessions, driven as the conductor drives them but for DNS,
 * verdict and report.
 *
 * usage: probe-sessions rate PORT SOURCE SESSIONS IN-FLIGHT
 *        probe-sessions idle PORT SOURCE SESSIONS [CA.pem]
 * rate prints what measure.h says. idle opens sessions that a sink with --hold keeps waiting,
 * under TLS when a CA is given, and prints the memory that each takes.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "probe/net/stream.h"
#include "probe/smtp/session.h"

#define SESSIONS_MAX 1000000
#define MINUTE 60000000LL

struct driver {
	struct mx_loop *loop;
	struct mx_session_params params;
	size_t to_start, open, failed;
	size_t waiting; /* sessions whose MAIL is not answered */
	size_t waiting_wanted;
};

static void
on_done(void *arg, struct mx_transcript *transcript)
{
	struct driver *driver = arg;

	driver->open--;
	driver->failed += transcript->end != MX_END_QUIT || !transcript->quit_answered;
	mx_transcript_free(transcript);
	if (driver->to_start > 0) {
		driver->to_start--;
		driver->open++;
		(void)mx_session_start(driver->loop, &driver->params);
	} else if (driver->open == 0) {
		mx_loop_stop(driver->loop);
	}
}

/* Once all have said MAIL, nothing moves any more: that is the idle session we weigh. */
static void
on_line(void *arg, const struct mx_line *line)
{
	struct driver *driver = arg;

	if (line->from == MX_FROM_CLIENT && line->stage == MX_STAGE_MAIL &&
	    ++driver->waiting == driver->waiting_wanted)
		mx_loop_stop(driver->loop);
}

static void
start_some(struct driver *driver, size_t count)
{
	for (; count > 0; count--) {
		driver->open++;
		(void)mx_session_start(driver->loop, &driver->params);
	}
}

static int
rate(struct driver *driver, size_t sessions, size_t in_flight)
{
	struct measure start = measure_now();

	if (in_flight > sessions)
		in_flight = sessions;
	driver->to_start = sessions - in_flight;
	start_some(driver, in_flight);
	mx_loop_run(driver->loop);
	while (mx_stream_lingering() > 0)
		mx_loop_run(driver->loop);
	measure_print_rate(start, sessions, driver->failed);
	return driver->failed > 0;
}

static void
open_idle(struct driver *driver, size_t count)
{
	driver->waiting_wanted += count;
	start_some(driver, count);
	mx_loop_run(driver->loop);
	if (driver->waiting != driver->waiting_wanted)
		errx(4, "only %zu of %zu sessions came to wait", driver->waiting,
		    driver->waiting_wanted);
}

static int
idle(struct driver *driver, size_t sessions)
{
	size_t before;

	driver->params.line = on_line;
	open_idle(driver, 16); /* what libraries set up once is no session's */
	before = measure_resident();
	open_idle(driver, sessions);
	printf("idle_bytes=%.0f\n",
	    (double)(measure_resident() - before) / (double)sessions);
	return 0; /* the kernel closes the sessions faster than QUIT would */
}

static void
be_patient(struct mx_timeouts *timeouts)
{
	*timeouts = (struct mx_timeouts){ .connect_us = MINUTE,
		.banner_us = MINUTE,
		.command_us = MINUTE,
		.tls_us = MINUTE,
		.quit_us = MINUTE,
		.total_us = MINUTE };
}

static void
read_arguments(struct driver *driver, int argc, char **argv)
{
	struct mx_session_params *params = &driver->params;
	struct mx_error error = { 0 };

	if (argc < 5 || argc > 6 || !mx_addr_parse("127.0.0.1", &params->target) ||
	    !mx_addr_parse(argv[3], &params->source))
		errx(64, "usage: probe-sessions rate|idle PORT SOURCE SESSIONS "
			 "[IN-FLIGHT|CA.pem]");
	params->target.port = (uint16_t)measure_number(argv[2], 65535);
	params->mx_host = "sink.example.test";
	params->helo = "bench.example.test";
	params->mail_from = "probe@bench.example.test";
	params->rcpt = "postmaster@sink.example.test";
	params->depth = MX_STAGE_RCPT;
	params->tls_mode = MX_TLS_NONE;
	params->done = on_done;
	params->arg = driver;
	be_patient(&params->timeouts);
	driver->loop = mx_loop_new(&error);
	if (strcmp(argv[1], "idle") == 0 && argc == 6) {
		params->tls_mode = MX_TLS_MAY;
		params->tls = mx_tls_new(argv[5], &error);
	}
	if (error.code != MX_OK)
		errx(mx_err_exit_status(error.code), "%s", error.text);
}

int
main(int argc, char **argv)
{
	struct driver driver = { 0 };
	size_t sessions;
	int status;

	read_arguments(&driver, argc, argv);
	sessions = measure_number(argv[4], SESSIONS_MAX);
	if (strcmp(argv[1], "idle") == 0)
		return idle(&driver, sessions);
	status =
	    rate(&driver, sessions, measure_number(argc == 6 ? argv[5] : "100", 10000));
	mx_tls_free(driver.params.tls);
	mx_loop_free(driver.loop);
	return status;
}
