// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is, from its bytes.
 *
 * A built-in pass or a service lets a frame through that no cell allows.  So each check
 * here asks for exactly what the protocol sends, the checksums and the length
 * included: nothing else can ride along.
 */
#include "message.h"

/* ARP and RARP, of IPv4 over Ethernet */
#define ARP_OP			6
#define ARP_SENDER		8
#define ARP_LENGTH		28
#define ARP_REQUEST		1
#define ARP_REPLY		2
#define RARP_REQUEST		3
#define RARP_REPLY		4

/* Spanning tree: a LLC header, then the BPDU */
#define LLC_LENGTH		3
#define BPDU_TYPE		3
#define BPDU_V3_LENGTH		36
#define BPDU_CONFIG		0x00
#define BPDU_CONFIG_LENGTH	35
#define BPDU_TCN		0x80
#define BPDU_TCN_LENGTH		4
#define BPDU_RST		0x02
#define BPDU_RST_LENGTH		36
#define BPDU_MST_LENGTH		38	/* and what its version 3 length says */
#define BPDU_MST_MIN		64	/* version 3 length without instances */
#define BPDU_MST_INSTANCE	16

#define IP4_OPTION		4

/* IGMP */
#define IGMP_QUERY		0x11
#define IGMP_GROUP		4
#define IGMP_NSRCS		10
#define IGMP_LENGTH		8
#define IGMP_V3_LENGTH		12

#define IP6_HOPBYHOP_LENGTH	8

/* Neighbour discovery */
#define ND_TARGET		8
#define ND_LENGTH		24
#define ND_SOLICITATION		135
#define ND_ADVERTISEMENT	136
#define ND_NA_FLAGS		4
#define ND_NA_SOLICITED		0x40
#define ND_OPT_SOURCE		1
#define ND_OPT_TARGET		2
#define ND_OPT_NONCE		14
#define ND_OPT_REDIRECTED	4
#define ND_OPT_PREFIX		3
#define ND_OPT_MTU		5
#define ND_OPT_UNIT		8
#define ND_PREFIX_LENGTH	32

/* Router discovery */
#define RS_LENGTH		8
#define RS_TYPE			133
#define RA_LENGTH		16
#define RA_TYPE			134

/* MLD */
#define MLD_QUERY		130
#define MLD_GROUP		8
#define MLD_NSRCS		26
#define MLD_LENGTH		24
#define MLD_V2_LENGTH		28

static const u8 stp_group[] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };
static const u8 stp_llc[] = { 0x42, 0x42, 0x03, 0x00, 0x00 };
static const u8 arp_ether_ipv4[] = { 0, 1, 0x08, 0x00, ETH_ADDR, 4 };
static const u8 ip4_router_alert[] = { 0x94, 0x04, 0x00, 0x00 };
static const u8 ip4_all_hosts[] = { 224, 0, 0, 1 };
static const u8 ip6_router_alert[] = { 0x05, 0x02, 0x00, 0x00 };
static const u8 ip6_all_nodes[IP6_ADDR] = { 0xff, 0x02, [15] = 1 };
/* Solicited-node addresses, without the end of the target's. */
static const u8 ip6_solicited[13] = { 0xff, 0x02, [11] = 1, [12] = 0xff };
static const u8 ip6_all_routers[IP6_ADDR] = { 0xff, 0x02, [15] = 2 };

static bool is_arp(const struct vseg_bytes *f, unsigned int op1, unsigned int op2)
{
	const u8 *arp = f->data + ETH_HEADER;
	unsigned int op;

	if (!vseg_ends_at(f, ETH_HEADER + ARP_LENGTH))
		return false;
	if (!vseg_same(arp, arp_ether_ipv4, sizeof(arp_ether_ipv4)))
		return false;
	op = vseg_get16(arp + ARP_OP);
	if (op != op1 && op != op2)
		return false;
	return vseg_same(arp + ARP_SENDER, f->data + ETH_SRC, ETH_ADDR);
}

/*
 * Options of a neighbour discovery message: only those that resolution needs,
 * each at most once, and no other link-layer address than the frame's own.
 * An unspecified source (duplicate address detection) has no address to tell
 * (RFC 4861, 7.1.1).
 */
