// SPDX-License-Identifier: GPL-2.0
/*
 * What makes one policy of another, as edits in an order that the kernel takes:
 * what names a domain goes before the domain does, and comes after it has.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy-diff.h"
#include "settings.h"
#include "text.h"

static int name_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool is_moved(const struct work *w, const char *name)
{
	return w->moved.n && bsearch(name, w->moved.item, w->moved.n,
				     DOMAIN_NAMSIZ, name_order);
}

/** diff_line() - add a line for people, which is taken over; NULL for none */
void diff_line(struct work *w, char *line)
{
	if (!line)
		return;

	*(char **)list_add(&w->d->line, sizeof(char *)) = line;
}

/** diff_edit() - add an edit; the object that it carries is to be filled */
void *diff_edit(struct work *w, uint8_t cmd, const struct schema *s,
		const char *label, const struct place *at, char *line)
{
	struct edit *e = list_add(&w->d->edit, sizeof(*e));
	void *obj = edit_init(e, cmd, s);

	e->label = label;
	e->file = at->file;
	e->line = at->line;
	diff_line(w, line);
	return obj;
}

/*
 * Two sorted lists, side by side.
 */

typedef void merge_fn(struct work *w, const struct item *from,
		      const struct item *to);

static void merge(struct work *w, const struct list *from,
		  const struct list *to,
		  int (*order)(const void *a, const void *b), merge_fn *fn)
{
	const struct item *a = from->item, *b = to->item;
	size_t i = 0, j = 0;

	while (i < from->n || j < to->n) {
		int o = i == from->n ? 1 : j == to->n ? -1 :
			order(&a[i], &b[j]);

		fn(w, o <= 0 ? &a[i] : NULL, o >= 0 ? &b[j] : NULL);
		i += o <= 0;
		j += o >= 0;
	}
}

/*
 * Domains.
 */

static void find_moved(struct work *w, const struct item *from,
		       const struct item *to)
{
	char *name;

	if (!from || (to && to->domain.id == from->domain.id))
		return;
	name = list_add(&w->moved, DOMAIN_NAMSIZ);
	memcpy(name, from->domain.name, DOMAIN_NAMSIZ);
}

static void del_domain(struct work *w, const struct item *from,
		       const struct item *to)
{
	struct domain *d;

	(void)to;
	if (!from || !is_moved(w, from->domain.name))
		return;
	d = diff_edit(w, VSEG_CMD_DOMAIN_DEL, &domain_schema, "domain del",
		      &from->at, xasprintf("- domain %s (id %u)",
					   from->domain.name, from->domain.id));
	memcpy(d->name, from->domain.name, sizeof(d->name));
	give(d, VSEG_A_DOMAIN_NAME);
}

static char *permit_text(const struct domain *d)
{
	return d->guard_permit ?
	       bits_text(&guard_permit_names, d->guard_permit) :
	       xasprintf("none");
}

static void add_domain(struct work *w, const struct item *from,
		       const struct item *to)
{
	struct domain *d;

	if (!to || (from && !is_moved(w, to->domain.name)))
		return;
	d = diff_edit(w, VSEG_CMD_DOMAIN_ADD, &domain_schema, "domain add",
		      &to->at, xasprintf("+ domain %s (id %u)", to->domain.name,
					 to->domain.id));
	*d = to->domain;
}

/* Without the attribute, nothing is permitted. */
static void set_domain(struct work *w, const struct item *from,
		       const struct item *to)
{
	char *is, *was;
	struct domain *d;

	if (!from || !to || is_moved(w, to->domain.name) ||
	    from->domain.guard_permit == to->domain.guard_permit)
		return;
	is = permit_text(&to->domain);
	was = permit_text(&from->domain);
	d = diff_edit(w, VSEG_CMD_DOMAIN_SET, &domain_schema, "domain set",
		      &to->at, xasprintf("! domain %s: permit %s, was %s",
					 to->domain.name, is, was));
	free(is);
	free(was);
	*d = to->domain;
	d->has = BIT64(VSEG_A_DOMAIN_NAME);
	give(d, VSEG_A_DOMAIN_GUARD_PERMIT);
}

/*
 * Bridges.
 */

