// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: its operations, and what the objects' files share.
 */
#include <linux/user_namespace.h>

#include "genl.h"

/* More than any request has types. */
#define VSEG_GENL_TYPES		64

/*
 * Requests.
 */

/**
 * vseg_genl_restricted - are the limits of a user namespace in force?
 * @vn: namespace
 *
 * Return: whether they are.
 */
bool vseg_genl_restricted(const struct vseg_net *vn)
{
	return vn->net->user_ns != &init_user_ns;
}

/**
 * vseg_genl_net - the namespace of a request
 * @info: request
 *
 * Return: the namespace's state; never NULL while requests are served.
 */
struct vseg_net *vseg_genl_net(struct genl_info *info)
{
	return vseg_net(genl_info_net(info));
}

static int vseg_genl_seen(const struct nlattr *attr, unsigned long *seen,
			  struct netlink_ext_ack *extack)
{
	int type = nla_type(attr);

	/* What is out of range is refused by its policy. */
	if (type >= VSEG_GENL_TYPES || !__test_and_set_bit(type, seen))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "attribute given twice");
	return -EINVAL;
}

/**
 * vseg_genl_once - refuse attributes that are given twice
 * @info: request
 * @many: type of the one that may be, or 0
 *
 * Netlink takes the last one and forgets the others; the sender meant
 * something else.
 *
 * Return: 0 or -EINVAL.
 */
