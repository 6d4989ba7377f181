// SPDX-License-Identifier: GPL-2.0
/*
 * Managed bridges, their ports and bindings, and their counters.
 */
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>

#include "hold.h"
#include "ingress.h"
#include "match.h"
#include "port.h"
#include "sysfs.h"

/*
 * Look-up, for the control plane.
 */

/**
 * vseg_port_find - the port that a device is
 * @vn: namespace
 * @dev: device
 *
 * Context: RCU read-side section, or vseg_net.lock held.
 * Return: the port, a bridge device as a port included; or NULL.
 */
struct vseg_port *vseg_port_find(const struct vseg_net *vn,
				 const struct net_device *dev)
{
	u32 bucket = dev->ifindex & ((1 << VSEG_BINDING_BITS) - 1);
	struct vseg_binding *b;

	if (!READ_ONCE(vn->bindings))
		return NULL;
	hlist_for_each_entry_rcu(b, &vn->bindings[bucket], hash,
				 lockdep_is_held(&vn->lock))
		if (b->dev == dev && !READ_ONCE(b->port->gone))
			return b->port;
	return NULL;
}

/**
 * vseg_bridge_find - the managed bridge that a device is
 * @vn: namespace
 * @dev: bridge device
 *
 * Context: as vseg_port_find().
 * Return: the bridge, or NULL.
 */
struct vseg_bridge *vseg_bridge_find(const struct vseg_net *vn,
				     const struct net_device *dev)
{
	struct vseg_port *port = vseg_port_find(vn, dev);

	return port && port->bridge->dev == dev ? port->bridge : NULL;
}

/*
 * Counters.  Readers take RCU and retry when a fold came between.
 */

static void vseg_labels_sum(const struct vseg_port *port, struct vseg_sum *sum)
{
	struct vseg_label *label;

	vseg_sum_add(sum, &port->retired);
	list_for_each_entry_rcu(label, &port->labels, in_port)
		vseg_stats_read(&label->stats, sum);
}

/**
 * vseg_port_sum - counters of a port since it joined its bridge
 * @vn: namespace
 * @port: port
 * @sum: result
 *
 * Context: process; takes RCU, may be called under it or under vseg_net.lock.
 */
void vseg_port_sum(struct vseg_net *vn, const struct vseg_port *port,
		   struct vseg_sum *sum)
{
	unsigned int seq;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&vn->fold);
		memset(sum, 0, sizeof(*sum));
		vseg_labels_sum(port, sum);
	} while (read_seqretry(&vn->fold, seq));
	rcu_read_unlock();
}

/**
 * vseg_bridge_sum - counters of a bridge since it is managed
 * @vn: namespace
 * @br: bridge
 * @sum: result: all its ports, those that left included, and the host
 *
 * Context: as vseg_port_sum().
 */
void vseg_bridge_sum(struct vseg_net *vn, const struct vseg_bridge *br,
		     struct vseg_sum *sum)
{
	struct vseg_port *port;
	unsigned int seq;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&vn->fold);
		*sum = br->retired;
		vseg_labels_sum(br->host, sum);
		list_for_each_entry_rcu(port, &br->ports, in_bridge)
			vseg_labels_sum(port, sum);
	} while (read_seqretry(&vn->fold, seq));
	rcu_read_unlock();
}

/**
 * vseg_domain_sum - counters of all labels that carry or carried a domain
 * @vn: namespace
 * @domain: domain
 * @sum: result
 *
 * Context: as vseg_port_sum().
 */
void vseg_domain_sum(struct vseg_net *vn, const struct vseg_domain *domain,
		     struct vseg_sum *sum)
{
	struct vseg_label *label;
	unsigned int seq;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&vn->fold);
		*sum = domain->retired;
		list_for_each_entry_rcu(label, &domain->labels, in_domain)
			vseg_stats_read(&label->stats, sum);
	} while (read_seqretry(&vn->fold, seq));
	rcu_read_unlock();
}

/**
 * vseg_net_sum - counters of a namespace since it has vseg
 * @vn: namespace
 * @sum: result
 *
 * Context: as vseg_port_sum().
 */
void vseg_net_sum(struct vseg_net *vn, struct vseg_sum *sum)
{
	struct vseg_label *label;
	unsigned int seq;

	rcu_read_lock();
	do {
		seq = read_seqbegin(&vn->fold);
		*sum = vn->retired;
		list_for_each_entry_rcu(label, &vn->labels, in_net)
			vseg_stats_read(&label->stats, sum);
	} while (read_seqretry(&vn->fold, seq));
	rcu_read_unlock();
}

