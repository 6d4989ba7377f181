// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: what the policy would say of a frame.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "class.h"
#include "frame.h"
#include "genl.h"
#include "guard.h"
#include "match.h"
#include "txn.h"

const struct nla_policy vseg_decide_nl[VSEG_A_DECISION_MAX + 1] = {
	[VSEG_A_DECISION_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_DECISION_SRC] = VSEG_NAME_NL,
	[VSEG_A_DECISION_DST] = VSEG_NAME_NL,
	[VSEG_A_DECISION_IN_IFNAME] = VSEG_IFNAME_NL,
	[VSEG_A_DECISION_OUT_IFNAME] = VSEG_IFNAME_NL,
	[VSEG_A_DECISION_VLAN] = NLA_POLICY_MAX(NLA_U32, VLAN_VID_MASK - 1),
	[VSEG_A_DECISION_CLASS] = NLA_POLICY_MAX(NLA_U32, VSEG_FRAME_CLASS_MAX),
	[VSEG_A_DECISION_FRAME] = NLA_POLICY_RANGE(NLA_BINARY, ETH_HLEN,
						   VSEG_FRAME_MAX),
};

/* What frames are to the policy is what requests call it. */
static_assert(VSEG_FRAME_CLASS_OTHER == (int)VSEG_CLASS_OTHER &&
	      VSEG_FRAME_CLASS_ADDRESS_RESOLUTION ==
	      (int)VSEG_CLASS_RESOLUTION &&
	      VSEG_FRAME_CLASS_BPDU == (int)VSEG_CLASS_BPDU &&
	      VSEG_FRAME_CLASS_QUERY == (int)VSEG_CLASS_QUERY &&
	      VSEG_FRAME_CLASS_MAX == (int)VSEG_CLASS_MDNS);

/**
 * struct vseg_end - one end of the frame that is asked about
 * @domain: its domain
 * @match: enum vseg_port_match, where it is a port
 * @port: it is a port
 * @trunk: it is a trunk port
 * @guest: what is known of the guest behind it
 */
struct vseg_end {
	const struct vseg_domain *domain;
	struct vseg_guest guest;
	u8 match;
	bool port;
	bool trunk;
};

/* The labels that a port has, or would have: those of its explicit binding, or
 * what the selectors say.  A port that isn't there has nothing but its name.
 */
static void vseg_end_bind(struct vseg_net *vn, const struct vseg_tables *t,
			  const char *name, const struct vseg_txn *txn,
			  struct vseg_bind *bind)
{
	struct net_device *dev = __dev_get_by_name(vn->net, name);
	struct vseg_port *port = dev ? vseg_port_find(vn, dev) : NULL;
	struct vseg_binding *b = port ? vseg_newest(port) : NULL;
	struct vseg_identity id = { .name = name };
	struct vseg_txn_bind *tb = NULL;
	struct vseg_match match;

	if (txn && dev)
		tb = vseg_txn_bind_find((struct vseg_txn *)txn, dev);
	if (tb && tb->bind.match == VSEG_PORT_MATCH_EXPLICIT) {
		*bind = tb->bind;
		return;
	}
	if (b && !tb && b->match == VSEG_PORT_MATCH_EXPLICIT) {
		*bind = (struct vseg_bind) {
			.kind = b->kind,
			.match = b->match,
			.domain = b->label->domain,
			.map = b->map,
			.nmap = b->nmap,
			.guard = b->guard,
		};
		return;
	}
	if (dev)
		vseg_match_device(t, dev, &match);
	else
		vseg_selector_match(&t->selectors, &id, &match);
	if (match.selector)
		*bind = match.selector->bind;
	bind->match = match.match;
}

