// SPDX-License-Identifier: GPL-2.0
/*
 * Directories below /sys/kernel/vseg, and what their files show.
 *
 * The topmost carry the tag of their network namespace, so that each sees its
 * own.  A show function takes RCU only: what it reads is held by its
 * directory, or by whoever makes or removes that.
 */
#include <linux/kobject.h>
#include <linux/netdevice.h>
#include <linux/sysfs.h>

#include "pair.h"
#include "port.h"
#include "sysfs_dir.h"
#include "sysfs_value.h"

/* What the files of "totals" show. */
struct totals {
	struct vseg_sum sum;
	u64 active;
	u64 generation;
	u64 lockdown_dropped;
	u64 unmanaged_dropped;
	u64 internal_dropped;
	u64 pairs;
	u64 pairs_max;
	u64 pairs_evicted;
	u64 pairs_evicted_packets;
	u64 events;
	u64 events_limited;
	u64 events_lost;
};

/* What the files of a domain show. */
struct domain_values {
	struct vseg_sum sum;
	u64 id;
};

/* What the files of a cell show. */
struct cell_values {
	struct vseg_cell_pcpu count;
	u64 monitor;
};

/* Offsets of the counters hold in these, too. */
static_assert(!offsetof(struct totals, sum));
static_assert(!offsetof(struct domain_values, sum));

#define TOTAL(_name, _member) \
	VSEG_VALUE(_name, NULL, struct totals, _member)
#define DOMAIN(_name, _member) \
	VSEG_VALUE(_name, NULL, struct domain_values, _member)
#define CELL(_name, _member) \
	VSEG_VALUE(_name, NULL, struct cell_values, _member)

static struct vseg_value total_values[] = {
	TOTAL(active, active),
	TOTAL(generation, generation),
	TOTAL(lockdown_dropped, lockdown_dropped),
	TOTAL(unmanaged_dropped, unmanaged_dropped),
	TOTAL(internal_dropped, internal_dropped),
	TOTAL(pairs, pairs),
	TOTAL(pairs_max, pairs_max),
	TOTAL(pairs_evicted, pairs_evicted),
	TOTAL(pairs_evicted_packets, pairs_evicted_packets),
	TOTAL(events, events),
	TOTAL(events_limited, events_limited),
	TOTAL(events_lost, events_lost),
};

static struct vseg_value domain_values[] = {
	DOMAIN(id, id),
};

static struct vseg_value cell_values[] = {
	CELL(packets, count.packets),
	CELL(bytes, count.bytes),
	CELL(would_packets, count.would_packets),
	CELL(would_bytes, count.would_bytes),
	CELL(monitor, monitor),
};

static struct attribute cell_action = { .name = "action", .mode = 0444 };

/* Filled by vseg_dir_init(); the last of each stays NULL. */
static struct attribute *total_attrs[ARRAY_SIZE(total_values) + 1];
static struct attribute *domain_attrs[ARRAY_SIZE(domain_values) + 1];
static struct attribute *cell_attrs[ARRAY_SIZE(cell_values) + 2];

static const struct attribute_group total_group = { .attrs = total_attrs };
static const struct attribute_group domain_group = { .attrs = domain_attrs };
static const struct attribute_group cell_group = { .attrs = cell_attrs };

static const struct attribute_group *total_groups[] = {
	&vseg_counter_group, &total_group, NULL
};

static const struct attribute_group *domain_groups[] = {
	&vseg_counter_group, &domain_group, NULL
};

static const struct attribute_group *cell_groups[] = { &cell_group, NULL };

static const char * const action_names[] = {
	[VSEG_ACTION_DENY] = "deny",
	[VSEG_ACTION_ALLOW] = "allow",
	[VSEG_ACTION_RULES] = "rules",
};

static_assert(ARRAY_SIZE(action_names) == __VSEG_ACTION_MAX);

/* /sys/kernel/vseg */
static struct kobject *vseg_root;

/*
 * What the files show.
 */

static struct vseg_dir *dir_of(struct kobject *kobj)
{
	return container_of(kobj, struct vseg_dir, kobj);
}

