// SPDX-License-Identifier: GPL-2.0
/*
 * Commits: labels of all ports change in one step, and what is refused changes
 * nothing.
 */
#include "memory.h"
#include "../../kmod/txn.c"
#include "../../kmod/commit.c"
#include "../../kmod/prepare.c"

#include "force.h"
#include "random.h"

#define GUEST		VSEG_PORT_KIND_GUEST
#define TRUNK		VSEG_PORT_KIND_TRUNK

/* Frames of either cursor find what is in force. */
static void settled(const char *when)
{
	force_carries(0, force->old, when);
	force_carries(1, force->old, when);
}

static void commit_one(unsigned int at, u8 kind, unsigned int to, u32 flags,
		       int want)
{
	struct vseg_txn txn;

	force_begin(&txn);
	force_bind(&txn, at, kind, to);
	KUNIT_EXPECT_EQ(force->bridge->test, want, force_commit(&txn, flags));
	force_end(&txn);
}

/* A label comes, changes and goes, on either side of the cursor. */
static void commit_labels(struct kunit *test)
{
	unsigned int i;

	force_new(test);
	force_join(0);
	force_join(1);
	for (i = 0; i < 8; i++) {
		commit_one(0, GUEST, i % DOMAINS, 0, 0);
		settled("after a commit that waits");
		KUNIT_EXPECT_EQ(test, force->bridge->vn->cursor, i % 2);
		KUNIT_EXPECT_FALSE(test, force->bridge->vn->unsettled);
	}
	KUNIT_EXPECT_TRUE(test, list_empty(&force->bridge->vn->pending));
}

/* The next commit settles one that didn't wait. */
static void commit_nowait(struct kunit *test)
{
	struct vseg_net *vn;
	unsigned int i;

	force_new(test);
	vn = force->bridge->vn;
	force_join(0);
	for (i = 0; i < 8; i++) {
		commit_one(0, GUEST, 1 + i % 3, VSEG_TXN_FLAGS_NOWAIT, 0);
		force_carries(vn->cursor, force->old, "without waiting");
	}
	flush_work(&vn->settle_work);
	settled("after the worker");
	KUNIT_EXPECT_FALSE(test, vn->unsettled);
}

/* Of several binds all come in force, and a port that joins is unlabelled. */
static void commit_several(struct kunit *test)
{
	struct vseg_txn txn;
	unsigned int i;

	force_new(test);
	for (i = 0; i < DEVICES; i++)
		force_join(i);
	force_begin(&txn);
	for (i = 0; i < DEVICES; i++)
		force_bind(&txn, i, i % 2 ? TRUNK : GUEST, i % DOMAINS);
	KUNIT_EXPECT_EQ(test, 0, force_commit(&txn, 0));
	force_end(&txn);
	settled("after a commit of many");
	KUNIT_EXPECT_EQ(test, force->bridge->br->ntrunks, DEVICES / 2);
	force_leave(1);
	KUNIT_EXPECT_EQ(test, force->bridge->br->ntrunks, DEVICES / 2 - 1);
	force_join(1);
	settled("after a port left and came again");
}

/*
 * What is refused.
 */

static int refuse_gone(struct vseg_txn *txn)
{
	force_bind(txn, 1, GUEST, 2)->gone = true;
	return -ENODEV;
}

static int refuse_no_port(struct vseg_txn *txn)
{
	force_bind(txn, 3, GUEST, 2);
	return -ENODEV;
}

static int refuse_host(struct vseg_txn *txn)
{
	force_bind(txn, 1, GUEST, 2)->dev = force->bridge->dev;
	return -ENODEV;
}

static int hardware_id(struct net_device *dev, struct netdev_phys_item_id *id)
{
	id->id_len = 1;
	return 0;
}

static int refuse_hardware(struct vseg_txn *txn)
{
	static const struct net_device_ops ops = {
		.ndo_get_port_parent_id = hardware_id,
	};

	force_bind(txn, 1, GUEST, 2)->dev->netdev_ops = &ops;
	return -EOPNOTSUPP;
}

