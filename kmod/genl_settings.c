// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink: settings.
 */
#include "genl.h"
#include "txn.h"

/* Not const: 6.1 has no pointer to such. */
static struct netlink_range_validation vseg_limit_range = {
	.min = 1,
	.max = VSEG_STATE_LIMIT_MAX,
};

static struct netlink_range_validation vseg_zone_range = {
	.min = 1,
	.max = VSEG_ZONE_MAX,
};

const struct nla_policy vseg_settings_nl[VSEG_A_SETTINGS_MAX + 1] = {
	[VSEG_A_SETTINGS_COOKIE] = { .type = NLA_U64 },
	[VSEG_A_SETTINGS_ADDRESS_RESOLUTION] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSEG_A_SETTINGS_BRIDGE_CONTROL] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSEG_A_SETTINGS_UNMANAGED] = NLA_POLICY_MAX(NLA_U32,
						     VSEG_UNMANAGED_MAX),
	[VSEG_A_SETTINGS_FLOOD_EVENTS] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSEG_A_SETTINGS_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSEG_A_SETTINGS_STATE_PICKUP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSEG_A_SETTINGS_STATE_LIMIT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &vseg_limit_range),
	[VSEG_A_SETTINGS_STATE_ZONE_FIRST] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &vseg_zone_range),
	[VSEG_A_SETTINGS_STATE_ZONE_LAST] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &vseg_zone_range),
	[VSEG_A_SETTINGS_MARK_MASK] = { .type = NLA_U32 },
};

static void vseg_settings_basic(struct vseg_settings *s, struct nlattr **attrs)
{
	if (attrs[VSEG_A_SETTINGS_ADDRESS_RESOLUTION])
		s->address_resolution =
			nla_get_u8(attrs[VSEG_A_SETTINGS_ADDRESS_RESOLUTION]);
	if (attrs[VSEG_A_SETTINGS_BRIDGE_CONTROL])
		s->bridge_control =
			nla_get_u8(attrs[VSEG_A_SETTINGS_BRIDGE_CONTROL]);
	if (attrs[VSEG_A_SETTINGS_UNMANAGED])
		s->unmanaged = nla_get_u32(attrs[VSEG_A_SETTINGS_UNMANAGED]);
	if (attrs[VSEG_A_SETTINGS_FLOOD_EVENTS])
		s->flood_events =
			nla_get_u8(attrs[VSEG_A_SETTINGS_FLOOD_EVENTS]);
	if (attrs[VSEG_A_SETTINGS_GUARD])
		s->guard = nla_get_u8(attrs[VSEG_A_SETTINGS_GUARD]);
}

static int vseg_settings_state(struct vseg_settings *s, struct nlattr **attrs,
			       struct netlink_ext_ack *extack)
{
	struct nlattr *first = attrs[VSEG_A_SETTINGS_STATE_ZONE_FIRST];
	struct nlattr *last = attrs[VSEG_A_SETTINGS_STATE_ZONE_LAST];

	if (attrs[VSEG_A_SETTINGS_STATE_PICKUP])
		s->state_pickup =
			nla_get_u8(attrs[VSEG_A_SETTINGS_STATE_PICKUP]);
	if (attrs[VSEG_A_SETTINGS_STATE_LIMIT])
		s->state_limit =
			nla_get_u32(attrs[VSEG_A_SETTINGS_STATE_LIMIT]);
	if (first)
		s->zone_first = nla_get_u32(first);
	if (last)
		s->zone_last = nla_get_u32(last);
	if (s->zone_first <= s->zone_last)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, first ?: last,
			    "the first zone of stateful rules is behind the last");
	return -EINVAL;
}

static int vseg_settings_mark(struct vseg_settings *s, struct nlattr **attrs,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VSEG_A_SETTINGS_MARK_MASK];

	if (!attr)
		return 0;
	s->mark_mask = nla_get_u32(attr);
	if (vseg_mark_mask_ok(s->mark_mask))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "the bits of a mark mask must be in one piece");
	return -EINVAL;
}

static int vseg_settings_set_edit(struct vseg_txn *txn, struct genl_info *info)
{
	struct vseg_settings s;
	int err;

	err = vseg_txn_edit(txn, info->extack);
	if (err)
		return err;

	s = txn->tables->settings;
	vseg_settings_basic(&s, info->attrs);
	err = vseg_settings_state(&s, info->attrs, info->extack) ?:
	      vseg_settings_mark(&s, info->attrs, info->extack);
	if (!err)
		txn->tables->settings = s;
	return err;
}

int vseg_genl_settings_set(struct sk_buff *skb, struct genl_info *info)
{
	return vseg_genl_once(info, 0) ?:
	       vseg_genl_edit(skb, info, info->attrs[VSEG_A_SETTINGS_COOKIE],
			      vseg_settings_set_edit);
}

int vseg_genl_settings_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vseg_net *vn = vseg_genl_net(info);
	struct vseg_settings s = {
		.address_resolution = 1,
		.bridge_control = 1,
		.guard = 1,
		.state_limit = VSEG_STATE_LIMIT_DEFAULT,
		.zone_first = VSEG_ZONE_FIRST_DEFAULT,
		.zone_last = VSEG_ZONE_LAST_DEFAULT,
	};
	struct sk_buff *msg;
	int err = 0;
	void *hdr;

	msg = vseg_genl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	if (vseg_policy_locked(vn))
		s = vseg_policy_locked(vn)->settings;
	mutex_unlock(&vn->lock);

	if (nla_put_u8(msg, VSEG_A_SETTINGS_ADDRESS_RESOLUTION,
		       s.address_resolution) ||
	    nla_put_u8(msg, VSEG_A_SETTINGS_BRIDGE_CONTROL,
		       s.bridge_control) ||
	    nla_put_u32(msg, VSEG_A_SETTINGS_UNMANAGED, s.unmanaged) ||
	    nla_put_u8(msg, VSEG_A_SETTINGS_FLOOD_EVENTS, s.flood_events) ||
	    nla_put_u8(msg, VSEG_A_SETTINGS_GUARD, s.guard) ||
	    nla_put_u8(msg, VSEG_A_SETTINGS_STATE_PICKUP, s.state_pickup) ||
	    nla_put_u32(msg, VSEG_A_SETTINGS_STATE_LIMIT, s.state_limit) ||
	    nla_put_u32(msg, VSEG_A_SETTINGS_STATE_ZONE_FIRST, s.zone_first) ||
	    nla_put_u32(msg, VSEG_A_SETTINGS_STATE_ZONE_LAST, s.zone_last) ||
	    nla_put_u32(msg, VSEG_A_SETTINGS_MARK_MASK, s.mark_mask))
		err = -EMSGSIZE;
	return vseg_genl_reply(info, msg, hdr, err);
}
