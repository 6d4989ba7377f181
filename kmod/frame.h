/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame says of itself: its headers as fields that rules and guards
 * look at.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_FRAME_H
#define VSEG_FRAME_H

#include "compat.h"

/* Enough bytes for all headers that are looked at: a longer chain is not
 * followed.
 */
#define VSEG_FRAME_BYTES	256

/* Tags in the frame, behind the one that the bridge knows. */
#define VSEG_FRAME_TAGS		4

/* Extension headers of one IPv6 packet. */
#define VSEG_FRAME_EXTENSIONS	8

/* The bit of a field in the masks of struct vseg_fields. */
#define VSEG_FIELD(_name)	BIT(VSEG_MATCH_FIELD_##_name)

#define VSEG_FIELDS_ALL		(BIT(__VSEG_MATCH_FIELD_MAX) - 1)

/**
 * struct vseg_address - an IPv4 or IPv6 address, as numbers that compare
 * @hi: upper half of an IPv6 address; 0 of an IPv4 address
 * @lo: lower half; the whole IPv4 address
 */
struct vseg_address {
	u64 hi;
	u64 lo;
};

/**
 * enum vseg_trouble - why some fields of a frame can't be told
 * @VSEG_TROUBLE_NONE: all can, as far as the bytes tell
 * @VSEG_TROUBLE_SHORT: a header ends behind the frame, or behind the bytes that
 *	are looked at
 * @VSEG_TROUBLE_TAGS: more tags than %VSEG_FRAME_TAGS
 * @VSEG_TROUBLE_LLC: an 802.3 length that isn't the frame's, a type below
 *	0x600 that is no length, or LLC that only some take for IP
 * @VSEG_TROUBLE_TUNNEL: PPPoE, MPLS, MACsec and such: what is inside isn't
 *	looked at
 * @VSEG_TROUBLE_IP: a broken IPv4 or IPv6 header, or another version than the
 *	type says
 * @VSEG_TROUBLE_LENGTH: an IP length that isn't in the frame, or none
 * @VSEG_TROUBLE_EXTENSIONS: a chain of extension headers that is broken, in the
 *	wrong order, or longer than %VSEG_FRAME_EXTENSIONS
 * @VSEG_TROUBLE_ROUTE: a source route, a routing header with segments left or a
 *	home address: the packet goes elsewhere, or comes from elsewhere, than
 *	its header says
 * @VSEG_TROUBLE_FRAGMENT: a later fragment, or a first one without the whole
 *	header of its protocol
 * @VSEG_TROUBLE_PROTOCOL: a broken header of TCP, UDP, ICMP and such
 */
enum vseg_trouble {
	VSEG_TROUBLE_NONE,
	VSEG_TROUBLE_SHORT,
	VSEG_TROUBLE_TAGS,
	VSEG_TROUBLE_LLC,
	VSEG_TROUBLE_TUNNEL,
	VSEG_TROUBLE_IP,
	VSEG_TROUBLE_LENGTH,
	VSEG_TROUBLE_EXTENSIONS,
	VSEG_TROUBLE_ROUTE,
	VSEG_TROUBLE_FRAGMENT,
	VSEG_TROUBLE_PROTOCOL,
};

/**
 * struct vseg_fields - a frame by its fields
 * @known: fields that the frame has, bits by enum vseg_match_field
 * @unknown: fields that can't be told; those in neither mask the frame doesn't
 *	have at all, as a port of ARP
 * @ethertype: behind all tags and SNAP; below 0x600 the length of a LLC frame
 * @vlan: the bridge's VLAN, as the caller gave it
 * @version: 4 or 6 of a packet whose header and extension headers are sound,
 *	else 0; its addresses are known, except for %VSEG_TROUBLE_ROUTE
 * @trouble: enum vseg_trouble, the first that was met
 * @protocol: behind extension headers; AH is one in IPv4, too
 * @tcp_flags: the eight bits, FIN is the lowest
 * @fragment: enum vseg_fragment
 * @sport: source port
 * @dport: destination port
 * @icmp: type * 256 + code
 * @network: offset of the ARP, IPv4 or IPv6 header from the Ethernet header;
 *	valid with ETHERTYPE known
 * @transport: offset of what is behind IP and its extensions; valid with
 *	PROTOCOL known and @fragment not %VSEG_FRAGMENT_LATER
 * @end: offset of the end of the IP packet; Ethernet padding may follow; valid
 *	with @version
 * @fragment_at: offset of the header that tells where in its datagram a
 *	fragment is: IPv4's own, or IPv6's fragment header; valid with @fragment
 *	not %VSEG_FRAGMENT_WHOLE
 * @src: source address
 * @dst: destination address
 *
 * Numbers are in the host's byte order.  A value whose field isn't known means
 * nothing.
 *
 * What is where:
 *
 * - ETHERTYPE is unknown where tags or LLC can't be followed, and then all but
 *   VLAN is.  SNAP with the OUI 00:00:00 or 00:00:f8 says the type; of other
 *   LLC it is the length, and the frame has no other fields.
 * - Of ARP and other protocols that aren't IP it is the only field; of tunnels
 *   (%VSEG_TROUBLE_TUNNEL) all of IP is unknown.
 * - An IP packet that can't be followed to the end of its extension headers has
 *   all of IP unknown: in what wasn't read could be another address.
 * - IPv6's no-next-header, ESP, and tunnels in IP are protocols without ports.
 * - Of a first fragment what receivers keep has to have the whole chain and the
 *   whole header of its protocol (RFC 7112).
 * - Of a later fragment PROTOCOL is known, unless it is an extension header's;
 *   what the protocol has is unknown.
 * - Checksums aren't looked at: nobody takes a packet for another because of a
 *   wrong one.
 */
struct vseg_fields {
	u16 known;
	u16 unknown;
	u16 ethertype;
	u16 vlan;
	u8 version;
	u8 trouble;
	u8 protocol;
	u8 tcp_flags;
	u8 fragment;
	u16 sport;
	u16 dport;
	u16 icmp;
	u16 network;
	u16 transport;
	u32 end;
	u16 fragment_at;
	struct vseg_address src;
	struct vseg_address dst;
};

bool vseg_frame_usual(const u8 *data, unsigned int avail, unsigned int len,
		      u16 vlan, struct vseg_fields *fields);
void vseg_frame_describe(const u8 *data, unsigned int avail, unsigned int len,
			 u16 vlan, struct vseg_fields *fields);

#endif /* VSEG_FRAME_H */
