// SPDX-License-Identifier: GPL-2.0
/*
 * Named services, guests that are isolated from each other, and what cells of
 * rules mean to other cells: one row for each promise.
 */
#include <linux/string.h>

#include "twin.h"

#define A		16
#define B		17
#define C		18
#define HOST		MODEL_HOST
#define NOBODY		MODEL_UNLABELLED
#define ANY		MODEL_ANY

#define ROW_CELLS	3

/**
 * struct cell - what the policy says of a pair
 * @src: source domain; NOBODY ends the list
 * @dst: destination domain
 * @action: enum vseg_action; of a list of rules that has one, which allows the
 *	protocol TCP
 * @flags: enum vseg_cell_flags
 * @services: enum vseg_service
 */
struct cell {
	int src;
	int dst;
	u8 action;
	u8 flags;
	u8 services;
};

/**
 * struct row - a policy, a frame, and what becomes of it
 * @name: what it shows
 * @cell: the policy; domains A, B and C are there
 * @src: domain that the frame comes from
 * @dst: domain that it goes to
 * @class: enum vseg_class
 * @protocol: its IP protocol; 0 for no IP
 * @apart: one end is no guest port
 * @reason: why it is dropped
 * @pass: the built-in pass that lets it through
 */
struct row {
	char name[64];
	struct cell cell[ROW_CELLS];
	int src;
	int dst;
	u8 class;
	u8 protocol;
	bool apart;
	u8 reason;
	u8 pass;
};

#define CELLS(...)	.cell = { __VA_ARGS__ }
#define ALLOW(_src, _dst, ...)	{ _src, _dst, VSEG_ACTION_ALLOW, __VA_ARGS__ }
#define DENY(_src, _dst, ...)	{ _src, _dst, VSEG_ACTION_DENY, __VA_ARGS__ }
#define RULES(_src, _dst, ...)	{ _src, _dst, VSEG_ACTION_RULES, __VA_ARGS__ }
#define WITH(_service)		.services = VSEG_SERVICE_##_service
#define ISOLATE			.flags = VSEG_CELL_FLAGS_ISOLATE
#define FRAME(_src, _dst, _class, ...)					\
	.src = (_src), .dst = (_dst), .class = VSEG_CLASS_##_class,	\
	##__VA_ARGS__
#define TCP			.protocol = 6
#define UDP			.protocol = 17
#define NOT_GUESTS		.apart = true
#define SERVES			.pass = VSEG_PASS_SERVICE
#define RESOLVES		.pass = VSEG_PASS_ADDRESS_RESOLUTION
#define DROPS(_reason)		.reason = VSEG_REASON_##_reason

