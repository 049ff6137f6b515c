/*
 * scenario_test.c - `mxprobe scenario test`: each scenario is played in a process of its own and
 * probed with the real program.
 *
 * The process has its own world, loop and clock, so scenarios run side by side. The kernel's
 * alarm ends one that never ends, and with it goes its process group, the prober included. It
 * writes its verdict into memory shared with us; if it dies before, that is the verdict.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/base/clock.h"
#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/cmd/expect.h"
#include "probe/cmd/pki.h"
#include "probe/cmd/scenario_actions.h"
#include "probe/cmd/scenario_words.h"

#define OUTPUT_MAX ((size_t)64 << 20)
#define REPORT_MAX ((size_t)256 << 10)
#define SELF "/proc/self/exe"

enum outcome {
	OUTCOME_DIED = 0, /* what memory says that nobody wrote */
	OUTCOME_PASSED,
	OUTCOME_FAILED,
	OUTCOME_FAULTY, /* the scenario itself */
	OUTCOME_SKIPPED
};

struct job {
	const char *path;
	pid_t pid;
	bool is_over;
	int wait_status;
	int report_fd; /* memory: one byte of outcome, then text */
};

struct test {
	struct mx_cli *cli;
	const struct mx_scenario_options *options;
	struct mx_pki pki;
	char *binary;
	struct job *jobs;
	size_t count, shown;
	size_t passed, failed, skipped;
	bool any_faulty;
};

/* ---- in the child: one scenario ---- */

struct run {
	const struct test *test;
	struct mx_scenario *scenario;
	struct mx_play *play;
	struct mx_buf report;
	int out_fd, diagnostics_fd, config_fd;
};

static int
memory_file(const char *name, unsigned flags)
{
	int fd = memfd_create(name, flags);

	if (fd < 0)
		mx_out_of_memory();
	return fd;
}

static char *
contents(int fd, size_t *len)
{
	off_t end = lseek(fd, 0, SEEK_END);
	size_t size = end < 0 ? 0 : (size_t)end < OUTPUT_MAX ? (size_t)end : OUTPUT_MAX;
	char *text = mx_calloc(size + 1, 1);
	ssize_t got = pread(fd, text, size, 0);

	*len = got < 0 ? 0 : (size_t)got;
	text[*len] = '\0';
	return text;
}

static void
make_words(struct run *run, struct mx_argv *argv)
{
	struct mx_whereabouts at =
	    mx_whereabouts_of(mx_play_world(run->play), run->test->pki.ca_file);

	mx_argv_add(argv, run->test->binary);
	mx_argv_add(argv, "check");
	mx_argv_add(argv, "--format");
	mx_argv_add(argv, "json");
	run->config_fd = mx_words_of_config(argv, run->scenario->probe.config);
	mx_words_of_world(argv, &at);
	mx_words_of_probe(argv, run->scenario);
}

/* What helps to understand a difference: the command and what it said on stderr. */
static void
add_evidence(
    struct run *run, const struct mx_argv *argv, const char *out, const char *diagnostics)
{
	char *line = mx_argv_quoted(argv);

	mx_buf_addf(&run->report, "command: %s\n", line);
	if (diagnostics[0] != '\0')
		mx_buf_addf(&run->report, "its diagnostics:\n%s\n", diagnostics);
	if (run->test->cli->verbose > 0)
		mx_buf_addf(&run->report, "its output:\n%s\n", out);
	free(line);
}

static void
judge(struct run *run, const struct mx_argv *argv, const struct mx_play_ran *ran)
{
	struct mx_happened happened = { .ran = ran, .fakemx = mx_play_world(run->play) };
	size_t ignored;
	char *out = contents(run->out_fd, &happened.out_len);
	char *diagnostics = contents(run->diagnostics_fd, &ignored);

	happened.out = out;
	happened.diagnostics = diagnostics;
	mx_expect_compare(run->scenario, &happened, &run->report);
	if (run->report.len > 0)
		add_evidence(run, argv, out, diagnostics);
	free(diagnostics);
	free(out);
}

static enum outcome
probe_world(struct run *run)
{
	struct mx_argv argv = { 0 };
	struct mx_error err = { 0 };
	struct mx_play_ran ran;

	run->out_fd = memory_file("mxprobe-out", MFD_CLOEXEC);
	run->diagnostics_fd = memory_file("mxprobe-err", MFD_CLOEXEC);
	make_words(run, &argv);
	if (mx_play_run(run->play, argv.words, run->out_fd, run->diagnostics_fd, &ran,
		&err) == MX_OK)
		judge(run, &argv, &ran);
	else
		mx_buf_addf(&run->report, "%s\n", err.text);
	mx_argv_clear(&argv);
	close(run->out_fd);
	close(run->diagnostics_fd);
	close(run->config_fd);
	return run->report.len > 0 ? OUTCOME_FAILED : OUTCOME_PASSED;
}

