// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: domains.
 */
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

/* Too wide for NLA_POLICY_RANGE(), whose ends are 16 bits with a sign.  Not
 * const, because older kernels don't promise to leave it alone.
 */
static struct netlink_range_validation vseg_domain_ids = {
	.min = VSEG_DOMAIN_ID_MIN,
	.max = VSEG_DOMAIN_ID_MAX,
};

const struct nla_policy vseg_domain_get_nl[VSEG_A_DOMAIN_MAX + 1] = {
	[VSEG_A_DOMAIN_NAME] = VSEG_NAME_NL,
};

const struct nla_policy vseg_domain_add_nl[VSEG_A_DOMAIN_MAX + 1] = {
	[VSEG_A_DOMAIN_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_DOMAIN_NAME] = VSEG_NAME_NL,
	[VSEG_A_DOMAIN_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &vseg_domain_ids),
	[VSEG_A_DOMAIN_GUARD_PERMIT] = VSEG_PERMIT_NL,
};

const struct nla_policy vseg_domain_set_nl[VSEG_A_DOMAIN_MAX + 1] = {
	[VSEG_A_DOMAIN_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_DOMAIN_NAME] = VSEG_NAME_NL,
	[VSEG_A_DOMAIN_GUARD_PERMIT] = VSEG_PERMIT_NL,
};

const struct nla_policy vseg_domain_del_nl[VSEG_A_DOMAIN_MAX + 1] = {
	[VSEG_A_DOMAIN_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_DOMAIN_NAME] = VSEG_NAME_NL,
};

/* The name that a request gives; NULL and an extack without one. */
static const char *vseg_domain_name(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_DOMAIN_NAME];

	if (attr)
		return vseg_genl_name(attr, info->extack);
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_DOMAIN_NAME);
	NL_SET_ERR_MSG(info->extack, "name of the domain missing");
	return NULL;
}

static int vseg_domain_check_name(const char *name, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_DOMAIN_NAME];

	if (vseg_domain_name_reserved(name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "this name is reserved");
		return -EINVAL;
	}
	if (!vseg_domain_name_ok(name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a domain's name is a letter and then letters, digits, dots, underscores and dashes");
		return -EINVAL;
	}
	return 0;
}

/* The id asked for, or the lowest free one; negative when there is none. */
static int vseg_domain_pick_id(const struct vseg_tables *t,
			       struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_DOMAIN_ID];
	unsigned long id;

	if (!attr) {
		id = find_next_zero_bit(t->domains.ids, VSEG_DOMAIN_ID_MAX + 1,
					VSEG_DOMAIN_ID_MIN);
		return id <= VSEG_DOMAIN_ID_MAX ? id : -ENOSPC;
	}
	id = nla_get_u32(attr);
	if (test_bit(id, t->domains.ids)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "another domain has this id");
		return -EEXIST;
	}
	return id;
}

static int vseg_domain_room(struct vseg_txn *txn, struct genl_info *info)
{
	u32 max = vseg_genl_restricted(txn->vn) ? VSEG_USERNS_DOMAINS :
						  VSEG_MAX_DOMAINS;

	if (txn->tables->ndomains < max)
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "too many domains; 4096 is the most, 64 in a user namespace");
	return -ENOSPC;
}

static int vseg_domain_add_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *permit = info->attrs[VSEG_A_DOMAIN_GUARD_PERMIT];
	const char *name = vseg_domain_name(info);
	struct vseg_net *vn = txn->vn;
	struct vseg_domain *domain;
	int err, id;

	if (!name)
		return -EINVAL;
	err = vseg_domain_check_name(name, info) ?:
	      vseg_txn_edit(txn, info->extack);
	if (err)
		return err;
	if (vseg_domain_set_find(&txn->tables->domains, name)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSEG_A_DOMAIN_NAME],
				    "there is a domain of this name");
		return -EEXIST;
	}
	err = vseg_domain_room(txn, info);
	if (err)
		return err;
	id = vseg_domain_pick_id(txn->tables, info);
	if (id < 0)
		return id;

	domain = vseg_domain_alloc(name, id, &vn->slots, -1);
	if (domain == ERR_PTR(-ENOSPC))
		NL_SET_ERR_MSG(info->extack,
			       "no room for another domain; deleted ones may still be in the table of denied pairs");
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	err = vseg_tables_add_domain(txn->tables, domain, &vn->pool);
	if (!err && permit)
		vseg_domain_set_permit(&txn->tables->domains, domain,
				       nla_get_u32(permit));
	vseg_domain_put(domain);
	return err;
}

