// SPDX-License-Identifier: GPL-2.0
/* The kernel's network stack, by rtnetlink and sock_diag. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl-route.h"
#include "util.h"

typedef int (*take_fn)(struct nl_msg *msg, void *data);

/* Ask, and hand each message of the answer to @take. */
static int ask(int protocol, struct nl_msg *msg, take_fn take, void *data)
{
	struct nl_sock *sk = nl_socket_alloc();
	int err = -NLE_NOMEM;

	if (!sk)
		goto out;
	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, take, data);
	err = nl_connect(sk, protocol);
	if (!err)
		err = nl_send_auto(sk, msg);
	if (err >= 0)
		err = nl_recvmsgs_default(sk);
	nl_socket_free(sk);
out:
	nlmsg_free(msg);
	return err;
}

static struct nl_msg *request(int type, int flags, const void *head,
			      size_t size)
{
	struct nl_msg *msg = nlmsg_alloc();
	void *to = NULL;

	if (msg && nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, size,
			     NLM_F_REQUEST | flags))
		to = nlmsg_data(nlmsg_hdr(msg));
	if (!to)
		abort();		/* as all of xreallocarray()'s callers */
	memcpy(to, head, size);
	return msg;
}

static void add(struct nl_msg *msg, int type, const void *data, size_t size)
{
	if (nla_put(msg, type, size, data))
		abort();		/* it was made to fit */
}

static int family_of(const struct address *a)
{
	return a->len == 4 ? AF_INET : AF_INET6;
}

static void take_address(struct address *a, const struct nlattr *attr)
{
	size_t len = nla_len(attr);

	if (len != 4 && len != 16)
		return;
	a->len = len;
	memcpy(a->byte, nla_data(attr), len);
}

/*
 * Connections.
 */

/* An IPv4 connection of a socket for both is mapped into IPv6. */
static void unmap(struct address *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (a->len != 16 || memcmp(a->byte, mapped, sizeof(mapped)))
		return;
	a->len = 4;
	memmove(a->byte, a->byte + 12, 4);
}

static int take_tcp(struct nl_msg *msg, void *data)
{
	const struct inet_diag_msg *d = nlmsg_data(nlmsg_hdr(msg));
	struct list *l = data;
	struct tcp *t;

	if (nlmsg_datalen(nlmsg_hdr(msg)) < (int)sizeof(*d))
		return NL_SKIP;
	t = list_add(l, sizeof(*t));
	t->local.len = d->idiag_family == AF_INET ? 4 : 16;
	t->peer.len = t->local.len;
	memcpy(t->local.byte, d->id.idiag_src, t->local.len);
	memcpy(t->peer.byte, d->id.idiag_dst, t->peer.len);
	unmap(&t->local);
	unmap(&t->peer);
	t->sport = ntohs(d->id.idiag_sport);
	t->dport = ntohs(d->id.idiag_dport);
	t->inode = d->idiag_inode;
	return NL_OK;
}

/**
 * route_tcp() - established TCP connections of this host
 * @l: empty list of struct tcp
 *
 * Return: 0, or what the kernel refused.
 */
int route_tcp(struct list *l)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		const struct inet_diag_req_v2 req = {
			.sdiag_family = families[i],
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = 1 << TCP_ESTABLISHED,
		};

		err = ask(NETLINK_SOCK_DIAG,
			  request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &req,
				  sizeof(req)), take_tcp, l);
		if (err < 0)
			return err;
	}
	return 0;
}

/*
 * Routes.
 */

static int take_route(struct nl_msg *msg, void *data)
{
	struct nlattr *attr[RTA_MAX + 1];
	const struct rtmsg *r = nlmsg_data(nlmsg_hdr(msg));
	struct hop *hop = data;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(*r), attr, RTA_MAX, NULL))
		return NL_SKIP;
	if (r->rtm_type == RTN_LOCAL)
		return NL_OK;
	if (attr[RTA_OIF])
		hop->ifindex = nla_get_u32(attr[RTA_OIF]);
	if (attr[RTA_GATEWAY])
		take_address(&hop->address, attr[RTA_GATEWAY]);
	if (attr[RTA_VIA]) {
		const struct rtvia *via = nla_data(attr[RTA_VIA]);

		hop->address.len = nla_len(attr[RTA_VIA]) - sizeof(*via);
		if (hop->address.len > sizeof(hop->address.byte))
			return NL_SKIP;
		memcpy(hop->address.byte, via->rtvia_addr, hop->address.len);
	}
	return NL_OK;
}

/**
 * route_hop() - the next station on the way to a connection's other end
 * @t: connection
 * @hop: result
 *
 * Return: 0, or what the kernel refused.
 */
int route_hop(const struct tcp *t, struct hop *hop)
{
	const struct rtmsg head = {
		.rtm_family = family_of(&t->peer),
		.rtm_dst_len = t->peer.len * 8,
		.rtm_src_len = t->local.len * 8,
	};
	struct nl_msg *msg = request(RTM_GETROUTE, 0, &head, sizeof(head));

	memset(hop, 0, sizeof(*hop));
	hop->address = t->peer;
	add(msg, RTA_DST, t->peer.byte, t->peer.len);
	add(msg, RTA_SRC, t->local.byte, t->local.len);
	return ask(NETLINK_ROUTE, msg, take_route, hop);
}

