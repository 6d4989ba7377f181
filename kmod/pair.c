// SPDX-License-Identifier: GPL-2.0
/*
 * Who tried to talk to whom: the bounded table of denied pairs of domains, and
 * how many events each pair may make.
 *
 * A set-associative table: a pair has its place in one set of eight, and when
 * those are taken the one of them that was quiet for longest makes room.  The
 * lock of the set makes every count exact; different pairs mostly have
 * different locks.
 *
 * Locks are taken with BH disabled, though frames nearly always come that way:
 * what userspace hands back by NFQUEUE runs through the later hooks in process
 * context with BH enabled.  No frame gets here from a hard interrupt.
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "pair.h"

#define PAIR_WAYS		8

#define PAIRS_MIN		PAIR_WAYS
#define PAIRS_MAX		1048576

/* Keeps a full credit, in the units of struct pair, within 32 bits. */
#define EVENT_RATE_MAX		1000000
#define EVENT_BURST_MAX		1000000

/**
 * struct pair - a denied pair
 * @src: source domain; holds a reference, so that its slot isn't used again
 * @dst: destination domain; likewise
 * @packets: copies dropped
 * @bytes: their bytes
 * @would_packets: copies that passed only because of monitor mode
 * @would_bytes: their bytes
 * @first: when the first copy came, in jiffies
 * @last: when the last copy came, in jiffies
 * @limited: copies since the last event that made none
 * @credited: when @credit was right, in jiffies
 * @credit: events that it may make, times HZ
 * @in_ifindex: port that the last copy entered by, or 0
 * @out_ifindex: port that the last copy would have left by, or 0
 * @reason: enum vseg_reason of the last copy
 */
struct pair {
	struct vseg_domain *src;
	struct vseg_domain *dst;
	u64 packets;
	u64 bytes;
	u64 would_packets;
	u64 would_bytes;
	u64 first;
	u64 last;
	u64 limited;
	u64 credited;
	u32 credit;
	int in_ifindex;
	int out_ifindex;
	u8 reason;
};

/**
 * struct pair_set - where a pair can be
 * @lock: protects the set; a key may be glanced at without it
 * @key: vseg_key() of the pairs, or %VSEG_KEY_NONE; one cache line with @lock
 * @way: the pairs
 */
struct pair_set {
	spinlock_t lock;	/* protects the set */
	u32 key[PAIR_WAYS];
	struct pair way[PAIR_WAYS];
} ____cacheline_aligned_in_smp;

/**
 * struct vseg_pairs - the table of a namespace
 * @nsets: number of @sets
 * @used: pairs in the table
 * @evicted: see struct vseg_pair_counts
 * @evicted_packets: see struct vseg_pair_counts
 * @sets: where pairs are
 */
struct vseg_pairs {
	u32 nsets;
	atomic_t used;
	atomic64_t evicted;
	atomic64_t evicted_packets;
	struct pair_set sets[];
};

static unsigned int pairs_max = 8192;
static unsigned int event_rate = 10;
static unsigned int event_burst = 20;

static int set_pairs_max(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, PAIRS_MIN, PAIRS_MAX);
}

static int set_event_rate(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, EVENT_RATE_MAX);
}

static int set_event_burst(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, 0, EVENT_BURST_MAX);
}

static const struct kernel_param_ops pairs_max_ops = {
	.set = set_pairs_max,
	.get = param_get_uint,
};

static const struct kernel_param_ops event_rate_ops = {
	.set = set_event_rate,
	.get = param_get_uint,
};

static const struct kernel_param_ops event_burst_ops = {
	.set = set_event_burst,
	.get = param_get_uint,
};

module_param_cb(pairs_max, &pairs_max_ops, &pairs_max, 0444);
MODULE_PARM_DESC(pairs_max, "denied pairs of domains kept in each network namespace (8 to 1048576, default 8192)");
module_param_cb(event_rate, &event_rate_ops, &event_rate, 0644);
MODULE_PARM_DESC(event_rate, "drop events a second for each pair of domains (default 10)");
module_param_cb(event_burst, &event_burst_ops, &event_burst, 0644);
MODULE_PARM_DESC(event_burst, "drop events at once for each pair of domains (default 20)");

/*
 * Slots are handed out in order and by the operator, not by guests, so a
 * multiplication is enough of a hash: for rows, columns and squares of pairs
 * it fills the sets more evenly than a random one would.
 */
static struct pair_set *pair_set(struct vseg_pairs *pairs, u32 key)
{
	return &pairs->sets[reciprocal_scale(key * GOLDEN_RATIO_32,
					     pairs->nsets)];
}

static struct pair *pair_find(struct pair_set *set, u32 key)
{
	unsigned int i;

	for (i = 0; i < PAIR_WAYS; i++)
		if (set->key[i] == key)
			return &set->way[i];
	return NULL;
}

