// SPDX-License-Identifier: GPL-2.0
/*
 * The guard: is a frame one that the guest behind a port may send?
 */
#include "guard.h"
#include "wire.h"

/* What the quick check looks at: up to the ports of UDP over IPv4, or IPv6. */
#define GUARD_QUICK_IPV4	(ETH_HEADER + IP4_HEADER + 8)
#define GUARD_QUICK_IPV6	(ETH_HEADER + IP6_HEADER + 8)

#define GUARD_LLDP		0x88cc

#define GUARD_DHCP_SERVER	67
#define GUARD_DHCP_CLIENT	68
#define GUARD_DHCPV6_SERVER	547

/* DSAP of spanning tree. */
#define GUARD_LLC_BPDU		0x42

/* ARP and RARP for IPv4 over Ethernet: what they are told by, their bytes, and
 * where their fields are.
 */
#define GUARD_ARP_ETHER		1
#define GUARD_ARP_REQUEST	1
#define GUARD_RARP_REQUEST	3
#define GUARD_RARP_REPLY	4
#define GUARD_ARP_LEN		28
#define GUARD_ARP_SENDER_MAC	8
#define GUARD_ARP_SENDER_IP	14
#define GUARD_ARP_TARGET_MAC	18
#define GUARD_ARP_TARGET_IP	24

/* IGMP, as far as bridges and routers send it; 0x14 is the first PIM. */
#define GUARD_IGMP_QUERY	0x11
#define GUARD_IGMP_DVMRP	0x13
#define GUARD_IGMP_PIM		0x14
#define GUARD_IGMP_MRD		0x30
#define GUARD_IGMP_MRD_END	0x32

#define GUARD_ICMP_REDIRECT	5
#define GUARD_ICMP_ROUTER	9

/* Multicast listener discovery, multicast router discovery. */
#define GUARD_MLD_QUERY		130
#define GUARD_MLD_REPORT	131
#define GUARD_MLD_DONE		132
#define GUARD_MLD2_REPORT	143
#define GUARD_MRD		151
#define GUARD_MRD_END		153

/* Neighbour discovery. */
#define GUARD_ND_RS		133
#define GUARD_ND_RA		134
#define GUARD_ND_NS		135
#define GUARD_ND_NA		136
#define GUARD_ND_REDIRECT	137
#define GUARD_ND_TARGET		8
#define GUARD_ND_SOURCE_MAC	1
#define GUARD_ND_TARGET_MAC	2

/**
 * struct vseg_look - a frame as the guard looks at it
 * @guest: what is known of its sender
 * @data: the frame
 * @avail: bytes readable at @data
 * @fields: its fields
 * @l4: bytes behind the IP header that can be read
 * @roles: enum vseg_guard_permit that its sender needs
 */
struct vseg_look {
	const struct vseg_guest *guest;
	const u8 *data;
	unsigned int avail;
	struct vseg_fields fields;
	unsigned int l4;
	u32 roles;
};

/*
 * What most frames are, told from few bytes.
 */

/* Apart, so that nothing has to be kept for it. */
static noinline bool vseg_quick_listed(struct vseg_guest guest, u8 version,
				       struct vseg_address address)
{
	return vseg_guest_has_listed(&guest, version, address);
}

static __always_inline bool vseg_quick_owns(struct vseg_guest guest, u8 version,
					    struct vseg_address address)
{
	const struct vseg_prefix *p, *end;

	if (!guest.guard || !guest.guard->nprefixes)
		return true;
	p = guest.guard->prefixes;
	for (end = p + guest.guard->nprefixes; p < end; p++)
		if (vseg_prefix_has(p, version, address))
			return true;
	/* Of IPv6 there is the link-local address as well. */
	return version == 6 && vseg_quick_listed(guest, version, address);
}

