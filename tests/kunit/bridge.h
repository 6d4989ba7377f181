/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A namespace with a managed bridge, as far as ports and bindings need one:
 * devices that are registered nowhere, and no hooks.
 */
#ifndef VSEG_TEST_BRIDGE_H
#define VSEG_TEST_BRIDGE_H

#include <kunit/test.h>

#include "../../kmod/port.h"
#include "model.h"

#define BRIDGE_IFINDEX	7
#define BRIDGE_DEVICES	16

/**
 * struct bridge - a managed bridge
 * @test: test that has it
 * @vn: its namespace
 * @dev: its device
 * @br: the bridge; NULL when it is managed no longer
 * @ndevs: used places of @devs
 * @devs: all devices, its own included
 */
struct bridge {
	struct kunit *test;
	struct vseg_net *vn;
	struct net_device *dev;
	struct vseg_bridge *br;
	unsigned int ndevs;
	struct net_device *devs[BRIDGE_DEVICES];
};

/* Directories of ports taken out of /sys; there are none here. */
extern unsigned int bridge_sysfs_deleted;
extern int bridge_hook_error;

struct bridge *bridge_new(struct kunit *test);
struct net_device *bridge_device(struct bridge *bridge, int ifindex);
const struct vseg_tables *bridge_tables(const struct bridge *bridge);
struct vseg_domain *bridge_domain(struct bridge *bridge, int id);

struct vseg_port *bridge_join(struct bridge *bridge, struct net_device *dev,
			      u8 active);
void bridge_leave(struct bridge *bridge, struct vseg_port *port);
struct vseg_binding *bridge_bind(struct bridge *bridge, struct vseg_port *port,
				 const struct vseg_bind *bind, u8 active);
struct vseg_binding *bridge_rebind(struct bridge *bridge,
				   struct vseg_port *port,
				   const struct vseg_bind *bind);
void bridge_unmanage(struct bridge *bridge);
void bridge_settle(void);

struct vseg_label *bridge_label(struct bridge *bridge,
				const struct net_device *dev, u8 cursor);
int bridge_id(struct bridge *bridge, const struct net_device *dev, u8 cursor);

#endif /* VSEG_TEST_BRIDGE_H */
