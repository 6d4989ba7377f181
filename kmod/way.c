// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a frame that the fast path leaves: decided by a wildcard, or with
 * a trunk port at one end, or denied, unless a built-in pass or monitor mode
 * lets it through.
 */
#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>

#include "event.h"
#include "ingress.h"
#include "pair.h"
#include "skb.h"
#include "trace.h"
#include "vlan.h"
#include "way.h"

/* Between two events of what one cell lets pass. */
#define VSEG_LOG_GAP	(HZ / 10)

/**
 * struct vseg_way - one copy of a frame on its way
 * @vn: namespace
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
 */
struct vseg_way {
	struct vseg_net *vn;
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
};

static u8 vseg_hook_of(const struct nf_hook_state *state)
{
	if (!state->in)
		return VSEG_HOOK_LOCAL_OUT;
	return state->out ? VSEG_HOOK_FORWARD : VSEG_HOOK_LOCAL_IN;
}

/* The bridge has handed it to the host's routing, and counted it. */
static bool vseg_way_routed(const struct vseg_way *way)
{
	return way->hook == VSEG_HOOK_ROUTE_IN ||
	       way->hook == VSEG_HOOK_ROUTE_FORWARD;
}

/* Off the path of the decision, so a guess will do where the tag is off: the
 * VLAN in which untagged frames enter at the port that this one leaves by.
 */
static u16 vseg_way_vid(const struct vseg_way *way)
{
	const struct vseg_port *out = way->dst->port;
	u16 vid = vseg_skb_vid(way->skb, out->bridge->dev);

	if (vid != VSEG_VID_NONE)
		return vid;
	vid = READ_ONCE(out->untagged);
	if (vid < VSEG_VIDS || !br_vlan_get_pvid_rcu(out->dev, &vid))
		return vid;
	return 0;
}

/* Which copies are apart from what their sender meant for one receiver. */
static u8 vseg_copy_reason(const struct vseg_way *way, u8 reason)
{
	const struct net_device *bridge = way->src->port->bridge->dev;

	if (reason == VSEG_REASON_OTHER_HOST ||
	    reason == VSEG_REASON_LABEL_LOST)
		return reason;
	if (is_multicast_ether_addr(eth_hdr(way->skb)->h_dest))
		return VSEG_REASON_FLOOD;
	if (vseg_way_routed(way))
		return reason;
	if (!way->state->out)
		return way->skb->pkt_type == PACKET_OTHERHOST ?
		       VSEG_REASON_PROMISC : reason;
	return vseg_skb_known(way->skb, bridge, way->state->out,
			      br_vlan_enabled(bridge) ? vseg_way_vid(way) : 0) ?
	       reason : VSEG_REASON_FLOOD;
}

static void vseg_count_drop(struct vseg_way *way, u8 reason)
{
	struct vseg_stats *src = &way->src_label->stats;
	struct vseg_pcpu_stats __percpu *dst = way->dst_label->stats.pcpu;

	atomic64_inc(&src->dropped[reason]);
	atomic64_add(way->len, &src->rx_dropped_bytes);
	this_cpu_inc(dst->tx_dropped);
	this_cpu_add(dst->tx_dropped_bytes, way->len);
}

static void vseg_count_denied(struct vseg_cell_stats *stats, unsigned int len,
			      bool would)
{
	struct vseg_cell_pcpu __percpu *pcpu;

	if (!stats)
		return;
	if (!would)
		return vseg_cell_count(stats, len);

	pcpu = READ_ONCE(stats->pcpu);
	if (!pcpu)
		return vseg_cell_count_shared(stats, len, true);
	this_cpu_inc(pcpu->would_packets);
	this_cpu_add(pcpu->would_bytes, len);
}

static void vseg_count_passed(struct vseg_way *way)
{
	if (vseg_way_routed(way))
		return;
	vseg_count_rx(way->src_label->stats.pcpu, way->len);
	vseg_count_tx(way->dst_label->stats.pcpu, way->len);
}

