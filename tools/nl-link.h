/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network devices of a namespace.  nl-link.c asks by rtnetlink.
 */
#ifndef VSEGCTL_NL_LINK_H
#define VSEGCTL_NL_LINK_H

#include "model.h"

/**
 * struct link - a network device
 * @ifindex: its index
 * @master: index of the device that it is a port of, or 0
 * @group: its group
 * @name: its name
 * @kind: what made it, as "ip link add type" has it; "" for hardware
 * @alias: as "ip link set alias" gave it, or ""
 * @mac: address; all zero when it has none of 6 bytes
 * @bus: it stands on a bus, so it is hardware, or what a hypervisor shows as such
 * @vlan_filtering: a bridge that filters VLANs
 */
struct link {
	uint32_t ifindex;
	uint32_t master;
	uint32_t group;
	char name[IFNAMSIZ];
	char kind[16];
	char alias[256];
	uint8_t mac[6];
	bool bus;
	bool vlan_filtering;
};

int links_get(struct list *l);

#endif /* VSEGCTL_NL_LINK_H */
