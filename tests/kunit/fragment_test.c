// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments: what is remembered of datagrams, and what waits for how long.
 */
#include <kunit/test.h>

#include "memory.h"
#include "../../kmod/fragment.c"
#include "../../kmod/part.c"

#include "random.h"

/* Of the random test: few enough for one set, whatever they hash to. */
#define DATAGRAMS	12
#define DOMAINS		3
#define UNITS		160
#define STEPS		120
#define HOLDS		(STEPS + 1)

/**
 * struct model_datagram - a datagram, unit by unit
 * @seen: units that came by
 * @total: units of the whole, 0 while it isn't known
 * @there: it is remembered
 * @known: the first fragment came
 * @dead: two fragments overlapped
 * @port: what the first fragment said
 * @last: when the last fragment came
 * @since: when the first of those came that wait
 * @nheld: how many wait
 */
struct model_datagram {
	bool seen[UNITS * 2];
	unsigned int total;
	bool there;
	bool known;
	bool dead;
	u16 port;
	unsigned long last;
	unsigned long since;
	unsigned int nheld;
};

/**
 * struct hold - a fragment that may wait
 * @held: what the table knows
 * @datagram: whose it is
 * @waits: the model says that it waits
 * @due: the model says that it waits no longer
 * @known: and that the first one came
 * @port: and said this
 */
struct hold {
	struct vseg_held held;
	unsigned int datagram;
	bool waits;
	bool due;
	bool known;
	u16 port;
};

/**
 * struct scene - a table and its model
 * @t: the table
 * @datagram: the model
 * @hold: fragments
 * @nholds: number of @hold
 * @few: datagrams that are in use
 * @now: jiffies
 */
struct scene {
	struct vseg_fragments *t;
	struct model_datagram datagram[DATAGRAMS];
	struct hold hold[HOLDS];
	unsigned int nholds;
	unsigned int few;
	unsigned long now;
};

static void table_free(void *t)
{
	vseg_fragments_free(t);
}

static struct vseg_fragments *table_of(struct kunit *test)
{
	struct vseg_fragments *t = vseg_fragments_alloc();

	KUNIT_ASSERT_NOT_NULL(test, t);
	/* A case that failed fails again. */
	memset(&t->secret, test_seed, sizeof(t->secret));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, table_free, t));
	return t;
}

/* Datagrams that have all but one thing in common. */
static struct vseg_datagram datagram_of(unsigned int i)
{
	struct vseg_datagram d = {
		.src = { .lo = 0x0a000001 },
		.dst = { .lo = 0x0a000002 },
		.id = 7,
		.in = 10,
		.out = 20,
		.vlan = 1,
		.src_slot = 16 + i % DOMAINS,
		.dst_slot = 19,
		.version = 4,
		.protocol = 17,
	};

	switch (i / DOMAINS) {
	case 0:
		break;
	case 1:
		d.in = 11;
		break;
	case 2:
		d.out = 21;
		break;
	default:
		d.id = 8;
	}
	return d;
}

/*
 * The model.
 */

static void model_release(struct scene *s, unsigned int n)
{
	struct model_datagram *d = &s->datagram[n];
	unsigned int i;

	for (i = 0; i < s->nholds; i++) {
		struct hold *hold = &s->hold[i];

		if (!hold->waits || hold->datagram != n)
			continue;
		hold->waits = false;
		hold->due = true;
		hold->known = d->known;
		hold->port = d->port;
	}
	d->nheld = 0;
}

static void model_forget(struct scene *s, unsigned int n)
{
	model_release(s, n);
	memset(&s->datagram[n], 0, sizeof(s->datagram[n]));
}

static unsigned int model_gaps(const struct model_datagram *d)
{
	unsigned int i, runs = 0;

	for (i = 0; i < ARRAY_SIZE(d->seen); i++)
		runs += d->seen[i] && (!i || !d->seen[i - 1]);
	return runs;
}

