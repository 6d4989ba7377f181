// SPDX-License-Identifier: GPL-2.0
/*
 * Flows of the kernel's connection tracking, by ctnetlink.  By hand, since
 * libnl-nf knows neither the labels of a flow nor what TCP keeps of its windows.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "nl-ct.h"
#include "util.h"

/* A table of 262,144 flows is read as fast as it comes. */
#define RECEIVE_SIZE	(4 * 1024 * 1024)

/**
 * struct ct_ask - where answers go
 * @fn: told of each flow
 * @data: for @fn
 * @err: what the kernel refused, as -errno
 */
struct ct_ask {
	ct_fn *fn;
	void *data;
	int err;
};

/*
 * From the kernel.
 */

static void take_address(struct address *a, const struct nlattr *v4,
			 const struct nlattr *v6)
{
	const struct nlattr *attr = v4 ? v4 : v6;
	int len = v4 ? 4 : 16;

	if (!attr || nla_len(attr) != len)
		return;
	a->len = len;
	memcpy(a->byte, nla_data(attr), len);
}

static void take_u16(struct flow *f, unsigned int bit, uint32_t *to,
		     const struct nlattr *attr)
{
	if (!attr || nla_len(attr) < 2)
		return;
	*to = ntohs(nla_get_u16(attr));
	f->has |= BIT64(bit);
}

static void take_u8(struct flow *f, unsigned int bit, uint32_t *to,
		    const struct nlattr *attr)
{
	if (!attr || nla_len(attr) < 1)
		return;
	*to = nla_get_u8(attr);
	f->has |= BIT64(bit);
}

static bool take_proto(struct flow *f, struct nlattr *nest)
{
	struct nlattr *attr[CTA_PROTO_MAX + 1];

	if (!nest || nla_parse_nested(attr, CTA_PROTO_MAX, nest, NULL) ||
	    !attr[CTA_PROTO_NUM])
		return false;
	take_u8(f, FLOW_PROTOCOL, &f->protocol, attr[CTA_PROTO_NUM]);
	take_u16(f, FLOW_SOURCE_PORT, &f->source_port,
		 attr[CTA_PROTO_SRC_PORT]);
	take_u16(f, FLOW_DESTINATION_PORT, &f->destination_port,
		 attr[CTA_PROTO_DST_PORT]);
	take_u16(f, FLOW_ICMP_ID, &f->icmp_ident, attr[CTA_PROTO_ICMP_ID] ?
		 attr[CTA_PROTO_ICMP_ID] : attr[CTA_PROTO_ICMPV6_ID]);
	take_u8(f, FLOW_ICMP_TYPE, &f->icmp_type, attr[CTA_PROTO_ICMP_TYPE] ?
		attr[CTA_PROTO_ICMP_TYPE] : attr[CTA_PROTO_ICMPV6_TYPE]);
	take_u8(f, FLOW_ICMP_CODE, &f->icmp_code, attr[CTA_PROTO_ICMP_CODE] ?
		attr[CTA_PROTO_ICMP_CODE] : attr[CTA_PROTO_ICMPV6_CODE]);
	return true;
}

static bool take_tuple(struct flow *f, struct nlattr *nest)
{
	struct nlattr *attr[CTA_TUPLE_MAX + 1], *ip[CTA_IP_MAX + 1];

	if (!nest || nla_parse_nested(attr, CTA_TUPLE_MAX, nest, NULL) ||
	    !attr[CTA_TUPLE_IP] ||
	    nla_parse_nested(ip, CTA_IP_MAX, attr[CTA_TUPLE_IP], NULL))
		return false;
	take_address(&f->source, ip[CTA_IP_V4_SRC], ip[CTA_IP_V6_SRC]);
	take_address(&f->destination, ip[CTA_IP_V4_DST], ip[CTA_IP_V6_DST]);
	f->has |= BIT64(FLOW_SOURCE) | BIT64(FLOW_DESTINATION);
	return f->source.len && f->source.len == f->destination.len &&
	       take_proto(f, attr[CTA_TUPLE_PROTO]);
}

/* struct nf_ct_tcp_flags: those that are set, and those that are meant */
static void take_tcp_flags(struct flow *f, unsigned int bit, uint32_t *to,
			   const struct nlattr *attr)
{
	const struct nf_ct_tcp_flags *flags;

	if (!attr || nla_len(attr) < (int)sizeof(*flags))
		return;
	flags = nla_data(attr);
	*to = flags->flags;
	f->has |= BIT64(bit);
}