/*
 * Labels.
 */

static void vseg_label_free_rcu(struct rcu_head *rcu)
{
	struct vseg_label *label = container_of(rcu, struct vseg_label, rcu);

	vseg_stats_destroy(&label->stats);
	kfree(label);
}

static struct vseg_label *vseg_label_add(struct vseg_binding *b,
					 struct vseg_domain *domain)
{
	struct vseg_net *vn = b->port->bridge->vn;
	struct vseg_label *label;

	lockdep_assert_held(&vn->lock);

	label = kzalloc(sizeof(*label), GFP_KERNEL_ACCOUNT);
	if (!label)
		return NULL;
	if (vseg_stats_init(&label->stats)) {
		kfree(label);
		return NULL;
	}
	label->domain = vseg_domain_get(domain);
	label->binding = b;
	list_add_rcu(&label->in_net, &vn->labels);
	list_add_rcu(&label->in_domain, &domain->labels);
	list_add_rcu(&label->in_port, &b->port->labels);
	return label;
}

/* No frame counts on the label any more.  For readers it is one step: off the
 * lists, into what is retired.
 */
static void vseg_label_fold(struct vseg_label *label)
{
	struct vseg_port *port = label->binding->port;
	struct vseg_net *vn = port->bridge->vn;
	struct vseg_sum sum = {};

	lockdep_assert_held(&vn->lock);

	vseg_stats_read(&label->stats, &sum);
	write_seqlock(&vn->fold);
	list_del_rcu(&label->in_net);
	list_del_rcu(&label->in_domain);
	list_del_rcu(&label->in_port);
	vseg_sum_add(&vn->retired, &sum);
	vseg_sum_add(&label->domain->retired, &sum);
	vseg_sum_add(&port->retired, &sum);
	write_sequnlock(&vn->fold);

	vseg_domain_put(label->domain);
	call_rcu(&label->rcu, vseg_label_free_rcu);
}

/*
 * Bridges and ports are freed when nothing refers to them.
 */

/**
 * vseg_bridge_put - give a reference back
 * @br: bridge
 */
void vseg_bridge_put(struct vseg_bridge *br)
{
	if (refcount_dec_and_test(&br->ref))
		kfree_rcu(br, rcu);
}

static void vseg_port_put(struct vseg_port *port)
{
	struct vseg_bridge *br = port->bridge;
	struct vseg_net *vn = br->vn;
	struct vseg_vids *vids;

	lockdep_assert_held(&vn->lock);

	if (!refcount_dec_and_test(&port->ref))
		return;

	write_seqlock(&vn->fold);
	if (port != br->host)
		list_del_rcu(&port->in_bridge);
	vseg_sum_add(&br->retired, &port->retired);
	write_sequnlock(&vn->fold);

	vids = rcu_dereference_protected(port->vids, true);
	if (vids)
		kfree_rcu(vids, rcu);
	kfree_rcu(port, rcu);
	vseg_bridge_put(br);
}

/*
 * Bindings.
 */

static void vseg_binding_put_map(struct vseg_binding *b)
{
	u32 i;

	for (i = 0; i < b->nmap; i++)
		vseg_domain_put(b->map[i].domain);
	kvfree(b->map);
}

/* After a grace period: no frame finds the binding or counts on its labels. */
static void vseg_binding_free_work(struct work_struct *work)
{
	struct vseg_binding *b = container_of(to_rcu_work(work),
					      struct vseg_binding, rwork);
	struct vseg_port *port = b->port;
	struct vseg_net *vn = port->bridge->vn;
	struct vseg_label *label, *next;

	mutex_lock(&vn->lock);
	list_for_each_entry_safe(label, next, &port->labels, in_port)
		if (label->binding == b)
			vseg_label_fold(label);
	vseg_binding_put_map(b);
	vseg_selector_put(b->selector);
	vseg_guard_put(b->guard);
	kvfree(b->vlan);
	kfree(b);
	vseg_port_put(port);
	mutex_unlock(&vn->lock);
}

/**
 * vseg_binding_del - let no frame see a binding any more
 * @b: binding
 *
 * Frames that are being decided may still use it; what it counted goes to the
 * retired counters after them.
 *
 * Context: vseg_net.lock held.
 */