/* May it pass, as far as others of its datagram are concerned? */
static bool model_add(struct scene *s, unsigned int n,
		      const struct vseg_place *place)
{
	struct model_datagram *d = &s->datagram[n];
	unsigned int i, old = 0, behind = 0;

	if (d->dead)
		return false;
	for (i = place->from; i < place->to; i++)
		old += d->seen[i];
	if (old == place->to - place->from)
		return false;
	for (i = place->to; i < ARRAY_SIZE(d->seen); i++)
		behind += d->seen[i];
	if (!old && !(d->total && place->to > d->total) &&
	    !(place->last && behind)) {
		memset(&d->seen[place->from], true, place->to - place->from);
		if (model_gaps(d) <= VSEG_DATAGRAM_PIECES) {
			if (place->last)
				d->total = place->to;
			return true;
		}
	}
	d->known = false;
	d->dead = true;
	model_release(s, n);
	return false;
}

static void model_done(struct scene *s, unsigned int n)
{
	struct model_datagram *d = &s->datagram[n];
	unsigned int i;

	for (i = 0; i < d->total; i++)
		if (!d->seen[i])
			return;
	if (d->total && d->known)
		model_forget(s, n);
}

static void model_come(struct scene *s, unsigned int n)
{
	struct model_datagram *d = &s->datagram[n];

	if (d->there && s->now - d->last >= VSEG_DATAGRAM_TIME)
		model_forget(s, n);
}

static bool model_first(struct scene *s, unsigned int n,
			const struct vseg_place *place, u16 port)
{
	struct model_datagram *d = &s->datagram[n];

	model_come(s, n);
	d->there = true;
	d->last = s->now;
	if (!model_add(s, n, place))
		return false;
	d->known = true;
	d->port = port;
	model_release(s, n);
	model_done(s, n);
	return true;
}

/* Bytes that wait, of one domain or of all. */
static u32 model_bytes(const struct scene *s, int domain)
{
	unsigned int i;
	u32 bytes = 0;

	for (i = 0; i < s->nholds; i++)
		if (s->hold[i].waits &&
		    (domain < 0 || s->hold[i].datagram % DOMAINS == domain))
			bytes += s->hold[i].held.bytes;
	return bytes;
}

static enum vseg_fragment_answer model_later(struct scene *s, unsigned int n,
					     const struct vseg_place *place,
					     struct hold *hold, u16 *port)
{
	struct model_datagram *d = &s->datagram[n];
	u32 bytes = hold->held.bytes;

	model_come(s, n);
	d->there = true;
	d->last = s->now;
	if (d->known) {
		*port = d->port;
		if (!model_add(s, n, place))
			return VSEG_FRAGMENT_DROP;
		model_done(s, n);
		return VSEG_FRAGMENT_DECIDE;
	}
	if (d->nheld == VSEG_HELD_DATAGRAM ||
	    model_bytes(s, n % DOMAINS) + bytes > VSEG_HELD_DOMAIN_BYTES ||
	    model_bytes(s, -1) + bytes > VSEG_HELD_ALL_BYTES ||
	    !model_add(s, n, place))
		return VSEG_FRAGMENT_DROP;
	if (!d->nheld++)
		d->since = s->now;
	hold->datagram = n;
	hold->waits = true;
	return VSEG_FRAGMENT_HELD;
}

/*
 * Against the model.
 */

/* Those that wait no longer are those of which the model says so. */
static void scene_due(struct kunit *test, struct scene *s,
		      struct list_head *due, const char *name)
{
	struct hold *hold, *next;
	unsigned int i;

	list_for_each_entry_safe(hold, next, due, held.list) {
		KUNIT_EXPECT_TRUE_MSG(test, hold->due, "%s", name);
		KUNIT_EXPECT_EQ_MSG(test, hold->held.known, hold->known, "%s",
				    name);
		if (hold->known)
			KUNIT_EXPECT_EQ_MSG(test, hold->held.first.dport,
					    hold->port, "%s", name);
		hold->due = false;
		vseg_fragments_left(s->t, &hold->held);
	}
	for (i = 0; i < s->nholds; i++)
		KUNIT_EXPECT_FALSE_MSG(test, s->hold[i].due, "%s", name);
	INIT_LIST_HEAD(due);
}

