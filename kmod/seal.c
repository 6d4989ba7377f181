// SPDX-License-Identifier: GPL-2.0
/*
 * Rules: making a list ready for frames.
 *
 * The matches of one field cut its values into intervals: for all values in
 * one of them the same rules fit.  A sweep over the sorted edges of the matches
 * meets each interval once, with the rules that are open there.
 */
#include <linux/bitops.h>
#include <linux/if_ether.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "rules.h"

/* What the flags of TCP can be. */
#define VSEG_TCP_VALUES		256

/**
 * struct vseg_edge - where a match begins, or has ended
 * @at: the value
 * @rule: whose match it is
 * @ends: it has ended
 */
struct vseg_edge {
	struct vseg_address at;
	u16 rule;
	bool ends;
};

/**
 * struct vseg_sweep - what a field's index is made from
 * @rules: list
 * @field: enum vseg_match_field
 * @version: of addresses, else 0
 * @edge: edges, in ascending order
 * @n: number of @edge
 * @open: of each rule, its matches that have begun and not ended
 * @any: of the first 64 rules, those that don't look at the field
 * @bits: the rules of which some are open
 */
struct vseg_sweep {
	const struct vseg_rules *rules;
	u8 field;
	u8 version;
	struct vseg_edge *edge;
	u32 n;
	u16 *open;
	u64 any;
	unsigned long bits[VSEG_RULE_WORDS];
};

static u32 vseg_words(const struct vseg_rules *rules)
{
	return DIV_ROUND_UP(rules->n, 64);
}

/* An edge; only counted where there is no place for it yet. */
static void vseg_sweep_edge(struct vseg_sweep *sweep, struct vseg_address at,
			    u16 rule, bool ends)
{
	if (sweep->edge)
		sweep->edge[sweep->n] = (struct vseg_edge) {
			.at = at,
			.rule = rule,
			.ends = ends,
		};
	sweep->n++;
}

static bool vseg_address_is_last(const struct vseg_address *address, u8 version)
{
	return version == 4 ? address->lo == U32_MAX :
			      !~address->hi && !~address->lo;
}

/* What ends at the last value of all has no edge behind it. */
static void vseg_sweep_match(struct vseg_sweep *sweep,
			     const struct vseg_rule_match *match, u16 rule)
{
	struct vseg_address end = match->last;

	vseg_sweep_edge(sweep, match->first, rule, false);
	if (vseg_address_is_last(&end, match->version))
		return;
	if (!++end.lo)
		end.hi++;
	vseg_sweep_edge(sweep, end, rule, true);
}

static bool vseg_tcp_fits(const struct vseg_rule *rule, u32 value)
{
	u32 i;

	for (i = 0; i < rule->nmatches; i++)
		if (rule->match[i].field == VSEG_MATCH_FIELD_TCP_FLAGS &&
		    (value & rule->match[i].mask) == rule->match[i].first.lo)
			return true;
	return false;
}

/* The values of the flags that a rule asks for are no interval, but several. */
static void vseg_sweep_tcp(struct vseg_sweep *sweep,
			   const struct vseg_rule *rule, u16 at)
{
	struct vseg_address value = {};
	bool before = false, fits;

	for (; value.lo <= VSEG_TCP_VALUES; value.lo++) {
		fits = value.lo < VSEG_TCP_VALUES &&
		       vseg_tcp_fits(rule, value.lo);
		if (fits != before)
			vseg_sweep_edge(sweep, value, at, before);
		before = fits;
	}
}

static void vseg_sweep_edges(struct vseg_sweep *sweep)
{
	const struct vseg_rules *rules = sweep->rules;
	u32 i, j;

	sweep->n = 0;
	for (i = 0; i < rules->n; i++) {
		const struct vseg_rule *rule = rules->rule[i];

		if (!(rule->fields & BIT(sweep->field)))
			continue;
		if (sweep->field == VSEG_MATCH_FIELD_TCP_FLAGS) {
			vseg_sweep_tcp(sweep, rule, i);
			continue;
		}
		for (j = 0; j < rule->nmatches; j++)
			if (rule->match[j].field == sweep->field &&
			    rule->match[j].version == sweep->version)
				vseg_sweep_match(sweep, &rule->match[j], i);
	}
}

