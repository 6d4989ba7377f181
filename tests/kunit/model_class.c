// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is, once more.
 *
 * With the kernel's own structures, checksums and address helpers, one part of
 * the message after the other.  A pass lets through what the protocol sends
 * and nothing that rides along, so each part has to be all of what it says.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/mld.h>
#include <net/ndisc.h>

#include "model.h"

#define AT_PROTO4	(ETH_HLEN + offsetof(struct iphdr, protocol))
#define AT_NEXT6	(ETH_HLEN + offsetof(struct ipv6hdr, nexthdr))

/**
 * struct message - what is left of a message that is being read
 * @eth: Ethernet header of the frame
 * @at: next byte
 * @left: bytes of the message from @at on
 */
struct message {
	struct ethhdr eth;
	const u8 *at;
	size_t left;
};

/* Copies the next part; false when the message hasn't so much. */
static bool take(struct message *m, void *part, size_t size)
{
	if (m->left < size)
		return false;
	memcpy(part, m->at, size);
	m->at += size;
	m->left -= size;
	return true;
}

/* The message ends @size bytes from here.  All of it has to be readable, and
 * only what pads a short frame may follow.
 */
static bool ends(struct message *m, size_t size, size_t len)
{
	size_t padding;

	if (m->left < size)
		return false;
	padding = len - ETH_HLEN - size;
	if (padding && len > ETH_ZLEN + ETH_FCS_LEN)
		return false;
	m->left = size;
	return true;
}

struct arp_ipv4 {
	struct arphdr head;
	u8 sender[ETH_ALEN];
	__be32 sender_ip;
	u8 target[ETH_ALEN];
	__be32 target_ip;
} __packed;

static bool resolution_arp(struct message *m, size_t len, u16 first, u16 second)
{
	struct arp_ipv4 arp;
	u16 op;

	if (!ends(m, sizeof(arp), len) || !take(m, &arp, sizeof(arp)))
		return false;
	op = ntohs(arp.head.ar_op);
	return ntohs(arp.head.ar_hrd) == ARPHRD_ETHER &&
	       ntohs(arp.head.ar_pro) == ETH_P_IP &&
	       arp.head.ar_hln == ETH_ALEN && arp.head.ar_pln == 4 &&
	       (op == first || op == second) &&
	       ether_addr_equal_unaligned(arp.sender, m->eth.h_source);
}

/* RFC 3376, 4.1: 8 bytes of the older versions, or sources as many as it says.
 * It is addressed to all systems or to the group that it asks for.
 */
static bool query_igmp_body(struct message *m, const struct iphdr *ip)
{
	const void *body = m->at;
	size_t size = m->left;
	struct igmpv3_query query = {};
	struct igmphdr igmp;

	if (!take(m, &igmp, sizeof(igmp)) ||
	    igmp.type != IGMP_HOST_MEMBERSHIP_QUERY)
		return false;
	if (m->left) {
		memcpy(&query, body, min(size, sizeof(query)));
		if (size < sizeof(query) ||
		    size != sizeof(query) + 4 * ntohs(query.nsrcs))
			return false;
	}
	if (ip->daddr != htonl(INADDR_ALLHOSTS_GROUP) &&
	    !(ipv4_is_multicast(ip->daddr) && ip->daddr == igmp.group))
		return false;
	return !ip_compute_csum(body, size);
}

static bool query_igmp(struct message *m, size_t len)
{
	static const u8 router_alert[] = { IPOPT_RA, 4, 0, 0 };
	const void *head = m->at;
	u8 mac[ETH_ALEN], option[4];
	struct iphdr ip;

	if (!take(m, &ip, sizeof(ip)) || ip.version != 4 || ip.ihl < 5)
		return false;
	/* Back to the start: the length counts from there. */
	m->at -= sizeof(ip);
	m->left += sizeof(ip);
	if (!ends(m, ntohs(ip.tot_len), len) || !take(m, &ip, sizeof(ip)))
		return false;
	if (ip.ihl == 6 && (!take(m, option, sizeof(option)) ||
			    memcmp(option, router_alert, sizeof(option))))
		return false;
	if (ip.ihl > 6 || ip_fast_csum(head, ip.ihl))
		return false;
	if (ip.ttl != 1 || ip.protocol != IPPROTO_IGMP || ip_is_fragment(&ip))
		return false;
	ip_eth_mc_map(ip.daddr, mac);
	return ether_addr_equal_unaligned(mac, m->eth.h_dest) &&
	       query_igmp_body(m, &ip);
}

