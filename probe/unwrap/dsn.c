#include "probe/unwrap/dsn.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/buf.h"
#include "probe/unwrap/quote.h"

/* The fields of one group, each "type; value" or a value alone. */
enum field {
	REPORTING_MTA,
	SENDER,
	FINAL,
	ORIGINAL,
	ACTION,
	STATUS,
	REMOTE,
	DIAGNOSTIC,
	FIELDS
};

static const char *const names[FIELDS] = { "Reporting-MTA", "X-Postfix-Sender",
	"Final-Recipient", "Original-Recipient", "Action", "Status", "Remote-MTA",
	"Diagnostic-Code" };

struct group {
	struct mx_span field[FIELDS];
};

/* A field with the lines folded into it: up to a line that does not begin with white space. */
static size_t
field_length(struct mx_span text)
{
	size_t len = mx_span_chr(text, '\n');

	while (len + 1 < text.len &&
	       (text.at[len + 1] == ' ' || text.at[len + 1] == '\t') &&
	       mx_span_trim(mx_span_cut(text, len + 1,
				mx_span_chr(mx_span_from(text, len + 1), '\n')))
		       .len > 0)
		len += 1 + mx_span_chr(mx_span_from(text, len + 1), '\n');
	return len < text.len ? len + 1 : text.len;
}

static void
keep_field(struct group *group, struct mx_span field)
{
	size_t colon = mx_span_chr(field, ':');
	struct mx_span name = mx_span_trim(mx_span_cut(field, 0, colon));

	for (int i = 0; i < FIELDS; i++)
		if (mx_span_is(name, names[i]))
			group->field[i] = mx_span_trim(mx_span_from(field, colon + 1));
}

/* Groups are parted by blank lines. Returns false at the end. */
static bool
next_group(struct mx_span *text, struct group *group)
{
	bool any = false;

	*group = (struct group){ 0 };
	while (text->len > 0) {
		size_t len = field_length(*text);
		struct mx_span field = mx_span_cut(*text, 0, len);

		*text = mx_span_from(*text, len);
		if (mx_span_trim(field).len > 0) {
			keep_field(group, field);
			any = true;
		} else if (any) {
			return true;
		}
	}
	return any;
}

/* "rfc822; user@example" without its type. */
static struct mx_span
value_of(struct mx_span field)
{
	size_t at = mx_span_chr(field, ';');

	return mx_span_trim(at < field.len ? mx_span_from(field, at + 1) : field);
}

static struct mx_span
recipient_of(const struct group *group)
{
	struct mx_span found = mx_span_last_mailbox(group->field[FINAL]);

	return found.len > 0 ? found : mx_span_last_mailbox(group->field[ORIGINAL]);
}

static bool
failed(const struct group *group)
{
	struct mx_span action = group->field[ACTION];

	return !mx_span_starts(action, "delivered") &&
	       !mx_span_starts(action, "relayed") && !mx_span_starts(action, "expanded");
}

/* A folded value: its line breaks are not the server's, unless a code follows. */
static void
read_diagnostic(struct mx_span field, struct mx_draft *draft)
{
	struct mx_draft quoted = *draft;
	size_t at = 0;

	draft->reply = value_of(field);
	draft->prose = true;
	/* X-Postfix and X-Unix speak of what the sender itself did. */
	draft->local = !mx_span_starts(field, "smtp") && mx_span_starts(field, "x-");
	if (mx_span_code(draft->reply) == 0 &&
	    mx_quote_next(draft->reply, &at, MX_QUOTE_PROSE, &quoted)) {
		quoted.form = draft->form;
		quoted.prose = true;
		*draft = quoted;
	}
	mx_quote_innermost(draft);
}

static size_t
tell_recipient(const struct group *group, struct mx_draft draft, bool bare,
    const struct mx_unwrap_sink *sink)
{
	struct mx_span status = group->field[STATUS], remote = group->field[REMOTE];

	draft.form = "rfc3464";
	draft.rcpt = recipient_of(group);
	mx_enhanced_parse(status.at, status.len, &draft.enhanced);
	if (remote.len > 0)
		mx_span_host(value_of(remote), &draft.mx_host, &draft.mx_addr);
	if (group->field[DIAGNOSTIC].len > 0) {
		read_diagnostic(group->field[DIAGNOSTIC], &draft);
	} else if (bare) {
		draft.reply = status;
		draft.local = true;
	}
	return mx_draft_tell(&draft, sink);
}

size_t
mx_dsn_read(struct mx_span text, const struct mx_draft *known, bool bare,
    const struct mx_unwrap_sink *sink)
{
	struct mx_draft draft = *known;
	struct group group;
	size_t told = 0;

	while (next_group(&text, &group)) {
		struct mx_addr addr;

		if (group.field[REPORTING_MTA].len > 0)
			mx_span_host(value_of(group.field[REPORTING_MTA]),
			    &draft.source_host, &addr);
		if (group.field[SENDER].len > 0) {
			draft.mail_from = value_of(group.field[SENDER]);
			draft.has_from = true;
		}
		if (group.field[FINAL].len + group.field[ORIGINAL].len > 0 &&
		    failed(&group))
			told += tell_recipient(&group, draft, bare, sink);
	}
	return told;
}
