// SPDX-License-Identifier: GPL-2.0
/*
 * The devices, by rtnetlink.  They are always made with the same index, so that
 * a sequence means the same each time.
 *
 *    host:  p0 p1 in br0, p2 p3 in br1 (which filters VLANs)
 *    user:  p0 p1 in br0
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include "lab.h"

#define BRIDGE_INDEX	11
#define PORT_INDEX	21
#define PEER_INDEX	31

struct lab lab_of[WORLDS] = {
	[WORLD_HOST] = {
		.nbridges = 2, .nports = 4,
		.bridge = { "br0", "br1" },
		.port = {
			{ "p0", PORT_INDEX, 0 }, { "p1", PORT_INDEX + 1, 0 },
			{ "p2", PORT_INDEX + 2, 1 }, { "p3", PORT_INDEX + 3, 1 },
		},
	},
	[WORLD_USER] = {
		.nbridges = 1, .nports = 2,
		.bridge = { "br0" },
		.port = {
			{ "p0", PORT_INDEX, 0 }, { "p1", PORT_INDEX + 1, 0 },
		},
	},
};

static union {
	struct nlmsghdr h;
	char bytes[2048];
} msg;

static void *append(size_t n)
{
	void *p = msg.bytes + NLMSG_ALIGN(msg.h.nlmsg_len);

	memset(p, 0, NLMSG_ALIGN(n));
	msg.h.nlmsg_len = NLMSG_ALIGN(msg.h.nlmsg_len) + n;
	return p;
}

static struct ifinfomsg *begin(int type, int flags, int index)
{
	struct ifinfomsg *info;

	memset(&msg, 0, sizeof(msg.h));
	msg.h.nlmsg_len = NLMSG_HDRLEN;
	msg.h.nlmsg_type = type;
	msg.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	info = append(sizeof(*info));
	info->ifi_index = index;
	return info;
}

static struct rtattr *put(int type, const void *data, size_t n)
{
	struct rtattr *a = append(RTA_LENGTH(n));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(n);
	if (n)
		memcpy(RTA_DATA(a), data, n);
	return a;
}

static void put_string(int type, const char *text)
{
	put(type, text, strlen(text) + 1);
}

static void put_u32(int type, uint32_t value)
{
	put(type, &value, sizeof(value));
}

static void nest_end(struct rtattr *nest)
{
	nest->rta_len = msg.bytes + msg.h.nlmsg_len - (char *)nest;
}

/* Returns the kernel's answer, 0 or a negative errno. */
static int ask(struct lab *lab)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char more[1024];
	} answer;
	ssize_t n;

	msg.h.nlmsg_seq = ++lab->seq;
	if (send(lab->rtnl, &msg, msg.h.nlmsg_len, 0) < 0)
		die("rtnetlink: send");
	do {
		n = recv(lab->rtnl, &answer, sizeof(answer), 0);
		if (n < (ssize_t)(sizeof(answer.h) + sizeof(answer.e)))
			die("rtnetlink: recv");
	} while (answer.h.nlmsg_seq != lab->seq);
	return answer.e.error;
}

static void must(struct lab *lab, const char *what)
{
	errno = -ask(lab);
	if (errno)
		die("rtnetlink: %s", what);
}

static int bridge_index(int bridge)
{
	return bridge == LAB_NOWHERE ? 0 : BRIDGE_INDEX + bridge;
}

static void make_bridge(struct lab *lab, unsigned int n)
{
	struct ifinfomsg *info = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
				       bridge_index(n));
	struct rtattr *nest, *data;
	uint8_t filter = n == 1;

	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	put_string(IFLA_IFNAME, lab->bridge[n]);
	nest = put(IFLA_LINKINFO, NULL, 0);
	put_string(IFLA_INFO_KIND, "bridge");
	data = put(IFLA_INFO_DATA, NULL, 0);
	put_u32(IFLA_BR_FORWARD_DELAY, 0);
	put(IFLA_BR_VLAN_FILTERING, &filter, sizeof(filter));
	nest_end(data);
	nest_end(nest);
	must(lab, "a bridge");
}

static void set_up(struct lab *lab, int index)
{
	struct ifinfomsg *info = begin(RTM_NEWLINK, 0, index);

	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	must(lab, "a port up");
}

static void leave(struct lab_port *port)
{
	port->bridge = LAB_NOWHERE;
	port->left = true;
	port->vlans = false;
}

