/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy twice: as the module has it, and as the model does.
 */
#ifndef VSEG_TEST_TWIN_H
#define VSEG_TEST_TWIN_H

#include <kunit/test.h>

#include "../../kmod/policy.h"
#include "model.h"
#include "random.h"

/**
 * struct twin_net - what the policies of a namespace share
 * @test: test that has it
 * @pool: budget of the cells' counters
 * @slots: slots of domains
 */
struct twin_net {
	struct kunit *test;
	struct vseg_cell_pool pool;
	struct ida slots;
};

/**
 * struct twin - a policy twice
 * @test: test that has it
 * @net: its namespace
 * @tables: as the module has it
 * @model: as the model does
 */
struct twin {
	struct kunit *test;
	struct twin_net *net;
	struct vseg_tables *tables;
	struct model_policy model;
};

struct twin_net *twin_net(struct kunit *test);
struct twin *twin_new(struct kunit *test, struct twin_net *net);
struct twin *twin_copy(struct twin *from);
void twin_free(struct twin *twin);

u16 twin_slot(const struct twin *twin, int domain);
struct vseg_domain *twin_domain(const struct twin *twin, int domain);
int twin_add_domain(struct twin *twin, int domain);
void twin_del_domain(struct twin *twin, int domain);
int twin_set_cell(struct twin *twin, int src, int dst,
		  enum vseg_action action, bool monitor);
int twin_del_cell(struct twin *twin, int src, int dst);

int twin_any_end(const struct twin *twin, struct rnd_state *rnd);
int twin_any_domain(const struct twin *twin, struct rnd_state *rnd);
void twin_fill(struct twin *twin, struct rnd_state *rnd, unsigned int domains,
	       unsigned int cells);

u32 twin_key(const struct twin *twin, int src, int dst);
void twin_policy(const struct twin *twin, struct vseg_policy *policy);
void twin_decide(struct twin *twin, const struct model_copy *copy,
		 unsigned int i);
void twin_compare(struct twin *twin, unsigned int i);
void twin_compare_pairs(struct twin *twin, unsigned int i);

#endif /* VSEG_TEST_TWIN_H */
