// SPDX-License-Identifier: GPL-2.0
/* The policy in force, and a policy as a file. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "policy.h"
#include "text.h"

/* Until a policy is read without a commit in between. */
#define READ_TRIES	16

/*
 * From the kernel.
 */

static int take_domains(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	const struct domain *d;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_DOMAIN_GET, &domain_schema, &l);
	for (n = 0, d = l.item; n < l.n && !code; n++, d++) {
		if (d->id < VSEG_DOMAIN_ID_MIN)
			continue;
		i = list_add(&p->domain, sizeof(*i));
		memcpy(i->domain.name, d->name, sizeof(d->name));
		i->domain.id = d->id;
		give(&i->domain, VSEG_A_DOMAIN_NAME);
		give(&i->domain, VSEG_A_DOMAIN_ID);
	}
	list_clear(&domain_schema, &l);
	return code;
}

static int take_bridges(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	const struct bridge *b;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_BRIDGE_GET, &bridge_schema, &l);
	for (n = 0, b = l.item; n < l.n && !code; n++, b++) {
		if (has(b, VSEG_A_BRIDGE_ENTRY))
			continue;	/* a pattern names it */
		i = list_add(&p->bridge, sizeof(*i));
		memcpy(i->bridge.name, b->name, sizeof(b->name));
		i->bridge.mode = b->mode;
		give(&i->bridge, VSEG_A_BRIDGE_NAME);
		give(&i->bridge, VSEG_A_BRIDGE_MODE);
	}
	list_clear(&bridge_schema, &l);
	return code;
}

static int take_selectors(struct ctl *c, const struct args *a,
			  struct policy *p)
{
	struct list l = { 0 };
	struct selector *s;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_SELECTOR_GET, &selector_schema, &l);
	for (n = 0, s = l.item; n < l.n && !code; n++, s++) {
		i = list_add(&p->selector, sizeof(*i));
		i->selector = *s;
		memset(&s->vlan, 0, sizeof(s->vlan));	/* it is the item's now */
		i->selector.has &= ~(BIT64(VSEG_A_SELECTOR_PORTS) |
				     BIT64(VSEG_A_SELECTOR_TRUST));
	}
	list_clear(&selector_schema, &l);
	return code;
}

