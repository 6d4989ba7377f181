// SPDX-License-Identifier: GPL-2.0
/*
 * Stateful rules: the flows that they allow, by the kernel's connection
 * tracking.
 *
 * vseg asks it itself, for frames of pairs of domains with stateful rules only,
 * and gives the frame back as it was: entry attached, looked at, confirmed and
 * put within one hook.  So neither the host's own connection tracking nor other
 * copies of the frame ever meet it, and it is never turned on for the host.
 *
 * Whose an entry is stands with it: the ordered pair of domains that began the
 * flow in its mark, and in its labels the policy that last allowed it.  Whoever
 * may change these has CAP_NET_ADMIN in the namespace.
 */
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "skb.h"
#include "track.h"

/*
 * Asking connection tracking.
 */

/**
 * struct vseg_skb_kept - what connection tracking changes in a frame
 * @nfct: the host's own entry
 * @csum: checksum
 * @cut: bytes that it was made shorter
 * @data_cut: of them, those that weren't linear
 * @network_header: where it thinks that the packet begins
 * @ip_summed: what is known of the checksum
 * @csum_valid: likewise
 * @csum_complete_sw: likewise
 *
 * All of these are the copy's own, not its clones'.
 */
struct vseg_skb_kept {
	unsigned long nfct;
	__wsum csum;
	s32 cut;
	s32 data_cut;
	u16 network_header;
	u8 ip_summed;
	u8 csum_valid;
	u8 csum_complete_sw;
};

static void vseg_skb_keep(const struct sk_buff *skb, struct vseg_skb_kept *kept)
{
	kept->nfct = skb->_nfct;
	kept->csum = skb->csum;
	kept->network_header = skb->network_header;
	kept->ip_summed = skb->ip_summed;
	kept->csum_valid = skb->csum_valid;
	kept->csum_complete_sw = skb->csum_complete_sw;
}

static void vseg_skb_restore(struct sk_buff *skb,
			     const struct vseg_skb_kept *kept)
{
	skb->_nfct = kept->nfct;
	skb->csum = kept->csum;
	/* Some trackers pull a header out of what isn't linear. */
	skb->len += kept->cut;
	skb->data_len += kept->data_cut;
	skb->network_header = kept->network_header;
	skb->ip_summed = kept->ip_summed;
	skb->csum_valid = kept->csum_valid;
	skb->csum_complete_sw = kept->csum_complete_sw;
}

/* UDP says how long the datagram is of which this is the first fragment. */
static u32 vseg_track_datagram(const struct vseg_track *track)
{
	const struct vseg_fields *fields = track->fields;
	struct udphdr buf;
	const struct udphdr *udp;
	u32 at;

	if (!track->first || fields->protocol != IPPROTO_UDP)
		return track->end;
	at = fields->transport - ETH_HLEN;
	udp = skb_header_pointer(track->skb, at, sizeof(buf), &buf);
	return udp ? max_t(u32, at + ntohs(udp->len), track->end) : track->end;
}

/* Connection tracking takes the frame's length for the packet's.  Padding goes,
 * and what a first fragment lacks comes, as bytes that nobody can read.
 */
static void vseg_track_fit(const struct vseg_track *track,
			   struct vseg_skb_kept *kept)
{
	struct sk_buff *skb = track->skb;

	kept->cut = skb->len - vseg_track_datagram(track);
	kept->data_cut = min_t(s32, kept->cut, skb->data_len);
	skb->len -= kept->cut;
	skb->data_len -= kept->data_cut;
	skb_reset_network_header(skb);
}

