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
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "skb.h"
#include "state.h"

#if !defined(CONFIG_NF_CONNTRACK_MARK) || \
	!defined(CONFIG_NF_CONNTRACK_ZONES) || \
	!defined(CONFIG_NF_CONNTRACK_LABELS)
#error "vseg needs connection tracking with marks, zones and labels"
#endif

/* Between two looks at what is over. */
#define VSEG_STATE_GAP		(2 * HZ)

/*
 * The word that an entry carries in its labels: the generation of the policy
 * that last judged it, the rule of that policy, and flags.  One word, so that
 * whoever reads it reads what one frame wrote.
 */
#define VSEG_WORD_GENERATION	24
#define VSEG_WORD_RULE		8
#define VSEG_WORD_KEEP		BIT(0)	/* outlives its rule */
#define VSEG_WORD_COUNTED	BIT(1)	/* in the ring of its domain */
#define VSEG_WORD_ASLEEP	BIT(2)	/* denied now */
#define VSEG_WORD_FLAGS		(BIT(VSEG_WORD_RULE) - 1)

/* A flow that outlived its rule; greater than the place of any. */
#define VSEG_RULE_NONE		0xffff

static_assert(VSEG_MAX_CELL_RULES < VSEG_RULE_NONE);
static_assert(sizeof(struct nf_conn_labels) >= sizeof(u64));

static u64 vseg_word(const struct vseg_policy *policy, u32 rule, u8 flags)
{
	return policy->generation << VSEG_WORD_GENERATION |
	       rule << VSEG_WORD_RULE | flags;
}

static u32 vseg_word_rule(u64 word)
{
	return word >> VSEG_WORD_RULE & VSEG_RULE_NONE;
}

static bool vseg_word_current(u64 word, const struct vseg_policy *policy)
{
	return !((word >> VSEG_WORD_GENERATION ^ policy->generation) &
		 (~0ULL >> VSEG_WORD_GENERATION));
}

static u64 vseg_word_read(const struct nf_conn *ct)
{
	const struct nf_conn_labels *labels = nf_ct_labels_find(ct);

	return labels ? READ_ONCE(labels->bits[0]) : 0;
}

/* False without labels: the entry came before vseg asked for them. */
static bool vseg_word_write(struct nf_conn *ct, u64 word)
{
	struct nf_conn_labels *labels = nf_ct_labels_find(ct);

	if (labels)
		WRITE_ONCE(labels->bits[0], word);
	return labels;
}

/**
 * vseg_state_asleep - is an entry of a flow that the policy denies?
 * @ct: entry
 *
 * Return: whether it is.
 */
bool vseg_state_asleep(const struct nf_conn *ct)
{
	return vseg_word_read(ct) & VSEG_WORD_ASLEEP;
}

static u32 vseg_state_pair(const struct vseg_domain *from,
			   const struct vseg_domain *to)
{
	return (u32)from->id << 16 | to->id;
}

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
	enum ip_conntrack_info info;
	struct vseg_skb_kept kept;
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

/*
 * Judging a flow anew, after a commit.
 */

static struct vseg_address vseg_tuple_address(const union nf_inet_addr *addr,
					      u8 version)
{
	if (version == 4)
		return (struct vseg_address){ .lo = ntohl(addr->ip) };
	return (struct vseg_address){
		.hi = (u64)ntohl(addr->ip6[0]) << 32 | ntohl(addr->ip6[1]),
		.lo = (u64)ntohl(addr->ip6[2]) << 32 | ntohl(addr->ip6[3]),
	};
}

static void vseg_tuple_transport(const struct nf_conntrack_tuple *tuple,
				 struct vseg_fields *fields)
{
	switch (fields->protocol) {
	case IPPROTO_TCP:
		/* As its first segment was. */
		fields->tcp_flags = 0x02;
		fields->known |= VSEG_FIELD(TCP_FLAGS);
		fallthrough;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		fields->sport = ntohs(tuple->src.u.all);
		fields->dport = ntohs(tuple->dst.u.all);
		fields->known |= VSEG_FIELD(SOURCE_PORT) |
				 VSEG_FIELD(DESTINATION_PORT);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		fields->icmp = tuple->dst.u.icmp.type << 8 |
			       tuple->dst.u.icmp.code;
		fields->known |= VSEG_FIELD(ICMP);
		break;
	}
}

