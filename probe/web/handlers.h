/*
 * handlers.h - all that routes lead to.
 * In:   a request that may be answered.   Out: it is, now or later.
 * Not:  only route.c calls them.
 */
#ifndef MX_WEB_HANDLERS_H
#define MX_WEB_HANDLERS_H

#include "probe/web/request.h"

/* admin.c */
void mx_web_healthy(struct mx_web_request *request);
void mx_web_ready(struct mx_web_request *request);
void mx_web_reload_now(struct mx_web_request *request);

/* metrics.c */
void mx_web_metrics(struct mx_web_request *request);

/* api_model.c */
void mx_api_matrix(struct mx_web_request *request);
void mx_api_pairs(struct mx_web_request *request);
/* api_store.c */
void mx_api_history(struct mx_web_request *request);
void mx_api_transcript(struct mx_web_request *request);
void mx_api_events(struct mx_web_request *request);
void mx_api_deliveries(struct mx_web_request *request);
/* api_delist.c */
void mx_api_delist(struct mx_web_request *request);
/* api_change.c */
void mx_api_session(struct mx_web_request *request);
void mx_api_probe(struct mx_web_request *request);
void mx_api_delist_change(struct mx_web_request *request);
/** What is on its way to the store comes back to nobody: the site goes down. */
void mx_api_forget_changes(struct mx_web *web);
/* stream.c */
void mx_api_stream(struct mx_web_request *request);
/* probe_now.c */
void mx_web_probe(struct mx_web_request *request);

/* page_handlers.c */
void mx_page_matrix(struct mx_web_request *request);
void mx_page_pair(struct mx_web_request *request);
void mx_page_transcript(struct mx_web_request *request);
void mx_page_events(struct mx_web_request *request);
void mx_page_delist(struct mx_web_request *request);
void mx_page_asset(struct mx_web_request *request);

#endif
