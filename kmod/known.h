/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the forwarding table of a bridge knows.
 */
#ifndef VSEG_KNOWN_H
#define VSEG_KNOWN_H

#include <linux/hash.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>

#include "compat.h"

/* Answers that a CPU keeps. */
#define VSEG_KNOWN_BITS		5

/**
 * struct vseg_answer - where the forwarding table sends an address
 * @key: the address, and its VLAN in the lowest bits
 * @bridge: whose table it is; compared only
 * @port: to this port; NULL to all; compared only
 * @when: jiffies of the answer
 */
struct vseg_answer {
	u64 key;
	const struct net_device *bridge;
	const struct net_device *port;
	unsigned long when;
};

struct vseg_answers {
	struct vseg_answer by_hash[1 << VSEG_KNOWN_BITS];
};

DECLARE_PER_CPU(struct vseg_answers, vseg_answers);

const struct net_device *vseg_known_port(const u8 *mac,
					 const struct net_device *bridge,
					 u16 vid);
const struct net_device *vseg_known_ask(struct vseg_answer *a,
					const struct sk_buff *skb,
					const struct net_device *bridge,
					u16 vid, u64 key, unsigned long now);
bool vseg_known(const struct sk_buff *skb, const struct net_device *bridge,
		const struct net_device *out, u16 vid);

/* The six bytes of the address come first, so the VLAN takes the place of the
 * two behind them.
 */
static inline u64 vseg_known_key(const struct sk_buff *skb, u16 vid)
{
	__le64 bytes;

	memcpy(&bytes, skb_mac_header(skb), sizeof(bytes));
	return le64_to_cpu(bytes) << 16 | vid;
}

/**
 * vseg_known_quick - as vseg_known(), in softirq
 * @skb: unicast frame
 * @bridge: bridge that it crosses
 * @out: the port
 * @vid: its VLAN; 0 where it has none
 *
 * Context: softirq, RCU read-side section.
 * Return: as vseg_known().
 */
static __always_inline bool vseg_known_quick(const struct sk_buff *skb,
					     const struct net_device *bridge,
					     const struct net_device *out,
					     u16 vid)
{
	u64 key = vseg_known_key(skb, vid);
	unsigned long now = jiffies;
	struct vseg_answer *a;

	a = &this_cpu_ptr(&vseg_answers)->by_hash[hash_64(key, VSEG_KNOWN_BITS)];
	if (likely(a->key == key && a->bridge == bridge && a->when == now))
		return a->port == out;
	return vseg_known_ask(a, skb, bridge, vid, key, now) == out;
}

#endif /* VSEG_KNOWN_H */
