// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of the ports of bridges that have a trunk port, or whose frames meet
 * rules that look at VLANs.
 *
 * A filtering bridge takes the tag off before the hooks see the frame where
 * the egress port is untagged.  So vseg knows of each port which VLANs leave
 * it untagged.  The bridge tells of changes on the rtnetlink group
 * RTNLGRP_BRVLAN only, so vseg listens there: the message marks the port's
 * VLANs stale in the context of the change, a worker reads them anew, and in
 * between frames whose VLAN hangs on them are dropped as ambiguous.
 */
#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/socket.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "vlan.h"

/* Until stale VLANs are read again that there was no memory for. */
#define VSEG_VLAN_RETRY		(HZ / 10)

/**
 * struct vseg_vlan_watch - listens to changes of a namespace's VLANs
 * @vn: namespace
 * @sock: kernel socket in RTNLGRP_BRVLAN
 * @data_ready: what the socket had for it
 * @error_report: what the socket had for it
 * @work: reads stale VLANs anew; comes again where memory was missing
 */
struct vseg_vlan_watch {
	struct vseg_net *vn;
	struct socket *sock;
	void (*data_ready)(struct sock *sk);
	void (*error_report)(struct sock *sk);
	struct delayed_work work;
};

/**
 * vseg_vlan_wanted - are the VLANs of a bridge's ports looked at?
 * @br: bridge
 *
 * Context: vseg_net.lock held.
 * Return: whether they are: by labels of trunk ports, by rules, or by zones.
 */
bool vseg_vlan_wanted(const struct vseg_bridge *br)
{
	return br->ntrunks || br->vn->vlan_rules;
}

