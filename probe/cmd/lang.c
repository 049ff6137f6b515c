/* lang.c - English unless somebody asks for Japanese. */
#include "probe/cmd/lang.h"

#include <stdlib.h>
#include <string.h>

#include "probe/cmd/options.h"

enum mx_lang
mx_lang_of_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strncmp(value, "ja", 2) == 0 ? MX_LANG_JA : MX_LANG_EN;
	}
	return MX_LANG_EN;
}

enum mx_err
mx_value_lang(const char *value, enum mx_lang *lang, struct mx_error *err)
{
	static const char *const langs[] = { "en", "ja" };
	size_t index = 0;
	enum mx_err code = mx_value_choice("--lang", value, langs, 2, &index, err);

	*lang = index == 1 ? MX_LANG_JA : MX_LANG_EN;
	return code;
}
