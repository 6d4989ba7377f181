// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame says of itself, once more.
 *
 * The module goes through a frame once and judges on its way.  Here the frame
 * is first taken apart into a list of headers, and each field is then asked of
 * the list.
 */
#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <arpa/inet.h>
#include <string.h>
#endif
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "model_frame.h"

#define MAX_HEADERS	24

#define TAGS_MAX	4
#define EXTENSIONS_MAX	8
#define BYTES_MAX	256

enum {
	EXT_HOPBYHOP = 0,
	EXT_ROUTING = 43,
	EXT_FRAGMENT = 44,
	EXT_AUTHENTICATION = 51,
	NO_NEXT = 59,
	EXT_OPTIONS = 60,
	EXT_HOST_IDENTITY = 139,
	EXT_SHIM = 140,
	PROTO_UDPLITE = 136,
	PROTO_ICMP6 = 58,
};

/**
 * struct header - a header of a frame
 * @type: its number among protocols of IP
 * @at: offset in the frame
 * @size: bytes
 */
struct header {
	unsigned int type;
	size_t at;
	size_t size;
};

/**
 * struct parts - a frame, taken apart
 * @data: the frame
 * @avail: bytes of it that can be read
 * @type: behind tags and SNAP, or the length of LLC
 * @typed: whether that can be told
 * @opaque: something is inside that isn't looked at
 * @network: offset behind the type
 * @bound: offset of the end of what is there
 * @version: 4 or 6, or 0 of what isn't IP or is broken
 * @ip: header of that version
 * @ip6: likewise
 * @end: offset of the end of the packet
 * @header: extension headers, in their order
 * @headers: so many
 * @protocol: what comes next
 * @rest: and where
 * @complete: the list goes up to a protocol that isn't an extension header's, or
 *	to a fragment that doesn't begin its packet
 */
struct parts {
	const u8 *data;
	size_t avail;
	unsigned int type;
	bool typed;
	bool opaque;
	size_t network;
	size_t bound;
	unsigned int version;
	struct iphdr ip;
	struct ipv6hdr ip6;
	size_t end;
	struct header header[MAX_HEADERS];
	unsigned int headers;
	unsigned int protocol;
	size_t rest;
	bool complete;
};

static bool copy(const struct parts *p, size_t at, void *to, size_t size)
{
	if (at + size > p->avail)
		return false;
	memcpy(to, p->data + at, size);
	return true;
}

static bool listed(unsigned int value, const unsigned int *list, size_t n)
{
	while (n--)
		if (list[n] == value)
			return true;
	return false;
}

#define LISTED(_value, ...)						\
	listed(_value, (const unsigned int[]){ __VA_ARGS__ },		\
	       ARRAY_SIZE(((const unsigned int[]){ __VA_ARGS__ })))

static bool tag(unsigned int type)
{
	return LISTED(type, 0x8100, 0x88a8, 0x9100, 0x9200, 0x9300);
}

static bool tunnel(unsigned int type)
{
	return LISTED(type, 0x22eb, 0x22f3, 0x4305, 0x6558, 0x8847, 0x8848,
		      0x8864, 0x8874, 0x8899, 0x88be, 0x88e5, 0x88e7, 0x88fb,
		      0x8903, 0x8909, 0x890d, 0x8926, 0x892f, 0x893b, 0x893f,
		      0x894f, 0xa0ed, 0xdada, 0xdadb, 0xe001, 0xf1c1);
}

/* 802.3 and LLC: @length is what stands where a type would. */
static void llc(struct parts *p, unsigned int length, size_t len,
		unsigned int tags)
{
	static const u8 snap_like[] = { 0xaa, 0xab, 0x06, 0x07, 0x98, 0x99 };
	bool padded = len <= 64 + 4 * tags, snap;
	size_t there = len - p->network;
	unsigned int i;
	u8 head[8] = {};

	if (length > 1500 || length < 3 || length > there ||
	    (length < there && !padded) || !copy(p, p->network, head, 3))
		return;
	snap = head[0] == 0xaa && head[1] == 0xaa && head[2] == 3;
	for (i = 0; i < sizeof(snap_like) && !snap; i++)
		if (head[0] == snap_like[i] || head[1] == snap_like[i])
			return;
	p->bound = p->network + length;
	p->type = length;
	p->typed = true;
	if (!snap)
		return;
	p->typed = length >= 8 && copy(p, p->network, head, 8);
	if (head[3] == 0 && head[4] == 0x80 && head[5] == 0xc2)
		p->opaque = true;
	if (head[3] || head[4] || (head[5] && head[5] != 0xf8))
		return;
	p->network += 8;
	p->type = head[6] << 8 | head[7];
	p->typed = p->typed && p->type >= 0x600 && !tag(p->type);
	p->opaque = tunnel(p->type);
}

