/*
 * site.c - the web side alone, on a store that is there: for tests of HTTP, and to look at pages.
 * usage: site STORE ADDRESS[:PORT] [TOKEN-FILE [CERT KEY [USERS-FILE]]]
 * It prints its port on a line of its own and serves until SIGTERM or SIGINT. No schedule, no session.
 */
#include <signal.h>
#include <stdio.h>

#include "probe/base/log.h"
#include "probe/web/web.h"

static void
on_signal(void *arg, int signo)
{
	(void)signo;
	mx_loop_stop(arg);
}

static bool
on_reload(void *arg, struct mx_error *err)
{
	(void)arg;
	mx_error_set(err, MX_ERR_CONFIG, "this program has no configuration");
	return false;
}

static struct mx_store *
open_store(const char *path, struct mx_loop *loop, struct mx_error *err)
{
	struct mx_store *store = mx_store_open(path, MX_STORE_WRITE, err);

	if (store != NULL && mx_store_attach(store, loop, err) == MX_OK)
		return store;
	mx_store_close(store);
	return NULL;
}

static void
serve(struct mx_web_params *params, struct mx_error *err)
{
	struct mx_web *web = mx_web_new(params, err);

	if (web == NULL)
		return;
	printf("%u\n", mx_web_addr(web)->port);
	(void)fflush(stdout);
	mx_loop_run(params->loop);
	mx_web_free(web);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = { "mx.example.test" };
	struct mx_error err = { 0 };
	struct mx_loop *loop = mx_loop_new(&err);
	struct mx_catalogue *catalogue =
	    mx_catalogue_load(mx_catalogue_default_dir(), &err);
	struct mx_store *store =
	    argc > 2 && catalogue != NULL ? open_store(argv[1], loop, &err) : NULL;

	if (store != NULL) {
		mx_loop_on_signal(loop, SIGTERM, on_signal, loop);
		mx_loop_on_signal(loop, SIGINT, on_signal, loop);
		serve(&(struct mx_web_params){ .loop = loop,
			  .store = store,
			  .catalogue = catalogue,
			  .state_rules = &mx_state_rules_default,
			  .listen = argv[2],
			  .token_file = argc > 3 && *argv[3] != '\0' ? argv[3] : NULL,
			  .cert = argc > 5 && *argv[4] != '\0' ? argv[4] : NULL,
			  .key = argc > 5 && *argv[5] != '\0' ? argv[5] : NULL,
			  .users_file = argc > 6 ? argv[6] : NULL,
			  .names = names,
			  .name_count = 1,
			  .reload = on_reload },
		    &err);
		mx_store_detach(store);
		mx_store_close(store);
	}
	if (err.code != MX_OK)
		fprintf(stderr, "site: %s\n", err.text);
	mx_catalogue_free(catalogue);
	mx_loop_free(loop);
	return err.code == MX_OK ? 0 : 1;
}
