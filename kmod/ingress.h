/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hook at the devices of guest ports, where the guard stands.
 */
#ifndef VSEG_INGRESS_H
#define VSEG_INGRESS_H

#include <linux/netlink.h>

#include "port.h"

int vseg_ingress_register(struct vseg_port *port, const struct vseg_binding *b,
			  const struct vseg_tables *t);
void vseg_ingress_unregister(struct vseg_port *port);
int vseg_ingress_prepare(struct vseg_net *vn, const struct vseg_tables *t,
			 bool fresh, struct list_head *bindings,
			 struct netlink_ext_ack *extack);
void vseg_ingress_settle_port(struct vseg_port *port,
			      const struct vseg_tables *t);
void vseg_ingress_settle(struct vseg_net *vn, const struct vseg_tables *t);

u32 vseg_guest_permit(const struct vseg_policy *policy,
		      const struct vseg_binding *b);

#endif /* VSEG_INGRESS_H */
