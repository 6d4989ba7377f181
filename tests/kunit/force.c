// SPDX-License-Identifier: GPL-2.0
/*
 * A policy in force on a bridge, and what its ports are to carry.
 *
 * At every moment of a commit, a frame that the old policy decides finds the
 * old labels, and one that the new policy decides the new ones, at all ports.
 * What a commit tells the rest of the module, or asks it, is where that is
 * looked at.
 */
#include "../../kmod/event.h"
#include "../../kmod/genl.h"
#include "../../kmod/hold.h"
#include "../../kmod/hook.h"
#include "../../kmod/ingress.h"
#include "../../kmod/lockdown.h"
#include "../../kmod/route.h"
#include "../../kmod/sysfs.h"
#include "../../kmod/vlan.h"
#include "force.h"

struct force *force;

/* Does every port carry this under policies with this cursor? */
void force_carries(u8 cursor, const unsigned int *number, const char *when)
{
	unsigned int i;
	int want;

	for (i = 0; i < DEVICES; i++) {
		want = force->port[i] ? force->domain[number[i]]->id : -1;
		KUNIT_EXPECT_EQ_MSG(force->bridge->test, want,
				    bridge_id(force->bridge, force->dev[i],
					      cursor),
				    "port %u %s", i, when);
	}
}

/* Does nobody find a port? */
static void force_none(u8 cursor)
{
	unsigned int i;

	for (i = 0; i < DEVICES; i++)
		KUNIT_EXPECT_EQ(force->bridge->test, -1,
				bridge_id(force->bridge, force->dev[i],
					  cursor));
}

/*
 * The rest of the module.
 */

/* In the middle of preparing, for each trunk port. */
int vseg_ingress_prepare(struct vseg_net *vn, const struct vseg_tables *t,
			 bool fresh, struct list_head *bindings,
			 struct netlink_ext_ack *extack)
{
	return 0;
}

void vseg_ingress_settle_port(struct vseg_port *port,
			      const struct vseg_tables *t)
{
}

void vseg_ingress_settle(struct vseg_net *vn, const struct vseg_tables *t)
{
}

int vseg_vlan_scan(struct vseg_bridge *br)
{
	force_carries(br->vn->cursor, force->old, "while it is prepared");
	return force->no_vlans ? -ENOMEM : 0;
}

/* In the middle of publishing, for each port. */
void vseg_sysfs_port_add(struct vseg_port *port)
{
	struct vseg_net *vn = port->bridge->vn;

	force_carries(vn->cursor, force->old, "while it is published");
}

/* What frames read of a policy is what its tables say. */
static void force_policy(const struct vseg_net *vn,
			 const struct vseg_policy *policy)
{
	const struct vseg_tables *t = policy->tables;
	struct kunit *test = force->bridge->test;

	KUNIT_EXPECT_EQ(test, policy->cursor, vn->cursor);
	KUNIT_EXPECT_EQ(test, policy->generation, vn->generation);
	KUNIT_EXPECT_PTR_EQ(test, policy->cells, t->cells);
	KUNIT_EXPECT_EQ(test, policy->cell_bits, t->cell_bits);
	KUNIT_EXPECT_EQ(test, policy->to_any, !!t->nto_any);
	KUNIT_EXPECT_EQ(test, policy->from_any, !!t->nfrom_any);
	KUNIT_EXPECT_MEMEQ(test, &policy->settings, &t->settings,
			   sizeof(t->settings));
}

/* The pointer is swapped, nothing has settled yet. */
void vseg_genl_config_notify(struct vseg_net *vn, u8 event, u64 generation,
			     const struct net_device *port,
			     const struct net_device *bridge)
{
	struct vseg_policy *policy = vseg_policy_locked(vn);

	if (event != VSEG_CONFIG_EVENT_COMMIT &&
	    event != VSEG_CONFIG_EVENT_ROLLBACK &&
	    event != VSEG_CONFIG_EVENT_OFF)
		return;
	force->published = true;
	if (policy)
		force_policy(vn, policy);
	force_carries(!vn->cursor, force->old, "for frames of before");
	if (force->leaves)
		force_none(vn->cursor);
	else
		force_carries(vn->cursor, force->new, "for frames from now on");
}

void vseg_sysfs_policy_changed(struct vseg_net *vn)
{
}

bool vseg_vlan_wanted(const struct vseg_bridge *br)
{
	return br->ntrunks;
}

int vseg_vlan_prepare(struct vseg_net *vn, const struct vseg_tables *t)
{
	return 0;
}

bool vseg_vlan_ambiguous(struct vseg_bridge *br)
{
	return false;
}

int vseg_vlan_watch_start(struct vseg_net *vn)
{
	return 0;
}

int vseg_hold_init(struct vseg_net *vn)
{
	return 0;
}

int vseg_events_init(struct vseg_net *vn)
{
	return 0;
}

bool vseg_lockdown(const struct vseg_net *vn)
{
	return false;
}

int vseg_hooks_register(struct vseg_net *vn)
{
	vn->hooks = !force->no_hooks;
	return force->no_hooks ? -ENOMEM : 0;
}

void vseg_hooks_unregister(struct vseg_net *vn)
{
	vn->hooks = false;
}

void vseg_route_mark(struct vseg_policy *policy, const struct vseg_policy *old)
{
}

