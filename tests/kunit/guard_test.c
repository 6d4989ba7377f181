// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest may send: any frame of any guest compared with the model, cut at
 * every byte; and who is permitted what.
 */
#include <kunit/test.h>

#include "../../kmod/guard.c"
#include "../../kmod/guest.c"

#include "frames.h"
#include "model_guard.h"
#include "random.h"

/**
 * struct bench - what a case is made of
 * @test: test that has it
 * @frame: the frame
 * @model: its sender, as the model knows it
 * @guard: the same, as the module does; or NULL
 * @guest: what is checked with
 */
struct bench {
	struct kunit *test;
	struct frame frame;
	struct model_guest model;
	struct vseg_guard *guard;
	struct vseg_guest guest;
};

static struct bench *bench_new(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->test = test;
	return b;
}

static void bench_free(struct bench *b)
{
	vseg_guard_put(b->guard);
	b->guard = NULL;
	memset(&b->model, 0, sizeof(b->model));
}

/* Bits that don't count are zero, as an operator has to give it. */
static void prefix_cut(struct model_prefix *p)
{
	unsigned int i;

	for (i = p->bits; i < p->bytes * 8; i++)
		p->address[i / 8] &= ~(0x80 >> i % 8);
}

/* An address that the frame has somewhere, or nearly, or any. */
static void prefix_any(struct bench *b, struct model_prefix *p,
		       struct rnd_state *rnd)
{
	const struct frame *f = &b->frame;

	p->bytes = rarely(rnd, 2) ? 4 : 16;
	p->bits = rarely(rnd, 3) ? below(rnd, p->bytes * 8 + 1) : p->bytes * 8;
	prandom_bytes_state(rnd, p->address, sizeof(p->address));
	if (!rarely(rnd, 3) && f->len > AT_BODY + p->bytes)
		memcpy(p->address, f->data + between(rnd, AT_BODY, f->len -
						     p->bytes), p->bytes);
	/* Most of all the source, of packets without tags. */
	if (!rarely(rnd, 3) && f->len > AT_IP6_DST)
		memcpy(p->address, f->data + (p->bytes == 4 ? AT_IP4_SRC :
					      AT_IP6_SRC), p->bytes);
	if (rarely(rnd, 4))
		p->bits = 0;
	prefix_cut(p);
}

static void guest_any(struct bench *b, struct rnd_state *rnd)
{
	struct model_guest *m = &b->model;
	bool selector = rarely(rnd, 3);
	unsigned int i, skip;

	bench_free(b);
	m->nmacs = below(rnd, MODEL_ADDRESSES);
	m->nprefixes = below(rnd, MODEL_ADDRESSES);
	for (i = 0; i < m->nmacs; i++) {
		prandom_bytes_state(rnd, m->mac[i], 6);
		if (!rarely(rnd, 8) && b->frame.len >= AT_PROTO)
			memcpy(m->mac[i], b->frame.data + AT_SRC, 6);
	}
	for (i = 0; i < m->nprefixes; i++)
		prefix_any(b, &m->prefix[i], rnd);

	/* The first address may come from a selector. */
	skip = selector && m->nmacs;
	b->guest = (struct vseg_guest){};
	if (m->nmacs > skip || m->nprefixes || rarely(rnd, 2)) {
		b->guard = vseg_guard_alloc(m->nmacs, m->nprefixes);
		KUNIT_ASSERT_NOT_NULL(b->test, b->guard);
	}
	for (i = skip; i < m->nmacs; i++)
		memcpy(b->guard->macs[b->guard->nmacs++], m->mac[i], 6);
	for (i = 0; i < m->nprefixes; i++)
		KUNIT_ASSERT_TRUE(b->test,
				  vseg_prefix_set(&b->guard->prefixes[b->guard->nprefixes++],
						  m->prefix[i].bytes == 4 ? 4 : 6,
						  m->prefix[i].address,
						  m->prefix[i].bits));
	b->guest.guard = b->guard;
	b->guest.mac = m->nmacs ? m->mac[0] : NULL;
}

