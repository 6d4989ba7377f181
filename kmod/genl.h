/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family: the only files that see attributes.
 */
#ifndef VSEG_GENL_H
#define VSEG_GENL_H

#include <net/genetlink.h>

#include "port.h"
#include "selector.h"

struct vseg_event;
struct vseg_txn;

enum vseg_mcgrp {
	VSEG_GRP_CONFIG,
	VSEG_GRP_DROPS,
};

extern struct genl_family vseg_genl_family;

bool vseg_genl_up(void);
int vseg_genl_init(void);
void vseg_genl_exit(void);

/* An edit of a transaction; a refused one leaves the transaction as it was. */
typedef int (*vseg_edit_t)(struct vseg_txn *txn, struct genl_info *info);

/* Transactions: genl_txn.c. */
extern const struct nla_policy vseg_commit_nl[];
extern const struct nla_policy vseg_confirm_nl[];
extern const struct nla_policy vseg_abort_nl[];
extern struct notifier_block vseg_genl_txn_nb;
struct vseg_txn *vseg_genl_find_txn(struct vseg_net *vn, struct sk_buff *skb,
				    struct genl_info *info,
				    struct nlattr *cookie);
int vseg_genl_edit(struct sk_buff *skb, struct genl_info *info,
		   struct nlattr *cookie, vseg_edit_t edit);