static void take_tcp(struct flow *f, struct nlattr *nest)
{
	struct nlattr *attr[CTA_PROTOINFO_TCP_MAX + 1];

	if (nla_parse_nested(attr, CTA_PROTOINFO_TCP_MAX, nest, NULL))
		return;
	take_u8(f, FLOW_TCP_STATE, &f->tcp_state,
		attr[CTA_PROTOINFO_TCP_STATE]);
	take_u8(f, FLOW_TCP_SCALE, &f->tcp_scale,
		attr[CTA_PROTOINFO_TCP_WSCALE_ORIGINAL]);
	take_u8(f, FLOW_TCP_SCALE_BACK, &f->tcp_scale_back,
		attr[CTA_PROTOINFO_TCP_WSCALE_REPLY]);
	take_tcp_flags(f, FLOW_TCP_FLAGS, &f->tcp_flags,
		       attr[CTA_PROTOINFO_TCP_FLAGS_ORIGINAL]);
	take_tcp_flags(f, FLOW_TCP_FLAGS_BACK, &f->tcp_flags_back,
		       attr[CTA_PROTOINFO_TCP_FLAGS_REPLY]);
}

static void take_sctp(struct flow *f, struct nlattr *nest)
{
	struct nlattr *attr[CTA_PROTOINFO_SCTP_MAX + 1];

	if (nla_parse_nested(attr, CTA_PROTOINFO_SCTP_MAX, nest, NULL) ||
	    !attr[CTA_PROTOINFO_SCTP_VTAG_ORIGINAL] ||
	    !attr[CTA_PROTOINFO_SCTP_VTAG_REPLY])
		return;
	take_u8(f, FLOW_SCTP_STATE, &f->sctp_state,
		attr[CTA_PROTOINFO_SCTP_STATE]);
	f->sctp_tag =
		ntohl(nla_get_u32(attr[CTA_PROTOINFO_SCTP_VTAG_ORIGINAL]));
	f->sctp_tag_back =
		ntohl(nla_get_u32(attr[CTA_PROTOINFO_SCTP_VTAG_REPLY]));
	f->has |= BIT64(FLOW_SCTP_TAG) | BIT64(FLOW_SCTP_TAG_BACK);
}

static void take_info(struct flow *f, struct nlattr *nest)
{
	struct nlattr *attr[CTA_PROTOINFO_MAX + 1];

	if (!nest || nla_parse_nested(attr, CTA_PROTOINFO_MAX, nest, NULL))
		return;
	if (attr[CTA_PROTOINFO_TCP])
		take_tcp(f, attr[CTA_PROTOINFO_TCP]);
	if (attr[CTA_PROTOINFO_SCTP])
		take_sctp(f, attr[CTA_PROTOINFO_SCTP]);
}

static uint32_t get_u32(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= 4 ? ntohl(nla_get_u32(attr)) : 0;
}

static bool keeps(const struct nlattr *labels)
{
	uint64_t word;

	if (!labels || nla_len(labels) < (int)sizeof(word))
		return false;
	memcpy(&word, nla_data(labels), sizeof(word));
	return word & FLOW_WORD_KEEP;
}

static int take_flow(struct nl_msg *msg, void *data)
{
	struct nlattr *attr[CTA_MAX + 1];
	struct ct_ask *ask = data;
	struct flow f = { 0 };
	uint32_t status;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(struct nfgenmsg), attr, CTA_MAX,
			NULL) || !take_tuple(&f, attr[CTA_TUPLE_ORIG]))
		return NL_SKIP;
	status = get_u32(attr[CTA_STATUS]);
	f.zone = attr[CTA_ZONE] ? ntohs(nla_get_u16(attr[CTA_ZONE])) : 0;
	f.mark = get_u32(attr[CTA_MARK]);
	f.timeout = get_u32(attr[CTA_TIMEOUT]);
	f.replied = status & IPS_SEEN_REPLY;
	f.assured = status & IPS_ASSURED;
	f.keep = keeps(attr[CTA_LABELS]);
	f.has |= BIT64(FLOW_TIMEOUT) | BIT64(FLOW_REPLIED) |
		 BIT64(FLOW_ASSURED) | BIT64(FLOW_KEEP);
	take_info(&f, attr[CTA_PROTOINFO]);
	if (!(status & IPS_DYING))
		ask->fn(&f, ask->data);
	return NL_OK;
}

/*
 * To the kernel.
 */

static void put(struct nl_msg *msg, int type, const void *data, size_t size)
{
	if (nla_put(msg, type, size, data))
		abort();		/* it was made to fit */
}

static void put_u8(struct nl_msg *msg, int type, uint8_t value)
{
	put(msg, type, &value, sizeof(value));
}

