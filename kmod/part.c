// SPDX-License-Identifier: GPL-2.0
/*
 * One fragment: which part of which datagram it is, and what the first one says
 * for the others.
 */
#include "fragment.h"
#include "wire.h"

#define IP4_ID			4
#define FRAGMENT_WORD		2
#define FRAGMENT_ID		4
#define FRAGMENT_HEADER		8
#define FRAGMENT_MORE		0x0001
#define UNIT			8
#define BYTES_MAX		65535

/* Where its part of the datagram begins; false without the bytes. */
static bool fragment_header(const u8 *data, unsigned int avail,
			    const struct vseg_fields *fields,
			    struct vseg_datagram *datagram,
			    struct vseg_place *place, unsigned int *begin)
{
	const u8 *head = data + fields->fragment_at;
	u16 word;

	if (fields->version == 4) {
		if (fields->fragment_at + IP4_HEADER > avail)
			return false;
		word = vseg_get16(head + IP4_FRAGMENT);
		datagram->id = vseg_get16(head + IP4_ID);
		datagram->protocol = head[IP4_PROTO];
		place->from = word & IP4_OFFSET;
		place->last = !(word & IP4_MORE);
		*begin = fields->fragment_at + (head[0] & 0x0f) * 4;
		return true;
	}
	if (fields->fragment_at + FRAGMENT_HEADER > avail)
		return false;
	word = vseg_get16(head + FRAGMENT_WORD);
	datagram->id = vseg_get32(head + FRAGMENT_ID);
	datagram->protocol = 0;
	place->from = word / UNIT;
	place->last = !(word & FRAGMENT_MORE);
	*begin = fields->fragment_at + FRAGMENT_HEADER;
	return true;
}

/**
 * vseg_fragment_read - which datagram a fragment is of, and which part
 * @data: the frame from its Ethernet header on
 * @avail: bytes readable at @data
 * @fields: what the frame says; not %VSEG_FRAGMENT_WHOLE
 * @datagram: result, but for ports, VLAN and domains
 * @place: result
 *
 * Return: false of what no sender makes: an empty fragment, one that isn't the
 * last and whose length isn't in eights, one that ends behind 65,535 bytes.
 */
bool vseg_fragment_read(const u8 *data, unsigned int avail,
			const struct vseg_fields *fields,
			struct vseg_datagram *datagram,
			struct vseg_place *place)
{
	unsigned int begin, len;

	datagram->src = fields->src;
	datagram->dst = fields->dst;
	datagram->version = fields->version;
	if (!fragment_header(data, avail, fields, datagram, place, &begin) ||
	    fields->end <= begin)
		return false;
	len = fields->end - begin;
	if ((len % UNIT && !place->last) || place->from * UNIT + len > BYTES_MAX)
		return false;
	place->to = place->from + DIV_ROUND_UP(len, UNIT);
	return true;
}

/**
 * vseg_fragment_take - keep what a first fragment says
 * @fields: of the first fragment
 * @first: result
 */
void vseg_fragment_take(const struct vseg_fields *fields,
			struct vseg_first *first)
{
	u16 of_first = vseg_fields_of_first(fields->version);

	*first = (struct vseg_first) {
		.known = fields->known & of_first,
		.unknown = fields->unknown & of_first,
		.sport = fields->sport,
		.dport = fields->dport,
		.icmp = fields->icmp,
		.protocol = fields->protocol,
		.tcp_flags = fields->tcp_flags,
	};
}

/**
 * vseg_fragment_give - let a later fragment say what the first one said
 * @first: what that said
 * @fields: of the later fragment
 */
void vseg_fragment_give(const struct vseg_first *first,
			struct vseg_fields *fields)
{
	u16 of_first = vseg_fields_of_first(fields->version);

	fields->known = (fields->known & ~of_first) | first->known;
	fields->unknown = (fields->unknown & ~of_first) | first->unknown;
	fields->sport = first->sport;
	fields->dport = first->dport;
	fields->icmp = first->icmp;
	fields->tcp_flags = first->tcp_flags;
	if (of_first & VSEG_FIELD(PROTOCOL))
		fields->protocol = first->protocol;
}
