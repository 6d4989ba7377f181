// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of services over UDP: DHCP, DHCPv6 and multicast DNS.
 *
 * As class.c: exactly what the protocol sends, to where it sends it, and nothing
 * that rides along.  The IP packet has no options and is no fragment, and the
 * message ends where UDP, IP and the frame do.
 */
#include "message.h"

/* DHCP: RFC 2131, and options of RFC 2132 and 3046 */
#define DHCP_SERVER_PORT	67
#define DHCP_CLIENT_PORT	68
#define DHCP_HOPS		3
#define DHCP_GIADDR		24
#define DHCP_CHADDR		28
#define DHCP_COOKIE		236
#define DHCP_OPTIONS		240
#define DHCP_REQUEST		1
#define DHCP_REPLY		2
#define DHCP_OPT_PAD		0
#define DHCP_OPT_TYPE		53
#define DHCP_OPT_RELAY		82
#define DHCP_OPT_END		255

/* DHCPv6: RFC 8415 */
#define DHCP6_CLIENT_PORT	546
#define DHCP6_SERVER_PORT	547
#define DHCP6_HEADER		4
#define DHCP6_OPT_HEADER	4
#define DHCP6_OPT_CLIENT	1
#define DHCP6_OPT_SERVER	2
#define DHCP6_INFORMATION	11

/* Multicast DNS: RFC 6762 */
#define MDNS_PORT		5353
#define MDNS_TTL		255
#define DNS_FLAGS		2
#define DNS_QUESTIONS		4
#define DNS_ANSWERS		6
#define DNS_AUTHORITIES		8
#define DNS_ADDITIONALS		10
#define DNS_HEADER		12
#define DNS_RESPONSE		0x8000
#define DNS_FLAGS_USED		0x8600	/* and authoritative, and truncated */
#define DNS_LABEL_MAX		63
#define DNS_POINTER		0xc0
#define DNS_QUESTION_TAIL	4
#define DNS_RECORD_TAIL		10	/* and the data */

/* Bits by the type of a message. */
#define DHCP_FROM_CLIENT	(BIT(1) | BIT(3) | BIT(4) | BIT(7) | BIT(8))
#define DHCP_FROM_SERVER	(BIT(2) | BIT(5) | BIT(6))
#define DHCP6_FROM_CLIENT	(BIT(1) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | \
				 BIT(8) | BIT(9) | BIT(DHCP6_INFORMATION))
#define DHCP6_UNICAST		(BIT(3) | BIT(5) | BIT(8) | BIT(9))
#define DHCP6_FROM_SERVER	(BIT(2) | BIT(7) | BIT(10))

static const u8 dhcp_ethernet[] = { 1, ETH_ADDR };
static const u8 dhcp_cookie[] = { 99, 130, 83, 99 };
static const u8 dhcp6_servers[IP6_ADDR] = { 0xff, 2, [13] = 1, [15] = 2 };
static const u8 mdns_group4[] = { 224, 0, 0, 251 };
static const u8 mdns_group4_mac[] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };
static const u8 mdns_group6[IP6_ADDR] = { 0xff, 2, [15] = 0xfb };
static const u8 all_ones[ETH_ADDR] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/**
 * struct datagram - a message in its packet
 * @f: frame
 * @src: source address
 * @dst: destination address
 * @ttl: or hop limit
 * @body: the message
 * @n: its bytes
 */
struct datagram {
	const struct vseg_bytes *f;
	const u8 *src;
	const u8 *dst;
	u8 ttl;
	const u8 *body;
	unsigned int n;
};

static bool has_type(unsigned long types, u8 type)
{
	return type < 32 && types & BIT(type);
}

/*
 * @sum: of the addresses, the protocol and the length.  Who leaves the checksum
 * to a device that doesn't make it, as between guests, has written that sum,
 * and only its receiver can tell whether that is all right.
 */
