// SPDX-License-Identifier: GPL-2.0
/* vsegctl upgrade: another module in place of the one that is loaded. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "../policy.h"

#define OBJECT "upgrade"
#define SCRIPT VSEG_LIBEXEC "/upgrade"

/*
 * What is in force, as files that bring it back.
 */

static FILE *open_in(const char *dir, const char *name, char **path)
{
	FILE *f;

	*path = xasprintf("%s/%s", dir, name);
	f = fopen(*path, "we");
	if (!f)
		fail(REFUSED, "%s: %s", *path, strerror(errno));
	return f;
}

static int close_saved(FILE *f, char *path)
{
	int error = ferror(f) ? EIO : 0;
	int code = DONE;

	if (fclose(f))
		error = errno;
	if (error)
		code = fail(REFUSED, "%s: %s", path, strerror(error));
	free(path);
	return code;
}

static int save_policy(struct ctl *c, const struct args *a, const char *dir)
{
	uint64_t generation;
	struct policy p;
	char *path;
	FILE *f;
	int code;

	code = policy_in_force(c, a, &p, &generation);
	if (!code) {
		f = open_in(dir, "policy.yaml", &path);
		if (f) {
			policy_print(&p, f);
			code = close_saved(f, path);
		} else {
			free(path);
			code = REFUSED;
		}
	}
	policy_clear(&p);
	return code;
}

/* As "port bind" takes it. */
static void print_bind(const struct port *p, FILE *f)
{
	const struct vlan *v = p->vlan.item;
	bool trunk = p->kind == VSEG_PORT_KIND_TRUNK;
	size_t i;

	fprintf(f, "port bind %s%s", p->ifname, trunk ? " trunk" : "");
	if (has(p, VSEG_A_PORT_DOMAIN))
		fprintf(f, "%s %s", trunk ? " default" : "", p->domain);
	for (i = 0; i < p->vlan.n; i++, v++) {
		fprintf(f, " vlan %u", v->first);
		if (has(v, VSEG_A_VLAN_LAST))
			fprintf(f, "-%u", v->last);
		fprintf(f, " %s", v->domain);
	}
	fputc('\n', f);
}

static int print_binds(const struct list *l, FILE *f)
{
	const struct port *p = l->item;
	size_t i;

	for (i = 0; i < l->n; i++, p++) {
		if (p->match != VSEG_PORT_MATCH_EXPLICIT)
			continue;
		if (*p->ifname == '#')
			return fail(REFUSED, "port %s: a batch takes this name for a comment",
				    p->ifname);
		print_bind(p, f);
	}
	return DONE;
}

static int save_ports(struct ctl *c, const struct args *a, const char *dir)
{
	struct list l = { 0 };
	char *path;
	FILE *f;
	int code, closed;

	code = ctl_dump(c, a, VSEG_CMD_PORT_GET, &port_schema, &l);
	if (code)
		return code;
	f = open_in(dir, "ports", &path);
	if (f) {
		code = print_binds(&l, f);
		closed = close_saved(f, path);
		code = code ? code : closed;
	} else {
		free(path);
		code = REFUSED;
	}
	list_clear(&port_schema, &l);
	return code;
}

static int save(struct ctl *c, struct args *a)
{
	const char *dir = args_need(a, "DIR");
	int code;

	if (!dir)
		return BAD_USAGE;
	code = args_end(a, NULL);
	if (!code)
		code = save_policy(c, a, dir);
	if (!code)
		code = save_ports(c, a, dir);
	return code;
}

/*
 * The whole of it is the script's.
 */

static int upgrade(struct ctl *c, struct args *a)
{
	char *argv[3] = { SCRIPT };
	int code;

	if (args_take(a, "save"))
		return save(c, a);
	if (args_more(a))
		argv[1] = (char *)args_next(a);
	code = args_end(a, NULL);
	if (code)
		return code;
	execv(SCRIPT, argv);
	return fail(REFUSED, "%s: %s", SCRIPT, strerror(errno));
}

static const struct verb verbs[] = {
	WHOLE("[FILE | save DIR]",
	      "swap the module, and keep guests apart meanwhile", upgrade),
	{ 0 }
};

const struct object upgrade_object = {
	.name = OBJECT,
	.help = "take another module, without a gap",
	.notes = "The module that modprobe finds, or FILE, takes the place of the one that is\n"
		 "loaded.  For a moment no bridge forwards anything; then the policy is in force\n"
		 "as before, with what was bound by hand.  Counters and generations begin anew.\n"
		 "If it fails, the host stays closed; called again, it goes on.\n"
		 "  save DIR   only write what is in force, to DIR/policy.yaml for apply and\n"
		 "             to DIR/ports for -b\n",
	.verb = verbs,
};
