// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of a cell: what an operator would expect of a list, one row each;
 * random lists and frames against a walk over the list; memory that is missing.
 */
#include <linux/string.h>

#include "memory.h"
#include "../../kmod/rules.c"
#include "../../kmod/seal.c"
#include "../../kmod/cell.c"

#include "model_rules.h"
#include "random.h"

/*
 * From the model's rules to the module's.
 */

static void number_of(struct vseg_rule_match *to, const struct model_match *from)
{
	to->first.lo = from->first;
	to->last.lo = from->last;
	to->mask = from->mask;
}

static void address_of(struct vseg_rule_match *to,
		       const struct model_match *from)
{
	unsigned int bits = from->version == 4 ? 32 : 128, i;

	to->version = from->version;
	to->prefix = from->prefix;
	for (i = 0; i < bits; i++) {
		bool bit = from->address[i / 8] >> (7 - i % 8) & 1;
		u64 *first = i < bits - 64 && bits == 128 ? &to->first.hi :
							    &to->first.lo;
		u64 *last = i < bits - 64 && bits == 128 ? &to->last.hi :
							   &to->last.lo;

		*first = *first << 1 | (i < from->prefix && bit);
		*last = *last << 1 | (i >= from->prefix || bit);
	}
}

static struct vseg_rule *rule_of(struct kunit *test,
				 const struct model_rule *from)
{
	struct vseg_rule *rule = vseg_rule_alloc(from->n, "", "");
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, rule);
	rule->action = from->allow ? VSEG_ACTION_ALLOW : VSEG_ACTION_DENY;
	for (i = 0; i < from->n; i++) {
		rule->match[i].field = from->match[i].field;
		if (from->match[i].version)
			address_of(&rule->match[i], &from->match[i]);
		else
			number_of(&rule->match[i], &from->match[i]);
	}
	vseg_rule_finish(rule);
	return rule;
}

static void add_to(struct kunit *test, struct vseg_rules *rules,
		   const struct model_rule *from, u32 at)
{
	struct vseg_rule *rule = rule_of(test, from);

	KUNIT_ASSERT_EQ(test, 0, vseg_rules_add(rules, rule, at));
	vseg_rule_put(rule);
}

static struct vseg_rules *list_of(struct kunit *test,
				  const struct model_rule *rule, unsigned int n)
{
	struct vseg_rules *rules = vseg_rules_alloc();
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, rules);
	for (i = 0; i < n; i++)
		add_to(test, rules, &rule[i], i);
	return rules;
}

/*
 * Rows.
 */

#define ROW_RULES	3

/**
 * struct row - a list and a frame
 * @name: what it shows
 * @rule: the list
 * @n: number of @rule
 * @fields: the frame
 * @reason: why it is dropped
 * @index: the rule that decides; @n without one
 */
struct row {
	char name[64];
	struct model_rule rule[ROW_RULES];
	unsigned int n;
	struct vseg_fields fields;
	enum vseg_reason reason;
	unsigned int index;
};

#define RULES(_n, ...)		.n = (_n), .rule = { __VA_ARGS__ }
#define ALLOW(_n, ...)		{ true, _n, { __VA_ARGS__ } }
#define DENY(_n, ...)		{ false, _n, { __VA_ARGS__ } }
#define IS(_field, _value)						\
	{ .field = VSEG_MATCH_FIELD_##_field, .first = (_value),	\
	  .last = (_value) }
#define FROM(_field, _first, _last)					\
	{ .field = VSEG_MATCH_FIELD_##_field, .first = (_first),	\
	  .last = (_last) }
#define FLAGS(_set, _mask)						\
	{ .field = VSEG_MATCH_FIELD_TCP_FLAGS, .first = (_set),	\
	  .mask = (_mask) }
#define IP4(_field, _prefix, ...)					\
	{ .field = VSEG_MATCH_FIELD_##_field, .version = 4,		\
	  .prefix = (_prefix), .address = { __VA_ARGS__ } }
#define IP6(_field, _prefix, ...)					\
	{ .field = VSEG_MATCH_FIELD_##_field, .version = 6,		\
	  .prefix = (_prefix), .address = { __VA_ARGS__ } }

#define KNOWN_IP	(VSEG_FIELD(ETHERTYPE) | VSEG_FIELD(VLAN) |	\
			 VSEG_FIELD(SOURCE) | VSEG_FIELD(DESTINATION) |	\
			 VSEG_FIELD(PROTOCOL) | VSEG_FIELD(FRAGMENT))
