/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vseg is to do, once more: slow, obvious, and written from the words of
 * its documentation.  Shares nothing with kmod/ but the uAPI header.
 */
#ifndef VSEG_TEST_MODEL_H
#define VSEG_TEST_MODEL_H

#include <linux/types.h>

#include "../../include/uapi/linux/vseg.h"

/* Domains are ids, as on the wire; MODEL_ANY is the word "any" of a cell. */
#define MODEL_ANY		(-1)
#define MODEL_UNLABELLED	0
#define MODEL_HOST		1
#define MODEL_ROUTED		2

#define MODEL_DOMAINS		40
#define MODEL_CELLS		512

/**
 * struct model_cell - a cell as the operator wrote it
 * @src: source domain, or %MODEL_ANY
 * @dst: destination domain, or %MODEL_ANY
 * @action: what it says
 * @monitor: it is in monitor mode
 */
struct model_cell {
	int src;
	int dst;
	enum vseg_action action;
	bool monitor;
};

/**
 * struct model_policy - a policy as the operator wrote it
 * @address_resolution: this built-in pass is on
 * @bridge_control: this built-in pass is on
 * @ndomains: used places of @domain
 * @domain: the operator's domains
 * @ncells: used places of @cell
 * @cell: the cells, in no order
 */
struct model_policy {
	bool address_resolution;
	bool bridge_control;
	unsigned int ndomains;
	int domain[MODEL_DOMAINS];
	unsigned int ncells;
	struct model_cell cell[MODEL_CELLS];
};

/**
 * enum model_kind - frames that built-in passes and services know
 * @MODEL_OTHER: none that a pass knows
 * @MODEL_RESOLUTION: ARP, RARP, NS, NA
 * @MODEL_BPDU: spanning tree
 * @MODEL_QUERY: IGMP and MLD queries
 * @MODEL_DHCP_REQUEST: DHCP, from a client
 * @MODEL_DHCP_REPLY: DHCP, from a server
 * @MODEL_DHCPV6_REQUEST: DHCPv6, from a client
 * @MODEL_DHCPV6_REPLY: DHCPv6, from a server
 * @MODEL_ROUTER_SOLICITATION: router solicitation
 * @MODEL_ROUTER_ADVERTISEMENT: router advertisement
 * @MODEL_MDNS: multicast DNS
 */
enum model_kind {
	MODEL_OTHER,
	MODEL_RESOLUTION,
	MODEL_BPDU,
	MODEL_QUERY,
	MODEL_DHCP_REQUEST,
	MODEL_DHCP_REPLY,
	MODEL_DHCPV6_REQUEST,
	MODEL_DHCPV6_REPLY,
	MODEL_ROUTER_SOLICITATION,
	MODEL_ROUTER_ADVERTISEMENT,
	MODEL_MDNS,
};

/* Those of built-in passes. */
#define MODEL_KINDS	4

/**
 * struct model_copy - a copy of a frame on its way
 * @src: domain that it comes from
 * @dst: domain that it goes to
 * @kind: what it is
 * @own: the bridge itself made it
 * @trunk: it entered by a trunk port
 */
struct model_copy {
	int src;
	int dst;
	enum model_kind kind;
	bool own;
	bool trunk;
};

/**
 * struct model_answer - what becomes of a copy
 * @action: what the cells say
 * @listed: a cell says so, be it the implicit one inside a domain
 * @monitor: each cell that denies is in monitor mode
 * @torn: two lists of rules speak for the pair
 * @pass: the built-in pass that lets it through
 * @reason: why it is dropped; %VSEG_REASON_NONE when it isn't
 */
struct model_answer {
	enum vseg_action action;
	bool listed;
	bool monitor;
	bool torn;
	enum vseg_pass pass;
	enum vseg_reason reason;
};

bool model_operator(int domain);
struct model_cell *model_listed(struct model_policy *policy, int src, int dst);
void model_set_cell(struct model_policy *policy, int src, int dst,
		    enum vseg_action action, bool monitor);
