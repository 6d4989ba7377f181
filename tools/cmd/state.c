// SPDX-License-Identifier: GPL-2.0
/* vsegctl state: the flows of one guest go with it to another host, and those of
 * a whole host from one module to the next.
 */
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

/* Of a whole host, which nothing passes until they are imported. */
#define FLOWS_MOST	65536

/**
 * struct task - what is asked for
 * @port: name of the guest's port, or empty
 * @all: the flows of the whole host instead
 * @address: of struct prefix: addresses of the guest
 * @file: file, or NULL
 */
struct task {
	char port[IFNAMSIZ];
	bool all;
	struct list address;
	const char *file;
};

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

static int check_task(struct args *a, const struct task *t)
{
	if (!*t->port && !t->all)
		return args_fail(a, "expected --port DEV or --all");
	if (*t->port && t->all)
		return args_fail(a, "--all doesn't go with --port");
	if (t->address.n && t->all)
		return args_fail(a, "--all doesn't go with --address");
	return DONE;
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

static int port_get(struct ctl *c, const struct args *a, const char *name,
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
	return code;
}

static int host_get(struct ctl *c, const struct args *a, const struct task *t,
		    struct host_state *h)
{
	int code = t->all ? DONE : port_get(c, a, t->port, h);

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
 * @t: which are asked for
 * @h: what vseg knows
 * @address: of struct prefix: the guest's addresses
 * @flow: of struct flow: the result
 * @more: how many there are beside
 */
struct leaving {
	const struct task *t;
	const struct host_state *h;
	const struct list *address;
	struct list flow;
	size_t more;
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

/* Of a whole host those whose next frame wouldn't begin them again. */
static bool is_wanted(const struct leaving *l, const struct flow *f,
		      const struct zone *z)
{
	const char *from = domain_name(l->h, f->mark >> 16);
	const char *to = domain_name(l->h, f->mark & 0xffff);

	if (!z || !from || !to)
		return false;
	if (l->t->all)
		return f->replied || f->keep;
	return !strcmp(z->bridge, l->h->port.bridge) &&
	       (is_guest(l, from, &f->source) ||
		is_guest(l, to, &f->destination));
}

static void take_flow(const struct flow *f, void *data)
{
	struct leaving *l = data;
	const struct zone *z = zone_find(l->h, f->zone);
	struct flow *flow;

	if (!is_wanted(l, f, z))
		return;
	if (l->t->all && l->flow.n == FLOWS_MOST) {
		l->more++;
		return;
	}
	flow = list_add(&l->flow, sizeof(*flow));
	*flow = *f;
	snprintf(flow->from, sizeof(flow->from), "%s",
		 domain_name(l->h, f->mark >> 16));
	snprintf(flow->to, sizeof(flow->to), "%s",
		 domain_name(l->h, f->mark & 0xffff));
	give(flow, FLOW_FROM);
	give(flow, FLOW_TO);
	flow->vlan = z->vid;
	if (l->t->all) {
		snprintf(flow->bridge, sizeof(flow->bridge), "%s", z->bridge);
		give(flow, FLOW_BRIDGE);
	}
	/* Another host may leave another VLAN untagged at the guest's port. */
	if (l->t->all || z->vid != l->h->port.untagged_vlan)
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

	give(&head, HEAD_VERSION);
	give(&head, HEAD_FLOWS);
	if (!l->t->all) {
		snprintf(head.port, sizeof(head.port), "%s", p->ifname);
		snprintf(head.bridge, sizeof(head.bridge), "%s", p->bridge);
		snprintf(head.domain, sizeof(head.domain), "%s", p->domain);
		give(&head, HEAD_PORT);
		give(&head, HEAD_BRIDGE);
		give(&head, HEAD_DOMAIN);
	}
	print_object(o, &flows_head_schema, &head);
	for (n = 0; n < l->flow.n; n++)
		print_object(o, &flow_schema, &f[n]);
}

/* A file that isn't whole is refused by the other host. */
static int write_flows(const struct leaving *l)
{
	const char *file = l->t->file;
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

/* Without zones there are none, and connection tracking isn't asked. */
static int collect(const struct args *a, struct leaving *l)
{
	struct nl_sock *sk;
	int err;

	if (!l->h->zone.n)
		return DONE;
	err = ct_open(&sk);
	if (!err)
		err = ct_dump(sk, take_flow, l);
	ct_close(sk);
	return err ? tracking_fail(a, err) : DONE;
}

static void tell_exported(struct ctl *c, const struct args *a,
			  const struct leaving *l)
{
	if (l->more)
		warning("%s: %zu more flows, which aren't exported", a->label,
			l->more);
	if (!l->t->file)
		return;
	if (l->t->all)
		out_line(c->out, "%zu flow%s", l->flow.n,
			 l->flow.n == 1 ? "" : "s");
	else
		out_line(c->out, "%zu flow%s of %s, domain %s", l->flow.n,
			 l->flow.n == 1 ? "" : "s", l->t->port,
			 l->h->port.domain);
}

static int export_flows(struct ctl *c, const struct args *a,
			const struct task *t)
{
	struct host_state h = { 0 };
	struct leaving l = { .t = t, .h = &h, .address = &t->address };
	int code = host_get(c, a, t, &h);

	if (!code && !l.address->n)
		l.address = &h.port.guard.prefix;
	if (!code && !t->all && !l.address->n)
		code = fail(REFUSED, "%s: no guard knows which addresses the guest of %s has; say them with --address",
			    a->label, t->port);
	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_ZONE_GET, &zone_schema, &h.zone);
	if (!code)
		code = collect(a, &l);
	if (!code)
		code = write_flows(&l);
	if (!code)
		tell_exported(c, a, &l);
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
	struct task t = { 0 };
	int code = DONE;

	while (!code && args_more(a)) {
		if (args_take(a, "--port"))
			code = parse_port(a, t.port);
		else if (args_take(a, "--all"))
			t.all = true;
		else if (args_take(a, "--address"))
			code = parse_addresses(a, &t.address);
		else if (args_take(a, "-o"))
			code = parse_file(a, &t.file);
		else
			code = args_end(a, "--port, --all, --address or -o");
	}
	if (!code)
		code = check_task(a, &t);
	if (t.file && !strcmp(t.file, "-"))
		t.file = NULL;
	if (!code)
		code = export_flows(c, a, &t);
	free(t.address.item);
	return code;
}

/*
 * Import.
 */

/**
 * struct arriving - the flows that come
 * @c: this run
 * @a: words, for messages
 * @t: which are asked for
 * @h: what vseg knows of this host
 * @sk: connection to connection tracking
 * @added: flows that were made
 * @there: flows that there are already
 * @failed: flows that could not be made
 */
struct arriving {
	struct ctl *c;
	const struct args *a;
	const struct task *t;
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

static bool is_zone(const struct zone *z, const struct flow *f)
{
	return z->vid == f->vlan && !strcmp(z->bridge, f->bridge) &&
	       !strcmp(z->domain, f->from) && !strcmp(z->peer, f->to) &&
	       (z->keep || !f->keep);
}

/* Made now, or there already: without an id where it was refused, which is told
 * once.
 */
static struct zone *ask_zone(struct arriving *r, const struct flow *f)
{
	struct zone ask = { .vid = f->vlan, .keep = f->keep }, reply = { 0 };
	const struct edit req = {
		.cmd = VSEG_CMD_ZONE_ADD, .label = r->a->label,
		.schema = &zone_schema, .obj = &ask,
	};
	struct zone *z;

	snprintf(ask.bridge, sizeof(ask.bridge), "%s", f->bridge);
	snprintf(ask.domain, sizeof(ask.domain), "%s", f->from);
	snprintf(ask.peer, sizeof(ask.peer), "%s", f->to);
	give(&ask, VSEG_A_ZONE_BRIDGE);
	give(&ask, VSEG_A_ZONE_VID);
	give(&ask, VSEG_A_ZONE_DOMAIN);
	give(&ask, VSEG_A_ZONE_PEER);
	/* Else a commit before its first frame would end it. */
	if (f->keep)
		give(&ask, VSEG_A_ZONE_KEEP);
	if (!ctl_call(r->c, r->a, &req, &zone_schema, &reply))
		ask.id = reply.id;
	z = list_add(&r->h->zone, sizeof(*z));
	*z = ask;
	return z;
}

static const char *find_zone(struct arriving *r, struct flow *f)
{
	const struct zone *z = r->h->zone.item;
	size_t n;

	for (n = 0; n < r->h->zone.n && !is_zone(&z[n], f); n++)
		;
	f->zone = n < r->h->zone.n ? z[n].id : ask_zone(r, f)->id;
	return f->zone ? NULL : "there is no zone for it";
}

static const char *place_flow(struct arriving *r, struct flow *f)
{
	const struct port *p = &r->h->port;
	uint32_t from, to;

	if (!domain_id(r->h, f->from, &from) || !domain_id(r->h, f->to, &to))
		return "this policy lacks a domain of it";
	f->mark = flow_mark(from, to);
	if (r->t->all)
		return has(f, FLOW_BRIDGE) ? find_zone(r, f) :
					     "it says no bridge";
	if (strcmp(f->from, p->domain) && strcmp(f->to, p->domain))
		return "it isn't of the port's domain";
	snprintf(f->bridge, sizeof(f->bridge), "%s", p->bridge);
	if (!has(f, FLOW_VLAN))
		f->vlan = p->untagged_vlan;
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
	int err = flows->n ? ct_open(&r->sk) : 0;
	size_t n;

	if (err)
		return tracking_fail(r->a, err);
	for (n = 0; n < flows->n; n++)
		add_flow(r, &f[n]);
	ct_close(r->sk);
	print_result(r);
	return r->failed ? REFUSED : DONE;
}

/* Is the file of what was asked for? */
static int check_file(const struct args *a, const struct task *t,
		      const struct flows_head *head, const struct host_state *h)
{
	if (t->all)
		return has(head, HEAD_DOMAIN) ?
		       fail(REFUSED, "%s: these are flows of one guest, not of a host: --port DEV",
			    a->label) : DONE;
	if (!has(head, HEAD_DOMAIN))
		return fail(REFUSED, "%s: these are flows of a host, not of one guest: --all",
			    a->label);
	if (strcmp(head->domain, h->port.domain))
		return fail(REFUSED, "%s: %s is of domain %s here, and these are flows of %s",
			    a->label, t->port, h->port.domain, head->domain);
	return DONE;
}

static int import_file(struct ctl *c, const struct args *a,
		       const struct task *t)
{
	struct host_state h = { 0 };
	struct arriving r = { .c = c, .a = a, .t = t, .h = &h };
	struct flows_head head;
	struct list flows = { 0 };
	int code = flows_read(t->file ? t->file : "-", &head, &flows);

	if (!code)
		code = host_get(c, a, t, &h);
	if (!code)
		code = check_file(a, t, &head, &h);
	if (!code)
		code = import_flows(&r, &flows);
	free(flows.item);
	host_clear(&h);
	return code;
}

static int import(struct ctl *c, struct args *a)
{
	struct task t = { 0 };
	int code = DONE;

	while (!code && args_more(a)) {
		if (args_take(a, "--port"))
			code = parse_port(a, t.port);
		else if (args_take(a, "--all"))
			t.all = true;
		else if (t.file)
			code = args_end(a, "--port or --all");
		else
			t.file = args_next(a);
	}
	if (!code)
		code = check_task(a, &t);
	return code ? code : import_file(c, a, &t);
}

static const struct verb verbs[] = {
	SHOW(export, "{--port DEV [--address ADDRESS,...] | --all} [-o FILE]",
	     "print the flows of one guest, for the host that it goes to",
	     export),
	SHOW(import, "[FILE] {--port DEV | --all}",
	     "let flows go on that were exported", import),
	{ 0 }
};

const struct object state_object = {
	.name = OBJECT,
	.help = "flows of a guest that moves to another host",
	.notes = "Flows are those that stateful rules allowed, of the addresses that the guard of\n"
		 "the port knows, or --address says.  Import wants the policy in force and the\n"
		 "port bound; each flow is judged by that policy at its next frame.  One that is\n"
		 "there already, or can't be made, is counted, and the others are imported.\n"
		 "  --all   the flows of the host that were answered, 65,536 at most: for this host\n"
		 "          again, as vsegctl upgrade does it\n",
	.verb = verbs,
};
