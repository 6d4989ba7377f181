// SPDX-License-Identifier: GPL-2.0
/* Frames from what is behind the ports of the host. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "lab.h"

#define PEER_OFFSET	10	/* from a port's index to its peer's */
#define FRAME_LEN	60

/**
 * lab_listen() - be ready for frames
 * @w: world that this process is in
 */
void lab_listen(enum world w)
{
	struct lab *lab = &lab_of[w];
	int i;

	for (i = 0; i < lab->nports; i++) {
		lab->port[i].peer = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC,
					   0);
		if (lab->port[i].peer < 0)
			die("packet socket");
	}
}

static void station(uint8_t *mac, unsigned int n)
{
	static const uint8_t group[] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x09 };

	memset(mac, 0, ETH_ALEN);
	mac[0] = 2;
	mac[5] = n;
	if (n == 4)
		memset(mac, 0xff, ETH_ALEN);
	if (n == 5)
		memcpy(mac, group, ETH_ALEN);
}

/**
 * lab_frame() - a frame enters by a port of the host
 * @port: port
 * @kind: to whom, of which type, with which tag
 */
void lab_frame(unsigned int port, unsigned int kind)
{
	static const uint16_t types[] = {
		ETH_P_IP, ETH_P_ARP, ETH_P_IPV6, ETH_P_8021Q, 0x9000, 0x0026,
	};
	struct lab *lab = &lab_of[WORLD_HOST];
	struct lab_port *p = &lab->port[port % lab->nports];
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = p->index + PEER_OFFSET,
		.sll_halen = ETH_ALEN,
	};
	uint8_t frame[FRAME_LEN] = { 0 };
	uint16_t type;

	station(frame, kind % 6);
	station(frame + ETH_ALEN, port % lab->nports);
	type = htons(types[kind / 6 % ARRAY_SIZE(types)]);
	memcpy(frame + 2 * ETH_ALEN, &type, sizeof(type));
	/* An IPv4 header, or a VLAN and its type, or neither. */
	frame[ETH_HLEN] = 0x45;
	frame[ETH_HLEN + 1] = kind / 36 % 11;
	frame[ETH_HLEN + 2] = 8;
	/* A port that was just moved may still be down. */
	if (sendto(p->peer, frame, sizeof(frame), 0, (struct sockaddr *)&to,
		   sizeof(to)) < 0 && errno != ENETDOWN && errno != ENOBUFS)
		die("a frame into %s", p->name);
}