/* The datagram that began the flow. */
static void vseg_tuple_describe(const struct nf_conn *ct, u16 vid,
				struct vseg_fields *fields)
{
	const struct nf_conntrack_tuple *tuple =
		nf_ct_tuple(ct, IP_CT_DIR_ORIGINAL);

	*fields = (struct vseg_fields) {
		.known = VSEG_FIELD(ETHERTYPE) | VSEG_FIELD(VLAN) |
			 VSEG_FIELD(PROTOCOL) | VSEG_FIELD(SOURCE) |
			 VSEG_FIELD(DESTINATION) | VSEG_FIELD(FRAGMENT),
		.version = tuple->src.l3num == NFPROTO_IPV4 ? 4 : 6,
		.vlan = vid,
		.protocol = tuple->dst.protonum,
		.fragment = VSEG_FRAGMENT_WHOLE,
	};
	fields->ethertype = fields->version == 4 ? ETH_P_IP : ETH_P_IPV6;
	fields->src = vseg_tuple_address(&tuple->src.u3, fields->version);
	fields->dst = vseg_tuple_address(&tuple->dst.u3, fields->version);
	vseg_tuple_transport(tuple, fields);
}

/* The stateful rule that allows the flow now, or VSEG_RULE_NONE. */
static u32 vseg_judge_rule(const struct vseg_track *track, u16 from, u16 to,
			   u8 *flags)
{
	const struct vseg_cell *cell = vseg_policy_cell(track->policy, from, to);
	struct vseg_fields fields;
	u32 index;

	if (!vseg_cell_stateful(cell))
		return VSEG_RULE_NONE;
	vseg_tuple_describe(track->ct, track->vid, &fields);
	if (vseg_rules_decide(cell->rules, &fields, &index) !=
	    VSEG_REASON_NONE)
		return VSEG_RULE_NONE;
	*flags = cell->rules->rule[index]->flags;
	return *flags & VSEG_RULE_FLAGS_STATE ? index : VSEG_RULE_NONE;
}

/* A TCP flow that was denied may be allowed again, and then goes on. */
static bool vseg_may_sleep(const struct nf_conn *ct)
{
	return nf_ct_protonum(ct) == IPPROTO_TCP &&
	       test_bit(IPS_ASSURED_BIT, &ct->status);
}

/* An entry that vseg didn't make is counted from here on. */
static bool vseg_judge_count(const struct vseg_track *track,
			     struct vseg_domain *from, u64 *word)
{
	u32 place;

	if (*word & VSEG_WORD_COUNTED)
		return true;
	if (!vseg_flow_add(&track->state->flows, from, track->ct,
			   track->policy->settings.state_limit, &place))
		return false;
	*word |= VSEG_WORD_COUNTED;
	return true;
}

/* Returns the entry's new word. */
static noinline u64 vseg_track_judge(struct vseg_track *track, u64 word,
				     struct vseg_domain *from,
				     const struct vseg_domain *to)
{
	u8 flags = 0, keep = word & VSEG_WORD_KEEP;
	u32 rule = vseg_judge_rule(track, from->slot, to->slot, &flags);

	word &= VSEG_WORD_COUNTED;
	if (rule != VSEG_RULE_NONE)
		keep = flags & VSEG_RULE_FLAGS_KEEP ? VSEG_WORD_KEEP : 0;
	if ((rule == VSEG_RULE_NONE && !keep) ||
	    !vseg_judge_count(track, from, &word))
		word |= VSEG_WORD_ASLEEP;
	if (keep && !READ_ONCE(track->zone->keep))
		vseg_zone_keep(&track->state->zones, track->zone);
	word = vseg_word(track->policy, rule, word | keep);
	if (!vseg_word_write(track->ct, word))
		word |= VSEG_WORD_ASLEEP;
	return word;
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
	bool asked = track->zone;

	if (!asked)
		track->zone = vseg_zone_make(&track->state->zones,
					     &track->policy->settings,
					     track->bridge, track->vid,
					     track->src, track->dst);
	if (!track->zone) {
		atomic64_inc(&track->state->flows.refused);
		track->full = true;
		return false;
	}
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

/*
 * Of a namespace.
 */

static void vseg_state_work(struct work_struct *work)
{
	struct vseg_state *state = container_of(to_delayed_work(work),
						struct vseg_state, work);
	struct vseg_net *vn = state->vn;
	struct vseg_policy *policy;
	bool again = true;

	mutex_lock(&vn->commit_lock);
	/* Else frames may still be decided by the policy before. */
	if (!vn->unsettled) {
		mutex_lock(&vn->lock);
		policy = vseg_policy_locked(vn);
		mutex_unlock(&vn->lock);
		vseg_zones_sweep(vn, &state->zones);
		vseg_flows_sweep(&state->flows, policy ? policy->tables : NULL);
		again = policy && (policy->stateful || state->zones.n ||
				   atomic_read(&state->flows.n));
	}
	mutex_unlock(&vn->commit_lock);
	if (again)
		queue_delayed_work(vseg_wq, &state->work, VSEG_STATE_GAP);
}

static void vseg_templates_free(struct vseg_state *state)
{
	struct nf_conn *template;
	int cpu;

	if (!state->template)
		return;
	for_each_possible_cpu(cpu) {
		template = *per_cpu_ptr(state->template, cpu);
		if (template)
			nf_ct_put(template);
	}
	free_percpu(state->template);
}

static int vseg_templates_make(struct vseg_state *state)
{
	struct nf_conn *template;
	int cpu;

	state->template = alloc_percpu_gfp(struct nf_conn *,
					   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!state->template)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		template = nf_ct_tmpl_alloc(state->vn->net, &nf_ct_zone_dflt,
					    GFP_KERNEL_ACCOUNT);
		if (!template)
			return -ENOMEM;
		/* So that what a helper expects is found in its zone. */
		__set_bit(IPS_CONFIRMED_BIT, &template->status);
		*per_cpu_ptr(state->template, cpu) = template;
	}
	return 0;
}

