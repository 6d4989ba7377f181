/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What bridges and ports this host has, and whose they are.
 */
#ifndef VSEGCTL_HOST_H
#define VSEGCTL_HOST_H

#include "nl-link.h"
#include "text.h"

/* Domain of all uplinks. */
#define UPLINK		"uplink"

/**
 * enum role - what a port is to the host that it is found on
 * @ROLE_UNKNOWN: nobody knows
 * @ROLE_UPLINK: it leads to other stations
 * @ROLE_GUEST: a guest is behind it
 */
enum role {
	ROLE_UNKNOWN,
	ROLE_UPLINK,
	ROLE_GUEST,
};

/**
 * struct found - a port of a bridge, and what the policy is to say of it
 * @link: the device
 * @bridge: its bridge
 * @role: what it is
 * @what: that in words
 * @key: how the policy selects it: name, glob or mac
 * @pattern: what by
 * @guest: what tells its guest from others, for a domain's name
 * @domain: the domain's name
 * @said: a port before it has the same selector
 */
struct found {
	const struct link *link;
	const struct link *bridge;
	enum role role;
	const char *what;
	const char *key;
	char pattern[MAC_LEN + IFNAMSIZ];
	char guest[IFNAMSIZ + MAC_LEN];
	char domain[DOMAIN_NAMSIZ];
	bool said;
};

/**
 * struct host - all of it
 * @links: struct link, by index
 * @ports: struct found, by bridge and name
 * @uplinks: ports that are uplinks
 * @guests: ports that are a guest's
 */
struct host {
	struct list links;
	struct list ports;
	unsigned int uplinks;
	unsigned int guests;
};

int host_look(struct host *h);
bool host_is_bridge(const struct link *link);
bool host_is_firewall(const struct link *bridge);
bool host_can_be_said(const char *name);
bool host_domain_taken(const struct found *f, size_t n, const char *name);

#endif /* VSEGCTL_HOST_H */
