/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters in /sys.
 */
#ifndef VSEG_SYSFS_H
#define VSEG_SYSFS_H

#include "port.h"

int vseg_sysfs_init(void);
void vseg_sysfs_exit(void);
int vseg_sysfs_net_init(struct vseg_net *vn);
void vseg_sysfs_net_exit(struct vseg_net *vn);
void vseg_sysfs_port_add(struct vseg_port *port);
void vseg_sysfs_port_del(struct vseg_port *port);
void vseg_sysfs_policy_changed(struct vseg_net *vn);

#endif /* VSEG_SYSFS_H */
