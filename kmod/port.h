/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Managed bridges, their ports, and the bindings that give ports a domain.
 *
 * A port lives as long as its device is in the bridge.
 */
#ifndef VSEG_PORT_H
#define VSEG_PORT_H

#include <linux/netfilter.h>
#include <linux/rculist.h>

#include "binding.h"
#include "vseg.h"

/**
 * struct vseg_port - a port of a managed bridge, or the bridge device itself
 * @in_bridge: in vseg_bridge.ports; RCU, changed under vseg_net.lock; stays
 *	there until its counters are folded
 * @dev: the device; not to be touched once @gone
 * @bridge: holds a reference
 * @binding: newest binding; RCU, changed under vseg_net.lock
 * @labels: labels of all its bindings; RCU, changed under vseg_net.lock
 * @vids: RCU; kept where the bridge has a trunk port, else NULL
 * @untagged: the one bit of vseg_vids.untagged, %VSEG_VID_NONE or
 *	%VSEG_VID_SEVERAL
 * @vids_stale: the bridge has changed its VLANs since @vids was read
 * @gone: it left the bridge; under vseg_net.lock
 * @sysfs: its attribute group exists
 * @guarded: @ingress is registered
 * @ingress: the hook at its device
 * @retired: counters of labels that it had before; under vseg_net.fold
 * @ref: one for its membership, one for each binding
 * @rcu: frees it after the last reader
 */
struct vseg_port {
	struct list_head in_bridge;
	struct net_device *dev;
	struct vseg_bridge *bridge;
	struct vseg_binding __rcu *binding;
	struct list_head labels;
	struct vseg_vids __rcu *vids;
	u16 untagged;
	bool vids_stale;
	bool gone;
	bool sysfs;
	bool guarded;
	struct nf_hook_ops ingress;
	struct vseg_sum retired;
	refcount_t ref;
	struct rcu_head rcu;
};

/**
 * struct vseg_bridge - a managed bridge that exists
 * @in_net: in vseg_net.bridges; RCU, changed under vseg_net.lock
 * @vn: its namespace
 * @dev: the bridge device
 * @host: the bridge device as a port, kind host; in no list
 * @ports: its ports, those that are gone but not folded included; RCU, changed
 *	under vseg_net.lock
 * @nports: ports that are not gone
 * @ntrunks: of them, those whose newest binding is a trunk's
 * @nambiguous: of them, those that selectors contradict each other about
 * @mode: enum vseg_bridge_mode by cursor
 * @leaving: taken away by the last commit, which is not settled yet
 * @fresh: made by the last commit, which is not settled yet
 * @retired: counters of ports that are gone; under vseg_net.fold
 * @ref: one for being managed, one for each port, one for each zone
 * @rcu: frees it after the last reader
 */
struct vseg_bridge {
	struct list_head in_net;
	struct vseg_net *vn;
	struct net_device *dev;
	struct vseg_port *host;
	struct list_head ports;
	u32 nports;
	u32 ntrunks;
	u32 nambiguous;
	u8 mode[2];
	bool leaving;
	bool fresh;
	struct vseg_sum retired;
	refcount_t ref;
	struct rcu_head rcu;
};

/**
 * vseg_binding_find - the binding of a device
 * @vn: namespace
 * @dev: device
 * @policy: policy that the frame is decided by
 *
 * Interface indices are handed out one after the other, so the low bits
 * spread bindings without a collision up to 4,096 ports.
 *
 * Context: RCU read-side section.
 * Return: the binding, or NULL when the device is no port of a managed bridge.
 */
static inline struct vseg_binding *
vseg_binding_find(const struct vseg_net *vn, const struct net_device *dev,
		  const struct vseg_policy *policy)
{
	u32 bucket = dev->ifindex & ((1 << VSEG_BINDING_BITS) - 1);
	struct vseg_binding *b;

	hlist_for_each_entry_rcu(b, &vn->bindings[bucket], hash)
		if (b->dev == dev && READ_ONCE(b->active) & BIT(policy->cursor))
			return b;
	return NULL;
}

struct vseg_port *vseg_port_find(const struct vseg_net *vn,
				 const struct net_device *dev);
struct vseg_bridge *vseg_bridge_find(const struct vseg_net *vn,
				     const struct net_device *dev);

/* The newest binding of a port that isn't gone. */
static inline struct vseg_binding *vseg_newest(const struct vseg_port *port)
{
	return rcu_dereference_protected(port->binding,
					 lockdep_is_held(&port->bridge->vn->lock));
}

struct vseg_port *vseg_port_add(struct vseg_bridge *br, struct net_device *dev,
				const struct vseg_tables *t, u8 active);
void vseg_port_del(struct vseg_port *port);
struct vseg_binding *vseg_port_bind(struct vseg_port *port,
				    const struct vseg_bind *bind, u8 active);
struct vseg_binding *vseg_port_bind_match(struct vseg_port *port,
					  const struct vseg_match *match,
					  u8 active);
void vseg_port_set_newest(struct vseg_port *port, struct vseg_binding *b);
void vseg_port_replace(struct vseg_port *port, struct vseg_binding *b);
void vseg_binding_del(struct vseg_binding *b);

struct vseg_bridge *vseg_bridge_add(struct vseg_net *vn,
				    struct net_device *dev,
				    const struct vseg_tables *t, u8 mode,
				    u8 active);
void vseg_bridge_del(struct vseg_bridge *br);
void vseg_bridge_put(struct vseg_bridge *br);

void vseg_port_sum(struct vseg_net *vn, const struct vseg_port *port,
		   struct vseg_sum *sum);
void vseg_bridge_sum(struct vseg_net *vn, const struct vseg_bridge *br,
		     struct vseg_sum *sum);
void vseg_domain_sum(struct vseg_net *vn, const struct vseg_domain *domain,
		     struct vseg_sum *sum);
void vseg_net_sum(struct vseg_net *vn, struct vseg_sum *sum);

u32 vseg_unmanaged_bridges(struct vseg_net *vn);

#endif /* VSEG_PORT_H */
