// SPDX-License-Identifier: GPL-2.0
/*
 * Feed vsegctl's netlink decoder what a kernel would send, and what none ever
 * should.  To be built with sanitizers; needs no kernel module.
 *
 * usage: nl-test [SEED [ROUNDS]]
 *        nl-test --schema	print the attribute tables, for the spec check
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <json-c/json.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/msg.h>

#include "event.h"
#include "nl.h"
#include "out.h"
#include "text.h"

#define ROUNDS	20000

static FILE *ktap;
static unsigned int tests, failures;
static bool good;

static void PRINTF(1, 2) note(const char *fmt, ...)
{
	va_list ap;

	fputs("# ", ktap);
	va_start(ap, fmt);
	vfprintf(ktap, fmt, ap);
	va_end(ap);
	fputc('\n', ktap);
}

#define check(_cond, ...)						\
	do {								\
		if (!(_cond)) {						\
			good = false;					\
			note("line %d: %s", __LINE__, #_cond);		\
			note(__VA_ARGS__);				\
		}							\
	} while (0)

/* xorshift64*: the same everywhere for the same seed */
static uint64_t state;

static uint32_t rnd(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % below;
}

/*
 * --- a message being made ---
 * The buffer is as large as its content, so that a step beyond it is seen.
 */
struct buf {
	char *p;
	int len;
};

static void *grow(struct buf *b, int n)
{
	b->p = xreallocarray(b->p, 1, b->len + n ? b->len + n : 1);
	memset(b->p + b->len, 0, n);
	b->len += n;
	return b->p + b->len - n;
}

static void put(struct buf *b, int type, const void *data, int n)
{
	struct nlattr *a = grow(b, NLA_ALIGN(NLA_HDRLEN + n));

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + n;
	if (n)
		memcpy((char *)a + NLA_HDRLEN, data, n);
}

static void put_u32(struct buf *b, int type, uint32_t v)
{
	put(b, type, &v, sizeof(v));
}

static void drop_buf(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->len = 0;
}

