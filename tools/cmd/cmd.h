/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_CMD_H
#define VSEGCTL_CMD_H

#include "../ctl.h"

int get_domains(struct ctl *c, struct args *a, struct list *l);
int get_bridges(struct ctl *c, struct args *a, struct list *l);
int get_ports(struct ctl *c, struct args *a, struct list *l);
int get_cells(struct ctl *c, struct args *a, struct list *l);
void print_cells(struct out *o, const struct list *l);

#endif /* VSEGCTL_CMD_H */