/* IPv4 without options or fragments: TCP, or UDP not from a server's port. */
static __always_inline bool vseg_quick_ipv4(struct vseg_guest guest,
					    const u8 *data, unsigned int len)
{
	const u8 *ip = data + ETH_HEADER;
	unsigned int total = vseg_get16(ip + IP4_TOTAL);

	if (ip[0] != 0x45 ||
	    vseg_get16(ip + IP4_FRAGMENT) & IP4_FRAGMENT_MASK ||
	    total < GUARD_QUICK_IPV4 - ETH_HEADER || ETH_HEADER + total > len)
		return false;
	if (ip[IP4_PROTO] != IP_TCP &&
	    (ip[IP4_PROTO] != IP_UDP ||
	     vseg_get16(ip + IP4_HEADER) == GUARD_DHCP_SERVER))
		return false;
	return vseg_quick_owns(guest, 4, vseg_address_of(4, ip + IP4_SRC));
}

/* IPv6 without extension headers, likewise. */
static __always_inline bool vseg_quick_ipv6(struct vseg_guest guest,
					    const u8 *data, unsigned int avail,
					    unsigned int len)
{
	const u8 *ip = data + ETH_HEADER;
	unsigned int payload;

	if (avail < GUARD_QUICK_IPV6 || ip[0] >> 4 != 6)
		return false;
	payload = vseg_get16(ip + IP6_PAYLOAD);
	if (payload < GUARD_QUICK_IPV6 - ETH_HEADER - IP6_HEADER ||
	    ETH_HEADER + IP6_HEADER + payload > len)
		return false;
	if (ip[IP6_NEXT] != IP_TCP &&
	    (ip[IP6_NEXT] != IP_UDP ||
	     vseg_get16(ip + IP6_HEADER) == GUARD_DHCPV6_SERVER))
		return false;
	return vseg_quick_owns(guest, 6, vseg_address_of(6, ip + IP6_SRC));
}

/* Behind the Ethernet addresses. */
static __always_inline bool vseg_quick_packet(struct vseg_guest guest,
					      const u8 *data,
					      unsigned int avail,
					      unsigned int len)
{
	switch (vseg_get16(data + ETH_PROTO)) {
	case ETH_IPV4:
		return vseg_quick_ipv4(guest, data, len);
	case ETH_IPV6:
		return vseg_quick_ipv6(guest, data, avail, len);
	}
	return false;
}

static noinline bool vseg_quick_other_mac(struct vseg_guest guest,
					  const u8 *data, unsigned int avail,
					  unsigned int len)
{
	return vseg_guest_lists_mac(&guest, data + ETH_SRC) &&
	       vseg_quick_packet(guest, data, avail, len);
}

/**
 * vseg_guard_quick - is this a plain frame that the guest may send?
 * @guest: what is known of it
 * @data: the frame from its Ethernet header on, without the bridge's tag
 * @avail: bytes readable at @data, an Ethernet header or more
 * @len: bytes of the frame
 *
 * Return: whether it is; else vseg_guard_check() knows.
 */
bool vseg_guard_quick(struct vseg_guest guest, const u8 *data,
		      unsigned int avail, unsigned int len)
{
	if (avail < GUARD_QUICK_IPV4 || (data[0] | data[ETH_SRC]) & 1)
		return false;
	if (guest.mac && memcmp(data + ETH_SRC, guest.mac, VSEG_MAC_LEN))
		return vseg_quick_other_mac(guest, data, avail, len);
	return vseg_quick_packet(guest, data, avail, len);
}

/*
 * Address resolution.  Checked where anything is known of the guest.
 */

static bool vseg_look_known(const struct vseg_look *look)
{
	return look->guest->mac || vseg_guest_listed(look->guest);
}

/* A MAC address that the payload gives as the sender's own. */
static bool vseg_look_own_mac(const struct vseg_look *look, const u8 *mac)
{
	if (look->guest->mac)
		return vseg_guest_has_mac(look->guest, mac);
	return !memcmp(mac, look->data + ETH_SRC, VSEG_MAC_LEN);
}

