/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a rule asks of a frame, in words: those of the command and of the policy
 * file are the same.
 */
#ifndef VSEGCTL_MATCH_H
#define VSEGCTL_MATCH_H

#include "model.h"

#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_ARP	0x0806
#define ETHERTYPE_RARP	0x8035
#define ETHERTYPE_IPV6	0x86dd

/* Room for a match as a word: two icmp types, or an address with its prefix. */
#define MATCH_LEN	80

/**
 * enum match_key - what can be said of a frame
 * @KEY_ETHERTYPE: its EtherType
 * @KEY_IP: likewise, by the version of IP
 * @KEY_VLAN: its VLAN
 * @KEY_PROTOCOL: its IP protocol
 * @KEY_PORT: its destination port
 * @KEY_SOURCE_PORT: its source port
 * @KEY_SERVICE: its protocol and destination port, by the name of a service
 * @KEY_ICMP: its type and code of ICMP or ICMPv6
 * @KEY_FROM: its source address
 * @KEY_TO: its destination address
 * @KEY_TCP_FLAGS: flags of TCP that are set, of those that are looked at
 * @KEY_FRAGMENT: which part of an IP packet it is
 * @MATCH_KEYS: how many keys there are
 */
enum match_key {
	KEY_ETHERTYPE,
	KEY_IP,
	KEY_VLAN,
	KEY_PROTOCOL,
	KEY_PORT,
	KEY_SOURCE_PORT,
	KEY_SERVICE,
	KEY_ICMP,
	KEY_FROM,
	KEY_TO,
	KEY_TCP_FLAGS,
	KEY_FRAGMENT,
	MATCH_KEYS,
};

/**
 * struct icmp_types - a word for types of ICMP, of ICMPv6, or of both
 * @first: least type * 256 + code, of ICMP and of ICMPv6
 * @last: greatest
 * @known: it means something there
 * @number: it is a number, which has another meaning in each of the two
 */
struct icmp_types {
	uint16_t first[2];
	uint16_t last[2];
	bool known[2];
	bool number;
};

extern const char *const match_keys[MATCH_KEYS];
extern const char *const match_wants[MATCH_KEYS];

int match_key_of(const char *name);
enum match_key match_key_of_field(uint32_t field);

bool parse_ethertype(const char *word, uint32_t *first, uint32_t *last);
bool parse_protocol(const char *word, uint32_t *first, uint32_t *last);
bool parse_ports(const char *word, uint32_t *first, uint32_t *last);
bool parse_icmp(const char *word, struct icmp_types *t);
bool parse_tcp_flags(const char *word, uint32_t *set, uint32_t *mask);
bool parse_address(const char *word, struct address *a);
char *parse_prefix(const char *word, struct address *a, uint32_t *length);
bool parse_match(enum match_key key, const char *word, struct match *m);

const char *match_text(const struct match *m, uint32_t proto, char *s);
const char *text_prefix(char *s, const struct address *a, uint32_t length);

#endif /* VSEGCTL_MATCH_H */
