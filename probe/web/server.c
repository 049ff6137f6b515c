/* server.c - a listening socket, evhttp with limits, and its requests on to the routes. */
#include "probe/web/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/http.h>
#include <event2/listener.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"
#include "probe/net/tls_server.h"
#include "probe/web/request.h"
#include "probe/web/route.h"

#define HEAD_MAX 16384 /* bytes of a request's line and headers */
#define BODY_MAX 65536
#define REQUEST_S \
	20 /* for a request to be complete; also how long a connection may idle */
#define ANSWER_S 180 /* an ad-hoc probe takes 90 s at most */
#define BACKLOG 256
/* sd_listen_fds(3): the first socket that is handed over. */
#define FIRST_INHERITED 3

struct mx_web_server {
	struct mx_web *web;
	struct evhttp *http;
	struct mx_visitors *visitors;
	struct mx_addr addr;
};

/* ---- the socket ------------------------------------------------------------------------------- */

/* One socket of systemd's, if it is meant for this process. */
static int
inherited_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	bool is_ours = pid != NULL && count != NULL &&
		       strtol(pid, NULL, 10) == (long)getpid() &&
		       strtol(count, NULL, 10) >= 1;

	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	return is_ours ? FIRST_INHERITED : -1;
}

static enum mx_err
bind_socket(int fd, const struct mx_addr *addr, struct mx_error *err)
{
	struct sockaddr_storage sa;
	socklen_t len = mx_addr_to_sockaddr(addr, &sa);
	char text[MX_ADDR_TEXT];
	int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&sa, len) == 0 && listen(fd, BACKLOG) == 0)
		return MX_OK;
	return mx_error_sys(err, errno,
	    "web.listen: cannot listen on %s; name a free port on an address of this "
	    "host",
	    mx_addr_text_port(addr, text));
}

static int
new_socket(const struct mx_addr *addr, struct mx_error *err)
{
	int fd = socket(addr->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		mx_error_sys(err, errno, "web: no socket");
	else if (bind_socket(fd, addr, err) != MX_OK) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static enum mx_err
learn_addr(int fd, struct mx_addr *addr, struct mx_error *err)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof sa;

	if (getsockname(fd, (struct sockaddr *)&sa, &len) == 0 &&
	    mx_addr_from_sockaddr((struct sockaddr *)&sa, addr))
		return MX_OK;
	return mx_error_set(err, MX_ERR_SYSTEM,
	    "the socket that systemd hands over is no TCP socket; see ListenStream= of "
	    "its unit");
}

/* Checked before anything listens, and again for a socket that came from elsewhere. */
static enum mx_err
check_reach(
    const struct mx_addr *addr, const struct mx_web_params *params, struct mx_error *err)
{
	char text[MX_ADDR_TEXT];

	if (mx_addr_is_loopback(addr))
		return MX_OK;
	if (params->cert == NULL)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "web.listen: others can reach %s: it needs tls: {cert, key}",
		    mx_addr_text_port(addr, text));
	if (params->token_file == NULL && params->users_file == NULL)
		return mx_error_set(err, MX_ERR_CONFIG,
		    "web.listen: others can reach %s: it needs token_file or users_file",
		    mx_addr_text_port(addr, text));
	return MX_OK;
}

static int
open_socket(
    const struct mx_web_params *params, struct mx_addr *addr, struct mx_error *err)
{
	const char *listen_on = params->listen != NULL ? params->listen : MX_WEB_LISTEN;
	int fd = inherited_socket();

	if (fd < 0) {
		if (!mx_addr_parse_listen(listen_on, addr)) {
			mx_error_set(err, MX_ERR_CONFIG,
			    "web.listen: \"%s\" is neither ADDRESS:PORT nor [IPV6]:PORT",
			    listen_on);
			return -1;
		}
		if (check_reach(addr, params, err) != MX_OK)
			return -1;
		fd = new_socket(addr, err);
	}
	if (fd < 0)
		return -1;
	if (learn_addr(fd, addr, err) == MX_OK && check_reach(addr, params, err) == MX_OK)
		return fd;
	(void)close(fd);
	return -1;
}

/* ---- evhttp ----------------------------------------------------------------------------------- */

static void
on_request(struct evhttp_request *http, void *arg)
{
	struct mx_web_server *server = arg;

	mx_web_route(mx_web_request_new(server->web, http));
}

/* Out of descriptors: evhttp would be woken again and again. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	(void)listener, (void)arg;
	mx_log(MX_LOG_WARNING, "web: a connection can't be taken: %s", strerror(errno));
}

static struct bufferevent *
open_tls(void *arg, struct event_base *base)
{
	struct mx_web *web = arg;

	return mx_tls_server_open(web->tls, base);
}

static struct evhttp *
new_http(struct mx_web_server *server)
{
	struct evhttp *http = evhttp_new(mx_loop_base(server->web->params.loop));

	if (http == NULL)
		mx_out_of_memory();
	evhttp_set_max_headers_size(http, HEAD_MAX);
	evhttp_set_max_body_size(http, BODY_MAX);
	/* Of a single read or write; visitors.h has the whole. */
	evhttp_set_timeout(http, ANSWER_S);
	evhttp_set_default_content_type(http, NULL);
	/* All that evhttp knows: what is not ours is answered with Allow. */
	evhttp_set_allowed_methods(
	    http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
		      EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
		      EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH);
	evhttp_set_gencb(http, on_request, server);
	evhttp_set_bevcb(http, mx_visitors_open, server->visitors);
	return http;
}

struct mx_web_server *
mx_web_server_new(struct mx_web *web, struct mx_error *err)
{
	struct mx_web_server *server;
	struct evhttp_bound_socket *bound;
	struct mx_addr addr = { 0 };
	int fd = open_socket(&web->params, &addr, err);

	if (fd < 0)
		return NULL;
	server = mx_calloc(1, sizeof *server);
	*server = (struct mx_web_server){ .web = web, .addr = addr };
	server->visitors = mx_visitors_new(&(struct mx_visitors_params){
	    .base = mx_loop_base(web->params.loop),
	    .most = MX_VISITORS_MAX,
	    .request_s = REQUEST_S,
	    .answer_s = ANSWER_S,
	    .open = web->tls != NULL ? open_tls : NULL,
	    .arg = web,
	});
	server->http = new_http(server);
	bound = evhttp_accept_socket_with_handle(server->http, fd);
	if (bound == NULL)
		mx_out_of_memory();
	evconnlistener_set_error_cb(
	    evhttp_bound_socket_get_listener(bound), on_accept_error);
	return server;
}

enum mx_err
mx_web_server_check(const struct mx_web_server *server,
    const struct mx_web_params *params, struct mx_error *err)
{
	return check_reach(&server->addr, params, err);
}

void
mx_web_server_free(struct mx_web_server *server)
{
	if (server == NULL)
		return;
	evhttp_free(server->http);
	mx_visitors_free(server->visitors);
	free(server);
}

const struct mx_addr *
mx_web_server_addr(const struct mx_web_server *server)
{
	return &server->addr;
}

struct mx_visitors *
mx_web_server_visitors(struct mx_web_server *server)
{
	return server->visitors;
}