static void scene_first(struct kunit *test, struct scene *s,
			struct rnd_state *rnd, struct list_head *due,
			const char *name)
{
	struct vseg_place place = {
		.to = between(rnd, 1, 20),
		.last = rarely(rnd, 20),
	};
	unsigned int n = below(rnd, s->few);
	struct vseg_datagram d = datagram_of(n);
	struct vseg_first first = { .dport = prandom_u32_state(rnd) };

	KUNIT_EXPECT_EQ_MSG(test, model_first(s, n, &place, first.dport),
			    vseg_fragments_note(s->t, &d, &place, &first,
						s->now, due), "%s", name);
}

static void scene_later(struct kunit *test, struct scene *s,
			struct rnd_state *rnd, struct list_head *due,
			const char *name)
{
	unsigned int n = below(rnd, s->few);
	struct vseg_datagram d = datagram_of(n);
	struct hold *hold = &s->hold[s->nholds++];
	enum vseg_fragment_answer answer, want;
	struct vseg_first first = {};
	struct vseg_place place;
	u16 port = 0;

	/* Mostly side by side, as senders cut. */
	place.from = rarely(rnd, 4) ? between(rnd, 1, UNITS - 1) :
				      between(rnd, 1, UNITS / 20 - 1) * 20;
	place.to = place.from + (rarely(rnd, 4) ? between(rnd, 1, 30) : 20);
	place.last = rarely(rnd, 5);
	hold->held.bytes = rarely(rnd, 3) ? between(rnd, 1, 400000) : 1000;
	want = model_later(s, n, &place, hold, &port);
	answer = vseg_fragments_ask(s->t, &d, &place, NULL, s->now, &first,
				    due);
	if (answer == VSEG_FRAGMENT_HOLD)
		answer = vseg_fragments_ask(s->t, &d, &place, &hold->held,
					    s->now, &first, due);
	KUNIT_EXPECT_EQ_MSG(test, answer, want, "%s", name);
	if (answer == VSEG_FRAGMENT_DECIDE)
		KUNIT_EXPECT_EQ_MSG(test, first.dport, port, "%s", name);
}

static void scene_expire(struct kunit *test, struct scene *s,
			 struct list_head *due, const char *name)
{
	unsigned int n;
	bool wait = false;

	for (n = 0; n < DATAGRAMS; n++) {
		struct model_datagram *d = &s->datagram[n];

		if (d->nheld && s->now - d->since >= VSEG_HELD_TIME)
			model_forget(s, n);
		wait |= d->nheld;
	}
	KUNIT_EXPECT_EQ_MSG(test, vseg_fragments_expire(s->t, s->now, due),
			    wait, "%s", name);
}

static void scene_forget(struct scene *s, int ifindex, struct list_head *due)
{
	unsigned int n;

	for (n = 0; n < DATAGRAMS; n++) {
		struct vseg_datagram d = datagram_of(n);

		if (!ifindex || d.in == ifindex || d.out == ifindex)
			model_forget(s, n);
	}
	vseg_fragments_forget(s->t, ifindex, due);
}

static void scene_step(struct kunit *test, struct scene *s,
		       struct rnd_state *rnd, const char *name)
{
	LIST_HEAD(due);

	switch (below(rnd, 12)) {
	case 0:
		/* The worker never sleeps that long. */
		s->now += between(rnd, 1, VSEG_DATAGRAM_TIME);
		fallthrough;
	case 1:
		scene_expire(test, s, &due, name);
		break;
	case 2:
		if (rarely(rnd, 3))
			scene_forget(s, between(rnd, 10, 21), &due);
		break;
	case 3:
	case 4:
		scene_first(test, s, rnd, &due, name);
		break;
	default:
		s->now += below(rnd, 3);
		scene_later(test, s, rnd, &due, name);
	}
	scene_due(test, s, &due, name);
}

