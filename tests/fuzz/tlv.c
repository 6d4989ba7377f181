// SPDX-License-Identifier: GPL-2.0
/*
 * Lengths that fit: after a change in the middle of a datagram, messages and
 * attributes get lengths that lead a reader to the rest of it.
 */
#include <string.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "tlv.h"

static void mend_attributes(uint8_t *p, size_t left)
{
	while (left >= NLA_HDRLEN) {
		struct nlattr a;
		size_t step;

		memcpy(&a, p, sizeof(a));
		if (a.nla_len < NLA_HDRLEN || a.nla_len > left)
			a.nla_len = left;
		memcpy(p, &a, sizeof(a));
		if (a.nla_type & NLA_F_NESTED)
			mend_attributes(p + NLA_HDRLEN, a.nla_len - NLA_HDRLEN);
		step = NLA_ALIGN(a.nla_len);
		if (step >= left)
			break;
		p += step;
		left -= step;
	}
}

/* Where attributes begin in an error, the end of a dump, or a message. */
static size_t attributes_at(const struct nlmsghdr *h)
{
	switch (h->nlmsg_type) {
	case NLMSG_ERROR:
		return NLMSG_HDRLEN + sizeof(struct nlmsgerr);
	case NLMSG_DONE:
		return NLMSG_HDRLEN + sizeof(int);
	}
	return NLMSG_HDRLEN + GENL_HDRLEN;
}

/**
 * tlv_mend() - make the lengths in a datagram fit
 * @p: datagram
 * @left: its length
 */
void tlv_mend(uint8_t *p, size_t left)
{
	struct nlmsghdr h;

	while (left >= sizeof(h)) {
		size_t step, head;

		memcpy(&h, p, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > left)
			h.nlmsg_len = left;
		memcpy(p, &h, sizeof(h));
		head = attributes_at(&h);
		if (h.nlmsg_len > head)
			mend_attributes(p + head, h.nlmsg_len - head);
		step = NLMSG_ALIGN(h.nlmsg_len);
		if (step >= left)
			break;
		p += step;
		left -= step;
	}
}

/**
 * tlv_record() - the first record of a script
 * @script: see fake.c
 * @left: bytes of it, two at least
 *
 * Return: bytes of the record behind its length.
 */
size_t tlv_record(const uint8_t *script, size_t left)
{
	size_t n = script[0] | script[1] << 8;

	if (n == 0xffff)
		n = 1;
	return n < left - 2 ? n : left - 2;
}
