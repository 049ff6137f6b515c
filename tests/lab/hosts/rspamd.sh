# rspamd - Postfix that hands letters to rspamd, which greylists those of strangers: after DATA, when it has
# read them. Its memory is redis.
about='Postfix with rspamd, which greylists what it has read'
packages='rspamd libhyperscan5 libluajit-5.1-2 libluajit-5.1-common libunwind8 redis-server redis-tools libjemalloc2 liblzf1'
users='_rspamd'
. "$lab/lib/postfix.sh"

exchangers() {
	sabotaged 75-rspamd || milter='smtpd_milters = inet:127.0.0.1:11332'
	echo "rspamd 203.0.113.150 ${milter:-}"
}
addresses=203.0.113.150

# Of all that rspamd has, what takes part in this: a score that means "greylist", and the module.
rspamd_conf() {
	cat <<-END
	options {
	  pidfile = "$dir/rspamd/pid"; tempdir = "$dir/rspamd"; hs_cache_dir = "$dir/rspamd";
	  dynamic_conf = "$dir/rspamd/dynamic"; control_socket = "$dir/rspamd/control mode=0600";
	  dns { nameserver = ["192.0.2.55:53:1"]; }
	  filters = ""; local_addrs = []; url_tld = "$dir/rspamd/tld";
	}
	logging { type = "console"; level = "info"; }
	worker "rspamd_proxy" {
	  bind_socket = "127.0.0.1:11332"; milter = yes; count = 1;
	  upstream "local" { default = yes; self_scan = yes; }
	}
	actions { reject = 100; greylist = 4; }
	redis { servers = "$dir/redis/socket"; }
	greylist { timeout = 5min; }
	modules { path = "/usr/share/rspamd/plugins/greylist.lua"; }
	lua = "$dir/rspamd/stranger.lua";
	END
}

more_files() {
	mkdir -p "$dir/rspamd" "$dir/redis"
	echo test >"$dir/rspamd/tld"
	echo 'rspamd_config.STRANGER = { callback = function() return true end, score = 5.0 }' >"$dir/rspamd/stranger.lua"
	rspamd_conf >"$dir/rspamd/conf"
}

# It takes its time to begin; who needs it waits for that.
start() {
	chown -R _rspamd:_rspamd "$dir/rspamd" "$dir/redis"
	setpriv --reuid _rspamd --regid _rspamd --clear-groups redis-server --port 0 --save '' \
		--dir "$dir/redis" --unixsocket "$dir/redis/socket" >"$dir/redis.log" 2>&1 &
	rspamd -f -u _rspamd -g _rspamd -c "$dir/rspamd/conf" >"$dir/rspamd.log" 2>&1 &
	postfix -c "$dir/conf" start
}
