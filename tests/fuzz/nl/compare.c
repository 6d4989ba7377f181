// SPDX-License-Identifier: GPL-2.0
/*
 * The module's state held against the model: a refused request that changed
 * something, and a taken one that did something else, show here.
 */
#include <inttypes.h>
#include <string.h>

#include "ask.h"
#include "model.h"
#include "tlv.h"

static unsigned int count;

/* Reads of one message, with what a missing attribute stands for. */
static const struct op *at_op;
static const uint8_t *at;
static unsigned int at_len;

static bool find(const char *name, struct tlv *t)
{
	return tlv_find(at, at_len, attr_type(at_op->set, name), t);
}

static const char *text(const char *name)
{
	struct tlv t;

	return find(name, &t) ? tlv_text(&t) : "";
}

static uint64_t number(const char *name)
{
	struct tlv t;

	return find(name, &t) ? tlv_number(&t) : UINT64_MAX;
}

/* Returns false at the start of another try. */
static bool look(const struct op *op, const uint8_t *attrs, unsigned int n)
{
	count = op ? count + 1 : 0;
	at_op = op;
	at = attrs;
	at_len = n;
	return op;
}

static void same(const char *what, const char *name, uint64_t have,
		 uint64_t want)
{
	if (have != want)
		broken("%s: %s is %" PRIu64 ", not %" PRIu64, what, name, have,
		       want);
}

static void see_status(enum world w, const struct op *op, const uint8_t *attrs,
		       unsigned int n)
{
	const struct model *m = &models[w];
	unsigned int i, implicit = 0;

	look(op, attrs, n);
	same("status", "generation", number("generation"), m->generation);
	same("status", "active", number("active"), m->active);
	if (!m->active)
		return;
	for (i = 0; i < m->policy.ncells; i++)
		implicit += m->policy.cell[i].flags == VSEG_CELL_FLAGS_IMPLICIT;
	same("status", "domains", number("domains"), m->policy.ndomains);
	same("status", "bridges", number("bridges"), m->policy.nbridges);
	same("status", "cells", number("cells"), m->policy.ncells - implicit);
	same("status", "selectors", number("selectors"),
	     m->policy.nselectors);
}

static void see_settings(enum world w, const struct op *op,
			 const uint8_t *attrs, unsigned int n)
{
	const struct m_settings *s = &models[w].policy.settings;

	look(op, attrs, n);
	same("settings", "address-resolution", number("address-resolution"),
	     s->address_resolution);
	same("settings", "bridge-control", number("bridge-control"),
	     s->bridge_control);
	same("settings", "unmanaged", number("unmanaged"), s->unmanaged);
	same("settings", "flood-events", number("flood-events"),
	     s->flood_events);
	same("settings", "guard", number("guard"), s->guard);
	same("settings", "state-pickup", number("state-pickup"),
	     s->state_pickup);
	same("settings", "state-limit", number("state-limit"), s->state_limit);
	same("settings", "state-zone-first", number("state-zone-first"),
	     s->state_zone_first);
	same("settings", "state-zone-last", number("state-zone-last"),
	     s->state_zone_last);
	if (number("mark-mask") != UINT64_MAX)
		same("settings", "mark-mask", number("mark-mask"),
		     s->mark_mask);
}

static void see_domain(enum world w, const struct op *op, const uint8_t *attrs,
		       unsigned int n)
{
	const struct m_policy *p = &models[w].policy;
	unsigned int i;

	if (!look(op, attrs, n))
		return;
	if (number("id") < VSEG_DOMAIN_ID_MIN) {
		count--;	/* built in */
		return;
	}
	for (i = 0; i < p->ndomains; i++) {
		if (!strcmp(p->domain[i].name, text("name"))) {
			same(text("name"), "id", number("id"),
			     p->domain[i].id);
			same(text("name"), "permit", number("guard-permit"),
			     p->domain[i].permit);
			return;
		}
	}
	broken("there is a domain %s", text("name"));
}

static void see_bridge(enum world w, const struct op *op, const uint8_t *attrs,
		       unsigned int n)
{
	const struct m_bridge *b;

	if (!look(op, attrs, n))
		return;
	if (*text("entry")) {
		count--;	/* of its pattern, which is told apart */
		b = model_manages(&models[w].policy, text("name"));
		if (b && strcmp(b->name, text("entry")))
			broken("%s is managed by %s, not %s", text("name"),
			       text("entry"), b->name);
	} else {
		b = model_bridge(&models[w].policy, text("name"));
	}
	if (b)
		same(text("name"), "mode", number("mode"), b->mode);
	else
		broken("%s is managed", text("name"));
}

static void see_cell(enum world w, const struct op *op, const uint8_t *attrs,
		     unsigned int n)
{
	const struct m_policy *p = &models[w].policy;
	unsigned int i;

	if (!look(op, attrs, n))
		return;
	for (i = 0; i < p->ncells; i++) {
		if (strcmp(p->cell[i].src, text("src")) ||
		    strcmp(p->cell[i].dst, text("dst")))
			continue;
		same("cell", "action", number("action"), p->cell[i].action);
		same("cell", "flags", number("flags"), p->cell[i].flags);
		same("cell", "services", number("services"),
		     p->cell[i].services);
		if (p->cell[i].action == VSEG_ACTION_RULES)
			same("cell", "rules", number("rules"),
			     p->cell[i].rules);
		return;
	}
	broken("there is a cell %s to %s", text("src"), text("dst"));
}