static int refuse_stale(struct vseg_txn *txn)
{
	force_bind(txn, 1, GUEST, 2);
	txn->base--;
	return -ESTALE;
}

static int refuse_vlans(struct vseg_txn *txn)
{
	force_bind(txn, 1, TRUNK, 2);
	force->no_vlans = true;
	return -ENOMEM;
}

/* Port 0 carries domain 1, and no bind of this transaction changes that. */
static int refuse_domain(struct vseg_txn *txn)
{
	force_edit(txn);
	vseg_tables_del_domain(txn->tables, force->domain[1]);
	force_bind(txn, 1, GUEST, 2);
	return -EBUSY;
}

static int refuse_hooks(struct vseg_txn *txn)
{
	force_bind(txn, 1, GUEST, 2);
	force->bridge->vn->hooks = false;
	force->no_hooks = true;
	return -ENOMEM;
}

static const struct refusal {
	const char *name;
	int (*make)(struct vseg_txn *txn);
} refusals[] = {
	{ "a port has left", refuse_gone },
	{ "a device is no port", refuse_no_port },
	{ "the host", refuse_host },
	{ "hardware forwards", refuse_hardware },
	{ "another commit came first", refuse_stale },
	{ "VLANs can't be read", refuse_vlans },
	{ "a port carries a domain that goes", refuse_domain },
	{ "hooks can't be registered", refuse_hooks },
};

KUNIT_ARRAY_PARAM_DESC(refusals, refusals, name);

/* A bind that could be made comes before the one that can't. */
static void commit_refused(struct kunit *test)
{
	const struct refusal *refusal = test->param_value;
	struct vseg_policy *policy;
	struct vseg_net *vn;
	struct vseg_txn txn;

	force_new(test);
	vn = force->bridge->vn;
	force_join(0);
	force_join(1);
	force_join(2);
	commit_one(0, GUEST, 1, 0, 0);
	policy = rcu_access_pointer(vn->policy);

	force_begin(&txn);
	force_bind(&txn, 2, GUEST, 3);
	KUNIT_EXPECT_EQ(test, refusal->make(&txn), force_commit(&txn, 0));
	force_end(&txn);
	settled("after a refusal");
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(vn->policy), policy);

	/* And a good one works. */
	force->no_vlans = false;
	force->no_hooks = false;
	commit_one(2, TRUNK, 3, 0, 0);
	settled("after a good one");
	KUNIT_EXPECT_TRUE(test, vn->hooks);
}

/* Without a policy there is nothing to bind to. */
static void commit_nothing(struct kunit *test)
{
	struct vseg_how how = { .op = VSEG_LOG_OP_OFF };
	struct vseg_txn txn;

	force_new(test);
	force_begin(&txn);
	force->leaves = true;
	vseg_off(force->bridge->vn, &how);
	force_end(&txn);
	force->bridge->br = NULL;
	force->generation = how.generation;

	force_begin(&txn);
	KUNIT_EXPECT_EQ(test, -EINVAL, force_commit(&txn, 0));
	force_end(&txn);
}

/* Whatever allocation fails, the old policy stands. */
static void commit_no_memory(struct kunit *test)
{
	struct vseg_txn txn;
	int n, err = -ENOMEM;

	force_new(test);
	force_join(0);
	force_join(1);
	commit_one(0, GUEST, 1, 0, 0);
	for (n = 0; err; n++) {
		force_begin(&txn);
		KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
		force_bind(&txn, 0, GUEST, 2);
		force_bind(&txn, 1, TRUNK, 3);
		test_memory = n;
		err = force_commit(&txn, 0);
		memory_enough(test);
		force_end(&txn);
		KUNIT_ASSERT_TRUE(test, !err || err == -ENOMEM);
		settled(err ? "without memory" : "with memory");
	}
	/* The policy, a guest's binding, and a trunk's of two labels. */
	KUNIT_EXPECT_EQ(test, n, 1 + 3 + 3 + 2 * 2 + 1);
}

/* A bridge that the policy doesn't name any more: its ports are none at once,
 * for frames of the new policy.
 */
