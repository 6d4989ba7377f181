// SPDX-License-Identifier: GPL-2.0
/*
 * What an IP packet says of itself: addresses, extension headers, and what the
 * protocols behind them have in their headers.
 */
#include "packet.h"

/* Options of IPv4 */
#define IP4_OPT_END		0
#define IP4_OPT_NOP		1
#define IP4_OPT_LSRR		131
#define IP4_OPT_SSRR		137

/* Extension headers */
#define EXT_NEXT		0
#define EXT_LENGTH		1
#define EXT_UNIT		8
#define EXT_ROUTING_LEFT	3
#define EXT_FRAGMENT_OFFSET	2
#define EXT_FRAGMENT_MORE	0x0001
#define EXT_FRAGMENT_MASK	0xfff8
#define EXT_AH_MIN		12
#define EXT_OPT_PAD1		0
#define EXT_OPT_JUMBO		0xc2
#define EXT_OPT_HOME		0xc9

/* What has ports, or a type and a code */
#define SCTP_HEADER		12
#define DCCP_HEADER		12
#define DCCP_LONG_HEADER	16
#define DCCP_OFFSET		4
#define DCCP_TYPE		8
#define DCCP_LONG		0x01
#define ICMP_HEADER		8

#define FIELDS_PORTS	(VSEG_FIELD(SOURCE_PORT) | \
			 VSEG_FIELD(DESTINATION_PORT))
#define FIELDS_TRANSPORT (FIELDS_PORTS | VSEG_FIELD(ICMP) | \
			  VSEG_FIELD(TCP_FLAGS))
#define FIELDS_ADDRESS	(VSEG_FIELD(SOURCE) | VSEG_FIELD(DESTINATION))

static_assert(VSEG_FIELDS_IP ==
	      (FIELDS_ADDRESS | FIELDS_TRANSPORT | VSEG_FIELD(PROTOCOL) |
	       VSEG_FIELD(FRAGMENT)));

/* What a header is that is longer than the packet: whole packets have all of
 * theirs, a first fragment had to have (RFC 7112).
 */
static u8 too_long(const struct vseg_walk *w, enum vseg_trouble whole)
{
	return w->fields->fragment == VSEG_FRAGMENT_FIRST ?
	       VSEG_TROUBLE_FRAGMENT : whole;
}

/* Behind IP: ports, flags, type and code. */

/* Fields that a protocol has: ICMP is what its version of IP has. */
static u16 fields_of(u8 protocol, u8 version)
{
	switch (protocol) {
	case IP_TCP:
		return FIELDS_PORTS | VSEG_FIELD(TCP_FLAGS);
	case IP_UDP:
	case IP_UDPLITE:
	case IP_SCTP:
	case IP_DCCP:
		return FIELDS_PORTS;
	case IP_ICMP:
		return version == 4 ? VSEG_FIELD(ICMP) : 0;
	case IP_ICMP6:
		return version == 6 ? VSEG_FIELD(ICMP) : 0;
	}
	return 0;
}

static unsigned int header_min(u8 protocol)
{
	switch (protocol) {
	case IP_TCP:
		return TCP_HEADER;
	case IP_SCTP:
		return SCTP_HEADER;
	case IP_DCCP:
		return DCCP_HEADER;
	case IP_ICMP:
	case IP_ICMP6:
		return ICMP_HEADER;
	}
	return UDP_HEADER;
}

/* The header's own length has to be right.  So has that of UDP: some receivers
 * drop a datagram that says 0 or too much, others take what is there.  What
 * is behind a datagram that says less is cut off by all.
 */
static u8 transport_length(const struct vseg_walk *w, u8 protocol)
{
	const u8 *head = w->data + w->at;
	unsigned int min = header_min(protocol), length = min;

	switch (protocol) {
	case IP_TCP:
		length = (head[TCP_OFFSET] >> 4) * 4;
		break;
	case IP_DCCP:
		length = head[DCCP_OFFSET] * 4;
		if (head[DCCP_TYPE] & DCCP_LONG)
			min = DCCP_LONG_HEADER;
		break;
	case IP_UDP:
	case IP_UDPLITE:
		length = vseg_get16(head + UDP_LENGTH);
		/* Of UDP-Lite that is what its checksum covers; 0 is all. */
		if (!length && protocol == IP_UDPLITE)
			return VSEG_TROUBLE_NONE;
		/* The rest comes in other fragments. */
		if (length >= min && w->fields->fragment == VSEG_FRAGMENT_FIRST)
			return VSEG_TROUBLE_NONE;
	}
	if (length < min)
		return VSEG_TROUBLE_PROTOCOL;
	return vseg_walk_in(w, length) ? VSEG_TROUBLE_NONE :
				      too_long(w, VSEG_TROUBLE_PROTOCOL);
}

