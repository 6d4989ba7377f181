/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of messages that a built-in pass or a service lets through.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_MESSAGE_H
#define VSEG_MESSAGE_H

#include <linux/string.h>

#include "class.h"
#include "wire.h"

/**
 * struct vseg_bytes - a frame that is being looked at
 * @data: from the Ethernet header on
 * @avail: bytes readable at @data
 * @len: bytes of the frame
 */
struct vseg_bytes {
	const u8 *data;
	unsigned int avail;
	unsigned int len;
};

static inline bool vseg_same(const u8 *a, const u8 *b, unsigned int n)
{
	return !memcmp(a, b, n);
}

/* All of the message can be read, and only Ethernet padding follows it. */
static inline bool vseg_ends_at(const struct vseg_bytes *f, unsigned int end)
{
	return end <= f->avail && (f->len == end || f->len <= ETH_PADDED);
}

/* Internet checksum (RFC 1071) over @n bytes, not yet folded. */
static inline u32 vseg_sum16(const u8 *p, unsigned int n, u32 sum)
{
	for (; n > 1; n -= 2, p += 2)
		sum += vseg_get16(p);
	return n ? sum + (p[0] << 8) : sum;
}

static inline u16 vseg_sum_fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The sum over a message that includes its own checksum. */
static inline bool vseg_sum_ok(u32 sum)
{
	return vseg_sum_fold(sum) == 0xffff;
}

/* @icmp: ICMPv6 message of @n bytes behind the header @ip */
static inline bool vseg_icmp6_sum_ok(const u8 *ip, const u8 *icmp,
				     unsigned int n)
{
	u32 sum = vseg_sum16(ip + IP6_SRC, 2 * IP6_ADDR, IP_ICMP6 + n);

	return vseg_sum_ok(vseg_sum16(icmp, n, sum));
}

/* fe80::/10 */
static inline bool vseg_ip6_link_local(const u8 *address)
{
	return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

static inline bool vseg_ip6_unspecified(const u8 *address)
{
	return !(vseg_get64(address) | vseg_get64(address + 8));
}

/* The Ethernet address of an IPv6 multicast address. */
static inline bool vseg_ip6_group_mac(const u8 *mac, const u8 *address)
{
	return mac[0] == 0x33 && mac[1] == 0x33 &&
	       vseg_same(mac + 2, address + 12, 4);
}

bool vseg_is_service4(const u8 *udp);
bool vseg_is_service6(const u8 *udp);
enum vseg_class vseg_class_udp4(const struct vseg_bytes *f);
enum vseg_class vseg_class_udp6(const struct vseg_bytes *f);

#endif /* VSEG_MESSAGE_H */
