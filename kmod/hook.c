// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a frame.
 *
 * Three hooks of the bridge family decide each copy of each frame alone:
 * FORWARD from port to port, LOCAL_IN from a port to the host, LOCAL_OUT from
 * the host to a port.  They run in softirq or with bottom halves off, and in
 * an RCU read-side section, which netfilter holds.
 *
 * An allowed frame goes straight through vseg_decide(): two bindings, one
 * cell, three per-CPU counters.  All the rest is out of line.
 */
#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netfilter_bridge.h>

#include "event.h"
#include "frame.h"
#include "hook.h"
#include "lockdown.h"
#include "pair.h"
#include "port.h"
#include "trace.h"
#include "vlan.h"

/**
 * struct vseg_way - one copy of a frame on its way
 * @vn: namespace
 * @skb: the copy
 * @policy: policy that decides it
 * @src: binding that it enters by; of the bridge device when the host sent it
 * @dst: binding that it leaves by; of the bridge device when it is for the host
 * @state: of the hook; its in is NULL when the host sent the copy, its out when
 *	it is for the host
 * @src_label: label at @src
 * @dst_label: label at @dst
 * @len: bytes with the Ethernet header
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
	unsigned int len;
};

static u8 vseg_way_hook(const struct vseg_way *way)
{
	if (!way->state->in)
		return VSEG_HOOK_LOCAL_OUT;
	return way->state->out ? VSEG_HOOK_FORWARD : VSEG_HOOK_LOCAL_IN;
}

/* Did the bridge itself make the frame?  Whatever anybody sends through the
 * bridge device is on its way to br_forward_finish(), the bridge's own BPDUs
 * and queries are not.  Nothing in the frame could tell: a flooded clone has
 * no socket, whoever sent it.
 */
static bool vseg_skb_own(const struct nf_hook_state *state)
{
	return !state->in && state->okfn != br_forward_finish;
}

/* The bridge hands most frames on without their Ethernet header, but its own
 * BPDUs with it.
 */
static unsigned int vseg_skb_len(const struct sk_buff *skb)
{
	return skb->len - skb_mac_offset(skb);
}

/*
 * Off the fast path: what the frame is.
 */

/* The outer tag of a frame, beside it or in it; 0 without one. */
static u16 vseg_skb_tag(const struct sk_buff *skb)
{
	const struct vlan_ethhdr *veth;
	struct vlan_ethhdr buf;

	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb);
	if (!eth_type_vlan(eth_hdr(skb)->h_proto))
		return 0;
	veth = skb_header_pointer(skb, skb_mac_offset(skb), sizeof(buf), &buf);
	return veth ? ntohs(veth->h_vlan_TCI) & VLAN_VID_MASK : 0;
}

/* All protocols that some switch takes for a tag. */
static bool vseg_is_tag(__be16 proto)
{
	switch (proto) {
	case htons(ETH_P_8021Q):
	case htons(ETH_P_8021AD):
	case htons(ETH_P_QINQ1):
	case htons(ETH_P_QINQ2):
	case htons(ETH_P_QINQ3):
		return true;
	}
	return false;
}

/* The bridge takes the frame for untagged; is there a tag in it all the same,
 * for a switch behind the port?  A socket of the host may lie in skb->protocol,
 * so the bytes are asked as well.
 */
static bool vseg_skb_tag_follows(const struct sk_buff *skb,
				 const struct net_device *bridge)
{
	__be16 proto = eth_hdr(skb)->h_proto;
	const struct vlan_ethhdr *veth;
	struct vlan_ethhdr buf;

	if (!vseg_is_tag(proto))
		return vseg_is_tag(skb->protocol);
	if (br_vlan_enabled(bridge) || skb_vlan_tag_present(skb) ||
	    !eth_type_vlan(proto))
		return true;
	/* A priority tag in the frame is no tag; one behind it is. */
	veth = skb_header_pointer(skb, skb_mac_offset(skb), sizeof(buf), &buf);
	return !veth || vseg_is_tag(veth->h_vlan_encapsulated_proto);
}

/* The VLAN of a frame is the bridge's VLAN.  On a filtering bridge that is the
 * tag of the bridge's protocol; without one, vseg_vlan_label() knows more.
 * Elsewhere it is the frame's own tag, and 0 without one.
 */
