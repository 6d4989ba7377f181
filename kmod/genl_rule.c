// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: rules of cells.
 */
#include <linux/ctype.h>
#include <net/sock.h>

#include "genl.h"
#include "txn.h"

#define VSEG_CELL_ENDS_NL						\
	[VSEG_A_RULE_SRC] = VSEG_NAME_NL,				\
	[VSEG_A_RULE_DST] = VSEG_NAME_NL

const struct nla_policy vseg_rule_get_nl[VSEG_A_RULE_MAX + 1] = {
	VSEG_CELL_ENDS_NL,
};

const struct nla_policy vseg_rule_add_nl[VSEG_A_RULE_MAX + 1] = {
	[VSEG_A_RULE_COOKIE] = { .type = NLA_U64 },
	VSEG_CELL_ENDS_NL,
	[VSEG_A_RULE_INDEX] = { .type = NLA_U32 },
	[VSEG_A_RULE_ACTION] = NLA_POLICY_MAX(NLA_U32, VSEG_ACTION_MAX),
	[VSEG_A_RULE_FLAGS] = NLA_POLICY_MASK(NLA_U32, VSEG_RULE_FLAGS_MASK),
	[VSEG_A_RULE_NAME] = { .type = NLA_NUL_STRING,
			       .len = VSEG_RULE_NAME_MAX },
	[VSEG_A_RULE_COMMENT] = { .type = NLA_NUL_STRING,
				  .len = VSEG_COMMENT_MAX },
	[VSEG_A_RULE_MATCH] = NLA_POLICY_NESTED(vseg_match_nl),
};

const struct nla_policy vseg_rule_del_nl[VSEG_A_RULE_MAX + 1] = {
	[VSEG_A_RULE_COOKIE] = { .type = NLA_U64 },
	VSEG_CELL_ENDS_NL,
	[VSEG_A_RULE_INDEX] = { .type = NLA_U32 },
};

/*
 * Edits.
 */

/* The cell that a rule is for, and its place there. */
static int vseg_rule_cell(struct vseg_txn *txn, struct genl_info *info,
			  u32 *key, const struct vseg_cell **cell)
{
	int err;

	err = vseg_txn_edit(txn, info->extack) ?:
	      vseg_genl_cell_key(txn->vn, txn->tables, info->attrs,
				 VSEG_A_RULE_SRC, VSEG_A_RULE_DST,
				 info->extack, key);
	if (err)
		return err;
	*cell = vseg_tables_cell(txn->tables, *key);
	if (!*cell) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSEG_A_RULE_SRC],
				    "the policy lists no such cell");
		return -ENOENT;
	}
	if ((*cell)->action != VSEG_ACTION_RULES) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSEG_A_RULE_SRC],
				    "the action of this cell isn't rules");
		return -EINVAL;
	}
	return 0;
}

static int vseg_rule_room(struct vseg_txn *txn, const struct vseg_cell *cell,
			  u32 nmatches, struct genl_info *info)
{
	const struct vseg_tables *t = txn->tables;
	bool restricted = vseg_genl_restricted(txn->vn);

	if (cell->rules->n >= VSEG_MAX_CELL_RULES) {
		NL_SET_ERR_MSG(info->extack,
			       "too many rules in one cell; 4096 is the most");
		return -ENOSPC;
	}
	if (t->nrules >= (restricted ? VSEG_USERNS_RULES : VSEG_MAX_RULES)) {
		NL_SET_ERR_MSG(info->extack,
			       "too many rules; 131072 is the most, 1024 in a user namespace");
		return -ENOSPC;
	}
	if (cell->rules->nmatches + nmatches > VSEG_MAX_CELL_MATCHES ||
	    t->nmatches + nmatches > (restricted ? VSEG_USERNS_MATCHES :
						   VSEG_MAX_ALL_MATCHES)) {
		NL_SET_ERR_MSG(info->extack,
			       "too many matches; 262144 in a cell and 1048576 in a policy is the most, 8192 in a user namespace");
		return -ENOSPC;
	}
	return 0;
}

