/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel keeps.
 */
#ifndef VSEG_FUZZ_MEMORY_H
#define VSEG_FUZZ_MEMORY_H

#include "fuzz.h"

void memory_mark(void);
long memory_grown(void);

#endif /* VSEG_FUZZ_MEMORY_H */