static bool nd_options_ok(const struct vseg_bytes *f, const u8 *opt,
			  unsigned int n, u8 address_type, bool unspecified)
{
	bool address = false, nonce = false;
	unsigned int len;

	for (; n; opt += len, n -= len) {
		if (n < ND_OPT_UNIT)
			return false;
		len = opt[1] * ND_OPT_UNIT;
		if (!len || len > n)
			return false;

		if (opt[0] == address_type && !address) {
			if (len != ND_OPT_UNIT || unspecified ||
			    !vseg_same(opt + 2, f->data + ETH_SRC, ETH_ADDR))
				return false;
			address = true;
		} else if (opt[0] == ND_OPT_NONCE && !nonce &&
			   address_type == ND_OPT_SOURCE) {
			nonce = true;
		} else {
			return false;
		}
	}
	return true;
}

/* RFC 4861, 7.1 */
static bool is_nd(const struct vseg_bytes *f)
{
	const u8 *ip = f->data + ETH_HEADER;
	const u8 *nd = ip + IP6_HEADER;
	unsigned int n = vseg_get16(ip + IP6_PAYLOAD);
	bool unspecified = vseg_ip6_unspecified(ip + IP6_SRC);
	u8 address_type;

	if (n < ND_LENGTH || !vseg_ends_at(f, ETH_HEADER + IP6_HEADER + n))
		return false;
	if (ip[IP6_HOPS] != 255 || ip[IP6_SRC] == 0xff || nd[1] ||
	    nd[ND_TARGET] == 0xff)
		return false;

	if (nd[0] == ND_SOLICITATION) {
		/* Who has no address yet asks only those who could have it. */
		if (unspecified && !vseg_same(ip + IP6_DST, ip6_solicited,
					      sizeof(ip6_solicited)))
			return false;
		address_type = ND_OPT_SOURCE;
	} else if (nd[0] == ND_ADVERTISEMENT) {
		/* A multicast answers nobody in particular. */
		if (unspecified || (ip[IP6_DST] == 0xff &&
				    nd[ND_NA_FLAGS] & ND_NA_SOLICITED))
			return false;
		address_type = ND_OPT_TARGET;
	} else {
		return false;
	}

	return nd_options_ok(f, nd + ND_LENGTH, n - ND_LENGTH, address_type,
			     unspecified) &&
	       vseg_icmp6_sum_ok(ip, nd, n);
}

/* To a group by its own Ethernet address, or to one host by one of a host's. */
static bool is_sent_to(const struct vseg_bytes *f, const u8 *dst,
		       const u8 *group)
{
	if (dst[0] == 0xff)
		return vseg_same(dst, group, IP6_ADDR) &&
		       vseg_ip6_group_mac(f->data + ETH_DST, dst);
	return !vseg_ip6_unspecified(dst) && !(f->data[ETH_DST] & 1);
}

/* RFC 4861, 6.1.1 */
static bool is_router_solicitation(const struct vseg_bytes *f)
{
	const u8 *ip = f->data + ETH_HEADER;
	const u8 *rs = ip + IP6_HEADER;
	unsigned int n = vseg_get16(ip + IP6_PAYLOAD);

	if (n < RS_LENGTH || !vseg_ends_at(f, ETH_HEADER + IP6_HEADER + n))
		return false;
	if (rs[0] != RS_TYPE || rs[1] || ip[IP6_HOPS] != 255 ||
	    ip[IP6_SRC] == 0xff ||
	    !is_sent_to(f, ip + IP6_DST, ip6_all_routers))
		return false;
	return nd_options_ok(f, rs + RS_LENGTH, n - RS_LENGTH, ND_OPT_SOURCE,
			     vseg_ip6_unspecified(ip + IP6_SRC)) &&
	       vseg_icmp6_sum_ok(ip, rs, n);
}

/* An option of @len bytes: what isn't known here hosts pass over, but those of
 * other messages don't belong.
 */
static bool is_ra_option(const struct vseg_bytes *f, const u8 *opt,
			 unsigned int len)
{
	switch (opt[0]) {
	case ND_OPT_SOURCE:
		return len == ND_OPT_UNIT &&
		       vseg_same(opt + 2, f->data + ETH_SRC, ETH_ADDR);
	case ND_OPT_PREFIX:
		return len == ND_PREFIX_LENGTH;
	case ND_OPT_MTU:
		return len == ND_OPT_UNIT;
	case ND_OPT_TARGET:
	case ND_OPT_REDIRECTED:
		return false;
	}
	return true;
}