/* Without a sender a probe asks whether somebody has the target, so that its
 * sender can take it.  Whoever is about to take it as well gives way, so it
 * must be the guest's own.
 */
static bool vseg_look_arp_claim(const struct vseg_look *look, const u8 *arp,
				u16 op)
{
	struct vseg_address sender =
		vseg_address_of(4, arp + GUARD_ARP_SENDER_IP);

	if (!sender.lo && op == GUARD_ARP_REQUEST)
		sender = vseg_address_of(4, arp + GUARD_ARP_TARGET_IP);
	else if (!sender.lo && op == GUARD_RARP_REQUEST)
		return true;
	return vseg_guest_owns(look->guest, 4, sender);
}

/* ARP, and the RARP by which a hypervisor tells where a guest has moved. */
static u8 vseg_look_arp(const struct vseg_look *look)
{
	const struct vseg_fields *f = &look->fields;
	const u8 *arp = look->data + f->network;
	bool reverse;
	u16 op;

	if (!vseg_look_known(look))
		return VSEG_REASON_NONE;
	if (look->avail < (u32)f->network + GUARD_ARP_LEN ||
	    vseg_get16(arp) != GUARD_ARP_ETHER ||
	    vseg_get16(arp + 2) != ETH_IPV4 ||
	    arp[4] != VSEG_MAC_LEN || arp[5] != 4)
		return VSEG_REASON_GUARD_UNPARSED;

	op = vseg_get16(arp + 6);
	if (memcmp(arp + GUARD_ARP_SENDER_MAC, look->data + ETH_SRC,
		   VSEG_MAC_LEN))
		return VSEG_REASON_GUARD_RESOLUTION;
	reverse = op == GUARD_RARP_REQUEST || op == GUARD_RARP_REPLY;
	if (op == GUARD_RARP_REPLY ||
	    f->ethertype != (reverse ? ETH_RARP : ETH_ARP))
		return VSEG_REASON_GUARD_RESOLUTION;
	if (op == GUARD_RARP_REQUEST &&
	    !vseg_look_own_mac(look, arp + GUARD_ARP_TARGET_MAC))
		return VSEG_REASON_GUARD_RESOLUTION;
	return vseg_look_arp_claim(look, arp, op) ?
	       VSEG_REASON_NONE : VSEG_REASON_GUARD_RESOLUTION;
}

/* Link-layer options: of neighbour discovery all that tell of the sender. */
static u8 vseg_look_nd_options(const struct vseg_look *look, const u8 *nd,
			       unsigned int at, u8 wanted)
{
	while (at < look->l4) {
		unsigned int bytes;

		if (at + 2 > look->l4)
			return VSEG_REASON_GUARD_UNPARSED;
		bytes = nd[at + 1] * 8;
		if (!bytes || at + bytes > look->l4)
			return VSEG_REASON_GUARD_UNPARSED;
		if (nd[at] == wanted) {
			if (bytes != 8)
				return VSEG_REASON_GUARD_UNPARSED;
			if (!vseg_look_own_mac(look, nd + at + 2))
				return VSEG_REASON_GUARD_RESOLUTION;
		}
		at += bytes;
	}
	return VSEG_REASON_NONE;
}

static bool vseg_look_unspecified(const struct vseg_look *look)
{
	return !look->fields.src.hi && !look->fields.src.lo;
}

/* An advertisement claims its target; so does a solicitation from nowhere,
 * before its sender takes the address.
 */
static bool vseg_look_nd_claim(const struct vseg_look *look, const u8 *nd,
			       u8 type)
{
	if (type != GUARD_ND_NA &&
	    (type != GUARD_ND_NS || !vseg_look_unspecified(look)))
		return true;
	return vseg_guest_owns(look->guest, 6,
			       vseg_address_of(6, nd + GUARD_ND_TARGET));
}