static void put_u16(struct nl_msg *msg, int type, uint16_t value)
{
	value = htons(value);
	put(msg, type, &value, sizeof(value));
}

static void put_u32(struct nl_msg *msg, int type, uint32_t value)
{
	value = htonl(value);
	put(msg, type, &value, sizeof(value));
}

static struct nlattr *begin(struct nl_msg *msg, int type)
{
	struct nlattr *nest = nla_nest_start(msg, type | NLA_F_NESTED);

	if (!nest)
		abort();		/* it was made to fit */
	return nest;
}

/* The type by which a reply comes, where it has another one. */
static uint8_t icmp_reply(const struct flow *f)
{
	static const uint8_t replies[][3] = {
		{ IPPROTO_ICMP, ICMP_ECHO, ICMP_ECHOREPLY },
		{ IPPROTO_ICMP, ICMP_TIMESTAMP, ICMP_TIMESTAMPREPLY },
		{ IPPROTO_ICMP, ICMP_INFO_REQUEST, ICMP_INFO_REPLY },
		{ IPPROTO_ICMP, ICMP_ADDRESS, ICMP_ADDRESSREPLY },
		{ IPPROTO_ICMPV6, ICMP6_ECHO_REQUEST, ICMP6_ECHO_REPLY },
		{ IPPROTO_ICMPV6, 139, 140 },	/* node information */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(replies); i++) {
		if (replies[i][0] != f->protocol)
			continue;
		if (replies[i][1] == f->icmp_type)
			return replies[i][2];
		if (replies[i][2] == f->icmp_type)
			return replies[i][1];
	}
	return f->icmp_type;
}

static void put_proto(struct nl_msg *msg, const struct flow *f, bool back)
{
	bool v6 = f->protocol == IPPROTO_ICMPV6;
	struct nlattr *nest = begin(msg, CTA_TUPLE_PROTO);

	put_u8(msg, CTA_PROTO_NUM, f->protocol);
	if (has(f, FLOW_SOURCE_PORT)) {
		put_u16(msg, CTA_PROTO_SRC_PORT, back ? f->destination_port :
			f->source_port);
		put_u16(msg, CTA_PROTO_DST_PORT, back ? f->source_port :
			f->destination_port);
	}
	if (has(f, FLOW_ICMP_ID)) {
		put_u16(msg, v6 ? CTA_PROTO_ICMPV6_ID : CTA_PROTO_ICMP_ID,
			f->icmp_ident);
		put_u8(msg, v6 ? CTA_PROTO_ICMPV6_TYPE : CTA_PROTO_ICMP_TYPE,
		       back ? icmp_reply(f) : f->icmp_type);
		put_u8(msg, v6 ? CTA_PROTO_ICMPV6_CODE : CTA_PROTO_ICMP_CODE,
		       f->icmp_code);
	}
	nla_nest_end(msg, nest);
}

static void put_tuple(struct nl_msg *msg, const struct flow *f, bool back)
{
	const struct address *from = back ? &f->destination : &f->source;
	const struct address *to = back ? &f->source : &f->destination;
	struct nlattr *tuple = begin(msg, back ? CTA_TUPLE_REPLY :
					  CTA_TUPLE_ORIG);
	struct nlattr *ip = begin(msg, CTA_TUPLE_IP);

	put(msg, from->len == 4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, from->byte,
	    from->len);
	put(msg, to->len == 4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, to->byte,
	    to->len);
	nla_nest_end(msg, ip);
	put_proto(msg, f, back);
	nla_nest_end(msg, tuple);
}

/*
 * Nobody here has seen the windows, so none of them is checked: frames are
 * followed by the state alone.
 */
static void put_tcp(struct nl_msg *msg, const struct flow *f)
{
	const struct nf_ct_tcp_flags there = {
		f->tcp_flags | IP_CT_TCP_FLAG_BE_LIBERAL, 0xff
	};
	const struct nf_ct_tcp_flags back = {
		f->tcp_flags_back | IP_CT_TCP_FLAG_BE_LIBERAL, 0xff
	};
	struct nlattr *info = begin(msg, CTA_PROTOINFO);
	struct nlattr *tcp = begin(msg, CTA_PROTOINFO_TCP);

	put_u8(msg, CTA_PROTOINFO_TCP_STATE, f->tcp_state);
	put_u8(msg, CTA_PROTOINFO_TCP_WSCALE_ORIGINAL, f->tcp_scale);
	put_u8(msg, CTA_PROTOINFO_TCP_WSCALE_REPLY, f->tcp_scale_back);
	put(msg, CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, &there, sizeof(there));
	put(msg, CTA_PROTOINFO_TCP_FLAGS_REPLY, &back, sizeof(back));
	nla_nest_end(msg, tcp);
	nla_nest_end(msg, info);
}