static bool ra_options_ok(const struct vseg_bytes *f, const u8 *opt,
			  unsigned int n)
{
	unsigned int len;

	for (; n; opt += len, n -= len) {
		if (n < ND_OPT_UNIT)
			return false;
		len = opt[1] * ND_OPT_UNIT;
		if (!len || len > n || !is_ra_option(f, opt, len))
			return false;
	}
	return true;
}

/* RFC 4861, 6.1.2 */
static bool is_router_advertisement(const struct vseg_bytes *f)
{
	const u8 *ip = f->data + ETH_HEADER;
	const u8 *ra = ip + IP6_HEADER;
	unsigned int n = vseg_get16(ip + IP6_PAYLOAD);

	if (n < RA_LENGTH || !vseg_ends_at(f, ETH_HEADER + IP6_HEADER + n))
		return false;
	if (ra[0] != RA_TYPE || ra[1] || ip[IP6_HOPS] != 255 ||
	    !vseg_ip6_link_local(ip + IP6_SRC) ||
	    !is_sent_to(f, ip + IP6_DST, ip6_all_nodes))
		return false;
	return ra_options_ok(f, ra + RA_LENGTH, n - RA_LENGTH) &&
	       vseg_icmp6_sum_ok(ip, ra, n);
}

/* The Hop-by-Hop header of MLD: router alert 0, and two bytes of padding. */
static bool is_mld_hopbyhop(const u8 *hbh)
{
	bool first = hbh[2] == ip6_router_alert[0];
	const u8 *alert = hbh + (first ? 2 : 4);
	const u8 *pad = hbh + (first ? 6 : 2);

	/* Pad1 twice, or PadN without data. */
	return hbh[0] == IP_ICMP6 && !hbh[1] && pad[0] <= 1 && !pad[1] &&
	       vseg_same(alert, ip6_router_alert, sizeof(ip6_router_alert));
}

/* RFC 3810, 5.1 and 5.1.14: from a link-local address, one hop. */
static bool is_mld_query(const struct vseg_bytes *f)
{
	const u8 *ip = f->data + ETH_HEADER;
	const u8 *mld = ip + IP6_HEADER + IP6_HOPBYHOP_LENGTH;
	const u8 *dst = ip + IP6_DST;
	unsigned int n = vseg_get16(ip + IP6_PAYLOAD);

	if (n < IP6_HOPBYHOP_LENGTH + MLD_LENGTH ||
	    !vseg_ends_at(f, ETH_HEADER + IP6_HEADER + n))
		return false;
	if (ip[IP6_HOPS] != 1 || !vseg_ip6_link_local(ip + IP6_SRC))
		return false;
	if (!is_mld_hopbyhop(ip + IP6_HEADER) || mld[0] != MLD_QUERY || mld[1])
		return false;

	n -= IP6_HOPBYHOP_LENGTH;
	if (n != MLD_LENGTH &&
	    (n < MLD_V2_LENGTH ||
	     n != MLD_V2_LENGTH + vseg_get16(mld + MLD_NSRCS) * IP6_ADDR))
		return false;

	/* To all nodes, or to the members of the group that it asks for. */
	if (!vseg_same(dst, ip6_all_nodes, IP6_ADDR) &&
	    (dst[0] != 0xff || !vseg_same(dst, mld + MLD_GROUP, IP6_ADDR)))
		return false;
	return vseg_ip6_group_mac(f->data + ETH_DST, dst) &&
	       vseg_icmp6_sum_ok(ip, mld, n);
}

static bool is_ip4_multicast_mac(const u8 *mac, const u8 *ip)
{
	return mac[0] == 0x01 && mac[1] == 0x00 && mac[2] == 0x5e &&
	       mac[3] == (ip[1] & 0x7f) && mac[4] == ip[2] && mac[5] == ip[3];
}