static u8 vseg_look_nd(const struct vseg_look *look, const u8 *nd, u8 type)
{
	static const u8 options[] = {
		[GUARD_ND_RS - GUARD_ND_RS] = 8,
		[GUARD_ND_RA - GUARD_ND_RS] = 16,
		[GUARD_ND_NS - GUARD_ND_RS] = 24,
		[GUARD_ND_NA - GUARD_ND_RS] = 24,
		[GUARD_ND_REDIRECT - GUARD_ND_RS] = 40,
	};
	const struct vseg_fields *f = &look->fields;
	unsigned int at = options[type - GUARD_ND_RS];

	if (!vseg_look_known(look))
		return VSEG_REASON_NONE;
	/* Nobody takes it in fragments, or shouldn't. */
	if (f->fragment != VSEG_FRAGMENT_WHOLE || f->end > look->avail ||
	    at > look->l4)
		return VSEG_REASON_GUARD_UNPARSED;
	if (!vseg_look_nd_claim(look, nd, type))
		return VSEG_REASON_GUARD_RESOLUTION;
	/* A redirect tells of others, and only a router sends it. */
	if (type == GUARD_ND_REDIRECT)
		return VSEG_REASON_NONE;
	return vseg_look_nd_options(look, nd, at, type == GUARD_ND_NA ?
				    GUARD_ND_TARGET_MAC : GUARD_ND_SOURCE_MAC);
}

/*
 * Roles: what a guest may send only if it is permitted.
 */

static u32 vseg_role_igmp(u8 type)
{
	switch (type) {
	case GUARD_IGMP_QUERY:
	case GUARD_IGMP_DVMRP:
	case GUARD_IGMP_PIM:
	case GUARD_IGMP_MRD:
	case GUARD_IGMP_MRD_END:
		return VSEG_GUARD_PERMIT_MULTICAST_ROUTER;
	}
	return 0;
}

static u32 vseg_role_icmp(u8 type)
{
	return type == GUARD_ICMP_REDIRECT || type == GUARD_ICMP_ROUTER ?
	       VSEG_GUARD_PERMIT_ROUTER : 0;
}

static u32 vseg_role_icmpv6(u8 type)
{
	switch (type) {
	case GUARD_ND_RA:
	case GUARD_ND_REDIRECT:
		return VSEG_GUARD_PERMIT_ROUTER;
	case GUARD_MLD_QUERY:
	case GUARD_MRD:
	case GUARD_MRD_END:
		return VSEG_GUARD_PERMIT_MULTICAST_ROUTER;
	}
	return 0;
}

/* By where a frame goes: 01:80:c2:00:00:0x stays on its link, and so does what
 * switches of one maker tell each other.
 */
static u32 vseg_role_destination(const u8 *mac)
{
	static const u8 link_local[] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };
	static const u8 maker[] = { 0x01, 0x00, 0x0c, 0xcc, 0xcc };

	if (!memcmp(mac, link_local, sizeof(link_local)) && mac[5] < 0x10)
		return mac[5] == 0x00 || mac[5] == 0x08 ?
		       VSEG_GUARD_PERMIT_SPANNING_TREE :
		       VSEG_GUARD_PERMIT_LINK_LOCAL;
	if (!memcmp(mac, maker, sizeof(maker)) && mac[5] == 0xcd)
		return VSEG_GUARD_PERMIT_SPANNING_TREE;
	if (!memcmp(mac, maker, sizeof(maker)) && mac[5] == 0xcc)
		return VSEG_GUARD_PERMIT_LINK_LOCAL;
	return 0;
}

/*
 * IP.
 */

