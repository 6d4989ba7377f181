// SPDX-License-Identifier: GPL-2.0
/*
 * Closed while no policy is in force.
 *
 * With lockdown=1 the host's bridges forward nothing until a policy that names
 * a bridge is committed, and after "off" again.  The host itself stays reachable through
 * its own interfaces.  It may be turned on late, when a policy could not be put
 * in force at boot, and off again.
 */
#include <linux/module.h>
#include <net/net_namespace.h>

#include "hook.h"
#include "lockdown.h"
#include "prepare.h"

static bool lockdown;

/* One change of the parameter at a time, and none while the namespace comes or
 * goes; taken before vseg_net.commit_lock.
 */
static DEFINE_MUTEX(vseg_lockdown_lock);

/* The initial namespace, while vseg is there; under vseg_lockdown_lock. */
static struct vseg_net *vseg_lockdown_net;

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
	return READ_ONCE(lockdown) && net_eq(vn->net, &init_net);
}

/* Frames come our way where the parameter or a policy wants them to. */
static int vseg_lockdown_hooks(struct vseg_net *vn)
{
	struct vseg_policy *policy;
	bool wanted;
	int err = 0;

	mutex_lock(&vn->commit_lock);
	mutex_lock(&vn->lock);
	policy = vseg_policy_locked(vn);
	wanted = vseg_hooks_wanted(vn, policy ? policy->tables : NULL);
	if (wanted && !vn->hooks)
		err = vseg_hooks_register(vn);
	else if (!wanted && !vn->unsettled)	/* or vseg_settle() does */
		vseg_hooks_unregister(vn);
	mutex_unlock(&vn->lock);
	mutex_unlock(&vn->commit_lock);
	return err;
}

/* Open when the hooks can't be had: closed would be a lie. */
static int vseg_lockdown_set(const char *val, const struct kernel_param *kp)
{
	bool was, is;
	int err;

	mutex_lock(&vseg_lockdown_lock);
	was = lockdown;
	err = kstrtobool(val ?: "Y", &is);
	if (err)
		goto out;
	WRITE_ONCE(lockdown, is);
	if (vseg_lockdown_net)
		err = vseg_lockdown_hooks(vseg_lockdown_net);
	if (err)
		WRITE_ONCE(lockdown, was);
out:
	mutex_unlock(&vseg_lockdown_lock);
	return err;
}

static const struct kernel_param_ops vseg_lockdown_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = vseg_lockdown_set,
	.get = param_get_bool,
};

module_param_cb(lockdown, &vseg_lockdown_ops, &lockdown, 0644);
__MODULE_PARM_TYPE(lockdown, "bool");
MODULE_PARM_DESC(lockdown,
		 "forward nothing on the host's bridges while no policy that names one is in force");

/**
 * vseg_lockdown_start - closed from the first frame on, where it is wanted
 * @vn: namespace that comes
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int vseg_lockdown_start(struct vseg_net *vn)
{
	int err = 0;

	if (!net_eq(vn->net, &init_net))
		return 0;
	mutex_lock(&vseg_lockdown_lock);
	if (lockdown)
		err = vseg_hooks_register(vn);
	if (!err)
		vseg_lockdown_net = vn;
	mutex_unlock(&vseg_lockdown_lock);
	return err;
}

/**
 * vseg_lockdown_stop - leave the hooks to whoever takes the namespace apart
 * @vn: namespace that goes
 *
 * Context: process, may sleep.
 */
void vseg_lockdown_stop(struct vseg_net *vn)
{
	mutex_lock(&vseg_lockdown_lock);
	if (vseg_lockdown_net == vn)
		vseg_lockdown_net = NULL;
	mutex_unlock(&vseg_lockdown_lock);
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

static int vseg_lockdown_on_bus(struct net_device *dev,
				struct netdev_nested_priv *priv)
{
	return dev->dev.parent ? 1 : 0;
}

/**
 * vseg_lockdown_mgmt - may the host be reached through a port in lockdown?
 * @port: port of a bridge
 *
 * Context: RCU read-side section.
 * Return: whether it is named as such; without names, whether it is a device
 * on a bus, or stands on one as a bond or VLAN does, which is the host's own:
 * taps and veths have no parent, and nothing below them.
 */
bool vseg_lockdown_mgmt(struct net_device *port)
{
	struct netdev_nested_priv none = {};

	if (lockdown_mgmt && *lockdown_mgmt)
		return vseg_lockdown_named(port->name);
	return port->dev.parent ||
	       netdev_walk_all_lower_dev_rcu(port, vseg_lockdown_on_bus, &none);
}
