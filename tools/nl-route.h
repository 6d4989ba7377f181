/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's network stack knows of a peer of this host: sockets, routes,
 * neighbours, forwarding tables.  nl-route.c asks by rtnetlink and sock_diag.
 */
#ifndef VSEGCTL_NL_ROUTE_H
#define VSEGCTL_NL_ROUTE_H

#include <stdint.h>

#include "model.h"

/**
 * struct tcp - an established connection of this host
 * @local: address of this host
 * @peer: address of the other end
 * @sport: port of this host
 * @dport: port of the other end
 * @inode: of the socket
 */
struct tcp {
	struct address local;
	struct address peer;
	uint16_t sport;
	uint16_t dport;
	uint32_t inode;
};

/**
 * struct hop - the next station on the way to a peer
 * @ifindex: device by which it is reached; 0 when the peer is this host
 * @address: its address
 */
struct hop {
	uint32_t ifindex;
	struct address address;
};

/**
 * struct device - what a network device is
 * @lower: the device that a VLAN device stands on; itself for others
 * @vlan: its VLAN, or 0
 * @bridge: it is a bridge
 */
struct device {
	uint32_t lower;
	uint32_t vlan;
	bool bridge;
};

/**
 * struct place_in_bridge - where a station is behind a bridge
 * @port: index of the port; 0 when the bridge doesn't know it
 * @vlan: VLAN of the entry, 0 for none
 * @several: behind more than one port
 */
struct place_in_bridge {
	uint32_t port;
	uint32_t vlan;
	bool several;
};

int route_tcp(struct list *l);
int route_hop(const struct tcp *t, struct hop *hop);
int route_neighbour(const struct hop *hop, uint8_t *mac);
int route_device(uint32_t ifindex, struct device *d);
int route_port(uint32_t bridge, const uint8_t *mac, uint32_t vlan,
	       struct place_in_bridge *place);

#endif /* VSEGCTL_NL_ROUTE_H */
