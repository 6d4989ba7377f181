// SPDX-License-Identifier: GPL-2.0
/*
 * Drop events: a bounded queue from the drop path to the multicast group
 * "drops".
 *
 * The drop path copies what there is to tell into a ring that is there
 * already, and a work item makes messages of it.  A full ring, no memory for a
 * message, a reader that doesn't keep up: each costs the event and is counted,
 * none touches the frame's verdict.
 */
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <net/flow_dissector.h>

#include "event.h"
#include "genl.h"

#define EVENT_QUEUE_MIN		1
#define EVENT_QUEUE_MAX		65536

/* Messages in one go of the work item; others want the worker, too. */
#define EVENT_BATCH		64

/* Bytes of a message; small, for they count against the readers' buffers. */
#define EVENT_MESSAGE		512

/* Tags that the ethertype may hide behind; as many as the kernel takes. */
#define EVENT_TAGS		8

/**
 * struct vseg_events - the queue of a namespace
 * @vn: namespace
 * @work: turns events into messages; the only reader of @ring
 * @lock: one writer of @ring at a time
 * @head: events ever written; under @lock, released to the reader
 * @tail: events ever read; released to the writers
 * @mask: places in @ring, less one
 * @sent: see struct vseg_event_counts
 * @limited: see struct vseg_event_counts
 * @lost: see struct vseg_event_counts
 * @ring: the events
 */
struct vseg_events {
	struct vseg_net *vn;
	struct work_struct work;
	spinlock_t lock;	/* see above */
	u32 head;
	u32 tail;
	u32 mask;
	atomic64_t sent;
	atomic64_t limited;
	atomic64_t lost;
	struct vseg_event ring[];
};

/* What the flow dissector is asked for. */
struct event_flow {
	struct flow_dissector_key_control control;
	struct flow_dissector_key_basic basic;
	union {
		struct flow_dissector_key_ipv4_addrs ipv4;
		struct flow_dissector_key_ipv6_addrs ipv6;
	};
	struct flow_dissector_key_ports ports;
	struct flow_dissector_key_arp arp;
};

#define EVENT_KEY(id, member) \
	{ .key_id = FLOW_DISSECTOR_KEY_##id, \
	  .offset = offsetof(struct event_flow, member) }

static const struct flow_dissector_key event_keys[] = {
	EVENT_KEY(CONTROL, control),
	EVENT_KEY(BASIC, basic),
	EVENT_KEY(IPV4_ADDRS, ipv4),
	EVENT_KEY(IPV6_ADDRS, ipv6),
	EVENT_KEY(PORTS, ports),
	EVENT_KEY(ARP, arp),
};

static unsigned int event_queue = 1024;

static int set_event_queue(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, EVENT_QUEUE_MIN,
				     EVENT_QUEUE_MAX);
}

static const struct kernel_param_ops event_queue_ops = {
	.set = set_event_queue,
	.get = param_get_uint,
};

module_param_cb(event_queue, &event_queue_ops, &event_queue, 0444);
MODULE_PARM_DESC(event_queue, "drop events that may wait for their messages in each network namespace (1 to 65536, default 1024)");

/**
 * vseg_event_ethertype - what a frame carries, behind its VLAN tags
 * @skb: frame; its Ethernet header is at skb_mac_header(), wherever its data
 *	begin: the bridge's own BPDUs have them at that header, all others
 *	behind it
 * @offset: set to where that begins, counted from the data, as for
 *	skb_header_pointer(); maybe NULL
 *
 * Context: any; the frame isn't changed.
 * Return: the ethertype, or the length of an 802.3 frame; 0 where the frame
 * ends before.
 */
u16 vseg_event_ethertype(const struct sk_buff *skb, int *offset)
{
	int at = skb_mac_offset(skb) + ETH_HLEN;
	const __be16 *p;
	__be16 type, _type;
	int i;

	p = skb_header_pointer(skb, at - (int)sizeof(_type), sizeof(_type),
			       &_type);
	type = p ? *p : 0;
	for (i = 0; p && i < EVENT_TAGS && eth_type_vlan(type); i++) {
		at += VLAN_HLEN;
		p = skb_header_pointer(skb, at - (int)sizeof(_type),
				       sizeof(_type), &_type);
		type = p ? *p : 0;
	}
	if (offset)
		*offset = at;
	return ntohs(type);
}

static void event_fill_addrs(struct vseg_event *ev, const void *src,
			     const void *dst, u8 len)
{
	ev->addr_len = len;
	memcpy(ev->ip_src, src, len);
	memcpy(ev->ip_dst, dst, len);
}

/* The dissector takes the SPI of IPsec for ports; an event doesn't. */
static bool event_has_ports(u8 ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	}
	return false;
}

