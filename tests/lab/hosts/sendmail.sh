# sendmail - a daemon with a configuration of its own for each way that Sendmail has of refusing a client.
about='Sendmail: dnsbl with and without delay_checks, access_db, ratecontrol, greet_pause'
packages='sendmail-bin sendmail-base sendmail-cf liblockfile1 libwrap0'
users='smmta smmsp'
logs='sendmail log'

# NAME ADDRESS: mail for NAME.test comes to the daemon there.
exchangers() {
	cat <<-'END'
	sendmail-connect 203.0.113.120
	sendmail-rcpt    203.0.113.121
	sendmail-access  203.0.113.122
	sendmail-rate    203.0.113.123
	sendmail-pause   203.0.113.124
	sendmail-closed  203.0.113.126
	four             203.0.113.125
	END
}
addresses="$(exchangers | awk '{ print $2 }')"

# What makes a daemon its own. Sendmail asks lists when a client connects, and says what came of it to MAIL,
# or with delay_checks to RCPT, so that postmaster may be reached.
features() {
	case $1 in
	sendmail-connect) echo "FEATURE(\`dnsbl', \`zen.spamhaus.org', \`\"550 5.7.1 Rejected: \"\$&{client_addr}\" listed at zen.spamhaus.org; see https://check.spamhaus.org/\"')" ;;
	sendmail-rcpt | four) printf '%s\n' "FEATURE(\`delay_checks')" "FEATURE(\`dnsbl', \`zen.spamhaus.org')" ;;
	# With the "t", who could not be looked up has to come again.
	sendmail-closed) sabotaged 76-list-unanswered || echo "FEATURE(\`dnsbl', \`unanswered.test', \`', \`t')" ;;
	sendmail-rate)
		echo "FEATURE(\`delay_checks')"
		echo "FEATURE(\`access_db', \`hash -T<TMPF> $dir/access')"
		echo "FEATURE(\`ratecontrol', \`nodelay', \`terminate')"
		;;
	sendmail-access) echo "FEATURE(\`access_db', \`hash -T<TMPF> $dir/access')" ;;
	sendmail-pause) sabotaged 65-sendmail-pause || echo "FEATURE(\`greet_pause', \`4000')" ;;
	esac
}

# Whom access_db does not want, and how often others may come in a minute.
access() {
	sabotaged 63-sendmail-access ||
		printf 'Connect:%s\t%s\n' 198.51.100.63 'ERROR:5.7.1:550 Mail from your network is refused because of spam'
	sabotaged 64-sendmail-rate || printf 'ClientRate:\t1\n'
}

records() {
	exchangers | while read -r name address; do
		[ "$name" = four ] || exchanger "$name" "$address"
	done
	one_of_four sendmail 203.0.113.125
	# A list whose server knows nothing of it.
	echo "unanswered NS ns.bl-a"
}

mc() {
	cat <<-END
	divert(-1)
	divert(0)dnl
	VERSIONID(\`lab')dnl
	OSTYPE(\`linux')dnl
	define(\`confCF_VERSION', \`lab')dnl
	define(\`confDOMAIN_NAME', \`$host.test')dnl
	define(\`confSMTP_LOGIN_MSG', \`mx.$1.test Sendmail \$v; \$b')dnl
	define(\`QUEUE_DIR', \`$dir/queue')dnl
	define(\`STATUS_FILE', \`$dir/stats')dnl
	define(\`ALIAS_FILE', \`')dnl
	define(\`confHOST_STATUS_DIRECTORY', \`')dnl
	define(\`confPID_FILE', \`$dir/$1.pid')dnl
	define(\`confCW_FILE', \`$dir/domains')dnl
	define(\`confTO_IDENT', \`0s')dnl
	dnl By default it turns everybody away while the machine is busy.
	define(\`confREFUSE_LA', \`100000')dnl
	define(\`confQUEUE_LA', \`100000')dnl
	define(\`confDONT_PROBE_INTERFACES', \`True')dnl
	define(\`confREFUSE_LA', \`1000')dnl a busy machine
	define(\`confQUEUE_LA', \`1000')dnl
	FEATURE(\`use_cw_file')dnl
	FEATURE(\`no_default_msa')dnl
	DAEMON_OPTIONS(\`Family=inet, Name=$1, Addr=$2, Port=25')dnl
	$(features "$1")
	MAILER(\`local')dnl
	MAILER(\`smtp')dnl
	END
}

build() {
	mkdir -p "$dir/queue"
	# It asks for its own name before anything else, and sleeps a minute if there is no answer.
	echo "${addresses%%[!0-9.]*} $host.test $host" >>"$dir/etc/hosts"
	exchangers | awk '{ print $1 ".test" }' >"$dir/domains"
	exchangers | while read -r name address; do mc "$name" "$address" >"$dir/$name.mc"; done
	access >"$dir/access"
}

# Its traffic log (-X) has every line both ways, and no times: those are added on the way through a pipe.
start() {
	cf=/usr/share/sendmail/cf
	sendmail=/usr/libexec/sendmail
	exchangers | while read -r name _; do
		m4 -D_CF_DIR_=$cf/ $cf/m4/cf.m4 "$dir/$name.mc" >"$dir/$name.cf" || return 1
	done || return 1
	"$sendmail/makemap" -C "$dir/four.cf" hash "$dir/access" <"$dir/access" || return 1
	mkfifo "$dir/pipe"
	python3 "$lab/lib/times.py" "$dir/pipe" >"$dir/log" &
	exchangers | while read -r name _; do
		"$sendmail/sendmail" -bD -C "$dir/$name.cf" -X "$dir/pipe" >>"$dir/out" 2>&1 &
	done
}
