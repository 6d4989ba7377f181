// SPDX-License-Identifier: GPL-2.0
/*
 * Selectors: what they say of a device, and the set that a policy has.
 */
#include "memory.h"
#include "../../kmod/selector.c"

#include "bridge.h"
#include "random.h"

#define DOMAINS		3
#define SELECTORS	24

/*
 * Patterns.
 */

static const struct pattern_row {
	const char *pattern;
	bool ok;
} patterns[] = {
	{ "*", true },
	{ "tap101i*", true },
	{ "vnet?", true },
	{ "vnet", true },
	{ "e[nt]*", true },
	{ "e[!nt]*", true },
	{ "e[a-z]", true },
	{ "e[]]", true },
	{ "e[!]]", true },
	{ "e[]-a]", true },
	{ "e]", true },
	{ "", false },
	{ "e[", false },
	{ "e[]", false },
	{ "e[!]", false },
	{ "e[!", false },
	{ "e[a-", false },
	{ "[a]b[", false },
	{ "e[^n]", false },
	{ "e\\*", false },
	{ "\\", false },
};

static void pattern_desc(const struct pattern_row *row, char *desc)
{
	strscpy(desc, *row->pattern ? row->pattern : "empty",
		KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(patterns, patterns, pattern_desc);

static void selector_pattern(struct kunit *test)
{
	const struct pattern_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, vseg_glob_ok(row->pattern), row->ok);
	KUNIT_EXPECT_EQ(test, vseg_glob_has_wildcard(row->pattern),
			strchr(row->pattern, '*') ||
			strchr(row->pattern, '?') ||
			strchr(row->pattern, '['));
}

/*
 * What they give.  Numbers are a domain's, and a kind: a guest port, a trunk
 * port, or one with a map.
 */

static int gives_of(unsigned int domain, unsigned int kind)
{
	return 3 * domain + kind;
}

/**
 * struct select - a set of selectors twice
 * @bridge: has the domains
 * @domain: what selectors give
 * @set: as the module has it
 * @n: used places of @model
 * @model: as the operator wrote it
 */
struct select {
	struct bridge *bridge;
	struct vseg_domain *domain[DOMAINS];
	struct vseg_selector_set set;
	unsigned int n;
	struct model_selector model[SELECTORS];
};

static void select_free(void *data)
{
	struct select *select = data;
	unsigned int i;

	vseg_selector_set_clear(&select->set);
	for (i = 0; i < DOMAINS; i++)
		KUNIT_EXPECT_EQ(select->bridge->test, 1,
				refcount_read(&select->domain[i]->ref));
}

static struct select *select_new(struct kunit *test)
{
	struct select *select = kunit_kzalloc(test, sizeof(*select),
					      GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, select);
	select->bridge = bridge_new(test);
	for (i = 0; i < DOMAINS; i++)
		select->domain[i] = bridge_domain(select->bridge, 16 + i);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, select_free,
							   select));
	return select;
}

