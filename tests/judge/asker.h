/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions for the module by generic netlink.
 */
#ifndef ASKER_H
#define ASKER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The end of a cue that is a question. */
#define ASKED	0xffff

void asker_open(void);
void ask(uint32_t number, const void *body, size_t len, FILE *out);

#endif /* ASKER_H */
