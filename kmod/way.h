/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a frame that the fast path leaves.
 */
#ifndef VSEG_WAY_H
#define VSEG_WAY_H

#include <linux/netfilter.h>

#include "event.h"
#include "port.h"

struct vseg_first;

/**
 * struct vseg_routed - a frame that the host routes
 * @vn: namespace
 * @skb: frame
 * @policy: policy that decides it
 * @src: binding of the bridge device where its drop counts as entered
 * @dst: binding that it leaves by; of the bridge device in routing itself
 * @state: of the hook
 * @from: domain that it comes from; NULL when its label is lost
 * @to: domain that it goes to; NULL for that of @dst
 * @hook: enum vseg_hook
 */
struct vseg_routed {
	struct vseg_net *vn;
	struct sk_buff *skb;
	const struct vseg_policy *policy;
	struct vseg_binding *src;
	struct vseg_binding *dst;
	const struct nf_hook_state *state;
	struct vseg_domain *from;
	struct vseg_domain *to;
	u8 hook;
};

unsigned int vseg_decide_slowly(struct sk_buff *skb,
				const struct vseg_policy *policy,
				struct vseg_binding *src,
				struct vseg_binding *dst,
				const struct nf_hook_state *state,
				const struct vseg_cell *cell);
unsigned int vseg_decide_rules(struct sk_buff *skb,
			       const struct vseg_policy *policy,
			       struct vseg_binding *src,
			       struct vseg_binding *dst,
			       const struct nf_hook_state *state,
			       const struct vseg_cell *cell);
unsigned int vseg_refuse(struct sk_buff *skb, struct vseg_binding *src,
			 struct vseg_binding *dst,
			 const struct nf_hook_state *state,
			 const struct vseg_cell *cell);
unsigned int vseg_decide_held(struct vseg_net *vn, struct sk_buff *skb,
			      const struct net_device *bridge,
			      const struct nf_hook_state *state,
			      const struct vseg_first *first);
unsigned int vseg_take_in(struct sk_buff *skb,
			  const struct vseg_policy *policy,
			  struct vseg_binding *src, struct vseg_binding *dst,
			  const struct nf_hook_state *state);
unsigned int vseg_decide_routed(const struct vseg_routed *routed);
bool vseg_drop_watched(struct vseg_net *vn);
void vseg_tell_drop(struct vseg_net *vn, struct vseg_drop *drop, bool apart);
unsigned int vseg_drop_undecided(struct vseg_net *vn, const struct sk_buff *skb,
				 const struct nf_hook_state *state, u8 reason,
				 atomic64_t *counter);

#endif /* VSEG_WAY_H */