static void fragment_model(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	struct vseg_fragments *t = table_of(test);
	struct rnd_state rnd;
	unsigned int i, step;
	LIST_HEAD(due);

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (i = 0; i < test_cases; i++) {
		const char *name = case_name(i);

		memset(s, 0, sizeof(*s));
		s->t = t;
		/* Jiffies may wrap around at any time. */
		s->now = 0UL - 2 * HZ;
		random_case(&rnd, __func__, i);
		s->few = between(&rnd, 1, DATAGRAMS);
		for (step = 0; step < STEPS; step++)
			scene_step(test, s, &rnd, name);
		scene_forget(s, 0, &due);
		scene_due(test, s, &due, name);
		KUNIT_ASSERT_EQ_MSG(test, atomic_read(&t->all.frames), 0, "%s",
				    name);
		KUNIT_ASSERT_EQ_MSG(test, atomic_read(&t->all.bytes), 0, "%s",
				    name);
	}
}

/*
 * Bounds.
 */

static enum vseg_fragment_answer ask(struct vseg_fragments *t,
				     const struct vseg_datagram *d, u16 from,
				     struct vseg_held *held,
				     struct list_head *due)
{
	struct vseg_place place = { .from = from, .to = from + 1 };
	struct vseg_first first;

	return vseg_fragments_ask(t, d, &place, held, jiffies, &first, due);
}

static unsigned int due_count(struct vseg_fragments *t, struct list_head *due)
{
	struct vseg_held *held, *next;
	unsigned int n = 0;

	list_for_each_entry_safe(held, next, due, list) {
		vseg_fragments_left(t, held);
		n++;
	}
	INIT_LIST_HEAD(due);
	return n;
}

/* As many wait as may, of a datagram, of a domain, and of all. */
static void fragment_bounds(struct kunit *test)
{
	struct vseg_fragments *t = table_of(test);
	struct vseg_datagram d = datagram_of(0);
	struct vseg_held *held;
	unsigned int i, slot, n;
	LIST_HEAD(due);

	held = kunit_kcalloc(test, 8 * 1024, sizeof(*held), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, held);
	for (i = 0; i <= VSEG_HELD_DATAGRAM; i++)
		KUNIT_EXPECT_EQ_MSG(test, ask(t, &d, 1 + i, &held[i], &due),
				    i < VSEG_HELD_DATAGRAM ? VSEG_FRAGMENT_HELD :
				    VSEG_FRAGMENT_DROP, "fragment %u", i);
	vseg_fragments_forget(t, 0, &due);
	KUNIT_EXPECT_EQ(test, due_count(t, &due), VSEG_HELD_DATAGRAM);

	for (slot = 16, n = 0; slot < 16 + 8; slot++) {
		for (i = 0; i < 1024; i++) {
			d.src_slot = slot;
			d.id = i / 8;
			n += ask(t, &d, 1 + i % 8, &held[(slot - 16) * 1024 + i],
				 &due) == VSEG_FRAGMENT_HELD;
		}
		n -= due_count(t, &due);
		KUNIT_EXPECT_EQ(test, atomic_read(&t->all.frames), n);
		KUNIT_EXPECT_LE(test, n, (slot - 15) * VSEG_HELD_DOMAIN);
		KUNIT_EXPECT_LE(test, n, VSEG_HELD_ALL);
	}
	KUNIT_EXPECT_GE(test, n, VSEG_HELD_ALL - 64);
	vseg_fragments_forget(t, 0, &due);
	KUNIT_EXPECT_EQ(test, due_count(t, &due), n);
	for (slot = 16; slot < 16 + 8; slot++) {
		const struct fragment_room *room = fragment_domain(t, slot);

		KUNIT_EXPECT_EQ(test, atomic_read(&room->frames), 0);
		KUNIT_EXPECT_EQ(test, atomic_read(&room->bytes), 0);
	}
}

