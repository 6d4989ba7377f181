// SPDX-License-Identifier: GPL-2.0
/*
 * From a policy as files say it to the tables that the kernel decides by.  The
 * counterpart in the kernel is genl_decide.c; what decides is the same source.
 */
#include <stdlib.h>
#include <string.h>

#include "../../kmod/class.h"
#include "../../kmod/frame.h"
#include "../../kmod/policy.h"
#include "../../kmod/rules.h"
#include "../verdict.h"

/**
 * struct compiled - a policy that decides
 * @policy: what the files say; outlives this
 * @slots: of domains
 * @builtin: unlabelled, host and routed, by slot
 * @tables: what the kernel would make of it
 * @selector: theirs, in the order of policy.selector
 */
struct compiled {
	const struct policy *policy;
	struct ida slots;
	struct vseg_domain *builtin[VSEG_SLOT_FIRST];
	struct vseg_tables *tables;
	struct vseg_selector **selector;
};

/**
 * struct end - one end of the frame that is asked about
 * @domain: its domain
 * @match: enum vseg_port_match, where it is a port
 * @item: selector that gives the domain, or NULL
 * @trunk: it is a trunk port
 */
struct end {
	const struct vseg_domain *domain;
	u8 match;
	const struct item *item;
	bool trunk;
};

/*
 * Building.  Each returns 0 or -ENOMEM.
 */

static int build_builtin(struct compiled *c)
{
	static const char *const names[] = { "unlabelled", "host", "routed" };
	struct vseg_domain *domain;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		domain = vseg_domain_alloc(names[i], i, &c->slots, i);
		if (IS_ERR(domain))
			return -ENOMEM;
		c->builtin[i] = domain;
	}
	return 0;
}

static int build_domains(struct compiled *c)
{
	const struct item *i = c->policy->domain.item;
	struct vseg_domain *domain;
	size_t n;
	int err;

	for (n = 0; n < c->policy->domain.n; n++) {
		domain = vseg_domain_alloc(i[n].domain.name, i[n].domain.id,
					   &c->slots, -1);
		if (IS_ERR(domain))
			return -ENOMEM;
		err = vseg_tables_add_domain(c->tables, domain, NULL);
		vseg_domain_put(domain);
		if (err)
			return err;
	}
	return 0;
}

static struct vseg_domain *find_domain(const struct compiled *c,
				       const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->builtin); i++)
		if (!strcmp(c->builtin[i]->name, name))
			return c->builtin[i];
	return vseg_domain_set_find(&c->tables->domains, name);
}

/* policy_check() has found a domain behind each name. */
static u16 slot_of(const struct compiled *c, const char *name)
{
	return strcmp(name, "any") ? find_domain(c, name)->slot :
				     VSEG_SLOT_ANY;
}

static u64 number(const u8 *p, unsigned int n)
{
	u64 value = 0;

	while (n--)
		value = value << 8 | *p++;
	return value;
}

/* All bits behind a prefix, of one half of an address. */
static u64 behind(unsigned int bits, unsigned int prefix)
{
	return prefix >= bits ? 0 : prefix ? (1ULL << (bits - prefix)) - 1 :
	       bits == 64 ? ~0ULL : (1ULL << bits) - 1;
}

static void build_address(const struct match *from, struct vseg_rule_match *to)
{
	const u8 *p = from->address.byte;

	to->prefix = from->prefix;
	if (from->address.len == 4) {
		to->version = 4;
		to->first.lo = number(p, 4);
		to->last.lo = to->first.lo | behind(32, from->prefix);
		return;
	}
	to->version = 6;
	to->first.hi = number(p, 8);
	to->first.lo = number(p + 8, 8);
	to->last.hi = to->first.hi | behind(64, from->prefix);
	to->last.lo = to->first.lo |
		      behind(64, from->prefix < 64 ? 0 : from->prefix - 64);
}

static struct vseg_rule *build_rule(const struct rule *from)
{
	const struct match *m = from->match.item;
	struct vseg_rule *rule;
	u32 i;

