// SPDX-License-Identifier: GPL-2.0
/*
 * Rules: what decides a frame inside a cell.
 *
 * How a list is made ready for frames is in seal.c.
 */
#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/stringhash.h>

#include "rules.h"

/* Places in the smallest list. */
#define VSEG_RULES_MIN		8

/*
 * Rules.
 */

/**
 * vseg_rule_alloc - a rule to fill in
 * @nmatches: number of its matches
 * @name: its name, or empty
 * @comment: its comment, or empty
 *
 * Return: a rule with one reference, the caller's; or NULL.
 */
struct vseg_rule *vseg_rule_alloc(u32 nmatches, const char *name,
				  const char *comment)
{
	size_t name_size = strlen(name) + 1, comment_size = strlen(comment) + 1;
	struct vseg_rule *rule;
	char *text;

	rule = kvzalloc(struct_size(rule, match, nmatches) + name_size +
			comment_size, VSEG_GFP_TABLE);
	if (!rule)
		return NULL;
	refcount_set(&rule->ref, 1);
	rule->nmatches = nmatches;
	text = (char *)&rule->match[nmatches];
	rule->name = memcpy(text, name, name_size);
	rule->comment = memcpy(text + name_size, comment, comment_size);
	return rule;
}

/**
 * vseg_rule_finish - compute what follows from what was filled in
 * @rule: rule with its action and its matches
 */
void vseg_rule_finish(struct vseg_rule *rule)
{
	u32 i;

	/* Zeroed, so that what isn't used is equal in equal rules. */
	static_assert(sizeof(struct vseg_rule_match) ==
		      8 + 2 * sizeof(struct vseg_address));

	rule->fields = 0;
	for (i = 0; i < rule->nmatches; i++)
		rule->fields |= BIT(rule->match[i].field);
	rule->hash = rule->action ^
		     full_name_hash(NULL, (const char *)rule->match,
				    rule->nmatches * sizeof(*rule->match));
}

/**
 * vseg_rule_put - give a reference back
 * @rule: rule
 */
void vseg_rule_put(struct vseg_rule *rule)
{
	if (!refcount_dec_and_test(&rule->ref))
		return;
	if (rule->stats)
		vseg_cell_stats_put(rule->stats);
	kvfree(rule);
}

/**
 * vseg_field_max - the greatest value of a field
 * @field: enum vseg_match_field, no address
 *
 * Return: the value.
 */
u64 vseg_field_max(u8 field)
{
	switch (field) {
	case VSEG_MATCH_FIELD_VLAN:
		return 4094;
	case VSEG_MATCH_FIELD_PROTOCOL:
	case VSEG_MATCH_FIELD_TCP_FLAGS:
		return U8_MAX;
	case VSEG_MATCH_FIELD_FRAGMENT:
		return VSEG_FRAGMENT_MAX;
	}
	return U16_MAX;
}

/*
 * Lists.
 */

/**
 * vseg_rules_alloc - an empty list
 *
 * Return: a list with one reference, the caller's; or NULL.
 */
struct vseg_rules *vseg_rules_alloc(void)
{
	struct vseg_rules *rules = kzalloc(sizeof(*rules), VSEG_GFP_TABLE);

	if (rules)
		refcount_set(&rules->ref, 1);
	return rules;
}

/**
 * vseg_rules_unseal - what frames look at goes, the rules stay
 * @rules: list that nobody shares
 */
void vseg_rules_unseal(struct vseg_rules *rules)
{
	u32 i, j;

	for (i = 0; i < rules->ntables; i++) {
		struct vseg_table *table = &rules->table[i];

		for (j = 0; j < ARRAY_SIZE(table->index); j++) {
			kvfree(table->index[j].first);
			kvfree(table->index[j].address);
			kvfree(table->index[j].direct);
			kvfree(table->index[j].fit);
			kvfree(table->index[j].words);
		}
		kvfree(table->any);
	}
	kvfree(rules->table);
	kvfree(rules->order);
	rules->table = NULL;
	rules->order = NULL;
	rules->ntables = 0;
	rules->nwords = 0;
	rules->sealed = false;
}