int vseg_route_seal(struct vseg_tables *t, struct netlink_ext_ack *extack)
{
	return 0;
}

int vseg_route_prepare(struct vseg_net *vn, const struct vseg_tables *t)
{
	return 0;
}

void vseg_route_settle(struct vseg_net *vn, const struct vseg_tables *t)
{
}

/*
 * A namespace with a policy.
 */

static void force_off(void *data)
{
	struct vseg_net *vn = force->bridge->vn;

	force->leaves = true;
	vseg_commit_net_exit(vn);
	vseg_txn_net_exit(vn);
	force->bridge->br = NULL;
	force = NULL;
}

int force_commit(struct vseg_txn *txn, u32 flags)
{
	struct vseg_net *vn = force->bridge->vn;
	struct netlink_ext_ack extack = {};
	struct vseg_how how = {
		.flags = flags,
		.confirm = force->confirm,
		.op = txn->rollback ? VSEG_LOG_OP_ROLLBACK : VSEG_LOG_OP_COMMIT,
	};
	int err;

	force->published = false;
	err = vseg_commit(txn, &how, &extack);
	force->generation += !err;
	KUNIT_EXPECT_EQ(force->bridge->test, how.generation,
			force->generation);
	KUNIT_EXPECT_EQ(force->bridge->test, vn->generation,
			force->generation);
	KUNIT_EXPECT_EQ(force->bridge->test, force->published, !err);
	if (!err)
		memcpy(force->old, force->new, sizeof(force->old));
	else
		memcpy(force->new, force->old, sizeof(force->old));
	return err;
}

void force_begin(struct vseg_txn *txn)
{
	struct vseg_net *vn = force->bridge->vn;

	mutex_lock(&vn->commit_lock);
	mutex_lock(&vn->lock);
	vseg_txn_begin_single(txn, vn);
	mutex_unlock(&vn->lock);
}

void force_end(struct vseg_txn *txn)
{
	struct vseg_net *vn = force->bridge->vn;

	mutex_lock(&vn->lock);
	vseg_txn_end_single(txn);
	mutex_unlock(&vn->lock);
	mutex_unlock(&vn->commit_lock);
}

int force_edit(struct vseg_txn *txn)
{
	struct vseg_net *vn = force->bridge->vn;
	int err;

	mutex_lock(&vn->lock);
	err = vseg_txn_edit(txn, NULL);
	mutex_unlock(&vn->lock);
	return err;
}

void force_join(unsigned int at)
{
	force->port[at] = bridge_join(force->bridge, force->dev[at],
				      BIT(0) | BIT(1));
	KUNIT_ASSERT_NOT_NULL(force->bridge->test, force->port[at]);
	force->old[at] = 0;
	force->new[at] = 0;
}

void force_leave(unsigned int at)
{
	bridge_leave(force->bridge, force->port[at]);
	force->port[at] = NULL;
}

/* As a request does it; a trunk port has a map, too. */
struct vseg_txn_bind *force_bind(struct vseg_txn *txn, unsigned int at, u8 kind,
				 unsigned int to)
{
	struct kunit *test = force->bridge->test;
	struct vseg_txn_bind *tb = kzalloc(sizeof(*tb), GFP_KERNEL);
	struct vseg_vlan_range *map;

	KUNIT_ASSERT_NOT_NULL(test, tb);
	tb->dev = force->dev[at];
	tb->bind.kind = kind;
	tb->bind.match = VSEG_PORT_MATCH_EXPLICIT;
	if (to)
		tb->bind.domain = vseg_domain_get(force->domain[to]);
	if (kind == VSEG_PORT_KIND_TRUNK) {
		map = kvcalloc(1, sizeof(*map), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, map);
		map->first = 10;
		map->last = 19;
		map->domain = vseg_domain_get(force->domain[1]);
		tb->bind.map = map;
		tb->bind.nmap = 1;
	}
	list_add_tail(&tb->list, &txn->binds);
	force->new[at] = to;
	return tb;
}

void force_new(struct kunit *test)
{
	struct vseg_net *vn;
	struct vseg_txn txn;
	unsigned int i;
	int err;

	force = kunit_kzalloc(test, sizeof(*force), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, force);
	force->bridge = bridge_new(test);
	vn = force->bridge->vn;
	vn->net = &init_net;
	vseg_commit_net_init(vn);
	vseg_txn_net_init(vn);
	for (i = 0; i < DEVICES; i++)
		force->dev[i] = bridge_device(force->bridge, 10 + i);
	force->domain[0] = vn->builtin[VSEG_SLOT_UNLABELLED];
	for (i = 1; i < DOMAINS; i++)
		force->domain[i] = bridge_domain(force->bridge, 15 + i);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, force_off,
							   NULL));

	force_begin(&txn);
	err = force_edit(&txn);
	for (i = 1; i < DOMAINS && !err; i++)
		err = vseg_tables_add_domain(txn.tables, force->domain[i],
					     &vn->pool);
	if (!err)
		err = vseg_tables_add_bridge(txn.tables,
					     force->bridge->dev->name, 0);
	if (!err)
		err = force_commit(&txn, 0);
	force_end(&txn);
	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_ASSERT_TRUE(test, vn->hooks);
}
