// SPDX-License-Identifier: GPL-2.0
/*
 * Stateful rules: what an entry carries, what a flow is judged by, which cells
 * connection tracking sees, and how many flows and zones there may be.
 */
#include <linux/if_bridge.h>

/* No device is there that could be asked. */
static bool state_filters;
#define br_vlan_enabled(dev) ((void)(dev), state_filters)

#include "memory.h"
#include "../../kmod/state.c"
#include "../../kmod/track.c"
#include "../../kmod/judge.c"
#include "../../kmod/flow.c"
#include "../../kmod/zone.c"

#include "bridge.h"
#include "twin.h"

/* What goes into the word comes out, and one policy isn't another. */
static void state_word(struct kunit *test)
{
	struct vseg_policy policy = { .generation = 7 };
	u64 word = vseg_word(&policy, 4095, VSEG_WORD_KEEP | VSEG_WORD_COUNTED);

	KUNIT_EXPECT_EQ(test, vseg_word_rule(word), 4095);
	KUNIT_EXPECT_EQ(test, word & VSEG_WORD_FLAGS,
			VSEG_WORD_KEEP | VSEG_WORD_COUNTED);
	KUNIT_EXPECT_TRUE(test, vseg_word_current(word, &policy));
	policy.generation = 8;
	KUNIT_EXPECT_FALSE(test, vseg_word_current(word, &policy));
	KUNIT_EXPECT_FALSE(test, vseg_word_current(0, &policy));

	/* Nothing of it reaches the generation, however great it is. */
	policy.generation = 1ULL << 39 | 5;
	word = vseg_word(&policy, VSEG_RULE_NONE, VSEG_WORD_FLAGS);
	KUNIT_EXPECT_TRUE(test, vseg_word_current(word, &policy));
	KUNIT_EXPECT_EQ(test, vseg_word_rule(word), VSEG_RULE_NONE);
}

/* A flow is judged by what its first datagram said of itself. */
static const struct {
	u8 protocol;
	u8 bytes[20];
	u16 sport;
	u16 dport;
} state_datagrams[] = {
	{ IPPROTO_UDP, { 3, 232, 0, 53, 0, 20 }, 1000, 53 },
	{ IPPROTO_TCP, { 3, 232, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02 },
	  1000, 80 },
	{ IPPROTO_ICMP, { 8, 0 }, },
	{ IPPROTO_SCTP, { 0, 5, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 4 },
	  5, 6 },
	{ 99, {}, },
};

static void state_tuple(struct kunit *test)
{
	struct vseg_fields want, have;
	struct nf_conn *ct = kunit_kzalloc(test, sizeof(*ct), GFP_KERNEL);
	struct nf_conntrack_tuple *tuple;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, ct);
	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	for (i = 0; i < ARRAY_SIZE(state_datagrams); i++) {
		u8 frame[54] = {
			[12] = 0x08, 0x00, 0x45, 0, 0, 40,
			[22] = 64, state_datagrams[i].protocol,
			[26] = 10, 0, 0, 1, 10, 0, 0, 2,
		};

		memcpy(frame + 34, state_datagrams[i].bytes, 20);
		vseg_frame_describe(frame, sizeof(frame), sizeof(frame), 12,
				    &want);
		memset(tuple, 0, sizeof(*tuple));
		tuple->src.l3num = NFPROTO_IPV4;
		tuple->src.u3.ip = htonl(0x0a000001);
		tuple->dst.u3.ip = htonl(0x0a000002);
		tuple->dst.protonum = state_datagrams[i].protocol;
		if (state_datagrams[i].protocol == IPPROTO_ICMP) {
			tuple->dst.u.icmp.type = 8;
		} else {
			tuple->src.u.all = htons(state_datagrams[i].sport);
			tuple->dst.u.all = htons(state_datagrams[i].dport);
		}
		vseg_tuple_describe(ct, 12, &have);
		KUNIT_EXPECT_EQ_MSG(test, want.known, have.known, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, want.unknown, have.unknown, "%u", i);
		KUNIT_EXPECT_EQ(test, want.ethertype, have.ethertype);
		KUNIT_EXPECT_EQ(test, want.vlan, have.vlan);
		KUNIT_EXPECT_EQ(test, want.version, have.version);
		KUNIT_EXPECT_EQ(test, want.protocol, have.protocol);
		KUNIT_EXPECT_EQ(test, want.fragment, have.fragment);
		KUNIT_EXPECT_EQ(test, want.src.lo, have.src.lo);
		KUNIT_EXPECT_EQ(test, want.dst.lo, have.dst.lo);
		if (have.known & VSEG_FIELD(SOURCE_PORT)) {
			KUNIT_EXPECT_EQ(test, want.sport, have.sport);
			KUNIT_EXPECT_EQ(test, want.dport, have.dport);
		}
		if (have.known & VSEG_FIELD(TCP_FLAGS))
			KUNIT_EXPECT_EQ(test, want.tcp_flags, have.tcp_flags);
		if (have.known & VSEG_FIELD(ICMP))
			KUNIT_EXPECT_EQ(test, want.icmp, have.icmp);
	}
}

