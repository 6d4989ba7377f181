// SPDX-License-Identifier: GPL-2.0
/*
 * Comparing a policy as the module has it with the model's.
 */
#include "twin.h"

/* As a commit makes it. */
void twin_policy(const struct twin *twin, struct vseg_policy *policy)
{
	memset(policy, 0, sizeof(*policy));
	vseg_policy_init(policy, twin->tables, 0);
}

static void twin_compare_cells(struct twin *twin, unsigned int i)
{
	const struct model_policy *model = &twin->model;
	const struct vseg_tables *t = twin->tables;
	struct kunit *test = twin->test;
	unsigned int n, monitor = 0, to_any = 0, from_any = 0;

	for (n = 0; n < model->ncells; n++) {
		const struct model_cell *want = &model->cell[n];
		const struct vseg_cell *cell;

		cell = vseg_tables_cell(t, twin_key(twin, want->src, want->dst));
		KUNIT_ASSERT_NOT_NULL_MSG(test, cell, "%d > %d, %s",
					  want->src, want->dst, case_name(i));
		KUNIT_ASSERT_EQ_MSG(test, cell->action, want->action, "%s",
				    case_name(i));
		KUNIT_ASSERT_EQ_MSG(test, cell->flags,
				    want->monitor ? VSEG_CELL_FLAGS_MONITOR : 0,
				    "%s", case_name(i));
		monitor += want->monitor;
		to_any += want->src != MODEL_ANY && want->dst == MODEL_ANY;
		from_any += want->src == MODEL_ANY && want->dst != MODEL_ANY;
	}
	KUNIT_ASSERT_EQ_MSG(test, t->nlisted, model->ncells, "%s",
			    case_name(i));
	KUNIT_ASSERT_EQ_MSG(test, t->nmonitor, monitor, "%s", case_name(i));
	KUNIT_ASSERT_EQ_MSG(test, t->nto_any, to_any, "%s", case_name(i));
	KUNIT_ASSERT_EQ_MSG(test, t->nfrom_any, from_any, "%s", case_name(i));
	KUNIT_ASSERT_LE(test, t->ncells * 2, 1U << t->cell_bits);
}

/* All that can be read of a policy is as it was written. */
void twin_compare(struct twin *twin, unsigned int i)
{
	struct model_policy *model = &twin->model;
	const struct vseg_tables *t = twin->tables;
	struct kunit *test = twin->test;
	unsigned int n;

	twin_compare_cells(twin, i);
	KUNIT_ASSERT_EQ_MSG(test, t->ndomains, model->ndomains, "%s",
			    case_name(i));
	for (n = 0; n < model->ndomains; n++) {
		struct vseg_domain *domain = twin_domain(twin,
							 model->domain[n]);

		KUNIT_ASSERT_NOT_NULL(test, domain);
		KUNIT_ASSERT_EQ(test, domain->id, model->domain[n]);
		KUNIT_ASSERT_TRUE(test, test_bit(domain->id, t->domains.ids));
		KUNIT_ASSERT_EQ_MSG(test,
				    vseg_tables_domain_cells(t, domain->slot),
				    model_naming(model, model->domain[n]),
				    "%s", case_name(i));
	}
	KUNIT_ASSERT_EQ(test, bitmap_weight(t->domains.ids,
					    VSEG_DOMAIN_ID_MAX + 1),
			model->ndomains);
	KUNIT_ASSERT_EQ_MSG(test, vseg_tables_ties(t), model_ties(model),
			    "%s", case_name(i));
}

/* Would a pass let a denied copy through, if only it were of the right kind? */
static bool twin_could_pass(struct twin *twin, const struct model_copy *copy)
{
	struct model_copy other = *copy;
	struct model_answer answer;

	for (other.kind = 0; other.kind < MODEL_KINDS; other.kind++) {
		model_answer(&twin->model, &other, &answer);
		if (answer.pass != VSEG_PASS_NONE)
			return true;
	}
	return false;
}

static const char *copy_name(const struct model_copy *copy, unsigned int i)
{
	static char name[96];

	snprintf(name, sizeof(name), "%d > %d kind %d own %d trunk %d, %s",
		 copy->src, copy->dst, copy->kind, copy->own, copy->trunk,
		 case_name(i));
	return name;
}

/* The module decides a copy as the model does. */
void twin_decide(struct twin *twin, const struct model_copy *copy,
		 unsigned int i)
{
	static const u8 class[MODEL_KINDS] = {
		[MODEL_OTHER] = VSEG_CLASS_OTHER,
		[MODEL_RESOLUTION] = VSEG_CLASS_RESOLUTION,
		[MODEL_BPDU] = VSEG_CLASS_BPDU,
		[MODEL_QUERY] = VSEG_CLASS_QUERY,
	};
	const struct vseg_fields fields = {};
	const struct vseg_frame frame = {
		.src = twin_slot(twin, copy->src),
		.dst = twin_slot(twin, copy->dst),
		.class = class[copy->kind],
		.own = copy->own,
		.trunk = copy->trunk,
		/* Cells of rules have none here, whatever the frame is. */
		.fields = &fields,
	};
	struct kunit *test = twin->test;
	struct vseg_verdict verdict;
	const struct vseg_cell *cell;
	struct vseg_policy policy;
	struct model_answer want;

	twin_policy(twin, &policy);
	model_answer(&twin->model, copy, &want);
	cell = vseg_policy_cell(&policy, frame.src, frame.dst);
	vseg_policy_decide(&policy, cell, &frame, &verdict);

	KUNIT_ASSERT_PTR_EQ(test, verdict.cell, cell);
	KUNIT_ASSERT_EQ_MSG(test, cell->action, want.action, "%s",
			    copy_name(copy, i));
	KUNIT_ASSERT_EQ_MSG(test, !!cell->stats, want.listed, "%s",
			    copy_name(copy, i));
	KUNIT_ASSERT_EQ_MSG(test, cell->flags & VSEG_CELL_FLAGS_MONITOR,
			    want.monitor ? VSEG_CELL_FLAGS_MONITOR : 0,
			    "%s",
			    copy_name(copy, i));
	KUNIT_ASSERT_EQ_MSG(test, verdict.pass, want.pass, "%s",
			    copy_name(copy, i));
	KUNIT_ASSERT_EQ_MSG(test, verdict.reason, want.reason, "%s",
			    copy_name(copy, i));
	if (want.action == VSEG_ACTION_DENY)
		KUNIT_ASSERT_EQ_MSG(test,
				    vseg_policy_wants_class(&policy, cell,
							    &frame),
				    twin_could_pass(twin, copy), "%s",
			    copy_name(copy, i));
}

/* So it does for every pair of domains. */
void twin_compare_pairs(struct twin *twin, unsigned int i)
{
	const struct model_policy *model = &twin->model;
	unsigned int n = 3 + model->ndomains, src, dst, kind = 0;

	for (src = 0; src < n; src++) {
		for (dst = 0; dst < n; dst++, kind++) {
			struct model_copy copy = {
				.src = src < 3 ? src : model->domain[src - 3],
				.dst = dst < 3 ? dst : model->domain[dst - 3],
				.kind = kind % MODEL_KINDS,
				.own = kind / MODEL_KINDS % 3 == 0,
				.trunk = kind / MODEL_KINDS % 2,
			};

			twin_decide(twin, &copy, i);
		}
	}
}
