/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Follows devices that come, go, and are renamed.
 */
#ifndef VSEG_NETDEV_H
#define VSEG_NETDEV_H

#include "vseg.h"

void vseg_netdev_net_init(struct vseg_net *vn);
void vseg_netdev_net_exit(struct vseg_net *vn);
int vseg_netdev_init(void);
void vseg_netdev_exit(void);

#endif /* VSEG_NETDEV_H */