static void ethernet(struct parts *p, size_t len)
{
	unsigned int tags = 0, type;
	u8 two[2];
	size_t at;

	for (at = 12; copy(p, at, two, 2); at += 4) {
		type = two[0] << 8 | two[1];
		if (tag(type) && tags++ < TAGS_MAX)
			continue;
		p->network = at + 2;
		p->bound = len;
		if (type < 0x600) {
			llc(p, type, len, tags);
		} else if (!tag(type)) {
			p->type = type;
			p->typed = true;
			p->opaque = tunnel(type);
		}
		return;
	}
}

/* Is there a next protocol behind this one? */
static bool extends(const struct parts *p, unsigned int type)
{
	if (p->version == 4)
		return type == EXT_AUTHENTICATION;
	return LISTED(type, EXT_HOPBYHOP, EXT_ROUTING, EXT_FRAGMENT,
		      EXT_AUTHENTICATION, EXT_OPTIONS, EXT_HOST_IDENTITY,
		      EXT_SHIM);
}

/* 0 whole, 1 first, 2 later */
static unsigned int fragment_of(const struct parts *p)
{
	unsigned int i, word, fragment = 0;
	const u8 *head;

	if (p->version == 4) {
		word = ntohs(p->ip.frag_off);
		return word & 0x1fff ? 2 : word & 0x2000 ? 1 : 0;
	}
	for (i = 0; i < p->headers; i++) {
		if (p->header[i].type != EXT_FRAGMENT)
			continue;
		head = p->data + p->header[i].at;
		word = head[2] << 8 | head[3];
		fragment = word >> 3 ? 2 : word & 1;
	}
	return fragment;
}

/* Where a packet ends for its receivers: fragments come in eights. */
static size_t usable(const struct parts *p)
{
	size_t data = p->network + 4 * p->ip.ihl;
	unsigned int i;

	if (fragment_of(p) != 1)
		return p->end;
	if (p->version == 6)
		for (i = 0; i < p->headers; i++)
			if (p->header[i].type == EXT_FRAGMENT)
				data = p->header[i].at + 8;
	return data + (p->end - data) / 8 * 8;
}

static size_t extension_size(const struct parts *p, unsigned int type,
			     unsigned int length)
{
	switch (type) {
	case EXT_FRAGMENT:
		return 8;
	case EXT_AUTHENTICATION:
		if (!length || (p->version == 6 && length % 2))
			return 0;
		return 4 * length + 8;
	case EXT_HOST_IDENTITY:
	case EXT_SHIM:
		return 0;
	}
	return 8 * length + 8;
}

/* One header after the other, as far as they are whole. */
static void extensions(struct parts *p, unsigned int type, size_t at)
{
	struct header *h;
	u8 head[8];
	size_t size;

	while (extends(p, type) && fragment_of(p) != 2) {
		if (p->headers == MAX_HEADERS || at + 8 > usable(p) ||
		    !copy(p, at, head, sizeof(head)))
			return;
		size = extension_size(p, type, head[1]);
		if (!size || at + size > usable(p) || at + size > p->avail)
			return;
		h = &p->header[p->headers++];
		h->type = type;
		h->at = at;
		h->size = size;
		type = head[0];
		at += size;
	}
	p->protocol = type;
	p->rest = at;
	p->complete = true;
}

/* Offsets of options are of no interest, only which there are. */
static bool options_sound(const struct parts *p, const struct header *h,
			  u8 wanted, bool *has)
{
	const u8 *option = p->data + h->at + 2, *end = option + h->size - 2;

	while (option < end) {
		if (*option == 0) {
			option++;
			continue;
		}
		if (end - option < 2 || end - option < 2 + option[1])
			return false;
		if (*option == wanted)
			*has = true;
		option += 2 + option[1];
	}
	return true;
}