static void select_bind(struct select *select, struct vseg_bind *bind,
			int gives)
{
	struct vseg_domain *domain = select->domain[gives / 3];
	struct vseg_vlan_range *map;

	bind->kind = gives % 3 ? VSEG_PORT_KIND_TRUNK : VSEG_PORT_KIND_GUEST;
	bind->domain = vseg_domain_get(domain);
	if (gives % 3 != 2)
		return;
	map = kvcalloc(1, sizeof(*map), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(select->bridge->test, map);
	map->first = 10;
	map->last = 19;
	map->domain = vseg_domain_get(select->domain[0]);
	bind->map = map;
	bind->nmap = 1;
}

static struct vseg_selector *select_make(struct select *select,
					 const struct model_selector *model)
{
	struct vseg_selector *s = vseg_selector_alloc(model->type, model->text);

	KUNIT_ASSERT_NOT_NULL(select->bridge->test, s);
	memcpy(s->mac, model->mac, sizeof(s->mac));
	s->group = model->group;
	select_bind(select, &s->bind, model->gives);
	return s;
}

/* As a request does it: one that is there already is refused. */
static void select_add(struct select *select,
		       const struct model_selector *model)
{
	struct kunit *test = select->bridge->test;
	struct vseg_selector *s = select_make(select, model);
	unsigned int i;
	bool alike = false;

	for (i = 0; i < select->n; i++)
		alike |= model_alike(&select->model[i], model);
	KUNIT_EXPECT_EQ_MSG(test, !!vseg_selector_set_find(&select->set, s),
			    alike, "%s", model->text);
	if (!alike && select->n < SELECTORS) {
		KUNIT_ASSERT_EQ(test, 0, vseg_selector_set_add(&select->set, s));
		select->model[select->n++] = *model;
	}
	vseg_selector_put(s);
}

static void select_del(struct select *select, unsigned int at)
{
	struct vseg_selector *like = select_make(select, &select->model[at]);
	struct vseg_selector *s = vseg_selector_set_find(&select->set, like);

	vseg_selector_put(like);
	KUNIT_ASSERT_NOT_NULL(select->bridge->test, s);
	vseg_selector_set_del(&select->set, s);
	select->model[at] = select->model[--select->n];
}

/* Which number a binding by this selector has. */
static int select_gives(const struct select *select,
			const struct vseg_selector *s)
{
	unsigned int i;

	if (!s)
		return MODEL_NOTHING;
	for (i = 0; i < DOMAINS; i++)
		if (s->bind.domain == select->domain[i])
			return gives_of(i, s->bind.nmap ? 2 :
					s->bind.kind == VSEG_PORT_KIND_TRUNK);
	return MODEL_NOTHING;
}

static void select_match(const struct select *select,
			 const struct model_device *dev, const char *when)
{
	const struct vseg_identity id = {
		.name = dev->name,
		.alias = *dev->alias ? dev->alias : NULL,
		.mac = dev->ether ? dev->mac : NULL,
		.group = dev->group,
	};
	struct kunit *test = select->bridge->test;
	enum vseg_port_match why;
	struct vseg_match match;
	int want;

	want = model_select(select->model, select->n, dev, &why);
	vseg_selector_match(&select->set, &id, &match);
	KUNIT_EXPECT_EQ_MSG(test, match.match, why, "%s: %s", dev->name, when);
	KUNIT_EXPECT_EQ_MSG(test, select_gives(select, match.selector), want,
			    "%s: %s", dev->name, when);
}

/*
 * Rows: the selectors of one policy, a device, and what it gets.
 */

#define MAC(_type, _last, _gives) {					\
	.type = VSEG_SELECTOR_TYPE_MAC,					\
	.mac = { _type, 0x54, 0x00, 0x12, 0x34, _last },		\
	.gives = _gives,						\
}

#define TEXT(_type, _text, _gives) {					\
	.type = VSEG_SELECTOR_TYPE_ ## _type,				\
	.text = _text,							\
	.gives = _gives,						\
}

#define GROUP(_group, _gives) {						\
	.type = VSEG_SELECTOR_TYPE_GROUP,				\
	.group = _group,						\
	.gives = _gives,						\
}

#define ETHER(_first, _last)						\
	.ether = true, .mac = { _first, 0x54, 0x00, 0x12, 0x34, _last }

