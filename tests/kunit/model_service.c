// SPDX-License-Identifier: GPL-2.0
/*
 * What a message of a service is, once more: DHCP, DHCPv6, multicast DNS.
 *
 * With the kernel's own structures and checksums.  A message is read into a
 * structure first; a list of what must hold of it follows.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "model.h"

/**
 * struct sent - a datagram, taken apart
 * @eth: Ethernet header
 * @six: it is IPv6
 * @ip4: its IPv4 header
 * @ip6: or its IPv6 header
 * @udp: its UDP header
 * @body: what is behind
 * @n: bytes of @body
 * @pseudo: checksum of its addresses, protocol and length
 */
struct sent {
	struct ethhdr eth;
	bool six;
	struct iphdr ip4;
	struct ipv6hdr ip6;
	struct udphdr udp;
	const u8 *body;
	size_t n;
	__sum16 pseudo;
};

struct bootp {
	u8 op;
	u8 htype;
	u8 hlen;
	u8 hops;
	u8 unused[20];
	__be32 giaddr;
	u8 chaddr[16];
	u8 names[192];
	u8 cookie[4];
	u8 options[];
} __packed;

static_assert(sizeof(struct bootp) == 240);

static bool padding_only(size_t len, size_t end)
{
	return len == end || len <= ETH_ZLEN + ETH_FCS_LEN;
}

static bool take_udp(struct sent *s, const u8 *udp, size_t there)
{
	__sum16 left;

	if (there < sizeof(s->udp))
		return false;
	memcpy(&s->udp, udp, sizeof(s->udp));
	if (ntohs(s->udp.len) != there)
		return false;
	s->body = udp + sizeof(s->udp);
	s->n = there - sizeof(s->udp);

	/* What the stack writes when a device is to do the rest. */
	left = (__force __sum16)~(__force u16)s->pseudo;
	if (!s->udp.check)
		return !s->six;
	if (s->udp.check == left)
		return true;
	return !csum_fold(csum_partial(udp, there,
				       csum_unfold(left)));
}

static bool take_ip4(struct sent *s, const u8 *data, size_t avail, size_t len)
{
	size_t total;

	if (avail < ETH_HLEN + sizeof(s->ip4))
		return false;
	memcpy(&s->ip4, data + ETH_HLEN, sizeof(s->ip4));
	total = ntohs(s->ip4.tot_len);
	if (s->ip4.version != 4 || s->ip4.ihl != 5 || ip_is_fragment(&s->ip4) ||
	    ip_fast_csum(&s->ip4, 5) || total < sizeof(s->ip4) ||
	    avail < ETH_HLEN + total || !padding_only(len, ETH_HLEN + total))
		return false;
	total -= sizeof(s->ip4);
	s->pseudo = csum_tcpudp_magic(s->ip4.saddr, s->ip4.daddr, total,
				      IPPROTO_UDP, 0);
	return take_udp(s, data + ETH_HLEN + sizeof(s->ip4), total);
}

static bool take_ip6(struct sent *s, const u8 *data, size_t avail, size_t len)
{
	size_t payload;

	s->six = true;
	if (avail < ETH_HLEN + sizeof(s->ip6))
		return false;
	memcpy(&s->ip6, data + ETH_HLEN, sizeof(s->ip6));
	payload = ntohs(s->ip6.payload_len);
	if (s->ip6.version != 6 || s->ip6.nexthdr != IPPROTO_UDP ||
	    avail < ETH_HLEN + sizeof(s->ip6) + payload ||
	    !padding_only(len, ETH_HLEN + sizeof(s->ip6) + payload))
		return false;
	s->pseudo = csum_ipv6_magic(&s->ip6.saddr, &s->ip6.daddr, payload,
				    IPPROTO_UDP, 0);
	return take_udp(s, data + ETH_HLEN + sizeof(s->ip6), payload);
}

static bool ports(const struct sent *s, u16 source, u16 dest)
{
	return ntohs(s->udp.source) == source && ntohs(s->udp.dest) == dest;
}

/* Where it comes from, and where it goes. */

/* RFC 1122, 3.2.1.3: 0.0.0.0/8 is this network, and nobody's address. */
static bool one_host4(__be32 address)
{
	return ntohl(address) >> 24 && ntohl(address) < 0xe0000000;
}

static bool one_host6(const struct in6_addr *address)
{
	return !ipv6_addr_any(address) && !ipv6_addr_is_multicast(address);
}

