#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/unit/unwrap/told.h"

TestSuite(unwrap_paste, .timeout = 60);

#define CHECK(cases) told_check(MX_UNWRAP_AUTO, cases, sizeof(cases) / sizeof *(cases))

/* clang-format off */
static const struct told_case bounces[] = {
	{ "This is the mail system at host mail.example.jp.\n\n"
	  "<user@example.net>: host mx.example.net[192.0.2.25] said: 550 5.7.1 Service\n"
	  "    unavailable; [203.0.113.5] blocked using zen.example.org (in\n"
	  "    reply to RCPT TO command)\n\n"
	  "<other@example.net>: host mx.example.net[192.0.2.25] refused to talk to me:\n"
	  "    554-mx.example.net 554-5.7.1\n    nope 554 5.7.1 Bad reputation\n",
	  "postfix-bounce 550 5.7.1 rcpt mx.example.net 192.0.2.25 user@example.net - - - | "
	  "550 5.7.1 Service unavailable; [203.0.113.5] blocked using zen.example.org\n"
	  "postfix-bounce 554 5.7.1 banner mx.example.net 192.0.2.25 other@example.net - - - | "
	  "554-mx.example.net / 554-5.7.1 nope / 554 5.7.1 Bad reputation" },
	{ "Your message wasn't delivered to user@example.net.\n\n"
	  "The response from the remote server was:\n\n550 5.7.1 Rejected due to\n policy.\n\n"
	  "----- Original message -----\nFrom: me\n550 5.5.5 not this\n",
	  "gmail-bounce 550 5.7.1 - - - user@example.net - - - | 550 5.7.1 Rejected due to policy." },
	{ "Technical details:\nGoogle tried to deliver your message, but it was rejected by the\n"
	  "server for the recipient domain. The error that the other server returned was:\n"
	  "550 550 #5.1.0 Address rejected. (state 14).\n",
	  "gmail-bounce 550 - - - - - - - - | 550 550 #5.1.0 Address rejected. (state 14)." },
	{ "This message was created automatically by mail delivery software.\n\n  user@example.net\n"
	  "    host mx.example.net [192.0.2.25]\n"
	  "    SMTP error from remote mail server after RCPT TO:<user@example.net>:\n"
	  "    550-5.1.1 first\n    550 5.1.1 second\n\n  b@example.net\n"
	  "    SMTP error from remote mailer after initial connection:\n"
	  "    host mx2.example.net [192.0.2.26]: 554 5.7.1 blocked\n",
	  "exim-bounce 550 5.1.1 rcpt mx.example.net 192.0.2.25 user@example.net - - - | "
	  "550-5.1.1 first / 550 5.1.1 second\n"
	  "exim-bounce 554 5.7.1 banner mx2.example.net 192.0.2.26 b@example.net - - - | "
	  "554 5.7.1 blocked" },
	{ "> Hi. This is the qmail-send program at example.jp.\n>\n> <user@example.net>:\n"
	  "> 192.0.2.25 does not like recipient.\n> Remote host said: 550-5.7.1 first\n"
	  "> 550 5.7.1 second\n> Giving up on 192.0.2.25.\n>\n"
	  "> --- Below this line is a copy of the message.\n>\n> Return-Path: <x@example.jp>\n",
	  "qmail-bounce 550 5.7.1 rcpt - 192.0.2.25 user@example.net - - - | "
	  "550-5.7.1 first / 550 5.7.1 second" },
	{ "Sorry, we were unable to deliver your message to the following address.\n\n"
	  "<user@example.net>:\nRemote host said: 554 delivery error: dd Not a valid user "
	  "[-9] [RCPT_TO]\n",
	  "qmail-bounce 554 - rcpt - - user@example.net - - - | "
	  "554 delivery error: dd Not a valid user [-9] [RCPT_TO]" },
	{ "   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n"
	  ">>> RCPT To:<user@example.net>\n<<< 550-5.7.1 Access denied\n<<< 550 5.7.1 really\n"
	  "550 5.1.1 <user@example.net>... User unknown\n",
	  "sendmail-bounce 550 5.7.1 rcpt mx.example.net - user@example.net - - - | "
	  "550-5.7.1 Access denied / 550 5.7.1 really" },
	{ "Delivery has failed to these recipients.\n\nDiagnostic information for administrators:\n\n"
	  "Generating server: ab1.example.jp\n\nuser@example.net\n"
	  "Remote Server at example.net (192.0.2.25) returned '550 5.7.1 Unfortunately, messages from "
	  "[203.0.113.5] weren't sent. (S3140)'\n\nother@example.net\n"
	  "mx.example.net #550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nthird@example.net\n"
	  "mx.example.net #<mx.example.net #5.7.1 smtp;550 5.7.1 Client was blocked> #SMTP#\n\n"
	  "Original message headers:\n\nReceived: by 550 5.5.5\n",
	  "exchange-bounce 550 5.7.1 - example.net 192.0.2.25 user@example.net - - - | "
	  "550 5.7.1 Unfortunately, messages from [203.0.113.5] weren't sent. (S3140)\n"
	  "pasted 550 5.1.1 - - - other@example.net - - - | "
	  "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\n"
	  "diagnostic-code 550 5.7.1 - - - third@example.net - - - | 550 5.7.1 Client was blocked" },
	{ "There was an error delivering your mail to <user@example.net>.\n\n"
	  "mx.example.net [192.0.2.25] did not like our RCPT TO:\n552 5.2.2 Mailbox full\n",
	  "dma-bounce 552 5.2.2 rcpt mx.example.net 192.0.2.25 user@example.net - - - | "
	  "552 5.2.2 Mailbox full" },
	{ "Delivery failed.\n\nFinal-Recipient: rfc822;user@example.net\nStatus: 5.7.1\n"
	  "Diagnostic-Code: smtp; 550-5.7.1 folded\n    line 550 5.7.1 last\nAction: failed\n",
	  "diagnostic-code 550 5.7.1 - - - user@example.net - - - | "
	  "550-5.7.1 folded line / 550 5.7.1 last" },
	{ "Echec de la remise\n\nuser@example.net\n"
	  "Le serveur distant a retourne '550 5.7.1 It can't be'\n\nFin\n",
	  "pasted 550 5.7.1 - - - user@example.net - - - | 550 5.7.1 It can't be" },
	{ "{ \"bouncedRecipients\": [ { \"emailAddress\": \"user@example.net\",\n"
	  "  \"diagnosticCode\": \"smtp; 550 5.1.1 user unknown\" } ] }\n",
	  "ses-bounce 550 5.1.1 - - - user@example.net - - - | 550 5.1.1 user unknown" },
};