static struct vseg_state *vseg_state_make(struct vseg_net *vn)
{
	struct vseg_state *state;

	state = kvzalloc(sizeof(*state), VSEG_GFP_TABLE);
	if (!state)
		return NULL;
	state->vn = vn;
	vseg_zones_init(&state->zones);
	vseg_flows_init(&state->flows);
	INIT_DELAYED_WORK(&state->work, vseg_state_work);
	if (vseg_templates_make(state)) {
		vseg_templates_free(state);
		kvfree(state);
		return NULL;
	}
	return state;
}

/**
 * vseg_state_prepare - get ready for stateful rules
 * @vn: namespace
 * @t: tables that are about to be in force
 *
 * Context: vseg_net.commit_lock held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int vseg_state_prepare(struct vseg_net *vn, const struct vseg_tables *t)
{
	struct vseg_state *state = vn->state;

	lockdep_assert_held(&vn->commit_lock);

	if (!t->stateful)
		return 0;
	if (!state) {
		state = vseg_state_make(vn);
		if (!state)
			return -ENOMEM;
		/* Whoever sees the policy sees it; readers of counts, too. */
		smp_store_release(&vn->state, state);
	}
	if (!state->labels) {
		int err = nf_connlabels_get(vn->net, 0);

		if (err)
			return err;
		state->labels = true;
	}
	return 0;
}

/**
 * vseg_state_kick - what flows need has changed
 * @vn: namespace
 *
 * Context: process.
 */
void vseg_state_kick(struct vseg_net *vn)
{
	if (vn->state)
		mod_delayed_work(vseg_wq, &vn->state->work, 0);
}

/**
 * vseg_state_clear - end all flows
 * @vn: namespace; no policy is in force, and no frame is decided by one
 *
 * Connection tracking waits for all entries that somebody refers to before a
 * namespace goes.
 *
 * Context: vseg_net.commit_lock held; may sleep.
 */
void vseg_state_clear(struct vseg_net *vn)
{
	struct vseg_state *state = vn->state;

	lockdep_assert_held(&vn->commit_lock);

	if (!state)
		return;
	vseg_zones_clear(vn, &state->zones);
	vseg_flows_clear(&state->flows);
	if (state->labels)
		nf_connlabels_put(vn->net);
	state->labels = false;
}

/**
 * vseg_state_net_exit - no worker runs any more
 * @vn: namespace; vseg_state_clear() was here
 *
 * Context: process, may sleep; vseg_net.commit_lock not held.
 */
void vseg_state_net_exit(struct vseg_net *vn)
{
	if (vn->state)
		cancel_delayed_work_sync(&vn->state->work);
}

/**
 * vseg_state_free - free what is left
 * @vn: namespace; no frame comes any more
 */
void vseg_state_free(struct vseg_net *vn)
{
	if (!vn->state)
		return;
	vseg_templates_free(vn->state);
	kvfree(vn->state);
	vn->state = NULL;
}
