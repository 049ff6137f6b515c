/* kit_words.c - what the kit itself says, in both languages. */
#include "probe/report/kit_parts.h"

/* clang-format off */
static const struct mx_text words[MX_KIT_WORDS] = {
	[MX_KIT_SITUATION]   = { "What happens", "状況" },
	[MX_KIT_ERROR]       = { "The refusal, word for word", "拒否メッセージ（原文）" },
	[MX_KIT_IDENTITY]    = { "Identity of the source", "送信元の確認" },
	[MX_KIT_FIRST]       = { "Do first, in this order", "最初にすること（順番に）" },
	[MX_KIT_FORM]        = { "What to fill in, in the order of the form", "申請フォームの記入内容（フォームの順）" },
	[MX_KIT_YOURS]       = { "(yours to fill in)", "（ご自身で記入）" },
	[MX_KIT_DURATION]    = { "How long it takes", "かかる時間" },
	[MX_KIT_ANSWERS]     = { "What the answer means", "回答の意味と次の対応" },
	[MX_KIT_REPLY]       = { "Write back:", "返信の文面：" },
	[MX_KIT_CHECK_REPLY] = { "Read it before you send it, and change what is not so.",
	    "送る前に読み、事実と異なる部分は直してください。" },
	[MX_KIT_AFTER]       = { "When the request is sent, open the case:", "申請したら、受付番号を記録します：" },
	[MX_KIT_FOLLOW]      = { "Then follow whether the block goes away:", "解除が反映されたかは次で確認します：" },
	[MX_KIT_NO_FORM]     = { "There is no form.", "申請フォームはありません。" },
	[MX_KIT_ALSO]        = { "The refusal itself names", "拒否メッセージに示されたリンク" },
};
/* clang-format on */

const char *
mx_kit_word(const struct mx_kit *kit, enum mx_kit_word word)
{
	return mx_kit_in(kit, &words[word]);
}