static bool option_in(const struct parts *p, u8 wanted, bool *sound)
{
	bool has = false;
	unsigned int i;

	for (i = 0; i < p->headers; i++)
		if (LISTED(p->header[i].type, EXT_HOPBYHOP, EXT_OPTIONS) &&
		    !options_sound(p, &p->header[i], wanted, &has))
			*sound = false;
	return has;
}

/* What the list as a whole has to be. */
static bool chain_sound(const struct parts *p)
{
	unsigned int i, fragments = 0;
	bool sound = p->complete && p->headers <= EXTENSIONS_MAX;

	for (i = 0; i < p->headers; i++) {
		if (p->header[i].type == EXT_HOPBYHOP && i)
			sound = false;
		if (p->header[i].type == EXT_FRAGMENT)
			fragments++;
	}
	if (option_in(p, 0xc2, &sound))
		return false;
	return sound && fragments <= 1;
}

static bool routed_on(const struct parts *p)
{
	unsigned int i;

	for (i = 0; i < p->headers; i++)
		if (p->header[i].type == EXT_ROUTING &&
		    p->data[p->header[i].at + 3])
			return true;
	return false;
}

/* RFC 791: -1 of options that aren't sound, 1 of those with a source route. */
static int source_route(const struct parts *p)
{
	const u8 *option = p->data + p->network + 20;
	const u8 *end = p->data + p->network + 4 * p->ip.ihl;
	int found = 0;

	while (option < end && *option) {
		if (*option == 1) {
			option++;
			continue;
		}
		if (end - option < 2 || option[1] < 2 ||
		    option[1] > end - option)
			return -1;
		if (LISTED(*option, 131, 137))
			found = 1;
		option += option[1];
	}
	return found;
}

static void ipv4(struct parts *p)
{
	size_t head, total;

	if (p->network + sizeof(p->ip) > p->bound ||
	    !copy(p, p->network, &p->ip, sizeof(p->ip)) || p->ip.version != 4)
		return;
	head = 4 * p->ip.ihl;
	total = ntohs(p->ip.tot_len);
	if (head < 20 || total < head || p->network + total > p->bound ||
	    p->network + head > p->avail || source_route(p) < 0)
		return;
	p->version = 4;
	p->end = p->network + total;
	extensions(p, p->ip.protocol, p->network + head);
}

static void ipv6(struct parts *p)
{
	size_t payload;

	if (p->network + sizeof(p->ip6) > p->bound ||
	    !copy(p, p->network, &p->ip6, sizeof(p->ip6)) ||
	    p->ip6.version != 6)
		return;
	payload = ntohs(p->ip6.payload_len);
	p->end = p->network + sizeof(p->ip6) + payload;
	if (p->end > p->bound || (!payload && p->ip6.nexthdr != NO_NEXT))
		return;
	p->version = 6;
	extensions(p, p->ip6.nexthdr, p->network + sizeof(p->ip6));
}

/*
 * Fields, one by one.
 */

static void tell(struct model_fields *f, unsigned int field, u64 hi, u64 lo,
		 bool told)
{
	f->value[field].has = true;
	f->value[field].told = told;
	f->value[field].hi = told ? hi : 0;
	f->value[field].lo = told ? lo : 0;
}

static u64 number(const u8 *bytes, unsigned int n)
{
	u64 value = 0;

	while (n--)
		value = value << 8 | *bytes++;
	return value;
}

static bool has_ports(unsigned int protocol)
{
	return LISTED(protocol, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
		      IPPROTO_DCCP, PROTO_UDPLITE);
}

static bool has_icmp(const struct parts *p)
{
	return p->protocol == (p->version == 4 ? IPPROTO_ICMP : PROTO_ICMP6);
}

