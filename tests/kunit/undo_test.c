// SPDX-License-Identifier: GPL-2.0
/*
 * Going back to the policy before: by an operator, and by the kernel when a
 * commit isn't confirmed in time.
 */
#include <linux/delay.h>

#include "memory.h"
#include "../../kmod/undo.c"

#include "force.h"

#define GUEST		VSEG_PORT_KIND_GUEST

/* Milliseconds that a timer has beyond its time; nothing waits for them all. */
#define UNDO_PATIENCE	20000

/* A policy that differs by a switch. */
static int undo_commit(u8 flood_events, u32 confirm)
{
	struct vseg_txn txn;
	int err;

	force_begin(&txn);
	err = force_edit(&txn);
	if (!err) {
		txn.tables->settings.flood_events = flood_events;
		force->confirm = confirm;
		err = force_commit(&txn, 0);
		force->confirm = 0;
	}
	force_end(&txn);
	return err;
}

static int undo_back(void)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_ROLLBACK };
	struct vseg_net *vn = force->bridge->vn;
	int err;

	mutex_lock(&vn->commit_lock);
	err = vseg_undo_rollback(vn, &how, NULL);
	mutex_unlock(&vn->commit_lock);
	if (!err)
		force->generation++;
	KUNIT_EXPECT_EQ(force->bridge->test, force->generation,
			vn->generation);
	return err;
}

static int undo_confirm(u64 generation)
{
	struct vseg_net *vn = force->bridge->vn;
	int err;

	mutex_lock(&vn->commit_lock);
	err = vseg_undo_confirm(vn, generation, NULL);
	mutex_unlock(&vn->commit_lock);
	KUNIT_EXPECT_EQ(force->bridge->test, force->generation,
			vn->generation);
	return err;
}

/* The policy in force, and the generation that a rollback would bring back. */
static void undo_is(u8 flood_events, u64 generation)
{
	struct vseg_net *vn = force->bridge->vn;
	struct kunit *test = force->bridge->test;

	KUNIT_ASSERT_NOT_NULL(test, rcu_access_pointer(vn->policy));
	mutex_lock(&vn->lock);
	KUNIT_EXPECT_EQ(test, vseg_policy_locked(vn)->settings.flood_events,
			flood_events);
	KUNIT_EXPECT_TRUE(test, vn->undo.valid);
	KUNIT_EXPECT_EQ(test, vn->undo.generation, generation);
	mutex_unlock(&vn->lock);
	force_carries(0, force->old, "afterwards");
	force_carries(1, force->old, "afterwards");
}

/* A rollback is a generation of its own, which another one takes back. */
static void undo_rollback(struct kunit *test)
{
	force_new(test);
	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 0));
	undo_is(1, 1);
	KUNIT_EXPECT_EQ(test, 0, undo_back());
	undo_is(0, 2);
	KUNIT_EXPECT_EQ(test, 0, undo_back());
	undo_is(1, 3);
	KUNIT_EXPECT_EQ(test, 0, undo_commit(2, 0));
	undo_is(2, 4);
	KUNIT_EXPECT_EQ(test, 0, undo_back());
	undo_is(1, 5);
}

/* Before the first policy there was none. */
static void undo_to_none(struct kunit *test)
{
	struct vseg_net *vn;

	force_new(test);
	vn = force->bridge->vn;
	force_join(0);
	force->leaves = true;
	KUNIT_EXPECT_EQ(test, 0, undo_back());
	force->bridge->br = NULL;
	force->port[0] = NULL;
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(vn->policy));
	KUNIT_EXPECT_FALSE(test, vn->hooks);
	KUNIT_EXPECT_NOT_NULL(test, vn->undo.tables);
	KUNIT_EXPECT_EQ(test, vn->undo.generation, 1);
}

