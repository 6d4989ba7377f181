// SPDX-License-Identifier: GPL-2.0
/*
 * Ports and the selectors of the policy in force: when a port joins, when its
 * device changes, and when the selectors do.
 */
#include "memory.h"
#include "../../kmod/match.c"

#include "force.h"
#include "random.h"

/* Selectors that a test may have. */
#define SELECTORS	8

/* The operator's wish, for model_select(). */
struct wish {
	unsigned int n;
	struct model_selector select[SELECTORS];
};

static void match_call(unsigned int at, const char *name)
{
	strscpy(force->dev[at]->name, name, IFNAMSIZ);
}

static const char * const names[] = { "tap1", "tap2", "vnet1", "veth1", "eno1" };

static void match_new(struct kunit *test)
{
	unsigned int i;

	force_new(test);
	for (i = 0; i < DEVICES; i++)
		match_call(i, names[i]);
}

static struct vseg_selector *match_selector(const struct model_selector *model)
{
	struct vseg_selector *s = vseg_selector_alloc(model->type, model->text);

	KUNIT_ASSERT_NOT_NULL(force->bridge->test, s);
	memcpy(s->mac, model->mac, sizeof(s->mac));
	s->group = model->group;
	s->bind.kind = VSEG_PORT_KIND_GUEST;
	s->bind.domain = vseg_domain_get(force->domain[model->gives]);
	return s;
}

/* Number of the domain that a device is to carry. */
static unsigned int match_want(const struct wish *wish, unsigned int at,
			       enum vseg_port_match *why)
{
	const struct net_device *dev = force->dev[at];
	struct model_device model = { .ether = true, .group = dev->group };
	int gives;

	strscpy(model.name, dev->name, sizeof(model.name));
	memcpy(model.mac, dev->dev_addr, sizeof(model.mac));
	gives = model_select(wish->select, wish->n, &model, why);
	return gives == MODEL_NOTHING ? 0 : gives;
}

static void match_compare(const struct wish *wish, const char *when)
{
	struct kunit *test = force->bridge->test;
	enum vseg_port_match why;
	unsigned int at;

	for (at = 0; at < DEVICES; at++) {
		force->old[at] = match_want(wish, at, &why);
		force->new[at] = force->old[at];
		if (force->port[at])
			KUNIT_EXPECT_EQ_MSG(test,
					    rcu_access_pointer(force->port[at]->binding)->match,
					    why, "port %u %s", at, when);
	}
	force_carries(0, force->old, when);
	force_carries(1, force->old, when);
}

/* Other selectors come in force, for all ports in one step; or without memory,
 * see memory.h, for none.
 */
static int match_commit(const struct wish *wish, int memory)
{
	struct kunit *test = force->bridge->test;
	enum vseg_port_match why;
	struct vseg_selector *s;
	struct vseg_txn txn;
	unsigned int i;
	int err;

	force_begin(&txn);
	KUNIT_EXPECT_EQ(test, 0, force_edit(&txn));
	vseg_selector_set_clear(&txn.tables->selectors);
	for (i = 0; i < wish->n; i++) {
		s = match_selector(&wish->select[i]);
		KUNIT_EXPECT_EQ(test, 0, vseg_selector_set_add(&txn.tables->selectors,
							       s));
		vseg_selector_put(s);
	}
	for (i = 0; i < DEVICES; i++)
		force->new[i] = match_want(wish, i, &why);
	test_memory = memory;
	err = force_commit(&txn, 0);
	memory_enough(test);
	force_end(&txn);
	return err;
}

static void match_join(unsigned int at)
{
	force->port[at] = bridge_join(force->bridge, force->dev[at],
				      VSEG_ACTIVE_BOTH);
	KUNIT_ASSERT_NOT_NULL(force->bridge->test, force->port[at]);
}

/* As the notifier does it when the device has changed. */
static int match_again(unsigned int at)
{
	struct vseg_net *vn = force->bridge->vn;
	int ret;

	rtnl_lock();
	mutex_lock(&vn->lock);
	ret = vseg_rematch_port(vn, force->port[at]);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	return ret;
}

static const struct wish taps = {
	2, {
		{ .type = VSEG_SELECTOR_TYPE_GLOB, .text = "tap*", .gives = 1 },
		{ .type = VSEG_SELECTOR_TYPE_NAME, .text = "tap2", .gives = 2 },
	},
};

static const struct wish others = {
	2, {
		{ .type = VSEG_SELECTOR_TYPE_GLOB, .text = "v*1", .gives = 3 },
		{ .type = VSEG_SELECTOR_TYPE_NAME, .text = "tap1", .gives = 2 },
	},
};

