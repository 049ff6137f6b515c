# outlook.sh - what both hosts of the big provider do: refuse at MAIL FROM, in that provider's words, whoever
# is in its own list. Postfix makes the text from what the list answers.
. "$lab/lib/postfix.sh"
logs='postfix log outlook.com'
destinations=outlook.com
outlook_settings='smtpd_delay_reject = no; smtpd_sender_restrictions = reject_rbl_client own.bl.test'
main='default_rbl_reply = $rbl_code 5.7.1 Unfortunately, messages from [$client_address] weren'"'"'t sent. Please contact your Internet service provider since part of their network is on our block list ($rbl_reason). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors. [$server_name]'

world() {
	[ "$host" = outlook-a ] || return 0
	echo "outlook.com. MX 5 outlook-com.olc.protection.outlook.com."
	echo "outlook-com.olc.protection.outlook.com. A 203.0.113.40"
	echo "outlook-com.olc.protection.outlook.com. A 203.0.113.41"
}
