/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the policy's selectors say of a device.
 */
#ifndef VSEG_MATCH_H
#define VSEG_MATCH_H

#include "port.h"

bool vseg_port_switched(struct net_device *dev);
void vseg_match_device(const struct vseg_tables *t, struct net_device *dev,
		       struct vseg_match *match);
bool vseg_match_kept(const struct vseg_binding *b,
		     const struct vseg_match *match);
int vseg_rematch_port(struct vseg_net *vn, struct vseg_port *port);

#endif /* VSEG_MATCH_H */
