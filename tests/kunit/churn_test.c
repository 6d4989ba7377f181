// SPDX-License-Identifier: GPL-2.0
/*
 * Ports that come, go, and change their domain in any order, and what they
 * have counted; and no memory for them.
 */
#include <linux/rtnetlink.h>

#include "bridge.h"
#include "memory.h"
#include "random.h"

#define BOTH		(BIT(0) | BIT(1))
#define DEVICES		6
#define DOMAINS		4

/**
 * struct churn - a bridge, and what is to be known of it
 * @bridge: the bridge
 * @dev: devices that may be ports
 * @port: their ports; NULL when they are none
 * @carries: number of the domain that each port carries
 * @domain: domains; the first is "unlabelled"
 * @by_port: frames of each port since it joined
 * @by_domain: frames of each domain
 * @all: frames of the bridge
 */
struct churn {
	struct bridge *bridge;
	struct net_device *dev[DEVICES];
	struct vseg_port *port[DEVICES];
	unsigned int carries[DEVICES];
	struct vseg_domain *domain[DOMAINS];
	u64 by_port[DEVICES];
	u64 by_domain[DOMAINS];
	u64 all;
};

static struct churn *churn_of(struct kunit *test)
{
	struct churn *churn = kunit_kzalloc(test, sizeof(*churn), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, churn);
	churn->bridge = bridge_new(test);
	for (i = 0; i < DEVICES; i++)
		churn->dev[i] = bridge_device(churn->bridge, 10 + i / 2 +
					      (i % 2 << VSEG_BINDING_BITS));
	churn->domain[0] = churn->bridge->vn->builtin[VSEG_SLOT_UNLABELLED];
	for (i = 1; i < DOMAINS; i++)
		churn->domain[i] = bridge_domain(churn->bridge, 15 + i);
	return churn;
}

static void churn_join(struct churn *churn, unsigned int at)
{
	churn->port[at] = bridge_join(churn->bridge, churn->dev[at], BOTH);
	KUNIT_ASSERT_NOT_NULL(churn->bridge->test, churn->port[at]);
	churn->by_port[at] = 0;
	churn->carries[at] = 0;
}

static void churn_bind(struct churn *churn, unsigned int at, unsigned int to)
{
	struct vseg_bind bind = {
		.kind = to ? VSEG_PORT_KIND_GUEST : VSEG_PORT_KIND_UNLABELLED,
		.domain = to ? churn->domain[to] : NULL,
	};

	KUNIT_ASSERT_NOT_NULL(churn->bridge->test,
			      bridge_rebind(churn->bridge, churn->port[at],
					    &bind));
	churn->carries[at] = to;
}

static void churn_count(struct churn *churn, unsigned int at,
			unsigned int frames)
{
	struct vseg_label *label;
	unsigned int i;

	rcu_read_lock_bh();
	label = bridge_label(churn->bridge, churn->dev[at], 0);
	for (i = 0; label && i < frames; i++) {
		vseg_count_rx(label->stats.pcpu, 60);
		vseg_count_tx(label->stats.pcpu, 60);
		atomic64_inc(&label->stats.dropped[VSEG_REASON_CELL_DENY]);
	}
	rcu_read_unlock_bh();
	KUNIT_ASSERT_NOT_NULL(churn->bridge->test, label);
	churn->by_port[at] += frames;
	churn->by_domain[churn->carries[at]] += frames;
	churn->all += frames;
}

static void churn_once(struct churn *churn, struct rnd_state *rnd)
{
	unsigned int at = below(rnd, DEVICES);

	if (!churn->port[at]) {
		churn_join(churn, at);
		return;
	}
	switch (below(rnd, 8)) {
	case 0:
		bridge_leave(churn->bridge, churn->port[at]);
		churn->port[at] = NULL;
		break;
	case 1:
	case 2:
		churn_bind(churn, at, below(rnd, DOMAINS));
		break;
	case 3:
		if (rarely(rnd, 4))
			bridge_settle();
		break;
	default:
		churn_count(churn, at, below(rnd, 10));
	}
}

static void churn_sum(struct kunit *test, const struct vseg_sum *sum, u64 want,
		      const char *what, unsigned int i)
{
	KUNIT_ASSERT_EQ_MSG(test, sum->rx_packets, want, "%s, %s", what,
			    case_name(i));
	KUNIT_ASSERT_EQ(test, sum->rx_bytes, 60 * want);
	KUNIT_ASSERT_EQ(test, sum->tx_packets, want);
	KUNIT_ASSERT_EQ(test, sum->tx_bytes, 60 * want);
	KUNIT_ASSERT_EQ(test, sum->rx_dropped, want);
	KUNIT_ASSERT_EQ(test, sum->dropped[VSEG_REASON_CELL_DENY], want);
}

