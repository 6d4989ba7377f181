// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments on their way: those that come before the first one of their
 * datagram wait for it.
 *
 * Whatever ends the wait (the first fragment, the time, an overlap, a port that
 * leaves), the worker takes them up again and has them decided once more, by
 * the policy that is in force then.  There is one worker of a namespace, and it
 * is the only timer.
 *
 * A fragment that waits holds the devices that its frame names.  It waits for
 * little more than VSEG_HELD_TIME, and when a port leaves not even so long, so
 * no device's end is put off.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/dst.h>

#include "hold.h"
#include "skb.h"
#include "way.h"

/* How often the worker looks for those that waited too long. */
#define VSEG_HOLD_TURN		(HZ / 4)

/**
 * struct vseg_hold - a frame that waits
 * @held: the same to the table of fragments
 * @skb: the frame
 * @state: of the hook that it met; devices are held
 * @dev: of @skb, held
 * @bridge: bridge that it crosses, held: the frame's control block names it
 */
struct vseg_hold {
	struct vseg_held held;
	struct sk_buff *skb;
	struct nf_hook_state state;
	struct net_device *dev;
	struct net_device *bridge;
};

/**
 * struct vseg_holds - what waits in a namespace
 * @vn: the namespace
 * @table: datagrams
 * @lock: protects @due
 * @due: struct vseg_hold, waited enough
 * @looked: when @work last looked for those whose time is over, in jiffies
 * @work: has @due decided, and those whose time is over
 */
struct vseg_holds {
	struct vseg_net *vn;
	struct vseg_fragments *table;
	spinlock_t lock;	/* protects @due */
	struct list_head due;
	unsigned long looked;
	struct delayed_work work;
};

/*
 * Going on.
 */

static void vseg_hold_put(struct vseg_hold *hold)
{
	dev_put(hold->state.in);
	dev_put(hold->state.out);
	dev_put(hold->dev);
	dev_put(hold->bridge);
	kfree(hold);
}

/* As a frame that comes just now, but that it can't wait again. */
static void vseg_hold_go_on(struct vseg_holds *holds, struct vseg_hold *hold)
{
	const struct nf_hook_state *state = &hold->state;
	const struct vseg_first *first = hold->held.known ? &hold->held.first :
							     NULL;

	vseg_fragments_left(holds->table, &hold->held);
	rcu_read_lock();
	local_bh_disable();
	if (vseg_decide_held(holds->vn, hold->skb, hold->bridge, state,
			     first) == NF_ACCEPT)
		state->okfn(state->net, state->sk, hold->skb);
	else
		kfree_skb(hold->skb);
	local_bh_enable();
	rcu_read_unlock();
	vseg_hold_put(hold);
}

static void vseg_hold_work(struct work_struct *work)
{
	struct vseg_holds *holds = container_of(to_delayed_work(work),
						struct vseg_holds, work);
	struct vseg_hold *hold, *next;
	LIST_HEAD(due);
	bool wait = true;

	/* Not for each that is due: all sets are looked at. */
	if (time_after_eq(jiffies, holds->looked + VSEG_HOLD_TURN)) {
		holds->looked = jiffies;
		wait = vseg_fragments_expire(holds->table, jiffies, &due);
	}
	spin_lock_bh(&holds->lock);
	list_splice_init(&holds->due, &due);
	spin_unlock_bh(&holds->lock);
	list_for_each_entry_safe(hold, next, &due, held.list)
		vseg_hold_go_on(holds, hold);
	if (wait)
		queue_delayed_work(vseg_wq, &holds->work, VSEG_HOLD_TURN);
}

/* These wait no longer. */
static void vseg_hold_due(struct vseg_holds *holds, struct list_head *due)
{
	if (list_empty(due))
		return;
	spin_lock_bh(&holds->lock);
	list_splice_tail(due, &holds->due);
	spin_unlock_bh(&holds->lock);
	mod_delayed_work(vseg_wq, &holds->work, 0);
}

/*
 * Fragments that come.
 */

static bool vseg_hold_read(const struct sk_buff *skb,
			   const struct vseg_fields *fields,
			   struct vseg_datagram *datagram,
			   struct vseg_place *place)
{
	u8 buf[VSEG_FRAME_BYTES];
	unsigned int avail;
	const u8 *data = vseg_skb_bytes(skb, buf, sizeof(buf), &avail);

	return data && vseg_fragment_read(data, avail, fields, datagram, place);
}

/**
 * vseg_hold_first - a first fragment comes by
 * @vn: namespace
 * @skb: the frame
 * @fields: what it says
 * @datagram: ports, VLAN and domains; the rest is filled in
 * @flow: generation of the policy that lets it pass as part of a flow; 0 where
 *	rules decide
 *
 * To be called for each, whatever its own verdict is: later ones are decided by
 * what it says.
 *
 * Context: netfilter hook.
 * Return: whether it may pass, as far as fragments are concerned.
 */
bool vseg_hold_first(struct vseg_net *vn, const struct sk_buff *skb,
		     const struct vseg_fields *fields,
		     struct vseg_datagram *datagram, u64 flow)
{
	/* Pairs with the release in vseg_hold_init(). */
	struct vseg_holds *holds = smp_load_acquire(&vn->holds);
	struct vseg_place place;
	struct vseg_first first;
	LIST_HEAD(due);
	bool may;

	if (!holds || !vseg_hold_read(skb, fields, datagram, &place))
		return false;
	vseg_fragment_take(fields, &first);
	first.generation = flow;
	may = vseg_fragments_note(holds->table, datagram, &place, &first,
				  jiffies, &due);
	vseg_hold_due(holds, &due);
	return may;
}

