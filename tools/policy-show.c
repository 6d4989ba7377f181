// SPDX-License-Identifier: GPL-2.0
/* A policy as a file. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "settings.h"
#include "text.h"

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

/* Names of bits, as a list. */
static void print_bits(const struct names *names, uint32_t mask, FILE *f)
{
	const char *between = "";
	unsigned int bit;

	fputc('[', f);
	for (bit = 0; bit < names->n; bit++) {
		if (!(mask & UINT32_C(1) << bit))
			continue;
		fprintf(f, "%s%s", between, names->name[bit]);
		between = ", ";
	}
	fputc(']', f);
}

/* Nothing but "intra: isolate" of the domain says as much as this cell. */
static bool is_intra(const struct cell *cell)
{
	return cell->action == VSEG_ACTION_ALLOW &&
	       cell->flags == VSEG_CELL_FLAGS_ISOLATE && !cell->services &&
	       !strcmp(cell->src, cell->dst);
}

static void print_domain(const struct policy *p, const struct domain *d,
			 FILE *f)
{
	const struct item *cell = policy_cell(p, d->name, d->name);
	bool isolated = cell && is_intra(&cell->cell);

	fputs("  ", f);
	print_text(f, d->name);
	if (!d->guard_permit && !isolated) {
		fprintf(f, ": %u\n", d->id);
		return;
	}
	fprintf(f, ": {id: %u", d->id);
	if (d->guard_permit) {
		fputs(", permit: ", f);
		print_bits(&guard_permit_names, d->guard_permit, f);
	}
	fputs(isolated ? ", intra: isolate}\n" : "}\n", f);
}

