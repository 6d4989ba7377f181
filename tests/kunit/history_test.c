// SPDX-License-Identifier: GPL-2.0
/*
 * The latest generations, and who made them.
 */
#include "memory.h"
#include "../../kmod/history.c"

#include "bridge.h"

static struct vseg_net *history_net(struct kunit *test)
{
	struct vseg_net *vn = bridge_new(test)->vn;

	KUNIT_ASSERT_EQ(test, 0, vseg_history_init(vn));
	return vn;
}

static void history_add(struct vseg_net *vn, u64 generation, u8 op)
{
	const struct vseg_how how = {
		.op = op,
		.generation = generation,
		.confirm = 3 * generation,
	};

	mutex_lock(&vn->lock);
	vseg_history_add(vn, &how, 2 * generation);
	mutex_unlock(&vn->lock);
}

/* All that is remembered, and nothing that isn't any more or yet. */
static void history_compare(struct kunit *test, struct vseg_net *vn, u64 n)
{
	const struct vseg_history_entry *e;
	u64 pos;

	mutex_lock(&vn->lock);
	for (pos = 0; pos < n + 3; pos++) {
		e = vseg_history_read(vn, pos);
		if (pos >= n || pos + 64 < n) {
			KUNIT_EXPECT_NULL_MSG(test, e, "%llu of %llu", pos, n);
			continue;
		}
		KUNIT_EXPECT_NOT_NULL_MSG(test, e, "%llu of %llu", pos, n);
		if (!e)
			continue;
		KUNIT_EXPECT_EQ(test, e->generation, pos + 1);
		KUNIT_EXPECT_EQ(test, e->edits, 2 * (pos + 1));
		KUNIT_EXPECT_EQ(test, e->confirm, 3 * (pos + 1));
	}
	KUNIT_EXPECT_NULL(test, vseg_history_read(vn, U64_MAX));
	mutex_unlock(&vn->lock);
}

/* The latest 64 generations, several times around. */
static void history_ring(struct kunit *test)
{
	struct vseg_net *vn = history_net(test);
	u64 n;

	history_compare(test, vn, 0);
	for (n = 1; n <= 200; n++) {
		history_add(vn, n, VSEG_LOG_OP_COMMIT);
		history_compare(test, vn, n);
	}
}

/* A process by its name, the kernel by none. */
static void history_who(struct kunit *test)
{
	struct vseg_net *vn = history_net(test);
	u64 before = ktime_get_real_ns();
	const struct vseg_history_entry *e;
	u8 op;

	for (op = 0; op <= VSEG_LOG_OP_MAX; op++)
		history_add(vn, op, op);
	mutex_lock(&vn->lock);
	for (op = 0; op <= VSEG_LOG_OP_MAX; op++) {
		bool kernel = op == VSEG_LOG_OP_EXPIRED;

		e = vseg_history_read(vn, op);
		KUNIT_EXPECT_NOT_NULL(test, e);
		if (!e)
			continue;
		KUNIT_EXPECT_EQ(test, e->op, op);
		KUNIT_EXPECT_GE(test, e->time, before);
		KUNIT_EXPECT_LE(test, e->time, ktime_get_real_ns());
		KUNIT_EXPECT_EQ(test, e->pid,
				kernel ? 0 : task_tgid_nr(current));
		KUNIT_EXPECT_STREQ(test, e->comm, kernel ? "" : current->comm);
		KUNIT_EXPECT_EQ(test, e->auid, AUDIT_UID_UNSET);
	}
	mutex_unlock(&vn->lock);
}

/* A namespace that never had a policy remembers nothing, without trouble. */
static void history_none(struct kunit *test)
{
	struct vseg_net *vn = bridge_new(test)->vn;

	history_add(vn, 1, VSEG_LOG_OP_OFF);
	history_compare(test, vn, 0);
	test_memory = 0;
	KUNIT_EXPECT_EQ(test, -ENOMEM, vseg_history_init(vn));
	memory_enough(test);
	KUNIT_EXPECT_EQ(test, 0, vseg_history_init(vn));
	history_add(vn, 1, VSEG_LOG_OP_COMMIT);
	history_compare(test, vn, 1);
	/* Once more changes nothing. */
	KUNIT_EXPECT_EQ(test, 0, vseg_history_init(vn));
	history_compare(test, vn, 1);
}

static struct kunit_case history_cases[] = {
	KUNIT_CASE(history_ring),
	KUNIT_CASE(history_who),
	KUNIT_CASE(history_none),
	{}
};

static struct kunit_suite history_suite = {
	.name = "vseg_history",
	.exit = memory_enough,
	.test_cases = history_cases,
};

kunit_test_suite(history_suite);
