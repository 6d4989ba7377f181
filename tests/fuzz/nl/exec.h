/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Running sequences, and judging what the kernel answers.
 */
#ifndef VSEG_FUZZ_EXEC_H
#define VSEG_FUZZ_EXEC_H

#include "seq.h"
#include "spec.h"

#define ASKED_MAX	8
#define COOKIES		4

/**
 * struct asked - a message that was sent
 * @seq: its number; 0 when the place is free
 * @op: operation, or NULL when there is none of that number
 * @processed: the kernel looked at it, and it is for the family
 * @dump: asked for as a dump
 * @ack: an answer must come
 * @over: the last answer came
 * @replies: answers with content
 * @len: bytes of @data
 * @data: as it was sent
 */
struct asked {
	uint32_t seq;
	const struct op *op;
	bool processed;
	bool dump;
	bool ack;
	bool over;
	unsigned int replies;
	size_t len;
	uint8_t data[STEP_BYTES];
};

/**
 * struct open_sock - a socket of the running sequence
 * @fd: -1 when it isn't open
 * @seq: number of the last message
 * @lost: answers were lost, since nobody had read them
 * @cookie: of its transactions, the newest first
 * @asked: its last messages
 */
struct open_sock {
	int fd;
	uint32_t seq;
	bool lost;
	uint64_t cookie[COOKIES];
	struct asked asked[ASKED_MAX];
};

/**
 * struct count - how an operation fared
 * @tried: messages
 * @done: that succeeded
 * @refused: that didn't, of those who may write
 * @denied: that didn't, of those who may not
 */
struct count {
	unsigned long tried;
	unsigned long done;
	unsigned long refused;
	unsigned long denied;
};

extern struct open_sock socks[SOCKS];
extern struct count counts[];
extern unsigned long requests;

void exec_init(void);
void exec_run(const struct seq *s, bool always);
void exec_reset(void);
void exec_recover(void);

void answer_message(unsigned int sock, const struct nlmsghdr *h);
void answer_silence(unsigned int sock, uint32_t before);
void event_init(void);
void event_drain(void);

#endif /* VSEG_FUZZ_EXEC_H */