static int take_cells(struct ctl *c, const struct args *a, struct policy *p)
{
	struct list l = { 0 };
	const struct cell *cell;
	struct item *i;
	size_t n;
	int code;

	code = ctl_dump(c, a, VSEG_CMD_CELL_GET, &cell_schema, &l);
	for (n = 0, cell = l.item; n < l.n && !code; n++, cell++) {
		if (cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
			continue;
		i = list_add(&p->cell, sizeof(*i));
		i->cell = *cell;	/* with its counters */
		i->cell.has = 0;
		give(&i->cell, VSEG_A_CELL_SRC);
		give(&i->cell, VSEG_A_CELL_DST);
		give(&i->cell, VSEG_A_CELL_ACTION);
		give(&i->cell, VSEG_A_CELL_FLAGS);
	}
	list_clear(&cell_schema, &l);
	return code;
}

static int take_generation(struct ctl *c, const struct args *a,
			   uint64_t *generation, bool *active)
{
	struct status status = { 0 };
	int code = ctl_get(c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
			   &status);

	*generation = status.generation;
	*active = status.active;
	model_clear(&status_schema, &status);
	return code;
}

static int take_all(struct ctl *c, const struct args *a, struct policy *p)
{
	int code = ctl_get(c, a, VSEG_CMD_SETTINGS_GET, &settings_schema, NULL,
			   &p->settings);

	if (!code)
		code = take_domains(c, a, p);
	if (!code)
		code = take_bridges(c, a, p);
	if (!code)
		code = take_selectors(c, a, p);
	if (!code)
		code = take_cells(c, a, p);
	return code;
}

/**
 * policy_in_force() - what the kernel decides by
 * @c: this run
 * @a: words, for messages
 * @p: result, to be cleared; sorted
 * @generation: result: its generation
 *
 * Return: DONE, REFUSED or ABSENT.
 */
int policy_in_force(struct ctl *c, const struct args *a, struct policy *p,
		    uint64_t *generation)
{
	unsigned int tries;
	uint64_t after;
	int code;

	for (tries = 1;; tries++) {
		policy_init(p);
		code = take_generation(c, a, generation, &p->active);
		if (!code)
			code = take_all(c, a, p);
		if (!code)
			code = take_generation(c, a, &after, &p->active);
		if (code || after == *generation)
			break;
		if (tries == READ_TRIES) {
			code = fail(REFUSED, "%s: the policy changes all the time; try again",
				    a->label);
			break;
		}
		policy_clear(p);	/* a commit came between */
	}
	policy_sort(p);
	return code;
}

/*
 * To a file.
 */

/* Does YAML take it for itself, wherever it stands? */
static bool is_plain(const char *text)
{
	while (isalnum((unsigned char)*text) || (*text && strchr("._-", *text)))
		text++;
	return !*text;
}

/* A terminal may show it: what isn't ASCII is written as what it is called. */
static void print_quoted(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t c;
	int n;

	fputc('"', f);
	for (; *s; s += n ?: 1) {
		n = utf8_char(s, &c);
		if (!n)		/* not what it was, but nothing else is either */
			fprintf(f, "\\x%02x", *s);
		else if (c == '"' || c == '\\')
			fprintf(f, "\\%c", (int)c);
		else if (c >= ' ' && c < 0x7f)
			fputc(c, f);
		else if (c < 0x10000)
			fprintf(f, "\\u%04x", c);
		else
			fprintf(f, "\\U%08x", c);
	}
	fputc('"', f);
}

/* A key or value that YAML might take for something else. */
static void print_text(FILE *f, const char *text)
{
	if (is_plain(text) && *text > '9' && strcmp(text, "null") &&
	    strcmp(text, "true") && strcmp(text, "false") &&
	    strcmp(text, "yes") && strcmp(text, "no") && strcmp(text, "on") &&
	    strcmp(text, "off"))
		fputs(text, f);
	else
		print_quoted(f, text);
}

static void print_domains(const struct policy *p, FILE *f)
{
	const struct item *i = p->domain.item;
	size_t n;

	if (!p->domain.n)
		return;
	fputs("\ndomains:\n", f);
	for (n = 0; n < p->domain.n; n++) {
		fputs("  ", f);
		print_text(f, i[n].domain.name);
		fprintf(f, ": %u\n", i[n].domain.id);
	}
}

static void print_bridges(const struct policy *p, FILE *f)
{
	const struct item *i = p->bridge.item;
	size_t n;

	if (!p->bridge.n)
		return;
	fputs("\nbridges:\n", f);
	for (n = 0; n < p->bridge.n; n++) {
		fputs("  ", f);
		print_text(f, i[n].bridge.name);
		fprintf(f, ": %s\n", name_of(&mode_names, i[n].bridge.mode));
	}
}

static void print_trunk(const struct selector *s, FILE *f)
{
	const struct vlan *v = s->vlan.item;
	size_t n;

	if (!has(s, VSEG_A_SELECTOR_DOMAIN) && !s->vlan.n) {
		fputs("    trunk: {}\n", f);
		return;
	}
	fputs("    trunk:\n", f);
	if (has(s, VSEG_A_SELECTOR_DOMAIN)) {
		fputs("      default: ", f);
		print_text(f, s->domain);
		fputc('\n', f);
	}
	if (s->vlan.n)
		fputs("      vlans:\n", f);
	for (n = 0; n < s->vlan.n; n++) {
		fprintf(f, v[n].first == v[n].last ? "        %u: " :
						     "        %u-%u: ",
			v[n].first, v[n].last);
		print_text(f, v[n].domain);
		fputc('\n', f);
	}
}

static void print_selector(const struct selector *s, FILE *f)
{
	char mac[MAC_LEN];

	fprintf(f, "  - %s: ", name_of(&selector_type_names, s->type));
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		fprintf(f, "%s", text_mac(mac, s->mac));
		break;
	case VSEG_SELECTOR_TYPE_GROUP:
		fprintf(f, "%u", s->group);
		break;
	default:
		print_text(f, s->pattern);
	}
	fputc('\n', f);
	if (s->kind == VSEG_PORT_KIND_TRUNK) {
		print_trunk(s, f);
		return;
	}
	fputs("    domain: ", f);
	print_text(f, s->domain);
	fputc('\n', f);
}