static int vseg_address_compare(const struct vseg_address *a,
				const struct vseg_address *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return 0;
}

static int vseg_edge_compare(const void *a, const void *b)
{
	const struct vseg_edge *left = a, *right = b;

	return vseg_address_compare(&left->at, &right->at);
}

/* A rule's own matches may touch and overlap.  Where one ends and another
 * begins at the same value, either may come first: the count may be below zero
 * for a moment, which a u16 takes, and is right once all edges there are done.
 */
static void vseg_sweep_step(struct vseg_sweep *sweep,
			    const struct vseg_edge *edge)
{
	u16 *open = &sweep->open[edge->rule];

	*open += edge->ends ? -1 : 1;
	__assign_bit(edge->rule, sweep->bits, *open);
}

static u64 vseg_sweep_summary(const struct vseg_sweep *sweep, u32 *nwords)
{
	u32 i, n = vseg_words(sweep->rules);
	u64 summary = 0;

	*nwords = 0;
	for (i = 0; i < n; i++) {
		if (!sweep->bits[i])
			continue;
		summary |= BIT_ULL(i);
		++*nwords;
	}
	return summary;
}

static void vseg_index_put(struct vseg_index *index, u32 i, u32 at,
			   const struct vseg_sweep *sweep,
			   const struct vseg_address *first, u64 summary)
{
	if (index->address)
		index->address[i] = *first;
	else
		index->first[i] = first->lo;
	if (!index->fit) {
		index->words[i] = sweep->bits[0] | sweep->any;
		return;
	}
	index->fit[i].summary = summary;
	index->fit[i].at = at;
	for (; summary; summary &= summary - 1)
		index->words[at++] = sweep->bits[__ffs64(summary)];
}

/* Goes over all intervals.  Without memory in @index it counts only: intervals
 * into @n, words into @nwords.
 */
static void vseg_sweep_run(struct vseg_sweep *sweep, struct vseg_index *index,
			   u32 *n, u64 *nwords)
{
	struct vseg_address first = {};
	u64 at = 0, summary;
	u32 i = 0, more;

	memset(sweep->open, 0, sweep->rules->n * sizeof(*sweep->open));
	memset(sweep->bits, 0, sizeof(sweep->bits));
	for (*n = 0;;) {
		while (i < sweep->n &&
		       !vseg_address_compare(&sweep->edge[i].at, &first))
			vseg_sweep_step(sweep, &sweep->edge[i++]);
		summary = vseg_sweep_summary(sweep, &more);
		if (index->words)
			vseg_index_put(index, *n, at, sweep, &first, summary);
		++*n;
		at += more;
		if (i == sweep->n)
			break;
		first = sweep->edge[i].at;
	}
	*nwords = at;
}

/* The last interval again, up to a power of two.  Whatever value is looked for
 * there, none of them is before it.
 */
static void vseg_index_pad(struct vseg_index *index, u32 n)
{
	static const struct vseg_address last = { ~0ULL, ~0ULL };
	u32 i;

	for (i = n; i < max_t(u32, 2 * index->step, 1); i++) {
		if (index->address)
			index->address[i] = last;
		else
			index->first[i] = U32_MAX;
		if (index->fit)
			index->fit[i] = index->fit[n - 1];
		else
			index->words[i] = index->words[n - 1];
	}
}

/*
 * Tables.
 */

static int vseg_index_alloc(struct vseg_index *index, u8 version, u32 places,
			    u64 nwords, bool sparse)
{
	index->step = places / 2;
	if (version == 6)
		index->address = kvmalloc_array(places,
						sizeof(*index->address),
						VSEG_GFP_TABLE);
	else
		index->first = kvmalloc_array(places, sizeof(*index->first),
					      VSEG_GFP_TABLE);
	index->words = kvmalloc_array(max_t(u64, nwords, 1),
				      sizeof(*index->words), VSEG_GFP_TABLE);
	if (sparse)
		index->fit = kvmalloc_array(places, sizeof(*index->fit),
					    VSEG_GFP_TABLE);
	return (index->address || index->first) && index->words &&
	       (index->fit || !sparse) ? 0 : -ENOMEM;
}

