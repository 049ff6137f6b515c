/*
 * post.c - submits one message many times over, one after another, and counts what came of it:
 *   post URL CA-FILE PASSWORD-FILE FROM TO COUNT [may]
 * Prints "ACCEPTED REFUSED OTHER"; the last reason on stderr.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"
#include "probe/mail/submit.h"

struct posting {
	struct mx_loop *loop;
	struct mx_mail_route route;
	struct mx_mail_message message;
	long left;
	unsigned accepted, refused, other;
	struct mx_error err;
};

static void post(struct posting *posting);

static void
on_done(void *arg, const struct mx_mail_outcome *outcome)
{
	struct posting *posting = arg;

	if (outcome->accepted)
		posting->accepted++;
	else if (outcome->end == MX_MAIL_DONE)
		posting->refused++;
	else
		posting->other++;
	if (outcome->why != NULL)
		fprintf(stderr, "%s\n", outcome->why);
	if (--posting->left > 0)
		post(posting);
	else
		mx_loop_stop(posting->loop);
}

static void
post(struct posting *posting)
{
	if (mx_mail_submit(posting->loop, NULL, &posting->route, &posting->message,
		on_done, posting, &posting->err) == NULL) {
		fprintf(stderr, "%s\n", posting->err.text);
		mx_loop_stop(posting->loop);
	}
}

int
main(int argc, char **argv)
{
	struct posting posting = { 0 };
	const char *to[1];
	char *text;

	if (argc < 7) {
		fprintf(stderr, "usage: post URL CA PASSWORD-FILE FROM TO COUNT [may]\n");
		return 64;
	}
	to[0] = argv[5];
	text =
	    mx_asprintf("From: <%s>\r\nTo: <%s>\r\nSubject: many\r\n\r\nOne of many.\r\n",
		argv[4], argv[5]);
	posting.left = strtol(argv[6], NULL, 10);
	posting.loop = mx_loop_new(&posting.err);
	if (posting.loop == NULL ||
	    mx_mail_route_parse(&posting.route, argv[1], &posting.err) != MX_OK ||
	    (posting.route.user != NULL && mx_mail_route_read_password(&posting.route,
					       argv[3], &posting.err) != MX_OK)) {
		fprintf(stderr, "%s\n", posting.err.text);
		return 4;
	}
	posting.route.ca_file = mx_strdup(argv[2]);
	posting.route.tls_optional = argc > 7;
	posting.message = (struct mx_mail_message){
		.from = argv[4], .to = to, .to_count = 1, .text = text
	};
	post(&posting);
	mx_loop_run(posting.loop);
	printf("%u %u %u\n", posting.accepted, posting.refused, posting.other);
	mx_mail_route_clear(&posting.route);
	mx_loop_free(posting.loop);
	free(text);
	return posting.err.code != MX_OK ? 4 : 0;
}
