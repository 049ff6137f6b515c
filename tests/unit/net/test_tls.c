/* test_tls.c - streams that go on in TLS, against OpenSSL servers with the test PKI. */
#include <criterion/criterion.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "peer.h"
#include "probe/base/mem.h"

TestSuite(tls, .timeout = 20);

static void
close_it(struct client *client)
{
	client_close(client);
}

static void
ehlo_and_close(struct client *client)
{
	client_write(client, "EHLO me\r\n");
	client_close(client);
}

/* The server's 220 to STARTTLS, then its handshake, then to the end. */
static void
serve_tls(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	if (peer_secure(peer))
		peer_hear_all(peer);
}

static void
visit(struct client *client, struct peer *peer, void (*script)(struct peer *peer))
{
	if (peer->certificate == NULL)
		peer->certificate = "good";
	if (client->on_data == NULL)
		client->on_data = client_start_tls;
	client_init(client);
	peer_start(peer, "127.0.0.1", script);
	client_dial(client, "127.0.0.2", &peer->addr);
	client_run(client);
}

static void
leave(struct client *client, struct peer *peer)
{
	client_clear(client);
	peer_join(peer);
}

/* ---- certificates ---- */

/* clang-format off */
static const struct {
	const char *certificate, *host;
	bool verified;
	const char *reason; /* a part of it */
} certificates[] = {
	{ "good",          "mx1.example.test", true,  NULL },
	{ "good",          "example.test",     true,  NULL },
	{ "good",          "example.test.",    true,  NULL },
	{ "good-rsa",      "mx1.example.test", true,  NULL },
	{ "expired",       "mx1.example.test", false, "has expired" },
	{ "not-yet-valid", "mx1.example.test", false, "not yet valid" },
	{ "wrong-name",    "mx1.example.test", false, "not for mx1.example.test" },
	{ "self-signed",   "mx1.example.test", false, "self-signed" },
	{ "other-ca",      "mx1.example.test", false, "not trusted here" },
	{ "good",          "a.b.example.test", false, "not for a.b.example.test" },
	{ "good",          "127.0.0.1",        false, "IP address mismatch" },
	{ "good",          NULL,               false, "no name to compare" },
};
/* clang-format on */

Test(tls, a_bad_certificate_is_recorded_and_the_session_goes_on)
{
	for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++) {
		struct client client = { .tls_host = certificates[i].host,
			.on_secured = ehlo_and_close };
		struct peer peer = { .certificate = certificates[i].certificate };
		const char *name = certificates[i].certificate;
		visit(&client, &peer, serve_tls);
		cr_assert_eq(client.secured, 1, "%s: %s", name, client.text);
		cr_assert_eq(client.facts.seen, MX_TLS_DONE);
		cr_assert_eq(client.facts.verified, certificates[i].verified,
		    "%s for %s: %s", name, certificates[i].host, client.facts.reason);
		if (certificates[i].reason == NULL)
			cr_assert_null(client.facts.reason);
		else
			cr_assert_not_null(
			    strstr(client.facts.reason, certificates[i].reason), "%s: %s",
			    name, client.facts.reason);
		leave(&client, &peer);
		cr_assert_str_eq(peer.heard, "EHLO me\r\n");
	}
}

Test(tls, the_facts_are_those_of_the_certificate)
{
	static const char *const names[] = { "example.test", "*.example.test",
		"postfix.test", "*.postfix.test", "localhost" };
	struct client client = { .tls_host = "mx1.example.test", .on_secured = close_it };
	struct peer peer = { 0 };
	const struct mx_tls_facts *facts = &client.facts;
	int64_t now = (int64_t)time(NULL);

	visit(&client, &peer, serve_tls);
	cr_assert_str_eq(facts->version, "TLSv1.3");
	cr_assert_str_eq(facts->cipher, "TLS_AES_256_GCM_SHA384");
	cr_assert_not(facts->obsolete);
	cr_assert_not_null(
	    strstr(facts->subject, "CN = example.test"), "%s", facts->subject);
	cr_assert_not_null(strstr(facts->issuer, "mxprobe test intermediate"));
	cr_assert_eq(facts->name_count, sizeof names / sizeof *names);
	for (size_t i = 0; i < facts->name_count; i++)
		cr_assert_str_eq(facts->names[i], names[i]);
	cr_assert(facts->not_before_s < now && facts->not_before_s > now - 400 * 86400LL);
	cr_assert(facts->not_after_s > now + 20 * 86400LL);
	leave(&client, &peer);
}

