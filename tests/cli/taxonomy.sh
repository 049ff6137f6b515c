#!/bin/sh
# taxonomy.sh - what a user keeps in taxonomy.d adds to the taxonomy or replaces rows of it.
. "$(dirname "$0")/lib.sh"

own=$work/taxonomy.d
mkdir -p "$own/rules" "$own/providers"
MXPROBE_TAXONOMY_D=$own
export MXPROBE_TAXONOMY_D

# category REPLY [OPTION...]
category() {
	reply=$1
	shift
	printf '%s\n' "$reply" | "$mxprobe" classify --format json "$@" 2>&1 |
		sed 's/.*"category":"\([a-z_]*\)".*"list":\("[^"]*"\|null\).*"remedy":\("[^"]*"\|null\).*/\1 \2 \3/'
}

same 'an empty directory changes nothing' 'unknown null "unknown-reply"' "$(category '550 quux says no')"

# ---- rows added -------------------------------------------------------------------------------
cat >"$own/rules/local.yaml" <<'END'
- id: local.quux
  patterns: [quux says no]
  strength: strong
  category: blocklist_own
  list: local_list
  remedy: local-remedy
  source: our own log
  samples: {positive: ["550 quux says no"]}
END
cat >"$own/lists.yaml" <<'END'
- id: local_list
  name: Quux list
  operator: Quux
  kind: ip
  zones: [bl.quux.example]
  brands: []
  source: our own log
END
cat >"$own/remedies.yaml" <<'END'
- id: local-remedy
  en: Call Quux.
  ja: Quuxに電話します。
  source: our own log
END
cat >"$own/providers/local.yaml" <<'END'
- id: quux
  name: Quux Mail
  domains: [quux.example]
  mx_suffixes: [.mx.quux.example]
  depth: rcpt
  postmaster: yes
  probe: yes
  observable: yes
  blind_spots: []
  source: our own log
END
same 'a rule, a list and a remedy of one'"'"'s own' 'blocklist_own "Quux list" "local-remedy"' \
	"$(category '550 quux says no')"
same 'a zone of one'"'"'s own' 'blocklist_dnsbl "Quux list"' \
	"$(category '550 5.7.1 Client host [192.0.2.1] blocked using bl.quux.example' | cut -d ' ' -f 1-3)"
run explain --lang en local_list quux
same 'explain knows them' '0|local_list (Quux list): a list|quux (Quux Mail): a provider' \
	"$status|$(printf '%s\n' "$out" | grep '): ' | paste -sd'|')"
run rules test
same 'and rules test runs their samples' 0 "$status"

# ---- rows replaced ----------------------------------------------------------------------------
before=$(category '550 5.7.1 Client host [192.0.2.1] blocked using bl.spamcop.net')
cat >>"$own/lists.yaml" <<'END'
- id: spamcop
  name: Our SpamCop
  operator: We
  kind: ip
  zones: [bl.spamcop.net]
  brands: [SpamCop]
  remedy: local-remedy
  source: our own log
END
same 'a list with an id of ours takes its place' 'blocklist_dnsbl "Our SpamCop" "local-remedy"' \
	"$(category '550 5.7.1 Client host [192.0.2.1] blocked using bl.spamcop.net')"
[ "$before" != 'blocklist_dnsbl "Our SpamCop" "local-remedy"' ]
same 'which it was not before' 0 $?
rule=$("$mxprobe" rules list --category greylisted --quiet | awk '{ print $1; exit }')
total=$("$mxprobe" rules list --quiet | wc -l)
cat >>"$own/rules/local.yaml" <<END
- id: $rule
  patterns: [flarp flarp]
  category: greylisted
  source: our own log
  samples: {positive: ["450 flarp flarp"]}
END
same 'so does a rule: there are no more than before' "$total" "$("$mxprobe" rules list --quiet | wc -l)"
case $("$mxprobe" rules list --category greylisted --quiet | grep "^$rule ") in
*'our own log') ok 'and it is the own one' ;;
*) not_ok 'and it is the own one' "$("$mxprobe" rules list | grep "^$rule ")" ;;
esac

# ---- faults: file, line, field; and nothing is used -------------------------------------------
cp -r "$own" "$work/good"
# faulty FILE ROWS LINES-BEFORE-THE-LAST DESCRIPTION MESSAGE
faulty() {
	rm -rf "$own"
	cp -r "$work/good" "$own"
	printf -- "$2" >>"$own/$1"
	lines=$(wc -l <"$own/$1")
	run classify --format json
	same "$4" "78|mxprobe: $own/$1:$((lines - $3)): $5|" "$status|$err|$out"
}
faulty lists.yaml '- id: x\n  nmae: X\n' 0 'a key that is none' '[2].nmae: unknown key "nmae" (did you mean "name"?)'
faulty lists.yaml '- id: x\n  name: X\n  operator: X\n  kind: no\n  zones: []\n  brands: []\n  source: x\n' 3 \
	'a kind that is none' 'kind: "no" is none of ip, domain, url, helo, country, greylist, allow (in x)'
faulty rules/local.yaml '- id: x.y\n  patterns: ["("]\n  category: unknown\n  source: x\n  samples: {positive: ["550 x"]}\n' 3 \
	'a pattern that is none' 'patterns: pattern 1: missing closing parenthesis at byte 1 (in x.y)'
faulty providers/local.yaml '- id: quux\n  name: Q\n  domains: []\n  mx_suffixes: []\n  depth: rcpt\n  postmaster: yes\n  probe: yes\n  observable: yes\n  blind_spots: []\n  source: x\n' 19 \
	'an id twice' 'id: "quux" is there twice (in quux)'
rm -rf "$own"
cp -r "$work/good" "$own"
echo '- id: x' >"$own/categories.yaml"
refuses 78 "mxprobe: $own/categories.yaml:1: id: categories are fixed; only lists, providers, rules and remedies can be added" \
	classify
rm -r "$own"
same 'no directory is no error' 'unknown null "unknown-reply"' "$(category '550 quux says no')"
finish