/**
 * vseg_rules_put - give a reference back
 * @rules: list, or NULL
 *
 * Context: process, may sleep.
 */
void vseg_rules_put(struct vseg_rules *rules)
{
	u32 i;

	if (!rules || !refcount_dec_and_test(&rules->ref))
		return;
	vseg_rules_unseal(rules);
	for (i = 0; i < rules->n; i++)
		vseg_rule_put(rules->rule[i]);
	kvfree(rules->rule);
	kfree(rules);
}

/**
 * vseg_rules_copy - a private copy to edit
 * @from: list
 *
 * Return: a list that isn't sealed, with one reference, the caller's; or NULL.
 */
struct vseg_rules *vseg_rules_copy(const struct vseg_rules *from)
{
	struct vseg_rules *rules = vseg_rules_alloc();
	u32 i;

	if (!rules)
		return NULL;
	rules->max = max_t(u32, from->n, VSEG_RULES_MIN);
	rules->rule = kvmalloc_array(rules->max, sizeof(*rules->rule),
				     VSEG_GFP_TABLE);
	if (!rules->rule) {
		vseg_rules_put(rules);
		return NULL;
	}
	for (i = 0; i < from->n; i++) {
		rules->rule[i] = from->rule[i];
		refcount_inc(&rules->rule[i]->ref);
	}
	rules->n = from->n;
	rules->nmatches = from->nmatches;
	return rules;
}

static int vseg_rules_reserve(struct vseg_rules *rules)
{
	u32 max = rules->max ? rules->max * 2 : VSEG_RULES_MIN;
	struct vseg_rule **rule;

	if (rules->n < rules->max)
		return 0;
	rule = kvmalloc_array(max, sizeof(*rule), VSEG_GFP_TABLE);
	if (!rule)
		return -ENOMEM;
	if (rules->n)
		memcpy(rule, rules->rule, rules->n * sizeof(*rule));
	kvfree(rules->rule);
	rules->rule = rule;
	rules->max = max;
	return 0;
}

/**
 * vseg_rules_add - add a rule
 * @rules: private list, with fewer than %VSEG_MAX_CELL_RULES
 * @rule: rule with its counters; the list takes a reference of its own
 * @at: its place; those from there on move
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_rules_add(struct vseg_rules *rules, struct vseg_rule *rule, u32 at)
{
	if (vseg_rules_reserve(rules))
		return -ENOMEM;
	memmove(&rules->rule[at + 1], &rules->rule[at],
		(rules->n - at) * sizeof(*rules->rule));
	refcount_inc(&rule->ref);
	rules->rule[at] = rule;
	rules->n++;
	rules->nmatches += rule->nmatches;
	return 0;
}

/**
 * vseg_rules_del - take a rule out
 * @rules: private list
 * @at: its place
 */
void vseg_rules_del(struct vseg_rules *rules, u32 at)
{
	struct vseg_rule *rule = rules->rule[at];

	rules->n--;
	rules->nmatches -= rule->nmatches;
	memmove(&rules->rule[at], &rules->rule[at + 1],
		(rules->n - at) * sizeof(*rules->rule));
	vseg_rule_put(rule);
}

static bool vseg_rule_same(const struct vseg_rule *a, const struct vseg_rule *b)
{
	return a->hash == b->hash && a->action == b->action &&
	       a->nmatches == b->nmatches &&
	       !memcmp(a->match, b->match, a->nmatches * sizeof(*a->match));
}

/**
 * vseg_rules_equal - a rule that looks at the same and does the same
 * @rules: sealed list
 * @rule: rule that may be in another list
 *
 * Return: the rule of the list, or NULL.
 */