static int vseg_vlan_scan_port(struct vseg_port *port)
{
	struct bridge_vlan_info info;
	struct vseg_vids *vids, *old;
	u16 vid;

	ASSERT_RTNL();
	lockdep_assert_held(&port->bridge->vn->lock);

	vids = kzalloc(sizeof(*vids), GFP_KERNEL_ACCOUNT);
	if (!vids)
		return -ENOMEM;
	for (vid = 1; vid < VLAN_VID_MASK; vid++) {
		if (br_vlan_get_info(port->dev, vid, &info))
			continue;
		/* Kept for the ports alone, the bridge device isn't in it. */
		if (port == port->bridge->host &&
		    !(info.flags & BRIDGE_VLAN_INFO_BRENTRY))
			continue;
		__set_bit(vid, vids->member);
		if (info.flags & BRIDGE_VLAN_INFO_UNTAGGED)
			__set_bit(vid, vids->untagged);
	}

	old = rcu_dereference_protected(port->vids, true);
	rcu_assign_pointer(port->vids, vids);
	WRITE_ONCE(port->untagged, vseg_vids_untagged(vids));
	/* Pairs with vseg_vlan_label(): not stale, so these are the VLANs. */
	smp_store_release(&port->vids_stale, false);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

/**
 * vseg_vlan_scan - learn the VLANs of all ports of a bridge
 * @br: bridge
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: 0 or -ENOMEM; what isn't known is dropped as ambiguous.
 */
int vseg_vlan_scan(struct vseg_bridge *br)
{
	struct vseg_port *port;
	int err;

	err = vseg_vlan_scan_port(br->host);
	if (err)
		return err;
	list_for_each_entry(port, &br->ports, in_bridge) {
		if (port->gone)
			continue;
		err = vseg_vlan_scan_port(port);
		if (err)
			return err;
	}
	return 0;
}

/* VLAN of what a port of egress sends without a tag; %VSEG_VID_NONE when it
 * can't be told, %VSEG_VID_SEVERAL when it is one of several.
 */
static u16 vseg_vlan_leaving(const struct vseg_port *out)
{
	/* Pairs with the release in vseg_vlan_scan_port(). */
	if (smp_load_acquire(&out->vids_stale))
		return VSEG_VID_NONE;
	/* Takes all tags off, whatever the VLAN. */
	if (br_port_flag_is_set(out->dev, BR_VLAN_TUNNEL))
		return VSEG_VID_NONE;
	return READ_ONCE(out->untagged);
}

/**
 * vseg_vlan_untagged - the VLAN of a frame that no tag tells
 * @out: port of a filtering bridge that it leaves by, the host included
 *
 * Context: RCU read-side section.
 * Return: the VLAN; %VSEG_VID_NONE when it can't be told.
 */
u16 vseg_vlan_untagged(const struct vseg_port *out)
{
	u16 vid = vseg_vlan_leaving(out);

	return vid < VSEG_VIDS ? vid : VSEG_VID_NONE;
}

/**
 * vseg_vlan_label - the label that a frame carries at a trunk port
 * @trunk: binding of the trunk port, which is @in's or @out's
 * @in: port that the frame entered by, the host included
 * @out: port that it leaves by, the host included
 * @vid: its VLAN where a tag tells it, else %VSEG_VID_NONE
 *
 * Context: RCU read-side section.
 * Return: the label; NULL when its VLAN can't be told.
 */
struct vseg_label *vseg_vlan_label(const struct vseg_binding *trunk,
				   const struct vseg_port *in,
				   const struct vseg_port *out, u16 vid)
{
	const struct vseg_vids *in_vids, *out_vids;

	if (vid != VSEG_VID_NONE)
		return vseg_binding_label(trunk, vid);

	vid = vseg_vlan_leaving(out);
	if (vid < VSEG_VIDS)
		return vseg_binding_label(trunk, vid);

	in_vids = rcu_dereference(in->vids);
	out_vids = rcu_dereference(out->vids);
	if (vid == VSEG_VID_NONE || !in_vids || !out_vids ||
	    READ_ONCE(in->vids_stale))
		return NULL;
	return vseg_binding_label_several(trunk, in_vids, out_vids);
}

/**
 * vseg_vlan_prepare - learn what the rules of a policy look at
 * @vn: namespace
 * @t: tables that are about to be in force, sealed
 *
 * Context: rtnl and vseg_net.lock held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int vseg_vlan_prepare(struct vseg_net *vn, const struct vseg_tables *t)
{
	struct vseg_bridge *br;
	int err = 0;

	if (vn->vlan_rules ||
	    !(t->stateful || t->rule_fields & VSEG_FIELD(VLAN)))
		return 0;
	list_for_each_entry(br, &vn->bridges, in_net)
		if (!err && !br->ntrunks)
			err = vseg_vlan_scan(br);
	/* From here on changes are followed, too. */
	vn->vlan_rules = !err;
	return err;
}

/* Looked at before the other ports are: most ports are guests. */
static bool vseg_is_trunk(const struct vseg_port *port)
{
	return !port->gone && rcu_dereference(port->binding)->kind ==
			      VSEG_PORT_KIND_TRUNK;
}

static bool vseg_trunk_ambiguous(struct vseg_port *trunk,
				 struct vseg_port *out)
{
	const struct vseg_binding *b = rcu_dereference(trunk->binding);

	return trunk != out && READ_ONCE(out->untagged) == VSEG_VID_SEVERAL &&
	       !vseg_vlan_label(b, trunk, out, VSEG_VID_NONE);
}

/**
 * vseg_vlan_ambiguous - are there ports whose VLANs can't be told apart?
 * @br: bridge
 *
 * Context: vseg_net.lock held, bindings of a commit published.
 * Return: whether there are.
 */
bool vseg_vlan_ambiguous(struct vseg_bridge *br)
{
	struct vseg_port *trunk, *out;
	bool found = false;

	if (!br->ntrunks || !br_vlan_enabled(br->dev))
		return false;

	rcu_read_lock();
	list_for_each_entry_rcu(trunk, &br->ports, in_bridge) {
		if (!vseg_is_trunk(trunk))
			continue;
		found |= vseg_trunk_ambiguous(trunk, br->host);
		list_for_each_entry_rcu(out, &br->ports, in_bridge)
			found |= !out->gone && vseg_trunk_ambiguous(trunk, out);
	}
	rcu_read_unlock();
	return found;
}

