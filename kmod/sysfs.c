// SPDX-License-Identifier: GPL-2.0
/*
 * Counters in /sys: the group "vseg" of a port's and of a bridge's device.
 *
 * A show function takes RCU and no lock: what removes a group holds rtnl and
 * vseg_net.lock, and waits for the show functions that still run.
 */
#include <linux/netdevice.h>
#include <linux/sysfs.h>

#include "sysfs.h"
#include "sysfs_dir.h"
#include "sysfs_value.h"

static ssize_t port_counter_show(struct device *dev,
				 struct device_attribute *attr, char *buf);

#define COUNTER(_name, _member) \
	VSEG_VALUE(_name, port_counter_show, struct vseg_sum, _member)

static struct vseg_value counters[] = {
	COUNTER(rx_packets, rx_packets),
	COUNTER(rx_bytes, rx_bytes),
	COUNTER(tx_packets, tx_packets),
	COUNTER(tx_bytes, tx_bytes),
	COUNTER(rx_dropped, rx_dropped),
	COUNTER(rx_dropped_bytes, rx_dropped_bytes),
	COUNTER(tx_dropped, tx_dropped),
	COUNTER(tx_dropped_bytes, tx_dropped_bytes),
	COUNTER(would_drop, would_drop),
	COUNTER(pass_address_resolution,
		pass[VSEG_PASS_ADDRESS_RESOLUTION - 1]),
	COUNTER(pass_bridge_control, pass[VSEG_PASS_BRIDGE_CONTROL - 1]),
	COUNTER(pass_service, pass[VSEG_PASS_SERVICE - 1]),
	COUNTER(drop_default_deny, dropped[VSEG_REASON_DEFAULT_DENY]),
	COUNTER(drop_cell_deny, dropped[VSEG_REASON_CELL_DENY]),
	COUNTER(drop_unlabelled_src, dropped[VSEG_REASON_UNLABELLED_SRC]),
	COUNTER(drop_unlabelled_dst, dropped[VSEG_REASON_UNLABELLED_DST]),
	COUNTER(drop_flood, dropped[VSEG_REASON_FLOOD]),
	COUNTER(drop_promisc, dropped[VSEG_REASON_PROMISC]),
	COUNTER(drop_vlan_ambiguous, dropped[VSEG_REASON_VLAN_AMBIGUOUS]),
	COUNTER(drop_lockdown, dropped[VSEG_REASON_LOCKDOWN]),
	COUNTER(drop_unmanaged, dropped[VSEG_REASON_UNMANAGED]),
	COUNTER(drop_internal, dropped[VSEG_REASON_INTERNAL]),
	COUNTER(drop_rule_deny, dropped[VSEG_REASON_RULE_DENY]),
	COUNTER(drop_no_rule, dropped[VSEG_REASON_NO_RULE]),
	COUNTER(drop_unparsed, dropped[VSEG_REASON_UNPARSED]),
	COUNTER(drop_isolated, dropped[VSEG_REASON_ISOLATED]),
	COUNTER(drop_guard_mac, dropped[VSEG_REASON_GUARD_MAC]),
	COUNTER(drop_guard_address, dropped[VSEG_REASON_GUARD_ADDRESS]),
	COUNTER(drop_guard_resolution, dropped[VSEG_REASON_GUARD_RESOLUTION]),
	COUNTER(drop_guard_dhcp, dropped[VSEG_REASON_GUARD_DHCP]),
	COUNTER(drop_guard_router, dropped[VSEG_REASON_GUARD_ROUTER]),
	COUNTER(drop_guard_spanning_tree,
		dropped[VSEG_REASON_GUARD_SPANNING_TREE]),
	COUNTER(drop_guard_link_local, dropped[VSEG_REASON_GUARD_LINK_LOCAL]),
	COUNTER(drop_guard_multicast_router,
		dropped[VSEG_REASON_GUARD_MULTICAST_ROUTER]),
	COUNTER(drop_guard_unparsed, dropped[VSEG_REASON_GUARD_UNPARSED]),
	COUNTER(drop_other_host, dropped[VSEG_REASON_OTHER_HOST]),
	COUNTER(drop_fragment, dropped[VSEG_REASON_FRAGMENT]),
	COUNTER(drop_label_lost, dropped[VSEG_REASON_LABEL_LOST]),
};