static bool icmp6_sum_ok(const struct ipv6hdr *ip, const void *icmp, size_t size)
{
	return !csum_ipv6_magic(&ip->saddr, &ip->daddr, size, IPPROTO_ICMPV6,
				csum_partial(icmp, size, 0));
}

/* RFC 4861, 4.3 and 4.4 name the options that the two messages may have: the
 * link-layer address of the sender, which is the frame's own; RFC 3971, 5.3
 * adds the nonce of a solicitation.  Each makes sense once.
 */
static bool nd_options(struct message *m, u8 address, bool unspecified)
{
	bool had_address = false, had_nonce = false;
	struct nd_opt_hdr opt;
	u8 mac[ETH_ALEN];

	while (m->left) {
		size_t rest;

		if (!take(m, &opt, sizeof(opt)) || !opt.nd_opt_len)
			return false;
		rest = 8 * opt.nd_opt_len - sizeof(opt);
		if (rest > m->left)
			return false;
		if (opt.nd_opt_type == address) {
			if (had_address || unspecified || rest != sizeof(mac) ||
			    !take(m, mac, sizeof(mac)) ||
			    !ether_addr_equal_unaligned(mac, m->eth.h_source))
				return false;
			had_address = true;
		} else if (opt.nd_opt_type == ND_OPT_NONCE &&
			   address == ND_OPT_SOURCE_LL_ADDR && !had_nonce) {
			had_nonce = true;
			m->at += rest;
			m->left -= rest;
		} else {
			return false;
		}
	}
	return true;
}

/* RFC 4861, 7.1.1 and 7.1.2 */
static bool resolution_nd(struct message *m, const struct ipv6hdr *ip)
{
	bool unspecified = ipv6_addr_any(&ip->saddr);
	const void *icmp = m->at;
	size_t size = m->left;
	struct nd_msg nd;

	if (ip->hop_limit != 255 ||
	    !take(m, &nd, offsetof(struct nd_msg, opt)) ||
	    nd.icmph.icmp6_code || ipv6_addr_is_multicast(&nd.target) ||
	    ipv6_addr_is_multicast(&ip->saddr) ||
	    !icmp6_sum_ok(ip, icmp, size))
		return false;

	switch (nd.icmph.icmp6_type) {
	case NDISC_NEIGHBOUR_SOLICITATION:
		if (unspecified && !ipv6_addr_is_solict_mult(&ip->daddr))
			return false;
		return nd_options(m, ND_OPT_SOURCE_LL_ADDR, unspecified);
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		if (unspecified || (ipv6_addr_is_multicast(&ip->daddr) &&
				    nd.icmph.icmp6_solicited))
			return false;
		return nd_options(m, ND_OPT_TARGET_LL_ADDR, false);
	}
	return false;
}

/* RFC 2711: router alert 0, at an even offset; RFC 8200, 4.2: what pads it. */
static bool router_alert_only(const u8 *option, size_t size)
{
	unsigned int alerts = 0;
	size_t i = 0;

	while (i < size) {
		if (option[i] == IPV6_TLV_PAD1) {
			i++;
			continue;
		}
		if (i + 2 > size || i + 2 + option[i + 1] > size)
			return false;
		if (option[i] == IPV6_TLV_ROUTERALERT) {
			if (i % 2 || option[i + 1] != 2 || option[i + 2] ||
			    option[i + 3])
				return false;
			alerts++;
		} else if (option[i] != IPV6_TLV_PADN) {
			return false;
		}
		i += 2 + option[i + 1];
	}
	return alerts == 1;
}

