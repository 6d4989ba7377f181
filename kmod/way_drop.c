// SPDX-License-Identifier: GPL-2.0
/*
 * Drops: why a copy goes no further, who counts it, and who is told.  Monitor
 * mode lets it pass all the same.
 */
#include <linux/etherdevice.h>

#include "known.h"
#include "pair.h"
#include "trace.h"
#include "way_private.h"

/* Between two events of what one cell lets pass. */
#define VSEG_LOG_GAP	(HZ / 10)

/*
 * Why.
 */

/* Which copies are apart from what their sender meant for one receiver.  @to is
 * the port that it leaves by.
 */
static __always_inline u8 vseg_copy_reason(const struct sk_buff *skb,
					   const struct nf_hook_state *state,
					   const struct vseg_port *to,
					   u8 reason, bool softirq)
{
	const struct net_device *bridge = to->bridge->dev;
	u16 vid = 0;
	bool known;

	if (reason == VSEG_REASON_OTHER_HOST)
		return reason;
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest))
		return VSEG_REASON_FLOOD;
	if (!state->out)
		return skb->pkt_type == PACKET_OTHERHOST ?
		       VSEG_REASON_PROMISC : reason;
	if (br_vlan_enabled(bridge))
		vid = vseg_port_vid(to, vseg_skb_vid(skb, bridge));
	known = softirq ? vseg_known_quick(skb, bridge, state->out, vid) :
			  vseg_known(skb, bridge, state->out, vid);
	return known ? reason : VSEG_REASON_FLOOD;
}

/* Behind the bridge there are no copies any more, but broadcasts. */
static u8 vseg_way_reason(const struct vseg_way *way, u8 reason)
{
	if (reason == VSEG_REASON_LABEL_LOST ||
	    (vseg_way_handed_over(way) &&
	     !is_multicast_ether_addr(eth_hdr(way->skb)->h_dest)))
		return reason;
	return vseg_copy_reason(way->skb, way->state, way->dst->port, reason,
				false);
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

/*
 * Telling.
 */

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

/* One event in VSEG_LOG_GAP for each cell and rule, whoever comes first. */
static bool vseg_log_now(struct vseg_cell_stats *stats)
{
	unsigned long last = atomic_long_read(&stats->logged);

	if (last && time_before(jiffies, last + VSEG_LOG_GAP))
		return false;
	/* Zero stands for never. */
	return atomic_long_cmpxchg(&stats->logged, last, jiffies ?: 1) == last;
}

/**
 * vseg_log_passed - tell of what a cell or a rule lets pass
 * @way: copy
 * @stats: counters of the cell or rule; the operator wants to hear of it
 */
void vseg_log_passed(const struct vseg_way *way, struct vseg_cell_stats *stats)
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

/*
 * Dropping.
 */

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

static bool vseg_monitored(const struct vseg_way *way,
			   const struct vseg_verdict *verdict)
{
	const struct vseg_bridge *br = way->src->port->bridge;

	return br->mode[way->policy->cursor] == VSEG_BRIDGE_MODE_MONITOR ||
	       (vseg_reason_of_cell(verdict->reason) &&
		verdict->cell->flags & VSEG_CELL_FLAGS_MONITOR);
}

/**
 * vseg_deny - drop a copy, unless monitor mode lets it pass
 * @way: copy
 * @verdict: why
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_deny(struct vseg_way *way, const struct vseg_verdict *verdict)
{
	bool would = vseg_monitored(way, verdict);
	u8 reason = vseg_way_reason(way, verdict->reason);

	if (vseg_way_handed_over(way))
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

/**
 * vseg_deny_foreign - drop a copy that isn't for the guest that would get it
 * @way: copy that the policy would let pass
 *
 * The bridge floods it, or sends all that it has by this port.
 *
 * Return: a netfilter verdict.
 */
unsigned int vseg_deny_foreign(struct vseg_way *way)
{
	const struct vseg_verdict verdict = { .reason = VSEG_REASON_OTHER_HOST };

	return vseg_deny(way, &verdict);
}

/**
 * vseg_refuse - drop a copy, and count it, and no more
 * @skb: copy
 * @src: binding that it enters by
 * @dst: binding that it leaves by
 * @state: of the hook
 * @cell: cell that denies it, or vseg_not_listed
 *
 * What most drops are.  vseg_deny() does the same, and more.
 *
 * Context: netfilter hook, softirq.
 * Return: a netfilter verdict.
 */
unsigned int vseg_refuse(struct sk_buff *skb, struct vseg_binding *src,
			 struct vseg_binding *dst,
			 const struct nf_hook_state *state,
			 const struct vseg_cell *cell)
{
	u8 reason = vseg_policy_deny_reason(cell, src->slot, dst->slot);
	unsigned int len = vseg_skb_len(skb);

	if (reason == VSEG_REASON_CELL_DENY)
		vseg_cell_count(cell->stats, len);
	reason = vseg_copy_reason(skb, state, dst->port, reason, true);
	vseg_count_drop(src->label, dst->pcpu, reason, len);
	/* Copies would fill the table of pairs with what nobody meant. */
	if (reason != VSEG_REASON_FLOOD && reason != VSEG_REASON_PROMISC)
		vseg_pair_drop(src->port->bridge->vn, src->label->domain,
			       dst->label->domain, state, len, reason);
	return NF_DROP;
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
