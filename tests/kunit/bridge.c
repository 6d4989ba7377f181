// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace with a managed bridge, as far as ports and bindings need one.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../kmod/hold.h"
#include "../../kmod/ingress.h"
#include "../../kmod/sysfs.h"
#include "bridge.h"

/*
 * Where ports tell the rest of the module, of which there is none here.
 */

unsigned int bridge_sysfs_deleted;

void vseg_sysfs_port_del(struct vseg_port *port)
{
	bridge_sysfs_deleted++;
}

/* Devices that are registered nowhere have no hooks; nobody may miss them. */
int bridge_hook_error;

int vseg_ingress_register(struct vseg_port *port, const struct vseg_binding *b,
			  const struct vseg_tables *t)
{
	port->guarded = !bridge_hook_error;
	return bridge_hook_error;
}

void vseg_ingress_unregister(struct vseg_port *port)
{
	port->guarded = false;
}

/* No frame waits here. */
void vseg_hold_forget(struct vseg_net *vn, const struct net_device *dev)
{
}

/* All that waits for a grace period has run. */
void bridge_settle(void)
{
	/* What a binding's work frees is called back after another one. */
	rcu_barrier();
	flush_workqueue(vseg_wq);
	rcu_barrier();
}

/*
 * Namespace and bridge.
 */

static void bridge_free(void *data)
{
	struct bridge *bridge = data;
	struct vseg_net *vn = bridge->vn;
	unsigned int i;

	if (bridge->br)
		bridge_unmanage(bridge);
	bridge_settle();
	for (i = 0; i < VSEG_SLOT_FIRST; i++)
		vseg_domain_put(vn->builtin[i]);
	vseg_cell_pool_destroy(&vn->pool);

	/* Nothing of it may be left. */
	KUNIT_EXPECT_TRUE(bridge->test, list_empty(&vn->labels));
	KUNIT_EXPECT_TRUE(bridge->test, list_empty(&vn->bridges));
	KUNIT_EXPECT_TRUE(bridge->test, ida_is_empty(&vn->slots));
	for (i = 0; i < 1 << VSEG_BINDING_BITS; i++)
		if (!hlist_empty(&vn->bindings[i]))
			KUNIT_FAIL(bridge->test, "bucket %u isn't empty", i);
	ida_destroy(&vn->slots);
	kvfree(vn->history);
	kvfree(vn->bindings);
	mutex_destroy(&vn->lock);
	kfree(vn);
	while (bridge->ndevs)
		free_netdev(bridge->devs[--bridge->ndevs]);
}

static struct vseg_net *bridge_net(struct kunit *test)
{
	static const char * const names[] = { "unlabelled", "host", "routed" };
	struct vseg_net *vn = kzalloc(sizeof(*vn), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, vn);
	vn->bindings = kvcalloc(1 << VSEG_BINDING_BITS, sizeof(*vn->bindings),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vn->bindings);
	mutex_init(&vn->commit_lock);
	mutex_init(&vn->lock);
	seqlock_init(&vn->fold);
	ida_init(&vn->slots);
	INIT_LIST_HEAD(&vn->bridges);
	INIT_LIST_HEAD(&vn->pending);
	INIT_LIST_HEAD(&vn->labels);
	vseg_cell_pool_init(&vn->pool);
	for (i = 0; i < VSEG_SLOT_FIRST; i++) {
		vn->builtin[i] = vseg_domain_alloc(names[i], i, &vn->slots, i);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, vn->builtin[i]);
	}
	return vn;
}

/* Where ports look for selectors: none, as long as no policy is in force. */
const struct vseg_tables *bridge_tables(const struct bridge *bridge)
{
	static const struct vseg_tables none;
	struct vseg_policy *policy = vseg_policy_locked(bridge->vn);

	return policy ? policy->tables : &none;
}

/* A device that lives as long as the test, and is registered nowhere. */
struct net_device *bridge_device(struct bridge *bridge, int ifindex)
{
	static const struct net_device_ops ops;
	struct net_device *dev;

	KUNIT_ASSERT_LT(bridge->test, bridge->ndevs, BRIDGE_DEVICES);
	dev = alloc_netdev(0, "kunit%d", NET_NAME_UNKNOWN, ether_setup);
	KUNIT_ASSERT_NOT_NULL(bridge->test, dev);
	dev->ifindex = ifindex;
	dev->netdev_ops = &ops;
	bridge->devs[bridge->ndevs++] = dev;
	return dev;
}

