#!/bin/sh
# delist.sh - a block becomes a request that needs no other page; the request becomes a case.
. "$(dirname "$0")/lib.sh"
remember=${MXPROBE_REMEMBER:-$PWD/tests/store/remember}
. "$source_dir/tests/cli/past.sh"
TZ=Asia/Tokyo
export TZ

# has DESCRIPTION PATTERN: in $out.
has() {
	# shellcheck disable=SC2254 # a pattern is meant
	case $out in
	$2) ok "$(plain "$1")" ;;
	*) not_ok "$(plain "$1")" "$out" ;;
	esac
}

past >"$work/past"
store="$work/past.db"
"$remember" "$store" <"$work/past"

refuses_like 64 '*say which address is blocked where*' delist --store "$store"
refuses_like 64 '*--outcome*not one of mitigated*' delist --outcome great
refuses 1 'mxprobe: 192.0.2.1 is not blocked at google: its state is clear' \
	delist --store "$store" --source 192.0.2.1 --to gmail.com
refuses_like 1 '*nothing is recorded of 192.0.2.200 at google; probe it first*' \
	delist --store "$store" --source 192.0.2.200 --to gmail.com
refuses_like 64 '*no request is open*' \
	delist --store "$store" --source 192.0.2.1 --to outlook.com --outcome mitigated

# ---- Microsoft's consumer form, field by field in its order ----------------------------------
cat >"$work/form" <<'END'
  1. 問題のタイトル
  2. 連絡先の名前
  3. どのドメインに送信先しますか?
  4. 連絡先のメールアドレス
  5. タイムゾーン
  6. どのドメインから送信しますか?
  7. お客様の会社やお客様ご自身について表しているのはどれですか?
  8. 送信IPまたは送信IPの範囲
  9. サーバーは専用ですか、共有ですか?
  10. エラーメッセージをコピーして貼り付け
  11. WebサイトのURL
END
run delist --store "$store" --source 192.0.2.1 --to outlook.com --lang ja
same 'every field of the form, in its order, by its Japanese name' "$(cat "$work/form")" \
	"$(printf '%s\n' "$out" | sed -n '/olcsupport.office.com/,/^==/p' | grep '^  [0-9]')"
has 'the form' '*https://olcsupport.office.com/*'
has 'the refusal, word for word' '*
    550 5.7.1 Unfortunately, messages from ?192.0.2.1? were not sent. Part of their network is on our block list (S3140).
*Status: 5.7.1*'
has 'when, here and in UTC' '*最後の確認*UTC (*JST)*'
has 'the time zone, as the form has it' '*
    (UTC+09:00) 大阪、札幌、東京
*'
has 'the sending domain' '*
    example.jp
*'
has 'what to write back' '*「緩和処置の対象外となります」*ご担当者様*192.0.2.1 への緩和処置*'
run delist --store "$store" --source 192.0.2.1 --to outlook.com --lang en
has 'in English' '*Sending address or range
    192.0.2.1
*'
run delist --store "$store" --source 192.0.2.1 --to outlook.com --lang en --format markdown
has 'Markdown' '# 192.0.2.1: *## The refusal, word for word

```text
550 5.7.1 *
```*'

if command -v jq >/dev/null; then
	run delist --store "$store" --source 192.0.2.1 --to outlook.com --lang ja --format json
	same 'JSON' 'mxprobe.delist/1 blocked 11 192.0.2.1 S3140 microsoft-consumer null' "$(printf '%s' "$out" | jq -r '
		[.schema, .state, (.form | length), .form[7].value, .finding.provider_code, .remedy, (.case | tostring)] |
		join(" ")')"
else
	skip 'JSON' 'jq is not installed'
fi

# ---- the case ---------------------------------------------------------------------------------
run delist --store "$store" --source 192.0.2.1 --to outlook.com --ticket 7012345678 --lang en
same 'a case is opened' 0 "$status"
has 'and told' 'Request 7012345678 for 192.0.2.1 at microsoft_consumer, opened *: delist_requested.*'
run status -q --store "$store" --source 192.0.2.1 --provider outlook.com
has 'and the state follows' '*delist_requested*'
run delist --store "$store" --source 192.0.2.1 --to outlook.com --outcome not_qualified --lang en
has 'the answer is noted, with what to write back' '*7012345678*: not_qualified.*please have a person look*'
run delist --store "$store" --source 192.0.2.1 --to outlook.com --ticket 7012345678 --outcome mitigated --lang en
run history --store "$store" --source 192.0.2.1 --to outlook.com
same 'the same number opens no second case' 1 "$(printf '%s\n' "$out" | grep -c -- '-> delist_requested')"
run delist --store "$store" --source 192.0.2.1 --to outlook.com --lang en
has 'the kit tells of the case' '*request*7012345678*mitigated*'

# ---- hostile words ----------------------------------------------------------------------------
evil='{"stage":"mail","code":550,"enhanced":"5.7.1","category":"blocklist_own","confidence":0.9,"listed_value":null,
"text":"550 5.7.1 \u001b[31mred\u001b[0m ``` **x** \u202e\n550 5.7.1 second line"}'
result 1 192.0.2.9 evil.example null mx.evil.example 203.0.113.66 blocked "$(printf '%s' "$evil" | tr -d '\n')" |
	sed 's/01PAST/01EVIL/' | "$remember" "$store"
for format in text markdown json; do
	"$mxprobe" delist --store "$store" --source 192.0.2.9 --to evil.example --lang en --format $format >"$work/evil"
	same "$format: nothing steers a terminal" 0 "$(LC_ALL=C grep -c "$(printf '\033')" "$work/evil")"
done
"$mxprobe" delist --store "$store" --source 192.0.2.9 --to evil.example --lang en --format markdown >"$work/evil"
same 'a fence that backticks inside cannot end' '````text' "$(grep -m 1 -o '^`*text$' "$work/evil")"

# ---- a real session ---------------------------------------------------------------------------
MXPROBE_CERTS=$PWD/certs/pki
export MXPROBE_CERTS
cat >"$work/probe.sh" <<'END'
exec "$1" check --dns-server "$MXPROBE_PLAY_DNS" --port "$MXPROBE_PLAY_PORT" --source 127.0.0.2 --to outlook.com \
	--helo mail.example.jp --mail-from probe@example.jp --store "$2" -q
END
run scenario play "$source_dir/scenarios/blocklist/outlook-s3140.yaml" -- sh "$work/probe.sh" "$mxprobe" "$work/real.db"
run delist --store "$work/real.db" --source 127.0.0.2 --to outlook.com --lang ja
has 'of a real session, too' '*
    550 5.7.1 Unfortunately, messages from ?127.0.0.2? weren*Remote-MTA: dns; outlook-com.olc.protection.outlook.com (127.0.2.2)*'
has 'with what preflight found' '*送信元の確認 ==
  [a-z]*'
finish