/* RFC 3810, 5.1, 5.1.14 and 5.1.15 */
static bool query_mld(struct message *m, const struct ipv6hdr *ip)
{
	struct ipv6_opt_hdr hbh;
	u8 option[6], mac[ETH_ALEN];
	struct mld2_query query = {};
	const void *icmp;
	size_t size;

	if (!take(m, &hbh, sizeof(hbh)) || hbh.nexthdr != IPPROTO_ICMPV6 ||
	    hbh.hdrlen || !take(m, option, sizeof(option)) ||
	    !router_alert_only(option, sizeof(option)))
		return false;

	icmp = m->at;
	size = m->left;
	if (size < sizeof(struct mld_msg))
		return false;
	memcpy(&query, icmp, min(size, sizeof(query)));
	if (size != sizeof(struct mld_msg) &&
	    (size < sizeof(query) ||
	     size != sizeof(query) + 16 * ntohs(query.mld2q_nsrcs)))
		return false;
	if (query.mld2q_type != ICMPV6_MGM_QUERY || query.mld2q_code ||
	    ip->hop_limit != 1 ||
	    (ip->saddr.s6_addr32[0] & htonl(0xffc00000)) != htonl(0xfe800000) ||
	    !ipv6_addr_is_multicast(&ip->daddr))
		return false;
	if (!ipv6_addr_is_ll_all_nodes(&ip->daddr) &&
	    !ipv6_addr_equal(&ip->daddr, &query.mld2q_mca))
		return false;
	ipv6_eth_mc_map(&ip->daddr, mac);
	return ether_addr_equal_unaligned(mac, m->eth.h_dest) &&
	       icmp6_sum_ok(ip, icmp, size);
}

static bool options_of_router(struct message *m)
{
	struct nd_opt_hdr opt;
	u8 mac[ETH_ALEN];

	while (m->left) {
		if (m->left < 8)
			return false;
		memcpy(&opt, m->at, sizeof(opt));
		if (!opt.nd_opt_len || 8 * opt.nd_opt_len > m->left)
			return false;
		memcpy(mac, m->at + 2, sizeof(mac));
		switch (opt.nd_opt_type) {
		case ND_OPT_SOURCE_LL_ADDR:
			if (!ether_addr_equal_unaligned(mac, m->eth.h_source))
				return false;
			fallthrough;
		case ND_OPT_MTU:
			if (opt.nd_opt_len != 1)
				return false;
			break;
		case ND_OPT_PREFIX_INFO:
			if (opt.nd_opt_len != 4)
				return false;
			break;
		case ND_OPT_TARGET_LL_ADDR:
		case ND_OPT_REDIRECT_HDR:
			return false;
		}
		m->at += 8 * opt.nd_opt_len;
		m->left -= 8 * opt.nd_opt_len;
	}
	return true;
}

/* To all nodes or routers, or to one of them. */
static bool router_dest(struct message *m, const struct in6_addr *dst, u8 all)
{
	struct in6_addr group = { .s6_addr = { 0xff, 2, [15] = all } };
	u8 mac[ETH_ALEN];

	if (!ipv6_addr_is_multicast(dst))
		return !ipv6_addr_any(dst) &&
		       !is_multicast_ether_addr(m->eth.h_dest);
	ipv6_eth_mc_map(dst, mac);
	return ipv6_addr_equal(dst, &group) &&
	       ether_addr_equal_unaligned(mac, m->eth.h_dest);
}

/* RFC 4861, 6.1 */
static enum model_kind router(struct message *m, const struct ipv6hdr *ip)
{
	const void *icmp = m->at;
	size_t size = m->left;
	struct ra_msg ra;
	struct rs_msg rs;

	if (ip->hop_limit != 255 || !take(m, &rs, sizeof(rs)) ||
	    rs.icmph.icmp6_code || !icmp6_sum_ok(ip, icmp, size))
		return MODEL_OTHER;
	if (rs.icmph.icmp6_type == NDISC_ROUTER_SOLICITATION)
		return !ipv6_addr_is_multicast(&ip->saddr) &&
		       router_dest(m, &ip->daddr, 2) &&
		       nd_options(m, ND_OPT_SOURCE_LL_ADDR,
				  ipv6_addr_any(&ip->saddr)) ?
		       MODEL_ROUTER_SOLICITATION : MODEL_OTHER;
	m->at = icmp;
	m->left = size;
	return rs.icmph.icmp6_type == NDISC_ROUTER_ADVERTISEMENT &&
	       (ip->saddr.s6_addr32[0] & htonl(0xffc00000)) ==
			htonl(0xfe800000) &&
	       router_dest(m, &ip->daddr, 1) && take(m, &ra, sizeof(ra)) &&
	       options_of_router(m) ? MODEL_ROUTER_ADVERTISEMENT : MODEL_OTHER;
}

