/*
 * engine.c - the way through a session, and every way out of it:
 *
 *   BANNER -> EHLO -> STARTTLS -> TLS -> EHLO_TLS -> MAIL -> RCPT -> RSET -> QUIT -> DONE
 *              |  \______________________________/     \_____________^
 *              +-> HELO (servers that know no EHLO)
 *
 * A refusal anywhere leads to QUIT; the depth asked for leads there without one. RSET is
 * said only where a transaction was opened, so that the server's log shows it was given
 * up on purpose.
 */
#include "probe/smtp/engine.h"

#include <stddef.h>

typedef enum mx_step reader(struct mx_engine *engine, int code, bool offers_starttls);

struct step {
	enum mx_stage stage;
	const char *verb; /* what entering says; NULL: nothing */
	const char *tail; /* behind the argument */
	reader *read; /* who reads the reply and names the next step; NULL: none is due */
	bool hears_commands;
};

static reader on_banner, on_ehlo, on_helo, on_starttls, on_ehlo_tls, on_mail, on_rcpt,
    on_rset, on_quit;

/* clang-format off */
static const struct step steps[MX_STEP_COUNT] = {
	[MX_STEP_BANNER]   = { MX_STAGE_BANNER,   NULL,         "",  on_banner,   false },
	[MX_STEP_EHLO]     = { MX_STAGE_EHLO,     "EHLO ",      "",  on_ehlo,     true  },
	[MX_STEP_HELO]     = { MX_STAGE_EHLO,     "HELO ",      "",  on_helo,     true  },
	[MX_STEP_STARTTLS] = { MX_STAGE_STARTTLS, "STARTTLS",   "",  on_starttls, true  },
	[MX_STEP_TLS]      = { MX_STAGE_TLS,      NULL,         "",  NULL,        false },
	[MX_STEP_EHLO_TLS] = { MX_STAGE_EHLO,     "EHLO ",      "",  on_ehlo_tls, true  },
	[MX_STEP_MAIL]     = { MX_STAGE_MAIL,     "MAIL FROM:<", ">", on_mail,    true  },
	[MX_STEP_RCPT]     = { MX_STAGE_RCPT,     "RCPT TO:<",  ">", on_rcpt,     true  },
	[MX_STEP_RSET]     = { MX_STAGE_QUIT,     "RSET",       "",  on_rset,     true  },
	[MX_STEP_QUIT]     = { MX_STAGE_QUIT,     "QUIT",       "",  on_quit,     false },
	[MX_STEP_DONE]     = { MX_STAGE_QUIT,     NULL,         "",  NULL,        false },
};
/* clang-format on */

enum mx_stage
mx_step_stage(enum mx_step step)
{
	return steps[step].stage;
}

bool
mx_step_hears_commands(enum mx_step step)
{
	return steps[step].hears_commands;
}

static const char *
argument_of(const struct mx_engine *engine)
{
	switch (engine->step) {
	case MX_STEP_EHLO:
	case MX_STEP_HELO:
	case MX_STEP_EHLO_TLS:
		return engine->params->helo;
	case MX_STEP_MAIL:
		return engine->params->mail_from;
	case MX_STEP_RCPT:
		return engine->params->rcpt;
	case MX_STEP_BANNER:
	case MX_STEP_STARTTLS:
	case MX_STEP_TLS:
	case MX_STEP_RSET:
	case MX_STEP_QUIT:
	case MX_STEP_DONE:
	case MX_STEP_COUNT:
		break;
	}
	return "";
}

/* The only place where the step changes. */
static void
enter(struct mx_engine *engine, enum mx_step next)
{
	engine->step = next;
	if (next == MX_STEP_DONE) {
		engine->ops->done(engine->arg);
		return; /* the engine may be gone */
	}
	engine->ops->enter(engine->arg, next);
	if (next == MX_STEP_TLS)
		engine->ops->start_tls(engine->arg);
	if (steps[next].verb != NULL)
		engine->ops->say(
		    engine->arg, steps[next].verb, argument_of(engine), steps[next].tail);
}

void
mx_engine_start(struct mx_engine *engine, const struct mx_session_params *params,
    const struct mx_engine_ops *ops, void *arg)
{
	*engine = (struct mx_engine){ .ops = ops, .arg = arg, .params = params };
	enter(engine, MX_STEP_BANNER);
}