Test(tls, a_name_is_sent_as_sni_and_an_address_is_not)
{
	static const char *const hosts[][2] = { { "mx1.example.test",
						    "mx1.example.test" },
		{ "mx1.example.test.", "mx1.example.test" }, { "127.0.0.1", "" },
		{ "2001:db8::1", "" }, { NULL, "" }, { "", "" } };

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		struct client client = { .tls_host = hosts[i][0],
			.on_secured = ehlo_and_close };
		struct peer peer = { 0 };
		visit(&client, &peer, serve_tls);
		leave(&client, &peer);
		cr_assert_str_eq(peer.heard, "EHLO me\r\n");
		cr_assert_str_eq(peer.server_name, hosts[i][1]);
	}
}

Test(tls, old_versions_are_observed_and_called_obsolete)
{
	static const struct {
		int version;
		const char *name;
		bool obsolete;
	} versions[] = { { TLS1_VERSION, "TLSv1", true },
		{ TLS1_1_VERSION, "TLSv1.1", true }, { TLS1_2_VERSION, "TLSv1.2", false },
		{ TLS1_3_VERSION, "TLSv1.3", false } };

	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		struct client client = { .tls_host = "example.test",
			.on_secured = close_it };
		struct peer peer = { .max_version = versions[i].version };
		visit(&client, &peer, serve_tls);
		cr_assert_eq(client.secured, 1, "%s: %s", versions[i].name, client.text);
		cr_assert_str_eq(client.facts.version, versions[i].name);
		cr_assert_eq(client.facts.obsolete, versions[i].obsolete);
		cr_assert(client.facts.verified);
		leave(&client, &peer);
	}
}

/* ---- a certificate that no CA would sign ---- */

static void
add_dns_name(GENERAL_NAMES *names, const char *bytes, int len)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	ASN1_STRING_set(text, bytes, len);
	GENERAL_NAME_set0_value(name, GEN_DNS, text);
	sk_GENERAL_NAME_push(names, name);
}

static GENERAL_NAMES *
hostile_names(void)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	char giant[300];

	memset(giant, 'a', sizeof giant);
	add_dns_name(names, "mx1.example.test\0.evil.test", 27);
	add_dns_name(names, giant, sizeof giant);
	add_dns_name(names, "\x1b[31mred\xff", 9);
	for (int i = 0; i < 40; i++)
		add_dns_name(names, "more.test", 9);
	return names;
}

static SSL_CTX *
hostile_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	GENERAL_NAMES *names = hostile_names();

	X509_set_version(cert, X509_VERSION_3);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
	    (const unsigned char *)"a\nb\x1b[2J", 7, -1, 0);
	X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0);
	X509_sign(cert, key, EVP_sha256());
	SSL_CTX_use_certificate(context, cert);
	SSL_CTX_use_PrivateKey(context, key);
	GENERAL_NAMES_free(names);
	X509_free(cert);
	EVP_PKEY_free(key);
	return context;
}

Test(tls, hostile_names_are_bounded_and_pass_for_nobody)
{
	struct client client = { .tls_host = "mx1.example.test", .on_secured = close_it };
	struct peer peer = { .context = hostile_context() };
	const struct mx_tls_facts *facts = &client.facts;

	visit(&client, &peer, serve_tls);
	cr_assert_eq(client.secured, 1, "%s", client.text);
	cr_assert_not(facts->verified);
	cr_assert_eq(facts->name_count, MX_TLS_NAMES);
	cr_assert_str_eq(facts->names[0], "mx1.example.test\xe2\x90\x80.evil.test");
	cr_assert_eq(strlen(facts->names[1]), 253);
	cr_assert_str_eq(facts->names[2], "\x1b[31mred\xff");
	cr_assert_null(strchr(facts->subject, '\n'), "%s", facts->subject);
	leave(&client, &peer);
}

/* ---- handshakes that fail ---- */

static void
stay_plain(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	peer_hear(peer, "\x16\x03");
	peer_say(peer, "500 5.5.1 what is this?\r\n");
	peer_hear_all(peer);
}