static const struct row rows[] = {
	{ "dhcp request", CELLS(DENY(A, B, WITH(DHCP))),
	  FRAME(A, B, DHCP_REQUEST), SERVES },
	{ "dhcp reply", CELLS(DENY(A, B, WITH(DHCP))),
	  FRAME(B, A, DHCP_REPLY), SERVES },
	{ "dhcp request the wrong way", CELLS(DENY(A, B, WITH(DHCP))),
	  FRAME(B, A, DHCP_REQUEST), DROPS(DEFAULT_DENY) },
	{ "a guest plays dhcp server", CELLS(DENY(A, B, WITH(DHCP))),
	  FRAME(A, B, DHCP_REPLY), DROPS(CELL_DENY) },
	{ "dhcp to a third domain", CELLS(DENY(A, B, WITH(DHCP))),
	  FRAME(A, C, DHCP_REQUEST), DROPS(DEFAULT_DENY) },
	{ "dhcp from a third domain", CELLS(DENY(A, B, WITH(DHCP))),
	  FRAME(C, A, DHCP_REPLY), DROPS(DEFAULT_DENY) },
	{ "another service", CELLS(DENY(A, B, WITH(DHCPV6))),
	  FRAME(A, B, DHCP_REQUEST), DROPS(CELL_DENY) },
	{ "dhcpv6 request", CELLS(DENY(A, B, WITH(DHCPV6))),
	  FRAME(A, B, DHCPV6_REQUEST), SERVES },
	{ "dhcpv6 reply", CELLS(DENY(A, B, WITH(DHCPV6))),
	  FRAME(B, A, DHCPV6_REPLY), SERVES },
	{ "router solicitation", CELLS(DENY(A, B, WITH(RA))),
	  FRAME(A, B, ROUTER_SOLICITATION), SERVES },
	{ "router advertisement", CELLS(DENY(A, B, WITH(RA))),
	  FRAME(B, A, ROUTER_ADVERTISEMENT), SERVES },
	{ "a client's router advertisement", CELLS(DENY(A, B, WITH(RA))),
	  FRAME(A, B, ROUTER_ADVERTISEMENT), DROPS(CELL_DENY) },
	{ "mdns", CELLS(DENY(A, B, WITH(MDNS))), FRAME(A, B, MDNS), SERVES },
	{ "mdns back", CELLS(DENY(A, B, WITH(MDNS))), FRAME(B, A, MDNS),
	  SERVES },
	{ "what is no message of a service",
	  CELLS(DENY(A, B, .services = VSEG_SERVICE_MASK)), FRAME(A, B, OTHER),
	  DROPS(CELL_DENY) },
	{ "service of an allow cell, back", CELLS(ALLOW(A, B, WITH(DHCP))),
	  FRAME(B, A, DHCP_REPLY), SERVES },
	{ "service of rules", CELLS(RULES(A, B, WITH(DHCP))),
	  FRAME(A, B, DHCP_REQUEST, UDP), SERVES },
	{ "service by a wildcard", CELLS(DENY(ANY, B, WITH(DHCP))),
	  FRAME(A, B, DHCP_REQUEST), SERVES },
	{ "service by a wildcard, back", CELLS(DENY(ANY, B, WITH(DHCP))),
	  FRAME(B, A, DHCP_REPLY), SERVES },
	{ "a cell beside the wildcard has no service",
	  CELLS(DENY(ANY, B, WITH(DHCP)), DENY(A, B)),
	  FRAME(A, B, DHCP_REQUEST), DROPS(CELL_DENY) },
	{ "service of nobody", CELLS(ALLOW(ANY, ANY, WITH(DHCP))),
	  FRAME(NOBODY, B, DHCP_REQUEST), DROPS(UNLABELLED_SRC) },
	{ "service to nobody", CELLS(ALLOW(ANY, ANY, WITH(DHCP))),
	  FRAME(B, NOBODY, DHCP_REPLY), DROPS(UNLABELLED_DST) },
	{ "service of the host", CELLS(DENY(A, HOST, WITH(DHCP))),
	  FRAME(HOST, A, DHCP_REPLY, NOT_GUESTS), SERVES },
	{ "the host is no operator's domain",
	  CELLS(DENY(ANY, ANY, WITH(DHCP))),
	  FRAME(A, HOST, DHCP_REQUEST, NOT_GUESTS), DROPS(DEFAULT_DENY) },

	{ "isolated", CELLS(ALLOW(A, A, ISOLATE)), FRAME(A, A, OTHER),
	  DROPS(ISOLATED) },
	{ "isolated, no guest at one end", CELLS(ALLOW(A, A, ISOLATE)),
	  FRAME(A, A, OTHER, NOT_GUESTS) },
	{ "isolated, another domain", CELLS(ALLOW(A, A, ISOLATE), ALLOW(A, B)),
	  FRAME(A, B, OTHER) },
	{ "isolated from arp", CELLS(ALLOW(A, A, ISOLATE)),
	  FRAME(A, A, RESOLUTION), DROPS(ISOLATED) },
	{ "isolated, with a service",
	  CELLS(ALLOW(A, A, ISOLATE, WITH(MDNS))), FRAME(A, A, MDNS), SERVES },
	{ "isolated, with another service",
	  CELLS(ALLOW(A, A, ISOLATE, WITH(DHCP))), FRAME(A, A, MDNS),
	  DROPS(ISOLATED) },

	{ "a rule allows", CELLS(RULES(A, B)), FRAME(A, B, OTHER, TCP) },
	{ "no rule", CELLS(RULES(A, B)), FRAME(A, B, OTHER, UDP),
	  DROPS(NO_RULE) },
	{ "rules carry ip, so does arp", CELLS(RULES(A, B)),
	  FRAME(A, B, RESOLUTION), RESOLVES },
	{ "and arp back", CELLS(RULES(A, B)), FRAME(B, A, RESOLUTION),
	  RESOLVES },
	{ "deny wins over rules", CELLS(RULES(A, ANY), DENY(ANY, B)),
	  FRAME(A, B, OTHER, TCP), DROPS(CELL_DENY) },
	{ "rules win over allow", CELLS(RULES(A, ANY), ALLOW(ANY, B)),
	  FRAME(A, B, OTHER, UDP), DROPS(NO_RULE) },
	{ "two lists of rules let nothing pass",
	  CELLS(RULES(A, ANY), RULES(ANY, B)), FRAME(A, B, OTHER, TCP),
	  DROPS(DEFAULT_DENY) },
	{ "rules for one pair win", CELLS(RULES(A, ANY), DENY(ANY, B),
					  RULES(A, B)),
	  FRAME(A, B, OTHER, TCP) },
};

