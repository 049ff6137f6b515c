/* demand.c - a pattern read from left to right: as long as what it matches can be counted out, the
 * words grow; where it can't, they end, and others begin behind. What is not understood asks for
 * nothing, or the whole pattern is given up: a demand may be too small, never too large. */
#include "probe/verdict/demand.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* Spelled out further, words get longer than they get rarer. */
#define SPELLED_MOST 32
/* Alternatives that have nothing in common. */
#define SET_MOST 160
/* Of a character class. */
#define CLASS_MOST 4
#define DEPTH_MOST 20
/* As good as infinite: no text is so long. */
#define UNBOUNDED ((size_t)1 << 20)

/* What a part of a pattern can match: counted out (exact: these words, nothing else), or only
 * known to hold a word of each set. */
struct piece {
	bool exact;
	struct mx_words words;
	struct mx_way way;
	size_t most; /* bytes; where not exact */
};

struct reader {
	const char *at;
	int depth;
	bool strange; /* syntax that is not known here */
};

static size_t
times(size_t most, size_t count)
{
	return most < UNBOUNDED && count < UNBOUNDED && most * count < UNBOUNDED
		   ? most * count
		   : UNBOUNDED;
}

/* ---- ways ---- */

static void
clear_way(struct mx_way *way)
{
	for (size_t i = 0; i < way->count; i++)
		mx_words_clear(&way->sets[i]);
	free(way->sets);
	*way = (struct mx_way){ 0 };
}

/* Takes the words over. False when they are no demand, since one of them is empty. */
static bool
add_set(struct mx_way *way, struct mx_words *words)
{
	bool is_demand;

	mx_words_settle(words);
	is_demand = mx_words_shortest(words) > 0 && words->count <= SET_MOST;
	if (is_demand) {
		way->sets = mx_grow(way->sets, way->count, sizeof *way->sets);
		way->sets[way->count++] = *words;
		*words = (struct mx_words){ 0 };
	}
	mx_words_clear(words);
	return is_demand;
}

static void
clear_piece(struct piece *piece)
{
	mx_words_clear(&piece->words);
	clear_way(&piece->way);
}

/* ---- one behind the other ---- */

/* What was read of a sequence: sets that are complete, and the words that still grow. */
struct sequence {
	struct mx_way way;
	struct mx_words growing;
	bool at_start; /* the growing words begin where the sequence does */
	size_t most;   /* bytes up to the growing words */
};

static void
begin(struct sequence *sequence)
{
	*sequence = (struct sequence){ .growing = mx_words_one("", 0), .at_start = true };
}

static void
end_growing(struct sequence *sequence)
{
	bool starts = sequence->at_start && sequence->way.count == 0;
	struct mx_words *growing = &sequence->growing;

	growing->from = sequence->most;
	sequence->most += mx_words_longest(growing);
	growing->to = sequence->most;
	if (add_set(&sequence->way, growing) && starts)
		sequence->way.starts = true;
	sequence->growing = mx_words_one("", 0);
	sequence->at_start = false;
}

static void
append_exact(struct sequence *sequence, struct mx_words *words)
{
	struct mx_words joined;

	if (sequence->growing.count * words->count > SPELLED_MOST)
		end_growing(sequence);
	joined = mx_words_join(&sequence->growing, words);
	mx_words_clear(&sequence->growing);
	mx_words_clear(words);
	sequence->growing = joined;
}

/* The growing words end where the piece's first ones do. */
static void
end_with(struct sequence *sequence, struct mx_words *first)
{
	struct mx_words joined = mx_words_join(&sequence->growing, first);

	mx_words_clear(&sequence->growing);
	mx_words_clear(first);
	sequence->growing = joined;
	end_growing(sequence);
}

static void
append_sets(struct sequence *sequence, struct mx_way *way, size_t from, size_t base)
{
	for (size_t i = from; i < way->count; i++) {
		way->sets[i].from += base;
		way->sets[i].to += base;
		(void)add_set(&sequence->way, &way->sets[i]);
	}
}

static void
append(struct sequence *sequence, struct piece *piece)
{
	struct mx_way *way = &piece->way;
	size_t base = sequence->most + mx_words_longest(&sequence->growing);
	size_t next = 0;

	if (piece->exact) {
		append_exact(sequence, &piece->words);
		return;
	}
	if (way->starts && sequence->growing.count * way->sets[0].count <= SET_MOST)
		end_with(sequence, &way->sets[next++]);
	else
		end_growing(sequence);
	append_sets(sequence, way, next, base);
	sequence->most = base + piece->most;
	clear_piece(piece);
}

static struct piece
finish(struct sequence *sequence)
{
	struct piece piece = { 0 };

	if (sequence->at_start && sequence->way.count == 0) {
		piece.exact = true;
		piece.words = sequence->growing;
		return piece;
	}
	end_growing(sequence);
	mx_words_clear(&sequence->growing);
	piece.way = sequence->way;
	piece.most = sequence->most;
	return piece;
}

static size_t
most_of(const struct piece *piece)
{
	return piece->exact ? mx_words_longest(&piece->words) : piece->most;
}

