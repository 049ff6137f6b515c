/*
 * page_words.h - what the page says, in both languages.
 * In:   a word of ours or of the contract.   Out: text for people; static.
 * Not:  no markup. What providers and remedies say is the catalogue's, of a request the kit's.
 */
#ifndef MX_WEB_PAGE_WORDS_H
#define MX_WEB_PAGE_WORDS_H

#include "probe/catalogue/catalogue.h"
#include "probe/watch/state.h"

/** How a state looks: never by colour alone. */
struct mx_state_look {
	const char *css;  /* class of the cell */
	const char *mark; /* one character */
	struct mx_text word, means;
};
const struct mx_state_look *mx_state_look(enum mx_state state);
/** The same for a state that nobody has looked at for long, and for an accept at a provider that
 *  judges later than we ask. */
extern const struct mx_state_look mx_look_stale, mx_look_blind, mx_look_never;

/** A verdict by its contract word; css is "v-WORD". The word itself when it is none of ours. */
const char *mx_verdict_word(const char *verdict, enum mx_lang lang);
/** A stage by its contract word: "MAIL FROM", "greeting". */
const char *mx_stage_word(const char *stage, enum mx_lang lang);
/** An accept that went so far: "up to RCPT". */
const char *mx_up_to_word(enum mx_stage depth, enum mx_lang lang);
/** A delist case's outcome by its contract word. */
const char *mx_outcome_word(const char *outcome, enum mx_lang lang);