/* Its counts go into those of the table, so that the sum stays. */
static void pair_evict(struct vseg_pairs *pairs, struct pair_set *set,
		       unsigned int i)
{
	const struct pair *pair = &set->way[i];

	lockdep_assert_held(&set->lock);
	atomic64_inc(&pairs->evicted);
	atomic64_add(pair->packets + pair->would_packets,
		     &pairs->evicted_packets);
	atomic_dec(&pairs->used);
	WRITE_ONCE(set->key[i], VSEG_KEY_NONE);
	vseg_domain_put(pair->src);
	vseg_domain_put(pair->dst);
}

static noinline struct pair *pair_insert(struct vseg_pairs *pairs,
					 struct pair_set *set, u32 key,
					 struct vseg_domain *src,
					 struct vseg_domain *dst)
{
	u64 now = get_jiffies_64();
	unsigned int i, place = 0;

	lockdep_assert_held(&set->lock);
	for (i = 0; i < PAIR_WAYS; i++) {
		if (set->key[i] == VSEG_KEY_NONE) {
			place = i;
			break;
		}
		if (set->way[i].last < set->way[place].last)
			place = i;
	}
	if (set->key[place] != VSEG_KEY_NONE)
		pair_evict(pairs, set, place);

	/* RCU keeps the labels of the copy, and they keep the domains. */
	set->way[place] = (struct pair) {
		.src = vseg_domain_get(src),
		.dst = vseg_domain_get(dst),
		.first = now,
		.last = now,
		.credited = now,
		.credit = READ_ONCE(event_burst) * HZ,
	};
	WRITE_ONCE(set->key[place], key);
	atomic_inc(&pairs->used);
	return &set->way[place];
}

static __always_inline void pair_count(struct pair *pair,
				       const struct net_device *in,
				       const struct net_device *out, u32 len,
				       u8 reason, bool would)
{
	if (would) {
		pair->would_packets++;
		pair->would_bytes += len;
	} else {
		pair->packets++;
		pair->bytes += len;
	}
	/* Read under the lock, so it never runs backwards. */
	pair->last = get_jiffies_64();
	pair->reason = reason;
	pair->in_ifindex = in ? in->ifindex : 0;
	pair->out_ifindex = out ? out->ifindex : 0;
}

/* Locks the set of a pair, with BH disabled; a pair that isn't there is made. */
static __always_inline struct pair *pair_get(struct vseg_pairs *pairs,
					     struct vseg_domain *src,
					     struct vseg_domain *dst,
					     struct pair_set **setp)
{
	u32 key = vseg_key(src->slot, dst->slot);
	struct pair_set *set = pair_set(pairs, key);
	struct pair *pair;

	spin_lock(&set->lock);
	pair = pair_find(set, key);
	*setp = set;
	return likely(pair) ? pair : pair_insert(pairs, set, key, src, dst);
}

/* Takes one event out of the pair's credit, if there is one. */
static bool pair_may_tell(struct pair *pair)
{
	u64 full = (u64)READ_ONCE(event_burst) * HZ;
	u64 credit;

	/* A jiffy is worth event_rate / HZ events: no division, no rest. */
	credit = pair->credit +
		 (pair->last - pair->credited) * READ_ONCE(event_rate);
	credit = min(credit, full);

	pair->credited = pair->last;
	pair->credit = credit < HZ ? credit : credit - HZ;
	return credit >= HZ;
}

/**
 * vseg_pair_drop - count a dropped copy that nobody wants to hear of
 * @vn: namespace
 * @src: source domain
 * @dst: destination domain
 * @state: of the hook: where it came from and would have gone
 * @len: bytes with the Ethernet header
 * @reason: enum vseg_reason
 *
 * Context: as vseg_pair_hit(), with BH disabled.
 */
void vseg_pair_drop(struct vseg_net *vn, struct vseg_domain *src,
		    struct vseg_domain *dst, const struct nf_hook_state *state,
		    u32 len, u8 reason)
{
	struct pair_set *set;
	struct pair *pair;

	pair = pair_get(vn->pairs, src, dst, &set);
	pair_count(pair, state->in, state->out, len, reason, false);
	spin_unlock(&set->lock);
}

/**
 * vseg_pair_hit - count a denied copy in its pair of domains
 * @vn: namespace
 * @drop: the copy; of it are read src, dst, in, out, len, reason and would
 * @limited: for an event: on return true, the copies of this pair since its
 *	last event that made none.  NULL when nobody wants an event: then the
 *	pair's credit is left alone
 *
 * Each pair has a token bucket of its own (event_rate a second, event_burst at
 * once), so that a noisy pair can't silence another.
 *
 * Context: BH or process; RCU read-side section; takes the lock of a set.
 * Return: whether an event may be made of this copy.
 */
bool vseg_pair_hit(struct vseg_net *vn, const struct vseg_drop *drop,
		   u64 *limited)
{
	bool may = false;
	struct pair_set *set;
	struct pair *pair;

	local_bh_disable();
	pair = pair_get(vn->pairs, drop->src, drop->dst, &set);
	pair_count(pair, drop->in, drop->out, drop->len, drop->reason,
		   drop->would);
	if (limited && pair_may_tell(pair)) {
		*limited = pair->limited;
		pair->limited = 0;
		may = true;
	} else if (limited) {
		pair->limited++;
	}
	spin_unlock(&set->lock);
	local_bh_enable();
	return may;
}