static void put_sctp(struct nl_msg *msg, const struct flow *f)
{
	struct nlattr *info = begin(msg, CTA_PROTOINFO);
	struct nlattr *sctp = begin(msg, CTA_PROTOINFO_SCTP);

	put_u8(msg, CTA_PROTOINFO_SCTP_STATE, f->sctp_state);
	put_u32(msg, CTA_PROTOINFO_SCTP_VTAG_ORIGINAL, f->sctp_tag);
	put_u32(msg, CTA_PROTOINFO_SCTP_VTAG_REPLY, f->sctp_tag_back);
	nla_nest_end(msg, sctp);
	nla_nest_end(msg, info);
}

/* No generation: the policy in force judges it by its next frame. */
static void put_labels(struct nl_msg *msg, const struct flow *f)
{
	uint64_t labels[FLOW_LABELS_LEN / sizeof(uint64_t)] = {
		FLOW_WORD_KEEP
	};

	if (!f->keep)
		return;
	put(msg, CTA_LABELS, labels, sizeof(labels));
}

static struct nl_msg *request(int type, int flags, uint8_t family)
{
	const struct nfgenmsg head = {
		.nfgen_family = family, .version = NFNETLINK_V0,
	};
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ,
			       NFNL_SUBSYS_CTNETLINK << 8 | type, sizeof(head),
			       NLM_F_REQUEST | flags))
		abort();		/* as all of xreallocarray()'s callers */
	memcpy(nlmsg_data(nlmsg_hdr(msg)), &head, sizeof(head));
	return msg;
}

static int take_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *data)
{
	struct ct_ask *ask = data;

	(void)from;
	ask->err = e->error;
	return NL_STOP;
}

/* Return: 0 or -errno. */
static int call(struct nl_sock *sk, struct nl_msg *msg, struct ct_ask *ask)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err = -NLE_NOMEM;

	if (cb) {
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take_flow, ask);
		nl_cb_err(cb, NL_CB_CUSTOM, take_error, ask);
		err = nl_send_auto(sk, msg);
	}
	if (err >= 0)
		err = nl_recvmsgs(sk, cb);
	nl_cb_put(cb);
	nlmsg_free(msg);
	return ask->err ? ask->err : err < 0 ? -EIO : 0;
}

/** ct_open() - connect; 0 or -errno */
int ct_open(struct nl_sock **sk)
{
	*sk = nl_socket_alloc();
	if (!*sk)
		return -ENOMEM;
	if (nl_connect(*sk, NETLINK_NETFILTER)) {
		ct_close(*sk);
		*sk = NULL;
		return -EPROTONOSUPPORT;
	}
	nl_socket_set_buffer_size(*sk, RECEIVE_SIZE, 0);
	return 0;
}

/** ct_close() - disconnect */
void ct_close(struct nl_sock *sk)
{
	nl_socket_free(sk);
}

/** ct_dump() - tell of all flows of this network namespace; 0 or -errno */
int ct_dump(struct nl_sock *sk, ct_fn *fn, void *data)
{
	struct ct_ask ask = { .fn = fn, .data = data };

	return call(sk, request(IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC),
		    &ask);
}

/**
 * ct_add() - make a flow that isn't there
 * @sk: connection
 * @f: the flow
 *
 * Return: 0, -EEXIST when there is one by the same addresses, or another -errno.
 */
int ct_add(struct nl_sock *sk, const struct flow *f)
{
	struct nl_msg *msg = request(IPCTNL_MSG_CT_NEW,
				     NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK,
				     f->source.len == 4 ? AF_INET : AF_INET6);
	struct ct_ask ask = { 0 };

	put_tuple(msg, f, false);
	put_tuple(msg, f, true);
	put_u32(msg, CTA_STATUS, IPS_CONFIRMED |
		(f->replied ? IPS_SEEN_REPLY : 0) |
		(f->assured ? IPS_ASSURED : 0));
	put_u32(msg, CTA_TIMEOUT, f->timeout);
	put_u16(msg, CTA_ZONE, f->zone);
	put_u32(msg, CTA_MARK, f->mark);
	if (f->protocol == IPPROTO_TCP && has(f, FLOW_TCP_STATE))
		put_tcp(msg, f);
	if (f->protocol == IPPROTO_SCTP && has(f, FLOW_SCTP_TAG))
		put_sctp(msg, f);
	put_labels(msg, f);
	return call(sk, msg, &ask);
}