static enum model_kind kind_ipv6(struct message *m, size_t len)
{
	struct ipv6hdr ip;

	if (!take(m, &ip, sizeof(ip)) || ip.version != 6)
		return MODEL_OTHER;
	m->at -= sizeof(ip);
	m->left += sizeof(ip);
	if (!ends(m, sizeof(ip) + ntohs(ip.payload_len), len) ||
	    !take(m, &ip, sizeof(ip)))
		return MODEL_OTHER;
	if (ip.nexthdr == IPPROTO_ICMPV6) {
		struct message again = *m;

		if (resolution_nd(m, &ip))
			return MODEL_RESOLUTION;
		return router(&again, &ip);
	}
	if (ip.nexthdr == NEXTHDR_HOP && query_mld(m, &ip))
		return MODEL_QUERY;
	return MODEL_OTHER;
}

/* IEEE 802.1D, 9.3: configuration 35 bytes, topology change 4, rapid 36.
 * IEEE 802.1Q, 14.4: the multiple one says by itself how long it is.
 */
static bool bpdu_body(const u8 *bpdu, size_t size)
{
	unsigned int version3;

	if (size < 4)
		return false;
	switch (bpdu[3]) {
	case 0x00:
		return size == 35;
	case 0x80:
		return size == 4;
	case 0x02:
		if (size == 36)
			return true;
		if (size < 38)
			return false;
		version3 = bpdu[36] << 8 | bpdu[37];
		/* 64 bytes, and 16 for each instance. */
		return version3 >= 64 && !(version3 % 16) &&
		       size == 38 + version3;
	}
	return false;
}

/* An address that is for bridges alone, and for none of pause frames, LACP and
 * 802.1X.
 */
static bool bpdu(struct message *m, size_t len)
{
	static const u8 head[] = { 0x42, 0x42, 0x03, 0x00, 0x00 };
	const u8 *dest = m->eth.h_dest;

	return is_link_local_ether_addr(dest) && dest[5] != 1 &&
	       dest[5] != 2 && dest[5] != 3 &&
	       ends(m, ntohs(m->eth.h_proto), len) && m->left >= sizeof(head) &&
	       !memcmp(m->at, head, sizeof(head)) &&
	       bpdu_body(m->at + 3, m->left - 3);
}

enum model_kind model_class(const u8 *data, size_t avail, size_t len)
{
	struct message m = { .at = data, .left = avail };
	u16 proto;

	if (!take(&m, &m.eth, sizeof(m.eth)))
		return MODEL_OTHER;
	proto = ntohs(m.eth.h_proto);
	if (proto == ETH_P_ARP &&
	    resolution_arp(&m, len, ARPOP_REQUEST, ARPOP_REPLY))
		return MODEL_RESOLUTION;
	if (proto == ETH_P_RARP &&
	    resolution_arp(&m, len, ARPOP_RREQUEST, ARPOP_RREPLY))
		return MODEL_RESOLUTION;
	if (proto == ETH_P_IPV6 && avail > AT_NEXT6 &&
	    data[AT_NEXT6] == IPPROTO_UDP)
		return model_service(data, avail, len);
	if (proto == ETH_P_IPV6)
		return kind_ipv6(&m, len);
	if (proto == ETH_P_IP && avail > AT_PROTO4 &&
	    data[AT_PROTO4] == IPPROTO_UDP)
		return model_service(data, avail, len);
	if (proto == ETH_P_IP && query_igmp(&m, len))
		return MODEL_QUERY;
	if (!eth_proto_is_802_3(m.eth.h_proto) && bpdu(&m, len))
		return MODEL_BPDU;
	return MODEL_OTHER;
}
