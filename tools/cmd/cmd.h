/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_CMD_H
#define VSEGCTL_CMD_H

#include "../ctl.h"

/**
 * struct label - what a port is given, in a binding or a selector
 * @has: attributes that are there
 * @kind: enum vseg_port_kind
 * @domain: room for a name
 * @vlan: list of struct vlan
 * @kind_attr: attribute of @kind in @has
 * @domain_attr: attribute of @domain
 * @vlan_attr: attribute of @vlan
 */
struct label {
	uint64_t *has;
	uint32_t *kind;
	char *domain;
	struct list *vlan;
	unsigned int kind_attr;
	unsigned int domain_attr;
	unsigned int vlan_attr;
};

int parse_label(struct args *a, const struct label *l);
int get_domains(struct ctl *c, struct args *a, struct list *l);
int get_bridges(struct ctl *c, struct args *a, struct list *l);
int get_ports(struct ctl *c, struct args *a, struct list *l);
int get_cells(struct ctl *c, struct args *a, struct list *l);
void print_cells(struct out *o, const struct list *l);

#endif /* VSEGCTL_CMD_H */
