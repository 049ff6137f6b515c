#!/bin/sh
# explain.sh - a word that an operator reads in a bounce leads to what to do.
. "$(dirname "$0")/lib.sh"

# kind_of WORD: "kind id category" of each topic, one a line.
topics() {
	run explain --format json "$1"
	printf '%s\n' "$out" | jq -r '[.kind, .id, .category // "-"] | join(" ")'
}

if command -v jq >/dev/null; then
	same 'a verdict' 'verdict blocked -' "$(topics blocked)"
	same 'a category, in any case' 'category blocklist_own -' "$(topics Blocklist_OWN)"
	same 'a family' 'family auth -' "$(topics auth)"
	same 'a list by its zone' 'list spamhaus_zen -' "$(topics zen.spamhaus.org)"
	same 'a list by its zone with a key in front' 'list spamhaus_zen -' \
		"$(topics abcdefgh.zen.dq.spamhaus.net)"
	same 'a list by what people call it' 'list spamhaus_dbl -' "$(topics DBL)"
	same 'a provider by a domain' 'provider microsoft_consumer -' "$(topics hotmail.co.jp)"
	same 'a provider by a mail exchanger' 'provider microsoft_consumer -' \
		"$(topics outlook-com.olc.protection.outlook.com)"
	run explain --format json zen.spamhaus.org
	same 'how a list is asked, and what it answers' \
		'zen.spamhaus.org -|zen.dq.spamhaus.net spamhaus_dqs|127.0.0.2 SBL: source of spam' \
		"$(printf '%s' "$out" | jq -r '[(.queries[] | "\(.zone) \(.key // "-")"),
			(.answers[0] | "\(.code) \(.means)")] | join("|")')"
	for word in S3140 AS3140 s3150; do
		case $(topics $word) in
		code\ *\ blocklist_own) ok "$word is a code of an own list" ;;
		*) not_ok "$word is a code of an own list" "$(topics $word)" ;;
		esac
	done
	same 'TSS04' 'code TSS04 reputation_volume' "$(topics TSS04)"
	same 'an enhanced code' 'code 5.7.606 blocklist_own' "$(topics 5.7.606)"
	run explain --format json S3140
	same 'steps, link and whose list' \
		'microsoft-consumer|Microsoft|https://olcsupport.office.com/|true' \
		"$(printf '%s' "$out" | jq -r '[.remedy.id, .authority, .delist_url, (.remedy.steps | length == 7)] | join("|")')"
	same 'the form, field by field, in its order' 'Title of the problem|URL of the web site|11|hours to days' \
		"$(printf '%s' "$out" |
			jq -r '.remedy | [(.form[0, -1].field), (.form | length), .duration[:13]] | join("|")')"
	run explain --format json --lang ja greylisted
	same 'Japanese where asked for' true \
		"$(printf '%s' "$out" | jq -s 'all(.meaning | test("[ぁ-んァ-ン一-龥]"))')"
else
	skip 'topics' 'jq is not installed'
fi

LC_ALL=ja_JP.UTF-8
run explain mailbox_full
case $out in
*対処*) ok 'the language is that of the environment' ;;
*) not_ok 'the language is that of the environment' "$out" ;;
esac
run explain --lang en mailbox_full
case $out in
*'to do '*) ok '--lang beats the environment' ;;
*) not_ok '--lang beats the environment' "$out" ;;
esac
LC_ALL=C.UTF-8

refuses 1 'mxprobe: nothing is known as "blocklst_own" (did you mean blocklist_own?)' explain blocklst_own
refuses 1 'mxprobe: nothing is known as "zen.spamhaus.orgg" (did you mean zen.spamhaus.org?)' \
	explain zen.spamhaus.orgg
refuses 1 'mxprobe: nothing is known as "\x1b[2J"' explain "$(printf '\033[2J')"
refuses 1 'mxprobe: nothing is known as ""' explain ''
refuses 64 'mxprobe: say what to explain: a category, a list, a provider or a code, for example mxprobe explain S3140' \
	explain
refuses 64 'mxprobe: --lang: "fr" is not one of en, ja' explain --lang fr blocked
run explain blocked nonesuch
same 'one unknown word does not hide the known one' "1|blocked: a verdict" \
	"$status|$(printf '%s\n' "$out" | head -n 1)"
finish
