// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments: what the first fragment of a datagram said, kept for the others,
 * which have no ports.
 *
 * A set-associative table, as that of pairs: a datagram has its place in one
 * set of sixteen, found by a hash that no guest can compute.  Where a set is
 * full, the domain that has most of it gives up its oldest: nobody pushes out
 * those who use less than he does.
 *
 * Nothing is put together.  Of each datagram it is known which parts came by,
 * so that none comes twice: what a receiver makes of all fragments that passed
 * is then what their first one said.
 *
 * Locks are taken with BH disabled, as in pair.c.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/string.h>

#include "fragment.h"

/* fragment_entry.total: the last fragment didn't come yet. */
#define TOTAL_UNKNOWN		U16_MAX

/* fragment_set.tag: an empty place. */
#define TAG_NONE		0

static_assert(sizeof(struct vseg_datagram) == 56);

/**
 * struct fragment_piece - a part that came by
 * @from: first unit
 * @to: unit behind its last one
 */
struct fragment_piece {
	u16 from;
	u16 to;
};

/**
 * struct fragment_entry - a datagram
 * @datagram: which one
 * @first: what its first fragment said, once @known
 * @last: when its last fragment came, in jiffies
 * @since: when the first of @held came, in jiffies
 * @held: fragments that wait, struct vseg_held
 * @total: units of the whole, or %TOTAL_UNKNOWN
 * @nheld: number of @held
 * @npieces: number of @piece
 * @known: the first fragment came
 * @dead: two fragments overlapped, and no more pass
 * @piece: what came by, in no order, with gaps between
 */
struct fragment_entry {
	struct vseg_datagram datagram;
	struct vseg_first first;
	unsigned long last;
	unsigned long since;
	struct list_head held;
	u16 total;
	u8 nheld;
	u8 npieces;
	bool known;
	bool dead;
	struct fragment_piece piece[VSEG_DATAGRAM_PIECES];
};

static_assert(VSEG_HELD_DATAGRAM <= U8_MAX);

/**
 * struct fragment_set - where a datagram can be
 * @lock: protects the set
 * @nheld: fragments that wait in it; may be glanced at without the lock
 * @tag: of each datagram some bits of its hash, or %TAG_NONE
 * @way: the datagrams
 */
struct fragment_set {
	spinlock_t lock;	/* protects the set */
	u32 nheld;
	u32 tag[VSEG_DATAGRAM_WAYS];
	struct fragment_entry way[VSEG_DATAGRAM_WAYS];
} ____cacheline_aligned_in_smp;

/**
 * struct fragment_room - what waits
 * @frames: number of fragments
 * @bytes: their memory
 */
struct fragment_room {
	atomic_t frames;
	atomic_t bytes;
};

/**
 * struct vseg_fragments - the table of a namespace
 * @secret: of the hash
 * @all: what waits
 * @domain: what waits of each source domain
 * @set: where datagrams are
 */
struct vseg_fragments {
	siphash_key_t secret;
	struct fragment_room all;
	struct fragment_room domain[VSEG_HELD_DOMAINS];
	struct fragment_set set[VSEG_DATAGRAM_SETS];
};

/*
 * Room for those that wait.
 */

static struct fragment_room *fragment_domain(struct vseg_fragments *t, u16 slot)
{
	return &t->domain[slot % VSEG_HELD_DOMAINS];
}

static void room_leave(struct fragment_room *room, u32 bytes)
{
	atomic_dec(&room->frames);
	atomic_sub(bytes, &room->bytes);
}

static bool room_enter(struct fragment_room *room, u32 bytes, int frames_max,
		       int bytes_max)
{
	int frames = atomic_inc_return(&room->frames);
	int all = atomic_add_return(bytes, &room->bytes);

	if (frames <= frames_max && all <= bytes_max)
		return true;
	room_leave(room, bytes);
	return false;
}

static bool fragment_enter(struct vseg_fragments *t, u16 slot, u32 bytes)
{
	if (!room_enter(fragment_domain(t, slot), bytes, VSEG_HELD_DOMAIN,
			VSEG_HELD_DOMAIN_BYTES))
		return false;
	if (room_enter(&t->all, bytes, VSEG_HELD_ALL, VSEG_HELD_ALL_BYTES))
		return true;
	room_leave(fragment_domain(t, slot), bytes);
	return false;
}

/**
 * vseg_fragments_left - a fragment that was held is on its way, or gone
 * @t: table
 * @held: the fragment
 */
void vseg_fragments_left(struct vseg_fragments *t, const struct vseg_held *held)
{
	room_leave(fragment_domain(t, held->slot), held->bytes);
	room_leave(&t->all, held->bytes);
}

/*
 * A datagram.
 */

/* Those that wait, wait no longer: they know what the first one said, if it
 * came.
 */
