// SPDX-License-Identifier: GPL-2.0
/* vsegctl init: a first policy for what this host has. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "../host.h"
#include "../policy.h"

#define OBJECT "init"

#define FIRST_ID	100

/*
 * The file.
 */

static void print_head(const struct host *h, FILE *f)
{
	char name[65] = "this host", *safe;

	gethostname(name, sizeof(name) - 1);
	safe = escape(name);
	fprintf(f,
		"# What vsegctl init found on %s.\n"
		"#\n"
		"# In monitor mode nothing is dropped: what would be, is counted.  Give the\n"
		"# domains the names that you think in, put guests that belong together into\n"
		"# one, and then:\n"
		"#\n"
		"#   vsegctl apply THIS-FILE    to have it in force\n"
		"#   vsegctl stats              who would be stopped; add the cells that lack\n"
		"#\n"
		"# until what is left is to be stopped.  Then say enforce instead of monitor.\n"
		"# As /etc/vseg/policy.yaml, it is put in force at each boot.\n"
		"version: 1\n", safe);
	free(safe);
	if (!h->ports.n)
		fputs("\n# No bridge has a port yet.\n", f);
}

static void print_domains(const struct host *h, FILE *f)
{
	const struct found *p = h->ports.item;
	unsigned int id = FIRST_ID;
	size_t i;

	if (!h->guests && !h->uplinks)
		return;
	fputs("\n# The ids are to be the same on all hosts.\ndomains:\n", f);
	if (h->uplinks)
		fprintf(f, "  %s: %u\n", UPLINK, id++);
	for (i = 0; i < h->ports.n; i++)
		if (p[i].role == ROLE_GUEST &&
		    !host_domain_taken(p, i, p[i].domain))
			fprintf(f, "  %s: %u\n", p[i].domain, id++);
}

static unsigned int ports_of(const struct host *h, const struct link *bridge)
{
	const struct found *p = h->ports.item;
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < h->ports.n; i++)
		n += p[i].bridge == bridge;
	return n;
}

/* Returns whether it is one that the policy names. */
static bool print_bridge(const struct host *h, const struct link *br, FILE *f)
{
	char *safe = escape(br->name);
	bool named = !host_is_firewall(br) && host_can_be_said(br->name);
	unsigned int n = ports_of(h, br);

	if (host_is_firewall(br))
		fprintf(f, "  # %s: a guest's own, of Proxmox VE's firewall\n",
			safe);
	else if (!named)
		fprintf(f, "  # %s: a name that a policy file can't hold\n",
			safe);
	else
		fprintf(f, "  # %u port%s%s\n", n, n == 1 ? "" : "s",
			br->vlan_filtering ? ", filters VLANs" : "");
	free(safe);
	if (!named)
		return false;
	fputs("  ", f);
	policy_print_text(br->name, f);
	fputs(": monitor\n", f);
	return true;
}

static void print_bridges(const struct host *h, FILE *f)
{
	const struct link *link = h->links.item;
	bool head = false, named = false;
	size_t i;

	for (i = 0; i < h->links.n; i++) {
		if (!host_is_bridge(&link[i]))
			continue;
		if (!head)
			fputs("\nbridges:\n", f);
		head = true;
		named |= print_bridge(h, &link[i], f);
	}
	if (head && !named)
		fputs("  {}\n", f);
}

/* vnet0 on br0: a tap, fe:54:00:12:34:56, alias "...", group 7 */
static void print_comment(const struct found *p, const char *before, FILE *f)
{
	const struct link *link = p->link;
	char *name = escape(link->name), *bridge = escape(p->bridge->name);
	char *alias = escape(link->alias);
	char mac[MAC_LEN];

	text_mac(mac, link->mac);
	fprintf(f, "%s%s on %s: %s, %s", before, name, bridge,
		p->what ? p->what : *link->kind ? link->kind : "no kind", mac);
	if (*alias)
		fprintf(f, ", alias \"%s\"", alias);
	if (link->group)
		fprintf(f, ", group %u", link->group);
	fputs(p->said ? "; by the selector above\n" : "\n", f);
	free(alias);
	free(bridge);
	free(name);
}

static void print_port(const struct found *p, FILE *f)
{
	print_comment(p, "  # ", f);
	if (p->said)
		return;
	fprintf(f, "  - %s: ", p->key);
	policy_print_text(p->pattern, f);
	if (p->role == ROLE_UPLINK)
		fprintf(f, "\n    trunk: {default: %s}\n", UPLINK);
	else
		fprintf(f, "\n    domain: %s\n", p->domain);
}