static int vseg_end_domain(const struct vseg_bind *bind, struct nlattr *vlan,
			   struct vseg_net *vn, struct vseg_end *end,
			   struct netlink_ext_ack *extack)
{
	end->match = bind->match;
	end->trunk = bind->kind == VSEG_PORT_KIND_TRUNK;
	if (bind->kind == VSEG_PORT_KIND_GUEST)
		end->guest = vseg_bind_guest(bind);
	if (end->trunk && !vlan) {
		NL_SET_ERR_ATTR_MISS(extack, NULL, VSEG_A_DECISION_VLAN);
		NL_SET_ERR_MSG(extack,
			       "at a trunk port the VLAN decides; say which");
		return -EINVAL;
	}
	end->domain = vseg_bind_vlan(bind, vlan ? nla_get_u32(vlan) : 0) ?:
		      vn->builtin[VSEG_SLOT_UNLABELLED];
	return 0;
}

static int vseg_end_port(struct vseg_net *vn, const struct vseg_tables *t,
			 const struct vseg_txn *txn, struct nlattr *attr,
			 struct genl_info *info, struct vseg_end *end)
{
	const char *name = vseg_genl_name(attr, info->extack);
	struct vseg_bind bind = { .kind = VSEG_PORT_KIND_UNLABELLED };

	if (!name)
		return -EINVAL;
	end->port = true;
	vseg_end_bind(vn, t, name, txn, &bind);
	return vseg_end_domain(&bind, info->attrs[VSEG_A_DECISION_VLAN], vn,
			       end, info->extack);
}

static int vseg_end_named(struct vseg_net *vn, const struct vseg_tables *t,
			  struct nlattr *attr, struct genl_info *info,
			  struct vseg_end *end)
{
	const char *name = vseg_genl_name(attr, info->extack);

	if (!name)
		return -EINVAL;
	end->domain = vseg_genl_domain(vn, t, name);
	if (end->domain)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "there is no domain of this name");
	return -ENOENT;
}

static int vseg_end_parse(struct vseg_net *vn, const struct vseg_tables *t,
			  const struct vseg_txn *txn, struct genl_info *info,
			  int domain, int port, struct vseg_end *end)
{
	if (info->attrs[domain] && info->attrs[port]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[port],
				    "an end is a domain or a port, not both");
		return -EINVAL;
	}
	if (info->attrs[domain])
		return vseg_end_named(vn, t, info->attrs[domain], info, end);
	if (info->attrs[port])
		return vseg_end_port(vn, t, txn, info->attrs[port], info, end);
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, domain);
	NL_SET_ERR_MSG(info->extack, "an end of the frame is missing");
	return -EINVAL;
}

/* The name of a cell's end: the domain's own, or any. */
static const char *vseg_cell_end_name(u16 slot, const struct vseg_end *end)
{
	return slot == VSEG_SLOT_ANY ? "any" : end->domain->name;
}

static int vseg_decision_put_cell(struct sk_buff *msg,
				  const struct vseg_cell *cell,
				  const struct vseg_end *src,
				  const struct vseg_end *dst)
{
	/* What speaks for a pair that no cell lists has no counters. */
	if (!cell->stats)
		return 0;
	if (nla_put_string(msg, VSEG_A_DECISION_CELL_SRC,
			   vseg_cell_end_name(vseg_key_src(cell->key), src)) ||
	    nla_put_string(msg, VSEG_A_DECISION_CELL_DST,
			   vseg_cell_end_name(vseg_key_dst(cell->key), dst)) ||
	    nla_put_u32(msg, VSEG_A_DECISION_ACTION, cell->action) ||
	    nla_put_u32(msg, VSEG_A_DECISION_FLAGS, cell->flags))
		return -EMSGSIZE;
	return 0;
}