/* Gaps that no network makes. */
static void fragment_gaps(struct kunit *test)
{
	struct vseg_fragments *t = table_of(test);
	struct vseg_datagram d = datagram_of(0);
	struct vseg_held held[VSEG_DATAGRAM_PIECES + 2] = {}, more = {};
	unsigned int i;
	LIST_HEAD(due);

	for (i = 0; i < VSEG_DATAGRAM_PIECES; i++)
		KUNIT_EXPECT_EQ(test, ask(t, &d, 1 + i * 2, &held[i], &due),
				VSEG_FRAGMENT_HELD);
	/* One that fills a gap isn't too much, one more gap is. */
	KUNIT_EXPECT_EQ(test, ask(t, &d, 2, &held[i++], &due),
			VSEG_FRAGMENT_HELD);
	KUNIT_EXPECT_EQ(test, ask(t, &d, 100, &held[i], &due),
			VSEG_FRAGMENT_HELD);
	KUNIT_EXPECT_TRUE(test, list_empty(&due));
	KUNIT_EXPECT_EQ(test, ask(t, &d, 200, &more, &due), VSEG_FRAGMENT_DROP);
	KUNIT_EXPECT_EQ(test, due_count(t, &due), VSEG_DATAGRAM_PIECES + 2);
	KUNIT_EXPECT_EQ(test, ask(t, &d, 300, NULL, &due), VSEG_FRAGMENT_DROP);
}

static bool note(struct vseg_fragments *t, u16 slot, u32 id)
{
	struct vseg_place place = { .to = 10 };
	struct vseg_datagram d = datagram_of(0);
	struct vseg_first first = {};
	LIST_HEAD(due);

	d.src_slot = slot;
	d.id = id;
	return vseg_fragments_note(t, &d, &place, &first, jiffies, &due);
}

/* A domain that floods the table doesn't push out one that uses little. */
static void fragment_share_kept(struct kunit *test)
{
	struct vseg_fragments *t = table_of(test);
	struct vseg_datagram d = datagram_of(0);
	unsigned int i, kept = 0;
	LIST_HEAD(due);

	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_TRUE(test, note(t, 16, i));
	for (i = 0; i < 10 * VSEG_DATAGRAMS; i++)
		KUNIT_EXPECT_TRUE(test, note(t, 17, i));
	for (i = 0; i < 64; i++) {
		d.src_slot = 16;
		d.id = i;
		kept += ask(t, &d, 10, NULL, &due) == VSEG_FRAGMENT_DECIDE;
	}
	/* Nine in one set would be more than half of it. */
	KUNIT_EXPECT_EQ(test, kept, 64);

	/* And a newcomer finds room. */
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_TRUE(test, note(t, 18, i));
	for (i = 0, kept = 0; i < 64; i++) {
		d.src_slot = 18;
		d.id = i;
		kept += ask(t, &d, 10, NULL, &due) == VSEG_FRAGMENT_DECIDE;
	}
	KUNIT_EXPECT_EQ(test, kept, 64);
}

/* Each part of what makes a datagram makes it another one. */
static void fragment_apart(struct kunit *test)
{
	struct vseg_fragments *t = table_of(test);
	struct vseg_datagram d;
	size_t i;
	LIST_HEAD(due);

	KUNIT_EXPECT_TRUE(test, note(t, 16, 7));
	/* All of it but what is spare. */
	for (i = 0; i < offsetof(struct vseg_datagram, spare); i++) {
		d = datagram_of(0);
		((u8 *)&d)[i] ^= 0x40;
		KUNIT_EXPECT_EQ_MSG(test, ask(t, &d, 10, NULL, &due),
				    VSEG_FRAGMENT_HOLD, "byte %zu", i);
	}
	d = datagram_of(0);
	KUNIT_EXPECT_EQ(test, ask(t, &d, 10, NULL, &due), VSEG_FRAGMENT_DECIDE);
}