/* With sorted edges.  What was allocated goes with the list's seal. */
static int vseg_index_fill(struct vseg_rules *rules, struct vseg_index *index,
			   struct vseg_sweep *sweep)
{
	bool sparse = rules->n > 64;
	u32 n, places = 1;
	u64 nwords;

	vseg_sweep_run(sweep, index, &n, &nwords);
	while (places < n)
		places *= 2;
	if (!sparse)
		nwords = places;
	if (nwords > VSEG_MAX_CELL_WORDS - rules->nwords)
		return -E2BIG;
	if (vseg_index_alloc(index, sweep->version, places, nwords, sparse))
		return -ENOMEM;
	rules->nwords += nwords;
	vseg_sweep_run(sweep, index, &n, &nwords);
	vseg_index_pad(index, n);
	return 0;
}

/* No more intervals begin at a value of 8 bits than there are. */
static int vseg_index_direct(struct vseg_index *index)
{
	u32 value, i = 0;

	index->direct = kvmalloc_array(U8_MAX + 1, sizeof(*index->direct),
				       VSEG_GFP_TABLE);
	if (!index->direct)
		return -ENOMEM;
	for (value = 0; value <= U8_MAX; value++) {
		while (i + 1 < 2 * index->step &&
		       index->first[i + 1] <= value)
			i++;
		index->direct[value] = i;
	}
	return 0;
}

static int vseg_index_make(struct vseg_rules *rules, struct vseg_table *table,
			   u8 field, u8 version, u16 *open)
{
	struct vseg_index *index = &table->index[version == 6];
	struct vseg_sweep sweep = {
		.rules = rules,
		.field = field,
		.version = version,
		.open = open,
		.any = table->any[0],
	};
	int err;

	vseg_sweep_edges(&sweep);
	sweep.edge = kvmalloc_array(max_t(u32, sweep.n, 1),
				    sizeof(*sweep.edge), VSEG_GFP_TABLE);
	if (!sweep.edge)
		return -ENOMEM;
	vseg_sweep_edges(&sweep);
	sort(sweep.edge, sweep.n, sizeof(*sweep.edge), vseg_edge_compare, NULL);
	err = vseg_index_fill(rules, index, &sweep);
	kvfree(sweep.edge);
	return err;
}

/* Where the values of fields are, by enum vseg_match_field. */
static const struct vseg_table vseg_table_kinds[] = {
#define KIND(_field, _member, ...)					\
	[VSEG_MATCH_FIELD_##_field] = {					\
		.bit = VSEG_FIELD(_field),				\
		.offset = offsetof(struct vseg_fields, _member),	\
		.wide = sizeof_field(struct vseg_fields, _member) == 2,	\
		__VA_ARGS__						\
	}
	KIND(ETHERTYPE, ethertype),
	KIND(VLAN, vlan),
	KIND(PROTOCOL, protocol),
	KIND(SOURCE_PORT, sport),
	KIND(DESTINATION_PORT, dport),
	KIND(ICMP, icmp),
	KIND(SOURCE, src, .address = true),
	KIND(DESTINATION, dst, .address = true),
	KIND(TCP_FLAGS, tcp_flags),
	KIND(FRAGMENT, fragment),
#undef KIND
};

static_assert(ARRAY_SIZE(vseg_table_kinds) == __VSEG_MATCH_FIELD_MAX);
static_assert(sizeof(struct vseg_fields) <= U8_MAX);

static void vseg_table_any(struct vseg_table *table,
			   const struct vseg_rules *rules)
{
	u32 i;

	for (i = 0; i < rules->n; i++) {
		if (rules->rule[i]->fields & table->bit)
			continue;
		table->any[i / 64] |= BIT_ULL(i % 64);
		table->any_summary |= BIT_ULL(i / 64);
	}
}

