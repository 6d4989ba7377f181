// SPDX-License-Identifier: GPL-2.0
/*
 * The places where frames are sent and received: taps, and packet sockets on
 * the far side of veths and on bridges.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ends.h"

#define FRAME_MIN	60
#define TAG_BYTES	4
#define ARP_BYTES	28
#define IP_BYTES	20
#define UDP_BYTES	28	/* with IPv4 */
#define UDP_PORT	1000	/* of KIND_LOW */
#define ASK_PORT	3000	/* that KIND_ASK is sent to, */
#define ASKER_PORT	4000	/* and from */
#define IP_MORE		0x2000
#define OWN_ADDRESS	0x0a090010	/* of the first end */
#define MAGIC		0x76736567
#define RECEIVE_BUFFER	(8 << 20)

/* Local experimental ethertype 1 (IEEE 802): no built-in pass knows it. */
#define ETHERTYPE	0x88b5

struct end ends[ENDS_MAX];
int nends;

/* Follows the Ethernet header, the request of ARP as its padding, or UDP. */
struct mark {
	uint32_t magic;
	uint32_t number;
};

static int end_named(const char *name)
{
	int i;

	for (i = 0; i < nends; i++)
		if (!strcmp(ends[i].name, name))
			return i;
	return END_NONE;
}

static void end_parse(const char *path, const char *line, char *beacon)
{
	struct end *e = &ends[nends];
	char type[8];

	if (nends == ENDS_MAX)
		errx(1, "%s: more than %d ends", path, ENDS_MAX);
	if (sscanf(line,
		   "%15s %7s %15s %hhx:%hhx:%hhx:%hhx:%hhx:%hhx %hu %d %15s",
		   e->name, type, e->dev, &e->mac[0], &e->mac[1], &e->mac[2],
		   &e->mac[3], &e->mac[4], &e->mac[5], &e->tag, &e->group,
		   beacon) != 12)
		errx(1, "%s: can't read '%s'", path, line);
	e->tap = !strcmp(type, "tap");
	e->host = !strcmp(e->name, "host");
	e->fd = -1;
	nends++;
}

/**
 * ends_read - read the ends, one a line
 * @path: file of lines NAME tap|packet DEVICE MAC TAG GROUP BEACON
 */
void ends_read(const char *path)
{
	char line[128], beacons[ENDS_MAX][IFNAMSIZ];
	FILE *file = fopen(path, "r");
	int i;

	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file))
		end_parse(path, line, beacons[nends]);
	fclose(file);
	for (i = 0; i < nends; i++)
		ends[i].beacon = end_named(beacons[i]);
}

static int tap_open(const struct end *e)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	memcpy(ifr.ifr_name, e->dev, IFNAMSIZ);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		err(1, "%s: tap", e->dev);
	return fd;
}

static int packet_open(const struct end *e)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(e->dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	int on = 1, size = RECEIVE_BUFFER;

	if (fd < 0 || !at.sll_ifindex ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		       sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "%s: packet socket", e->dev);
	return fd;
}

/**
 * ends_open - hold the devices of all ends
 */
void ends_open(void)
{
	int i, j;

	for (i = 0; i < nends; i++) {
		for (j = 0; j < i; j++)
			if (!strcmp(ends[i].dev, ends[j].dev))
				ends[i].fd = ends[j].fd;
		if (ends[i].fd < 0)
			ends[i].fd = ends[i].tap ? tap_open(&ends[i]) :
						   packet_open(&ends[i]);
	}
}

static uint8_t *put16(uint8_t *p, uint16_t value)
{
	*p++ = value >> 8;
	*p++ = value & 0xff;
	return p;
}

static uint8_t *put_arp(uint8_t *p, const struct end *from)
{
	static const uint8_t head[] = { 0, 1, 8, 0, 6, 4, 0, 1 };

	/* Who has 10.9.0.1?  Its sender is the frame's, as resolution asks. */
	memcpy(p, head, sizeof(head));
	memcpy(p + 8, from->mac, 6);
	memcpy(p + 14, "\x0a\x09\x00\x02", 4);
	memcpy(p + 24, "\x0a\x09\x00\x01", 4);
	return p + ARP_BYTES;
}

static uint8_t *put32(uint8_t *p, uint32_t value)
{
	return put16(put16(p, value >> 16), value & 0xffff);
}

/* Those of KIND_LOW and KIND_HIGH are as in ARP; flows and datagrams of two ends
 * are told apart by addresses of their own.
 */
static uint8_t *put_addresses(uint8_t *p, const struct end *from,
			      const struct end *to, int kind)
{
	if (kind < KIND_ASK)
		return put32(put32(p, 0x0a090002), 0x0a090001);
	return put32(put32(p, OWN_ADDRESS + (from - ends)),
		     OWN_ADDRESS + (to - ends));
}