#define KNOWN_PORTS	(KNOWN_IP | VSEG_FIELD(SOURCE_PORT) |		\
			 VSEG_FIELD(DESTINATION_PORT))

#define SOURCE4		0x0a000001	/* 10.0.0.1 */
#define DESTINATION4	0x0a000002	/* 10.0.0.2 */

#define FRAME_IP(_known, _protocol, ...)				\
	.fields = {							\
		.known = (_known),					\
		.ethertype = 0x0800,					\
		.version = 4,						\
		.protocol = (_protocol),				\
		.src = { 0, SOURCE4 },					\
		.dst = { 0, DESTINATION4 },				\
		__VA_ARGS__						\
	}
#define TCP(_dport, ...)						\
	FRAME_IP(KNOWN_PORTS | VSEG_FIELD(TCP_FLAGS), 6,		\
		 .sport = 1024, .dport = (_dport), __VA_ARGS__)
#define UDP(_dport, ...)						\
	FRAME_IP(KNOWN_PORTS, 17, .sport = 1024, .dport = (_dport),	\
		 __VA_ARGS__)
#define PING		FRAME_IP(KNOWN_IP | VSEG_FIELD(ICMP), 1, .icmp = 0x800)
/* A later fragment. */
#define LATER								\
	FRAME_IP(KNOWN_IP, 17, .fragment = VSEG_FRAGMENT_LATER,		\
		 .unknown = VSEG_FIELD(SOURCE_PORT) |			\
			    VSEG_FIELD(DESTINATION_PORT))
#define ARP								\
	.fields = {							\
		.known = VSEG_FIELD(ETHERTYPE) | VSEG_FIELD(VLAN),	\
		.ethertype = 0x0806,					\
	}
#define TCP6								\
	.fields = {							\
		.known = KNOWN_PORTS | VSEG_FIELD(TCP_FLAGS),		\
		.ethertype = 0x86dd,					\
		.version = 6,						\
		.protocol = 6,						\
		.sport = 1024,						\
		.dport = 22,						\
		.src = { 0xfd00000000000000, 1 },			\
		.dst = { 0xfd00000000000000, 2 },			\
	}

#define PASSES(_index)		.reason = VSEG_REASON_NONE, .index = (_index)
#define DENIED(_index)							\
	.reason = VSEG_REASON_RULE_DENY, .index = (_index)
#define NO_RULE(_n)		.reason = VSEG_REASON_NO_RULE, .index = (_n)
#define UNPARSED(_n)		.reason = VSEG_REASON_UNPARSED, .index = (_n)

