// SPDX-License-Identifier: GPL-2.0
/* How people write devices, times, addresses and protocols. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util.h"

/**
 * text_device() - name of a device
 * @d: room for it
 * @given: false stands for the host itself
 * @ifindex: of the device, which may be gone
 *
 * Return: the name, in @d.
 */
const char *text_device(struct device *d, bool given, uint32_t ifindex)
{
	if (!given)
		snprintf(d->name, sizeof(d->name), "host");
	else if (!if_indextoname(ifindex, d->name))
		snprintf(d->name, sizeof(d->name), "if%u", ifindex);
	return d->name;
}

/** text_ago() - how long since, in two units at most */
const char *text_ago(char *s, uint64_t ms)
{
	uint64_t sec = ms / 1000;

	if (sec < 60)
		snprintf(s, AGO_LEN, "%" PRIu64 "s", sec);
	else if (sec < 3600)
		snprintf(s, AGO_LEN, "%um%02us", (unsigned int)sec / 60,
			 (unsigned int)sec % 60);
	else if (sec < 86400)
		snprintf(s, AGO_LEN, "%uh%02um", (unsigned int)sec / 3600,
			 (unsigned int)sec / 60 % 60);
	else
		snprintf(s, AGO_LEN, "%" PRIu64 "d", sec / 86400);
	return s;
}

/** text_mac() - 52:54:00:12:34:56 */
const char *text_mac(char *s, const uint8_t *m)
{
	snprintf(s, MAC_LEN, "%02x:%02x:%02x:%02x:%02x:%02x",
		 m[0], m[1], m[2], m[3], m[4], m[5]);
	return s;
}

static const struct {
	uint32_t type;
	const char *name;
} ethertypes[] = {
	{ 0x0800, "IPv4" }, { 0x0806, "ARP" }, { 0x0842, "WoL" },
	{ 0x8035, "RARP" }, { 0x8100, "802.1Q" }, { 0x86dd, "IPv6" },
	{ 0x8809, "LACP" }, { 0x8847, "MPLS" }, { 0x8863, "PPPoE-D" },
	{ 0x8864, "PPPoE" }, { 0x888e, "EAPOL" }, { 0x88a8, "802.1ad" },
	{ 0x88cc, "LLDP" }, { 0x88e5, "MACsec" }, { 0x88f7, "PTP" },
};

static const char *const protos[] = {
	[1] = "ICMP", [2] = "IGMP", [4] = "IPIP", [6] = "TCP",
	[17] = "UDP", [33] = "DCCP", [41] = "IPv6", [47] = "GRE", [50] = "ESP",
	[51] = "AH", [58] = "ICMPv6", [89] = "OSPF", [103] = "PIM",
	[112] = "VRRP", [132] = "SCTP", [136] = "UDPLite",
};

/** text_ethertype() - IPv4, ARP, or 0x9999 */
const char *text_ethertype(char *s, uint32_t type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ethertypes); i++)
		if (ethertypes[i].type == type)
			return ethertypes[i].name;
	if (type < 0x600)
		return "LLC";
	snprintf(s, TYPE_LEN, "0x%04x", type);
	return s;
}

/** text_proto() - TCP, UDP, or proto-99 */
const char *text_proto(char *s, uint32_t proto)
{
	if (proto < ARRAY_SIZE(protos) && protos[proto])
		return protos[proto];
	snprintf(s, TYPE_LEN, "proto-%u", proto);
	return s;
}

/** ethertype_of() - the number behind text_ethertype()'s name, in any case; -1 */
int ethertype_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ethertypes); i++)
		if (!strcasecmp(ethertypes[i].name, name))
			return ethertypes[i].type;
	return -1;
}

/** proto_of() - the number behind text_proto()'s name, in any case; -1 */
int proto_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(protos); i++)
		if (protos[i] && !strcasecmp(protos[i], name))
			return i;
	return -1;
}

/** bits_text() - names of bits with commas between them; to be freed */
char *bits_text(const struct names *names, uint32_t mask)
{
	char *text = xasprintf("%s", ""), *longer;
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		if (!(mask & UINT32_C(1) << bit))
			continue;
		longer = xasprintf("%s%s%s", text, *text ? "," : "",
				   name_of(names, bit) ?: "?");
		free(text);
		text = longer;
	}
	return text;
}

/**
 * text_reasons() - "default-deny 10, flood 2"
 * @s: counters
 * @would: of what passed because of monitor mode, not of what was dropped
 *
 * Return: those that aren't zero, to be freed.
 */
char *text_reasons(const struct stats *s, bool would)
{
	const struct reason_stats *r = s->reason.item;
	char *list = xasprintf("%s", ""), *longer;
	size_t i;

	for (i = 0; i < s->reason.n; i++, r++) {
		uint64_t n = would ? r->would_packets : r->packets;
		const char *name = name_of(&reason_names, r->reason);

		if (!n)
			continue;
		if (name)
			longer = xasprintf("%s%s%s %" PRIu64, list,
					   *list ? ", " : "", name, n);
		else
			longer = xasprintf("%s%sreason-%u %" PRIu64, list,
					   *list ? ", " : "", r->reason, n);
		free(list);
		list = longer;
	}
	return list;
}