static bool to_one(const struct sent *s)
{
	return !is_multicast_ether_addr(s->eth.h_dest) &&
	       (s->six ? one_host6(&s->ip6.daddr) : one_host4(s->ip4.daddr));
}

static bool to_group6(const struct sent *s, const struct in6_addr *group)
{
	u8 mac[ETH_ALEN];

	ipv6_eth_mc_map(group, mac);
	return ipv6_addr_equal(&s->ip6.daddr, group) &&
	       ether_addr_equal(s->eth.h_dest, mac);
}

static bool from_one(const struct sent *s)
{
	return s->six ? one_host6(&s->ip6.saddr) : one_host4(s->ip4.saddr);
}

/* DHCP */

/* Which message it is; 0 when its options aren't what they have to be. */
static u8 dhcp_message(const struct sent *s, bool *relayed)
{
	const u8 *option = s->body + sizeof(struct bootp);
	const u8 *end = s->body + s->n, *zeros;
	unsigned int messages = 0;
	u8 message = 0;

	for (; option < end && *option != 255;
	     option += *option ? 2 + option[1] : 1) {
		if (!*option)
			continue;
		if (end - option < 2 || end - option < 2 + option[1])
			return 0;
		if (*option == 82)
			*relayed = true;
		if (*option != 53)
			continue;
		if (option[1] != 1)
			return 0;
		messages++;
		message = option[2];
	}
	if (option == end || messages != 1)
		return 0;
	for (zeros = option + 1; zeros < end; zeros++)
		if (*zeros)
			return 0;
	return message;
}

static enum model_kind dhcp(const struct sent *s)
{
	static const u8 cookie[] = { 0x63, 0x82, 0x53, 0x63 };
	const struct bootp *bootp = (const void *)s->body;
	bool relayed = false, all, client = ports(s, 68, 67);
	u8 message;

	if (s->n < sizeof(*bootp) || bootp->htype != 1 || bootp->hlen != 6 ||
	    memcmp(bootp->cookie, cookie, sizeof(cookie)) ||
	    bootp->op != (client ? 1 : 2))
		return MODEL_OTHER;
	message = dhcp_message(s, &relayed);
	all = s->ip4.daddr == htonl(INADDR_BROADCAST);

	if (!client) {
		if (message != 2 && message != 5 && message != 6)
			return MODEL_OTHER;
		if (!from_one(s) || !(all || one_host4(s->ip4.daddr)))
			return MODEL_OTHER;
		return is_broadcast_ether_addr(s->eth.h_dest) ||
		       (!is_multicast_ether_addr(s->eth.h_dest) &&
			!memcmp(bootp->chaddr, s->eth.h_dest, ETH_ALEN)) ?
		       MODEL_DHCP_REPLY : MODEL_OTHER;
	}
	switch (message) {
	case 1: case 3: case 4: case 7: case 8:
		break;
	default:
		return MODEL_OTHER;
	}
	if (relayed || bootp->hops || bootp->giaddr ||
	    memcmp(bootp->chaddr, s->eth.h_source, ETH_ALEN))
		return MODEL_OTHER;
	if (all)
		return !s->ip4.saddr || from_one(s) ? MODEL_DHCP_REQUEST :
						      MODEL_OTHER;
	return to_one(s) && from_one(s) ? MODEL_DHCP_REQUEST : MODEL_OTHER;
}

/* DHCPv6 */

static enum model_kind dhcp6(const struct sent *s)
{
	static const struct in6_addr servers = {
		.s6_addr = { 0xff, 2, [13] = 1, [15] = 2 } };
	bool client_id = false, server_id = false;
	size_t at = 4, n;
	u8 message;

	if (s->n < 4)
		return MODEL_OTHER;
	message = s->body[0];
	while (at < s->n) {
		if (s->n - at < 4)
			return MODEL_OTHER;
		n = s->body[at + 2] << 8 | s->body[at + 3];
		if (s->n - at - 4 < n)
			return MODEL_OTHER;
		if (!s->body[at] && s->body[at + 1] == 1)
			client_id = true;
		if (!s->body[at] && s->body[at + 1] == 2)
			server_id = true;
		at += 4 + n;
	}
	if (ports(s, 547, 546))
		return (message == 2 || message == 7 || message == 10) &&
		       server_id && from_one(s) && to_one(s) ?
		       MODEL_DHCPV6_REPLY : MODEL_OTHER;
	if (!client_id && message != 11)
		return MODEL_OTHER;
	switch (message) {
	case 3: case 5: case 8: case 9:
		if (to_one(s) && from_one(s))
			return MODEL_DHCPV6_REQUEST;
		break;
	case 1: case 4: case 6: case 11:
		break;
	default:
		return MODEL_OTHER;
	}
	return to_group6(s, &servers) &&
	       ipv6_addr_type(&s->ip6.saddr) & IPV6_ADDR_LINKLOCAL &&
	       !ipv6_addr_is_multicast(&s->ip6.saddr) ?
	       MODEL_DHCPV6_REQUEST : MODEL_OTHER;
}

