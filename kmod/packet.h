/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an IP packet says of itself: the part of frame.c behind the type.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_PACKET_H
#define VSEG_PACKET_H

#include "frame.h"
#include "wire.h"

/* All that a frame has because it is an IP packet. */
#define VSEG_FIELDS_IP	(VSEG_FIELDS_ALL & ~(VSEG_FIELD(ETHERTYPE) | \
					     VSEG_FIELD(VLAN)))

/**
 * struct vseg_walk - a frame that is being read, header by header
 * @data: from the Ethernet header on
 * @avail: bytes readable at @data, less than @end or not
 * @at: offset of the next header
 * @end: offset of the end of what that header is in: the frame, its LLC part,
 *	the IP packet, the part of a fragment that a receiver can use
 * @doubt: addresses that an option or extension header gives anew
 * @fields: what is known by now
 */
struct vseg_walk {
	const u8 *data;
	unsigned int avail;
	unsigned int at;
	unsigned int end;
	u16 doubt;
	struct vseg_fields *fields;
};

/**
 * vseg_walk_unknown - say of fields that they can't be told
 * @w: frame
 * @fields: their bits, or none
 * @trouble: why
 */
static inline void vseg_walk_unknown(struct vseg_walk *w, u16 fields,
				     enum vseg_trouble trouble)
{
	if (!fields)
		return;
	w->fields->unknown |= fields;
	if (!w->fields->trouble)
		w->fields->trouble = trouble;
}

/**
 * vseg_walk_in - does a header end inside of what it is in?
 * @w: frame
 * @n: bytes from the header's start
 *
 * Return: whether it does.
 */
static inline bool vseg_walk_in(const struct vseg_walk *w, unsigned int n)
{
	return n <= w->end - w->at;
}

/**
 * vseg_walk_readable - can a header be read?
 * @w: frame
 * @n: bytes from the header's start
 *
 * Return: whether it can.
 */
static inline bool vseg_walk_readable(const struct vseg_walk *w, unsigned int n)
{
	return w->at + n <= w->avail;
}

static inline struct vseg_address vseg_get_ip6(const u8 *p)
{
	return (struct vseg_address){ .hi = vseg_get64(p),
				      .lo = vseg_get64(p + 8) };
}

void vseg_packet_ipv4(struct vseg_walk *w);
void vseg_packet_ipv6(struct vseg_walk *w);

#endif /* VSEG_PACKET_H */