static const char *vseg_rule_text(struct genl_info *info, int type)
{
	struct nlattr *attr = info->attrs[type];
	const char *text, *c;

	if (!attr)
		return "";
	text = vseg_genl_name(attr, info->extack);
	if (!text)
		return NULL;
	for (c = text; *c; c++) {
		/* What a terminal would obey; other bytes are letters. */
		if (!iscntrl(*c))
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "control characters can't be shown");
		return NULL;
	}
	return text;
}

static int vseg_rule_action(struct genl_info *info, u8 *action)
{
	struct nlattr *attr = info->attrs[VSEG_A_RULE_ACTION];

	if (!attr) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSEG_A_RULE_ACTION);
		NL_SET_ERR_MSG(info->extack, "action of the rule missing");
		return -EINVAL;
	}
	*action = nla_get_u32(attr);
	if (*action == VSEG_ACTION_RULES) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a rule allows or denies");
		return -EINVAL;
	}
	return 0;
}

static int vseg_rule_matches(struct genl_info *info, struct vseg_rule *rule)
{
	struct nlattr *attr;
	int err, rem;
	u32 n = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VSEG_A_RULE_MATCH)
			continue;
		err = vseg_genl_match_parse(attr, &rule->match[n++],
					    info->extack);
		if (err)
			return err;
	}
	return 0;
}

static int vseg_rule_flags(struct genl_info *info, u8 action, u8 *flags)
{
	struct nlattr *attr = info->attrs[VSEG_A_RULE_FLAGS];

	*flags = attr ? nla_get_u32(attr) : 0;
	if (*flags & VSEG_RULE_FLAGS_STATE && action != VSEG_ACTION_ALLOW) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "only a rule that allows has flows");
		return -EINVAL;
	}
	if (*flags & VSEG_RULE_FLAGS_KEEP &&
	    !(*flags & VSEG_RULE_FLAGS_STATE)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "only flows of a stateful rule can be kept");
		return -EINVAL;
	}
	return 0;
}

/* A rule as a request gives it; without counters. */
static struct vseg_rule *vseg_rule_parse(struct genl_info *info, u32 nmatches)
{
	const char *name = vseg_rule_text(info, VSEG_A_RULE_NAME);
	const char *comment = name ? vseg_rule_text(info, VSEG_A_RULE_COMMENT) :
				     NULL;
	struct vseg_rule *rule;
	int err;

	if (!comment)
		return ERR_PTR(-EINVAL);
	if (nmatches > VSEG_MAX_MATCHES) {
		NL_SET_ERR_MSG(info->extack,
			       "too many matches in one rule; 1024 is the most");
		return ERR_PTR(-ENOSPC);
	}
	rule = vseg_rule_alloc(nmatches, name, comment);
	if (!rule)
		return ERR_PTR(-ENOMEM);
	err = vseg_rule_action(info, &rule->action) ?:
	      vseg_rule_flags(info, rule->action, &rule->flags) ?:
	      vseg_rule_matches(info, rule);
	if (err) {
		vseg_rule_put(rule);
		return ERR_PTR(err);
	}
	vseg_rule_finish(rule);
	return rule;
}

/* The counters of the rule in force that looks at the same and does the same,
 * or new ones.
 */
static int vseg_rule_count(struct vseg_net *vn, struct vseg_rule *rule, u32 key)
{
	const struct vseg_tables *t = vseg_genl_tables(vn);
	const struct vseg_cell *cell = t ? vseg_tables_cell(t, key) : NULL;
	struct vseg_rule *same = NULL;

	if (cell && cell->rules)
		same = vseg_rules_equal(cell->rules, rule);
	if (same) {
		refcount_inc(&same->stats->ref);
		rule->stats = same->stats;
		return 0;
	}
	rule->stats = vseg_cell_stats_alloc(&vn->pool);
	return rule->stats ? 0 : -ENOMEM;
}