/* In its own words, under the recipient's address. */
static const struct told_case letters[] = {
	{ "Hi. This is the qmail-send program at example.jp.\n\n<u@example.net>:\n"
	  "Sorry, no mailbox here by that name. (#5.1.1)\n\n<v@example.net>:\n"
	  "192.0.2.25 does not like recipient.\nRemote host said: 550 no\n"
	  "Giving up on 192.0.2.25.\n\n<w@example.org>:\nSorry, I couldn't find any host\n"
	  "named example.org. (#5.1.2)\n",
	  "qmail-bounce 0 - - - - u@example.net - - - ! "
	  "Sorry, no mailbox here by that name. (#5.1.1)\n"
	  "qmail-bounce 550 - rcpt - 192.0.2.25 v@example.net - - - | 550 no\n"
	  "qmail-bounce 0 - - - - w@example.org - - - ! "
	  "Sorry, I couldn't find any host named example.org. (#5.1.2)" },
	{ "The following address(es) failed:\n\n  u@example.net\n    retry timeout exceeded\n"
	  "  v@example.org\n    (generated from w@example.org)\n"
	  "    all hosts for 'example.org' have been failing\n    for a long time\n\n"
	  "------ This is a copy of the message.\n\n  x@example.net\n    no\n",
	  "exim-bounce 0 - - - - u@example.net - - - ! retry timeout exceeded\n"
	  "exim-bounce 0 - - - - v@example.org - - - ! "
	  "all hosts for 'example.org' have been failing for a long time" },
	{ "This is the mail system at host mail.example.jp.\n\n"
	  "<u@example.net> (expanded from <list@example.jp>): unknown user: \"u\"\n\n"
	  "<v@example.net>: host mx[192.0.2.25] said: 550 no (in reply to\n    RCPT TO command)\n",
	  "postfix-bounce 0 - - - - u@example.net - - - ! unknown user: \"u\"\n"
	  "postfix-bounce 550 - rcpt mx 192.0.2.25 v@example.net - - - | 550 no" },
	{ "The following recipient(s) could not be reached:\n\n"
	  "      u@example.net on 4/29/2010 11:14 AM\n            The e-mail account does not\n"
	  "            exist.\n            <mx.example.net #5.1.1>\n",
	  "exchange-bounce 0 - - - - u@example.net - - - ! "
	  "The e-mail account does not exist. <mx.example.net #5.1.1>" },
	{ "The message that you sent was undeliverable to the following:\n\n"
	  "\tu@example.net (user not found)\n\tv@example.net (Mailbox full)\n\n"
	  "Possibly truncated original message follows:\n",
	  "groupwise-bounce 0 - - - - u@example.net - - - ! user not found\n"
	  "groupwise-bounce 0 - - - - v@example.net - - - ! Mailbox full" },
	{ "The user(s) account is disabled.\n\n<u@example.net>: 550 user unknown (in reply to RCPT TO "
	  "command)\n\n--- end\n",
	  "postfix-bounce 550 - rcpt - - u@example.net - - - ! 550 user unknown" },
};

