/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_LINUX_PERCPU_H
#define VSEGCTL_LINUX_PERCPU_H

#define __percpu
#define this_cpu_inc(v)		((v)++)
#define this_cpu_add(v, n)	((v) += (n))

#endif /* VSEGCTL_LINUX_PERCPU_H */
