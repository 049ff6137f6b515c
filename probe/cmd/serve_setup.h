/*
 * serve_setup.h - one reading of the configuration, as `mxprobe serve` works with it.
 * In:   options, the configuration file, the catalogue.   Out: what the watch (and whoever joins it) is told.
 * Not:  nothing is started. A reload makes a new one; the old one lives as long as somebody uses it.
 */
#ifndef MX_CMD_SERVE_SETUP_H
#define MX_CMD_SERVE_SETUP_H

#include "probe/cmd/settings.h"
#include "probe/watch/watch.h"

struct mx_serve_setup {
	struct mx_config config;
	struct mx_settings settings;
	/* host, store, catalogue and rules are set by whoever has them */
	struct mx_watch_params watch;
};

/** NULL with err: what the file or the options say is refused. watch.release frees it. */
struct mx_serve_setup *mx_serve_setup_load(const struct mx_cli *cli,
    const struct mx_check_options *options, const struct mx_catalogue *catalogue,
    struct mx_error *err);
/** NULL is taken. */
void mx_serve_setup_free(struct mx_serve_setup *setup);

#endif
