/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One copy of a frame on its way, for the files named way*.c alone.
 */
#ifndef VSEG_WAY_PRIVATE_H
#define VSEG_WAY_PRIVATE_H

#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>

#include "fragment.h"
#include "skb.h"
#include "track.h"
#include "way.h"

/**
 * struct vseg_way - one copy of a frame on its way
 * @skb: the copy
 * @policy: policy that decides it
 * @src: binding that it enters by; of the bridge device when the host sent it
 * @dst: binding that it leaves by; of the bridge device when it is for the host
 * @state: of the hook; its in is NULL when the host sent the copy, its out when
 *	it is for the host
 * @src_label: label at @src, whose counters it moves
 * @dst_label: label at @dst, whose counters it moves
 * @from: domain that it comes from; that of @src_label unless the host routed it
 * @to: domain that it goes to; that of @dst_label unless the host routes it
 * @hook: enum vseg_hook
 * @len: bytes with the Ethernet header
 * @foreign: it is for another station than the guest that would get it
 * @marked: the host routes it, its label comes from its mark:
 *	vseg_decide_routed() decides it
 * @held: it has waited for the first fragment of its datagram
 * @first: what that said; %NULL where it didn't come
 */
struct vseg_way {
	struct sk_buff *skb;
	const struct vseg_policy *policy;
	struct vseg_binding *src;
	struct vseg_binding *dst;
	const struct nf_hook_state *state;
	struct vseg_label *src_label;
	struct vseg_label *dst_label;
	struct vseg_domain *from;
	struct vseg_domain *to;
	u8 hook;
	unsigned int len;
	bool foreign;
	bool marked;
	bool held;
	const struct vseg_first *first;
};

static inline struct vseg_net *vseg_way_net(const struct vseg_way *way)
{
	return way->src->port->bridge->vn;
}

static inline u8 vseg_hook_of(const struct nf_hook_state *state)
{
	if (!state->in)
		return VSEG_HOOK_LOCAL_OUT;
	return state->out ? VSEG_HOOK_FORWARD : VSEG_HOOK_LOCAL_IN;
}

/* By the labels of its bindings, for bindings without VLANs. */
static __always_inline struct vseg_way
vseg_way_between(struct sk_buff *skb, const struct vseg_policy *policy,
		 struct vseg_binding *src, struct vseg_binding *dst,
		 const struct nf_hook_state *state)
{
	return (struct vseg_way) {
		.skb = skb,
		.policy = policy,
		.src = src,
		.dst = dst,
		.state = state,
		.src_label = src->label,
		.dst_label = dst->label,
		.from = src->label->domain,
		.to = dst->label->domain,
		.hook = vseg_hook_of(state),
		.len = vseg_skb_len(skb),
	};
}

/* The bridge has handed it to the host's routing, and counted it. */
static inline bool vseg_way_handed_over(const struct vseg_way *way)
{
	return way->hook == VSEG_HOOK_ROUTE_IN ||
	       way->hook == VSEG_HOOK_ROUTE_FORWARD;
}

/* What the policy is asked of the copy, its payload aside. */
static inline struct vseg_frame vseg_way_frame(const struct vseg_way *way)
{
	return (struct vseg_frame) {
		.src = way->from->slot,
		.dst = way->to->slot,
		.own = vseg_skb_own(way->state),
		.trunk = way->src->kind == VSEG_PORT_KIND_TRUNK,
		/* What kind of port a routed frame came by isn't known. */
		.guests = way->dst->kind == VSEG_PORT_KIND_GUEST &&
			  (way->src->kind == VSEG_PORT_KIND_GUEST ||
			   way->from != way->src_label->domain),
	};
}

static inline bool vseg_verdict_begins(const struct vseg_verdict *verdict)
{
	return verdict->rule && verdict->rule->flags & VSEG_RULE_FLAGS_STATE;
}

static inline void vseg_count_passed(struct vseg_way *way)
{
	if (vseg_way_handed_over(way))
		return;
	vseg_count_rx(way->src_label->stats.pcpu, way->len);
	vseg_count_tx(way->dst_label->stats.pcpu, way->len);
}

static inline void vseg_count_pass(struct vseg_way *way, u8 pass)
{
	struct vseg_stats *stats = &way->src_label->stats;

	if (pass == VSEG_PASS_SERVICE)
		atomic64_inc(&stats->pass_service);
	else if (pass == VSEG_PASS_STATE)
		this_cpu_inc(stats->pcpu->pass_state);
	else
		this_cpu_inc(stats->pcpu->pass[pass - 1]);
}

/* No built-in pass could let it through that a cell denies: what most frames
 * are, and how most policies are, says so before anything is looked up.
 */
static inline bool vseg_hopeless(const struct sk_buff *skb,
				 const struct vseg_policy *policy,
				 const struct vseg_binding *src,
				 const struct nf_hook_state *state)
{
	return !policy->services && src->kind != VSEG_PORT_KIND_TRUNK &&
	       (eth_hdr(skb)->h_proto == htons(ETH_P_IP) ||
		!policy->settings.address_resolution) &&
	       !vseg_skb_own(state);
}

/* way.c */
unsigned int vseg_ask(struct vseg_way *way, const struct vseg_cell *cell);
unsigned int vseg_allow(struct vseg_way *way, const struct vseg_cell *cell);
unsigned int vseg_rule_allows(struct vseg_way *way,
			      const struct vseg_cell *cell,
			      const struct vseg_rule *rule);
bool vseg_foreign(const struct vseg_policy *policy,
		  const struct vseg_binding *dst, const u8 *mac);

/* way_drop.c */
unsigned int vseg_deny(struct vseg_way *way,
		       const struct vseg_verdict *verdict);
unsigned int vseg_deny_foreign(struct vseg_way *way);
void vseg_log_passed(const struct vseg_way *way, struct vseg_cell_stats *stats);

/* way_flow.c */
unsigned int vseg_ask_state(struct vseg_way *way, const struct vseg_cell *cell);

/* way_fragment.c */
void vseg_note_first(struct vseg_way *way, const struct vseg_fields *fields,
		     struct vseg_verdict *verdict, bool flow);
bool vseg_ask_fragment(struct vseg_way *way, const struct vseg_cell *cell,
		       struct vseg_fields *fields,
		       struct vseg_verdict *verdict);
bool vseg_ask_part(struct vseg_way *way, struct vseg_track *track,
		   struct vseg_verdict *verdict);

/* way_pass.c */
unsigned int vseg_not_allowed(struct vseg_way *way,
			      struct vseg_verdict *verdict);
bool vseg_own_passes(struct vseg_way *way);

/* way_route.c */
void vseg_way_origin(struct vseg_way *way);

/* way_vlan.c */
u16 vseg_port_vid(const struct vseg_port *out, u16 vid);
u16 vseg_way_vid(const struct vseg_way *way);
u16 vseg_way_vlan(const struct vseg_way *way);
bool vseg_trunk_labels(struct vseg_way *way);

#endif /* VSEG_WAY_PRIVATE_H */
