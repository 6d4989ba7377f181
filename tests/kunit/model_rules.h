/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules, once more: a list is walked over from its first rule on.
 */
#ifndef VSEG_TEST_MODEL_RULES_H
#define VSEG_TEST_MODEL_RULES_H

#include "../../kmod/frame.h"

/* Matches of one rule. */
#define MODEL_MATCHES		12

/**
 * struct model_match - what a rule asks of a field
 * @field: enum vseg_match_field
 * @first: least number that fits; of the TCP flags those that are set
 * @last: greatest number that fits
 * @mask: of the TCP flags, which are looked at
 * @version: of an address
 * @prefix: of an address, how many of its first bits count
 * @address: in the order of a packet, 4 bytes or 16
 */
struct model_match {
	unsigned int field;
	unsigned int first;
	unsigned int last;
	unsigned int mask;
	unsigned int version;
	unsigned int prefix;
	u8 address[16];
};

/**
 * struct model_rule - a rule
 * @allow: it allows, and doesn't deny
 * @n: number of its matches
 * @match: matches
 */
struct model_rule {
	bool allow;
	unsigned int n;
	struct model_match match[MODEL_MATCHES];
};

u8 model_rules(const struct model_rule *rule, unsigned int n,
	       const struct vseg_fields *fields, unsigned int *index);

#endif /* VSEG_TEST_MODEL_RULES_H */
