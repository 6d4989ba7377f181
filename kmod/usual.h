/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What most frames by far say of themselves: whole packets of TCP and UDP with
 * nothing between the headers.  The same as frame.c and packet.c would say, in
 * half of the instructions; of all other frames nothing.
 *
 * In a header, since each frame that rules decide comes through here.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_USUAL_H
#define VSEG_USUAL_H

#include "packet.h"

/* Of TCP and UDP, and no flags. */
#define VSEG_FIELDS_USUAL \
	(VSEG_FIELD(ETHERTYPE) | VSEG_FIELD(VLAN) | \
	 VSEG_FIELD(PROTOCOL) | VSEG_FIELD(SOURCE_PORT) | \
	 VSEG_FIELD(DESTINATION_PORT) | VSEG_FIELD(SOURCE) | \
	 VSEG_FIELD(DESTINATION) | VSEG_FIELD(FRAGMENT))

/* @head can be read up to %TCP_HEADER bytes; @room of it are the packet's. */
static __always_inline bool vseg_usual_transport(const u8 *head,
						 unsigned int room, u8 protocol,
						 struct vseg_fields *fields)
{
	unsigned int size;

	if (protocol == IP_TCP) {
		size = (head[TCP_OFFSET] >> 4) * 4;
		if (size < TCP_HEADER || size > room)
			return false;
		fields->known = VSEG_FIELDS_USUAL | VSEG_FIELD(TCP_FLAGS);
		fields->tcp_flags = head[TCP_FLAGS];
	} else if (protocol == IP_UDP) {
		size = vseg_get16(head + UDP_LENGTH);
		if (size < UDP_HEADER || size > room)
			return false;
		fields->known = VSEG_FIELDS_USUAL;
		fields->tcp_flags = 0;
	} else {
		return false;
	}
	fields->protocol = protocol;
	fields->sport = vseg_get16(head);
	fields->dport = vseg_get16(head + 2);
	return true;
}

static __always_inline bool vseg_usual_ipv4(const u8 *ip, unsigned int len,
					    struct vseg_fields *fields)
{
	unsigned int total = vseg_get16(ip + IP4_TOTAL);

	if (ip[0] != 0x45 || total < IP4_HEADER || total > len ||
	    vseg_get16(ip + IP4_FRAGMENT) & IP4_FRAGMENT_MASK ||
	    !vseg_usual_transport(ip + IP4_HEADER, total - IP4_HEADER,
				  ip[IP4_PROTO], fields))
		return false;
	fields->version = 4;
	fields->transport = ETH_HEADER + IP4_HEADER;
	fields->end = ETH_HEADER + total;
	fields->src = (struct vseg_address){ .lo = vseg_get32(ip + IP4_SRC) };
	fields->dst = (struct vseg_address){ .lo = vseg_get32(ip + IP4_DST) };
	return true;
}

static __always_inline bool vseg_usual_ipv6(const u8 *ip, unsigned int len,
					    struct vseg_fields *fields)
{
	unsigned int payload = vseg_get16(ip + IP6_PAYLOAD);

	if (ip[0] >> 4 != 6 || IP6_HEADER + payload > len ||
	    !vseg_usual_transport(ip + IP6_HEADER, payload, ip[IP6_NEXT], fields))
		return false;
	fields->version = 6;
	fields->transport = ETH_HEADER + IP6_HEADER;
	fields->end = ETH_HEADER + IP6_HEADER + payload;
	fields->src = vseg_get_ip6(ip + IP6_SRC);
	fields->dst = vseg_get_ip6(ip + IP6_DST);
	return true;
}

/**
 * vseg_usual - as vseg_frame_usual(), in place
 * @data: as there
 * @avail: as there
 * @len: as there
 * @vlan: as there
 * @fields: as there
 *
 * Return: as there.
 */
static __always_inline bool vseg_usual(const u8 *data, unsigned int avail,
				       unsigned int len, u16 vlan,
				       struct vseg_fields *fields)
{
	u16 type;

	if (avail < ETH_HEADER + IP4_HEADER + TCP_HEADER)
		return false;
	type = vseg_get16(data + ETH_PROTO);
	if (type == ETH_IPV4) {
		if (!vseg_usual_ipv4(data + ETH_HEADER, len - ETH_HEADER, fields))
			return false;
	} else if (type != ETH_IPV6 ||
		   avail < ETH_HEADER + IP6_HEADER + TCP_HEADER ||
		   !vseg_usual_ipv6(data + ETH_HEADER, len - ETH_HEADER, fields)) {
		return false;
	}
	fields->unknown = 0;
	fields->ethertype = type;
	fields->vlan = vlan;
	fields->trouble = VSEG_TROUBLE_NONE;
	fields->fragment = VSEG_FRAGMENT_WHOLE;
	fields->icmp = 0;
	fields->network = ETH_HEADER;
	return true;
}

#endif /* VSEG_USUAL_H */
