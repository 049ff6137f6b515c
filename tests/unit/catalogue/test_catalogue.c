#include "probe/catalogue/catalogue.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/dns/name.h"

static struct mx_catalogue *catalogue;

static void
load(void)
{
	struct mx_error err = { 0 };

	catalogue = mx_catalogue_load(NULL, &err);
	cr_assert_not_null(catalogue, "%s", err.text);
}

static void
unload(void)
{
	mx_catalogue_free(catalogue);
}

TestSuite(catalogue, .timeout = 20, .init = load, .fini = unload);

/* From category to verdict, as the contract has it: at 4xx, at 5xx. */
/* clang-format off */
static const struct {
	const char *id;
	enum mx_verdict temporary, permanent;
} leaves[] = {
	{ "blocklist_dnsbl",      MX_V_BLOCKED,     MX_V_BLOCKED },
	{ "blocklist_own",        MX_V_BLOCKED,     MX_V_BLOCKED },
	{ "blocklist_domain",     MX_V_POLICY,      MX_V_POLICY },
	{ "blocklist_url",        MX_V_POLICY,      MX_V_POLICY },
	{ "blocklist_helo",       MX_V_BLOCKED,     MX_V_BLOCKED },
	{ "blocklist_recipient",  MX_V_POLICY,      MX_V_POLICY },
	{ "reputation_ip",        MX_V_THROTTLED,   MX_V_BLOCKED },
	{ "reputation_domain",    MX_V_THROTTLED,   MX_V_BLOCKED },
	{ "reputation_volume",    MX_V_THROTTLED,   MX_V_BLOCKED },
	{ "policy_network",       MX_V_BLOCKED,     MX_V_BLOCKED },
	{ "policy_other",         MX_V_POLICY,      MX_V_POLICY },
	{ "rate_connection",      MX_V_THROTTLED,   MX_V_THROTTLED },
	{ "rate_message",         MX_V_THROTTLED,   MX_V_THROTTLED },
	{ "rate_recipients",      MX_V_THROTTLED,   MX_V_THROTTLED },
	{ "rate_mailbox",         MX_V_RECIPIENT,   MX_V_RECIPIENT },
	{ "greylisted",           MX_V_GREYLISTED,  MX_V_GREYLISTED },
	{ "auth_spf",             MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_dkim",            MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_dmarc",           MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_missing",         MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_ptr",             MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_helo",            MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_login",           MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "auth_tls",             MX_V_IDENTITY,    MX_V_IDENTITY },
	{ "sender_rejected",      MX_V_POLICY,      MX_V_POLICY },
	{ "sender_domain",        MX_V_POLICY,      MX_V_POLICY },
	{ "relay_denied",         MX_V_POLICY,      MX_V_POLICY },
	{ "recipient_unknown",    MX_V_RECIPIENT,   MX_V_RECIPIENT },
	{ "recipient_disabled",   MX_V_RECIPIENT,   MX_V_RECIPIENT },
	{ "recipient_restricted", MX_V_RECIPIENT,   MX_V_RECIPIENT },
	{ "mailbox_full",         MX_V_RECIPIENT,   MX_V_RECIPIENT },
	{ "recipient_domain",     MX_V_RECIPIENT,   MX_V_RECIPIENT },
	{ "content_spam",         MX_V_POLICY,      MX_V_POLICY },
	{ "content_malware",      MX_V_POLICY,      MX_V_POLICY },
	{ "content_malformed",    MX_V_POLICY,      MX_V_POLICY },
	{ "content_size",         MX_V_POLICY,      MX_V_POLICY },
	{ "system_busy",          MX_V_THROTTLED,   MX_V_THROTTLED },
	{ "system_error",         MX_V_BROKEN,      MX_V_BROKEN },
	{ "expired",              MX_V_THROTTLED,   MX_V_THROTTLED },
	{ "protocol_error",       MX_V_BROKEN,      MX_V_BROKEN },
	{ "network_error",        MX_V_UNREACHABLE, MX_V_UNREACHABLE },
	{ "routing_error",        MX_V_UNREACHABLE, MX_V_UNREACHABLE },
	{ "unknown",              MX_V_POLICY,      MX_V_POLICY },
};