/* Whether @least bytes are there, and as many as the header says it has. */
static bool header_sound(const struct parts *p)
{
	size_t there = usable(p) - p->rest, least = 8, size;
	const u8 *head = p->data + p->rest;
	bool first = fragment_of(p) == 1;

	if (fragment_of(p) == 2)
		return false;
	if (p->protocol == IPPROTO_TCP)
		least = sizeof(struct tcphdr);
	else if (LISTED(p->protocol, IPPROTO_SCTP, IPPROTO_DCCP))
		least = 12;
	if (there < least || p->rest + least > p->avail)
		return false;
	switch (p->protocol) {
	case IPPROTO_TCP:
		size = head[12] / 16 * 4;
		return size >= 20 && size <= there;
	case IPPROTO_DCCP:
		size = head[4] * 4;
		return size >= (head[8] & 1 ? 16 : 12) && size <= there;
	case IPPROTO_UDP:
		size = number(head + 4, 2);
		return size >= 8 && (first || size <= there);
	case PROTO_UDPLITE:
		size = number(head + 4, 2);
		return !size || (size >= 8 && (first || size <= there));
	}
	return true;
}

static void transport(const struct parts *p, struct model_fields *f)
{
	const u8 *head = p->data + p->rest;
	bool sound = header_sound(p);

	tell(f, VSEG_MATCH_FIELD_PROTOCOL, 0, p->protocol, true);
	f->transport = p->rest;
	if (has_ports(p->protocol)) {
		tell(f, VSEG_MATCH_FIELD_SOURCE_PORT, 0,
		     sound ? number(head, 2) : 0, sound);
		tell(f, VSEG_MATCH_FIELD_DESTINATION_PORT, 0,
		     sound ? number(head + 2, 2) : 0, sound);
	}
	if (p->protocol == IPPROTO_TCP)
		tell(f, VSEG_MATCH_FIELD_TCP_FLAGS, 0, sound ? head[13] : 0,
		     sound);
	if (has_icmp(p))
		tell(f, VSEG_MATCH_FIELD_ICMP, 0, sound ? number(head, 2) : 0,
		     sound);
}

static void addresses(const struct parts *p, struct model_fields *f)
{
	const u8 *src = (const u8 *)&p->ip6.saddr;
	const u8 *dst = (const u8 *)&p->ip6.daddr;
	bool sound;

	if (p->version == 4) {
		tell(f, VSEG_MATCH_FIELD_SOURCE, 0, ntohl(p->ip.saddr), true);
		tell(f, VSEG_MATCH_FIELD_DESTINATION, 0, ntohl(p->ip.daddr),
		     !source_route(p));
		return;
	}
	tell(f, VSEG_MATCH_FIELD_SOURCE, number(src, 8), number(src + 8, 8),
	     !option_in(p, 0xc9, &sound));
	tell(f, VSEG_MATCH_FIELD_DESTINATION, number(dst, 8),
	     number(dst + 8, 8), !routed_on(p));
}

static const unsigned int of_transport[] = {
	VSEG_MATCH_FIELD_PROTOCOL, VSEG_MATCH_FIELD_SOURCE_PORT,
	VSEG_MATCH_FIELD_DESTINATION_PORT, VSEG_MATCH_FIELD_ICMP,
	VSEG_MATCH_FIELD_TCP_FLAGS,
};

static const unsigned int of_ip[] = {
	VSEG_MATCH_FIELD_SOURCE, VSEG_MATCH_FIELD_DESTINATION,
	VSEG_MATCH_FIELD_FRAGMENT,
};

#define NO_TELLING(_fields, _list) do {					\
	unsigned int _i;						\
									\
	for (_i = 0; _i < sizeof(_list) / sizeof((_list)[0]); _i++)	\
		tell(_fields, (_list)[_i], 0, 0, false);		\
} while (0)

static void packet(const struct parts *p, struct model_fields *f)
{
	if (!p->version || !chain_sound(p)) {
		NO_TELLING(f, of_ip);
		NO_TELLING(f, of_transport);
		return;
	}
	f->version = p->version;
	f->end = p->end;
	addresses(p, f);
	tell(f, VSEG_MATCH_FIELD_FRAGMENT, 0, fragment_of(p), true);
	if (extends(p, p->protocol))
		NO_TELLING(f, of_transport);
	else
		transport(p, f);
}

/**
 * model_describe - what a frame says of itself
 * @data: the frame
 * @avail: bytes readable at @data
 * @len: bytes of the frame
 * @vlan: VLAN of the bridge
 * @fields: what it says
 */