static void compare(struct bench *b, size_t avail, unsigned int i)
{
	const struct frame *f = &b->frame;
	u8 *copy = kmalloc(avail, GFP_KERNEL);
	u32 roles, want_roles;
	u8 reason, want;

	/* Of just that size, so that KASAN sees a look behind it. */
	KUNIT_ASSERT_NOT_NULL(b->test, copy);
	memcpy(copy, f->data, avail);
	want = model_guard(&b->model, copy, avail, f->len, &want_roles);
	reason = vseg_guard_check(&b->guest, copy, avail, f->len, &roles);
	KUNIT_EXPECT_EQ_MSG(b->test, reason, want, "%s, %zu of %*ph",
			    case_name(i), avail, (int)min_t(size_t, f->len, 64),
			    f->data);
	KUNIT_EXPECT_EQ_MSG(b->test, roles, want_roles, "%s, %zu of %*ph",
			    case_name(i), avail, (int)min_t(size_t, f->len, 64),
			    f->data);
	if (vseg_guard_quick(b->guest, copy, avail, f->len))
		KUNIT_EXPECT_EQ_MSG(b->test, want | want_roles, 0,
				    "quick, %s: %*ph", case_name(i),
				    (int)min_t(size_t, f->len, 64), f->data);
	kfree(copy);
}

/* Ports that tell a role, or that it could be one. */
static void aim_ports(u8 *p, struct rnd_state *rnd)
{
	static const u16 ports[] = { 67, 68, 546, 547, 53 };

	frame_put16(p, ports[below(rnd, ARRAY_SIZE(ports))]);
	frame_put16(p + 2, ports[below(rnd, ARRAY_SIZE(ports))]);
}

static void aim_arp(u8 *data, struct rnd_state *rnd)
{
	data[AT_ARP_OP + 1] = below(rnd, 6);
	if (rarely(rnd, 2))
		memcpy(data + AT_ARP_SENDER, data + AT_SRC, 6);
	if (rarely(rnd, 3))
		memset(data + AT_ARP_SENDER + 6, 0, 4);
	if (!rarely(rnd, 3))
		memcpy(data + AT_ARP_SENDER + 10, data + AT_SRC, 6);
}

static void aim_ip4(u8 *data, struct rnd_state *rnd)
{
	if (rarely(rnd, 3))
		memset(data + AT_IP4_SRC, 0, 4);
	if (rarely(rnd, 2))
		data[AT_IP4_PROTO] = 17;
	if (rarely(rnd, 2))
		aim_ports(data + AT_IP4_OPTION, rnd);
	if (rarely(rnd, 8))
		frame_put16(data + AT_IP4_TOTAL, between(rnd, 16, 40));
}

/* The link-local address that the source makes of its MAC address, or nearly. */
static void aim_link_local(u8 *address, const u8 *mac, struct rnd_state *rnd)
{
	const u8 made[] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, mac[0] ^ 2, mac[1],
			    mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5] };

	memcpy(address, made, sizeof(made));
	if (rarely(rnd, 3))
		address[below(rnd, 16)] ^= 1 << below(rnd, 8);
}

static void aim_ip6(u8 *data, struct rnd_state *rnd)
{
	if (rarely(rnd, 3))
		aim_link_local(data + AT_IP6_SRC, data + AT_SRC, rnd);
	if (rarely(rnd, 3))
		aim_link_local(data + AT_ND_TARGET, data + AT_SRC, rnd);
	if (rarely(rnd, 3))
		memset(data + AT_IP6_SRC, 0, 16);
	data[AT_IP6_NEXT] = rarely(rnd, 4) ? 17 : 58;
	if (data[AT_IP6_NEXT] == 17)
		aim_ports(data + AT_ICMP6, rnd);
	else if (rarely(rnd, 2))
		data[AT_ICMP6] = rarely(rnd, 3) ? 143 : between(rnd, 128, 154);
	if (rarely(rnd, 3))
		data[AT_ND_OPTION + below(rnd, 2)] = below(rnd, 4);
	memcpy(data + AT_ND_OPTION + 2, data + AT_SRC, 6);
	if (rarely(rnd, 3))
		data[AT_ND_OPTION + 2 + below(rnd, 6)] ^= 1;
}