/*
 * Which cells connection tracking sees.
 */

#define STATE_DOMAINS	5

static u16 state_end(struct rnd_state *rnd)
{
	u32 end = below(rnd, STATE_DOMAINS + 1);

	return end == STATE_DOMAINS ? VSEG_SLOT_ANY : VSEG_SLOT_FIRST + end;
}

static void state_add_cell(struct twin *twin, struct rnd_state *rnd)
{
	u32 key = vseg_key(state_end(rnd), state_end(rnd));
	u8 action = below(rnd, VSEG_ACTION_MAX + 1);
	struct vseg_rule *rule;

	KUNIT_ASSERT_EQ(twin->test, 0,
			vseg_tables_set_cell(twin->tables, key, action, 0,
					     &twin->net->pool));
	if (action != VSEG_ACTION_RULES)
		return;
	rule = vseg_rule_alloc(0, "", "");
	KUNIT_ASSERT_NOT_NULL(twin->test, rule);
	rule->stats = vseg_cell_stats_alloc(&twin->net->pool);
	rule->action = VSEG_ACTION_ALLOW;
	if (rarely(rnd, 3))
		rule->flags = VSEG_RULE_FLAGS_STATE;
	vseg_rule_finish(rule);
	KUNIT_EXPECT_EQ(twin->test, 0,
			vseg_tables_add_rule(twin->tables, key, rule, 0));
	vseg_rule_put(rule);
}

/* No frame of a pair that flows may begin in goes by the fast path; where no
 * rule is stateful, every plain allow does.
 */
static void state_check_pair(struct twin *twin, u16 src, u16 dst,
			     unsigned int i)
{
	struct vseg_policy policy = {};
	const struct vseg_cell *cell;
	bool stateful;

	vseg_policy_init(&policy, twin->tables, 0);
	cell = vseg_policy_cell(&policy, src, dst);
	stateful = vseg_cell_stateful(cell) ||
		   vseg_policy_back_stateful(&policy, src, dst);
	if (!cell->stats)
		return;
	KUNIT_EXPECT_TRUE_MSG(twin->test, !stateful || cell->state,
			      "%s", case_name(i));
	KUNIT_EXPECT_EQ_MSG(twin->test, cell->quick,
			    cell->action == VSEG_ACTION_ALLOW && !cell->state,
			    "%s", case_name(i));
	if (!policy.stateful)
		KUNIT_EXPECT_FALSE_MSG(twin->test, cell->state || stateful,
				       "%s", case_name(i));
}

static void state_check(struct twin *twin, unsigned int i)
{
	u16 src, dst;

	KUNIT_ASSERT_EQ(twin->test, 0, vseg_tables_seal(twin->tables));
	for (src = VSEG_SLOT_HOST; src < VSEG_SLOT_FIRST + STATE_DOMAINS; src++)
		for (dst = VSEG_SLOT_HOST;
		     dst < VSEG_SLOT_FIRST + STATE_DOMAINS; dst++)
			state_check_pair(twin, src, dst, i);
}

