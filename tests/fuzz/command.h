/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEG_FUZZ_COMMAND_H
#define VSEG_FUZZ_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* main() of vsegctl.c */
int vsegctl_main(int argc, char **argv);

void command_init(void);
int command_run(const char *line, size_t len, bool json);

#endif /* VSEG_FUZZ_COMMAND_H */