/* As sets, even what was counted out. */
static struct mx_way
way_of(struct piece *piece)
{
	struct sequence sequence;

	if (!piece->exact)
		return piece->way;
	begin(&sequence);
	append(&sequence, piece);
	end_growing(&sequence);
	mx_words_clear(&sequence.growing);
	return sequence.way;
}

/* ---- one or the other ---- */

/* The set that says most: long words, few of them. */
static size_t
best_set(const struct mx_way *way)
{
	size_t best = 0;

	for (size_t i = 1; i < way->count; i++) {
		size_t here = mx_words_shortest(&way->sets[i]),
		       there = mx_words_shortest(&way->sets[best]);

		if (here > there ||
		    (here == there && way->sets[i].count < way->sets[best].count))
			best = i;
	}
	return best;
}

/* A word of either set; no set when together they are no demand. */
static bool
unite_set(
    struct mx_way *into, const struct mx_words *a, const struct mx_words *b, size_t most)
{
	struct mx_words both = mx_words_copy(a), more = mx_words_copy(b);

	mx_words_move(&both, &more);
	both.from = 0;
	both.to = most;
	return add_set(into, &both);
}

/* Not exact: a word of the first sets, where both begin with one, and of the best. */
static void
unite_sets(struct piece *a, struct piece *b)
{
	size_t left_most = most_of(a), right_most = most_of(b);
	struct mx_way left = way_of(a), right = way_of(b), both = { 0 };
	size_t i = best_set(&left), k = best_set(&right);
	bool start = left.starts && right.starts;
	size_t most = left_most > right_most ? left_most : right_most;

	if (start)
		both.starts = unite_set(&both, &left.sets[0], &right.sets[0], most);
	if (left.count > 0 && right.count > 0 && !(start && i == 0 && k == 0))
		(void)unite_set(&both, &left.sets[i], &right.sets[k], most);
	clear_way(&left);
	clear_way(&right);
	*a = (struct piece){ .way = both, .most = most };
	*b = (struct piece){ 0 };
}

static void
unite(struct piece *a, struct piece *b)
{
	if (a->exact && b->exact && a->words.count + b->words.count <= SPELLED_MOST) {
		mx_words_move(&a->words, &b->words);
		return;
	}
	unite_sets(a, b);
}

/* ---- reading ---- */

/* That many bytes, whatever they are. */
static struct piece
anything(size_t most)
{
	return (struct piece){ .most = most };
}

static struct piece
exactly(const char *text, size_t len)
{
	return (struct piece){ .exact = true, .words = mx_words_one(text, len) };
}

static struct piece read_alternatives(struct reader *reader);

/* In any locale. Control bytes can't be told from borders. */
static struct piece
literal(struct reader *reader, char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		byte = (char)(byte | 0x20);
	reader->strange |= byte == MX_WORD_BORDER;
	return exactly(&byte, 1);
}