static void diff_bridge(struct work *w, const struct item *from,
			const struct item *to)
{
	const struct item *i = to ? to : from;
	const char *name, *mode;
	struct bridge *b;

	if (!i || (from && to && from->bridge.mode == to->bridge.mode))
		return;
	name = i->bridge.name;
	mode = name_of(&mode_names, i->bridge.mode);
	if (!from)
		b = diff_edit(w, VSEG_CMD_BRIDGE_ADD, &bridge_schema,
			      "bridge add", &i->at,
			      xasprintf("+ bridge %s (%s)", name, mode));
	else if (!to)
		b = diff_edit(w, VSEG_CMD_BRIDGE_DEL, &bridge_schema,
			      "bridge del", &i->at,
			      xasprintf("- bridge %s (%s)", name, mode));
	else
		b = diff_edit(w, VSEG_CMD_BRIDGE_SET, &bridge_schema,
			      "bridge set", &i->at,
			      xasprintf("! bridge %s: %s, was %s", name, mode,
					name_of(&mode_names,
						from->bridge.mode)));
	*b = i->bridge;
	if (!to)
		b->has = BIT64(VSEG_A_BRIDGE_NAME);
}

/*
 * Selectors: one that says something else is another.
 */

static bool selector_is_moved(const struct work *w, const struct selector *s)
{
	const struct vlan *v = s->vlan.item;
	size_t n;

	if (is_moved(w, s->domain))
		return true;
	for (n = 0; n < s->vlan.n; n++)
		if (is_moved(w, v[n].domain))
			return true;
	return false;
}

static bool selector_stays(const struct work *w, const struct item *from,
			   const struct item *to)
{
	return from && to &&
	       !memcmp(from->selector.mac, to->selector.mac,
		       sizeof(to->selector.mac)) &&
	       selector_same_binding(&from->selector, &to->selector) &&
	       !selector_is_moved(w, &from->selector);
}

static char *selector_gives(const struct selector *s)
{
	if (s->kind != VSEG_PORT_KIND_TRUNK)
		return xasprintf("%s%s", s->domain,
				 guard_is_empty(&s->guard) ? "" : ", guard");
	return xasprintf("trunk, %zu range%s%s%s", s->vlan.n,
			 s->vlan.n == 1 ? "" : "s",
			 *s->domain ? ", default " : "", s->domain);
}

static char *selector_line(char sign, const struct selector *s)
{
	char text[VSEG_PATTERN_MAX + 16];
	char *gives = selector_gives(s);
	char *line = xasprintf("%c port %s (%s)", sign,
			       selector_text(s, text, sizeof(text)), gives);

	free(gives);
	return line;
}

static void del_selector(struct work *w, const struct item *from,
			 const struct item *to)
{
	struct selector *s;

	if (!from || selector_stays(w, from, to))
		return;
	s = diff_edit(w, VSEG_CMD_SELECTOR_DEL, &selector_schema,
		      "selector del", &from->at,
		      selector_line('-', &from->selector));
	*s = from->selector;
	memset(&s->vlan, 0, sizeof(s->vlan));
	memset(&s->guard, 0, sizeof(s->guard));
	s->has &= BIT64(VSEG_A_SELECTOR_TYPE) | BIT64(VSEG_A_SELECTOR_PATTERN) |
		  BIT64(VSEG_A_SELECTOR_MAC) | BIT64(VSEG_A_SELECTOR_GROUP);
}

static void add_selector(struct work *w, const struct item *from,
			 const struct item *to)
{
	const struct vlan *v;
	struct selector *s;
	size_t n;

	if (!to || selector_stays(w, from, to))
		return;
	s = diff_edit(w, VSEG_CMD_SELECTOR_ADD, &selector_schema,
		      "selector add", &to->at,
		      selector_line('+', &to->selector));
	*s = to->selector;
	memset(&s->vlan, 0, sizeof(s->vlan));
	v = to->selector.vlan.item;
	for (n = 0; n < to->selector.vlan.n; n++)
		*(struct vlan *)list_add(&s->vlan, sizeof(*v)) = v[n];
	guard_copy(&s->guard, &to->selector.guard);
	if (guard_is_empty(&s->guard))
		s->has &= ~BIT64(VSEG_A_SELECTOR_GUARD);
}

/*
 * Cells.
 */

/* Room for all that a cell can say. */
#define SAYS_LEN	96

static bool cell_is_moved(const struct work *w, const struct cell *cell)
{
	return is_moved(w, cell->src) || is_moved(w, cell->dst);
}

static const char *cell_says(const struct cell *cell, char *buf, size_t size)
{
	char *services = bits_text(&service_names, cell->services);

	snprintf(buf, size, "%s%s%s%s%s%s", name_of(&action_names, cell->action),
		 cell->flags & VSEG_CELL_FLAGS_MONITOR ? ", monitor" : "",
		 cell->flags & VSEG_CELL_FLAGS_LOG ? ", log" : "",
		 cell->flags & VSEG_CELL_FLAGS_ISOLATE ? ", isolate" : "",
		 *services ? ", services " : "", services);
	free(services);
	return buf;
}

/* What a cell did tells what its end would stop. */
static char *cell_traffic(const struct cell *cell)
{
	if (!cell->packets)
		return xasprintf("%s", "");
	return xasprintf("; %llu packets so far",
			 (unsigned long long)cell->packets);
}