/* A port has its label when it joins, and each commit gives all their new. */
static void match_ports(struct kunit *test)
{
	struct wish none = {};
	unsigned int i;

	match_new(test);
	match_join(0);
	match_compare(&none, "without selectors");
	KUNIT_EXPECT_EQ(test, 0, match_commit(&taps, -1));
	match_compare(&taps, "after selectors came");
	for (i = 1; i < DEVICES; i++)
		match_join(i);
	match_compare(&taps, "after ports joined");
	KUNIT_EXPECT_EQ(test, 0, match_commit(&others, -1));
	match_compare(&others, "after selectors changed");
	KUNIT_EXPECT_EQ(test, 0, match_commit(&none, -1));
	match_compare(&none, "after selectors went");
}

/* A binding by hand stays, whatever selectors say. */
static void match_explicit(struct kunit *test)
{
	struct vseg_txn txn;

	match_new(test);
	match_join(0);
	KUNIT_EXPECT_EQ(test, 0, match_commit(&taps, -1));
	force_begin(&txn);
	force_bind(&txn, 0, VSEG_PORT_KIND_GUEST, 3);
	KUNIT_EXPECT_EQ(test, 0, force_commit(&txn, 0));
	force_end(&txn);
	match_call(0, "tap2");
	KUNIT_EXPECT_EQ(test, 0, match_again(0));
	force_carries(0, force->old, "after a rename");
	KUNIT_EXPECT_EQ(test, force->old[0], 3);

	/* Unbound, selectors have their say again. */
	force_begin(&txn);
	force_bind(&txn, 0, VSEG_PORT_KIND_UNLABELLED, 0);
	force->new[0] = 2;
	KUNIT_EXPECT_EQ(test, 0, force_commit(&txn, 0));
	force_end(&txn);
	match_compare(&taps, "after it is unbound");
}

/* A device that is called otherwise is another to selectors. */
static void match_renamed(struct kunit *test)
{
	match_new(test);
	KUNIT_EXPECT_EQ(test, 0, match_commit(&taps, -1));
	match_join(0);
	KUNIT_EXPECT_EQ(test, 0, match_again(0));
	match_call(0, "tap2");
	KUNIT_EXPECT_EQ(test, 1, match_again(0));
	match_compare(&taps, "by name");
	match_call(0, "other");
	KUNIT_EXPECT_EQ(test, 1, match_again(0));
	match_compare(&taps, "by nothing");
	match_call(0, "tap77");
	KUNIT_EXPECT_EQ(test, 1, match_again(0));
	match_compare(&taps, "by pattern");
	KUNIT_EXPECT_EQ(test, 0, match_again(0));
}

/* Without memory for what it is to carry, a port carries nothing at all. */
static void match_no_memory(struct kunit *test)
{
	match_new(test);
	KUNIT_EXPECT_EQ(test, 0, match_commit(&taps, -1));
	match_join(0);
	match_call(0, "other");
	test_memory = 0;
	KUNIT_EXPECT_EQ(test, -ENOMEM, match_again(0));
	memory_enough(test);
	KUNIT_EXPECT_EQ(test, -1, bridge_id(force->bridge, force->dev[0], 0));
	KUNIT_EXPECT_EQ(test, -1, bridge_id(force->bridge, force->dev[0], 1));
	/* Though it has its old name again, and the binding fits. */
	match_call(0, "tap1");
	KUNIT_EXPECT_EQ(test, 1, match_again(0));
	match_compare(&taps, "with memory");
}

/* Neither does anything enter without a hook for the guard that it would have. */
static void match_no_hook(struct kunit *test)
{
	match_new(test);
	KUNIT_EXPECT_EQ(test, 0, match_commit(&taps, -1));
	match_join(0);
	match_call(0, "other");
	bridge_hook_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM, match_again(0));
	bridge_hook_error = 0;
	KUNIT_EXPECT_EQ(test, -1, bridge_id(force->bridge, force->dev[0], 0));
	KUNIT_EXPECT_EQ(test, -1, bridge_id(force->bridge, force->dev[0], 1));
	match_call(0, "tap1");
	KUNIT_EXPECT_EQ(test, 1, match_again(0));
	match_compare(&taps, "with a hook");
}

static int hardware_id(struct net_device *dev, struct netdev_phys_item_id *id)
{
	id->id_len = 1;
	return 0;
}

