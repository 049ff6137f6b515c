#include <criterion/criterion.h>

#include "tests/unit/unwrap/told.h"

TestSuite(unwrap_log, .timeout = 60);

#define CHECK(cases) told_check(MX_UNWRAP_AUTO, cases, sizeof(cases) / sizeof *(cases))
#define AT "Nov 21 10:00:00 mail "

/* clang-format off */
static const struct told_case postfix[] = {
	{ AT "postfix/smtp[12]: 4AbC: to=<user@example.net>, relay=mx.example.net[192.0.2.25]:25, "
	  "delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.7.1, status=bounced (host mx.example.net[192.0.2.25] "
	  "said: 550 5.7.1 Client host [203.0.113.5] blocked (in reply to RCPT TO command))\n",
	  "postfix-log 550 5.7.1 rcpt mx.example.net 192.0.2.25 user@example.net - mail - | "
	  "550 5.7.1 Client host [203.0.113.5] blocked" },
	{ AT "postfix/qmgr[1]: 4AbC: from=<me@example.jp>, size=1, nrcpt=1 (queue active)\n"
	  AT "postfix/smtp[12]: 4AbC: to=<a@example.net>, relay=none, delay=30, dsn=4.4.1, "
	  "status=deferred (connect to mx.example.net[192.0.2.25]:25: Connection timed out)\n",
	  "postfix-log 0 4.4.1 connect mx.example.net 192.0.2.25 a@example.net me@example.jp mail - ! "
	  "connect to mx.example.net[192.0.2.25]:25: Connection timed out" },
	{ AT "postfix/smtp[12]: 4AbC: to=<a@example.net>, relay=mx[2001:db8::25]:25, dsn=5.1.1, "
	  "status=bounced (host mx[2001:db8::25] said: 550-5.1.1 No such 550-5.1.1 user "
	  "550 5.1.1 here 550 x (in reply to RCPT TO command))\n",
	  "postfix-log 550 5.1.1 rcpt mx 2001:db8::25 a@example.net - mail - | "
	  "550-5.1.1 No such / 550-5.1.1 user / 550 5.1.1 here 550 x" },
	{ AT "postfix/smtp[12]: 4AbC: host mx.example.net[192.0.2.25] refused to talk to me: "
	  "554 5.7.1 Blocked\n",
	  "postfix-log 554 5.7.1 banner mx.example.net 192.0.2.25 - - mail - | 554 5.7.1 Blocked" },
	{ AT "postfix-out/error[12]: 4AbC: to=<b@example.net>, relay=none, delay=3, dsn=4.7.0, "
	  "status=deferred (delivery temporarily suspended: host mx.example.net[192.0.2.25] refused "
	  "to talk to me: 421 4.7.0 try later)\n",
	  "postfix-log 421 4.7.0 banner mx.example.net 192.0.2.25 b@example.net - mail - | "
	  "421 4.7.0 try later" },
	{ AT "postfix/qmgr[12]: 4AbC: to=<b@example.net>, relay=none, delay=3, status=deferred "
	  "(delivery temporarily suspended: host mx.example.net[192.0.2.25] said: 421 4.7.0 try later)\n"
	  AT "postfix/qmgr[12]: 4AbC: removed\n",
	  "postfix-log 421 4.7.0 - mx.example.net 192.0.2.25 b@example.net - mail - | "
	  "421 4.7.0 try later" },
	{ "2026-11-21T10:00:00.123456+09:00 mail postfix/lmtp[12]: 4AbC: to=<c@example.net>, "
	  "relay=store[private/lmtp], dsn=5.2.2, status=bounced (host store[private/lmtp] said: "
	  "552 5.2.2 <c@example.net> Quota exceeded (in reply to end of DATA command))\n",
	  "postfix-log 552 5.2.2 eod store - c@example.net - mail - | "
	  "552 5.2.2 <c@example.net> Quota exceeded" },
	{ AT "postfix/smtp[1]: 4AbC: to=<d@example.net>, relay=mx.example.net[192.0.2.25]:25, "
	  "dsn=4.4.2, status=deferred (lost connection with mx.example.net[192.0.2.25] while "
	  "sending RCPT TO)\n",
	  "postfix-log 0 4.4.2 rcpt mx.example.net 192.0.2.25 d@example.net - mail - ! "
	  "lost connection with mx.example.net[192.0.2.25] while sending RCPT TO" },
	{ AT "postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[198.51.100.9]: 554 5.7.1 "
	  "<a@example.net>: Relay access denied; from=<x@example.org> to=<a@example.net>\n"
	  AT "postfix/smtp[1]: 4AbC: to=<d@example.net>, relay=mx.example.net[192.0.2.25]:25, "
	  "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 1)\n"
	  AT "postfix/smtpd[9]: connect from unknown[198.51.100.9]\n", "" },
	{ "<22>1 2026-11-21T10:00:00Z mail postfix/smtp 12 - - 4AbC: host mx[192.0.2.25] said: "
	  "450 4.2.0 Greylisted (in reply to RCPT TO command)\n",
	  "postfix-log 450 4.2.0 rcpt mx 192.0.2.25 - - mail - | 450 4.2.0 Greylisted" },
};

