// SPDX-License-Identifier: GPL-2.0
/*
 * Closed while no policy is in force.
 *
 * With lockdown=1 the host's bridges forward nothing until a policy is
 * committed, and after "off" again.  The host itself stays reachable through
 * its own interfaces.
 */
#include <linux/module.h>
#include <net/net_namespace.h>

#include "lockdown.h"

static bool lockdown;
module_param(lockdown, bool, 0444);
MODULE_PARM_DESC(lockdown,
		 "forward nothing on the host's bridges while no policy is in force");

static char *lockdown_mgmt;
module_param(lockdown_mgmt, charp, 0444);
MODULE_PARM_DESC(lockdown_mgmt,
		 "with lockdown: ports through which the host stays reachable, separated by commas (default: ports of real devices)");

/**
 * vseg_lockdown - is the namespace closed while no policy is in force?
 * @vn: namespace
 *
 * Only the initial one: others are a guest's or a container's own business.
 *
 * Return: whether it is.
 */
bool vseg_lockdown(const struct vseg_net *vn)
{
	return lockdown && net_eq(vn->net, &init_net);
}

/* Is the name one of those in the parameter? */
static bool vseg_lockdown_named(const char *name)
{
	size_t len = strlen(name);
	const char *p = lockdown_mgmt;

	while (*p) {
		size_t n = strcspn(p, ",\n");

		if (n == len && !memcmp(p, name, n))
			return true;
		p += n;
		p += strspn(p, ",\n");
	}
	return false;
}

/**
 * vseg_lockdown_mgmt - may the host be reached through a port in lockdown?
 * @port: port of a bridge
 *
 * Return: whether it is named as such; without names, whether it is a device
 * on a bus, which is the host's own: taps and veths have no parent.
 */
bool vseg_lockdown_mgmt(const struct net_device *port)
{
	if (lockdown_mgmt && *lockdown_mgmt)
		return vseg_lockdown_named(port->name);
	return port->dev.parent;
}
