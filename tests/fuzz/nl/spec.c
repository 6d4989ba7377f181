// SPDX-License-Identifier: GPL-2.0
/* The netlink specification, looked up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spec.h"
#include "tables.h"

/** op_of() - the operation of a number, or NULL */
const struct op *op_of(unsigned int cmd)
{
	return cmd < nops && ops[cmd].name ? &ops[cmd] : NULL;
}

static void missing(const char *what, const char *name)
{
	fprintf(stderr, "the specification has no %s %s\n", what, name);
	abort();
}

/** op_named() - the operation of a name that is in the specification */
const struct op *op_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < nops; i++)
		if (ops[i].name && !strcmp(ops[i].name, name))
			return &ops[i];
	missing("operation", name);
	return NULL;
}

/** attr_type() - the number of an attribute that is in the specification */
unsigned int attr_type(const struct set *s, const char *name)
{
	unsigned int i;

	for (i = 0; i < s->n; i++)
		if (s->attr[i].name && !strcmp(s->attr[i].name, name))
			return i;
	missing("attribute", name);
	return 0;
}
