// SPDX-License-Identifier: GPL-2.0
/* Values for attributes: right ones, those at the edge, and wrong ones. */
#include <string.h>
#include <linux/vseg.h>

#include "gen.h"
#include "lab.h"

/* Those that gen.c's standard policy has come first, and more often. */
static const char *const domains[] = {
	"web", "db", "web", "db", "mgmt", "d3",
};
static const char *const ends[] = { "any", "host", "routed" };
static const char *const odd_domains[] = {
	"unlabelled", "x", "9lives", "", "a/b", "a b",
	"abcdefghijklmnopqrstuvwxyz.-_ABC", "a\xff", "none", "%s%n",
	"abcdefghijklmnopqrstuvwxyz.-_01", "d6", "d7", "d8", "d9",
};
static const char *const bridges[] = { "br0", "br1" };
static const char *const odd_bridges[] = {
	"br2", "br3", "br*", "b?[0-1]", "br4", "br5", "br6", "br7", "br8", "br9", "p0", "lo",
	"v1", "", ".", "a/b", "abcdefghijklmno", "abcdefghijklmnop", "a:b",
};
static const char *const odd_ports[] = {
	"br0", "lo", "v0", "nil", "", "p4", "abcdefghijklmnop",
};

static const char *const patterns[] = {
	"p0", "p1", "p*", "p?", "?1", "[p]*", "*",
};
static const char *const odd_patterns[] = {
	"", "x[", "x[]", "[^p]", "p\\*", "abcdefghijklmnop", "[!]", "a/b",
};

static unsigned int odd_in;

/** value_mood() - of how many values one is odd from now on; 0 for none */
void value_mood(unsigned int in)
{
	odd_in = in;
}

static bool be_odd(void)
{
	return odd_in && one_in(odd_in);
}

static void put_port(struct tlvs *w, unsigned int type)
{
	const struct lab *lab = &lab_of[WORLD_HOST];

	if (be_odd())
		tlv_put_text(w, type, PICK(odd_ports));
	else
		tlv_put_text(w, type, lab->port[rnd(lab->nports)].name);
}

static void put_index(struct tlvs *w, unsigned int type)
{
	static const uint32_t odd[] = {
		0, 1, 11, 12, 31, 99, 0x7fffffff, 0x80000000, 0xffffffff,
	};
	const struct lab *lab = &lab_of[WORLD_HOST];

	tlv_put_u32(w, type, be_odd() ? PICK(odd) :
		    (uint32_t)lab->port[rnd(lab->nports)].index);
}

static void put_cookie(struct tlvs *w, unsigned int type, unsigned int sock)
{
	uint64_t cookie = tag_cookie(sock, 0);

	if (be_odd()) {
		switch (rnd(5)) {
		case 0:
		case 1:
			cookie = tag_cookie(rnd(SOCKS), rnd(2)); /* foreign */
			break;
		case 2:
		case 3:
			cookie = tag_cookie(sock, 1 + rnd(2));	/* stale */
			break;
		default:
			cookie = rnd(3);
		}
	}
	tlv_put(w, type, &cookie, sizeof(cookie));
}

static void put_mac(struct tlvs *w, unsigned int type)
{
	uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, rnd(4) };

	if (be_odd())
		mac[0] = rnd(256);
	tlv_put(w, type, mac, sizeof(mac));
}

static uint32_t odd_number(const struct attr *a)
{
	const uint32_t odd[] = {
		0, 1, a->min - 1, a->min, a->max, a->max + 1, 255, 256, 65535,
		65536, 0x7fffffff, 0x80000000, 0xffffffff, rnd(~0u),
	};

	return odd[rnd(ARRAY_SIZE(odd))];
}

static uint32_t some_number(const struct attr *a)
{
	if (be_odd())
		return odd_number(a);
	if (a->has_max && a->max < 100)
		return rnd(a->max + 1);
	return a->min + rnd(12);
}

static void put_number(struct tlvs *w, unsigned int type, const struct attr *a)
{
	uint64_t value = some_number(a);

	tlv_put(w, type, &value, a->kind == KIND_U8 ? 1 :
				 a->kind == KIND_U32 ? 4 : 8);
}

static void put_nest(struct tlvs *w, unsigned int type, const struct set *s,
		     unsigned int sock)
{
	/* A nest may have another one, and that none. */
	static struct tlvs room[2];
	static unsigned int depth;
	struct tlvs *inside;
	unsigned int i;

	if (depth == ARRAY_SIZE(room))
		die("nests are deeper than the fuzzer knows");
	inside = &room[depth++];
	inside->len = 0;
	for (i = 0; i < s->n; i++)
		if (s->attr[i].name && !be_odd())
			value_put(inside, i, &s->attr[i], sock);
	depth--;
	tlv_put(w, type | (be_odd() ? 0 : NLA_F_NESTED), inside->data,
		inside->len);
}

/**
 * value_put() - append an attribute with a value that it may or may not take
 * @w: where to
 * @type: attribute
 * @a: what it is
 * @sock: whose cookies are right
 */
void value_put(struct tlvs *w, unsigned int type, const struct attr *a,
	       unsigned int sock)
{
	switch (a->role) {
	case ROLE_COOKIE:
		put_cookie(w, type, sock);
		return;
	case ROLE_DOMAIN:
		tlv_put_text(w, type, be_odd() ? PICK(odd_domains) :
				      one_in(8) ? PICK(ends) : PICK(domains));
		return;
	case ROLE_BRIDGE:
		tlv_put_text(w, type, be_odd() ? PICK(odd_bridges) :
						  PICK(bridges));
		return;
	case ROLE_PORT:
		put_port(w, type);
		return;
	case ROLE_PORT_INDEX:
		put_index(w, type);
		return;
	case ROLE_NONE:
		break;
	}
	if (!strcmp(a->name, "pattern"))
		tlv_put_text(w, type, be_odd() ? PICK(odd_patterns) :
						  PICK(patterns));
	else if (!strcmp(a->name, "mac"))
		put_mac(w, type);
	else if (!strcmp(a->name, "confirm"))
		/* None expires before its sequence ends. */
		tlv_put_u32(w, type, be_odd() ? VSEG_CONFIRM_MAX + 1 :
			    VSEG_CONFIRM_MAX - rnd(100));
	else if (a->kind == KIND_NEST)
		put_nest(w, type, a->nest, sock);
	else if (a->kind == KIND_STRING)
		tlv_put_text(w, type, PICK(domains));
	else if (a->kind == KIND_FLAG || a->kind == KIND_BINARY)
		tlv_put(w, type, "\1\2\3\4\5\6", a->kind == KIND_FLAG ? 0 : 6);
	else
		put_number(w, type, a);
}