/*
 * Following changes.
 */

static void vseg_vlan_stale(struct vseg_net *vn, int ifindex)
{
	u32 bucket = ifindex & ((1 << VSEG_BINDING_BITS) - 1);
	struct vseg_binding *b;

	rcu_read_lock();
	hlist_for_each_entry_rcu(b, &vn->bindings[bucket], hash)
		if (b->dev->ifindex == ifindex && rcu_access_pointer(b->port->vids))
			WRITE_ONCE(b->port->vids_stale, true);
	rcu_read_unlock();
}

static void vseg_vlan_stale_all(struct vseg_net *vn)
{
	struct vseg_bridge *br;
	struct vseg_port *port;

	rcu_read_lock();
	list_for_each_entry_rcu(br, &vn->bridges, in_net) {
		WRITE_ONCE(br->host->vids_stale, true);
		list_for_each_entry_rcu(port, &br->ports, in_bridge)
			WRITE_ONCE(port->vids_stale, true);
	}
	rcu_read_unlock();
}

/* Runs where the bridge changes its VLANs.  Looks only at the message that
 * has just come; the queue is emptied by the worker.  Like the next one it may
 * run with interrupts off, so it leaves bottom halves as they are; who takes
 * the lock for writing does so with them off.
 */
static void vseg_vlan_data_ready(struct sock *sk)
{
	struct vseg_vlan_watch *watch;
	struct br_vlan_msg *msg;
	unsigned long flags;
	struct sk_buff *skb;

	read_lock(&sk->sk_callback_lock);
	watch = sk->sk_user_data;
	if (!watch)
		goto out;

	spin_lock_irqsave(&sk->sk_receive_queue.lock, flags);
	skb = skb_peek_tail(&sk->sk_receive_queue);
	if (skb && skb->len >= nlmsg_msg_size(sizeof(*msg))) {
		msg = nlmsg_data(nlmsg_hdr(skb));
		vseg_vlan_stale(watch->vn, msg->ifindex);
	}
	spin_unlock_irqrestore(&sk->sk_receive_queue.lock, flags);
	mod_delayed_work(vseg_wq, &watch->work, 0);
out:
	read_unlock(&sk->sk_callback_lock);
}

/* The socket's buffer was full: any port may have changed. */
static void vseg_vlan_error_report(struct sock *sk)
{
	struct vseg_vlan_watch *watch;

	read_lock(&sk->sk_callback_lock);
	watch = sk->sk_user_data;
	if (watch) {
		vseg_vlan_stale_all(watch->vn);
		mod_delayed_work(vseg_wq, &watch->work, 0);
	}
	read_unlock(&sk->sk_callback_lock);
}

static int vseg_vlan_rescan_port(struct vseg_port *port)
{
	if (port->gone ||
	    (rcu_access_pointer(port->vids) && !port->vids_stale))
		return 0;
	return vseg_vlan_scan_port(port);
}

/* One that can't be read keeps no other from being read. */
static int vseg_vlan_rescan(struct vseg_net *vn)
{
	struct vseg_bridge *br;
	struct vseg_port *port;
	int err = 0;

	list_for_each_entry(br, &vn->bridges, in_net) {
		if (!vseg_vlan_wanted(br))
			continue;
		err = vseg_vlan_rescan_port(br->host) ?: err;
		list_for_each_entry(port, &br->ports, in_bridge)
			err = vseg_vlan_rescan_port(port) ?: err;
	}
	vseg_changed(vn);
	return err;
}

/* By recvmsg(), not from the queue: only that ends a congestion. */
static void vseg_vlan_drain(struct socket *sock)
{
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	u8 head[sizeof(struct nlmsghdr)];
	struct kvec vec = { .iov_base = head, .iov_len = sizeof(head) };
	int ret;

	do {
		ret = kernel_recvmsg(sock, &msg, &vec, 1, sizeof(head),
				     MSG_DONTWAIT);
	} while (ret >= 0 || ret == -ENOBUFS || ret == -EMSGSIZE);
}

