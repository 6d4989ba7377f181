/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module with faults, to see that the debug kernels catch them.  The build
 * includes a header of this directory before each object that gets a fault; it
 * puts another function in the place of one that the object calls, and nothing
 * changes unless the parameter "planted" names the fault.
 */
#ifndef PLANTED_H
#define PLANTED_H

#include <linux/types.h>

bool planted(const char *fault);

#endif /* PLANTED_H */