/* A copy that ends where its content does. */
static char *exact(const void *p, int n)
{
	char *copy = xreallocarray(NULL, 1, n ? n : 1);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

static void put_model(struct buf *b, const struct schema *s);

/* An attribute of its right size, with any content. */
static void put_valid(struct buf *b, int type, const struct field *f)
{
	struct buf nest = { 0 };
	char data[VSEG_PATTERN_MAX + 1];
	unsigned int i, n = 0;

	for (i = 0; i < sizeof(data); i++)
		data[i] = rnd(256);
	switch (f->kind) {
	case FIELD_SWITCH:
		n = 1;
		break;
	case FIELD_ENUM:
		data[0] = rnd(f->names->n + 2);
		memset(data + 1, 0, 3);
		n = 4;
		break;
	case FIELD_U32:
	case FIELD_BITS:
		n = 4;
		break;
	case FIELD_U64:
		n = 8;
		break;
	case FIELD_UINT:
		n = rnd(2) ? 4 : 8;
		break;
	case FIELD_STRING:
		n = rnd(f->size);
		break;
	case FIELD_MAC:
	case FIELD_MACS:
		n = 6;
		break;
	case FIELD_BYTES:
		n = rnd(sizeof(data));
		break;
	case FIELD_ADDRESS:
		n = rnd(2) ? 4 : 16;
		break;
	case FIELD_NEST:
	case FIELD_LIST:
		put_model(&nest, f->nest);
		put(b, type | NLA_F_NESTED, nest.p, nest.len);
		drop_buf(&nest);
		return;
	case FIELD_FLAG:
	case FIELD_NONE:
		break;
	}
	put(b, type, data, n);
}

static void put_model(struct buf *b, const struct schema *s)
{
	unsigned int i;

	for (i = 1; i < s->n; i++)
		put_valid(b, i, &s->field[i]);
}

/* --- what comes out of it --- */

/* Print a model as text or JSON into memory. */
static char *print(const struct schema *s, const void *obj, bool json)
{
	FILE *real = stdout;
	struct out *o;
	char *text;
	size_t len;

	fflush(stdout);
	stdout = open_memstream(&text, &len);
	o = out_new(json);
	if (s == &drop_schema || s == &config_schema) {
		event_print(o, s, obj);
	} else {
		out_object(o, NULL);
		out_model(o, s, obj);
		out_end(o);
		out_line(o, "%.*s", (int)s->size, (const char *)obj);
	}
	out_free(o);
	fclose(stdout);
	stdout = real;
	return text;
}

static bool parses(const char *text, int flags)
{
	struct json_tokener *t = json_tokener_new();
	struct json_object *j;
	bool ok;

	json_tokener_set_flags(t, flags);
	j = json_tokener_parse_ex(t, text, strlen(text));
	ok = json_tokener_get_error(t) == json_tokener_success && j;
	json_object_put(j);
	json_tokener_free(t);
	return ok;
}

/* json-c 0.18, when strict, takes all that isn't ASCII for control codes. */
static bool is_json(const char *text)
{
	char *ascii = exact(text, strlen(text) + 1), *p;
	bool ok;

	for (p = ascii; *p; p++)
		if (*p & 0x80)
			*p = '?';
	ok = parses(ascii, JSON_TOKENER_STRICT) &&
	     parses(text, JSON_TOKENER_VALIDATE_UTF8);
	free(ascii);
	return ok;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((*text < ' ' || *text > '~') && *text != '\n')
			return false;
	return true;
}

static int decode(const struct schema *s, void *obj, const char *p, int n)
{
	char *copy = exact(p, n);
	int err;

	memset(obj, 0, s->size);
	err = vnl_decode(s, obj, (struct nlattr *)copy, n);
	free(copy);
	return err;
}

static void *new_obj(const struct schema *s)
{
	return xreallocarray(NULL, 1, s->size);
}

static void check_printed(const struct schema *s, const void *obj)
{
	char *text = print(s, obj, true);

	check(is_json(text), "%s is no JSON: %s", s->name, text);
	free(text);
	text = print(s, obj, false);
	check(is_plain(text), "%s prints a control code", s->name);
	free(text);
}

/* --- tests --- */

static void test_tables(void)
{
	static const unsigned int size[] = {
		[FIELD_SWITCH] = sizeof(bool), [FIELD_FLAG] = sizeof(bool),
		[FIELD_U32] = 4, [FIELD_ENUM] = 4, [FIELD_BITS] = 4,
		[FIELD_U64] = 8, [FIELD_UINT] = 8, [FIELD_MAC] = 6,
		[FIELD_ADDRESS] = sizeof(struct address),
		[FIELD_LIST] = sizeof(struct list),
		[FIELD_MACS] = sizeof(struct list),
		[FIELD_BYTES] = sizeof(struct bytes),
	};
	const struct schema *const *s;
	unsigned int i;

	for (s = schemas; *s; s++) {
		for (i = 1; i < (*s)->n; i++) {
			const struct field *f = &(*s)->field[i];

			check(f->name, "%s attribute %u", (*s)->name, i);
			if (f->kind != FIELD_STRING && f->kind != FIELD_NEST)
				check(f->size == size[f->kind], "%s.%s",
				      (*s)->name, f->name);
			if (f->kind == FIELD_NEST)
				check(f->size == f->nest->size, "%s.%s",
				      (*s)->name, f->name);
		}
	}
}

static void test_valid(void)
{
	const struct schema *const *s;

	for (s = schemas; *s; s++) {
		void *obj = new_obj(*s);
		struct buf b = { 0 };
		uint64_t all = 0;
		unsigned int i;

		for (i = 1; i < (*s)->n; i++)
			if ((*s)->field[i].kind != FIELD_NONE)
				all |= BIT64(i);
		put_model(&b, *s);
		check(!decode(*s, obj, b.p, b.len), "%s", (*s)->name);
		check(*(uint64_t *)obj == all, "%s", (*s)->name);
		check_printed(*s, obj);
		model_clear(*s, obj);
		drop_buf(&b);
		free(obj);
	}
}

static bool size_is_right(const struct field *f, int n)
{
	switch (f->kind) {
	case FIELD_SWITCH:
		return n == 1;
	case FIELD_U32:
	case FIELD_ENUM:
	case FIELD_BITS:
		return n == 4;
	case FIELD_U64:
		return n == 8;
	case FIELD_UINT:
		return n == 4 || n == 8;
	case FIELD_MAC:
	case FIELD_MACS:
		return n == 6;
	case FIELD_ADDRESS:
		return n == 4 || n == 16;
	case FIELD_STRING:
		return n < (int)f->size;
	default:
		return true;
	}
}

static void test_sizes(void)
{
	const struct schema *const *s;
	unsigned int i;
	char data[80];
	int n, err;

	memset(data, 'x', sizeof(data));
	for (s = schemas; *s; s++) {
		void *obj = new_obj(*s);

		for (i = 1; i < (*s)->n; i++) {
			const struct field *f = &(*s)->field[i];

			if (f->nest)
				continue;
			for (n = 0; n < (int)sizeof(data); n++) {
				struct buf b = { 0 };

				put(&b, i, data, n);
				err = decode(*s, obj, b.p, b.len);
				check(!err == size_is_right(f, n),
				      "%s.%s with %d bytes: %d", (*s)->name,
				      f->name, n, err);
				model_clear(*s, obj);
				drop_buf(&b);
			}
		}
		free(obj);
	}
}

static void test_truncated(void)
{
	const struct schema *const *s;
	int n, err;

	for (s = schemas; *s; s++) {
		void *obj = new_obj(*s);
		struct buf b = { 0 };

		put_model(&b, *s);
		for (n = 0; n <= b.len; n++) {
			err = decode(*s, obj, b.p, n);
			check(!err || err == -EBADMSG, "%s cut at %d: %d",
			      (*s)->name, n, err);
			check_printed(*s, obj);
			model_clear(*s, obj);
		}
		drop_buf(&b);
		free(obj);
	}
}

static void test_strings(void)
{
	struct buf b = { 0 };
	struct domain d;

	put(&b, VSEG_A_DOMAIN_NAME, "web", 3);
	check(!decode(&domain_schema, &d, b.p, b.len), "no zero at its end");
	check(!strcmp(d.name, "web"), "%s", d.name);
	drop_buf(&b);

	put(&b, VSEG_A_DOMAIN_NAME, "web\0db", 7);
	check(!decode(&domain_schema, &d, b.p, b.len), "a zero inside");
	check(!strcmp(d.name, "web"), "%s", d.name);
	drop_buf(&b);

	put(&b, VSEG_A_DOMAIN_NAME, "", 0);
	check(!decode(&domain_schema, &d, b.p, b.len), "empty");
	check(!*d.name && has(&d, VSEG_A_DOMAIN_NAME), "empty");
	drop_buf(&b);

	put(&b, VSEG_A_DOMAIN_NAME, "aaaaaaaaaabbbbbbbbbbccccccccccd", 32);
	check(!decode(&domain_schema, &d, b.p, b.len), "as long as it may be");
	check(strlen(d.name) == VSEG_NAME_MAX, "%s", d.name);
	drop_buf(&b);
}

static void test_unknown(void)
{
	struct buf b = { 0 };
	struct cell c;
	char *text;

	put_u32(&b, 999, 1);
	put_u32(&b, 0, 1);
	put_u32(&b, VSEG_A_CELL_ACTION, 77);
	put_u32(&b, VSEG_A_CELL_FLAGS, 0x80000003);
	put_u32(&b, __VSEG_A_CELL_MAX, 1);
	check(!decode(&cell_schema, &c, b.p, b.len), "unknown attributes");
	check(c.has == (BIT64(VSEG_A_CELL_ACTION) | BIT64(VSEG_A_CELL_FLAGS)),
	      "has %#llx", (unsigned long long)c.has);
	text = print(&cell_schema, &c, true);
	check(strstr(text, "\"action\":\"77\""), "%s", text);
	check(strstr(text, "[\"monitor\",\"implicit\",\"31\"]"), "%s", text);
	free(text);
	drop_buf(&b);
}

static void test_uint(void)
{
	uint64_t large = UINT64_MAX;
	struct buf b = { 0 };
	struct cell c;
	char *text;

	put_u32(&b, VSEG_A_CELL_PACKETS, UINT32_MAX);
	put(&b, VSEG_A_CELL_BYTES, &large, sizeof(large));
	check(!decode(&cell_schema, &c, b.p, b.len), "4 and 8 bytes");
	check(c.packets == UINT32_MAX && c.bytes == UINT64_MAX, "values");
	text = print(&cell_schema, &c, true);
	check(strstr(text, ":18446744073709551615"), "%s", text);
	free(text);
	drop_buf(&b);
}

/* Names that a guest's owner could give to a tap. */
static void test_names(void)
{
	static const struct {
		const char *name, *json, *text;
	} t[] = {
		{ "vm1", "\"vm1\"", "vm1" },
		{ "\033[2Jx", "\"\\\\x1b[2Jx\"", "\\x1b[2Jx" },
		{ "\xc3\xa9", "\"\xc3\xa9\"", "\\xc3\\xa9" },
		{ "\xc2\x9b", "\"\\\\xc2\\\\x9b\"", "\\xc2\\x9b" },
		{ "\xff", "\"\\\\xff\"", "\\xff" },
		{ "\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"",
		  "\\xed\\xa0\\x80" },
		{ "\xc0\xaf", "\"\\\\xc0\\\\xaf\"", "\\xc0\\xaf" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"", "a\"b\\x5cc" },
	};
	struct config c = { 0 };
	unsigned int i;
	char *text;

	give(&c, VSEG_A_CONFIG_IFINDEX);
	give(&c, VSEG_A_CONFIG_IFNAME);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		snprintf(c.ifname, sizeof(c.ifname), "%s", t[i].name);
		text = print(&config_schema, &c, true);
		check(strstr(text, t[i].json), "%s", text);
		check(is_json(text), "%s", text);
		free(text);
		text = print(&config_schema, &c, false);
		check(strstr(text, t[i].text), "%s", text);
		check(is_plain(text), "%u", i);
		free(text);
	}
}

