// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: operations, transactions, and what the objects'
 * files share.
 */
#include <linux/module.h>
#include <linux/user_namespace.h>
#include <net/sock.h>

#include "commit.h"
#include "genl.h"
#include "undo.h"

/* More than any request has types. */
#define VSEG_GENL_TYPES		64

static bool allow_userns;
module_param(allow_userns, bool, 0644);
MODULE_PARM_DESC(allow_userns,
		 "let root of an unprivileged user namespace have a small policy there");

/* As vseg_domain_ids, too wide for NLA_POLICY_RANGE(). */
static struct netlink_range_validation vseg_confirm_secs = {
	.min = 1,
	.max = VSEG_CONFIRM_MAX,
};

static const struct nla_policy vseg_commit_nl[VSEG_A_TXN_MAX + 1] = {
	[VSEG_A_TXN_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_TXN_FLAGS] = NLA_POLICY_MASK(NLA_U32, VSEG_TXN_FLAGS_MASK),
	[VSEG_A_TXN_CONFIRM] = NLA_POLICY_FULL_RANGE(NLA_U32,
						     &vseg_confirm_secs),
};

static const struct nla_policy vseg_confirm_nl[VSEG_A_TXN_MAX + 1] = {
	[VSEG_A_TXN_GENERATION] = { .type = NLA_U64 },
};

static const struct nla_policy vseg_abort_nl[VSEG_A_TXN_MAX + 1] = {
	[VSEG_A_TXN_COOKIE] = { .type = NLA_U64 },
};

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

/**
 * vseg_genl_may_write - who may write here, and is the namespace ready for it?
 * @vn: namespace
 * @info: request
 *
 * Context: process, no lock held.
 * Return: 0 or a negative errno, with an extack.
 */
int vseg_genl_may_write(struct vseg_net *vn, struct genl_info *info)
{
	int err;

	if (vseg_genl_restricted(vn) && !READ_ONCE(allow_userns)) {
		NL_SET_ERR_MSG(info->extack,
			       "user namespaces may not write; see the module parameter allow_userns");
		return -EPERM;
	}

	mutex_lock(&vn->commit_lock);
	err = vseg_commit_prepare_net(vn);
	mutex_unlock(&vn->commit_lock);
	return vseg_genl_refusal(info->extack, err);
}

static void vseg_genl_warn(struct genl_info *info, u32 warnings)
{
	if (warnings & VSEG_WARNING_TIE)
		NL_SET_ERR_MSG(info->extack,
			       "(s, any) and (any, d) disagree about a pair; deny wins");
	else if (warnings & VSEG_WARNING_VLAN_AMBIGUOUS)
		NL_SET_ERR_MSG(info->extack,
			       "a port is untagged in several VLANs of different domains; their frames are dropped");
	else if (warnings & VSEG_WARNING_AMBIGUOUS)
		NL_SET_ERR_MSG(info->extack,
			       "selectors of equal rank disagree about a port; it is unlabelled");
}

static int vseg_genl_edit_single(struct vseg_net *vn, struct genl_info *info,
				 vseg_edit_t edit)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_COMMIT };
	struct vseg_txn txn;
	int err;

	/* Held from base to commit: no other commit can come between. */
	mutex_lock(&vn->commit_lock);
	mutex_lock(&vn->lock);
	vseg_txn_begin_single(&txn, vn);
	err = edit(&txn, info);
	txn.edits = 1;
	mutex_unlock(&vn->lock);
	if (!err)
		err = vseg_commit(&txn, &how, info->extack);
	mutex_lock(&vn->lock);
	vseg_txn_end_single(&txn);
	mutex_unlock(&vn->lock);
	mutex_unlock(&vn->commit_lock);

	if (!err)
		vseg_genl_warn(info, how.warnings);
	return err;
}

/**
 * vseg_genl_find_txn - the transaction that a request is part of
 * @vn: namespace
 * @skb: request as it came from its socket
 * @info: request
 * @cookie: its cookie attribute
 *
 * Context: vseg_net.lock held.
 * Return: the transaction, or an ERR_PTR() with an extack.
 */