static u16 vseg_skb_vid(const struct sk_buff *skb,
			const struct net_device *bridge)
{
	u16 proto;

	if (!br_vlan_enabled(bridge))
		return vseg_skb_tag(skb);
	/* The bridge has moved its own tags beside the frame. */
	if (!skb_vlan_tag_present(skb) || br_vlan_get_proto(bridge, &proto) ||
	    skb->vlan_proto != htons(proto) || !skb_vlan_tag_get_id(skb))
		return VSEG_VID_NONE;
	return skb_vlan_tag_get_id(skb);
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

/* Would the forwarding table send this unicast frame to this port alone? */
static bool vseg_skb_known(const struct vseg_way *way)
{
	const struct net_device *bridge = way->src->port->bridge->dev;
	struct net_device_path_ctx ctx = { .dev = bridge };
	struct net_device_path path = {};
	u16 proto;

	if (!bridge->netdev_ops->ndo_fill_forward_path)
		return true;
	ether_addr_copy(ctx.daddr, eth_hdr(way->skb)->h_dest);
	if (br_vlan_enabled(bridge) && !br_vlan_get_proto(bridge, &proto)) {
		ctx.vlan[0].id = vseg_way_vid(way);
		ctx.vlan[0].proto = htons(proto);
		ctx.num_vlans = 1;
	}
	return !bridge->netdev_ops->ndo_fill_forward_path(&ctx, &path) &&
	       ctx.dev == way->state->out;
}

/* Which copies are apart from what their sender meant for one receiver. */
static u8 vseg_copy_reason(const struct vseg_way *way, u8 reason)
{
	if (is_multicast_ether_addr(eth_hdr(way->skb)->h_dest))
		return VSEG_REASON_FLOOD;
	if (!way->state->out)
		return way->skb->pkt_type == PACKET_OTHERHOST ?
		       VSEG_REASON_PROMISC : reason;
	return vseg_skb_known(way) ? reason : VSEG_REASON_FLOOD;
}

static u8 vseg_skb_class(const struct sk_buff *skb)
{
	u8 buf[VSEG_FRAME_BYTES];
	unsigned int len = vseg_skb_len(skb);
	unsigned int linear = len - skb->data_len;
	unsigned int avail;
	const u8 *data;

	/* All that is linear, or what fits into the buffer. */
	avail = min_t(unsigned int, len, max_t(unsigned int, linear,
					       sizeof(buf)));

	data = skb_header_pointer(skb, skb_mac_offset(skb), avail, buf);
	if (!data)
		return VSEG_CLASS_OTHER;
	return vseg_frame_class(data, avail, len);
}

/*
 * Off the fast path: what becomes of a frame that no allow cell covers.
 */

static void vseg_count_drop(struct vseg_way *way, u8 reason)
{
	struct vseg_stats *src = &way->src_label->stats;
	struct vseg_pcpu_stats __percpu *dst = way->dst_label->stats.pcpu;

	atomic64_inc(&src->dropped[reason]);
	atomic64_add(way->len, &src->rx_dropped_bytes);
	this_cpu_inc(dst->tx_dropped);
	this_cpu_add(dst->tx_dropped_bytes, way->len);
}

static void vseg_count_cell(const struct vseg_cell *cell, unsigned int len,
			    bool would)
{
	struct vseg_cell_pcpu __percpu *pcpu;

	if (!cell->stats)
		return;
	if (!would)
		return vseg_cell_count(cell->stats, len);

	pcpu = READ_ONCE(cell->stats->pcpu);
	if (!pcpu)
		return vseg_cell_count_shared(cell->stats, len, true);
	this_cpu_inc(pcpu->would_packets);
	this_cpu_add(pcpu->would_bytes, len);
}

static void vseg_count_passed(struct vseg_way *way)
{
	vseg_count_rx(way->src_label->stats.pcpu, way->len);
	vseg_count_tx(way->dst_label->stats.pcpu, way->len);
}

static void vseg_count_pass(struct vseg_way *way, u8 pass)
{
	this_cpu_inc(way->src_label->stats.pcpu->pass[pass - 1]);
}

/* Tells of a drop whoever wants to know; the verdict stands already. */
static void vseg_tell(struct vseg_way *way, u8 reason, bool would, bool apart)
{
	struct vseg_drop drop = {
		.skb = way->skb,
		.in = way->state->in,
		.out = way->state->out,
		.src = way->src_label->domain,
		.dst = way->dst_label->domain,
		.generation = way->policy->generation,
		.len = way->len,
		.hook = vseg_way_hook(way),
		.reason = reason,
		.would = would,
	};
	struct vseg_net *vn = way->vn;
	bool wanted = vseg_events_wanted(vn);

	if (wanted || trace_vseg_drop_enabled())
		drop.vid = vseg_way_vid(way) ?: VSEG_DROP_NO_VID;
	trace_vseg_drop(&drop);
	if (apart)
		return;
	if (vseg_pair_hit(vn, &drop, wanted ? &drop.limited : NULL))
		vseg_event_drop(vn, &drop);
	else if (wanted)
		vseg_event_limited(vn);
}

/* Copies would fill the table of pairs with what nobody meant. */
static void vseg_report(struct vseg_way *way, u8 reason, bool would)
{
	bool apart = (reason == VSEG_REASON_FLOOD ||
		      reason == VSEG_REASON_PROMISC) &&
		     !way->policy->settings.flood_events;

	if (!apart || trace_vseg_drop_enabled())
		vseg_tell(way, reason, would, apart);
}

static bool vseg_monitored(const struct vseg_way *way,
			   const struct vseg_verdict *verdict)
{
	const struct vseg_bridge *br = way->src->port->bridge;

	return br->mode[way->policy->cursor] == VSEG_BRIDGE_MODE_MONITOR ||
	       (verdict->reason == VSEG_REASON_CELL_DENY &&
		verdict->cell->flags & VSEG_CELL_FLAGS_MONITOR);
}

static unsigned int vseg_deny(struct vseg_way *way,
			      const struct vseg_verdict *verdict)
{
	bool would = vseg_monitored(way, verdict);
	u8 reason = vseg_copy_reason(way, verdict->reason);

	/* A cell that wasn't asked, for want of a label, counts nothing. */
	if (verdict->reason == VSEG_REASON_CELL_DENY)
		vseg_count_cell(verdict->cell, way->len, would);
	if (would) {
		atomic64_inc(&way->src_label->stats.would[reason]);
		vseg_count_passed(way);
	} else {
		vseg_count_drop(way, reason);
	}
	vseg_report(way, reason, would);
	return would ? NF_ACCEPT : NF_DROP;
}

/* Of IPv4 only a query could, and that not from a guest: spares most denied
 * frames the search for the cell of the other direction.
 */
static bool vseg_could_pass(const struct vseg_way *way,
			    const struct vseg_frame *frame)
{
	if (eth_hdr(way->skb)->h_proto == htons(ETH_P_IP) && !frame->own &&
	    !frame->trunk)
		return false;
	return vseg_policy_wants_class(way->policy, frame);
}

/* No allow cell: a built-in pass may let it through, monitor mode may. */
static unsigned int vseg_not_allowed(struct vseg_way *way,
				     const struct vseg_cell *cell)
{
	struct vseg_frame frame = {
		.src = way->src_label->domain->slot,
		.dst = way->dst_label->domain->slot,
		.own = vseg_skb_own(way->state),
		.trunk = way->src->kind == VSEG_PORT_KIND_TRUNK,
	};
	struct vseg_verdict verdict;

	if (vseg_could_pass(way, &frame))
		frame.class = vseg_skb_class(way->skb);

	vseg_policy_decide(way->policy, cell, &frame, &verdict);
	if (verdict.reason != VSEG_REASON_NONE)
		return vseg_deny(way, &verdict);

	vseg_count_passed(way);
	vseg_count_pass(way, verdict.pass);
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
	}
	return true;
}