static void churn_compare(struct churn *churn, unsigned int i)
{
	struct bridge *bridge = churn->bridge;
	struct kunit *test = bridge->test;
	unsigned int at, ports = 0;
	struct vseg_sum sum;

	for (at = 0; at < DEVICES; at++) {
		struct vseg_port *port = churn->port[at];
		int want = port ? churn->domain[churn->carries[at]]->id : -1;

		KUNIT_ASSERT_EQ_MSG(test, bridge_id(bridge, churn->dev[at], 0),
				    want, "%s", case_name(i));
		if (!port)
			continue;
		ports++;
		vseg_port_sum(bridge->vn, port, &sum);
		churn_sum(test, &sum, churn->by_port[at], "port", i);
	}
	KUNIT_ASSERT_EQ(test, bridge->br->nports, ports);
	for (at = 0; at < DOMAINS; at++) {
		vseg_domain_sum(bridge->vn, churn->domain[at], &sum);
		churn_sum(test, &sum, churn->by_domain[at], "domain", i);
	}
	vseg_bridge_sum(bridge->vn, bridge->br, &sum);
	churn_sum(test, &sum, churn->all, "bridge", i);
	vseg_net_sum(bridge->vn, &sum);
	churn_sum(test, &sum, churn->all, "namespace", i);
}

static void churn_random(struct kunit *test)
{
	struct churn *churn = churn_of(test);
	struct rnd_state rnd;
	unsigned int i;

	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		churn_once(churn, &rnd);
		churn_compare(churn, i);
	}
}

/*
 * No memory.
 */

static unsigned int churn_labels(struct bridge *bridge)
{
	struct vseg_label *label;
	unsigned int n = 0;

	bridge_settle();
	mutex_lock(&bridge->vn->lock);
	list_for_each_entry(label, &bridge->vn->labels, in_net)
		n++;
	mutex_unlock(&bridge->vn->lock);
	return n;
}

/* A port that can't have a binding doesn't join. */
static void join_no_memory(struct kunit *test)
{
	struct churn *churn = churn_of(test);
	struct bridge *bridge = churn->bridge;
	unsigned int labels = churn_labels(bridge);
	struct vseg_port *port = NULL;
	int n;

	for (n = 0; !port; n++) {
		churn_compare(churn, n);
		KUNIT_ASSERT_EQ(test, churn_labels(bridge), labels);
		test_memory = n;
		port = bridge_join(bridge, churn->dev[0], BOTH);
		memory_enough(test);
	}
	/* The port, its binding, the label, the label's counters. */
	KUNIT_EXPECT_EQ(test, n, 4 + 1);
	KUNIT_EXPECT_EQ(test, churn_labels(bridge), labels + 1);
}

/* A binding that can't be made leaves the old one as it is. */
static void bind_no_memory(struct kunit *test)
{
	struct churn *churn = churn_of(test);
	struct bridge *bridge = churn->bridge;
	struct vseg_vlan_range range[] = {
		{ 1, 1, churn->domain[1] },
		{ 2, 3, churn->domain[2] },
		{ 5, 5, churn->domain[3] },
		{ 7, 9, churn->domain[2] },
	};
	struct vseg_bind bind = {
		.kind = VSEG_PORT_KIND_TRUNK,
		.domain = churn->domain[1],
		.map = range,
		.nmap = ARRAY_SIZE(range),
	};
	struct vseg_binding *b = NULL;
	unsigned int labels, refs;
	int n;

	churn_join(churn, 0);
	churn_bind(churn, 0, 3);
	churn_count(churn, 0, 5);
	labels = churn_labels(bridge);
	refs = refcount_read(&churn->domain[2]->ref);
	for (n = 0; !b; n++) {
		churn_compare(churn, n);
		KUNIT_ASSERT_EQ(test, churn_labels(bridge), labels);
		KUNIT_ASSERT_EQ(test, refcount_read(&churn->domain[2]->ref),
				refs);
		test_memory = n;
		b = bridge_rebind(bridge, churn->port[0], &bind);
		memory_enough(test);
	}
	/* The binding, its VLANs and its map; label and counters of three. */
	KUNIT_EXPECT_EQ(test, n, 3 + 2 * 3 + 1);
	KUNIT_EXPECT_EQ(test, churn_labels(bridge), labels - 1 + 3);
}

/* A bridge that can't have its host as a port isn't managed. */
static void manage_no_memory(struct kunit *test)
{
	struct churn *churn = churn_of(test);
	struct bridge *bridge = churn->bridge;
	struct vseg_net *vn = bridge->vn;
	struct vseg_bridge *br = NULL;
	unsigned int labels;
	int n;

	bridge_unmanage(bridge);
	labels = churn_labels(bridge);
	for (n = 0; !br; n++) {
		KUNIT_ASSERT_TRUE(test, list_empty(&vn->bridges));
		KUNIT_ASSERT_EQ(test, churn_labels(bridge), labels);
		KUNIT_ASSERT_EQ(test, bridge_id(bridge, bridge->dev, 0), -1);
		rtnl_lock();
		mutex_lock(&vn->lock);
		test_memory = n;
		br = vseg_bridge_add(vn, bridge->dev, bridge_tables(bridge),
				     VSEG_BRIDGE_MODE_MONITOR, BOTH);
		memory_enough(test);
		mutex_unlock(&vn->lock);
		rtnl_unlock();
	}
	bridge->br = br;
	/* The bridge, and what a port needs. */
	KUNIT_EXPECT_EQ(test, n, 1 + 4 + 1);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, bridge->dev, 0), MODEL_HOST);
}

static struct kunit_case churn_cases[] = {
	KUNIT_CASE(churn_random),
	KUNIT_CASE(join_no_memory),
	KUNIT_CASE(bind_no_memory),
	KUNIT_CASE(manage_no_memory),
	{}
};

static struct kunit_suite churn_suite = {
	.name = "vseg_churn",
	.exit = memory_enough,
	.test_cases = churn_cases,
};

kunit_test_suite(churn_suite);
