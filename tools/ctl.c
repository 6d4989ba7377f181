// SPDX-License-Identifier: GPL-2.0
/* What all objects share: ask the kernel, and repeat what it says. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static void print_warning(const char *label, unsigned int line,
			  const struct vnl_error *w, void *data)
{
	const struct ctl *c = data;

	if (c->file && line)
		warning("%s:%u: %s: %s", c->file, line, label, w->text);
	else
		warning("%s: %s", label, w->text);
}

/** ctl_connect() - connect to the kernel, unless it is done */
int ctl_connect(struct ctl *c)
{
	int code = DONE;

	if (!c->nl)
		c->nl = vnl_open(&code);
	if (c->nl)
		vnl_on_warning(c->nl, print_warning, c);
	return code;
}

/**
 * ctl_report() - say what the kernel refused
 * @where: "" or "FILE:LINE: "
 * @label: what was asked
 * @e: what the kernel said
 *
 * Return: REFUSED.
 */
int ctl_report(const char *where, const char *label, const struct vnl_error *e)
{
	if (e->err == ESTALE) {
		fail(REFUSED, "%s%s: another commit came first, nothing was changed (%s)",
		     where, label, e->text);
		return fail(REFUSED, "%s%s: see vsegctl log before you run this again",
			    where, label);
	}
	if (!*e->attr)
		return fail(REFUSED, "%s%s: %s", where, label, e->text);
	return fail(REFUSED, "%s%s: %s (attribute %s%s)", where, label,
		    e->text, e->attr, e->missing ? " is missing" : "");
}

/** ctl_call() - ask for one thing, and report a refusal */
int ctl_call(struct ctl *c, const struct args *a, const struct edit *req,
	     const struct schema *s, void *reply)
{
	struct vnl_error e;
	int code = ctl_connect(c);

	if (code)
		return code;
	code = vnl_call(c->nl, req, s, reply, &e);
	return code ? ctl_report(a->where, a->label, &e) : DONE;
}

/**
 * ctl_get() - ask for one object
 * @c: this run
 * @a: words, for messages
 * @cmd: VSEG_CMD_*_GET
 * @s: what @filter and @reply are
 * @filter: names the object; NULL when there is but one
 * @reply: empty object for the answer
 *
 * Return: the exit status.
 */
int ctl_get(struct ctl *c, const struct args *a, uint8_t cmd,
	    const struct schema *s, void *filter, void *reply)
{
	const struct edit req = {
		.cmd = cmd, .label = a->label, .schema = s, .obj = filter,
	};

	return ctl_call(c, a, &req, s, reply);
}

/** ctl_dump() - ask for all objects of a kind, into an empty list */
int ctl_dump(struct ctl *c, const struct args *a, uint8_t cmd,
	     const struct schema *s, struct list *l)
{
	return ctl_dump_of(c, a, cmd, s, NULL, l);
}

/** ctl_dump_of() - ask for those that @filter names; NULL for all */
int ctl_dump_of(struct ctl *c, const struct args *a, uint8_t cmd,
		const struct schema *s, void *filter, struct list *l)
{
	struct vnl_error e;
	int code = ctl_connect(c);

	if (code)
		return code;
	code = vnl_dump(c->nl, cmd, s, filter, l, &e);
	return code ? ctl_report(a->where, a->label, &e) : DONE;
}

/** ctl_warnings() - say what a policy should be looked at for */
void ctl_warnings(uint32_t warnings)
{
	if (warnings & VSEG_WARNING_TIE)
		warning("tie: %s",
			"a cell SRC any and a cell any DST disagree about a pair that is not listed; deny wins");
	if (warnings & VSEG_WARNING_AMBIGUOUS)
		warning("ambiguous: %s",
			"selectors of equal rank say different things about a port; it is unlabelled, see vsegctl port show");
	if (warnings & VSEG_WARNING_VLAN_AMBIGUOUS)
		warning("vlan-ambiguous: %s",
			"a port is untagged in several VLANs that a trunk maps to different domains; frames between them are dropped");
}
