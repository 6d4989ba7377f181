/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of vseg in one network namespace, limits, and the order of locks.
 */
#ifndef VSEG_H
#define VSEG_H

#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/seqlock.h>

#include "policy.h"

/* Buckets of the table of bindings; a bridge has at most 1,023 ports. */
#define VSEG_BINDING_BITS	12

/* FORWARD, LOCAL_IN, LOCAL_OUT. */
#define VSEG_HOOKS		3

/* The same of IP, and two more each; see route.c. */
#define VSEG_ROUTE_HOOKS	8

/* Transactions open at once in one namespace. */
#define VSEG_MAX_TXNS		16

/* Limits where a user namespace's root may write; see allow_userns. */
#define VSEG_USERNS_DOMAINS	64
#define VSEG_USERNS_CELLS	1024
#define VSEG_USERNS_BRIDGES	8
#define VSEG_USERNS_SELECTORS	256
#define VSEG_USERNS_RULES	1024
#define VSEG_USERNS_MATCHES	8192

struct vseg_events;
struct vseg_history;
struct vseg_holds;
struct vseg_pairs;
struct vseg_state;
struct vseg_sysfs;
struct vseg_vlan_watch;

/**
 * struct vseg_undo - the policy before the one in force
 * @valid: there is a generation to go back to
 * @tables: its policy, or NULL when none was in force; holds a reference
 * @generation: its generation
 * @pending: the kernel goes back by itself at @deadline
 * @deadline: ktime_get_boottime() of that
 * @timer: queues @work then; CLOCK_BOOTTIME
 * @work: goes back
 *
 * All under vseg_net.lock, written under vseg_net.commit_lock too.
 */
struct vseg_undo {
	bool valid;
	struct vseg_tables *tables;
	u64 generation;
	bool pending;
	ktime_t deadline;
	struct hrtimer timer;
	struct work_struct work;
};

/**
 * struct vseg_net - vseg in one network namespace
 * @net: the namespace; outlives this
 * @policy: policy in force, or NULL; written under @lock, read under RCU
 * @bindings: table of bindings by ifindex; RCU, written under @lock; allocated
 *	before the hooks are registered, freed after they are gone
 * @builtin: domains unlabelled, host and routed, by slot
 * @commit_lock: one commit at a time; taken before rtnl
 * @lock: everything that is changed outside of a transaction's own data;
 *	taken after rtnl, before what kernfs takes
 * @generation: counts commits; under @lock
 * @change: counts what a dump can show, never 0; under @lock
 * @slots: slots of domains in use
 * @bridges: managed bridges that exist, struct vseg_bridge; RCU, changed under
 *	@lock
 * @pending: bindings that the last commit added or took away, until no frame
 *	can be decided by the policy before it; under @lock
 * @cursor: cursor of the last policy; under @lock
 * @settle: RCU state after the last commit; under @commit_lock
 * @unsettled: the last commit isn't settled; under @commit_lock
 * @guards_idle: any port may have a guard's hook that nobody wants; under @lock
 * @settle_work: settles a commit that didn't wait
 * @undo: the policy before, and when to go back to it
 * @history: the latest generations
 * @rematch_work: finds bindings for ports that there was no memory for
 * @ops: the hooks
 * @hooks: the hooks are registered; under @lock
 * @route_ops: the hooks of the host's routing
 * @routes: these are registered; written under @lock
 * @held: a reference to the module is held; under @lock
 * @labels: all labels, struct vseg_label; RCU, changed under @lock
 * @retired: counters of labels that are gone; under @fold
 * @fold: makes "off the list, into the retired counters" one step for readers
 * @txns: open transactions; under @lock
 * @txn_idle: aborts idle transactions
 * @pool: per-CPU memory of cells
 * @holds: fragments of datagrams, once rules look at what only first ones have
 * @pairs: table of denied pairs
 * @events: queue of drop events
 * @state: connection tracking for stateful rules; NULL before the first of them
 * @unheard: jiffies when nobody listened to them; 0 when that isn't known
 * @sysfs: directories of this namespace
 * @vlans: follows changes of the bridges' VLANs
 * @vlan_rules: a policy had rules that look at VLANs; under @lock
 * @lockdown_dropped: frames dropped by lockdown
 * @unmanaged_dropped: frames dropped on bridges that the policy doesn't name
 * @internal_dropped: frames dropped because a port of theirs had left the
 *	managed bridge meanwhile
 *
 * Locks are taken in this order: @commit_lock, rtnl, @lock, kernfs.  What a
 * frame runs through takes none of them.
 */
struct vseg_net {
	/* read for each frame */
	struct vseg_policy __rcu *policy;
	struct hlist_head *bindings;

	/* read for a dropped frame */
	struct net *net;
	struct vseg_pairs *pairs;
	struct vseg_holds *holds;
	struct vseg_events *events;
	struct vseg_state *state;
	unsigned long unheard;

	struct vseg_domain *builtin[VSEG_SLOT_FIRST];
	struct mutex commit_lock;	/* one commit at a time */
	struct mutex lock;		/* all but transactions' own data */
	u64 generation;
	u32 change;
	struct ida slots;
	struct list_head bridges;
	struct list_head pending;
	u8 cursor;
	unsigned long settle;
	bool unsettled;
	bool guards_idle;
	struct work_struct settle_work;
	struct vseg_undo undo;
	struct vseg_history *history;
	struct delayed_work rematch_work;
	struct nf_hook_ops ops[VSEG_HOOKS];
	bool hooks;
	struct nf_hook_ops route_ops[VSEG_ROUTE_HOOKS];
	bool routes;
	bool held;
	struct list_head labels;
	struct vseg_sum retired;
	seqlock_t fold;
	struct list_head txns;
	struct delayed_work txn_idle;
	struct vseg_cell_pool pool;
	struct vseg_sysfs *sysfs;
	struct vseg_vlan_watch *vlans;
	bool vlan_rules;
	atomic64_t lockdown_dropped;
	atomic64_t unmanaged_dropped;
	atomic64_t internal_dropped;
};

struct vseg_net *vseg_net(const struct net *net);

/* Something that a dump shows has changed. */
static inline void vseg_changed(struct vseg_net *vn)
{
	lockdep_assert_held(&vn->lock);
	/* A sequence of 0 would tell netlink not to compare. */
	if (!++vn->change)
		vn->change = 1;
}

/* Policy in force, for a frame.
 *
 * What a commit did to bindings before it swapped the pointer must be seen by
 * whoever sees the pointer: rcu_dereference() orders only what hangs off it.
 */
static inline const struct vseg_policy *
vseg_policy_acquire(const struct vseg_net *vn)
{
	/* Pairs with rcu_assign_pointer() in vseg_swap(). */
	return smp_load_acquire((struct vseg_policy **)&vn->policy);
}

/* Policy in force, for the control plane. */
static inline struct vseg_policy *vseg_policy_locked(struct vseg_net *vn)
{
	return rcu_dereference_protected(vn->policy,
					 lockdep_is_held(&vn->lock));
}

#endif /* VSEG_H */
