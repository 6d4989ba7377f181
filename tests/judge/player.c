// SPDX-License-Identifier: GPL-2.0
/*
 * Plays frames: puts each into one end of a bridge, and says at which ends it
 * came out, and which copies the module's tracepoint told of.
 *
 * usage: player ENDS
 *
 * A line of ENDS is `tap DEVICE pieces|whole alone|copied` or `host DEVICE`; ends
 * are numbered by their lines.  Through a tap of "pieces", a frame is scattered
 * over fragments of its skb; of "copied", a capture holds a clone of each frame.
 *
 * Then, a line of standard input each: `play SCRIPT RESULT`.  A script is records
 * of struct cue with the frame behind it.  A result has lines
 *
 *	a FRAME END LENGTH CRC GSO	an arrival
 *	d FRAME IN OUT REASON HOOK WOULD	a copy that was told of; - for no device
 *	e FRAME ERRNO			it could not be put in
 *	q NUMBER ATTRIBUTES		the answer to a question
 *
 * A record whose end is %ASKED is a question for the module by netlink.
 *
 * Nothing is waited for: a frame that is written to a tap, or sent by a packet
 * socket, has come to all its ends when the call returns.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "asker.h"

#define ENDS_MAX	32
#define FRAME_MAX	66000
#define PIECES_MAX	15
#define TRACE_BATCH	32
#define TRACING		"/sys/kernel/tracing/"
#define MARK		"vseg-judge "

enum end_type { END_TAP, END_HOST };

struct end {
	char dev[IFNAMSIZ];
	enum end_type type;
	int pieces;
	int fd;
	int capture;
};

/* One frame to be played; written by plan.py. */
struct cue {
	uint32_t number;
	uint32_t length;
	uint16_t end;
	uint16_t linear;
	uint16_t piece;
	struct virtio_net_hdr gso;
};

/* No gap anywhere. */
static_assert(sizeof(struct cue) == 24, "records of plan.py");

static struct end ends[ENDS_MAX];
static int nends;
static uint32_t crc_table[256];
static char trace_left[4096];
static size_t trace_have;
static unsigned int trace_at;
static int trace_pipe, trace_marker;

static void crc_init(void)
{
	uint32_t i, j, c;

	for (i = 0; i < 256; i++) {
		for (c = i, j = 0; j < 8; j++)
			c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
		crc_table[i] = c;
	}
}

static uint32_t crc(const uint8_t *data, size_t len)
{
	uint32_t c = ~0u;

	while (len--)
		c = crc_table[(c ^ *data++) & 0xff] ^ c >> 8;
	return ~c;
}

/* A device that puts frames together would keep them until more come. */
static void no_gro(const char *dev)
{
	struct ethtool_value value = { .cmd = ETHTOOL_SGRO };
	struct ifreq ifr = { .ifr_data = (char *)&value };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	memcpy(ifr.ifr_name, dev, IFNAMSIZ);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &ifr))
		err(1, "%s: gro off", dev);
	close(fd);
}

static int tap_open(const struct end *e)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	if (e->pieces)
		ifr.ifr_flags |= IFF_NAPI | IFF_NAPI_FRAGS;
	memcpy(ifr.ifr_name, e->dev, IFNAMSIZ);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6))
		err(1, "%s: tap", e->dev);
	no_gro(e->dev);
	return fd;
}

static int packet_open(const char *dev)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	int on = 1, size = 8 << 20;

	if (fd < 0 || !at.sll_ifindex ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		       sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "%s: packet socket", dev);
	return fd;
}

static void ends_open(const char *path)
{
	char line[128], type[8], pieces[8] = "", copied[8] = "";
	FILE *file = fopen(path, "r");

	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		struct end *e = &ends[nends++];

		if (nends > ENDS_MAX ||
		    sscanf(line, "%7s %15s %7s %7s", type, e->dev, pieces,
			   copied) < 2)
			errx(1, "%s: can't read '%s'", path, line);
		e->type = strcmp(type, "tap") ? END_HOST : END_TAP;
		e->pieces = e->type == END_TAP && !strcmp(pieces, "pieces");
		e->capture = -1;
		if (e->type == END_HOST) {
			e->fd = packet_open(e->dev);
			continue;
		}
		e->fd = tap_open(e);
		if (!strcmp(copied, "copied"))
			e->capture = packet_open(e->dev);
	}
	fclose(file);
}

/* Cut a frame into what its tap is to make fragments of. */
static ssize_t tap_send(const struct end *e, const struct cue *cue,
			const uint8_t *frame)
{
	static uint8_t buf[sizeof(cue->gso) + FRAME_MAX];
	size_t at = sizeof(cue->gso) + cue->linear;
	size_t end = sizeof(cue->gso) + cue->length;
	struct iovec iov[PIECES_MAX + 1];
	size_t piece;
	int n = 0;

	memcpy(buf, &cue->gso, sizeof(cue->gso));
	memcpy(buf + sizeof(cue->gso), frame, cue->length);
	if (!e->pieces || !cue->linear || at > end)
		at = end;
	iov[n++] = (struct iovec){ buf, at };
	piece = (end - at + PIECES_MAX - 1) / PIECES_MAX;
	if (piece < cue->piece)
		piece = cue->piece;
	for (; at < end; at += piece)
		iov[n++] = (struct iovec){
			buf + at, piece < end - at ? piece : end - at };
	return writev(e->fd, iov, n);
}

