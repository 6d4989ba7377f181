// SPDX-License-Identifier: GPL-2.0
/* What bridges and ports this host has, and whose they are. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "host.h"

static const struct link *link_find(const struct host *h, uint32_t ifindex)
{
	const struct link *link = h->links.item;
	size_t i;

	for (i = 0; i < h->links.n; i++)
		if (link[i].ifindex == ifindex)
			return &link[i];
	return NULL;
}

/** host_is_bridge() - is it one? @link may be NULL */
bool host_is_bridge(const struct link *link)
{
	return link && !strcmp(link->kind, "bridge");
}

/* Proxmox VE's names, as tap101i0: a prefix, the guest's number, a letter, and
 * the number of its NIC.
 */
static bool numbered(const char *name, const char *prefix, char infix,
		     unsigned int *guest)
{
	size_t len = strlen(prefix);
	uint64_t number, nic;
	const char *p;

	if (strncmp(name, prefix, len) || name[len] == '0' ||
	    !parse_number(name + len, &p, UINT32_MAX, &number) ||
	    *p != infix || !parse_number(p + 1, &p, UINT32_MAX, &nic) || *p)
		return false;
	*guest = number;
	return true;
}

/**
 * host_is_firewall() - is it a bridge of Proxmox VE's firewall?
 * @bridge: a bridge
 *
 * It puts one of its own between a guest's tap and the real bridge, where it
 * filters: both ports of it are the guest's.
 *
 * Return: whether it is.
 */
bool host_is_firewall(const struct link *bridge)
{
	unsigned int guest;

	return numbered(bridge->name, "fwbr", 'i', &guest);
}

/*
 * What a port is.
 */

static void select_by(struct found *f, const char *key, const char *pattern)
{
	f->key = key;
	snprintf(f->pattern, sizeof(f->pattern), "%s", pattern);
}

/* Proxmox VE names a guest's ports by the guest's number. */
static bool is_proxmox(struct found *f)
{
	static const struct {
		const char *prefix;
		char infix;	/* between the guest's number and the NIC's */
		const char *what;
	} names[] = {
		{ "tap", 'i', "a virtual machine of Proxmox VE" },
		{ "veth", 'i', "a container of Proxmox VE" },
		{ "fwpr", 'p', "a guest of Proxmox VE, behind its firewall" },
	};
	char glob[2 * IFNAMSIZ];
	unsigned int i, guest;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!numbered(f->link->name, names[i].prefix, names[i].infix,
			      &guest))
			continue;
		snprintf(glob, sizeof(glob), "%s%u%c*", names[i].prefix, guest,
			 names[i].infix);
		select_by(f, "glob", glob);
		snprintf(f->guest, sizeof(f->guest), "%u", guest);
		f->what = names[i].what;
		return true;
	}
	return false;
}

/* libvirt gives a tap the guest's address with another first byte.  Its own
 * addresses begin with 52:54:00; of others the byte isn't known, but a selector
 * with the tap's own address fits as well.
 */
static bool is_libvirt(struct found *f)
{
	const uint8_t *mac = f->link->mac;
	bool own = mac[1] == 0x54 && !mac[2];
	char text[MAC_LEN];
	uint8_t guest[6];

	if (strcmp(f->link->kind, "tun") || mac[0] != 0xfe ||
	    (!own && strncmp(f->link->name, "vnet", 4)))
		return false;
	memcpy(guest, mac, 6);
	if (own)
		guest[0] = 0x52;
	text_mac(text, guest);
	select_by(f, "mac", text);
	if (own)
		snprintf(f->guest, sizeof(f->guest), "%02x-%02x-%02x", mac[3],
			 mac[4], mac[5]);
	else
		snprintf(f->guest, sizeof(f->guest), "%02x-%02x-%02x-%02x-%02x",
			 mac[1], mac[2], mac[3], mac[4], mac[5]);
	f->what = "a virtual machine of libvirt";
	return true;
}

static const char *uplink_kind(const struct link *link)
{
	static const char *const kinds[] = {
		"bond", "team", "vlan", "vxlan", "geneve", "gretap",
		"ip6gretap", "macvlan",
	};
	unsigned int i;

	if (link->bus)
		return "a network card";
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(link->kind, kinds[i]))
			return kinds[i];
	return NULL;
}

