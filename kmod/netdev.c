// SPDX-License-Identifier: GPL-2.0
/*
 * Follows devices that come, go, and are renamed.
 *
 * All of it runs in the notifier, under rtnl: a port is unlabelled before its
 * first frame, and has lost its label before the device can be used for
 * anything else.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "genl.h"
#include "match.h"
#include "netdev.h"
#include "sysfs.h"
#include "txn.h"
#include "vlan.h"

static void vseg_notify(struct vseg_net *vn, u8 event,
			const struct net_device *dev,
			const struct net_device *bridge)
{
	vseg_genl_config_notify(vn, event, vn->generation, dev, bridge);
}

/* The bridges that the policy names, as it stands after the last commit. */
static struct vseg_managed *vseg_managed_find(struct vseg_net *vn,
					      const char *name)
{
	struct vseg_policy *policy = vseg_policy_locked(vn);

	return policy ? vseg_tables_bridge(policy->tables, name) : NULL;
}

/* What a bridge or a port needs to know of VLANs, once somebody looks at them.
 * Without memory frames of trunk ports are dropped as ambiguous.
 */
static void vseg_bridge_learn_vlans(struct vseg_bridge *br)
{
	if (vseg_vlan_wanted(br))
		vseg_vlan_scan(br);
}

static struct vseg_bridge *vseg_bridge_of(struct vseg_net *vn,
					  struct net_device *dev)
{
	struct vseg_bridge *br = vseg_bridge_find(vn, dev);

	return br && !br->leaving ? br : NULL;
}

/* Where the name names it, a bridge is managed from now on. */
static int vseg_bridge_appears(struct vseg_net *vn, struct net_device *dev)
{
	struct vseg_managed *m = vseg_managed_find(vn, dev->name);
	struct vseg_bridge *br = vseg_bridge_of(vn, dev);
	struct vseg_port *port;

	if (!m)
		return 0;
	if (br) {
		/* It had another managed name before. */
		WRITE_ONCE(br->mode[0], m->mode);
		WRITE_ONCE(br->mode[1], m->mode);
		vseg_changed(vn);
		return 0;
	}
	br = vseg_bridge_add(vn, dev, vseg_policy_locked(vn)->tables, m->mode,
			     VSEG_ACTIVE_BOTH);
	if (!br)
		return -ENOMEM;
	vseg_bridge_learn_vlans(br);
	vseg_sysfs_port_add(br->host);
	list_for_each_entry(port, &br->ports, in_bridge)
		vseg_sysfs_port_add(port);
	vseg_notify(vn, VSEG_CONFIG_EVENT_BRIDGE_ADD, dev, dev);
	return 0;
}

/* A bridge that a commit took away and a rename brought back is there twice
 * until the commit is settled.
 */
static void vseg_bridge_disappears(struct vseg_net *vn, struct net_device *dev)
{
	struct vseg_bridge *br;

	while ((br = vseg_bridge_find(vn, dev))) {
		vseg_notify(vn, VSEG_CONFIG_EVENT_BRIDGE_DEL, dev, dev);
		vseg_bridge_del(br);
	}
}

/* A managed bridge is found by its name: it follows a rename at once. */
static int vseg_bridge_renamed(struct vseg_net *vn, struct net_device *dev)
{
	if (!vseg_managed_find(vn, dev->name)) {
		vseg_bridge_disappears(vn, dev);
		return 0;
	}
	return vseg_bridge_appears(vn, dev);
}

/* Selectors look at a port's name, address, alias and group.  Where the last
 * two change, only ports that are up are told of; the others are looked at
 * before they come up.
 */
static int vseg_port_changed(struct vseg_net *vn, struct net_device *dev)
{
	struct vseg_port *port = vseg_port_find(vn, dev);
	int ret;

	if (!port || port == port->bridge->host)
		return 0;
	ret = vseg_rematch_port(vn, port);
	if (ret > 0)
		vseg_notify(vn, VSEG_CONFIG_EVENT_PORT_LABEL, dev,
			    port->bridge->dev);
	if (ret < 0)
		queue_delayed_work(vseg_wq, &vn->rematch_work, HZ);
	return min(ret, 0);
}

static int vseg_netdev_rename(struct vseg_net *vn, struct net_device *dev)
{
	if (netif_is_bridge_master(dev))
		return vseg_bridge_renamed(vn, dev);
	if (vseg_port_find(vn, dev))
		vseg_changed(vn);
	return vseg_port_changed(vn, dev);
}

/* Returns whether the device was a port. */
static bool vseg_port_forget(struct vseg_net *vn, struct net_device *dev)
{
	struct vseg_port *port = vseg_port_find(vn, dev);

	if (!port || port == port->bridge->host)
		return false;
	vseg_port_del(port);
	return true;
}

static int vseg_port_joins(struct vseg_net *vn, struct net_device *dev,
			   struct net_device *bridge,
			   struct netlink_ext_ack *extack)
{
	struct vseg_bridge *br = vseg_bridge_of(vn, bridge);
	struct vseg_port *port;