int vseg_genl_once(struct genl_info *info, int many)
{
	DECLARE_BITMAP(seen, VSEG_GENL_TYPES) = {};
	const struct nlattr *attr;
	int err, rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == many)
			continue;
		err = vseg_genl_seen(attr, seen, info->extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vseg_genl_once_nested - the same inside a nest
 * @nest: nest
 * @extack: told which
 *
 * Return: 0 or -EINVAL.
 */
int vseg_genl_once_nested(const struct nlattr *nest,
			  struct netlink_ext_ack *extack)
{
	DECLARE_BITMAP(seen, VSEG_GENL_TYPES) = {};
	const struct nlattr *attr;
	int err, rem;

	nla_for_each_nested(attr, nest, rem) {
		err = vseg_genl_seen(attr, seen, extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vseg_genl_count - how often is an attribute given?
 * @info: request
 * @type: its type
 *
 * Return: that.
 */
u32 vseg_genl_count(struct genl_info *info, int type)
{
	const struct nlattr *attr;
	u32 n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == type;
	return n;
}

/**
 * vseg_genl_name - the string of an attribute, all of it
 * @attr: attribute of type NLA_NUL_STRING, validated
 * @extack: told why not
 *
 * Return: the string in the message; NULL when more follows its end, which
 * the sender took for a part of the name.
 */
const char *vseg_genl_name(const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);

	if (strnlen(name, nla_len(attr)) + 1 == nla_len(attr))
		return name;
	NL_SET_ERR_MSG_ATTR(extack, attr, "a name ends at a zero byte");
	return NULL;
}

/**
 * vseg_genl_refusal - see that a refusal has words
 * @extack: where they go, or NULL
 * @err: what a request came to
 *
 * Memory can be missing in many places, and most of them see no extack.
 *
 * Return: @err.
 */
int vseg_genl_refusal(struct netlink_ext_ack *extack, int err)
{
	if (err == -ENOMEM && extack && !extack->_msg)
		NL_SET_ERR_MSG(extack, "not enough memory; nothing was changed");
	return err;
}

/*
 * Replies and dumps.
 */

/**
 * vseg_genl_reply_begin - begin the reply to a request
 * @info: request
 * @hdr: result: its header
 *
 * Return: the message; NULL without memory, with an extack.
 */
struct sk_buff *vseg_genl_reply_begin(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		goto err;
	*hdr = genlmsg_put_reply(msg, info, &vseg_genl_family, 0,
				 info->genlhdr->cmd);
	if (*hdr)
		return msg;
	nlmsg_free(msg);
err:
	vseg_genl_refusal(info->extack, -ENOMEM);
	return NULL;
}

/**
 * vseg_genl_reply - send the reply to a request
 * @info: request
 * @msg: reply; taken
 * @hdr: its header
 * @err: what filling it came to
 *
 * Return: 0 or a negative errno.
 */
int vseg_genl_reply(struct genl_info *info, struct sk_buff *msg, void *hdr,
		    int err)
{
	if (err) {
		nlmsg_free(msg);
		return vseg_genl_refusal(info->extack, err);
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * vseg_genl_answer - reply to a request with what one function puts
 * @info: request
 * @fill: puts it, or has an extack why not; called with vseg_net.lock held
 *
 * Return: 0 or a negative errno.
 */
int vseg_genl_answer(struct genl_info *info, vseg_fill_t fill)
{
	struct vseg_net *vn = vseg_genl_net(info);
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&vn->lock);
	err = fill(msg, vn, info);
	mutex_unlock(&vn->lock);
	return vseg_genl_reply(info, msg, hdr, err);
}

/**
 * vseg_genl_dump_put - begin a message of a dump
 * @skb: dump
 * @cb: its state; the sequence is set
 * @cmd: command
 *
 * Return: the header; NULL when the dump's buffer is full.
 */
void *vseg_genl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			 u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &vseg_genl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/**
 * vseg_genl_dump_end - end a message of a dump
 * @skb: dump
 * @hdr: from vseg_genl_dump_put()
 * @err: what filling it came to; then nothing of it stays
 *
 * Return: @err.
 */
int vseg_genl_dump_end(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

static int vseg_genl_put_reason(struct sk_buff *skb, u32 reason, u64 dropped,
				u64 would)
{
	struct nlattr *nest;

	if (!dropped && !would)
		return 0;
	nest = nla_nest_start(skb, VSEG_A_STATS_REASON);
	if (!nest || nla_put_u32(skb, VSEG_A_REASON_REASON, reason) ||
	    vseg_nla_put_uint(skb, VSEG_A_REASON_PACKETS, dropped) ||
	    vseg_nla_put_uint(skb, VSEG_A_REASON_WOULD_PACKETS, would))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vseg_genl_put_stats - put counters
 * @skb: message
 * @type: attribute that holds them
 * @sum: counters
 *
 * Return: 0 or -EMSGSIZE.
 */
int vseg_genl_put_stats(struct sk_buff *skb, int type,
			const struct vseg_sum *sum)
{
	const struct {
		int type;
		u64 value;
	} values[] = {
		{ VSEG_A_STATS_RX_PACKETS, sum->rx_packets },
		{ VSEG_A_STATS_RX_BYTES, sum->rx_bytes },
		{ VSEG_A_STATS_TX_PACKETS, sum->tx_packets },
		{ VSEG_A_STATS_TX_BYTES, sum->tx_bytes },
		{ VSEG_A_STATS_RX_DROPPED, sum->rx_dropped },
		{ VSEG_A_STATS_RX_DROPPED_BYTES, sum->rx_dropped_bytes },
		{ VSEG_A_STATS_TX_DROPPED, sum->tx_dropped },
		{ VSEG_A_STATS_TX_DROPPED_BYTES, sum->tx_dropped_bytes },
		{ VSEG_A_STATS_WOULD_DROP, sum->would_drop },
		{ VSEG_A_STATS_PASS_ADDRESS_RESOLUTION,
		  sum->pass[VSEG_PASS_ADDRESS_RESOLUTION - 1] },
		{ VSEG_A_STATS_PASS_BRIDGE_CONTROL,
		  sum->pass[VSEG_PASS_BRIDGE_CONTROL - 1] },
		{ VSEG_A_STATS_PASS_SERVICE,
		  sum->pass[VSEG_PASS_SERVICE - 1] },
		{ VSEG_A_STATS_PASS_STATE,
		  sum->pass[VSEG_PASS_STATE - 1] },
	};
	struct nlattr *nest;
	u32 i;

	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(values); i++)
		if (vseg_nla_put_uint(skb, values[i].type, values[i].value))
			return -EMSGSIZE;
	for (i = 0; i < __VSEG_REASON_MAX; i++)
		if (vseg_genl_put_reason(skb, i, sum->dropped[i],
					 sum->would[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/*
 * The family.
 */

#define VSEG_OP_DO(_cmd, _doit, _policy, _max, _flags)			\
	{ .cmd = (_cmd), .doit = (_doit), .policy = (_policy),		\
	  .maxattr = (_max), .flags = (_flags) }

#define VSEG_OP_GET(_cmd, _doit, _dumpit, _policy, _max)		\
	{ .cmd = (_cmd), .doit = (_doit), .dumpit = (_dumpit),		\
	  .policy = (_policy), .maxattr = (_max) }

/* Whether root of a user namespace may write is asked once more, see
 * vseg_genl_may_write().
 */
#define VSEG_OP_SET(_cmd, _doit, _policy, _max)				\
	VSEG_OP_DO(_cmd, _doit, _policy, _max, GENL_UNS_ADMIN_PERM)

static const struct genl_ops vseg_genl_ops[] = {
	VSEG_OP_GET(VSEG_CMD_STATUS_GET, vseg_genl_status_get, NULL, NULL, 0),
	VSEG_OP_SET(VSEG_CMD_BEGIN, vseg_genl_begin, NULL, 0),
	VSEG_OP_SET(VSEG_CMD_COMMIT, vseg_genl_commit,
		    vseg_commit_nl, VSEG_A_TXN_MAX),
	VSEG_OP_SET(VSEG_CMD_ABORT, vseg_genl_abort,
		    vseg_abort_nl, VSEG_A_TXN_MAX),
	VSEG_OP_SET(VSEG_CMD_OFF, vseg_genl_off, NULL, 0),
	VSEG_OP_GET(VSEG_CMD_SETTINGS_GET, vseg_genl_settings_get, NULL,
		    NULL, 0),
	VSEG_OP_SET(VSEG_CMD_SETTINGS_SET, vseg_genl_settings_set,
		    vseg_settings_nl, VSEG_A_SETTINGS_MAX),
	VSEG_OP_GET(VSEG_CMD_DOMAIN_GET, vseg_genl_domain_get,
		    vseg_genl_domain_dump, vseg_domain_get_nl, VSEG_A_DOMAIN_MAX),
	VSEG_OP_SET(VSEG_CMD_DOMAIN_ADD, vseg_genl_domain_add,
		    vseg_domain_add_nl, VSEG_A_DOMAIN_MAX),
	VSEG_OP_SET(VSEG_CMD_DOMAIN_DEL, vseg_genl_domain_del,
		    vseg_domain_del_nl, VSEG_A_DOMAIN_MAX),
	VSEG_OP_GET(VSEG_CMD_BRIDGE_GET, vseg_genl_bridge_get,
		    vseg_genl_bridge_dump, vseg_bridge_get_nl, VSEG_A_BRIDGE_MAX),
	VSEG_OP_SET(VSEG_CMD_BRIDGE_ADD, vseg_genl_bridge_add,
		    vseg_bridge_set_nl, VSEG_A_BRIDGE_MAX),
	VSEG_OP_SET(VSEG_CMD_BRIDGE_SET, vseg_genl_bridge_set,
		    vseg_bridge_set_nl, VSEG_A_BRIDGE_MAX),
	VSEG_OP_SET(VSEG_CMD_BRIDGE_DEL, vseg_genl_bridge_del,
		    vseg_bridge_del_nl, VSEG_A_BRIDGE_MAX),
	{
		.cmd = VSEG_CMD_PORT_GET,
		.doit = vseg_genl_port_get,
		.start = vseg_genl_port_dump_start,
		.dumpit = vseg_genl_port_dump,
		.policy = vseg_port_get_nl,
		.maxattr = VSEG_A_PORT_MAX,
	},
	VSEG_OP_SET(VSEG_CMD_PORT_BIND, vseg_genl_port_bind,
		    vseg_port_bind_nl, VSEG_A_PORT_MAX),
	VSEG_OP_SET(VSEG_CMD_PORT_UNBIND, vseg_genl_port_unbind,
		    vseg_port_unbind_nl, VSEG_A_PORT_MAX),
	VSEG_OP_GET(VSEG_CMD_CELL_GET, vseg_genl_cell_get,
		    vseg_genl_cell_dump, vseg_cell_get_nl, VSEG_A_CELL_MAX),
	VSEG_OP_SET(VSEG_CMD_CELL_SET, vseg_genl_cell_set,
		    vseg_cell_set_nl, VSEG_A_CELL_MAX),
	VSEG_OP_SET(VSEG_CMD_CELL_DEL, vseg_genl_cell_del,
		    vseg_cell_del_nl, VSEG_A_CELL_MAX),
	{
		.cmd = VSEG_CMD_RULE_GET,
		.start = vseg_genl_rule_dump_start,
		.dumpit = vseg_genl_rule_dump,
		.policy = vseg_rule_get_nl,
		.maxattr = VSEG_A_RULE_MAX,
	},
	VSEG_OP_SET(VSEG_CMD_RULE_ADD, vseg_genl_rule_add,
		    vseg_rule_add_nl, VSEG_A_RULE_MAX),
	VSEG_OP_SET(VSEG_CMD_RULE_DEL, vseg_genl_rule_del,
		    vseg_rule_del_nl, VSEG_A_RULE_MAX),
	VSEG_OP_GET(VSEG_CMD_ZONE_GET, NULL, vseg_genl_zone_dump, NULL, 0),
	VSEG_OP_SET(VSEG_CMD_ZONE_ADD, vseg_genl_zone_add,
		    vseg_zone_add_nl, VSEG_A_ZONE_MAX),
	VSEG_OP_GET(VSEG_CMD_PAIR_GET, NULL, vseg_genl_pair_dump, NULL, 0),
	{
		.cmd = VSEG_CMD_SELECTOR_GET,
		.start = vseg_genl_selector_dump_start,
		.dumpit = vseg_genl_selector_dump,
	},
	VSEG_OP_SET(VSEG_CMD_SELECTOR_ADD, vseg_genl_selector_add,
		    vseg_selector_add_nl, VSEG_A_SELECTOR_MAX),
	VSEG_OP_SET(VSEG_CMD_SELECTOR_DEL, vseg_genl_selector_del,
		    vseg_selector_del_nl, VSEG_A_SELECTOR_MAX),
	VSEG_OP_SET(VSEG_CMD_CONFIRM, vseg_genl_confirm,
		    vseg_confirm_nl, VSEG_A_TXN_MAX),
	VSEG_OP_SET(VSEG_CMD_ROLLBACK, vseg_genl_rollback, NULL, 0),
	VSEG_OP_GET(VSEG_CMD_DECIDE, vseg_genl_decide, NULL,
		    vseg_decide_nl, VSEG_A_DECISION_MAX),
	VSEG_OP_SET(VSEG_CMD_DOMAIN_SET, vseg_genl_domain_set,
		    vseg_domain_set_nl, VSEG_A_DOMAIN_MAX),
	/* Tells of users and processes. */
	{
		.cmd = VSEG_CMD_LOG_GET,
		.dumpit = vseg_genl_log_dump,
		.flags = GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group vseg_genl_mcgrps[] = {
	[VSEG_GRP_CONFIG] = { .name = VSEG_MCGRP_CONFIG },
	/* Events tell addresses of other people's guests. */
	[VSEG_GRP_DROPS] = {
		.name = VSEG_MCGRP_DROPS,
		.flags = VSEG_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family vseg_genl_family __ro_after_init = {
	.name = VSEG_FAMILY_NAME,
	.version = VSEG_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.ops = vseg_genl_ops,
	.n_ops = ARRAY_SIZE(vseg_genl_ops),
	.mcgrps = vseg_genl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(vseg_genl_mcgrps),
	.module = THIS_MODULE,
};

static bool vseg_genl_is_up;

/**
 * vseg_genl_up - is the family there for notifications?
 *
 * Return: whether it is; not from the moment on that it is about to go.
 */
bool vseg_genl_up(void)
{
	return READ_ONCE(vseg_genl_is_up);
}

/**
 * vseg_genl_init - be there for requests
 *
 * Return: 0 or a negative errno.
 */
int vseg_genl_init(void)
{
	int err;

	err = netlink_register_notifier(&vseg_genl_txn_nb);
	if (err)
		return err;
	err = genl_register_family(&vseg_genl_family);
	if (err)
		netlink_unregister_notifier(&vseg_genl_txn_nb);
	WRITE_ONCE(vseg_genl_is_up, !err);
	return err;
}

/**
 * vseg_genl_exit - be there no longer; no request runs afterwards
 */
void vseg_genl_exit(void)
{
	/* Its groups' numbers may be another's afterwards: no event is sent
	 * that isn't on its way.
	 */
	WRITE_ONCE(vseg_genl_is_up, false);
	flush_workqueue(vseg_wq);
	genl_unregister_family(&vseg_genl_family);
	netlink_unregister_notifier(&vseg_genl_txn_nb);
}