void vseg_binding_del(struct vseg_binding *b)
{
	lockdep_assert_held(&b->port->bridge->vn->lock);

	WRITE_ONCE(b->active, 0);
	hlist_del_rcu(&b->hash);
	list_del_init(&b->pending);
	queue_rcu_work(vseg_wq, &b->rwork);
}

/* Labels of the VLANs of a trunk port: one for each domain. */
static int vseg_binding_map(struct vseg_binding *b,
			    const struct vseg_bind *bind)
{
	u32 i, j, vid;

	b->vlan = kvcalloc(VSEG_VIDS, sizeof(*b->vlan), VSEG_GFP_TABLE);
	if (!b->vlan)
		return -ENOMEM;
	if (!bind->nmap)
		return 0;
	b->map = kvmalloc_array(bind->nmap, sizeof(*b->map),
				VSEG_GFP_TABLE);
	if (!b->map)
		return -ENOMEM;

	for (i = 0; i < bind->nmap; i++) {
		const struct vseg_vlan_range *range = &bind->map[i];
		struct vseg_label *label = NULL;

		b->map[i] = *range;
		vseg_domain_get(range->domain);
		b->nmap++;

		if (b->label->domain == range->domain)
			label = b->label;
		for (j = 0; j < i && !label; j++)
			if (b->map[j].domain == range->domain)
				label = b->vlan[b->map[j].first];
		if (!label)
			label = vseg_label_add(b, range->domain);
		if (!label)
			return -ENOMEM;
		for (vid = range->first; vid <= range->last; vid++)
			b->vlan[vid] = label;
	}
	return 0;
}

/* What is known of the guest behind a port. */
static void vseg_binding_guard(struct vseg_binding *b,
			       const struct vseg_bind *bind)
{
	const struct vseg_guest guest = vseg_bind_guest(bind);

	b->guard = vseg_guard_get(bind->guard);
	b->has_mac = guest.mac;
	if (guest.mac)
		memcpy(b->mac, guest.mac, VSEG_MAC_LEN);
}

/**
 * vseg_port_bind - make a binding for a port
 * @port: port
 * @bind: what the binding says; domains are referenced as needed
 * @active: cursors whose policies see it
 *
 * Where two bindings of a port are seen by the same policy, the newer one
 * counts.
 *
 * Context: vseg_net.lock held; may sleep.
 * Return: the binding, in the table; or NULL without memory.
 */
struct vseg_binding *vseg_port_bind(struct vseg_port *port,
				    const struct vseg_bind *bind, u8 active)
{
	struct vseg_net *vn = port->bridge->vn;
	u32 bucket = port->dev->ifindex & ((1 << VSEG_BINDING_BITS) - 1);
	struct vseg_binding *b;

	lockdep_assert_held(&vn->lock);

	b = kzalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);
	if (!b)
		return NULL;

	INIT_LIST_HEAD(&b->pending);
	INIT_RCU_WORK(&b->rwork, vseg_binding_free_work);
	b->dev = port->dev;
	b->port = port;
	b->active = active;
	b->kind = bind->kind;
	b->match = bind->match;
	vseg_binding_guard(b, bind);
	refcount_inc(&port->ref);

	b->label = vseg_label_add(b, bind->domain ?:
				  vn->builtin[VSEG_SLOT_UNLABELLED]);
	if (!b->label)
		goto err;
	b->slot = b->label->domain->slot;
	b->pcpu = b->label->stats.pcpu;
	if (bind->kind == VSEG_PORT_KIND_TRUNK && vseg_binding_map(b, bind))
		goto err;

	hlist_add_head_rcu(&b->hash, &vn->bindings[bucket]);
	return b;

err:
	/* Never in the table, but readers may walk over its labels. */
	queue_rcu_work(vseg_wq, &b->rwork);
	return NULL;
}

/**
 * vseg_port_bind_match - make the binding that selectors give a port
 * @port: port
 * @match: what they say; without a selector the port is unlabelled
 * @active: as vseg_port_bind()
 *
 * Context: as vseg_port_bind().
 * Return: as vseg_port_bind().
 */