static void print_domains(const struct policy *p, FILE *f)
{
	const struct item *i = p->domain.item;
	size_t n;

	if (!p->domain.n)
		return;
	fputs("\ndomains:\n", f);
	for (n = 0; n < p->domain.n; n++)
		print_domain(p, &i[n].domain, f);
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

static void print_guard(const struct guard *g, FILE *f)
{
	const struct prefix *p = g->prefix.item;
	const struct mac *m = g->mac.item;
	char mac[MAC_LEN], text[MATCH_LEN];
	size_t n;

	fputs("    guard:\n", f);
	for (n = 0; n < g->mac.n; n++)
		fprintf(f, "%s\"%s\"", n ? ", " : "      mac: [",
			text_mac(mac, m[n].byte));
	fputs(g->mac.n ? "]\n" : "", f);
	for (n = 0; n < g->prefix.n; n++)
		fprintf(f, "%s\"%s\"", n ? ", " : "      address: [",
			text_prefix(text, &p[n].address, p[n].length));
	fputs(g->prefix.n ? "]\n" : "", f);
	if (!g->permit)
		return;
	fputs("      permit: ", f);
	print_bits(&guard_permit_names, g->permit, f);
	fputc('\n', f);
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
	if (!guard_is_empty(&s->guard))
		print_guard(&s->guard, f);
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

/* A word of a rule, where a number stays one. */
static void print_word(FILE *f, const char *word)
{
	if (*word && word[strspn(word, "0123456789-")] == '\0')
		fputs(word, f);
	else
		print_text(f, word);
}

/* {protocol: tcp, port: [22, 443]} */
static void print_match(const struct rule *r, FILE *f)
{
	const struct match *m = r->match.item;
	uint32_t proto = rule_protocol(r);
	char word[MATCH_LEN];
	bool several;
	size_t n, end;

	if (!r->match.n) {
		fputs("any", f);
		return;
	}
	fputc('{', f);
	for (n = 0; n < r->match.n; n = end) {
		for (end = n + 1; end < r->match.n; end++)
			if (m[end].field != m[n].field)
				break;
		fprintf(f, "%s%s: %s", n ? ", " : "",
			match_keys[match_key_of_field(m[n].field)],
			end > n + 1 ? "[" : "");
		several = end > n + 1;
		for (; n < end; n++) {
			print_word(f, match_text(&m[n], proto, word));
			fputs(n + 1 < end ? ", " : several ? "]" : "", f);
		}
	}
	fputc('}', f);
}

static const char *on_off(bool on)
{
	return on ? "true" : "false";
}

static void print_rule(const struct rule *r, FILE *f)
{
	bool state = r->flags & VSEG_RULE_FLAGS_STATE;

	fprintf(f, "        - {%s: ", name_of(&action_names, r->action));
	print_match(r, f);
	if (*r->name) {
		fputs(", name: ", f);
		print_text(f, r->name);
	}
	if (*r->comment) {
		fputs(", comment: ", f);
		print_text(f, r->comment);
	}
	fputs(r->flags & VSEG_RULE_FLAGS_LOG ? ", log: true" : "", f);
	if (state != rule_is_of_flows(r))
		fprintf(f, ", state: %s", on_off(state));
	fputs(r->flags & VSEG_RULE_FLAGS_KEEP ? ", revoke: keep}\n" : "}\n",
	      f);
}

static void print_rules(const struct item *i, FILE *f)
{
	const struct listed_rule *r = i->rule.item;
	size_t n;

	fputs(i->rule.n ? "\n      rules:\n" : "\n      rules: []\n", f);
	for (n = 0; n < i->rule.n; n++)
		print_rule(&r[n].rule, f);
	if (i->cell.services) {
		fputs("      services: ", f);
		print_bits(&service_names, i->cell.services, f);
		fputc('\n', f);
	}
	if (i->cell.flags & VSEG_CELL_FLAGS_MONITOR)
		fputs("      mode: monitor\n", f);
}

static void print_cell(const struct item *i, bool both, FILE *f)
{
	const struct cell *cell = &i->cell;
	const char *action = name_of(&action_names, cell->action);
	char *pair = xasprintf("%s %s %s", cell->src, both ? "<->" : "->",
			       cell->dst);

	fputs("  - ", f);
	if (is_plain(cell->src) && is_plain(cell->dst))
		fputs(pair, f);
	else
		print_quoted(f, pair);
	fputs(":", f);
	free(pair);
	if (cell->action == VSEG_ACTION_RULES) {
		print_rules(i, f);
		return;
	}
	if (!cell->flags && !cell->services) {
		fprintf(f, " %s\n", action);
		return;
	}
	fprintf(f, " {action: %s", action);
	if (cell->services) {
		fputs(", services: ", f);
		print_bits(&service_names, cell->services, f);
	}
	fprintf(f, "%s%s%s}\n",
		cell->flags & VSEG_CELL_FLAGS_MONITOR ? ", mode: monitor" : "",
		cell->flags & VSEG_CELL_FLAGS_LOG ? ", log: true" : "",
		cell->flags & VSEG_CELL_FLAGS_ISOLATE ? ", isolate: true" : "");
}

/* The cell of the other direction, if it says the same. */
static bool both_ways(const struct policy *p, const struct item *i)
{
	const struct cell *cell = &i->cell;
	const struct item *back = policy_cell(p, cell->dst, cell->src);

	return strcmp(cell->src, cell->dst) && back &&
	       cell_same(&back->cell, cell) && rules_same(&back->rule, &i->rule);
}

static void print_cells_of(const struct policy *p, FILE *f)
{
	const struct item *i = p->cell.item;
	size_t n;

	if (p->cell.n)
		fputs("\ncells:\n", f);
	for (n = 0; n < p->cell.n; n++) {
		const struct cell *cell = &i[n].cell;
		bool both = both_ways(p, &i[n]);

		/* said once, where the first of the two stands */
		if (!is_intra(cell) &&
		    (!both || strcmp(cell->src, cell->dst) < 0))
			print_cell(&i[n], both, f);
	}
}

/* Those of state are said where they aren't as they are at first. */
static void print_state_settings(const struct settings *s, FILE *f)
{
	struct settings first;
	uint64_t differ;

	settings_init(&first);
	differ = settings_differ(&first, s);
	if (differ & BIT64(VSEG_A_SETTINGS_STATE_PICKUP))
		fprintf(f, "  state-pickup: %s\n", on_off(s->state_pickup));
	if (differ & BIT64(VSEG_A_SETTINGS_STATE_LIMIT))
		fprintf(f, "  state-limit: %u\n", s->state_limit);
	if (differ & SETTINGS_OF_ZONES)
		fprintf(f, "  state-zones: %u-%u\n", s->state_zone_first,
			s->state_zone_last);
	if (differ & BIT64(VSEG_A_SETTINGS_MARK_MASK))
		fprintf(f, "  mark-mask: 0x%08x\n", s->mark_mask);
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
		"  unmanaged: %s\n"
		"  guard: %s\n",
		on_off(s->address_resolution), on_off(s->bridge_control),
		on_off(s->flood_events),
		name_of(&unmanaged_names, s->unmanaged), on_off(s->guard));
	print_state_settings(s, f);
}

/** policy_print_text() - a text as a policy file has it */
void policy_print_text(const char *text, FILE *f)
{
	print_text(f, text);
}
