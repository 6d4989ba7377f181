// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/vseg follows the policy: a directory for each domain, and for
 * each listed cell up to a bound.
 *
 * A worker does it.  It reads tables that it holds a reference of, and no lock
 * is held while directories come and go.
 */
#include <linux/hashtable.h>
#include <linux/moduleparam.h>

#include "sysfs.h"
#include "sysfs_dir.h"

#define DIR_HASH_BITS		6
#define SYSFS_CELLS_MAX		VSEG_MAX_CELLS

/* Until directories are made that there was no memory for. */
#define DIR_RETRY		(HZ / 10)

/**
 * struct vseg_sysfs - directories of a namespace
 * @vn: namespace
 * @work: makes them follow the policy; all below is its own until it is
 *	cancelled for good
 * @totals: /sys/kernel/vseg/totals; NULL until there is a policy
 * @domains: /sys/kernel/vseg/domains, likewise
 * @cells: /sys/kernel/vseg/cells, likewise
 * @ncells: directories of cells
 * @dirs: directories of domains and cells, by what they show
 */
struct vseg_sysfs {
	struct vseg_net *vn;
	struct delayed_work work;
	struct vseg_dir *totals;
	struct vseg_dir *domains;
	struct vseg_dir *cells;
	u32 ncells;
	DECLARE_HASHTABLE(dirs, DIR_HASH_BITS);
};

static unsigned int sysfs_cells = 1024;

static int set_sysfs_cells(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, SYSFS_CELLS_MAX);
}

static const struct kernel_param_ops sysfs_cells_ops = {
	.set = set_sysfs_cells,
	.get = param_get_uint,
};

module_param_cb(sysfs_cells, &sysfs_cells_ops, &sysfs_cells, 0644);
MODULE_PARM_DESC(sysfs_cells, "listed cells with a directory in /sys, in each network namespace (default 1024)");

static int dir_keep(struct vseg_dir **where, struct vseg_dir *dir)
{
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	*where = dir;
	return 0;
}

/* What a failure leaves over is made the next time, see tree_work(). */
static int tree_make(struct vseg_sysfs *s)
{
	int err = 0;

	if (!s->totals)
		err = dir_keep(&s->totals, vseg_dir_totals(s->vn));
	if (!err && !s->domains)
		err = dir_keep(&s->domains, vseg_dir_branch(s->vn, "domains"));
	if (!err && !s->cells)
		err = dir_keep(&s->cells, vseg_dir_branch(s->vn, "cells"));
	return err;
}

static struct vseg_dir *dir_find(struct vseg_sysfs *s, const void *what)
{
	struct vseg_dir *dir;

	hash_for_each_possible(s->dirs, dir, hash, (unsigned long)what)
		if (dir->domain == what || dir->stats == what)
			return dir;
	return NULL;
}

static int add_domain(struct vseg_sysfs *s, struct vseg_domain *domain)
{
	struct vseg_dir *dir;

	if (dir_find(s, domain))
		return 0;
	dir = vseg_dir_domain(s->domains, domain);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	hash_add(s->dirs, &dir->hash, (unsigned long)domain);
	return 0;
}

static int add_cell(struct vseg_sysfs *s, const struct vseg_cell *cell,
		    const char *src, const char *dst)
{
	struct vseg_dir *dir = vseg_dir_cell(s->cells, cell, src, dst);

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	hash_add(s->dirs, &dir->hash, (unsigned long)cell->stats);
	s->ncells++;
	return 0;
}

static struct vseg_tables *tables_get(struct vseg_net *vn)
{
	struct vseg_tables *t = NULL;
	struct vseg_policy *policy;

	mutex_lock(&vn->lock);
	policy = vseg_policy_locked(vn);
	if (policy) {
		t = policy->tables;
		refcount_inc(&t->ref);
	}
	mutex_unlock(&vn->lock);
	return t;
}

/* Places that cells can be in; (any, any) is the last. */
static u32 cell_places(const struct vseg_tables *t)
{
	return (1u << t->cell_bits) + 1;
}

