// SPDX-License-Identifier: GPL-2.0
/*
 * Bridges that are renamed or go while a commit isn't settled.
 */
#include "../../kmod/netdev.c"

#include "force.h"

struct vseg_net *vseg_net(const struct net *net)
{
	return force->bridge->vn;
}

static int tell(unsigned long event)
{
	struct netdev_notifier_info info = { .dev = force->bridge->dev };
	int ret;

	rtnl_lock();
	ret = vseg_netdev_event(NULL, event, &info);
	rtnl_unlock();
	return notifier_to_errno(ret);
}

static void call_it(const char *name)
{
	strscpy(force->bridge->dev->name, name, IFNAMSIZ);
	KUNIT_EXPECT_EQ(force->bridge->test, 0, tell(NETDEV_CHANGENAME));
}

static void is_deleted(void)
{
	KUNIT_EXPECT_EQ(force->bridge->test, 0, tell(NETDEV_UNREGISTER));
}

static void is_called_otherwise(void)
{
	call_it("unmanaged");
}

static const struct ending {
	const char *name;
	void (*happens)(void);
} endings[] = {
	{ "deleted", is_deleted },
	{ "renamed once more", is_called_otherwise },
};

KUNIT_ARRAY_PARAM_DESC(endings, endings, name);

/* A commit takes the bridge away, a rename brings it back before that is
 * settled: it is there twice, once for the frames of each policy.  When it
 * goes, both go: what is left would be settled when the device is no more.
 */
static void netdev_twins(struct kunit *test)
{
	const struct ending *ending = test->param_value;
	struct net_device *dev;
	struct vseg_net *vn;
	struct vseg_txn txn;

	force_new(test);
	vn = force->bridge->vn;
	vseg_netdev_net_init(vn);
	dev = force->bridge->dev;
	dev->priv_flags |= IFF_EBRIDGE;
	force_join(0);

	/* The settling worker waits until the end. */
	force_begin(&txn);
	KUNIT_ASSERT_EQ(test, 0, force_edit(&txn));
	vseg_tables_del_bridge(txn.tables,
			       vseg_tables_bridge(txn.tables, dev->name));
	KUNIT_ASSERT_EQ(test, 0, vseg_tables_add_bridge(txn.tables, "other",
							VSEG_BRIDGE_MODE_ENFORCE));
	force->leaves = true;
	KUNIT_ASSERT_EQ(test, 0, force_commit(&txn, VSEG_TXN_FLAGS_NOWAIT));
	force->port[0] = NULL;
	KUNIT_EXPECT_TRUE(test, list_is_singular(&vn->bridges));

	call_it("other");
	KUNIT_EXPECT_EQ(test, list_count_nodes(&vn->bridges), 2);
	ending->happens();
	KUNIT_EXPECT_TRUE(test, list_empty(&vn->bridges));
	KUNIT_EXPECT_EQ(test, bridge_id(force->bridge, dev, 0), -1);
	KUNIT_EXPECT_EQ(test, bridge_id(force->bridge, dev, 1), -1);
	force->bridge->br = NULL;
	force_end(&txn);
	flush_work(&vn->settle_work);
	vseg_netdev_net_exit(vn);
}

static struct kunit_case netdev_cases[] = {
	KUNIT_CASE_PARAM(netdev_twins, endings_gen_params),
	{}
};

static struct kunit_suite netdev_suite = {
	.name = "vseg_netdev",
	.test_cases = netdev_cases,
};

kunit_test_suite(netdev_suite);