struct vseg_binding *vseg_port_bind_match(struct vseg_port *port,
					  const struct vseg_match *match,
					  u8 active)
{
	struct vseg_selector *s = (struct vseg_selector *)match->selector;
	struct vseg_bind bind = { .kind = VSEG_PORT_KIND_UNLABELLED };
	struct vseg_binding *b;

	if (s)
		bind = s->bind;
	bind.match = match->match;
	b = vseg_port_bind(port, &bind, active);
	if (b && s)
		b->selector = vseg_selector_get(s);
	return b;
}

/* Takes away all bindings of a port but one, or all with %NULL: what the last
 * commit left behind is among them.
 */
static void vseg_port_unbind_but(struct vseg_port *port,
				 const struct vseg_binding *keep)
{
	struct vseg_net *vn = port->bridge->vn;
	u32 bucket = port->dev->ifindex & ((1 << VSEG_BINDING_BITS) - 1);
	struct vseg_binding *b;
	struct hlist_node *next;

	hlist_for_each_entry_safe(b, next, &vn->bindings[bucket], hash)
		if (b->port == port && b != keep)
			vseg_binding_del(b);
}

/* What is counted of a port's newest binding, for each that there is. */
static void vseg_port_count(struct vseg_port *port, struct vseg_binding *b,
			    int n)
{
	struct vseg_bridge *br = port->bridge;

	if (port == br->host)
		return;
	br->ntrunks += b->kind == VSEG_PORT_KIND_TRUNK ? n : 0;
	br->nambiguous += b->match == VSEG_PORT_MATCH_AMBIGUOUS ? n : 0;
	if (b->selector)
		b->selector->nports += n;
}

/**
 * vseg_port_set_newest - give a port another newest binding
 * @port: port
 * @b: binding made for it
 *
 * Context: rtnl and vseg_net.lock held.
 */
void vseg_port_set_newest(struct vseg_port *port, struct vseg_binding *b)
{
	struct vseg_binding *old = vseg_newest(port);

	if (old)
		vseg_port_count(port, old, -1);
	vseg_port_count(port, b, 1);
	rcu_assign_pointer(port->binding, b);
}

/**
 * vseg_port_replace - put a binding in force outside of a commit
 * @port: port
 * @b: binding made for it, seen by policies of both cursors
 *
 * Frames see the new one from now on; those that are being decided may still
 * use the old one.
 *
 * Context: rtnl and vseg_net.lock held.
 */
void vseg_port_replace(struct vseg_port *port, struct vseg_binding *b)
{
	ASSERT_RTNL();
	vseg_port_set_newest(port, b);
	vseg_port_unbind_but(port, b);
	vseg_changed(port->bridge->vn);
}

/*
 * Ports.
 */

static struct vseg_port *vseg_port_alloc(struct vseg_bridge *br,
					 struct net_device *dev)
{
	struct vseg_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return NULL;
	INIT_LIST_HEAD(&port->labels);
	INIT_LIST_HEAD(&port->in_bridge);
	port->dev = dev;
	port->bridge = br;
	port->untagged = VSEG_VID_NONE;
	refcount_set(&port->ref, 1);
	refcount_inc(&br->ref);
	return port;
}

/* Gives a port its first binding; without one the port is gone. */
static bool vseg_port_first(struct vseg_port *port, struct vseg_binding *b)
{
	if (b) {
		vseg_port_set_newest(port, b);
		return true;
	}
	/* Not kfree(): the binding that failed has a reference. */
	port->gone = true;
	vseg_port_put(port);
	return false;
}

/**
 * vseg_port_add - a device is a port of a managed bridge now
 * @br: bridge
 * @dev: device
 * @t: the policy's tables
 * @active: cursors whose policies see it
 *
 * The port has what the policy's selectors give it, or is unlabelled: nothing
 * enters and nothing leaves.
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: the port, or NULL without memory.
 */
struct vseg_port *vseg_port_add(struct vseg_bridge *br, struct net_device *dev,
				const struct vseg_tables *t, u8 active)
{
	struct vseg_binding *b;
	struct vseg_match match;
	struct vseg_port *port;

	ASSERT_RTNL();
	port = vseg_port_alloc(br, dev);
	if (!port)
		return NULL;
	vseg_match_device(t, dev, &match);
	b = vseg_port_bind_match(port, &match, active);
	if (b && vseg_ingress_register(port, b, t)) {
		vseg_binding_del(b);
		b = NULL;
	}
	if (!vseg_port_first(port, b))
		return NULL;
	list_add_tail_rcu(&port->in_bridge, &br->ports);
	br->nports++;
	vseg_changed(br->vn);
	return port;
}

