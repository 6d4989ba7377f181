/* SPDX-License-Identifier: GPL-2.0 */
/* Rules in the making: what a draft's words stand for, put together. */
#ifndef VSEGCTL_FORGE_H
#define VSEGCTL_FORGE_H

#include "draft.h"

/**
 * struct port_range - what a service stands for, or a part of it
 * @proto: its protocol
 * @first: least port
 * @last: greatest
 */
struct port_range {
	uint32_t proto;
	uint32_t first;
	uint32_t last;
};

/**
 * struct forge - what a draft's words stand for
 * @names: dictionary
 * @keys: bits by enum match_key: what was said anything of
 * @match: list of struct match: all but services and icmp
 * @service: list of struct port_range
 * @icmp: list of struct icmp_types
 */
struct forge {
	const struct dictionary *names;
	uint32_t keys;
	struct list match;
	struct list service;
	struct list icmp;
};

bool has_ports(uint32_t proto);
bool forge_system_service(struct forge *f, const char *name);
char *forge_rules(struct forge *f, const struct draft *d, struct list *rules);
void forge_clear(struct forge *f);

#endif /* VSEGCTL_FORGE_H */