struct bridge *bridge_new(struct kunit *test)
{
	struct bridge *bridge = kunit_kzalloc(test, sizeof(*bridge),
					      GFP_KERNEL);
	struct vseg_net *vn;

	KUNIT_ASSERT_NOT_NULL(test, bridge);
	bridge->test = test;
	vn = bridge_net(test);
	bridge->vn = vn;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, bridge_free,
							   bridge));
	bridge->dev = bridge_device(bridge, BRIDGE_IFINDEX);
	rtnl_lock();
	mutex_lock(&vn->lock);
	bridge->br = vseg_bridge_add(vn, bridge->dev, bridge_tables(bridge),
				     VSEG_BRIDGE_MODE_ENFORCE,
				     VSEG_ACTIVE_BOTH);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, bridge->br);
	return bridge;
}

void bridge_unmanage(struct bridge *bridge)
{
	rtnl_lock();
	mutex_lock(&bridge->vn->lock);
	vseg_bridge_del(bridge->br);
	mutex_unlock(&bridge->vn->lock);
	rtnl_unlock();
	bridge->br = NULL;
}

static void bridge_domain_put(void *domain)
{
	vseg_domain_put(domain);
}

/* A domain that lives as long as the test. */
struct vseg_domain *bridge_domain(struct bridge *bridge, int id)
{
	struct kunit *test = bridge->test;
	char name[VSEG_NAME_MAX + 1];
	struct vseg_domain *domain;

	snprintf(name, sizeof(name), "d%d", id);
	domain = vseg_domain_alloc(name, id, &bridge->vn->slots, -1);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   bridge_domain_put,
							   domain));
	return domain;
}

/*
 * Ports and bindings.
 */

struct vseg_port *bridge_join(struct bridge *bridge, struct net_device *dev,
			      u8 active)
{
	struct vseg_port *port;

	rtnl_lock();
	mutex_lock(&bridge->vn->lock);
	port = vseg_port_add(bridge->br, dev, bridge_tables(bridge), active);
	mutex_unlock(&bridge->vn->lock);
	rtnl_unlock();
	return port;
}

void bridge_leave(struct bridge *bridge, struct vseg_port *port)
{
	rtnl_lock();
	mutex_lock(&bridge->vn->lock);
	vseg_port_del(port);
	mutex_unlock(&bridge->vn->lock);
	rtnl_unlock();
}

struct vseg_binding *bridge_bind(struct bridge *bridge, struct vseg_port *port,
				 const struct vseg_bind *bind, u8 active)
{
	struct vseg_binding *b;

	mutex_lock(&bridge->vn->lock);
	b = vseg_port_bind(port, bind, active);
	mutex_unlock(&bridge->vn->lock);
	return b;
}

/* Another binding in place of the newest, for policies of either cursor.  As a
 * commit does it: no frame looks for the old one any more when it goes.
 */
struct vseg_binding *bridge_rebind(struct bridge *bridge,
				   struct vseg_port *port,
				   const struct vseg_bind *bind)
{
	struct vseg_binding *new, *old;

	new = bridge_bind(bridge, port, bind, BIT(0) | BIT(1));
	if (!new)
		return NULL;
	synchronize_rcu_expedited();
	rtnl_lock();
	mutex_lock(&bridge->vn->lock);
	old = vseg_newest(port);
	vseg_port_set_newest(port, new);
	vseg_binding_del(old);
	mutex_unlock(&bridge->vn->lock);
	rtnl_unlock();
	return new;
}

/* What a frame of a policy with this cursor carries at a device; in an RCU
 * read-side section.
 */
struct vseg_label *bridge_label(struct bridge *bridge,
				const struct net_device *dev, u8 cursor)
{
	const struct vseg_policy policy = { .cursor = cursor };
	struct vseg_binding *b = vseg_binding_find(bridge->vn, dev, &policy);

	return b ? b->label : NULL;
}

/* The domain's id; -1 when the device is no port of a managed bridge. */
int bridge_id(struct bridge *bridge, const struct net_device *dev, u8 cursor)
{
	struct vseg_label *label;
	int id;

	rcu_read_lock();
	label = bridge_label(bridge, dev, cursor);
	id = label ? label->domain->id : -1;
	rcu_read_unlock();
	return id;
}