/* What hardware forwards can't have a domain. */
static void match_hardware(struct kunit *test)
{
	static const struct net_device_ops ops = {
		.ndo_get_port_parent_id = hardware_id,
	};

	match_new(test);
	force->dev[0]->netdev_ops = &ops;
	KUNIT_EXPECT_EQ(test, 0, match_commit(&taps, -1));
	match_join(0);
	force->old[0] = 0;
	KUNIT_EXPECT_EQ(test, 0, bridge_id(force->bridge, force->dev[0], 0));
	KUNIT_EXPECT_EQ(test, VSEG_PORT_MATCH_HARDWARE,
			rcu_access_pointer(force->port[0]->binding)->match);
	/* It isn't told where nothing would match. */
	match_call(0, "other");
	KUNIT_EXPECT_EQ(test, 1, match_again(0));
	KUNIT_EXPECT_EQ(test, VSEG_PORT_MATCH_NONE,
			rcu_access_pointer(force->port[0]->binding)->match);
}

/*
 * Any of it, in any order.
 */

static void random_wish(struct rnd_state *rnd, struct wish *wish)
{
	static const char * const patterns[] = {
		"tap*", "tap?", "v*", "v*1", "?ap1", "*", "[e-v]*1",
	};
	struct model_selector *s;
	unsigned int i, n = below(rnd, SELECTORS + 1);

	memset(wish, 0, sizeof(*wish));
	while (n--) {
		s = &wish->select[wish->n];
		memset(s, 0, sizeof(*s));
		s->gives = between(rnd, 1, DOMAINS - 1);
		if (rarely(rnd, 3)) {
			s->type = VSEG_SELECTOR_TYPE_NAME;
			strscpy(s->text, names[below(rnd, ARRAY_SIZE(names))],
				sizeof(s->text));
		} else if (rarely(rnd, 3)) {
			s->type = VSEG_SELECTOR_TYPE_GROUP;
			s->group = between(rnd, 1, 2);
		} else {
			s->type = VSEG_SELECTOR_TYPE_GLOB;
			strscpy(s->text,
				patterns[below(rnd, ARRAY_SIZE(patterns))],
				sizeof(s->text));
		}
		for (i = 0; i < wish->n && !model_alike(&wish->select[i], s); i++)
			;
		wish->n += i == wish->n;
	}
}

/* Which selectors give how many ports theirs. */
static void match_count(const struct wish *wish, const char *when)
{
	struct vseg_net *vn = force->bridge->vn;
	const struct vseg_selector_set *set;
	enum vseg_port_match why;
	unsigned int i, at, want = 0, ports = 0;

	for (at = 0; at < DEVICES; at++)
		want += force->port[at] && match_want(wish, at, &why);
	mutex_lock(&vn->lock);
	set = &vseg_policy_locked(vn)->tables->selectors;
	for (i = 0; i < set->n; i++)
		ports += set->v[i]->nports;
	mutex_unlock(&vn->lock);
	KUNIT_EXPECT_EQ_MSG(force->bridge->test, ports, want, "%s", when);
}

static void match_random(struct kunit *test)
{
	struct rnd_state rnd;
	unsigned int i, at;
	struct wish wish = {}, next;

	match_new(test);
	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		at = below(&rnd, DEVICES);
		if (!force->port[at]) {
			match_join(at);
		} else if (rarely(&rnd, 6)) {
			force_leave(at);
		} else if (rarely(&rnd, 2)) {
			match_call(at, names[below(&rnd, ARRAY_SIZE(names))]);
			force->dev[at]->group = below(&rnd, 3);
			KUNIT_EXPECT_GE(test, match_again(at), 0);
		} else {
			random_wish(&rnd, &next);
			if (!match_commit(&next, rarely(&rnd, 4) ?
					  below(&rnd, 8) : -1))
				wish = next;
		}
		match_compare(&wish, case_name(i));
		match_count(&wish, case_name(i));
		KUNIT_ASSERT_EQ_MSG(test, test->status, KUNIT_SUCCESS, "%s",
				    case_name(i));
	}
}

static struct kunit_case match_cases[] = {
	KUNIT_CASE(match_ports),
	KUNIT_CASE(match_explicit),
	KUNIT_CASE(match_renamed),
	KUNIT_CASE(match_no_memory),
	KUNIT_CASE(match_no_hook),
	KUNIT_CASE(match_hardware),
	KUNIT_CASE(match_random),
	{}
};

static struct kunit_suite match_suite = {
	.name = "vseg_match",
	.exit = memory_enough,
	.test_cases = match_cases,
};

kunit_test_suite(match_suite);