static const struct {
	const char *host, *provider; /* NULL: nobody's */
} hosts[] = {
	{ "outlook-com.olc.protection.outlook.com",  "microsoft_consumer" },
	{ "OUTLOOK-COM.OLC.PROTECTION.OUTLOOK.COM.", "microsoft_consumer" },
	{ "example-com.mail.protection.outlook.com", "microsoft_365" },
	{ "example-com.k-v1.mx.microsoft",           "microsoft_365" },
	{ "gmail-smtp-in.l.google.com",              "google" },
	{ "aspmx.l.google.com",                      "google" },
	{ "smtp.google.com",                         "google" },
	{ "mta5.am0.yahoodns.net",                   "yahoo" },
	{ "mx1.mail.yahoo.co.jp",                    "yahoo_japan" },
	{ "mx01.mail.icloud.com",                    "apple" },
	{ "mfsmax.docomo.ne.jp",                     "docomo" },
	{ "lsean.ezweb.ne.jp",                       "kddi_au" },
	{ "mx.softbank.ne.jp",                       "softbank" },
	{ "smtp.secureserver.net",                   "godaddy" },
	{ "mx1.comcast.net",                         "comcast" },
	{ "mx00.emig.gmx.net",                       "gmx" },
	{ "mx00.t-online.de",                        "t_online" },
	{ "smtp-in.orange.fr",                       "orange" },
	{ "smtpz4.laposte.net",                      "laposte" },
	{ "mxs.mail.ru",                             "mail_ru" },
	{ "mx1.qq.com",                              "tencent" },
	{ "mxa-0001.gslb.pphosted.com",              "proofpoint" },
	{ "eu-smtp-inbound-1.mimecast.com",          "mimecast" },
	{ "notsmtp.google.com",                      NULL },
	{ "evil-olc.protection.outlook.com",         NULL },
	{ "pphosted.com",                            NULL },
	{ "mx.example.net",                          NULL },
	{ "",                                        NULL },
};

static const struct {
	const char *zone, *list;
} zones[] = {
	{ "zen.spamhaus.org",                   "spamhaus_zen" },
	{ "ZEN.SPAMHAUS.ORG.",                  "spamhaus_zen" },
	{ "key0123.zen.dq.spamhaus.net",        "spamhaus_zen" },
	{ "xbl.spamhaus.org",                   "spamhaus_xbl" },
	{ "something.new.spamhaus.org",         "spamhaus" },
	{ "bl.spamcop.net",                     "spamcop" },
	{ "b.barracudacentral.org",             "barracuda_brbl" },
	{ "key.combined.mail.abusix.zone",      "abusix" },
	{ "ee.countries.nerd.dk",               "countries_nerd" },
	{ "notspamhaus.org",                    NULL },
	{ "bl.example.org",                     NULL },
};

/* part: the list that the answer names, or NULL; means: a word in what it stands for. */
static const struct {
	const char *list, *answer, *part, *means;
	bool error;
} answers[] = {
	{ "spamhaus_zen",     "127.0.0.2",       "spamhaus_sbl",  "SBL",        false },
	{ "spamhaus_zen",     "127.0.0.3",       "spamhaus_css",  "CSS",        false },
	{ "spamhaus_zen",     "127.0.0.4",       "spamhaus_xbl",  "XBL",        false },
	{ "spamhaus_zen",     "127.0.0.7",       "spamhaus_xbl",  "XBL",        false },
	{ "spamhaus_zen",     "127.0.0.9",       "spamhaus_drop", "DROP",       false },
	{ "spamhaus_zen",     "127.0.0.10",      "spamhaus_pbl",  "provider",   false },
	{ "spamhaus_zen",     "127.0.0.11",      "spamhaus_pbl",  "Spamhaus",   false },
	{ "spamhaus_zen",     "127.255.255.252", NULL,            "misspelt",   true },
	{ "spamhaus_zen",     "127.255.255.254", NULL,            "resolver",   true },
	{ "spamhaus_zen",     "127.255.255.255", NULL,            "too often",  true },
	{ "spamhaus_sbl",     "127.0.0.3",       "spamhaus_css",  "CSS",        false },
	{ "spamhaus",         "127.0.0.4",       "spamhaus_xbl",  "XBL",        false },
	{ "spamhaus",         "127.0.1.5",       NULL,            "malware",    false },
	{ "spamhaus_dbl",     "127.0.1.255",     NULL,            "only names", true },
	{ "spamhaus_zrd",     "127.0.2.24",      NULL,            "hours",      false },
	{ "surbl",            "127.0.0.64",      "surbl_abuse",   "ABUSE",      false },
	{ "surbl",            "127.0.0.1",       NULL,            "refused",    true },
	{ "uribl",            "127.0.0.2",       "uribl_black",   "black",      false },
	{ "abusix",           "127.0.0.12",      "abusix_policy", "no PTR",     false },
	{ "senderscore",      "127.0.0.4",       NULL,            "trap",       false },
	/* a sum of two, an answer of nobody, and another list's */
	{ "surbl",            "127.0.0.72",      NULL,            NULL,         false },
	{ "spamhaus_zen",     "127.0.0.99",      NULL,            NULL,         false },
	{ "spamhaus_xbl",     "127.0.0.10",      NULL,            NULL,         false },
	{ "spamhaus_zen",     "2001:db8::2",     NULL,            NULL,         false },
};
/* clang-format on */

