/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows that stateful rules allowed, as vsegctl state carries them from one host
 * to another: a line of JSON each, in the words of the tables in flow.c.
 */
#ifndef VSEGCTL_FLOW_H
#define VSEGCTL_FLOW_H

#include "model.h"

#define FLOW_VERSION	1

/*
 * What kmod/track.h has in the first word of the labels of an entry: beside the
 * generation that judged it, which is 0 in one that was imported.
 */
#define FLOW_WORD_KEEP	UINT64_C(1)

/* Bytes of the labels of an entry. */
#define FLOW_LABELS_LEN	16

/* Attributes of struct flows_head, and of struct flow: bits of @has. */
enum {
	HEAD_VERSION = 1,
	HEAD_PORT,
	HEAD_BRIDGE,
	HEAD_DOMAIN,
	HEAD_FLOWS,
};

enum {
	FLOW_FROM = 1,
	FLOW_TO,
	FLOW_BRIDGE,
	FLOW_VLAN,
	FLOW_PROTOCOL,
	FLOW_SOURCE,
	FLOW_DESTINATION,
	FLOW_SOURCE_PORT,
	FLOW_DESTINATION_PORT,
	FLOW_ICMP_ID,
	FLOW_ICMP_TYPE,
	FLOW_ICMP_CODE,
	FLOW_TIMEOUT,
	FLOW_REPLIED,
	FLOW_ASSURED,
	FLOW_KEEP,
	FLOW_TCP_STATE,
	FLOW_TCP_SCALE,
	FLOW_TCP_SCALE_BACK,
	FLOW_TCP_FLAGS,
	FLOW_TCP_FLAGS_BACK,
	FLOW_SCTP_STATE,
	FLOW_SCTP_TAG,
	FLOW_SCTP_TAG_BACK,
};

/**
 * struct flows_head - whose flows follow
 * @has: which attributes there are
 * @version: of the format
 * @port: the guest's, on the host that they come from; not for a whole host
 * @bridge: of that port
 * @domain: of that port; without it, they are a whole host's
 * @flows: how many lines follow
 */
struct flows_head {
	uint64_t has;
	uint32_t version;
	char port[IFNAMSIZ];
	char bridge[IFNAMSIZ];
	char domain[DOMAIN_NAMSIZ];
	uint32_t flows;
};

/**
 * struct flow - a flow; its original direction is that of its first frame
 * @has: which attributes there are
 * @from: domain that it began in
 * @to: domain that it goes to
 * @bridge: bridge, of a whole host's flows
 * @vlan: VLAN; that which leaves the guest's port untagged when it isn't given
 * @protocol: of IP
 * @source: address
 * @destination: address
 * @source_port: of what has ports
 * @destination_port: likewise
 * @icmp_ident: of ICMP and ICMPv6
 * @icmp_type: likewise
 * @icmp_code: likewise
 * @timeout: seconds that it has left without a frame
 * @replied: it was answered
 * @assured: it isn't given up first when there is no more room
 * @keep: it outlives the rule that allowed it
 * @tcp_state: enum tcp_conntrack
 * @tcp_scale: of the window, original and reply
 * @tcp_scale_back: see @tcp_scale
 * @tcp_flags: IP_CT_TCP_FLAG_*, original and reply
 * @tcp_flags_back: see @tcp_flags
 * @sctp_state: enum sctp_conntrack
 * @sctp_tag: verification tag, original and reply
 * @sctp_tag_back: see @sctp_tag
 * @zone: zone of connection tracking; not in the file
 * @mark: whose it is: ids of its domains, see flow_mark(); not in the file
 */
struct flow {
	uint64_t has;
	char from[DOMAIN_NAMSIZ];
	char to[DOMAIN_NAMSIZ];
	char bridge[IFNAMSIZ];
	uint32_t vlan;
	uint32_t protocol;
	struct address source;
	struct address destination;
	uint32_t source_port;
	uint32_t destination_port;
	uint32_t icmp_ident;
	uint32_t icmp_type;
	uint32_t icmp_code;
	uint32_t timeout;
	bool replied;
	bool assured;
	bool keep;
	uint32_t tcp_state;
	uint32_t tcp_scale;
	uint32_t tcp_scale_back;
	uint32_t tcp_flags;
	uint32_t tcp_flags_back;
	uint32_t sctp_state;
	uint32_t sctp_tag;
	uint32_t sctp_tag_back;
	uint16_t zone;
	uint32_t mark;
};

extern const struct schema flows_head_schema, flow_schema;

/** flow_mark() - the mark of a flow from one domain to another, by their ids */
static inline uint32_t flow_mark(uint32_t from, uint32_t to)
{
	return from << 16 | to;
}

char *flow_text(const struct flow *f);
int flows_read(const char *path, struct flows_head *h, struct list *l);

#endif /* VSEGCTL_FLOW_H */