static u8 transport_trouble(const struct vseg_walk *w, u8 protocol)
{
	unsigned int min = header_min(protocol);

	if (w->fields->fragment == VSEG_FRAGMENT_LATER)
		return VSEG_TROUBLE_FRAGMENT;
	if (!vseg_walk_in(w, min))
		return too_long(w, VSEG_TROUBLE_PROTOCOL);
	if (!vseg_walk_readable(w, min))
		return VSEG_TROUBLE_SHORT;
	return transport_length(w, protocol);
}

static void describe_transport(struct vseg_walk *w, u8 protocol)
{
	struct vseg_fields *fields = w->fields;
	u16 has = fields_of(protocol, fields->version);
	const u8 *head = w->data + w->at;
	u8 trouble;

	fields->protocol = protocol;
	fields->known |= VSEG_FIELD(PROTOCOL);
	fields->transport = w->at;
	if (!has)
		return;
	trouble = transport_trouble(w, protocol);
	if (trouble) {
		vseg_walk_unknown(w, has, trouble);
		return;
	}
	fields->known |= has;
	if (has & VSEG_FIELD(ICMP)) {
		fields->icmp = vseg_get16(head);
		return;
	}
	fields->sport = vseg_get16(head);
	fields->dport = vseg_get16(head + 2);
	if (has & VSEG_FIELD(TCP_FLAGS))
		fields->tcp_flags = head[TCP_FLAGS];
}

/* Extension headers. */

/* AH is one in both versions: whoever accepts it takes it off.  HIP and Shim6
 * may be, and are never followed.
 */
static bool is_extension(u8 protocol, u8 version)
{
	if (version == 4)
		return protocol == IP_AH;
	switch (protocol) {
	case IP_HOPBYHOP:
	case IP_ROUTING:
	case IP_FRAGMENT:
	case IP_AH:
	case IP_DESTINATION:
	case IP_HIP:
	case IP_SHIM6:
		return true;
	}
	return false;
}

/* The options of an extension header of @size bytes. */
static u8 extension_options(struct vseg_walk *w, const u8 *head,
			    unsigned int size)
{
	unsigned int i, length;

	for (i = 2; i < size; i += length) {
		length = 1;
		if (head[i] == EXT_OPT_PAD1)
			continue;
		if (size - i < 2)
			return VSEG_TROUBLE_EXTENSIONS;
		length = 2 + head[i + 1];
		if (length > size - i)
			return VSEG_TROUBLE_EXTENSIONS;
		/* Not a packet that has a length. */
		if (head[i] == EXT_OPT_JUMBO)
			return VSEG_TROUBLE_LENGTH;
		if (head[i] == EXT_OPT_HOME)
			w->doubt |= VSEG_FIELD(SOURCE);
	}
	return VSEG_TROUBLE_NONE;
}

static u8 extension_fragment(struct vseg_walk *w, const u8 *head)
{
	u16 word = vseg_get16(head + EXT_FRAGMENT_OFFSET);

	w->fields->fragment_at = w->at;
	if (word & EXT_FRAGMENT_MASK)
		w->fields->fragment = VSEG_FRAGMENT_LATER;
	else if (word & EXT_FRAGMENT_MORE)
		w->fields->fragment = VSEG_FRAGMENT_FIRST;
	return VSEG_TROUBLE_NONE;
}

/* Of AH in units of 4 bytes, which in IPv6 have to come in pairs. */
static unsigned int extension_size(const struct vseg_walk *w, u8 type,
				   const u8 *head)
{
	unsigned int size;

	if (type == IP_FRAGMENT)
		return EXT_UNIT;
	if (type != IP_AH)
		return (head[EXT_LENGTH] + 1) * EXT_UNIT;
	size = (head[EXT_LENGTH] + 2) * 4;
	if (size < EXT_AH_MIN || (w->fields->version == 6 && size % EXT_UNIT))
		return 0;
	return size;
}