/* Copies one place of the table; false when it is empty. */
static bool pair_copy(struct pair_set *set, unsigned int i,
		      struct vseg_pair_info *info)
{
	const struct pair *pair = &set->way[i];
	u32 key;

	spin_lock_bh(&set->lock);
	key = set->key[i];
	if (key != VSEG_KEY_NONE) {
		*info = (struct vseg_pair_info) {
			.src_id = pair->src->id,
			.dst_id = pair->dst->id,
			.reason = pair->reason,
			.in_ifindex = pair->in_ifindex,
			.out_ifindex = pair->out_ifindex,
			.packets = pair->packets,
			.bytes = pair->bytes,
			.would_packets = pair->would_packets,
			.would_bytes = pair->would_bytes,
			.first = pair->first,
			.last = pair->last,
		};
		strscpy(info->src, pair->src->name, sizeof(info->src));
		strscpy(info->dst, pair->dst->name, sizeof(info->dst));
	}
	spin_unlock_bh(&set->lock);
	return key != VSEG_KEY_NONE;
}

/**
 * vseg_pair_read - the next pair of the table
 * @vn: namespace
 * @pos: where to look from, 0 at first; on return true, one past the pair, so
 *	that a caller without room for it keeps the former value
 * @info: filled with the pair
 *
 * Each pair is read as it was at one moment, the table as a whole isn't: a
 * pair that stays is seen exactly once, one that comes or goes maybe.
 *
 * Context: process or BH.  The table must not go away meanwhile.
 * Return: false at the end.
 */
bool vseg_pair_read(struct vseg_net *vn, u32 *pos, struct vseg_pair_info *info)
{
	struct vseg_pairs *pairs = vn->pairs;
	struct pair_set *set;
	u32 i;

	if (!pairs)
		return false;

	for (i = *pos; i < pairs->nsets * PAIR_WAYS; i++) {
		set = &pairs->sets[i / PAIR_WAYS];
		/* Spares the lock; one that comes just now may be missed. */
		if (READ_ONCE(set->key[i % PAIR_WAYS]) == VSEG_KEY_NONE)
			continue;
		if (!pair_copy(set, i % PAIR_WAYS, info))
			continue;
		*pos = i + 1;
		return true;
	}
	*pos = i;
	return false;
}

/**
 * vseg_pairs_read - how full the table is
 * @vn: namespace
 * @counts: filled
 *
 * Context: any that keeps the table from going away.
 */
void vseg_pairs_read(const struct vseg_net *vn,
		     struct vseg_pair_counts *counts)
{
	/* Pairs with the release in vseg_pairs_init(). */
	struct vseg_pairs *pairs = smp_load_acquire(&vn->pairs);

	*counts = (struct vseg_pair_counts) {
		.max = round_up(pairs_max, PAIR_WAYS),
	};
	if (!pairs)
		return;
	counts->used = atomic_read(&pairs->used);
	counts->evicted = atomic64_read(&pairs->evicted);
	counts->evicted_packets = atomic64_read(&pairs->evicted_packets);
}

/**
 * vseg_pairs_init - make the table, unless it is there
 * @vn: namespace
 *
 * Before the first frame can come.  The memory (pairs_max times about 90
 * bytes) is charged to the caller's memory cgroup.
 *
 * Context: process; one caller at a time.
 * Return: 0 or -ENOMEM.
 */
int vseg_pairs_init(struct vseg_net *vn)
{
	u32 nsets = DIV_ROUND_UP(pairs_max, PAIR_WAYS);
	struct vseg_pairs *pairs;
	u32 i;

	if (vn->pairs)
		return 0;

	pairs = kvzalloc(struct_size(pairs, sets, nsets), VSEG_GFP_TABLE);
	if (!pairs)
		return -ENOMEM;

	pairs->nsets = nsets;
	for (i = 0; i < nsets; i++) {
		spin_lock_init(&pairs->sets[i].lock);
		memset32(pairs->sets[i].key, VSEG_KEY_NONE, PAIR_WAYS);
	}
	/* Readers of the counts may be about already. */
	smp_store_release(&vn->pairs, pairs);
	return 0;
}

/**
 * vseg_pairs_destroy - free the table
 * @vn: namespace; no frame and no reader can come any more
 *
 * Context: process.
 */
void vseg_pairs_destroy(struct vseg_net *vn)
{
	struct vseg_pairs *pairs = vn->pairs;
	u32 i;

	if (!pairs)
		return;
	for (i = 0; i < pairs->nsets * PAIR_WAYS; i++) {
		struct pair_set *set = &pairs->sets[i / PAIR_WAYS];

		spin_lock_bh(&set->lock);
		if (set->key[i % PAIR_WAYS] != VSEG_KEY_NONE)
			pair_evict(pairs, set, i % PAIR_WAYS);
		spin_unlock_bh(&set->lock);
	}
	vn->pairs = NULL;
	kvfree(pairs);
}
