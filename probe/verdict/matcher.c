/* matcher.c - from the meshes that a text falls into to the rules and needles behind them. */
#include "probe/verdict/matcher.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

/* Weaving takes as long as trying every pattern on so many replies. */
#define WEAVE_AFTER 3000

/* So many patterns beside the sieve, a user's own, are quickly tried. */
#define BESIDE_MOST 40

#define WORD_BITS 64

/* Who is behind a mesh: a rule's pattern, or a needle of the list table. */
struct user {
	uint32_t mesh, index;
	uint32_t pattern; /* by number; NEEDLE for a needle */
};

#define NEEDLE UINT32_MAX

/* Which rules allow for a code, worked out when it first comes: mail servers use few. */
#define ADMISSION_BITS 10

struct admission {
	int code;
	struct mx_enhanced enhanced;
	uint64_t *rules; /* NULL: none yet */
};

struct mx_matcher {
	enum mx_matching matching;
	struct mx_sieve *sieve; /* NULL: every pattern is tried */
	size_t texts_read;
	size_t beside; /* patterns that the sieve does not know */
	struct mx_runner runner;
	struct user *users; /* by mesh */
	uint32_t *first;    /* of each mesh's users; one more than there are meshes */
	uint32_t
	    *numbers; /* of each rule's first pattern; one more than there are rules */
	size_t mesh_words, rule_words, pattern_words, needle_words;
	/* what holds for every text: no words to look for, or words no sieve holds */
	uint64_t *always_rules, *always_patterns, *always_needles;
	/* what holds for the text that was read */
	uint64_t *meshes, *rules, *patterns, *needles;
	bool sifted;
	struct admission admissions[1 << ADMISSION_BITS];
};

/* ---- sets of numbers ---- */

static size_t
words_for(size_t count)
{
	return count / WORD_BITS + 1;
}