static void entry_release(struct fragment_set *set, struct fragment_entry *e,
			  struct list_head *due)
{
	struct vseg_held *held;

	lockdep_assert_held(&set->lock);
	list_for_each_entry(held, &e->held, list) {
		held->known = e->known;
		held->first = e->first;
	}
	list_splice_tail_init(&e->held, due);
	WRITE_ONCE(set->nheld, set->nheld - e->nheld);
	e->nheld = 0;
}

/* Nothing of it passes any more. */
static void entry_kill(struct fragment_set *set, struct fragment_entry *e,
		       struct list_head *due)
{
	e->known = false;
	e->dead = true;
	entry_release(set, e, due);
}

static void entry_forget(struct fragment_set *set, unsigned int i,
			 struct list_head *due)
{
	entry_release(set, &set->way[i], due);
	set->tag[i] = TAG_NONE;
}

static bool piece_touches(const struct fragment_piece *piece,
			  const struct vseg_place *place)
{
	return place->from < piece->to && piece->from < place->to;
}

static bool piece_has(const struct fragment_piece *piece,
		      const struct vseg_place *place)
{
	return piece->from <= place->from && place->to <= piece->to;
}

/* Nothing is behind the last fragment, whichever comes first. */
static bool entry_ends(const struct fragment_entry *e,
		       const struct vseg_place *place)
{
	unsigned int i;

	for (i = 0; place->last && i < e->npieces; i++)
		if (e->piece[i].to > place->to)
			return false;
	return e->total == TOTAL_UNKNOWN || place->to <= e->total;
}

/* What overlaps no piece grows the one before it, or the one behind, or both
 * become one.
 */
static bool entry_grow(struct fragment_entry *e, const struct vseg_place *place)
{
	struct fragment_piece *before = NULL, *behind = NULL;
	unsigned int i;

	for (i = 0; i < e->npieces; i++) {
		if (e->piece[i].to == place->from)
			before = &e->piece[i];
		if (e->piece[i].from == place->to)
			behind = &e->piece[i];
	}
	if (before && behind) {
		before->to = behind->to;
		*behind = e->piece[--e->npieces];
	} else if (before) {
		before->to = place->to;
	} else if (behind) {
		behind->from = place->from;
	} else if (e->npieces < VSEG_DATAGRAM_PIECES) {
		e->piece[e->npieces++] = (struct fragment_piece) {
			.from = place->from,
			.to = place->to,
		};
	} else {
		return false;
	}
	return true;
}

/* A fragment comes by; false where it may not pass.  One that brings nothing
 * new is lost alone: networks double packets.  One that brings something anew,
 * or another end, is no accident; nor are more gaps than any network makes.
 */
static bool entry_add(struct fragment_set *set, struct fragment_entry *e,
		      const struct vseg_place *place, struct list_head *due)
{
	unsigned int i;

	if (e->dead)
		return false;
	for (i = 0; i < e->npieces; i++) {
		if (piece_has(&e->piece[i], place))
			return false;
		if (piece_touches(&e->piece[i], place))
			goto kill;
	}
	if (!entry_ends(e, place) || !entry_grow(e, place))
		goto kill;
	if (place->last)
		e->total = place->to;
	return true;

kill:
	entry_kill(set, e, due);
	return false;
}

/* Of one whose first fragment came: did all come? */
static bool entry_complete(const struct fragment_entry *e)
{
	return e->npieces == 1 && !e->piece[0].from &&
	       e->piece[0].to == e->total;
}

/*
 * The table.
 */

static struct fragment_set *fragment_set(struct vseg_fragments *t,
					 const struct vseg_datagram *datagram,
					 u32 *tag)
{
	u64 hash = siphash(datagram, sizeof(*datagram), &t->secret);

	*tag = (u32)hash ?: 1;
	return &t->set[(hash >> 32) % VSEG_DATAGRAM_SETS];
}

static bool entry_old(const struct fragment_entry *e, unsigned long now)
{
	return time_after_eq(now, e->last + VSEG_DATAGRAM_TIME);
}

/* The place of a datagram, VSEG_DATAGRAM_WAYS without one. */
static unsigned int fragment_find(struct fragment_set *set, u32 tag,
				  const struct vseg_datagram *datagram,
				  unsigned long now, struct list_head *due)
{
	unsigned int i;

	lockdep_assert_held(&set->lock);
	for (i = 0; i < VSEG_DATAGRAM_WAYS; i++) {
		if (set->tag[i] != tag ||
		    memcmp(&set->way[i].datagram, datagram, sizeof(*datagram)))
			continue;
		if (!entry_old(&set->way[i], now))
			break;
		entry_forget(set, i, due);
		return VSEG_DATAGRAM_WAYS;
	}
	return i;
}