static void fragment_no_memory(struct kunit *test)
{
	test_memory = 0;
	KUNIT_EXPECT_NULL(test, vseg_fragments_alloc());
}

/*
 * From a frame.
 */

/**
 * struct part - a fragment as it lies in a frame
 * @version: 4 or 6
 * @word: offset and more fragments, as the header has them
 * @len: bytes behind the headers
 * @good: whether some sender makes it
 * @from: see struct vseg_place
 * @to: see struct vseg_place
 * @last: see struct vseg_place
 */
struct part {
	u8 version;
	u16 word;
	u16 len;
	bool good;
	u16 from;
	u16 to;
	bool last;
};

static const struct part parts[] = {
	{ 4, 0x2000, 1480, true, 0, 185, false },
	{ 4, 0x20b9, 1480, true, 185, 370, false },
	{ 4, 0x0172, 48, true, 370, 376, true },
	{ 4, 0x0172, 41, true, 370, 376, true },
	{ 4, 0x0172, 1, true, 370, 371, true },
	{ 4, 0x2172, 41, false, 0, 0, false },
	{ 4, 0x0172, 0, false, 0, 0, false },
	{ 4, 0x1fff, 7, true, 8191, 8192, true },
	{ 4, 0x1fff, 8, false, 0, 0, false },
	{ 4, 0x3fff, 8, false, 0, 0, false },
	{ 6, 0x0001, 1448, true, 0, 181, false },
	{ 6, 0x05a9, 1448, true, 181, 362, false },
	{ 6, 0x0b50, 24, true, 362, 365, true },
	{ 6, 0x0b50, 20, true, 362, 365, true },
	{ 6, 0x0b51, 20, false, 0, 0, false },
	{ 6, 0x0b50, 0, false, 0, 0, false },
	{ 6, 0xfff8, 7, true, 8191, 8192, true },
	{ 6, 0xfff8, 8, false, 0, 0, false },
};

/* @head is the header that says where it is, of @size bytes. */
static void part_check(struct kunit *test, const struct part *part, u8 *data,
		       unsigned int at, unsigned int size)
{
	struct vseg_fields fields = {
		.version = part->version,
		.fragment_at = at,
		.end = at + size + part->len,
		.src = { .hi = 1, .lo = 2 },
		.dst = { .hi = 3, .lo = 4 },
	};
	struct vseg_datagram d = {};
	struct vseg_place place;
	bool good;

	good = vseg_fragment_read(data, at + size, &fields, &d, &place);
	KUNIT_EXPECT_EQ_MSG(test, good, part->good, "word %#x", part->word);
	if (!part->good)
		return;
	KUNIT_EXPECT_EQ_MSG(test, place.from, part->from, "word %#x",
			    part->word);
	KUNIT_EXPECT_EQ_MSG(test, place.to, part->to, "word %#x", part->word);
	KUNIT_EXPECT_EQ_MSG(test, place.last, part->last, "word %#x",
			    part->word);
	KUNIT_EXPECT_EQ(test, d.id, part->version == 4 ? 0x1234 : 0x12345678);
	KUNIT_EXPECT_EQ(test, d.protocol, part->version == 4 ? 17 : 0);
	KUNIT_EXPECT_EQ(test, d.src.lo, 2);
	KUNIT_EXPECT_EQ(test, d.dst.hi, 3);
	/* Without the bytes it can't be told. */
	KUNIT_EXPECT_FALSE(test, vseg_fragment_read(data, at, &fields, &d,
						    &place));
}