KUNIT_ARRAY_PARAM_DESC(rows, rows, name);

static void add_rule(struct twin *twin, u32 key)
{
	struct vseg_rule *rule = vseg_rule_alloc(1, "", "");

	KUNIT_ASSERT_NOT_NULL(twin->test, rule);
	rule->action = VSEG_ACTION_ALLOW;
	rule->match[0].field = VSEG_MATCH_FIELD_PROTOCOL;
	rule->match[0].first.lo = 6;
	rule->match[0].last.lo = 6;
	vseg_rule_finish(rule);
	KUNIT_ASSERT_EQ(twin->test, 0,
			vseg_tables_add_rule(twin->tables, key, rule, 0));
	vseg_rule_put(rule);
}

static struct twin *twin_of(struct kunit *test, const struct row *row)
{
	struct twin_net *net = twin_net(test);
	struct twin *twin = twin_new(test, net);
	unsigned int i;

	for (i = A; i <= C; i++)
		KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, i));
	for (i = 0; i < ROW_CELLS && row->cell[i].src != NOBODY; i++) {
		const struct cell *cell = &row->cell[i];
		u32 key = twin_key(twin, cell->src, cell->dst);

		KUNIT_ASSERT_EQ(test, 0,
				vseg_tables_set_cell(twin->tables, key,
						     cell->action, cell->flags,
						     &net->pool));
		vseg_tables_set_services(twin->tables, key, cell->services);
		if (cell->action == VSEG_ACTION_RULES)
			add_rule(twin, key);
	}
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_seal(twin->tables));
	return twin;
}

static void pass_rows(struct kunit *test)
{
	const struct row *row = test->param_value;
	struct twin *twin = twin_of(test, row);
	const struct vseg_fields fields = {
		.known = row->protocol ? VSEG_FIELDS_ALL :
					 VSEG_FIELD(ETHERTYPE),
		.protocol = row->protocol,
	};
	const struct vseg_frame frame = {
		.src = twin_slot(twin, row->src),
		.dst = twin_slot(twin, row->dst),
		.class = row->class,
		.guests = !row->apart,
		.fields = &fields,
	};
	struct vseg_verdict verdict;
	struct vseg_policy policy;
	const struct vseg_cell *cell;

	twin_policy(twin, &policy);
	cell = vseg_policy_cell(&policy, frame.src, frame.dst);
	vseg_policy_decide(&policy, cell, &frame, &verdict);
	KUNIT_EXPECT_EQ(test, row->reason, verdict.reason);
	KUNIT_EXPECT_EQ(test, row->pass, verdict.pass);
	/* What a pass lets through is never left unasked. */
	if (verdict.pass != VSEG_PASS_NONE)
		KUNIT_EXPECT_TRUE(test,
				  vseg_policy_wants_class(&policy, cell,
							  &frame));
	if (verdict.pass == VSEG_PASS_SERVICE)
		KUNIT_EXPECT_TRUE(test,
				  vseg_policy_wants_service(&policy, cell,
							    &frame));
	twin_free(twin);
}

