/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames of each kind, and what is known of them.
 */
#ifndef VSEG_TEST_FRAME_ROWS_H
#define VSEG_TEST_FRAME_ROWS_H

#include <linux/types.h>

/**
 * struct frame_row - a frame and what it says
 * @name: what it shows
 * @bytes: all of it
 * @n: so many
 * @pad: zeros behind them
 * @want: the fields that it has, "?" for those that can't be told
 */
struct frame_row {
	const char *name;
	const u8 *bytes;
	size_t n;
	size_t pad;
	const char *want;
};

extern const struct frame_row frame_rows[];
extern const unsigned int frame_nrows;

#endif /* VSEG_TEST_FRAME_ROWS_H */