static bool udp_sum_ok(const u8 *udp, unsigned int n, u32 sum)
{
	if (vseg_get16(udp + UDP_SUM) == vseg_sum_fold(sum))
		return true;
	return vseg_sum_ok(vseg_sum16(udp, n, sum));
}

static bool is_udp4(const struct vseg_bytes *f, struct datagram *d)
{
	const u8 *ip = f->data + ETH_HEADER, *udp = ip + IP4_HEADER;
	unsigned int n = vseg_get16(ip + IP4_TOTAL);

	if (ip[0] != 0x45 || n < IP4_HEADER + UDP_HEADER ||
	    !vseg_ends_at(f, ETH_HEADER + n))
		return false;
	if (vseg_get16(ip + IP4_FRAGMENT) & IP4_FRAGMENT_MASK ||
	    !vseg_sum_ok(vseg_sum16(ip, IP4_HEADER, 0)))
		return false;
	n -= IP4_HEADER;
	if (vseg_get16(udp + UDP_LENGTH) != n)
		return false;
	*d = (struct datagram){ .f = f, .src = ip + IP4_SRC,
				.dst = ip + IP4_DST, .ttl = ip[IP4_TTL],
				.body = udp + UDP_HEADER, .n = n - UDP_HEADER };
	return !vseg_get16(udp + UDP_SUM) ||
	       udp_sum_ok(udp, n, vseg_sum16(d->src, 8, IP_UDP + n));
}

static bool is_udp6(const struct vseg_bytes *f, struct datagram *d)
{
	const u8 *ip = f->data + ETH_HEADER, *udp = ip + IP6_HEADER;
	unsigned int n = vseg_get16(ip + IP6_PAYLOAD);

	if (n < UDP_HEADER || !vseg_ends_at(f, ETH_HEADER + IP6_HEADER + n) ||
	    vseg_get16(udp + UDP_LENGTH) != n || !vseg_get16(udp + UDP_SUM))
		return false;
	*d = (struct datagram){ .f = f, .src = ip + IP6_SRC,
				.dst = ip + IP6_DST, .ttl = ip[IP6_HOPS],
				.body = udp + UDP_HEADER, .n = n - UDP_HEADER };
	return udp_sum_ok(udp, n, vseg_sum16(d->src, 2 * IP6_ADDR, IP_UDP + n));
}

/* An address that one host may have. */
static bool is_host4(const u8 *address)
{
	return address[0] && address[0] < 224;
}

static bool is_host6(const u8 *address)
{
	return address[0] != 0xff && !vseg_ip6_unspecified(address);
}

static bool is_broadcast4(const u8 *address)
{
	return vseg_same(address, all_ones, 4);
}

static bool is_unicast_mac(const struct datagram *d)
{
	return !(d->f->data[ETH_DST] & 1);
}

/*
 * To the end of the options and zeros behind it.  There is one type, and it is
 * of @types; a client says nothing in the name of a relay.
 */
static bool dhcp_options_ok(const u8 *opt, unsigned int n, unsigned long types)
{
	bool client = types == DHCP_FROM_CLIENT, type = false;
	unsigned int i = 0;

	while (i < n && opt[i] != DHCP_OPT_END) {
		if (opt[i] == DHCP_OPT_PAD) {
			i++;
			continue;
		}
		if (n - i < 2 || n - i - 2 < opt[i + 1])
			return false;
		if (opt[i] == DHCP_OPT_TYPE) {
			if (type || opt[i + 1] != 1 ||
			    !has_type(types, opt[i + 2]))
				return false;
			type = true;
		} else if (opt[i] == DHCP_OPT_RELAY && client) {
			return false;
		}
		i += 2 + opt[i + 1];
	}
	if (i == n || !type)
		return false;
	while (++i < n)
		if (opt[i] != DHCP_OPT_PAD)
			return false;
	return true;
}