/* A trunk port is at one end: labels come from the frame's VLAN. */
static unsigned int vseg_decide_trunk(struct vseg_way *way)
{
	struct vseg_verdict verdict = { .reason = VSEG_REASON_VLAN_AMBIGUOUS };
	const struct vseg_cell *cell;

	if (!vseg_trunk_labels(way))
		return vseg_own_passes(way) ? NF_ACCEPT :
					      vseg_deny(way, &verdict);

	cell = vseg_policy_cell(way->policy, way->src_label->domain->slot,
				way->dst_label->domain->slot);
	if (cell->action != VSEG_ACTION_ALLOW)
		return vseg_not_allowed(way, cell);
	vseg_cell_count(cell->stats, way->len);
	vseg_count_passed(way);
	return NF_ACCEPT;
}

/* What the fast path leaves; @cell is the one that lists the pair, or NULL. */
static noinline unsigned int
vseg_decide_slowly(struct vseg_net *vn, struct sk_buff *skb,
		   const struct vseg_policy *policy, struct vseg_binding *src,
		   struct vseg_binding *dst, const struct nf_hook_state *state,
		   const struct vseg_cell *cell)
{
	struct vseg_way way;

	if (!cell && !src->vlan && !dst->vlan)
		cell = vseg_policy_wildcard(policy, src->slot, dst->slot);
	if (cell && cell->action == VSEG_ACTION_ALLOW) {
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
		.len = vseg_skb_len(skb),
	};
	return cell ? vseg_not_allowed(&way, cell) : vseg_decide_trunk(&way);
}

