// SPDX-License-Identifier: GPL-2.0
/* vsegctl status */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "../settings.h"

#define OBJECT "status"

enum state { ENFORCING, MONITOR, OFF, LOCKDOWN };

/* A policy that names no bridge opens none. */
static enum state state_of(const struct status *s, const struct settings *t)
{
	bool says = s->bridges || t->unmanaged == VSEG_UNMANAGED_DROP;

	if (!s->active || (s->lockdown && !says))
		return s->lockdown ? LOCKDOWN : OFF;
	return s->bridges_monitor ? MONITOR : ENFORCING;
}

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

/* A number of things, in words. */
struct counted {
	char text[32];
};

static const char *counted(struct counted *t, uint32_t n, const char *what)
{
	snprintf(t->text, sizeof(t->text), "%u %s%s", n, what, plural(n));
	return t->text;
}

/* What an administrator must see first. */
static void print_headline(struct out *o, const struct status *s,
			   const struct settings *t)
{
	static const char *const words[] = {
		"ENFORCING", "MONITOR", "OFF", "LOCKDOWN",
	};
	struct counted bridges, domains, cells, ports;
	enum state state = state_of(s, t);

	out_line(o, "vseg %s: %s generation %" PRIu64
		 ", %s, %s, %s, %s (%u unlabelled)",
		 s->version, words[state], s->generation,
		 counted(&bridges, s->bridges, "bridge"),
		 counted(&domains, s->domains, "domain"),
		 counted(&cells, s->cells, "cell"),
		 counted(&ports, s->ports, "port"), s->ports_unlabelled);
	if (state == LOCKDOWN)
		out_line(o, "  no policy%s is in force, and nothing is forwarded",
			 s->active ? " that names a bridge" : "");
	else if (state == OFF)
		out_line(o, "  no policy is in force, and bridges pass everything");
}

/* Somebody has to act, or the kernel will. */
static void print_confirm(struct out *o, const struct status *s)
{
	if (has(s, VSEG_A_STATUS_CONFIRM_LEFT))
		out_line(o, "  generation %" PRIu64
			 " waits for vsegctl confirm; in %u s the kernel goes back to %" PRIu64,
			 s->generation, s->confirm_left,
			 s->rollback_generation);
}

static void print_warning(struct out *o, const char *name, const char *text)
{
	out_line(o, "  warning: %s: %s", name, text);
}

/* Guests that may send from any address, though guards are on. */
static uint32_t unknown_guests(const struct list *ports,
			       const struct settings *t)
{
	const struct port *p = ports->item;
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < ports->n; i++)
		n += p[i].kind == VSEG_PORT_KIND_GUEST && !p[i].guard.mac.n &&
		     !(p[i].guard.permit & VSEG_GUARD_PERMIT_ALL);
	return t->guard ? n : 0;
}

static void print_notices(struct out *o, const struct status *s,
			  uint32_t unknown)
{
	uint32_t absent = s->bridges - s->bridges_present;
	struct counted bridges;

	print_confirm(o, s);
	if (s->active && s->bridges_monitor)
		out_line(o, "  %u of %s in monitor mode: what would be dropped there passes",
			 s->bridges_monitor,
			 counted(&bridges, s->bridges, "bridge"));
	if (s->cells_monitor)
		out_line(o, "  %u cell%s in monitor mode", s->cells_monitor,
			 plural(s->cells_monitor));
	if (s->bridges_unmanaged)
		out_line(o, "  %u bridge%s with ports %s managed",
			 s->bridges_unmanaged, plural(s->bridges_unmanaged),
			 s->bridges_unmanaged == 1 ? "isn't" : "aren't");
	if (absent)
		out_line(o, "  %u managed bridge%s %s exist", absent,
			 plural(absent), absent == 1 ? "doesn't" : "don't");
	if (s->warnings & VSEG_WARNING_TIE)
		print_warning(o, "tie",
			      "SRC any and any DST disagree about a pair that is not listed; deny wins");
	if (s->warnings & VSEG_WARNING_VLAN_AMBIGUOUS)
		print_warning(o, "vlan-ambiguous",
			      "a port is untagged in VLANs of different domains");
	if (s->active && unknown)
		out_line(o, "  %u guest port%s without known MAC addresses: theirs aren't checked",
			 unknown, plural(unknown));
	if (s->ports_ambiguous)
		print_warning(o, "ambiguous",
			      "selectors of equal rank disagree about a port; see vsegctl port show");
}

