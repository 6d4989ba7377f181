// SPDX-License-Identifier: GPL-2.0
/* vsegctl apply */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../impact.h"
#include "../policy.h"
#include "../ssh.h"
#include "../txn.h"

#define OBJECT "apply"

/**
 * struct apply - what was asked for
 * @check: only ask whether it could be done
 * @diff: only show what it would do
 * @force: even if it cuts a session
 * @nowait: don't wait for frames in flight
 * @confirm: seconds, or 0
 * @where: file, for messages
 * @want: the policy that the files say
 * @is: the policy in force
 * @generation: of @is
 * @d: what makes @want of @is
 */
struct apply {
	bool check;
	bool diff;
	bool force;
	bool nowait;
	uint32_t confirm;
	char *where;
	struct policy want;
	struct policy is;
	uint64_t generation;
	struct diff d;
};

static int parse_option(struct args *a, struct apply *job)
{
	if (args_take(a, "--check"))
		job->check = true;
	else if (args_take(a, "--diff"))
		job->diff = true;
	else if (args_take(a, "--force"))
		job->force = true;
	else if (args_take(a, "--nowait"))
		job->nowait = true;
	else if (args_take(a, "--confirm"))
		return args_number(a, "SECONDS", 1, VSEG_CONFIRM_MAX,
				   &job->confirm);
	else
		return args_fail(a, "unknown option \"%s\"", args_peek(a));
	return DONE;
}

static int read_files(struct args *a, struct apply *job)
{
	unsigned int files = 0;
	int code = DONE;

	while (!code && args_more(a)) {
		if (!strncmp(args_peek(a), "--", 2)) {
			code = parse_option(a, job);
			continue;
		}
		if (!files++)
			job->where = xasprintf("%s: ", args_peek(a));
		code = policy_read(&job->want, args_next(a));
	}
	if (!code && !files)
		return args_fail(a, "expected FILE");
	return code ? code : policy_check(&job->want);
}

static void print_diff(struct ctl *c, const struct apply *job)
{
	char *const *line = job->d.line.item;
	size_t i;

	for (i = 0; i < job->d.line.n; i++)
		out_line(c->out, "%s", line[i]);
	out_list(c->out, "changes");
	for (i = 0; i < job->d.line.n; i++)
		out_str(c->out, NULL, line[i]);
	out_end(c->out);
}

static int finish_apply(struct ctl *c, const struct apply *job,
			const struct txn *done)
{
	bool only = job->check || job->diff;

	if (only)
		out_line(c->out, "nothing was changed; %zu change%s would be made to generation %" PRIu64,
			 job->d.edit.n, job->d.edit.n == 1 ? "" : "s",
			 job->generation);
	else
		out_line(c->out, "generation %" PRIu64 " is in force",
			 done->generation);
	if (job->confirm && !only)
		out_line(c->out, "the kernel goes back to generation %" PRIu64
			 " in %u s, unless you say: vsegctl confirm",
			 job->generation, job->confirm);
	out_bool(c->out, "committed", !only);
	out_model(c->out, &txn_schema, done);
	ctl_warnings(done->warnings);
	return DONE;
}

/* The kernel has the edits; ask it what they mean, then commit. */
static int judge_and_commit(struct ctl *c, const struct args *a,
			    struct apply *job, const struct txn *txn)
{
	bool only = job->check || job->diff;
	const struct ssh_how how = {
		.confirm = job->confirm, .force = job->force, .only = only,
	};
	struct txn done = { 0 };
	uint32_t flags = 0;
	int code;

	print_diff(c, job);
	code = impact_print(c, a, txn->cookie, &job->want);
	if (!code)
		code = ssh_guard(c, a, txn->cookie, &job->want, &how);
	if (code)
		return code;
	if (only)
		flags |= VSEG_TXN_FLAGS_CHECK;
	else if (job->nowait)
		flags |= VSEG_TXN_FLAGS_NOWAIT;
	code = txn_commit(c, job->where, txn, flags, only ? 0 : job->confirm,
			  &done);
	return code ? code : finish_apply(c, job, &done);
}

static int another_came_first(const struct apply *job, uint64_t base)
{
	return fail(REFUSED, "%sanother commit came first, generation %" PRIu64
		    " is in force now and not %" PRIu64
		    "; see vsegctl log before you run this again",
		    job->where, base, job->generation);
}

static int change(struct ctl *c, const struct args *a, struct apply *job)
{
	struct txn txn = { 0 };
	int code;

	code = txn_begin(c, job->where, &txn);
	if (!code && txn.generation != job->generation)
		code = another_came_first(job, txn.generation);
	if (!code)
		code = txn_edits(c, job->where, &txn, job->d.edit.item,
				 job->d.edit.n);
	if (!code)
		code = judge_and_commit(c, a, job, &txn);
	if (code)
		fail(code, "%snothing was changed", job->where);
	return code;
}

static int nothing_to_do(struct ctl *c, const struct apply *job)
{
	out_line(c->out, "nothing to change: generation %" PRIu64
		 " is that policy already", job->generation);
	out_list(c->out, "changes");
	out_end(c->out);
	out_bool(c->out, "committed", false);
	out_u64(c->out, "generation", job->generation);
	return DONE;
}

static int run(struct ctl *c, struct args *a, struct apply *job)
{
	int code = read_files(a, job);

	if (!code)
		code = policy_in_force(c, a, &job->is, &job->generation);
	if (code)
		return code;
	policy_diff(&job->is, &job->want, &job->d);
	out_object(c->out, NULL);
	if (!job->d.edit.n)
		code = nothing_to_do(c, job);
	else
		code = change(c, a, job);
	out_end(c->out);
	return code;
}

static int apply(struct ctl *c, struct args *a)
{
	struct apply job = { 0 };
	int code;

	policy_init(&job.want);
	policy_init(&job.is);
	code = run(c, a, &job);
	diff_clear(&job.d);
	policy_clear(&job.is);
	policy_clear(&job.want);
	free(job.where);
	return code;
}

static const struct verb verbs[] = {
	WHOLE("FILE... [--check] [--diff] [--confirm SECONDS] [--force] [--nowait]",
	      "put the policy of files in force, all of it or nothing", apply),
	{ 0 }
};

const struct object apply_object = {
	.name = OBJECT,
	.help = "put a policy file in force",
	.notes = "FILE is a YAML file, a directory of *.yaml, or - for standard input; several\n"
		 "make one policy.  What changes is shown, then done in one step.\n"
		 "  --check    ask the kernel whether it would take it, and change nothing\n"
		 "  --diff     show what would change, ports included, and change nothing\n"
		 "  --confirm  the kernel goes back by itself after SECONDS, unless vsegctl\n"
		 "             confirm comes; also when this host can't be reached any more\n"
		 "  --force    even if it cuts an SSH session of this host\n"
		 "  --nowait   don't wait until no frame is decided by the old policy\n",
	.verb = verbs,
};