static void del_cell(struct work *w, const struct item *from,
		     const struct item *to)
{
	char says[SAYS_LEN], *traffic;
	struct cell *cell;

	if (!from || (to && !cell_is_moved(w, &from->cell)))
		return;
	traffic = cell_traffic(&from->cell);
	cell = diff_edit(w, VSEG_CMD_CELL_DEL, &cell_schema, "policy del",
			 &from->at,
			 xasprintf("- cell %s -> %s (%s%s)", from->cell.src,
				   from->cell.dst,
				   cell_says(&from->cell, says, sizeof(says)),
				   traffic));
	free(traffic);
	*cell = from->cell;
	cell->has = BIT64(VSEG_A_CELL_SRC) | BIT64(VSEG_A_CELL_DST);
}

static void set_cell(struct work *w, const struct item *from,
		     const struct item *to)
{
	char says[SAYS_LEN], said[SAYS_LEN], *line, *traffic;
	struct cell *cell;

	if (!to)
		return;
	if (from && cell_is_moved(w, &from->cell))
		from = NULL;
	if (from && cell_same(&from->cell, &to->cell)) {
		diff_rules(w, from, to);
		return;
	}
	cell_says(&to->cell, says, sizeof(says));
	if (from) {
		traffic = cell_traffic(&from->cell);
		line = xasprintf("! cell %s -> %s: %s, was %s%s", to->cell.src,
				 to->cell.dst, says,
				 cell_says(&from->cell, said, sizeof(said)),
				 traffic);
		free(traffic);
	} else {
		line = xasprintf("+ cell %s -> %s (%s)", to->cell.src,
				 to->cell.dst, says);
	}
	cell = diff_edit(w, VSEG_CMD_CELL_SET, &cell_schema, "policy set",
			 &to->at, line);
	*cell = to->cell;
	cell->has &= ~BIT64(VSEG_A_CELL_RULES);
	/* Rules go away with the word that makes a cell have them. */
	diff_rules(w, from && from->cell.action == to->cell.action ? from : NULL,
		   to);
}

/*
 * Settings.
 */

static void diff_settings(struct work *w)
{
	const struct settings *from = &w->from->settings;
	const struct settings *to = &w->to->settings;
	const struct place nowhere = { 0 };
	uint64_t differ = settings_differ(from, to);
	struct settings *s;
	char *text;

	/* What says nothing else is no policy without them. */
	if ((w->from->active || w->d->edit.n) && !differ)
		return;
	text = settings_text(to);
	s = diff_edit(w, VSEG_CMD_SETTINGS_SET, &settings_schema, "policy set",
		      &nowhere, xasprintf("! settings: %s", text));
	free(text);
	*s = *to;
	s->has = differ & SETTINGS_OF_STATE;
	give(s, VSEG_A_SETTINGS_ADDRESS_RESOLUTION);
	give(s, VSEG_A_SETTINGS_BRIDGE_CONTROL);
	give(s, VSEG_A_SETTINGS_UNMANAGED);
	give(s, VSEG_A_SETTINGS_FLOOD_EVENTS);
	give(s, VSEG_A_SETTINGS_GUARD);
}

/**
 * policy_diff() - what makes one policy of another
 * @from: the one that there is, sorted
 * @to: the one that there shall be, sorted; lives as long as @d
 * @d: result, to be cleared
 */
void policy_diff(const struct policy *from, const struct policy *to,
		 struct diff *d)
{
	struct work w = { .d = d, .from = from, .to = to };

	memset(d, 0, sizeof(*d));
	merge(&w, &from->domain, &to->domain, domain_order, find_moved);

	merge(&w, &from->selector, &to->selector, selector_order, del_selector);
	merge(&w, &from->cell, &to->cell, cell_order, del_cell);
	merge(&w, &from->domain, &to->domain, domain_order, del_domain);
	merge(&w, &from->domain, &to->domain, domain_order, add_domain);
	merge(&w, &from->domain, &to->domain, domain_order, set_domain);
	merge(&w, &from->bridge, &to->bridge, bridge_order, diff_bridge);
	merge(&w, &from->selector, &to->selector, selector_order, add_selector);
	merge(&w, &from->cell, &to->cell, cell_order, set_cell);
	diff_settings(&w);
	free(w.moved.item);
}

/** diff_clear() - free what a diff owns */
void diff_clear(struct diff *d)
{
	struct edit *e = d->edit.item;
	char **line = d->line.item;
	size_t n;

	for (n = 0; n < d->edit.n; n++)
		edit_clear(&e[n]);
	for (n = 0; n < d->line.n; n++)
		free(line[n]);
	free(d->edit.item);
	free(d->line.item);
	memset(d, 0, sizeof(*d));
}
