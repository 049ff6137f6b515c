/* page_reasons.c - patterns with their translations: the store keeps one sentence, in one language. */
#include "probe/web/page_reasons.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

#define PIECES_MAX 4
#define SENTENCE_MAX 4096

/* * is any text; 1 to 4 behind a $ are those texts, in the order of the pattern. */
/* clang-format off */
static const struct {
	const char *pattern, *ja;
} reasons[] = {
	{ "accepted", "受け付けられました" },
	{ "blocked", "ブロックされました" },
	{ "refused for a reason that names no list", "リスト名のない理由で拒否されました" },
	{ "refused twice within three sessions", "三回の接続のうち二回拒否されました" },
	{ "accepted twice after a refusal", "拒否の後、二回受け付けられました" },
	{ "accepted * times at * address", "$2 個のアドレスで $1 回受け付けられました" },
	{ "accepted * times at * addresses", "$2 個のアドレスで $1 回受け付けられました" },
	{ "first accepted at *", "$1 で初めて受け付けられました" },
	{ "relapse: refused again at *", "再発：$1 で再び拒否されました" },
	{ "regressed: blocked again within a week of being clear", "再発：正常に戻ってから一週間以内に再びブロックされました" },
	{ "* changes between clear and blocked within * sessions", "$2 回の接続のうちに正常とブロックが $1 回入れ替わりました" },
	{ "no longer flapping", "変化が収まりました" },
	{ "delisting requested", "解除を申請しました" },
	{ "no answer to the request within its time", "期限までに申請への回答がありません" },

	{ "a session is under way", "接続中です" },
	{ "asked every *", "$1 ごとに確認します" },
	{ "blocked: asked every *", "ブロック中：$1 ごとに確認します" },
	{ "flapping: asked every *", "不安定：$1 ごとに確認します" },
	{ "asked a short while ago: not before *", "確認したばかりです：$1 以降" },
	{ "held after a block: not before *", "ブロックの後のため控えています：$1 以降" },
	{ "held after a throttle: not before *", "流量制限の後のため控えています：$1 以降" },
	{ "not asked for long: those are spread over some time", "長く確認していない組み合わせは、時間をおいて順に確認します" },
	{ "delisting asked for: step * is due then", "解除申請の後の確認（$1 回目）です" },
	{ "no session came about (*), it is tried again then", "接続できませんでした（$1）。その時刻に再試行します" },
	{ "* has throttled several sources and is left alone until *", "$1 が複数の送信元IPを制限したため、$2 まで控えています" },
	{ "waits for its turn: * is asked by no more than * at once and * a minute from this host, by one network every * s",
	  "順番待ちです：$1 への接続は同時に $2 件、毎分 $3 件まで、同じネットワークからは $4 秒に一件です" },
};
/* clang-format on */

struct piece {
	const char *text;
	size_t len;
};

/* Where a star's text ends: where the pattern goes on, and of the last one where it ends. */
static const char *
end_of_star(const char *pattern, const char *text)
{
	size_t literal = strcspn(pattern, "*"), len = strlen(text);

	if (pattern[literal] != '\0')
		return memmem(text, len, pattern, literal);
	return len >= literal && memcmp(text + len - literal, pattern, literal) == 0
		   ? text + len - literal
		   : NULL;
}

static bool
matches(const char *pattern, const char *text, struct piece pieces[PIECES_MAX])
{
	for (size_t count = 0;;) {
		size_t literal = strcspn(pattern, "*");
		const char *end;

		if (strncmp(text, pattern, literal) != 0)
			return false;
		text += literal;
		pattern += literal;
		if (*pattern == '\0')
			return *text == '\0';
		pattern++;
		end = end_of_star(pattern, text);
		if (end == NULL || count == PIECES_MAX)
			return false;
		pieces[count++] = (struct piece){ text, (size_t)(end - text) };
		text = end;
	}
}

static char *
fill(const char *ja, const struct piece pieces[PIECES_MAX])
{
	struct mx_buf out;

	mx_buf_init(&out, SENTENCE_MAX);
	while (*ja != '\0') {
		size_t literal = strcspn(ja, "$");

		(void)mx_buf_add(&out, ja, literal);
		ja += literal;
		if (*ja == '\0')
			break;
		(void)mx_buf_add(&out, pieces[ja[1] - '1'].text, pieces[ja[1] - '1'].len);
		ja += 2;
	}
	return mx_buf_take(&out);
}

char *
mx_reason_in_japanese(const char *why)
{
	struct piece pieces[PIECES_MAX] = { { NULL, 0 } };

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (matches(reasons[i].pattern, why, pieces))
			return fill(reasons[i].ja, pieces);
	return NULL;
}

void
mx_page_put_reason(struct mx_page *page, const char *why)
{
	char *ja =
	    why != NULL && page->lang == MX_LANG_JA ? mx_reason_in_japanese(why) : NULL;

	if (ja != NULL)
		mx_html_put(&page->html, "%s", ja);
	else if (why != NULL)
		mx_html_put(&page->html, "<span lang=\"en\">%s</span>", why);
	free(ja);
}