/* Any frame is seldom near what the guard looks at. */
static void bench_aim(struct frame *f, struct rnd_state *rnd)
{
	if (f->len < AT_ND_OPTION + 8)
		frame_pad(f, rnd, AT_ND_OPTION + 8 - f->len);
	switch (frame_get16(f->data + AT_PROTO)) {
	case 0x0806:
	case 0x8035:
		aim_arp(f->data, rnd);
		break;
	case 0x0800:
		aim_ip4(f->data, rnd);
		break;
	case 0x86dd:
		aim_ip6(f->data, rnd);
		break;
	}
}

static void bench_frame(struct bench *b, struct rnd_state *rnd)
{
	if (!rarely(rnd, 3))
		frame_kinds[below(rnd, frame_nkinds)].make(&b->frame, rnd);
	else
		frame_any(&b->frame, rnd);
	if (rarely(rnd, 2))
		bench_aim(&b->frame, rnd);
	if (b->frame.len >= AT_PROTO && !rarely(rnd, 8))
		b->frame.data[AT_SRC] &= 0xfe;
	guest_any(b, rnd);
}

static void guard_any(struct kunit *test)
{
	struct bench *b = bench_new(test);
	unsigned int i, passed = 0, quick = 0;
	struct rnd_state rnd;
	u32 roles;

	for (i = 0; i < test_cases * 10; i++) {
		random_case(&rnd, __func__, i);
		bench_frame(b, &rnd);
		compare(b, b->frame.len, i);
		passed += !vseg_guard_check(&b->guest, b->frame.data,
					    b->frame.len, b->frame.len, &roles);
		quick += vseg_guard_quick(b->guest, b->frame.data,
					  b->frame.len, b->frame.len);
	}
	bench_free(b);
	/* Else it says nothing. */
	KUNIT_EXPECT_GT(test, passed, test_cases);
	KUNIT_EXPECT_GT(test, quick, test_cases / 100);
}

static void guard_cut(struct kunit *test)
{
	struct bench *b = bench_new(test);
	struct rnd_state rnd;
	unsigned int i;
	size_t n;

	for (i = 0; i < test_cases / 10; i++) {
		random_case(&rnd, __func__, i);
		bench_frame(b, &rnd);
		for (n = min_t(size_t, b->frame.len, 200); n; n--)
			compare(b, n, i);
	}
	bench_free(b);
}

/* Bytes that can't be read make a frame suspect, never innocent. */
static void guard_unread(struct kunit *test)
{
	struct bench *b = bench_new(test);
	u32 roles, all_roles;
	struct rnd_state rnd;
	u8 reason, all;
	unsigned int i;

	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		bench_frame(b, &rnd);
		all = vseg_guard_check(&b->guest, b->frame.data, b->frame.len,
				       b->frame.len, &all_roles);
		reason = vseg_guard_check(&b->guest, b->frame.data,
					  below(&rnd, b->frame.len + 1),
					  b->frame.len, &roles);
		if (reason)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, all, 0, "%s", case_name(i));
		KUNIT_EXPECT_EQ_MSG(test, roles, all_roles, "%s", case_name(i));
	}
	bench_free(b);
}

static void guard_prefix(struct kunit *test)
{
	static const u8 zero[16], ones[16] = { [0 ... 15] = 0xff };
	struct vseg_prefix p;
	u8 back[16], want[16];
	unsigned int i, bit;

	for (i = 0; i <= 128; i++) {
		memset(want, 0, sizeof(want));
		for (bit = 0; bit < i; bit++)
			want[bit / 8] |= 0x80 >> bit % 8;
		KUNIT_EXPECT_TRUE(test, vseg_prefix_set(&p, 6, zero, i));
		KUNIT_EXPECT_EQ(test, vseg_prefix_set(&p, 6, ones, i), i == 128);
		KUNIT_EXPECT_TRUE(test, vseg_prefix_set(&p, 6, want, i));
		vseg_prefix_bytes(&p, back);
		KUNIT_EXPECT_EQ(test, memcmp(back, want, 16), 0);
		if (i > 32)
			continue;
		KUNIT_EXPECT_EQ(test, vseg_prefix_set(&p, 4, ones, i), i == 32);
		KUNIT_EXPECT_TRUE(test, vseg_prefix_set(&p, 4, want, i));
		vseg_prefix_bytes(&p, back);
		KUNIT_EXPECT_EQ(test, memcmp(back, want, 4), 0);
	}
}

