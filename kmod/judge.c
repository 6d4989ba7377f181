// SPDX-License-Identifier: GPL-2.0
/*
 * Stateful rules: judging a flow anew after a commit, by the datagram that
 * began it.
 */
#include <linux/if_ether.h>
#include <net/netfilter/nf_conntrack.h>

#include "track.h"

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

/**
 * vseg_may_sleep - may a flow that is denied be allowed again, and go on?
 * @ct: its entry
 *
 * Return: whether it may: a TCP connection that is up.
 */
bool vseg_may_sleep(const struct nf_conn *ct)
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

/**
 * vseg_track_judge - is a flow allowed by the policy that is in force now?
 * @track: a frame of it
 * @word: its word
 * @from: domain that it began from
 * @to: domain that it began to
 *
 * Context: netfilter hook.
 * Return: its new word.
 */
u64 vseg_track_judge(struct vseg_track *track, u64 word,
		     struct vseg_domain *from, const struct vseg_domain *to)
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