bool model_del_cell(struct model_policy *policy, int src, int dst);
void model_del_domain(struct model_policy *policy, int domain);
unsigned int model_naming(const struct model_policy *policy, int domain);
bool model_ties(struct model_policy *policy);
void model_answer(struct model_policy *policy, const struct model_copy *copy,
		  struct model_answer *answer);

#define MODEL_VLANS	4096
#define MODEL_UNTOLD	(-2)

/**
 * struct model_range - VLANs of a trunk port that carry a domain
 * @first: first VLAN
 * @last: last VLAN
 * @domain: the domain
 */
struct model_range {
	unsigned int first;
	unsigned int last;
	int domain;
};

/**
 * struct model_trunk - a trunk port as the operator wrote it
 * @rest: domain of VLANs that no range has
 * @nranges: used places of @range
 * @range: the map
 */
struct model_trunk {
	int rest;
	unsigned int nranges;
	struct model_range range[8];
};

int model_vlan(const struct model_trunk *trunk, unsigned int vid);
int model_untagged(const struct model_trunk *trunk, const bool *in,
		   const bool *out);

#define MODEL_PAIRS	8

/**
 * struct model_pair - a pair of domains that was denied
 * @src: source domain
 * @dst: destination domain
 * @packets: copies dropped
 * @bytes: their bytes
 * @would_packets: copies passed by monitor mode
 * @would_bytes: their bytes
 * @first: jiffy of the first copy
 * @last: jiffy of the last copy
 * @filled: jiffy up to which the bucket was filled
 * @bucket: events that it may make, in parts of 1/HZ
 * @silent: copies since its last event
 */
struct model_pair {
	int src;
	int dst;
	u64 packets;
	u64 bytes;
	u64 would_packets;
	u64 would_bytes;
	u64 first;
	u64 last;
	u64 filled;
	u64 bucket;
	u64 silent;
};

/**
 * struct model_pairs - a table for so few pairs that it is one set
 * @rate: events a second
 * @burst: events at once
 * @n: used places of @pair
 * @pair: the pairs
 * @evicted: pairs that made room
 * @evicted_packets: what they had counted
 */
struct model_pairs {
	unsigned int rate;
	unsigned int burst;
	unsigned int n;
	struct model_pair pair[MODEL_PAIRS];
	u64 evicted;
	u64 evicted_packets;
};

struct model_pair *model_pair(struct model_pairs *pairs, int src, int dst);
struct model_pair *model_pair_hit(struct model_pairs *pairs, u64 now, int src,
				  int dst, unsigned int bytes, bool would);
bool model_pair_event(const struct model_pairs *pairs, struct model_pair *pair,
		      u64 now, u64 *silent);

#define MODEL_NAME	32

/**
 * struct model_selector - a selector as the operator wrote it
 * @type: what it looks at
 * @text: name, alias or pattern
 * @mac: address of the guest
 * @group: device group
 * @gives: what it gives a port; equal numbers are the same
 */
struct model_selector {
	enum vseg_selector_type type;
	char text[MODEL_NAME];
	u8 mac[6];
	u32 group;
	int gives;
};

/**
 * struct model_device - a device as selectors see it
 * @name: its name
 * @alias: its alias, empty without one
 * @ether: it has an Ethernet address
 * @mac: that address
 * @group: its group
 */
struct model_device {
	char name[MODEL_NAME];
	char alias[MODEL_NAME];
	bool ether;
	u8 mac[6];
	u32 group;
};

#define MODEL_NOTHING	(-1)

bool model_fits(const char *pattern, const char *name);
bool model_alike(const struct model_selector *a,
		 const struct model_selector *b);
int model_select(const struct model_selector *all, unsigned int n,
		 const struct model_device *dev, enum vseg_port_match *why);

enum model_kind model_service(const u8 *data, size_t avail, size_t len);
enum model_kind model_class(const u8 *data, size_t avail, size_t len);

#endif /* VSEG_TEST_MODEL_H */
