// SPDX-License-Identifier: GPL-2.0
/*
 * What a flow's frame costs that connection tracking is asked of, and what it costs
 * that the kernel's flow table is asked of first, as act_ct does: bounds for
 * vseg's stateful rules, which do more besides.
 *
 * The frames are UDP or TCP over IPv4.  A flow comes into the table once
 * connection tracking has seen both directions; a FIN or an RST takes it out.
 * The number of the zone stands where the table has the device of ingress, so
 * one table serves all zones.
 */
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netfilter_bridge.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_flow_table.h>

#define FLOW_ZONE	4711

static bool table;
module_param(table, bool, 0444);
MODULE_PARM_DESC(table, "ask the flow table first");

static struct nf_flowtable flow_table;
static struct nf_conn *flow_template;

/* How often the table knew a flow. */
static unsigned long known;
module_param(known, ulong, 0444);

static void flow_add(struct nf_conn *ct)
{
	struct flow_offload *flow;

	if (test_and_set_bit(IPS_OFFLOAD_BIT, &ct->status))
		return;
	flow = flow_offload_alloc(ct);
	if (!flow)
		return;
	flow->tuplehash[0].tuple.iifidx = FLOW_ZONE;
	flow->tuplehash[1].tuple.iifidx = FLOW_ZONE;
	if (nf_ct_protonum(ct) == IPPROTO_TCP) {
		/* The table doesn't follow windows. */
		ct->proto.tcp.seen[0].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
		ct->proto.tcp.seen[1].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
	}
	if (flow_offload_add(&flow_table, flow))
		flow_offload_free(flow);
}

/* Connection tracking as vseg asks it; the frame keeps nothing of it. */
static void flow_ask(struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct nf_hook_state hook = {
		.hook = NF_INET_PRE_ROUTING,
		.pf = NFPROTO_IPV4,
		.net = state->net,
	};
	unsigned long kept = skb->_nfct;
	enum ip_conntrack_info info;
	struct nf_conn *ct;

	skb_reset_network_header(skb);
	nf_conntrack_get(&flow_template->ct_general);
	skb->_nfct = (unsigned long)flow_template | IP_CT_NEW;
	nf_conntrack_in(skb, &hook);
	ct = nf_ct_get(skb, &info);
	if (ct && nf_conntrack_confirm(skb) == NF_ACCEPT) {
		ct = nf_ct_get(skb, &info);
		if (table && ct && test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
			flow_add(ct);
	}
	nf_ct_put(ct);
	skb->_nfct = kept;
}

/* What the table has for key; false when it can have nothing. */
static bool flow_key(struct sk_buff *skb, struct flow_offload_tuple *key)
{
	const struct flow_ports *ports;
	const struct iphdr *ip;
	unsigned int need;

	if (skb->protocol != htons(ETH_P_IP) ||
	    !pskb_may_pull(skb, sizeof(*ip) + sizeof(*ports)))
		return false;
	ip = (const struct iphdr *)skb->data;
	if (ip->version != 4 || ip->ihl != 5 ||
	    (ip->frag_off & htons(IP_MF | IP_OFFSET)))
		return false;
	need = ip->protocol == IPPROTO_TCP ? sizeof(struct tcphdr) :
					     sizeof(struct udphdr);
	if ((ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP) ||
	    !pskb_may_pull(skb, sizeof(*ip) + need))
		return false;
	ip = (const struct iphdr *)skb->data;
	ports = (const struct flow_ports *)(ip + 1);
	key->src_v4.s_addr = ip->saddr;
	key->dst_v4.s_addr = ip->daddr;
	key->src_port = ports->source;
	key->dst_port = ports->dest;
	key->l3proto = AF_INET;
	key->l4proto = ip->protocol;
	key->iifidx = FLOW_ZONE;
	return true;
}

static bool flow_ends(const struct sk_buff *skb, u8 protocol)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	const struct tcphdr *tcp = (const struct tcphdr *)(ip + 1);

	return protocol == IPPROTO_TCP && (tcp->fin || tcp->rst);
}

/* Whose the flow is, and which policy allowed it: what vseg would have to read
 * of it before it lets the frame pass.
 */
static bool flow_still_allowed(const struct nf_conn *ct)
{
	return !READ_ONCE(ct->mark);
}

static bool flow_known(struct sk_buff *skb)
{
	struct flow_offload_tuple_rhash *hash;
	struct flow_offload_tuple key = {};
	struct flow_offload *flow;

	if (!flow_key(skb, &key))
		return false;
	hash = flow_offload_lookup(&flow_table, &key);
	if (!hash)
		return false;
	flow = container_of(hash, struct flow_offload,
			    tuplehash[hash->tuple.dir]);
	if (!flow_still_allowed(flow->ct))
		return false;
	if (flow_ends(skb, key.l4proto)) {
		flow_offload_teardown(flow);
		return false;
	}
	flow_offload_refresh(&flow_table, flow, false);
	known++;
	return true;
}

static unsigned int flow_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	if (!table || !flow_known(skb))
		flow_ask(skb, state);
	return NF_ACCEPT;
}

static const struct nf_hook_ops flow_ops = {
	.hook = flow_hook,
	.pf = NFPROTO_BRIDGE,
	.hooknum = NF_BR_FORWARD,
	.priority = NF_BR_PRI_LAST,
};

static struct nf_flowtable_type flow_type = {
	.owner = THIS_MODULE,
};

static int __init flow_init(void)
{
	const struct nf_conntrack_zone zone = {
		.id = FLOW_ZONE,
		.dir = NF_CT_DEFAULT_ZONE_DIR,
	};
	int err;

	flow_table.type = &flow_type;
	write_pnet(&flow_table.net, &init_net);
	err = nf_flow_table_init(&flow_table);
	if (err)
		return err;
	flow_template = nf_ct_tmpl_alloc(&init_net, &zone, GFP_KERNEL);
	err = -ENOMEM;
	if (!flow_template)
		goto err_table;
	err = nf_register_net_hook(&init_net, &flow_ops);
	if (err)
		goto err_template;
	return 0;

err_template:
	nf_ct_tmpl_free(flow_template);
err_table:
	nf_flow_table_free(&flow_table);
	return err;
}

static void __exit flow_exit(void)
{
	nf_unregister_net_hook(&init_net, &flow_ops);
	nf_ct_tmpl_free(flow_template);
	nf_flow_table_free(&flow_table);
}

module_init(flow_init);
module_exit(flow_exit);

MODULE_DESCRIPTION("Asks connection tracking or the flow table of each frame");
MODULE_LICENSE("GPL");