/* The kernel may know IPv6 and have no ::1 all the same. */
static bool
has_ipv6_loopback(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage sa;
	struct mx_addr addr;
	bool bound;

	if (fd < 0)
		return false;
	mx_addr_parse("::1", &addr);
	bound = bind(fd, (struct sockaddr *)&sa, mx_addr_to_sockaddr(&addr, &sa)) == 0;
	close(fd);
	return bound;
}

static const char *
reason_to_skip(const struct run *run)
{
	if (run->scenario->test_clock && !mx_clock_is_movable())
		return "needs a build with --enable-test-clock";
	if (mx_scenario_wants_tls(run->scenario) && run->test->pki.dir == NULL)
		return "needs certificates";
	if (mx_scenario_wants_ipv6(run->scenario) && !has_ipv6_loopback())
		return "needs IPv6";
	return NULL;
}

static enum outcome
play_scenario(struct run *run, const char *path)
{
	struct mx_fakemx_params params = { .count = 1, .certs_dir = run->test->pki.dir };
	const struct mx_scenario *const *scenarios;
	struct mx_error err = { 0 };
	enum outcome outcome;
	const char *reason;

	run->scenario = mx_scenario_load(path, &err);
	if (run->scenario == NULL || run->scenario->expect == NULL) {
		mx_buf_addf(&run->report, "%s\n",
		    run->scenario == NULL ? err.text
					  : "it expects nothing: expect is missing");
		return OUTCOME_FAULTY;
	}
	reason = reason_to_skip(run);
	if (reason != NULL) {
		mx_buf_addstr(&run->report, reason);
		return OUTCOME_SKIPPED;
	}
	scenarios = (const struct mx_scenario *const[]){ run->scenario };
	params.scenarios = scenarios;
	run->play = mx_play_open(&params, &err);
	if (run->play == NULL) {
		mx_buf_addf(&run->report, "%s\n", err.text);
		return OUTCOME_FAILED;
	}
	outcome = probe_world(run);
	mx_play_close(run->play);
	return outcome;
}

static void
child(const struct test *test, const struct job *job)
{
	struct run run = { .test = test };
	enum outcome outcome;
	char byte;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(test->options->time_limit_s);
	mx_play_own_clock();
	mx_buf_init(&run.report, REPORT_MAX);
	outcome = play_scenario(&run, job->path);
	byte = (char)outcome;
	if (pwrite(job->report_fd, run.report.data, run.report.len, 1) >= 0 &&
	    pwrite(job->report_fd, &byte, 1, 0) == 1)
		alarm(0);
	mx_scenario_free(run.scenario);
	mx_buf_clear(&run.report);
}

/* ---- in the parent ---- */

/* False in the child, when its work is done. */
static bool
start(struct test *test, struct job *job)
{
	job->report_fd = memory_file("mxprobe-report", MFD_CLOEXEC);
	fflush(NULL); /* or the child would print again what is still buffered */
	job->pid = fork();
	if (job->pid == 0) {
		child(test, job);
		return false;
	}
	if (job->pid < 0) {
		job->is_over = true;
		job->wait_status = 0;
	} else {
		setpgid(job->pid, job->pid); /* whichever of us comes first */
	}
	return true;
}

static void
show_report(const struct test *test, const char *report)
{
	const char *prefix = test->options->tap ? "# " : "    ";

	while (*report != '\0') {
		size_t len = strcspn(report, "\n");

		fprintf(test->cli->out, "%s%.*s\n", prefix, (int)len, report);
		report += len + (report[len] == '\n');
	}
}

static const char *
manner_of_death(const struct job *job, char *text, size_t room)
{
	if (job->pid < 0)
		return "no process could be started for it";
	if (WIFSIGNALED(job->wait_status) && WTERMSIG(job->wait_status) == SIGALRM)
		return "it never came to an end (--time-limit)";
	if (WIFSIGNALED(job->wait_status))
		snprintf(
		    text, room, "fakemx died of signal %d", WTERMSIG(job->wait_status));
	else
		snprintf(text, room, "fakemx ended with status %d",
		    WEXITSTATUS(job->wait_status));
	return text;
}

static void
show_line(const struct test *test, const struct job *job, bool good, const char *skipped)
{
	FILE *out = test->cli->out;

	if (test->options->tap)
		fprintf(out, "%sok %zu - %s%s%s\n", good ? "" : "not ", test->shown + 1,
		    job->path, skipped != NULL ? " # SKIP " : "",
		    skipped != NULL ? skipped : "");
	else
		fprintf(out, "%-6s %s%s%s\n",
		    skipped != NULL ? "skip"
		    : good          ? "ok"
				    : "FAILED",
		    job->path, skipped != NULL ? ": " : "",
		    skipped != NULL ? skipped : "");
}