static void vseg_vlan_work(struct work_struct *work)
{
	struct vseg_vlan_watch *watch = container_of(to_delayed_work(work),
						     struct vseg_vlan_watch,
						     work);
	struct vseg_net *vn = watch->vn;
	int err;

	/* Under rtnl no VLAN changes, so nothing is marked stale behind it. */
	rtnl_lock();
	mutex_lock(&vn->lock);
	vseg_vlan_drain(watch->sock);
	/* Frames that the bridge still untagged as before are through. */
	synchronize_net();
	err = vseg_vlan_rescan(vn);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	/* Until then their frames are dropped.  Not where the next change has
	 * queued it already.
	 */
	if (err)
		queue_delayed_work(vseg_wq, &watch->work, VSEG_VLAN_RETRY);
}

static int vseg_vlan_listen(struct vseg_vlan_watch *watch)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct socket *sock = watch->sock;
	int group = RTNLGRP_BRVLAN;
	int err;

	/* An unbound socket has port id 0, the kernel's own, and the kernel
	 * doesn't send to itself.
	 */
	err = kernel_bind(sock, (struct vseg_sockaddr *)&addr, sizeof(addr));
	if (err)
		return err;

	write_lock_bh(&sock->sk->sk_callback_lock);
	watch->data_ready = sock->sk->sk_data_ready;
	watch->error_report = sock->sk->sk_error_report;
	sock->sk->sk_user_data = watch;
	sock->sk->sk_data_ready = vseg_vlan_data_ready;
	sock->sk->sk_error_report = vseg_vlan_error_report;
	write_unlock_bh(&sock->sk->sk_callback_lock);

	return sock->ops->setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				     KERNEL_SOCKPTR(&group), sizeof(group));
}

/* After this no callback uses the watch, and its worker doesn't run. */
static void vseg_vlan_free(struct vseg_vlan_watch *watch)
{
	struct sock *sk = watch->sock->sk;

	write_lock_bh(&sk->sk_callback_lock);
	if (sk->sk_user_data) {
		sk->sk_user_data = NULL;
		sk->sk_data_ready = watch->data_ready;
		sk->sk_error_report = watch->error_report;
	}
	write_unlock_bh(&sk->sk_callback_lock);
	cancel_delayed_work_sync(&watch->work);

	/* Who changes VLANs holds rtnl, and may be about to return from us. */
	rtnl_lock();
	rtnl_unlock();
	sock_release(watch->sock);
	kfree(watch);
}

/**
 * vseg_vlan_watch_start - follow the VLANs of a namespace
 * @vn: namespace; its table of bindings exists
 *
 * Context: process, may sleep; not under vseg_net.lock.
 * Return: 0 or a negative errno.
 */
int vseg_vlan_watch_start(struct vseg_net *vn)
{
	struct vseg_vlan_watch *watch;
	int err;

	watch = kzalloc(sizeof(*watch), GFP_KERNEL_ACCOUNT);
	if (!watch)
		return -ENOMEM;
	watch->vn = vn;
	INIT_DELAYED_WORK(&watch->work, vseg_vlan_work);

	err = sock_create_kern(vn->net, PF_NETLINK, SOCK_RAW, NETLINK_ROUTE,
			       &watch->sock);
	if (err) {
		kfree(watch);
		/* So it calls a lack of memory for the socket's inode. */
		return err == -ENFILE ? -ENOMEM : err;
	}
	err = vseg_vlan_listen(watch);
	if (err) {
		vseg_vlan_free(watch);
		return err;
	}
	vn->vlans = watch;
	return 0;
}

/**
 * vseg_vlan_watch_stop - follow no longer
 * @vn: namespace
 *
 * Context: process, may sleep; neither under rtnl nor under vseg_net.lock.
 */
void vseg_vlan_watch_stop(struct vseg_net *vn)
{
	if (vn->vlans)
		vseg_vlan_free(vn->vlans);
	vn->vlans = NULL;
}