Test(catalogue, has_the_forty_two_leaves_and_unknown_with_the_contracts_verdicts)
{
	size_t count;

	mx_catalogue_categories(catalogue, &count);
	cr_assert_eq(count, 43);
	cr_assert_eq(sizeof leaves / sizeof *leaves, 43);
	for (size_t i = 0; i < count; i++) {
		const struct mx_category *row =
		    mx_catalogue_category(catalogue, leaves[i].id);

		cr_assert_not_null(row, "%s", leaves[i].id);
		cr_assert_eq(row->temporary, leaves[i].temporary, "%s at 4xx", row->id);
		cr_assert_eq(row->permanent, leaves[i].permanent, "%s at 5xx", row->id);
	}
}

Test(catalogue, says_everything_in_english_and_japanese)
{
	size_t count;
	const struct mx_category *rows = mx_catalogue_categories(catalogue, &count);

	for (size_t i = 0; i < count; i++) {
		cr_assert_str_neq(rows[i].en, rows[i].ja);
		cr_assert_not_null(rows[i].remedy, "%s has no advice", rows[i].id);
		cr_assert_not_null(mx_catalogue_remedy(catalogue, rows[i].remedy));
	}
}

Test(catalogue, finds_a_provider_by_its_mx_host)
{
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		const struct mx_provider *row =
		    mx_catalogue_provider_by_mx(catalogue, hosts[i].host);

		cr_assert_str_eq(row != NULL ? row->id : "none",
		    hosts[i].provider != NULL ? hosts[i].provider : "none", "%s",
		    hosts[i].host);
	}
}

/* Every suffix against all of them: the longest that fits, whatever the case, with and without a dot
 * at the end. */
static const struct mx_provider *
by_longest_suffix(const char *host)
{
	const struct mx_provider *best = NULL;
	size_t count, most = 0;
	const struct mx_provider *rows = mx_catalogue_providers(catalogue, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < rows[i].mx_suffix_count; k++) {
			const char *suffix = rows[i].mx_suffixes[k];
			bool fits = *suffix == '.' ? mx_name_under(host, suffix + 1) &&
							 !mx_name_equal(host, suffix + 1)
						   : mx_name_equal(host, suffix);

			if (fits && strlen(suffix) > most) {
				best = &rows[i];
				most = strlen(suffix);
			}
		}
	return best;
}

Test(catalogue, finds_the_provider_of_the_longest_suffix)
{
	static const char *const forms[][2] = { { "", "" }, { "mx1", "" }, { "MX", "." },
		{ "a.b", "" }, { "mx1.", "" }, { "", ".x" } };
	size_t count, found = 0;
	const struct mx_provider *rows = mx_catalogue_providers(catalogue, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < rows[i].mx_suffix_count; k++)
			for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
				char host[300];
				const struct mx_provider *row;

				snprintf(host, sizeof host, "%s%s%s", forms[f][0],
				    rows[i].mx_suffixes[k], forms[f][1]);
				row = mx_catalogue_provider_by_mx(catalogue, host);
				cr_assert_eq(row, by_longest_suffix(host), "%s", host);
				found += row != NULL;
			}
	cr_assert_gt(found, 2 * count);
}