/* All that may go away while the frame waits is held, or copied. */
static struct vseg_hold *vseg_hold_make(struct sk_buff *skb,
					const struct nf_hook_state *state,
					struct net_device *bridge)
{
	struct vseg_hold *hold;

	/* A socket, which no bridge passes, and a route that RCU keeps. */
	if (state->sk || (skb_dst(skb) && !skb_dst_force(skb)))
		return NULL;
	/* A sender's own memory, which it waits for. */
	if (skb_orphan_frags(skb, GFP_ATOMIC))
		return NULL;
	hold = kmalloc(sizeof(*hold), GFP_ATOMIC | __GFP_NOWARN);
	if (!hold)
		return NULL;
	hold->held.bytes = skb->truesize + sizeof(*hold);
	hold->skb = skb;
	hold->state = *state;
	hold->dev = skb->dev;
	hold->bridge = bridge;
	dev_hold(hold->state.in);
	dev_hold(hold->state.out);
	dev_hold(hold->dev);
	dev_hold(hold->bridge);
	return hold;
}

/**
 * vseg_hold_later - a later fragment comes by
 * @vn: namespace
 * @skb: the frame
 * @bridge: bridge that it crosses; %NULL where it can't wait
 * @state: of the hook that it meets
 * @fields: what it says
 * @datagram: ports, VLAN and domains; the rest is filled in
 * @first: result with %VSEG_FRAGMENT_DECIDE: what the first fragment said
 *
 * Context: netfilter hook.
 * Return: what becomes of it; with %VSEG_FRAGMENT_HELD the frame isn't the
 * caller's any more.
 */
enum vseg_fragment_answer
vseg_hold_later(struct vseg_net *vn, struct sk_buff *skb,
		struct net_device *bridge, const struct nf_hook_state *state,
		const struct vseg_fields *fields,
		struct vseg_datagram *datagram, struct vseg_first *first)
{
	/* Pairs with the release in vseg_hold_init(). */
	struct vseg_holds *holds = smp_load_acquire(&vn->holds);
	enum vseg_fragment_answer answer;
	struct vseg_hold *hold;
	struct vseg_place place;
	LIST_HEAD(due);

	if (!holds || !vseg_hold_read(skb, fields, datagram, &place))
		return VSEG_FRAGMENT_DROP;
	answer = vseg_fragments_ask(holds->table, datagram, &place, NULL,
				    jiffies, first, &due);
	if (answer == VSEG_FRAGMENT_HOLD) {
		hold = bridge ? vseg_hold_make(skb, state, bridge) : NULL;
		if (!hold)
			return VSEG_FRAGMENT_DROP;
		answer = vseg_fragments_ask(holds->table, datagram, &place,
					    &hold->held, jiffies, first, &due);
		if (answer == VSEG_FRAGMENT_HELD)
			queue_delayed_work(vseg_wq, &holds->work,
					   VSEG_HOLD_TURN);
		else
			vseg_hold_put(hold);
	}
	vseg_hold_due(holds, &due);
	return answer;
}

/*
 * Beginning and end.
 */

/**
 * vseg_hold_forget - a port leaves
 * @vn: namespace
 * @dev: its device, or that of a bridge; %NULL for all
 *
 * Its fragments wait no longer.
 *
 * Context: any.
 */
void vseg_hold_forget(struct vseg_net *vn, const struct net_device *dev)
{
	/* Pairs with the release in vseg_hold_init(). */
	struct vseg_holds *holds = smp_load_acquire(&vn->holds);
	LIST_HEAD(due);

	if (!holds)
		return;
	vseg_fragments_forget(holds->table, dev ? dev->ifindex : 0, &due);
	vseg_hold_due(holds, &due);
}

/**
 * vseg_hold_init - get ready for fragments, unless that was done
 * @vn: namespace
 *
 * Before the first frame is decided by rules that ask for what only first
 * fragments have.
 *
 * Context: process; one caller at a time.
 * Return: 0 or -ENOMEM.
 */
int vseg_hold_init(struct vseg_net *vn)
{
	struct vseg_holds *holds;

	if (vn->holds)
		return 0;
	holds = kzalloc(sizeof(*holds), GFP_KERNEL_ACCOUNT);
	if (!holds)
		return -ENOMEM;
	holds->table = vseg_fragments_alloc();
	if (!holds->table) {
		kfree(holds);
		return -ENOMEM;
	}
	holds->vn = vn;
	holds->looked = jiffies;
	spin_lock_init(&holds->lock);
	INIT_LIST_HEAD(&holds->due);
	INIT_DELAYED_WORK(&holds->work, vseg_hold_work);
	/* Pairs with the acquire of whoever uses it. */
	smp_store_release(&vn->holds, holds);
	return 0;
}

/**
 * vseg_hold_destroy - let go of all
 * @vn: namespace; no policy is in force, and no frame meets the hooks
 *
 * Context: process, may sleep.
 */
void vseg_hold_destroy(struct vseg_net *vn)
{
	struct vseg_holds *holds = vn->holds;

	if (!holds)
		return;
	/* What still waits is dropped: without a policy nothing passes that
	 * was held by one.
	 */
	vseg_hold_forget(vn, NULL);
	flush_delayed_work(&holds->work);
	cancel_delayed_work_sync(&holds->work);
	vn->holds = NULL;
	vseg_fragments_free(holds->table);
	kfree(holds);
}