static void make_port(struct lab *lab, struct lab_port *port)
{
	int peer_index = port->index - PORT_INDEX + PEER_INDEX;
	char peer[IFNAMSIZ] = "v";
	struct rtattr *nest, *data, *other;
	struct ifinfomsg *info;

	strncat(peer, port->name, sizeof(peer) - 2);
	begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, port->index);
	put_string(IFLA_IFNAME, port->name);
	nest = put(IFLA_LINKINFO, NULL, 0);
	put_string(IFLA_INFO_KIND, "veth");
	data = put(IFLA_INFO_DATA, NULL, 0);
	other = put(VETH_INFO_PEER, NULL, 0);
	info = append(sizeof(*info));
	info->ifi_index = peer_index;
	put_string(IFLA_IFNAME, peer);
	nest_end(other);
	nest_end(data);
	nest_end(nest);
	must(lab, "a port");
	set_up(lab, port->index);
	set_up(lab, peer_index);
	leave(port);
}

static void enslave(struct lab *lab, struct lab_port *port, int bridge)
{
	begin(RTM_NEWLINK, 0, port->index);
	put_u32(IFLA_MASTER, bridge_index(bridge));
	must(lab, "a port into a bridge");
	leave(port);
	port->bridge = bridge;
}

static void remove_device(struct lab *lab, int index)
{
	begin(RTM_DELLINK, 0, index);
	must(lab, "removing a device");
}

/**
 * lab_up() - make all devices
 * @w: world
 * @rtnl: rtnetlink socket that was opened there
 */
void lab_up(enum world w, int rtnl)
{
	struct lab *lab = &lab_of[w];
	int i;

	lab->rtnl = rtnl;
	for (i = 0; i < lab->nbridges; i++)
		make_bridge(lab, i);
	for (i = 0; i < lab->nports; i++) {
		lab->port[i].peer = -1;
		make_port(lab, &lab->port[i]);
		enslave(lab, &lab->port[i], lab->port[i].home);
	}
}

/** lab_move() - a port into a bridge, or out of any */
void lab_move(enum world w, unsigned int port, int bridge)
{
	struct lab *lab = &lab_of[w];
	struct lab_port *p = &lab->port[port % lab->nports];

	if (bridge >= lab->nbridges)
		bridge = LAB_NOWHERE;
	if (p->bridge != LAB_NOWHERE)
		enslave(lab, p, LAB_NOWHERE);
	if (bridge != LAB_NOWHERE)
		enslave(lab, p, bridge);
}

/** lab_port_again() - delete a port and make it again, in no bridge */
void lab_port_again(enum world w, unsigned int port)
{
	struct lab *lab = &lab_of[w];
	struct lab_port *p = &lab->port[port % lab->nports];

	remove_device(lab, p->index);
	make_port(lab, p);
}

/** lab_bridge_again() - delete a bridge and make it again, without ports */
void lab_bridge_again(enum world w, unsigned int bridge)
{
	struct lab *lab = &lab_of[w];
	int i;

	bridge %= lab->nbridges;
	remove_device(lab, bridge_index(bridge));
	for (i = 0; i < lab->nports; i++)
		if (lab->port[i].bridge == (int)bridge)
			leave(&lab->port[i]);
	make_bridge(lab, bridge);
}

/** lab_vlan() - a port gets a VLAN that leaves it untagged */
void lab_vlan(enum world w, unsigned int port, unsigned int vid)
{
	struct lab *lab = &lab_of[w];
	struct lab_port *p = &lab->port[port % lab->nports];
	struct bridge_vlan_info vlan = {
		.flags = vid & 1 ? BRIDGE_VLAN_INFO_UNTAGGED : 0,
		.vid = 1 + vid % 10,
	};
	struct rtattr *spec;

	if (p->bridge == LAB_NOWHERE)
		return;
	begin(RTM_SETLINK, 0, p->index)->ifi_family = AF_BRIDGE;
	spec = put(IFLA_AF_SPEC, NULL, 0);
	put(IFLA_BRIDGE_VLAN_INFO, &vlan, sizeof(vlan));
	nest_end(spec);
	must(lab, "a VLAN");
	p->vlans = true;
}

/** lab_reset() - all as it was at first */
void lab_reset(enum world w)
{
	struct lab *lab = &lab_of[w];
	int i;

	for (i = 0; i < lab->nports; i++) {
		struct lab_port *p = &lab->port[i];

		if (p->bridge != p->home || p->vlans)
			lab_move(w, i, p->home);
	}
}