/* RFC 2236, 2 and RFC 3376, 4.1: length, checksum, whom it asks. */
static bool is_igmp_query_body(const u8 *igmp, unsigned int n, const u8 *dst)
{
	if (n < IGMP_LENGTH || igmp[0] != IGMP_QUERY)
		return false;
	if (n != IGMP_LENGTH &&
	    (n < IGMP_V3_LENGTH ||
	     n != IGMP_V3_LENGTH + vseg_get16(igmp + IGMP_NSRCS) * 4))
		return false;
	if (!vseg_same(dst, ip4_all_hosts, 4) &&
	    ((dst[0] & 0xf0) != 224 || !vseg_same(dst, igmp + IGMP_GROUP, 4)))
		return false;
	return vseg_sum_ok(vseg_sum16(igmp, n, 0));
}

static bool is_igmp_query(const struct vseg_bytes *f)
{
	const u8 *ip = f->data + ETH_HEADER;
	unsigned int header = (ip[0] & 0x0f) * 4;
	unsigned int n = vseg_get16(ip + IP4_TOTAL);

	if (ip[0] >> 4 != 4 || n < header || !vseg_ends_at(f, ETH_HEADER + n))
		return false;
	if (header != IP4_HEADER &&
	    (header != IP4_HEADER + IP4_OPTION ||
	     !vseg_same(ip + IP4_HEADER, ip4_router_alert, IP4_OPTION)))
		return false;
	if (ip[IP4_TTL] != 1 || ip[IP4_PROTO] != IP_IGMP ||
	    vseg_get16(ip + IP4_FRAGMENT) & IP4_FRAGMENT_MASK)
		return false;
	if (!vseg_sum_ok(vseg_sum16(ip, header, 0)) ||
	    !is_ip4_multicast_mac(f->data + ETH_DST, ip + IP4_DST))
		return false;
	return is_igmp_query_body(ip + header, n - header, ip + IP4_DST);
}

/* MST: the RST part, then as many instances as its own length says. */
static bool is_mst_length(const u8 *bpdu, unsigned int n)
{
	unsigned int v3;

	if (n < BPDU_MST_LENGTH + BPDU_MST_MIN)
		return false;
	v3 = vseg_get16(bpdu + BPDU_V3_LENGTH);
	return n == BPDU_MST_LENGTH + v3 &&
	       !((v3 - BPDU_MST_MIN) % BPDU_MST_INSTANCE);
}

static bool is_bpdu_body(const u8 *bpdu, unsigned int n)
{
	switch (bpdu[BPDU_TYPE]) {
	case BPDU_CONFIG:
		return n == BPDU_CONFIG_LENGTH;
	case BPDU_TCN:
		return n == BPDU_TCN_LENGTH;
	case BPDU_RST:
		return n == BPDU_RST_LENGTH || is_mst_length(bpdu, n);
	}
	return false;
}

/*
 * The last byte of the address is whatever a bridge may be told to use:
 * 0 by default, 8 for a provider bridge, never that of pause frames, LACP and
 * 802.1X (see group_addr_store() in the bridge).
 */
static bool is_stp_group(const u8 *mac)
{
	return vseg_same(mac, stp_group, sizeof(stp_group)) && mac[5] <= 0x0f &&
	       (mac[5] < 1 || mac[5] > 3);
}

static bool is_bpdu(const struct vseg_bytes *f)
{
	unsigned int n = vseg_get16(f->data + ETH_PROTO);
	const u8 *llc = f->data + ETH_HEADER;

	if (n < LLC_LENGTH + BPDU_TCN_LENGTH || !vseg_ends_at(f, ETH_HEADER + n))
		return false;
	if (!is_stp_group(f->data) || !vseg_same(llc, stp_llc, sizeof(stp_llc)))
		return false;
	return is_bpdu_body(llc + LLC_LENGTH, n - LLC_LENGTH);
}

static enum vseg_class class_icmp6(const struct vseg_bytes *f)
{
	if (is_nd(f))
		return VSEG_CLASS_RESOLUTION;
	if (is_router_solicitation(f))
		return VSEG_CLASS_ROUTER_SOLICITATION;
	if (is_router_advertisement(f))
		return VSEG_CLASS_ROUTER_ADVERTISEMENT;
	return VSEG_CLASS_OTHER;
}

static enum vseg_class class_ipv6(const struct vseg_bytes *f)
{
	const u8 *ip = f->data + ETH_HEADER;

	if (f->avail < ETH_HEADER + IP6_HEADER || ip[0] >> 4 != 6)
		return VSEG_CLASS_OTHER;
	switch (ip[IP6_NEXT]) {
	case IP_ICMP6:
		return class_icmp6(f);
	case IP_UDP:
		return vseg_class_udp6(f);
	case IP_HOPBYHOP:
		if (is_mld_query(f))
			return VSEG_CLASS_QUERY;
	}
	return VSEG_CLASS_OTHER;
}

