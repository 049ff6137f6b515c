/* admin.c - what a supervisor asks: alive, ready, read your configuration again. */
#include <string.h>

#include "probe/watch/watch.h"
#include "probe/web/handlers.h"

static void
say(struct mx_web_request *request, const char *text)
{
	mx_web_answer_static(
	    request, 200, "text/plain; charset=utf-8", text, strlen(text));
}

void
mx_web_healthy(struct mx_web_request *request)
{
	say(request, "mxprobe is alive.\n");
}

void
mx_web_ready(struct mx_web_request *request)
{
	const struct mx_watch *watch = request->web->params.watch;
	const char *why = watch != NULL ? mx_watch_waits_for(watch) : NULL;

	if (why != NULL)
		mx_web_refuse(request, 503, "not ready: %s", why);
	else
		say(request, "mxprobe is ready.\n");
}

void
mx_web_reload_now(struct mx_web_request *request)
{
	const struct mx_web_params *params = &request->web->params;
	struct mx_error err = { 0 };

	if (params->reload == NULL)
		mx_web_refuse(request, 503, "there is nobody who could reload");
	else if (!params->reload(params->reload_arg, &err))
		mx_web_refuse(request, 500, "nothing was changed: %s", err.text);
	else
		say(request, "The configuration was read again.\n");
}
