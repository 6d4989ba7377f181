/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frame and connection tracking: what it is part of, and whether it may be.
 */
#ifndef VSEG_TRACK_H
#define VSEG_TRACK_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_labels.h>

#include "state.h"

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

/**
 * enum vseg_tracked - what connection tracking says of a frame
 * @VSEG_TRACKED_NONE: nothing: the frame may begin a flow, or is none
 * @VSEG_TRACKED_FLOW: it is part of a flow, in the direction that began it
 * @VSEG_TRACKED_BACK: it is part of a flow, but counts for no rule: an answer,
 *	a related error, or of a flow that outlived its rule
 */
enum vseg_tracked {
	VSEG_TRACKED_NONE,
	VSEG_TRACKED_FLOW,
	VSEG_TRACKED_BACK,
};

/**
 * struct vseg_track - a frame for connection tracking
 * @state: of the namespace
 * @policy: policy that decides it
 * @skb: the frame
 * @bridge: bridge that it crosses
 * @src: domain that it comes from
 * @dst: domain that it goes to
 * @cell: the cell of the two
 * @vid: VLAN of the bridge, or %VSEG_VID_NONE
 * @fields: what it says, once @described
 * @described: see @fields
 * @fits: connection tracking can be asked of it
 * @full: it could not be asked for want of memory or room
 * @first: it is the first fragment of a datagram
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @info: enum ip_conntrack_info, with @ct
 * @mismatch: @ct belongs to another ordered pair of domains
 * @end: bytes of the IP packet
 * @rule: place of the rule that allowed the flow, with %VSEG_TRACKED_FLOW
 * @zone: its zone, or NULL
 * @ct: its entry, or NULL; a reference
 */
struct vseg_track {
	struct vseg_state *state;
	const struct vseg_policy *policy;
	struct sk_buff *skb;
	struct vseg_bridge *bridge;
	struct vseg_domain *src;
	struct vseg_domain *dst;
	const struct vseg_cell *cell;
	u16 vid;
	struct vseg_fields *fields;
	bool described;
	bool fits;
	bool full;
	bool first;
	u8 pf;
	u8 info;
	bool mismatch;
	u32 end;
	u32 rule;
	struct vseg_zone *zone;
	struct nf_conn *ct;
};

static inline u64 vseg_word(const struct vseg_policy *policy, u32 rule, u8 flags)
{
	return policy->generation << VSEG_WORD_GENERATION |
	       rule << VSEG_WORD_RULE | flags;
}

static inline u32 vseg_word_rule(u64 word)
{
	return word >> VSEG_WORD_RULE & VSEG_RULE_NONE;
}

static inline bool vseg_word_current(u64 word,
				     const struct vseg_policy *policy)
{
	return !((word >> VSEG_WORD_GENERATION ^ policy->generation) &
		 (~0ULL >> VSEG_WORD_GENERATION));
}

static inline u64 vseg_word_read(const struct nf_conn *ct)
{
	const struct nf_conn_labels *labels = nf_ct_labels_find(ct);

	return labels ? READ_ONCE(labels->bits[0]) : 0;
}

/* False without labels: the entry came before vseg asked for them. */
static inline bool vseg_word_write(struct nf_conn *ct, u64 word)
{
	struct nf_conn_labels *labels = nf_ct_labels_find(ct);

	if (labels)
		WRITE_ONCE(labels->bits[0], word);
	return labels;
}

static inline u32 vseg_state_pair(const struct vseg_domain *from,
				  const struct vseg_domain *to)
{
	return (u32)from->id << 16 | to->id;
}

u8 vseg_track_find(struct vseg_track *track);
void vseg_track_describe(struct vseg_track *track);
u8 vseg_track_begin(struct vseg_track *track, u32 rule);
u8 vseg_track_denied(struct vseg_track *track, u8 reason);
void vseg_track_end(struct vseg_track *track);

/* Judging a flow after a commit: judge.c. */
u64 vseg_track_judge(struct vseg_track *track, u64 word,
		     struct vseg_domain *from, const struct vseg_domain *to);
bool vseg_may_sleep(const struct nf_conn *ct);

#endif /* VSEG_TRACK_H */