static void print_selectors(const struct policy *p, FILE *f)
{
	const struct item *i = p->selector.item;
	size_t n;

	if (p->selector.n)
		fputs("\nports:\n", f);
	for (n = 0; n < p->selector.n; n++)
		print_selector(&i[n].selector, f);
}

static void print_cell(const struct cell *cell, bool both, FILE *f)
{
	const char *action = name_of(&action_names, cell->action);
	char *pair = xasprintf("%s %s %s", cell->src, both ? "<->" : "->",
			       cell->dst);

	fputs("  - ", f);
	if (is_plain(cell->src) && is_plain(cell->dst))
		fputs(pair, f);
	else
		print_quoted(f, pair);
	fputs(": ", f);
	free(pair);
	if (!(cell->flags & (VSEG_CELL_FLAGS_MONITOR | VSEG_CELL_FLAGS_LOG))) {
		fprintf(f, "%s\n", action);
		return;
	}
	fprintf(f, "{action: %s%s%s}\n", action,
		cell->flags & VSEG_CELL_FLAGS_MONITOR ? ", mode: monitor" : "",
		cell->flags & VSEG_CELL_FLAGS_LOG ? ", log: true" : "");
}

/* The cell of the other direction, if it says the same. */
static bool both_ways(const struct policy *p, const struct cell *cell)
{
	struct item key = { 0 };
	const struct item *back;

	if (!strcmp(cell->src, cell->dst))
		return false;
	memcpy(key.cell.src, cell->dst, sizeof(key.cell.src));
	memcpy(key.cell.dst, cell->src, sizeof(key.cell.dst));
	back = bsearch(&key, p->cell.item, p->cell.n, sizeof(key), cell_order);
	return back && back->cell.action == cell->action &&
	       back->cell.flags == cell->flags;
}

static void print_cells_of(const struct policy *p, FILE *f)
{
	const struct item *i = p->cell.item;
	size_t n;

	if (p->cell.n)
		fputs("\ncells:\n", f);
	for (n = 0; n < p->cell.n; n++) {
		const struct cell *cell = &i[n].cell;
		bool both = both_ways(p, cell);

		/* said once, where the first of the two stands */
		if (!both || strcmp(cell->src, cell->dst) < 0)
			print_cell(cell, both, f);
	}
}

static const char *on_off(bool on)
{
	return on ? "true" : "false";
}

/** policy_print() - a sorted policy as a file that policy_read() reads */
void policy_print(const struct policy *p, FILE *f)
{
	const struct settings *s = &p->settings;

	fputs("version: 1\n", f);
	print_domains(p, f);
	print_bridges(p, f);
	print_selectors(p, f);
	print_cells_of(p, f);
	fprintf(f, "\nsettings:\n"
		"  address-resolution: %s\n"
		"  bridge-control: %s\n"
		"  flood-events: %s\n"
		"  unmanaged: %s\n",
		on_off(s->address_resolution), on_off(s->bridge_control),
		on_off(s->flood_events),
		name_of(&unmanaged_names, s->unmanaged));
}

/** policy_print_text() - a text as a policy file has it */
void policy_print_text(const char *text, FILE *f)
{
	print_text(f, text);
}
