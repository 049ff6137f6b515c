/*
 * preflight.h - is a source, with its HELO name and sender, in order? Everything DNS can tell.
 * In:   an address (owned or not), names, a resolver.   Out: rows, each with what to change.
 * Not:  no session, no verdict; nothing here refuses anything.
 */
#ifndef MX_IDENTITY_PREFLIGHT_H
#define MX_IDENTITY_PREFLIGHT_H

#include "probe/catalogue/catalogue.h"
#include "probe/identity/check.h"
#include "probe/identity/dnsbl.h"
#include "probe/identity/fcrdns.h"
#include "probe/identity/spf/spf.h"

struct mx_preflight {
	struct mx_addr source;
	char *helo;      /* given, or chosen as mx_helo_choose() does; own, as all here */
	char *mail_from; /* NULL: not given; "" the null sender */
	bool has_mail_from_spf, has_helo_spf; /* asked at all? */
	enum mx_spf_result mail_from_spf, helo_spf;
	char *explanation; /* what the domain says to those who fail (exp=), or NULL */
	struct mx_checks checks;
};

/** All borrowed until done. */
struct mx_preflight_params {
	struct mx_loop *loop;
	struct mx_resolver *resolver;
	struct mx_addr source;
	const char *helo; /* NULL: the FCrDNS name, else the address literal */
	const char
	    *mail_from; /* NULL: the sender's rows are left out; "" the null sender */
	const struct mx_fcrdns
	    *fcrdns; /* of the source, if known; NULL: it is looked up */
	const char *const *destinations; /* whose names nobody may borrow */
	size_t destination_count;
	const char *const *selectors; /* DKIM; each a name of DNS labels */
	size_t selector_count;
	struct mx_dnsbl *dnsbl;               /* NULL: no blocklist is asked */
	const struct mx_catalogue *catalogue; /* may be NULL */
	/* For everything together. What has not been answered then is unknown, never a fail. */
	int64_t timeout_us;
};

struct mx_preflight_search;
/** done is called once, from the loop, never from inside this call; the result is handed over
 *  (mx_preflight_free). The handle dies before done is called. */
struct mx_preflight_search *mx_preflight_start(const struct mx_preflight_params *params,
    void (*done)(void *arg, struct mx_preflight *preflight), void *arg);
/** done never comes then. NULL is taken. */
void mx_preflight_cancel(struct mx_preflight_search *search);
/** NULL is taken. */
void mx_preflight_free(struct mx_preflight *preflight);

#endif
