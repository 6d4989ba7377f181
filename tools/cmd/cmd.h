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
 * @guard: what a guest may send
 * @kind_attr: attribute of @kind in @has
 * @domain_attr: attribute of @domain
 * @vlan_attr: attribute of @vlan
 * @guard_attr: attribute of @guard
 */
struct label {
	uint64_t *has;
	uint32_t *kind;
	char *domain;
	struct list *vlan;
	struct guard *guard;
	unsigned int kind_attr;
	unsigned int domain_attr;
	unsigned int vlan_attr;
	unsigned int guard_attr;
};

/* What follows, for help. */
#define LABEL_ARGS							\
	"DOMAIN [mac MAC,...] [address ADDRESS,...] [permit WHAT,...] | trunk [default DOMAIN] [vlan N[-M] DOMAIN]..."

int parse_label(struct args *a, const struct label *l);
void print_guard(struct out *o, const struct guard *g);
int get_domains(struct ctl *c, struct args *a, struct list *l);
int get_bridges(struct ctl *c, struct args *a, struct list *l);
int get_ports(struct ctl *c, struct args *a, struct list *l);
int get_cells(struct ctl *c, struct args *a, struct list *l);
void print_cells(struct out *o, const struct list *l);

/* cells, by vsegctl cell and vsegctl policy: cell.c */
int cell_show(struct ctl *c, struct args *a);
int cell_allow(struct args *a, struct edit *e);
int cell_deny(struct args *a, struct edit *e);
int cell_del(struct args *a, struct edit *e);
void print_rule(struct out *o, const struct rule *r);

#endif /* VSEGCTL_CMD_H */
