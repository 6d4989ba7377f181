/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The places where frames are sent and received.
 */
#ifndef RACES_ENDS_H
#define RACES_ENDS_H

#include <net/if.h>
#include <stdint.h>

#include "frames.h"

/* A bit each in frame.got. */
#define ENDS_MAX	32
#define END_NONE	(-1)

/**
 * struct end - a place where frames are sent and received
 * @name: as policies and messages call it
 * @dev: device that it holds: a tap, the far side of a veth, a bridge
 * @tap: it is a tap; others are packet sockets
 * @mac: its address
 * @tag: VLAN tag of its frames; 0: untagged
 * @host: it is the host
 * @group: ends that a broadcast reaches have the same
 * @beacon: end that every policy lets it reach; %END_NONE where frames are
 *	decided before the call that sends them returns
 * @fd: shared by the ends of one device
 */
struct end {
	char name[IFNAMSIZ];
	char dev[IFNAMSIZ];
	int tap;
	uint8_t mac[6];
	uint16_t tag;
	int host;
	int group;
	int beacon;
	int fd;
};

extern struct end ends[ENDS_MAX];
extern int nends;

void ends_read(const char *path);
void ends_open(void);
int end_send(const struct end *from, const struct end *to, int kind,
	     uint32_t number, uint16_t id);
int end_receive(const struct end *any, int *at, uint32_t *number);
unsigned long ends_drops(void);
uint32_t end_peers(int end);

#endif /* RACES_ENDS_H */