static bool
is_letter_or_digit(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

static struct piece
read_escape(struct reader *reader)
{
	static const char border[] = { MX_WORD_BORDER };
	char byte = reader->at[1];

	if (byte == '\0') {
		reader->strange = true;
		return anything(0);
	}
	reader->at += 2;
	if (byte == 'b')
		return exactly(border, 1);
	if (!is_letter_or_digit(byte))
		return literal(reader, byte);
	/* \x41, \Q..\E, \K, \R, back-references: seldom, and each has a grammar of its own. */
	if (strchr("dDwWsShHvVN", byte) == NULL && strchr("BAzZ", byte) == NULL)
		reader->strange = true;
	return strchr("BAzZ", byte) != NULL ? exactly("", 0) : anything(1);
}

/* The end of a class whose first member is at text. */
static const char *
class_end(const char *text)
{
	if (*text == ']')
		text++;
	while (*text != '\0' && *text != ']') {
		if (text[0] == '[' && text[1] == ':' && strstr(text, ":]") != NULL)
			text = strstr(text, ":]") + 1;
		else if (text[0] == '\\' && text[1] != '\0')
			text++;
		text++;
	}
	return text;
}

/* "[sz]", "[ -]": a few plain members. */
static struct piece
read_class(struct reader *reader)
{
	const char *text = reader->at + 1, *end;
	bool negated = *text == '^';
	struct piece piece = { .exact = true };

	end = class_end(text + negated);
	if (*end == '\0')
		reader->strange = true;
	reader->at = *end == '\0' ? end : end + 1;
	if (negated || end - text > CLASS_MOST ||
	    memchr(text, '\\', (size_t)(end - text)) ||
	    (end - text > 2 && memchr(text + 1, '-', (size_t)(end - text) - 2)))
		return anything(1);
	for (; text < end; text++) {
		struct piece one = literal(reader, *text);

		mx_words_move(&piece.words, &one.words);
	}
	return piece;
}

/* Behind "(?": what kind of group it is. False for one that matches no text of its own, which
 * therefore asks for nothing. */
static bool
read_group_head(struct reader *reader)
{
	const char *at = reader->at;

	if (strncmp(at, "(?:", 3) == 0 || strncmp(at, "(?>", 3) == 0) {
		reader->at += 3;
		return true;
	}
	if (strncmp(at, "(?=", 3) == 0 || strncmp(at, "(?!", 3) == 0) {
		reader->at += 3;
		return false;
	}
	if (strncmp(at, "(?<=", 4) == 0 || strncmp(at, "(?<!", 4) == 0) {
		reader->at += 4;
		return false;
	}
	if (strncmp(at, "(?<", 3) == 0 && strchr(at, '>') != NULL) {
		reader->at = strchr(at, '>') + 1;
		return true;
	}
	reader->strange |= at[1] == '?' || at[1] == '*';
	reader->at++;
	return true;
}

static struct piece
read_group(struct reader *reader)
{
	bool matches_text = read_group_head(reader);
	struct piece piece;

	if (++reader->depth > DEPTH_MOST)
		reader->strange = true;
	piece = reader->strange ? anything(0) : read_alternatives(reader);
	reader->depth--;
	if (*reader->at == ')')
		reader->at++;
	else
		reader->strange = true;
	if (matches_text)
		return piece;
	clear_piece(&piece);
	return exactly("", 0);
}

static struct piece
read_atom(struct reader *reader)
{
	switch (*reader->at) {
	case '\\':
		return read_escape(reader);
	case '[':
		return read_class(reader);
	case '(':
		return read_group(reader);
	case '.':
		reader->at++;
		return anything(1);
	case '^':
	case '$':
		reader->at++;
		return exactly("", 0);
	default:
		return literal(reader, *reader->at++);
	}
}

/* How often. */
struct times {
	size_t least, most;
};

/* "{2}", "{2,}", "{0,9}". */
static struct times
read_braces(struct reader *reader)
{
	char *end = NULL;
	struct times times;

	times.least = times.most = strtoul(reader->at + 1, &end, 10);
	if (*end == ',')
		times.most = end[1] == '}' ? UNBOUNDED : strtoul(end + 1, &end, 10);
	end = strchr(end, '}');
	reader->strange |= end == NULL;
	reader->at = end != NULL ? end + 1 : reader->at + 1;
	return times;
}

/* "?", "*", "+" or braces, each perhaps lazy or possessive; else once. */
static struct times
read_quantifier(struct reader *reader)
{
	struct times times = { 1, 1 };
	char mark = *reader->at;

	if (mark == '{' && reader->at[1] >= '0' && reader->at[1] <= '9') {
		times = read_braces(reader);
	} else if (mark == '?' || mark == '*' || mark == '+') {
		times = (struct times){ mark == '+', mark == '?' ? 1 : UNBOUNDED };
		reader->at++;
	} else {
		return times;
	}
	if (*reader->at == '?' || *reader->at == '+')
		reader->at++;
	return times;
}

static void
read_item(struct reader *reader, struct sequence *sequence)
{
	struct piece piece = read_atom(reader), nothing = exactly("", 0);
	size_t most = most_of(&piece);
	struct times how = read_quantifier(reader);
	struct piece open = anything(times(most, how.most - (how.least > 0)));

	if (how.least == 1 && how.most == 1) {
		append(sequence, &piece);
	} else if (how.least > 0) { /* once, then who knows what */
		append(sequence, &piece);
		append(sequence, &open);
	} else if (how.most == 1 && piece.exact) {
		unite(&piece, &nothing);
		append(sequence, &piece);
	} else {
		clear_piece(&piece);
		append(sequence, &open);
	}
	clear_piece(&nothing);
}

static struct piece
read_sequence(struct reader *reader)
{
	struct sequence sequence;

	begin(&sequence);
	while (!reader->strange && *reader->at != '\0' && *reader->at != '|' &&
	       *reader->at != ')')
		read_item(reader, &sequence);
	return finish(&sequence);
}

static struct piece
read_alternatives(struct reader *reader)
{
	struct piece all = read_sequence(reader);

	while (*reader->at == '|' && !reader->strange) {
		struct piece next;

		reader->at++;
		next = read_sequence(reader);
		unite(&all, &next);
	}
	return all;
}

/* ---- the whole ---- */

void
mx_demand_clear(struct mx_demand *demand)
{
	for (size_t i = 0; i < demand->count; i++)
		clear_way(&demand->ways[i]);
	free(demand->ways);
	*demand = (struct mx_demand){ 0 };
}

bool
mx_demand_read(const char *pattern, struct mx_demand *out)
{
	struct reader reader = { .at = pattern };
	bool is_demand = true;

	*out = (struct mx_demand){ 0 };
	for (;;) {
		bool begins = *reader.at == '^';
		struct piece piece = read_sequence(&reader);

		out->ways = mx_grow(out->ways, out->count, sizeof *out->ways);
		out->ways[out->count] = way_of(&piece);
		out->ways[out->count].begins = begins;
		is_demand = is_demand && out->ways[out->count++].count > 0;
		if (*reader.at != '|' || reader.strange)
			break;
		reader.at++;
	}
	if (is_demand && !reader.strange && *reader.at == '\0')
		return true;
	mx_demand_clear(out);
	return false;
}
