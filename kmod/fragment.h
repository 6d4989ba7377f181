/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fragments: what the first fragment of a datagram said, kept for the others,
 * which have no ports.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_FRAGMENT_H
#define VSEG_FRAGMENT_H

#include <linux/siphash.h>
#include <linux/spinlock.h>

#include "frame.h"

/* Datagrams that are remembered in a namespace, and of them in one set. */
#define VSEG_DATAGRAMS		4096
#define VSEG_DATAGRAM_WAYS	16
#define VSEG_DATAGRAM_SETS	(VSEG_DATAGRAMS / VSEG_DATAGRAM_WAYS)

/* How long a datagram is remembered after its last fragment, and how long
 * fragments wait for the first one.
 */
#define VSEG_DATAGRAM_TIME	(2 * HZ)
#define VSEG_HELD_TIME		HZ

/* Pieces of a datagram with gaps between them: Ethernet cuts 64 KiB into 45
 * fragments, and as many in random order seldom leave more than 14.
 */
#define VSEG_DATAGRAM_PIECES	16

/* Most fragments that wait: of a datagram, of a domain, of a namespace; and
 * their memory.
 */
#define VSEG_HELD_DATAGRAM	64
#define VSEG_HELD_DOMAIN	256
#define VSEG_HELD_ALL		1024
#define VSEG_HELD_DOMAIN_BYTES	(1024 * 1024)
#define VSEG_HELD_ALL_BYTES	(4 * VSEG_HELD_DOMAIN_BYTES)

/* Domains are told apart by their slot, modulo this. */
#define VSEG_HELD_DOMAINS	4096

/* What the header of a protocol says, which later fragments don't have. */
#define VSEG_FIELDS_OF_FIRST	(VSEG_FIELD(SOURCE_PORT) | \
				 VSEG_FIELD(DESTINATION_PORT) | \
				 VSEG_FIELD(ICMP) | VSEG_FIELD(TCP_FLAGS))

/**
 * struct vseg_datagram - what the fragments of one datagram have in common
 * @src: source address
 * @dst: destination address
 * @id: identification
 * @in: interface index of the port that they enter by, or of the bridge
 * @out: interface index of the port that they leave by, or of the bridge
 * @vlan: VLAN of the bridge, or %VSEG_VID_NONE
 * @src_slot: slot of the source domain
 * @dst_slot: slot of the destination domain
 * @version: 4 or 6
 * @protocol: of IPv4; 0 of IPv6, whose receivers look at that of the first
 *	fragment alone
 * @spare: 0
 *
 * Receivers put together what has the same addresses, id and, in IPv4,
 * protocol.  With ports, VLAN and domains, no two tenants ever meet in one.
 */
struct vseg_datagram {
	struct vseg_address src;
	struct vseg_address dst;
	u32 id;
	int in;
	int out;
	u16 vlan;
	u16 src_slot;
	u16 dst_slot;
	u8 version;
	u8 protocol;
	u32 spare;
};

/**
 * struct vseg_place - where a fragment is in its datagram
 * @from: first unit of eight bytes
 * @to: unit behind its last one
 * @last: no more follow
 */
struct vseg_place {
	u16 from;
	u16 to;
	bool last;
};

/**
 * struct vseg_first - what the first fragment of a datagram said
 * @generation: policy that let it pass as part of a flow; 0 where rules decide
 * @known: as of struct vseg_fields, those that are the first fragment's
 * @unknown: likewise
 * @sport: source port
 * @dport: destination port
 * @icmp: type and code
 * @protocol: behind extension headers
 * @tcp_flags: TCP's
 *
 * No verdict: that the rules in force at each moment give, from the same
 * fields.  Where a flow let it pass, which no rule could tell of a later
 * fragment, so do later ones while that policy is in force.
 */
struct vseg_first {
	u64 generation;
	u16 known;
	u16 unknown;
	u16 sport;
	u16 dport;
	u16 icmp;
	u8 protocol;
	u8 tcp_flags;
};

/**
 * struct vseg_held - a fragment that waits for the first one of its datagram
 * @list: in struct fragment_entry, then wherever those are that wait no longer
 * @bytes: memory that it takes
 * @slot: slot of its source domain
 * @known: the first one came
 * @first: what that said
 */
struct vseg_held {
	struct list_head list;
	u32 bytes;
	u16 slot;
	bool known;
	struct vseg_first first;
};

/**
 * enum vseg_fragment_answer - what becomes of a fragment
 * @VSEG_FRAGMENT_DECIDE: what the first one said is known, decide by it
 * @VSEG_FRAGMENT_HOLD: it may wait, ask again with a struct vseg_held
 * @VSEG_FRAGMENT_HELD: it waits now
 * @VSEG_FRAGMENT_DROP: it overlaps what was there, or there is no room for it
 */
enum vseg_fragment_answer {
	VSEG_FRAGMENT_DECIDE,
	VSEG_FRAGMENT_HOLD,
	VSEG_FRAGMENT_HELD,
	VSEG_FRAGMENT_DROP,
};

/**
 * vseg_fields_of_first - what only the first fragment of a datagram says
 * @version: of IP
 *
 * Each IPv4 header has the protocol, and receivers compare it.  In IPv6 the
 * first fragment's counts, whatever others say.
 *
 * Return: bits of fields.
 */
static inline u16 vseg_fields_of_first(u8 version)
{
	return VSEG_FIELDS_OF_FIRST |
	       (version == 6 ? VSEG_FIELD(PROTOCOL) : 0);
}

/**
 * vseg_fragment_hide - a later fragment doesn't say what only the first one says
 * @fields: of the later fragment
 */
static inline void vseg_fragment_hide(struct vseg_fields *fields)
{
	u16 of_first = vseg_fields_of_first(fields->version);

	/* IPv4's protocol tells what there is, and what isn't. */
	if (fields->version == 4)
		return;
	fields->known &= ~of_first;
	fields->unknown |= of_first;
}

struct vseg_fragments;

bool vseg_fragment_read(const u8 *data, unsigned int avail,
			const struct vseg_fields *fields,
			struct vseg_datagram *datagram,
			struct vseg_place *place);
void vseg_fragment_take(const struct vseg_fields *fields,
			struct vseg_first *first);
void vseg_fragment_give(const struct vseg_first *first,
			struct vseg_fields *fields);

struct vseg_fragments *vseg_fragments_alloc(void);
void vseg_fragments_free(struct vseg_fragments *t);
bool vseg_fragments_note(struct vseg_fragments *t,
			 const struct vseg_datagram *datagram,
			 const struct vseg_place *place,
			 const struct vseg_first *first, unsigned long now,
			 struct list_head *due);
enum vseg_fragment_answer
vseg_fragments_ask(struct vseg_fragments *t,
		   const struct vseg_datagram *datagram,
		   const struct vseg_place *place, struct vseg_held *held,
		   unsigned long now, struct vseg_first *first,
		   struct list_head *due);
void vseg_fragments_left(struct vseg_fragments *t,
			 const struct vseg_held *held);
bool vseg_fragments_expire(struct vseg_fragments *t, unsigned long now,
			   struct list_head *due);
void vseg_fragments_forget(struct vseg_fragments *t, int ifindex,
			   struct list_head *due);

#endif /* VSEG_FRAGMENT_H */
