// SPDX-License-Identifier: GPL-2.0
/*
 * A policy twice: as the module has it, and as the model does.
 */
#include "twin.h"

static void twin_net_empty(void *data)
{
	struct twin_net *net = data;

	/* Domains are freed under RCU, their slots are free at once. */
	vseg_cell_pool_destroy(&net->pool);
	KUNIT_EXPECT_EQ(net->test, 0, atomic_long_read(&net->pool.used));
	KUNIT_EXPECT_TRUE(net->test, ida_is_empty(&net->slots));
	ida_destroy(&net->slots);
}

/* At the end of the test nothing of it may be left. */
struct twin_net *twin_net(struct kunit *test)
{
	struct twin_net *net = kunit_kzalloc(test, sizeof(*net), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, net);
	net->test = test;
	vseg_cell_pool_init(&net->pool);
	ida_init(&net->slots);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   twin_net_empty,
							   net));
	return net;
}

static void twin_put_tables(void *data)
{
	vseg_tables_put(data);
}

static struct twin *twin_of(struct kunit *test, struct twin_net *net,
			    struct vseg_tables *tables)
{
	struct twin *twin = kunit_kzalloc(test, sizeof(*twin), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, twin);
	KUNIT_ASSERT_NOT_NULL(test, tables);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   twin_put_tables,
							   tables));
	twin->test = test;
	twin->net = net;
	twin->tables = tables;
	return twin;
}

/* An empty policy: no cells, the built-in passes on. */
struct twin *twin_new(struct kunit *test, struct twin_net *net)
{
	struct twin *twin = twin_of(test, net, vseg_tables_alloc(GFP_KERNEL));

	twin->model.address_resolution = true;
	twin->model.bridge_control = true;
	return twin;
}

struct twin *twin_copy(struct twin *from)
{
	struct twin *twin = twin_of(from->test, from->net,
				    vseg_tables_copy(from->tables));

	twin->model = from->model;
	return twin;
}

void twin_free(struct twin *twin)
{
	kunit_release_action(twin->test, twin_put_tables, twin->tables);
	kunit_kfree(twin->test, twin);
}

/*
 * Names.
 */

static void twin_name(int domain, char *name)
{
	snprintf(name, VSEG_NAME_MAX + 1, "d%d", domain);
}

struct vseg_domain *twin_domain(const struct twin *twin, int domain)
{
	char name[VSEG_NAME_MAX + 1];

	twin_name(domain, name);
	return vseg_domain_set_find(&twin->tables->domains, name);
}

/* Built-in domains have their id for a slot. */
u16 twin_slot(const struct twin *twin, int domain)
{
	struct vseg_domain *found;

	if (domain == MODEL_ANY)
		return VSEG_SLOT_ANY;
	if (!model_operator(domain))
		return domain;
	found = twin_domain(twin, domain);
	KUNIT_ASSERT_NOT_NULL(twin->test, found);
	return found->slot;
}

u32 twin_key(const struct twin *twin, int src, int dst)
{
	return vseg_key(twin_slot(twin, src), twin_slot(twin, dst));
}

/*
 * Edits, of both.
 */

int twin_add_domain(struct twin *twin, int domain)
{
	char name[VSEG_NAME_MAX + 1];
	struct vseg_domain *made;
	int err;

	twin_name(domain, name);
	made = vseg_domain_alloc(name, domain, &twin->net->slots, -1);
	if (IS_ERR(made))
		return PTR_ERR(made);
	err = vseg_tables_add_domain(twin->tables, made, &twin->net->pool);
	vseg_domain_put(made);
	if (!err)
		twin->model.domain[twin->model.ndomains++] = domain;
	return err;
}

void twin_del_domain(struct twin *twin, int domain)
{
	vseg_tables_del_domain(twin->tables, twin_domain(twin, domain));
	model_del_domain(&twin->model, domain);
}

int twin_set_cell(struct twin *twin, int src, int dst,
		  enum vseg_action action, bool monitor)
{
	int err;

	err = vseg_tables_set_cell(twin->tables, twin_key(twin, src, dst),
				   action,
				   monitor ? VSEG_CELL_FLAGS_MONITOR : 0,
				   &twin->net->pool);
	if (!err)
		model_set_cell(&twin->model, src, dst, action, monitor);
	return err;
}

int twin_del_cell(struct twin *twin, int src, int dst)
{
	int err = vseg_tables_del_cell(twin->tables, twin_key(twin, src, dst));
	bool listed = model_del_cell(&twin->model, src, dst);

	KUNIT_ASSERT_EQ(twin->test, err, listed ? 0 : -ENOENT);
	return err;
}

/*
 * Random policies.
 */

/* What may stand at an end of a cell. */
int twin_any_end(const struct twin *twin, struct rnd_state *rnd)
{
	u32 n = below(rnd, twin->model.ndomains + 4);

	switch (n) {
	case 0:
		return MODEL_HOST;
	case 1:
		return MODEL_ROUTED;
	case 2:
	case 3:
		return MODEL_ANY;
	}
	return twin->model.domain[n - 4];
}

/* Where a copy may come from, or go to. */
int twin_any_domain(const struct twin *twin, struct rnd_state *rnd)
{
	u32 n = below(rnd, twin->model.ndomains + 3);

	return n < 3 ? (int)n : twin->model.domain[n - 3];
}

/* An allow cell can't be in monitor mode. */
void twin_fill(struct twin *twin, struct rnd_state *rnd, unsigned int domains,
	       unsigned int cells)
{
	unsigned int i;

	for (i = 0; i < domains; i++)
		KUNIT_ASSERT_EQ(twin->test, 0,
				twin_add_domain(twin, VSEG_DOMAIN_ID_MIN + i));
	for (i = 0; i < cells; i++) {
		enum vseg_action action = below(rnd, __VSEG_ACTION_MAX);

		KUNIT_ASSERT_EQ(twin->test, 0,
				twin_set_cell(twin, twin_any_end(twin, rnd),
					      twin_any_end(twin, rnd), action,
					      action == VSEG_ACTION_DENY &&
					      rarely(rnd, 3)));
	}
	twin->model.address_resolution = !rarely(rnd, 4);
	twin->model.bridge_control = !rarely(rnd, 4);
	twin->tables->settings.address_resolution =
		twin->model.address_resolution;
	twin->tables->settings.bridge_control = twin->model.bridge_control;
}