/*
 * Addresses and ports.  The dissector is told where the network header is and
 * what, for it would take skb->protocol, which a tag in the payload or the
 * bridge's own BPDUs don't fit.  It reads truncated and non-linear frames, and
 * keeps what it found before one ended.
 */
static void event_fill_flow(struct vseg_event *ev, const struct net *net,
			    const struct sk_buff *skb, int offset)
{
	struct flow_dissector dissector;
	struct event_flow flow = {};
	bool whole;

	skb_flow_dissector_init(&dissector, event_keys,
				ARRAY_SIZE(event_keys));
	whole = __skb_flow_dissect(net, skb, &dissector, &flow, skb->data,
				   htons(ev->ethertype), offset,
				   skb_headlen(skb),
				   FLOW_DISSECTOR_F_STOP_AT_ENCAP);

	if (ev->ethertype == ETH_P_ARP) {
		if (whole && flow.arp.op)
			event_fill_addrs(ev, &flow.arp.sip, &flow.arp.tip, 4);
		return;
	}

	if (flow.control.addr_type == FLOW_DISSECTOR_KEY_IPV4_ADDRS)
		event_fill_addrs(ev, &flow.ipv4.src, &flow.ipv4.dst, 4);
	else if (flow.control.addr_type == FLOW_DISSECTOR_KEY_IPV6_ADDRS)
		event_fill_addrs(ev, &flow.ipv6.src, &flow.ipv6.dst, 16);
	else
		return;

	ev->ip = true;
	ev->ip_proto = flow.basic.ip_proto;
	if (event_has_ports(ev->ip_proto)) {
		ev->sport = ntohs(flow.ports.src);
		ev->dport = ntohs(flow.ports.dst);
	}
}

static void event_fill_frame(struct vseg_event *ev, const struct net *net,
			     const struct sk_buff *skb)
{
	const struct ethhdr *eth;
	struct ethhdr _eth;
	int offset;

	eth = skb_header_pointer(skb, skb_mac_offset(skb), sizeof(_eth), &_eth);
	if (!eth)
		return;
	ether_addr_copy(ev->src_mac, eth->h_source);
	ether_addr_copy(ev->dst_mac, eth->h_dest);

	ev->ethertype = vseg_event_ethertype(skb, &offset);
	/* Of others the dissector would look into what they carry. */
	if (offset >= 0 && (ev->ethertype == ETH_P_IP ||
			    ev->ethertype == ETH_P_IPV6 ||
			    ev->ethertype == ETH_P_ARP))
		event_fill_flow(ev, net, skb, offset);
}

/* A rename may run beside it; the copy ends where it has to all the same. */
static int event_fill_dev(char name[IFNAMSIZ], const struct net_device *dev)
{
	if (!dev)
		return 0;
	strscpy(name, dev->name, IFNAMSIZ);
	return dev->ifindex;
}

static void event_fill(struct vseg_event *ev, const struct net *net,
		       const struct vseg_drop *drop)
{
	*ev = (struct vseg_event) {
		.time = ktime_get_real_ns(),
		.generation = drop->generation,
		.limited = drop->limited,
		.len = drop->len,
		.vid = drop->vid,
		.hook = drop->hook,
		.reason = drop->reason,
		.would = drop->would,
	};
	ev->in_ifindex = event_fill_dev(ev->in_name, drop->in);
	ev->out_ifindex = event_fill_dev(ev->out_name, drop->out);
	strscpy(ev->src, drop->src->name, sizeof(ev->src));
	strscpy(ev->dst, drop->dst->name, sizeof(ev->dst));
	event_fill_frame(ev, net, drop->skb);
}

/* Room for one more, as a writer sees it. */
static bool events_room(const struct vseg_events *events)
{
	/* Pairs with the release in events_work(): the place was read. */
	u32 tail = smp_load_acquire(&events->tail);

	return READ_ONCE(events->head) - tail <= events->mask;
}

/*
 * BH is disabled here, though frames nearly always come that way: what
 * userspace hands back by NFQUEUE runs through the later hooks in process
 * context with BH enabled.  No frame gets here from a hard interrupt.
 */
static bool events_push(struct vseg_events *events,
			const struct vseg_event *ev)
{
	bool room;

	spin_lock_bh(&events->lock);
	room = events_room(events);
	if (room) {
		events->ring[events->head & events->mask] = *ev;
		/* Pairs with the acquire in events_work(). */
		smp_store_release(&events->head, events->head + 1);
	}
	spin_unlock_bh(&events->lock);
	return room;
}

/**
 * vseg_event_drop - queue the event of a dropped copy
 * @vn: namespace
 * @drop: the copy; not kept
 *
 * Allocates nothing, waits for nothing but the queue's lock.  An event that
 * finds the queue full is counted as lost.
 *
 * Context: BH or process; RCU read-side section; between vseg_events_init()
 * and vseg_events_destroy().
 */
