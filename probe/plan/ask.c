/* ask.c - the wish, cut down to what is allowed and useful. */
#include "probe/plan/ask.h"

#include <stdio.h>

static enum mx_stage
wanted_depth(const struct mx_ask_wish *wish)
{
	if (wish->depth_given)
		return wish->depth;
	if (wish->mailbox != NULL || wish->provider == NULL)
		return MX_STAGE_RCPT;
	return wish->provider->depth;
}

static bool
postmaster_allowed(const struct mx_provider *provider)
{
	return provider == NULL || provider->postmaster;
}

struct mx_ask
mx_ask_decide(const struct mx_ask_wish *wish)
{
	struct mx_ask ask = { .depth = wanted_depth(wish) };

	if (ask.depth >= MX_STAGE_MAIL && !wish->has_mail_from) {
		ask.depth = MX_STAGE_EHLO;
		ask.note = "stopped at EHLO: no --mail-from was given";
		return ask;
	}
	if (ask.depth < MX_STAGE_RCPT)
		return ask;
	if (wish->mailbox != NULL) {
		snprintf(ask.rcpt, sizeof ask.rcpt, "%s", wish->mailbox);
	} else if (postmaster_allowed(wish->provider)) {
		snprintf(ask.rcpt, sizeof ask.rcpt, "postmaster@%s", wish->destination);
		if (wish->others_declared)
			ask.note =
			    "postmaster is asked: no declared mailbox is behind these "
			    "mail exchangers";
	} else {
		ask.depth = MX_STAGE_MAIL;
		ask.note = "stopped at MAIL FROM: this provider takes no postmaster@ "
			   "probe; declare a mailbox of your own there with --rcpt";
	}
	return ask;
}
