// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: cells.
 */
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

const struct nla_policy vseg_cell_get_nl[VSEG_A_CELL_MAX + 1] = {
	[VSEG_A_CELL_SRC] = VSEG_NAME_NL,
	[VSEG_A_CELL_DST] = VSEG_NAME_NL,
};

const struct nla_policy vseg_cell_set_nl[VSEG_A_CELL_MAX + 1] = {
	[VSEG_A_CELL_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_CELL_SRC] = VSEG_NAME_NL,
	[VSEG_A_CELL_DST] = VSEG_NAME_NL,
	[VSEG_A_CELL_ACTION] = NLA_POLICY_MAX(NLA_U32, VSEG_ACTION_MAX),
	[VSEG_A_CELL_FLAGS] = NLA_POLICY_MASK(NLA_U32, VSEG_CELL_FLAGS_MONITOR |
						 VSEG_CELL_FLAGS_LOG |
						 VSEG_CELL_FLAGS_ISOLATE),
	[VSEG_A_CELL_SERVICES] = NLA_POLICY_MASK(NLA_U32, VSEG_SERVICE_MASK),
};

const struct nla_policy vseg_cell_del_nl[VSEG_A_CELL_MAX + 1] = {
	[VSEG_A_CELL_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_CELL_SRC] = VSEG_NAME_NL,
	[VSEG_A_CELL_DST] = VSEG_NAME_NL,
};

/* The slot that an end of a cell names. */
static int vseg_cell_end(struct vseg_net *vn, const struct vseg_tables *t,
			 struct nlattr **attrs, int type,
			 struct netlink_ext_ack *extack, u16 *slot)
{
	struct nlattr *attr = attrs[type];
	struct vseg_domain *domain;
	const char *name;

	if (!attr) {
		NL_SET_ERR_ATTR_MISS(extack, NULL, type);
		NL_SET_ERR_MSG(extack,
			       "source or destination of the cell missing");
		return -EINVAL;
	}
	name = vseg_genl_name(attr, extack);
	if (!name)
		return -EINVAL;
	if (!strcmp(name, "any")) {
		*slot = VSEG_SLOT_ANY;
		return 0;
	}
	domain = vseg_genl_domain(vn, t, name);
	if (!domain) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "there is no domain of this name");
		return -ENOENT;
	}
	if (domain->slot == VSEG_SLOT_UNLABELLED) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "what is unlabelled gets nothing; label the port instead");
		return -EINVAL;
	}
	*slot = domain->slot;
	return 0;
}

/**
 * vseg_genl_cell_key - the cell that a request names
 * @vn: namespace
 * @t: tables that its domains are of, or NULL
 * @attrs: attributes of the request
 * @src: type of the one that names its source
 * @dst: type of the one that names its destination
 * @extack: told why not
 * @key: result: vseg_key(), with %VSEG_SLOT_ANY for any
 *
 * Return: 0 or a negative errno, with an extack.
 */
int vseg_genl_cell_key(struct vseg_net *vn, const struct vseg_tables *t,
		       struct nlattr **attrs, int src, int dst,
		       struct netlink_ext_ack *extack, u32 *key)
{
	u16 from, to;
	int err;

	err = vseg_cell_end(vn, t, attrs, src, extack, &from) ?:
	      vseg_cell_end(vn, t, attrs, dst, extack, &to);
	if (!err)
		*key = vseg_key(from, to);
	return err;
}

static int vseg_cell_key(struct vseg_net *vn, const struct vseg_tables *t,
			 struct genl_info *info, u32 *key)
{
	return vseg_genl_cell_key(vn, t, info->attrs, VSEG_A_CELL_SRC,
				  VSEG_A_CELL_DST, info->extack, key);
}

static int vseg_cell_room(struct vseg_txn *txn, u32 key, struct genl_info *info)
{
	const struct vseg_cell *cell = vseg_tables_cell(txn->tables, key);
	u32 max = vseg_genl_restricted(txn->vn) ? VSEG_USERNS_CELLS :
						  VSEG_MAX_CELLS;

	if (cell && !(cell->flags & VSEG_CELL_FLAGS_IMPLICIT))
		return 0;
	if (txn->tables->nlisted < max)
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "too many cells; 65536 is the most, 1024 in a user namespace");
	return -ENOSPC;
}

