/* send.c - which way a receiver's notices go, and the end that all ways share. */
#include "probe/watch/alert/send.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "probe/base/mem.h"
#include "probe/watch/alert/way.h"

static const struct mx_way *const ways[MX_ALERTS_KINDS] = {
	[MX_ALERTS_MAIL] = &mx_way_mail,
	[MX_ALERTS_WEBHOOK] = &mx_way_webhook,
	[MX_ALERTS_COMMAND] = &mx_way_command,
};

static void
free_send(struct mx_send *send)
{
	if (send->state != NULL)
		send->way->clear(send->state);
	mx_timer_free(send->soon);
	free(send->why);
	free(send);
}

static void
tell(void *arg)
{
	struct mx_send *send = arg;
	void (*done)(void *arg, const struct mx_send_outcome *outcome) = send->done;
	void *done_arg = send->arg;
	struct mx_send_outcome end = send->end;
	char *why = send->why;

	send->why = NULL;
	free_send(send);
	end.why = why;
	done(done_arg, &end);
	free(why);
}

/* Ways end inside callbacks of what they use: the loop tells it, when those are over. */
void
mx_way_finish(
    struct mx_send *send, enum mx_send_end end, int64_t asked_us, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(&send->why, format, args) < 0)
		mx_out_of_memory();
	va_end(args);
	send->end = (struct mx_send_outcome){ .end = end, .asked_us = asked_us };
	mx_timer_start(send->soon, 0);
}

struct mx_send *
mx_send_start(const struct mx_receiver *receiver, const struct mx_send_tools *tools,
    const struct mx_send_notice *notice,
    void (*done)(void *arg, const struct mx_send_outcome *outcome), void *arg)
{
	struct mx_send *send = mx_calloc(1, sizeof *send);

	*send = (struct mx_send){
		.way = ways[receiver->kind],
		.receiver = receiver,
		.tools = tools,
		.soon = mx_timer_new(tools->loop, tell, send),
		.done = done,
		.arg = arg,
	};
	send->way->start(send, notice);
	return send;
}

void
mx_send_cancel(struct mx_send *send)
{
	if (send != NULL)
		free_send(send);
}
