// SPDX-License-Identifier: GPL-2.0
/*
 * vseg: security domains for the ports of Linux bridges.
 *
 * Init and exit, of the module and of a network namespace.
 */
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "commit.h"
#include "event.h"
#include "genl.h"
#include "hold.h"
#include "lockdown.h"
#include "netdev.h"
#include "pair.h"
#include "route.h"
#include "state.h"
#include "sysfs.h"
#include "vlan.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Frees what frames could still see, makes what they asked for. */
struct workqueue_struct *vseg_wq;

static unsigned int vseg_net_id __read_mostly;

/**
 * vseg_net - vseg in a network namespace
 * @net: namespace
 *
 * Return: its state; NULL while the namespace is being made or taken apart.
 */
struct vseg_net *vseg_net(const struct net *net)
{
	struct vseg_net **vn = net_generic(net, vseg_net_id);

	return READ_ONCE(*vn);
}

static int vseg_net_builtin(struct vseg_net *vn)
{
	static const char * const names[] = {
		[VSEG_SLOT_UNLABELLED] = "unlabelled",
		[VSEG_SLOT_HOST] = "host",
		[VSEG_SLOT_ROUTED] = "routed",
	};
	struct vseg_domain *domain;
	int i;

	for (i = 0; i < VSEG_SLOT_FIRST; i++) {
		domain = vseg_domain_alloc(names[i], i, &vn->slots, i);
		if (IS_ERR(domain))
			return PTR_ERR(domain);
		vn->builtin[i] = domain;
	}
	return 0;
}

/* What is queued on vseg_wq may queue more behind a grace period: a binding's
 * work frees labels, which ask nothing more.
 */
static void vseg_net_flush(void)
{
	rcu_barrier();
	flush_workqueue(vseg_wq);
	rcu_barrier();
}

static void vseg_net_free(struct vseg_net *vn)
{
	int i;

	vseg_cell_pool_destroy(&vn->pool);
	vseg_events_destroy(vn);
	vseg_pairs_destroy(vn);
	vseg_state_free(vn);
	for (i = 0; i < VSEG_SLOT_FIRST; i++)
		if (vn->builtin[i])
			vseg_domain_put(vn->builtin[i]);
	WARN_ON_ONCE(!ida_is_empty(&vn->slots));
	ida_destroy(&vn->slots);
	kvfree(vn->history);
	kvfree(vn->bindings);
	kfree(vn);
}

static int __net_init vseg_net_init(struct net *net)
{
	struct vseg_net **slot = net_generic(net, vseg_net_id);
	struct vseg_net *vn;
	int err;

	vn = kzalloc(sizeof(*vn), GFP_KERNEL_ACCOUNT);
	if (!vn)
		return -ENOMEM;
	vn->net = net;
	vn->change = 1;
	mutex_init(&vn->lock);
	seqlock_init(&vn->fold);
	ida_init(&vn->slots);
	INIT_LIST_HEAD(&vn->bridges);
	INIT_LIST_HEAD(&vn->labels);
	vseg_cell_pool_init(&vn->pool);
	vseg_commit_net_init(vn);
	vseg_txn_net_init(vn);
	vseg_netdev_net_init(vn);

	err = vseg_net_builtin(vn);
	if (err)
		goto err_free;
	err = vseg_sysfs_net_init(vn);
	if (err)
		goto err_free;
	err = vseg_lockdown_start(vn);
	if (err)
		goto err_sysfs;
	WRITE_ONCE(*slot, vn);
	return 0;

err_sysfs:
	vseg_sysfs_net_exit(vn);
err_free:
	vseg_net_free(vn);
	return err;
}

/* Its devices are gone, or the module goes: no request comes any more.  Frames
 * may, until the hooks are gone.
 */
static void __net_exit vseg_net_exit(struct net *net)
{
	struct vseg_net *vn = vseg_net(net);

	vseg_lockdown_stop(vn);
	vseg_txn_net_exit(vn);
	vseg_commit_net_exit(vn);
	vseg_state_net_exit(vn);
	vseg_netdev_net_exit(vn);
	vseg_vlan_watch_stop(vn);
	/* Frames that met the hooks are through. */
	synchronize_net();
	vseg_hold_destroy(vn);
	vseg_sysfs_net_exit(vn);
	vseg_net_flush();
	WRITE_ONCE(*(struct vseg_net **)net_generic(net, vseg_net_id), NULL);
	vseg_net_free(vn);
}

static struct pernet_operations vseg_net_ops = {
	.init = vseg_net_init,
	.exit = vseg_net_exit,
	.id = &vseg_net_id,
	.size = sizeof(struct vseg_net *),
};

/* In the order in which things are needed: namespaces before devices are
 * followed, both before requests come.
 */
static int __init vseg_init(void)
{
	int err = -ENOMEM;

	vseg_route_init();
	vseg_wq = alloc_workqueue("vseg", WQ_UNBOUND, 0);
	if (!vseg_wq)
		return err;
	err = vseg_sysfs_init();
	if (err)
		goto err_wq;
	err = register_pernet_subsys(&vseg_net_ops);
	if (err)
		goto err_sysfs;
	err = vseg_netdev_init();
	if (err)
		goto err_pernet;
	err = vseg_genl_init();
	if (err)
		goto err_netdev;
	return 0;

err_netdev:
	vseg_netdev_exit();
err_pernet:
	unregister_pernet_subsys(&vseg_net_ops);
err_sysfs:
	vseg_sysfs_exit();
err_wq:
	rcu_barrier();
	destroy_workqueue(vseg_wq);
	return err;
}

/* No policy is in force: each would hold the module. */
static void __exit vseg_exit(void)
{
	vseg_genl_exit();
	vseg_netdev_exit();
	unregister_pernet_subsys(&vseg_net_ops);
	vseg_sysfs_exit();
	/* What was freed by RCU runs our code, or kfree()s for us. */
	rcu_barrier();
	destroy_workqueue(vseg_wq);
}

module_init(vseg_init);
module_exit(vseg_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Security domains for the ports of Linux bridges");
MODULE_AUTHOR("The vseg authors");
MODULE_VERSION(VSEG_VERSION);