static int vseg_decision_fill(struct sk_buff *msg, u64 generation,
			      const struct vseg_verdict *verdict,
			      const struct vseg_end *src,
			      const struct vseg_end *dst)
{
	if (nla_put_string(msg, VSEG_A_DECISION_SRC, src->domain->name) ||
	    nla_put_string(msg, VSEG_A_DECISION_DST, dst->domain->name) ||
	    nla_put_u32(msg, VSEG_A_DECISION_REASON, verdict->reason) ||
	    nla_put_u32(msg, VSEG_A_DECISION_PASS, verdict->pass) ||
	    vseg_nla_put_uint(msg, VSEG_A_DECISION_GENERATION, generation))
		return -EMSGSIZE;
	if ((src->port &&
	     nla_put_u32(msg, VSEG_A_DECISION_IN_MATCH, src->match)) ||
	    (dst->port &&
	     nla_put_u32(msg, VSEG_A_DECISION_OUT_MATCH, dst->match)))
		return -EMSGSIZE;
	if (verdict->rule &&
	    (nla_put_u32(msg, VSEG_A_DECISION_RULE, verdict->index) ||
	     nla_put_string(msg, VSEG_A_DECISION_RULE_NAME,
			    verdict->rule->name)))
		return -EMSGSIZE;
	return vseg_decision_put_cell(msg, verdict->cell, src, dst);
}

/* What the rules and the passes see of a frame: its bytes, or no more than its
 * class.
 */
static int vseg_decide_parse(struct genl_info *info, struct vseg_frame *frame,
			     struct vseg_fields *fields)
{
	struct nlattr *bytes = info->attrs[VSEG_A_DECISION_FRAME];
	struct nlattr *class = info->attrs[VSEG_A_DECISION_CLASS];
	struct nlattr *vlan = info->attrs[VSEG_A_DECISION_VLAN];

	frame->class = class ? nla_get_u32(class) : VSEG_CLASS_OTHER;
	if (!bytes)
		return 0;
	if (class) {
		NL_SET_ERR_MSG_ATTR(info->extack, class,
				    "the frame's bytes tell its class; give one of both");
		return -EINVAL;
	}
	frame->class = vseg_class_of(nla_data(bytes), nla_len(bytes),
				     nla_len(bytes));
	vseg_frame_describe(nla_data(bytes), nla_len(bytes), nla_len(bytes),
			    vlan ? nla_get_u32(vlan) : 0, fields);
	frame->fields = fields;
	return 0;
}

/* Rules of a transaction that isn't committed have no tables yet. */
static int vseg_decide_seal(const struct vseg_cell *cell,
			    const struct vseg_frame *frame,
			    struct netlink_ext_ack *extack)
{
	int err;

	if (cell->action != VSEG_ACTION_RULES)
		return 0;
	if (!frame->fields) {
		NL_SET_ERR_ATTR_MISS(extack, NULL, VSEG_A_DECISION_FRAME);
		NL_SET_ERR_MSG(extack,
			       "rules decide here; give the frame's bytes");
		return -EINVAL;
	}
	err = vseg_rules_seal(cell->rules);
	if (err == -E2BIG)
		NL_SET_ERR_MSG(extack,
			       "the rules overlap in too many ways; their tables would be too large");
	return err;
}

/* A pass may ask whether the rules of the other direction carry IP. */
static int vseg_decide_back(const struct vseg_policy *policy,
			    const struct vseg_frame *frame)
{
	const struct vseg_cell *cell = vseg_policy_cell(policy, frame->dst,
							frame->src);

	return cell->rules ? vseg_rules_seal(cell->rules) : 0;
}

/**
 * struct vseg_question - what is asked, and the answer
 * @src: source of the frame
 * @dst: its destination
 * @frame: what the policy sees of it
 * @fields: likewise
 * @verdict: the answer
 */
struct vseg_question {
	struct vseg_end src;
	struct vseg_end dst;
	struct vseg_frame frame;
	struct vseg_fields fields;
	struct vseg_verdict verdict;
};

static bool vseg_end_guarded(const struct vseg_tables *t,
			     const struct vseg_end *end)
{
	return t->settings.guard && end->port && !end->trunk &&
	       end->domain->slot != VSEG_SLOT_UNLABELLED;
}

/* What the guard of the port that it enters by says comes first; that it is
 * for another station, last.
 */