Test(catalogue, finds_every_provider_by_each_of_its_domains)
{
	size_t count;
	const struct mx_provider *rows = mx_catalogue_providers(catalogue, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < rows[i].domain_count; k++)
			cr_assert_eq(mx_catalogue_provider_by_domain(
					 catalogue, rows[i].domains[k]),
			    &rows[i], "%s", rows[i].domains[k]);
	cr_assert_not_null(mx_catalogue_provider_by_domain(catalogue, "GMail.com."));
	cr_assert_null(mx_catalogue_provider_by_domain(catalogue, "notgmail.com"));
	cr_assert_null(mx_catalogue_provider_by_domain(catalogue, "sub.gmail.com"));
}

Test(catalogue, never_lets_a_probe_ask_the_carriers_for_a_postmaster)
{
	static const char *const carriers[] = { "docomo", "kddi_au", "softbank",
		"ymobile" };

	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
		const struct mx_provider *row =
		    mx_catalogue_provider(catalogue, carriers[i]);

		cr_assert_not(row->postmaster, "%s", row->id);
		cr_assert_eq(row->depth, MX_STAGE_MAIL, "%s", row->id);
	}
}

Test(catalogue, knows_where_a_block_shows_and_where_nothing_does)
{
	const struct mx_provider *outlook =
	    mx_catalogue_provider(catalogue, "microsoft_consumer");
	const struct mx_provider *gmail = mx_catalogue_provider(catalogue, "google");

	cr_assert_eq(outlook->depth, MX_STAGE_MAIL);
	cr_assert(outlook->observable && outlook->probe);
	cr_assert_not(gmail->observable);
	cr_assert_str_eq(gmail->blind_spots[0],
	    "IP, PTR, SPF, DKIM, DMARC are judged at end of DATA.");
}

Test(catalogue, finds_a_list_by_zone_however_it_is_prefixed)
{
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		const struct mx_list *row =
		    mx_catalogue_list_by_zone(catalogue, zones[i].zone);

		cr_assert_str_eq(row != NULL ? row->id : "none",
		    zones[i].list != NULL ? zones[i].list : "none", "%s", zones[i].zone);
	}
}

Test(catalogue, says_of_every_list_where_to_go_or_that_it_is_closed)
{
	size_t count;
	const struct mx_list *rows = mx_catalogue_lists(catalogue, &count);

	cr_assert_geq(count, 50);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rows[i].kind, "allow") != 0)
			cr_assert_not_null(rows[i].remedy, "%s", rows[i].id);
		if (rows[i].closed)
			cr_assert_null(rows[i].delist_url, "%s", rows[i].id);
	}
}

Test(catalogue, knows_what_the_answers_of_a_list_stand_for)
{
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct mx_list *list =
		    mx_catalogue_list(catalogue, answers[i].list);
		const struct mx_list_return *row;
		struct mx_addr answer;

		cr_assert(mx_addr_parse(answers[i].answer, &answer));
		row = mx_catalogue_list_return(catalogue, list, &answer);
		cr_assert_eq(row != NULL, answers[i].means != NULL, "%s of %s",
		    answers[i].answer, answers[i].list);
		if (row == NULL)
			continue;
		cr_assert_not_null(strstr(row->means, answers[i].means), "%s of %s: %s",
		    answers[i].answer, answers[i].list, row->means);
		cr_assert_eq(row->error, answers[i].error, "%s", answers[i].answer);
		cr_assert_str_eq(row->list != NULL ? row->list : "none",
		    answers[i].part != NULL ? answers[i].part : "none", "%s",
		    answers[i].answer);
	}
	cr_assert_null(mx_catalogue_list_return(catalogue, NULL, &(struct mx_addr){ 0 }));
}

Test(catalogue, never_lets_an_answer_lead_out_of_its_list)
{
	size_t count;
	const struct mx_list *rows = mx_catalogue_lists(catalogue, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < rows[i].return_count; k++) {
			const char *part = rows[i].returns[k].list;

			if (part != NULL)
				cr_assert(mx_catalogue_list_contains(catalogue, &rows[i],
					      mx_catalogue_list(catalogue, part)),
				    "%s in %s", part, rows[i].id);
		}
}