static void state_marks(struct kunit *test)
{
	struct twin_net *net = twin_net(test);
	unsigned int i, j;

	for (i = 0; i < test_cases / 10 + 1; i++) {
		struct twin *twin = twin_new(test, net);
		struct rnd_state rnd;

		random_case(&rnd, "state_marks", i);
		for (j = 0; j < 4; j++) {
			state_add_cell(twin, &rnd);
			state_check(twin, i);
		}
		twin_free(twin);
	}
}

/*
 * How many there may be.
 */

static struct nf_conn *state_entry(struct kunit *test, u16 port)
{
	struct nf_conntrack_tuple tuple = {
		.src.l3num = NFPROTO_IPV4,
		.src.u.udp.port = htons(port),
		.dst.protonum = IPPROTO_UDP,
	};
	struct nf_conn *ct = nf_conntrack_alloc(&init_net, &nf_ct_zone_dflt,
						&tuple, &tuple, GFP_KERNEL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(ct));
	refcount_set(&ct->ct_general.use, 1);
	return ct;
}

/* Places are bounded, given back, and taken from what is over only. */
static void state_ring(struct kunit *test)
{
	struct vseg_flows *flows = kunit_kzalloc(test, sizeof(*flows),
						 GFP_KERNEL);
	unsigned long *live = kunit_kcalloc(test,
					    BITS_TO_LONGS(VSEG_ZONE_MAX + 1),
					    sizeof(*live), GFP_KERNEL);
	struct twin *twin = twin_new(test, twin_net(test));
	struct nf_conn *ct[5];
	struct vseg_domain *domain;
	u32 place[5], i;

	KUNIT_ASSERT_NOT_NULL(test, flows);
	KUNIT_ASSERT_NOT_NULL(test, live);
	vseg_flows_init(flows);
	KUNIT_ASSERT_EQ(test, 0, twin_add_domain(twin, 16));
	domain = twin_domain(twin, 16);
	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(ct); i++) {
		rcu_read_unlock();
		ct[i] = state_entry(test, i);
		rcu_read_lock();
		KUNIT_EXPECT_EQ(test, i < 4,
				vseg_flow_add(flows, domain, ct[i], 4,
					      &place[i]));
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&flows->n), 4);
	KUNIT_EXPECT_EQ(test, atomic64_read(&flows->refused), 1);

	/* One that is over gives its place; it is no eviction. */
	set_bit(IPS_DYING_BIT, &ct[2]->status);
	KUNIT_EXPECT_TRUE(test, vseg_flow_add(flows, domain, ct[4], 4,
					      &place[4]));
	KUNIT_EXPECT_EQ(test, refcount_read(&ct[2]->ct_general.use), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&ct[4]->ct_general.use), 2);
	KUNIT_EXPECT_EQ(test, atomic64_read(&flows->evicted), 0);

	vseg_flow_del(flows, domain, ct[4], place[4]);
	/* Another's place isn't touched. */
	vseg_flow_del(flows, domain, ct[4], place[0]);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows->n), 3);
	rcu_read_unlock();

	vseg_flows_sweep(flows, twin->tables, live);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows->n), 3);
	/* All of these are in the zone that entries have by themselves. */
	KUNIT_EXPECT_TRUE(test, test_bit(NF_CT_DEFAULT_ZONE_ID, live));
	KUNIT_EXPECT_EQ(test, bitmap_weight(live, VSEG_ZONE_MAX + 1), 1);
	vseg_flows_clear(flows);
	KUNIT_EXPECT_EQ(test, atomic_read(&flows->n), 0);
	for (i = 0; i < ARRAY_SIZE(ct); i++) {
		KUNIT_EXPECT_EQ(test, refcount_read(&ct[i]->ct_general.use), 1);
		nf_ct_put(ct[i]);
	}
}