/* Where there was nothing ever, nothing comes back. */
static void undo_nothing(struct kunit *test)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_ROLLBACK };
	struct vseg_net *vn = bridge_new(test)->vn;

	mutex_lock(&vn->commit_lock);
	KUNIT_EXPECT_EQ(test, -ENOENT, vseg_undo_rollback(vn, &how, NULL));
	KUNIT_EXPECT_EQ(test, -ENOENT, vseg_undo_confirm(vn, 0, NULL));
	mutex_unlock(&vn->commit_lock);
	KUNIT_EXPECT_EQ(test, vn->generation, 0);
}

static int undo_bind(unsigned int at, unsigned int to)
{
	struct vseg_txn txn;
	int err;

	force_begin(&txn);
	force_bind(&txn, at, GUEST, to);
	err = force_commit(&txn, 0);
	force_end(&txn);
	return err;
}

/* Ports that were bound since stay so, but for a domain that goes again. */
static void undo_bound(struct kunit *test)
{
	struct vseg_txn txn;
	struct vseg_net *vn;

	force_new(test);
	vn = force->bridge->vn;
	force_join(0);
	force_join(1);
	force_begin(&txn);
	KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
	vseg_tables_del_domain(txn.tables, force->domain[3]);
	KUNIT_EXPECT_EQ(test, 0, force_commit(&txn, 0));
	force_end(&txn);
	force_begin(&txn);
	KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
	KUNIT_EXPECT_EQ(test, 0, vseg_tables_add_domain(txn.tables,
							force->domain[3],
							&vn->pool));
	KUNIT_EXPECT_EQ(test, 0, force_commit(&txn, 0));
	force_end(&txn);
	undo_is(0, 2);

	KUNIT_EXPECT_EQ(test, 0, undo_bind(0, 1));
	KUNIT_EXPECT_EQ(test, 0, undo_bind(1, 3));
	/* A bind isn't what is taken back. */
	undo_is(0, 2);
	force->new[1] = 0;
	KUNIT_EXPECT_EQ(test, 0, undo_back());
	memcpy(force->old, force->new, sizeof(force->old));
	undo_is(0, 5);
}

/*
 * Waiting for a confirmation.
 */

/* Ports can be bound meanwhile, and nothing else. */
static void undo_waits(struct kunit *test)
{
	struct vseg_txn txn;
	struct vseg_net *vn;

	force_new(test);
	vn = force->bridge->vn;
	force_join(0);
	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 3600));
	KUNIT_EXPECT_TRUE(test, vn->undo.pending);
	KUNIT_EXPECT_EQ(test, -EBUSY, undo_commit(2, 0));
	KUNIT_EXPECT_EQ(test, 0, undo_bind(0, 1));
	undo_is(1, 1);
	/* An edit that was made before. */
	force_begin(&txn);
	vn->undo.pending = false;
	KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
	vn->undo.pending = true;
	KUNIT_EXPECT_EQ(test, -EBUSY, force_commit(&txn, 0));
	force_end(&txn);
	undo_is(1, 1);

	KUNIT_EXPECT_EQ(test, -ESTALE, undo_confirm(vn->generation - 1));
	KUNIT_EXPECT_TRUE(test, vn->undo.pending);
	KUNIT_EXPECT_EQ(test, 0, undo_confirm(vn->generation));
	KUNIT_EXPECT_FALSE(test, vn->undo.pending);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&vn->undo.timer));
	KUNIT_EXPECT_EQ(test, -ENOENT, undo_confirm(0));
	undo_is(1, 1);
	KUNIT_EXPECT_EQ(test, 0, undo_commit(2, 0));
}

/* A rollback ends the wait as well. */
static void undo_instead(struct kunit *test)
{
	struct vseg_net *vn;

	force_new(test);
	vn = force->bridge->vn;
	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 3600));
	KUNIT_EXPECT_EQ(test, 0, undo_back());
	undo_is(0, 2);
	KUNIT_EXPECT_FALSE(test, vn->undo.pending);
	KUNIT_EXPECT_FALSE(test, hrtimer_active(&vn->undo.timer));
	KUNIT_EXPECT_EQ(test, -ENOENT, undo_confirm(0));
}