static void vseg_count_pass(struct vseg_way *way, u8 pass)
{
	struct vseg_stats *stats = &way->src_label->stats;

	if (pass == VSEG_PASS_SERVICE)
		atomic64_inc(&stats->pass_service);
	else
		this_cpu_inc(stats->pcpu->pass[pass - 1]);
}

/* What the policy is asked of the copy, its payload aside. */
static struct vseg_frame vseg_way_frame(const struct vseg_way *way)
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

static struct vseg_drop vseg_way_drop(const struct vseg_way *way, u8 reason,
				      bool would)
{
	return (struct vseg_drop) {
		.skb = way->skb,
		.in = way->state->in,
		.out = way->state->out,
		.src = way->from,
		.dst = way->to,
		.generation = way->policy->generation,
		.len = way->len,
		.hook = way->hook,
		.reason = reason,
		.would = would,
	};
}

/* One event in VSEG_LOG_GAP for each cell and rule, whoever comes first. */
static bool vseg_log_now(struct vseg_cell_stats *stats)
{
	unsigned long last = atomic_long_read(&stats->logged);

	if (last && time_before(jiffies, last + VSEG_LOG_GAP))
		return false;
	/* Zero stands for never. */
	return atomic_long_cmpxchg(&stats->logged, last, jiffies ?: 1) == last;
}

/* What a cell or a rule lets pass, and the operator wants to hear of. */
static noinline void vseg_log_passed(const struct vseg_way *way,
				     struct vseg_cell_stats *stats)
{
	struct vseg_net *vn = way->vn;
	struct vseg_drop drop;

	if (!vseg_events_wanted(vn))
		return;
	if (!vseg_log_now(stats)) {
		vseg_event_limited(vn);
		return;
	}
	drop = vseg_way_drop(way, VSEG_REASON_NONE, false);
	drop.vid = vseg_way_vid(way) ?: VSEG_DROP_NO_VID;
	vseg_event_drop(vn, &drop);
}

/**
 * vseg_drop_watched - does anybody want to know the VLAN of a drop?
 * @vn: namespace
 *
 * Return: whether somebody does.
 */
bool vseg_drop_watched(const struct vseg_net *vn)
{
	return vseg_events_wanted(vn) || trace_vseg_drop_enabled();
}

/**
 * vseg_tell_drop - tell of a drop whoever wants to know
 * @vn: namespace
 * @drop: the drop, its VLAN where it is watched; the verdict stands already
 * @apart: it is no drop of one pair of domains
 *
 * Context: netfilter hook.
 */
void vseg_tell_drop(struct vseg_net *vn, struct vseg_drop *drop, bool apart)
{
	bool wanted = vseg_events_wanted(vn);

	trace_vseg_drop(drop);
	if (apart)
		return;
	if (vseg_pair_hit(vn, drop, wanted ? &drop->limited : NULL))
		vseg_event_drop(vn, drop);
	else if (wanted)
		vseg_event_limited(vn);
}

static void vseg_tell(struct vseg_way *way, u8 reason, bool would, bool apart)
{
	struct vseg_drop drop = vseg_way_drop(way, reason, would);

	if (vseg_drop_watched(way->vn))
		drop.vid = vseg_way_vid(way) ?: VSEG_DROP_NO_VID;
	vseg_tell_drop(way->vn, &drop, apart);
}

/* Copies would fill the table of pairs with what nobody meant. */
static void vseg_report(struct vseg_way *way, u8 reason, bool would)
{
	bool apart = (reason == VSEG_REASON_FLOOD ||
		      reason == VSEG_REASON_PROMISC ||
		      reason == VSEG_REASON_OTHER_HOST) &&
		     !way->policy->settings.flood_events;

	if (!apart || trace_vseg_drop_enabled())
		vseg_tell(way, reason, would, apart);
}

/* Did a cell say so, and not the silence of all cells? */
static bool vseg_reason_of_cell(u8 reason)
{
	switch (reason) {
	case VSEG_REASON_CELL_DENY:
	case VSEG_REASON_RULE_DENY:
	case VSEG_REASON_NO_RULE:
	case VSEG_REASON_UNPARSED:
	case VSEG_REASON_ISOLATED:
		return true;
	}
	return false;
}