static void guard_alike(struct kunit *test)
{
	static const u8 address[4] = { 10 };
	struct vseg_guard *a = vseg_guard_alloc(1, 1);
	struct vseg_guard *b = vseg_guard_alloc(1, 1);

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_TRUE(test, vseg_guard_same(NULL, NULL));
	KUNIT_EXPECT_FALSE(test, vseg_guard_same(a, NULL));
	KUNIT_EXPECT_TRUE(test, vseg_guard_same(a, b));
	b->permit = VSEG_GUARD_PERMIT_ROUTER;
	KUNIT_EXPECT_FALSE(test, vseg_guard_same(a, b));
	b->permit = 0;
	a->nmacs = 1;
	KUNIT_EXPECT_FALSE(test, vseg_guard_same(a, b));
	b->nmacs = 1;
	b->macs[0][5] = 1;
	KUNIT_EXPECT_FALSE(test, vseg_guard_same(a, b));
	a->macs[0][5] = 1;
	vseg_prefix_set(&a->prefixes[a->nprefixes++], 4, address, 8);
	KUNIT_EXPECT_FALSE(test, vseg_guard_same(a, b));
	vseg_prefix_set(&b->prefixes[b->nprefixes++], 4, address, 9);
	KUNIT_EXPECT_FALSE(test, vseg_guard_same(a, b));
	vseg_prefix_set(&b->prefixes[0], 4, address, 8);
	KUNIT_EXPECT_TRUE(test, vseg_guard_same(a, b));
	vseg_guard_put(a);
	vseg_guard_put(b);
}

/* What is permitted takes its own reason away, and no other. */
static void guard_permits(struct kunit *test)
{
	static const struct {
		u32 permit;
		u8 reason;
	} rows[] = {
		{ VSEG_GUARD_PERMIT_SPANNING_TREE,
		  VSEG_REASON_GUARD_SPANNING_TREE },
		{ VSEG_GUARD_PERMIT_LINK_LOCAL, VSEG_REASON_GUARD_LINK_LOCAL },
		{ VSEG_GUARD_PERMIT_DHCP_SERVER, VSEG_REASON_GUARD_DHCP },
		{ VSEG_GUARD_PERMIT_ROUTER, VSEG_REASON_GUARD_ROUTER },
		{ VSEG_GUARD_PERMIT_MULTICAST_ROUTER,
		  VSEG_REASON_GUARD_MULTICAST_ROUTER },
	};
	u32 roles, permit;
	unsigned int i;
	u8 want, reason;

	for (roles = 0; roles < VSEG_GUARD_PERMIT_MASK + 1; roles += 2) {
		for (permit = 0; permit < VSEG_GUARD_PERMIT_MASK + 1; permit++) {
			want = permit & VSEG_GUARD_PERMIT_ALL ?
			       VSEG_REASON_NONE : VSEG_REASON_GUARD_ADDRESS;
			for (i = ARRAY_SIZE(rows); i-- && !(permit & 1);)
				if (roles & ~permit & rows[i].permit)
					want = rows[i].reason;
			reason = vseg_guard_reason(VSEG_REASON_GUARD_ADDRESS,
						   roles, permit);
			KUNIT_EXPECT_EQ_MSG(test, reason, want, "%x of %x",
					    roles, permit);
			reason = vseg_guard_reason(VSEG_REASON_GUARD_MAC, roles,
						   permit);
			KUNIT_EXPECT_EQ(test, reason, permit & 1 ?
					VSEG_REASON_NONE :
					VSEG_REASON_GUARD_MAC);
		}
	}
}

static struct kunit_case guard_cases[] = {
	KUNIT_CASE(guard_any),
	KUNIT_CASE(guard_cut),
	KUNIT_CASE(guard_unread),
	KUNIT_CASE(guard_prefix),
	KUNIT_CASE(guard_alike),
	KUNIT_CASE(guard_permits),
	{}
};

static struct kunit_suite guard_suite = {
	.name = "vseg_guard",
	.test_cases = guard_cases,
};

kunit_test_suite(guard_suite);