/* The reply is ASCII in each of them; the phrase in front of it is not. */
static const struct told_case japanese[] = {
	{ "次の宛先へ送信できませんでした。\n宛先: user@example.co.jp\n"
	  "エラー内容：550 Unknown user\n",
	  "japanese-bounce 550 - - - - user@example.co.jp - - - | 550 Unknown user" },
	/* ISO-2022-JP: サーバーからの応答, as mail carries it */
	{ "\x1b$B08@h\x1b(B: user@example.co.jp\n"
	  "\x1b$B%5!<%P!<$+$i$N1~Ez\x1b(B: 550 Unknown user\n",
	  "japanese-bounce 550 - - - - user@example.co.jp - - - | 550 Unknown user" },
	/* Shift_JIS and EUC-JP: 宛先, エラー内容 */
	{ "\x88\xb6\x90\xe6: user@example.co.jp\n"
	  "\x83G\x83\x89\x81[\x93\xe0\x97" "e: 550 Unknown user\n",
	  "japanese-bounce 550 - - - - user@example.co.jp - - - | 550 Unknown user" },
	{ "\xb0\xb8\xc0\xe8: user@example.co.jp\n"
	  "\xa5\xa8\xa5\xe9\xa1\xbc\xc6\xe2\xcd\xc6: 550 Unknown user\n",
	  "japanese-bounce 550 - - - - user@example.co.jp - - - | 550 Unknown user" },
};
/* clang-format on */

Test(unwrap_paste, each_wording_gives_the_reply_it_introduces)
{
	CHECK(bounces);
}

Test(unwrap_paste, what_stands_under_an_address_is_said_about_it)
{
	CHECK(letters);
}

Test(unwrap_paste, japanese_text_is_read_in_the_charsets_of_mail)
{
	CHECK(japanese);
}

Test(unwrap_paste, one_reply_told_twice_is_one)
{
	char *seen = told(MX_UNWRAP_BOUNCE,
	    "<u@example.net>: host mx[192.0.2.25] said: 550 5.1.1 gone (in reply to\n"
	    "RCPT TO command)\n\nDiagnostic-Code: smtp; 550 5.1.1 gone\n");

	cr_assert_str_eq(seen,
	    "postfix-bounce 550 5.1.1 rcpt mx 192.0.2.25 u@example.net - - - | "
	    "550 5.1.1 gone");
	free(seen);
}

Test(unwrap_paste, text_that_quotes_nothing_is_one_reply)
{
	char *seen = told(MX_UNWRAP_BOUNCE, "Mailbox is full\nTry again later\n");

	cr_assert_str_eq(
	    seen, "bare 0 - - - - - - - - | Mailbox is full / Try again later");
	free(seen);
}