/*
 * The fast path.  It calls nothing but what it leaves, and that as its last
 * act, so it needs no stack and saves no register.
 */

static __always_inline unsigned int
vseg_decide(struct vseg_net *vn, struct sk_buff *skb,
	    const struct vseg_policy *policy, struct vseg_binding *src,
	    struct vseg_binding *dst, const struct nf_hook_state *state)
{
	struct vseg_cell_pcpu __percpu *pcpu;
	const struct vseg_cell *cell = NULL;
	unsigned int len;

	if (unlikely(src->vlan || dst->vlan))
		goto slowly;
	cell = vseg_cell_find(policy->cells, policy->cell_bits,
			      vseg_key(src->slot, dst->slot));
	if (unlikely(!cell || cell->action != VSEG_ACTION_ALLOW))
		goto slowly;
	/* See vseg_cell_count(). */
	pcpu = READ_ONCE(cell->stats->pcpu);
	if (unlikely(!pcpu))
		goto slowly;

	len = vseg_skb_len(skb);
	this_cpu_inc(pcpu->packets);
	this_cpu_add(pcpu->bytes, len);
	vseg_count_rx(src->pcpu, len);
	vseg_count_tx(dst->pcpu, len);
	return NF_ACCEPT;

slowly:
	return vseg_decide_slowly(vn, skb, policy, src, dst, state, cell);
}

/*
 * Without a decision: there is no policy, or no label to decide by.
 */

static unsigned int vseg_drop_undecided(struct vseg_net *vn,
					const struct sk_buff *skb,
					const struct nf_hook_state *state,
					u8 reason, atomic64_t *counter)
{
	struct vseg_way way = { .state = state };
	struct vseg_drop drop = {
		.skb = skb,
		.in = state->in,
		.out = state->out,
		.src = vn->builtin[VSEG_SLOT_UNLABELLED],
		.dst = vn->builtin[VSEG_SLOT_UNLABELLED],
		.len = vseg_skb_len(skb),
		.vid = VSEG_DROP_NO_VID,
		.hook = vseg_way_hook(&way),
		.reason = reason,
	};

	atomic64_inc(counter);
	trace_vseg_drop(&drop);
	return NF_DROP;
}

/* One end is a port of a managed bridge and the other isn't: it left while the
 * frame was on its way.
 */
static noinline unsigned int vseg_lost(struct vseg_net *vn,
				       const struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	return vseg_drop_undecided(vn, skb, state, VSEG_REASON_INTERNAL,
				   &vn->internal_dropped);
}

/* No end is a port of a managed bridge.  A bridge forwards only for ports that
 * have it as their master, so without one, or with one that is managed, vseg
 * has lost track as well.
 */
static noinline unsigned int vseg_stray(struct vseg_net *vn,
					const struct sk_buff *skb,
					const struct vseg_policy *policy,
					const struct nf_hook_state *state)
{
	struct net_device *port = state->in ?: state->out;
	struct net_device *bridge = netdev_master_upper_dev_get_rcu(port);

	if (!bridge || vseg_binding_find(vn, bridge, policy))
		return vseg_lost(vn, skb, state);
	if (policy->settings.unmanaged == VSEG_UNMANAGED_DROP)
		return vseg_drop_undecided(vn, skb, state,
					   VSEG_REASON_UNMANAGED,
					   &vn->unmanaged_dropped);
	return NF_ACCEPT;
}

/* In lockdown nothing is forwarded, and the host is reached through its own
 * interfaces only; the bridge's own BPDUs prevent loops all the same.
 */
static noinline unsigned int vseg_no_policy(struct vseg_net *vn,
					    const struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	if (!vseg_lockdown(vn))
		return NF_ACCEPT;
	if (!state->in || !state->out) {
		if (vseg_lockdown_mgmt(state->in ?: state->out))
			return NF_ACCEPT;
		if (vseg_skb_own(state) &&
		    vseg_skb_class(skb) == VSEG_CLASS_BPDU)
			return NF_ACCEPT;
	}
	return vseg_drop_undecided(vn, skb, state, VSEG_REASON_LOCKDOWN,
				   &vn->lockdown_dropped);
}