int vseg_genl_begin(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_commit(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_abort(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_off(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_rollback(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_confirm(struct sk_buff *skb, struct genl_info *info);

struct vseg_net *vseg_genl_net(struct genl_info *info);
bool vseg_genl_restricted(const struct vseg_net *vn);
int vseg_genl_may_write(struct vseg_net *vn, struct genl_info *info);

int vseg_genl_refusal(struct netlink_ext_ack *extack, int err);
int vseg_genl_once(struct genl_info *info, int many);
int vseg_genl_once_nested(const struct nlattr *nest,
			  struct netlink_ext_ack *extack);
u32 vseg_genl_count(struct genl_info *info, int type);
const char *vseg_genl_name(const struct nlattr *attr,
			   struct netlink_ext_ack *extack);

typedef int (*vseg_fill_t)(struct sk_buff *msg, struct vseg_net *vn,
			   struct genl_info *info);

struct sk_buff *vseg_genl_reply_begin(struct genl_info *info, void **hdr);
int vseg_genl_reply(struct genl_info *info, struct sk_buff *msg, void *hdr,
		    int err);
int vseg_genl_answer(struct genl_info *info, vseg_fill_t fill);
void *vseg_genl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			 u8 cmd);
int vseg_genl_dump_end(struct sk_buff *skb, void *hdr, int err);
int vseg_genl_put_stats(struct sk_buff *skb, int type,
			const struct vseg_sum *sum);

/* Like nla_put_uint() of newer kernels: four bytes where they are enough. */
static inline int vseg_nla_put_uint(struct sk_buff *skb, int type, u64 value)
{
	u32 low = value;

	if (low == value)
		return nla_put_u32(skb, type, low);
	return nla_put(skb, type, sizeof(value), &value);
}

/* How names are given; each request takes what the spec lists, no more. */
#define VSEG_NAME_NL	{ .type = NLA_NUL_STRING, .len = VSEG_NAME_MAX }
#define VSEG_IFNAME_NL	{ .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 }
#define VSEG_PERMIT_NL	NLA_POLICY_MASK(NLA_U32, VSEG_GUARD_PERMIT_MASK)
#define VSEG_PATTERN_NL	{ .type = NLA_NUL_STRING, .len = VSEG_PATTERN_MAX }

/**
 * struct vseg_bind_types - attributes of a request that gives a port something
 * @kind: its kind
 * @trust: its trust
 * @domain: its domain
 * @vlan: ranges of its VLAN map
 * @guard: its guard
 */
struct vseg_bind_types {
	int kind;
	int trust;
	int domain;
	int vlan;
	int guard;
};

extern const struct nla_policy vseg_vlan_nl[VSEG_A_VLAN_MAX + 1];

#define VSEG_VLAN_NL	NLA_POLICY_NESTED(vseg_vlan_nl)

int vseg_genl_bind_parse(struct vseg_bind *bind, const struct vseg_tables *t,
			 struct genl_info *info,
			 const struct vseg_bind_types *types);
int vseg_genl_put_map(struct sk_buff *skb, int type,
		      const struct vseg_vlan_range *map, u32 n);
u32 vseg_genl_map_bytes(u32 n);

extern const struct nla_policy vseg_guard_nl[VSEG_A_GUARD_MAX + 1];

#define VSEG_GUARD_NL	NLA_POLICY_NESTED(vseg_guard_nl)

struct vseg_guard *vseg_genl_guard_parse(const struct nlattr *nest,
					 struct netlink_ext_ack *extack);
int vseg_genl_put_guard(struct sk_buff *skb, int type,
			const struct vseg_guard *guard, const u8 *mac);
u32 vseg_genl_guard_bytes(const struct vseg_guard *guard);

/* domains, cells, settings, each in its genl_*.c */
extern const struct nla_policy vseg_domain_get_nl[];
extern const struct nla_policy vseg_domain_add_nl[];
extern const struct nla_policy vseg_domain_del_nl[];
extern const struct nla_policy vseg_domain_set_nl[];
extern const struct nla_policy vseg_cell_get_nl[];
extern const struct nla_policy vseg_cell_set_nl[];
extern const struct nla_policy vseg_cell_del_nl[];
extern const struct nla_policy vseg_settings_nl[];
const struct vseg_tables *vseg_genl_tables(struct vseg_net *vn);
struct vseg_domain *vseg_genl_domain(struct vseg_net *vn,
				     const struct vseg_tables *t,
				     const char *name);
int vseg_genl_domain_get(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_domain_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_domain_add(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_domain_del(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_domain_set(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_cell_get(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_cell_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_cell_set(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_cell_del(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_cell_key(struct vseg_net *vn, const struct vseg_tables *t,
		       struct nlattr **attrs, int src, int dst,
		       struct netlink_ext_ack *extack, u32 *key);
struct vseg_domain **vseg_genl_slots(struct vseg_net *vn,
				     const struct vseg_tables *t);
int vseg_genl_dump_slots(struct sk_buff *skb, struct netlink_callback *cb,
			 void (*dump)(struct sk_buff *skb,
				      struct netlink_callback *cb,
				      const struct vseg_tables *t,
				      struct vseg_domain **slots));
const char *vseg_genl_slot_name(struct vseg_domain **slots, u16 slot);
int vseg_genl_settings_get(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_settings_set(struct sk_buff *skb, struct genl_info *info);

/* rules: genl_rule.c, and what they look at: genl_match.c */
extern const struct nla_policy vseg_rule_get_nl[];
extern const struct nla_policy vseg_rule_add_nl[];
extern const struct nla_policy vseg_rule_del_nl[];
extern const struct nla_policy vseg_match_nl[VSEG_A_MATCH_MAX + 1];
int vseg_genl_rule_dump_start(struct netlink_callback *cb);
int vseg_genl_rule_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_rule_add(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_rule_del(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_match_parse(const struct nlattr *nest,
			  struct vseg_rule_match *match,
			  struct netlink_ext_ack *extack);
int vseg_genl_match_put(struct sk_buff *skb, int type,
			const struct vseg_rule_match *match);
u32 vseg_genl_match_bytes(u32 n);

/* bridges and ports */
extern const struct nla_policy vseg_bridge_get_nl[];
extern const struct nla_policy vseg_bridge_set_nl[];
extern const struct nla_policy vseg_bridge_del_nl[];
extern const struct nla_policy vseg_port_get_nl[];
extern const struct nla_policy vseg_port_bind_nl[];
extern const struct nla_policy vseg_port_unbind_nl[];
int vseg_genl_bridge_get(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_bridge_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_bridge_add(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_bridge_set(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_bridge_del(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_port_get(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_port_dump_start(struct netlink_callback *cb);
int vseg_genl_port_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_port_bind(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_port_unbind(struct sk_buff *skb, struct genl_info *info);

/* selectors, decisions, the latest generations, each in its genl_*.c */
extern const struct nla_policy vseg_selector_add_nl[];
extern const struct nla_policy vseg_selector_del_nl[];
extern const struct nla_policy vseg_decide_nl[];
int vseg_genl_selector_dump_start(struct netlink_callback *cb);
int vseg_genl_selector_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_selector_add(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_selector_del(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_decide(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_log_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* zones: genl_zone.c */
extern const struct nla_policy vseg_zone_add_nl[];
int vseg_genl_zone_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vseg_genl_zone_add(struct sk_buff *skb, struct genl_info *info);

/* status and denied pairs: genl_status.c */
int vseg_genl_status_get(struct sk_buff *skb, struct genl_info *info);
int vseg_genl_pair_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* notifications: genl_event.c */
int vseg_genl_drop_fill(struct sk_buff *msg, const struct vseg_event *ev);
void vseg_genl_config_notify(struct vseg_net *vn, u8 event, u64 generation,
			     const struct net_device *dev,
			     const struct net_device *bridge);

#endif /* VSEG_GENL_H */