	rule = vseg_rule_alloc(from->match.n, from->name, from->comment);
	if (!rule)
		return NULL;
	rule->action = from->action;
	rule->flags = from->flags;
	for (i = 0; i < rule->nmatches; i++) {
		struct vseg_rule_match *to = &rule->match[i];

		to->field = m[i].field;
		if (m[i].address.len) {
			build_address(&m[i], to);
			continue;
		}
		to->mask = m[i].mask;
		to->first.lo = m[i].first;
		to->last.lo = m[i].last;
	}
	vseg_rule_finish(rule);
	return rule;
}

static int build_rules(struct compiled *c, const struct item *i, u32 key)
{
	const struct listed_rule *r = i->rule.item;
	struct vseg_rule *rule;
	int err = 0;
	size_t n;

	for (n = 0; n < i->rule.n && !err; n++) {
		rule = build_rule(&r[n].rule);
		if (!rule)
			return -ENOMEM;
		err = vseg_tables_add_rule(c->tables, key, rule, n);
		/* The cell has its own reference, if it has it. */
		vseg_rule_put(rule);
	}
	return err;
}

static int build_cells(struct compiled *c)
{
	const struct item *i = c->policy->cell.item;
	size_t n;
	int err;

	for (n = 0; n < c->policy->cell.n; n++) {
		const struct cell *cell = &i[n].cell;
		u32 key = vseg_key(slot_of(c, cell->src),
				   slot_of(c, cell->dst));

		err = vseg_tables_set_cell(c->tables, key, cell->action,
					   cell->flags, NULL);
		if (err)
			return err;
		vseg_tables_set_services(c->tables, key, cell->services);
		err = build_rules(c, &i[n], key);
		if (err)
			return err;
	}
	return 0;
}

static int build_bind(const struct compiled *c, const struct selector *from,
		      struct vseg_bind *to)
{
	const struct vlan *v = from->vlan.item;

	to->kind = from->kind;
	if (*from->domain)
		to->domain = vseg_domain_get(find_domain(c, from->domain));
	if (!from->vlan.n)
		return 0;
	to->map = kvcalloc(from->vlan.n, sizeof(*to->map), GFP_KERNEL);
	if (!to->map)
		return -ENOMEM;
	for (; to->nmap < from->vlan.n; to->nmap++, v++) {
		struct vseg_vlan_range *range = &to->map[to->nmap];

		range->first = v->first;
		range->last = v->last;
		range->domain = vseg_domain_get(find_domain(c, v->domain));
	}
	return 0;
}

static int build_selector(struct compiled *c, const struct selector *from,
			  struct vseg_selector **place)
{
	struct vseg_selector *s;
	int err;

	s = vseg_selector_alloc(from->type, from->pattern);
	if (!s)
		return -ENOMEM;
	memcpy(s->mac, from->mac, sizeof(s->mac));
	s->group = from->group;
	err = build_bind(c, from, &s->bind);
	if (!err)
		err = vseg_selector_set_add(&c->tables->selectors, s);
	/* The set has its own reference, if it has it. */
	vseg_selector_put(s);
	*place = s;
	return err;
}

static int build_selectors(struct compiled *c)
{
	const struct item *i = c->policy->selector.item;
	size_t n = c->policy->selector.n;
	int err = 0;

	c->selector = calloc(n + 1, sizeof(struct vseg_selector *));
	if (!c->selector)
		return -ENOMEM;
	while (n-- && !err)
		err = build_selector(c, &i[n].selector, &c->selector[n]);
	return err;
}

static int build(struct compiled *c)
{
	int err;

	c->tables = vseg_tables_alloc(GFP_KERNEL);
	if (!c->tables)
		return -ENOMEM;
	c->tables->settings.address_resolution =
		c->policy->settings.address_resolution;
	c->tables->settings.bridge_control = c->policy->settings.bridge_control;
	err = build_builtin(c);
	if (!err)
		err = build_domains(c);
	if (!err)
		err = build_cells(c);
	if (!err)
		err = build_selectors(c);
	return err ? err : vseg_tables_seal(c->tables);
}

