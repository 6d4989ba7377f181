// SPDX-License-Identifier: GPL-2.0
/* vsegctl stats */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../text.h"

#define OBJECT "stats"

static int by_packets(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	uint64_t n = x->packets + x->would_packets;
	uint64_t m = y->packets + y->would_packets;
	int order;

	if (n != m)
		return n < m ? 1 : -1;
	order = strverscmp(x->src, y->src);
	return order ? order : strverscmp(x->dst, y->dst);
}

static void print_pair(struct out *o, const struct pair *p)
{
	struct device in, out;
	char ago[AGO_LEN];

	text_device(&in, has(p, VSEG_A_PAIR_IN_IFINDEX), p->in_ifindex);
	text_device(&out, has(p, VSEG_A_PAIR_OUT_IFINDEX), p->out_ifindex);

	out_object(o, NULL);
	out_model(o, &pair_schema, p);
	out_str(o, "in_ifname", in.name);
	out_str(o, "out_ifname", out.name);
	out_end(o);

	out_cell(o, "%s -> %s", p->src, p->dst);
	out_cell(o, "%" PRIu64, p->packets);
	out_cell(o, "%" PRIu64, p->bytes);
	out_cell(o, "%" PRIu64, p->would_packets);
	out_cell_enum(o, &reason_names, p->reason);
	out_cell(o, "%s -> %s", in.name, out.name);
	out_cell(o, "%s", text_ago(ago, p->last_ms));
}

/* Copies of flooded frames that were denied, in monitor mode too. */
static uint64_t flooded(const struct stats *t)
{
	const struct reason_stats *r = t->reason.item;
	size_t i;

	for (i = 0; i < t->reason.n; i++, r++)
		if (r->reason == VSEG_REASON_FLOOD)
			return r->packets + r->would_packets;
	return 0;
}

/* Who isn't known by address yet is asked for by ARP or ND, which is flooded;
 * and copies make no pair.
 */
static void print_no_pairs(struct out *o, const struct stats *t)
{
	uint64_t n = flooded(t);

	if (n)
		out_line(o, "no unicast frame was denied, but %" PRIu64
			 " flooded cop%s: a first contact (ARP, ND) shows only there",
			 n, n == 1 ? "y was" : "ies were");
	else
		out_line(o, "no domain tried to talk to one that it may not talk to");
}

static void print_pairs(struct out *o, struct list *l, const struct stats *t)
{
	static const char *const columns[] = {
		"DENIED PAIR", ">PACKETS", ">BYTES", ">WOULD-DROP", "REASON",
		"LAST PORTS", ">AGO",
	};
	const struct pair *p = l->item;
	size_t i;

	list_sort(l, sizeof(*p), by_packets);
	out_list(o, "pairs");
	if (l->n)
		out_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, p++)
		print_pair(o, p);
	if (l->n)
		out_table_end(o);
	else
		print_no_pairs(o, t);
	out_end(o);
}

static void print_totals(struct out *o, const struct status *s)
{
	const struct stats *t = &s->stats;
	char *dropped = text_reasons(t, false), *would = text_reasons(t, true);

	out_line(o, "passed %" PRIu64 " packets, %" PRIu64
		 " bytes; dropped %" PRIu64 " packets, %" PRIu64
		 " bytes; would drop %" PRIu64 " packets",
		 t->rx_packets, t->rx_bytes, t->rx_dropped,
		 t->rx_dropped_bytes, t->would_drop);
	if (*dropped)
		out_line(o, "dropped: %s", dropped);
	if (*would)
		out_line(o, "would drop: %s", would);
	if (s->lockdown_dropped)
		out_line(o, "dropped by lockdown: %" PRIu64,
			 s->lockdown_dropped);
	if (s->unmanaged_dropped)
		out_line(o, "dropped on unmanaged bridges: %" PRIu64,
			 s->unmanaged_dropped);
	if (s->internal_dropped)
		out_line(o, "dropped as a port left the managed bridge meanwhile: %" PRIu64,
			 s->internal_dropped);
	free(dropped);
	free(would);
}

static void print(struct out *o, const struct status *s, struct list *pairs)
{
	print_totals(o, s);
	out_object(o, NULL);
	out_object(o, "totals");
	out_model(o, &stats_schema, &s->stats);
	out_end(o);
	out_u64(o, "lockdown_dropped", s->lockdown_dropped);
	out_u64(o, "unmanaged_dropped", s->unmanaged_dropped);
	out_u64(o, "internal_dropped", s->internal_dropped);
	print_pairs(o, pairs, &s->stats);
	if (s->pairs_evicted)
		out_line(o, "%" PRIu64 " older pairs with %" PRIu64
			 " packets made room for newer ones",
			 s->pairs_evicted, s->pairs_evicted_packets);
	out_u64(o, "pairs_evicted", s->pairs_evicted);
	out_u64(o, "pairs_evicted_packets", s->pairs_evicted_packets);
	out_end(o);
}