static void ignore_event(const struct schema *s, const void *obj, void *data)
{
	char *text = print(s, obj, true);

	check(is_json(text), "%s", text);
	free(text);
	text = print(s, obj, false);
	check(is_plain(text), "%s", s->name);
	free(text);
	++*(int *)data;
}

static int decode_event(int cmd, const char *attrs, int n, int *seen)
{
	struct genlmsghdr genl = { .cmd = cmd };
	char *p = xreallocarray(NULL, 1, sizeof(genl) + n);
	int err;

	memcpy(p, &genl, sizeof(genl));
	if (n)
		memcpy(p + sizeof(genl), attrs, n);
	err = vnl_decode_event(p, sizeof(genl) + n, ignore_event, seen);
	free(p);
	return err;
}

static void test_events(void)
{
	struct genlmsghdr genl = { .cmd = VSEG_CMD_DROP_NTF };
	struct buf b = { 0 };
	int seen = 0;

	put_model(&b, &drop_schema);
	check(!decode_event(VSEG_CMD_DROP_NTF, b.p, b.len, &seen), "drop");
	check(seen == 1, "%d", seen);
	check(!decode_event(VSEG_CMD_DROP_NTF, NULL, 0, &seen), "empty drop");
	check(!decode_event(VSEG_CMD_CONFIG_NTF, NULL, 0, &seen), "config");
	check(seen == 3, "%d", seen);
	check(!decode_event(200, b.p, b.len, &seen), "unknown event");
	check(seen == 3, "%d", seen);
	check(vnl_decode_event(&genl, 3, ignore_event, &seen) == -EBADMSG,
	      "no header");
	drop_buf(&b);
}