/* Each pass and each reason has its file. */
static_assert(VSEG_PASS_MAX == VSEG_PASS_STATE);
static_assert(VSEG_REASON_MAX == VSEG_REASON_LABEL_LOST);

/* Filled by vseg_sysfs_init(); the last one stays NULL. */
static struct attribute *counter_attrs[ARRAY_SIZE(counters) + 1];

/* Of a kobject of vseg's own. */
const struct attribute_group vseg_counter_group = {
	.attrs = counter_attrs,
};

/* Of a net device. */
static const struct attribute_group dev_counter_group = {
	.name = "vseg",
	.attrs = counter_attrs,
};

static const char * const kind_names[] = {
	[VSEG_PORT_KIND_UNLABELLED] = "unlabelled",
	[VSEG_PORT_KIND_GUEST] = "guest",
	[VSEG_PORT_KIND_TRUNK] = "trunk",
	[VSEG_PORT_KIND_FABRIC] = "fabric",
	[VSEG_PORT_KIND_HOST] = "host",
};

static_assert(ARRAY_SIZE(kind_names) == __VSEG_PORT_KIND_MAX);

static const char * const mode_names[] = {
	[VSEG_BRIDGE_MODE_ENFORCE] = "enforce",
	[VSEG_BRIDGE_MODE_MONITOR] = "monitor",
};

static_assert(ARRAY_SIZE(mode_names) == __VSEG_BRIDGE_MODE_MAX);

/**
 * vseg_values_list - make the list of files that a group wants
 * @list: room for @n entries, not counting the NULL at its end
 * @values: files
 * @n: number of files
 */
void vseg_values_list(struct attribute **list, struct vseg_value *values,
		      unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		list[i] = &values[i].attr.attr;
}

/**
 * vseg_value_emit - print the number of a file
 * @base: what vseg_value.offset counts from
 * @attr: in a struct vseg_value
 * @buf: page of sysfs
 *
 * Return: bytes printed.
 */
ssize_t vseg_value_emit(const void *base, const struct attribute *attr,
			char *buf)
{
	const struct vseg_value *value = container_of(attr, struct vseg_value,
						      attr.attr);
	const u64 *number = base + value->offset;

	return sysfs_emit(buf, "%llu\n", *number);
}

static struct vseg_net *dev_vn(const struct net_device *dev)
{
	return vseg_net(dev_net(dev));
}

/* A bridge's counters are the sum of its ports' and the host's. */
static ssize_t port_counter_show(struct device *d,
				 struct device_attribute *attr, char *buf)
{
	const struct net_device *dev = to_net_dev(d);
	struct vseg_net *vn = dev_vn(dev);
	const struct vseg_port *port;
	struct vseg_sum sum;

	rcu_read_lock();
	port = vseg_port_find(vn, dev);
	if (port && port == port->bridge->host)
		vseg_bridge_sum(vn, port->bridge, &sum);
	else if (port)
		vseg_port_sum(vn, port, &sum);
	rcu_read_unlock();
	if (!port)
		return -ENODEV;
	return vseg_value_emit(&sum, &attr->attr, buf);
}

/* Of a trunk port, the domain of the VLANs that its map doesn't name. */
static ssize_t domain_show(struct device *d, struct device_attribute *attr,
			   char *buf)
{
	const struct net_device *dev = to_net_dev(d);
	const struct vseg_binding *b;
	const struct vseg_port *port;
	ssize_t n = -ENODEV;

	rcu_read_lock();
	port = vseg_port_find(dev_vn(dev), dev);
	if (port) {
		b = rcu_dereference(port->binding);
		n = sysfs_emit(buf, "%s\n", b->label->domain->name);
	}
	rcu_read_unlock();
	return n;
}

static ssize_t kind_show(struct device *d, struct device_attribute *attr,
			 char *buf)
{
	const struct net_device *dev = to_net_dev(d);
	const struct vseg_port *port;
	ssize_t n = -ENODEV;

	rcu_read_lock();
	port = vseg_port_find(dev_vn(dev), dev);
	if (port)
		n = sysfs_emit(buf, "%s\n",
			       kind_names[rcu_dereference(port->binding)->kind]);
	rcu_read_unlock();
	return n;
}

