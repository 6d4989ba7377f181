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
#include "hold.h"
#include "ingress.h"
#include "known.h"
#include "pair.h"
#include "skb.h"
#include "trace.h"
#include "track.h"
#include "vlan.h"
#include "way.h"

/* Between two events of what one cell lets pass. */
#define VSEG_LOG_GAP	(HZ / 10)

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
 * @routed: vseg_decide_routed() decides it
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
	bool routed;
	bool held;
	const struct vseg_first *first;
};

static struct vseg_net *vseg_way_net(const struct vseg_way *way)
{
	return way->src->port->bridge->vn;
}

static u8 vseg_hook_of(const struct nf_hook_state *state)
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
static bool vseg_way_routed(const struct vseg_way *way)
{
	return way->hook == VSEG_HOOK_ROUTE_IN ||
	       way->hook == VSEG_HOOK_ROUTE_FORWARD;
}

/*
 * The VLAN that a tag tells; %VSEG_VID_NONE without one.  What comes to the host
 * before the bridge puts it into a VLAN (link-local frames, which the port keeps)
 * is of the VLAN that it would be put into, 0 if there is none.
 */
static u16 vseg_way_tagged(const struct vseg_way *way)
{
	const struct net_device *bridge = way->src->port->bridge->dev;
	u16 vid = vseg_skb_vid(way->skb, bridge);

	if (vid != VSEG_VID_NONE || way->hook != VSEG_HOOK_LOCAL_IN ||
	    way->skb->dev == bridge)
		return vid;
	return br_vlan_get_pvid_rcu(way->state->in, &vid) ? 0 : vid;
}

/* Off the path of the decision, so a guess will do where the tag is off: the
 * VLAN in which untagged frames enter at the port that this one leaves by.
 */
static u16 vseg_port_vid(const struct vseg_port *out, u16 vid)
{
	if (vid != VSEG_VID_NONE)
		return vid;
	vid = READ_ONCE(out->untagged);
	if (vid < VSEG_VIDS || !br_vlan_get_pvid_rcu(out->dev, &vid))
		return vid;
	return 0;
}

static u16 vseg_way_vid(const struct vseg_way *way)
{
	return vseg_port_vid(way->dst->port, vseg_way_tagged(way));
}

/* Which copies are apart from what their sender meant for one receiver.  @to is
 * the port that it leaves by.
 */
static __always_inline u8 vseg_copy_reason(const struct sk_buff *skb,
					   const struct nf_hook_state *state,
					   const struct vseg_port *to,
					   u8 reason)
{
	const struct net_device *bridge = to->bridge->dev;

	if (reason == VSEG_REASON_OTHER_HOST)
		return reason;
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest))
		return VSEG_REASON_FLOOD;
	if (!state->out)
		return skb->pkt_type == PACKET_OTHERHOST ?
		       VSEG_REASON_PROMISC : reason;
	return vseg_known(skb, bridge, state->out,
			  br_vlan_enabled(bridge) ?
			  vseg_port_vid(to, vseg_skb_vid(skb, bridge)) : 0) ?
	       reason : VSEG_REASON_FLOOD;
}

