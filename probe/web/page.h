/*
 * page.h - what every page has: its frame, and the small parts they are made of.
 * In:   a title, words, times, states.   Out: HTML.
 * Not:  no request and no store (page_handlers.h): a page is made from what its caller has gathered.
 */
#ifndef MX_WEB_PAGE_H
#define MX_WEB_PAGE_H

#include "probe/web/html.h"
#include "probe/web/page_words.h"

struct mx_page {
	struct mx_html html;
	enum mx_lang lang;
	const char *root; /* "" or "/mxprobe": stands before every address of ours */
	const char
	    *suffix; /* "?lang=ja" where the language was asked for, else "": for links */
	int64_t now_us;
	const char
	    *csrf; /* a secret that forms send back; NULL: nothing may be changed */
	const char *told; /* what became of a form that was sent; may be NULL */
};

/** Of one page. NULL where there is none. */
struct mx_page_head {
	const char *title;
	const char *self;    /* its own address without root and language: "/events" */
	const char *section; /* "matrix", "events": marked in the menu */
	/* what news it wants (page.js): "all", "pair", "none"; of which pair */
	const char *live, *source, *group;
};

void mx_page_begin(struct mx_page *page, const struct mx_page_head *head);
void mx_page_end(struct mx_page *page);
/** A whole page that says only this. */
void mx_page_notice(struct mx_page *page, const char *text);

/** In the page's language; escaped. */
void mx_page_say(struct mx_page *page, enum mx_saying saying);
const char *mx_page_in(const struct mx_page *page, const struct mx_text *text);

#define MX_PAGE_NUMBER 32
/** "20,001". out holds MX_PAGE_NUMBER bytes. */
const char *mx_page_number(size_t number, char *out);

/** "ja" where the language was asked for, as links and forms must say it again; else NULL. */
const char *mx_page_lang(const struct mx_page *page);

/** "2 h ago"; with the moment itself in its title. 0: never. */
void mx_page_ago(struct mx_page *page, int64_t time_us);
/** "2 h": since then. */
void mx_page_age(struct mx_page *page, int64_t time_us);
/** The moment, in the host's zone, with UTC in its title. */
void mx_page_time(struct mx_page *page, int64_t time_us);
/** "in 2 h"; what is past is now. */
void mx_page_ahead(struct mx_page *page, int64_t time_us);

/** Mark and word of a state; those of stale or blind where it is so. */
const struct mx_state_look *mx_page_look(
    enum mx_state state, bool is_stale, bool is_blind);
void mx_page_state(struct mx_page *page, const struct mx_state_look *look);
void mx_page_verdict(struct mx_page *page, const char *verdict);

/** "/pair/203.0.113.5/google", without the root. what: "pair", "delist". Caller frees. */
char *mx_page_pair_path(const char *what, const char *source, const char *group);
/** A link to another host, if it is fit for one; else its text. */
void mx_page_link_out(struct mx_page *page, const char *url, const char *text);
/** A row of a list of facts: nothing where value is NULL. */
void mx_page_fact(struct mx_page *page, enum mx_saying name, const char *value);
/** The same for values that take markup: put what is between. */
void mx_page_fact_begin(struct mx_page *page, enum mx_saying name);
void mx_page_fact_end(struct mx_page *page);

#endif
