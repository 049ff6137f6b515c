/*
 * fuzz_reply.c - properties of the reply reader for any bytes a server may send: the same answer
 * however they are cut (the first byte says how), and no more kept than the limits allow.
 */
#include <string.h>

#include "probe/base/buf.h"
#include "probe/reply.h"
#include "tests/fuzz/fuzz.h"

static void
note(struct mx_buf *seen, enum mx_reply_status status,
    const struct mx_reply_reader *reader)
{
	char code[MX_ENHANCED_TEXT];

	(void)mx_buf_addf(seen, "<%d", (int)status);
	if (status == MX_REPLY_LINE || status == MX_REPLY_LAST_LINE ||
	    status == MX_REPLY_BAD_LINE) {
		FUZZ_REQUIRE(reader->line_len < MX_REPLY_LINE_LIMIT);
		FUZZ_REQUIRE(reader->line[reader->line_len] == '\0');
		FUZZ_REQUIRE(reader->text_len <= reader->line_len);
		(void)mx_buf_add(seen, reader->line, reader->line_len);
	}
	if (status == MX_REPLY_LAST_LINE) {
		FUZZ_REQUIRE(reader->code >= 200 && reader->code <= 599);
		(void)mx_buf_addf(seen, "=%d %s %zu %d", reader->code,
		    mx_enhanced_text(&reader->enhanced, code), reader->lines,
		    reader->mixed_codes);
	}
	(void)mx_buf_addstr(seen, ">");
}

/* False when nothing more may be fed. */
static bool
feed(struct mx_reply_reader *reader, const char *bytes, size_t len, struct mx_buf *seen)
{
	while (len > 0) {
		size_t before = len;
		enum mx_reply_status status = mx_reply_feed(reader, &bytes, &len);

		FUZZ_REQUIRE(reader->received <= MX_REPLY_LIMIT);
		if (status == MX_REPLY_NEEDS_BYTES) {
			FUZZ_REQUIRE(len == 0);
			return true;
		}
		note(seen, status, reader);
		if (status != MX_REPLY_LINE && status != MX_REPLY_LAST_LINE)
			return false;
		FUZZ_REQUIRE(len < before);
	}
	return true;
}

static void
read_in_pieces(const char *bytes, size_t len, size_t piece, struct mx_buf *seen)
{
	struct mx_reply_reader reader;
	bool more = true;

	mx_buf_init(seen, (size_t)1 << 24);
	mx_reply_init(&reader);
	while (more && len > 0) {
		size_t now = len < piece ? len : piece;

		more = feed(&reader, bytes, now, seen);
		bytes += now;
		len -= now;
	}
	if (more)
		(void)mx_buf_addstr(seen, mx_reply_is_partial(&reader) ? "..." : ".");
	mx_reply_clear(&reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data + 1;
	struct mx_buf whole, cut;

	if (size == 0)
		return 0;
	read_in_pieces(bytes, size - 1, SIZE_MAX, &whole);
	read_in_pieces(bytes, size - 1, (size_t)data[0] + 1, &cut);
	FUZZ_REQUIRE(whole.len == cut.len);
	FUZZ_REQUIRE(whole.len == 0 || memcmp(whole.data, cut.data, whole.len) == 0);
	mx_buf_clear(&whole);
	mx_buf_clear(&cut);
	return 0;
}