static const struct match_row {
	const char *name;
	unsigned int n;
	struct model_selector select[4];
	struct model_device dev;
	enum vseg_port_match why;
	int gives;
} matches[] = {
	{ "no selectors", 0, {}, { .name = "vnet0" },
	  VSEG_PORT_MATCH_NONE, MODEL_NOTHING },
	{ "address before name", 2,
	  { TEXT(NAME, "vnet0", 0), MAC(0x52, 1, 3) },
	  { .name = "vnet0", ETHER(0x52, 1) }, VSEG_PORT_MATCH_MAC, 3 },
	{ "libvirt's first byte", 1, { MAC(0x52, 1, 3) },
	  { .name = "vnet0", ETHER(0xfe, 1) }, VSEG_PORT_MATCH_MAC, 3 },
	{ "another first byte", 1, { MAC(0x52, 1, 3) },
	  { .name = "vnet0", ETHER(0x56, 1) }, VSEG_PORT_MATCH_NONE,
	  MODEL_NOTHING },
	{ "another last byte", 1, { MAC(0x52, 1, 3) },
	  { .name = "vnet0", ETHER(0xfe, 2) }, VSEG_PORT_MATCH_NONE,
	  MODEL_NOTHING },
	{ "no address to look at", 2, { MAC(0, 0, 3), TEXT(GLOB, "*", 0) },
	  { .name = "tun0" }, VSEG_PORT_MATCH_GLOB, 0 },
	{ "name before alias", 2,
	  { TEXT(ALIAS, "db", 0), TEXT(NAME, "vnet0", 3) },
	  { .name = "vnet0", .alias = "db" }, VSEG_PORT_MATCH_NAME, 3 },
	{ "alias before pattern", 2,
	  { TEXT(GLOB, "vnet0", 0), TEXT(ALIAS, "db", 3) },
	  { .name = "vnet0", .alias = "db" }, VSEG_PORT_MATCH_ALIAS, 3 },
	{ "an alias is no pattern", 1, { TEXT(ALIAS, "d*", 3) },
	  { .name = "vnet0", .alias = "db" }, VSEG_PORT_MATCH_NONE,
	  MODEL_NOTHING },
	{ "a name is no pattern", 1, { TEXT(NAME, "vnet*", 3) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_NONE, MODEL_NOTHING },
	{ "pattern before group", 2, { GROUP(7, 0), TEXT(GLOB, "*", 3) },
	  { .name = "vnet0", .group = 7 }, VSEG_PORT_MATCH_GLOB, 3 },
	{ "the longest pattern", 3,
	  { TEXT(GLOB, "vnet*", 0), TEXT(GLOB, "vnet1*", 3),
	    TEXT(GLOB, "v*", 6) },
	  { .name = "vnet10" }, VSEG_PORT_MATCH_GLOB, 3 },
	{ "the longest that fits", 2,
	  { TEXT(GLOB, "vnet*", 0), TEXT(GLOB, "tap101i*", 3) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_GLOB, 0 },
	{ "patterns that disagree", 2,
	  { TEXT(GLOB, "vnet?", 0), TEXT(GLOB, "?net0", 3) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_AMBIGUOUS, MODEL_NOTHING },
	{ "patterns that agree", 2,
	  { TEXT(GLOB, "vnet?", 3), TEXT(GLOB, "?net0", 3) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_GLOB, 3 },
	{ "patterns that disagree about the kind", 2,
	  { TEXT(GLOB, "vnet?", 3), TEXT(GLOB, "?net0", 4) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_AMBIGUOUS, MODEL_NOTHING },
	{ "patterns that disagree about a map", 2,
	  { TEXT(GLOB, "vnet?", 4), TEXT(GLOB, "?net0", 5) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_AMBIGUOUS, MODEL_NOTHING },
	{ "patterns of equal maps", 2,
	  { TEXT(GLOB, "vnet?", 5), TEXT(GLOB, "?net0", 5) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_GLOB, 5 },
	{ "shorter ones disagree", 3,
	  { TEXT(GLOB, "vnet*", 0), TEXT(GLOB, "vne?*", 3),
	    TEXT(GLOB, "vnet0*", 6) },
	  { .name = "vnet0" }, VSEG_PORT_MATCH_GLOB, 6 },
	{ "ambiguous though its group is known", 3,
	  { TEXT(GLOB, "vnet?", 0), TEXT(GLOB, "?net0", 3), GROUP(7, 6) },
	  { .name = "vnet0", .group = 7 }, VSEG_PORT_MATCH_AMBIGUOUS,
	  MODEL_NOTHING },
	{ "group", 2, { GROUP(6, 0), GROUP(7, 3) },
	  { .name = "vnet0", .group = 7 }, VSEG_PORT_MATCH_GROUP, 3 },
	{ "another group", 2, { GROUP(6, 0), GROUP(8, 3) },
	  { .name = "vnet0", .group = 7 }, VSEG_PORT_MATCH_NONE,
	  MODEL_NOTHING },
};

KUNIT_ARRAY_PARAM_DESC(matches, matches, name);

/* In both orders: nothing depends on which was added first. */
static void selector_match(struct kunit *test)
{
	const struct match_row *row = test->param_value;
	enum vseg_port_match why;
	unsigned int i, turn;

	/* The model agrees with the words of the row. */
	KUNIT_EXPECT_EQ(test, row->gives, model_select(row->select, row->n,
						       &row->dev, &why));
	KUNIT_EXPECT_EQ(test, row->why, why);
	for (turn = 0; turn < 2; turn++) {
		struct select *select = select_new(test);

		for (i = 0; i < row->n; i++)
			select_add(select, &row->select[turn ? row->n - 1 - i :
							       i]);
		KUNIT_EXPECT_EQ(test, select->n, row->n);
		select_match(select, &row->dev, row->name);
	}
}

/* Of addresses that fit the same taps a policy has one. */
static void selector_alike(struct kunit *test)
{
	static const struct model_selector models[] = {
		MAC(0x52, 1, 0), MAC(0x56, 1, 3), MAC(0xfe, 1, 3),
		MAC(0x52, 2, 3), TEXT(NAME, "vnet0", 0), TEXT(NAME, "vnet0", 3),
		TEXT(GLOB, "vnet0", 3), GROUP(1, 0), GROUP(1, 3), GROUP(2, 3),
	};
	struct select *select = select_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		select_add(select, &models[i]);
	KUNIT_EXPECT_EQ(test, select->n, 6);
	KUNIT_EXPECT_EQ(test, select->set.n, 6);
}

/*
 * Any of them, in any order.
 */

/* Of so few letters that patterns fit often. */
static void random_text(struct rnd_state *rnd, char *text, const char *letters,
			unsigned int most)
{
	unsigned int n = between(rnd, 1, most);

	while (n--)
		*text++ = letters[below(rnd, strlen(letters))];
	*text = '\0';
}

static void random_mac(struct rnd_state *rnd, u8 *mac)
{
	static const u8 first[] = { 0x52, 0x56, 0xfe };

	memset(mac, 0, 6);
	mac[0] = first[below(rnd, ARRAY_SIZE(first))];
	mac[1 + 4 * below(rnd, 2)] = below(rnd, 3);
}

static void random_selector(struct rnd_state *rnd, struct model_selector *s)
{
	memset(s, 0, sizeof(*s));
	s->type = below(rnd, VSEG_SELECTOR_TYPE_MAX + 1);
	s->gives = gives_of(below(rnd, DOMAINS), below(rnd, 3));
	switch (s->type) {
	case VSEG_SELECTOR_TYPE_MAC:
		random_mac(rnd, s->mac);
		break;
	case VSEG_SELECTOR_TYPE_GROUP:
		s->group = between(rnd, 1, 4);
		break;
	case VSEG_SELECTOR_TYPE_GLOB:
		do
			random_text(rnd, s->text, "aab*?[]-!", 6);
		while (!vseg_glob_ok(s->text));
		break;
	default:
		random_text(rnd, s->text, "ab", 3);
	}
}

static void random_device(struct rnd_state *rnd, struct model_device *dev)
{
	memset(dev, 0, sizeof(*dev));
	random_text(rnd, dev->name, "aab-]", 4);
	if (rarely(rnd, 2))
		random_text(rnd, dev->alias, "ab", 3);
	dev->ether = !rarely(rnd, 3);
	random_mac(rnd, dev->mac);
	dev->group = below(rnd, 5);
}

static void selector_random(struct kunit *test)
{
	struct select *select = select_new(test);
	struct model_selector selector;
	struct model_device dev;
	struct rnd_state rnd;
	unsigned int i, n;
	u8 type;

	for (i = 0; i < test_cases; i++) {
		random_case(&rnd, __func__, i);
		if (select->n == SELECTORS || (select->n && rarely(&rnd, 3))) {
			select_del(select, below(&rnd, select->n));
		} else {
			random_selector(&rnd, &selector);
			select_add(select, &selector);
		}
		for (n = 0; n < 10; n++) {
			random_device(&rnd, &dev);
			select_match(select, &dev, case_name(i));
		}
		for (type = 0, n = 0; type <= VSEG_SELECTOR_TYPE_MAX; type++)
			n += vseg_selector_set_count(&select->set, type);
		KUNIT_ASSERT_EQ(test, n, select->n);
		KUNIT_ASSERT_EQ_MSG(test, test->status, KUNIT_SUCCESS, "%s",
				    case_name(i));
	}
}

/* A pattern by itself, against any name. */
static void selector_glob_random(struct kunit *test)
{
	char pattern[MODEL_NAME], name[MODEL_NAME];
	unsigned int i, fits = 0, ok = 0;
	struct rnd_state rnd;

	for (i = 0; i < 10 * test_cases; i++) {
		random_case(&rnd, __func__, i);
		random_text(&rnd, pattern, "aabc*?[]-!", 7);
		random_text(&rnd, name, "aabc-]![", 5);
		if (!vseg_glob_ok(pattern))
			continue;
		ok++;
		fits += model_fits(pattern, name);
		KUNIT_ASSERT_EQ_MSG(test, vseg_glob(pattern, name),
				    model_fits(pattern, name),
				    "'%s' and '%s', %s", pattern, name,
				    case_name(i));
	}
	KUNIT_EXPECT_GT(test, fits, 0);
	KUNIT_EXPECT_GT(test, ok, fits);
}

/*
 * Sets.
 */

/* A copy has the same selectors, and what becomes of it is its own affair. */
static void selector_copy(struct kunit *test)
{
	struct select *select = select_new(test);
	struct vseg_selector_set copy;
	struct model_selector model;
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, vseg_selector_set_copy(&copy, &select->set));
	KUNIT_EXPECT_EQ(test, copy.n, 0);
	random_case(&rnd, __func__, 0);
	while (select->n < SELECTORS) {
		random_selector(&rnd, &model);
		select_add(select, &model);
	}

	test_memory = 0;
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			vseg_selector_set_copy(&copy, &select->set));
	memory_enough(test);
	KUNIT_EXPECT_EQ(test, copy.n, 0);
	KUNIT_ASSERT_EQ(test, 0, vseg_selector_set_copy(&copy, &select->set));
	KUNIT_ASSERT_EQ(test, copy.n, select->n);
	for (i = 0; i < copy.n; i++)
		KUNIT_EXPECT_PTR_EQ(test, copy.v[i], select->set.v[i]);
	while (copy.n)
		vseg_selector_set_del(&copy, copy.v[below(&rnd, copy.n)]);
	vseg_selector_set_clear(&copy);

	KUNIT_EXPECT_EQ(test, select->set.n, SELECTORS);
	for (i = 0; i < SELECTORS; i++)
		KUNIT_EXPECT_EQ(test, 1, refcount_read(&select->set.v[i]->ref));
}

/* A set that can't grow is as it was. */
static void selector_no_memory(struct kunit *test)
{
	struct select *select = select_new(test);
	struct model_selector model = TEXT(NAME, "", 0);
	struct model_device dev = { .name = "n0" };
	struct vseg_selector *s;
	unsigned int i;

	test_memory = 0;
	KUNIT_EXPECT_NULL(test, vseg_selector_alloc(VSEG_SELECTOR_TYPE_NAME,
						    "n"));
	memory_enough(test);
	for (i = 0; i < VSEG_SELECTORS_MIN; i++) {
		snprintf(model.text, sizeof(model.text), "n%u", i);
		select_add(select, &model);
	}
	snprintf(model.text, sizeof(model.text), "n%u", i);
	s = select_make(select, &model);
	test_memory = 0;
	KUNIT_EXPECT_EQ(test, -ENOMEM, vseg_selector_set_add(&select->set, s));
	memory_enough(test);
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&s->ref));
	vseg_selector_put(s);
	KUNIT_EXPECT_EQ(test, select->set.n, select->n);
	select_match(select, &dev, "without memory");
	select_add(select, &model);
	KUNIT_EXPECT_EQ(test, select->set.n, VSEG_SELECTORS_MIN + 1);
}

/* A domain that a selector names is told, be it for one VLAN. */
static void selector_names(struct kunit *test)
{
	struct model_selector model = TEXT(NAME, "eno1", gives_of(2, 2));
	struct select *select = select_new(test);

	select_add(select, &model);
	KUNIT_EXPECT_TRUE(test, vseg_selector_set_names(&select->set,
							select->domain[0]));
	KUNIT_EXPECT_FALSE(test, vseg_selector_set_names(&select->set,
							 select->domain[1]));
	KUNIT_EXPECT_TRUE(test, vseg_selector_set_names(&select->set,
							select->domain[2]));
	select_del(select, 0);
	KUNIT_EXPECT_FALSE(test, vseg_selector_set_names(&select->set,
							 select->domain[0]));
}

static struct kunit_case selector_cases[] = {
	KUNIT_CASE_PARAM(selector_pattern, patterns_gen_params),
	KUNIT_CASE_PARAM(selector_match, matches_gen_params),
	KUNIT_CASE(selector_alike),
	KUNIT_CASE(selector_random),
	KUNIT_CASE(selector_glob_random),
	KUNIT_CASE(selector_copy),
	KUNIT_CASE(selector_no_memory),
	KUNIT_CASE(selector_names),
	{}
};

static struct kunit_suite selector_suite = {
	.name = "vseg_selector",
	.exit = memory_enough,
	.test_cases = selector_cases,
};

kunit_test_suite(selector_suite);
