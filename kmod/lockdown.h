/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Closed while no policy is in force.
 */
#ifndef VSEG_LOCKDOWN_H
#define VSEG_LOCKDOWN_H

#include "vseg.h"

bool vseg_lockdown(const struct vseg_net *vn);
bool vseg_lockdown_mgmt(struct net_device *port);
int vseg_lockdown_start(struct vseg_net *vn);
void vseg_lockdown_stop(struct vseg_net *vn);

#endif /* VSEG_LOCKDOWN_H */