static const struct row rows[] = {
	{ "no rules", RULES(0), TCP(22), NO_RULE(0) },
	{ "all", RULES(1, ALLOW(0)), TCP(22), PASSES(0) },
	{ "all, of what can't be read", RULES(1, ALLOW(0)),
	  .fields = { .unknown = VSEG_FIELDS_ALL }, PASSES(0) },
	{ "nothing", RULES(1, DENY(0)), TCP(22), DENIED(0) },
	{ "protocol", RULES(1, ALLOW(1, IS(PROTOCOL, 6))), TCP(22), PASSES(0) },
	{ "another protocol", RULES(1, ALLOW(1, IS(PROTOCOL, 6))), UDP(22),
	  NO_RULE(1) },
	{ "port", RULES(1, ALLOW(2, IS(PROTOCOL, 6), IS(DESTINATION_PORT, 22))),
	  TCP(22), PASSES(0) },
	{ "port of another protocol",
	  RULES(1, ALLOW(2, IS(PROTOCOL, 6), IS(DESTINATION_PORT, 22))),
	  UDP(22), NO_RULE(1) },
	{ "port of any protocol", RULES(1, ALLOW(1, IS(DESTINATION_PORT, 53))),
	  UDP(53), PASSES(0) },
	{ "port of a protocol without", RULES(1, ALLOW(1, IS(SOURCE_PORT, 0))),
	  PING, NO_RULE(1) },
	{ "range, its first", RULES(1, ALLOW(1, FROM(DESTINATION_PORT, 22, 80))),
	  TCP(22), PASSES(0) },
	{ "range, its last", RULES(1, ALLOW(1, FROM(DESTINATION_PORT, 22, 80))),
	  TCP(80), PASSES(0) },
	{ "behind a range", RULES(1, ALLOW(1, FROM(DESTINATION_PORT, 22, 80))),
	  TCP(81), NO_RULE(1) },
	{ "range to the end",
	  RULES(1, ALLOW(1, FROM(DESTINATION_PORT, 1024, 65535))), TCP(65535),
	  PASSES(0) },
	{ "set", RULES(1, ALLOW(2, IS(DESTINATION_PORT, 80),
				IS(DESTINATION_PORT, 443))), TCP(443),
	  PASSES(0) },
	{ "not in a set", RULES(1, ALLOW(2, IS(DESTINATION_PORT, 80),
					 IS(DESTINATION_PORT, 443))), TCP(81),
	  NO_RULE(1) },
	{ "ranges that touch",
	  RULES(1, ALLOW(2, FROM(DESTINATION_PORT, 10, 20),
			 FROM(DESTINATION_PORT, 21, 30))), TCP(21),
	  PASSES(0) },
	{ "ranges that overlap",
	  RULES(1, ALLOW(2, FROM(DESTINATION_PORT, 10, 30),
			 FROM(DESTINATION_PORT, 20, 25))), TCP(28),
	  PASSES(0) },
	{ "first match denies",
	  RULES(2, DENY(1, IS(DESTINATION_PORT, 22)), ALLOW(1, IS(PROTOCOL, 6))),
	  TCP(22), DENIED(0) },
	{ "first match allows",
	  RULES(2, ALLOW(1, IS(DESTINATION_PORT, 22)), DENY(1, IS(PROTOCOL, 6))),
	  TCP(22), PASSES(0) },
	{ "second match", RULES(2, DENY(1, IS(DESTINATION_PORT, 22)),
				ALLOW(1, IS(PROTOCOL, 6))), TCP(23), PASSES(1) },
	{ "ping", RULES(1, ALLOW(2, IS(PROTOCOL, 1), IS(ICMP, 0x800))), PING,
	  PASSES(0) },
	{ "another message than ping",
	  RULES(1, ALLOW(1, FROM(ICMP, 0x300, 0x3ff))), PING, NO_RULE(1) },
	{ "source", RULES(1, ALLOW(1, IP4(SOURCE, 32, 10, 0, 0, 1))), TCP(22),
	  PASSES(0) },
	{ "another source", RULES(1, ALLOW(1, IP4(SOURCE, 32, 10, 0, 0, 2))),
	  TCP(22), NO_RULE(1) },
	{ "network", RULES(1, ALLOW(1, IP4(DESTINATION, 8, 10))), TCP(22),
	  PASSES(0) },
	{ "any IPv4", RULES(1, ALLOW(1, IP4(DESTINATION, 0))), TCP(22),
	  PASSES(0) },
	{ "any IPv4 isn't IPv6", RULES(1, ALLOW(1, IP4(DESTINATION, 0))), TCP6,
	  NO_RULE(1) },
	{ "any IPv6", RULES(1, ALLOW(1, IP6(DESTINATION, 0))), TCP6,
	  PASSES(0) },
	{ "IPv6 source", RULES(1, ALLOW(1, IP6(SOURCE, 128, 0xfd, [15] = 1))),
	  TCP6, PASSES(0) },
	{ "IPv6 network", RULES(1, ALLOW(1, IP6(SOURCE, 64, 0xfd))), TCP6,
	  PASSES(0) },
	{ "another IPv6 network",
	  RULES(1, ALLOW(1, IP6(SOURCE, 65, 0xfd, [8] = 0x80))), TCP6,
	  NO_RULE(1) },
	{ "both versions", RULES(1, ALLOW(2, IP4(SOURCE, 8, 10),
					  IP6(SOURCE, 8, 0xfd))), TCP6,
	  PASSES(0) },
	{ "address of ARP", RULES(1, ALLOW(1, IP4(SOURCE, 0))), ARP,
	  NO_RULE(1) },
	{ "ethertype", RULES(1, ALLOW(1, IS(ETHERTYPE, 0x806))), ARP,
	  PASSES(0) },
	{ "no VLAN", RULES(1, ALLOW(1, IS(VLAN, 0))), ARP, PASSES(0) },
	{ "another VLAN", RULES(1, ALLOW(1, IS(VLAN, 10))), ARP, NO_RULE(1) },
	{ "new connections", RULES(1, ALLOW(1, FLAGS(0x02, 0x12))),
	  TCP(22, .tcp_flags = 0xc2), PASSES(0) },
	{ "no new connections", RULES(1, DENY(1, FLAGS(0x02, 0x12))),
	  TCP(22, .tcp_flags = 0x12), NO_RULE(1) },
	{ "flags of UDP", RULES(1, ALLOW(1, FLAGS(0, 0xff))), UDP(22),
	  NO_RULE(1) },
	{ "fragment passes", RULES(1, ALLOW(1, IS(FRAGMENT,
						  VSEG_FRAGMENT_LATER))),
	  LATER, PASSES(0) },
	{ "fragment by its protocol", RULES(1, ALLOW(1, IS(PROTOCOL, 17))),
	  LATER, PASSES(0) },
	{ "fragment by a port",
	  RULES(1, ALLOW(2, IS(PROTOCOL, 17), IS(DESTINATION_PORT, 53))),
	  LATER, UNPARSED(1) },
	{ "fragment that may be denied",
	  RULES(2, DENY(1, IS(DESTINATION_PORT, 53)), ALLOW(0)), LATER,
	  UNPARSED(2) },
	{ "fragment that can't be meant",
	  RULES(2, DENY(2, IS(PROTOCOL, 6), IS(DESTINATION_PORT, 53)),
		ALLOW(0)), LATER, PASSES(1) },
	{ "fragment that passes before",
	  RULES(2, ALLOW(1, IS(PROTOCOL, 17)),
		DENY(1, IS(DESTINATION_PORT, 53))), LATER, PASSES(0) },
};