static u8 extension_look(struct vseg_walk *w, u8 type, const u8 *head,
			 unsigned int size)
{
	switch (type) {
	case IP_HOPBYHOP:
	case IP_DESTINATION:
		return extension_options(w, head, size);
	case IP_FRAGMENT:
		return extension_fragment(w, head);
	case IP_ROUTING:
		/* There is still a way to go. */
		if (head[EXT_ROUTING_LEFT])
			w->doubt |= VSEG_FIELD(DESTINATION);
	}
	return VSEG_TROUBLE_NONE;
}

/* One header, which has to be whole; @type becomes the next one's. */
static u8 extension(struct vseg_walk *w, u8 *type)
{
	const u8 *head = w->data + w->at;
	unsigned int size;
	u8 trouble;

	if (!vseg_walk_in(w, EXT_UNIT))
		return too_long(w, VSEG_TROUBLE_EXTENSIONS);
	if (!vseg_walk_readable(w, EXT_UNIT))
		return VSEG_TROUBLE_SHORT;
	size = extension_size(w, *type, head);
	if (!size)
		return VSEG_TROUBLE_EXTENSIONS;
	if (!vseg_walk_in(w, size))
		return too_long(w, VSEG_TROUBLE_EXTENSIONS);
	if (!vseg_walk_readable(w, size))
		return VSEG_TROUBLE_SHORT;
	trouble = extension_look(w, *type, head, size);
	*type = head[EXT_NEXT];
	w->at += size;
	return trouble;
}

/* What a receiver keeps of a first fragment: offsets count in eights. */
static void cut_fragment(struct vseg_walk *w)
{
	if (w->fields->fragment == VSEG_FRAGMENT_FIRST)
		w->end -= (w->end - w->at) % 8;
}

/*
 * All of them.  Hop-by-Hop options come first or not at all; a second fragment
 * header would be a fragment of a fragment, which not all receivers take for
 * the same thing.
 */
static u8 extensions(struct vseg_walk *w, u8 *type)
{
	bool fragment = false;
	unsigned int n;
	u8 trouble, now;

	for (n = 0; is_extension(*type, w->fields->version); n++) {
		now = *type;
		if (w->fields->fragment == VSEG_FRAGMENT_LATER)
			return VSEG_TROUBLE_NONE;
		if (n == VSEG_FRAME_EXTENSIONS || now == IP_HIP ||
		    now == IP_SHIM6 || (now == IP_HOPBYHOP && n) ||
		    (now == IP_FRAGMENT && fragment))
			return VSEG_TROUBLE_EXTENSIONS;
		trouble = extension(w, type);
		if (trouble)
			return trouble;
		if (now == IP_FRAGMENT) {
			fragment = true;
			cut_fragment(w);
		}
	}
	return VSEG_TROUBLE_NONE;
}

/* IP */

/* What is behind the header: addresses are known if the whole chain is, since
 * any part of it could give others.
 */
static void describe_packet(struct vseg_walk *w, u8 type)
{
	struct vseg_fields *fields = w->fields;
	u8 trouble = extensions(w, &type);

	if (trouble) {
		fields->version = 0;
		fields->fragment = 0;
		vseg_walk_unknown(w, VSEG_FIELDS_IP, trouble);
		return;
	}
	fields->known |= (FIELDS_ADDRESS & ~w->doubt) | VSEG_FIELD(FRAGMENT);
	vseg_walk_unknown(w, w->doubt, VSEG_TROUBLE_ROUTE);
	if (is_extension(type, fields->version))
		vseg_walk_unknown(w, FIELDS_TRANSPORT | VSEG_FIELD(PROTOCOL),
				  VSEG_TROUBLE_FRAGMENT);
	else
		describe_transport(w, type);
}

/* RFC 791: a source route that isn't at its end leads elsewhere than the
 * header says; and whether it is at its end, hosts tell in different ways.
 */
