/* fetch_url.c - what libcurl understands by a URL is what it will fetch. */
#include "probe/net/fetch_url.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "probe/base/mem.h"
#include "probe/dns/name.h"

/* A part as our own string; NULL: there is none. */
static char *
part(CURLU *parsed, CURLUPart which, unsigned flags)
{
	char *text = NULL, *own = NULL;

	if (curl_url_get(parsed, which, &text, flags) == CURLUE_OK)
		own = mx_strdup(text);
	curl_free(text);
	return own;
}

static enum mx_err
refuse(struct mx_error *err, const char *why)
{
	return mx_error_set(err, MX_ERR_CONFIG, "no URL of a web service: %s", why);
}

static enum mx_err
take_host(struct mx_fetch_url *url, char *host, struct mx_error *err)
{
	char ascii[MX_NAME_MAX];
	size_t len = strlen(host);

	if (*host == '[' && len > 2) {
		url->host = mx_strndup(host + 1, len - 2);
		return MX_OK;
	}
	if (mx_name_to_ascii(host, ascii, NULL) != MX_OK)
		return refuse(err, "its host is no name");
	url->host = mx_strdup(ascii);
	return MX_OK;
}

static enum mx_err
take_parts(struct mx_fetch_url *url, CURLU *parsed, struct mx_error *err)
{
	char *scheme = part(parsed, CURLUPART_SCHEME, 0);
	char *host = part(parsed, CURLUPART_HOST, 0);
	char *port = part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	char *path = part(parsed, CURLUPART_PATH, 0);
	char *query = part(parsed, CURLUPART_QUERY, 0);
	char *user = part(parsed, CURLUPART_USER, 0);

	url->is_plain = scheme != NULL && strcmp(scheme, "http") == 0;
	if (scheme == NULL || (!url->is_plain && strcmp(scheme, "https") != 0))
		(void)refuse(err, "it must begin with https:// or http://");
	else if (user != NULL)
		(void)refuse(err, "a user and a password can't stand there");
	else if (host == NULL || port == NULL)
		(void)refuse(err, "it names no host");
	else if (take_host(url, host, err) == MX_OK) {
		url->port = (uint16_t)strtoul(port, NULL, 10);
		url->path = mx_asprintf("%s%s%s", path != NULL ? path : "/",
		    query != NULL ? "?" : "", query != NULL ? query : "");
	}
	free(scheme);
	free(host);
	free(port);
	free(path);
	free(query);
	free(user);
	return err->code;
}

enum mx_err
mx_fetch_url_parse(struct mx_fetch_url *url, const char *text, struct mx_error *err)
{
	CURLU *parsed = curl_url();
	enum mx_err code;

	*url = (struct mx_fetch_url){ 0 };
	if (parsed == NULL)
		mx_out_of_memory();
	if (curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK)
		code = take_parts(url, parsed, err);
	else
		code = refuse(err, "it can't be read as one");
	curl_url_cleanup(parsed);
	return code;
}

void
mx_fetch_url_clear(struct mx_fetch_url *url)
{
	free(url->host);
	free(url->path);
	*url = (struct mx_fetch_url){ 0 };
}