static const struct told_case exim[] = {
	{ "2026-11-21 10:00:00 1abcDE-000001-AB <= me@example.jp H=localhost [127.0.0.1] P=esmtp\n"
	  "2026-11-21 10:00:01 1abcDE-000001-AB ** user@example.net R=dnslookup T=remote_smtp "
	  "H=mx.example.net [192.0.2.25] X=TLS1.3:X:256 CV=yes: SMTP error from remote mail server "
	  "after RCPT TO:<user@example.net>: 550-5.7.1 [203.0.113.5] Our system\\n550 5.7.1 said no\n",
	  "exim-log 550 5.7.1 rcpt mx.example.net 192.0.2.25 user@example.net me@example.jp - - | "
	  "550-5.7.1 [203.0.113.5] Our system / 550 5.7.1 said no" },
	{ "2026-11-21 10:00:02 1abcDE-000001-AB == user@example.net R=dnslookup T=remote_smtp defer "
	  "(-44) H=mx.example.net [192.0.2.25]: SMTP error from remote mail server after "
	  "RCPT TO:<user@example.net>: 451 4.7.1 Greylisted\n",
	  "exim-log 451 4.7.1 rcpt mx.example.net 192.0.2.25 user@example.net - - - | "
	  "451 4.7.1 Greylisted" },
	{ "2026-11-21 10:00:03 1abcDE-000001-AB ** user@example.net R=r T=t: SMTP error from remote "
	  "mail server after initial connection: host mx.example.net [192.0.2.25]: 554 go away\n",
	  "exim-log 554 - banner mx.example.net 192.0.2.25 user@example.net - - - | 554 go away" },
	{ "2026-11-21 10:00:04 [99] 1abcDE-000001-AB ** u@example.net F=<b@example.jp> R=r T=t "
	  "I=[203.0.113.5]:3333 H=mx.example.net [192.0.2.25]:25: SMTP error from remote mail server "
	  "after pipelined MAIL FROM:<b@example.jp> SIZE=9: 550 sender rejected\n",
	  "exim-log 550 - mail mx.example.net 192.0.2.25 u@example.net b@example.jp - 203.0.113.5 | "
	  "550 sender rejected" },
	{ "2026-11-21 10:00:05 1abcDE-000001-AB == u@example.net R=r T=t defer (110): Connection "
	  "timed out\n",
	  "exim-log 0 - - - - u@example.net - - - ! Connection timed out" },
	{ "2026-11-21 10:00:06 H=(x) [198.51.100.1] F=<a@example.org> rejected RCPT <c@example.net>: "
	  "relay not permitted\n"
	  "2026-11-21 10:00:07 1abcDE-000001-AB => u@example.net R=r T=t H=mx [192.0.2.25] "
	  "C=\"250 ok\"\n", "" },
};

static const struct told_case sendmail[] = {
	{ AT "sendmail[9]: abc: from=<me@example.jp>, size=1, nrcpts=1\n"
	  AT "sendmail[9]: abc: to=<user@example.net>, delay=00:00:01, mailer=esmtp, pri=3, "
	  "relay=mx.example.net. [192.0.2.25], dsn=5.1.1, stat=User unknown\n",
	  "sendmail-log 0 5.1.1 - mx.example.net 192.0.2.25 user@example.net me@example.jp mail - ! "
	  "User unknown" },
	{ AT "sm-mta[9]: abc: to=<user@example.net>, relay=mx.example.net. [192.0.2.25], dsn=4.7.1, "
	  "reply=451 4.7.1 Later, please, stat=Deferred: 451 4.7.1 Later, please\n",
	  "sendmail-log 451 4.7.1 - mx.example.net 192.0.2.25 user@example.net - mail - | "
	  "451 4.7.1 Later, please" },
	{ AT "sendmail[9]: abc: to=user@example.net, relay=mx.example.net. [192.0.2.25], dsn=4.7.1, "
	  "stat=Deferred: 450 4.7.1 Later\n",
	  "sendmail-log 450 4.7.1 - mx.example.net 192.0.2.25 user@example.net - mail - | "
	  "450 4.7.1 Later" },
	{ AT "sendmail[9]: abc: to=<u@example.net>, dsn=2.0.0, stat=Sent (ok)\n"
	  AT "sendmail[9]: abc: ruleset=check_rcpt, arg1=<a@example.net>, reject=550 5.7.1 no\n", "" },
};