struct vseg_rule *vseg_rules_equal(const struct vseg_rules *rules,
				   const struct vseg_rule *rule)
{
	u32 low = 0, high = rules->n;

	/* The first whose hash isn't less. */
	while (low < high) {
		u32 middle = (low + high) / 2;

		if (rules->order[middle].hash < rule->hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < rules->n; low++) {
		struct vseg_rule *other = rules->rule[rules->order[low].rule];

		if (rules->order[low].hash != rule->hash)
			return NULL;
		if (vseg_rule_same(other, rule))
			return other;
	}
	return NULL;
}

/*
 * Deciding.  Each field that the list looks at has an index that gives the
 * rules which fit the frame's value, as a bitmap; all fields' bitmaps together
 * leave the rules that match, and the first bit is the first rule.  The bitmaps
 * hold no more than the words that aren't zero, and a word of words tells which
 * these are: rules whose word is zero for one field cost nothing.  So no frame
 * costs more than the words of the list, whatever is in its headers.
 */

/* The last interval that begins at @value or before. */
static __always_inline u32 vseg_index_find(const struct vseg_index *index,
					   u32 value)
{
	u32 step, i = 0;

	/* No branch but the loop's: nothing to predict wrongly. */
	for (step = index->step; step; step >>= 1)
		i = index->first[i + step] <= value ? i + step : i;
	return i;
}

static bool vseg_address_before(const struct vseg_address *a,
				const struct vseg_address *b)
{
	return a->hi < b->hi || (a->hi == b->hi && a->lo < b->lo);
}

static noinline u32 vseg_index_find_address(const struct vseg_index *index,
					    const struct vseg_address *value)
{
	u32 step, i = 0;

	for (step = index->step; step; step >>= 1)
		if (!vseg_address_before(value, &index->address[i + step]))
			i += step;
	return i;
}

/* Where a table has the rules that ask for the value which the frame has.  @ip6
 * tells whether that may be an IPv6 address: for all other frames nothing is
 * called, and so no register is saved.
 */
static __always_inline u32 vseg_table_find(const struct vseg_table *table,
					   const struct vseg_fields *fields,
					   const struct vseg_index **index,
					   bool ip6)
{
	const u8 *value = (const u8 *)fields + table->offset;

	*index = &table->index[0];
	if (table->wide)
		return vseg_index_find(*index, *(const u16 *)value);
	if (!table->address)
		return (*index)->direct[*value];
	if (!ip6)
		return vseg_index_find(*index, ((const struct vseg_address *)
						value)->lo);
	++*index;
	return vseg_index_find_address(*index, (const void *)value);
}

/* In a list of up to 64 rules. */
static __always_inline u64 vseg_rules_word(const struct vseg_rules *rules,
					   const struct vseg_fields *fields,
					   bool ip6)
{
	const struct vseg_table *table = rules->table;
	const struct vseg_table *end = table + rules->ntables;
	u16 unknown = fields->unknown, known = fields->known & ~unknown;
	const struct vseg_index *index;
	u64 word = rules->all;
	u32 i;

	for (; table < end; table++) {
		if (likely(known & table->bit)) {
			i = vseg_table_find(table, fields, &index, ip6);
			word &= index->words[i];
		} else if (!(unknown & table->bit)) {
			word &= table->any[0];
		}
		/* Else it may have any value: all rules are possible. */
	}
	return word;
}

/**
 * struct vseg_asked - what one field says of the rules
 * @summary: of @fit
 * @fit: words of the rules that ask for the frame's value
 * @any: words of the rules that don't ask
 */
struct vseg_asked {
	u64 summary;
	const u64 *fit;
	const u64 *any;
};

static __always_inline u64 vseg_asked_word(const struct vseg_asked *asked,
					   u32 w)
{
	u64 word = asked->any[w], before;

	if (asked->summary >> w & 1) {
		before = asked->summary & (BIT_ULL(w) - 1);
		/* Often it is the only one; then there is nothing to count. */
		word |= asked->fit[before ? hweight64(before) : 0];
	}
	return word;
}

/* The first rule that matches, as far as it can be told; rules->n for none. */
static __always_inline u32 vseg_rules_first(const struct vseg_rules *rules,
					    const struct vseg_fields *fields,
					    bool ip6)
{
	/* Only the first n are looked at. */
	struct vseg_asked asked[__VSEG_MATCH_FIELD_MAX] vseg_unset;
	const struct vseg_index *index;
	u64 left = rules->all;
	u32 n = 0, i, w;

	for (i = 0; i < rules->ntables; i++) {
		const struct vseg_table *table = &rules->table[i];

		if (unlikely(fields->unknown & table->bit))
			continue;
		asked[n].any = table->any;
		asked[n].summary = 0;
		if (likely(fields->known & table->bit)) {
			u32 at = vseg_table_find(table, fields, &index, ip6);

			asked[n].summary = index->fit[at].summary;
			asked[n].fit = index->words + index->fit[at].at;
		}
		left &= table->any_summary | asked[n].summary;
		n++;
	}

	for (; left; left &= left - 1) {
		u64 word = ~0ULL;

		w = __ffs64(left);
		for (i = 0; i < n; i++)
			word &= vseg_asked_word(&asked[i], w);
		if (word)
			return w * 64 + __ffs64(word);
	}
	return rules->n;
}

/* Rule @i is the first that may match; without one it is the number of rules. */
static __always_inline u8 vseg_rules_say(const struct vseg_rules *rules,
					 const struct vseg_fields *fields,
					 u32 i, u32 *index)
{
	const struct vseg_rule *rule;

	*index = i;
	if (unlikely(i == rules->n))
		return VSEG_REASON_NO_RULE;
	rule = rules->rule[i];
	if (unlikely(rule->fields & fields->unknown)) {
		*index = rules->n;
		return VSEG_REASON_UNPARSED;
	}
	return rule->action == VSEG_ACTION_ALLOW ? VSEG_REASON_NONE :
						   VSEG_REASON_RULE_DENY;
}

static __always_inline u8 vseg_rules_few(const struct vseg_rules *rules,
					 const struct vseg_fields *fields,
					 u32 *index, bool ip6)
{
	u64 word = vseg_rules_word(rules, fields, ip6);

	return vseg_rules_say(rules, fields, word ? __ffs64(word) : rules->n,
			      index);
}

static noinline u8 vseg_rules_few_ip6(const struct vseg_rules *rules,
				      const struct vseg_fields *fields,
				      u32 *index)
{
	return vseg_rules_few(rules, fields, index, true);
}

static noinline u8 vseg_rules_many(const struct vseg_rules *rules,
				   const struct vseg_fields *fields, u32 *index)
{
	return vseg_rules_say(rules, fields,
			      vseg_rules_first(rules, fields, false), index);
}

static noinline u8 vseg_rules_many_ip6(const struct vseg_rules *rules,
				       const struct vseg_fields *fields,
				       u32 *index)
{
	return vseg_rules_say(rules, fields,
			      vseg_rules_first(rules, fields, true), index);
}

/**
 * vseg_rules_decide - decide a frame
 * @rules: sealed list
 * @fields: the frame
 * @index: result: the rule that decides, or the number of rules without one
 *
 * Where the first rule that may match looks at a field that can't be told, the
 * frame is dropped: whether it matches would be a guess.
 *
 * Return: enum vseg_reason.
 */
u8 vseg_rules_decide(const struct vseg_rules *rules,
		     const struct vseg_fields *fields, u32 *index)
{
	if (rules->n > 64)
		return fields->version == 6 ?
		       vseg_rules_many_ip6(rules, fields, index) :
		       vseg_rules_many(rules, fields, index);
	return fields->version == 6 ? vseg_rules_few_ip6(rules, fields, index) :
				      vseg_rules_few(rules, fields, index,
						     false);
}
