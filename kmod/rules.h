/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules: what decides a frame inside a cell.
 *
 * Pure: no device, no skb, no netlink.
 */
#ifndef VSEG_RULES_H
#define VSEG_RULES_H

#include "frame.h"
#include "stats.h"

/* Most matches of all rules of one cell, and of one policy. */
#define VSEG_MAX_CELL_MATCHES	262144
#define VSEG_MAX_ALL_MATCHES	1048576

/* Most words of the bitmaps of one cell, and of one policy: 32 and 128 MiB.
 * Only rules whose ranges overlap in many ways come near that.
 */
#define VSEG_MAX_CELL_WORDS	4194304
#define VSEG_MAX_ALL_WORDS	16777216

/* A word of a bitmap stands for 64 rules, and a word of words is enough. */
#define VSEG_RULE_WORDS		(VSEG_MAX_CELL_RULES / 64)

static_assert(VSEG_RULE_WORDS == 64);

/**
 * struct vseg_rule_match - what a rule asks of a field
 * @field: enum vseg_match_field
 * @version: 4 or 6 where the field is an address, else 0
 * @prefix: bits of an address that count
 * @mask: of the TCP flags, those that are looked at; else 0
 * @first: least value that fits; of the TCP flags those that are set
 * @last: greatest value that fits
 */
struct vseg_rule_match {
	u8 field;
	u8 version;
	u8 prefix;
	u8 mask;
	struct vseg_address first;
	struct vseg_address last;
};

/**
 * struct vseg_rule - a rule as the operator gave it
 * @ref: lists that have it
 * @hash: of @action and @match
 * @fields: the fields that it looks at, bits by enum vseg_match_field
 * @action: %VSEG_ACTION_ALLOW or %VSEG_ACTION_DENY
 * @flags: enum vseg_rule_flags
 * @stats: counters, shared with an equal rule of the policy before; NULL until
 *	the rule is in a list
 * @name: its name, or empty; behind @match
 * @comment: its comment, or empty; behind @name
 * @nmatches: number of @match
 * @match: matches of one field are alternatives
 *
 * Not changed once it is in a list.
 */
struct vseg_rule {
	refcount_t ref;
	u32 hash;
	u16 fields;
	u8 action;
	u8 flags;
	struct vseg_cell_stats *stats;
	const char *name;
	const char *comment;
	u32 nmatches;
	struct vseg_rule_match match[];
};

/**
 * struct vseg_fit - the rules that fit an interval of values
 * @summary: which words of their bitmap aren't zero
 * @at: where these words begin
 */
struct vseg_fit {
	u64 summary;
	u32 at;
};

/**
 * struct vseg_index - from a value to the rules that ask for it
 * @step: half the number of intervals, which is a power of two: the last one is
 *	there as often as it takes
 * @first: the least value of each interval, ascending from 0; NULL in an index
 *	of IPv6 addresses
 * @address: likewise, of IPv6 addresses; NULL in others
 * @direct: of a field of 8 bits, the interval of each value; NULL in others
 * @fit: what fits each interval; NULL where one word stands for all rules
 * @words: of the bitmaps; where one word stands for all rules, one for each
 *	interval, with the rules that don't ask for the field
 */
struct vseg_index {
	u32 step;
	u32 *first;
	struct vseg_address *address;
	u8 *direct;
	struct vseg_fit *fit;
	u64 *words;
};

/**
 * struct vseg_table - the rules of a list by one field
 * @bit: of the field in the masks of struct vseg_fields
 * @offset: of its value in struct vseg_fields
 * @wide: its value has 16 bits, not 8
 * @address: it is an address
 * @any_summary: which words of @any aren't zero
 * @any: bitmap of the rules that don't look at the field
 * @index: of the field; of addresses, that of IPv4 and that of IPv6
 */
struct vseg_table {
	u16 bit;
	u8 offset;
	bool wide;
	bool address;
	u64 any_summary;
	u64 *any;
	struct vseg_index index[2];
};

/**
 * struct vseg_order - a rule by its hash
 * @hash: of the rule
 * @rule: its place in the list
 */
struct vseg_order {
	u32 hash;
	u16 rule;
};

/**
 * struct vseg_rules - the rules of a cell
 * @rule: the rules in their order
 * @n: number of @rule
 * @ntables: number of @table
 * @used: fields that some rule looks at
 * @carries_ip: a rule may let IPv4 or IPv6 pass
 * @stateful: a rule lets flows begin
 * @keeps: a rule lets flows begin that outlive it
 * @sealed: what frames look at is there, and nothing changes any more
 * @all: a bit for each rule of up to 64; of more, for each word of a bitmap
 * @table: a table for each field in @used
 * @ref: policies and transactions that have the list
 * @max: places in @rule
 * @nmatches: of all rules
 * @nwords: words of all bitmaps
 * @order: the rules by their hash
 *
 * Private while one transaction has it, and it isn't sealed; then shared and
 * unchanged.
 */
struct vseg_rules {
	struct vseg_rule **rule;
	u32 n;
	u16 ntables;
	u16 used;
	bool carries_ip;
	bool stateful;
	bool keeps;
	bool sealed;
	u64 all;
	struct vseg_table *table;
	refcount_t ref;
	u32 max;
	u32 nmatches;
	u32 nwords;
	struct vseg_order *order;
};

struct vseg_rule *vseg_rule_alloc(u32 nmatches, const char *name,
				  const char *comment);
void vseg_rule_finish(struct vseg_rule *rule);
void vseg_rule_put(struct vseg_rule *rule);
u64 vseg_field_max(u8 field);

struct vseg_rules *vseg_rules_alloc(void);
struct vseg_rules *vseg_rules_copy(const struct vseg_rules *from);
void vseg_rules_put(struct vseg_rules *rules);
int vseg_rules_add(struct vseg_rules *rules, struct vseg_rule *rule, u32 at);
void vseg_rules_del(struct vseg_rules *rules, u32 at);
void vseg_rules_unseal(struct vseg_rules *rules);
int vseg_rules_seal(struct vseg_rules *rules);
struct vseg_rule *vseg_rules_equal(const struct vseg_rules *rules,
				   const struct vseg_rule *rule);

u8 vseg_rules_decide(const struct vseg_rules *rules,
		     const struct vseg_fields *fields, u32 *index);

#endif /* VSEG_RULES_H */