static uint8_t *put_ip(uint8_t *p, const struct end *from,
		       const struct end *to, int kind, uint16_t id)
{
	int later = kind == KIND_LATER;
	uint8_t *head = p;
	uint32_t sum = 0;
	unsigned int i;

	p = put16(p, 0x4500);
	p = put16(p, (later ? IP_BYTES : UDP_BYTES) + sizeof(struct mark));
	p = put16(p, id);
	/* In units of eight bytes: UDP's header, and a mark. */
	p = put16(p, kind == KIND_FIRST ? IP_MORE : later ? 2 : 0);
	p = put16(p, 64 << 8 | 17);
	p = put_addresses(put16(p, 0), from, to, kind);
	for (i = 0; i < IP_BYTES; i += 2)
		sum += head[i] << 8 | head[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(head + 10, ~(sum + (sum >> 16)));
	return p;
}

static uint8_t *put_udp(uint8_t *p, const struct end *from,
			const struct end *to, int kind, uint16_t id)
{
	static const uint16_t ports[KINDS][2] = {
		[KIND_LOW] = { UDP_PORT, UDP_PORT },
		[KIND_HIGH] = { UDP_PORT, 2 * UDP_PORT },
		[KIND_FIRST] = { UDP_PORT, 2 * UDP_PORT },
		[KIND_ASK] = { ASKER_PORT, ASK_PORT },
		[KIND_ANSWER] = { ASK_PORT, ASKER_PORT },
	};
	unsigned int marks = kind == KIND_FIRST ? 2 : 1;

	p = put_ip(p, from, to, kind, id);
	if (kind == KIND_LATER)
		return p;
	p = put16(put16(p, ports[kind][0]), ports[kind][1]);
	/* No checksum. */
	return put16(put16(p, 8 + marks * sizeof(struct mark)), 0);
}

static uint16_t kind_type(int kind)
{
	return kind == KIND_PLAIN ? ETHERTYPE :
	       kind == KIND_ARP ? ETH_P_ARP : ETH_P_IP;
}

/**
 * end_send - send one frame
 * @from: end
 * @to: end that it is for; NULL for all
 * @kind: enum frame_kind
 * @number: its number
 * @id: what the fragments of one datagram have in common
 *
 * Return: 0; -1 with errno.
 */
int end_send(const struct end *from, const struct end *to, int kind,
	     uint32_t number, uint16_t id)
{
	struct mark mark = { htonl(MAGIC), htonl(number) };
	uint8_t buf[FRAME_MIN + TAG_BYTES] = {}, *p = buf;
	size_t len = FRAME_MIN + (from->tag ? TAG_BYTES : 0);
	ssize_t done;

	if (to)
		memcpy(p, to->mac, 6);
	else
		memset(p, 0xff, 6);
	memcpy(p + 6, from->mac, 6);
	p += 12;
	if (from->tag)
		p = put16(put16(p, ETH_P_8021Q), from->tag);
	p = put16(p, kind_type(kind));
	if (kind == KIND_ARP)
		p = put_arp(p, from);
	else if (kind != KIND_PLAIN)
		p = put_udp(p, from, to, kind, id);
	memcpy(p, &mark, sizeof(mark));

	done = write(from->fd, buf, len);
	return done == (ssize_t)len ? 0 : -1;
}

/* The end of a device whose frames have this tag. */
static int end_tagged(const struct end *any, unsigned int tag)
{
	int i;

	for (i = 0; i < nends; i++)
		if (ends[i].fd == any->fd && ends[i].tag == tag)
			return i;
	return END_NONE;
}

/* Bytes between the Ethernet header and the mark. */
static int mark_place(unsigned int type, const uint8_t *p)
{
	if (type == ETH_P_ARP)
		return ARP_BYTES;
	if (type != ETH_P_IP)
		return 0;
	/* A later fragment has nothing of UDP. */
	return (p[6] << 8 | p[7]) & (IP_MORE - 1) ? IP_BYTES : UDP_BYTES;
}

/**
 * end_receive - take one frame
 * @any: an end of the device
 * @at: result: the end that its tag says; %END_NONE without one
 * @number: result
 *
 * Return: 1; 0 for a frame that isn't of ours; -1 when none waits, with errno.
 */
int end_receive(const struct end *any, int *at, uint32_t *number)
{
	unsigned int type, tag = 0;
	uint8_t buf[256], *p = buf + 12;
	struct mark mark;
	ssize_t len;

	len = read(any->fd, buf, sizeof(buf));
	if (len < 0)
		return -1;
	if (len < FRAME_MIN)
		return 0;
	type = p[0] << 8 | p[1];
	if (type == ETH_P_8021Q) {
		tag = (p[2] << 8 | p[3]) & 0xfff;
		p += TAG_BYTES;
		type = p[0] << 8 | p[1];
	}
	if (type != ETHERTYPE && type != ETH_P_ARP && type != ETH_P_IP)
		return 0;
	p += 2;
	memcpy(&mark, p + mark_place(type, p), sizeof(mark));
	if (mark.magic != htonl(MAGIC))
		return 0;
	*number = ntohl(mark.number);
	*at = end_tagged(any, tag);
	return 1;
}

/**
 * ends_drops - frames that packet sockets had no room for
 *
 * Return: their number since ends_open().
 */
unsigned long ends_drops(void)
{
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);
	unsigned long drops = 0;
	int i;

	for (i = 0; i < nends; i++)
		if (!ends[i].tap &&
		    !getsockopt(ends[i].fd, SOL_PACKET, PACKET_STATISTICS,
				&stats, &size))
			drops += stats.tp_drops;
	return drops;
}

/**
 * end_peers - the ends that a broadcast of an end is for
 * @end: number of the end
 *
 * Return: a bit for each.
 */
uint32_t end_peers(int end)
{
	uint32_t peers = 0;
	int i;

	for (i = 0; i < nends; i++)
		if (i != end && ends[i].group == ends[end].group)
			peers |= 1u << i;
	return peers;
}
