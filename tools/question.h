/* SPDX-License-Identifier: GPL-2.0 */
/* A frame that the policy is asked about, by words of a command or of a file. */
#ifndef VSEGCTL_QUESTION_H
#define VSEGCTL_QUESTION_H

#include "match.h"

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
 * @Q_FROM_ADDRESS: its source address
 * @Q_TO_ADDRESS: its destination address
 * @Q_ICMP: its type and code of ICMP or ICMPv6
 * @Q_TCP_FLAGS: its flags of TCP that are set
 * @Q_FRAGMENT: which part of an IP packet it is
 * @Q_FRAME: all of its bytes
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
	Q_FROM_ADDRESS,
	Q_TO_ADDRESS,
	Q_ICMP,
	Q_TCP_FLAGS,
	Q_FRAGMENT,
	Q_FRAME,
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
 * @src: source address
 * @dst: destination address
 * @icmp: type and code, of either version of IP
 * @tcp_flags: those that are set
 * @fragment: enum vseg_fragment
 * @frame: all bytes
 * @mac: who sends it, where a guard looks; zero for anybody
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
	struct address src;
	struct address dst;
	struct icmp_types icmp;
	uint32_t tcp_flags;
	uint32_t fragment;
	struct bytes frame;
	struct mac mac;
};

/* What only a frame can answer. */
#define Q_OF_FRAME							\
	(BIT64(Q_ETHERTYPE) | BIT64(Q_PROTO) | BIT64(Q_SPORT) |	\
	 BIT64(Q_DPORT) | BIT64(Q_FROM_ADDRESS) | BIT64(Q_TO_ADDRESS) |	\
	 BIT64(Q_ICMP) | BIT64(Q_TCP_FLAGS) | BIT64(Q_FRAGMENT))

extern const char *const question_keys[Q_KEYS];
extern const char *const question_wants[Q_KEYS];

bool question_set(struct question *q, enum question_key key, const char *word);
const char *question_check(const struct question *q);

/* the frame that a question is about: question-frame.c */
bool question_is_ipv6(const struct question *q);
bool question_frame(const struct question *q, struct bytes *frame);

#endif /* VSEGCTL_QUESTION_H */