/* Where the unspecified address is right: before there is any other. */
static bool vseg_look_nowhere(const struct vseg_look *look, const u8 *l4)
{
	const struct vseg_fields *f = &look->fields;

	if (!vseg_look_unspecified(look) || f->fragment != VSEG_FRAGMENT_WHOLE ||
	    look->l4 < 4)
		return false;
	if (f->version == 4)
		return f->protocol == IP_UDP &&
		       vseg_get16(l4) == GUARD_DHCP_CLIENT &&
		       vseg_get16(l4 + 2) == GUARD_DHCP_SERVER;
	if (f->protocol != IP_ICMP6)
		return false;
	switch (l4[0]) {
	case GUARD_ND_NS:
	case GUARD_ND_RS:
	case GUARD_MLD_REPORT:
	case GUARD_MLD_DONE:
	case GUARD_MLD2_REPORT:
		return true;
	}
	return false;
}

static u8 vseg_look_icmpv6(struct vseg_look *look, const u8 *l4)
{
	look->roles |= vseg_role_icmpv6(l4[0]);
	if (l4[0] >= GUARD_ND_RS && l4[0] <= GUARD_ND_REDIRECT)
		return vseg_look_nd(look, l4, l4[0]);
	return VSEG_REASON_NONE;
}

/* What is behind the IP header; the first bytes are enough to tell a role. */
static u8 vseg_look_l4(struct vseg_look *look, const u8 *l4)
{
	const struct vseg_fields *f = &look->fields;
	unsigned int wanted = 0;

	if (f->protocol == IP_UDP)
		wanted = 4;
	else if (f->protocol == (f->version == 4 ? IP_ICMP :
						   IP_ICMP6) ||
		 (f->protocol == IP_IGMP && f->version == 4))
		wanted = 1;
	else if (f->protocol == IP_PIM)
		look->roles |= VSEG_GUARD_PERMIT_MULTICAST_ROUTER;
	if (look->l4 < wanted)
		return VSEG_REASON_GUARD_UNPARSED;
	if (!wanted)
		return VSEG_REASON_NONE;

	switch (f->protocol) {
	case IP_UDP:
		if (vseg_get16(l4) == (f->version == 4 ?
				GUARD_DHCP_SERVER : GUARD_DHCPV6_SERVER))
			look->roles |= VSEG_GUARD_PERMIT_DHCP_SERVER;
		return VSEG_REASON_NONE;
	case IP_IGMP:
		look->roles |= vseg_role_igmp(l4[0]);
		return VSEG_REASON_NONE;
	case IP_ICMP:
		look->roles |= vseg_role_icmp(l4[0]);
		return VSEG_REASON_NONE;
	}
	return vseg_look_icmpv6(look, l4);
}

static u8 vseg_look_ip(struct vseg_look *look)
{
	const struct vseg_fields *f = &look->fields;
	const u32 wanted = VSEG_FIELD(SOURCE) | VSEG_FIELD(FRAGMENT);
	const u8 *l4 = look->data + f->transport;
	u32 readable;
	u8 reason;

	if ((f->known & wanted) != wanted)
		return VSEG_REASON_GUARD_UNPARSED;
	/* It is nothing without the first fragment, which was looked at. */
	if (f->fragment == VSEG_FRAGMENT_LATER)
		return vseg_guest_owns(look->guest, f->version, f->src) ?
		       VSEG_REASON_NONE : VSEG_REASON_GUARD_ADDRESS;
	if (!(f->known & VSEG_FIELD(PROTOCOL)))
		return VSEG_REASON_GUARD_UNPARSED;

	readable = min_t(u32, f->end, look->avail);
	look->l4 = readable > f->transport ? readable - f->transport : 0;
	reason = vseg_look_l4(look, l4);
	if (reason != VSEG_REASON_NONE)
		return reason;
	if (vseg_guest_owns(look->guest, f->version, f->src) ||
	    vseg_look_nowhere(look, l4))
		return VSEG_REASON_NONE;
	return VSEG_REASON_GUARD_ADDRESS;
}

/*
 * The whole.
 */

static bool vseg_look_bpdu(const struct vseg_look *look)
{
	const struct vseg_fields *f = &look->fields;

	return f->ethertype < ETH_LENGTH_MAX && f->network < look->avail &&
	       look->data[f->network] == GUARD_LLC_BPDU;
}

