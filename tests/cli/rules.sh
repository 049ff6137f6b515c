#!/bin/sh
# rules.sh - the rules hold together, and `mxprobe rules` sees it when they do not.
. "$(dirname "$0")/lib.sh"

refuses 64 'mxprobe: say what to do with the rules: list, test or stats' rules
refuses 64 'mxprobe: rules: "tset" is no action; say list, test or stats' rules tset
refuses 64 'mxprobe: rules: one of list, test and stats at a time' rules list test

# ---- the rules that come with the program -----------------------------------------------------
run rules test
same 'every rule holds its samples, none is dead, overlapped or shadowed' '0|' "$status|$err"
[ "$status" = 0 ] || printf '%s\n' "$out" | sed 's/^/# /'

run rules list --category greylisted --quiet
same 'list: only the category asked for' 'greylisted' "$(printf '%s\n' "$out" | awk '{ print $2 }' | sort -u)"
run rules list --provider microsoft_consumer --quiet
same 'list: only the provider asked for' 'microsoft_consumer' \
	"$(printf '%s\n' "$out" | awk '{ print $3 }' | sort -u)"
run rules list --quiet
same 'list: in the order of ids' "$(printf '%s\n' "$out" | LC_ALL=C sort -k 1,1)" "$out"
total=$(printf '%s\n' "$out" | wc -l)
run rules stats
same 'stats: as many rules as list shows' "$total" "${out%% rules with *}"
same 'stats: by category adds up' "$total" "$(printf '%s\n' "$out" |
	awk '/^ *RULES/ { part = $2; next } part == "CATEGORY" && NF { n += $1 } END { print n }')"

# ---- rules that do not ------------------------------------------------------------------------
cp -r "$source_dir/taxonomy" "$work/taxonomy"
MXPROBE_TAXONOMY=$work/taxonomy
export MXPROBE_TAXONOMY
cat >"$work/taxonomy/rules/zz-broken.yaml" <<'END'
- id: zz.overlapped
  strength: usual
  patterns: [quux]
  category: content_spam
  source: test
  samples:
    positive: ["550 5.1.1 No such user here, quux"]
- id: zz.misses
  patterns: [blorb]
  category: policy_other
  source: test
  samples:
    positive: ["550 no blurb"]
END
run rules test
same 'faults make the status 1' 1 "$status"
says() {
	case $out in
	*"$2"*) ok "$1" ;;
	*) not_ok "$1" "$out" ;;
	esac
}
says 'a rule that hits no sample of its own is dead' 'dead       zz.misses: it hits none of its samples'
says 'a rule beaten by another category is overlapped' 'overlapped zz.overlapped: '
says 'a rule that nothing of its own comes out of is shadowed' 'shadowed   zz.overlapped: '
says 'a sample that its rule misses fails, with file and line' \
	"failed     $work/taxonomy/rules/zz-broken.yaml:12: samples: the rule does not hit (in zz.misses)"

cat >>"$work/taxonomy/lists.yaml" <<'END'
- id: zz_list
  name: ZZ list
  operator: ZZ
  kind: ip
  zones: []
  brands: []
  source: test
END
run rules test
says 'a list that nothing leads to is untested' 'untested   list.zz_list: '

printf -- '- id: zz.bad\n  patterns: [x]\n  category: no_such\n  source: test\n  samples: {positive: ["550 x"]}\n' \
	>"$work/taxonomy/rules/zz-broken.yaml"
refuses 78 "mxprobe: $work/taxonomy/rules/zz-broken.yaml:3: category: no category \"no_such\" (in zz.bad)" \
	rules stats
finish