static int show(struct ctl *c, struct args *a)
{
	struct list pairs = { 0 };
	struct status s = { 0 };
	int code = args_end(a, NULL);

	if (!code)
		code = ctl_get(c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
			       &s);
	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_PAIR_GET, &pair_schema, &pairs);
	if (!code)
		print(c->out, &s, &pairs);
	list_clear(&pair_schema, &pairs);
	model_clear(&status_schema, &s);
	return code;
}

#define COUNTERS ">RX-PACKETS", ">RX-BYTES", ">TX-PACKETS", ">TX-BYTES",	\
	">RX-DROPPED", ">TX-DROPPED", ">WOULD-DROP", "REASONS"

static void print_counters(struct out *o, const struct stats *s)
{
	char *dropped = text_reasons(s, false), *would = text_reasons(s, true);

	out_cell(o, "%" PRIu64, s->rx_packets);
	out_cell(o, "%" PRIu64, s->rx_bytes);
	out_cell(o, "%" PRIu64, s->tx_packets);
	out_cell(o, "%" PRIu64, s->tx_bytes);
	out_cell(o, "%" PRIu64, s->rx_dropped);
	out_cell(o, "%" PRIu64, s->tx_dropped);
	out_cell(o, "%" PRIu64, s->would_drop);
	out_cell(o, "%s%s%s%s", dropped, *dropped && *would ? "; " : "",
		 *would ? "would drop: " : "", would);
	free(dropped);
	free(would);
}

static void begin_table(struct out *o, const char *const *columns,
			unsigned int n)
{
	out_list(o, NULL);
	out_table(o, columns, n);
}

static void end_table(struct out *o)
{
	out_table_end(o);
	out_end(o);
}

static void print_object(struct out *o, const struct schema *s, const void *obj)
{
	out_object(o, NULL);
	out_model(o, s, obj);
	out_end(o);
}

static void print_ports(struct out *o, const struct list *l)
{
	static const char *const columns[] = { "PORT", "DOMAIN", COUNTERS };
	const struct port *p = l->item;
	size_t i;

	begin_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, p++) {
		print_object(o, &port_schema, p);
		out_cell(o, "%s", p->ifname);
		if (p->kind == VSEG_PORT_KIND_GUEST)
			out_cell(o, "%s", p->domain);
		else
			out_cell_enum(o, &kind_names, p->kind);
		print_counters(o, &p->stats);
	}
	end_table(o);
}

static void print_domains(struct out *o, const struct list *l)
{
	static const char *const columns[] = { "DOMAIN", COUNTERS };
	const struct domain *d = l->item;
	size_t i;

	begin_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, d++) {
		print_object(o, &domain_schema, d);
		out_cell(o, "%s", d->name);
		print_counters(o, &d->stats);
	}
	end_table(o);
}

/* A bridge, and of it the host's own part. */
static void print_bridges(struct out *o, const struct list *l)
{
	static const char *const columns[] = { "BRIDGE", COUNTERS };
	const struct bridge *b = l->item;
	size_t i;

	begin_table(o, columns, ARRAY_SIZE(columns));
	for (i = 0; i < l->n; i++, b++) {
		print_object(o, &bridge_schema, b);
		out_cell(o, "%s", b->name);
		print_counters(o, &b->stats);
		if (!has(b, VSEG_A_BRIDGE_HOST_STATS))
			continue;
		out_cell(o, "%s (host)", b->name);
		print_counters(o, &b->host_stats);
	}
	end_table(o);
}

static int stats_port(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_ports(c, a, &l);

	if (!code)
		print_ports(c->out, &l);
	list_clear(&port_schema, &l);
	return code;
}

static int stats_domain(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_domains(c, a, &l);

	if (!code)
		print_domains(c->out, &l);
	list_clear(&domain_schema, &l);
	return code;
}

static int stats_bridge(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = get_bridges(c, a, &l);

	if (!code)
		print_bridges(c->out, &l);
	list_clear(&bridge_schema, &l);
	return code;
}

static int stats_cell(struct ctl *c, struct args *a)
{
	struct list l = { 0 };
	int code = args_end(a, NULL);

	if (!code)
		code = get_cells(c, a, &l);
	if (!code)
		print_cells(c->out, &l);
	list_clear(&cell_schema, &l);
	return code;
}

static const struct verb verbs[] = {
	SHOW(show, "",
	     "totals, and who tried to talk to whom and was stopped", show),
	SHOW(port, "[DEV]", "counters of ports", stats_port),
	SHOW(domain, "[NAME]", "counters of domains", stats_domain),
	SHOW(bridge, "[NAME]",
	     "counters of bridges, and of the host on them", stats_bridge),
	SHOW(cell, "", "counters of cells", stats_cell),
	{ 0 }
};

const struct object stats_object = {
	.name = OBJECT,
	.help = "what passed, what was dropped, and why",
	.notes = "Every copy of a frame counts: one flooded to ten ports counts ten times.  RX is\n"
		 "what entered by a port, TX what left by it.\n"
		 "Pairs come from unicast frames; flooded copies, such as ARP for who isn't known\n"
		 "yet, count as flood and make no pair, unless policy set flood-events is on.\n",
	.verb = verbs,
};
