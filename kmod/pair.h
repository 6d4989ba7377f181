/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who tried to talk to whom: the bounded table of denied pairs of domains, and
 * how many events each pair may make.
 */
#ifndef VSEG_PAIR_H
#define VSEG_PAIR_H

#include "event.h"

/**
 * struct vseg_pair_info - a denied pair, for a reader
 * @src: name of the source domain
 * @dst: name of the destination domain
 * @src_id: id of the source domain
 * @dst_id: id of the destination domain
 * @reason: enum vseg_reason of the last copy
 * @in_ifindex: port that the last copy entered by; 0 when the host sent it
 * @out_ifindex: port that it would have left by; 0 when it was for the host
 * @packets: copies dropped
 * @bytes: their bytes
 * @would_packets: copies that passed only because of monitor mode
 * @would_bytes: their bytes
 * @first: when the first copy came, as get_jiffies_64()
 * @last: when the last copy came, likewise
 */
struct vseg_pair_info {
	char src[VSEG_NAME_MAX + 1];
	char dst[VSEG_NAME_MAX + 1];
	u16 src_id;
	u16 dst_id;
	u8 reason;
	int in_ifindex;
	int out_ifindex;
	u64 packets;
	u64 bytes;
	u64 would_packets;
	u64 would_bytes;
	u64 first;
	u64 last;
};

/**
 * struct vseg_pair_counts - the table of pairs as a whole
 * @used: pairs in the table
 * @max: most pairs that it can hold
 * @evicted: pairs that made room for newer ones
 * @evicted_packets: copies that those had counted, would-drops included
 */
struct vseg_pair_counts {
	u32 used;
	u32 max;
	u64 evicted;
	u64 evicted_packets;
};

int vseg_pairs_init(struct vseg_net *vn);
void vseg_pairs_destroy(struct vseg_net *vn);
void vseg_pair_drop(struct vseg_net *vn, struct vseg_domain *src,
		    struct vseg_domain *dst, const struct nf_hook_state *state,
		    u32 len, u8 reason);
bool vseg_pair_hit(struct vseg_net *vn, const struct vseg_drop *drop,
		   u64 *limited);
bool vseg_pair_read(struct vseg_net *vn, u32 *pos,
		    struct vseg_pair_info *info);
void vseg_pairs_read(const struct vseg_net *vn,
		     struct vseg_pair_counts *counts);

#endif /* VSEG_PAIR_H */
