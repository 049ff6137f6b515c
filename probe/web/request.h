/*
 * request.h - one request, and how a handler answers it.
 * In:   what evhttp has read.   Out: its parts, decoded; one answer, now or later.
 * Not:  no routes (route.h), no opinion who may ask (guard.h, auth.h).
 *
 * HEAD is a GET whose body is left out behind the handler's back, so that both have the same
 * headers. Every answer carries the security headers.
 */
#ifndef MX_WEB_REQUEST_H
#define MX_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include <event2/http.h>

#include "probe/base/buf.h"
#include "probe/catalogue/catalogue.h"
#include "probe/web/site.h"

#define MX_WEB_SEGMENTS 4
#define MX_WEB_BODY_MAX \
	(64U << 20) /* bytes of an answer; a matrix of 65,536 pairs fits */

enum mx_web_method {
	MX_WEB_OTHER = 0, /* nothing here takes it */
	MX_WEB_GET = 1,   /* and HEAD */
	MX_WEB_POST = 2
};

/** Borrowed until it is answered. */
struct mx_web_request {
	struct mx_web *web;
	enum mx_web_method method;
	const char
	    *path; /* as sent, without what a proxy puts before it, and its query */
	char *segment[MX_WEB_SEGMENTS]; /* what the route's stars stand for, decoded */
	char *who;                      /* own: a user's name; NULL: not asked for one */
	bool is_bearer;                 /* a program that knows the token */
	bool accepts_html;              /* a browser */
	enum mx_lang lang;              /* ?lang=, else Accept-Language, else English */
	struct mx_web_exchange *exchange; /* request.c's own */
};

/** The first value of that name, decoded; NULL: not there. */
const char *mx_web_query(const struct mx_web_request *request, const char *name);
/** A field of the posted form, or a member of the posted JSON object that is a string. */
const char *mx_web_field(const struct mx_web_request *request, const char *name);
const char *mx_web_header(const struct mx_web_request *request, const char *name);
/** Wall clock of ?name= as RFC 3339 or Unix seconds; fallback when absent. False when malformed. */
bool mx_web_query_time(
    const struct mx_web_request *request, const char *name, int64_t *us);
/** A whole number within limits; *number stays when absent. False when malformed. */
bool mx_web_query_number(const struct mx_web_request *request, const char *name,
    long least, long most, long *number);

/** A header of the answer, before it is given. Values are ours: no remote text. */
void mx_web_set_header(
    struct mx_web_request *request, const char *name, const char *value);
/** True: the client has that version already; it is answered (304). Else the answer to come will carry
 *  the tag. version is ours, without quotes. */
bool mx_web_is_known(struct mx_web_request *request, const char *version);

/** Each of these ends the request. body is emptied. */
void mx_web_answer(
    struct mx_web_request *request, int status, const char *type, struct mx_buf *body);
/** text was malloc'd and is freed later. */
void mx_web_answer_taken(
    struct mx_web_request *request, int status, const char *type, char *text, size_t len);
/** bytes live as long as the program. */
void mx_web_answer_static(struct mx_web_request *request, int status, const char *type,
    const void *bytes, size_t len);
/** One text for several answers; it lives as long as any of them is on its way. */
struct mx_web_shared;
/** Takes over what is in body. */
struct mx_web_shared *mx_web_shared_new(struct mx_buf *body);
/** NULL is taken. */
void mx_web_shared_release(struct mx_web_shared *shared);
void mx_web_answer_shared(struct mx_web_request *request, int status, const char *type,
    struct mx_web_shared *shared);
/** {"error": sentence} for programs, a plain page for browsers. */
void mx_web_refuse(struct mx_web_request *request, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** 303: after a form was taken. where is a path of ours. */
void mx_web_see_other(struct mx_web_request *request, const char *where);

/** The answer comes later: gone is called when the client leaves first, and then there must be none.
 *  At most one. */
void mx_web_hold(struct mx_web_request *request, void (*gone)(void *arg), void *arg);
/** Nothing of the body will be sent. */
bool mx_web_is_head(const struct mx_web_request *request);
/** For an answer without an end: the headers now, then pieces. False: the client does not keep up and
 *  has been cut off (gone comes). After mx_web_hold. */
void mx_web_begin(struct mx_web_request *request, const char *type);
bool mx_web_send(struct mx_web_request *request, const char *text, size_t len);

/** For server.c: make one of evhttp's, or free those of a client who left. */
struct mx_web_request *mx_web_request_new(
    struct mx_web *web, struct evhttp_request *http);

#endif