void model_describe(const u8 *data, size_t avail, size_t len, u16 vlan,
		    struct model_fields *fields)
{
	struct parts p = { .data = data, .avail = avail };

	if (p.avail > len)
		p.avail = len;
	if (p.avail > BYTES_MAX)
		p.avail = BYTES_MAX;
	memset(fields, 0, sizeof(*fields));
	tell(fields, VSEG_MATCH_FIELD_VLAN, 0, vlan, true);
	ethernet(&p, len);
	if (p.typed && p.type == ETH_P_IP)
		ipv4(&p);
	if (p.typed && p.type == ETH_P_IPV6)
		ipv6(&p);

	tell(fields, VSEG_MATCH_FIELD_ETHERTYPE, 0, p.type, p.typed);
	fields->network = p.typed ? p.network : 0;
	if (!p.typed || p.opaque || LISTED(p.type, ETH_P_IP, ETH_P_IPV6))
		packet(&p, fields);
}

static u64 low_of(const struct vseg_fields *f, unsigned int field)
{
	switch (field) {
	case VSEG_MATCH_FIELD_ETHERTYPE:
		return f->ethertype;
	case VSEG_MATCH_FIELD_VLAN:
		return f->vlan;
	case VSEG_MATCH_FIELD_PROTOCOL:
		return f->protocol;
	case VSEG_MATCH_FIELD_SOURCE_PORT:
		return f->sport;
	case VSEG_MATCH_FIELD_DESTINATION_PORT:
		return f->dport;
	case VSEG_MATCH_FIELD_ICMP:
		return f->icmp;
	case VSEG_MATCH_FIELD_SOURCE:
		return f->src.lo;
	case VSEG_MATCH_FIELD_DESTINATION:
		return f->dst.lo;
	case VSEG_MATCH_FIELD_TCP_FLAGS:
		return f->tcp_flags;
	}
	return f->fragment;
}

static u64 high_of(const struct vseg_fields *f, unsigned int field)
{
	if (field == VSEG_MATCH_FIELD_SOURCE)
		return f->src.hi;
	return field == VSEG_MATCH_FIELD_DESTINATION ? f->dst.hi : 0;
}

/**
 * model_differs - does the module say something else than the model?
 * @model: what the model says
 * @f: what the module says
 *
 * Return: what differs, or NULL.
 */
const char *model_differs(const struct model_fields *model,
			  const struct vseg_fields *f)
{
	static const char * const names[] = {
		"ethertype", "vlan", "protocol", "source port",
		"destination port", "icmp", "source", "destination",
		"tcp flags", "fragment",
	};
	const struct model_value *v = model->value;
	unsigned int i, known, unknown;

	for (i = 0; i < __VSEG_MATCH_FIELD_MAX; i++, v++) {
		known = f->known >> i & 1;
		unknown = f->unknown >> i & 1;
		if (known != (v->has && v->told) ||
		    unknown != (v->has && !v->told))
			return names[i];
		if (known && (low_of(f, i) != v->lo || high_of(f, i) != v->hi))
			return names[i];
	}
	if (!f->trouble != !f->unknown)
		return "trouble";
	if (f->version != model->version)
		return "version";
	if (f->known & VSEG_FIELD(ETHERTYPE) && f->network != model->network)
		return "network";
	if (f->version && f->end != model->end)
		return "end";
	if (f->known & VSEG_FIELD(PROTOCOL) &&
	    f->fragment != VSEG_FRAGMENT_LATER &&
	    f->transport != model->transport)
		return "transport";
	return NULL;
}

/**
 * model_same - do two frames say the same?
 * @a: what the module says of one
 * @b: and of the other
 *
 * Values that aren't known may differ.
 *
 * Return: whether they do.
 */
bool model_same(const struct vseg_fields *a, const struct vseg_fields *b)
{
	struct model_fields model = { .version = b->version };
	unsigned int i;

	for (i = 0; i < __VSEG_MATCH_FIELD_MAX; i++)
		if ((b->known | b->unknown) >> i & 1)
			tell(&model, i, high_of(b, i), low_of(b, i),
			     b->known >> i & 1);
	model.network = b->network;
	model.transport = b->transport;
	model.end = b->end;
	return a->trouble == b->trouble && !model_differs(&model, a);
}
