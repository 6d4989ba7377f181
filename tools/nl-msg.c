// SPDX-License-Identifier: GPL-2.0
/* Models to attributes and back, by the tables of model.c. */
#include <errno.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/genl/genl.h>

#include "nl.h"

/* uint: the kernel sends 4 bytes when they are enough, 8 otherwise */
static int get_uint(const struct nlattr *a, uint64_t *value)
{
	uint32_t small;

	switch (nla_len(a)) {
	case sizeof(small):
		memcpy(&small, nla_data(a), sizeof(small));
		*value = small;
		return 0;
	case sizeof(*value):
		memcpy(value, nla_data(a), sizeof(*value));
		return 0;
	}
	return -EBADMSG;
}

static int get_bytes(const struct nlattr *a, void *to, int size)
{
	if (nla_len(a) != size)
		return -EBADMSG;
	memcpy(to, nla_data(a), size);
	return 0;
}

static int get_switch(const struct nlattr *a, bool *value)
{
	uint8_t byte;

	if (get_bytes(a, &byte, sizeof(byte)))
		return -EBADMSG;
	*value = byte;
	return 0;
}

/* with or without a zero at its end, but never longer than its place */
static int get_string(const struct nlattr *a, char *to, size_t size)
{
	size_t len = strnlen(nla_data(a), nla_len(a));

	if (len >= size)
		return -EBADMSG;
	memcpy(to, nla_data(a), len);
	to[len] = '\0';
	return 0;
}

static int get_address(const struct nlattr *a, struct address *to)
{
	int len = nla_len(a);

	if (len != 4 && len != 16)
		return -EBADMSG;
	to->len = len;
	memcpy(to->byte, nla_data(a), len);
	return 0;
}

static int get_some(const struct nlattr *a, struct bytes *to)
{
	if ((size_t)nla_len(a) > sizeof(to->byte))
		return -EBADMSG;
	to->len = nla_len(a);
	memcpy(to->byte, nla_data(a), to->len);
	return 0;
}

static int get_field(const struct field *f, void *member,
		     const struct nlattr *a)
{
	switch (f->kind) {
	case FIELD_SWITCH:
		return get_switch(a, member);
	case FIELD_FLAG:
		*(bool *)member = true;
		return 0;
	case FIELD_U32:
	case FIELD_ENUM:
	case FIELD_BITS:
	case FIELD_MAC:
	case FIELD_U64:
		return get_bytes(a, member, f->size);
	case FIELD_UINT:
		return get_uint(a, member);
	case FIELD_STRING:
		return get_string(a, member, f->size);
	case FIELD_MACS:
		return get_bytes(a, list_add(member, sizeof(struct mac)),
				 sizeof(struct mac));
	case FIELD_BYTES:
		return get_some(a, member);
	case FIELD_ADDRESS:
		return get_address(a, member);
	case FIELD_NEST:
		return vnl_decode(f->nest, member, nla_data(a), nla_len(a));
	case FIELD_LIST:
		return vnl_decode(f->nest, list_add(member, f->nest->size),
				 nla_data(a), nla_len(a));
	case FIELD_NONE:
		break;
	}
	return 0;
}

/**
 * vnl_decode() - attributes to a model
 * @s: what to expect
 * @obj: an empty model
 * @attrs: first attribute
 * @len: bytes from there
 *
 * Attributes that this program doesn't know are passed over: the kernel may
 * be newer.  Attributes with a wrong size are not.
 *
 * Return: 0 or -EBADMSG; @obj must be cleared in both cases.
 */
int vnl_decode(const struct schema *s, void *obj, const struct nlattr *attrs,
	       int len)
{
	uint64_t *given = obj;
	const struct nlattr *a;
	int left, err;

	nla_for_each_attr(a, attrs, len, left) {
		unsigned int type = nla_type(a);
		const struct field *f;

		if (type >= s->n)
			continue;
		f = &s->field[type];
		if (f->kind == FIELD_NONE)
			continue;
		err = get_field(f, (char *)obj + f->offset, a);
		if (err)
			return err;
		*given |= BIT64(type);
	}
	return left > 0 ? -EBADMSG : 0;
}

