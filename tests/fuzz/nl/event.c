// SPDX-License-Identifier: GPL-2.0
/* What the groups tell meanwhile must follow the specification. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/vseg.h>

#include "ask.h"
#include "caller.h"
#include "exec.h"
#include "tlv.h"

static int listener = -1;

/* The numbers of the family's groups, from the controller's answer. */
static void join_groups(const uint8_t *p, unsigned int n)
{
	struct tlv group, id;
	unsigned int joined = 0;
	int number;

	tlv_for_each(group, p, n) {
		if (!tlv_find(group.data, group.len, CTRL_ATTR_MCAST_GRP_ID,
			      &id))
			continue;
		number = tlv_number(&id);
		if (setsockopt(listener, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			       &number, sizeof(number)))
			die("joining a group");
		joined++;
	}
	if (joined != 2)
		die("the family has %u groups", joined);
}

/** event_init() - listen to both groups of the host's namespace */
void event_init(void)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr genl;
		struct nlattr a;
		uint16_t id;
		uint16_t pad;
	} ask_for = {
		.h = { sizeof(ask_for), GENL_ID_CTRL, NLM_F_REQUEST, 1, 0 },
		.genl = { CTRL_CMD_GETFAMILY, 1, 0 },
		.a = { NLA_HDRLEN + sizeof(uint16_t), CTRL_ATTR_FAMILY_ID },
		.id = caller_family(),
	};
	uint8_t answer[8192];
	struct tlv groups;
	ssize_t n;

	listener = caller_socket(SOCK_ROOT);
	if (send(listener, &ask_for, sizeof(ask_for), 0) < 0)
		die("looking for groups");
	n = recv(listener, answer, sizeof(answer), 0);
	if (n < MSG_HDRLEN ||
	    !tlv_find(answer + MSG_HDRLEN, n - MSG_HDRLEN,
		      CTRL_ATTR_MCAST_GROUPS, &groups))
		die("the family has no groups");
	join_groups(groups.data, groups.len);
}

static void take_event(const struct nlmsghdr *h)
{
	const uint8_t *payload = NLMSG_DATA(h);
	const struct op *op = NULL;

	if (h->nlmsg_len >= (uint32_t)MSG_HDRLEN)
		op = op_of(payload[0]);
	if (!op || !op->has_event || h->nlmsg_type != caller_family()) {
		broken("an event that isn't in the specification");
		return;
	}
	counts[op->cmd].tried++;
	counts[op->cmd].done++;
	answer_follows(op, false, payload + GENL_HDRLEN,
		       h->nlmsg_len - MSG_HDRLEN);
}

/** event_drain() - judge all events that have come */
void event_drain(void)
{
	static uint8_t data[65536];
	const struct nlmsghdr *h;
	int n;

	for (;;) {
		n = recv(listener, data, sizeof(data), MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != ENOBUFS)
			die("reading events");
		for (h = (void *)data; n > 0 && NLMSG_OK(h, n);
		     h = NLMSG_NEXT(h, n))
			take_event(h);
	}
}
