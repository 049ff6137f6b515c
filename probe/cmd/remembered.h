/*
 * remembered.h - what the commands that read the store have in common.
 * In:   --store, --source and --to or --provider, the configuration.
 * Out:  an opened store, and its own words for what was named.
 * Not:  no row is read but to find a group's name.
 */
#ifndef MX_CMD_REMEMBERED_H
#define MX_CMD_REMEMBERED_H

#include "probe/base/addr.h"
#include "probe/catalogue/catalogue.h"
#include "probe/cmd/cmd.h"
#include "probe/config/config.h"
#include "probe/store/store.h"
#include "probe/watch/state.h"

struct mx_remembered {
	struct mx_config config;
	struct mx_catalogue *catalogue;
	struct mx_store *store;
	struct mx_state_rules rules; /* as configured */
};

/** given: --store, or NULL. Close with mx_remembered_close in any case. */
enum mx_err mx_remembered_open(struct mx_remembered *remembered, const struct mx_cli *cli,
    const char *given, enum mx_store_mode mode, struct mx_error *err)
    __attribute__((warn_unused_result));
void mx_remembered_close(struct mx_remembered *remembered);

/** A source as the store writes it; MX_ERR_USAGE when text is no address. option is for the
 *  message. */
enum mx_err mx_remembered_source(const char *option, const char *text,
    char out[MX_ADDR_TEXT], struct mx_error *err) __attribute__((warn_unused_result));
/** The provider group that text means: a provider's id or domain, a mail exchanger, a group or a
 *  destination of the store. MX_ERR_USAGE when it is none. NULL text gives NULL. Caller frees
 *  *group. */
enum mx_err mx_remembered_group(const struct mx_remembered *remembered,
    const char *option, const char *text, char **group, struct mx_error *err)
    __attribute__((warn_unused_result));

#endif
