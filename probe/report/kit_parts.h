/*
 * kit_parts.h - the kit's inside, for those who fill and those who print it.
 * In:   -   Out: struct mx_kit.
 * Not:  not for any file but kit*.c and web/page_kit.c.
 */
#ifndef MX_REPORT_KIT_PARTS_H
#define MX_REPORT_KIT_PARTS_H

#include "probe/report/kit.h"

/** A label and its value, or a line of a list (label NULL). Strings are own. */
struct mx_kit_item {
	char *label;
	char *value; /* NULL: for the user to fill in */
	char *hint;  /* what belongs there; may be NULL */
};

struct mx_kit_list {
	struct mx_kit_item *items;
	size_t count;
};

struct mx_kit_answer {
	const struct mx_remedy_answer *row;
	char *says, *means, *next, *reply; /* own; reply may be NULL */
};

struct mx_kit {
	struct mx_kit_facts facts;
	enum mx_lang lang;
	const struct mx_provider *provider; /* may be NULL */
	const struct mx_remedy *remedy;     /* never NULL */
	char *source, *domain; /* as the provider knows us; domain may be NULL */
	char *error;           /* the refusal, word for word, LF between lines */
	char *told;            /* the same with where it came from, for a form's field */
	struct mx_kit_list situation, identity, steps, form;
	struct mx_kit_answer *answers;
	size_t answer_count;
};

/** All three are copied; label and hint may be NULL. */
void mx_kit_add(
    struct mx_kit_list *list, const char *label, const char *value, const char *hint);
const char *mx_kit_in(const struct mx_kit *kit, const struct mx_text *text);
/** The kit's words for its own sections. */
enum mx_kit_word {
	MX_KIT_SITUATION,
	MX_KIT_ERROR,
	MX_KIT_IDENTITY,
	MX_KIT_FIRST,
	MX_KIT_FORM,
	MX_KIT_YOURS,
	MX_KIT_DURATION,
	MX_KIT_ANSWERS,
	MX_KIT_REPLY,
	MX_KIT_CHECK_REPLY,
	MX_KIT_AFTER,
	MX_KIT_FOLLOW,
	MX_KIT_NO_FORM,
	MX_KIT_ALSO,
	MX_KIT_WORDS
};
const char *mx_kit_word(const struct mx_kit *kit, enum mx_kit_word word);

#endif