/**
 * compiled_new() - make of a policy what decides
 * @p: checked policy; stays as it is until compiled_free()
 *
 * Return: that, or NULL without memory, or where rules would take more of it
 * than they may.
 */
struct compiled *compiled_new(const struct policy *p)
{
	struct compiled *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->policy = p;
	if (build(c)) {
		compiled_free(c);
		return NULL;
	}
	return c;
}

/** compiled_free() - free it, or NULL */
void compiled_free(struct compiled *c)
{
	unsigned int i;

	if (!c)
		return;
	vseg_tables_put(c->tables);
	for (i = 0; i < ARRAY_SIZE(c->builtin); i++)
		if (c->builtin[i])
			vseg_domain_put(c->builtin[i]);
	free(c->selector);
	free(c);
}

/*
 * Deciding.
 */

/** compiled_has_domain() - is there such a domain, a built-in one included? */
bool compiled_has_domain(const struct compiled *c, const char *name)
{
	return find_domain(c, name);
}

static void match_port(const struct compiled *c, const char *name,
		       struct vseg_match *match)
{
	const struct vseg_identity id = { .name = name };

	vseg_selector_match(&c->tables->selectors, &id, match);
}

/** compiled_has_port() - does the policy say anything of a port by its name? */
bool compiled_has_port(const struct compiled *c, const char *name)
{
	struct vseg_match match;

	match_port(c, name, &match);
	return match.match != VSEG_PORT_MATCH_NONE;
}

static const struct item *selector_item(const struct compiled *c,
					const struct vseg_selector *s)
{
	const struct item *i = c->policy->selector.item;
	size_t n;

	for (n = 0; n < c->policy->selector.n; n++)
		if (c->selector[n] == s)
			return &i[n];
	return NULL;
}

static const char *end_of_port(const struct compiled *c, const char *name,
			       const struct decision *ask, struct end *end)
{
	const struct vseg_domain *domain = NULL;
	struct vseg_match match;

	match_port(c, name, &match);
	end->match = match.match;
	if (match.selector) {
		const struct vseg_bind *bind = &match.selector->bind;

		end->item = selector_item(c, match.selector);
		end->trunk = bind->kind == VSEG_PORT_KIND_TRUNK;
		if (end->trunk && !has(ask, VSEG_A_DECISION_VLAN))
			return "at a trunk port the VLAN decides; say which";
		domain = vseg_bind_vlan(bind, ask->vlan);
	}
	end->domain = domain ? domain : c->builtin[VSEG_SLOT_UNLABELLED];
	return NULL;
}

static const char *end_of(const struct compiled *c, const struct decision *ask,
			  const char *domain, const char *port, bool is_port,
			  struct end *end)
{
	if (is_port)
		return end_of_port(c, port, ask, end);
	end->domain = find_domain(c, domain);
	return end->domain ? NULL : "there is no domain of this name";
}

static void tell_end(char *to, size_t size, u16 slot, const char *name)
{
	snprintf(to, size, "%s", slot == VSEG_SLOT_ANY ? "any" : name);
}

static void tell_cell(const struct compiled *c, const struct vseg_cell *cell,
		      struct verdict *v)
{
	struct decision *d = &v->d;

	/* What speaks for a pair that no cell lists has no counters. */
	if (!cell->stats)
		return;
	tell_end(d->cell_src, sizeof(d->cell_src), vseg_key_src(cell->key),
		 d->src);
	tell_end(d->cell_dst, sizeof(d->cell_dst), vseg_key_dst(cell->key),
		 d->dst);
	d->action = cell->action;
	d->flags = cell->flags;
	give(d, VSEG_A_DECISION_CELL_SRC);
	give(d, VSEG_A_DECISION_CELL_DST);
	give(d, VSEG_A_DECISION_ACTION);
	give(d, VSEG_A_DECISION_FLAGS);
	v->cell = policy_cell(c->policy, d->cell_src, d->cell_dst);
}