/* What tables count of cells follows each edit. */
static void pass_counts(struct kunit *test)
{
	struct twin_net *net = twin_net(test);
	struct twin *twin = twin_new(test, net);
	struct vseg_tables *t = twin->tables, *copy;
	u32 key;

	KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, A));
	key = twin_key(twin, A, HOST);
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_set_cell(t, key, VSEG_ACTION_RULES,
						      0, &net->pool));
	vseg_tables_set_services(t, key, VSEG_SERVICE_DHCP);
	add_rule(twin, key);
	add_rule(twin, key);
	KUNIT_EXPECT_EQ(test, 1, t->nlists);
	KUNIT_EXPECT_EQ(test, 1, t->nservices);
	KUNIT_EXPECT_EQ(test, 2, t->nrules);
	KUNIT_EXPECT_EQ(test, 2, t->nmatches);

	/* The same action again keeps the rules; services are set anew. */
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_set_cell(t, key, VSEG_ACTION_RULES,
						      0, &net->pool));
	KUNIT_EXPECT_EQ(test, 0, t->nservices);
	KUNIT_EXPECT_EQ(test, 2, t->nrules);

	/* A copy shares them until one of the two is edited. */
	copy = vseg_tables_copy(t);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	KUNIT_EXPECT_PTR_EQ(test, vseg_tables_cell(t, key)->rules,
			    vseg_tables_cell(copy, key)->rules);
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_del_rule(copy, key, 1));
	KUNIT_EXPECT_EQ(test, 1, copy->nrules);
	KUNIT_EXPECT_EQ(test, 1, vseg_tables_cell(copy, key)->rules->n);
	KUNIT_EXPECT_EQ(test, 2, vseg_tables_cell(t, key)->rules->n);
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_clear_rules(copy, key));
	KUNIT_EXPECT_EQ(test, 0, copy->nrules);
	KUNIT_EXPECT_EQ(test, 0, copy->nmatches);
	vseg_tables_put(copy);

	KUNIT_ASSERT_EQ(test, 0, vseg_tables_set_cell(t, key, VSEG_ACTION_DENY,
						      0, &net->pool));
	KUNIT_EXPECT_NULL(test, vseg_tables_cell(t, key)->rules);
	KUNIT_EXPECT_EQ(test, 0, t->nlists);
	KUNIT_EXPECT_EQ(test, 0, t->nrules);
	KUNIT_EXPECT_EQ(test, 0, t->nmatches);
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_set_cell(t, key, VSEG_ACTION_RULES,
						      0, &net->pool));
	add_rule(twin, key);
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_del_cell(t, key));
	KUNIT_EXPECT_EQ(test, 0, t->nlists);
	KUNIT_EXPECT_EQ(test, 0, t->nrules);
	twin_free(twin);
}

/* Two lists of rules for one pair are a tie, as allow and deny are. */
static void pass_ties(struct kunit *test)
{
	static const u8 actions[] = { VSEG_ACTION_DENY, VSEG_ACTION_ALLOW,
				      VSEG_ACTION_RULES };
	struct twin_net *net = twin_net(test);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		for (j = 0; j < ARRAY_SIZE(actions); j++) {
			struct twin *twin = twin_new(test, net);

			twin_add_domain(twin, A);
			twin_add_domain(twin, B);
			vseg_tables_set_cell(twin->tables,
					     twin_key(twin, A, ANY), actions[i],
					     0, &net->pool);
			vseg_tables_set_cell(twin->tables,
					     twin_key(twin, ANY, B), actions[j],
					     0, &net->pool);
			KUNIT_EXPECT_EQ_MSG(test, vseg_tables_ties(twin->tables),
					    i != j || i == 2, "%u %u", i, j);
			vseg_tables_set_cell(twin->tables,
					     twin_key(twin, A, B),
					     VSEG_ACTION_ALLOW, 0, &net->pool);
			KUNIT_EXPECT_FALSE(test,
					   vseg_tables_ties(twin->tables));
			twin_free(twin);
		}
	}
}

static struct kunit_case pass_cases[] = {
	KUNIT_CASE_PARAM(pass_rows, rows_gen_params),
	KUNIT_CASE(pass_counts),
	KUNIT_CASE(pass_ties),
	{}
};

static struct kunit_suite pass_suite = {
	.name = "vseg_pass",
	.test_cases = pass_cases,
};

kunit_test_suite(pass_suite);
