/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plain requests of the fuzzer's own, by a socket that no sequence has.
 */
#ifndef VSEG_FUZZ_ASK_H
#define VSEG_FUZZ_ASK_H

#include "fuzz.h"
#include "spec.h"

#define ANSWER_ROOM	(512 * 1024)

/**
 * typedef ask_fn - told of each message of an answer
 * @w: world that was asked
 * @op: operation
 * @attrs: first attribute, which follow the specification
 * @n: bytes
 */
typedef void ask_fn(enum world w, const struct op *op, const uint8_t *attrs,
		    unsigned int n);

void ask_init(void);
void ask(enum world w, const struct op *op, bool dump, ask_fn *fn);
bool answer_follows(const struct op *op, bool dump, const uint8_t *attrs,
		    unsigned int n);

#endif /* VSEG_FUZZ_ASK_H */
