/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who asks: root, nobody, and root of unprivileged user namespaces.
 */
#ifndef VSEG_FUZZ_CALLER_H
#define VSEG_FUZZ_CALLER_H

#include "seq.h"
#include "spec.h"

void caller_init(void);
int caller_socket(enum sock sock);
int caller_rtnl(enum world w);
void caller_become(enum sock sock);
void caller_return(enum sock sock);
enum world caller_world(unsigned int sock);
void caller_allow(bool on);
bool caller_allowed(void);
bool caller_may(unsigned int sock, const struct op *op);
bool caller_may_write(unsigned int sock);
unsigned int caller_family(void);

#endif /* VSEG_FUZZ_CALLER_H */
