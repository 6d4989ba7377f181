// SPDX-License-Identifier: GPL-2.0
/*
 * Ports, their bindings, the cursor, and counters that outlive both.
 */
#include "memory.h"
#include "../../kmod/port.c"

#include "bridge.h"
#include "random.h"

#define BOTH		(BIT(0) | BIT(1))

static struct vseg_port *port_of(struct bridge *bridge, int ifindex)
{
	struct vseg_port *port;

	port = bridge_join(bridge, bridge_device(bridge, ifindex), BOTH);
	KUNIT_ASSERT_NOT_NULL(bridge->test, port);
	return port;
}

static struct vseg_bind guest(struct vseg_domain *domain)
{
	return (struct vseg_bind) {
		.kind = VSEG_PORT_KIND_GUEST,
		.match = VSEG_PORT_MATCH_EXPLICIT,
		.domain = domain,
	};
}

/* A port joins without a label, the host has its own. */
static void port_joins(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *port = port_of(bridge, 10);

	KUNIT_EXPECT_EQ(test, bridge->br->nports, 1);
	KUNIT_EXPECT_EQ(test, rcu_access_pointer(port->binding)->kind,
			VSEG_PORT_KIND_UNLABELLED);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, port->dev, 0),
			MODEL_UNLABELLED);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, port->dev, 1),
			MODEL_UNLABELLED);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, bridge->dev, 0), MODEL_HOST);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, bridge->dev, 1), MODEL_HOST);

	bridge_leave(bridge, port);
	KUNIT_EXPECT_EQ(test, bridge->br->nports, 0);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, bridge->devs[1], 0), -1);
}

/* Without a hook for its guard it doesn't join. */
static void port_no_hook(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct net_device *dev = bridge_device(bridge, 10);
	struct vseg_port *port;

	bridge_hook_error = -ENOMEM;
	port = bridge_join(bridge, dev, VSEG_ACTIVE_BOTH);
	bridge_hook_error = 0;
	KUNIT_EXPECT_NULL(test, port);
	KUNIT_EXPECT_EQ(test, bridge->br->nports, 0);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, dev, 0), -1);
	bridge_settle();

	port = bridge_join(bridge, dev, VSEG_ACTIVE_BOTH);
	KUNIT_ASSERT_NOT_NULL(test, port);
	KUNIT_EXPECT_TRUE(test, port->guarded);
	bridge_leave(bridge, port);
}

/* What is known of a guest goes with its binding. */
static void port_guest(struct kunit *test)
{
	static const u8 first[] = { 2, 0, 0, 0, 0, 1 };
	static const u8 second[] = { 2, 0, 0, 0, 0, 2 };
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *port = port_of(bridge, 10);
	struct vseg_bind bind = {
		.kind = VSEG_PORT_KIND_GUEST,
		.domain = bridge_domain(bridge, 16),
		.guard = vseg_guard_alloc(1, 0),
	};
	struct vseg_binding *b;
	struct vseg_guest guest;

	KUNIT_ASSERT_NOT_NULL(test, bind.guard);
	memcpy(bind.guard->macs[bind.guard->nmacs++], first, VSEG_MAC_LEN);
	b = bridge_rebind(bridge, port, &bind);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_EQ(test, refcount_read(&bind.guard->ref), 2);
	KUNIT_EXPECT_FALSE(test, vseg_binding_foreign(b, first));
	KUNIT_EXPECT_TRUE(test, vseg_binding_foreign(b, second));

	/* The selector's address stands first, the guard's are there as well. */
	bind.mac = second;
	b = bridge_rebind(bridge, port, &bind);
	KUNIT_ASSERT_NOT_NULL(test, b);
	guest = vseg_binding_guest(b);
	KUNIT_EXPECT_TRUE(test, vseg_guest_has_mac(&guest, first));
	KUNIT_EXPECT_TRUE(test, vseg_guest_has_mac(&guest, second));
	KUNIT_EXPECT_TRUE(test, vseg_binding_foreign(b, first));
	KUNIT_EXPECT_FALSE(test, vseg_binding_foreign(b, second));

	bridge_leave(bridge, port);
	bridge_settle();
	KUNIT_EXPECT_EQ(test, refcount_read(&bind.guard->ref), 1);
	vseg_guard_put(bind.guard);
}

/* Ports are told apart though they share a bucket, and a device that got the
 * index of one that left isn't taken for it.
 */
static void port_found(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *first = port_of(bridge, 10);
	struct vseg_port *second = port_of(bridge, 10 + (1 << VSEG_BINDING_BITS));
	struct net_device *reused = bridge_device(bridge, 10);
	struct vseg_bind bind = guest(bridge_domain(bridge, 16));

	KUNIT_ASSERT_NOT_NULL(test, bridge_rebind(bridge, second, &bind));
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, first->dev, 0), 0);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, second->dev, 0), 16);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, reused, 0), -1);

	mutex_lock(&bridge->vn->lock);
	KUNIT_EXPECT_PTR_EQ(test, vseg_port_find(bridge->vn, first->dev),
			    first);
	KUNIT_EXPECT_PTR_EQ(test, vseg_port_find(bridge->vn, second->dev),
			    second);
	KUNIT_EXPECT_NULL(test, vseg_port_find(bridge->vn, reused));
	KUNIT_EXPECT_PTR_EQ(test, vseg_bridge_find(bridge->vn, bridge->dev),
			    bridge->br);
	KUNIT_EXPECT_NULL(test, vseg_bridge_find(bridge->vn, first->dev));
	mutex_unlock(&bridge->vn->lock);
}