static u8 vseg_look_payload(struct vseg_look *look)
{
	const struct vseg_fields *f = &look->fields;

	if (!(f->known & VSEG_FIELD(ETHERTYPE)))
		return VSEG_REASON_GUARD_UNPARSED;
	switch (f->ethertype) {
	case ETH_ARP:
	case ETH_RARP:
		return vseg_look_arp(look);
	case ETH_IPV4:
	case ETH_IPV6:
		return vseg_look_ip(look);
	case GUARD_LLDP:
		look->roles |= VSEG_GUARD_PERMIT_LINK_LOCAL;
		return VSEG_REASON_NONE;
	}
	if (vseg_look_bpdu(look))
		look->roles = VSEG_GUARD_PERMIT_SPANNING_TREE;
	/* A tunnel could carry any address to whoever opens it. */
	if (f->unknown & VSEG_FIELD(SOURCE) && vseg_guest_listed(look->guest))
		return VSEG_REASON_GUARD_UNPARSED;
	return VSEG_REASON_NONE;
}

/**
 * vseg_guard_check - is this a frame that the guest may send?
 * @guest: what is known of it
 * @data: the frame from its Ethernet header on, without the bridge's tag
 * @avail: bytes readable at @data, %VSEG_FRAME_BYTES or more of a longer frame
 * @len: bytes of the frame
 * @roles: result: enum vseg_guard_permit that it needs
 *
 * Return: why not, enum vseg_reason, but for what the guest is permitted:
 * vseg_guard_reason() has the last word.
 */
u8 vseg_guard_check(const struct vseg_guest *guest, const u8 *data,
		    unsigned int avail, unsigned int len, u32 *roles)
{
	struct vseg_look look = {
		.guest = guest,
		.data = data,
		.avail = avail,
	};
	u8 reason;

	*roles = 0;
	if (avail < ETH_HEADER)
		return VSEG_REASON_GUARD_UNPARSED;
	if (data[ETH_SRC] & 1 ||
	    (guest->mac && !vseg_guest_has_mac(guest, data + ETH_SRC)))
		return VSEG_REASON_GUARD_MAC;

	look.roles = vseg_role_destination(data);
	vseg_frame_describe(data, avail, len, 0, &look.fields);
	reason = vseg_look_payload(&look);
	*roles = look.roles;
	return reason;
}

/**
 * vseg_guard_reason - why the guard drops a frame
 * @reason: from vseg_guard_check()
 * @roles: from vseg_guard_check()
 * @permit: enum vseg_guard_permit, of the guest and its domain together
 *
 * What a frame is for goes before what it says, but for its MAC address.
 *
 * Return: enum vseg_reason; %VSEG_REASON_NONE when it may pass.
 */
u8 vseg_guard_reason(u8 reason, u32 roles, u32 permit)
{
	if (permit & VSEG_GUARD_PERMIT_ALL)
		return VSEG_REASON_NONE;
	if (reason == VSEG_REASON_GUARD_MAC)
		return reason;
	roles &= ~permit;
	if (roles & VSEG_GUARD_PERMIT_SPANNING_TREE)
		return VSEG_REASON_GUARD_SPANNING_TREE;
	if (roles & VSEG_GUARD_PERMIT_LINK_LOCAL)
		return VSEG_REASON_GUARD_LINK_LOCAL;
	if (roles & VSEG_GUARD_PERMIT_DHCP_SERVER)
		return VSEG_REASON_GUARD_DHCP;
	if (roles & VSEG_GUARD_PERMIT_ROUTER)
		return VSEG_REASON_GUARD_ROUTER;
	if (roles & VSEG_GUARD_PERMIT_MULTICAST_ROUTER)
		return VSEG_REASON_GUARD_MULTICAST_ROUTER;
	return reason;
}
