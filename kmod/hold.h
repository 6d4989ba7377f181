/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fragments on their way: those that come before the first one of their
 * datagram wait for it.
 */
#ifndef VSEG_HOLD_H
#define VSEG_HOLD_H

#include "fragment.h"
#include "port.h"

struct nf_hook_state;
struct vseg_holds;

int vseg_hold_init(struct vseg_net *vn);
void vseg_hold_forget(struct vseg_net *vn, const struct net_device *dev);
void vseg_hold_destroy(struct vseg_net *vn);

bool vseg_hold_first(struct vseg_net *vn, const struct sk_buff *skb,
		     const struct vseg_fields *fields,
		     struct vseg_datagram *datagram, u64 flow);
enum vseg_fragment_answer
vseg_hold_later(struct vseg_net *vn, struct sk_buff *skb,
		struct net_device *bridge, const struct nf_hook_state *state,
		const struct vseg_fields *fields,
		struct vseg_datagram *datagram, struct vseg_first *first);

#endif /* VSEG_HOLD_H */