	/* A join that somebody else refused after us told nobody. */
	vseg_port_forget(vn, dev);
	if (!br) {
		if (vseg_policy_locked(vn))
			vseg_notify(vn, VSEG_CONFIG_EVENT_BRIDGE_UNMANAGED, dev,
				    bridge);
		return 0;
	}

	port = vseg_port_add(br, dev, vseg_policy_locked(vn)->tables,
			     VSEG_ACTIVE_BOTH);
	if (!port) {
		NL_SET_ERR_MSG(extack,
			       "vseg: no memory for a port of a managed bridge");
		return -ENOMEM;
	}
	/* The bridge gives it VLANs later, and tells. */
	if (br->ntrunks == 1 &&
	    vseg_newest(port)->kind == VSEG_PORT_KIND_TRUNK)
		vseg_bridge_learn_vlans(br);
	vseg_sysfs_port_add(port);
	vseg_notify(vn, VSEG_CONFIG_EVENT_PORT_ADD, dev, bridge);
	return 0;
}

static void vseg_port_leaves(struct vseg_net *vn, struct net_device *dev,
			     struct net_device *bridge)
{
	vseg_txn_port_gone(vn, dev);
	if (vseg_port_forget(vn, dev))
		vseg_notify(vn, VSEG_CONFIG_EVENT_PORT_DEL, dev, bridge);
}

static int vseg_netdev_upper(struct vseg_net *vn, struct net_device *dev,
			     struct netdev_notifier_changeupper_info *info)
{
	if (!netif_is_bridge_master(info->upper_dev) || !info->master)
		return 0;
	if (info->linking)
		return vseg_port_joins(vn, dev, info->upper_dev,
				       netdev_notifier_info_to_extack(&info->info));
	vseg_port_leaves(vn, dev, info->upper_dev);
	return 0;
}

/* A port that goes has left its bridge before; this is the belt to that brace.
 */
static void vseg_netdev_gone(struct vseg_net *vn, struct net_device *dev)
{
	if (netif_is_bridge_master(dev))
		vseg_bridge_disappears(vn, dev);
	else
		vseg_port_leaves(vn, dev, NULL);
}

static int vseg_netdev_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vseg_net *vn = vseg_net(dev_net(dev));
	int err = 0;

	/* Not ours, or a namespace that never had a policy. */
	if (!vn || !READ_ONCE(vn->bindings))
		return NOTIFY_DONE;

	mutex_lock(&vn->lock);
	switch (event) {
	case NETDEV_REGISTER:
		if (netif_is_bridge_master(dev))
			err = vseg_bridge_appears(vn, dev);
		break;
	case NETDEV_CHANGENAME:
		err = vseg_netdev_rename(vn, dev);
		break;
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGE:
	case NETDEV_PRE_UP:
		vseg_port_changed(vn, dev);
		break;
	case NETDEV_CHANGEUPPER:
		err = vseg_netdev_upper(vn, dev, ptr);
		break;
	case NETDEV_UNREGISTER:
		vseg_netdev_gone(vn, dev);
		break;
	}
	mutex_unlock(&vn->lock);
	return notifier_from_errno(err);
}

static struct notifier_block vseg_netdev_nb = {
	.notifier_call = vseg_netdev_event,
};

/* Ports that no binding could be made for, and that no frame enters or leaves
 * since.
 */
static void vseg_netdev_rematch(struct work_struct *work)
{
	struct vseg_net *vn = container_of(to_delayed_work(work),
					   struct vseg_net, rematch_work);
	struct vseg_bridge *br;
	struct vseg_port *port;

	rtnl_lock();
	mutex_lock(&vn->lock);
	list_for_each_entry(br, &vn->bridges, in_net)
		list_for_each_entry(port, &br->ports, in_bridge)
			if (!port->gone && !vseg_newest(port)->active)
				vseg_port_changed(vn, port->dev);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
}

/**
 * vseg_netdev_net_init - get a namespace ready to follow its devices
 * @vn: namespace
 */
void vseg_netdev_net_init(struct vseg_net *vn)
{
	INIT_DELAYED_WORK(&vn->rematch_work, vseg_netdev_rematch);
}

/**
 * vseg_netdev_net_exit - follow its devices no longer
 * @vn: namespace
 *
 * Context: process, may sleep; no device is a port any more.
 */
void vseg_netdev_net_exit(struct vseg_net *vn)
{
	cancel_delayed_work_sync(&vn->rematch_work);
}

/**
 * vseg_netdev_init - follow the devices of all namespaces
 *
 * Return: 0 or a negative errno.
 */
int vseg_netdev_init(void)
{
	return register_netdevice_notifier(&vseg_netdev_nb);
}

/**
 * vseg_netdev_exit - follow no longer
 *
 * Context: process, takes rtnl.
 */
void vseg_netdev_exit(void)
{
	unregister_netdevice_notifier(&vseg_netdev_nb);
}