static void
close_instead(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	shutdown(peer->fd, SHUT_WR);
	peer_hear_all(peer);
}

static void
reset_instead(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	peer_hear(peer, "\x16\x03");
	peer_reset(peer);
}

static void
say_garbage(struct peer *peer)
{
	static const char garbage[] = "\x16\x03\x03\x00\x05\x02garb";

	peer_say(peer, "220 go\r\n");
	peer_hear(peer, "\x16\x03");
	send(peer->fd, garbage, sizeof garbage - 1, MSG_NOSIGNAL);
	peer_hear_all(peer);
}

/* Only ciphers that an ECDSA certificate can't serve. */
static void
share_no_cipher(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	peer->context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_max_proto_version(peer->context, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(peer->context, "ECDHE-RSA-AES128-GCM-SHA256");
	cr_assert_not(peer_secure(peer));
}

/* clang-format off */
static const struct {
	void (*script)(struct peer *peer);
	const char *reason; /* a part of it */
} failures[] = {
	{ stay_plain,      "spoke plaintext (wrong version number)" },
	{ close_instead,   "closed during the handshake" },
	{ reset_instead,   "reset during the handshake" },
	{ say_garbage,     "TLS: " },
	{ share_no_cipher, "alert: handshake failure" },
};
/* clang-format on */

Test(tls, a_failed_handshake_says_why)
{
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		struct client client = { .tls_host = "example.test" };
		struct peer peer = { 0 };
		visit(&client, &peer, failures[i].script);
		cr_assert_eq(client.secured, 0);
		cr_assert_eq(client.end, MX_END_TLS_FAILED, "%zu: %d", i, client.end);
		cr_assert(client.has_facts);
		cr_assert_eq(client.facts.seen, MX_TLS_FAILED);
		cr_assert_not_null(strstr(client.facts.reason, failures[i].reason),
		    "%zu: %s", i, client.facts.reason);
		cr_assert_str_eq(client.text, client.facts.reason);
		leave(&client, &peer);
	}
}

/* ---- how it ends ---- */

static void
part_with_notify(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	if (peer_secure(peer)) {
		peer_hear(peer, "EHLO");
		peer_say(peer, "221 bye\r\n");
		SSL_shutdown(peer->ssl);
	}
}

static void
part_without_notify(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	if (peer_secure(peer)) {
		peer_hear(peer, "EHLO");
		peer_say(peer, "221 bye\r\n");
	}
}

static void
part_with_reset(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	if (peer_secure(peer)) {
		peer_hear(peer, "EHLO");
		peer_reset(peer);
	}
}

static void
ehlo(struct client *client)
{
	client_write(client, "EHLO me\r\n");
}

static void
start_tls_once(struct client *client)
{
	if (client->secured == 0)
		client_start_tls(client);
}

Test(tls, the_ends_are_told_apart)
{
	static const struct {
		void (*script)(struct peer *peer);
		enum mx_end end;
		const char *data;
	} ends[] = {
		{ part_with_notify, MX_END_CLOSED, "220 go\r\n221 bye\r\n" },
		{ part_without_notify, MX_END_CLOSED_UNCLEAN, "220 go\r\n221 bye\r\n" },
		{ part_with_reset, MX_END_RESET, "220 go\r\n" },
	};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct client client = { .tls_host = "example.test",
			.on_data = start_tls_once,
			.on_secured = ehlo };
		struct peer peer = { 0 };
		visit(&client, &peer, ends[i].script);
		cr_assert_eq(
		    client.end, ends[i].end, "%zu: %d %s", i, client.end, client.text);
		cr_assert_str_eq(client.data.data, ends[i].data);
		leave(&client, &peer);
	}
}

static void
hear_to_the_notify(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	if (!peer_secure(peer))
		return;
	peer_hear_all(peer);
	peer->result = SSL_get_shutdown(peer->ssl) & SSL_RECEIVED_SHUTDOWN;
}

Test(tls, we_close_with_close_notify)
{
	struct client client = { .tls_host = "example.test",
		.on_secured = ehlo_and_close };
	struct peer peer = { 0 };

	visit(&client, &peer, hear_to_the_notify);
	leave(&client, &peer);
	cr_assert_str_eq(peer.heard, "EHLO me\r\n");
	cr_assert_eq(peer.result, SSL_RECEIVED_SHUTDOWN);
}