void
mx_engine_reply(struct mx_engine *engine, int code, bool offers_starttls)
{
	if (steps[engine->step].read != NULL)
		enter(engine, steps[engine->step].read(engine, code, offers_starttls));
}

void
mx_engine_secured(struct mx_engine *engine, bool verified)
{
	engine->tls = MX_TLS_DONE;
	if (verified || engine->params->tls_mode != MX_TLS_REQUIRE) {
		enter(engine, MX_STEP_EHLO_TLS);
		return;
	}
	engine->ops->tls_unmet(engine->arg, MX_END_TLS_UNVERIFIED);
	enter(engine, MX_STEP_QUIT);
}

static bool
is_positive(int code)
{
	return code >= 200 && code <= 299;
}

/* The depth asked for is reached, or there is nothing to say further on. */
static bool
stops_at(const struct mx_engine *engine, enum mx_stage stage)
{
	return engine->params->depth <= stage;
}

static enum mx_step
on_banner(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)offers_starttls;
	if (!is_positive(code) || stops_at(engine, MX_STAGE_BANNER))
		return MX_STEP_QUIT;
	return MX_STEP_EHLO;
}

/* Greeted, as secure as it gets: on to the question we came for. */
static enum mx_step
after_greeting(const struct mx_engine *engine)
{
	if (stops_at(engine, MX_STAGE_EHLO) || engine->params->mail_from == NULL)
		return MX_STEP_QUIT;
	return MX_STEP_MAIL;
}

static enum mx_step
without_tls(const struct mx_engine *engine)
{
	if (engine->params->tls_mode != MX_TLS_REQUIRE)
		return after_greeting(engine);
	engine->ops->tls_unmet(engine->arg, MX_END_TLS_MISSING);
	return MX_STEP_QUIT;
}

/* "Command not recognised / not implemented": only then is HELO worth a try (RFC 5321 3.2). Any
 * other refusal is an answer about us, and asking again would be asking twice. */
static bool
knows_no_ehlo(int code)
{
	return code == 500 || code == 502 || code == 504;
}

static enum mx_step
on_ehlo(struct mx_engine *engine, int code, bool offers_starttls)
{
	if (knows_no_ehlo(code)) {
		engine->helo_fallback = true;
		return MX_STEP_HELO;
	}
	if (!is_positive(code))
		return MX_STEP_QUIT;
	if (!offers_starttls)
		return without_tls(engine);
	if (engine->params->tls_mode != MX_TLS_NONE)
		return MX_STEP_STARTTLS;
	engine->tls = MX_TLS_NOT_TRIED;
	return after_greeting(engine);
}

static enum mx_step
on_helo(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)offers_starttls;
	return is_positive(code) ? without_tls(engine) : MX_STEP_QUIT;
}

static enum mx_step
on_starttls(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)offers_starttls;
	if (code == 220)
		return MX_STEP_TLS;
	engine->tls = MX_TLS_REFUSED;
	return code == 421 ? MX_STEP_QUIT : without_tls(engine);
}

static enum mx_step
on_ehlo_tls(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)offers_starttls;
	return is_positive(code) ? after_greeting(engine) : MX_STEP_QUIT;
}

static enum mx_step
on_mail(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)offers_starttls;
	if (!is_positive(code))
		return MX_STEP_QUIT;
	if (stops_at(engine, MX_STAGE_MAIL) || engine->params->rcpt == NULL)
		return MX_STEP_RSET;
	return MX_STEP_RCPT;
}

/* Accepted or refused, this was the question: we leave before DATA. After 421 the peer
 * has closed (RFC 5321 3.8) and would take RSET for a client that does not listen. */
static enum mx_step
on_rcpt(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)engine, (void)offers_starttls;
	return code == 421 ? MX_STEP_QUIT : MX_STEP_RSET;
}

static enum mx_step
on_rset(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)engine, (void)code, (void)offers_starttls;
	return MX_STEP_QUIT;
}

static enum mx_step
on_quit(struct mx_engine *engine, int code, bool offers_starttls)
{
	(void)engine, (void)code, (void)offers_starttls;
	return MX_STEP_DONE;
}