static int vseg_table_make(struct vseg_rules *rules, struct vseg_table *table,
			   u8 field, u16 *open)
{
	*table = vseg_table_kinds[field];
	/* From here on vseg_rules_unseal() frees it. */
	rules->ntables++;
	table->any = kvcalloc(vseg_words(rules), sizeof(*table->any),
			      VSEG_GFP_TABLE);
	if (!table->any)
		return -ENOMEM;
	rules->nwords += vseg_words(rules);
	vseg_table_any(table, rules);
	if (table->wide)
		return vseg_index_make(rules, table, field, 0, open);
	if (!table->address)
		return vseg_index_make(rules, table, field, 0, open) ?:
		       vseg_index_direct(table->index);
	return vseg_index_make(rules, table, field, 4, open) ?:
	       vseg_index_make(rules, table, field, 6, open);
}

static int vseg_tables_make(struct vseg_rules *rules)
{
	u16 *open;
	u8 field;
	int err;

	rules->table = kvcalloc(hweight16(rules->used), sizeof(*rules->table),
				VSEG_GFP_TABLE);
	open = kvmalloc_array(rules->n, sizeof(*open), VSEG_GFP_TABLE);
	err = rules->table && open ? 0 : -ENOMEM;
	for (field = 0; !err && field < __VSEG_MATCH_FIELD_MAX; field++)
		if (rules->used & BIT(field))
			err = vseg_table_make(rules,
					      &rules->table[rules->ntables],
					      field, open);
	kvfree(open);
	return err;
}

/*
 * What else there is to know of a list.
 */

static int vseg_order_compare(const void *a, const void *b)
{
	const struct vseg_order *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return left->rule - right->rule;
}

static int vseg_order_make(struct vseg_rules *rules)
{
	u32 i;

	rules->order = kvmalloc_array(rules->n, sizeof(*rules->order),
				      VSEG_GFP_TABLE);
	if (!rules->order)
		return -ENOMEM;
	for (i = 0; i < rules->n; i++) {
		rules->order[i].hash = rules->rule[i]->hash;
		rules->order[i].rule = i;
	}
	sort(rules->order, rules->n, sizeof(*rules->order), vseg_order_compare,
	     NULL);
	return 0;
}

static bool vseg_match_has(const struct vseg_rule_match *match, u16 value)
{
	return match->first.lo <= value && value <= match->last.lo;
}

/* May it let IPv4 or IPv6 pass? */
static bool vseg_rule_carries_ip(const struct vseg_rule *rule)
{
	u32 i;

	if (rule->action != VSEG_ACTION_ALLOW)
		return false;
	if (!(rule->fields & VSEG_FIELD(ETHERTYPE)))
		return true;
	for (i = 0; i < rule->nmatches; i++) {
		const struct vseg_rule_match *match = &rule->match[i];

		if (match->field == VSEG_MATCH_FIELD_ETHERTYPE &&
		    (vseg_match_has(match, ETH_P_IP) ||
		     vseg_match_has(match, ETH_P_IPV6)))
			return true;
	}
	return false;
}

static int vseg_seal_make(struct vseg_rules *rules)
{
	u32 i;

	rules->used = 0;
	rules->carries_ip = false;
	rules->stateful = false;
	rules->keeps = false;
	rules->all = 0;
	if (!rules->n)
		return 0;
	for (i = 0; i < rules->n; i++) {
		rules->used |= rules->rule[i]->fields;
		rules->carries_ip |= vseg_rule_carries_ip(rules->rule[i]);
		rules->stateful |= !!(rules->rule[i]->flags &
				      VSEG_RULE_FLAGS_STATE);
		rules->keeps |= !!(rules->rule[i]->flags &
				   VSEG_RULE_FLAGS_KEEP);
	}
	rules->all = ~0ULL >> (64 - (rules->n > 64 ? vseg_words(rules) :
						     rules->n));
	return vseg_order_make(rules) ?: vseg_tables_make(rules);
}

/**
 * vseg_rules_seal - make a list ready for frames
 * @rules: list; private, or sealed already
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, or -E2BIG where it would take more memory than a list
 * may; then it isn't sealed.
 */
int vseg_rules_seal(struct vseg_rules *rules)
{
	int err;

	if (rules->sealed)
		return 0;
	err = vseg_seal_make(rules);
	if (err) {
		vseg_rules_unseal(rules);
		return err;
	}
	rules->sealed = true;
	return 0;
}