/* Places of a set that is full which a domain has. */
static unsigned int fragment_share(const struct fragment_set *set, u16 slot)
{
	unsigned int i, n = 0;

	for (i = 0; i < VSEG_DATAGRAM_WAYS; i++)
		n += set->way[i].datagram.src_slot == slot;
	return n;
}

/* The place that a newcomer takes: a free one, else the oldest of the domain
 * that has most; of its own, if none has more.
 */
static unsigned int fragment_victim(const struct fragment_set *set, u16 slot,
				    unsigned long now)
{
	unsigned int i, n, most = 0, place = 0;
	u16 whose = slot;

	for (i = 0; i < VSEG_DATAGRAM_WAYS; i++)
		if (set->tag[i] == TAG_NONE || entry_old(&set->way[i], now))
			return i;

	most = fragment_share(set, slot);
	for (i = 0; i < VSEG_DATAGRAM_WAYS; i++) {
		n = fragment_share(set, set->way[i].datagram.src_slot);
		if (n > most) {
			most = n;
			whose = set->way[i].datagram.src_slot;
		}
	}
	place = VSEG_DATAGRAM_WAYS;
	for (i = 0; i < VSEG_DATAGRAM_WAYS; i++) {
		if (set->way[i].datagram.src_slot != whose)
			continue;
		if (place == VSEG_DATAGRAM_WAYS ||
		    time_before(set->way[i].last, set->way[place].last))
			place = i;
	}
	return place;
}

static unsigned int fragment_insert(struct fragment_set *set, u32 tag,
				    const struct vseg_datagram *datagram,
				    unsigned long now, struct list_head *due)
{
	unsigned int i = fragment_victim(set, datagram->src_slot, now);
	struct fragment_entry *e = &set->way[i];

	if (set->tag[i] != TAG_NONE)
		entry_forget(set, i, due);
	*e = (struct fragment_entry) {
		.datagram = *datagram,
		.total = TOTAL_UNKNOWN,
	};
	INIT_LIST_HEAD(&e->held);
	set->tag[i] = tag;
	return i;
}

/**
 * vseg_fragments_note - keep what the first fragment of a datagram says
 * @t: table
 * @datagram: which datagram
 * @place: where the first fragment is in it
 * @first: what it says
 * @now: jiffies
 * @due: those that waited for it are added here
 *
 * To be told of each first fragment, whether it passes or not.
 *
 * Context: BH or process; takes the lock of a set.
 * Return: whether it may pass, as far as fragments are concerned.
 */
bool vseg_fragments_note(struct vseg_fragments *t,
			 const struct vseg_datagram *datagram,
			 const struct vseg_place *place,
			 const struct vseg_first *first, unsigned long now,
			 struct list_head *due)
{
	struct fragment_set *set;
	struct fragment_entry *e;
	unsigned int i;
	bool may;
	u32 tag;

	set = fragment_set(t, datagram, &tag);
	spin_lock_bh(&set->lock);
	i = fragment_find(set, tag, datagram, now, due);
	if (i == VSEG_DATAGRAM_WAYS)
		i = fragment_insert(set, tag, datagram, now, due);
	e = &set->way[i];
	e->last = now;
	may = entry_add(set, e, place, due);
	if (may) {
		e->known = true;
		e->first = *first;
		entry_release(set, e, due);
		if (entry_complete(e))
			entry_forget(set, i, due);
	}
	spin_unlock_bh(&set->lock);
	return may;
}

/* A later fragment whose first one came. */
static enum vseg_fragment_answer
fragment_decide(struct fragment_set *set, unsigned int i,
		const struct vseg_place *place, unsigned long now,
		struct vseg_first *first, struct list_head *due)
{
	struct fragment_entry *e = &set->way[i];

	e->last = now;
	if (!entry_add(set, e, place, due))
		return VSEG_FRAGMENT_DROP;
	*first = e->first;
	if (entry_complete(e))
		entry_forget(set, i, due);
	return VSEG_FRAGMENT_DECIDE;
}

static enum vseg_fragment_answer
fragment_hold(struct vseg_fragments *t, struct fragment_set *set,
	      struct fragment_entry *e, const struct vseg_place *place,
	      struct vseg_held *held, unsigned long now, struct list_head *due)
{
	u16 slot = e->datagram.src_slot;

	e->last = now;
	if (e->nheld == VSEG_HELD_DATAGRAM ||
	    !fragment_enter(t, slot, held->bytes))
		return VSEG_FRAGMENT_DROP;
	held->slot = slot;
	if (!entry_add(set, e, place, due)) {
		vseg_fragments_left(t, held);
		return VSEG_FRAGMENT_DROP;
	}
	if (!e->nheld++)
		e->since = now;
	WRITE_ONCE(set->nheld, set->nheld + 1);
	list_add_tail(&held->list, &e->held);
	return VSEG_FRAGMENT_HELD;
}

