/* SPDX-License-Identifier: GPL-2.0 */
/* A frame that the policy is asked about, by words of a command or of a file. */
#ifndef VSEGCTL_QUESTION_H
#define VSEGCTL_QUESTION_H

#include "model.h"

/* Room for port:NAME and domain:NAME, whichever is longer. */
#define END_LEN		(DOMAIN_NAMSIZ + 8)

/**
 * enum question_key - what can be said of a frame
 * @Q_FROM: the port that it enters by, or the domain that it comes from
 * @Q_TO: the port that it leaves by, or the domain that it goes to
 * @Q_VLAN: its VLAN
 * @Q_CLASS: what it is to the built-in passes
 * @Q_ETHERTYPE: its EtherType, which may say the class
 * @Q_PROTO: its IP protocol
 * @Q_SPORT: its source port
 * @Q_DPORT: its destination port
 * @Q_KEYS: how many keys there are
 */
enum question_key {
	Q_FROM,
	Q_TO,
	Q_VLAN,
	Q_CLASS,
	Q_ETHERTYPE,
	Q_PROTO,
	Q_SPORT,
	Q_DPORT,
	Q_KEYS,
};

/**
 * struct question - a frame that the policy is asked about
 * @has: bit N is set when key N was given
 * @from: PORT, DOMAIN, port:NAME or domain:NAME
 * @to: likewise
 * @vlan: VLAN
 * @class: enum vseg_frame_class
 * @ethertype: EtherType
 * @proto: IP protocol
 * @sport: source port
 * @dport: destination port
 */
struct question {
	uint64_t has;
	char from[END_LEN];
	char to[END_LEN];
	uint32_t vlan;
	uint32_t class;
	uint32_t ethertype;
	uint32_t proto;
	uint32_t sport;
	uint32_t dport;
};

extern const char *const question_keys[Q_KEYS];
extern const char *const question_wants[Q_KEYS];

bool question_set(struct question *q, enum question_key key, const char *word);
const char *question_check(const struct question *q);
bool question_ignored(const struct question *q, enum question_key key);

#endif /* VSEGCTL_QUESTION_H */
