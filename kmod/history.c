// SPDX-License-Identifier: GPL-2.0
/*
 * The latest generations, and who made them: for the operator, and for the
 * kernel's audit log.
 */
#include <linux/audit.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "commit.h"
#include "history.h"

/**
 * vseg_history_init - get a namespace's history ready
 * @vn: namespace
 *
 * Context: vseg_net.commit_lock held; may sleep.
 * Return: 0 or -ENOMEM; may be called again.
 */
int vseg_history_init(struct vseg_net *vn)
{
	if (!vn->history)
		vn->history = kvzalloc(sizeof(*vn->history),
				       GFP_KERNEL_ACCOUNT);
	return vn->history ? 0 : -ENOMEM;
}

static bool vseg_history_by_kernel(const struct vseg_how *how)
{
	return how->op == VSEG_LOG_OP_EXPIRED;
}

/**
 * vseg_history_add - remember a generation
 * @vn: namespace
 * @how: what made it
 * @edits: edits that it was made of
 *
 * Context: vseg_net.lock held, in the context of who made it.
 */
void vseg_history_add(struct vseg_net *vn, const struct vseg_how *how,
		      u32 edits)
{
	struct vseg_history *h = vn->history;
	struct vseg_history_entry *e;

	lockdep_assert_held(&vn->lock);
	/* A namespace that goes takes a policy out of force that it never had. */
	if (!h)
		return;

	e = &h->entries[h->n++ % VSEG_HISTORY];
	*e = (struct vseg_history_entry) {
		.generation = how->generation,
		.time = ktime_get_real_ns(),
		.edits = edits,
		.confirm = how->confirm,
		.auid = AUDIT_UID_UNSET,
		.op = how->op,
	};
	if (vseg_history_by_kernel(how))
		return;
	e->uid = from_kuid(&init_user_ns, current_uid());
	e->auid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	e->pid = task_tgid_nr(current);
	get_task_comm(e->comm, current);
}

/**
 * vseg_history_read - the next generation that is remembered
 * @vn: namespace
 * @pos: entries to pass over, counted from the beginning
 *
 * Context: vseg_net.lock held.
 * Return: the entry, or NULL when there is none at @pos any more or yet.
 */
const struct vseg_history_entry *vseg_history_read(const struct vseg_net *vn,
						   u64 pos)
{
	const struct vseg_history *h = vn->history;

	if (!h || pos >= h->n || h->n - pos > VSEG_HISTORY)
		return NULL;
	return &h->entries[pos % VSEG_HISTORY];
}

#ifdef CONFIG_AUDIT
static const char *vseg_history_op(const struct vseg_how *how)
{
	switch (how->op) {
	case VSEG_LOG_OP_COMMIT:
		return "vseg_commit";
	case VSEG_LOG_OP_OFF:
		return "vseg_off";
	case VSEG_LOG_OP_ROLLBACK:
		return "vseg_rollback";
	case VSEG_LOG_OP_EXPIRED:
		return "vseg_expired";
	default:
		return "vseg_confirm";
	}
}

/* As audit_log_untrustedstring(), which isn't exported: a process names itself,
 * and must not write fields of the record.
 */
static void vseg_history_untrusted(struct audit_buffer *ab, const char *text)
{
	const char *p;

	for (p = text; *p; p++)
		if (*p == '"' || *p < 0x21 || *p > 0x7e)
			break;
	if (!*p) {
		audit_log_format(ab, "\"%s\"", text);
		return;
	}
	for (p = text; *p; p++)
		audit_log_format(ab, "%02X", (u8)*p);
}

/* The record that netfilter's own changes of its configuration make, which
 * tools for the audit log know, with our words in it.
 */
static void vseg_history_record(struct vseg_net *vn, struct audit_buffer *ab,
				const struct vseg_how *how, u32 edits)
{
	char comm[TASK_COMM_LEN];

	audit_log_format(ab, "table=vseg:%u family=%u entries=%u op=%s gen=%llu",
			 vn->net->ns.inum, NFPROTO_BRIDGE, edits,
			 vseg_history_op(how), how->generation);
	if (how->confirm)
		audit_log_format(ab, " confirm=%u", how->confirm);
	if (vseg_history_by_kernel(how)) {
		audit_log_format(ab, " auid=%u uid=0 pid=0 comm=\"kernel\"",
				 AUDIT_UID_UNSET);
		return;
	}
	audit_log_format(ab, " auid=%u uid=%u pid=%d comm=",
			 from_kuid(&init_user_ns, audit_get_loginuid(current)),
			 from_kuid(&init_user_ns, current_uid()),
			 task_tgid_nr(current));
	get_task_comm(comm, current);
	vseg_history_untrusted(ab, comm);
}

/**
 * vseg_history_audit - tell the audit log of a generation
 * @vn: namespace
 * @how: what made it
 * @edits: edits that it was made of
 *
 * Waits where the audit log is full and the operator wants no record lost.
 *
 * Context: process, may sleep; neither rtnl nor vseg_net.lock held.
 */
void vseg_history_audit(struct vseg_net *vn, const struct vseg_how *how,
			u32 edits)
{
	struct audit_buffer *ab;

	if (audit_enabled == AUDIT_OFF)
		return;
	ab = audit_log_start(audit_context(), GFP_KERNEL, AUDIT_NETFILTER_CFG);
	if (!ab)
		return;
	vseg_history_record(vn, ab, how, edits);
	audit_log_end(ab);
}
#else
void vseg_history_audit(struct vseg_net *vn, const struct vseg_how *how,
			u32 edits)
{
}
#endif
