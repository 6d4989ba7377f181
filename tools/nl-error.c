// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's words: extended acknowledgements, of NLMSG_ERROR and of the
 * NLMSG_DONE that ends a dump.  libnl 3.7 reads neither.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/genl/genl.h>

#include "nl.h"

#define MAX_ERRNO	4095	/* as the kernel has it */

/* NLMSGERR_ATTR_* as of Linux 6.1; Debian's headers have all of them. */
struct tlvs {
	const struct nlattr *msg;
	const struct nlattr *offset;
	const struct nlattr *miss_type;
	const struct nlattr *miss_nest;
};

/** vnl_error_set() - an error without the kernel's words */
void vnl_error_set(struct vnl_error *e, int err, const char *text)
{
	memset(e, 0, sizeof(*e));
	e->err = err;
	snprintf(e->text, sizeof(e->text), "%s", text ? text : strerror(err));
}

static void find_tlvs(struct tlvs *t, const struct nlattr *head, int len)
{
	const struct nlattr *a;
	int left;

	memset(t, 0, sizeof(*t));
	nla_for_each_attr(a, head, len, left) {
		switch (nla_type(a)) {
		case NLMSGERR_ATTR_MSG:
			t->msg = a;
			break;
		case NLMSGERR_ATTR_OFFS:
			t->offset = a;
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			t->miss_type = a;
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			t->miss_nest = a;
			break;
		}
	}
}

static bool get_u32(const struct nlattr *a, uint32_t *value)
{
	if (!a || nla_len(a) != sizeof(*value))
		return false;
	memcpy(value, nla_data(a), sizeof(*value));
	return true;
}

static void add_name(struct vnl_error *e, const struct schema *s,
		     unsigned int type)
{
	size_t used = strlen(e->attr);
	const char *dot = used ? "." : "";

	if (type < s->n && s->field[type].name)
		snprintf(e->attr + used, sizeof(e->attr) - used, "%s%s", dot,
			 s->field[type].name);
	else
		snprintf(e->attr + used, sizeof(e->attr) - used, "%s%u", dot,
			 type);
}

/*
 * Name the attribute that is @offset bytes into the request that we sent,
 * with the nests around it.  Return the schema inside it, if it is a nest.
 */
static const struct schema *name_at(struct vnl_error *e,
				    const struct nlmsghdr *request,
				    const struct schema *s, uint32_t offset)
{
	const char *base = (const char *)request;
	int pos = NLMSG_HDRLEN + GENL_HDRLEN;
	int end = request->nlmsg_len;

	while (s && pos < end) {
		const struct nlattr *a = (const void *)(base + pos);
		const struct schema *nest = NULL;
		unsigned int type;

		if (!nla_ok(a, end - pos) || (int)offset < pos)
			return NULL;
		if ((int)offset >= pos + NLA_ALIGN(a->nla_len)) {
			pos += NLA_ALIGN(a->nla_len);
			continue;
		}
		type = nla_type(a);
		if (type < s->n)
			nest = s->field[type].nest;
		add_name(e, s, type);
		if ((int)offset == pos)
			return nest;
		s = nest;
		end = pos + a->nla_len;
		pos += NLA_HDRLEN;
	}
	return NULL;
}

static void name_attribute(struct vnl_error *e, const struct tlvs *t,
			   const struct nlmsghdr *request,
			   const struct schema *s)
{
	uint32_t offset, type;

	if (!request || !s)
		return;
	if (get_u32(t->miss_type, &type)) {
		e->missing = true;
		if (get_u32(t->miss_nest, &offset))
			s = name_at(e, request, s, offset);
		if (s)
			add_name(e, s, type);
	} else if (get_u32(t->offset, &offset)) {
		name_at(e, request, s, offset);
	}
}

/* Where the TLVs of an NLMSG_ERROR or NLMSG_DONE begin, 0 if there are none */
static int tlv_offset(const struct nlmsghdr *h, int len)
{
	const struct nlmsgerr *err = nlmsg_data(h);
	int offset;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return 0;
	if (h->nlmsg_type == NLMSG_DONE)
		return NLMSG_ALIGN(sizeof(int));
	offset = sizeof(*err);
	if (!(h->nlmsg_flags & NLM_F_CAPPED)) {
		/* the request follows, whole */
		if (err->msg.nlmsg_len < NLMSG_HDRLEN ||
		    err->msg.nlmsg_len > (uint32_t)len)
			return 0;
		offset += NLMSG_ALIGN(err->msg.nlmsg_len - NLMSG_HDRLEN);
	}
	return offset;
}

/**
 * vnl_error_decode() - read NLMSG_ERROR or NLMSG_DONE
 * @h: the message, all of which is there
 * @request: what it answers, to name the attribute; may be NULL
 * @s: schema of the request; may be NULL
 * @e: what it says; @e->text is empty for success without a warning
 */
void vnl_error_decode(const struct nlmsghdr *h, const struct nlmsghdr *request,
		      const struct schema *s, struct vnl_error *e)
{
	int len = (int)h->nlmsg_len - NLMSG_HDRLEN;
	struct tlvs t = { 0 };
	int err, offset;

	memset(e, 0, sizeof(*e));
	if (h->nlmsg_type == NLMSG_DONE ? len < (int)sizeof(int) :
					  len < (int)sizeof(struct nlmsgerr)) {
		/* a kernel may end a dump with no payload at all */
		if (h->nlmsg_type != NLMSG_DONE || len)
			vnl_error_set(e, EBADMSG, NULL);
		return;
	}
	memcpy(&err, nlmsg_data(h), sizeof(err));
	e->err = err <= 0 && err >= -MAX_ERRNO ? -err : EBADMSG;
	offset = tlv_offset(h, len);
	if (offset && offset < len)
		find_tlvs(&t, (const void *)((char *)nlmsg_data(h) + offset),
			  len - offset);
	if (t.msg)
		snprintf(e->text, sizeof(e->text), "%.*s", nla_len(t.msg),
			 (const char *)nla_data(t.msg));
	else if (e->err)
		snprintf(e->text, sizeof(e->text), "%s", strerror(e->err));
	if (e->err)
		name_attribute(e, &t, request, s);
}
