/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where things are in a frame, and what they are called by number.
 *
 * Offsets count from the header that they belong to.  Pure: no device, no skb,
 * no netlink; the kernel's own headers of these protocols bring the skb along.
 */
#ifndef VSEG_WIRE_H
#define VSEG_WIRE_H

#include "compat.h"

/* Ethernet */
#define ETH_DST			0
#define ETH_SRC			6
#define ETH_PROTO		12
#define ETH_HEADER		14
#define ETH_ADDR		6
#define ETH_PADDED		64	/* what a short frame is padded to */
#define ETH_LENGTH_MAX		0x600	/* types begin here */
#define ETH_IPV4		0x0800
#define ETH_ARP			0x0806
#define ETH_RARP		0x8035
#define ETH_IPV6		0x86dd

/* IPv4 */
#define IP4_TOTAL		2
#define IP4_FRAGMENT		6
#define IP4_FRAGMENT_MASK	0x3fff	/* more fragments, and the offset */
#define IP4_MORE		0x2000
#define IP4_OFFSET		0x1fff
#define IP4_TTL			8
#define IP4_PROTO		9
#define IP4_SRC			12
#define IP4_DST			16
#define IP4_HEADER		20

/* IPv6 */
#define IP6_PAYLOAD		4
#define IP6_NEXT		6
#define IP6_HOPS		7
#define IP6_SRC			8
#define IP6_DST			24
#define IP6_ADDR		16
#define IP6_HEADER		40

/* TCP */
#define TCP_HEADER		20
#define TCP_OFFSET		12
#define TCP_FLAGS		13

/* UDP */
#define UDP_LENGTH		4
#define UDP_SUM			6
#define UDP_HEADER		8

/* Protocols of IP, and extension headers */
#define IP_HOPBYHOP		0
#define IP_ICMP			1
#define IP_IGMP			2
#define IP_TCP			6
#define IP_UDP			17
#define IP_DCCP			33
#define IP_ROUTING		43
#define IP_FRAGMENT		44
#define IP_AH			51
#define IP_ICMP6		58
#define IP_NONE			59
#define IP_DESTINATION		60
#define IP_PIM			103
#define IP_SCTP			132
#define IP_UDPLITE		136
#define IP_HIP			139
#define IP_SHIM6		140

static inline u16 vseg_get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static inline u32 vseg_get32(const u8 *p)
{
	return (u32)vseg_get16(p) << 16 | vseg_get16(p + 2);
}

static inline u64 vseg_get64(const u8 *p)
{
	return (u64)vseg_get32(p) << 32 | vseg_get32(p + 4);
}

#endif /* VSEG_WIRE_H */
