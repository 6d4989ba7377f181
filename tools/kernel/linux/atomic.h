/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_ATOMIC_H
#define VSEGCTL_LINUX_ATOMIC_H

/* Counters of frames, of which there are none here. */
typedef struct {
	long long counter;
} atomic64_t;

typedef struct {
	long counter;
} atomic_long_t;

#endif /* VSEGCTL_LINUX_ATOMIC_H */