/* TLS 1.2's last flight and the server's first words in one segment: no readiness will ever
 * announce what OpenSSL has already read. */
static void
speak_in_the_same_segment(struct peer *peer)
{
	int on = 1, off = 0;

	peer_say(peer, "220 go\r\n");
	setsockopt(peer->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
	if (!peer_secure(peer))
		return;
	peer_say(peer, "250 too early\r\n");
	setsockopt(peer->fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
	peer_hear_all(peer);
}

static void
close_after_secure_data(struct client *client)
{
	if (client->secured == 0)
		client_start_tls(client);
	else
		client_close(client);
}

Test(tls, bytes_right_behind_the_handshake_are_delivered)
{
	struct client client = { .tls_host = "example.test",
		.on_data = close_after_secure_data };
	struct peer peer = { .max_version = TLS1_2_VERSION };

	visit(&client, &peer, speak_in_the_same_segment);
	cr_assert_str_eq(client.data.data, "220 go\r\n250 too early\r\n");
	leave(&client, &peer);
}

static void
send_big(struct peer *peer)
{
	static char block[16 * 1024 + 1];

	peer_say(peer, "220 go\r\n");
	if (!peer_secure(peer))
		return;
	memset(block, 'y', sizeof block - 1);
	for (int i = 0; i < 20; i++)
		peer_say(peer, block);
	SSL_shutdown(peer->ssl);
}

Test(tls, many_records_arrive_whole)
{
	struct client client = { .tls_host = "example.test", .on_data = start_tls_once };
	struct peer peer = { 0 };

	visit(&client, &peer, send_big);
	cr_assert_eq(client.end, MX_END_CLOSED);
	cr_assert_eq(client.data.len, strlen("220 go\r\n") + 20 * 16 * 1024);
	leave(&client, &peer);
}

static void
speak_and_part(struct peer *peer)
{
	peer_say(peer, "220 go\r\n");
	if (peer_secure(peer)) {
		peer_say(peer, "221 bye\r\n");
		SSL_shutdown(peer->ssl);
	}
}

Test(tls, may_be_closed_in_any_callback)
{
	static const struct client plans[] = {
		{ .on_secured = close_it },
		{ .on_secured = ehlo_and_close },
		{ .on_data = close_after_secure_data },
		{ .on_ended = close_it },
	};

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		struct client client = plans[i];
		struct peer peer = { 0 };
		if (client.on_data == NULL)
			client.on_data = start_tls_once;
		client.tls_host = "example.test";
		visit(&client, &peer, speak_and_part);
		cr_assert_null(client.stream);
		leave(&client, &peer);
	}
}

static void
close_in_the_handshake(struct client *client)
{
	client_start_tls(client);
	client_close(client);
}

Test(tls, may_be_closed_in_the_handshake)
{
	struct client client = { .tls_host = "example.test",
		.on_data = close_in_the_handshake };
	struct peer peer = { 0 };

	visit(&client, &peer, serve_tls);
	leave(&client, &peer);
	cr_assert_eq(client.secured + client.ended, 0);
}

/* ---- set-up ---- */

static void
expect_no_trust(const char *file)
{
	struct mx_error err = { 0 };

	cr_assert_null(mx_tls_new(file, &err));
	cr_assert_eq(err.code, MX_ERR_USAGE);
	cr_assert_not_null(strstr(err.text, file), "%s", err.text);
}

Test(tls, a_ca_file_that_holds_none_is_a_configuration_error)
{
	char *key = pki_file("good", ".key");

	expect_no_trust("/nonexistent/ca.pem");
	expect_no_trust("/dev/null");
	expect_no_trust(key);
	free(key);
}

Test(tls, the_systems_store_does_not_trust_the_test_ca)
{
	struct mx_error err = { 0 };
	struct client client = { .tls_host = "example.test", .on_secured = close_it };
	struct peer peer = { 0 };

	client.tls = mx_tls_new(NULL, &err);
	cr_assert_not_null(client.tls, "%s", err.text);
	visit(&client, &peer, serve_tls);
	cr_assert_not(client.facts.verified);
	leave(&client, &peer);
}

Test(tls, freeing_none_is_fine)
{
	mx_tls_free(NULL);
}