static const struct told_case qmail[] = {
	{ "@400000005f0000000000000a info msg 777: bytes 100 from <me@example.jp> qp 1 uid 2\n"
	  "@400000005f0000000000000b starting delivery 12: msg 777 to remote user@example.net\n"
	  "@400000005f0000000000000c delivery 12: failure: 192.0.2.25_does_not_like_recipient./"
	  "Remote_host_said:_550-5.7.1_See_https://example.org/x/550_5.7.1_last/"
	  "Giving_up_on_192.0.2.25./\n",
	  "qmail-log 550 5.7.1 rcpt - 192.0.2.25 user@example.net me@example.jp - - | "
	  "550-5.7.1 See https://example.org/x / 550 5.7.1 last" },
	{ AT "qmail: 1054194596.057500 delivery 13: deferral: Connected_to_192.0.2.25_but_greeting_"
	  "failed./Remote_host_said:_421_too_many/\n",
	  "qmail-log 421 - banner - 192.0.2.25 - - mail - | 421 too many" },
	{ "delivery 14: failure: Sorry,_I_couldn't_find_any_host_named_example.net._(#5.1.2)/\n",
	  "qmail-log 0 - - - - - - - - ! "
	  "Sorry, I couldn't find any host named example.net. (#5.1.2)" },
	{ "delivery 15: success: 192.0.2.25_accepted_message./Remote_host_said:_250_ok/\n"
	  "delivery 16: failure: 192.0.2.25_failed_after_I_sent_the_message./"
	  "Remote_host_said:_554_no/\n",
	  "qmail-log 554 - eod - 192.0.2.25 - - - - | 554 no" },
};

static const struct told_case others[] = {
	{ AT "smtpd[1]: 01ab mta delivery evpid=11 from=<s@example.jp> to=<u@example.net> rcpt=<-> "
	  "source=\"203.0.113.5\" relay=\"192.0.2.25 (mx.example.net)\" delay=1s result=\"PermFail\" "
	  "stat=\"550 5.1.1 no such user\"\n",
	  "opensmtpd-log 550 5.1.1 - mx.example.net 192.0.2.25 u@example.net s@example.jp mail "
	  "203.0.113.5 | 550 5.1.1 no such user" },
	{ AT "smtpd[1]: 01ab mta delivery from=<s@example.jp> to=<u@example.net> result=\"Ok\" "
	  "stat=\"250 ok\"\n", "" },
	{ "#Software: Microsoft Exchange Server\n#Fields: date-time,connector-id\n"
	  "2026-11-21T10:00:00.000Z,Out,08D1,1,203.0.113.5:9,192.0.2.25:25,<,220 mx ESMTP,\n"
	  "2026-11-21T10:00:00.000Z,Out,08D1,2,203.0.113.5:9,192.0.2.25:25,>,RCPT TO:<u@example.net>,\n"
	  "2026-11-21T10:00:00.000Z,Out,08D1,3,203.0.113.5:9,192.0.2.25:25,<,\"550 5.7.1 no, sorry\",\n",
	  "exchange-log 550 5.7.1 rcpt - 192.0.2.25 - - - 203.0.113.5 | 550 5.7.1 no, sorry" },
	{ AT "maild[7]: job 3: SMTP error from remote mail server after end of data: 554 spam\n",
	  "log 554 - eod - - - - mail - | 554 spam" },
	{ AT "cron[7]: 550 things done\n", "" },
};
/* clang-format on */

Test(unwrap_log, postfix_writes_who_said_what_in_reply_to_which_command)
{
	CHECK(postfix);
}

Test(unwrap_log, exim_writes_after_which_command)
{
	CHECK(exim);
}

Test(unwrap_log, sendmail_writes_reply_and_stat)
{
	CHECK(sendmail);
}

Test(unwrap_log, qmail_writes_spaces_and_line_ends_otherwise)
{
	CHECK(qmail);
}

Test(unwrap_log, opensmtpd_exchange_and_unknown_programs_are_read_too)
{
	CHECK(others);
}