static int vseg_cell_check_flags(struct genl_info *info, u32 key, u32 action,
				 u32 flags)
{
	struct nlattr *attr = info->attrs[VSEG_A_CELL_FLAGS];

	if (flags & VSEG_CELL_FLAGS_ISOLATE) {
		u16 src = vseg_key_src(key);

		if (action == VSEG_ACTION_ALLOW && src == vseg_key_dst(key) &&
		    src >= VSEG_SLOT_FIRST && src != VSEG_SLOT_ANY)
			return 0;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "only an allow cell from a domain to itself isolates guests");
		return -EINVAL;
	}
	if (flags & VSEG_CELL_FLAGS_MONITOR && action == VSEG_ACTION_ALLOW) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "an allow cell drops nothing that could be monitored");
		return -EINVAL;
	}
	return 0;
}

static int vseg_cell_set_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *action = info->attrs[VSEG_A_CELL_ACTION];
	struct nlattr *flags = info->attrs[VSEG_A_CELL_FLAGS];
	struct nlattr *services = info->attrs[VSEG_A_CELL_SERVICES];
	u32 key, what, how = flags ? nla_get_u32(flags) : 0;
	int err;

	err = vseg_txn_edit(txn, info->extack) ?:
	      vseg_cell_key(txn->vn, txn->tables, info, &key);
	if (err)
		return err;
	if (!action) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_CELL_ACTION);
		NL_SET_ERR_MSG(info->extack, "action of the cell missing");
		return -EINVAL;
	}
	what = nla_get_u32(action);
	err = vseg_cell_check_flags(info, key, what, how) ?:
	      vseg_cell_room(txn, key, info) ?:
	      vseg_tables_set_cell(txn->tables, key, what, how,
				   &txn->vn->pool);
	if (!err && services)
		vseg_tables_set_services(txn->tables, key,
					 nla_get_u32(services));
	return err;
}

int vseg_genl_cell_set(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_CELL_COOKIE],
			      vseg_cell_set_edit);
}

static int vseg_cell_del_edit(struct vseg_txn *txn, struct genl_info *info)
{
	u32 key;
	int err;

	err = vseg_txn_edit(txn, info->extack) ?:
	      vseg_cell_key(txn->vn, txn->tables, info, &key);
	if (err)
		return err;
	err = vseg_tables_del_cell(txn->tables, key);
	if (err)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSEG_A_CELL_SRC],
				    "the policy lists no such cell");
	return err;
}

int vseg_genl_cell_del(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_CELL_COOKIE],
			      vseg_cell_del_edit);
}

/**
 * vseg_genl_slots - domains by their slot, for a message or a dump
 * @vn: namespace
 * @t: tables
 *
 * Return: an array that the caller frees, with kvfree(); or NULL.
 */
struct vseg_domain **vseg_genl_slots(struct vseg_net *vn,
				     const struct vseg_tables *t)
{
	struct vseg_domain_node *node;
	struct vseg_domain **slots;
	u16 last = VSEG_SLOT_FIRST;
	unsigned int i;

	vseg_domain_set_for_each(&t->domains, i, node)
		last = max(last, node->domain->slot);
	slots = kvcalloc(last + 1, sizeof(*slots), GFP_KERNEL | __GFP_NOWARN);
	if (!slots)
		return NULL;
	memcpy(slots, vn->builtin, sizeof(vn->builtin));
	vseg_domain_set_for_each(&t->domains, i, node)
		slots[node->domain->slot] = node->domain;
	return slots;
}

/**
 * vseg_genl_slot_name - the name of a cell's end
 * @slots: from vseg_genl_slots()
 * @slot: slot of its domain, or %VSEG_SLOT_ANY
 *
 * Return: the name.
 */
const char *vseg_genl_slot_name(struct vseg_domain **slots, u16 slot)
{
	return slot == VSEG_SLOT_ANY ? "any" : slots[slot]->name;
}

