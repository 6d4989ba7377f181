// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: status and denied pairs.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <net/sock.h>

#include "event.h"
#include "genl.h"
#include "lockdown.h"
#include "pair.h"
#include "state.h"
#include "undo.h"

/* What the status tells of bridges and ports that exist now. */
struct vseg_present {
	u32 bridges;
	u32 ports;
	u32 unlabelled;
	u32 ambiguous;
};

static void vseg_count_present(struct vseg_net *vn, struct vseg_present *n)
{
	struct vseg_bridge *br;
	struct vseg_port *port;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(br, &vn->bridges, in_net) {
		if (br->leaving)
			continue;
		n->bridges++;
		n->ports += br->nports;
		list_for_each_entry(port, &br->ports, in_bridge) {
			if (port->gone)
				continue;
			n->unlabelled += vseg_newest(port)->kind ==
					 VSEG_PORT_KIND_UNLABELLED;
			n->ambiguous += vseg_newest(port)->match ==
					VSEG_PORT_MATCH_AMBIGUOUS;
		}
	}
}

static u32 vseg_count_monitored(const struct vseg_tables *t)
{
	u32 i, n = 0;

	for (i = 0; i < t->nbridges; i++)
		n += t->bridges[i].mode == VSEG_BRIDGE_MODE_MONITOR;
	return n;
}

static int vseg_status_put_policy(struct sk_buff *msg, struct vseg_net *vn)
{
	struct vseg_policy *policy = vseg_policy_locked(vn);
	const struct vseg_tables *t;

	if (nla_put_u8(msg, VSEG_A_STATUS_ACTIVE, !!policy))
		return -EMSGSIZE;
	if (!policy)
		return 0;
	t = policy->tables;
	if (nla_put_u32(msg, VSEG_A_STATUS_BRIDGES, t->nbridges) ||
	    nla_put_u32(msg, VSEG_A_STATUS_BRIDGES_MONITOR,
			vseg_count_monitored(t)) ||
	    nla_put_u32(msg, VSEG_A_STATUS_CELLS_MONITOR, t->nmonitor) ||
	    nla_put_u32(msg, VSEG_A_STATUS_DOMAINS, t->ndomains) ||
	    nla_put_u32(msg, VSEG_A_STATUS_CELLS, t->nlisted) ||
	    nla_put_u32(msg, VSEG_A_STATUS_SELECTORS, t->selectors.n) ||
	    nla_put_u32(msg, VSEG_A_STATUS_WARNINGS, t->warnings))
		return -EMSGSIZE;
	return 0;
}

static int vseg_status_put_present(struct sk_buff *msg, struct vseg_net *vn)
{
	struct vseg_present n = {};

	vseg_count_present(vn, &n);
	if (nla_put_u32(msg, VSEG_A_STATUS_BRIDGES_PRESENT, n.bridges) ||
	    nla_put_u32(msg, VSEG_A_STATUS_BRIDGES_UNMANAGED,
			vseg_unmanaged_bridges(vn)) ||
	    nla_put_u32(msg, VSEG_A_STATUS_PORTS, n.ports) ||
	    nla_put_u32(msg, VSEG_A_STATUS_PORTS_UNLABELLED, n.unlabelled) ||
	    nla_put_u32(msg, VSEG_A_STATUS_PORTS_AMBIGUOUS, n.ambiguous))
		return -EMSGSIZE;
	return 0;
}

static int vseg_status_put_undo(struct sk_buff *msg, const struct vseg_net *vn)
{
	u32 left = vseg_undo_left(vn);

	if (vn->undo.valid &&
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_ROLLBACK_GENERATION,
			      vn->undo.generation))
		return -EMSGSIZE;
	return left ? nla_put_u32(msg, VSEG_A_STATUS_CONFIRM_LEFT, left) : 0;
}

static int vseg_status_put_pairs(struct sk_buff *msg, struct vseg_net *vn)
{
	struct vseg_pair_counts pairs;

	vseg_pairs_read(vn, &pairs);
	if (nla_put_u32(msg, VSEG_A_STATUS_PAIRS, pairs.used) ||
	    nla_put_u32(msg, VSEG_A_STATUS_PAIRS_MAX, pairs.max) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_PAIRS_EVICTED,
			      pairs.evicted) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_PAIRS_EVICTED_PACKETS,
			      pairs.evicted_packets))
		return -EMSGSIZE;
	return 0;
}