/**
 * vseg_fragments_ask - ask what the first fragment of a datagram said
 * @t: table
 * @datagram: which datagram
 * @place: where the later fragment is in it
 * @held: the later fragment, to hold it if need be; %NULL to be told first.
 *	@bytes is filled in
 * @now: jiffies
 * @first: result with %VSEG_FRAGMENT_DECIDE
 * @due: those that waited for a datagram that is no longer kept are added here
 *
 * To be told of each later fragment, once.
 *
 * Context: BH or process; takes the lock of a set.
 * Return: what becomes of it; %VSEG_FRAGMENT_HOLD only without @held, and then
 * nothing has changed.
 */
enum vseg_fragment_answer
vseg_fragments_ask(struct vseg_fragments *t,
		   const struct vseg_datagram *datagram,
		   const struct vseg_place *place, struct vseg_held *held,
		   unsigned long now, struct vseg_first *first,
		   struct list_head *due)
{
	enum vseg_fragment_answer answer = VSEG_FRAGMENT_HOLD;
	struct fragment_set *set;
	unsigned int i;
	u32 tag;

	set = fragment_set(t, datagram, &tag);
	spin_lock_bh(&set->lock);
	i = fragment_find(set, tag, datagram, now, due);
	if (i < VSEG_DATAGRAM_WAYS && (set->way[i].known || set->way[i].dead)) {
		answer = fragment_decide(set, i, place, now, first, due);
	} else if (held) {
		if (i == VSEG_DATAGRAM_WAYS)
			i = fragment_insert(set, tag, datagram, now, due);
		answer = fragment_hold(t, set, &set->way[i], place, held, now,
				       due);
	}
	spin_unlock_bh(&set->lock);
	return answer;
}

/**
 * vseg_fragments_expire - let go of those that waited too long
 * @t: table
 * @now: jiffies
 * @due: they are added here
 *
 * Their datagram is forgotten: nothing of it passed.
 *
 * Context: BH or process; takes the locks of sets, one at a time.
 * Return: whether others still wait.
 */
bool vseg_fragments_expire(struct vseg_fragments *t, unsigned long now,
			   struct list_head *due)
{
	struct fragment_set *set = t->set;
	bool wait = false;
	unsigned int i;

	for (; set < t->set + VSEG_DATAGRAM_SETS; set++) {
		if (!READ_ONCE(set->nheld))
			continue;
		spin_lock_bh(&set->lock);
		for (i = 0; i < VSEG_DATAGRAM_WAYS; i++)
			if (set->tag[i] != TAG_NONE && set->way[i].nheld &&
			    time_after_eq(now, set->way[i].since +
					       VSEG_HELD_TIME))
				entry_forget(set, i, due);
		wait |= set->nheld;
		spin_unlock_bh(&set->lock);
	}
	return wait;
}

/**
 * vseg_fragments_forget - forget the datagrams of a port that leaves
 * @t: table
 * @ifindex: interface index of the port or bridge; 0 for all
 * @due: those that wait are added here
 *
 * Context: BH or process; takes the locks of sets, one at a time.
 */
void vseg_fragments_forget(struct vseg_fragments *t, int ifindex,
			   struct list_head *due)
{
	struct fragment_set *set = t->set;
	const struct vseg_datagram *datagram;
	unsigned int i;

	for (; set < t->set + VSEG_DATAGRAM_SETS; set++) {
		spin_lock_bh(&set->lock);
		for (i = 0; i < VSEG_DATAGRAM_WAYS; i++) {
			datagram = &set->way[i].datagram;
			if (set->tag[i] != TAG_NONE &&
			    (!ifindex || datagram->in == ifindex ||
			     datagram->out == ifindex))
				entry_forget(set, i, due);
		}
		spin_unlock_bh(&set->lock);
	}
}

/**
 * vseg_fragments_alloc - an empty table
 *
 * About 800 KiB, charged to the caller's memory cgroup.
 *
 * Context: process, may sleep.
 * Return: the table, or NULL.
 */
struct vseg_fragments *vseg_fragments_alloc(void)
{
	struct vseg_fragments *t = kvzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT |
							__GFP_NOWARN);
	unsigned int i;

	if (!t)
		return NULL;
	get_random_bytes(&t->secret, sizeof(t->secret));
	for (i = 0; i < VSEG_DATAGRAM_SETS; i++)
		spin_lock_init(&t->set[i].lock);
	return t;
}

/**
 * vseg_fragments_free - free a table that nobody uses and nothing waits in
 * @t: table, or %NULL
 */
void vseg_fragments_free(struct vseg_fragments *t)
{
	kvfree(t);
}