void vseg_event_drop(struct vseg_net *vn, const struct vseg_drop *drop)
{
	struct vseg_events *events = vn->events;
	struct vseg_event ev;

	/* Spares the work where it would be in vain. */
	if (!events_room(events)) {
		atomic64_inc(&events->lost);
		return;
	}
	event_fill(&ev, vn->net, drop);
	if (events_push(events, &ev))
		queue_work(vseg_wq, &events->work);
	else
		atomic64_inc(&events->lost);
}

/**
 * vseg_event_limited - count a drop whose pair may not make an event now
 * @vn: namespace
 *
 * Context: as vseg_event_drop().
 */
void vseg_event_limited(struct vseg_net *vn)
{
	atomic64_inc(&vn->events->limited);
}

/**
 * vseg_events_ask - does anybody listen to drop events?
 * @vn: namespace
 *
 * For vseg_events_wanted(), which remembers that nobody did.
 *
 * Context: any, while the family is registered.
 * Return: whether group "drops" has a member in the namespace.
 */
bool vseg_events_ask(struct vseg_net *vn)
{
	unsigned long now = jiffies;

	if (genl_has_listeners(&vseg_genl_family, vn->net,
			       VSEG_GRP_DROPS) > 0)
		return true;
	WRITE_ONCE(vn->unheard, now);
	return false;
}

static void events_send(struct vseg_events *events,
			const struct vseg_event *ev)
{
	struct sk_buff *msg;
	int err;

	msg = vseg_genl_up() ? genlmsg_new(EVENT_MESSAGE, GFP_KERNEL) : NULL;
	if (!msg) {
		atomic64_inc(&events->lost);
		return;
	}
	err = vseg_genl_drop_fill(msg, ev);
	if (err) {
		nlmsg_free(msg);
		atomic64_inc(&events->lost);
		return;
	}

	/*
	 * -ENOBUFS: a reader that asked to be counted (NETLINK_BROADCAST_ERROR)
	 * had no room; the others have it.  -ESRCH: they all went away.
	 */
	err = genlmsg_multicast_netns(&vseg_genl_family, events->vn->net, msg,
				      0, VSEG_GRP_DROPS, GFP_KERNEL);
	if (!err)
		atomic64_inc(&events->sent);
	else if (err != -ESRCH)
		atomic64_inc(&events->lost);
}

/* Never runs twice at once, so it is the only reader. */
static void events_work(struct work_struct *work)
{
	struct vseg_events *events = container_of(work, struct vseg_events,
						  work);
	u32 tail = events->tail;
	int i;

	for (i = 0; i < EVENT_BATCH; i++) {
		/* Pairs with the release in events_push(): it is written. */
		if (tail == smp_load_acquire(&events->head))
			return;
		events_send(events, &events->ring[tail & events->mask]);
		/* Pairs with the acquire in events_room(). */
		smp_store_release(&events->tail, ++tail);
	}
	queue_work(vseg_wq, &events->work);
}

/**
 * vseg_events_read - what became of drop events
 * @vn: namespace
 * @counts: filled; zeros before vseg_events_init()
 *
 * Context: any that keeps vseg_events_destroy() away.
 */
void vseg_events_read(struct vseg_net *vn, struct vseg_event_counts *counts)
{
	/* Pairs with the release in vseg_events_init(). */
	struct vseg_events *events = smp_load_acquire(&vn->events);

	*counts = (struct vseg_event_counts) {};
	if (!events)
		return;
	counts->sent = atomic64_read(&events->sent);
	counts->limited = atomic64_read(&events->limited);
	counts->lost = atomic64_read(&events->lost);
}

/**
 * vseg_events_init - make the queue, unless it is there
 * @vn: namespace
 *
 * Before the first frame can come.  The memory (event_queue times about 230
 * bytes) is charged to the caller's memory cgroup.
 *
 * Context: process; one caller at a time.
 * Return: 0 or -ENOMEM.
 */
int vseg_events_init(struct vseg_net *vn)
{
	u32 n = roundup_pow_of_two(event_queue);
	struct vseg_events *events;

	if (vn->events)
		return 0;

	events = kvzalloc(struct_size(events, ring, n), VSEG_GFP_TABLE);
	if (!events)
		return -ENOMEM;

	events->vn = vn;
	events->mask = n - 1;
	spin_lock_init(&events->lock);
	INIT_WORK(&events->work, events_work);
	/* Readers of the counts may be about already. */
	smp_store_release(&vn->events, events);
	return 0;
}

/**
 * vseg_events_destroy - forget what waits, and free the queue
 * @vn: namespace; no frame and no reader can come any more
 *
 * Context: process; sleeps until the work item is through.
 */
void vseg_events_destroy(struct vseg_net *vn)
{
	if (!vn->events)
		return;
	cancel_work_sync(&vn->events->work);
	kvfree(vn->events);
	vn->events = NULL;
}
