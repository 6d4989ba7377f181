/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attributes: written one after the other, read by type, held to the
 * specification.
 */
#ifndef VSEG_FUZZ_NL_TLV_H
#define VSEG_FUZZ_NL_TLV_H

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "spec.h"

#define TLV_TYPES	64
#define TLV_ROOM	8192

/**
 * struct tlv - one attribute
 * @type: without flags
 * @data: payload
 * @len: bytes of it
 * @at: where it begins, from the first attribute
 */
struct tlv {
	unsigned int type;
	const uint8_t *data;
	unsigned int len;
	unsigned int at;
};

/**
 * struct tlvs - attributes being written
 * @len: bytes
 * @data: them
 */
struct tlvs {
	unsigned int len;
	uint8_t data[TLV_ROOM];
};

/* Read all that are whole; what is left behind them is for the caller. */
#define tlv_for_each(t, p, n)						\
	for ((t) = tlv_first(p, n); (t).data; (t) = tlv_next(&(t), p, n))

struct tlv tlv_first(const uint8_t *p, unsigned int n);
struct tlv tlv_next(const struct tlv *t, const uint8_t *p, unsigned int n);
bool tlv_find(const uint8_t *p, unsigned int n, unsigned int type,
	      struct tlv *found);
uint64_t tlv_number(const struct tlv *t);
const char *tlv_text(const struct tlv *t);
bool tlv_begins_at(const uint8_t *p, unsigned int n, unsigned int at);

void tlv_put(struct tlvs *w, unsigned int type, const void *data,
	     unsigned int n);
void tlv_put_u32(struct tlvs *w, unsigned int type, uint32_t value);
void tlv_put_text(struct tlvs *w, unsigned int type, const char *text);

bool tlv_follows(const struct set *s, uint64_t may, bool request,
		 const uint8_t *p, unsigned int n, const char **why);

#endif /* VSEG_FUZZ_NL_TLV_H */