/* What the man page shows. */
static void test_event_text(void)
{
	struct drop d = {
		.time = UINT64_C(1700000000123456789), .would = true,
		.reason = VSEG_REASON_DEFAULT_DENY, .in_ifname = "vnet0",
		.out_ifname = "vnet1", .src = "web", .dst = "db", .vlan = 10,
		.src_mac = { 2, 0, 0, 0, 0, 1 }, .dst_mac = { 2, 0, 0, 0, 0, 2 },
		.ethertype = 0x800, .ip_src = { 4, { 10, 0, 0, 1 } },
		.ip_dst = { 4, { 10, 0, 0, 2 } }, .ip_proto = 6, .sport = 1024,
		.dport = 80, .length = 74, .limited = 3,
		.has = ((1u << VSEG_A_DROP_LENGTH) << 1) - 2,
	};
	char *text = print(&drop_schema, &d, false);

	check(!strcmp(text, "22:13:20.123456 WOULD default-deny vnet0 -> vnet1 web -> db vlan 10 02:00:00:00:00:01 -> 02:00:00:00:00:02 IPv4 10.0.0.1:1024 -> 10.0.0.2:80 TCP length 74 (+3 limited)\n"),
	      "%s", text);
	free(text);
	d.has = BIT64(VSEG_A_DROP_OUT_IFNAME) | BIT64(VSEG_A_DROP_ETHERTYPE);
	d.ethertype = 0x9999;
	d.limited = 0;
	text = print(&drop_schema, &d, false);
	check(strstr(text, "DROP  default-deny host -> vnet1 web -> db 0x9999\n"),
	      "%s", text);
	free(text);
}

