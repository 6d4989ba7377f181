/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that knows of differences between kernels (6.1 to 7.x).
 */
#ifndef VSEG_COMPAT_H
#define VSEG_COMPAT_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../include/uapi/linux/vseg.h"

#ifndef CONFIG_64BIT
#error "vseg counts in 64 bits per CPU and needs a 64-bit kernel"
#endif

/* Exported by the bridge, and declared where no headers package has it. */
struct net;
struct sk_buff;
struct sock;
int br_forward_finish(struct net *net, struct sock *sk, struct sk_buff *skb);

/* Kernels fill what is on the stack with zeros.  Not what is written as a whole
 * before it is read, where a frame would pay for it.
 */
#if __has_attribute(uninitialized)
#define vseg_unset	__attribute__((uninitialized))
#else
#define vseg_unset
#endif

/* What kernel_bind() takes. */
#ifdef VSEG_HAS_SOCKADDR_UNSIZED
#define vseg_sockaddr	sockaddr_unsized
#else
#define vseg_sockaddr	sockaddr
#endif

/* Whom a multicast group is for: older kernels take the flag of an operation. */
#ifdef VSEG_HAS_GENL_MCAST_CAP
#define VSEG_MCAST_CAP_NET_ADMIN	GENL_MCAST_CAP_NET_ADMIN
#else
#define VSEG_MCAST_CAP_NET_ADMIN	GENL_UNS_ADMIN_PERM
#endif

/* 7.x calls it after what it looks at: the device alone, not its lock. */
#ifdef VSEG_HAS_NETIF_GET_PORT_PARENT_ID
#define vseg_get_port_parent_id(_dev, _id) \
	netif_get_port_parent_id(_dev, _id, true)
#else
#define vseg_get_port_parent_id(_dev, _id) \
	dev_get_port_parent_id(_dev, _id, true)
#endif

/* 7.x sets a timer up in one step, and no longer in two. */
#ifdef VSEG_HAS_HRTIMER_SETUP
#define vseg_hrtimer_setup	hrtimer_setup
#else
#define vseg_hrtimer_setup(_timer, _function, _clock, _mode) do {	\
	struct hrtimer *__timer = (_timer);				\
									\
	hrtimer_init(__timer, _clock, _mode);				\
	__timer->function = (_function);				\
} while (0)
#endif

/*
 * Callbacks of struct kobj_type: first their kobject became const, later the
 * tag of a network namespace became its struct ns_common.  The types are asked
 * for, since stable kernels take such changes back.
 */
#define vseg_kobject_t							\
	typeof(*__builtin_choose_expr(__builtin_types_compatible_p(	\
		typeof(((const struct kobj_type *)0)->child_ns_type),	\
		const struct kobj_ns_type_operations *			\
			(*)(struct kobject *)),				\
		(struct kobject *)0, (const struct kobject *)0))

#define vseg_ns_tag_t \
	typeof(((const struct kobj_type *)0)->namespace(NULL))

#define vseg_ns_tag(_net) ({						\
	const struct net *__net = (_net);				\
									\
	__builtin_choose_expr(						\
		__builtin_types_compatible_p(vseg_ns_tag_t, const void *), \
		(const void *)__net, (const void *)&__net->ns);		\
})

#endif /* VSEG_COMPAT_H */
