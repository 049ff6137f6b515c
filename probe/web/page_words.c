/* page_words.c - tables of phrases; nothing here decides anything. */
#include "probe/web/page_words.h"

#include <string.h>

#include "probe/catalogue/verdicts.h"

/* clang-format off */
static const struct mx_state_look states[MX_STATE_COUNT] = {
	[MX_STATE_UNKNOWN] = { "unknown", "·", { "unknown", "不明" },
		{ "No session has told anything yet.", "まだ何も分かっていません。" } },
	[MX_STATE_CLEAR] = { "clear", "✓", { "clear", "正常" },
		{ "Accepted where this provider shows its blocks.", "この宛先でブロックが分かる段階まで受け付けられました。" } },
	[MX_STATE_SUSPECT] = { "suspect", "?", { "suspect", "疑い" },
		{ "Refused once without a reason that names the source; a second look decides.",
		  "理由のはっきりしない拒否が一度ありました。次の接続で判断します。" } },
	[MX_STATE_BLOCKED] = { "blocked", "✕", { "blocked", "ブロック" },
		{ "A refusal names this source, its network or its name.", "この送信元IP（またはネットワーク、名前）を理由に拒否されています。" } },
	[MX_STATE_DELIST_REQUESTED] = { "requested", "✉", { "requested", "申請中" },
		{ "Blocked, and a delisting has been asked for.", "ブロックされており、解除を申請済みです。" } },
	[MX_STATE_CLEARING] = { "clearing", "◔", { "clearing", "反映中" },
		{ "Accepted again at some addresses; not yet everywhere or for long enough.",
		  "一部のサーバーで受け付けられました。全体への反映を確認中です。" } },
	[MX_STATE_OVERDUE] = { "overdue", "!", { "overdue", "回答遅れ" },
		{ "The delisting was asked for, and the answer is late.", "解除を申請しましたが、予定を過ぎても解除されていません。" } },
	[MX_STATE_FLAPPING] = { "flapping", "≈", { "flapping", "不安定" },
		{ "Changes between clear and blocked again and again.", "正常とブロックを繰り返しています。" } },
};

const struct mx_state_look mx_look_stale = { "stale", "▨", { "stale", "情報が古い" },
	{ "Nothing has been learned for two intervals: this is what it was, not what it is.",
	  "予定の二回分、新しい情報がありません。以前の状態です。" } };
const struct mx_state_look mx_look_blind = { "blind", "○", { "up to RCPT", "RCPT まで" },
	{ "Accepted as far as we ask; this provider judges the source after DATA.",
	  "確認した段階までは受け付けられました。この宛先は DATA の後に判定します。" } };
const struct mx_state_look mx_look_never = { "never", "–", { "not watched", "対象外" },
	{ "This source is not probed at this provider.", "この組み合わせは確認していません。" } };

static const struct mx_text verdicts[MX_V_COUNT] = {
	[MX_V_FAILED]      = { "failed here",  "自局の失敗" },
	[MX_V_BLOCKED]     = { "blocked",      "ブロック" },
	[MX_V_IDENTITY]    = { "identity",     "身元で拒否" },
	[MX_V_POLICY]      = { "policy",       "ポリシーで拒否" },
	[MX_V_THROTTLED]   = { "throttled",    "流量制限" },
	[MX_V_GREYLISTED]  = { "greylisted",   "グレイリスト" },
	[MX_V_RECIPIENT]   = { "recipient",    "宛先不明のみ" },
	[MX_V_VOID]        = { "other address", "別のIP" },
	[MX_V_BROKEN]      = { "broken there", "相手側の異常" },
	[MX_V_UNREACHABLE] = { "unreachable",  "接続不可" },
	[MX_V_SUPPRESSED]  = { "not now",      "見送り" },
	[MX_V_ACCEPTED]    = { "accepted",     "受付" },
};

static const struct mx_text stages[MX_STAGE_COUNT] = {
	[MX_STAGE_CONNECT]  = { "connect",        "接続" },
	[MX_STAGE_BANNER]   = { "greeting",       "グリーティング" },
	[MX_STAGE_EHLO]     = { "EHLO",           "EHLO" },
	[MX_STAGE_STARTTLS] = { "STARTTLS",       "STARTTLS" },
	[MX_STAGE_TLS]      = { "TLS handshake",  "TLS ハンドシェイク" },
	[MX_STAGE_MAIL]     = { "MAIL FROM",      "MAIL FROM" },
	[MX_STAGE_RCPT]     = { "RCPT TO",        "RCPT TO" },
	[MX_STAGE_DATA]     = { "message begins", "本文の開始" },
	[MX_STAGE_EOD]      = { "end of message", "本文の終わり" },
	[MX_STAGE_QUIT]     = { "QUIT",           "QUIT" },
};

static const struct {
	const char *outcome;
	struct mx_text word;
} outcomes[] = {
	{ "mitigated",        { "mitigated", "解除された" } },
	{ "conditional",      { "conditionally mitigated", "条件付きで解除" } },
	{ "not_qualified",    { "not qualified", "緩和対象外" } },
	{ "nothing_detected", { "nothing was detected", "問題は検出されない" } },
};

static const struct mx_text sayings[MX_SAY_COUNT] = {
#define X(name, en, ja) [MX_SAY_##name] = { en, ja },
	MX_SAYINGS(X)
#undef X
};
/* clang-format on */

static const char *
in(const struct mx_text *text, enum mx_lang lang)
{
	return lang == MX_LANG_JA ? text->ja : text->en;
}

const struct mx_state_look *
mx_state_look(enum mx_state state)
{
	return &states[state];
}

const char *
mx_verdict_word(const char *verdict, enum mx_lang lang)
{
	enum mx_verdict known;

	return mx_verdict_from_name(verdict, &known) ? in(&verdicts[known], lang)
						     : verdict;
}

const char *
mx_stage_word(const char *stage, enum mx_lang lang)
{
	enum mx_stage known;

	return mx_stage_from_name(stage, &known) ? in(&stages[known], lang) : stage;
}

const char *
mx_up_to_word(enum mx_stage depth, enum mx_lang lang)
{
	static const struct mx_text mail = { "up to MAIL", "MAIL まで" };

	return in(depth == MX_STAGE_MAIL ? &mail : &mx_look_blind.word, lang);
}

const char *
mx_outcome_word(const char *outcome, enum mx_lang lang)
{
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (strcmp(outcomes[i].outcome, outcome) == 0)
			return in(&outcomes[i].word, lang);
	return outcome;
}

const char *
mx_say(enum mx_saying saying, enum mx_lang lang)
{
	return in(&sayings[saying], lang);
}
