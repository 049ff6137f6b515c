/*
 * page_kit.h - the delisting request, field by field, to be copied into the provider's form.
 * In:   the kit.   Out: HTML in the kit's language.
 * Not:  nothing is filled in here, nothing is sent to anybody.
 */
#ifndef MX_WEB_PAGE_KIT_H
#define MX_WEB_PAGE_KIT_H

#include "probe/report/kit.h"
#include "probe/web/page.h"

void mx_page_put_kit(struct mx_page *page, const struct mx_kit *kit);

#endif