Test(catalogue, names_every_bit_of_a_sum)
{
	const struct mx_list *uribl = mx_catalogue_list(catalogue, "uribl");
	const struct mx_list_return *rows[8];
	struct mx_addr answer;

	cr_assert(mx_addr_parse("127.0.0.14", &answer));
	cr_assert_eq(mx_catalogue_list_returns(catalogue, uribl, &answer, rows, 8), 3);
	cr_assert_str_eq(rows[0]->list, "uribl_black");
	cr_assert_str_eq(rows[1]->list, "uribl_grey");
	cr_assert_str_eq(rows[2]->list, "uribl_red");
	cr_assert_eq(mx_catalogue_list_returns(catalogue, uribl, &answer, rows, 2), 2);
	cr_assert_eq(mx_catalogue_list_returns(catalogue, uribl, &answer, rows, 0), 0);

	/* The refusal is a code of its own, not one more bit. */
	cr_assert(mx_addr_parse("127.0.0.1", &answer));
	cr_assert_eq(mx_catalogue_list_returns(catalogue, uribl, &answer, rows, 8), 1);
	cr_assert(rows[0]->error);
	cr_assert(mx_addr_parse("127.0.0.64", &answer));
	cr_assert_eq(mx_catalogue_list_returns(catalogue, uribl, &answer, rows, 8), 0);
}

Test(catalogue, says_how_a_list_is_asked)
{
	const struct mx_list *zen = mx_catalogue_list(catalogue, "spamhaus_zen"),
			     *dbl = mx_catalogue_list(catalogue, "spamhaus_dbl");

	cr_assert_eq(zen->query_count, 2);
	cr_assert_str_eq(zen->queries[0].zone, "zen.spamhaus.org");
	cr_assert_null(zen->queries[0].key);
	cr_assert_eq(zen->queries[0].family, MX_FAMILY_BOTH);
	cr_assert_str_eq(zen->queries[1].key, "spamhaus_dqs");
	cr_assert_str_eq(dbl->queries[0].listed, "dbltest.com");
	cr_assert_eq(
	    mx_catalogue_list(catalogue, "spamcop")->queries[0].family, MX_FAMILY_IPV4);
	cr_assert_eq(mx_catalogue_list(catalogue, "sorbs")->query_count, 0);
}

Test(catalogue, asks_no_closed_list_and_only_known_zones)
{
	size_t count;
	const struct mx_list *rows = mx_catalogue_lists(catalogue, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < rows[i].query_count; k++) {
			cr_assert(!rows[i].closed, "%s", rows[i].id);
			cr_assert_eq(
			    mx_catalogue_list_by_zone(catalogue, rows[i].queries[k].zone),
			    &rows[i], "%s", rows[i].queries[k].zone);
		}
}

Test(catalogue, says_who_can_ask_a_list)
{
	cr_assert_eq(mx_catalogue_list(catalogue, "spamcop")->access, MX_ACCESS_OPEN);
	cr_assert_eq(mx_catalogue_list(catalogue, "abusix")->access, MX_ACCESS_KEY);
	cr_assert_eq(mx_catalogue_list(catalogue, "invaluement")->access, MX_ACCESS_PAID);
	cr_assert_eq(
	    mx_catalogue_list(catalogue, "cloudmark_csi")->access, MX_ACCESS_NOBODY);
	cr_assert(mx_catalogue_list(catalogue, "sorbs")->closed);
}

static void
expect_both_languages(const char *id, const struct mx_text *text)
{
	cr_assert_str_neq(text->en, text->ja, "%s: %s", id, text->en);
	for (const char *byte = text->en; *byte != '\0'; byte++)
		cr_assert(
		    (unsigned char)*byte < 0x80, "%s is no English: %s", id, text->en);
}

