// SPDX-License-Identifier: GPL-2.0
/*
 * A bridge hook that looks at nothing: what any hook costs, and what a frame
 * costs that the cheapest of hooks drops.
 */
#include <linux/module.h>
#include <linux/netfilter_bridge.h>
#include <net/net_namespace.h>

static uint drop;
module_param(drop, uint, 0444);
MODULE_PARM_DESC(drop, "drop no frames (0), all (1), or those to the host and to devices whose name ends in an odd digit (2)");

static unsigned int empty_accept(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static unsigned int empty_drop(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	return NF_DROP;
}

static unsigned int empty_drop_some(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const char *name = state->out ? state->out->name : "1";

	return name[strlen(name) - 1] & 1 ? NF_DROP : NF_ACCEPT;
}

static struct nf_hook_ops empty_ops[] = {
	{
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_FORWARD,
		.priority = NF_BR_PRI_LAST,
	},
	{
		.pf = NFPROTO_BRIDGE,
		.hooknum = NF_BR_LOCAL_IN,
		.priority = NF_BR_PRI_LAST - 1,
	},
};

static int __init empty_init(void)
{
	static nf_hookfn * const hooks[] = {
		empty_accept, empty_drop, empty_drop_some
	};
	int i;

	if (drop >= ARRAY_SIZE(hooks))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(empty_ops); i++)
		empty_ops[i].hook = hooks[drop];
	return nf_register_net_hooks(&init_net, empty_ops,
				     ARRAY_SIZE(empty_ops));
}

static void __exit empty_exit(void)
{
	nf_unregister_net_hooks(&init_net, empty_ops, ARRAY_SIZE(empty_ops));
}

module_init(empty_init);
module_exit(empty_exit);

MODULE_DESCRIPTION("A bridge hook that looks at nothing");
MODULE_LICENSE("GPL");
