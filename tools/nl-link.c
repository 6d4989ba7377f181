// SPDX-License-Identifier: GPL-2.0
/* The network devices of a namespace, by rtnetlink. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl-link.h"
#include "util.h"

/* A dump that devices come and go under begins anew, so often. */
#define TRIES	10

static void take_text(char *to, size_t size, const struct nlattr *attr)
{
	if (attr)
		snprintf(to, size, "%.*s", nla_len(attr),
			 (const char *)nla_data(attr));
}

static void take_kind(struct link *link, const struct nlattr *attr)
{
	struct nlattr *info[IFLA_INFO_MAX + 1], *br[IFLA_BR_MAX + 1];

	if (!attr ||
	    nla_parse_nested(info, IFLA_INFO_MAX, (struct nlattr *)attr, NULL))
		return;
	take_text(link->kind, sizeof(link->kind), info[IFLA_INFO_KIND]);
	if (strcmp(link->kind, "bridge") || !info[IFLA_INFO_DATA] ||
	    nla_parse_nested(br, IFLA_BR_MAX, info[IFLA_INFO_DATA], NULL))
		return;
	link->vlan_filtering = br[IFLA_BR_VLAN_FILTERING] &&
			       nla_get_u8(br[IFLA_BR_VLAN_FILTERING]);
}

static int take_link(struct nl_msg *msg, void *data)
{
	const struct ifinfomsg *head = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *attr[IFLA_MAX + 1];
	struct list *l = data;
	struct link *link;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(*head), attr, IFLA_MAX, NULL) ||
	    !attr[IFLA_IFNAME])
		return NL_SKIP;
	link = list_add(l, sizeof(*link));
	link->ifindex = head->ifi_index;
	link->bus = attr[IFLA_PARENT_DEV_NAME];
	if (attr[IFLA_MASTER])
		link->master = nla_get_u32(attr[IFLA_MASTER]);
	if (attr[IFLA_GROUP])
		link->group = nla_get_u32(attr[IFLA_GROUP]);
	if (attr[IFLA_ADDRESS] && nla_len(attr[IFLA_ADDRESS]) == 6)
		memcpy(link->mac, nla_data(attr[IFLA_ADDRESS]), 6);
	take_text(link->name, sizeof(link->name), attr[IFLA_IFNAME]);
	take_text(link->alias, sizeof(link->alias), attr[IFLA_IFALIAS]);
	take_kind(link, attr[IFLA_LINKINFO]);
	return NL_OK;
}

static int dump(struct nl_sock *sk)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	int err;

	err = nl_send_simple(sk, RTM_GETLINK, NLM_F_DUMP, (void *)&head,
			     sizeof(head));
	return err < 0 ? err : nl_recvmsgs_default(sk);
}

/**
 * links_get() - all network devices of this namespace
 * @l: empty list of struct link
 *
 * Return: DONE, or another status code after it was said why.
 */
int links_get(struct list *l)
{
	struct nl_sock *sk = nl_socket_alloc();
	int tries, err;

	if (!sk)
		abort();		/* as all that need memory here */
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, take_link, l);
	err = nl_connect(sk, NETLINK_ROUTE);
	for (tries = 0; !err && tries < TRIES; tries++) {
		l->n = 0;
		err = dump(sk);
		if (err != -NLE_DUMP_INTR)
			break;
		err = 0;
	}
	nl_socket_free(sk);
	if (err < 0)
		return fail(REFUSED, "network devices: %s", nl_geterror(err));
	if (tries == TRIES)
		return fail(REFUSED, "network devices come and go too fast");
	return DONE;
}
