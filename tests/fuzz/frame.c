// SPDX-License-Identifier: GPL-2.0
/*
 * For libFuzzer: what the module makes of any frame: its fields (frame.c,
 * packet.c), which are compared with the model of the unit tests, and its class
 * (class.c, class_udp.c).  Each look is at memory of exactly the size that can be
 * read.
 *
 * An input is two bytes, how much of the frame can be read, and the frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/class.h"
#include "../../kmod/frame.h"
#include "../../kmod/wire.h"
#include "../kunit/frame_rows.h"
#include "../kunit/model_frame.h"
#include "tlv.h"

#define HEAD	2

static void fail(const char *what)
{
	fprintf(stderr, "frame: %s\n", what);
	abort();
}

/* Memory of exactly @size bytes. */
static uint8_t *copy(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(size);

	if (!size)
		return bytes;
	if (!bytes)
		abort();
	return memcpy(bytes, data, size);
}

static void describe(const uint8_t *data, size_t avail, size_t len,
		     struct vseg_fields *fields)
{
	uint8_t *bytes = copy(data, avail);
	struct model_fields model;
	const char *differs;

	memset(fields, 0xaa, sizeof(*fields));
	vseg_frame_describe(bytes, avail, len, 7, fields);
	model_describe(bytes, avail, len, 7, &model);
	differs = model_differs(&model, fields);
	if (differs)
		fail(differs);
	free(bytes);
}

static int class_of(const uint8_t *data, size_t avail, size_t len)
{
	uint8_t *bytes = copy(data, avail);
	int class = vseg_class_of(bytes, avail, len);

	free(bytes);
	return class;
}

/* Less of a frame says less, and never something else. */
static void fields_of(const uint8_t *data, size_t avail, size_t len)
{
	struct vseg_fields whole, part;

	describe(data, len, len, &whole);
	describe(data, avail, len, &part);
	if (part.known & ~whole.known)
		fail("less says more");
	if (!part.unknown && !model_same(&part, &whole))
		fail("less says something else");
	describe(data, avail, avail, &part);
}

/* What is known of all of a frame its first bytes promise. */
static void classes_of(const uint8_t *data, size_t avail, size_t len)
{
	size_t first = len < VSEG_CLASS_BYTES ? len : VSEG_CLASS_BYTES;
	int class = class_of(data, len, len), part;
	uint8_t *bytes = copy(data, first);
	bool wanted = vseg_class_wants(bytes, first);

	free(bytes);
	part = class_of(data, avail, len);
	if (part != VSEG_CLASS_OTHER && part != class)
		fail("another class by less of it");
	if (class != class_of(data, first, len) && !wanted)
		fail("a class that isn't looked for");
	class_of(data, avail, avail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t avail;

	if (size < HEAD)
		return -1;
	avail = data[0] << 8 | data[1];
	data += HEAD;
	size -= HEAD;
	if (avail > size)
		avail = size;
	fields_of(data, avail, size);
	classes_of(data, avail, size);
	return 0;
}

/*
 * Checksums and lengths that no fuzzer would guess.
 */

static uint32_t sum(const uint8_t *p, size_t n, uint32_t from)
{
	for (; n > 1; n -= 2, p += 2)
		from += vseg_get16(p);
	if (n)
		from += *p << 8;
	while (from >> 16)
		from = (from & 0xffff) + (from >> 16);
	return from;
}

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = value >> 8;
	p[1] = value;
}

/* UDP as from a guest, whose device would do the rest. */
static void mend_body(uint8_t *body, size_t n, unsigned int protocol,
		      const uint8_t *addresses, size_t size)
{
	uint32_t pseudo = sum(addresses, size, protocol + n);

	if (protocol == IP_UDP && n >= UDP_HEADER) {
		put16(body + UDP_LENGTH, n);
		put16(body + UDP_SUM, sum(NULL, 0, pseudo));
	} else if ((protocol == IP_ICMP6 || protocol == IP_IGMP) && n >= 4) {
		put16(body + 2, 0);
		put16(body + 2, ~sum(body, n, protocol == IP_IGMP ? 0 : pseudo));
	}
}

static void mend(uint8_t *frame, size_t n)
{
	uint8_t *ip = frame + ETH_HEADER;
	unsigned int type;

	if (n < ETH_HEADER + IP6_HEADER)
		return;
	type = vseg_get16(frame + ETH_PROTO);
	n -= ETH_HEADER;
	if (type == ETH_IPV4) {
		put16(ip + IP4_TOTAL, n);
		put16(ip + 10, 0);
		put16(ip + 10, ~sum(ip, IP4_HEADER, 0));
		mend_body(ip + IP4_HEADER, n - IP4_HEADER, ip[IP4_PROTO],
			  ip + IP4_SRC, 8);
	} else if (type == ETH_IPV6) {
		n -= IP6_HEADER;
		put16(ip + IP6_PAYLOAD, n);
		mend_body(ip + IP6_HEADER, n, ip[IP6_NEXT], ip + IP6_SRC,
			  2 * IP6_ADDR);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);

/* Now and then one of the rows of the unit tests, to go on from there. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	const struct frame_row *row = &frame_rows[seed / 64 % frame_nrows];

	if (seed % 64 == 0 && max >= HEAD + row->n + row->pad) {
		memset(data, 0xff, HEAD);
		memcpy(data + HEAD, row->bytes, row->n);
		memset(data + HEAD + row->n, 0, row->pad);
		return HEAD + row->n + row->pad;
	}
	size = LLVMFuzzerMutate(data, size, max);
	if (seed % 4 == 1 && size > HEAD)
		mend(data + HEAD, size - HEAD);
	return size;
}
