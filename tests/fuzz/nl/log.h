/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says.
 */
#ifndef VSEG_FUZZ_LOG_H
#define VSEG_FUZZ_LOG_H

void log_init(void);
void log_look(void);

#endif /* VSEG_FUZZ_LOG_H */