static void fragment_parts(struct kunit *test)
{
	unsigned int i;
	u8 *data;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct part *part = &parts[i];
		unsigned int at = part->version == 4 ? 14 : 14 + 40;
		unsigned int size = part->version == 4 ? 24 : 8;

		/* As long as what is read, so that KASAN sees more. */
		data = kunit_kzalloc(test, at + size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, data);
		if (part->version == 4) {
			data[at] = 0x46;
			data[at + 4] = 0x12;
			data[at + 5] = 0x34;
			data[at + 6] = part->word >> 8;
			data[at + 7] = part->word;
			data[at + 9] = 17;
		} else {
			data[at] = 17;
			data[at + 2] = part->word >> 8;
			data[at + 3] = part->word;
			memcpy(data + at + 4, "\x12\x34\x56\x78", 4);
		}
		part_check(test, part, data, at, size);
	}
}

/* What the first one said, and nothing else, is said by the later ones. */
static void fragment_said(struct kunit *test)
{
	struct vseg_fields one = {
		.version = 6,
		.known = VSEG_FIELD(PROTOCOL) | VSEG_FIELD(SOURCE_PORT) |
			 VSEG_FIELD(DESTINATION_PORT) | VSEG_FIELD(FRAGMENT),
		.protocol = 17,
		.sport = 1000,
		.dport = 53,
	};
	struct vseg_fields two = {
		.version = 6,
		.known = VSEG_FIELD(PROTOCOL) | VSEG_FIELD(FRAGMENT),
		.protocol = 50,
		.fragment = VSEG_FRAGMENT_LATER,
	};
	struct vseg_first first;

	/* IPv6: a later one's protocol is nobody's. */
	vseg_fragment_hide(&two);
	KUNIT_EXPECT_EQ(test, two.known, VSEG_FIELD(FRAGMENT));
	KUNIT_EXPECT_EQ(test, two.unknown,
			VSEG_FIELDS_OF_FIRST | VSEG_FIELD(PROTOCOL));
	vseg_fragment_take(&one, &first);
	vseg_fragment_give(&first, &two);
	KUNIT_EXPECT_EQ(test, two.known, one.known);
	KUNIT_EXPECT_EQ(test, two.unknown, 0);
	KUNIT_EXPECT_EQ(test, two.protocol, 17);
	KUNIT_EXPECT_EQ(test, two.dport, 53);
	KUNIT_EXPECT_EQ(test, two.fragment, VSEG_FRAGMENT_LATER);

	/* IPv4: each has its own, and receivers compare it. */
	two = (struct vseg_fields) {
		.version = 4,
		.known = VSEG_FIELD(PROTOCOL) | VSEG_FIELD(FRAGMENT),
		.unknown = VSEG_FIELD(SOURCE_PORT) |
			   VSEG_FIELD(DESTINATION_PORT),
		.protocol = 17,
	};
	vseg_fragment_hide(&two);
	KUNIT_EXPECT_EQ(test, two.protocol, 17);
	KUNIT_EXPECT_TRUE(test, two.known & VSEG_FIELD(PROTOCOL));
	one.version = 4;
	vseg_fragment_take(&one, &first);
	KUNIT_EXPECT_FALSE(test, first.known & VSEG_FIELD(PROTOCOL));
	vseg_fragment_give(&first, &two);
	KUNIT_EXPECT_EQ(test, two.known, one.known);
	KUNIT_EXPECT_EQ(test, two.unknown, 0);
}

static struct kunit_case fragment_cases[] = {
	KUNIT_CASE(fragment_model),
	KUNIT_CASE(fragment_bounds),
	KUNIT_CASE(fragment_gaps),
	KUNIT_CASE(fragment_share_kept),
	KUNIT_CASE(fragment_apart),
	KUNIT_CASE(fragment_no_memory),
	KUNIT_CASE(fragment_parts),
	KUNIT_CASE(fragment_said),
	{}
};

static struct kunit_suite fragment_suite = {
	.name = "vseg_fragment",
	.exit = memory_enough,
	.test_cases = fragment_cases,
};

kunit_test_suite(fragment_suite);