/* One frame that waits, with the tag that its skb had beside it. */
static ssize_t host_read(int fd, uint8_t *buf)
{
	struct iovec iov = { buf + 4, FRAME_MAX };
	union {
		char space[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
		struct cmsghdr align;
	} control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(fd, &msg, MSG_DONTWAIT);
	struct tpacket_auxdata aux = {};
	struct cmsghdr *c;

	if (len < 0)
		return len;
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_type == PACKET_AUXDATA)
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
	if (!(aux.tp_status & TP_STATUS_VLAN_VALID)) {
		memmove(buf, buf + 4, len);
		return len;
	}
	memmove(buf, buf + 4, 12);
	buf[12] = aux.tp_vlan_tpid >> 8;
	buf[13] = aux.tp_vlan_tpid & 0xff;
	buf[14] = aux.tp_vlan_tci >> 8;
	buf[15] = aux.tp_vlan_tci & 0xff;
	return len + 4;
}

static void end_arrivals(int at, unsigned int number, FILE *out)
{
	static uint8_t buf[sizeof(struct virtio_net_hdr) + FRAME_MAX + 4];
	const struct end *e = &ends[at];
	struct virtio_net_hdr gso = {};
	size_t skip = e->type == END_TAP ? sizeof(gso) : 0;
	ssize_t len;

	for (;;) {
		len = e->type == END_TAP ? read(e->fd, buf, sizeof(buf)) :
					   host_read(e->fd, buf);
		if (len < (ssize_t)skip)
			break;
		memcpy(&gso, buf, skip);
		len -= skip;
		fprintf(out, "a %u %d %zd %08x %u\n", number, at, len,
			crc(buf + skip, len), gso.gso_type);
	}
	while (e->capture >= 0 &&
	       recv(e->capture, buf, 1, MSG_DONTWAIT | MSG_TRUNC) > 0)
		;
}

/* The word of a field of a trace record; - where it is empty. */
static const char *word(const char *line, const char *key, char *buf)
{
	const char *at = strstr(line, key);
	size_t n = 0;

	for (at = at ? at + strlen(key) : ""; *at > ' ' && n < 31; at++)
		buf[n++] = *at;
	buf[n] = 0;
	return n ? buf : "-";
}

static void trace_line(const char *line, FILE *out)
{
	const char *at = strstr(line, MARK);
	char in[32], outdev[32], reason[32], hook[32], would[32];

	if (at) {
		trace_at = strtoul(at + strlen(MARK), NULL, 10);
	} else if (strstr(line, "vseg_drop: ")) {
		fprintf(out, "d %u %s %s %s %s %s\n", trace_at,
			word(line, " in=", in), word(line, " out=", outdev),
			word(line, " reason=", reason),
			word(line, " hook=", hook),
			word(line, " would=", would));
	} else if (strstr(line, "LOST")) {
		errx(1, "the trace is not whole: %s", line);
	}
}

static void trace_read(FILE *out)
{
	char *line, *end;
	ssize_t len;

	for (;;) {
		len = read(trace_pipe, trace_left + trace_have,
			   sizeof(trace_left) - trace_have - 1);
		if (len <= 0)
			return;
		trace_have += len;
		trace_left[trace_have] = 0;
		for (line = trace_left; (end = strchr(line, '\n'));
		     line = end + 1) {
			*end = 0;
			trace_line(line, out);
		}
		trace_have = strlen(line);
		memmove(trace_left, line, trace_have + 1);
	}
}

static void play_one(const struct cue *cue, const uint8_t *frame, FILE *out)
{
	const struct end *e = &ends[cue->end];
	char mark[32];
	ssize_t done;
	int i;

	i = snprintf(mark, sizeof(mark), MARK "%u\n", cue->number);
	if (write(trace_marker, mark, i) != i)
		err(1, "trace_marker");
	done = e->type == END_TAP ? tap_send(e, cue, frame) :
				    send(e->fd, frame, cue->length, 0);
	if (done < 0)
		fprintf(out, "e %u %d\n", cue->number, errno);
	for (i = 0; i < nends; i++)
		end_arrivals(i, cue->number, out);
}

static void play_any(const struct cue *cue, const uint8_t *frame, FILE *out)
{
	if (cue->end == ASKED)
		ask(cue->number, frame, cue->length, out);
	else
		play_one(cue, frame, out);
}

static unsigned int play(const char *script, const char *result)
{
	static uint8_t frame[FRAME_MAX];
	FILE *in = fopen(script, "r"), *out = fopen(result, "w");
	unsigned int played = 0;
	struct cue cue;

	if (!in || !out)
		err(1, "%s or %s", script, result);
	while (fread(&cue, sizeof(cue), 1, in) == 1) {
		if (cue.length > FRAME_MAX ||
		    (cue.end >= nends && cue.end != ASKED) ||
		    fread(frame, cue.length, 1, in) != 1)
			errx(1, "%s: broken", script);
		play_any(&cue, frame, out);
		if (!(++played % TRACE_BATCH))
			trace_read(out);
	}
	trace_read(out);
	fclose(in);
	if (fclose(out))
		err(1, "%s", result);
	return played;
}

int main(int argc, char **argv)
{
	char script[256], result[256];

	if (argc != 2)
		errx(1, "usage: player ENDS");
	crc_init();
	ends_open(argv[1]);
	asker_open();
	trace_pipe = open(TRACING "trace_pipe", O_RDONLY | O_NONBLOCK);
	trace_marker = open(TRACING "trace_marker", O_WRONLY);
	if (trace_pipe < 0 || trace_marker < 0)
		err(1, TRACING);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (scanf(" play %255s %255s", script, result) == 2)
		printf("played %u\n", play(script, result));
	return 0;
}
