/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Closed while no policy is in force.
 */
#ifndef VSEG_LOCKDOWN_H
#define VSEG_LOCKDOWN_H

#include "vseg.h"

bool vseg_lockdown(const struct vseg_net *vn);
unsigned int vseg_lockdown_forward(struct vseg_net *vn);
unsigned int vseg_lockdown_local(struct vseg_net *vn,
				 const struct net_device *port, bool bpdu);

#endif /* VSEG_LOCKDOWN_H */
