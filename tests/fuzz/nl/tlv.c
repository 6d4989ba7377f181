// SPDX-License-Identifier: GPL-2.0
/* Attributes. */
#include <string.h>

#include "fuzz.h"
#include "tlv.h"

static struct tlv tlv_at(unsigned int at, const uint8_t *p, unsigned int n)
{
	struct tlv none = { 0 }, t = { .at = at };
	struct nlattr a;

	if (at + NLA_HDRLEN > n)
		return none;
	memcpy(&a, p + at, sizeof(a));
	if (a.nla_len < NLA_HDRLEN || a.nla_len > n - at)
		return none;
	t.type = a.nla_type & NLA_TYPE_MASK;
	t.data = p + at + NLA_HDRLEN;
	t.len = a.nla_len - NLA_HDRLEN;
	return t;
}

struct tlv tlv_first(const uint8_t *p, unsigned int n)
{
	return tlv_at(0, p, n);
}

struct tlv tlv_next(const struct tlv *t, const uint8_t *p, unsigned int n)
{
	return tlv_at(t->at + NLA_ALIGN(NLA_HDRLEN + t->len), p, n);
}

/** tlv_find() - the last attribute of a type, as the kernel takes it */
bool tlv_find(const uint8_t *p, unsigned int n, unsigned int type,
	      struct tlv *found)
{
	bool any = false;
	struct tlv t;

	tlv_for_each(t, p, n) {
		if (t.type == type) {
			*found = t;
			any = true;
		}
	}
	return any;
}

/** tlv_number() - the value of a number of any width */
uint64_t tlv_number(const struct tlv *t)
{
	uint64_t value = 0;

	memcpy(&value, t->data, t->len < sizeof(value) ? t->len :
							 sizeof(value));
	return value;
}

/** tlv_text() - a string that was found to end */
const char *tlv_text(const struct tlv *t)
{
	return (const char *)t->data;
}

/** tlv_begins_at() - does an attribute begin there, at any depth? */
bool tlv_begins_at(const uint8_t *p, unsigned int n, unsigned int at)
{
	struct tlv t;

	tlv_for_each(t, p, n) {
		unsigned int inside = t.at + NLA_HDRLEN;

		if (t.at == at)
			return true;
		if (at >= inside && at < inside + t.len)
			return tlv_begins_at(t.data, t.len, at - inside);
	}
	return false;
}

/** tlv_put() - append an attribute, if there is room */
void tlv_put(struct tlvs *w, unsigned int type, const void *data,
	     unsigned int n)
{
	struct nlattr a = { NLA_HDRLEN + n, type };

	if (w->len + NLA_ALIGN(a.nla_len) > sizeof(w->data))
		return;
	memset(w->data + w->len, 0, NLA_ALIGN(a.nla_len));
	memcpy(w->data + w->len, &a, sizeof(a));
	if (n)
		memcpy(w->data + w->len + NLA_HDRLEN, data, n);
	w->len += NLA_ALIGN(a.nla_len);
}

void tlv_put_u32(struct tlvs *w, unsigned int type, uint32_t value)
{
	tlv_put(w, type, &value, sizeof(value));
}

void tlv_put_text(struct tlvs *w, unsigned int type, const char *text)
{
	tlv_put(w, type, text, strlen(text) + 1);
}

/* Is the length right for the type? */
static bool right_length(const struct attr *a, const struct tlv *t,
			 bool request)
{
	switch (a->kind) {
	case KIND_FLAG:
		return !t->len;
	case KIND_U8:
		return t->len == 1;
	case KIND_U32:
		return t->len == 4;
	case KIND_U64:
		return t->len == 8;
	case KIND_UINT:
		return t->len == 4 || t->len == 8;
	case KIND_STRING:
		return t->len && strnlen(tlv_text(t), t->len) == t->len - 1 &&
		       (!a->max_len || t->len - 1 <= a->max_len);
	case KIND_BINARY:
		return a->exact_len ? t->len == a->exact_len :
				      t->len == 4 || t->len == 16;
	case KIND_PAD:
		return !request;
	default:
		return true;
	}
}

/* Is the value one that the specification allows?  What a request may give at
 * least says nothing of answers.
 */
static bool right_value(const struct attr *a, const struct tlv *t,
			bool request)
{
	uint64_t value;

	if (a->kind != KIND_U8 && a->kind != KIND_U32 && a->kind != KIND_UINT)
		return true;
	value = tlv_number(t);
	if (a->is_flags)
		return !(value & ~(uint64_t)a->max);
	if (request && value < a->min)
		return false;
	return !a->has_max || value <= a->max;
}

static bool attr_follows(const struct set *s, uint64_t may, bool request,
			 const struct tlv *t, const char **why)
{
	const struct attr *a;

	if (t->type >= s->n || !s->attr[t->type].name) {
		*why = "an attribute that its set doesn't have";
		return false;
	}
	a = &s->attr[t->type];
	*why = a->name;
	if (a->kind == KIND_PAD && !request)
		return true;
	if (!(may & UINT64_C(1) << t->type))
		return false;
	if (a->kind == KIND_NEST)
		return tlv_follows(a->nest, ~UINT64_C(0), request, t->data,
				   t->len, why);
	return right_length(a, t, request) && right_value(a, t, request);
}

/**
 * tlv_follows() - do attributes follow the specification?
 * @s: their set
 * @may: those of it that may be here, a bit each
 * @request: it is one that the kernel took, not an answer
 * @p: first attribute
 * @n: bytes
 * @why: result: where they don't
 *
 * Return: whether they do, all of them, with nothing behind.
 */
bool tlv_follows(const struct set *s, uint64_t may, bool request,
		 const uint8_t *p, unsigned int n, const char **why)
{
	uint64_t seen = 0;
	unsigned int end = 0;
	struct tlv t;

	tlv_for_each(t, p, n) {
		if (!attr_follows(s, may, request, &t, why))
			return false;
		if (seen & UINT64_C(1) << t.type && !s->attr[t.type].multi &&
		    s->attr[t.type].kind != KIND_PAD) {
			*why = "an attribute given twice";
			return false;
		}
		seen |= UINT64_C(1) << t.type;
		end = t.at + NLA_ALIGN(NLA_HDRLEN + t.len);
	}
	*why = "bytes behind the last attribute";
	return end >= n;
}