/* What frames read of a binding is its label's. */
static void port_bound(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *port = port_of(bridge, 10);
	struct vseg_domain *domain = bridge_domain(bridge, 16);
	struct vseg_bind bind = guest(domain);
	struct vseg_binding *b = bridge_rebind(bridge, port, &bind);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_PTR_EQ(test, b->dev, port->dev);
	KUNIT_EXPECT_PTR_EQ(test, b->port, port);
	KUNIT_EXPECT_PTR_EQ(test, b->label->domain, domain);
	KUNIT_EXPECT_EQ(test, b->slot, domain->slot);
	KUNIT_EXPECT_TRUE(test, b->pcpu == b->label->stats.pcpu);
	KUNIT_EXPECT_NULL(test, b->vlan);
	KUNIT_EXPECT_EQ(test, b->kind, VSEG_PORT_KIND_GUEST);
	KUNIT_EXPECT_EQ(test, b->match, VSEG_PORT_MATCH_EXPLICIT);
}

/* Which of two bindings a frame sees, by the cursor of its policy. */
static const struct cursor_row {
	const char *name;
	u8 old;
	u8 new;
	int seen[2];
} cursors[] = {
	{ "the old one, in force", BOTH, 0, { 16, 16 } },
	{ "a commit prepares", BOTH, BIT(1), { 16, 17 } },
	{ "a commit prepares, from the other side", BOTH, BIT(0), { 17, 16 } },
	{ "published", BIT(0), BIT(1), { 16, 17 } },
	{ "settled", 0, BOTH, { 17, 17 } },
	{ "where both are seen the newer counts", BOTH, BOTH, { 17, 17 } },
	{ "none", 0, 0, { -1, -1 } },
};

static void cursor_desc(const struct cursor_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(cursors, cursors, cursor_desc);

static void port_cursor(struct kunit *test)
{
	const struct cursor_row *row = test->param_value;
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *port = port_of(bridge, 10);
	struct vseg_bind old = guest(bridge_domain(bridge, 16));
	struct vseg_bind new = guest(bridge_domain(bridge, 17));
	struct vseg_binding *b = bridge_rebind(bridge, port, &old);

	KUNIT_ASSERT_NOT_NULL(test, b);
	WRITE_ONCE(b->active, row->old);
	KUNIT_ASSERT_NOT_NULL(test, bridge_bind(bridge, port, &new, row->new));
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, port->dev, 0), row->seen[0]);
	KUNIT_EXPECT_EQ(test, bridge_id(bridge, port->dev, 1), row->seen[1]);
}

/*
 * Trunk ports.
 */

static void trunk_compare(struct bridge *bridge, const struct vseg_binding *b,
			  const struct model_trunk *model, unsigned int i)
{
	struct kunit *test = bridge->test;
	struct vseg_label *label, *other;
	unsigned int vid;

	for (vid = 0; vid < VSEG_VIDS; vid++) {
		label = vseg_binding_label(b, vid);
		KUNIT_ASSERT_EQ_MSG(test, label->domain->id,
				    model_vlan(model, vid), "VLAN %u, %s",
				    vid, case_name(i));
	}
	/* One label for each domain, so that labels can be compared. */
	list_for_each_entry(label, &b->port->labels, in_port)
		list_for_each_entry(other, &b->port->labels, in_port)
			if (label != other && label->binding == b &&
			    other->binding == b)
				KUNIT_ASSERT_PTR_NE(test, label->domain,
						    other->domain);
}

static void port_trunk(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *port = port_of(bridge, 10);
	struct vseg_domain *domain[4];
	struct rnd_state rnd;
	unsigned int i, n, vid;

	domain[0] = bridge->vn->builtin[VSEG_SLOT_UNLABELLED];
	for (i = 1; i < ARRAY_SIZE(domain); i++)
		domain[i] = bridge_domain(bridge, 15 + i);

	for (i = 0; i < DIV_ROUND_UP(test_cases, 20); i++) {
		struct vseg_vlan_range range[8];
		struct model_trunk model = {};
		struct vseg_bind bind = {
			.kind = VSEG_PORT_KIND_TRUNK,
			.map = range,
		};
		struct vseg_binding *b;

		random_case(&rnd, __func__, i);
		n = below(&rnd, ARRAY_SIZE(domain));
		bind.domain = n ? domain[n] : NULL;
		model.rest = domain[n]->id;
		vid = below(&rnd, 2);
		while (bind.nmap < ARRAY_SIZE(range) && vid < VSEG_VIDS) {
			n = between(&rnd, 1, ARRAY_SIZE(domain) - 1);
			range[bind.nmap++] = (struct vseg_vlan_range) {
				.first = vid,
				.last = min(vid + below(&rnd, 800),
					    VSEG_VIDS - 1U),
				.domain = domain[n],
			};
			model.range[model.nranges++] = (struct model_range) {
				.first = vid,
				.last = range[bind.nmap - 1].last,
				.domain = domain[n]->id,
			};
			vid = range[bind.nmap - 1].last + between(&rnd, 1, 300);
		}
		b = bridge_rebind(bridge, port, &bind);
		KUNIT_ASSERT_NOT_NULL(test, b);
		trunk_compare(bridge, b, &model, i);
		KUNIT_ASSERT_EQ(test, b->nmap, bind.nmap);
		KUNIT_ASSERT_EQ(test, bridge->br->ntrunks, 1);
	}
	bridge_leave(bridge, port);
	KUNIT_EXPECT_EQ(test, bridge->br->ntrunks, 0);
}

