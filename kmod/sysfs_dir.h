/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Directories below /sys/kernel/vseg.
 */
#ifndef VSEG_SYSFS_DIR_H
#define VSEG_SYSFS_DIR_H

#include "vseg.h"

/**
 * struct vseg_dir - a directory
 * @kobj: the directory
 * @vn: namespace
 * @hash: among the directories of domains and cells
 * @domain: of a domain's directory, with a reference; else NULL
 * @stats: of a cell's directory, with a reference; else NULL
 * @action: of a cell's directory, enum vseg_action
 * @flags: of a cell's directory, enum vseg_cell_flags
 * @seen: the policy has it; the worker's
 */
struct vseg_dir {
	struct kobject kobj;
	struct vseg_net *vn;
	struct hlist_node hash;
	struct vseg_domain *domain;
	struct vseg_cell_stats *stats;
	u8 action;
	u8 flags;
	bool seen;
};

int vseg_dir_init(void);
void vseg_dir_exit(void);

struct vseg_dir *vseg_dir_totals(struct vseg_net *vn);
struct vseg_dir *vseg_dir_branch(struct vseg_net *vn, const char *name);
struct vseg_dir *vseg_dir_domain(struct vseg_dir *parent,
				 struct vseg_domain *domain);
struct vseg_dir *vseg_dir_cell(struct vseg_dir *parent,
			       const struct vseg_cell *cell,
			       const char *src, const char *dst);
void vseg_dir_del(struct vseg_dir *dir);

#endif /* VSEG_SYSFS_DIR_H */