/**
 * host_can_be_said() - may a policy file name a device?
 * @name: its name
 *
 * A policy file is UTF-8, which a name need not be, and a name in it that looks
 * like a pattern is taken for a mistake.
 *
 * Return: whether it may.
 */
bool host_can_be_said(const char *name)
{
	const char *p = name;

	while (*p >= ' ' && *p <= '~')
		p++;
	return !*p && !strpbrk(name, "*?[\\");
}

static void recognize(struct found *f)
{
	const struct link *link = f->link;

	f->what = uplink_kind(link);
	f->role = f->what ? ROLE_UPLINK : ROLE_GUEST;
	if (!host_can_be_said(link->name)) {
		f->what = "a name that a policy file can't hold; whose is it?";
		f->role = ROLE_UNKNOWN;
		return;
	}
	select_by(f, "name", link->name);
	snprintf(f->guest, sizeof(f->guest), "%s", link->name);
	if (f->what || is_proxmox(f) || is_libvirt(f))
		return;
	if (!strcmp(link->kind, "tun"))
		f->what = "a tap, of QEMU or another program";
	else if (!strcmp(link->kind, "veth"))
		f->what = "a veth, of a container most likely";
	else
		f->role = ROLE_UNKNOWN;
}

/*
 * What the policy says of it.
 */

/** host_domain_taken() - has one of the first @n ports that domain? */
bool host_domain_taken(const struct found *f, size_t n, const char *name)
{
	while (n--)
		if (!strcmp(f[n].domain, name))
			return true;
	return false;
}

/* guest-NAME, in letters that a domain may have, and unlike any other. */
static void name_domain(const struct host *h, struct found *f, size_t n)
{
	char name[DOMAIN_NAMSIZ - 6];
	unsigned int i, again = 1;

	snprintf(name, sizeof(name), "%s", f->guest);
	for (i = 0; name[i]; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			name[i] = '-';
	snprintf(f->domain, sizeof(f->domain), "guest-%s", name);
	while (host_domain_taken(h->ports.item, n, f->domain))
		snprintf(f->domain, sizeof(f->domain), "guest-%.17s-%u", name,
			 ++again);
}

/* Ports of one guest share its domain, and those of one selector that as well:
 * all NICs of a guest, or taps that have one address.
 */
static void settle(const struct host *h, struct found *f, size_t n)
{
	const struct found *before = h->ports.item;
	size_t i;

	for (i = 0; i < n; i++, before++) {
		if (before->role != ROLE_GUEST ||
		    strcmp(before->key, f->key) ||
		    strcmp(before->guest, f->guest))
			continue;
		memcpy(f->domain, before->domain, sizeof(f->domain));
		if (strcmp(before->pattern, f->pattern))
			continue;
		f->said = true;
		return;
	}
	if (!*f->domain)
		name_domain(h, f, n);
}

static int by_bridge(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int order = strverscmp(x->bridge->name, y->bridge->name);

	/* uplinks first */
	if (!order)
		order = (y->role == ROLE_UPLINK) - (x->role == ROLE_UPLINK);
	return order ? order : strverscmp(x->link->name, y->link->name);
}

/**
 * host_look() - look at this network namespace
 * @h: zeroed; its lists are to be freed
 *
 * Return: DONE, or another status code after it was said why.
 */
int host_look(struct host *h)
{
	int code = links_get(&h->links);
	const struct link *link = h->links.item, *bridge;
	struct found *f;
	size_t i;

	for (i = 0; !code && i < h->links.n; i++, link++) {
		bridge = link->master ? link_find(h, link->master) : NULL;
		if (!host_is_bridge(bridge) || host_is_firewall(bridge))
			continue;
		f = list_add(&h->ports, sizeof(*f));
		f->link = link;
		f->bridge = bridge;
		recognize(f);
	}
	if (code)
		return code;
	list_sort(&h->ports, sizeof(*f), by_bridge);
	for (i = 0, f = h->ports.item; i < h->ports.n; i++, f++) {
		if (f->role == ROLE_GUEST) {
			settle(h, f, i);
			h->guests++;
		} else if (f->role == ROLE_UPLINK) {
			memcpy(f->domain, UPLINK, sizeof(UPLINK));
			h->uplinks++;
		}
	}
	return DONE;
}
