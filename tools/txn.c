// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: begin, edits, commit.  What isn't committed is aborted when the
 * connection closes.
 */
#include <errno.h>
#include <stdlib.h>

#include "txn.h"

/**
 * txn_begin() - begin a transaction
 * @c: this run, connected
 * @where: "" or "FILE: ", for messages
 * @txn: result: cookie and the generation that it is based on
 *
 * Return: an exit code.
 */
int txn_begin(struct ctl *c, const char *where, struct txn *txn)
{
	const struct edit begin = { .cmd = VSEG_CMD_BEGIN, .label = "begin" };
	struct vnl_error e;

	if (!vnl_call(c->nl, &begin, &txn_schema, txn, &e))
		return DONE;
	return ctl_report(where, begin.label, &e);
}

static int report_edit(const char *where, const struct edit *edit,
		       const struct vnl_error *e)
{
	char *at = NULL;
	int code;

	if (edit->file)
		at = xasprintf("%s:%u: ", edit->file, edit->line);
	code = ctl_report(at ? at : where, edit->label, e);
	free(at);
	return code;
}

/**
 * txn_edits() - send edits
 * @c: this run, connected
 * @where: as txn_begin(), for edits of no file
 * @txn: transaction
 * @edit: them
 * @n: how many
 *
 * Return: an exit code.
 */
int txn_edits(struct ctl *c, const char *where, const struct txn *txn,
	      struct edit *edit, size_t n)
{
	struct vnl_error e;
	size_t failed = 0;

	if (!vnl_edits(c->nl, edit, n, txn->cookie, &failed, &e))
		return DONE;
	return report_edit(where, &edit[failed], &e);
}

/**
 * txn_commit() - put a transaction in force, or have it checked
 * @c: this run, connected
 * @where: as txn_begin()
 * @txn: transaction
 * @flags: VSEG_TXN_FLAGS_*
 * @confirm: seconds until the kernel goes back, or 0
 * @done: result: generation and warnings
 *
 * Return: an exit code.
 */
int txn_commit(struct ctl *c, const char *where, const struct txn *txn,
	       uint32_t flags, uint32_t confirm, struct txn *done)
{
	struct txn ask = { .cookie = txn->cookie, .flags = flags,
			   .confirm = confirm };
	const struct edit req = {
		.cmd = VSEG_CMD_COMMIT, .label = "commit",
		.schema = &txn_schema, .obj = &ask,
	};
	struct vnl_error e;

	give(&ask, VSEG_A_TXN_COOKIE);
	give(&ask, VSEG_A_TXN_FLAGS);
	if (confirm)
		give(&ask, VSEG_A_TXN_CONFIRM);
	if (!vnl_call(c->nl, &req, &txn_schema, done, &e))
		return DONE;
	return ctl_report(where, req.label, &e);
}