/* Multicast DNS */

static bool dns_byte(const struct sent *s, size_t at, u8 *byte)
{
	if (at >= s->n)
		return false;
	*byte = s->body[at];
	return true;
}

/* A name; what it points to was looked at before. */
static bool dns_skip_name(const struct sent *s, size_t *at)
{
	size_t start = *at;
	u8 byte, low;

	for (;;) {
		if (!dns_byte(s, *at, &byte))
			return false;
		if (byte >> 6 == 3) {
			if (!dns_byte(s, *at + 1, &low) ||
			    ((byte & 0x3f) << 8 | low) >= start)
				return false;
			*at += 2;
			return true;
		}
		if (byte >> 6)
			return false;
		*at += 1 + byte;
		if (!byte)
			return true;
	}
}

static bool dns_skip(const struct sent *s, size_t *at, unsigned int entry,
		     unsigned int questions)
{
	u8 high, low;

	if (!dns_skip_name(s, at))
		return false;
	if (entry < questions) {
		*at += 4;
		return *at <= s->n;
	}
	if (!dns_byte(s, *at + 8, &high) || !dns_byte(s, *at + 9, &low))
		return false;
	*at += 10 + (high << 8 | low);
	return *at <= s->n;
}

static bool dns_sound(const struct sent *s)
{
	unsigned int count[4], i, all = 0, flags;
	size_t at = 12;

	if (s->n < at)
		return false;
	flags = s->body[2] << 8 | s->body[3];
	for (i = 0; i < 4; i++) {
		count[i] = s->body[4 + 2 * i] << 8 | s->body[5 + 2 * i];
		all += count[i];
	}
	/* Response, authoritative, truncated; nothing else is used. */
	if (flags & ~(BIT(15) | BIT(10) | BIT(9)))
		return false;
	if (!count[0] && !count[1])
		return false;
	if (flags & BIT(15) && count[0])
		return false;
	for (i = 0; i < all; i++)
		if (!dns_skip(s, &at, i, count[0]))
			return false;
	return at == s->n;
}

static enum model_kind mdns(const struct sent *s)
{
	static const struct in6_addr group6 = {
		.s6_addr = { 0xff, 2, [15] = 0xfb } };
	u8 mac[ETH_ALEN];
	bool group;

	if (s->six) {
		group = to_group6(s, &group6);
	} else {
		ip_eth_mc_map(s->ip4.daddr, mac);
		group = s->ip4.daddr == htonl(0xe00000fb) &&
			ether_addr_equal(mac, s->eth.h_dest);
	}
	if (!from_one(s) || !dns_sound(s))
		return MODEL_OTHER;
	if (group)
		return MODEL_MDNS;
	return to_one(s) && s->body[2] & 0x80 &&
	       (s->six ? s->ip6.hop_limit : s->ip4.ttl) == 255 ?
	       MODEL_MDNS : MODEL_OTHER;
}

/**
 * model_service - what a datagram is
 * @data: the frame
 * @avail: bytes readable at @data
 * @len: bytes of the frame
 *
 * Return: its kind.
 */
enum model_kind model_service(const u8 *data, size_t avail, size_t len)
{
	struct sent s = {};

	if (avail < ETH_HLEN)
		return MODEL_OTHER;
	memcpy(&s.eth, data, ETH_HLEN);
	if (s.eth.h_proto == htons(ETH_P_IPV6) ?
	    !take_ip6(&s, data, avail, len) : !take_ip4(&s, data, avail, len))
		return MODEL_OTHER;
	if (ports(&s, 5353, 5353))
		return mdns(&s);
	if (s.six && (ports(&s, 546, 547) || ports(&s, 547, 546)))
		return dhcp6(&s);
	if (!s.six && (ports(&s, 68, 67) || ports(&s, 67, 68)))
		return dhcp(&s);
	return MODEL_OTHER;
}