static void vseg_track_run(struct vseg_track *track)
{
	struct nf_conn *template = this_cpu_read(*track->state->template);
	struct sk_buff *skb = track->skb;
	const struct nf_hook_state hook = {
		/* Where checksums are looked at, which a fragment can't have. */
		.hook = track->first ? NF_INET_FORWARD : NF_INET_PRE_ROUTING,
		.pf = track->pf,
		.net = track->state->vn->net,
	};
	struct vseg_skb_kept kept vseg_unset;
	enum ip_conntrack_info info;
	unsigned int verdict;

	vseg_skb_keep(skb, &kept);
	vseg_track_fit(track, &kept);
	/* This CPU's until bottom halves may run. */
	template->zone.id = track->zone->id;
	nf_conntrack_get(&template->ct_general);
	skb->_nfct = (unsigned long)template | IP_CT_NEW;
	verdict = nf_conntrack_in(skb, &hook);
	track->ct = nf_ct_get(skb, &info);
	track->info = info;
	/* What was cached for listeners; a new entry has nothing yet. */
	if (track->ct && nf_ct_is_confirmed(track->ct))
		nf_conntrack_confirm(skb);
	vseg_skb_restore(skb, &kept);
	if (!track->ct && verdict == NF_DROP)
		track->full = true;
}

/* Most packets by far: nothing between the headers, and whole. */
static bool vseg_track_usual4(struct vseg_track *track)
{
	const struct iphdr *ip = (const struct iphdr *)track->skb->data;

	track->pf = NFPROTO_IPV4;
	track->end = ntohs(ip->tot_len);
	return ip->version == 4 && ip->ihl == 5 &&
	       !(ip->frag_off & htons(IP_MF | IP_OFFSET)) &&
	       track->end >= sizeof(*ip) && track->end <= track->skb->len;
}

static bool vseg_track_usual6(struct vseg_track *track)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)track->skb->data;

	track->pf = NFPROTO_IPV6;
	track->end = sizeof(*ip) + ntohs(ip->payload_len);
	return ip->version == 6 && ip->payload_len &&
	       (ip->nexthdr == IPPROTO_TCP || ip->nexthdr == IPPROTO_UDP ||
		ip->nexthdr == IPPROTO_ICMPV6) &&
	       track->end <= track->skb->len;
}

/* All others: what receivers would read in different ways isn't tracked, nor
 * are later fragments, nor what has a tag behind the bridge's: that is another
 * network, with the same addresses perhaps.
 */
static noinline bool vseg_track_unusual(struct vseg_track *track)
{
	const struct vseg_fields *fields = track->fields;

	vseg_track_describe(track);
	if (!fields->version || fields->unknown ||
	    fields->network != ETH_HLEN ||
	    fields->fragment == VSEG_FRAGMENT_LATER)
		return false;
	track->first = fields->fragment == VSEG_FRAGMENT_FIRST;
	track->end = fields->end - ETH_HLEN;
	/* Connection tracking reads the header where it lies. */
	return fields->version == 6 ||
	       pskb_may_pull(track->skb,
			     ((const struct iphdr *)track->skb->data)->ihl * 4);
}

/* Can connection tracking be asked? */
static bool vseg_track_fits(struct vseg_track *track)
{
	struct sk_buff *skb = track->skb;
	bool usual;

	/* The bridge's own frames have their Ethernet header in the data. */
	if (track->vid == VSEG_VID_NONE || skb_mac_offset(skb) != -ETH_HLEN)
		return false;
	switch (eth_hdr(skb)->h_proto) {
	case htons(ETH_P_IP):
		if (!pskb_may_pull(skb, sizeof(struct iphdr)))
			return false;
		usual = vseg_track_usual4(track);
		break;
	case htons(ETH_P_IPV6):
		if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)))
			return false;
		usual = vseg_track_usual6(track);
		break;
	default:
		return false;
	}
	return likely(usual) || vseg_track_unusual(track);
}

/**
 * vseg_track_describe - what the frame says of itself
 * @track: frame; its fields are filled, once
 */
void vseg_track_describe(struct vseg_track *track)
{
	if (track->described)
		return;
	vseg_skb_describe(track->skb, track->vid, track->fields);
	track->described = true;
}

/* Connection tracking takes these for errors about a flow, but they tell its
 * sender where to send: that needs a rule of its own.
 */
static bool vseg_track_directs(struct vseg_track *track)
{
	u8 type;

	vseg_track_describe(track);
	type = track->fields->icmp >> 8;
	return track->fields->protocol == IPPROTO_ICMP &&
	       (type == ICMP_REDIRECT || type == ICMP_SOURCE_QUENCH);
}

