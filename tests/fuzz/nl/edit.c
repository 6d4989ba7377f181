// SPDX-License-Identifier: GPL-2.0
/* What an edit does to a policy of the model. */
#include <string.h>

#include "model.h"
#include "tlv.h"

/**
 * struct request - an edit's attributes
 * @op: operation
 * @attrs: first attribute
 * @n: bytes
 */
struct request {
	const struct op *op;
	const uint8_t *attrs;
	unsigned int n;
};

static bool get(const struct request *r, const char *name, struct tlv *t)
{
	return tlv_find(r->attrs, r->n, attr_type(r->op->set, name), t);
}

/* A string, or "" when it isn't given. */
static const char *text(const struct request *r, const char *name)
{
	struct tlv t;

	return get(r, name, &t) ? tlv_text(&t) : "";
}

static uint32_t number(const struct request *r, const char *name,
		       uint32_t otherwise)
{
	struct tlv t;

	return get(r, name, &t) ? tlv_number(&t) : otherwise;
}

static void copy_name(char *to, const char *from, size_t room)
{
	size_t len = strlen(from);

	if (len < room)
		memcpy(to, from, len + 1);
	else
		broken("a name of %zu bytes was taken", len);
}

/* --- domains --- */

static bool id_is_taken(const struct m_policy *p, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < p->ndomains; i++)
		if (p->domain[i].id == id)
			return true;
	return false;
}

static struct m_domain *find_domain(struct m_policy *p, const char *name)
{
	unsigned int i;

	for (i = 0; i < p->ndomains; i++)
		if (!strcmp(p->domain[i].name, name))
			return &p->domain[i];
	return NULL;
}

static struct m_cell *find_cell(struct m_policy *p, const char *src,
				const char *dst)
{
	unsigned int i;

	for (i = 0; i < p->ncells; i++)
		if (!strcmp(p->cell[i].src, src) &&
		    !strcmp(p->cell[i].dst, dst))
			return &p->cell[i];
	return NULL;
}

static struct m_cell *set_cell(struct m_policy *p, const char *src,
			       const char *dst, uint32_t action,
			       uint32_t flags)
{
	struct m_cell *cell = find_cell(p, src, dst);
	bool fresh = !cell;

	if (!cell && p->ncells == MODEL_MAX)
		die("the model has no room for another cell");
	if (!cell)
		cell = &p->cell[p->ncells++];
	copy_name(cell->src, src, sizeof(cell->src));
	copy_name(cell->dst, dst, sizeof(cell->dst));
	cell->action = action;
	cell->flags = flags;
	cell->services = 0;
	/* A list stays one, with what is in it. */
	if (fresh || action != VSEG_ACTION_RULES)
		cell->rules = 0;
	return cell;
}

static void domain_add(struct m_policy *p, const struct request *r)
{
	static unsigned long serial;
	const char *name = text(r, "name");
	uint32_t id = number(r, "id", VSEG_DOMAIN_ID_MIN);
	struct m_domain *d;
	struct tlv t;

	if (!get(r, "id", &t))
		while (id_is_taken(p, id))
			id++;
	if (find_domain(p, name) || id_is_taken(p, id))
		broken("domain-add: %s or id %u was there already", name, id);
	if (p->ndomains == MODEL_MAX)
		die("the model has no room for another domain");
	d = &p->domain[p->ndomains++];
	copy_name(d->name, name, sizeof(d->name));
	d->id = id;
	d->permit = number(r, "guard-permit", 0);
	d->serial = ++serial;
	set_cell(p, name, name, VSEG_ACTION_ALLOW, VSEG_CELL_FLAGS_IMPLICIT);
}

static void domain_set(struct m_policy *p, const struct request *r)
{
	struct m_domain *d = find_domain(p, text(r, "name"));

	if (d)
		d->permit = number(r, "guard-permit", 0);
	else
		broken("domain-set: there was no %s", text(r, "name"));
}

static void remove_cell(struct m_policy *p, struct m_cell *cell)
{
	*cell = p->cell[--p->ncells];
}

static void domain_del(struct m_policy *p, const struct request *r)
{
	const char *name = text(r, "name");
	struct m_domain *d = find_domain(p, name);
	struct m_cell *inside = find_cell(p, name, name);

	if (!d || !inside) {
		broken("domain-del: there was no %s", name);
		return;
	}
	remove_cell(p, inside);
	*d = p->domain[--p->ndomains];
}

/* --- cells --- */

static void cell_set(struct m_policy *p, const struct request *r)
{
	struct m_cell *cell = set_cell(p, text(r, "src"), text(r, "dst"),
				       number(r, "action", 0),
				       number(r, "flags", 0));

	cell->services = number(r, "services", 0);
}

/* What they ask is compared by the command's tests. */
static void rule_edit(struct m_policy *p, const struct request *r)
{
	const char *src = text(r, "src"), *dst = text(r, "dst");
	struct m_cell *cell = find_cell(p, src, dst);
	struct tlv t;

	if (!cell || cell->action != VSEG_ACTION_RULES)
		broken("%s: %s to %s has no rules", r->op->name, src, dst);
	else if (!strcmp(r->op->name, "rule-add"))
		cell->rules++;
	else if (!get(r, "index", &t))
		cell->rules = 0;
	else
		cell->rules--;
}

