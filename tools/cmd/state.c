// SPDX-License-Identifier: GPL-2.0
/* vsegctl state: the flows of one guest go with it to another host. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../flow.h"
#include "../match.h"
#include "../nl-ct.h"

#define OBJECT "state"

/* Flows that aren't imported and told of one by one. */
#define TOLD	10

/**
 * struct host_state - what vseg knows of the flows of this host
 * @port: the guest's port
 * @zone: of struct zone: those that there are
 * @domain: of struct domain
 */
struct host_state {
	struct port port;
	struct list zone;
	struct list domain;
};

/*
 * Words.
 */

static int parse_port(struct args *a, char *name)
{
	if (*name)
		return args_fail(a, "--port is given twice");
	return args_ifname(a, "DEV", name);
}

static int need_port(struct args *a, const char *name)
{
	return *name ? DONE : args_fail(a, "expected --port DEV");
}

/* ADDRESS[/LENGTH],... */
static int parse_addresses(struct args *a, struct list *l)
{
	const char *word = args_need(a, "ADDRESS");
	char *copy, *next, *part, *why = NULL;
	struct prefix *p;
	int code = DONE;

	if (!word)
		return BAD_USAGE;
	copy = xasprintf("%s", word);
	for (next = copy; !why && (part = strsep(&next, ","));) {
		p = list_add(l, sizeof(*p));
		why = parse_prefix(part, &p->address, &p->length);
	}
	if (why)
		code = args_fail(a, "%s", why);
	free(why);
	free(copy);
	return code;
}

/*
 * What vseg knows.
 */

static int host_get(struct ctl *c, const struct args *a, const char *name,
		    struct host_state *h)
{
	struct port filter = { 0 };
	int code;

	snprintf(filter.ifname, sizeof(filter.ifname), "%s", name);
	give(&filter, VSEG_A_PORT_IFNAME);
	code = ctl_get(c, a, VSEG_CMD_PORT_GET, &port_schema, &filter,
		       &h->port);
	if (!code && h->port.kind != VSEG_PORT_KIND_GUEST)
		code = fail(REFUSED, "%s: %s is no port of a guest: it has no domain of its own",
			    a->label, name);
	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_DOMAIN_GET, &domain_schema,
				&h->domain);
	return code;
}

static void host_clear(struct host_state *h)
{
	list_clear(&zone_schema, &h->zone);
	list_clear(&domain_schema, &h->domain);
	model_clear(&port_schema, &h->port);
}

static const char *domain_name(const struct host_state *h, uint32_t id)
{
	const struct domain *d = h->domain.item;
	size_t n;

	for (n = 0; n < h->domain.n; n++)
		if (d[n].id == id)
			return d[n].name;
	return NULL;
}

static bool domain_id(const struct host_state *h, const char *name,
		      uint32_t *id)
{
	const struct domain *d = h->domain.item;
	size_t n;

	for (n = 0; n < h->domain.n; n++) {
		if (strcmp(d[n].name, name))
			continue;
		*id = d[n].id;
		return true;
	}
	return false;
}

static const struct zone *zone_find(const struct host_state *h, uint32_t id)
{
	const struct zone *z = h->zone.item;
	size_t n;

	for (n = 0; n < h->zone.n; n++)
		if (z[n].id == id)
			return &z[n];
	return NULL;
}

static int tracking_fail(const struct args *a, int err)
{
	return fail(REFUSED, "%s: connection tracking: %s%s", a->label,
		    strerror(-err), err == -EINVAL || err == -EPROTONOSUPPORT ?
		    " (modprobe nf_conntrack_netlink)" : "");
}

/*
 * Export.
 */

/**
 * struct leaving - the flows that leave
 * @h: what vseg knows
 * @address: of struct prefix: the guest's addresses
 * @flow: of struct flow: the result
 */
struct leaving {
	const struct host_state *h;
	const struct list *address;
	struct list flow;
};