Test(catalogue, says_step_by_step_what_to_do_in_both_languages)
{
	size_t count;
	const struct mx_remedy *rows = mx_catalogue_remedies(catalogue, &count);

	cr_assert_gt(count, 80);
	for (size_t i = 0; i < count; i++) {
		const struct mx_remedy *row = &rows[i];

		cr_assert_gt(row->step_count, 0, "%s", row->id);
		for (size_t k = 0; k < row->step_count; k++)
			expect_both_languages(row->id, &row->steps[k]);
		for (size_t k = 0; k < row->field_count; k++) {
			expect_both_languages(row->id, &row->fields[k].name);
			expect_both_languages(row->id, &row->fields[k].enter);
		}
		for (size_t k = 0; k < row->answer_count; k++) {
			expect_both_languages(row->id, &row->answers[k].says);
			expect_both_languages(row->id, &row->answers[k].means);
			expect_both_languages(row->id, &row->answers[k].next);
			if (row->answers[k].reply.en != NULL)
				expect_both_languages(row->id, &row->answers[k].reply);
		}
		if (row->duration.en != NULL)
			expect_both_languages(row->id, &row->duration);
	}
}

/* A page to ask at, and nothing about what to write there, would leave the user alone. */
Test(catalogue, says_what_every_list_keeper_wants_to_know)
{
	size_t count;
	const struct mx_list *lists = mx_catalogue_lists(catalogue, &count);

	for (size_t i = 0; i < count; i++) {
		const struct mx_remedy *remedy =
		    lists[i].remedy != NULL
			? mx_catalogue_remedy(catalogue, lists[i].remedy)
			: NULL;

		if (remedy != NULL && remedy->url != NULL && lists[i].delist_url != NULL)
			cr_expect(
			    remedy->field_count > 0 || strcmp(remedy->id, "spamcop") == 0,
			    "%s: the fields of %s", lists[i].id, remedy->id);
	}
}

Test(catalogue, knows_what_microsoft_may_answer)
{
	static const char *const outcomes[] = { "mitigated", "conditional",
		"not_qualified", "nothing_detected" };
	const struct mx_remedy *row =
	    mx_catalogue_remedy(catalogue, "microsoft-consumer");

	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
		size_t found = 0;

		for (size_t k = 0; k < row->answer_count; k++)
			found += row->answers[k].outcome != NULL &&
				 strcmp(row->answers[k].outcome, outcomes[i]) == 0;
		cr_assert_eq(found, 1, "%s", outcomes[i]);
	}
	cr_assert(row->has_first);
	cr_assert_not_null(
	    mx_catalogue_remedy(catalogue, MX_REMEDY_FIRST), "what comes before a form");
}

Test(catalogue, knows_the_fields_of_microsofts_form_in_their_order)
{
	static const char *const names[] = { "問題のタイトル", "連絡先の名前",
		"どのドメインに送信先しますか?", "連絡先のメールアドレス", "タイムゾーン",
		"どのドメインから送信しますか?",
		"お客様の会社やお客様ご自身について表しているのはどれですか?",
		"送信IPまたは送信IPの範囲", "サーバーは専用ですか、共有ですか?",
		"エラーメッセージをコピーして貼り付け", "WebサイトのURL" };
	const struct mx_remedy *row =
	    mx_catalogue_remedy(catalogue, "microsoft-consumer");

	cr_assert_eq(row->field_count, sizeof names / sizeof *names);
	for (size_t i = 0; i < row->field_count; i++)
		cr_assert_str_eq(row->fields[i].name.ja, names[i]);
	cr_assert_str_eq(row->url, "https://olcsupport.office.com/");
	cr_assert_str_eq(mx_catalogue_remedy(catalogue, "microsoft-365")->duration.en,
	    "up to 24 hours");
	cr_assert_null(mx_catalogue_remedy(catalogue, "kpn")->duration.en);
}

Test(catalogue, answers_null_for_what_it_does_not_have)
{
	cr_assert_null(mx_catalogue_category(catalogue, "nonsense"));
	cr_assert_null(mx_catalogue_provider(catalogue, "nonsense"));
	cr_assert_null(mx_catalogue_list(catalogue, "nonsense"));
	cr_assert_null(mx_catalogue_remedy(catalogue, "nonsense"));
}

Test(catalogue, lies_where_the_environment_says)
{
	setenv("MXPROBE_TAXONOMY", "/somewhere/else", 1);
	cr_assert_str_eq(mx_catalogue_default_dir(), "/somewhere/else");
	setenv("MXPROBE_TAXONOMY", "", 1);
	cr_assert_str_eq(mx_catalogue_default_dir(), MX_DATADIR "/taxonomy");
}