/* --- edits: out and in again --- */

/* More than a frame can have is refused, not cut. */
static void test_bytes(void)
{
	static const char frame[VSEG_FRAME_MAX + 1];
	struct decision d;
	struct buf b = { 0 };

	put(&b, VSEG_A_DECISION_FRAME, frame, VSEG_FRAME_MAX);
	check(!decode(&decision_schema, &d, b.p, b.len), "a whole frame");
	check(d.frame.len == VSEG_FRAME_MAX, "%u", d.frame.len);
	drop_buf(&b);
	put(&b, VSEG_A_DECISION_FRAME, frame, VSEG_FRAME_MAX + 1);
	check(decode(&decision_schema, &d, b.p, b.len) == -EBADMSG, "longer");
	drop_buf(&b);
}

static void test_encode(void)
{
	const struct schema *const *s;
	static const struct schema *const edits[] = {
		&txn_schema, &settings_schema, &domain_schema, &bridge_schema,
		&port_schema, &cell_schema, &selector_schema, &rule_schema,
		&decision_schema, NULL
	};

	for (s = edits; *s; s++) {
		void *obj = new_obj(*s), *again = new_obj(*s);
		struct buf b = { 0 };
		struct nl_msg *msg;
		size_t max, len;
		char *x, *y;
		unsigned int i;

		put_model(&b, *s);
		decode(*s, obj, b.p, b.len);
		/* no request carries counters */
		for (i = 1; i < (*s)->n; i++)
			if ((*s)->field[i].nest == &stats_schema)
				*(uint64_t *)obj &= ~BIT64(i);
		max = vnl_encoded_max(*s, obj);
		msg = nlmsg_alloc_size(NLMSG_HDRLEN + max);
		nlmsg_put(msg, 0, 0, 0, 0, 0);
		check(!vnl_encode(msg, *s, obj), "%s has no room", (*s)->name);
		len = nlmsg_datalen(nlmsg_hdr(msg));
		check(len <= max, "%s: %zu > %zu", (*s)->name, len, max);
		check(!decode(*s, again, nlmsg_data(nlmsg_hdr(msg)), len),
		      "%s", (*s)->name);
		x = print(*s, obj, true);
		y = print(*s, again, true);
		check(!strcmp(x, y), "%s\n# %s", x, y);
		free(x);
		free(y);
		nlmsg_free(msg);
		model_clear(*s, obj);
		model_clear(*s, again);
		drop_buf(&b);
		free(obj);
		free(again);
	}
}

