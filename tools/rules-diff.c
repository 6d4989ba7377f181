// SPDX-License-Identifier: GPL-2.0
/*
 * What makes one list of rules of another.  The longest run of rules that keep
 * their order stays; the others are taken away, and put where they belong.
 */
#include <stdlib.h>
#include <string.h>

#include "policy-diff.h"

#define NOWHERE	SIZE_MAX

/**
 * struct side - a rule of one of the two lists
 * @rule: it
 * @place: in its list
 * @other: place of the same rule in the other list, or NOWHERE
 * @stays: it isn't touched
 */
struct side {
	const struct listed_rule *rule;
	size_t place;
	size_t other;
	bool stays;
};

static int side_order(const void *a, const void *b)
{
	const struct side *const *x = a, *const *y = b;
	int order = rule_order(&(*x)->rule->rule, &(*y)->rule->rule);

	if (order)
		return order;
	return (*x)->place < (*y)->place ? -1 : (*x)->place > (*y)->place;
}

/* All rules of a list; @sorted has them in order of what they say. */
static struct side *sides_of(const struct list *l, struct side ***sorted)
{
	struct side *s = xreallocarray(NULL, l->n + 1, sizeof(*s));
	struct listed_rule *r = l->item;
	size_t i;

	*sorted = xreallocarray(NULL, l->n + 1, sizeof(**sorted));
	for (i = 0; i < l->n; i++) {
		s[i] = (struct side){ &r[i], i, NOWHERE, false };
		(*sorted)[i] = &s[i];
	}
	qsort(*sorted, l->n, sizeof(**sorted), side_order);
	return s;
}

/* Rules that say the same, the first with the first. */
static void find_others(struct side **a, size_t na, struct side **b, size_t nb)
{
	size_t i = 0, j = 0;

	while (i < na && j < nb) {
		int order = rule_order(&a[i]->rule->rule, &b[j]->rule->rule);

		if (!order) {
			a[i]->other = b[j]->place;
			b[j]->other = a[i]->place;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

/* The longest run of places that grow; @tail[k] ends the best one of k + 1. */
static size_t longest(const struct side *to, size_t n, size_t *tail,
		      size_t *before)
{
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		size_t low = 0, high = len;

		if (to[i].other == NOWHERE)
			continue;
		while (low < high) {
			size_t mid = (low + high) / 2;

			if (to[tail[mid]].other < to[i].other)
				low = mid + 1;
			else
				high = mid;
		}
		before[i] = low ? tail[low - 1] : NOWHERE;
		tail[low] = i;
		len += low == len;
	}
	return len;
}

static void find_staying(struct side *from, struct side *to, size_t n)
{
	size_t *tail = xreallocarray(NULL, n + 1, sizeof(*tail));
	size_t *before = xreallocarray(NULL, n + 1, sizeof(*before));
	size_t len = longest(to, n, tail, before), i;

	for (i = len ? tail[len - 1] : NOWHERE; i != NOWHERE; i = before[i]) {
		to[i].stays = true;
		from[to[i].other].stays = true;
	}
	free(tail);
	free(before);
}

/* "+ rule 3 of web -> db: allow protocol tcp port 22" */
static char *line_of(char sign, const struct item *cell, const struct side *s)
{
	char *text = rule_text(&s->rule->rule), *line;

	if (sign == '!')
		line = xasprintf("! rule %zu of %s -> %s: %s, was rule %zu",
				 s->place, cell->cell.src, cell->cell.dst,
				 text, s->other);
	else
		line = xasprintf("%c rule %zu of %s -> %s: %s", sign, s->place,
				 cell->cell.src, cell->cell.dst, text);
	free(text);
	return line;
}

static struct rule *edit_rule(struct work *w, uint8_t cmd, const char *label,
			      const struct item *cell, const struct side *s,
			      const struct place *at, char *line)
{
	struct rule *r = diff_edit(w, cmd, &rule_schema, label, at, line);

	rule_copy(r, &s->rule->rule);
	memcpy(r->src, cell->cell.src, sizeof(r->src));
	memcpy(r->dst, cell->cell.dst, sizeof(r->dst));
	r->index = s->place;
	give(r, VSEG_A_RULE_SRC);
	give(r, VSEG_A_RULE_DST);
	give(r, VSEG_A_RULE_INDEX);
	return r;
}

/* From the last to the first: the places before stay as they are. */
static void take_away(struct work *w, const struct item *cell,
		      const struct side *from, size_t n)
{
	struct rule *r;
	char *line;

	while (n--) {
		if (from[n].stays)
			continue;
		line = from[n].other == NOWHERE ?
		       line_of('-', cell, &from[n]) : NULL;
		r = edit_rule(w, VSEG_CMD_RULE_DEL, "rule del", cell, &from[n],
			      &cell->at, line);
		list_clear(&match_schema, &r->match);
		r->has = BIT64(VSEG_A_RULE_SRC) | BIT64(VSEG_A_RULE_DST) |
			 BIT64(VSEG_A_RULE_INDEX);
	}
}

/* From the first to the last: each comes where it belongs. */
static void put(struct work *w, const struct item *cell,
		const struct side *to, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char sign = to[i].other == NOWHERE ? '+' : '!';
		struct rule *r;

		if (to[i].stays)
			continue;
		r = edit_rule(w, VSEG_CMD_RULE_ADD, "rule add", cell, &to[i],
			      &to[i].rule->at, line_of(sign, cell, &to[i]));
		r->has &= ~(BIT64(VSEG_A_RULE_PACKETS) |
			    BIT64(VSEG_A_RULE_BYTES) |
			    BIT64(VSEG_A_RULE_WOULD_PACKETS) |
			    BIT64(VSEG_A_RULE_WOULD_BYTES));
	}
}

/**
 * diff_rules() - what makes the rules of one cell of those of another
 * @w: diff
 * @from: the cell that there is; NULL for one without rules
 * @to: the one that there shall be
 */
void diff_rules(struct work *w, const struct item *from, const struct item *to)
{
	static const struct list none;
	const struct list *a = from ? &from->rule : &none, *b = &to->rule;
	struct side *x, *y, **xs, **ys;

	if (rules_same(a, b))
		return;
	x = sides_of(a, &xs);
	y = sides_of(b, &ys);
	find_others(xs, a->n, ys, b->n);
	find_staying(x, y, b->n);
	if (from)
		take_away(w, from, x, a->n);
	put(w, to, y, b->n);
	free(x);
	free(y);
	free(xs);
	free(ys);
}