static int vseg_cell_fill(struct sk_buff *skb, struct vseg_domain **names,
			  const struct vseg_cell *cell)
{
	struct vseg_cell_pcpu sum = {};

	vseg_cell_stats_read(cell->stats, &sum);
	if (nla_put_string(skb, VSEG_A_CELL_SRC,
			   vseg_genl_slot_name(names, vseg_key_src(cell->key))) ||
	    nla_put_string(skb, VSEG_A_CELL_DST,
			   vseg_genl_slot_name(names, vseg_key_dst(cell->key))) ||
	    nla_put_u32(skb, VSEG_A_CELL_ACTION, cell->action) ||
	    nla_put_u32(skb, VSEG_A_CELL_FLAGS, cell->flags) ||
	    nla_put_u32(skb, VSEG_A_CELL_SERVICES, cell->services) ||
	    (cell->rules &&
	     nla_put_u32(skb, VSEG_A_CELL_RULES, cell->rules->n)) ||
	    vseg_nla_put_uint(skb, VSEG_A_CELL_PACKETS, sum.packets) ||
	    vseg_nla_put_uint(skb, VSEG_A_CELL_BYTES, sum.bytes) ||
	    vseg_nla_put_uint(skb, VSEG_A_CELL_WOULD_PACKETS,
			      sum.would_packets) ||
	    vseg_nla_put_uint(skb, VSEG_A_CELL_WOULD_BYTES, sum.would_bytes))
		return -EMSGSIZE;
	return 0;
}

static int vseg_cell_get_fill(struct sk_buff *msg, struct vseg_net *vn,
			      struct genl_info *info)
{
	const struct vseg_tables *t = vseg_genl_tables(vn);
	const struct vseg_cell *cell = NULL;
	struct vseg_domain **names;
	u32 key;
	int err;

	err = vseg_cell_key(vn, t, info, &key);
	if (err)
		return err;
	if (t)
		cell = vseg_tables_cell(t, key);
	if (!cell) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSEG_A_CELL_SRC],
				    "the policy lists no such cell");
		return -ENOENT;
	}
	names = vseg_genl_slots(vn, t);
	if (!names)
		return -ENOMEM;
	err = vseg_cell_fill(msg, names, cell);
	kvfree(names);
	return err;
}

int vseg_genl_cell_get(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_answer(info, vseg_cell_get_fill);
}

static int vseg_cell_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			      struct vseg_domain **names,
			      const struct vseg_cell *cell)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_CELL_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr, vseg_cell_fill(skb, names, cell));
}

/* cb->args[0] is the place in the table; (any, any) comes last.  A commit in
 * between changes cb->seq, and the reader is told to begin anew.
 */
static void vseg_cell_dump_all(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct vseg_tables *t,
			       struct vseg_domain **names)
{
	long n = 1L << t->cell_bits;

	for (; cb->args[0] < n; cb->args[0]++) {
		const struct vseg_cell *cell = &t->cells[cb->args[0]];

		if (cell->key != VSEG_KEY_NONE &&
		    vseg_cell_dump_one(skb, cb, names, cell))
			return;
	}
	if (cb->args[1] || !t->any_any.stats)
		return;
	if (!vseg_cell_dump_one(skb, cb, names, &t->any_any))
		cb->args[1] = 1;
}

/**
 * vseg_genl_dump_slots - one message of a dump that names domains by their slot
 * @skb: message
 * @cb: dump
 * @dump: puts what fits of the policy in force, vseg_net.lock held
 *
 * Return: bytes of the message, or a negative errno.
 */
int vseg_genl_dump_slots(struct sk_buff *skb, struct netlink_callback *cb,
			 void (*dump)(struct sk_buff *skb,
				      struct netlink_callback *cb,
				      const struct vseg_tables *t,
				      struct vseg_domain **slots))
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	struct vseg_domain **slots = NULL;
	const struct vseg_tables *t;
	int err = 0;

	mutex_lock(&vn->lock);
	cb->seq = vn->change;
	t = vseg_genl_tables(vn);
	if (t) {
		slots = vseg_genl_slots(vn, t);
		if (slots)
			dump(skb, cb, t, slots);
		else
			err = vseg_genl_refusal(cb->extack, -ENOMEM);
	}
	mutex_unlock(&vn->lock);
	kvfree(slots);
	return err ?: skb->len;
}

int vseg_genl_cell_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vseg_genl_dump_slots(skb, cb, vseg_cell_dump_all);
}