int vseg_genl_domain_add(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_DOMAIN_COOKIE],
			      vseg_domain_add_edit);
}

static int vseg_domain_set_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *permit = info->attrs[VSEG_A_DOMAIN_GUARD_PERMIT];
	const char *name = vseg_domain_name(info);
	struct vseg_domain *domain;
	int err;

	if (!name)
		return -EINVAL;
	if (!permit) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     VSEG_A_DOMAIN_GUARD_PERMIT);
		NL_SET_ERR_MSG(info->extack,
			       "what the domain's guests may send is missing");
		return -EINVAL;
	}
	err = vseg_txn_edit(txn, info->extack);
	if (err)
		return err;
	domain = vseg_domain_set_find(&txn->tables->domains, name);
	if (!domain) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSEG_A_DOMAIN_NAME],
				    "there is no domain of this name to change");
		return -ENOENT;
	}
	vseg_domain_set_permit(&txn->tables->domains, domain,
			       nla_get_u32(permit));
	return 0;
}

int vseg_genl_domain_set(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_DOMAIN_COOKIE],
			      vseg_domain_set_edit);
}

/* Will a label's port still carry it when the transaction is committed? */
static bool vseg_label_stays(struct vseg_txn *txn,
			     const struct vseg_label *label)
{
	struct vseg_binding *b = label->binding;
	struct vseg_port *port = b->port;

	/* What selectors give is decided anew by the commit. */
	return !port->gone && b == rcu_access_pointer(port->binding) &&
	       b->match == VSEG_PORT_MATCH_EXPLICIT &&
	       !vseg_txn_bind_find(txn, port->dev) &&
	       vseg_tables_bridge(txn->tables, port->bridge->dev->name);
}

static bool vseg_domain_carried(struct vseg_txn *txn,
				const struct vseg_domain *domain)
{
	struct vseg_txn_bind *tb;
	struct vseg_label *label;

	list_for_each_entry(tb, &txn->binds, list)
		if (!tb->gone && vseg_bind_names(&tb->bind, domain))
			return true;
	list_for_each_entry(label, &domain->labels, in_domain)
		if (vseg_label_stays(txn, label))
			return true;
	return false;
}

static int vseg_domain_del_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VSEG_A_DOMAIN_NAME];
	const char *name = vseg_domain_name(info);
	struct vseg_domain *domain;
	int err;

	if (!name)
		return -EINVAL;
	err = vseg_txn_edit(txn, info->extack);
	if (err)
		return err;

	domain = vseg_domain_set_find(&txn->tables->domains, name);
	if (!domain) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "there is no domain of this name to delete");
		return -ENOENT;
	}
	if (vseg_tables_domain_cells(txn->tables, domain->slot)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "cells name this domain; delete them first");
		return -EBUSY;
	}
	if (vseg_selector_set_names(&txn->tables->selectors, domain)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "selectors name this domain; delete them first");
		return -EBUSY;
	}
	if (vseg_domain_carried(txn, domain)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "ports carry this domain; bind them elsewhere first");
		return -EBUSY;
	}
	vseg_tables_del_domain(txn->tables, domain);
	return 0;
}

int vseg_genl_domain_del(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_DOMAIN_COOKIE],
			      vseg_domain_del_edit);
}

static u32 vseg_domain_ports(struct vseg_net *vn,
			     const struct vseg_domain *domain)
{
	struct vseg_label *label;
	u32 n = 0;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(label, &domain->labels, in_domain) {
		const struct vseg_binding *b = label->binding;

		n += !b->port->gone && b->kind != VSEG_PORT_KIND_HOST &&
		     b == rcu_access_pointer(b->port->binding);
	}
	return n;
}

static int vseg_domain_fill(struct sk_buff *skb, struct vseg_net *vn,
			    const struct vseg_domain *domain, u32 cells)
{
	const struct vseg_tables *t = vseg_genl_tables(vn);
	u32 permit = t ? vseg_domain_set_permits(&t->domains, domain) : 0;
	struct vseg_sum sum;

	vseg_domain_sum(vn, domain, &sum);
	if (nla_put_string(skb, VSEG_A_DOMAIN_NAME, domain->name) ||
	    nla_put_u32(skb, VSEG_A_DOMAIN_ID, domain->id) ||
	    nla_put_u32(skb, VSEG_A_DOMAIN_PORTS,
			vseg_domain_ports(vn, domain)) ||
	    nla_put_u32(skb, VSEG_A_DOMAIN_CELLS, cells) ||
	    nla_put_u32(skb, VSEG_A_DOMAIN_GUARD_PERMIT, permit) ||
	    vseg_genl_put_stats(skb, VSEG_A_DOMAIN_STATS, &sum))
		return -EMSGSIZE;
	return 0;
}