static bool vseg_monitored(const struct vseg_way *way,
			   const struct vseg_verdict *verdict)
{
	const struct vseg_bridge *br = way->src->port->bridge;

	return br->mode[way->policy->cursor] == VSEG_BRIDGE_MODE_MONITOR ||
	       (vseg_reason_of_cell(verdict->reason) &&
		verdict->cell->flags & VSEG_CELL_FLAGS_MONITOR);
}

/* Which port a frame that the host routes came by isn't known any more, so the
 * drop counts where the bridge would send the answer, if that is a port of the
 * same domain, and else as the host's.  Nothing is decided by that.
 */
static void vseg_way_origin(struct vseg_way *way)
{
	struct net_device *bridge = way->src->port->bridge->dev;
	u16 vid = br_vlan_enabled(bridge) ? vseg_way_vid(way) : 0;
	const struct net_device *dev;
	struct vseg_binding *b;
	struct vseg_label *label;

	dev = vseg_skb_port(eth_hdr(way->skb)->h_source, bridge, vid);
	b = dev ? vseg_binding_find(way->vn, dev, way->policy) : NULL;
	if (!b)
		return;
	label = b->vlan ? vseg_binding_label(b, vid & VLAN_VID_MASK) : b->label;
	if (label->domain == way->from)
		way->src_label = label;
}

static unsigned int vseg_deny(struct vseg_way *way,
			      const struct vseg_verdict *verdict)
{
	bool would = vseg_monitored(way, verdict);
	u8 reason = vseg_copy_reason(way, verdict->reason);

	if (vseg_way_routed(way))
		vseg_way_origin(way);
	/* A cell that wasn't asked, for want of a label, counts nothing. */
	if (vseg_reason_of_cell(verdict->reason))
		vseg_count_denied(verdict->cell->stats, way->len, would);
	if (verdict->rule)
		vseg_count_denied(verdict->rule->stats, way->len, would);
	if (would) {
		atomic64_inc(&way->src_label->stats.would[reason]);
		vseg_count_passed(way);
	} else {
		vseg_count_drop(way, reason);
	}
	vseg_report(way, reason, would);
	return would ? NF_ACCEPT : NF_DROP;
}

/* The policy would let it pass, but it isn't for the guest that would get it:
 * the bridge floods it, or sends all that it has by this port.
 */
static unsigned int vseg_deny_foreign(struct vseg_way *way)
{
	const struct vseg_verdict verdict = { .reason = VSEG_REASON_OTHER_HOST };

	return vseg_deny(way, &verdict);
}

/* Of IPv4 only a service or a query could, and the latter not from a guest:
 * spares most denied frames the search for the cell of the other direction.
 */
static bool vseg_could_pass(const struct vseg_way *way,
			    const struct vseg_cell *cell,
			    const struct vseg_frame *frame)
{
	if (eth_hdr(way->skb)->h_proto == htons(ETH_P_IP) && !frame->own &&
	    !frame->trunk)
		return vseg_policy_wants_service(way->policy, cell, frame);
	return vseg_policy_wants_class(way->policy, cell, frame);
}

/* A cell denies it: a built-in pass may let it through, monitor mode may. */
static unsigned int vseg_not_allowed(struct vseg_way *way,
				     struct vseg_frame *frame,
				     struct vseg_verdict *verdict)
{
	if (vseg_could_pass(way, verdict->cell, frame)) {
		frame->class = vseg_skb_class(way->skb);
		vseg_policy_ask_passes(way->policy, frame, verdict);
	}
	if (verdict->reason != VSEG_REASON_NONE)
		return vseg_deny(way, verdict);
	if (way->foreign)
		return vseg_deny_foreign(way);

	vseg_count_passed(way);
	vseg_count_pass(way, verdict->pass);
	return NF_ACCEPT;
}

/* Where the VLAN of the bridge's own frame can't be told, no cell can be asked,
 * but without its BPDUs and queries the bridge makes loops and goes deaf.
 */