/*
 * Counters.
 */

static void port_count(struct bridge *bridge, const struct net_device *dev,
		       unsigned int frames)
{
	rcu_read_lock_bh();
	while (frames--)
		vseg_count_rx(bridge_label(bridge, dev, 0)->stats.pcpu, 100);
	rcu_read_unlock_bh();
}

static u64 port_packets(struct bridge *bridge, const struct vseg_port *port)
{
	struct vseg_sum sum;

	vseg_port_sum(bridge->vn, port, &sum);
	return sum.rx_packets;
}

static u64 domain_packets(struct bridge *bridge,
			  const struct vseg_domain *domain)
{
	struct vseg_sum sum;

	vseg_domain_sum(bridge->vn, domain, &sum);
	return sum.rx_packets;
}

static u64 bridge_packets(struct bridge *bridge)
{
	struct vseg_sum sum;

	vseg_bridge_sum(bridge->vn, bridge->br, &sum);
	return sum.rx_packets;
}

static u64 net_packets(struct bridge *bridge)
{
	struct vseg_sum sum;

	vseg_net_sum(bridge->vn, &sum);
	return sum.rx_packets;
}

/* What a label has counted stays with its port, its domain, the bridge and the
 * namespace, as each of them outlives it.
 */
static void port_folded(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_port *port = port_of(bridge, 10);
	struct vseg_domain *first = bridge_domain(bridge, 16);
	struct vseg_domain *second = bridge_domain(bridge, 17);
	struct vseg_bind bind = guest(first), other = guest(second);

	KUNIT_ASSERT_NOT_NULL(test, bridge_rebind(bridge, port, &bind));
	port_count(bridge, port->dev, 3);
	KUNIT_ASSERT_NOT_NULL(test, bridge_rebind(bridge, port, &other));
	port_count(bridge, port->dev, 4);
	port_count(bridge, bridge->dev, 5);

	/* Before the first label has folded, and after. */
	KUNIT_EXPECT_EQ(test, port_packets(bridge, port), 7);
	bridge_settle();
	KUNIT_EXPECT_EQ(test, port->retired.rx_packets, 3);
	KUNIT_EXPECT_EQ(test, port_packets(bridge, port), 7);
	KUNIT_EXPECT_EQ(test, domain_packets(bridge, first), 3);
	KUNIT_EXPECT_EQ(test, domain_packets(bridge, second), 4);
	KUNIT_EXPECT_EQ(test, bridge_packets(bridge), 12);
	KUNIT_EXPECT_EQ(test, net_packets(bridge), 12);

	bridge_leave(bridge, port);
	KUNIT_EXPECT_EQ(test, bridge_packets(bridge), 12);
	bridge_settle();
	KUNIT_EXPECT_EQ(test, bridge->br->retired.rx_packets, 7);
	KUNIT_EXPECT_EQ(test, bridge_packets(bridge), 12);
	KUNIT_EXPECT_EQ(test, domain_packets(bridge, second), 4);

	/* A port that comes again begins anew. */
	port = bridge_join(bridge, bridge->devs[1], BOTH);
	KUNIT_ASSERT_NOT_NULL(test, port);
	KUNIT_EXPECT_EQ(test, port_packets(bridge, port), 0);

	bridge_unmanage(bridge);
	KUNIT_EXPECT_EQ(test, net_packets(bridge), 12);
	bridge_settle();
	KUNIT_EXPECT_EQ(test, net_packets(bridge), 12);
}

static struct kunit_case port_cases[] = {
	KUNIT_CASE(port_joins),
	KUNIT_CASE(port_no_hook),
	KUNIT_CASE(port_guest),
	KUNIT_CASE(port_found),
	KUNIT_CASE(port_bound),
	KUNIT_CASE_PARAM(port_cursor, cursors_gen_params),
	KUNIT_CASE(port_trunk),
	KUNIT_CASE(port_folded),
	{}
};

static struct kunit_suite port_suite = {
	.name = "vseg_port",
	.test_cases = port_cases,
};

kunit_test_suite(port_suite);