static bool is_within(const struct address *a, const struct prefix *p)
{
	unsigned int bits = p->length % 8, whole = p->length / 8;

	if (a->len != p->address.len ||
	    memcmp(a->byte, p->address.byte, whole))
		return false;
	return !bits || !((a->byte[whole] ^ p->address.byte[whole]) >>
			  (8 - bits));
}

/* Is this end of a flow the guest? */
static bool is_guest(const struct leaving *l, const char *domain,
		     const struct address *a)
{
	const struct prefix *p = l->address->item;
	size_t n;

	if (strcmp(domain, l->h->port.domain))
		return false;
	for (n = 0; n < l->address->n; n++)
		if (is_within(a, &p[n]))
			return true;
	return false;
}

static void take_flow(const struct flow *f, void *data)
{
	struct leaving *l = data;
	const struct zone *z = zone_find(l->h, f->zone);
	const char *from = domain_name(l->h, f->mark >> 16);
	const char *to = domain_name(l->h, f->mark & 0xffff);
	struct flow *flow;

	if (!z || !from || !to || strcmp(z->bridge, l->h->port.bridge) ||
	    (!is_guest(l, from, &f->source) &&
	     !is_guest(l, to, &f->destination)))
		return;
	flow = list_add(&l->flow, sizeof(*flow));
	*flow = *f;
	snprintf(flow->from, sizeof(flow->from), "%s", from);
	snprintf(flow->to, sizeof(flow->to), "%s", to);
	give(flow, FLOW_FROM);
	give(flow, FLOW_TO);
	/* Another host may leave another VLAN untagged at the guest's port. */
	flow->vlan = z->vid;
	if (z->vid != l->h->port.untagged_vlan)
		give(flow, FLOW_VLAN);
}

static void print_object(struct out *o, const struct schema *s, const void *obj)
{
	out_object(o, NULL);
	out_model(o, s, obj);
	out_end(o);
}

static void print_flows(struct out *o, const struct leaving *l)
{
	const struct port *p = &l->h->port;
	const struct flow *f = l->flow.item;
	struct flows_head head = {
		.version = FLOW_VERSION, .flows = l->flow.n,
	};
	size_t n;

	snprintf(head.port, sizeof(head.port), "%s", p->ifname);
	snprintf(head.bridge, sizeof(head.bridge), "%s", p->bridge);
	snprintf(head.domain, sizeof(head.domain), "%s", p->domain);
	give(&head, HEAD_VERSION);
	give(&head, HEAD_PORT);
	give(&head, HEAD_BRIDGE);
	give(&head, HEAD_DOMAIN);
	give(&head, HEAD_FLOWS);
	print_object(o, &flows_head_schema, &head);
	for (n = 0; n < l->flow.n; n++)
		print_object(o, &flow_schema, &f[n]);
}

/* A file that isn't whole is refused by the other host. */
static int write_flows(const struct leaving *l, const char *file)
{
	FILE *f = file ? fopen(file, "we") : stdout;
	struct out *o;
	bool bad;

	if (!f)
		return fail(REFUSED, "%s: %s", file, strerror(errno));
	o = out_new(true);
	out_to(o, f);
	print_flows(o, l);
	out_free(o);
	if (!file)
		return DONE;
	bad = fflush(f) || ferror(f);
	if (!fclose(f) && !bad)
		return DONE;
	return fail(REFUSED, "%s: can't be written", file);
}

static int collect(const struct args *a, struct leaving *l)
{
	struct nl_sock *sk;
	int err = ct_open(&sk);

	if (!err)
		err = ct_dump(sk, take_flow, l);
	ct_close(sk);
	return err ? tracking_fail(a, err) : DONE;
}

static int export_port(struct ctl *c, const struct args *a, const char *name,
		       struct list *address, const char *file)
{
	struct host_state h = { 0 };
	struct leaving l = { .h = &h, .address = address };
	int code = host_get(c, a, name, &h);

