/* test_imap_list.c - folders as servers list them. */
#include <criterion/criterion.h>
#include <string.h>

#include "probe/net/imap_list.h"

TestSuite(imap_list, .timeout = 10);

Test(imap_list, the_inbox_then_junk_then_the_others)
{
	struct mx_imap_folders folders;

	mx_imap_list_read("* LIST (\\HasNoChildren) \"/\" \"Work \\\"a\\\"\"\r\n"
			  "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
			  "* LIST (\\HasNoChildren \\Junk) \"/\" Unwanted\r\n"
			  "* LIST (\\HasNoChildren \\All) \"/\" \"[Gmail]/All Mail\"\r\n"
			  "* LIST (\\Noselect) \"/\" \"[Gmail]\"\r\n"
			  "* LIST () NIL Spam\r\n"
			  "* LIST (\\Sent) \"/\" Sent\r\n"
			  "* LIST () \"\\\\\" Archive\r\n"
			  "* OK done\r\n",
	    &folders);
	cr_assert_eq(folders.count, 5);
	cr_expect_str_eq(folders.rows[0].name, "INBOX");
	cr_expect_eq(folders.rows[0].place, MX_IMAP_INBOX);
	cr_expect_str_eq(folders.rows[1].name, "Spam");
	cr_expect_eq(folders.rows[1].place, MX_IMAP_JUNK);
	cr_expect_str_eq(folders.rows[2].name, "Unwanted");
	cr_expect_eq(folders.rows[2].place, MX_IMAP_JUNK);
	cr_expect_str_eq(folders.rows[3].name, "Archive");
	cr_expect_str_eq(folders.rows[4].name, "Work \"a\"");
	mx_imap_folders_clear(&folders);
}

Test(imap_list, lines_that_are_none_are_passed_over)
{
	static const char *const texts[] = { "", "* LIST", "* LIST (", "* LIST () \"/\"",
		"* LIST () \"/\" ", "* LIST () \"/\" \"open",
		"* LIST () \"/\" {5}\r\nabcde", "* LIST () / x", "\r\n\r\n" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mx_imap_folders folders;

		mx_imap_list_read(texts[i], &folders);
		cr_expect_eq(folders.count, 1, "%s", texts[i]);
		mx_imap_folders_clear(&folders);
	}
}

Test(imap_list, a_search_finds_the_first_or_none)
{
	cr_expect_eq(mx_imap_search_read("* SEARCH 17 23\r\n"), 17);
	cr_expect_eq(mx_imap_search_read("* SEARCH\r\n"), 0);
	cr_expect_eq(mx_imap_search_read("* OK\r\n"), 0);
	cr_expect_eq(mx_imap_search_read(""), 0);
}

Test(imap_list, an_account_is_taken_apart_and_holds_no_password)
{
	static const char *const refused[] = { "imaps://imap.example/x",
		"pop3://imap.example", "imaps://@imap.example",
		"imaps://me%0d%0aA1 LOGOUT@imap.example", "imaps://me%00@imap.example" };
	struct mx_imap_account account;
	struct mx_error err = { 0 };

	cr_assert_eq(
	    mx_imap_account_parse(&account, "imaps://me%40x@imap.example:993/", &err),
	    MX_OK);
	cr_expect_str_eq(account.url, "imaps://imap.example:993");
	cr_expect_str_eq(account.user, "me@x");
	mx_imap_account_clear(&account);
	cr_expect_eq(
	    mx_imap_account_parse(&account, "imaps://me:S3CRET@imap.example", &err),
	    MX_ERR_USAGE);
	cr_expect_null(strstr(err.text, "S3CRET"));
	mx_imap_account_clear(&account);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		cr_expect_eq(mx_imap_account_parse(&account, refused[i], &err),
		    MX_ERR_USAGE, "%s", refused[i]);
		mx_imap_account_clear(&account);
	}
}
