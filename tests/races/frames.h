/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is written down of each frame: by traffic when it is sent and when it
 * arrives, and read by judge.
 */
#ifndef RACES_FRAMES_H
#define RACES_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/* Enough for half an hour at full rate; memory is used as frames are sent. */
#define FRAMES_MAX	(1u << 23)

/* frame.to: a broadcast */
#define TO_ALL		0xff

enum frame_kind {
	KIND_PLAIN,	/* of an ethertype that only a cell can allow */
	KIND_ARP,	/* address resolution, which a built-in pass may allow */
	KIND_LOW,	/* UDP, which rules tell apart by its ports; never to the */
	KIND_HIGH,	/* host, whose own stack would have a say */
	KIND_ASK,	/* UDP that may begin a flow of the two ends, ... */
	KIND_ANSWER,	/* ... and what answers it; to one end only, as are: */
	KIND_FIRST,	/* the first of two fragments, with the ports of KIND_HIGH */
	KIND_LATER,	/* the other one, which has none */
	KINDS,
};

/* frame.first: it has none */
#define FIRST_NONE	UINT32_MAX

/**
 * struct frame - one frame; its number is its place in the log
 * @before: CLOCK_MONOTONIC before it was sent, in ns; 0: never sent
 * @after: when all verdicts about it had surely been given
 * @got: ends that received it, a bit each
 * @twice: some of them received it twice
 * @from: end that sent it
 * @to: end that it is for, or %TO_ALL
 * @kind: enum frame_kind
 * @first: of a %KIND_LATER, number of the first fragment of its datagram
 */
struct frame {
	uint64_t before;
	uint64_t after;
	uint32_t got;
	uint8_t twice;
	uint8_t from;
	uint8_t to;
	uint8_t kind;
	uint32_t first;
};

/**
 * struct frame_log - all frames of a run, in a file that is mapped
 * @next: number of the next frame
 * @strays: frames of ours that arrived where no end is
 * @frame: the frames
 */
struct frame_log {
	uint64_t next;
	uint64_t strays;
	struct frame frame[];
};

#define FRAME_LOG_BYTES	(sizeof(struct frame_log) + \
			 FRAMES_MAX * sizeof(struct frame))

struct frame_log *frame_log_map(const char *path, int create);

#endif /* RACES_FRAMES_H */