static int vseg_status_put_flows(struct sk_buff *msg, struct vseg_net *vn)
{
	/* Pairs with the release in vseg_state_prepare(). */
	struct vseg_state *state = smp_load_acquire(&vn->state);

	if (!state)
		return 0;
	if (nla_put_u32(msg, VSEG_A_STATUS_FLOWS,
			atomic_read(&state->flows.n)) ||
	    nla_put_u32(msg, VSEG_A_STATUS_FLOWS_MAX, vseg_flows_max()) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_FLOWS_REFUSED,
			      atomic64_read(&state->flows.refused)) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_FLOWS_EVICTED,
			      atomic64_read(&state->flows.evicted)) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_FLOWS_PICKED_UP,
			      atomic64_read(&state->flows.picked_up)) ||
	    nla_put_u32(msg, VSEG_A_STATUS_ZONES, READ_ONCE(state->zones.n)))
		return -EMSGSIZE;
	return 0;
}

static int vseg_status_put_counts(struct sk_buff *msg, struct vseg_net *vn)
{
	struct vseg_event_counts ev;
	struct vseg_sum sum;

	vseg_events_read(vn, &ev);
	vseg_net_sum(vn, &sum);
	if (vseg_nla_put_uint(msg, VSEG_A_STATUS_EVENTS, ev.sent) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_EVENTS_LIMITED, ev.limited) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_EVENTS_LOST, ev.lost) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_LOCKDOWN_DROPPED,
			      atomic64_read(&vn->lockdown_dropped)) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_UNMANAGED_DROPPED,
			      atomic64_read(&vn->unmanaged_dropped)) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_INTERNAL_DROPPED,
			      atomic64_read(&vn->internal_dropped)) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_CELL_MEMORY,
			      atomic_long_read(&vn->pool.used)) ||
	    vseg_nla_put_uint(msg, VSEG_A_STATUS_CELL_MEMORY_MAX,
			      vn->pool.max))
		return -EMSGSIZE;
	return vseg_genl_put_stats(msg, VSEG_A_STATUS_STATS, &sum);
}

static int vseg_status_fill(struct sk_buff *msg, struct vseg_net *vn,
			    struct genl_info *info)
{
	return nla_put_string(msg, VSEG_A_STATUS_VERSION, VSEG_VERSION) ?:
	       vseg_nla_put_uint(msg, VSEG_A_STATUS_GENERATION,
				 vn->generation) ?:
	       nla_put_u8(msg, VSEG_A_STATUS_LOCKDOWN, vseg_lockdown(vn)) ?:
	       vseg_status_put_policy(msg, vn) ?:
	       vseg_status_put_present(msg, vn) ?:
	       vseg_status_put_undo(msg, vn) ?:
	       vseg_status_put_pairs(msg, vn) ?:
	       vseg_status_put_flows(msg, vn) ?:
	       vseg_status_put_counts(msg, vn);
}

int vseg_genl_status_get(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_answer(info, vseg_status_fill);
}

static int vseg_pair_fill(struct sk_buff *skb,
			  const struct vseg_pair_info *info)
{
	u64 now = get_jiffies_64();

	if (nla_put_string(skb, VSEG_A_PAIR_SRC, info->src) ||
	    nla_put_u32(skb, VSEG_A_PAIR_SRC_ID, info->src_id) ||
	    nla_put_string(skb, VSEG_A_PAIR_DST, info->dst) ||
	    nla_put_u32(skb, VSEG_A_PAIR_DST_ID, info->dst_id) ||
	    nla_put_u32(skb, VSEG_A_PAIR_REASON, info->reason) ||
	    vseg_nla_put_uint(skb, VSEG_A_PAIR_PACKETS, info->packets) ||
	    vseg_nla_put_uint(skb, VSEG_A_PAIR_BYTES, info->bytes) ||
	    vseg_nla_put_uint(skb, VSEG_A_PAIR_WOULD_PACKETS,
			      info->would_packets) ||
	    vseg_nla_put_uint(skb, VSEG_A_PAIR_WOULD_BYTES,
			      info->would_bytes) ||
	    vseg_nla_put_uint(skb, VSEG_A_PAIR_FIRST_MS,
			      jiffies64_to_msecs(now - info->first)) ||
	    vseg_nla_put_uint(skb, VSEG_A_PAIR_LAST_MS,
			      jiffies64_to_msecs(now - info->last)))
		return -EMSGSIZE;
	if (info->in_ifindex &&
	    nla_put_u32(skb, VSEG_A_PAIR_IN_IFINDEX, info->in_ifindex))
		return -EMSGSIZE;
	if (info->out_ifindex &&
	    nla_put_u32(skb, VSEG_A_PAIR_OUT_IFINDEX, info->out_ifindex))
		return -EMSGSIZE;
	return 0;
}

static int vseg_pair_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct vseg_pair_info *info)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_PAIR_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr, vseg_pair_fill(skb, info));
}

/* Pairs come with frames, not with commits: each is right by itself, and the
 * dump has no sequence that frames could break for ever.
 */
int vseg_genl_pair_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	u32 pos = cb->args[0];
	struct vseg_pair_info info;

	while (vseg_pair_read(vn, &pos, &info)) {
		if (vseg_pair_dump_one(skb, cb, &info))
			break;
		cb->args[0] = pos;
	}
	return skb->len;
}
