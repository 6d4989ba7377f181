// SPDX-License-Identifier: GPL-2.0
/*
 * Deciding: what the words of the documentation promise, one row each, and
 * random policies against the model.
 */
#include <linux/string.h>

#include "../../kmod/policy.c"

#include "twin.h"

#define A		16
#define B		17
#define C		18
#define HOST		MODEL_HOST
#define ROUTED		MODEL_ROUTED
#define NOBODY		MODEL_UNLABELLED
#define ANY		MODEL_ANY

#define ROW_CELLS	4

/**
 * struct row - a policy, a copy, and what becomes of it
 * @name: what it shows
 * @cell: the policy lists these; domains A, B and C are there
 * @off: a built-in pass that is off
 * @copy: the copy
 * @reason: why it is dropped
 * @pass: the built-in pass that lets it through
 * @monitor: its cell is in monitor mode
 */
struct row {
	char name[64];
	struct model_cell cell[ROW_CELLS];
	enum vseg_pass off;
	struct model_copy copy;
	enum vseg_reason reason;
	enum vseg_pass pass;
	bool monitor;
};

#define ALLOW(_src, _dst)	{ _src, _dst, VSEG_ACTION_ALLOW, false }
#define DENY(_src, _dst)	{ _src, _dst, VSEG_ACTION_DENY, false }
#define WATCH(_src, _dst)	{ _src, _dst, VSEG_ACTION_DENY, true }
#define CELLS(...)		.cell = { __VA_ARGS__ }
#define COPY(...)		.copy = { __VA_ARGS__ }
#define PASSES			.reason = VSEG_REASON_NONE
#define DROPS(_reason)		.reason = VSEG_REASON_##_reason
#define BY(_pass)		.pass = VSEG_PASS_##_pass
#define OFF(_pass)		.off = VSEG_PASS_##_pass
#define ARP			MODEL_RESOLUTION
#define BPDU			MODEL_BPDU
#define QUERY			MODEL_QUERY
#define OTHER			MODEL_OTHER
#define OWN			.own = true
#define TRUNK			.trunk = true