KUNIT_ARRAY_PARAM_DESC(rows, rows, name);

static void rules_rows(struct kunit *test)
{
	const struct row *row = test->param_value;
	struct vseg_rules *rules = list_of(test, row->rule, row->n);
	unsigned int index;
	u32 at;

	KUNIT_ASSERT_EQ(test, 0, vseg_rules_seal(rules));
	KUNIT_EXPECT_EQ(test, row->reason,
			vseg_rules_decide(rules, &row->fields, &at));
	KUNIT_EXPECT_EQ(test, row->index, at);
	/* The model must have understood the words, too. */
	KUNIT_EXPECT_EQ(test, row->reason,
			model_rules(row->rule, row->n, &row->fields, &index));
	KUNIT_EXPECT_EQ(test, row->index, index);
	vseg_rules_put(rules);
}

/*
 * Random lists.  Numbers are few, so that rules meet frames and each other;
 * and they are those beside which something may go wrong.
 */

static unsigned int any_number(struct rnd_state *rnd, unsigned int field)
{
	unsigned int max = vseg_field_max(field);

	switch (below(rnd, 8)) {
	case 0:
		return max - below(rnd, min(max, 3U));
	case 1:
		return below(rnd, max + 1);
	}
	return min(max, below(rnd, 24));
}

static void any_address(struct rnd_state *rnd, unsigned int version,
			u8 *address)
{
	unsigned int bytes = version == 4 ? 4 : 16, i;
	u8 fill = rarely(rnd, 4) ? 0xff : 0;

	/* Some bits at both ends and in the middle. */
	for (i = 0; i < bytes; i++)
		address[i] = fill;
	address[0] ^= below(rnd, 3) << 6;
	address[bytes / 2] ^= below(rnd, 2) << 7;
	address[bytes - 1] ^= below(rnd, 4);
}

static void any_match(struct rnd_state *rnd, struct model_match *match)
{
	static const u8 lengths[] = { 0, 1, 2, 7, 8, 31, 32, 63, 64, 65, 127,
				      128 };
	unsigned int number;

	*match = (struct model_match) {
		.field = below(rnd, __VSEG_MATCH_FIELD_MAX),
	};
	switch (match->field) {
	case VSEG_MATCH_FIELD_SOURCE:
	case VSEG_MATCH_FIELD_DESTINATION:
		match->version = rarely(rnd, 2) ? 4 : 6;
		match->prefix = lengths[below(rnd, match->version == 4 ? 7 :
						   ARRAY_SIZE(lengths))];
		any_address(rnd, match->version, match->address);
		return;
	case VSEG_MATCH_FIELD_TCP_FLAGS:
		match->mask = between(rnd, 1, 255);
		match->first = below(rnd, 256) & match->mask;
		return;
	}
	match->first = any_number(rnd, match->field);
	match->last = match->first;
	if (!rarely(rnd, 3))
		return;
	number = any_number(rnd, match->field);
	match->first = min(match->first, number);
	match->last = max(match->last, number);
}