static void
set_bit(uint64_t *set, size_t bit)
{
	set[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

static bool
has_bit(const uint64_t *set, size_t bit)
{
	return (set[bit / WORD_BITS] >> bit % WORD_BITS & 1) != 0;
}

/* The first number from this one on, or count. */
static size_t
next_bit(const uint64_t *set, size_t from, size_t count)
{
	while (from < count) {
		uint64_t rest = set[from / WORD_BITS] >> from % WORD_BITS;

		if (rest != 0) {
			from += (size_t)__builtin_ctzll(rest);
			return from < count ? from : count;
		}
		from += WORD_BITS - from % WORD_BITS;
	}
	return count;
}

/* ---- what the sieve is woven of ---- */

/* A needle as a pattern. mx_normal_word() looks at its borders. */
static char *
needle_pattern(const char *word)
{
	struct mx_buf text;

	mx_buf_init(&text, 2 * strlen(word) + 1);
	for (; *word != '\0'; word++)
		(void)mx_buf_addf(&text, "%s%c",
		    mx_ascii_is_alnum(*word) || (unsigned char)*word >= 0x80 ? "" : "\\",
		    *word);
	return mx_buf_take(&text);
}

struct texts {
	const char **items;
	size_t count;
};

static void
add_text(struct texts *texts, const char *text)
{
	texts->items = mx_grow(texts->items, texts->count, sizeof *texts->items);
	texts->items[texts->count++] = text;
}

static void
weave(struct mx_matcher *matcher, const struct mx_rules *rules)
{
	struct texts texts = { 0 }, said = { 0 };
	char **needles = mx_calloc(rules->needle_count + 1, sizeof *needles);

	for (size_t i = 0; i < rules->count; i++) {
		const struct mx_rule_row *row = rules->rules[i].row;

		for (unsigned k = 0; k < row->pattern_count; k++)
			add_text(&texts, row->patterns[k]);
		for (unsigned k = 0; k < row->without_count; k++)
			add_text(&texts, row->without[k]);
		for (unsigned k = 0; k < row->samples.positive_count; k++)
			add_text(&said, row->samples.positive[k]);
	}
	for (size_t i = 0; i < rules->needle_count; i++) {
		needles[i] = needle_pattern(rules->needles[i].word);
		add_text(&texts, needles[i]);
	}
	add_text(&texts, rules->delay->text);
	mx_sieve_free(matcher->sieve);
	matcher->sieve = mx_sieve_weave(texts.items, texts.count, said.items, said.count);
	for (size_t i = 0; i < rules->needle_count; i++)
		free(needles[i]);
	free(needles);
	free(texts.items);
	free(said.items);
}

/* ---- who is behind a mesh ---- */

struct users {
	struct user *items;
	size_t count;
};

static void
add_user(struct users *users, uint32_t mesh, size_t index, uint32_t pattern)
{
	users->items = mx_grow(users->items, users->count, sizeof *users->items);
	users->items[users->count++] = (struct user){ mesh, (uint32_t)index, pattern };
}

static void
find_meshes(const struct mx_sieve *sieve, struct mx_pattern *patterns, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		patterns[i].mesh = mx_sieve_mesh(sieve, patterns[i].text);
}

/* A rule is a candidate when one of its patterns may hit; always, when the sieve can't tell. */
static void
enlist_rule(struct mx_matcher *matcher, const struct mx_rule *rule, size_t index,
    struct users *users)
{
	uint32_t number = matcher->numbers[index];

	find_meshes(matcher->sieve, rule->patterns, rule->row->pattern_count);
	find_meshes(matcher->sieve, rule->without, rule->row->without_count);
	for (unsigned i = 0; i < rule->row->pattern_count; i++)
		matcher->beside +=
		    !mx_sieve_knows(matcher->sieve, rule->patterns[i].text);
	if (rule->row->pattern_count == 0)
		set_bit(matcher->always_rules, index);
	for (unsigned i = 0; i < rule->row->pattern_count; i++) {
		if (rule->patterns[i].mesh != MX_SIEVE_NONE) {
			add_user(users, rule->patterns[i].mesh, index, number + i);
			continue;
		}
		set_bit(matcher->always_rules, index);
		set_bit(matcher->always_patterns, number + i);
	}
}

static void
enlist_needle(
    struct mx_matcher *matcher, const char *word, size_t index, struct users *users)
{
	char *text = needle_pattern(word);
	uint32_t mesh = mx_sieve_mesh(matcher->sieve, text);

	if (mesh == MX_SIEVE_NONE)
		set_bit(matcher->always_needles, index);
	else
		add_user(users, mesh, index, NEEDLE);
	free(text);
}

static int
by_mesh(const void *a, const void *b)
{
	const struct user *left = a, *right = b;

	return (left->mesh > right->mesh) - (left->mesh < right->mesh);
}

static void
index_users(struct mx_matcher *matcher, struct users *users)
{
	uint32_t count = matcher->sieve != NULL ? mx_sieve_count(matcher->sieve) : 0;
	uint32_t next = 0;

	if (users->count > 0)
		qsort(users->items, users->count, sizeof *users->items, by_mesh);
	matcher->users = users->items;
	matcher->first = mx_calloc((size_t)count + 1, sizeof *matcher->first);
	for (uint32_t mesh = 0; mesh <= count; mesh++) {
		while (next < users->count && users->items[next].mesh < mesh)
			next++;
		matcher->first[mesh] = next;
	}
	matcher->mesh_words = words_for(count);
	matcher->meshes = mx_calloc(matcher->mesh_words, sizeof *matcher->meshes);
}

static void
forget(struct mx_matcher *matcher)
{
	free(matcher->users);
	free(matcher->first);
	free(matcher->meshes);
	memset(matcher->always_rules, 0,
	    matcher->rule_words * sizeof *matcher->always_rules);
	memset(matcher->always_patterns, 0,
	    matcher->pattern_words * sizeof *matcher->always_patterns);
	memset(matcher->always_needles, 0,
	    matcher->needle_words * sizeof *matcher->always_needles);
}

/* After every change of the sieve. */
static void
enlist(struct mx_matcher *matcher, const struct mx_rules *rules)
{
	struct users users = { 0 };

	forget(matcher);
	matcher->beside = 0;
	for (size_t i = 0; i < rules->count; i++)
		enlist_rule(matcher, &rules->rules[i], i, &users);
	for (size_t i = 0; i < rules->needle_count; i++)
		enlist_needle(matcher, rules->needles[i].word, i, &users);
	index_users(matcher, &users);
	find_meshes(matcher->sieve, rules->delay, 1);
}

/* ---- life ---- */

static void
number_patterns(struct mx_matcher *matcher, const struct mx_rules *rules)
{
	uint32_t number = 0;

	matcher->numbers = mx_calloc(rules->count + 1, sizeof *matcher->numbers);
	for (size_t i = 0; i < rules->count; i++) {
		matcher->numbers[i] = number;
		number += rules->rules[i].row->pattern_count;
	}
	matcher->numbers[rules->count] = number;
	matcher->pattern_words = words_for(number);
	matcher->always_patterns =
	    mx_calloc(matcher->pattern_words, sizeof *matcher->always_patterns);
	matcher->patterns = mx_calloc(matcher->pattern_words, sizeof *matcher->patterns);
}

struct mx_matcher *
mx_matcher_new(const struct mx_rules *rules, struct mx_sieve *saved)
{
	struct mx_matcher *matcher = mx_calloc(1, sizeof *matcher);

	matcher->sieve = saved;
	number_patterns(matcher, rules);
	matcher->rule_words = words_for(rules->count);
	matcher->needle_words = words_for(rules->needle_count);
	matcher->always_rules =
	    mx_calloc(matcher->rule_words, sizeof *matcher->always_rules);
	matcher->rules = mx_calloc(matcher->rule_words, sizeof *matcher->rules);
	matcher->always_needles =
	    mx_calloc(matcher->needle_words, sizeof *matcher->always_needles);
	matcher->needles = mx_calloc(matcher->needle_words, sizeof *matcher->needles);
	mx_runner_init(&matcher->runner);
	enlist(matcher, rules);
	return matcher;
}

void
mx_matcher_free(struct mx_matcher *matcher)
{
	if (matcher == NULL)
		return;
	forget(matcher);
	for (size_t i = 0; i < 1U << ADMISSION_BITS; i++)
		free(matcher->admissions[i].rules);
	free(matcher->numbers);
	free(matcher->always_rules);
	free(matcher->rules);
	free(matcher->always_patterns);
	free(matcher->patterns);
	free(matcher->always_needles);
	free(matcher->needles);
	mx_runner_clear(&matcher->runner);
	mx_sieve_free(matcher->sieve);
	free(matcher);
}

bool
mx_matcher_choose(const struct mx_rules *rules, enum mx_matching matching)
{
	struct mx_matcher *matcher = rules->matcher;

	matcher->matching = matching;
	if (matching == MX_MATCHING_LOOP) {
		mx_sieve_free(matcher->sieve);
		matcher->sieve = NULL;
	} else if (matching == MX_MATCHING_SIEVE) {
		weave(matcher, rules);
	}
	enlist(matcher, rules);
	return matching != MX_MATCHING_SIEVE || matcher->sieve != NULL;
}

const struct mx_sieve *
mx_matcher_sieve(const struct mx_rules *rules)
{
	return rules->matcher->sieve;
}

/* ---- reading ---- */

static void
told(void *arg, uint32_t mesh)
{
	struct mx_matcher *matcher = arg;

	set_bit(matcher->meshes, mesh);
	for (uint32_t i = matcher->first[mesh]; i < matcher->first[mesh + 1]; i++) {
		const struct user *user = &matcher->users[i];

		if (user->pattern == NEEDLE) {
			set_bit(matcher->needles, user->index);
			continue;
		}
		set_bit(matcher->rules, user->index);
		set_bit(matcher->patterns, user->pattern);
	}
}

/* A saved sieve may lack patterns of the user's own: those few are tried one by one. */
static void
weave_if_it_pays(struct mx_matcher *matcher, const struct mx_rules *rules)
{
	if (matcher->matching != MX_MATCHING_AUTO || matcher->beside <= BESIDE_MOST ||
	    ++matcher->texts_read != WEAVE_AFTER || !mx_sieve_possible())
		return;
	weave(matcher, rules);
	enlist(matcher, rules);
}

void
mx_matcher_read(const struct mx_rules *rules, const struct mx_normal *normal)
{
	struct mx_matcher *matcher = rules->matcher;

	weave_if_it_pays(matcher, rules);
	memset(matcher->meshes, 0, matcher->mesh_words * sizeof *matcher->meshes);
	memcpy(matcher->rules, matcher->always_rules,
	    matcher->rule_words * sizeof *matcher->rules);
	memcpy(matcher->patterns, matcher->always_patterns,
	    matcher->pattern_words * sizeof *matcher->patterns);
	memcpy(matcher->needles, matcher->always_needles,
	    matcher->needle_words * sizeof *matcher->needles);
	matcher->sifted =
	    matcher->sieve != NULL && mx_sieve_sift(matcher->sieve, normal->wording.text,
					  normal->wording.len, told, matcher);
	if (!matcher->sifted) {
		memset(matcher->patterns, 0xff,
		    matcher->pattern_words * sizeof *matcher->patterns);
		memset(
		    matcher->rules, 0xff, matcher->rule_words * sizeof *matcher->rules);
		memset(matcher->needles, 0xff,
		    matcher->needle_words * sizeof *matcher->needles);
	}
}

static bool
allows(const struct mx_rule *rule, int code, const struct mx_enhanced *enhanced)
{
	for (unsigned i = 0; i < rule->row->code_count; i++)
		if (mx_code_pattern_matches(&rule->codes[i], code, enhanced))
			return true;
	return rule->row->code_count == 0;
}

static void
work_out(struct admission *admission, const struct mx_rules *rules)
{
	size_t words = rules->matcher->rule_words;

	if (admission->rules == NULL)
		admission->rules = mx_calloc(words, sizeof *admission->rules);
	memset(admission->rules, 0, words * sizeof *admission->rules);
	for (size_t i = 0; i < rules->count; i++)
		if (allows(&rules->rules[i], admission->code, &admission->enhanced))
			set_bit(admission->rules, i);
}

static unsigned
slot_of(int code, const struct mx_enhanced *enhanced)
{
	unsigned number = (unsigned)code;

	number = number * 10 + enhanced->klass;
	number = number * 1000 + enhanced->subject;
	number = number * 1000 + enhanced->detail;
	return number * 2654435761U >> (32 - ADMISSION_BITS);
}

void
mx_matcher_admit(
    const struct mx_rules *rules, int code, const struct mx_enhanced *enhanced)
{
	struct mx_matcher *matcher = rules->matcher;
	struct admission *admission = &matcher->admissions[slot_of(code, enhanced)];

	if (admission->rules == NULL || admission->code != code ||
	    !mx_enhanced_equal(&admission->enhanced, enhanced)) {
		admission->code = code;
		admission->enhanced = *enhanced;
		work_out(admission, rules);
	}
	for (size_t i = 0; i < matcher->rule_words; i++)
		matcher->rules[i] &= admission->rules[i];
}

size_t
mx_matcher_rule(const struct mx_rules *rules, size_t from)
{
	return next_bit(rules->matcher->rules, from, rules->count);
}

unsigned
mx_matcher_pattern(const struct mx_rules *rules, size_t rule, unsigned from)
{
	const struct mx_matcher *matcher = rules->matcher;
	uint32_t first = matcher->numbers[rule];

	return (unsigned)(next_bit(matcher->patterns, first + from,
			      matcher->numbers[rule + 1]) -
			  first);
}

size_t
mx_matcher_needle(const struct mx_rules *rules, size_t from)
{
	return next_bit(rules->matcher->needles, from, rules->needle_count);
}

bool
mx_matcher_hits(const struct mx_rules *rules, struct mx_pattern *pattern,
    const struct mx_normal *normal)
{
	struct mx_matcher *matcher = rules->matcher;
	const char *text = normal->wording.text;
	size_t len = normal->wording.len;
	size_t starts[MX_SIEVE_STARTS], count = MX_SIEVE_ANYWHERE;

	if (matcher->sifted && pattern->mesh != MX_SIEVE_NONE) {
		if (!has_bit(matcher->meshes, pattern->mesh))
			return false;
		count = mx_sieve_starts(matcher->sieve, pattern->mesh, starts);
	}
	return count == MX_SIEVE_ANYWHERE
		   ? mx_pattern_hits(pattern, &matcher->runner, text, len)
		   : mx_pattern_hits_at(
			 pattern, &matcher->runner, text, len, starts, count);
}

struct mx_runner *
mx_matcher_runner(const struct mx_rules *rules)
{
	return &rules->matcher->runner;
}
