// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: the latest generations.
 */
#include <linux/audit.h>
#include <net/sock.h>

#include "genl.h"
#include "history.h"

static int vseg_log_put_who(struct sk_buff *skb,
			    const struct vseg_history_entry *e)
{
	if (e->pid == VSEG_HISTORY_KERNEL)
		return 0;
	if (nla_put_u32(skb, VSEG_A_LOG_UID, e->uid) ||
	    nla_put_u32(skb, VSEG_A_LOG_PID, e->pid) ||
	    nla_put_string(skb, VSEG_A_LOG_COMM, e->comm))
		return -EMSGSIZE;
	if (e->auid != AUDIT_UID_UNSET)
		return nla_put_u32(skb, VSEG_A_LOG_AUID, e->auid);
	return 0;
}

static int vseg_log_fill(struct sk_buff *skb,
			 const struct vseg_history_entry *e)
{
	if (vseg_nla_put_uint(skb, VSEG_A_LOG_GENERATION, e->generation) ||
	    vseg_nla_put_uint(skb, VSEG_A_LOG_TIME, e->time) ||
	    nla_put_u32(skb, VSEG_A_LOG_OP, e->op) ||
	    nla_put_u32(skb, VSEG_A_LOG_CHANGES, e->edits))
		return -EMSGSIZE;
	if (e->confirm && nla_put_u32(skb, VSEG_A_LOG_CONFIRM, e->confirm))
		return -EMSGSIZE;
	return vseg_log_put_who(skb, e);
}

static int vseg_log_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct vseg_history_entry *e)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_LOG_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr, vseg_log_fill(skb, e));
}

/* Oldest first; cb->args[0] is the next entry.  Each is right by itself: one
 * that is written over meanwhile is missing, and nothing is told twice.
 */
int vseg_genl_log_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	const struct vseg_history_entry *e;
	u64 pos = cb->args[0];

	mutex_lock(&vn->lock);
	if (vn->history && vn->history->n - pos > VSEG_HISTORY &&
	    vn->history->n > VSEG_HISTORY)
		pos = vn->history->n - VSEG_HISTORY;
	while ((e = vseg_history_read(vn, pos)) &&
	       !vseg_log_dump_one(skb, cb, e))
		pos++;
	mutex_unlock(&vn->lock);
	cb->args[0] = pos;
	return skb->len;
}