/* Only what is a policy can be taken back. */
static void undo_wants_policy(struct kunit *test)
{
	struct vseg_txn txn;

	force_new(test);
	force_join(0);
	force_begin(&txn);
	force_bind(&txn, 0, GUEST, 1);
	force->confirm = 10;
	KUNIT_EXPECT_EQ(test, -EINVAL, force_commit(&txn, 0));
	KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
	KUNIT_EXPECT_EQ(test, -EINVAL, force_commit(&txn, 0));
	force->confirm = 0;
	force_end(&txn);
	undo_is(0, 0);
}

/* Seconds are rounded up, and never none while there is something to wait
 * for.
 */
static void undo_left(struct kunit *test)
{
	struct vseg_net *vn;
	u32 left;

	force_new(test);
	vn = force->bridge->vn;
	KUNIT_EXPECT_EQ(test, 0, vseg_undo_left(vn));
	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 3600));
	left = vseg_undo_left(vn);
	KUNIT_EXPECT_LE(test, left, 3600);
	KUNIT_EXPECT_GT(test, left, 3600 - UNDO_PATIENCE / 1000);
	vn->undo.deadline = ktime_sub_ms(ktime_get_boottime(), 5000);
	KUNIT_EXPECT_EQ(test, 1, vseg_undo_left(vn));
	KUNIT_EXPECT_EQ(test, 0, undo_confirm(0));
	KUNIT_EXPECT_EQ(test, 0, vseg_undo_left(vn));
}

/* Not a moment before its time, whoever queues the work. */
static void undo_due(struct kunit *test)
{
	struct vseg_net *vn;

	force_new(test);
	vn = force->bridge->vn;
	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 3600));
	vseg_undo_work(&vn->undo.work);
	undo_is(1, 1);
	vn->undo.deadline = ktime_get_boottime();
	vseg_undo_work(&vn->undo.work);
	force->generation++;
	undo_is(0, 2);
	KUNIT_EXPECT_EQ(test, vn->generation, 3);
	/* And only once. */
	vseg_undo_work(&vn->undo.work);
	KUNIT_EXPECT_EQ(test, vn->generation, 3);
}

static bool undo_waited(const struct vseg_net *vn)
{
	unsigned int ms;

	for (ms = 0; READ_ONCE(vn->undo.pending); ms += 20) {
		if (ms > UNDO_PATIENCE)
			return false;
		msleep(20);
	}
	return true;
}

/* The timer by itself, and what it does without memory. */
static void undo_timer(struct kunit *test)
{
	struct vseg_net *vn;
	ktime_t began;

	force_new(test);
	vn = force->bridge->vn;
	began = ktime_get_boottime();
	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 1));
	KUNIT_EXPECT_TRUE(test, undo_waited(vn));
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get_boottime(), began),
			1000);
	flush_work(&vn->undo.work);
	force->generation++;
	undo_is(0, 2);

	KUNIT_EXPECT_EQ(test, 0, undo_commit(1, 3600));
	vn->undo.deadline = ktime_get_boottime();
	test_memory = 0;
	vseg_undo_work(&vn->undo.work);
	memory_enough(test);
	undo_is(1, 3);
	KUNIT_EXPECT_TRUE(test, vn->undo.pending);
	KUNIT_EXPECT_TRUE(test, undo_waited(vn));
	flush_work(&vn->undo.work);
	force->generation++;
	undo_is(0, 4);
	KUNIT_EXPECT_EQ(test, vn->generation, force->generation);
}

static struct kunit_case undo_cases[] = {
	KUNIT_CASE(undo_rollback),
	KUNIT_CASE(undo_to_none),
	KUNIT_CASE(undo_nothing),
	KUNIT_CASE(undo_bound),
	KUNIT_CASE(undo_waits),
	KUNIT_CASE(undo_instead),
	KUNIT_CASE(undo_wants_policy),
	KUNIT_CASE(undo_left),
	KUNIT_CASE(undo_due),
	KUNIT_CASE_SLOW(undo_timer),
	{}
};

static struct kunit_suite undo_suite = {
	.name = "vseg_undo",
	.exit = memory_enough,
	.test_cases = undo_cases,
};

kunit_test_suite(undo_suite);