/* Behind the bridge there are no copies any more, but broadcasts. */
static u8 vseg_way_reason(const struct vseg_way *way, u8 reason)
{
	if (reason == VSEG_REASON_LABEL_LOST ||
	    (vseg_way_routed(way) &&
	     !is_multicast_ether_addr(eth_hdr(way->skb)->h_dest)))
		return reason;
	return vseg_copy_reason(way->skb, way->state, way->dst->port, reason);
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
	else if (pass == VSEG_PASS_STATE)
		this_cpu_inc(stats->pcpu->pass_state);
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
	struct vseg_net *vn = vseg_way_net(way);
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
bool vseg_drop_watched(struct vseg_net *vn)
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
	struct vseg_net *vn = vseg_way_net(way);

	if (vseg_drop_watched(vn))
		drop.vid = vseg_way_vid(way) ?: VSEG_DROP_NO_VID;
	vseg_tell_drop(vn, &drop, apart);
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
	case VSEG_REASON_STATE_INVALID:
	case VSEG_REASON_STATE_MISMATCH:
	case VSEG_REASON_STATE_FULL:
	case VSEG_REASON_FRAGMENT:
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

	dev = vseg_known_port(eth_hdr(way->skb)->h_source, bridge, vid);
	b = dev ? vseg_binding_find(vseg_way_net(way), dev, way->policy) : NULL;
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
	u8 reason = vseg_way_reason(way, verdict->reason);

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
		vseg_count_drop(way->src_label, way->dst_label->stats.pcpu,
				reason, way->len);
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

/* No built-in pass could let it through that a cell denies: what most frames
 * are, and how most policies are, says so before anything is looked up.
 */
static bool vseg_hopeless(const struct sk_buff *skb,
			  const struct vseg_policy *policy,
			  const struct vseg_binding *src,
			  const struct nf_hook_state *state)
{
	return !policy->services && src->kind != VSEG_PORT_KIND_TRUNK &&
	       (eth_hdr(skb)->h_proto == htons(ETH_P_IP) ||
		!policy->settings.address_resolution) &&
	       !vseg_skb_own(state);
}

static bool vseg_could_pass(const struct vseg_way *way,
			    const struct vseg_cell *cell)
{
	struct vseg_frame frame;

	if (vseg_hopeless(way->skb, way->policy, way->src, way->state))
		return false;
	frame = vseg_way_frame(way);
	/* Of IPv4 only a service or a query could, and the latter not from a
	 * guest.
	 */
	return eth_hdr(way->skb)->h_proto == htons(ETH_P_IP) && !frame.own &&
	       !frame.trunk ?
	       vseg_policy_wants_service(way->policy, cell, &frame) :
	       vseg_policy_wants_class(way->policy, cell, &frame);
}

/* A pass may let it through: what is it? */
static noinline_for_stack unsigned int
vseg_ask_passes(struct vseg_way *way, struct vseg_verdict *verdict)
{
	struct vseg_frame frame = vseg_way_frame(way);

	frame.class = vseg_skb_class(way->skb);
	vseg_policy_ask_passes(way->policy, &frame, verdict);
	if (verdict->reason != VSEG_REASON_NONE)
		return vseg_deny(way, verdict);
	if (way->foreign)
		return vseg_deny_foreign(way);

	vseg_count_passed(way);
	vseg_count_pass(way, verdict->pass);
	return NF_ACCEPT;
}

/* A cell denies it: a built-in pass may let it through, monitor mode may. */
static unsigned int vseg_not_allowed(struct vseg_way *way,
				     struct vseg_verdict *verdict)
{
	return vseg_could_pass(way, verdict->cell) ?
	       vseg_ask_passes(way, verdict) : vseg_deny(way, verdict);
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
	u16 vid = vseg_way_tagged(way);
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
	const struct net_device *in = way->state->in;
	u16 vid;

	/* A device upon the bridge took the tag off. */
	if (vseg_way_routed(way) && in != bridge)
		return is_vlan_dev(in) &&
		       dev_get_iflink(in) == bridge->ifindex ?
		       vlan_dev_vlan_id(in) : VSEG_VID_NONE;
	vid = vseg_way_tagged(way);
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

static struct vseg_datagram vseg_way_datagram(const struct vseg_way *way)
{
	return (struct vseg_datagram) {
		.in = way->src->dev->ifindex,
		.out = way->dst->dev->ifindex,
		.vlan = vseg_way_vlan(way),
		.src_slot = way->from->slot,
		.dst_slot = way->to->slot,
	};
}

/* A first fragment: what it says serves the later ones, too; and that it is part
 * of a flow, for as long as the policy is in force that said so.
 */
static void vseg_note_first(struct vseg_way *way,
			    const struct vseg_fields *fields,
			    struct vseg_verdict *verdict, bool flow)
{
	struct vseg_datagram datagram = vseg_way_datagram(way);

	if (vseg_hold_first(vseg_way_net(way), way->skb, fields, &datagram,
			    flow ? way->policy->generation : 0) ||
	    verdict->reason != VSEG_REASON_NONE)
		return;
	verdict->reason = VSEG_REASON_FRAGMENT;
	verdict->rule = NULL;
}

/* What the host routes can't wait: its label isn't that of a binding, and behind
 * the bridge there is no bridge's hook to go on from.
 */
static enum vseg_fragment_answer
vseg_way_first(struct vseg_way *way, const struct vseg_fields *fields,
	       struct vseg_first *first)
{
	struct vseg_datagram datagram;

	if (!way->held) {
		datagram = vseg_way_datagram(way);
		return vseg_hold_later(vseg_way_net(way), way->skb,
				       way->routed ? NULL :
				       way->src->port->bridge->dev, way->state,
				       fields, &datagram, first);
	}
	if (!way->first)
		return VSEG_FRAGMENT_DROP;
	*first = *way->first;
	return VSEG_FRAGMENT_DECIDE;
}

static bool vseg_verdict_begins(const struct vseg_verdict *verdict)
{
	return verdict->rule && verdict->rule->flags & VSEG_RULE_FLAGS_STATE;
}

/* Is a fragment part of a flow, as the first one of its datagram was? */
static bool vseg_first_in_flow(const struct vseg_way *way,
			       const struct vseg_first *first)
{
	return first->generation &&
	       first->generation == way->policy->generation;
}

/* It passes, and counts for the rule that allows the flow; in the other direction
 * there is none.
 */
static bool vseg_later_in_flow(struct vseg_verdict *verdict)
{
	if (verdict->reason == VSEG_REASON_NONE)
		return true;
	verdict->reason = VSEG_REASON_NONE;
	verdict->pass = VSEG_PASS_STATE;
	return true;
}

/* A later fragment: rules are asked as if it said what the first one said; those
 * that let flows begin had their say with the first one.
 */
static bool vseg_ask_later(struct vseg_way *way, const struct vseg_cell *cell,
			   struct vseg_fields *fields,
			   struct vseg_verdict *verdict)
{
	struct vseg_frame frame = { .fields = fields };
	enum vseg_fragment_answer answer;
	struct vseg_first first;

	answer = vseg_way_first(way, fields, &first);
	if (answer == VSEG_FRAGMENT_HELD)
		return false;
	if (answer == VSEG_FRAGMENT_DECIDE) {
		vseg_fragment_give(&first, fields);
		vseg_policy_ask_cell(cell, &frame, verdict);
		if (vseg_first_in_flow(way, &first))
			return vseg_later_in_flow(verdict);
		if (verdict->reason == VSEG_REASON_NONE &&
		    !vseg_verdict_begins(verdict))
			return true;
		/* A rule that allows didn't decide then. */
		if (verdict->reason == VSEG_REASON_NONE)
			verdict->rule = NULL;
	}
	verdict->reason = VSEG_REASON_FRAGMENT;
	return true;
}

/* A fragment: rules may ask for what only the first one of a datagram has.
 * Returns false if the frame was taken to wait for that.
 */
static noinline_for_stack bool vseg_ask_fragment(struct vseg_way *way,
						 const struct vseg_cell *cell,
						 struct vseg_fields *fields,
						 struct vseg_verdict *verdict)
{
	if (fields->fragment == VSEG_FRAGMENT_LATER)
		vseg_fragment_hide(fields);
	vseg_policy_ask_rules(cell, fields, verdict);
	if (!(cell->rules->used & vseg_fields_of_first(fields->version)) ||
	    way->foreign)
		return true;
	if (fields->fragment == VSEG_FRAGMENT_LATER)
		return verdict->reason != VSEG_REASON_UNPARSED ||
		       vseg_ask_later(way, cell, fields, verdict);
	vseg_note_first(way, fields, verdict, false);
	return true;
}

/* Likewise, where connection tracking was asked, which later ones aren't for. */
static bool vseg_ask_part(struct vseg_way *way, struct vseg_track *track,
			  struct vseg_verdict *verdict)
{
	if (track->fields->fragment == VSEG_FRAGMENT_LATER)
		return (verdict->reason == VSEG_REASON_NONE &&
			!vseg_verdict_begins(verdict)) ||
		       vseg_ask_later(way, track->cell, track->fields, verdict);
	vseg_note_first(way, track->fields, verdict,
			verdict->reason == VSEG_REASON_NONE &&
			vseg_verdict_begins(verdict));
	return true;
}

/* The cell has rules: what they deny a built-in pass may let through. */
static unsigned int vseg_ask_rules(struct vseg_way *way,
				   const struct vseg_cell *cell)
{
	struct vseg_verdict verdict;
	struct vseg_fields fields;

	vseg_skb_describe(way->skb,
			  cell->rules->used & VSEG_FIELD(VLAN) ?
			  vseg_way_vlan(way) : VSEG_VID_NONE, &fields);
	if (likely(fields.fragment == VSEG_FRAGMENT_WHOLE))
		vseg_policy_ask_rules(cell, &fields, &verdict);
	else if (!vseg_ask_fragment(way, cell, &fields, &verdict))
		return NF_STOLEN;
	if (verdict.reason == VSEG_REASON_NONE)
		return vseg_rule_allows(way, cell, verdict.rule);
	return vseg_not_allowed(way, &verdict);
}

/* Of those that the fast path knows comes here who isn't to talk to his like. */
static unsigned int vseg_ask_allow(struct vseg_way *way,
				   const struct vseg_cell *cell)
{
	const struct vseg_frame frame = vseg_way_frame(way);
	struct vseg_verdict verdict;

	vseg_policy_ask_cell(cell, &frame, &verdict);
	return verdict.reason == VSEG_REASON_NONE ?
	       vseg_allow(way, cell) : vseg_not_allowed(way, &verdict);
}

static unsigned int vseg_ask_deny(struct vseg_way *way,
				  const struct vseg_cell *cell)
{
	struct vseg_verdict verdict = {
		.reason = vseg_policy_deny_reason(cell,
						  way->from->slot,
						  way->to->slot),
		.cell = cell,
	};

	return vseg_not_allowed(way, &verdict);
}

static unsigned int vseg_flow_passes(struct vseg_way *way)
{
	vseg_count_passed(way);
	vseg_count_pass(way, VSEG_PASS_STATE);
	return NF_ACCEPT;
}

/* The frame may begin a flow, where a stateful rule allows it. */
static void vseg_begin(struct vseg_track *track, struct vseg_verdict *verdict)
{
	if (verdict->reason != VSEG_REASON_NONE) {
		verdict->reason = vseg_track_denied(track, verdict->reason);
		return;
	}
	if (!vseg_verdict_begins(verdict))
		return;
	verdict->reason = vseg_track_begin(track, verdict->index);
	/* It didn't decide then. */
	if (verdict->reason != VSEG_REASON_NONE)
		verdict->rule = NULL;
}

/* The frame isn't part of a flow: its cell decides it alone. */
static unsigned int vseg_ask_begin(struct vseg_way *way,
				   const struct vseg_cell *cell,
				   struct vseg_track *track)
{
	struct vseg_frame frame = vseg_way_frame(way);
	struct vseg_verdict verdict;
	bool later, taken = false;

	if (cell->action == VSEG_ACTION_RULES) {
		vseg_track_describe(track);
		frame.fields = track->fields;
	}
	later = track->described &&
		track->fields->fragment == VSEG_FRAGMENT_LATER;
	if (unlikely(later))
		vseg_fragment_hide(track->fields);
	vseg_policy_ask_cell(cell, &frame, &verdict);
	if (likely(!later))
		vseg_begin(track, &verdict);
	if (unlikely(track->described &&
		     track->fields->fragment != VSEG_FRAGMENT_WHOLE))
		taken = !vseg_ask_part(way, track, &verdict);
	vseg_track_end(track);
	if (unlikely(taken))
		return NF_STOLEN;
	if (verdict.reason != VSEG_REASON_NONE)
		return vseg_not_allowed(way, &verdict);
	if (unlikely(verdict.pass == VSEG_PASS_STATE))
		return vseg_flow_passes(way);
	return verdict.rule ? vseg_rule_allows(way, cell, verdict.rule) :
			      vseg_allow(way, cell);
}

/* The frame is part of a flow. */
static unsigned int vseg_in_flow(struct vseg_way *way, struct vseg_track *track,
				 bool rule)
{
	const struct vseg_cell *cell = track->cell;
	struct vseg_verdict verdict = { .cell = cell };

	vseg_track_end(track);
	if (unlikely(track->first)) {
		vseg_note_first(way, track->fields, &verdict, true);
		if (verdict.reason != VSEG_REASON_NONE)
			return vseg_deny(way, &verdict);
	}
	return rule ? vseg_rule_allows(way, cell,
				       cell->rules->rule[track->rule]) :
		      vseg_flow_passes(way);
}

/* The cell, or that of the other direction, has stateful rules. */
static noinline unsigned int vseg_ask_state(struct vseg_way *way,
					    const struct vseg_cell *cell)
{
	struct vseg_fields fields;
	struct vseg_track track = {
		.state = vseg_way_net(way)->state,
		.policy = way->policy,
		.skb = way->skb,
		.bridge = way->dst->port->bridge,
		.src = way->from,
		.dst = way->to,
		.cell = cell,
		.vid = vseg_way_vlan(way),
		.fields = &fields,
	};
	u8 tracked = vseg_track_find(&track);

	if (tracked == VSEG_TRACKED_NONE)
		return vseg_ask_begin(way, cell, &track);
	return vseg_in_flow(way, &track, tracked == VSEG_TRACKED_FLOW);
}

static unsigned int vseg_ask(struct vseg_way *way, const struct vseg_cell *cell)
{
	/* What isn't for the guest that would get it is no part of a flow. */
	if (vseg_state_wanted(vseg_way_net(way), way->policy, cell,
			      way->from->slot, way->to->slot) && !way->foreign)
		return vseg_ask_state(way, cell);
	switch (cell->action) {
	case VSEG_ACTION_ALLOW:
		return vseg_ask_allow(way, cell);
	case VSEG_ACTION_RULES:
		return vseg_ask_rules(way, cell);
	}
	return vseg_ask_deny(way, cell);
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

/* Is it for another station than the guest behind @dst? */
static noinline bool vseg_foreign(const struct vseg_policy *policy,
				  const struct vseg_binding *dst,
				  const u8 *mac)
{
	const struct vseg_guest guest = vseg_binding_guest(dst);

	return policy->settings.guard && !vseg_guest_has_mac(&guest, mac) &&
	       !(vseg_guest_permit(policy, dst) & VSEG_GUARD_PERMIT_ALL);
}

/* Is a denied frame to be counted, and no more?  Not where a pass could let it
 * through, nor in monitor mode, nor where somebody looks on.
 */
static __always_inline bool vseg_refusable(const struct sk_buff *skb,
					   const struct vseg_policy *policy,
					   const struct vseg_binding *src,
					   const struct vseg_binding *dst,
					   const struct nf_hook_state *state,
					   const struct vseg_cell *cell)
{
	const struct vseg_bridge *br = src->port->bridge;

	return cell->action == VSEG_ACTION_DENY &&
	       !(cell->flags & VSEG_CELL_FLAGS_MONITOR) &&
	       !vseg_state_wanted(br->vn, policy, cell, src->slot, dst->slot) &&
	       vseg_hopeless(skb, policy, src, state) &&
	       br->mode[policy->cursor] == VSEG_BRIDGE_MODE_ENFORCE &&
	       !policy->settings.flood_events &&
	       vseg_events_unheard(br->vn) && !trace_vseg_drop_enabled() &&
	       in_softirq();
}

/* What most drops are.  vseg_deny() does the same, and more. */
static noinline unsigned int vseg_refuse(struct sk_buff *skb,
					 struct vseg_binding *src,
					 struct vseg_binding *dst,
					 const struct nf_hook_state *state,
					 const struct vseg_cell *cell)
{
	u8 reason = vseg_policy_deny_reason(cell, src->slot, dst->slot);
	unsigned int len = vseg_skb_len(skb);

	if (reason == VSEG_REASON_CELL_DENY)
		vseg_cell_count(cell->stats, len);
	reason = vseg_copy_reason(skb, state, dst->port, reason);
	vseg_count_drop(src->label, dst->pcpu, reason, len);
	/* Copies would fill the table of pairs with what nobody meant. */
	if (reason != VSEG_REASON_FLOOD && reason != VSEG_REASON_PROMISC)
		vseg_pair_drop(src->port->bridge->vn, src->label->domain,
			       dst->label->domain, state, len, reason);
	return NF_DROP;
}

/* Whatever it is. */
static noinline unsigned int vseg_decide_any(struct sk_buff *skb,
					     const struct vseg_policy *policy,
					     struct vseg_binding *src,
					     struct vseg_binding *dst,
					     const struct nf_hook_state *state,
					     const struct vseg_cell *cell)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct vseg_way way = vseg_way_between(skb, policy, src, dst, state);

	way.foreign = unlikely(vseg_binding_foreign(dst, mac)) &&
		      vseg_foreign(policy, dst, mac);
	if (src->vlan || dst->vlan)
		return vseg_decide_trunk(&way);
	if (!cell)
		cell = vseg_policy_wildcard(policy, src->slot, dst->slot);
	if (cell->quick && !way.foreign) {
		vseg_cell_count(cell->stats, way.len);
		vseg_count_passed(&way);
		return NF_ACCEPT;
	}
	return vseg_ask(&way, cell);
}

/**
 * vseg_decide_slowly - decide what the fast path leaves
 * @skb: the copy
 * @policy: policy that decides it
 * @src: binding that it enters by
 * @dst: binding that it leaves by
 * @state: of the hook
 * @cell: the cell that lists the pair, or NULL without one; NULL as well where
 *	a trunk port is at one end
 *
 * Context: netfilter hook.
 * Return: a netfilter verdict.
 */
unsigned int vseg_decide_slowly(struct sk_buff *skb,
				const struct vseg_policy *policy,
				struct vseg_binding *src,
				struct vseg_binding *dst,
				const struct nf_hook_state *state,
				const struct vseg_cell *cell)
{
	if (!cell && !policy->wild && !src->vlan && !dst->vlan)
		cell = &vseg_not_listed;
	if (cell && vseg_refusable(skb, policy, src, dst, state, cell))
		return vseg_refuse(skb, src, dst, state, cell);
	return vseg_decide_any(skb, policy, src, dst, state, cell);
}

/**
 * vseg_decide_held - decide a fragment that has waited for the first one
 * @vn: namespace
 * @skb: the copy
 * @bridge: bridge that it crossed
 * @state: of the hook that it met
 * @first: what the first fragment said; %NULL where it didn't come
 *
 * By the policy that is in force now.  Without one it is dropped: it was held
 * by one that is gone.
 *
 * Context: as that of a netfilter hook: RCU, BH off.
 * Return: a netfilter verdict, not %NF_STOLEN.
 */
unsigned int vseg_decide_held(struct vseg_net *vn, struct sk_buff *skb,
			      const struct net_device *bridge,
			      const struct nf_hook_state *state,
			      const struct vseg_first *first)
{
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	const u8 *mac = eth_hdr(skb)->h_dest;
	const struct vseg_cell *cell;
	struct vseg_binding *src, *dst;
	struct vseg_way way;

	if (!policy)
		return NF_DROP;
	src = vseg_binding_find(vn, state->in ?: bridge, policy);
	dst = vseg_binding_find(vn, state->out ?: bridge, policy);
	/* A port left, though it may be one of another bridge by now. */
	if (!src || !dst || src->port->bridge->dev != bridge ||
	    dst->port->bridge->dev != bridge)
		return vseg_drop_undecided(vn, skb, state, VSEG_REASON_INTERNAL,
					   &vn->internal_dropped);
	way = vseg_way_between(skb, policy, src, dst, state);
	way.held = true;
	way.first = first;
	way.foreign = vseg_binding_foreign(dst, mac) &&
		      vseg_foreign(policy, dst, mac);
	if (src->vlan || dst->vlan)
		return vseg_decide_trunk(&way);
	cell = vseg_policy_cell(policy, src->slot, dst->slot);
	return vseg_ask(&way, cell);
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
unsigned int vseg_take_in(struct sk_buff *skb,
			  const struct vseg_policy *policy,
			  struct vseg_binding *src, struct vseg_binding *dst,
			  const struct nf_hook_state *state)
{
	const struct vseg_verdict ambiguous = {
		.reason = VSEG_REASON_VLAN_AMBIGUOUS,
	};
	struct vseg_way way = vseg_way_between(skb, policy, src, dst, state);

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
	const u8 *mac = eth_hdr(routed->skb)->h_dest;
	struct vseg_way way = vseg_way_between(routed->skb, routed->policy,
					       routed->src, dst, routed->state);

	way.from = routed->from ?: routed->vn->builtin[VSEG_SLOT_UNLABELLED];
	way.to = routed->to ?: way.to;
	way.hook = routed->hook;
	way.routed = true;
	way.foreign = !routed->to && vseg_binding_foreign(dst, mac) &&
		      vseg_foreign(routed->policy, dst, mac);
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