/* clang-format off */
#define MX_SAYINGS(X) \
	X(MATRIX,        "Matrix",                 "一覧") \
	X(EVENTS,        "Events",                 "状態の変化") \
	X(SKIP,          "Skip to content",        "本文へ移動") \
	X(SECTIONS,      "Sections",               "メニュー") \
	X(LANGUAGE,      "Language",               "言語") \
	X(LIVE,          "live",                   "自動更新中") \
	X(LIVE_LOST,     "connection lost",        "接続が切れました") \
	X(UPDATED,       "updated",                "更新しました") \
	X(HEADLINE,      "Sources by provider",    "送信元IPと宛先") \
	X(SOURCE,        "Source",                 "送信元IP") \
	X(SOURCES,       "sources",                "送信元IP") \
	X(ONE_SOURCE,    "source",                 "送信元IP") \
	X(PROVIDER,      "Provider",               "宛先") \
	X(PROVIDERS,     "providers",              "宛先") \
	X(ONE_PROVIDER,  "provider",               "宛先") \
	X(ONE_PAIR,      "pair",                   "組み合わせ") \
	X(PAIRS,         "pairs",                  "組み合わせ") \
	X(ALL_PROVIDERS, "all providers",          "すべての宛先") \
	X(STATE,         "State",                  "状態") \
	X(ANY_STATE,     "any state",              "すべての状態") \
	X(NOT_CLEAR,     "needs attention",        "要対応") \
	X(GROUP_BY,      "Group by",               "まとめ方") \
	X(BY_TAG,        "host tag",               "ホスト") \
	X(BY_NETWORK,    "network",                "ネットワーク") \
	X(ROWS,          "Rows",                   "行数") \
	X(SEARCH,        "Find",                   "検索") \
	X(SEARCH_HINT,   "address, network or tag", "IP、ネットワーク、タグ") \
	X(SHOW,          "Show",                   "表示") \
	X(RESET,         "Clear filter",           "条件を消す") \
	X(ATTENTION,     "Needs attention",        "要対応") \
	X(NO_ATTENTION,  "Nothing is blocked or in doubt.", "ブロックや疑わしい状態はありません。") \
	X(MORE,          "more",                   "件以上") \
	X(OF,            "of",                     "/") \
	X(NOTHING_FITS,  "No source fits this filter.", "条件に合う送信元IPはありません。") \
	X(NOTHING_YET,   "Nothing is watched yet. Name sources and destinations in mxprobe.yaml and reload.", \
	                 "監視対象がありません。mxprobe.yaml に sources と destinations を書いて再読み込みしてください。") \
	X(PREVIOUS,      "Previous",               "前へ") \
	X(NEXT,          "Next",                   "次へ") \
	X(PAGES,         "Pages",                  "ページ") \
	X(LEGEND,        "What the marks mean",    "記号の意味") \
	X(LEGEND_AGE,    "The number is for how long it has been so; where it is stale or accepted only so far, how old the last session is.", \
	                 "数字はその状態になってからの時間です。「情報が古い」と「RCPT まで」では最後の接続からの時間です。") \
	X(KEYS,          "Keys: / finds, the arrows go along the matrix.", "キー操作： / で検索、矢印キーで表の中を移動します。") \
	X(SINCE,         "since",                  "以来") \
	X(STALE_NOTE,    "Last known state; nothing has been learned since.", "最後に分かった状態です。その後の情報はありません。") \
	X(BLIND_NOTE,    "What a session without DATA can't see here", "本文（DATA）を送らない接続では分からないこと") \
	X(LAST_SESSION,  "Last session",           "最後の接続") \
	X(NEVER,         "never",                  "なし") \
	X(REPLY,         "The reply that decided", "判定の根拠となった応答") \
	X(NO_REPLY,      "No session is recorded yet.", "接続の記録はまだありません。") \
	X(STAGE,         "Stage",                  "段階") \
	X(CODE,          "Code",                   "コード") \
	X(MEANING,       "Meaning",                "意味") \
	X(RULE,          "Rule",                   "判定規則") \
	X(CONFIDENCE,    "confidence",             "確度") \
	X(LIST,          "List",                   "リスト") \
	X(AUTHORITY,     "Kept by",                "管理者") \
	X(LISTED,        "What is listed",         "掲載対象") \
	X(SEEN,          "Source as the server saw it", "サーバーから見た送信元IP") \
	X(SEEN_SAME,     "the same address",       "同じIP") \
	X(SEEN_OTHER,    "another address than the one bound", "接続に使ったIPと異なります") \
	X(PERMANENCE,    "Lasts",                  "期間") \
	X(PERMANENT,     "permanent",              "恒久的") \
	X(TEMPORARY,     "temporary",              "一時的") \
	X(REMEDY,        "What to do",             "対処") \
	X(OPEN_KIT,      "Delisting request: fields, evidence, text", "解除申請の記入内容と証拠") \
	X(DELIST_FORM,   "Provider's page",        "申請ページ") \
	X(TRANSCRIPT,    "Transcript",             "通信記録") \
	X(VERDICT,       "Verdict",                "判定") \
	X(DEPTH,         "Depth",                  "深さ") \
	X(TIME,          "Time",                   "時刻") \
	X(HOST,          "Mail exchanger",         "メールサーバー") \
	X(ADDRESS,       "Address",                "IPアドレス") \
	X(IDENTITY,      "Identity of the source", "送信元の確認（DNS）") \
	X(IN_ORDER,      "in order",               "件は正常") \
	X(LOOKED_UP,     "looked up",              "確認") \
	X(DELIVERY,      "Last real message (mxprobe deliver)", "最後の実送信テスト（mxprobe deliver）") \
	X(LANDED,        "Landed in",              "届いた場所") \
	X(JUDGED,        "As the receiver judged", "受信側の判定") \
	X(TIMELINE,      "Timeline",               "時系列") \
	X(TIMELINE_BAND, "Band: state. Marks: sessions, tall where refused.", "帯は状態、縦線は接続（長い線は拒否）。") \
	X(SESSIONS,      "Last sessions",          "最近の接続") \
	X(CHANGES,       "Changes of state",       "状態の変化") \
	X(NO_CHANGES,    "No change is recorded.", "記録された変化はありません。") \
	X(WHY,           "Why",                    "理由") \
	X(FROM_TO,       "Change",                 "変化") \
	X(NEXT_PROBE,    "Next session",           "次の接続") \
	X(RUNNING,       "a session is under way", "接続中です") \
	X(LATE,          "late",                   "遅延") \
	X(NOT_PLANNED,   "not planned: this pair is not in the configuration", "予定なし（設定にない組み合わせです）") \
	X(WHY_NOT,       "Why not sooner",         "これより早くできない理由") \
	X(PROBE_NOW,     "Probe now",              "今すぐ確認") \
	X(PROBE_COST,    "One session, if the provider's floor allows.", "間隔の制限内であれば一回だけ接続します。") \
	X(ADDRESSES,     "Addresses of the provider", "宛先のサーバーごとの結果") \
	X(ACCEPTING,     "accept",                 "が受け付け") \
	X(PROPAGATION,   "Propagation of the delisting", "解除の反映状況") \
	X(MISSING,       "Missing for clear",      "解除確認までの残り") \
	X(CASE,          "Delisting request",      "解除申請") \
	X(TICKET,        "Ticket",                 "受付番号") \
	X(OPENED,        "Opened",                 "申請日時") \
	X(EXPECTED,      "Answer expected",        "回答予定") \
	X(OUTCOME,       "Answer",                 "回答") \
	X(CLEARED,       "Cleared",                "解除確認") \
	X(OPEN_CASE,     "Open a case",            "申請を記録") \
	X(OPEN_CASE_HINT,"After the request is sent: its number. The ladder of checks follows it.", \
	                 "申請を送った後、受付番号を入れると段階的な確認が始まります。") \
	X(NOTE_ANSWER,   "Note the answer",        "回答を記録") \
	X(NO_ANSWER,     "no answer yet",          "未回答") \
	X(COPY,          "Copy",                   "コピー") \
	X(COPY_ALL,      "Copy the whole kit",     "全文をコピー") \
	X(COPIED,        "copied",                 "コピーしました") \
	X(DELIST,        "Delisting request",      "解除申請") \
	X(NOT_BLOCKED,   "Not blocked here: there is nothing to ask for.", "ブロックされていないため、申請は不要です。") \
	X(GONE,          "The refusal is kept no longer; probe again.", "拒否の記録が残っていません。再度確認してください。") \
	X(BACK,          "Back to the pair",       "この組み合わせへ戻る") \
	X(SESSION_FACTS, "Session",                "接続") \
	X(SENDER,        "MAIL FROM",              "MAIL FROM") \
	X(RECIPIENT,     "RCPT TO",                "RCPT TO") \
	X(HELO,          "HELO",                   "HELO") \
	X(TLS,           "TLS",                    "TLS") \
	X(NO_TLS,        "none",                   "なし") \
	X(VERIFIED,      "certificate verified",   "証明書は有効") \
	X(UNVERIFIED,    "certificate not verified", "証明書を検証できません") \
	X(UNTIL,         "valid until",            "有効期限") \
	X(SAID_SERVER,   "server",                 "サーバー") \
	X(SAID_CLIENT,   "mxprobe",                "mxprobe") \
	X(SAID_PROBE,    "remark",                 "注記") \
	X(SECONDS,       "s",                      "秒") \
	X(WHO,           "Who",                    "発言") \
	X(LINE,          "Line",                   "行") \
	X(REDACTED,      "Mailbox names are left out.", "メールボックス名は伏せています。") \
	X(NO_DATA,       "No message was sent: the session ends before DATA.", "メッセージは送っていません（DATA の前に終了）。") \
	X(EVENTS_NOTE,   "Each change of state, newest first, with the session it rests on.", \
	                 "状態の変化（新しい順）と、その根拠となった接続です。") \
	X(SINCE_WHEN,    "Last",                   "期間") \
	X(DAYS,          "days",                   "日") \
	X(ONE_DAY,       "day",                    "日") \
	X(TOLD_STARTED,  "The session has been started.", "接続を開始しました。") \
	X(TOLD_REFUSED,  "Not now: why not is told under the next session.", "今は接続できません。理由は「次の接続」にあります。") \
	X(TOLD_NOTED,    "Noted.",                 "記録しました。") \
	X(FOOT,          "mxprobe opens SMTP sessions from each source and leaves before DATA.", \
	                 "mxprobe は各送信元IPから SMTP で接続し、DATA の前に切断します。") \
	X(NO_PAIR,       "Nothing is known of this source at this provider.", "この送信元IPと宛先の情報はありません。") \
	X(NO_RESULT,     "This session is kept no longer, or never was.", "この接続の記録は残っていません。")
/* clang-format on */

enum mx_saying {
#define X(name, en, ja) MX_SAY_##name,
	MX_SAYINGS(X)
#undef X
	MX_SAY_COUNT
};
const char *mx_say(enum mx_saying saying, enum mx_lang lang);

#endif