/**
 * vseg_genl_tables - the policy in force
 * @vn: namespace
 *
 * Context: vseg_net.lock held.
 * Return: its tables, or NULL.
 */
const struct vseg_tables *vseg_genl_tables(struct vseg_net *vn)
{
	struct vseg_policy *policy = vseg_policy_locked(vn);

	return policy ? policy->tables : NULL;
}

/**
 * vseg_genl_domain - look a domain up by name, the built-in ones included
 * @vn: namespace
 * @t: tables, or NULL
 * @name: name
 *
 * Context: vseg_net.lock held.
 * Return: the domain, no reference of the caller's; or NULL.
 */
struct vseg_domain *vseg_genl_domain(struct vseg_net *vn,
				     const struct vseg_tables *t,
				     const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vn->builtin); i++)
		if (!strcmp(vn->builtin[i]->name, name))
			return vn->builtin[i];
	return t ? vseg_domain_set_find(&t->domains, name) : NULL;
}

int vseg_genl_domain_get(struct sk_buff *skb, struct genl_info *info)
{
	const char *name = vseg_domain_name(info);
	struct vseg_net *vn = vseg_genl_net(info);
	const struct vseg_tables *t;
	struct vseg_domain *domain;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (!name || vseg_genl_once(info, 0))
		return -EINVAL;
	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	t = vseg_genl_tables(vn);
	domain = vseg_genl_domain(vn, t, name);
	if (domain) {
		err = vseg_domain_fill(msg, vn, domain,
				       t ? vseg_tables_domain_cells(t,
							domain->slot) : 0);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSEG_A_DOMAIN_NAME],
				    "there is no domain of this name");
		err = -ENOENT;
	}
	mutex_unlock(&vn->lock);
	return vseg_genl_reply(info, msg, hdr, err);
}

/* Listed cells by the slot of a domain that they name, for a whole dump. */
static u32 *vseg_count_cells(const struct vseg_tables *t)
{
	u32 *counts = kvcalloc(VSEG_SLOT_ANY + 1, sizeof(*counts),
			       GFP_KERNEL | __GFP_NOWARN);
	size_t i;

	for (i = 0; counts && t && i < 1UL << t->cell_bits; i++) {
		const struct vseg_cell *cell = &t->cells[i];
		u16 src = vseg_key_src(cell->key);
		u16 dst = vseg_key_dst(cell->key);

		if (cell->key == VSEG_KEY_NONE ||
		    cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
			continue;
		counts[src]++;
		if (dst != src)
			counts[dst]++;
	}
	return counts;
}

static int vseg_domain_dump_one(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct vseg_net *vn,
				const struct vseg_domain *domain,
				const u32 *cells)
{
	void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_DOMAIN_GET);

	if (!hdr)
		return -EMSGSIZE;
	return vseg_genl_dump_end(skb, hdr,
				  vseg_domain_fill(skb, vn, domain,
						   cells[domain->slot]));
}

/* Built-in domains first, then the policy's; cb->args[0] counts them. */
static void vseg_domain_dump_all(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct vseg_net *vn,
				 const struct vseg_tables *t, const u32 *cells)
{
	struct vseg_domain_node *node;
	unsigned long pos = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vn->builtin); i++, pos++) {
		if (pos < cb->args[0])
			continue;
		if (vseg_domain_dump_one(skb, cb, vn, vn->builtin[i], cells))
			return;
		cb->args[0]++;
	}
	if (!t)
		return;
	vseg_domain_set_for_each(&t->domains, i, node) {
		if (pos++ < cb->args[0])
			continue;
		if (vseg_domain_dump_one(skb, cb, vn, node->domain, cells))
			return;
		cb->args[0]++;
	}
}

int vseg_genl_domain_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(skb->sk));
	const struct vseg_tables *t;
	u32 *cells;

	mutex_lock(&vn->lock);
	cb->seq = vn->change;
	t = vseg_genl_tables(vn);
	cells = vseg_count_cells(t);
	if (cells)
		vseg_domain_dump_all(skb, cb, vn, t, cells);
	mutex_unlock(&vn->lock);
	kvfree(cells);
	return cells ? skb->len : vseg_genl_refusal(cb->extack, -ENOMEM);
}