static void vseg_decide_guard(const struct vseg_tables *t,
			      const struct nlattr *bytes,
			      struct vseg_question *q)
{
	u32 len = nla_len(bytes), roles;
	const u8 *data = nla_data(bytes);
	u8 reason = VSEG_REASON_NONE;
	u32 permit;

	if (vseg_end_guarded(t, &q->src)) {
		permit = vseg_tables_permit(t, q->src.domain,
					    q->src.guest.guard);
		reason = vseg_guard_check(&q->src.guest, data, len, len,
					  &roles);
		reason = vseg_guard_reason(reason, roles, permit);
	}
	if (!reason && !q->verdict.reason && vseg_end_guarded(t, &q->dst) &&
	    q->dst.guest.mac && !is_multicast_ether_addr(data) &&
	    !vseg_guest_has_mac(&q->dst.guest, data) &&
	    !(vseg_tables_permit(t, q->dst.domain, q->dst.guest.guard) &
	      VSEG_GUARD_PERMIT_ALL))
		reason = VSEG_REASON_OTHER_HOST;
	if (!reason)
		return;
	q->verdict.reason = reason;
	q->verdict.pass = VSEG_PASS_NONE;
	q->verdict.rule = NULL;
}

static int vseg_question_parse(struct vseg_net *vn, const struct vseg_tables *t,
			       const struct vseg_txn *txn,
			       struct genl_info *info, struct vseg_question *q)
{
	int err;

	err = vseg_end_parse(vn, t, txn, info, VSEG_A_DECISION_SRC,
			     VSEG_A_DECISION_IN_IFNAME, &q->src) ?:
	      vseg_end_parse(vn, t, txn, info, VSEG_A_DECISION_DST,
			     VSEG_A_DECISION_OUT_IFNAME, &q->dst) ?:
	      vseg_decide_parse(info, &q->frame, &q->fields);
	if (err)
		return err;
	q->frame.src = q->src.domain->slot;
	q->frame.dst = q->dst.domain->slot;
	q->frame.trunk = q->src.trunk;
	q->frame.guests = !q->src.trunk && !q->dst.trunk;
	return 0;
}

static int vseg_decide_locked(struct vseg_net *vn, const struct vseg_txn *txn,
			      struct genl_info *info, struct sk_buff *msg)
{
	const struct vseg_tables *t = txn ? vseg_txn_tables(txn) :
					    vseg_genl_tables(vn);
	struct vseg_policy policy = {};
	const struct vseg_cell *cell;
	struct vseg_question q = {};
	int err;

	if (!t) {
		NL_SET_ERR_MSG(info->extack, "there is no policy in force");
		return -ENOENT;
	}
	err = vseg_question_parse(vn, t, txn, info, &q);
	if (err)
		return err;

	/* No frame sees this one. */
	vseg_policy_init(&policy, (struct vseg_tables *)t, 0);
	cell = vseg_policy_cell(&policy, q.frame.src, q.frame.dst);
	err = vseg_decide_seal(cell, &q.frame, info->extack) ?:
	      vseg_decide_back(&policy, &q.frame);
	if (err)
		return err;
	vseg_policy_decide(&policy, cell, &q.frame, &q.verdict);
	if (info->attrs[VSEG_A_DECISION_FRAME])
		vseg_decide_guard(t, info->attrs[VSEG_A_DECISION_FRAME], &q);
	return vseg_decision_fill(msg, txn ? txn->base : vn->generation,
				  &q.verdict, &q.src, &q.dst);
}

int vseg_genl_decide(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *cookie = info->attrs[VSEG_A_DECISION_COOKIE];
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_txn *txn = NULL;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vseg_genl_once(info, 0);
	if (err)
		return err;
	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	/* rtnl: names and addresses of devices stay. */
	rtnl_lock();
	mutex_lock(&vn->lock);
	if (cookie)
		txn = vseg_genl_find_txn(vn, skb, info, cookie);
	err = PTR_ERR_OR_ZERO(txn) ?: vseg_decide_locked(vn, txn, info, msg);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	return vseg_genl_reply(info, msg, hdr, err);
}
