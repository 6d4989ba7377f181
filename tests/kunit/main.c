// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suites for the parts of vseg that need no bridge.
 *
 * The kernel runs them when the module is loaded, and loads it whatever comes
 * of them: the results are in /sys/kernel/debug/kunit/.
 */
#include <linux/module.h>
#include <linux/random.h>

#include "../../kmod/stats.h"
#include "memory.h"
#include "random.h"

unsigned int test_seed;
module_param_named(seed, test_seed, uint, 0444);
MODULE_PARM_DESC(seed, "seed of the random cases (default: a new one)");

unsigned int test_cases = 1000;
module_param_named(cases, test_cases, uint, 0444);
MODULE_PARM_DESC(cases, "random cases of each test (default 1000)");

const char *case_name(unsigned int i)
{
	static char name[48];

	snprintf(name, sizeof(name), "case %u of seed %u", i, test_seed);
	return name;
}

/* See memory.h. */
int test_memory = -1;

/* Of the module under test; see its main.c. */
struct workqueue_struct *vseg_wq;

static int __init vseg_kunit_init(void)
{
	while (!test_seed)
		test_seed = get_random_u32();
	pr_info("vseg_kunit: seed=%u cases=%u\n", test_seed, test_cases);

	vseg_wq = alloc_workqueue("vseg_kunit", WQ_UNBOUND, 0);
	return vseg_wq ? 0 : -ENOMEM;
}

static void __exit vseg_kunit_exit(void)
{
	/* What was freed under RCU calls back into this module. */
	rcu_barrier();
	destroy_workqueue(vseg_wq);
}

module_init(vseg_kunit_init);
module_exit(vseg_kunit_exit);

MODULE_DESCRIPTION("Unit tests of vseg");
MODULE_LICENSE("GPL");