static bool vseg_own_passes(struct vseg_way *way)
{
	struct vseg_frame frame = {
		.src = VSEG_SLOT_HOST,
		.dst = VSEG_SLOT_HOST,
		.own = vseg_skb_own(way->state),
	};
	const struct vseg_cell *none;
	struct vseg_verdict verdict;

	if (!frame.own)
		return false;
	none = vseg_policy_cell(way->policy, VSEG_SLOT_UNLABELLED,
				VSEG_SLOT_UNLABELLED);
	frame.class = vseg_skb_class(way->skb);
	vseg_policy_decide(way->policy, none, &frame, &verdict);
	if (verdict.pass != VSEG_PASS_BRIDGE_CONTROL)
		return false;

	vseg_count_passed(way);
	vseg_count_pass(way, verdict.pass);
	return true;
}

/* The labels that the frame's VLAN gives it; false when it can't be told. */
static bool vseg_trunk_labels(struct vseg_way *way)
{
	const struct vseg_port *in = way->src->port, *out = way->dst->port;
	u16 vid = vseg_skb_vid(way->skb, in->bridge->dev);
	struct vseg_label *label;

	if (way->src->vlan) {
		label = vseg_vlan_label(way->src, in, out, vid);
		if (!label)
			return false;
		way->src_label = label;
		way->from = label->domain;
	}
	if (way->dst->vlan) {
		/* Untagged for the bridge, tagged for who comes behind. */
		if ((vid == VSEG_VID_NONE || !vid) &&
		    vseg_skb_tag_follows(way->skb, in->bridge->dev))
			return false;
		label = vseg_vlan_label(way->dst, in, out, vid);
		if (!label)
			return false;
		way->dst_label = label;
		way->to = label->domain;
	}
	return true;
}

static unsigned int vseg_allow(struct vseg_way *way,
			       const struct vseg_cell *cell)
{
	if (way->foreign)
		return vseg_deny_foreign(way);
	vseg_cell_count(cell->stats, way->len);
	vseg_count_passed(way);
	if (cell->flags & VSEG_CELL_FLAGS_LOG)
		vseg_log_passed(way, cell->stats);
	return NF_ACCEPT;
}

/* The VLAN that rules are asked about: unlike vseg_way_vid() no guess. */
static u16 vseg_way_vlan(const struct vseg_way *way)
{
	const struct net_device *bridge = way->dst->port->bridge->dev;
	u16 vid = vseg_skb_vid(way->skb, bridge);

	/* A device upon the bridge took the tag off. */
	if (vseg_way_routed(way) && way->state->in != bridge)
		return is_vlan_dev(way->state->in) ?
		       vlan_dev_vlan_id(way->state->in) : VSEG_VID_NONE;
	return vid == VSEG_VID_NONE ? vseg_vlan_untagged(way->dst->port) : vid;
}

static unsigned int vseg_rule_allows(struct vseg_way *way,
				     const struct vseg_cell *cell,
				     const struct vseg_rule *rule)
{
	if (way->foreign)
		return vseg_deny_foreign(way);
	vseg_cell_count(rule->stats, way->len);
	if (rule->flags & VSEG_RULE_FLAGS_LOG)
		vseg_log_passed(way, rule->stats);
	return vseg_allow(way, cell);
}

/* The cell has rules: what they deny a built-in pass may let through. */
static noinline_for_stack unsigned int vseg_ask_rules(struct vseg_way *way,
						      const struct vseg_cell *cell)
{
	const struct vseg_rules *rules = cell->rules;
	struct vseg_fields fields;
	struct vseg_frame frame = { .fields = &fields };
	struct vseg_verdict verdict;

	vseg_skb_describe(way->skb,
			  rules->used & VSEG_FIELD(VLAN) ?
			  vseg_way_vlan(way) : VSEG_VID_NONE, &fields);
	/* Rules look at nothing else. */
	vseg_policy_ask_cell(cell, &frame, &verdict);
	if (verdict.reason == VSEG_REASON_NONE)
		return vseg_rule_allows(way, cell, verdict.rule);
	frame = vseg_way_frame(way);
	return vseg_not_allowed(way, &frame, &verdict);
}

