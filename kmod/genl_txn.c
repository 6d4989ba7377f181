// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: edits in their own or in one that a socket began, and what is
 * done to the policy as a whole.
 */
#include <linux/module.h>
#include <linux/user_namespace.h>
#include <net/sock.h>

#include "commit.h"
#include "genl.h"
#include "undo.h"

static bool allow_userns;
module_param(allow_userns, bool, 0644);
MODULE_PARM_DESC(allow_userns,
		 "let root of an unprivileged user namespace have a small policy there");

/* As vseg_domain_ids, too wide for NLA_POLICY_RANGE(). */
static struct netlink_range_validation vseg_confirm_secs = {
	.min = 1,
	.max = VSEG_CONFIRM_MAX,
};

const struct nla_policy vseg_commit_nl[VSEG_A_TXN_MAX + 1] = {
	[VSEG_A_TXN_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_TXN_FLAGS] = NLA_POLICY_MASK(NLA_U32, VSEG_TXN_FLAGS_MASK),
	[VSEG_A_TXN_CONFIRM] = NLA_POLICY_FULL_RANGE(NLA_U32,
						     &vseg_confirm_secs),
};

const struct nla_policy vseg_confirm_nl[VSEG_A_TXN_MAX + 1] = {
	[VSEG_A_TXN_GENERATION] = { .type = NLA_U64 },
};

const struct nla_policy vseg_abort_nl[VSEG_A_TXN_MAX + 1] = {
	[VSEG_A_TXN_COOKIE] = { .type = NLA_U64 },
};

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

/* What changes something, and is replied to: may it, and is there a reply? */
static struct sk_buff *vseg_genl_write_begin(struct genl_info *info, void **hdr)
{
	int err = vseg_genl_may_write(vseg_genl_net(info), info);

	return err ? ERR_PTR(err) :
		     vseg_genl_reply_begin(info, hdr) ?: ERR_PTR(-ENOMEM);
}

int vseg_genl_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct vseg_net *vn = vseg_genl_net(info);
	u64 cookie, generation;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = vseg_genl_write_begin(info, &hdr);
	if (IS_ERR(msg))
		return PTR_ERR(msg);

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

int vseg_genl_commit(struct sk_buff *skb, struct genl_info *info)
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

int vseg_genl_abort(struct sk_buff *skb, struct genl_info *info)
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

	msg = vseg_genl_write_begin(info, &hdr);
	if (IS_ERR(msg))
		return PTR_ERR(msg);

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

int vseg_genl_off(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_whole(info, VSEG_LOG_OP_OFF);
}

int vseg_genl_rollback(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_whole(info, VSEG_LOG_OP_ROLLBACK);
}

int vseg_genl_confirm(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_whole(info, VSEG_LOG_OP_CONFIRM);
}

/* The port id may be another socket's by now, so all of the namespace's
 * transactions are looked at for a socket that is dead.
 */
static int vseg_genl_txn_release(struct notifier_block *nb, unsigned long event,
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

struct notifier_block vseg_genl_txn_nb = {
	.notifier_call = vseg_genl_txn_release,
};