/**
 * vseg_port_del - a port is no port of a managed bridge any more
 * @port: port; the caller's pointer is dead afterwards
 *
 * Its label dies with its membership.
 *
 * Context: rtnl and vseg_net.lock held.
 */
void vseg_port_del(struct vseg_port *port)
{
	struct vseg_bridge *br = port->bridge;

	ASSERT_RTNL();
	lockdep_assert_held(&br->vn->lock);

	if (port != br->host)
		br->nports--;
	vseg_port_count(port, vseg_newest(port), -1);
	vseg_sysfs_port_del(port);
	vseg_ingress_unregister(port);
	vseg_port_unbind_but(port, NULL);
	/* Those that wait hold the device; it may be about to go. */
	vseg_hold_forget(br->vn, port->dev);
	WRITE_ONCE(port->gone, true);
	vseg_changed(br->vn);
	vseg_port_put(port);
}

/*
 * Bridges.
 */

static struct vseg_bridge *vseg_bridge_new(struct vseg_net *vn,
					   struct net_device *dev, u8 mode,
					   u8 active)
{
	const struct vseg_bind host = {
		.kind = VSEG_PORT_KIND_HOST,
		.domain = vn->builtin[VSEG_SLOT_HOST],
	};
	struct vseg_bridge *br;

	br = kzalloc(sizeof(*br), GFP_KERNEL_ACCOUNT);
	if (!br)
		return NULL;
	INIT_LIST_HEAD(&br->ports);
	br->vn = vn;
	br->dev = dev;
	br->mode[0] = mode;
	br->mode[1] = mode;
	refcount_set(&br->ref, 1);

	br->host = vseg_port_alloc(br, dev);
	if (!br->host || !vseg_port_first(br->host,
					  vseg_port_bind(br->host, &host,
							 active))) {
		vseg_bridge_put(br);
		return NULL;
	}
	list_add_tail_rcu(&br->in_net, &vn->bridges);
	vseg_changed(vn);
	return br;
}

/**
 * vseg_bridge_add - manage a bridge that exists
 * @vn: namespace
 * @dev: bridge device
 * @t: the policy's tables
 * @mode: enum vseg_bridge_mode
 * @active: cursors whose policies see its ports
 *
 * Its ports have what the policy's selectors give them.
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: the bridge, or NULL without memory.
 */
struct vseg_bridge *vseg_bridge_add(struct vseg_net *vn,
				    struct net_device *dev,
				    const struct vseg_tables *t, u8 mode,
				    u8 active)
{
	struct net_device *lower;
	struct vseg_bridge *br;
	struct list_head *iter;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);

	br = vseg_bridge_new(vn, dev, mode, active);
	if (!br)
		return NULL;

	netdev_for_each_lower_dev(dev, lower, iter) {
		if (netif_is_bridge_port(lower) &&
		    !vseg_port_add(br, lower, t, active)) {
			vseg_bridge_del(br);
			return NULL;
		}
	}
	return br;
}

/**
 * vseg_bridge_del - manage a bridge no longer
 * @br: bridge; the caller's pointer is dead afterwards
 *
 * Context: rtnl and vseg_net.lock held.
 */
void vseg_bridge_del(struct vseg_bridge *br)
{
	struct vseg_port *port, *next;

	ASSERT_RTNL();
	lockdep_assert_held(&br->vn->lock);

	list_for_each_entry_safe(port, next, &br->ports, in_bridge)
		if (!port->gone)
			vseg_port_del(port);
	list_del_rcu(&br->in_net);
	vseg_port_del(br->host);
	vseg_bridge_put(br);
}

/**
 * vseg_unmanaged_bridges - count the bridges with ports that aren't managed
 * @vn: namespace
 *
 * Context: process; takes RCU.
 * Return: their number.
 */
u32 vseg_unmanaged_bridges(struct vseg_net *vn)
{
	struct net_device *dev;
	u32 n = 0;

	rcu_read_lock();
	for_each_netdev_rcu(vn->net, dev)
		n += netif_is_bridge_master(dev) &&
		     !list_empty(&dev->adj_list.lower) &&
		     !vseg_bridge_find(vn, dev);
	rcu_read_unlock();
	return n;
}
