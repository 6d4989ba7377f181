// SPDX-License-Identifier: GPL-2.0
/*
 * For libFuzzer: any command of vsegctl, and a kernel that answers anything:
 * replies, dumps, events, refusals.  Covers nl*.c, model.c, out.c, event.c,
 * text.c and what cmd/ prints, in text and in JSON.
 *
 * An input is "j" or "t" for JSON or text, words, the end of the line, and the
 * script of fake.c.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "fake.h"
#include "tlv.h"

#define MAX_RECORDS	64

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	command_init();
	return 0;
}

static const uint8_t *end_of_line(const uint8_t *data, size_t size)
{
	return memchr(data, '\n', size < 256 ? size : 256);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = end_of_line(data, size);

	if (!end || end == data || (*data != 'j' && *data != 't'))
		return -1;
	fake_script(end + 1, data + size - end - 1);
	command_run((const char *)data + 1, end - data - 1, *data == 'j');
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed);

/* Change one record, and leave those behind it what they are. */
static size_t mutate_record(uint8_t *data, size_t at, size_t size, size_t max,
			    unsigned int seed)
{
	size_t n = tlv_record(data + at, size - at), tail, room, now;
	uint8_t *record = data + at + 2, *rest;

	tail = data + size - (record + n);
	room = max - (at + 2 + tail);
	rest = malloc(tail + 1);
	if (!rest)
		abort();
	memcpy(rest, record + n, tail);
	if (room > 0xfffe)
		room = 0xfffe;
	now = LLVMFuzzerMutate(record, n, room);
	if (seed % 4)
		tlv_mend(record, now);
	memcpy(record + now, rest, tail);
	free(rest);
	data[at] = now & 0xff;
	data[at + 1] = now >> 8;
	return at + 2 + now + tail;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	const uint8_t *end = end_of_line(data, size);
	size_t record[MAX_RECORDS], n = 0, at;

	if (end && seed % 16) {
		for (at = end + 1 - data; at + 3 <= size && n < MAX_RECORDS;
		     at += 2 + tlv_record(data + at, size - at))
			record[n++] = at;
	}
	if (!n || size >= max)
		return LLVMFuzzerMutate(data, size, max);
	return mutate_record(data, record[seed / 16 % n], size, max, seed / 64);
}