static u8 ip4_options(struct vseg_walk *w, const u8 *ip, unsigned int header)
{
	unsigned int i, length;

	for (i = IP4_HEADER; i < header && ip[i] != IP4_OPT_END; i += length) {
		length = 1;
		if (ip[i] == IP4_OPT_NOP)
			continue;
		if (header - i < 2)
			return VSEG_TROUBLE_IP;
		length = ip[i + 1];
		if (length < 2 || length > header - i)
			return VSEG_TROUBLE_IP;
		if (ip[i] == IP4_OPT_LSRR || ip[i] == IP4_OPT_SSRR)
			w->doubt |= VSEG_FIELD(DESTINATION);
	}
	return VSEG_TROUBLE_NONE;
}

/* The header and its options; what is behind the packet is padding. */
static u8 ip4_header(struct vseg_walk *w)
{
	const u8 *ip = w->data + w->at;
	unsigned int header, total;

	if (!vseg_walk_in(w, IP4_HEADER) || !vseg_walk_readable(w, IP4_HEADER))
		return VSEG_TROUBLE_SHORT;
	header = (ip[0] & 0x0f) * 4;
	total = vseg_get16(ip + IP4_TOTAL);
	if (ip[0] >> 4 != 4 || header < IP4_HEADER)
		return VSEG_TROUBLE_IP;
	if (total < header || !vseg_walk_in(w, total))
		return VSEG_TROUBLE_LENGTH;
	if (!vseg_walk_readable(w, header))
		return VSEG_TROUBLE_SHORT;
	w->end = w->at + total;
	w->at += header;
	return header == IP4_HEADER ? VSEG_TROUBLE_NONE :
				      ip4_options(w, ip, header);
}

/**
 * vseg_packet_ipv4 - what an IPv4 packet says of itself
 * @w: frame that has been read up to the packet
 */
void vseg_packet_ipv4(struct vseg_walk *w)
{
	struct vseg_fields *fields = w->fields;
	const u8 *ip = w->data + w->at;
	u8 trouble = ip4_header(w);
	u16 word;

	if (trouble) {
		vseg_walk_unknown(w, VSEG_FIELDS_IP, trouble);
		return;
	}
	fields->version = 4;
	fields->end = w->end;
	fields->fragment_at = fields->network;
	fields->src.lo = vseg_get32(ip + IP4_SRC);
	fields->dst.lo = vseg_get32(ip + IP4_DST);
	word = vseg_get16(ip + IP4_FRAGMENT);
	if (word & IP4_OFFSET)
		fields->fragment = VSEG_FRAGMENT_LATER;
	else if (word & IP4_MORE)
		fields->fragment = VSEG_FRAGMENT_FIRST;
	cut_fragment(w);
	describe_packet(w, ip[IP4_PROTO]);
}

/* A length of 0 stands for more than 65,535 bytes, unless nothing follows. */
static u8 ip6_header(struct vseg_walk *w)
{
	const u8 *ip = w->data + w->at;
	unsigned int payload;

	if (!vseg_walk_in(w, IP6_HEADER) || !vseg_walk_readable(w, IP6_HEADER))
		return VSEG_TROUBLE_SHORT;
	payload = vseg_get16(ip + IP6_PAYLOAD);
	if (ip[0] >> 4 != 6)
		return VSEG_TROUBLE_IP;
	if (!vseg_walk_in(w, IP6_HEADER + payload) ||
	    (!payload && ip[IP6_NEXT] != IP_NONE))
		return VSEG_TROUBLE_LENGTH;
	w->at += IP6_HEADER;
	w->end = w->at + payload;
	return VSEG_TROUBLE_NONE;
}

/**
 * vseg_packet_ipv6 - what an IPv6 packet says of itself
 * @w: frame that has been read up to the packet
 */
void vseg_packet_ipv6(struct vseg_walk *w)
{
	struct vseg_fields *fields = w->fields;
	const u8 *ip = w->data + w->at;
	u8 trouble = ip6_header(w);

	if (trouble) {
		vseg_walk_unknown(w, VSEG_FIELDS_IP, trouble);
		return;
	}
	fields->version = 6;
	fields->end = w->end;
	fields->src = vseg_get_ip6(ip + IP6_SRC);
	fields->dst = vseg_get_ip6(ip + IP6_DST);
	describe_packet(w, ip[IP6_NEXT]);
}