/* --- refusals --- */

/* An answer to @request, whole or capped, with TLVs. */
static struct buf answer(int type, int err, const struct buf *request,
			 bool whole, const struct buf *tlvs)
{
	struct buf b = { 0 };
	struct nlmsghdr *h = grow(&b, NLMSG_HDRLEN);
	struct nlmsgerr *e;

	h->nlmsg_type = type;
	h->nlmsg_flags = (tlvs ? NLM_F_ACK_TLVS : 0) |
			 (whole ? 0 : NLM_F_CAPPED);
	if (type == NLMSG_DONE) {
		memcpy(grow(&b, sizeof(err)), &err, sizeof(err));
	} else {
		e = grow(&b, sizeof(*e));
		e->error = err;
		e->msg = *(const struct nlmsghdr *)request->p;
		if (whole)
			memcpy(grow(&b, request->len - NLMSG_HDRLEN),
			       request->p + NLMSG_HDRLEN,
			       request->len - NLMSG_HDRLEN);
	}
	if (tlvs && tlvs->len)
		memcpy(grow(&b, tlvs->len), tlvs->p, tlvs->len);
	((struct nlmsghdr *)b.p)->nlmsg_len = b.len;
	return b;
}

/* port-bind with two VLAN ranges; where they are, in bytes */
static struct buf bind_request(int *vlan2, int *domain2)
{
	struct buf b = { 0 }, nest = { 0 };
	int offset;

	grow(&b, NLMSG_HDRLEN + GENL_HDRLEN);
	put(&b, VSEG_A_PORT_IFNAME, "vm1", 4);
	put_u32(&nest, VSEG_A_VLAN_FIRST, 10);
	offset = nest.len;
	put(&nest, VSEG_A_VLAN_DOMAIN, "web", 4);
	put(&b, VSEG_A_PORT_VLAN | NLA_F_NESTED, nest.p, nest.len);
	*vlan2 = b.len;
	*domain2 = b.len + NLA_HDRLEN + offset;
	put(&b, VSEG_A_PORT_VLAN | NLA_F_NESTED, nest.p, nest.len);
	drop_buf(&nest);
	((struct nlmsghdr *)b.p)->nlmsg_len = b.len;
	return b;
}

static struct vnl_error refuse(int type, int err, const struct buf *request,
			       bool whole, const struct buf *tlvs)
{
	struct buf b = answer(type, err, request, whole, tlvs);
	char *copy = exact(b.p, b.len);
	struct vnl_error e;

	vnl_error_decode((struct nlmsghdr *)copy,
			 (const struct nlmsghdr *)request->p, &port_schema, &e);
	free(copy);
	drop_buf(&b);
	return e;
}

static struct buf tlvs_at(const char *msg, int len, uint32_t offset)
{
	struct buf b = { 0 };

	put(&b, NLMSGERR_ATTR_MSG, msg, len);
	put_u32(&b, NLMSGERR_ATTR_OFFS, offset);
	return b;
}