static void any_rule(struct rnd_state *rnd, struct model_rule *rule)
{
	unsigned int i;

	rule->allow = rarely(rnd, 2);
	rule->n = rarely(rnd, 50) ? 0 : between(rnd, 1, 6);
	for (i = 0; i < rule->n; i++)
		any_match(rnd, &rule->match[i]);
}

static void address_fields(struct rnd_state *rnd, unsigned int version,
			   struct vseg_address *to)
{
	u8 bytes[16];
	unsigned int i;

	any_address(rnd, version, bytes);
	*to = (struct vseg_address) {};
	for (i = 0; i < (version == 4 ? 4 : 16); i++) {
		to->hi = to->hi << 8 | to->lo >> 56;
		to->lo = to->lo << 8 | bytes[i];
	}
}

static void any_fields(struct rnd_state *rnd, struct vseg_fields *fields)
{
	u16 unknown = below(rnd, VSEG_FIELDS_ALL + 1);

	unknown &= below(rnd, VSEG_FIELDS_ALL + 1);
	*fields = (struct vseg_fields) {
		.known = below(rnd, VSEG_FIELDS_ALL + 1) |
			 (rarely(rnd, 2) ? VSEG_FIELDS_ALL : 0),
		.unknown = rarely(rnd, 2) ? 0 : unknown,
		.ethertype = any_number(rnd, VSEG_MATCH_FIELD_ETHERTYPE),
		.vlan = any_number(rnd, VSEG_MATCH_FIELD_VLAN),
		.version = rarely(rnd, 2) ? 4 : 6,
		.protocol = any_number(rnd, VSEG_MATCH_FIELD_PROTOCOL),
		.tcp_flags = below(rnd, 256),
		.fragment = below(rnd, __VSEG_FRAGMENT_MAX),
		.sport = any_number(rnd, VSEG_MATCH_FIELD_SOURCE_PORT),
		.dport = any_number(rnd, VSEG_MATCH_FIELD_DESTINATION_PORT),
		.icmp = any_number(rnd, VSEG_MATCH_FIELD_ICMP),
	};
	address_fields(rnd, fields->version, &fields->src);
	address_fields(rnd, fields->version, &fields->dst);
}

/* Numbers of rules at which a word more is needed, and any. */
static unsigned int any_length(struct rnd_state *rnd)
{
	static const u16 lengths[] = { 1, 2, 63, 64, 65, 127, 128, 129, 640 };

	if (rarely(rnd, 200))
		return VSEG_MAX_CELL_RULES;
	if (rarely(rnd, 3))
		return lengths[below(rnd, ARRAY_SIZE(lengths))];
	return below(rnd, 20);
}

static void compare(struct kunit *test, const struct vseg_rules *rules,
		    const struct model_rule *rule, unsigned int n,
		    struct rnd_state *rnd, unsigned int i)
{
	struct vseg_fields fields;
	unsigned int want, index;
	u32 at;

	any_fields(rnd, &fields);
	want = model_rules(rule, n, &fields, &index);
	KUNIT_EXPECT_EQ_MSG(test, want, vseg_rules_decide(rules, &fields, &at),
			    "%s", case_name(i));
	KUNIT_EXPECT_EQ_MSG(test, index, at, "%s", case_name(i));
}

static struct model_rule *model_memory(struct kunit *test)
{
	struct model_rule *rule = kvcalloc(VSEG_MAX_CELL_RULES, sizeof(*rule),
					   GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rule);
	return rule;
}

static void rules_random(struct kunit *test)
{
	struct model_rule *rule = model_memory(test);
	struct rnd_state rnd;
	unsigned int i, j, n;

	for (i = 0; i < test_cases; i++) {
		struct vseg_rules *rules;

		random_case(&rnd, __func__, i);
		n = any_length(&rnd);
		for (j = 0; j < n; j++)
			any_rule(&rnd, &rule[j]);
		rules = list_of(test, rule, n);
		KUNIT_ASSERT_EQ(test, 0, vseg_rules_seal(rules));
		for (j = 0; j < 30; j++)
			compare(test, rules, rule, n, &rnd, i);
		vseg_rules_put(rules);
	}
	kvfree(rule);
}

/* Rules that each look at another value are what large lists are made of; no
 * rule before the last one decides.
 */
