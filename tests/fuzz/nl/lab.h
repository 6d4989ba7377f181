/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bridges and ports to have a policy for, in both worlds.
 */
#ifndef VSEG_FUZZ_LAB_H
#define VSEG_FUZZ_LAB_H

#include "fuzz.h"

#define LAB_BRIDGES	2
#define LAB_PORTS	4
#define LAB_NOWHERE	(-1)

/**
 * struct lab_port - a port, or what could be one
 * @name: of the device; its peer is called the same with a "v"
 * @index: of the device, always the same
 * @home: bridge that it is in at first
 * @bridge: bridge that it is in, or %LAB_NOWHERE
 * @left: it left a bridge, and the model hasn't heard of it
 * @vlans: VLANs were added
 * @peer: packet socket at the other end, or -1
 */
struct lab_port {
	const char *name;
	int index;
	int home;
	int bridge;
	bool left;
	bool vlans;
	int peer;
};

/**
 * struct lab - a world's devices
 * @rtnl: rtnetlink socket of that world
 * @seq: of the last request
 * @nbridges: bridges that there are
 * @nports: ports that there are
 * @bridge: names of bridges
 * @port: ports
 */
struct lab {
	int rtnl;
	uint32_t seq;
	int nbridges;
	int nports;
	const char *bridge[LAB_BRIDGES];
	struct lab_port port[LAB_PORTS];
};

extern struct lab lab_of[WORLDS];

void lab_up(enum world w, int rtnl);
void lab_listen(enum world w);
void lab_move(enum world w, unsigned int port, int bridge);
void lab_port_again(enum world w, unsigned int port);
void lab_bridge_again(enum world w, unsigned int bridge);
void lab_vlan(enum world w, unsigned int port, unsigned int vid);
void lab_frame(unsigned int port, unsigned int kind);
void lab_reset(enum world w);

#endif /* VSEG_FUZZ_LAB_H */