/*
 * Neighbours.
 */

static int take_neighbour(struct nl_msg *msg, void *data)
{
	struct nlattr *attr[NDA_MAX + 1];

	if (!nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ndmsg), attr, NDA_MAX,
			 NULL) &&
	    attr[NDA_LLADDR] && nla_len(attr[NDA_LLADDR]) == 6)
		memcpy(data, nla_data(attr[NDA_LLADDR]), 6);
	return NL_OK;
}

/**
 * route_neighbour() - the link-layer address of a station
 * @hop: station
 * @mac: result, 6 bytes
 *
 * Return: 0, or -1 when the kernel doesn't know it.
 */
int route_neighbour(const struct hop *hop, uint8_t *mac)
{
	const struct ndmsg head = {
		.ndm_family = family_of(&hop->address),
		.ndm_ifindex = hop->ifindex,
	};
	struct nl_msg *msg = request(RTM_GETNEIGH, 0, &head, sizeof(head));

	memset(mac, 0, 6);
	add(msg, NDA_DST, hop->address.byte, hop->address.len);
	if (ask(NETLINK_ROUTE, msg, take_neighbour, mac) < 0)
		return -1;
	return memcmp(mac, "\0\0\0\0\0\0", 6) ? 0 : -1;
}

/*
 * Devices.
 */

static void take_vlan(struct device *d, struct nlattr *link,
		      struct nlattr *data)
{
	struct nlattr *vlan[IFLA_VLAN_MAX + 1];

	if (!link || !data ||
	    nla_parse_nested(vlan, IFLA_VLAN_MAX, data, NULL) ||
	    !vlan[IFLA_VLAN_ID])
		return;
	d->lower = nla_get_u32(link);
	d->vlan = nla_get_u16(vlan[IFLA_VLAN_ID]);
}

static int take_link(struct nl_msg *msg, void *data)
{
	struct nlattr *attr[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	struct device *d = data;
	const char *kind;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(struct ifinfomsg), attr,
			IFLA_MAX, NULL) ||
	    !attr[IFLA_LINKINFO] ||
	    nla_parse_nested(info, IFLA_INFO_MAX, attr[IFLA_LINKINFO], NULL) ||
	    !info[IFLA_INFO_KIND])
		return NL_OK;
	kind = nla_get_string(info[IFLA_INFO_KIND]);
	d->bridge = !strcmp(kind, "bridge");
	if (!strcmp(kind, "vlan"))
		take_vlan(d, attr[IFLA_LINK], info[IFLA_INFO_DATA]);
	return NL_OK;
}

/**
 * route_device() - what a device is
 * @ifindex: device
 * @d: result
 *
 * Return: 0, or what the kernel refused.
 */
int route_device(uint32_t ifindex, struct device *d)
{
	const struct ifinfomsg head = { .ifi_index = ifindex };
	int err;

	*d = (struct device) { .lower = ifindex };
	err = ask(NETLINK_ROUTE, request(RTM_GETLINK, 0, &head, sizeof(head)),
		  take_link, d);
	return err < 0 ? err : 0;
}

/*
 * Forwarding tables.
 */

struct wanted {
	const uint8_t *mac;
	uint32_t vlan;
	struct place_in_bridge *place;
};

static int take_entry(struct nl_msg *msg, void *data)
{
	const struct ndmsg *n = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *attr[NDA_MAX + 1];
	struct wanted *w = data;
	uint32_t vlan;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(*n), attr, NDA_MAX, NULL) ||
	    !attr[NDA_LLADDR] || nla_len(attr[NDA_LLADDR]) != 6 ||
	    memcmp(nla_data(attr[NDA_LLADDR]), w->mac, 6))
		return NL_OK;
	vlan = attr[NDA_VLAN] ? nla_get_u16(attr[NDA_VLAN]) : 0;
	if (w->vlan && vlan && vlan != w->vlan)
		return NL_OK;
	if (w->place->port && w->place->port != (uint32_t)n->ndm_ifindex)
		w->place->several = true;
	w->place->port = n->ndm_ifindex;
	w->place->vlan = vlan;
	return NL_OK;
}

/**
 * route_port() - the port behind which a bridge knows a station
 * @bridge: index of the bridge
 * @mac: the station's address
 * @vlan: its VLAN, or 0 when it has none or any will do
 * @place: result
 *
 * Return: 0, or what the kernel refused.
 */
int route_port(uint32_t bridge, const uint8_t *mac, uint32_t vlan,
	       struct place_in_bridge *place)
{
	const struct ndmsg head = { .ndm_family = AF_BRIDGE };
	struct wanted w = { .mac = mac, .vlan = vlan, .place = place };
	struct nl_msg *msg = request(RTM_GETNEIGH, NLM_F_DUMP, &head,
				     sizeof(head));
	int err;

	memset(place, 0, sizeof(*place));
	add(msg, NDA_MASTER, &bridge, sizeof(bridge));
	err = ask(NETLINK_ROUTE, msg, take_entry, &w);
	return err < 0 ? err : 0;
}