static ssize_t totals_show(struct kobject *kobj, struct attribute *attr,
			   char *buf)
{
	struct vseg_net *vn = dir_of(kobj)->vn;
	const struct vseg_policy *policy;
	struct vseg_event_counts events;
	struct vseg_pair_counts pairs;
	struct totals totals = {
		.lockdown_dropped = atomic64_read(&vn->lockdown_dropped),
		.unmanaged_dropped = atomic64_read(&vn->unmanaged_dropped),
		.internal_dropped = atomic64_read(&vn->internal_dropped),
	};

	rcu_read_lock();
	policy = rcu_dereference(vn->policy);
	totals.active = !!policy;
	totals.generation = policy ? policy->generation :
				     READ_ONCE(vn->generation);
	rcu_read_unlock();

	vseg_net_sum(vn, &totals.sum);
	vseg_pairs_read(vn, &pairs);
	totals.pairs = pairs.used;
	totals.pairs_max = pairs.max;
	totals.pairs_evicted = pairs.evicted;
	totals.pairs_evicted_packets = pairs.evicted_packets;
	vseg_events_read(vn, &events);
	totals.events = events.sent;
	totals.events_limited = events.limited;
	totals.events_lost = events.lost;
	return vseg_value_emit(&totals, attr, buf);
}

static ssize_t domain_show(struct kobject *kobj, struct attribute *attr,
			   char *buf)
{
	const struct vseg_dir *dir = dir_of(kobj);
	struct domain_values values = { .id = dir->domain->id };

	vseg_domain_sum(dir->vn, dir->domain, &values.sum);
	return vseg_value_emit(&values, attr, buf);
}

static ssize_t cell_show(struct kobject *kobj, struct attribute *attr,
			 char *buf)
{
	const struct vseg_dir *dir = dir_of(kobj);
	struct cell_values values = {
		.monitor = !!(READ_ONCE(dir->flags) & VSEG_CELL_FLAGS_MONITOR),
	};

	if (attr == &cell_action)
		return sysfs_emit(buf, "%s\n",
				  action_names[READ_ONCE(dir->action)]);

	vseg_cell_stats_read(dir->stats, &values.count);
	return vseg_value_emit(&values, attr, buf);
}

/*
 * Kinds of directories.
 */

static void root_release(struct kobject *kobj)
{
	kfree(kobj);
}

static void dir_release(struct kobject *kobj)
{
	kfree(dir_of(kobj));
}

static const struct kobj_ns_type_operations *
root_child_ns_type(vseg_kobject_t *kobj)
{
	return &net_ns_type_operations;
}

static vseg_ns_tag_t dir_namespace(vseg_kobject_t *kobj)
{
	const struct net *net = container_of(kobj, struct vseg_dir,
					     kobj)->vn->net;

	return vseg_ns_tag(net);
}

static const struct sysfs_ops totals_ops = { .show = totals_show };
static const struct sysfs_ops domain_ops = { .show = domain_show };
static const struct sysfs_ops cell_ops = { .show = cell_show };

static const struct kobj_type root_type = {
	.release = root_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.child_ns_type = root_child_ns_type,
};

static const struct kobj_type totals_type = {
	.release = dir_release,
	.sysfs_ops = &totals_ops,
	.default_groups = total_groups,
	.namespace = dir_namespace,
};

/* "domains" and "cells": directories of directories. */
static const struct kobj_type branch_type = {
	.release = dir_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.namespace = dir_namespace,
};

static const struct kobj_type domain_type = {
	.release = dir_release,
	.sysfs_ops = &domain_ops,
	.default_groups = domain_groups,
};

static const struct kobj_type cell_type = {
	.release = dir_release,
	.sysfs_ops = &cell_ops,
	.default_groups = cell_groups,
};

/* @parent: NULL below /sys/kernel/vseg itself */
static struct vseg_dir *dir_add(struct vseg_dir *dir, struct vseg_dir *parent,
				const struct kobj_type *type, const char *name)
{
	struct kobject *up = parent ? &parent->kobj : vseg_root;
	int err;

	err = kobject_init_and_add(&dir->kobj, type, up, "%s", name);
	if (err) {
		kobject_put(&dir->kobj);
		return ERR_PTR(err);
	}
	return dir;
}

static struct vseg_dir *dir_alloc(struct vseg_net *vn)
{
	struct vseg_dir *dir = kzalloc(sizeof(*dir), GFP_KERNEL);

	if (dir)
		dir->vn = vn;
	return dir;
}

