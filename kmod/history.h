/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The latest generations, and who made them.
 */
#ifndef VSEG_HISTORY_H
#define VSEG_HISTORY_H

#include <linux/sched.h>

#include "vseg.h"

struct vseg_how;

/* Generations that are remembered in a namespace. */
#define VSEG_HISTORY		64

/* vseg_history_entry.pid: the kernel made it. */
#define VSEG_HISTORY_KERNEL	0

/**
 * struct vseg_history_entry - a generation
 * @generation: its number
 * @time: nanoseconds of the real-time clock
 * @edits: edits that it was made of
 * @confirm: seconds that it had to be confirmed within, or 0
 * @uid: who made it, in the initial user namespace
 * @auid: login user id, or AUDIT_UID_UNSET
 * @pid: process, in the initial pid namespace, or %VSEG_HISTORY_KERNEL
 * @op: enum vseg_log_op
 * @comm: the process' command name
 */
struct vseg_history_entry {
	u64 generation;
	u64 time;
	u32 edits;
	u32 confirm;
	u32 uid;
	u32 auid;
	pid_t pid;
	u8 op;
	char comm[TASK_COMM_LEN];
};

/**
 * struct vseg_history - the latest generations
 * @n: entries written since the beginning
 * @entries: ring
 *
 * Under vseg_net.lock.
 */
struct vseg_history {
	u64 n;
	struct vseg_history_entry entries[VSEG_HISTORY];
};

int vseg_history_init(struct vseg_net *vn);
void vseg_history_add(struct vseg_net *vn, const struct vseg_how *how,
		      u32 edits);
void vseg_history_audit(struct vseg_net *vn, const struct vseg_how *how,
			u32 edits);
const struct vseg_history_entry *vseg_history_read(const struct vseg_net *vn,
						   u64 pos);

#endif /* VSEG_HISTORY_H */
