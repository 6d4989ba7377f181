// SPDX-License-Identifier: GPL-2.0
/*
 * Broadcasts into devices that come and go, until it is killed.
 *
 * usage: noise GAP_US DEVICE[:TAG]...
 *
 * Nobody checks whether a frame of it arrives: it is there to be under way
 * while ports, bridges and namespaces go.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define FRAME_BYTES	64

static void send_one(int fd, const char *where)
{
	uint8_t frame[FRAME_BYTES] = { [0 ... 5] = 0xff, [6] = 0x02,
				       [11] = 0x99, [12] = 0x88, [13] = 0xb5 };
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	size_t name = strcspn(where, ":");
	char dev[IFNAMSIZ] = {};
	unsigned int tag;

	memcpy(dev, where, name);
	to.sll_ifindex = if_nametoindex(dev);
	if (!to.sll_ifindex)
		return;
	if (where[name]) {
		tag = strtoul(where + name + 1, NULL, 0);
		memcpy(frame + 12,
		       (uint8_t []){ 0x81, 0, tag >> 8, tag, 0x88, 0xb5 }, 6);
	}
	/* The device may be gone or down by now: that is the point. */
	sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to));
}

int main(int argc, char **argv)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	struct timespec gap = {};
	int i;

	if (argc < 3)
		errx(2, "usage: noise GAP_US DEVICE[:TAG]...");
	if (fd < 0)
		err(1, "packet socket");
	gap.tv_nsec = strtoul(argv[1], NULL, 0) * 1000;
	for (i = 2; i < argc; i++)
		if (strcspn(argv[i], ":") >= IFNAMSIZ)
			errx(2, "%s: too long", argv[i]);
	for (;;) {
		for (i = 2; i < argc; i++)
			send_one(fd, argv[i]);
		nanosleep(&gap, NULL);
	}
}