/* What a commit did to bindings before it swapped the pointer must be seen by
 * whoever sees the pointer: rcu_dereference() orders only what hangs off it.
 */
static const struct vseg_policy *vseg_policy_acquire(struct vseg_net *vn)
{
	/* Pairs with rcu_assign_pointer() in vseg_swap(). */
	return smp_load_acquire((struct vseg_policy **)&vn->policy);
}

static unsigned int vseg_hook_forward(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	struct vseg_binding *src, *dst;

	if (unlikely(!policy))
		return vseg_no_policy(vn, skb, state);

	src = vseg_binding_find(vn, state->in, policy);
	dst = vseg_binding_find(vn, state->out, policy);
	if (unlikely(!src || !dst))
		return src || dst ? vseg_lost(vn, skb, state) :
				    vseg_stray(vn, skb, policy, state);
	return vseg_decide(vn, skb, policy, src, dst, state);
}

/* skb->dev is the bridge, but for link-local frames, which the port keeps. */
static unsigned int vseg_hook_local_in(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	struct vseg_binding *src, *dst;

	if (unlikely(!policy))
		return vseg_no_policy(vn, skb, state);

	src = vseg_binding_find(vn, state->in, policy);
	if (unlikely(!src))
		return vseg_binding_find(vn, skb->dev, policy) ?
		       vseg_lost(vn, skb, state) :
		       vseg_stray(vn, skb, policy, state);
	dst = vseg_binding_find(vn, src->port->bridge->dev, policy);
	if (unlikely(!dst))
		return vseg_lost(vn, skb, state);
	return vseg_decide(vn, skb, policy, src, dst, state);
}

static unsigned int vseg_hook_local_out(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct vseg_net *vn = priv;
	const struct vseg_policy *policy = vseg_policy_acquire(vn);
	struct vseg_binding *src, *dst;

	if (unlikely(!policy))
		return vseg_no_policy(vn, skb, state);

	dst = vseg_binding_find(vn, state->out, policy);
	if (unlikely(!dst))
		return vseg_stray(vn, skb, policy, state);
	src = vseg_binding_find(vn, dst->port->bridge->dev, policy);
	if (unlikely(!src))
		return vseg_lost(vn, skb, state);
	return vseg_decide(vn, skb, policy, src, dst, state);
}

/* FORWARD and LOCAL_OUT are the last to speak, whatever other hooks said.  In
 * FORWARD that must also be behind br_netfilter, which steals a frame at
 * priority -1 and brings it back behind 0.  LOCAL_IN comes just before
 * br_netfilter's, the last.
 */
static const struct nf_hook_ops vseg_hook_ops[] = {
	{
		.hook = vseg_hook_forward,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_FORWARD,
		.priority = NF_BR_PRI_LAST,
	},
	{
		.hook = vseg_hook_local_in,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_LOCAL_IN,
		.priority = NF_BR_PRI_LAST - 1,
	},
	{
		.hook = vseg_hook_local_out,
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_LOCAL_OUT,
		.priority = NF_BR_PRI_LAST,
	},
};

static_assert(ARRAY_SIZE(vseg_hook_ops) == VSEG_HOOKS);

/**
 * vseg_hooks_register - let frames come this way
 * @vn: namespace; everything that a frame uses is there
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int vseg_hooks_register(struct vseg_net *vn)
{
	int err, i;

	memcpy(vn->ops, vseg_hook_ops, sizeof(vn->ops));
	for (i = 0; i < VSEG_HOOKS; i++)
		vn->ops[i].priv = vn;
	err = nf_register_net_hooks(vn->net, vn->ops, VSEG_HOOKS);
	if (!err)
		vn->hooks = true;
	return err;
}

/**
 * vseg_hooks_unregister - let frames come this way no longer
 * @vn: namespace
 *
 * Frames that are on their way are not waited for.
 *
 * Context: process, may sleep.
 */
void vseg_hooks_unregister(struct vseg_net *vn)
{
	if (!vn->hooks)
		return;
	nf_unregister_net_hooks(vn->net, vn->ops, VSEG_HOOKS);
	vn->hooks = false;
}
