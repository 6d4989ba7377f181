/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLANs of the ports of bridges that have a trunk port.
 */
#ifndef VSEG_VLAN_H
#define VSEG_VLAN_H

#include "port.h"

bool vseg_vlan_wanted(const struct vseg_bridge *br);
int vseg_vlan_scan(struct vseg_bridge *br);
int vseg_vlan_prepare(struct vseg_net *vn, const struct vseg_tables *t);
u16 vseg_vlan_untagged(const struct vseg_port *out);
bool vseg_vlan_ambiguous(struct vseg_bridge *br);
struct vseg_label *vseg_vlan_label(const struct vseg_binding *trunk,
				   const struct vseg_port *in,
				   const struct vseg_port *out, u16 vid);

int vseg_vlan_watch_start(struct vseg_net *vn);
void vseg_vlan_watch_stop(struct vseg_net *vn);

#endif /* VSEG_VLAN_H */