/* A scenario that passed still fails when its process broke afterwards: a leak, say. */
static void
show(struct test *test, struct job *job)
{
	char death[64];
	size_t len;
	char *report = contents(job->report_fd, &len);
	enum outcome outcome = len > 0 ? (enum outcome)report[0] : OUTCOME_DIED;
	const char *text = len > 0 ? report + 1 : report;

	if (job->pid < 0 || job->wait_status != 0)
		outcome = OUTCOME_DIED;
	show_line(test, job, outcome == OUTCOME_PASSED || outcome == OUTCOME_SKIPPED,
	    outcome == OUTCOME_SKIPPED ? text : NULL);
	if (outcome == OUTCOME_FAILED || outcome == OUTCOME_FAULTY ||
	    outcome == OUTCOME_DIED)
		show_report(test, text);
	if (outcome == OUTCOME_DIED)
		show_report(test, manner_of_death(job, death, sizeof death));
	test->passed += outcome == OUTCOME_PASSED;
	test->skipped += outcome == OUTCOME_SKIPPED;
	test->failed += outcome != OUTCOME_PASSED && outcome != OUTCOME_SKIPPED;
	test->any_faulty = test->any_faulty || outcome == OUTCOME_FAULTY;
	close(job->report_fd);
	free(report);
	fflush(test->cli->out);
}

/* In the order of the files, whatever ended first. */
static void
show_ready(struct test *test)
{
	while (test->shown < test->count && test->jobs[test->shown].is_over) {
		show(test, &test->jobs[test->shown]);
		test->shown++;
	}
}

static void
await_one(struct test *test)
{
	int wait_status;
	pid_t pid;

	while ((pid = waitpid(-1, &wait_status, 0)) < 0 && errno == EINTR)
		;
	for (size_t i = 0; pid > 0 && i < test->count; i++) {
		if (test->jobs[i].pid != pid)
			continue;
		test->jobs[i].is_over = true;
		test->jobs[i].wait_status = wait_status;
		kill(-pid, SIGKILL); /* a prober whose world is gone */
	}
}

/* False in a child. */
static bool
run_jobs(struct test *test)
{
	size_t started = 0, running = 0;

	while (test->shown < test->count) {
		while (started < test->count && running < test->options->jobs) {
			if (!start(test, &test->jobs[started]))
				return false;
			running += test->jobs[started++].pid > 0;
		}
		if (running > 0) {
			await_one(test);
			running--;
		}
		show_ready(test);
	}
	return true;
}

static enum mx_err
prepare(struct test *test, const struct mx_scenario_files *files, struct mx_error *err)
{
	const char *named = test->options->binary;
	struct mx_error why = { 0 };

	test->binary = realpath(named != NULL ? named : SELF, NULL);
	if (test->binary == NULL)
		return mx_error_sys(
		    err, errno, "can't test %s", named != NULL ? named : SELF);
	/* Without the openssl tool what needs no TLS can still be tested. */
	if (mx_pki_open(&test->pki, test->options->certs, &why) != MX_OK) {
		if (test->options->certs != NULL || why.code == MX_ERR_CONFIG)
			return mx_error_set(err, why.code, "%s", why.text);
		mx_log(MX_LOG_WARNING, "scenarios with TLS are skipped: %s", why.text);
		mx_pki_clear(&test->pki);
	}
	test->count = files->count;
	test->jobs = mx_calloc(files->count, sizeof *test->jobs);
	for (size_t i = 0; i < files->count; i++)
		test->jobs[i].path = files->paths[i];
	return MX_OK;
}

static int
finish(struct test *test)
{
	if (!test->options->tap)
		fprintf(test->cli->out, "%zu passed, %zu failed, %zu skipped\n",
		    test->passed, test->failed, test->skipped);
	if (test->any_faulty)
		return mx_err_exit_status(MX_ERR_CONFIG);
	return test->failed > 0 ? 1 : 0;
}

int
mx_scenario_test(struct mx_cli *cli, const struct mx_scenario_options *options,
    const struct mx_scenario_files *files)
{
	struct test test = { .cli = cli, .options = options };
	struct mx_error err = { 0 };
	bool is_parent = true;
	int status = 0;

	if (prepare(&test, files, &err) != MX_OK) {
		status = mx_cli_fail(cli, &err);
	} else {
		if (options->tap)
			fprintf(cli->out, "1..%zu\n", test.count);
		is_parent = run_jobs(&test);
		status = is_parent ? finish(&test) : 0;
	}
	if (is_parent)
		mx_pki_clear(&test.pki);
	free(test.pki.dir);
	free(test.pki.ca_file);
	free(test.pki.made);
	free(test.jobs);
	free(test.binary);
	return status;
}