static int put_nest(struct nl_msg *msg, int type, const struct field *f,
		    const void *obj)
{
	struct nlattr *nest = nla_nest_start(msg, type | NLA_F_NESTED);

	if (!nest || vnl_encode(msg, f->nest, obj))
		return -ENOBUFS;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_list(struct nl_msg *msg, int type, const struct field *f,
		    const struct list *l)
{
	size_t i;
	int err;

	for (i = 0; i < l->n; i++) {
		err = put_nest(msg, type, f,
			       (char *)l->item + i * f->nest->size);
		if (err)
			return err;
	}
	return 0;
}

static int put_macs(struct nl_msg *msg, int type, const struct list *l)
{
	const struct mac *mac = l->item;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (nla_put(msg, type, sizeof(*mac), &mac[i]))
			return -ENOBUFS;
	return 0;
}

static int put_field(struct nl_msg *msg, int type, const struct field *f,
		     const void *member)
{
	const struct address *address = member;
	const struct bytes *bytes = member;

	switch (f->kind) {
	case FIELD_SWITCH:
		return nla_put_u8(msg, type, *(const bool *)member);
	case FIELD_FLAG:
		return nla_put_flag(msg, type);
	case FIELD_U32:
	case FIELD_ENUM:
	case FIELD_BITS:
	case FIELD_MAC:
	case FIELD_U64:
	case FIELD_UINT:
		return nla_put(msg, type, f->size, member);
	case FIELD_STRING:
		return nla_put_string(msg, type, member);
	case FIELD_LIST:
		return put_list(msg, type, f, member);
	case FIELD_MACS:
		return put_macs(msg, type, member);
	case FIELD_BYTES:
		return nla_put(msg, type, bytes->len, bytes->byte);
	case FIELD_ADDRESS:
		return nla_put(msg, type, address->len, address->byte);
	case FIELD_NEST:
		return put_nest(msg, type, f, member);
	case FIELD_NONE:
		break;
	}
	return 0;
}

/**
 * vnl_encode() - a model to attributes
 * @msg: message to append to, with room for vnl_encoded_max()
 * @s: what @obj is
 * @obj: the model; what isn't given isn't sent
 *
 * Return: 0, or -ENOBUFS when @msg lacks the room.
 */
int vnl_encode(struct nl_msg *msg, const struct schema *s, const void *obj)
{
	uint64_t given = *(const uint64_t *)obj;
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];

		if (!(given & BIT64(i)))
			continue;
		if (put_field(msg, i, f, (const char *)obj + f->offset))
			return -ENOBUFS;
	}
	return 0;
}

static size_t field_max(const struct field *f, const void *member)
{
	const struct list *l = member;
	size_t size = 0, i;

	switch (f->kind) {
	case FIELD_LIST:
		for (i = 0; i < l->n; i++)
			size += nla_total_size(vnl_encoded_max(f->nest,
					(char *)l->item + i * f->nest->size));
		return size;
	case FIELD_MACS:
		return l->n * nla_total_size(sizeof(struct mac));
	case FIELD_NEST:
		return nla_total_size(vnl_encoded_max(f->nest, member));
	default:
		return nla_total_size(f->size);
	}
}

/** vnl_encoded_max() - at most so many bytes does vnl_encode() append */
size_t vnl_encoded_max(const struct schema *s, const void *obj)
{
	uint64_t given = *(const uint64_t *)obj;
	size_t size = 0;
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];

		if (given & BIT64(i))
			size += field_max(f, (const char *)obj + f->offset);
	}
	return size;
}

/**
 * vnl_decode_event() - a notification to the callback
 * @payload: what follows the netlink header
 * @len: its length
 * @fn: callback
 * @data: its
 *
 * Return: 0, also for an event that this program doesn't know, or -EBADMSG.
 */
int vnl_decode_event(const void *payload, int len, vnl_event_fn *fn, void *data)
{
	union {
		struct drop drop;
		struct config config;
	} u = { 0 };
	const struct schema *s;
	struct genlmsghdr genl;
	int err;

	if (len < (int)GENL_HDRLEN)
		return -EBADMSG;
	memcpy(&genl, payload, sizeof(genl));
	if (genl.cmd == VSEG_CMD_DROP_NTF)
		s = &drop_schema;
	else if (genl.cmd == VSEG_CMD_CONFIG_NTF)
		s = &config_schema;
	else
		return 0;
	err = vnl_decode(s, &u, (const void *)((const char *)payload +
					      GENL_HDRLEN), len - GENL_HDRLEN);
	if (!err)
		fn(s, &u, data);
	model_clear(s, &u);
	return err;
}