/* One zone for both directions, numbers from the range, and none twice. */
static void state_zones(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_zones *zones = kvzalloc(sizeof(*zones), GFP_KERNEL);
	struct vseg_settings settings = { .zone_first = 100, .zone_last = 102 };
	struct vseg_domain *a = bridge->vn->builtin[VSEG_SLOT_HOST];
	struct vseg_domain *b = bridge->vn->builtin[VSEG_SLOT_ROUTED];
	struct vseg_zone *zone, *other;

	KUNIT_ASSERT_NOT_NULL(test, zones);
	vseg_zones_init(zones);
	state_filters = true;
	rcu_read_lock();
	zone = vseg_zone_make(zones, &settings, bridge->br, 0, a, b);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, zone);
	KUNIT_EXPECT_PTR_EQ(test, zone,
			    vseg_zone_make(zones, &settings, bridge->br, 0, b,
					   a));
	KUNIT_EXPECT_PTR_EQ(test, zone,
			    vseg_zone_find(zones, bridge->br, 0,
					   vseg_zone_pair(b->slot, a->slot)));
	KUNIT_EXPECT_NULL(test, vseg_zone_find(zones, bridge->br, 1,
					       zone->pair));
	other = vseg_zone_make(zones, &settings, bridge->br, 1, a, b);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	KUNIT_EXPECT_NE(test, zone->id, other->id);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test,
				     vseg_zone_make(zones, &settings,
						    bridge->br, 0, a, a));
	other = vseg_zone_make(zones, &settings, bridge->br, 2, a, b);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(other), -ENOSPC);
	KUNIT_EXPECT_EQ(test, zones->n, 3);
	KUNIT_EXPECT_GE(test, zone->id, 100);
	KUNIT_EXPECT_LE(test, zone->id, 102);
	rcu_read_unlock();
	bridge->vn->net = &init_net;
	vseg_zones_clear(bridge->vn, zones);
	KUNIT_EXPECT_EQ(test, zones->n, 0);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(zones->used, VSEG_ZONE_MAX + 1));
	kvfree(zones);
}

/* Who chooses tags gets an eighth of all numbers, and all such half of them. */
static void state_tags(struct kunit *test)
{
	struct bridge *bridge = bridge_new(test);
	struct vseg_zones *zones = kvzalloc(sizeof(*zones), GFP_KERNEL);
	struct vseg_settings settings = { .zone_first = 100, .zone_last = 115 };
	struct vseg_domain *a = bridge->vn->builtin[VSEG_SLOT_HOST];
	struct vseg_domain *b = bridge->vn->builtin[VSEG_SLOT_ROUTED];
	struct vseg_zone *zone;
	u16 vid;

	KUNIT_ASSERT_NOT_NULL(test, zones);
	vseg_zones_init(zones);
	state_filters = false;
	rcu_read_lock();
	for (vid = 1; vid < 4; vid++) {
		zone = vseg_zone_make(zones, &settings, bridge->br, vid, a, b);
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(zone),
				vid < 3 ? 0 : -ENOSPC);
	}
	/* Others aren't touched by that, nor what comes without a tag. */
	zone = vseg_zone_make(zones, &settings, bridge->br, 3, b, a);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, zone);
	zone = vseg_zone_make(zones, &settings, bridge->br, 0, a, b);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, zone);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, zones->ntagged, 3);
	KUNIT_EXPECT_EQ(test, a->zones, 2);
	KUNIT_EXPECT_EQ(test, b->zones, 1);
	KUNIT_EXPECT_TRUE(test, zones->lacking);
	bridge->vn->net = &init_net;
	vseg_zones_clear(bridge->vn, zones);
	KUNIT_EXPECT_EQ(test, zones->ntagged, 0);
	KUNIT_EXPECT_EQ(test, a->zones, 0);
	kvfree(zones);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(state_word),
	KUNIT_CASE(state_tuple),
	KUNIT_CASE(state_marks),
	KUNIT_CASE(state_ring),
	KUNIT_CASE(state_zones),
	KUNIT_CASE(state_tags),
	{}
};

static struct kunit_suite state_suite = {
	.name = "vseg_state",
	.exit = memory_enough,
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