static const struct row rows[] = {
	{ "what isn't listed is denied", COPY(A, B), DROPS(DEFAULT_DENY) },
	{ "an allow passes", CELLS(ALLOW(A, B)), COPY(A, B), PASSES },
	{ "and nothing back", CELLS(ALLOW(A, B)), COPY(B, A),
	  DROPS(DEFAULT_DENY) },
	{ "a deny drops", CELLS(DENY(A, B)), COPY(A, B), DROPS(CELL_DENY) },
	{ "a monitored deny is one", CELLS(WATCH(A, B)), COPY(A, B),
	  DROPS(CELL_DENY), .monitor = true },

	{ "inside a domain all passes", COPY(A, A), PASSES },
	{ "unless it is listed", CELLS(DENY(A, A)), COPY(A, A),
	  DROPS(CELL_DENY) },
	{ "inside beats to any", CELLS(DENY(A, ANY)), COPY(A, A), PASSES },
	{ "inside beats from any", CELLS(DENY(ANY, A)), COPY(A, A), PASSES },
	{ "inside beats any any", CELLS(DENY(ANY, ANY)), COPY(A, A), PASSES },
	{ "host has no inside", COPY(HOST, HOST), DROPS(DEFAULT_DENY) },
	{ "routed has no inside", COPY(ROUTED, ROUTED), DROPS(DEFAULT_DENY) },

	{ "to any", CELLS(ALLOW(A, ANY)), COPY(A, B), PASSES },
	{ "to any isn't from any", CELLS(ALLOW(A, ANY)), COPY(B, A),
	  DROPS(DEFAULT_DENY) },
	{ "from any", CELLS(ALLOW(ANY, B)), COPY(A, B), PASSES },
	{ "any any", CELLS(ALLOW(ANY, ANY)), COPY(A, B), PASSES },
	{ "a pair beats to any", CELLS(DENY(A, ANY), ALLOW(A, B)), COPY(A, B),
	  PASSES },
	{ "a pair beats from any", CELLS(ALLOW(ANY, B), DENY(A, B)),
	  COPY(A, B), DROPS(CELL_DENY) },
	{ "to any beats any any", CELLS(DENY(ANY, ANY), ALLOW(A, ANY)),
	  COPY(A, B), PASSES },
	{ "from any beats any any", CELLS(ALLOW(ANY, ANY), DENY(ANY, B)),
	  COPY(A, B), DROPS(CELL_DENY) },
	{ "in a tie a deny to any wins", CELLS(DENY(A, ANY), ALLOW(ANY, B)),
	  COPY(A, B), DROPS(CELL_DENY) },
	{ "in a tie a deny from any wins", CELLS(ALLOW(A, ANY), DENY(ANY, B)),
	  COPY(A, B), DROPS(CELL_DENY) },
	{ "a tie is settled by a pair",
	  CELLS(DENY(A, ANY), ALLOW(ANY, B), ALLOW(A, B)), COPY(A, B), PASSES },
	{ "the enforced deny wins, from any",
	  CELLS(WATCH(A, ANY), DENY(ANY, B)), COPY(A, B), DROPS(CELL_DENY) },
	{ "the enforced deny wins, to any",
	  CELLS(DENY(A, ANY), WATCH(ANY, B)), COPY(A, B), DROPS(CELL_DENY) },
	{ "a monitored deny beats an allow",
	  CELLS(WATCH(A, ANY), ALLOW(ANY, B)), COPY(A, B), DROPS(CELL_DENY),
	  .monitor = true },
	{ "two monitored denies", CELLS(WATCH(A, ANY), WATCH(ANY, B)),
	  COPY(A, B), DROPS(CELL_DENY), .monitor = true },

	{ "any isn't host as source", CELLS(ALLOW(ANY, B), ALLOW(ANY, ANY)),
	  COPY(HOST, B), DROPS(DEFAULT_DENY) },
	{ "any isn't host as destination",
	  CELLS(ALLOW(A, ANY), ALLOW(ANY, ANY)), COPY(A, HOST),
	  DROPS(DEFAULT_DENY) },
	{ "any isn't routed", CELLS(ALLOW(A, ANY), ALLOW(ANY, ANY)),
	  COPY(A, ROUTED), DROPS(DEFAULT_DENY) },
	{ "host to any", CELLS(ALLOW(HOST, ANY)), COPY(HOST, B), PASSES },
	{ "host to any isn't to itself", CELLS(ALLOW(HOST, ANY)),
	  COPY(HOST, HOST), DROPS(DEFAULT_DENY) },
	{ "any to host", CELLS(ALLOW(ANY, HOST)), COPY(A, HOST), PASSES },
	{ "host by name", CELLS(ALLOW(A, HOST)), COPY(A, HOST), PASSES },
	{ "nobody isn't any as source",
	  CELLS(ALLOW(ANY, B), ALLOW(ANY, ANY)), COPY(NOBODY, B),
	  DROPS(UNLABELLED_SRC) },
	{ "nobody isn't any as destination",
	  CELLS(ALLOW(A, ANY), ALLOW(ANY, ANY)), COPY(A, NOBODY),
	  DROPS(UNLABELLED_DST) },
	{ "nobody gets nothing from nobody", CELLS(ALLOW(ANY, ANY)),
	  COPY(NOBODY, NOBODY), DROPS(UNLABELLED_SRC) },

	{ "arp where it is allowed", CELLS(ALLOW(A, B)), COPY(A, B, ARP),
	  PASSES },
	{ "arp back", CELLS(ALLOW(A, B)), COPY(B, A, ARP), PASSES,
	  BY(ADDRESS_RESOLUTION) },
	{ "arp back through a wildcard", CELLS(ALLOW(ANY, B)),
	  COPY(B, A, ARP), PASSES, BY(ADDRESS_RESOLUTION) },
	{ "arp back though denied", CELLS(ALLOW(A, B), DENY(B, A)),
	  COPY(B, A, ARP), PASSES, BY(ADDRESS_RESOLUTION) },
	{ "arp to the host", CELLS(ALLOW(HOST, A)), COPY(A, HOST, ARP), PASSES,
	  BY(ADDRESS_RESOLUTION) },
	{ "arp between strangers", COPY(A, B, ARP), DROPS(DEFAULT_DENY) },
	{ "arp switched off", CELLS(ALLOW(A, B)), OFF(ADDRESS_RESOLUTION),
	  COPY(B, A, ARP), DROPS(DEFAULT_DENY) },
	{ "arp with the other pass off", CELLS(ALLOW(A, B)),
	  OFF(BRIDGE_CONTROL), COPY(B, A, ARP), PASSES,
	  BY(ADDRESS_RESOLUTION) },
	{ "arp of nobody", CELLS(ALLOW(ANY, ANY)), COPY(NOBODY, A, ARP),
	  DROPS(UNLABELLED_SRC) },
	{ "arp to nobody", CELLS(ALLOW(ANY, ANY)), COPY(A, NOBODY, ARP),
	  DROPS(UNLABELLED_DST) },
	{ "another frame back", CELLS(ALLOW(A, B)), COPY(B, A, OTHER),
	  DROPS(DEFAULT_DENY) },

	{ "own bpdu", COPY(HOST, A, BPDU, OWN), PASSES, BY(BRIDGE_CONTROL) },
	{ "own bpdu to nobody", COPY(HOST, NOBODY, BPDU, OWN), PASSES,
	  BY(BRIDGE_CONTROL) },
	{ "own bpdu though denied", CELLS(DENY(HOST, A)),
	  COPY(HOST, A, BPDU, OWN), PASSES, BY(BRIDGE_CONTROL) },
	{ "own bpdu switched off", OFF(BRIDGE_CONTROL),
	  COPY(HOST, A, BPDU, OWN), DROPS(DEFAULT_DENY) },
	{ "a guest's bpdu", COPY(A, B, BPDU), DROPS(DEFAULT_DENY) },
	{ "a trunk's bpdu", COPY(A, B, BPDU, TRUNK), DROPS(DEFAULT_DENY) },
	{ "own query", COPY(HOST, A, QUERY, OWN), PASSES, BY(BRIDGE_CONTROL) },
	{ "own query to nobody", COPY(HOST, NOBODY, QUERY, OWN),
	  DROPS(UNLABELLED_DST) },
	{ "own query switched off", OFF(BRIDGE_CONTROL),
	  COPY(HOST, A, QUERY, OWN), DROPS(DEFAULT_DENY) },
	{ "a trunk's query", COPY(A, B, QUERY, TRUNK), PASSES,
	  BY(BRIDGE_CONTROL) },
	{ "a trunk's query from nobody", COPY(NOBODY, B, QUERY, TRUNK),
	  DROPS(UNLABELLED_SRC) },
	{ "a trunk's query to nobody", COPY(A, NOBODY, QUERY, TRUNK),
	  DROPS(UNLABELLED_DST) },
	{ "a guest's query", COPY(A, B, QUERY), DROPS(DEFAULT_DENY) },
	{ "own frame of no kind", COPY(HOST, A, OTHER, OWN),
	  DROPS(DEFAULT_DENY) },
};