static ssize_t vlan_ambiguous_show(struct device *d,
				   struct device_attribute *attr, char *buf)
{
	const struct net_device *dev = to_net_dev(d);
	const struct vseg_port *port;
	ssize_t n = -ENODEV;

	rcu_read_lock();
	port = vseg_port_find(dev_vn(dev), dev);
	if (port)
		n = sysfs_emit(buf, "%d\n", READ_ONCE(port->untagged) ==
					    VSEG_VID_SEVERAL);
	rcu_read_unlock();
	return n;
}

static ssize_t mode_show(struct device *d, struct device_attribute *attr,
			 char *buf)
{
	const struct net_device *dev = to_net_dev(d);
	struct vseg_net *vn = dev_vn(dev);
	const struct vseg_policy *policy;
	const struct vseg_bridge *br;
	ssize_t n = -ENODEV;

	rcu_read_lock();
	br = vseg_bridge_find(vn, dev);
	policy = rcu_dereference(vn->policy);
	if (br && policy)
		n = sysfs_emit(buf, "%s\n",
			       mode_names[READ_ONCE(br->mode[policy->cursor])]);
	rcu_read_unlock();
	return n;
}

static DEVICE_ATTR_RO(domain);
static DEVICE_ATTR_RO(kind);
static DEVICE_ATTR_RO(vlan_ambiguous);
static DEVICE_ATTR_RO(mode);

static struct attribute *port_attrs[] = {
	&dev_attr_domain.attr,
	&dev_attr_kind.attr,
	&dev_attr_vlan_ambiguous.attr,
	NULL
};

static const struct attribute_group port_group = {
	.name = "vseg",
	.attrs = port_attrs,
};

static struct attribute *bridge_attrs[] = {
	&dev_attr_mode.attr,
	NULL
};

static const struct attribute_group bridge_group = {
	.name = "vseg",
	.attrs = bridge_attrs,
};

/**
 * vseg_sysfs_port_add - make the group of a port or of a bridge
 * @port: port, or vseg_bridge.host for the bridge; nothing is done where it
 *	has its group
 *
 * Where it can't be made, the port works without it.
 *
 * Context: rtnl and vseg_net.lock held.
 */
void vseg_sysfs_port_add(struct vseg_port *port)
{
	bool host = port == port->bridge->host;
	struct kobject *kobj = &port->dev->dev.kobj;
	int err;

	lockdep_assert_held(&port->bridge->vn->lock);
	/* The device's directory comes before this state, and goes after. */
	if (port->sysfs || port->dev->reg_state != NETREG_REGISTERED)
		return;

	err = sysfs_create_group(kobj, &dev_counter_group);
	if (err)
		goto out;
	err = sysfs_merge_group(kobj, host ? &bridge_group : &port_group);
	if (err)
		sysfs_remove_group(kobj, &dev_counter_group);
out:
	port->sysfs = !err;
	if (err)
		pr_warn_once("vseg: %s: no counters in /sys: %d\n",
			     netdev_name(port->dev), err);
}

/**
 * vseg_sysfs_port_del - take the group of a port or of a bridge away
 * @port: port, or vseg_bridge.host for the bridge; nothing is done where it
 *	has no group
 *
 * Context: rtnl and vseg_net.lock held; waits for show functions.
 */
void vseg_sysfs_port_del(struct vseg_port *port)
{
	lockdep_assert_held(&port->bridge->vn->lock);
	if (!port->sysfs)
		return;
	/* Takes the whole directory, what was merged into it included. */
	sysfs_remove_group(&port->dev->dev.kobj, &dev_counter_group);
	port->sysfs = false;
}

/**
 * vseg_sysfs_init - make what all namespaces share
 *
 * Before anything else of sysfs.h.  All of that works without /sys/kernel/vseg
 * where this fails.
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int vseg_sysfs_init(void)
{
	vseg_values_list(counter_attrs, counters, ARRAY_SIZE(counters));
	return vseg_dir_init();
}

/**
 * vseg_sysfs_exit - undo vseg_sysfs_init()
 *
 * After the last port and the last namespace.
 *
 * Context: process.
 */
void vseg_sysfs_exit(void)
{
	vseg_dir_exit();
}