struct vseg_txn *vseg_genl_find_txn(struct vseg_net *vn, struct sk_buff *skb,
				    struct genl_info *info,
				    struct nlattr *cookie)
{
	struct vseg_txn *txn = vseg_txn_find(vn, NETLINK_CB(skb).sk,
					     nla_get_u64(cookie));

	if (txn)
		return txn;
	NL_SET_ERR_MSG_ATTR(info->extack, cookie,
			    "no such transaction on this socket");
	return ERR_PTR(-ENOENT);
}

static int vseg_genl_edit_open(struct vseg_net *vn, struct sk_buff *skb,
			       struct genl_info *info, struct nlattr *cookie,
			       vseg_edit_t edit)
{
	struct vseg_txn *txn;
	int err;

	mutex_lock(&vn->lock);
	txn = vseg_genl_find_txn(vn, skb, info, cookie);
	err = IS_ERR(txn) ? PTR_ERR(txn) : edit(txn, info);
	if (!err)
		txn->edits++;
	mutex_unlock(&vn->lock);
	return err;
}

/**
 * vseg_genl_edit - do one edit, in its transaction or in one of its own
 * @skb: request as it came from its socket
 * @info: request
 * @cookie: its cookie attribute, or NULL
 * @edit: the edit; called with vseg_net.lock held
 *
 * Return: 0 or a negative errno, with an extack.
 */
int vseg_genl_edit(struct sk_buff *skb, struct genl_info *info,
		   struct nlattr *cookie, vseg_edit_t edit)
{
	struct vseg_net *vn = vseg_genl_net(info);
	int err;

	err = vseg_genl_may_write(vn, info);
	if (err)
		return err;
	err = cookie ? vseg_genl_edit_open(vn, skb, info, cookie, edit) :
		       vseg_genl_edit_single(vn, info, edit);
	return vseg_genl_refusal(info->extack, err);
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
 * Transactions.
 */

static int vseg_genl_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct vseg_net *vn = vseg_genl_net(info);
	u64 cookie, generation;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vseg_genl_may_write(vn, info);
	if (err)
		return err;
	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	err = vseg_txn_begin(vn, NETLINK_CB(skb).sk, &cookie, &generation,
			     info->extack);
	mutex_unlock(&vn->lock);
	if (!err && (nla_put_u64_64bit(msg, VSEG_A_TXN_COOKIE, cookie,
				       VSEG_A_TXN_PAD) ||
		     nla_put_u64_64bit(msg, VSEG_A_TXN_GENERATION, generation,
				       VSEG_A_TXN_PAD)))
		err = -EMSGSIZE;
	return vseg_genl_reply(info, msg, hdr, err);
}

static struct vseg_txn *vseg_genl_txn(struct vseg_net *vn, struct sk_buff *skb,
				      struct genl_info *info)
{
	struct nlattr *cookie = info->attrs[VSEG_A_TXN_COOKIE];

	lockdep_assert_held(&vn->lock);

	if (!cookie) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_TXN_COOKIE);
		NL_SET_ERR_MSG(info->extack, "cookie of a transaction missing");
		return ERR_PTR(-EINVAL);
	}
	return vseg_genl_find_txn(vn, skb, info, cookie);
}

static int vseg_genl_put_how(struct sk_buff *msg, const struct vseg_how *how)
{
	if (nla_put_u64_64bit(msg, VSEG_A_TXN_GENERATION, how->generation,
			      VSEG_A_TXN_PAD))
		return -EMSGSIZE;
	if (how->op == VSEG_LOG_OP_COMMIT &&
	    nla_put_u32(msg, VSEG_A_TXN_WARNINGS, how->warnings))
		return -EMSGSIZE;
	return 0;
}

/* A transaction that was only checked goes on. */
static void vseg_genl_commit_end(struct vseg_txn *txn,
				 const struct vseg_how *how, int err)
{
	struct vseg_net *vn = txn->vn;

	mutex_lock(&vn->lock);
	if (how->flags & VSEG_TXN_FLAGS_CHECK && err != -ESTALE)
		txn->committing = false;
	else
		vseg_txn_abort(txn);
	mutex_unlock(&vn->lock);
}

