/* imap_list.c - "* LIST (\HasNoChildren \Junk) "/" "Junk Email"", line by line. */
#include "probe/net/imap_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "probe/base/mem.h"

#define NAME_MAX_BYTES 255U

/* What large providers call it where the server does not mark it. The last is Japanese for unwanted
 * mail, in IMAP's own UTF-7. */
static const char *const junk_names[] = { "Junk", "Spam", "Junk Email", "Junk E-mail",
	"Bulk Mail", "Bulk", "[Gmail]/Spam", "[Google Mail]/Spam", "INBOX.Junk",
	"INBOX.Spam", "INBOX/Junk", "INBOX/Spam", "&j,dg0TDhMPww6w-" };

/* Nothing lands there, or everything does a second time. */
static const char *const unwanted[] = { "\\Noselect", "\\NonExistent", "\\All",
	"\\Flagged", "\\Sent", "\\Drafts" };

static bool
has_flag(const char *flags, size_t len, const char *flag)
{
	size_t flag_len = strlen(flag);

	for (size_t i = 0; i + flag_len <= len; i++) {
		const char *after = flags + i + flag_len;

		if (strncasecmp(flags + i, flag, flag_len) == 0 &&
		    (after == flags + len || *after == ' '))
			return true;
	}
	return false;
}

static bool
is_unwanted(const char *flags, size_t len)
{
	for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
		if (has_flag(flags, len, unwanted[i]))
			return true;
	return false;
}

static enum mx_imap_place
place_of(const char *name, const char *flags, size_t len)
{
	if (strcasecmp(name, "INBOX") == 0)
		return MX_IMAP_INBOX;
	if (has_flag(flags, len, "\\Junk"))
		return MX_IMAP_JUNK;
	for (size_t i = 0; i < sizeof junk_names / sizeof *junk_names; i++)
		if (strcasecmp(name, junk_names[i]) == 0)
			return MX_IMAP_JUNK;
	return MX_IMAP_ELSEWHERE;
}

/* An astring: quoted with backslashes, or an atom. A literal ({5}) is left out: no server we know
 * of names its folders so. NULL: not one of those. */
static char *
read_name(const char *text, size_t len)
{
	char name[NAME_MAX_BYTES + 1];
	size_t at = 0, to = 0;
	bool is_quoted = len > 0 && text[0] == '"';

	for (at = is_quoted ? 1 : 0; at < len && to < NAME_MAX_BYTES; at++) {
		if (is_quoted && text[at] == '"')
			break;
		if (is_quoted && text[at] == '\\' && at + 1 < len)
			at++;
		else if (!is_quoted && (text[at] == ' ' || text[at] == '{'))
			return NULL;
		if ((unsigned char)text[at] < ' ')
			return NULL;
		name[to++] = text[at];
	}
	if (to == 0 || (is_quoted && (at >= len || text[at] != '"')))
		return NULL;
	return mx_strndup(name, to);
}

/* Behind the flags: the delimiter ("/" or NIL), a blank, the name. */
static const char *
behind_delimiter(const char *at, const char *end)
{
	if (end - at >= 4 && strncasecmp(at, "NIL ", 4) == 0)
		return at + 4;
	if (end - at >= 4 && at[0] == '"' && at[1] != '\\' && at[2] == '"')
		return at + 4;
	if (end - at >= 5 && at[0] == '"' && at[1] == '\\' && at[3] == '"')
		return at + 5;
	return NULL;
}

static void
add(struct mx_imap_folders *folders, enum mx_imap_place place, char *name)
{
	if (folders->count < MX_IMAP_FOLDERS)
		folders->rows[folders->count++] = (struct mx_imap_folder){ place, name };
	else
		free(name);
}

static void
read_line(const char *line, size_t len, struct mx_imap_folders *folders)
{
	const char *end = line + len, *flags, *close, *at;
	enum mx_imap_place place;
	char *name;

	if (len < 8 || strncasecmp(line, "* LIST (", 8) != 0)
		return;
	flags = line + 8;
	close = memchr(flags, ')', (size_t)(end - flags));
	if (close == NULL || end - close < 2 ||
	    is_unwanted(flags, (size_t)(close - flags)))
		return;
	at = behind_delimiter(close + 2, end);
	name = at != NULL ? read_name(at, (size_t)(end - at)) : NULL;
	if (name == NULL)
		return;
	place = place_of(name, flags, (size_t)(close - flags));
	if (place == MX_IMAP_INBOX)
		free(name); /* it is the first row already */
	else
		add(folders, place, name);
}

static int
compare(const void *a, const void *b)
{
	const struct mx_imap_folder *one = a, *other = b;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	return strcmp(one->name, other->name);
}

void
mx_imap_list_read(const char *text, struct mx_imap_folders *folders)
{
	folders->count = 0;
	add(folders, MX_IMAP_INBOX, mx_strdup("INBOX"));
	while (*text != '\0') {
		size_t len = strcspn(text, "\r\n");

		read_line(text, len, folders);
		text += len;
		text += strspn(text, "\r\n");
	}
	qsort(folders->rows, folders->count, sizeof folders->rows[0], compare);
}

void
mx_imap_folders_clear(struct mx_imap_folders *folders)
{
	for (size_t i = 0; i < folders->count; i++)
		free(folders->rows[i].name);
	folders->count = 0;
}

unsigned long
mx_imap_search_read(const char *text)
{
	const char *line = strcasestr(text, "* SEARCH");

	return line != NULL ? strtoul(line + 8, NULL, 10) : 0;
}
