// SPDX-License-Identifier: GPL-2.0
/*
 * Questions for the module by generic netlink.
 */
#include <err.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asker.h"

#define MESSAGE_MAX	4096

struct message {
	struct nlmsghdr head;
	uint8_t body[MESSAGE_MAX];
};

static int genl = -1;
static uint16_t family;

/* Send a message, and take what comes back first. */
static ssize_t talk(uint16_t type, const void *body, size_t len,
		    struct message *reply)
{
	struct message message = {
		.head = {
			.nlmsg_len = NLMSG_HDRLEN + len,
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST,
		},
	};

	if (len > MESSAGE_MAX)
		errx(1, "a message of %zu bytes", len);
	memcpy(message.body, body, len);
	if (send(genl, &message, NLMSG_HDRLEN + len, 0) < 0)
		err(1, "netlink");
	return recv(genl, reply, sizeof(*reply), 0);
}

/**
 * asker_open - find the module's family
 */
void asker_open(void)
{
	static const struct {
		struct genlmsghdr head;
		struct nlattr attr;
		char name[8];
	} want = {
		{ .cmd = CTRL_CMD_GETFAMILY, .version = 1 },
		{ .nla_len = NLA_HDRLEN + sizeof("vseg"),
		  .nla_type = CTRL_ATTR_FAMILY_NAME },
		"vseg",
	};
	struct message reply;
	struct nlattr *a;
	ssize_t len, at;

	genl = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (genl < 0)
		err(1, "generic netlink");
	len = talk(GENL_ID_CTRL, &want, sizeof(want), &reply);
	if (len < 0 || reply.head.nlmsg_type == NLMSG_ERROR)
		errx(1, "there is no family vseg");
	for (at = GENL_HDRLEN; at + NLMSG_HDRLEN < len;
	     at += NLA_ALIGN(a->nla_len)) {
		a = (struct nlattr *)(reply.body + at);
		if (a->nla_type == CTRL_ATTR_FAMILY_ID)
			memcpy(&family, a + 1, sizeof(family));
		if (a->nla_len < NLA_HDRLEN)
			break;
	}
}

/**
 * ask - one question
 * @number: its number
 * @body: message from its generic netlink header on
 * @len: bytes of @body
 * @out: where the answer goes
 */
void ask(uint32_t number, const void *body, size_t len, FILE *out)
{
	struct message reply;
	ssize_t size = talk(family, body, len, &reply);
	ssize_t i;

	if (size < 0)
		err(1, "netlink");
	if (reply.head.nlmsg_type == NLMSG_ERROR) {
		fprintf(out, "e %u %d\n", number,
			-((struct nlmsgerr *)reply.body)->error);
		return;
	}
	fprintf(out, "q %u ", number);
	for (i = GENL_HDRLEN; i < size - NLMSG_HDRLEN; i++)
		fprintf(out, "%02x", reply.body[i]);
	fputc('\n', out);
}