static void rules_many(struct kunit *test)
{
	struct model_rule *rule = model_memory(test);
	struct vseg_fields fields = {
		.known = KNOWN_PORTS,
		.protocol = 17,
	};
	struct vseg_rules *rules;
	unsigned int i;
	u32 at;

	for (i = 0; i < VSEG_MAX_CELL_RULES; i++)
		rule[i] = (struct model_rule) {
			.allow = true,
			.n = 2,
			.match = { IS(PROTOCOL, 17), IS(DESTINATION_PORT, i) },
		};
	rules = list_of(test, rule, VSEG_MAX_CELL_RULES);
	KUNIT_ASSERT_EQ(test, 0, vseg_rules_seal(rules));
	for (i = 0; i < VSEG_MAX_CELL_RULES; i++) {
		fields.dport = i;
		KUNIT_EXPECT_EQ(test, VSEG_REASON_NONE,
				vseg_rules_decide(rules, &fields, &at));
		KUNIT_EXPECT_EQ(test, i, at);
	}
	fields.dport = i;
	KUNIT_EXPECT_EQ(test, VSEG_REASON_NO_RULE,
			vseg_rules_decide(rules, &fields, &at));
	/* A list of these is small: words that are zero take no room. */
	KUNIT_EXPECT_LT(test, rules->nwords, 3 * VSEG_MAX_CELL_RULES);
	vseg_rules_put(rules);
	kvfree(rule);
}

/* Three fields with as many edges as there can be, and in each word of all
 * bitmaps a rule that fits all of them.
 */
static void large_rule(struct model_rule *rule, unsigned int i)
{
	static const u8 fields[] = {
		VSEG_MATCH_FIELD_SOURCE_PORT,
		VSEG_MATCH_FIELD_DESTINATION_PORT,
		VSEG_MATCH_FIELD_ICMP,
	};
	unsigned int j, value;

	rule->n = MODEL_MATCHES;
	for (j = 0; j < rule->n; j++) {
		value = 2 * (i * 4 + j / 3);
		rule->match[j] = (struct model_match) {
			.field = fields[j % 3],
			.first = i % 64 ? value : 0,
			.last = i % 64 ? value : 65535,
		};
	}
}

/* What would take too much memory is refused, and stays as it was. */
static void rules_too_large(struct kunit *test)
{
	struct model_rule *rule = model_memory(test);
	struct vseg_rules *rules;
	unsigned int i;

	for (i = 0; i < VSEG_MAX_CELL_RULES; i++)
		large_rule(&rule[i], i);
	rules = list_of(test, rule, VSEG_MAX_CELL_RULES);
	KUNIT_EXPECT_EQ(test, -E2BIG, vseg_rules_seal(rules));
	KUNIT_EXPECT_FALSE(test, rules->sealed);
	KUNIT_EXPECT_EQ(test, VSEG_MAX_CELL_RULES, rules->n);
	while (rules->n > VSEG_MAX_CELL_RULES / 2)
		vseg_rules_del(rules, rules->n - 1);
	KUNIT_EXPECT_EQ(test, 0, vseg_rules_seal(rules));
	KUNIT_EXPECT_LE(test, rules->nwords, VSEG_MAX_CELL_WORDS);
	vseg_rules_put(rules);
	kvfree(rule);
}

/* Any allocation may fail; the list is as it was, and can be sealed later. */
static void rules_memory(struct kunit *test)
{
	struct model_rule *rule = model_memory(test);
	struct vseg_rules *rules;
	struct rnd_state rnd;
	unsigned int i, n = 130;
	int err, fails = 0;

	random_case(&rnd, __func__, 0);
	for (i = 0; i < n; i++)
		any_rule(&rnd, &rule[i]);
	rules = list_of(test, rule, n);
	for (;; fails++) {
		test_memory = fails;
		err = vseg_rules_seal(rules);
		test_memory = -1;
		if (!err)
			break;
		KUNIT_ASSERT_EQ(test, -ENOMEM, err);
		KUNIT_EXPECT_FALSE(test, rules->sealed);
		KUNIT_EXPECT_NULL(test, rules->table);
	}
	/* Each of the ten fields has tables of its own. */
	KUNIT_EXPECT_GT(test, fails, 40);
	for (i = 0; i < 100; i++)
		compare(test, rules, rule, n, &rnd, 0);
	vseg_rules_put(rules);
	kvfree(rule);
}

/*
 * Lists.
 */

