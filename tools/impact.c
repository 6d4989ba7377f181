// SPDX-License-Identifier: GPL-2.0
/*
 * Which running ports a transaction would give another domain.  The kernel
 * says it, by the policy of the transaction: what it decides by is what it is
 * asked for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "impact.h"

#define VLANS	4095

static int ask(struct ctl *c, const struct args *a, uint64_t cookie,
	       const char *ifname, uint32_t vlan, struct decision *reply)
{
	struct decision d = { .cookie = cookie, .vlan = vlan };

	snprintf(d.in_ifname, sizeof(d.in_ifname), "%s", ifname);
	snprintf(d.dst, sizeof(d.dst), "host");
	give(&d, VSEG_A_DECISION_COOKIE);
	give(&d, VSEG_A_DECISION_IN_IFNAME);
	give(&d, VSEG_A_DECISION_DST);
	give(&d, VSEG_A_DECISION_VLAN);
	/* Any will do: it is the label that is asked for, and rules want one. */
	d.frame.len = 60;
	give(&d, VSEG_A_DECISION_FRAME);
	memset(reply, 0, sizeof(*reply));
	return ctl_get(c, a, VSEG_CMD_DECIDE, &decision_schema, &d, reply);
}

/* Marks the VLANs at which a map may begin to say something else. */
static void mark(bool *edge, const struct list *vlans)
{
	const struct vlan *v = vlans->item;
	size_t n;

	for (n = 0; n < vlans->n; n++) {
		edge[v[n].first] = true;
		if (v[n].last + 1 < VLANS)
			edge[v[n].last + 1] = true;
	}
}

/* The domain that a port gives a VLAN now. */
static const char *label_now(const struct port *p, uint32_t vlan)
{
	const struct vlan *v = p->vlan.item;
	size_t n;

	for (n = 0; n < p->vlan.n; n++)
		if (v[n].first <= vlan && vlan <= v[n].last)
			return v[n].domain;
	return *p->domain ? p->domain : "unlabelled";
}

static void tell(struct ctl *c, const struct port *p, const char *vlan,
		 const char *from, const struct decision *d)
{
	const char *why = name_of(&match_names, d->in_match);

	out_line(c->out, "  port %s%s: %s, was %s (%s)", p->ifname, vlan,
		 d->src, from, why ? why : "?");
	out_object(c->out, NULL);
	out_str(c->out, "ifname", p->ifname);
	if (*vlan)
		out_str(c->out, "vlan", vlan + strlen(" VLAN "));
	out_str(c->out, "from", from);
	out_str(c->out, "to", d->src);
	out_str(c->out, "match", why ? why : "?");
	out_end(c->out);
}

static int compare_trunk(struct ctl *c, const struct args *a, uint64_t cookie,
			 const struct port *p, const bool *edges)
{
	bool edge[VLANS] = { [0] = true };
	struct decision d;
	char text[32];
	uint32_t vlan;
	int code;

	for (vlan = 0; vlan < VLANS; vlan++)
		edge[vlan] |= edges[vlan];
	mark(edge, &p->vlan);
	for (vlan = 0; vlan < VLANS; vlan++) {
		if (!edge[vlan])
			continue;
		code = ask(c, a, cookie, p->ifname, vlan, &d);
		if (code)
			return code;
		if (!strcmp(d.src, label_now(p, vlan)))
			continue;
		snprintf(text, sizeof(text), " VLAN %u", vlan);
		tell(c, p, text, label_now(p, vlan), &d);
	}
	return DONE;
}

static int compare(struct ctl *c, const struct args *a, uint64_t cookie,
		   const struct port *p, const bool *edges)
{
	struct decision d;
	int code;

	if (p->match == VSEG_PORT_MATCH_EXPLICIT)
		return DONE;
	if (p->kind == VSEG_PORT_KIND_TRUNK)
		return compare_trunk(c, a, cookie, p, edges);
	code = ask(c, a, cookie, p->ifname, 0, &d);
	if (!code && strcmp(d.src, label_now(p, 0)))
		tell(c, p, "", label_now(p, 0), &d);
	return code;
}

/**
 * impact_print() - show which running ports would get another domain
 * @c: this run
 * @a: words, for messages
 * @cookie: transaction
 * @want: the policy that it makes
 *
 * Return: an exit code.
 */
int impact_print(struct ctl *c, const struct args *a, uint64_t cookie,
		 const struct policy *want)
{
	const struct item *s = want->selector.item;
	bool edges[VLANS] = { false };
	struct list l = { 0 };
	const struct port *p;
	size_t n;
	int code;

	for (n = 0; n < want->selector.n; n++)
		mark(edges, &s[n].selector.vlan);
	code = ctl_dump(c, a, VSEG_CMD_PORT_GET, &port_schema, &l);
	out_list(c->out, "ports");
	for (n = 0, p = l.item; n < l.n && !code; n++, p++)
		code = compare(c, a, cookie, p, edges);
	out_end(c->out);
	list_clear(&port_schema, &l);
	return code;
}