static int vseg_rule_place(struct genl_info *info, u32 n, u32 *at)
{
	struct nlattr *attr = info->attrs[VSEG_A_RULE_INDEX];

	if (attr)
		*at = nla_get_u32(attr);
	if (*at <= n)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "the cell has no rule before this place");
	return -ENOENT;
}

static int vseg_rule_add_edit(struct vseg_txn *txn, struct genl_info *info)
{
	u32 nmatches = vseg_genl_count(info, VSEG_A_RULE_MATCH);
	const struct vseg_cell *cell;
	struct vseg_rule *rule;
	u32 key, at;
	int err;

	err = vseg_rule_cell(txn, info, &key, &cell);
	if (err)
		return err;
	at = cell->rules->n;
	err = vseg_rule_place(info, cell->rules->n, &at) ?:
	      vseg_rule_room(txn, cell, nmatches, info);
	if (err)
		return err;
	rule = vseg_rule_parse(info, nmatches);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	err = vseg_rule_count(txn->vn, rule, key) ?:
	      vseg_tables_add_rule(txn->tables, key, rule, at);
	vseg_rule_put(rule);
	return err;
}

int vseg_genl_rule_add(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, VSEG_A_RULE_MATCH) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_RULE_COOKIE],
			      vseg_rule_add_edit);
}

static int vseg_rule_del_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct nlattr *index = info->attrs[VSEG_A_RULE_INDEX];
	const struct vseg_cell *cell;
	u32 key;
	int err;

	err = vseg_rule_cell(txn, info, &key, &cell);
	if (err)
		return err;
	if (!index)
		return vseg_tables_clear_rules(txn->tables, key);
	if (nla_get_u32(index) < cell->rules->n)
		return vseg_tables_del_rule(txn->tables, key,
					    nla_get_u32(index));
	NL_SET_ERR_MSG_ATTR(info->extack, index,
			    "the cell has no rule at this place");
	return -ENOENT;
}

int vseg_genl_rule_del(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_RULE_COOKIE],
			      vseg_rule_del_edit);
}

/*
 * Showing rules.
 */

/**
 * struct vseg_rule_dump - how far a dump is; in its callback
 * @place: place of the cell in the table; (any, any) comes last
 * @index: place of the rule in the cell
 * @one: of one cell only
 * @key: of that cell
 *
 * A commit in between changes the sequence, and the reader is told to begin
 * anew.
 */
struct vseg_rule_dump {
	u32 place;
	u32 index;
	bool one;
	u32 key;
};

static_assert(sizeof(struct vseg_rule_dump) <=
	      sizeof_field(struct netlink_callback, ctx));

static int vseg_rule_put_text(struct sk_buff *skb, int type, const char *text)
{
	return *text ? nla_put_string(skb, type, text) : 0;
}

static int vseg_rule_fill(struct sk_buff *skb, struct vseg_domain **slots,
			  u32 key, u32 index, const struct vseg_rule *rule)
{
	struct vseg_cell_pcpu sum = {};
	u32 i;

	vseg_cell_stats_read(rule->stats, &sum);
	if (nla_put_string(skb, VSEG_A_RULE_SRC,
			   vseg_genl_slot_name(slots, vseg_key_src(key))) ||
	    nla_put_string(skb, VSEG_A_RULE_DST,
			   vseg_genl_slot_name(slots, vseg_key_dst(key))) ||
	    nla_put_u32(skb, VSEG_A_RULE_INDEX, index) ||
	    nla_put_u32(skb, VSEG_A_RULE_ACTION, rule->action) ||
	    nla_put_u32(skb, VSEG_A_RULE_FLAGS, rule->flags) ||
	    vseg_rule_put_text(skb, VSEG_A_RULE_NAME, rule->name) ||
	    vseg_rule_put_text(skb, VSEG_A_RULE_COMMENT, rule->comment) ||
	    vseg_nla_put_uint(skb, VSEG_A_RULE_PACKETS, sum.packets) ||
	    vseg_nla_put_uint(skb, VSEG_A_RULE_BYTES, sum.bytes) ||
	    vseg_nla_put_uint(skb, VSEG_A_RULE_WOULD_PACKETS,
			      sum.would_packets) ||
	    vseg_nla_put_uint(skb, VSEG_A_RULE_WOULD_BYTES, sum.would_bytes))
		return -EMSGSIZE;
	for (i = 0; i < rule->nmatches; i++)
		if (vseg_genl_match_put(skb, VSEG_A_RULE_MATCH,
					&rule->match[i]))
			return -EMSGSIZE;
	return 0;
}

