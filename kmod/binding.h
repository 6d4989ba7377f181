/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bindings, and the labels that they give to frames.
 *
 * A binding is what frames see of a port.  It is never changed: another one
 * takes its place, and the cursor of the policy tells which of the two a frame
 * sees, so that the swap of the policy pointer changes the labels of all ports
 * at once.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_BINDING_H
#define VSEG_BINDING_H

#include <linux/bitmap.h>

#include "selector.h"
#include "stats.h"

struct net_device;
struct vseg_port;

#define VSEG_VIDS	4096

/* vseg_binding.active: seen by policies of both cursors. */
#define VSEG_ACTIVE_BOTH	(BIT(0) | BIT(1))

/* vseg_port.untagged: no VLAN, or more than one, leaves the port untagged. */
#define VSEG_VID_NONE		0xffff
#define VSEG_VID_SEVERAL	0xfffe

/**
 * struct vseg_label - a domain as carried by one port, with its counters
 * @stats: counters of the frames that carried it
 * @domain: holds a reference
 * @in_net: in vseg_net.labels, RCU
 * @in_domain: in vseg_domain.labels, RCU
 * @in_port: in vseg_port.labels, RCU
 * @binding: the binding that it is part of
 * @rcu: frees it after the last reader
 */
struct vseg_label {
	struct vseg_stats stats;
	struct vseg_domain *domain;
	struct list_head in_net;
	struct list_head in_domain;
	struct list_head in_port;
	struct vseg_binding *binding;
	struct rcu_head rcu;
};

/**
 * struct vseg_binding - what frames see of a port
 * @hash: in vseg_net.bindings, by ifindex
 * @dev: the port's device; compared, and read only under RCU
 * @pcpu: counters of @label
 * @vlan: trunk: labels by VLAN, NULL entries stand for @label; else NULL
 * @port: holds a reference
 * @slot: of @label
 * @active: bit 0 and 1: seen by policies with that cursor
 * @kind: enum vseg_port_kind
 * @has_mac: a MAC address of the guest is known
 * @mac: one of its MAC addresses
 * @label: of every frame, or of those whose VLAN isn't in @vlan
 * @guard: what the operator says of the guest, or NULL; holds a reference
 * @match: enum vseg_port_match
 * @pending: in vseg_net.pending, or in vseg_txn.bindings until the commit
 * @selector: the selector that it comes from, or NULL; holds a reference
 * @map: VLAN ranges as the operator gave them
 * @nmap: ranges in @map
 * @rwork: folds the counters and frees it, after a grace period
 *
 * The first cache line is all that an allowed frame between guests reads.
 */
struct vseg_binding {
	struct hlist_node hash;
	struct net_device *dev;
	struct vseg_pcpu_stats __percpu *pcpu;
	struct vseg_label **vlan;
	struct vseg_port *port;
	u16 slot;
	u8 active;
	u8 kind;
	bool has_mac;
	u8 mac[VSEG_MAC_LEN] __aligned(2);

	struct vseg_label *label;
	struct vseg_guard *guard;
	u8 match;
	struct list_head pending;
	struct vseg_selector *selector;
	struct vseg_vlan_range *map;
	u32 nmap;
	struct rcu_work rwork;
};

static_assert(offsetofend(struct vseg_binding, mac) <= 64);

/**
 * struct vseg_vids - VLANs of a port on a filtering bridge
 * @member: VLANs that the port is in
 * @untagged: of them, those that leave the port without a tag
 * @rcu: frees it after the last reader
 */
struct vseg_vids {
	DECLARE_BITMAP(member, VSEG_VIDS);
	DECLARE_BITMAP(untagged, VSEG_VIDS);
	struct rcu_head rcu;
};

/**
 * vseg_binding_label - the label of a VLAN at a trunk port
 * @trunk: binding of the trunk port
 * @vid: VLAN
 *
 * Return: the label, never NULL.
 */
static inline struct vseg_label *
vseg_binding_label(const struct vseg_binding *trunk, u16 vid)
{
	return trunk->vlan[vid] ?: trunk->label;
}

/**
 * vseg_binding_guest - what is known of the guest behind a port
 * @b: binding of the port
 *
 * Return: that, as long as the binding.
 */
static inline struct vseg_guest vseg_binding_guest(const struct vseg_binding *b)
{
	return (struct vseg_guest) {
		.guard = b->guard,
		.mac = b->has_mac ? b->mac : NULL,
	};
}

/**
 * vseg_binding_foreign - is a frame for another station than a port's guest?
 * @b: binding of the port
 * @mac: unicast or group address that the frame is for
 *
 * Return: whether it may be: the guest can have more addresses than the one
 * that is compared.
 */
static inline bool vseg_binding_foreign(const struct vseg_binding *b,
					const u8 *mac)
{
	return b->has_mac && memcmp(mac, b->mac, VSEG_MAC_LEN) && !(mac[0] & 1);
}

/**
 * vseg_count_drop - count a copy that goes nowhere
 * @src: label that it entered by
 * @dst: counters of the label that it would have left by
 * @reason: enum vseg_reason
 * @bytes: its length with the Ethernet header
 *
 * Context: as vseg_count_rx().
 */
static inline void vseg_count_drop(struct vseg_label *src,
				   struct vseg_pcpu_stats __percpu *dst,
				   u8 reason, unsigned int bytes)
{
	atomic64_inc(&src->stats.dropped[reason]);
	atomic64_add(bytes, &src->stats.rx_dropped_bytes);
	this_cpu_inc(dst->tx_dropped);
	this_cpu_add(dst->tx_dropped_bytes, bytes);
}

struct vseg_label *vseg_binding_label_several(const struct vseg_binding *trunk,
					      const struct vseg_vids *in,
					      const struct vseg_vids *out);
u16 vseg_vids_untagged(const struct vseg_vids *vids);

#endif /* VSEG_BINDING_H */