	if (!code && !address->n)
		l.address = &h.port.guard.prefix;
	if (!code && !l.address->n)
		code = fail(REFUSED, "%s: no guard knows which addresses the guest of %s has; say them with --address",
			    a->label, name);
	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_ZONE_GET, &zone_schema, &h.zone);
	if (!code)
		code = collect(a, &l);
	if (!code)
		code = write_flows(&l, file);
	if (!code && file)
		out_line(c->out, "%zu flow%s of %s, domain %s", l.flow.n,
			 l.flow.n == 1 ? "" : "s", name, h.port.domain);
	free(l.flow.item);
	host_clear(&h);
	return code;
}

static int parse_file(struct args *a, const char **file)
{
	*file = args_need(a, "FILE");
	return *file ? DONE : BAD_USAGE;
}

static int export(struct ctl *c, struct args *a)
{
	char name[IFNAMSIZ] = "";
	struct list address = { 0 };
	const char *file = NULL;
	int code = DONE;

	while (!code && args_more(a)) {
		if (args_take(a, "--port"))
			code = parse_port(a, name);
		else if (args_take(a, "--address"))
			code = parse_addresses(a, &address);
		else if (args_take(a, "-o"))
			code = parse_file(a, &file);
		else
			code = args_end(a, "--port, --address or -o");
	}
	if (!code)
		code = need_port(a, name);
	if (file && !strcmp(file, "-"))
		file = NULL;
	if (!code)
		code = export_port(c, a, name, &address, file);
	free(address.item);
	return code;
}

/*
 * Import.
 */

/**
 * struct arriving - the flows that come
 * @c: this run
 * @a: words, for messages
 * @h: what vseg knows of this host
 * @sk: connection to connection tracking
 * @added: flows that were made
 * @there: flows that there are already
 * @failed: flows that could not be made
 */
struct arriving {
	struct ctl *c;
	const struct args *a;
	struct host_state *h;
	struct nl_sock *sk;
	size_t added;
	size_t there;
	size_t failed;
};

static void tell_failed(struct arriving *r, const struct flow *f,
			const char *why)
{
	char *text;

	if (r->failed++ >= TOLD)
		return;
	text = flow_text(f);
	warning("%s: %s, %s -> %s: %s", r->a->label, text, f->from, f->to,
		why);
	free(text);
}

/* The zone of a flow: one that was asked for before, or made now. */
static const char *find_zone(struct arriving *r, struct flow *f)
{
	struct zone ask = { .vid = f->vlan }, reply = { 0 };
	const struct zone *z = r->h->zone.item;
	const struct edit req = {
		.cmd = VSEG_CMD_ZONE_ADD, .label = r->a->label,
		.schema = &zone_schema, .obj = &ask,
	};
	struct zone *more;
	size_t n;

	for (n = 0; n < r->h->zone.n; n++)
		if (z[n].vid == f->vlan && !strcmp(z[n].domain, f->from) &&
		    !strcmp(z[n].peer, f->to))
			break;
	if (n == r->h->zone.n) {
		snprintf(ask.bridge, sizeof(ask.bridge), "%s",
			 r->h->port.bridge);
		snprintf(ask.domain, sizeof(ask.domain), "%s", f->from);
		snprintf(ask.peer, sizeof(ask.peer), "%s", f->to);
		give(&ask, VSEG_A_ZONE_BRIDGE);
		give(&ask, VSEG_A_ZONE_VID);
		give(&ask, VSEG_A_ZONE_DOMAIN);
		give(&ask, VSEG_A_ZONE_PEER);
		/* Without an id where it was refused, which is told once. */
		if (!ctl_call(r->c, r->a, &req, &zone_schema, &reply))
			ask.id = reply.id;
		more = list_add(&r->h->zone, sizeof(*more));
		*more = ask;
		z = more - n;
	}
	f->zone = z[n].id;
	return f->zone ? NULL : "there is no zone for it";
}