static const struct vseg_cell *listed_cell(const struct vseg_tables *t, u32 i)
{
	const struct vseg_cell *cell;

	if (i == 1u << t->cell_bits)
		return t->any_any.stats ? &t->any_any : NULL;
	cell = &t->cells[i];
	if (cell->key == VSEG_KEY_NONE || cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
		return NULL;
	return cell;
}

static void mark_domain(struct vseg_sysfs *s, const struct vseg_domain *domain)
{
	struct vseg_dir *dir = dir_find(s, domain);

	if (dir)
		dir->seen = true;
}

static void mark_cells(struct vseg_sysfs *s, const struct vseg_tables *t)
{
	u32 i, kept = 0, max = READ_ONCE(sysfs_cells);
	const struct vseg_cell *cell;
	struct vseg_dir *dir;

	for (i = 0; i < cell_places(t) && kept < max; i++) {
		cell = listed_cell(t, i);
		dir = cell ? dir_find(s, cell->stats) : NULL;
		if (!dir)
			continue;
		dir->seen = true;
		WRITE_ONCE(dir->action, cell->action);
		WRITE_ONCE(dir->flags, cell->flags);
		kept++;
	}
}

static void mark(struct vseg_sysfs *s, const struct vseg_tables *t)
{
	struct vseg_domain_node *node;
	unsigned int i;

	for (i = 0; i < VSEG_SLOT_FIRST; i++)
		mark_domain(s, s->vn->builtin[i]);
	vseg_domain_set_for_each(&t->domains, i, node)
		mark_domain(s, node->domain);
	mark_cells(s, t);
}

/* Takes the directories away that mark() didn't see. */
static void sweep(struct vseg_sysfs *s)
{
	struct hlist_node *tmp;
	struct vseg_dir *dir;
	unsigned int bkt;

	hash_for_each_safe(s->dirs, bkt, tmp, dir, hash) {
		if (!dir->seen) {
			s->ncells -= !!dir->stats;
			hash_del(&dir->hash);
			vseg_dir_del(dir);
			continue;
		}
		dir->seen = false;
	}
}

static const char *slot_name(const struct vseg_net *vn,
			     struct vseg_domain *const *slots, u16 slot)
{
	if (slot == VSEG_SLOT_ANY)
		return "any";
	if (slot < VSEG_SLOT_FIRST)
		return vn->builtin[slot]->name;
	return slots[slot]->name;
}

static int add_domains(struct vseg_sysfs *s, const struct vseg_tables *t)
{
	struct vseg_domain_node *node;
	unsigned int i;
	int err = 0;

	for (i = 0; i < VSEG_SLOT_FIRST && !err; i++)
		err = add_domain(s, s->vn->builtin[i]);
	vseg_domain_set_for_each(&t->domains, i, node)
		if (!err)
			err = add_domain(s, node->domain);
	return err;
}

static int add_cells(struct vseg_sysfs *s, const struct vseg_tables *t)
{
	struct vseg_domain_node *node;
	const struct vseg_cell *cell;
	struct vseg_domain **slots;
	unsigned int bkt;
	int err = 0;
	u32 i;

	slots = kvcalloc(VSEG_SLOT_ANY, sizeof(*slots), GFP_KERNEL | __GFP_NOWARN);
	if (!slots)
		return -ENOMEM;
	vseg_domain_set_for_each(&t->domains, bkt, node)
		slots[node->domain->slot] = node->domain;

	for (i = 0; i < cell_places(t) && !err; i++) {
		if (s->ncells >= READ_ONCE(sysfs_cells))
			break;
		cell = listed_cell(t, i);
		if (!cell || dir_find(s, cell->stats))
			continue;
		err = add_cell(s, cell,
			       slot_name(s->vn, slots, vseg_key_src(cell->key)),
			       slot_name(s->vn, slots, vseg_key_dst(cell->key)));
	}
	kvfree(slots);
	return err;
}

static void tree_work(struct work_struct *work)
{
	struct vseg_sysfs *s = container_of(to_delayed_work(work),
					    struct vseg_sysfs, work);
	struct vseg_tables *t = tables_get(s->vn);
	int err = tree_make(s);

	/* What goes comes first: what is new may want the same name. */
	if (t)
		mark(s, t);
	sweep(s);
	if (t && !err)
		err = add_domains(s, t);
	if (t && !err)
		err = add_cells(s, t);
	if (t)
		vseg_tables_put(t);
	if (err)
		pr_warn_once("vseg: /sys/kernel/vseg is incomplete: %d\n", err);
	if (err == -ENOMEM)
		queue_delayed_work(vseg_wq, &s->work, DIR_RETRY);
}

/**
 * vseg_sysfs_policy_changed - make the directories follow the policy
 * @vn: namespace
 *
 * Soon, not at once: the work is done later.
 *
 * Context: vseg_net.lock held.
 */
void vseg_sysfs_policy_changed(struct vseg_net *vn)
{
	if (vn->sysfs)
		mod_delayed_work(vseg_wq, &vn->sysfs->work, 0);
}

/**
 * vseg_sysfs_net_init - prepare the directories of a namespace
 * @vn: namespace
 *
 * They are made at its first policy, so that a namespace without one costs
 * nothing; those of the initial namespace are made now.  Nothing else depends
 * on it where this fails.
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int vseg_sysfs_net_init(struct vseg_net *vn)
{
	struct vseg_sysfs *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return -ENOMEM;
	s->vn = vn;
	INIT_DELAYED_WORK(&s->work, tree_work);
	hash_init(s->dirs);
	vn->sysfs = s;
	if (net_eq(vn->net, &init_net) && tree_make(s) == -ENOMEM)
		queue_delayed_work(vseg_wq, &s->work, DIR_RETRY);
	return 0;
}

/**
 * vseg_sysfs_net_exit - take the directories of a namespace away
 * @vn: namespace; vseg_sysfs_policy_changed() isn't called any more
 *
 * Before the domains, the cells' pool, the table of pairs and the queue of
 * events go.
 *
 * Context: process, no lock held; waits for the worker and show functions.
 */
void vseg_sysfs_net_exit(struct vseg_net *vn)
{
	struct vseg_sysfs *s = vn->sysfs;

	if (!s)
		return;
	cancel_delayed_work_sync(&s->work);
	sweep(s);
	if (s->cells)
		vseg_dir_del(s->cells);
	if (s->domains)
		vseg_dir_del(s->domains);
	if (s->totals)
		vseg_dir_del(s->totals);
	vn->sysfs = NULL;
	kfree(s);
}