/* An error, or the first frames of what a helper expected. */
static bool vseg_track_related(const struct vseg_track *track)
{
	return track->info == IP_CT_RELATED ||
	       track->info == IP_CT_RELATED_REPLY;
}

/* The frame isn't about this flow after all. */
static u8 vseg_track_forget(struct vseg_track *track)
{
	nf_ct_put(track->ct);
	track->ct = NULL;
	return VSEG_TRACKED_NONE;
}

/* Whose is it, and is it still allowed? */
static u8 vseg_track_known(struct vseg_track *track)
{
	bool answer = CTINFO2DIR(track->info) != IP_CT_DIR_ORIGINAL;
	struct vseg_domain *from = answer ? track->dst : track->src;
	struct vseg_domain *to = answer ? track->src : track->dst;
	u64 word = vseg_word_read(track->ct);

	if (unlikely(vseg_track_related(track)) && vseg_track_directs(track))
		return vseg_track_forget(track);
	if (READ_ONCE(track->ct->mark) != vseg_state_pair(from, to)) {
		track->mismatch = true;
		return VSEG_TRACKED_NONE;
	}
	if (unlikely(!vseg_word_current(word, track->policy)))
		word = vseg_track_judge(track, word, from, to);
	if (unlikely(word & VSEG_WORD_ASLEEP)) {
		if (!vseg_may_sleep(track->ct))
			nf_ct_kill(track->ct);
		return vseg_track_related(track) ? vseg_track_forget(track) :
						   VSEG_TRACKED_NONE;
	}
	track->rule = vseg_word_rule(word);
	/* Who may change labels could have written any place. */
	if (answer || vseg_track_related(track) || !track->cell->rules ||
	    track->rule >= track->cell->rules->n)
		return VSEG_TRACKED_BACK;
	return VSEG_TRACKED_FLOW;
}

/**
 * vseg_track_find - ask connection tracking of a frame
 * @track: frame; end it with vseg_track_end()
 *
 * Context: netfilter hook; may move the frame's headers.
 * Return: enum vseg_tracked.
 */
u8 vseg_track_find(struct vseg_track *track)
{
	struct vseg_zones *zones = &track->state->zones;

	track->fits = vseg_track_fits(track);
	if (!track->fits)
		return VSEG_TRACKED_NONE;
	track->zone = vseg_zone_find(zones, track->bridge, track->vid,
				     vseg_zone_pair(track->src->slot,
						    track->dst->slot));
	/* Nothing has begun there. */
	if (unlikely(!track->zone))
		return VSEG_TRACKED_NONE;
	vseg_track_run(track);
	if (!track->ct || !nf_ct_is_confirmed(track->ct))
		return VSEG_TRACKED_NONE;
	return vseg_track_known(track);
}

/*
 * Beginning a flow.
 */

/* The frame is new to connection tracking; false when it isn't. */
static bool vseg_begin_new(struct vseg_track *track)
{
	struct vseg_zone *zone = track->zone;
	bool asked = zone;

	if (!asked)
		zone = vseg_zone_make(&track->state->zones,
				      &track->policy->settings, track->bridge,
				      track->vid, track->src, track->dst);
	if (IS_ERR(zone)) {
		atomic64_inc(&track->state->flows.refused);
		track->full = true;
		return false;
	}
	track->zone = zone;
	/* An entry of a flow that is denied makes room for another. */
	if (track->ct && nf_ct_is_confirmed(track->ct) && !track->mismatch) {
		nf_ct_kill(track->ct);
		nf_ct_put(track->ct);
		asked = false;
	}
	if (!asked)
		vseg_track_run(track);
	return track->ct && !nf_ct_is_confirmed(track->ct);
}

/* Connection tracking takes any segment for a beginning, but says so. */
static bool vseg_begin_midway(const struct nf_conn *ct)
{
	return nf_ct_protonum(ct) == IPPROTO_TCP &&
	       ct->proto.tcp.state != TCP_CONNTRACK_SYN_SENT;
}

/* Both copies of a flow's first frame may come at once, by two CPUs: the second
 * one gets the entry of the first.
 */