static bool is_dhcp(const struct datagram *d, u8 op, unsigned long types)
{
	const u8 *dhcp = d->body;

	return d->n > DHCP_OPTIONS && dhcp[0] == op &&
	       vseg_same(dhcp + 1, dhcp_ethernet, sizeof(dhcp_ethernet)) &&
	       vseg_same(dhcp + DHCP_COOKIE, dhcp_cookie, sizeof(dhcp_cookie)) &&
	       dhcp_options_ok(dhcp + DHCP_OPTIONS, d->n - DHCP_OPTIONS, types);
}

/*
 * A client asks all, or its server; without an address of its own, all.  It asks
 * for itself, and hasn't come by a relay.
 */
static bool is_dhcp_request(const struct datagram *d)
{
	const u8 *dhcp = d->body;

	if (!is_dhcp(d, DHCP_REQUEST, DHCP_FROM_CLIENT))
		return false;
	if (!is_host4(d->src) && vseg_get32(d->src))
		return false;
	if (!is_broadcast4(d->dst) &&
	    (!is_host4(d->src) || !is_host4(d->dst) || !is_unicast_mac(d)))
		return false;
	return !dhcp[DHCP_HOPS] && !vseg_get32(dhcp + DHCP_GIADDR) &&
	       vseg_same(dhcp + DHCP_CHADDR, d->f->data + ETH_SRC, ETH_ADDR);
}

/* A server or relay answers all, or the client that asked. */
static bool is_dhcp_reply(const struct datagram *d)
{
	const u8 *dst = d->f->data + ETH_DST;

	if (!is_dhcp(d, DHCP_REPLY, DHCP_FROM_SERVER) || !is_host4(d->src))
		return false;
	if (!is_broadcast4(d->dst) && !is_host4(d->dst))
		return false;
	return vseg_same(dst, all_ones, ETH_ADDR) ||
	       (is_unicast_mac(d) &&
		vseg_same(d->body + DHCP_CHADDR, dst, ETH_ADDR));
}

/* All options are whole, and those of the bits in @wanted are there. */
static bool dhcp6_options_ok(const u8 *opt, unsigned int n,
			     unsigned long wanted)
{
	unsigned int len, code;

	for (; n; opt += len, n -= len) {
		if (n < DHCP6_OPT_HEADER)
			return false;
		len = DHCP6_OPT_HEADER + vseg_get16(opt + 2);
		if (len > n)
			return false;
		code = vseg_get16(opt);
		if (code <= DHCP6_OPT_SERVER)
			wanted &= ~BIT(code);
	}
	return !wanted;
}

/* RFC 8415, 16: who asks a server alone may ask but for some things. */
static bool is_dhcp6_request(const struct datagram *d)
{
	const u8 *mac = d->f->data + ETH_DST;
	u8 type;

	if (d->n < DHCP6_HEADER)
		return false;
	type = d->body[0];
	if (!has_type(DHCP6_FROM_CLIENT, type))
		return false;
	if (vseg_same(d->dst, dhcp6_servers, IP6_ADDR)) {
		if (!vseg_ip6_link_local(d->src) ||
		    !vseg_ip6_group_mac(mac, d->dst))
			return false;
	} else if (!has_type(DHCP6_UNICAST, type) || !is_host6(d->src) ||
		   !is_host6(d->dst) || !is_unicast_mac(d)) {
		return false;
	}
	return dhcp6_options_ok(d->body + DHCP6_HEADER, d->n - DHCP6_HEADER,
				type == DHCP6_INFORMATION ?
				0 : BIT(DHCP6_OPT_CLIENT));
}

static bool is_dhcp6_reply(const struct datagram *d)
{
	return d->n >= DHCP6_HEADER && has_type(DHCP6_FROM_SERVER, d->body[0]) &&
	       is_host6(d->src) && is_host6(d->dst) && is_unicast_mac(d) &&
	       dhcp6_options_ok(d->body + DHCP6_HEADER, d->n - DHCP6_HEADER,
				BIT(DHCP6_OPT_SERVER));
}