static enum vseg_class class_ipv4(const struct vseg_bytes *f)
{
	if (f->avail < ETH_HEADER + IP4_HEADER)
		return VSEG_CLASS_OTHER;
	if (f->data[ETH_HEADER + IP4_PROTO] == IP_UDP)
		return vseg_class_udp4(f);
	return is_igmp_query(f) ? VSEG_CLASS_QUERY : VSEG_CLASS_OTHER;
}

static bool wants_ipv4(const u8 *ip, unsigned int n)
{
	if (n < IP4_HEADER + UDP_HEADER)
		return false;
	return ip[IP4_PROTO] == IP_IGMP ||
	       (ip[IP4_PROTO] == IP_UDP && vseg_is_service4(ip + IP4_HEADER));
}

static bool wants_ipv6(const u8 *ip, unsigned int n)
{
	const u8 *next = ip + IP6_HEADER;

	if (n < IP6_HEADER + UDP_HEADER)
		return false;
	switch (ip[IP6_NEXT]) {
	case IP_ICMP6:
		return next[0] >= RS_TYPE && next[0] <= ND_ADVERTISEMENT;
	case IP_UDP:
		return vseg_is_service6(next);
	}
	return ip[IP6_NEXT] == IP_HOPBYHOP;
}

/**
 * vseg_class_wants - is it worth while to look at all of a frame?
 * @data: its beginning
 * @avail: bytes readable at @data
 *
 * Most frames that no cell allows are none that a pass or a service knows, and
 * their first bytes tell.
 *
 * Return: whether it could be one of a class.
 */
bool vseg_class_wants(const u8 *data, unsigned int avail)
{
	if (avail < ETH_HEADER)
		return false;
	switch (vseg_get16(data + ETH_PROTO)) {
	case ETH_IPV4:
		return wants_ipv4(data + ETH_HEADER, avail - ETH_HEADER);
	case ETH_IPV6:
		return wants_ipv6(data + ETH_HEADER, avail - ETH_HEADER);
	}
	return vseg_get16(data + ETH_PROTO) < ETH_LENGTH_MAX;
}

/**
 * vseg_class_of - which built-in pass or service could know a frame
 * @data: the frame from its Ethernet header on, without VLAN tags that the
 *	skb carries beside it
 * @avail: bytes readable at @data
 * @len: bytes of the frame, not less than @avail
 *
 * Looks at bytes only: who sent the frame, and from where, is the caller's to
 * know.  A message that doesn't fit into @avail can't be checked and is
 * %VSEG_CLASS_OTHER; so is a frame of more than %VSEG_CLASS_BYTES_MAX, one behind
 * a VLAN tag in the payload, and one of ICMPv6 or IGMP whose checksum its sender
 * left to the hardware (no sender known does; of UDP they do).
 *
 * Context: any; takes no lock, reads nothing but @data.
 * Return: the class; %VSEG_CLASS_OTHER where the frame isn't exactly what its
 * type promises.
 */
enum vseg_class vseg_class_of(const u8 *data, unsigned int avail,
			      unsigned int len)
{
	const struct vseg_bytes f = { .data = data, .avail = avail, .len = len };
	unsigned int proto;

	if (avail < ETH_HEADER || len > VSEG_CLASS_BYTES_MAX)
		return VSEG_CLASS_OTHER;

	proto = vseg_get16(data + ETH_PROTO);
	switch (proto) {
	case ETH_ARP:
		return is_arp(&f, ARP_REQUEST, ARP_REPLY) ?
		       VSEG_CLASS_RESOLUTION : VSEG_CLASS_OTHER;
	case ETH_RARP:
		return is_arp(&f, RARP_REQUEST, RARP_REPLY) ?
		       VSEG_CLASS_RESOLUTION : VSEG_CLASS_OTHER;
	case ETH_IPV4:
		return class_ipv4(&f);
	case ETH_IPV6:
		return class_ipv6(&f);
	}
	if (proto < ETH_LENGTH_MAX && is_bpdu(&f))
		return VSEG_CLASS_BPDU;
	return VSEG_CLASS_OTHER;
}