static void commit_leaves(struct kunit *test)
{
	struct vseg_managed *managed;
	struct vseg_txn txn;
	struct vseg_net *vn;

	force_new(test);
	vn = force->bridge->vn;
	force_join(0);
	commit_one(0, GUEST, 1, 0, 0);

	force_begin(&txn);
	KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
	managed = vseg_tables_bridge(txn.tables, force->bridge->dev->name);
	KUNIT_ASSERT_NOT_NULL(test, managed);
	vseg_tables_del_bridge(txn.tables, managed);
	force->leaves = true;
	KUNIT_EXPECT_EQ(test, 0, force_commit(&txn, 0));
	force_end(&txn);
	force->port[0] = NULL;
	force->bridge->br = NULL;
	settled("after its bridge");
	KUNIT_EXPECT_TRUE(test, list_empty(&vn->bridges));
	KUNIT_EXPECT_FALSE(test, vn->hooks);
}

/*
 * Any of it, in any order.
 */

static int random_edit(struct vseg_txn *txn, struct rnd_state *rnd)
{
	int err = force_edit(txn);
	u16 end[2];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(end); i++)
		end[i] = rarely(rnd, 2) ? VSEG_SLOT_ANY :
			 force->domain[between(rnd, 1, DOMAINS - 1)]->slot;
	if (err || rarely(rnd, 2))
		return err;
	txn->tables->settings.flood_events = below(rnd, 2);
	/* Whether it was listed or not. */
	if (rarely(rnd, 2))
		vseg_tables_del_cell(txn->tables, vseg_key(end[0], end[1]));
	else
		err = vseg_tables_set_cell(txn->tables,
					   vseg_key(end[0], end[1]),
					   VSEG_ACTION_DENY, 0, &txn->vn->pool);
	return err;
}

static int random_commit(struct rnd_state *rnd)
{
	u32 flags = rarely(rnd, 2) ? VSEG_TXN_FLAGS_NOWAIT : 0;
	struct vseg_txn txn;
	unsigned int at;
	int err = 0;

	force_begin(&txn);
	if (rarely(rnd, 3))
		err = random_edit(&txn, rnd);
	for (at = 0; at < DEVICES && !err; at++)
		if (force->port[at] && rarely(rnd, 2))
			force_bind(&txn, at, rarely(rnd, 3) ? TRUNK : GUEST,
				   below(rnd, DOMAINS));
	force->no_vlans = rarely(rnd, 20);
	if (rarely(rnd, 3))
		test_memory = below(rnd, 20);
	if (!err)
		err = force_commit(&txn, flags);
	test_memory = -1;
	force_end(&txn);
	if (err || !flags)
		settled("after a commit");
	return err;
}

static void commit_random(struct kunit *test)
{
	unsigned int i, at, done = 0, refused = 0;
	struct rnd_state rnd;

	force_new(test);
	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		at = below(&rnd, DEVICES);
		if (!force->port[at])
			force_join(at);
		else if (rarely(&rnd, 6))
			force_leave(at);
		else if (random_commit(&rnd))
			refused++;
		else
			done++;
		KUNIT_ASSERT_EQ_MSG(test, test->status, KUNIT_SUCCESS, "%s",
				    case_name(i));
	}
	KUNIT_EXPECT_GT(test, done, 0);
	KUNIT_EXPECT_GT(test, refused, 0);
}

static struct kunit_case commit_cases[] = {
	KUNIT_CASE(commit_labels),
	KUNIT_CASE(commit_nowait),
	KUNIT_CASE(commit_several),
	KUNIT_CASE_PARAM(commit_refused, refusals_gen_params),
	KUNIT_CASE(commit_nothing),
	KUNIT_CASE(commit_no_memory),
	KUNIT_CASE(commit_leaves),
	KUNIT_CASE(commit_random),
	{}
};

static struct kunit_suite commit_suite = {
	.name = "vseg_commit",
	.exit = memory_enough,
	.test_cases = commit_cases,
};

kunit_test_suite(commit_suite);