/* What they ask is compared by the command's tests. */
static void see_rule(enum world w, const struct op *op, const uint8_t *attrs,
		     unsigned int n)
{
	uint64_t flags;

	(void)w;
	if (!look(op, attrs, n))
		return;
	flags = number("flags");
	if (flags & ~(uint64_t)VSEG_RULE_FLAGS_MASK)
		broken("a rule has flags %#" PRIx64, flags);
	if (flags & VSEG_RULE_FLAGS_KEEP && !(flags & VSEG_RULE_FLAGS_STATE))
		broken("a stateless rule keeps flows");
	if (flags & VSEG_RULE_FLAGS_STATE &&
	    number("action") != VSEG_ACTION_ALLOW)
		broken("a rule that denies is stateful");
}

static unsigned int all_rules(const struct m_policy *p)
{
	unsigned int i, n = 0;

	for (i = 0; i < p->ncells; i++)
		if (p->cell[i].action == VSEG_ACTION_RULES)
			n += p->cell[i].rules;
	return n;
}

/* What they are is compared by the command's tests. */
static void see_selector(enum world w, const struct op *op,
			 const uint8_t *attrs, unsigned int n)
{
	(void)w;
	look(op, attrs, n);
}

static void see_vlan(const struct m_vlan *want, const struct set *s,
		     const struct tlv *nest)
{
	struct tlv first, last, domain;

	if (!tlv_find(nest->data, nest->len, attr_type(s, "first"), &first) ||
	    !tlv_find(nest->data, nest->len, attr_type(s, "last"), &last) ||
	    !tlv_find(nest->data, nest->len, attr_type(s, "domain"), &domain) ||
	    tlv_number(&first) != want->first ||
	    tlv_number(&last) != want->last ||
	    strcmp(tlv_text(&domain), want->domain))
		broken("VLANs %u-%u %s are something else", want->first,
		       want->last, want->domain);
}

static void see_map(const struct m_bind *bind)
{
	unsigned int type = attr_type(at_op->set, "vlan"), i = 0;
	struct tlv t;

	tlv_for_each(t, at, at_len) {
		if (t.type != type)
			continue;
		if (i < bind->nvlans)
			see_vlan(&bind->vlan[i], at_op->set->attr[type].nest,
				 &t);
		i++;
	}
	same(text("ifname"), "length of its map", i, bind->nvlans);
}

static void see_port(enum world w, const struct op *op, const uint8_t *attrs,
		     unsigned int n)
{
	const struct m_bind *bind = NULL;
	int i;

	if (!look(op, attrs, n))
		return;
	for (i = 0; i < lab_of[w].nports; i++)
		if (!strcmp(lab_of[w].port[i].name, text("ifname")))
			bind = &models[w].bind[i];
	if (!bind) {
		broken("there is a port %s", text("ifname"));
		return;
	}
	if (number("match") != VSEG_PORT_MATCH_EXPLICIT) {
		same(text("ifname"), "kind without selectors",
		     VSEG_PORT_KIND_UNLABELLED, bind->kind);
		if (!*text("selector"))
			same(text("ifname"), "kind", number("kind"),
			     VSEG_PORT_KIND_UNLABELLED);
		return;
	}
	same(text("ifname"), "kind", number("kind"), bind->kind);
	if (bind->kind == VSEG_PORT_KIND_UNLABELLED)
		return;
	if (strcmp(text("domain"), bind->domain))
		broken("%s: carries \"%s\", not \"%s\"", text("ifname"),
		       text("domain"), bind->domain);
	see_map(bind);
}

static void compare_all(enum world w, const char *what, ask_fn *fn,
			unsigned int want)
{
	count = 0;
	ask(w, op_named(what), true, fn);
	same(what, "number", count, want);
}

static unsigned int managed_ports(enum world w)
{
	unsigned int n = 0;
	int i;

	for (i = 0; i < lab_of[w].nports; i++) {
		int bridge = lab_of[w].port[i].bridge;

		n += models[w].active && bridge != LAB_NOWHERE &&
		     model_manages(&models[w].policy,
				   lab_of[w].bridge[bridge]);
	}
	return n;
}

/** model_compare() - is a world as the model says?  If not, it is broken() */
void model_compare(enum world w)
{
	const struct m_policy *p = &models[w].policy;

	if (models[w].lost)
		return;
	ask(w, op_named("status-get"), false, see_status);
	ask(w, op_named("settings-get"), false, see_settings);
	compare_all(w, "domain-get", see_domain, p->ndomains);
	compare_all(w, "bridge-get", see_bridge, p->nbridges);
	compare_all(w, "cell-get", see_cell, p->ncells);
	compare_all(w, "rule-get", see_rule, all_rules(p));
	compare_all(w, "selector-get", see_selector, p->nselectors);
	compare_all(w, "port-get", see_port, managed_ports(w));
}
