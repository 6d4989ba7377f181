/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames on their way through the host's routing.
 */
#ifndef VSEG_ROUTE_H
#define VSEG_ROUTE_H

#include <linux/netlink.h>

#include "skb.h"
#include "way.h"

/**
 * vseg_route_received - has the host got a frame from somewhere else?
 * @skb: frame at LOCAL_OUT
 * @state: of the hook
 *
 * Clones keep the device that a frame was received by, unlike its socket.
 *
 * Return: whether it has; else the host, or the bridge itself, made it.
 */
static inline bool vseg_route_received(const struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	return skb->skb_iif && !vseg_skb_own(state);
}

unsigned int vseg_route_out(struct vseg_net *vn, struct sk_buff *skb,
			    const struct vseg_policy *policy,
			    struct vseg_binding *src, struct vseg_binding *dst,
			    const struct nf_hook_state *state);

void vseg_route_init(void);
void vseg_route_mark(struct vseg_policy *policy, const struct vseg_policy *old);
int vseg_route_seal(struct vseg_tables *t, struct netlink_ext_ack *extack);
int vseg_route_prepare(struct vseg_net *vn, const struct vseg_tables *t);
void vseg_route_settle(struct vseg_net *vn, const struct vseg_tables *t);

#endif /* VSEG_ROUTE_H */