static void print_totals(struct out *o, const struct status *s)
{
	const struct stats *t = &s->stats;

	out_line(o, "  passed      %" PRIu64 " packets, %" PRIu64
		 " bytes; by address resolution %" PRIu64
		 ", by bridge control %" PRIu64
		 ", by services %" PRIu64
		 ", by flows %" PRIu64,
		 t->rx_packets, t->rx_bytes, t->pass_address_resolution,
		 t->pass_bridge_control, t->pass_service, t->pass_state);
	out_line(o, "  dropped     %" PRIu64 " packets, %" PRIu64 " bytes",
		 t->rx_dropped, t->rx_dropped_bytes);
	out_line(o, "  would drop  %" PRIu64 " packets", t->would_drop);
	if (s->lockdown_dropped)
		out_line(o, "  lockdown    %" PRIu64 " packets dropped",
			 s->lockdown_dropped);
	if (s->unmanaged_dropped)
		out_line(o, "  unmanaged   %" PRIu64 " packets dropped",
			 s->unmanaged_dropped);
	if (s->internal_dropped)
		out_line(o, "  internal    %" PRIu64
			 " packets dropped on their way, as a port of theirs left the managed bridge",
			 s->internal_dropped);
}

static void print_tables(struct out *o, const struct status *s)
{
	out_line(o, "  pairs       %u of %u; %" PRIu64
		 " evicted with %" PRIu64 " packets",
		 s->pairs, s->pairs_max, s->pairs_evicted,
		 s->pairs_evicted_packets);
	out_line(o, "  events      %" PRIu64 " sent, %" PRIu64
		 " over the rate, %" PRIu64 " lost",
		 s->events, s->events_limited, s->events_lost);
	out_line(o, "  counters    %" PRIu64 " of %" PRIu64 " bytes",
		 s->cell_memory, s->cell_memory_max);
}

/* Nothing, where no stateful rule has met a frame. */
static void print_flows(struct out *o, const struct status *s)
{
	if (!s->zones && !s->flows && !s->flows_refused && !s->flows_evicted)
		return;
	out_line(o, "  flows       %u of %u in %u zone%s; %" PRIu64
		 " refused, %" PRIu64 " evicted, %" PRIu64 " picked up",
		 s->flows, s->flows_max, s->zones, plural(s->zones),
		 s->flows_refused, s->flows_evicted, s->flows_picked_up);
}

static void print_settings(struct out *o, const struct settings *t)
{
	char *text = settings_text(t);

	out_line(o, "  settings    %s", text);
	free(text);
}

static void print(struct out *o, const struct status *s,
		  const struct settings *t, const struct list *ports)
{
	static const char *const words[] = {
		"enforcing", "monitor", "off", "lockdown",
	};

	print_headline(o, s, t);
	print_notices(o, s, unknown_guests(ports, t));
	print_settings(o, t);
	print_totals(o, s);
	print_tables(o, s);
	print_flows(o, s);

	out_object(o, NULL);
	out_str(o, "state", words[state_of(s, t)]);
	out_model(o, &status_schema, s);
	out_u64(o, "guests_without_mac", unknown_guests(ports, t));
	out_object(o, "settings");
	out_model(o, &settings_schema, t);
	out_end(o);
	out_end(o);
}

static int status(struct ctl *c, struct args *a)
{
	struct status s = { 0 };
	struct list ports = { 0 };
	int code = args_end(a, NULL);
	struct settings t;

	settings_init(&t);
	if (!code)
		code = ctl_get(c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
			       &s);
	if (!code)
		code = ctl_get(c, a, VSEG_CMD_SETTINGS_GET, &settings_schema,
			       NULL, &t);
	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_PORT_GET, &port_schema, &ports);
	if (!code)
		print(c->out, &s, &t, &ports);
	list_clear(&port_schema, &ports);
	model_clear(&status_schema, &s);
	return code;
}

static const struct verb verbs[] = {
	WHOLE("", "say whether a policy is in force, and how it goes", status),
	{ 0 }
};

const struct object status_object = {
	.name = OBJECT,
	.help = "the state of vseg at a glance",
	.notes = "The first line says ENFORCING; MONITOR when a bridge is in monitor mode; OFF\n"
		 "when no policy is in force; LOCKDOWN when none is that names a\n"
		 "bridge, and nothing is forwarded.\n",
	.verb = verbs,
};