static void print_ports(const struct host *h, FILE *f)
{
	const struct found *p = h->ports.item;
	size_t i;

	if (h->uplinks)
		fputs("\n# An uplink may have a domain for each VLAN:\n"
		      "#   trunk: {default: uplink, vlans: {10: web, 20-29: db}}\n", f);
	else if (h->guests)
		fputc('\n', f);
	if (h->guests || h->uplinks)
		fputs("ports:\n", f);
	for (i = 0; i < h->ports.n; i++)
		if (p[i].role != ROLE_UNKNOWN)
			print_port(&p[i], f);
	for (i = 0; i < h->ports.n; i++)
		if (p[i].role == ROLE_UNKNOWN)
			print_comment(&p[i], "# Not known: ", f);
}

static void print_cells_of(const struct host *h, FILE *f)
{
	fputs("\n# What isn't listed is denied: here, guests to one another.\n"
	      "cells:\n", f);
	if (h->uplinks)
		fprintf(f, "  - any <-> %s: allow\n", UPLINK);
	fputs("  # The host itself, and what it routes.\n"
	      "  - any <-> host: allow\n"
	      "  # One guest of another, with the answers:\n"
	      "  #  - web -> db: {rules: [{allow: {service: ssh}}, {allow: {icmp: echo-request}}]}\n",
	      f);
}

static void print(const struct host *h, FILE *f)
{
	print_head(h, f);
	print_domains(h, f);
	print_bridges(h, f);
	print_ports(h, f);
	print_cells_of(h, f);
}

/* Of /etc/vseg/policy.yaml, /etc/vseg need not exist yet. */
static void make_directory(const char *file)
{
	char *copy = xasprintf("%s", file), *slash = strrchr(copy, '/');

	if (slash && slash != copy) {
		*slash = '\0';
		mkdir(copy, 0755);	/* or fopen() says why not */
	}
	free(copy);
}

/* All of it is on the disk, or the reason why not is in errno. */
static bool write_all(const struct host *h, FILE *f)
{
	bool bad;

	print(h, f);
	errno = 0;
	bad = ferror(f) || fflush(f) || fsync(fileno(f));
	if (bad && !errno)
		errno = EIO;
	return !bad;
}

/* The entry of a new file lasts, too. */
static void sync_directory(const char *file)
{
	char *copy = xasprintf("%s", file), *slash = strrchr(copy, '/');
	int fd;

	if (slash)
		slash[slash == copy] = '\0';
	fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/*
 * Written beside and given its name when it is whole: whenever the power goes,
 * the next boot finds all of it or none.  link() replaces no file.
 */
static int write_new(const struct host *h, const char *file, const char *beside)
{
	FILE *f = fopen(beside, "wxe");
	int why;

	if (!f)
		return errno;
	why = write_all(h, f) ? 0 : errno;
	if (fclose(f) && !why)
		why = errno;
	if (!why && link(beside, file))
		why = errno;
	unlink(beside);
	return why;
}

static int write_file(const struct host *h, const char *file)
{
	char *beside = xasprintf("%s.%d", file, (int)getpid());
	int why;

	make_directory(file);
	why = write_new(h, file, beside);
	free(beside);
	if (why == EEXIST)
		return fail(REFUSED, "%s: is there already, and stays as it is",
			    file);
	if (why)
		return fail(REFUSED, "%s: %s", file, strerror(why));
	sync_directory(file);
	return DONE;
}

static int init(struct ctl *c, struct args *a)
{
	const char *file = NULL;
	bool said = args_take(a, "-o");
	struct host h = { 0 };
	int code;

	if (said) {
		file = args_need(a, "FILE");
		if (!file)
			return BAD_USAGE;
		if (!strcmp(file, "-"))
			file = NULL;
	}
	code = args_end(a, said ? NULL : "-o FILE");
	if (!code && out_is_json(c->out))
		code = fail(BAD_USAGE, "a policy file is YAML; there is no JSON of it");
	if (!code)
		code = host_look(&h);
	if (!code && file)
		code = write_file(&h, file);
	else if (!code)
		print(&h, stdout);
	free(h.ports.item);
	free(h.links.item);
	return code;
}

static const struct verb verbs[] = {
	WHOLE("[-o FILE]", "write a first policy, in monitor mode", init),
	{ 0 }
};

const struct object init_object = {
	.name = OBJECT,
	.help = "write a first policy for this host",
	.notes = "It looks at the bridges and their ports and needs no module.  Without FILE,\n"
		 "or with -, it prints the policy; a FILE that is there stays as it is.\n",
	.verb = verbs,
};
