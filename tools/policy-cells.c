// SPDX-License-Identifier: GPL-2.0
/* The cells of a policy file. */
#include <stdio.h>
#include <string.h>

#include "policy-read.h"

/*
 * SRC -> DST: ACTION, or SRC -> DST: {action: …, or rules: …}
 */

static int take_action(const struct node *y, struct cell *cell)
{
	static const char *const words[] = {
		[VSEG_ACTION_DENY] = "deny",
		[VSEG_ACTION_ALLOW] = "allow",
	};
	const struct names names = { ARRAY_SIZE(words), words };

	return read_enum(y, &names, "allow or deny", &cell->action);
}

static int read_action(struct policy *p, const struct node *y, void *to)
{
	struct item *i = to;

	(void)p;
	return take_action(y, &i->cell);
}

static int read_cell_rules(struct policy *p, const struct node *y, void *to)
{
	struct item *i = to;

	i->cell.action = VSEG_ACTION_RULES;
	return read_rules(p, y, i);
}

static int read_cell_services(struct policy *p, const struct node *y, void *to)
{
	struct item *i = to;

	(void)p;
	return read_bits(y, &service_names, "a named service: dhcp, dhcpv6, ra or mdns",
			 &i->cell.services);
}

static int read_flag(const struct node *y, struct item *i, uint32_t flag)
{
	bool on;
	int code = read_switch(y, &on);

	if (!code && on)
		i->cell.flags |= flag;
	return code;
}

static int read_cell_mode(struct policy *p, const struct node *y, void *to)
{
	struct item *i = to;
	uint32_t mode = VSEG_BRIDGE_MODE_ENFORCE;
	int code = read_enum(y, &mode_names, "enforce or monitor", &mode);

	(void)p;
	if (!code && mode == VSEG_BRIDGE_MODE_MONITOR)
		i->cell.flags |= VSEG_CELL_FLAGS_MONITOR;
	return code;
}

static int read_log(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return read_flag(y, to, VSEG_CELL_FLAGS_LOG);
}

static int read_isolate(struct policy *p, const struct node *y, void *to)
{
	(void)p;
	return read_flag(y, to, VSEG_CELL_FLAGS_ISOLATE);
}

static const struct key cell_keys[] = {
	{ "action", read_action },
	{ "rules", read_cell_rules },
	{ "services", read_cell_services },
	{ "mode", read_cell_mode },
	{ "log", read_log },
	{ "isolate", read_isolate },
};

/* Cuts "SRC -> DST" or "SRC <-> DST". */
static int read_ends(const struct node *k, struct cell *cell, bool *both)
{
	char src[64], arrow[4], dst[64];
	int end = 0;

	if (sscanf(k->text, "%63[^ \t] %3[-<>] %63[^ \t]%n", src, arrow, dst,
		   &end) != 3 || k->text[end] ||
	    (strcmp(arrow, "->") && strcmp(arrow, "<->")))
		return unexpected(k, "SRC -> DST or SRC <-> DST");
	if (!domain_name_ok(src))
		return bad_domain(&k->at, src);
	if (!domain_name_ok(dst))
		return bad_domain(&k->at, dst);
	memcpy(cell->src, src, strlen(src) + 1);
	memcpy(cell->dst, dst, strlen(dst) + 1);
	*both = *arrow == '<';
	return DONE;
}

static int check_flags(const struct node *k, const struct cell *cell)
{
	bool allow = cell->action == VSEG_ACTION_ALLOW;

	if (allow && cell->flags & VSEG_CELL_FLAGS_MONITOR)
		return place_fail(&k->at, "an allow cell drops nothing that could be monitored");
	if (cell->action == VSEG_ACTION_RULES &&
	    cell->flags & VSEG_CELL_FLAGS_LOG)
		return place_fail(&k->at, "log stands at each rule of a cell that has rules");
	if (cell->flags & VSEG_CELL_FLAGS_ISOLATE &&
	    (!allow || strcmp(cell->src, cell->dst)))
		return place_fail(&k->at, "isolate is for an allow cell inside a domain, as web -> web: {action: allow, isolate: true}");
	return DONE;
}

/* One that has nothing but services denies what they don't let pass. */
static int read_body(struct policy *p, const struct node *y, struct item *i)
{
	bool action, rules;
	int code;

	if (y->kind != NODE_MAP)
		return take_action(y, &i->cell);
	code = read_map(p, y, "a cell", cell_keys, ARRAY_SIZE(cell_keys), i);
	if (code)
		return code;
	action = map_has(y, "action");
	rules = map_has(y, "rules");
	if (action && rules)
		return place_fail(&y->at, "a cell has either an action or rules");
	if (!action && !rules && !map_has(y, "services"))
		return place_fail(&y->at, "a cell lacks \"action\", \"rules\" or \"services\"");
	return DONE;
}

/* The other direction of @cell, whose rules are the same. */
static int add_back(struct policy *p, size_t cell)
{
	struct item *back = list_add(&p->cell, sizeof(*back));
	const struct item *i = (struct item *)p->cell.item + cell;
	const struct draft *d = i->draft.item;
	size_t n;

	*back = *i;
	memcpy(back->cell.src, i->cell.dst, sizeof(back->cell.src));
	memcpy(back->cell.dst, i->cell.src, sizeof(back->cell.dst));
	memset(&back->draft, 0, sizeof(back->draft));
	p->drafts += i->draft.n;
	if (p->drafts > VSEG_MAX_RULES)
		return place_fail(&i->at, "more than %u rules",
				  VSEG_MAX_RULES);
	for (n = 0; n < i->draft.n; n++)
		draft_copy(list_add(&back->draft, sizeof(*d)), &d[n]);
	return DONE;
}

static int read_cell(struct policy *p, const struct node *k)
{
	struct item *i = list_add(&p->cell, sizeof(*i));
	struct cell *cell = &i->cell;
	size_t n = p->cell.n - 1;
	bool both = false;
	int code;

	i->at = k->at;
	give(cell, VSEG_A_CELL_SRC);
	give(cell, VSEG_A_CELL_DST);
	give(cell, VSEG_A_CELL_ACTION);
	give(cell, VSEG_A_CELL_FLAGS);
	give(cell, VSEG_A_CELL_SERVICES);
	code = read_ends(k, cell, &both);
	if (!code)
		code = read_body(p, k->value, i);
	if (!code)
		code = check_flags(k, cell);
	if (!code && both && strcmp(cell->src, cell->dst))
		code = add_back(p, n);
	return code;
}

/** read_cells() - struct key.read of "cells" */
int read_cells(struct policy *p, const struct node *y, void *to)
{
	const struct node *m;
	int code = DONE;

	(void)to;
	if (y->kind != NODE_LIST)
		return unexpected(y, "a list of cells, as - web -> db: allow");
	for (m = y->first; m && !code; m = m->next) {
		if (m->kind != NODE_MAP || !m->first || m->first->next)
			return unexpected(m, "a cell, as web -> db: allow");
		code = read_cell(p, m->first);
	}
	return code;
}