/* A copy has the same rules; what becomes of it doesn't concern the other. */
static void rules_copy(struct kunit *test)
{
	static const struct model_rule rule[] = {
		ALLOW(1, IS(DESTINATION_PORT, 22)),
		ALLOW(1, IS(DESTINATION_PORT, 80)),
		DENY(0),
	};
	struct vseg_rules *rules = list_of(test, rule, 2), *copy;

	KUNIT_ASSERT_EQ(test, 0, vseg_rules_seal(rules));
	copy = vseg_rules_copy(rules);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_EXPECT_FALSE(test, copy->sealed);
	add_to(test, copy, &rule[2], 1);
	KUNIT_EXPECT_EQ(test, 3, copy->n);
	KUNIT_EXPECT_PTR_EQ(test, rules->rule[1], copy->rule[2]);
	vseg_rules_del(copy, 0);
	KUNIT_EXPECT_EQ(test, 2, copy->n);
	KUNIT_EXPECT_EQ(test, 1, copy->nmatches);
	KUNIT_EXPECT_EQ(test, VSEG_ACTION_DENY, copy->rule[0]->action);
	KUNIT_EXPECT_EQ(test, 2, rules->n);
	KUNIT_EXPECT_EQ(test, 2, rules->nmatches);
	vseg_rules_put(rules);
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&copy->rule[1]->ref));
	vseg_rules_put(copy);
}

static void rules_equal(struct kunit *test)
{
	static const struct model_rule rule[] = {
		ALLOW(1, IS(DESTINATION_PORT, 22)),
		DENY(1, IS(DESTINATION_PORT, 22)),
		ALLOW(2, IS(DESTINATION_PORT, 80), IS(DESTINATION_PORT, 443)),
		ALLOW(0),
	};
	static const struct model_rule other[] = {
		ALLOW(1, IS(SOURCE_PORT, 22)),
		ALLOW(2, IS(DESTINATION_PORT, 443), IS(DESTINATION_PORT, 80)),
		DENY(0),
	};
	struct vseg_rules *rules = list_of(test, rule, ARRAY_SIZE(rule));
	struct vseg_rule *like;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, vseg_rules_seal(rules));
	for (i = 0; i < ARRAY_SIZE(rule); i++) {
		like = rule_of(test, &rule[i]);
		KUNIT_EXPECT_PTR_EQ(test, rules->rule[i],
				    vseg_rules_equal(rules, like));
		vseg_rule_put(like);
	}
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		like = rule_of(test, &other[i]);
		KUNIT_EXPECT_NULL(test, vseg_rules_equal(rules, like));
		vseg_rule_put(like);
	}
	vseg_rules_put(rules);
}

/* Where ARP may pass, because IP may. */
static void rules_carry_ip(struct kunit *test)
{
	static const struct {
		struct model_rule rule;
		bool carries;
	} rows[] = {
		{ ALLOW(0), true },
		{ DENY(0), false },
		{ ALLOW(1, IS(PROTOCOL, 6)), true },
		{ ALLOW(1, IS(VLAN, 10)), true },
		{ ALLOW(1, IS(ETHERTYPE, 0x0800)), true },
		{ ALLOW(1, IS(ETHERTYPE, 0x86dd)), true },
		{ ALLOW(1, FROM(ETHERTYPE, 0x0600, 0xffff)), true },
		{ ALLOW(1, IS(ETHERTYPE, 0x0806)), false },
		{ ALLOW(1, IS(ETHERTYPE, 0x88cc)), false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vseg_rules *rules = list_of(test, &rows[i].rule, 1);

		KUNIT_ASSERT_EQ(test, 0, vseg_rules_seal(rules));
		KUNIT_EXPECT_EQ_MSG(test, rows[i].carries, rules->carries_ip,
				    "row %u", i);
		vseg_rules_put(rules);
	}
}

static struct kunit_case rules_cases[] = {
	KUNIT_CASE_PARAM(rules_rows, rows_gen_params),
	KUNIT_CASE(rules_random),
	KUNIT_CASE(rules_many),
	KUNIT_CASE(rules_too_large),
	KUNIT_CASE(rules_memory),
	KUNIT_CASE(rules_copy),
	KUNIT_CASE(rules_equal),
	KUNIT_CASE(rules_carry_ip),
	{}
};

static struct kunit_suite rules_suite = {
	.name = "vseg_rules",
	.exit = memory_enough,
	.test_cases = rules_cases,
};

kunit_test_suite(rules_suite);
