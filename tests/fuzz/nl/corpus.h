/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequences that reached something new, and making one smaller.
 */
#ifndef VSEG_FUZZ_CORPUS_H
#define VSEG_FUZZ_CORPUS_H

#include "seq.h"

void corpus_add(const struct seq *s);
void corpus_next(struct seq *s);
unsigned int corpus_size(void);
bool try_sequence(const struct seq *s);
void minimise(struct seq *s);

#endif /* VSEG_FUZZ_CORPUS_H */