static void tell_rule(const struct vseg_verdict *verdict, struct verdict *v)
{
	if (!verdict->rule)
		return;
	v->d.rule = verdict->index;
	snprintf(v->d.rule_name, sizeof(v->d.rule_name), "%s",
		 verdict->rule->name);
	give(&v->d, VSEG_A_DECISION_RULE);
	give(&v->d, VSEG_A_DECISION_RULE_NAME);
	if (v->cell)
		v->rule = (const struct listed_rule *)v->cell->rule.item +
			  verdict->index;
}

static void tell(const struct compiled *c, const struct vseg_verdict *verdict,
		 const struct end *src, const struct end *dst,
		 struct verdict *v)
{
	struct decision *d = &v->d;

	snprintf(d->src, sizeof(d->src), "%s", src->domain->name);
	snprintf(d->dst, sizeof(d->dst), "%s", dst->domain->name);
	d->reason = verdict->reason;
	d->pass = verdict->pass;
	give(d, VSEG_A_DECISION_SRC);
	give(d, VSEG_A_DECISION_DST);
	give(d, VSEG_A_DECISION_REASON);
	give(d, VSEG_A_DECISION_PASS);
	v->from = src->item;
	v->to = dst->item;
	tell_cell(c, verdict->cell, v);
	tell_rule(verdict, v);
}

/* What rules and passes see of a frame: its bytes, or no more than its class. */
static void describe(const struct decision *ask, struct vseg_frame *frame,
		     struct vseg_fields *fields)
{
	const struct bytes *b = &ask->frame;

	frame->class = ask->class;
	if (!has(ask, VSEG_A_DECISION_FRAME))
		return;
	frame->class = vseg_class_of(b->byte, b->len, b->len);
	vseg_frame_describe(b->byte, b->len, b->len, ask->vlan, fields);
	frame->fields = fields;
}

/**
 * compiled_decide() - what would become of a frame?
 * @c: policy
 * @ask: the frame, as the kernel is asked; a port is known by its name alone
 * @v: what the policy says
 *
 * Return: NULL, or why it can't be said.
 */
const char *compiled_decide(const struct compiled *c,
			    const struct decision *ask, struct verdict *v)
{
	bool in = has(ask, VSEG_A_DECISION_IN_IFNAME);
	bool out = has(ask, VSEG_A_DECISION_OUT_IFNAME);
	struct end src = { 0 }, dst = { 0 };
	struct vseg_policy policy = { 0 };
	struct vseg_frame frame = { 0 };
	struct vseg_fields fields = { 0 };
	struct vseg_verdict verdict;
	const struct vseg_cell *cell;
	const char *why;

	memset(v, 0, sizeof(*v));
	why = end_of(c, ask, ask->src, ask->in_ifname, in, &src);
	if (!why)
		why = end_of(c, ask, ask->dst, ask->out_ifname, out, &dst);
	if (why)
		return why;

	vseg_policy_init(&policy, c->tables, 0);
	frame.src = src.domain->slot;
	frame.dst = dst.domain->slot;
	frame.trunk = src.trunk;
	frame.guests = !src.trunk && !dst.trunk;
	describe(ask, &frame, &fields);
	cell = vseg_policy_cell(&policy, frame.src, frame.dst);
	if (cell->action == VSEG_ACTION_RULES && !frame.fields)
		return "rules decide here; say more of the frame, as --proto, or --frame";
	vseg_policy_decide(&policy, cell, &frame, &verdict);
	tell(c, &verdict, &src, &dst, v);
	v->d.in_match = src.match;
	v->d.out_match = dst.match;
	v->d.has |= (in ? BIT64(VSEG_A_DECISION_IN_MATCH) : 0) |
		    (out ? BIT64(VSEG_A_DECISION_OUT_MATCH) : 0);
	return NULL;
}