static struct vseg_dir *dir_top(struct vseg_net *vn,
				const struct kobj_type *type, const char *name)
{
	struct vseg_dir *dir;

	if (!vseg_root)
		return ERR_PTR(-ENOENT);
	dir = dir_alloc(vn);
	if (!dir)
		return ERR_PTR(-ENOMEM);
	return dir_add(dir, NULL, type, name);
}

/**
 * vseg_dir_totals - make /sys/kernel/vseg/totals of a namespace
 * @vn: namespace
 *
 * Context: process.
 * Return: the directory or an error pointer.
 */
struct vseg_dir *vseg_dir_totals(struct vseg_net *vn)
{
	return dir_top(vn, &totals_type, "totals");
}

/**
 * vseg_dir_branch - make a directory of directories in /sys/kernel/vseg
 * @vn: namespace
 * @name: its name
 *
 * Context: process.
 * Return: the directory or an error pointer.
 */
struct vseg_dir *vseg_dir_branch(struct vseg_net *vn, const char *name)
{
	return dir_top(vn, &branch_type, name);
}

/**
 * vseg_dir_domain - make the directory of a domain
 * @parent: from vseg_dir_branch()
 * @domain: the caller has a reference; the directory takes its own
 *
 * Context: process.
 * Return: the directory or an error pointer.
 */
struct vseg_dir *vseg_dir_domain(struct vseg_dir *parent,
				 struct vseg_domain *domain)
{
	struct vseg_dir *dir = dir_alloc(parent->vn);

	if (!dir)
		return ERR_PTR(-ENOMEM);
	/* A show function may run from here on, by the caller's reference. */
	dir->domain = domain;
	dir = dir_add(dir, parent, &domain_type, domain->name);
	if (!IS_ERR(dir))
		vseg_domain_get(domain);
	return dir;
}

/**
 * vseg_dir_cell - make the directory of a cell
 * @parent: from vseg_dir_branch()
 * @cell: the caller has a reference of its counters; the directory takes one
 * @src: name of the source domain, or "any"
 * @dst: name of the destination domain, or "any"
 *
 * Context: process.
 * Return: the directory or an error pointer.
 */
struct vseg_dir *vseg_dir_cell(struct vseg_dir *parent,
			       const struct vseg_cell *cell,
			       const char *src, const char *dst)
{
	char name[2 * VSEG_NAME_MAX + 2];
	struct vseg_dir *dir;

	dir = dir_alloc(parent->vn);
	if (!dir)
		return ERR_PTR(-ENOMEM);
	dir->stats = cell->stats;
	dir->action = cell->action;
	dir->flags = cell->flags;
	/* No domain has a colon in its name. */
	snprintf(name, sizeof(name), "%s:%s", src, dst);
	dir = dir_add(dir, parent, &cell_type, name);
	if (!IS_ERR(dir))
		refcount_inc(&cell->stats->ref);
	return dir;
}

/**
 * vseg_dir_del - take a directory away
 * @dir: directory; no other is in it
 *
 * Context: process; waits for show functions.
 */
void vseg_dir_del(struct vseg_dir *dir)
{
	kobject_del(&dir->kobj);
	if (dir->domain)
		vseg_domain_put(dir->domain);
	if (dir->stats)
		vseg_cell_stats_put(dir->stats);
	kobject_put(&dir->kobj);
}

/**
 * vseg_dir_init - make /sys/kernel/vseg
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int vseg_dir_init(void)
{
	struct kobject *root;
	int err;

	vseg_values_list(total_attrs, total_values, ARRAY_SIZE(total_values));
	vseg_values_list(domain_attrs, domain_values,
			 ARRAY_SIZE(domain_values));
	vseg_values_list(cell_attrs, cell_values, ARRAY_SIZE(cell_values));
	cell_attrs[ARRAY_SIZE(cell_values)] = &cell_action;

	root = kzalloc(sizeof(*root), GFP_KERNEL);
	if (!root)
		return -ENOMEM;
	err = kobject_init_and_add(root, &root_type, kernel_kobj, "vseg");
	if (err) {
		kobject_put(root);
		return err;
	}
	vseg_root = root;
	return 0;
}

/**
 * vseg_dir_exit - take /sys/kernel/vseg away
 *
 * After vseg_sysfs_net_exit() of the last namespace.
 *
 * Context: process.
 */
void vseg_dir_exit(void)
{
	if (!vseg_root)
		return;
	kobject_del(vseg_root);
	kobject_put(vseg_root);
	vseg_root = NULL;
}
