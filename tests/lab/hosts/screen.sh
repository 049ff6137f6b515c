# screen - Postfix behind postscreen, which lets strangers wait, asks lists, and sends some away once.
about='Postfix behind postscreen: a greeting in two parts, lists with weights, deep protocol tests'
. "$lab/lib/postfix.sh"
logs='postscreen log'

# NAME ADDRESS SETTINGS: with settings, a postscreen of its own is in front.
exchangers() {
	cat <<-'END'
	screen-greet  203.0.113.130 postscreen_greet_action = enforce
	screen-deep   203.0.113.131 postscreen_pipelining_enable = yes; postscreen_non_smtp_command_enable = yes; postscreen_bare_newline_enable = yes
	screen-listed 203.0.113.132 postscreen_dnsbl_sites = zen.spamhaus.org=127.0.0.[2..11]*2 own.bl.test*1; postscreen_dnsbl_threshold = 2; postscreen_dnsbl_action = enforce
	postfix.four  203.0.113.133
	END
}
addresses=$(exchangers | awk '{ print $2 }')

destinations=four.test
more_records() { one_of_four mx.postfix 203.0.113.133; }

screened() {
	case $1 in
	screen-greet) ! sabotaged 68-postscreen-greet ;;
	screen-deep) ! sabotaged 69-postscreen-deep ;;
	screen-listed) true ;;
	*) false ;;
	esac
}

smtpd_service() {
	if ! screened "$1"; then
		printf '%s:25 inet n - n - - smtpd\n  -o {myhostname = mx.%s.test}\n' "$2" "$1"
		return
	fi
	printf '%s:25 inet n - n - 1 postscreen\n' "$2"
	{
		echo "myhostname = mx.$1.test"
		echo 'postscreen_greet_wait = 3s'
		echo "postscreen_cache_map = btree:\$data_directory/$1"
		printf '%s' "$3" | tr ';' '\n' | sed 's/^ *//'
		echo
	} | sed 's/.*/  -o {&}/'
}

more_services() {
	cat <<-END
	smtpd pass - - n - - smtpd
	dnsblog unix - - n - 0 dnsblog
	tlsproxy unix - - n - 0 tlsproxy
	END
}