/* There is no list of rules. */
static unsigned int vseg_ask_cell(struct vseg_way *way,
				  const struct vseg_cell *cell)
{
	struct vseg_frame frame = vseg_way_frame(way);
	struct vseg_verdict verdict;

	vseg_policy_ask_cell(cell, &frame, &verdict);
	if (verdict.reason == VSEG_REASON_NONE)
		return vseg_allow(way, cell);
	return vseg_not_allowed(way, &frame, &verdict);
}

static unsigned int vseg_ask(struct vseg_way *way, const struct vseg_cell *cell)
{
	return cell->action == VSEG_ACTION_RULES ? vseg_ask_rules(way, cell) :
						   vseg_ask_cell(way, cell);
}

/* A trunk port is at one end: labels come from the frame's VLAN. */
static unsigned int vseg_decide_trunk(struct vseg_way *way)
{
	struct vseg_verdict verdict = { .reason = VSEG_REASON_VLAN_AMBIGUOUS };

	if (!vseg_trunk_labels(way))
		return vseg_own_passes(way) ? NF_ACCEPT :
					      vseg_deny(way, &verdict);

	return vseg_ask(way, vseg_policy_cell(way->policy, way->from->slot,
					      way->to->slot));
}

/* Broadcasts and multicasts are for everybody. */
static bool vseg_foreign(const struct vseg_policy *policy,
			 const struct vseg_binding *dst,
			 const struct sk_buff *skb)
{
	const struct vseg_guest guest = vseg_binding_guest(dst);
	const u8 *mac = eth_hdr(skb)->h_dest;

	return vseg_binding_foreign(dst, mac) && policy->settings.guard &&
	       !vseg_guest_has_mac(&guest, mac) &&
	       !(vseg_guest_permit(policy, dst) & VSEG_GUARD_PERMIT_ALL);
}

/**
 * vseg_decide_slowly - decide what the fast path leaves
 * @vn: namespace
 * @skb: the copy
 * @policy: policy that decides it
 * @src: binding that it enters by
 * @dst: binding that it leaves by
 * @state: of the hook
 * @cell: the cell that lists the pair; NULL without one, or for a frame that
 *	vseg_binding_foreign() speaks of
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_decide_slowly(struct vseg_net *vn, struct sk_buff *skb,
				const struct vseg_policy *policy,
				struct vseg_binding *src,
				struct vseg_binding *dst,
				const struct nf_hook_state *state,
				const struct vseg_cell *cell)
{
	bool foreign = vseg_foreign(policy, dst, skb);
	struct vseg_way way;

	/* What may be foreign comes here before the list of cells is asked. */
	if (!cell && !src->vlan && !dst->vlan)
		cell = vseg_binding_foreign(dst, eth_hdr(skb)->h_dest) ?
		       vseg_policy_cell(policy, src->slot, dst->slot) :
		       vseg_policy_wildcard(policy, src->slot, dst->slot);
	if (cell && cell->quick && !foreign) {
		unsigned int len = vseg_skb_len(skb);

		vseg_cell_count(cell->stats, len);
		vseg_count_rx(src->pcpu, len);
		vseg_count_tx(dst->pcpu, len);
		return NF_ACCEPT;
	}

	way = (struct vseg_way) {
		.vn = vn,
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
		.foreign = foreign,
	};
	return cell ? vseg_ask(&way, cell) : vseg_decide_trunk(&way);
}

/* Does routing tell where the frame goes?  Not where the bridge hands it to
 * somebody else: link-local frames stay with the port, what isn't for the host
 * only taps and macvlan see, and whoever takes all of the bridge's frames
 * takes them before routing does.
 */