/* The end of a name that begins at @at: labels, then their end or a pointer to
 * what was before it; 0 when it isn't one.
 */
static unsigned int dns_name(const u8 *dns, unsigned int n, unsigned int at)
{
	unsigned int start = at;

	for (; at < n && dns[at]; at += 1 + dns[at]) {
		if (dns[at] <= DNS_LABEL_MAX)
			continue;
		if (dns[at] < DNS_POINTER || n - at < 2)
			return 0;
		if ((vseg_get16(dns + at) & 0x3fff) >= start)
			return 0;
		return at + 2;
	}
	return at < n ? at + 1 : 0;
}

/* The end of @count questions or records; 0 when they aren't whole. */
static unsigned int dns_section(const u8 *dns, unsigned int n, unsigned int at,
				unsigned int count, bool question)
{
	unsigned int tail = question ? DNS_QUESTION_TAIL : DNS_RECORD_TAIL;

	while (at && count--) {
		at = dns_name(dns, n, at);
		if (!at || n - at < tail)
			return 0;
		at += tail;
		if (question)
			continue;
		tail = vseg_get16(dns + at - 2);
		if (n - at < tail)
			return 0;
		at += tail;
		tail = DNS_RECORD_TAIL;
	}
	return at;
}

/* RFC 6762, 18: a response answers and asks nothing; a query asks something, or
 * goes on with what its sender knows already.
 */
static bool is_dns(const u8 *dns, unsigned int n)
{
	unsigned int flags, questions, answers, at = DNS_HEADER;

	if (n < DNS_HEADER)
		return false;
	flags = vseg_get16(dns + DNS_FLAGS);
	questions = vseg_get16(dns + DNS_QUESTIONS);
	answers = vseg_get16(dns + DNS_ANSWERS);
	if (flags & ~DNS_FLAGS_USED || !(questions + answers) ||
	    (flags & DNS_RESPONSE && questions))
		return false;
	at = dns_section(dns, n, at, questions, true);
	at = dns_section(dns, n, at, answers, false);
	at = dns_section(dns, n, at, vseg_get16(dns + DNS_AUTHORITIES), false);
	at = dns_section(dns, n, at, vseg_get16(dns + DNS_ADDITIONALS), false);
	return at == n;
}

/*
 * To the group, or as an answer to the one that asked for that.  Those who ask
 * from other ports aren't multicast DNS, but want to look like plain DNS
 * (RFC 6762, 6.7): an answer to any port would be a hole.
 */
static bool is_mdns(const struct datagram *d, bool group, bool host)
{
	if (!group && (!host || !is_unicast_mac(d) || d->ttl != MDNS_TTL ||
		       d->n < DNS_HEADER ||
		       !(vseg_get16(d->body + DNS_FLAGS) & DNS_RESPONSE)))
		return false;
	return is_dns(d->body, d->n);
}

static bool is_mdns4(const struct datagram *d)
{
	const u8 *mac = d->f->data + ETH_DST;
	bool group = vseg_same(d->dst, mdns_group4, sizeof(mdns_group4)) &&
		     vseg_same(mac, mdns_group4_mac, ETH_ADDR);

	return is_host4(d->src) && is_mdns(d, group, is_host4(d->dst));
}

static bool is_mdns6(const struct datagram *d)
{
	bool group = vseg_same(d->dst, mdns_group6, IP6_ADDR) &&
		     vseg_ip6_group_mac(d->f->data + ETH_DST, d->dst);

	return is_host6(d->src) && is_mdns(d, group, is_host6(d->dst));
}

/* Both ports, the source's first. */
#define PORTS(_source, _destination)	((u32)(_source) << 16 | (_destination))