static void test_refusals(void)
{
	int vlan2, domain2, whole;
	struct buf req = bind_request(&vlan2, &domain2);
	struct buf tlvs = tlvs_at("no such domain", 15, domain2);
	struct vnl_error e;

	for (whole = 0; whole < 2; whole++) {
		e = refuse(NLMSG_ERROR, -ENOENT, &req, whole, &tlvs);
		check(e.err == ENOENT, "%d", e.err);
		check(!strcmp(e.text, "no such domain"), "%s", e.text);
		check(!strcmp(e.attr, "vlan.domain"), "%s", e.attr);
	}
	e = refuse(NLMSG_ERROR, -EPERM, &req, false, NULL);
	check(!strcmp(e.text, strerror(EPERM)) && !*e.attr, "%s", e.text);
	e = refuse(NLMSG_ERROR, 0, &req, false, NULL);
	check(!e.err && !*e.text, "%s", e.text);
	e = refuse(NLMSG_ERROR, 0, &req, false, &tlvs);
	check(!e.err && !strcmp(e.text, "no such domain"), "a warning");
	e = refuse(NLMSG_ERROR, INT_MIN, &req, false, NULL);
	check(e.err == EBADMSG, "%d", e.err);
	e = refuse(NLMSG_ERROR, 1, &req, false, NULL);
	check(e.err == EBADMSG, "%d", e.err);
	e = refuse(NLMSG_DONE, 0, &req, false, NULL);
	check(!e.err && !*e.text, "the end of a dump");
	e = refuse(NLMSG_DONE, -EINVAL, &req, false, &tlvs);
	check(e.err == EINVAL && !strcmp(e.text, "no such domain"), "%s",
	      e.text);
	drop_buf(&tlvs);

	tlvs = tlvs_at("unterminated", 12, vlan2);
	e = refuse(NLMSG_ERROR, -EINVAL, &req, false, &tlvs);
	check(!strcmp(e.text, "unterminated"), "%s", e.text);
	check(!strcmp(e.attr, "vlan"), "%s", e.attr);
	drop_buf(&tlvs);
	drop_buf(&req);
}

static void test_missing(void)
{
	int vlan2, domain2;
	struct buf req = bind_request(&vlan2, &domain2), tlvs = { 0 };
	struct vnl_error e;

	put_u32(&tlvs, NLMSGERR_ATTR_MISS_TYPE, VSEG_A_PORT_DOMAIN);
	e = refuse(NLMSG_ERROR, -EINVAL, &req, false, &tlvs);
	check(e.missing && !strcmp(e.attr, "domain"), "%s", e.attr);
	put_u32(&tlvs, NLMSGERR_ATTR_MISS_NEST, vlan2);
	e = refuse(NLMSG_ERROR, -EINVAL, &req, false, &tlvs);
	check(e.missing && !strncmp(e.attr, "vlan.", 5), "%s", e.attr);
	drop_buf(&tlvs);
	drop_buf(&req);
}

/* Offsets that no kernel sends, and every cut of an answer. */
static void test_wild_refusals(void)
{
	int vlan2, domain2, i;
	struct buf req = bind_request(&vlan2, &domain2), tlvs, b;
	struct vnl_error e;

	for (i = -4; i < req.len + 8; i++) {
		tlvs = tlvs_at("x", 2, (uint32_t)i);
		refuse(NLMSG_ERROR, -EINVAL, &req, false, &tlvs);
		drop_buf(&tlvs);
	}
	tlvs = tlvs_at("text", 5, vlan2);
	b = answer(NLMSG_ERROR, -EINVAL, &req, true, &tlvs);
	for (i = NLMSG_HDRLEN; i <= b.len; i++) {
		char *copy = exact(b.p, i);

		((struct nlmsghdr *)copy)->nlmsg_len = i;
		vnl_error_decode((struct nlmsghdr *)copy,
				 (struct nlmsghdr *)req.p, &port_schema, &e);
		check(e.err, "cut at %d", i);
		free(copy);
	}
	drop_buf(&b);
	drop_buf(&tlvs);
	drop_buf(&req);
}

static void corrupt(char *p, int n)
{
	unsigned int times = 1 + rnd(8);

	while (times-- && n)
		p[rnd(n)] = (char)(rnd(3) ? rnd(256) : rnd(2) ? 0 : 0xff);
}

static unsigned long rounds = ROUNDS;

static void test_corrupt_models(void)
{
	unsigned long round;
	unsigned int n;

	for (n = 1; schemas[n]; n++)
		;
	for (round = 0; round < rounds; round++) {
		const struct schema *s = schemas[rnd(n)];
		void *obj = new_obj(s);
		struct buf b = { 0 };
		int seen = 0, err;

		put_model(&b, s);
		corrupt(b.p, b.len);
		err = decode(s, obj, b.p, rnd(4) ? b.len : (int)rnd(b.len + 1));
		check(!err || err == -EBADMSG, "%d", err);
		check_printed(s, obj);
		model_clear(s, obj);
		if (s == &drop_schema)
			decode_event(VSEG_CMD_DROP_NTF, b.p, b.len, &seen);
		drop_buf(&b);
		free(obj);
	}
}