static const char *place_flow(struct arriving *r, struct flow *f)
{
	uint32_t from, to;

	if (!domain_id(r->h, f->from, &from) || !domain_id(r->h, f->to, &to))
		return "this policy lacks a domain of it";
	if (strcmp(f->from, r->h->port.domain) &&
	    strcmp(f->to, r->h->port.domain))
		return "it isn't of the port's domain";
	f->mark = flow_mark(from, to);
	if (!has(f, FLOW_VLAN))
		f->vlan = r->h->port.untagged_vlan;
	return find_zone(r, f);
}

static void add_flow(struct arriving *r, struct flow *f)
{
	const char *why = place_flow(r, f);
	int err;

	if (why) {
		tell_failed(r, f, why);
		return;
	}
	err = ct_add(r->sk, f);
	if (!err)
		r->added++;
	else if (err == -EEXIST)
		r->there++;
	else
		tell_failed(r, f, strerror(-err));
}

static void print_result(const struct arriving *r)
{
	struct out *o = r->c->out;

	if (r->failed > TOLD)
		warning("%s: and %zu more flows", r->a->label,
			r->failed - TOLD);
	out_line(o, "%zu flow%s imported, %zu there already, %zu failed",
		 r->added, r->added == 1 ? "" : "s", r->there, r->failed);
	out_object(o, NULL);
	out_u64(o, "imported", r->added);
	out_u64(o, "there", r->there);
	out_u64(o, "failed", r->failed);
	out_end(o);
}

static int import_flows(struct arriving *r, struct list *flows)
{
	struct flow *f = flows->item;
	int err = ct_open(&r->sk);
	size_t n;

	if (err)
		return tracking_fail(r->a, err);
	for (n = 0; n < flows->n; n++)
		add_flow(r, &f[n]);
	ct_close(r->sk);
	print_result(r);
	return r->failed ? REFUSED : DONE;
}

static int import_file(struct ctl *c, const struct args *a, const char *name,
		       const char *file)
{
	struct host_state h = { 0 };
	struct arriving r = { .c = c, .a = a, .h = &h };
	struct flows_head head;
	struct list flows = { 0 };
	int code = flows_read(file, &head, &flows);

	if (!code)
		code = host_get(c, a, name, &h);
	if (!code && strcmp(head.domain, h.port.domain))
		code = fail(REFUSED, "%s: %s is of domain %s here, and these are flows of %s",
			    a->label, name, h.port.domain, head.domain);
	if (!code)
		code = import_flows(&r, &flows);
	free(flows.item);
	host_clear(&h);
	return code;
}

static int import(struct ctl *c, struct args *a)
{
	char name[IFNAMSIZ] = "";
	const char *file = NULL;
	int code = DONE;

	while (!code && args_more(a)) {
		if (args_take(a, "--port"))
			code = parse_port(a, name);
		else if (file)
			code = args_end(a, "--port");
		else
			file = args_next(a);
	}
	if (!code)
		code = need_port(a, name);
	return code ? code : import_file(c, a, name, file ? file : "-");
}

static const struct verb verbs[] = {
	SHOW(export, "--port DEV [--address ADDRESS,...] [-o FILE]",
	     "print the flows of one guest, for the host that it goes to",
	     export),
	SHOW(import, "[FILE] --port DEV",
	     "let flows of one guest go on, that another host exported", import),
	{ 0 }
};

const struct object state_object = {
	.name = OBJECT,
	.help = "flows of a guest that moves to another host",
	.notes = "Flows are those that stateful rules allowed, of the addresses that the guard of\n"
		 "the port knows, or --address says.  Import wants the policy in force and the\n"
		 "port bound; each flow is judged by that policy at its next frame.  One that is\n"
		 "there already, or can't be made, is counted, and the others are imported.\n",
	.verb = verbs,
};
