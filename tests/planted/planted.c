// SPDX-License-Identifier: GPL-2.0
/*
 * Which fault is on.
 */
#include <linux/module.h>
#include <linux/string.h>

#include "planted.h"

static char *fault;
module_param_named(planted, fault, charp, 0);

bool planted(const char *name)
{
	return fault && !strcmp(fault, name);
}