static void test_corrupt_refusals(void)
{
	unsigned long round;
	int vlan2, domain2;

	for (round = 0; round < rounds; round++) {
		struct buf req = bind_request(&vlan2, &domain2);
		struct buf tlvs = tlvs_at("no", 3, rnd(2) ? vlan2 : domain2);
		struct buf b = answer(rnd(2) ? NLMSG_ERROR : NLMSG_DONE,
				      -(int)rnd(200), &req, rnd(2), &tlvs);
		struct vnl_error e;

		corrupt(b.p + NLMSG_HDRLEN, b.len - NLMSG_HDRLEN);
		vnl_error_decode((struct nlmsghdr *)b.p,
				 (struct nlmsghdr *)req.p, &port_schema, &e);
		drop_buf(&b);
		drop_buf(&tlvs);
		drop_buf(&req);
	}
}

static void print_schema(void)
{
	static const char *const kind[] = {
		[FIELD_NONE] = "pad", [FIELD_SWITCH] = "u8",
		[FIELD_FLAG] = "flag", [FIELD_U32] = "u32",
		[FIELD_ENUM] = "u32", [FIELD_BITS] = "u32",
		[FIELD_U64] = "u64", [FIELD_UINT] = "uint",
		[FIELD_STRING] = "string", [FIELD_MAC] = "binary",
		[FIELD_ADDRESS] = "binary", [FIELD_NEST] = "nest",
		[FIELD_LIST] = "nest", [FIELD_MACS] = "binary",
		[FIELD_BYTES] = "binary",
	};
	const struct schema *const *s;
	unsigned int i, j;

	for (s = schemas; *s; s++) {
		for (i = 1; i < (*s)->n; i++) {
			const struct field *f = &(*s)->field[i];

			printf("%s %u %s %s%s%s", (*s)->name, i, f->name,
			       kind[f->kind], f->nest ? " " : "",
			       f->nest ? f->nest->name : "");
			for (j = 0; f->names && j < f->names->n; j++)
				printf("%c%s", j ? ',' : ' ',
				       f->names->name[j]);
			putchar('\n');
		}
	}
}

static void run(const char *name, void (*test)(void))
{
	good = true;
	test();
	fprintf(ktap, "%sok %u - %s\n", good ? "" : "not ", ++tests, name);
	failures += !good;
}

int main(int argc, char **argv)
{
	uint64_t seed = time(NULL);

	if (argc > 1 && !strcmp(argv[1], "--schema")) {
		print_schema();
		return 0;
	}
	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		rounds = strtoul(argv[2], NULL, 0);
	state = seed * 2 + 1;
	setenv("TZ", "UTC", 1);
	ktap = stdout;
	setvbuf(ktap, NULL, _IOLBF, 0);
	fprintf(ktap, "KTAP version 1\n1..17\n# seed %llu, %lu rounds\n",
		(unsigned long long)seed, rounds);

	run("tables are sound", test_tables);
	run("every attribute set is understood", test_valid);
	run("attributes of a wrong size are refused", test_sizes);
	run("messages cut anywhere", test_truncated);
	run("strings with and without a zero", test_strings);
	run("unknown attributes and values", test_unknown);
	run("uint of 4 and of 8 bytes", test_uint);
	run("device names that aren't plain", test_names);
	run("events", test_events);
	run("an event in one line", test_event_text);
	run("frames as long as they may be", test_bytes);
	run("edits out and in again", test_encode);
	run("refusals name the attribute", test_refusals);
	run("refusals name what is missing", test_missing);
	run("refusals that make no sense", test_wild_refusals);
	run("models corrupted at random", test_corrupt_models);
	run("refusals corrupted at random", test_corrupt_refusals);
	return !!failures;
}
