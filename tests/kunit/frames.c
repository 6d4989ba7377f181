// SPDX-License-Identifier: GPL-2.0
/*
 * Frames to be looked at: one of each kind, and what can be done to them.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "frames.h"
#include "random.h"

void frame_put16(u8 *p, u16 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

u16 frame_get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

void frame_add(struct frame *f, const void *bytes, size_t n)
{
	memcpy(f->data + f->len, bytes, n);
	f->len += n;
	f->end = f->len;
}

/* What a device sends along to fill a short frame. */
void frame_pad(struct frame *f, struct rnd_state *rnd, size_t n)
{
	prandom_bytes_state(rnd, f->data + f->len, n);
	f->len += n;
}

void frame_add_random(struct frame *f, struct rnd_state *rnd, size_t n)
{
	frame_pad(f, rnd, n);
	f->end = f->len;
}

/* Ethernet, from a random unicast address. */
void frame_add_eth(struct frame *f, struct rnd_state *rnd, const u8 *dest,
		   u16 proto)
{
	u8 p[2];

	f->len = 0;
	frame_add(f, dest, ETH_ALEN);
	frame_add_random(f, rnd, ETH_ALEN);
	f->data[AT_SRC] = (f->data[AT_SRC] & ~1) | 2;
	frame_put16(p, proto);
	frame_add(f, p, sizeof(p));
}

/* IPv6, from a random link-local address. */
void frame_add_ip6(struct frame *f, struct rnd_state *rnd, u8 next, u8 hops)
{
	ADD(f, 0x60, 0, 0, 0, 0, 0);
	frame_add(f, &next, 1);
	frame_add(f, &hops, 1);
	ADD(f, 0xfe, 0x80, 0, 0, 0, 0, 0, 0);
	frame_add_random(f, rnd, 8);
}

void frame_end_ip6(struct frame *f)
{
	frame_put16(f->data + AT_IP6_PAYLOAD, f->len - AT_ICMP6);
	frame_sum(f);
}

/*
 * Checksums.
 */

/* An all-zero checksum would say that there is none. */
static void put_udp_sum(u8 *udp, __sum16 sum)
{
	if (!sum)
		sum = CSUM_MANGLED_0;
	memcpy(udp + 6, &sum, sizeof(sum));
}

static void sum_udp4(struct frame *f, size_t head)
{
	size_t total = frame_get16(f->data + AT_IP4_TOTAL);
	u8 *udp = f->data + AT_BODY + head;
	__be32 src, dst;

	if (total < head + 8 || AT_BODY + total > f->len)
		return;
	total -= head;
	memcpy(&src, f->data + AT_IP4_SRC, sizeof(src));
	memcpy(&dst, f->data + AT_IP4_DST, sizeof(dst));
	frame_put16(udp + 6, 0);
	put_udp_sum(udp, csum_tcpudp_magic(src, dst, total, IPPROTO_UDP,
					   csum_partial(udp, total, 0)));
}

static void sum_ip4(struct frame *f)
{
	u8 *ip = f->data + AT_BODY;
	size_t head = (ip[0] & 15) * 4, total = frame_get16(f->data + AT_IP4_TOTAL);
	__sum16 sum;

	if (head < sizeof(struct iphdr) || AT_BODY + head > f->len)
		return;
	frame_put16(f->data + AT_IP4_SUM, 0);
	sum = ip_fast_csum(ip, head / 4);
	memcpy(f->data + AT_IP4_SUM, &sum, sizeof(sum));

	if (f->data[AT_IP4_PROTO] == IPPROTO_UDP) {
		sum_udp4(f, head);
		return;
	}
	/* IGMP's is behind its type and code. */
	if (f->data[AT_IP4_PROTO] != IPPROTO_IGMP || total < head + 8 ||
	    AT_BODY + total > f->len)
		return;
	frame_put16(ip + head + 2, 0);
	sum = ip_compute_csum(ip + head, total - head);
	memcpy(ip + head + 2, &sum, sizeof(sum));
}