static void cell_del(struct m_policy *p, const struct request *r)
{
	const char *src = text(r, "src"), *dst = text(r, "dst");
	struct m_cell *cell = find_cell(p, src, dst);

	if (!cell || cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
		broken("cell-del: %s to %s was not listed", src, dst);
	else if (!strcmp(src, dst) && find_domain(p, src))
		set_cell(p, src, dst, VSEG_ACTION_ALLOW,
			 VSEG_CELL_FLAGS_IMPLICIT);
	else
		remove_cell(p, cell);
}

/* --- bridges --- */

static void bridge_edit(struct m_policy *p, const struct request *r)
{
	struct m_bridge *b = (void *)model_bridge(p, text(r, "name"));
	bool add = !strcmp(r->op->name, "bridge-add");

	if (add == !!b) {
		broken("%s: %s", r->op->name, text(r, "name"));
	} else if (!strcmp(r->op->name, "bridge-del")) {
		*b = p->bridge[--p->nbridges];
	} else {
		if (p->nbridges == MODEL_MAX)
			die("the model has no room for another bridge");
		if (add)
			b = &p->bridge[p->nbridges++];
		copy_name(b->name, text(r, "name"), sizeof(b->name));
		b->mode = number(r, "mode", VSEG_BRIDGE_MODE_ENFORCE);
	}
}

static void settings_set(struct m_policy *p, const struct request *r)
{
	struct m_settings *s = &p->settings;

	s->address_resolution = number(r, "address-resolution",
				       s->address_resolution);
	s->bridge_control = number(r, "bridge-control", s->bridge_control);
	s->unmanaged = number(r, "unmanaged", s->unmanaged);
	s->flood_events = number(r, "flood-events", s->flood_events);
	s->guard = number(r, "guard", s->guard);
	s->state_pickup = number(r, "state-pickup", s->state_pickup);
	s->state_limit = number(r, "state-limit", s->state_limit);
	s->state_zone_first = number(r, "state-zone-first",
				     s->state_zone_first);
	s->state_zone_last = number(r, "state-zone-last", s->state_zone_last);
	if (s->state_zone_first > s->state_zone_last)
		broken("settings-set: zones %u to %u were taken",
		       s->state_zone_first, s->state_zone_last);
	s->mark_mask = number(r, "mark-mask", s->mark_mask);
	/* The lowest bit, added, carries through all of one piece. */
	if (s->mark_mask & (s->mark_mask + (s->mark_mask & -s->mark_mask)))
		broken("settings-set: the mask %#x was taken", s->mark_mask);
}

/* --- ports --- */

static struct m_bind *find_bind(enum world w, struct m_bind *binds,
				const struct request *r)
{
	uint32_t index = number(r, "ifindex", 0);
	const char *name = text(r, "ifname");
	int i;

	for (i = 0; i < lab_of[w].nports; i++)
		if (index ? lab_of[w].port[i].index == (int)index :
			    !strcmp(lab_of[w].port[i].name, name))
			return &binds[i];
	broken("%s: taken for port %u \"%s\"", r->op->name, index, name);
	return NULL;
}

static unsigned long serial_of(struct m_policy *p, const char *name)
{
	const struct m_domain *d = find_domain(p, name);

	return d ? d->serial : 0;
}

static void add_vlan(struct m_policy *p, struct m_bind *b,
		     const struct tlv *nest, const struct set *s)
{
	const struct op vlan = { .set = s };
	const struct request r = { &vlan, nest->data, nest->len };
	struct m_vlan *v = &b->vlan[b->nvlans++];

	v->first = number(&r, "first", 0);
	v->last = number(&r, "last", v->first);
	copy_name(v->domain, text(&r, "domain"), sizeof(v->domain));
	v->serial = serial_of(p, v->domain);
}

static void port_bind(struct m_policy *p, struct m_bind *b,
		      const struct request *r)
{
	unsigned int type = attr_type(r->op->set, "vlan");
	struct tlv t;

	b->edited = true;
	b->kind = number(r, "kind", VSEG_PORT_KIND_GUEST);
	copy_name(b->domain, text(r, "domain"), sizeof(b->domain));
	b->serial = serial_of(p, b->domain);
	b->nvlans = 0;
	tlv_for_each(t, r->attrs, r->n)
		if (t.type == type && b->nvlans < MODEL_VLANS)
			add_vlan(p, b, &t, r->op->set->attr[type].nest);
}

/**
 * model_edit() - do an edit that the kernel took
 * @w: world
 * @p: policy to edit
 * @binds: binds to edit
 * @op: operation
 * @attrs: first attribute
 * @n: bytes
 */
void model_edit(enum world w, struct m_policy *p, struct m_bind *binds,
		const struct op *op, const uint8_t *attrs, unsigned int n)
{
	const struct request r = { op, attrs, n };
	struct m_bind *b;

	if (!strcmp(op->name, "domain-add")) {
		domain_add(p, &r);
	} else if (!strcmp(op->name, "domain-del")) {
		domain_del(p, &r);
	} else if (!strcmp(op->name, "domain-set")) {
		domain_set(p, &r);
	} else if (!strncmp(op->name, "rule-", 5)) {
		rule_edit(p, &r);
	} else if (!strcmp(op->name, "cell-set")) {
		cell_set(p, &r);
	} else if (!strcmp(op->name, "cell-del")) {
		cell_del(p, &r);
	} else if (!strcmp(op->name, "settings-set")) {
		settings_set(p, &r);
	} else if (!strcmp(op->name, "selector-add")) {
		p->nselectors++;
	} else if (!strcmp(op->name, "selector-del")) {
		p->nselectors--;
	} else if (!strncmp(op->name, "bridge-", 7)) {
		bridge_edit(p, &r);
	} else {
		b = find_bind(w, binds, &r);
		if (!b)
			return;
		if (!strcmp(op->name, "port-bind")) {
			port_bind(p, b, &r);
		} else {
			b->edited = true;
			b->kind = VSEG_PORT_KIND_UNLABELLED;
		}
	}
}