/* Returns whether all rules of the cell are told. */
static bool vseg_rule_dump_cell(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct vseg_domain **slots,
				const struct vseg_cell *cell)
{
	struct vseg_rule_dump *dump = (void *)cb->ctx;

	for (; cell->rules && dump->index < cell->rules->n; dump->index++) {
		void *hdr = vseg_genl_dump_put(skb, cb, VSEG_CMD_RULE_GET);

		if (!hdr)
			return false;
		if (vseg_genl_dump_end(skb, hdr,
				       vseg_rule_fill(skb, slots, cell->key,
						      dump->index,
						      cell->rules->rule[dump->index])))
			return false;
	}
	dump->index = 0;
	return true;
}

static void vseg_rule_dump_cells(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 const struct vseg_tables *t,
				 struct vseg_domain **slots)
{
	struct vseg_rule_dump *dump = (void *)cb->ctx;
	u32 n = 1u << t->cell_bits;
	const struct vseg_cell *cell;

	/* One cell is one place, and so is (any, any). */
	for (; dump->place < (dump->one ? 1 : n + 1); dump->place++) {
		if (dump->one)
			cell = vseg_tables_cell(t, dump->key);
		else
			cell = dump->place < n ? &t->cells[dump->place] :
						 &t->any_any;
		if (cell && !vseg_rule_dump_cell(skb, cb, slots, cell))
			return;
	}
}

static int vseg_rule_dump_names(struct vseg_net *vn, const struct vseg_tables *t,
				struct netlink_callback *cb)
{
	struct vseg_rule_dump *dump = (void *)cb->ctx;
	struct nlattr *attrs[VSEG_A_RULE_MAX + 1];
	int err;

	err = genlmsg_parse(cb->nlh, &vseg_genl_family, attrs, VSEG_A_RULE_MAX,
			    vseg_rule_get_nl, cb->extack);
	if (err || (!attrs[VSEG_A_RULE_SRC] && !attrs[VSEG_A_RULE_DST]))
		return err;
	dump->one = true;
	err = vseg_genl_cell_key(vn, t, attrs, VSEG_A_RULE_SRC, VSEG_A_RULE_DST,
				 cb->extack, &dump->key);
	if (err || (t && vseg_tables_cell(t, dump->key)))
		return err;
	NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSEG_A_RULE_SRC],
			    "the policy lists no such cell");
	return -ENOENT;
}

/* A rule's message can't be split, so the buffer must hold the longest. */
static u32 vseg_rule_dump_bytes(const struct vseg_tables *t)
{
	u32 i, j, most = 0;

	for (i = 0; i <= 1u << t->cell_bits; i++) {
		const struct vseg_rules *rules = i < 1u << t->cell_bits ?
						 t->cells[i].rules :
						 t->any_any.rules;

		for (j = 0; rules && j < rules->n; j++)
			most = max(most, rules->rule[j]->nmatches);
	}
	return vseg_genl_match_bytes(most) + NLMSG_GOODSIZE;
}

int vseg_genl_rule_dump_start(struct netlink_callback *cb)
{
	struct vseg_net *vn = vseg_net(sock_net(cb->skb->sk));
	const struct vseg_tables *t;
	int err;

	mutex_lock(&vn->lock);
	t = vseg_genl_tables(vn);
	err = vseg_rule_dump_names(vn, t, cb);
	if (!err && t)
		cb->min_dump_alloc = vseg_rule_dump_bytes(t);
	mutex_unlock(&vn->lock);
	return err;
}

int vseg_genl_rule_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vseg_genl_dump_slots(skb, cb, vseg_rule_dump_cells);
}
