// SPDX-License-Identifier: GPL-2.0
/*
 * Domains: names, slots, and the set of them that a policy has.
 */
#include <linux/string_helpers.h>

#include "memory.h"
#include "../../kmod/domain.c"

#include "random.h"

static const struct name_row {
	const char *name;
	bool ok;
	bool reserved;
} names[] = {
	{ "a", true },
	{ "Z", true },
	{ "web", true },
	{ "web-1.prod_x", true },
	{ "a-", true },
	{ "a.", true },
	{ "a23456789012345678901234567890b", true },
	{ "a234567890123456789012345678901b", false },
	{ "", false },
	{ "1", false },
	{ "16", false },
	{ "-a", false },
	{ ".a", false },
	{ "_a", false },
	{ "a b", false },
	{ "a/b", false },
	{ "a:b", false },
	{ "a\tb", false },
	{ "a\n", false },
	{ "a\x7f", false },
	{ "\xc3\xa4", false },
	{ "a\xe4", false },
	{ "any", true, true },
	{ "unlabelled", true, true },
	{ "host", true, true },
	{ "routed", true, true },
	{ "none", true, true },
	{ "all", true, true },
	{ "default", true, true },
	{ "Any", true },
	{ "hosts", true },
	{ "hos", true },
};

static void name_desc(const struct name_row *row, char *desc)
{
	int n = string_escape_mem(row->name, strlen(row->name), desc,
				  KUNIT_PARAM_DESC_SIZE - 1,
				  ESCAPE_NAP | ESCAPE_HEX, NULL);

	desc[n] = 0;
}

KUNIT_ARRAY_PARAM(names, names, name_desc);

static void domain_names(struct kunit *test)
{
	const struct name_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, vseg_domain_name_ok(row->name), row->ok);
	KUNIT_EXPECT_EQ(test, vseg_domain_name_reserved(row->name),
			row->reserved);
}

/* Every byte, at the first place and behind it. */
static void domain_name_bytes(struct kunit *test)
{
	char name[3] = {};
	unsigned int c;

	for (c = 1; c < 256; c++) {
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool digit = c >= '0' && c <= '9';
		bool mark = c == '.' || c == '_' || c == '-';

		name[0] = c;
		name[1] = 0;
		KUNIT_EXPECT_EQ_MSG(test, vseg_domain_name_ok(name), letter,
				    "byte %u", c);
		name[0] = 'a';
		name[1] = c;
		KUNIT_EXPECT_EQ_MSG(test, vseg_domain_name_ok(name),
				    letter || digit || mark, "byte %u", c);
	}
}

static struct vseg_domain *domain_of(struct kunit *test, struct ida *slots,
				     const char *name, u16 id, int slot)
{
	struct vseg_domain *domain = vseg_domain_alloc(name, id, slots, slot);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, domain);
	return domain;
}

/* A slot is used again when the last reference is gone, and not before. */
static void domain_slots(struct kunit *test)
{
	struct vseg_domain *a, *b, *c;
	struct ida slots;

	ida_init(&slots);
	a = domain_of(test, &slots, "a", 16, -1);
	b = domain_of(test, &slots, "b", 17, -1);
	KUNIT_EXPECT_EQ(test, a->slot, VSEG_SLOT_FIRST);
	KUNIT_EXPECT_EQ(test, b->slot, VSEG_SLOT_FIRST + 1);
	KUNIT_EXPECT_EQ(test, a->id, 16);
	KUNIT_EXPECT_STREQ(test, a->name, "a");
	KUNIT_EXPECT_TRUE(test, list_empty(&a->labels));

	KUNIT_EXPECT_PTR_EQ(test, vseg_domain_get(a), a);
	vseg_domain_put(a);
	c = domain_of(test, &slots, "c", 18, -1);
	KUNIT_EXPECT_EQ(test, c->slot, VSEG_SLOT_FIRST + 2);
	vseg_domain_put(c);
	vseg_domain_put(a);
	c = domain_of(test, &slots, "c", 18, -1);
	KUNIT_EXPECT_EQ(test, c->slot, VSEG_SLOT_FIRST);

	vseg_domain_put(b);
	vseg_domain_put(c);
	KUNIT_EXPECT_TRUE(test, ida_is_empty(&slots));
	ida_destroy(&slots);
}

/* Built-in domains have the slots that are theirs; operators never get one. */
static void domain_builtin(struct kunit *test)
{
	struct vseg_domain *domain[VSEG_SLOT_FIRST];
	struct vseg_domain *other;
	struct ida slots;
	int i;

	ida_init(&slots);
	other = domain_of(test, &slots, "a", 16, -1);
	KUNIT_EXPECT_EQ(test, other->slot, VSEG_SLOT_FIRST);
	for (i = 0; i < VSEG_SLOT_FIRST; i++) {
		domain[i] = domain_of(test, &slots, "builtin", i, i);
		KUNIT_EXPECT_EQ(test, domain[i]->slot, i);
	}
	KUNIT_EXPECT_EQ(test, PTR_ERR(vseg_domain_alloc("x", 1, &slots, 1)),
			-ENOSPC);
	while (i--)
		vseg_domain_put(domain[i]);
	vseg_domain_put(other);
	ida_destroy(&slots);
}

/* The last slot is one less than the one that stands for any. */
static void domain_no_slot(struct kunit *test)
{
	struct vseg_domain *domain;
	unsigned int taken = 0;
	struct ida slots;

	ida_init(&slots);
	while (ida_alloc_range(&slots, VSEG_SLOT_FIRST, VSEG_SLOT_LAST - 1,
			       GFP_KERNEL) >= 0)
		taken++;
	KUNIT_EXPECT_EQ(test, taken, VSEG_SLOT_LAST - VSEG_SLOT_FIRST);
	domain = domain_of(test, &slots, "last", 16, -1);
	KUNIT_EXPECT_EQ(test, domain->slot, 0xfffe);
	KUNIT_EXPECT_EQ(test, PTR_ERR(vseg_domain_alloc("x", 17, &slots, -1)),
			-ENOSPC);
	vseg_domain_put(domain);
	ida_destroy(&slots);
}