static bool vseg_way_routable(const struct vseg_way *way)
{
	const struct net_device *bridge = way->src->port->bridge->dev;
	const struct sk_buff *skb = way->skb;

	return (skb->protocol == htons(ETH_P_IP) ||
		skb->protocol == htons(ETH_P_IPV6)) &&
	       skb->pkt_type != PACKET_OTHERHOST && skb->dev == bridge &&
	       !rcu_access_pointer(bridge->rx_handler) &&
	       way->from->slot != VSEG_SLOT_UNLABELLED;
}

/**
 * vseg_take_in - label what a bridge hands to the host
 * @vn: namespace
 * @skb: the copy
 * @policy: policy that decides it, with a mark mask
 * @src: binding that it enters by
 * @dst: binding of the bridge device
 * @state: of the hook
 *
 * IP is decided when it has been routed, all else at once.
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_take_in(struct vseg_net *vn, struct sk_buff *skb,
			  const struct vseg_policy *policy,
			  struct vseg_binding *src, struct vseg_binding *dst,
			  const struct nf_hook_state *state)
{
	const struct vseg_verdict ambiguous = {
		.reason = VSEG_REASON_VLAN_AMBIGUOUS,
	};
	struct vseg_way way = {
		.vn = vn,
		.skb = skb,
		.policy = policy,
		.src = src,
		.dst = dst,
		.state = state,
		.src_label = src->label,
		.dst_label = dst->label,
		.from = src->label->domain,
		.to = dst->label->domain,
		.hook = VSEG_HOOK_LOCAL_IN,
		.len = vseg_skb_len(skb),
	};

	skb->mark &= ~policy->mark.mask;
	if (src->vlan && !vseg_trunk_labels(&way))
		return vseg_deny(&way, &ambiguous);
	skb->mark = vseg_mark_write(&policy->mark, skb->mark, way.from->slot);
	if (!vseg_way_routable(&way))
		return vseg_ask(&way, vseg_policy_cell(policy, way.from->slot,
						       way.to->slot));
	vseg_count_passed(&way);
	return NF_ACCEPT;
}

/**
 * vseg_decide_routed - decide a frame that the host routes
 * @routed: the frame, and what is known of it
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_decide_routed(const struct vseg_routed *routed)
{
	struct vseg_verdict verdict = { .reason = VSEG_REASON_LABEL_LOST };
	struct vseg_binding *dst = routed->dst;
	struct vseg_way way = {
		.vn = routed->vn,
		.skb = routed->skb,
		.policy = routed->policy,
		.src = routed->src,
		.dst = dst,
		.state = routed->state,
		.src_label = routed->src->label,
		.dst_label = dst->label,
		.from = routed->from ?:
			routed->vn->builtin[VSEG_SLOT_UNLABELLED],
		.to = routed->to ?: dst->label->domain,
		.hook = routed->hook,
		.len = vseg_skb_len(routed->skb),
	};

	way.foreign = !routed->to &&
		      vseg_foreign(routed->policy, dst, routed->skb);
	if (dst->vlan && !vseg_trunk_labels(&way))
		verdict.reason = VSEG_REASON_VLAN_AMBIGUOUS;
	else if (routed->from)
		return vseg_ask(&way, vseg_policy_cell(routed->policy,
						       way.from->slot,
						       way.to->slot));
	return vseg_deny(&way, &verdict);
}

/**
 * vseg_drop_undecided - drop a frame that there is no label or policy for
 * @vn: namespace
 * @skb: frame
 * @state: of the hook that it meets
 * @reason: enum vseg_reason
 * @counter: what counts it
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_drop_undecided(struct vseg_net *vn, const struct sk_buff *skb,
				 const struct nf_hook_state *state, u8 reason,
				 atomic64_t *counter)
{
	struct vseg_drop drop = {
		.skb = skb,
		.in = state->in,
		.out = state->out,
		.src = vn->builtin[VSEG_SLOT_UNLABELLED],
		.dst = vn->builtin[VSEG_SLOT_UNLABELLED],
		.len = vseg_skb_len(skb),
		.vid = VSEG_DROP_NO_VID,
		.hook = vseg_hook_of(state),
		.reason = reason,
	};

	atomic64_inc(counter);
	trace_vseg_drop(&drop);
	return NF_DROP;
}
