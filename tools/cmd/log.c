// SPDX-License-Identifier: GPL-2.0
/* vsegctl log */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "cmd.h"

#define OBJECT "log"

static void print_who(struct out *o, const struct log *e)
{
	if (!has(e, VSEG_A_LOG_PID)) {
		out_cell(o, "-");
		out_cell(o, "-");
		out_cell(o, "kernel");
		return;
	}
	if (has(e, VSEG_A_LOG_AUID))
		out_cell(o, "%u", e->auid);
	else
		out_cell(o, "-");
	out_cell(o, "%u", e->uid);
	out_cell(o, "%s[%u]", e->comm, e->pid);
}

static void print_entry(struct out *o, const struct log *e)
{
	time_t seconds = e->time / 1000000000;
	char when[32] = "?";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	out_cell(o, "%" PRIu64, e->generation);
	out_cell(o, "%s", when);
	out_cell_enum(o, &log_op_names, e->op);
	out_cell(o, "%u", e->changes);
	if (e->confirm)
		out_cell(o, "%u s", e->confirm);
	else
		out_cell(o, "-");
	print_who(o, e);
}

static int show(struct ctl *c, struct args *a)
{
	static const char *const columns[] = {
		">GENERATION", "TIME", "BY", ">CHANGES", ">CONFIRM", ">LOGIN",
		">USER", "PROCESS",
	};
	struct list l = { 0 };
	const struct log *e;
	int code = args_end(a, NULL);
	size_t i;

	if (!code)
		code = ctl_dump(c, a, VSEG_CMD_LOG_GET, &log_schema, &l);
	if (!code) {
		out_list(c->out, NULL);
		out_table(c->out, columns, ARRAY_SIZE(columns));
		for (i = 0, e = l.item; i < l.n; i++, e++) {
			out_object(c->out, NULL);
			out_model(c->out, &log_schema, e);
			out_end(c->out);
			print_entry(c->out, e);
		}
		out_table_end(c->out);
		out_end(c->out);
	}
	list_clear(&log_schema, &l);
	return code;
}

static const struct verb verbs[] = {
	WHOLE("", "list the latest generations, and who made them", show),
	{ 0 }
};

const struct object log_object = {
	.name = OBJECT,
	.help = "the latest generations of the policy",
	.notes = "The kernel remembers 64 of them, and writes each to the audit log as well.\n",
	.verb = verbs,
};