/*
 * Sets, against a list.
 */

#define LIST_MAX	60

/**
 * struct list - what a set is to hold
 * @n: used places of @domain
 * @domain: in no order; each has a reference of ours
 */
struct list {
	unsigned int n;
	struct vseg_domain *domain[LIST_MAX];
};

static void set_compare(struct kunit *test, const struct vseg_domain_set *set,
			const struct list *list, unsigned int i)
{
	struct vseg_domain_node *node;
	unsigned int n, bucket, found = 0;

	for (n = 0; n < list->n; n++) {
		struct vseg_domain *domain = list->domain[n];

		KUNIT_ASSERT_PTR_EQ_MSG(test, domain,
					vseg_domain_set_find(set, domain->name),
					"%s", case_name(i));
		KUNIT_ASSERT_TRUE(test, test_bit(domain->id, set->ids));
	}
	vseg_domain_set_for_each(set, bucket, node)
		found++;
	KUNIT_ASSERT_EQ_MSG(test, found, list->n, "%s", case_name(i));
	KUNIT_ASSERT_EQ(test, bitmap_weight(set->ids, VSEG_DOMAIN_ID_MAX + 1),
			list->n);
	KUNIT_ASSERT_NULL(test, vseg_domain_set_find(set, "absent"));
}

static void set_edit(struct kunit *test, struct vseg_domain_set *set,
		     struct list *list, struct ida *slots,
		     struct rnd_state *rnd)
{
	unsigned int at = below(rnd, LIST_MAX);
	struct vseg_domain *domain;
	char name[VSEG_NAME_MAX + 1];
	u16 id;

	if (at < list->n) {
		domain = list->domain[at];
		vseg_domain_set_del(set, domain);
		/* Once more is no harm: it isn't there. */
		vseg_domain_set_del(set, domain);
		KUNIT_ASSERT_EQ(test, refcount_read(&domain->ref), 1);
		vseg_domain_put(domain);
		list->domain[at] = list->domain[--list->n];
		return;
	}
	do {
		id = between(rnd, VSEG_DOMAIN_ID_MIN, VSEG_DOMAIN_ID_MAX);
	} while (test_bit(id, set->ids));
	snprintf(name, sizeof(name), "domain-with-a-long-name-%u", id);
	domain = domain_of(test, slots, name, id, -1);
	KUNIT_ASSERT_EQ(test, 0, vseg_domain_set_add(set, domain));
	KUNIT_ASSERT_EQ(test, refcount_read(&domain->ref), 2);
	list->domain[list->n++] = domain;
}

static void set_random(struct kunit *test)
{
	struct vseg_domain_set *set, *copy;
	struct list *list;
	struct rnd_state rnd;
	struct ida slots;
	unsigned int i, n;

	ida_init(&slots);
	set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);
	copy = kunit_kzalloc(test, sizeof(*copy), GFP_KERNEL);
	list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, set && copy && list);

	for (i = 0; i < DIV_ROUND_UP(test_cases, 20); i++) {
		random_case(&rnd, __func__, i);
		for (n = below(&rnd, 100); n; n--)
			set_edit(test, set, list, &slots, &rnd);
		set_compare(test, set, list, i);
		memset(copy, 0, sizeof(*copy));
		KUNIT_ASSERT_EQ(test, 0, vseg_domain_set_copy(copy, set));
		set_compare(test, copy, list, i);
		vseg_domain_set_clear(copy);
		set_compare(test, set, list, i);
	}
	vseg_domain_set_clear(set);
	while (list->n--)
		vseg_domain_put(list->domain[list->n]);
	KUNIT_EXPECT_TRUE(test, ida_is_empty(&slots));
	ida_destroy(&slots);
}

static void domain_no_memory(struct kunit *test)
{
	struct vseg_domain_set *set = kunit_kzalloc(test, sizeof(*set),
						    GFP_KERNEL);
	struct vseg_domain *domain;
	struct ida slots;

	ida_init(&slots);
	test_memory = 0;
	domain = vseg_domain_alloc("a", 16, &slots, -1);
	KUNIT_EXPECT_EQ(test, PTR_ERR(domain), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, ida_is_empty(&slots));

	domain = domain_of(test, &slots, "a", 16, -1);
	test_memory = 0;
	KUNIT_EXPECT_EQ(test, vseg_domain_set_add(set, domain), -ENOMEM);
	KUNIT_EXPECT_EQ(test, refcount_read(&domain->ref), 1);
	KUNIT_EXPECT_FALSE(test, test_bit(16, set->ids));
	KUNIT_EXPECT_NULL(test, vseg_domain_set_find(set, "a"));
	vseg_domain_put(domain);
	ida_destroy(&slots);
}

static struct kunit_case domain_cases[] = {
	KUNIT_CASE_PARAM(domain_names, names_gen_params),
	KUNIT_CASE(domain_name_bytes),
	KUNIT_CASE(domain_slots),
	KUNIT_CASE(domain_builtin),
	KUNIT_CASE(domain_no_slot),
	KUNIT_CASE(set_random),
	KUNIT_CASE(domain_no_memory),
	{}
};

static struct kunit_suite domain_suite = {
	.name = "vseg_domain",
	.exit = memory_enough,
	.test_cases = domain_cases,
};

kunit_test_suite(domain_suite);