static int vseg_genl_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_COMMIT };
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_txn *txn;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vseg_genl_once(info, 0) ?: vseg_genl_may_write(vn, info);
	if (err)
		return err;
	if (info->attrs[VSEG_A_TXN_FLAGS])
		how.flags = nla_get_u32(info->attrs[VSEG_A_TXN_FLAGS]);
	if (info->attrs[VSEG_A_TXN_CONFIRM])
		how.confirm = nla_get_u32(info->attrs[VSEG_A_TXN_CONFIRM]);
	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->commit_lock);
	mutex_lock(&vn->lock);
	txn = vseg_genl_txn(vn, skb, info);
	/* Whatever comes of it, nobody else finds or ends it meanwhile. */
	if (!IS_ERR(txn))
		txn->committing = true;
	mutex_unlock(&vn->lock);

	if (IS_ERR(txn)) {
		err = PTR_ERR(txn);
	} else {
		err = vseg_commit(txn, &how, info->extack);
		vseg_genl_commit_end(txn, &how, err);
	}
	mutex_unlock(&vn->commit_lock);
	return vseg_genl_reply(info, msg, hdr,
			       err ?: vseg_genl_put_how(msg, &how));
}

static int vseg_genl_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_txn *txn;
	int err;

	err = vseg_genl_once(info, 0) ?: vseg_genl_may_write(vn, info);
	if (err)
		return err;

	mutex_lock(&vn->lock);
	txn = vseg_genl_txn(vn, skb, info);
	if (IS_ERR(txn))
		err = PTR_ERR(txn);
	else
		vseg_txn_abort(txn);
	mutex_unlock(&vn->lock);
	return err;
}

/* What is done to the policy as a whole, in a commit of its own. */
static int vseg_genl_whole(struct genl_info *info, u8 op)
{
	struct nlattr *generation = op == VSEG_LOG_OP_CONFIRM ?
				    info->attrs[VSEG_A_TXN_GENERATION] : NULL;
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_how how = { .op = op };
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vseg_genl_may_write(vn, info);
	if (err)
		return err;
	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->commit_lock);
	switch (op) {
	case VSEG_LOG_OP_OFF:
		err = vseg_off(vn, &how);
		break;
	case VSEG_LOG_OP_ROLLBACK:
		err = vseg_undo_rollback(vn, &how, info->extack);
		break;
	default:
		err = vseg_undo_confirm(vn, generation ?
					nla_get_u64(generation) : 0,
					info->extack);
		how.generation = vn->generation;
		break;
	}
	mutex_unlock(&vn->commit_lock);
	return vseg_genl_reply(info, msg, hdr,
			       err ?: vseg_genl_put_how(msg, &how));
}

static int vseg_genl_off(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_whole(info, VSEG_LOG_OP_OFF);
}

static int vseg_genl_rollback(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_whole(info, VSEG_LOG_OP_ROLLBACK);
}

static int vseg_genl_confirm(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_whole(info, VSEG_LOG_OP_CONFIRM);
}

/* The port id may be another socket's by now, so all of the namespace's
 * transactions are looked at for a socket that is dead.
 */
static int vseg_genl_release(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	struct netlink_notify *n = ptr;
	struct vseg_net *vn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	vn = vseg_net(n->net);
	if (vn && !list_empty_careful(&vn->txns))
		vseg_txn_socket_gone(vn);
	return NOTIFY_DONE;
}

static struct notifier_block vseg_genl_nb = {
	.notifier_call = vseg_genl_release,
};

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

	err = netlink_register_notifier(&vseg_genl_nb);
	if (err)
		return err;
	err = genl_register_family(&vseg_genl_family);
	if (err)
		netlink_unregister_notifier(&vseg_genl_nb);
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
	netlink_unregister_notifier(&vseg_genl_nb);
}
