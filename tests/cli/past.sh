# past.sh - a past to remember: `past` prints results as `mxprobe check --format json` does, up to now.

# stamp HOURS: so long ago.
stamp() {
	date -u -d "@$(($(date +%s) - $1 * 3600))" +%Y-%m-%dT%H:%M:%S.000Z
}

past_count=0
# result HOURS SOURCE DESTINATION PROVIDER-OR-null HOST ADDRESS VERDICT [FINDING]
result() {
	past_count=$((past_count + 1))
	provider=null
	[ "$4" = null ] || provider="\"$4\""
	printf '{"schema":"mxprobe.result/1","id":"01PAST%020d","time":"%s","source":"%s",' "$past_count" \
		"$(stamp "$1")" "$2"
	printf '"helo":"mail.example.jp","mail_from":"probe@example.jp","rcpt":null,"destination":"%s",' "$3"
	printf '"provider":%s,"mx":{"host":"%s","preference":5,"address":"%s","port":25,"dnssec":null},' \
		"$provider" "$5" "$6"
	printf '"depth":"mail","reached":"mail","stages":[],"tls":null,"seen_source":"%s","seen_as":null,' "$2"
	printf '"verdict":"%s","finding":%s,"identity":null,"note":null,"transcript":[]}\n' "$7" "${8:-null}"
}

s3140='{"stage":"mail","code":550,"enhanced":"5.7.1","category":"blocklist_own","about":"sender_ip",
"permanence":"permanent","authority":"Microsoft","list":"Outlook.com block list","provider_code":"S3140",
"listed_value":"192.0.2.1","delist_url":"https://olcsupport.office.com/","rule":"microsoft.s3140",
"remedy":"microsoft-consumer","confidence":0.99,
"text":"550 5.7.1 Unfortunately, messages from [192.0.2.1] were not sent. Part of their network is on our block list (S3140)."}'

# Two days clear at Outlook.com, then two days blocked; Gmail seen lately and long ago; a host that is down.
past() {
	finding=$(printf '%s' "$s3140" | tr -d '\n')
	outlook=outlook-com.olc.protection.outlook.com
	for hours in 96 90 84 78 72 66 60 54; do
		result $hours 192.0.2.1 outlook.com microsoft_consumer $outlook 198.51.100.1 accepted
	done
	for hours in 48 42 36 30 24 18 12 6; do
		result $hours 192.0.2.1 outlook.com microsoft_consumer $outlook 198.51.100.2 blocked "$finding"
	done
	result 3 192.0.2.1 gmail.com google gmail-smtp-in.l.google.com 198.51.100.9 accepted
	result 30 192.0.2.10 gmail.com google gmail-smtp-in.l.google.com 198.51.100.9 accepted
	result 2 192.0.2.10 example.net null mx.example.net 203.0.113.9 unreachable
}
