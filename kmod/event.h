/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drop events: a bounded queue from the drop path to the multicast group
 * "drops".
 */
#ifndef VSEG_EVENT_H
#define VSEG_EVENT_H

#include <linux/skbuff.h>

#include "vseg.h"

/* vseg_drop.vid: the frame has no VLAN, or it can't be told. */
#define VSEG_DROP_NO_VID	0xffff

/**
 * struct vseg_drop - a dropped copy, as the hook knows it
 * @skb: the copy; its Ethernet header is at skb_mac_header()
 * @in: port that it entered by; NULL when the host sent it
 * @out: port that it would have left by; NULL when it was for the host
 * @src: source domain; never NULL, lives while RCU is held
 * @dst: destination domain; never NULL, lives while RCU is held
 * @generation: of the policy that decided
 * @limited: drops of the same pair since its last event that made no event
 * @len: bytes with the Ethernet header
 * @vid: VLAN of the bridge, or %VSEG_DROP_NO_VID
 * @hook: enum vseg_hook
 * @reason: enum vseg_reason
 * @would: monitor mode: it passes
 */
struct vseg_drop {
	const struct sk_buff *skb;
	const struct net_device *in;
	const struct net_device *out;
	struct vseg_domain *src;
	struct vseg_domain *dst;
	u64 generation;
	u64 limited;
	u32 len;
	u16 vid;
	u8 hook;
	u8 reason;
	bool would;
};

/**
 * struct vseg_event_counts - what became of drop events
 * @sent: events handed to the multicast group
 * @limited: drops without an event because their pair was over its rate
 * @lost: events lost to a full queue, a slow reader or lack of memory
 */
struct vseg_event_counts {
	u64 sent;
	u64 limited;
	u64 lost;
};

/**
 * struct vseg_event - a dropped copy, as it waits for its message
 * @time: nanoseconds of the real-time clock
 * @generation: as in struct vseg_drop
 * @limited: as in struct vseg_drop
 * @in_ifindex: port that it entered by, or 0
 * @out_ifindex: port that it would have left by, or 0
 * @len: as in struct vseg_drop
 * @vid: as in struct vseg_drop
 * @ethertype: see vseg_event_ethertype()
 * @sport: source port, or 0
 * @dport: destination port, or 0
 * @hook: enum vseg_hook
 * @reason: enum vseg_reason
 * @would: monitor mode: it passed
 * @ip: it has an IP protocol
 * @ip_proto: IP protocol, the last one known before the payload
 * @addr_len: bytes of @ip_src and @ip_dst: 0, 4 or 16
 * @src_mac: source of the Ethernet header
 * @dst_mac: destination of the Ethernet header
 * @ip_src: source address, of IP or ARP
 * @ip_dst: destination address, of IP or ARP
 * @in_name: name of the port that it entered by
 * @out_name: name of the port that it would have left by
 * @src: name of the source domain
 * @dst: name of the destination domain
 *
 * A copy: nothing in it can go away while it waits.
 */
struct vseg_event {
	u64 time;
	u64 generation;
	u64 limited;
	int in_ifindex;
	int out_ifindex;
	u32 len;
	u16 vid;
	u16 ethertype;
	u16 sport;
	u16 dport;
	u8 hook;
	u8 reason;
	bool would;
	bool ip;
	u8 ip_proto;
	u8 addr_len;
	u8 src_mac[ETH_ALEN];
	u8 dst_mac[ETH_ALEN];
	u8 ip_src[16];
	u8 ip_dst[16];
	char in_name[IFNAMSIZ];
	char out_name[IFNAMSIZ];
	char src[VSEG_NAME_MAX + 1];
	char dst[VSEG_NAME_MAX + 1];
};

u16 vseg_event_ethertype(const struct sk_buff *skb, int *offset);

int vseg_events_init(struct vseg_net *vn);
void vseg_events_destroy(struct vseg_net *vn);
bool vseg_events_ask(struct vseg_net *vn);
void vseg_event_drop(struct vseg_net *vn, const struct vseg_drop *drop);
void vseg_event_limited(struct vseg_net *vn);
void vseg_events_read(struct vseg_net *vn, struct vseg_event_counts *counts);

/* Did nobody listen to drop events when somebody asked in this tick? */
static inline bool vseg_events_unheard(const struct vseg_net *vn)
{
	unsigned long now = jiffies;

	return READ_ONCE(vn->unheard) == now;
}

/**
 * vseg_events_wanted - does anybody listen to drop events?
 * @vn: namespace
 *
 * Asked for each drop, so it is netlink that is asked only once in a tick: who
 * begins to listen hears of drops from the next one on, at the latest.
 *
 * Context: any, while the family is registered.
 * Return: whether somebody does.
 */
static inline bool vseg_events_wanted(struct vseg_net *vn)
{
	return unlikely(!vseg_events_unheard(vn)) && vseg_events_ask(vn);
}

#endif /* VSEG_EVENT_H */