KUNIT_ARRAY_PARAM_DESC(rows, rows, name);

static void policy_rows(struct kunit *test)
{
	const struct row *row = test->param_value;
	struct twin *twin = twin_new(test, twin_net(test));
	struct model_answer answer;
	unsigned int i;

	for (i = A; i <= C; i++)
		KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, i));
	for (i = 0; i < ROW_CELLS; i++) {
		const struct model_cell *cell = &row->cell[i];

		if (cell->src != NOBODY)
			KUNIT_ASSERT_EQ(test, 0,
					twin_set_cell(twin, cell->src,
						      cell->dst, cell->action,
						      cell->monitor));
	}
	if (row->off == VSEG_PASS_ADDRESS_RESOLUTION)
		twin->model.address_resolution = false;
	if (row->off == VSEG_PASS_BRIDGE_CONTROL)
		twin->model.bridge_control = false;
	twin->tables->settings.address_resolution =
		twin->model.address_resolution;
	twin->tables->settings.bridge_control = twin->model.bridge_control;

	/* The model must have understood, and the module agree with it. */
	model_answer(&twin->model, &row->copy, &answer);
	KUNIT_EXPECT_EQ(test, answer.reason, row->reason);
	KUNIT_EXPECT_EQ(test, answer.pass, row->pass);
	KUNIT_EXPECT_EQ(test, answer.monitor, row->monitor);
	twin_decide(twin, &row->copy, 0);
}

/* Random policies, and copies from anywhere to anywhere. */
static void policy_random(struct kunit *test)
{
	struct twin_net *net = twin_net(test);
	struct rnd_state rnd;
	unsigned int i, n;

	for (i = 0; i < test_cases; i++) {
		struct twin *twin = twin_new(test, net);

		random_case(&rnd, __func__, i);
		twin_fill(twin, &rnd, below(&rnd, 6),
			  below(&rnd, rarely(&rnd, 4) ? 60 : 12));
		for (n = 0; n < 20; n++) {
			struct model_copy copy = {
				.src = twin_any_domain(twin, &rnd),
				.dst = twin_any_domain(twin, &rnd),
				.kind = below(&rnd, MODEL_KINDS),
				.own = rarely(&rnd, 3),
				.trunk = rarely(&rnd, 3),
			};

			twin_decide(twin, &copy, i);
		}
		twin_compare_pairs(twin, i);
		twin_free(twin);
	}
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(policy_rows, rows_gen_params),
	KUNIT_CASE(policy_random),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "vseg_policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