static u8 vseg_begin_confirm(struct vseg_track *track, u32 place)
{
	struct sk_buff *skb = track->skb;
	unsigned long kept = skb->_nfct;
	struct nf_conn *ct = track->ct;
	enum ip_conntrack_info info;
	int verdict;

	skb->_nfct = (unsigned long)ct | track->info;
	verdict = nf_conntrack_confirm(skb);
	track->ct = nf_ct_get(skb, &info);
	skb->_nfct = kept;
	if (verdict == NF_ACCEPT && track->ct == ct)
		return VSEG_REASON_NONE;
	vseg_flow_del(&track->state->flows, track->src, ct, place);
	if (verdict != NF_ACCEPT)
		return VSEG_REASON_STATE_FULL;
	return READ_ONCE(track->ct->mark) ==
	       vseg_state_pair(track->src, track->dst) ?
	       VSEG_REASON_NONE : VSEG_REASON_STATE_MISMATCH;
}

/**
 * vseg_track_begin - begin a flow
 * @track: frame that a stateful rule of its cell allows
 * @rule: place of the rule
 *
 * Context: netfilter hook.
 * Return: %VSEG_REASON_NONE, or why it may not.
 */
u8 vseg_track_begin(struct vseg_track *track, u32 rule)
{
	bool keep = track->cell->rules->rule[rule]->flags &
		    VSEG_RULE_FLAGS_KEEP;
	struct vseg_state *state = track->state;
	const struct vseg_policy *policy = track->policy;
	bool midway;
	u32 place;
	u8 reason;

	if (!track->fits)
		return VSEG_REASON_STATE_INVALID;
	if (!vseg_begin_new(track))
		return track->full ? VSEG_REASON_STATE_FULL :
		       track->mismatch ? VSEG_REASON_STATE_MISMATCH :
		       VSEG_REASON_STATE_INVALID;
	midway = vseg_begin_midway(track->ct);
	if (midway && !policy->settings.state_pickup)
		return VSEG_REASON_STATE_INVALID;

	track->ct->mark = vseg_state_pair(track->src, track->dst);
	if (!vseg_word_write(track->ct,
			     vseg_word(policy, rule, VSEG_WORD_COUNTED |
				       (keep ? VSEG_WORD_KEEP : 0))) ||
	    !vseg_flow_add(&state->flows, track->src, track->ct,
			   policy->settings.state_limit, &place))
		return VSEG_REASON_STATE_FULL;
	reason = vseg_begin_confirm(track, place);
	if (reason == VSEG_REASON_NONE && midway)
		atomic64_inc(&state->flows.picked_up);
	if (keep && !READ_ONCE(track->zone->keep))
		vseg_zone_keep(&state->zones, track->zone);
	return reason;
}

/* Is there a flow that it would be part of, were it sound? */
static bool vseg_track_of_flow(const struct vseg_track *track)
{
	struct net *net = track->state->vn->net;
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_tuple tuple;

	if (!nf_ct_get_tuplepr(track->skb, 0, track->pf, net, &tuple))
		return false;
	hash = nf_conntrack_find_get(net, &(struct nf_conntrack_zone) {
					.id = track->zone->id,
					.dir = NF_CT_DEFAULT_ZONE_DIR,
				     }, &tuple);
	if (!hash)
		return false;
	nf_ct_put(nf_ct_tuplehash_to_ctrack(hash));
	return true;
}

/**
 * vseg_track_denied - why a frame is denied
 * @track: frame that its cell denies
 * @reason: what its cell says
 *
 * Context: netfilter hook.
 * Return: enum vseg_reason.
 */
u8 vseg_track_denied(struct vseg_track *track, u8 reason)
{
	if (track->mismatch)
		return VSEG_REASON_STATE_MISMATCH;
	if (track->fits && track->zone && !track->ct && !track->full &&
	    vseg_track_of_flow(track))
		return VSEG_REASON_STATE_INVALID;
	return reason;
}

/**
 * vseg_track_end - nothing more to ask
 * @track: frame
 */
void vseg_track_end(struct vseg_track *track)
{
	nf_ct_put(track->ct);
}
