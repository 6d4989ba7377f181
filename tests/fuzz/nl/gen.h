/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making sequences, and changing them.
 */
#ifndef VSEG_FUZZ_GEN_H
#define VSEG_FUZZ_GEN_H

#include "seq.h"
#include "spec.h"
#include "tlv.h"

void gen_sequence(struct seq *s);
void gen_step(struct seq *s);

void value_mood(unsigned int in);
void value_put(struct tlvs *w, unsigned int type, const struct attr *a,
	       unsigned int sock);

void mutate_sequence(struct seq *s, const struct seq *other);
void mutate_message(struct step *step);

#endif /* VSEG_FUZZ_GEN_H */
