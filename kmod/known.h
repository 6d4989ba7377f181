/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the forwarding table of a bridge knows.
 */
#ifndef VSEG_KNOWN_H
#define VSEG_KNOWN_H

#include <linux/netdevice.h>

const struct net_device *vseg_known_port(const u8 *mac,
					 const struct net_device *bridge,
					 u16 vid);
bool vseg_known(const struct sk_buff *skb, const struct net_device *bridge,
		const struct net_device *out, u16 vid);

#endif /* VSEG_KNOWN_H */