/* What the ports promise. */
static enum vseg_class promised4(const u8 *udp)
{
	switch (vseg_get32(udp)) {
	case PORTS(DHCP_CLIENT_PORT, DHCP_SERVER_PORT):
		return VSEG_CLASS_DHCP_REQUEST;
	case PORTS(DHCP_SERVER_PORT, DHCP_CLIENT_PORT):
		return VSEG_CLASS_DHCP_REPLY;
	case PORTS(MDNS_PORT, MDNS_PORT):
		return VSEG_CLASS_MDNS;
	}
	return VSEG_CLASS_OTHER;
}

static enum vseg_class promised6(const u8 *udp)
{
	switch (vseg_get32(udp)) {
	case PORTS(DHCP6_CLIENT_PORT, DHCP6_SERVER_PORT):
		return VSEG_CLASS_DHCPV6_REQUEST;
	case PORTS(DHCP6_SERVER_PORT, DHCP6_CLIENT_PORT):
		return VSEG_CLASS_DHCPV6_REPLY;
	case PORTS(MDNS_PORT, MDNS_PORT):
		return VSEG_CLASS_MDNS;
	}
	return VSEG_CLASS_OTHER;
}

/* And is it that? */
static bool is_promised(enum vseg_class class, const struct datagram *d)
{
	switch (class) {
	case VSEG_CLASS_DHCP_REQUEST:
		return is_dhcp_request(d);
	case VSEG_CLASS_DHCP_REPLY:
		return is_dhcp_reply(d);
	case VSEG_CLASS_DHCPV6_REQUEST:
		return is_dhcp6_request(d);
	case VSEG_CLASS_DHCPV6_REPLY:
		return is_dhcp6_reply(d);
	default:
		return false;
	}
}

/**
 * vseg_is_service4 - do the ports of UDP over IPv4 promise a service?
 * @udp: its header
 *
 * Return: whether they do.
 */
bool vseg_is_service4(const u8 *udp)
{
	return promised4(udp) != VSEG_CLASS_OTHER;
}

/**
 * vseg_is_service6 - do the ports of UDP over IPv6 promise a service?
 * @udp: its header
 *
 * Return: whether they do.
 */
bool vseg_is_service6(const u8 *udp)
{
	return promised6(udp) != VSEG_CLASS_OTHER;
}

/**
 * vseg_class_udp4 - which service could know an IPv4 packet
 * @f: frame whose IPv4 header can be read, and says UDP
 *
 * Return: the class; %VSEG_CLASS_OTHER where it isn't exactly what its ports
 * promise.
 */
enum vseg_class vseg_class_udp4(const struct vseg_bytes *f)
{
	enum vseg_class class;
	struct datagram d;

	if (f->avail < ETH_HEADER + IP4_HEADER + UDP_HEADER)
		return VSEG_CLASS_OTHER;
	class = promised4(f->data + ETH_HEADER + IP4_HEADER);
	if (class == VSEG_CLASS_OTHER || !is_udp4(f, &d))
		return VSEG_CLASS_OTHER;
	if (class == VSEG_CLASS_MDNS)
		return is_mdns4(&d) ? class : VSEG_CLASS_OTHER;
	return is_promised(class, &d) ? class : VSEG_CLASS_OTHER;
}

/**
 * vseg_class_udp6 - which service could know an IPv6 packet
 * @f: frame whose IPv6 header can be read, and says UDP
 *
 * Return: the class; %VSEG_CLASS_OTHER where it isn't exactly what its ports
 * promise.
 */
enum vseg_class vseg_class_udp6(const struct vseg_bytes *f)
{
	enum vseg_class class;
	struct datagram d;

	if (f->avail < ETH_HEADER + IP6_HEADER + UDP_HEADER)
		return VSEG_CLASS_OTHER;
	class = promised6(f->data + ETH_HEADER + IP6_HEADER);
	if (class == VSEG_CLASS_OTHER || !is_udp6(f, &d))
		return VSEG_CLASS_OTHER;
	if (class == VSEG_CLASS_MDNS)
		return is_mdns6(&d) ? class : VSEG_CLASS_OTHER;
	return is_promised(class, &d) ? class : VSEG_CLASS_OTHER;
}
