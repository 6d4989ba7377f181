// SPDX-License-Identifier: GPL-2.0
/*
 * What diff_rules() says makes one list of rules of another: done by hand, edit
 * by edit as the kernel does it, it has to come out so.
 *
 * usage: diff-test [SEED [ROUNDS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy-diff.h"

#define ROUNDS	20000
#define LONGEST	12

/* xorshift64*: the same everywhere for the same seed */
static uint64_t state;

static uint32_t rnd(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % below;
}

/*
 * What policy-diff.c has for the differ.
 */

void diff_line(struct work *w, char *line)
{
	if (line)
		*(char **)list_add(&w->d->line, sizeof(char *)) = line;
}

void *diff_edit(struct work *w, uint8_t cmd, const struct schema *s,
		const char *label, const struct place *at, char *line)
{
	struct edit *e = list_add(&w->d->edit, sizeof(*e));

	e->label = label;
	e->line = at->line;
	diff_line(w, line);
	return edit_init(e, cmd, s);
}

/*
 * Lists of rules, of which some are the same.
 */

static void add_rule(struct list *l, uint32_t port)
{
	struct listed_rule *r = list_add(l, sizeof(*r));
	struct match *m = list_add(&r->rule.match, sizeof(*m));

	r->rule.action = VSEG_ACTION_ALLOW;
	m->field = VSEG_MATCH_FIELD_DESTINATION_PORT;
	m->first = port;
	rule_tidy(&r->rule);
}

static uint32_t port_of(const struct rule *r)
{
	return ((const struct match *)r->match.item)->first;
}

static void fill(struct list *l)
{
	uint32_t n = rnd(LONGEST), kinds = 1 + rnd(LONGEST);

	while (n--)
		add_rule(l, rnd(kinds));
}

/* The longest list of rules that both have in this order, slowly. */
static size_t common(const struct list *a, const struct list *b)
{
	size_t best[LONGEST + 1][LONGEST + 1] = { { 0 } }, i, j;
	const struct listed_rule *x = a->item, *y = b->item;

	for (i = 0; i < a->n; i++) {
		for (j = 0; j < b->n; j++) {
			size_t longer = best[i][j + 1] > best[i + 1][j] ?
					best[i][j + 1] : best[i + 1][j];

			if (!rule_order(&x[i].rule, &y[j].rule) &&
			    best[i][j] + 1 > longer)
				longer = best[i][j] + 1;
			best[i + 1][j + 1] = longer;
		}
	}
	return best[a->n][b->n];
}

/* As the kernel does it; false where it would refuse. */
static bool do_edit(const struct edit *e, uint32_t *port, size_t *n)
{
	const struct rule *r = e->obj;

	if (strcmp(r->src, "a") || strcmp(r->dst, "b") ||
	    !has(r, VSEG_A_RULE_SRC) || !has(r, VSEG_A_RULE_DST) ||
	    !has(r, VSEG_A_RULE_INDEX))
		return false;
	if (e->cmd == VSEG_CMD_RULE_DEL) {
		if (r->index >= *n || has(r, VSEG_A_RULE_MATCH))
			return false;
		memmove(port + r->index, port + r->index + 1,
			(--*n - r->index) * sizeof(*port));
		return true;
	}
	if (e->cmd != VSEG_CMD_RULE_ADD || r->index > *n ||
	    !has(r, VSEG_A_RULE_MATCH) || !has(r, VSEG_A_RULE_ACTION))
		return false;
	memmove(port + r->index + 1, port + r->index,
		((*n)++ - r->index) * sizeof(*port));
	port[r->index] = port_of(r);
	return true;
}

static bool comes_out(const struct diff *d, const struct item *from,
		      const struct item *to)
{
	const struct listed_rule *a = from->rule.item, *b = to->rule.item;
	const struct edit *e = d->edit.item;
	uint32_t port[2 * LONGEST];
	size_t n = from->rule.n, i;

	for (i = 0; i < n; i++)
		port[i] = port_of(&a[i].rule);
	for (i = 0; i < d->edit.n; i++)
		if (!do_edit(&e[i], port, &n))
			return false;
	if (n != to->rule.n)
		return false;
	for (i = 0; i < n; i++)
		if (port[i] != port_of(&b[i].rule))
			return false;
	return true;
}

static void drop_diff(struct diff *d)
{
	struct edit *e = d->edit.item;
	char **line = d->line.item;
	size_t i;

	for (i = 0; i < d->edit.n; i++)
		edit_clear(&e[i]);
	for (i = 0; i < d->line.n; i++)
		free(line[i]);
	free(d->edit.item);
	free(d->line.item);
}

static bool one_round(bool *shortest)
{
	struct item from = { .cell = { .src = "a", .dst = "b" } };
	struct item to = { .cell = { .src = "a", .dst = "b" } };
	struct diff d = { 0 };
	struct work w = { .d = &d };
	size_t least;
	bool ok;

	fill(&from.rule);
	fill(&to.rule);
	diff_rules(&w, &from, &to);
	ok = comes_out(&d, &from, &to);
	least = from.rule.n + to.rule.n - 2 * common(&from.rule, &to.rule);
	/* Where rules stand twice, which of them stays is a guess. */
	*shortest = d.edit.n == least;
	ok &= d.edit.n >= least && (d.edit.n > 0) == (least > 0);
	drop_diff(&d);
	rules_clear(&from.rule);
	rules_clear(&to.rule);
	return ok;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) :
				   (uint64_t)time(NULL);
	unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 0) : ROUNDS;
	unsigned long round, bad = 0, best = 0;
	bool shortest;

	state = seed * 2 + 1;
	printf("KTAP version 1\n1..2\n# seed %llu, %lu rounds\n",
	       (unsigned long long)seed, rounds);
	for (round = 0; round < rounds; round++) {
		bad += !one_round(&shortest);
		best += shortest;
	}
	printf("%sok 1 - edits make the one list of the other\n",
	       bad ? "not " : "");
	printf("# %lu of %lu don't; %lu are the shortest there are\n", bad,
	       rounds, best);
	printf("%sok 2 - most are the shortest there are\n",
	       best * 10 < rounds * 7 ? "not " : "");
	return bad || best * 10 < rounds * 7;
}