static void sum_ip6(struct frame *f)
{
	size_t skip = f->data[AT_IP6_NEXT] == NEXTHDR_HOP ? 8 : 0;
	size_t n = frame_get16(f->data + AT_IP6_PAYLOAD);
	u8 *icmp = f->data + AT_ICMP6 + skip;
	struct in6_addr src, dst;
	__sum16 sum;

	if (n < skip + 8 || AT_ICMP6 + n > f->len)
		return;
	n -= skip;
	memcpy(&src, f->data + AT_IP6_SRC, sizeof(src));
	memcpy(&dst, f->data + AT_IP6_DST, sizeof(dst));
	if (f->data[AT_IP6_NEXT] == IPPROTO_UDP) {
		frame_put16(icmp + 6, 0);
		put_udp_sum(icmp, csum_ipv6_magic(&src, &dst, n, IPPROTO_UDP,
						  csum_partial(icmp, n, 0)));
		return;
	}
	frame_put16(icmp + 2, 0);
	sum = csum_ipv6_magic(&src, &dst, n, IPPROTO_ICMPV6,
			      csum_partial(icmp, n, 0));
	memcpy(icmp + 2, &sum, sizeof(sum));
}

/* Makes the checksums right that a frame has, wherever its bytes say they are:
 * what is wrong besides then has nothing to hide behind.
 */
void frame_sum(struct frame *f)
{
	u16 proto = f->len < AT_BODY ? 0 : frame_get16(f->data + AT_PROTO);

	if (proto == ETH_P_IP && f->len >= AT_BODY + sizeof(struct iphdr))
		sum_ip4(f);
	else if (proto == ETH_P_IPV6 && f->len >= AT_ICMP6)
		sum_ip6(f);
}

/*
 * All kinds.
 */

#define KIND(_kind, _name) {						\
	.name = #_name,							\
	.kind = _kind,							\
	.make = frame_##_name,						\
}

const struct frame_kind frame_kinds[] = {
	KIND(MODEL_RESOLUTION, arp),
	KIND(MODEL_RESOLUTION, rarp),
	KIND(MODEL_RESOLUTION, ns),
	KIND(MODEL_RESOLUTION, ns_dad),
	KIND(MODEL_RESOLUTION, na),
	KIND(MODEL_RESOLUTION, na_all),
	KIND(MODEL_QUERY, igmp2),
	KIND(MODEL_QUERY, igmp3),
	KIND(MODEL_QUERY, igmp_group),
	KIND(MODEL_QUERY, mld1),
	KIND(MODEL_QUERY, mld2),
	KIND(MODEL_QUERY, mld_group),
	KIND(MODEL_BPDU, bpdu_config),
	KIND(MODEL_BPDU, bpdu_tcn),
	KIND(MODEL_BPDU, bpdu_rst),
	KIND(MODEL_BPDU, bpdu_mst),
	KIND(MODEL_DHCP_REQUEST, dhcp_discover),
	KIND(MODEL_DHCP_REQUEST, dhcp_renew),
	KIND(MODEL_DHCP_REPLY, dhcp_reply),
	KIND(MODEL_DHCPV6_REQUEST, dhcpv6_solicit),
	KIND(MODEL_DHCPV6_REQUEST, dhcpv6_renew),
	KIND(MODEL_DHCPV6_REPLY, dhcpv6_reply),
	KIND(MODEL_ROUTER_SOLICITATION, rs),
	KIND(MODEL_ROUTER_ADVERTISEMENT, ra),
	KIND(MODEL_MDNS, mdns4),
	KIND(MODEL_MDNS, mdns6),
	KIND(MODEL_MDNS, mdns_answer),
	KIND(MODEL_OTHER, dns),
	KIND(MODEL_OTHER, arp_other),
	KIND(MODEL_OTHER, arp_tagged),
	KIND(MODEL_OTHER, igmp_report),
	KIND(MODEL_OTHER, mld_report),
	KIND(MODEL_OTHER, udp4),
	KIND(MODEL_OTHER, udp6),
	KIND(MODEL_OTHER, lacp),
	KIND(MODEL_OTHER, llc),
	KIND(MODEL_OTHER, noise),
};

const unsigned int frame_nkinds = ARRAY_SIZE(frame_kinds);
