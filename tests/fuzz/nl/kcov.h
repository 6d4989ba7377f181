/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which code of the module ran.
 */
#ifndef VSEG_FUZZ_KCOV_H
#define VSEG_FUZZ_KCOV_H

#include "fuzz.h"

bool kcov_init(void);
void kcov_begin(void);
unsigned int kcov_end(void);
unsigned int kcov_pcs(void);

#endif /* VSEG_FUZZ_KCOV_H */
