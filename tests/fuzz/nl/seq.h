/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequences of steps: what the fuzzer tries, keeps, writes down and replays.
 */
#ifndef VSEG_FUZZ_SEQ_H
#define VSEG_FUZZ_SEQ_H

#include <stdio.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "fuzz.h"

#define SEQ_STEPS	96
#define STEP_BYTES	8192

#define MSG_HDRLEN	((int)(NLMSG_HDRLEN + GENL_HDRLEN))

/* Stand in a message for what is known only when it is sent: the number of the
 * family, and the cookie that socket S was given A transactions ago.
 */
#define TAG_FAMILY	0x7eed
#define TAG_COOKIE	UINT64_C(0x5eedc00c1e000000)
#define TAG_COOKIE_MASK	UINT64_C(0xffffffffffff0000)

/* Sockets of a sequence, by who opens them. */
enum sock {
	SOCK_ROOT,		/* and the next two */
	SOCK_NOBODY = 3,	/* the same namespace, no rights */
	SOCK_OTHERS,		/* root of a user namespace, there too */
	SOCK_OWN,		/* and the next one: the same, in its own */
	SOCKS = 7,
};

enum step_kind {
	STEP_SEND,		/* data by sock; a: read no answer yet */
	STEP_READ,		/* what sock has */
	STEP_CLOSE,		/* sock */
	STEP_ALLOW,		/* allow_userns = a */
	STEP_MOVE,		/* port a to bridge b - 1, or out of any */
	STEP_PORT,		/* port a is deleted and made again */
	STEP_BRIDGE,		/* bridge a likewise */
	STEP_VLAN,		/* port a gets VLAN b */
	STEP_FRAME,		/* a frame enters by port a; b says of what kind */
	STEP_KINDS,
};

/**
 * struct step - one thing to do
 * @kind: what
 * @sock: socket
 * @a: see enum step_kind
 * @b: see enum step_kind
 * @len: bytes of @data
 * @data: netlink messages with tags in them; owned
 */
struct step {
	enum step_kind kind;
	unsigned int sock;
	unsigned int a;
	unsigned int b;
	size_t len;
	uint8_t *data;
};

/**
 * struct seq - a sequence
 * @n: steps
 * @step: them
 */
struct seq {
	unsigned int n;
	struct step step[SEQ_STEPS];
};

struct step *seq_add(struct seq *s, enum step_kind kind, unsigned int sock);
void seq_remove(struct seq *s, unsigned int from, unsigned int n);
void seq_insert(struct seq *s, unsigned int at, const struct step *step);
void seq_copy(struct seq *to, const struct seq *from);
void seq_clear(struct seq *s);
void step_data(struct step *step, const void *data, size_t len);

size_t seq_print(const struct seq *s, char *text, size_t room);
bool seq_read(struct seq *s, FILE *f);

uint64_t tag_cookie(unsigned int sock, unsigned int age);

#endif /* VSEG_FUZZ_SEQ_H */
