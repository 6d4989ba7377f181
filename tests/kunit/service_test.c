// SPDX-License-Identifier: GPL-2.0
/*
 * What isn't quite a message of a service, and what still is.
 */
#include <linux/etherdevice.h>

#include "forged.h"

/* Where things are in these messages. */
enum {
	AT_UDP4 = AT_BODY + 20,
	AT_DHCP = AT_UDP4 + 8,
	AT_DHCP_HOPS = AT_DHCP + 3,
	AT_DHCP_GIADDR = AT_DHCP + 24,
	AT_DHCP_CHADDR = AT_DHCP + 28,
	AT_DHCP_COOKIE = AT_DHCP + 236,
	AT_DHCP_OPTIONS = AT_DHCP + 240,
	AT_DNS = AT_DHCP,
	AT_DNS_NAME = AT_DNS + 12,
	AT_UDP6 = AT_ICMP6,
	AT_DHCP6 = AT_UDP6 + 8,
	AT_DHCP6_OPTIONS = AT_DHCP6 + 4,
	AT_RS_OPTIONS = AT_ICMP6 + 8,
	AT_RA_OPTIONS = AT_ICMP6 + 16,
};

/* The message from @at on becomes @bytes, and all lengths and sums say so. */
static void end_with(struct frame *f, size_t at, const u8 *bytes, size_t n)
{
	f->len = at;
	frame_add(f, bytes, n);
	if (f->data[AT_BODY] >> 4 == 4) {
		frame_put16(f->data + AT_IP4_TOTAL, f->len - AT_BODY);
		frame_put16(f->data + AT_UDP4 + 4, f->len - AT_UDP4);
		frame_sum(f);
		return;
	}
	if (f->data[AT_IP6_NEXT] == IPPROTO_UDP)
		frame_put16(f->data + AT_UDP6 + 4, f->len - AT_UDP6);
	frame_end_ip6(f);
}

#define SPOIL(_name, _at, ...)						\
static void spoil_##_name(struct frame *f)				\
{									\
	static const u8 bytes[] = { __VA_ARGS__ };			\
									\
	end_with(f, _at, bytes, sizeof(bytes));				\
}

SPOIL(dhcp_least, AT_DHCP_OPTIONS, 53, 1, 1, 255)
SPOIL(dhcp_padded, AT_DHCP_OPTIONS, 0, 0, 53, 1, 1, 0, 255, 0, 0, 0)
SPOIL(dhcp_nothing, AT_DHCP_OPTIONS, 255)
SPOIL(dhcp_empty, AT_DHCP_COOKIE, 99, 130, 83, 99)
SPOIL(dhcp_endless, AT_DHCP_OPTIONS, 53, 1, 1)
SPOIL(dhcp_behind, AT_DHCP_OPTIONS, 53, 1, 1, 255, 0, 7)
SPOIL(dhcp_twice, AT_DHCP_OPTIONS, 53, 1, 1, 53, 1, 1, 255)
SPOIL(dhcp_long_type, AT_DHCP_OPTIONS, 53, 2, 1, 1, 255)
SPOIL(dhcp_offer, AT_DHCP_OPTIONS, 53, 1, 2, 255)
SPOIL(dhcp_type_255, AT_DHCP_OPTIONS, 53, 1, 255, 255)
SPOIL(dhcp_beyond, AT_DHCP_OPTIONS, 53, 1, 1, 12, 9, 1, 255)
SPOIL(dhcp_relay, AT_DHCP_OPTIONS, 53, 1, 1, 82, 3, 1, 1, 9, 255)
SPOIL(dhcp_reply_relay, AT_DHCP_OPTIONS, 53, 1, 5, 82, 3, 1, 1, 9, 255)
SPOIL(dhcp_reply_discover, AT_DHCP_OPTIONS, 53, 1, 1, 255)

SPOIL(dhcp6_relay, AT_DHCP6, 12, 0, 0, 0, 0, 1, 0, 1, 9)
SPOIL(dhcp6_nobody, AT_DHCP6, 1, 1, 2, 3, 0, 6, 0, 2, 0, 23)
SPOIL(dhcp6_information, AT_DHCP6, 11, 1, 2, 3, 0, 6, 0, 2, 0, 23)
SPOIL(dhcp6_beyond, AT_DHCP6, 1, 1, 2, 3, 0, 1, 0, 2, 9)
SPOIL(dhcp6_cut, AT_DHCP6, 1, 1, 2, 3, 0, 1, 0, 1, 9, 0, 6, 0)
SPOIL(dhcp6_short, AT_DHCP6, 1, 1, 2)
SPOIL(dhcp6_reply_solicit, AT_DHCP6, 1, 1, 2, 3, 0, 2, 0, 1, 9)
SPOIL(dhcp6_reply_nobody, AT_DHCP6, 7, 1, 2, 3, 0, 1, 0, 1, 9)

SPOIL(rs_prefix, AT_RS_OPTIONS, 3, 1, 0, 0, 0, 0, 0, 0)
SPOIL(rs_short, AT_ICMP6, 133, 0, 0, 0, 0, 0, 0)
SPOIL(rs_other, AT_RS_OPTIONS, 1, 1, 2, 0, 0, 0, 0, 1)
SPOIL(ra_other, AT_RA_OPTIONS, 1, 1, 2, 0, 0, 0, 0, 1)
SPOIL(ra_target, AT_RA_OPTIONS, 2, 1, 2, 0, 0, 0, 0, 1)
SPOIL(ra_redirected, AT_RA_OPTIONS, 4, 1, 0, 0, 0, 0, 0, 0)
SPOIL(ra_empty_option, AT_RA_OPTIONS, 25, 0, 0, 0, 0, 0, 0, 0)
SPOIL(ra_beyond, AT_RA_OPTIONS, 25, 2, 0, 0, 0, 0, 0, 0)
SPOIL(ra_short_prefix, AT_RA_OPTIONS, 3, 1, 0, 0, 0, 0, 0, 0)
SPOIL(ra_long_mtu, AT_RA_OPTIONS, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
SPOIL(ra_unknown, AT_RA_OPTIONS, 222, 1, 0, 0, 0, 0, 0, 0)
SPOIL(ra_bare, AT_ICMP6 + 14, 0)

#define DNS(_flags, _qd, _an) 0, 0, (_flags) >> 8, (_flags) & 255,	\
	0, _qd, 0, _an, 0, 0, 0, 0
SPOIL(dns_query, AT_DNS, DNS(0, 1, 0), 1, 'a', 0, 0, 1, 0, 1)
SPOIL(dns_more, AT_DNS, DNS(0, 0, 1), 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 1, 7)
SPOIL(dns_nothing, AT_DNS, DNS(0, 0, 0))
SPOIL(dns_rides, AT_DNS, DNS(0, 1, 0), 1, 'a', 0, 0, 1, 0, 1, 'x')
SPOIL(dns_cut, AT_DNS, DNS(0, 1, 0), 1, 'a', 0, 0, 1, 0)
SPOIL(dns_endless, AT_DNS, DNS(0, 1, 0), 9, 'a', 0, 0, 1, 0, 1)
SPOIL(dns_itself, AT_DNS, DNS(0, 1, 0), 0xc0, 12, 0, 1, 0, 1)
SPOIL(dns_ahead, AT_DNS, DNS(0, 1, 0), 0xc0, 18, 0, 1, 0, 1, 0)
SPOIL(dns_long_label, AT_DNS, DNS(0, 1, 0), 64, 'a', 0, 0, 1, 0, 1)
SPOIL(dns_update, AT_DNS, DNS(0x2800, 1, 0), 1, 'a', 0, 0, 1, 0, 1)
SPOIL(dns_error, AT_DNS, DNS(0x8403, 0, 1), 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0)
SPOIL(dns_echo, AT_DNS, DNS(0x8400, 1, 0), 1, 'a', 0, 0, 1, 0, 1)
SPOIL(dns_answer, AT_DNS, DNS(0x8400, 0, 1), 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 0)
SPOIL(dns_data, AT_DNS, DNS(0x8400, 0, 1), 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 1)

static void spoil_ttl(struct frame *f)
{
	f->data[AT_IP4_TTL] = 64;
}

#define REQ(_name, ...) \
	FORGED(dhcp_discover, MODEL_DHCP_REQUEST, "request " _name, __VA_ARGS__)
#define NOREQ(_name, ...) \
	FORGED(dhcp_discover, MODEL_OTHER, "request " _name, __VA_ARGS__)
#define NO(_make, _name, ...) FORGED(_make, MODEL_OTHER, _name, __VA_ARGS__)

static const struct forged rows[] = {
	REQ("with nothing but its type", .spoil = spoil_dhcp_least),
	REQ("with padding among its options", .spoil = spoil_dhcp_padded),
	NOREQ("without a type", .spoil = spoil_dhcp_nothing),
	NOREQ("without options", .spoil = spoil_dhcp_empty),
	NOREQ("without an end", .spoil = spoil_dhcp_endless),
	NOREQ("with something behind its end", .spoil = spoil_dhcp_behind),
	NOREQ("of two types", .spoil = spoil_dhcp_twice),
	NOREQ("with a long type", .spoil = spoil_dhcp_long_type),
	NOREQ("that offers", .spoil = spoil_dhcp_offer),
	NOREQ("of type 255", .spoil = spoil_dhcp_type_255),
	NOREQ("with an option beyond it", .spoil = spoil_dhcp_beyond),
	NOREQ("with an option of relays", .spoil = spoil_dhcp_relay),
	NOREQ("that is a reply", BYTES(AT_DHCP, 2)),
	NOREQ("not of Ethernet", BYTES(AT_DHCP + 1, 6)),
	NOREQ("with a long address", BYTES(AT_DHCP + 2, 16)),
	NOREQ("by a relay", BYTES(AT_DHCP_HOPS, 1)),
	NOREQ("for a relay", BYTES(AT_DHCP_GIADDR, 10, 0, 0, 1)),
	NOREQ("for another client", BYTES(AT_DHCP_CHADDR, 2, 0, 0, 0, 0, 9)),
	NOREQ("without a cookie", BYTES(AT_DHCP_COOKIE, 0)),
	NOREQ("that is a fragment", BYTES(AT_IP4_FRAGMENT, 0x20, 0)),
	NOREQ("that is a later fragment", BYTES(AT_IP4_FRAGMENT, 0, 1)),
	NOREQ("from a group", BYTES(AT_IP4_SRC, 224, 0, 0, 1)),
	NOREQ("to a group", BYTES(AT_IP4_DST, 224, 0, 0, 1)),
	NOREQ("to another port", BYTES(AT_UDP4 + 2, 0, 69)),
	NOREQ("from another port", BYTES(AT_UDP4, 4, 1)),
	NOREQ("with a short length of UDP", BYTES(AT_UDP4 + 4, 0, 250)),
	NOREQ("with a wrong sum of IP", BYTES(AT_IP4_SUM, 1, 2),
	      .sums = true),
	NOREQ("with options of IP", BYTES(AT_BODY, 0x46)),
	NOREQ("behind a tag", BYTES(AT_PROTO, 0x81, 0, 0, 5, 8, 0)),
	NO(dhcp_renew, "renewal from nobody", BYTES(AT_IP4_SRC, 0, 0, 0, 0)),
	NO(dhcp_renew, "renewal to a group of Ethernet", BYTES(AT_DEST, 1)),

	NO(dhcp_reply, "reply that is a request", BYTES(AT_DHCP, 1)),
	NO(dhcp_reply, "reply that discovers", .spoil = spoil_dhcp_reply_discover),
	NO(dhcp_reply, "reply from nobody", BYTES(AT_IP4_SRC, 0, 0, 0, 0)),
	NO(dhcp_reply, "reply to a group", BYTES(AT_DEST, 1, 0, 0x5e, 0, 0, 1)),
	NO(dhcp_reply, "reply to another client", BYTES(AT_DEST, 2, 0, 0, 0, 0, 9)),
	FORGED(dhcp_reply, MODEL_DHCP_REPLY, "reply by a relay",
	       BYTES(AT_DHCP_GIADDR, 10, 0, 0, 1)),
	FORGED(dhcp_reply, MODEL_DHCP_REPLY, "reply with an option of relays",
	       .spoil = spoil_dhcp_reply_relay),

	FORGED(dhcpv6_solicit, MODEL_DHCPV6_REQUEST, "v6 that wants to know",
	       .spoil = spoil_dhcp6_information),
	NO(dhcpv6_solicit, "v6 by a relay", .spoil = spoil_dhcp6_relay),
	NO(dhcpv6_solicit, "v6 without an identity", .spoil = spoil_dhcp6_nobody),
	NO(dhcpv6_solicit, "v6 with an option beyond", .spoil = spoil_dhcp6_beyond),
	NO(dhcpv6_solicit, "v6 with an option cut", .spoil = spoil_dhcp6_cut),
	NO(dhcpv6_solicit, "v6 without a header", .spoil = spoil_dhcp6_short),
	NO(dhcpv6_solicit, "v6 from elsewhere", BYTES(AT_IP6_SRC, 0x20, 1)),
	NO(dhcpv6_solicit, "v6 to all nodes", BYTES(AT_IP6_DST + 13, 0, 0, 1)),
	NO(dhcpv6_solicit, "v6 to one host alone", BYTES(AT_DEST, 2)),
	NO(dhcpv6_solicit, "v6 without a sum", BYTES(AT_UDP6 + 6, 0, 0),
	   .sums = true),
	NO(dhcpv6_renew, "v6 that solicits one", BYTES(AT_DHCP6, 1)),
	NO(dhcpv6_reply, "v6 reply that solicits",
	   .spoil = spoil_dhcp6_reply_solicit),
	NO(dhcpv6_reply, "v6 reply from no server",
	   .spoil = spoil_dhcp6_reply_nobody),
	NO(dhcpv6_reply, "v6 reply to a group", BYTES(AT_IP6_DST, 0xff, 2)),
	NO(dhcpv6_reply, "v6 reply to a group of Ethernet", BYTES(AT_DEST, 3)),

	NO(rs, "rs from behind a router", BYTES(AT_IP6_HOPS, 254)),
	NO(rs, "rs with code 1", BYTES(AT_ICMP6 + 1, 1)),
	NO(rs, "rs to all nodes", BYTES(AT_IP6_DST + 15, 1)),
	NO(rs, "rs from a group", BYTES(AT_IP6_SRC, 0xff)),
	NO(rs, "rs with a prefix", .spoil = spoil_rs_prefix),
	NO(rs, "rs with the address of another", .spoil = spoil_rs_other),
	NO(rs, "rs, too short", .spoil = spoil_rs_short),
	NO(ra, "ra from behind a router", BYTES(AT_IP6_HOPS, 254)),
	NO(ra, "ra with code 1", BYTES(AT_ICMP6 + 1, 1)),
	NO(ra, "ra from elsewhere", BYTES(AT_IP6_SRC, 0x20, 1)),
	NO(ra, "ra behind options", BYTES(AT_IP6_NEXT, 60)),
	NO(ra, "ra with the address of another", .spoil = spoil_ra_other),
	NO(ra, "ra with an option of na", .spoil = spoil_ra_target),
	NO(ra, "ra with an option of a redirect",
	   .spoil = spoil_ra_redirected),
	NO(ra, "ra with an empty option", .spoil = spoil_ra_empty_option),
	NO(ra, "ra with an option beyond", .spoil = spoil_ra_beyond),
	NO(ra, "ra with a short prefix", .spoil = spoil_ra_short_prefix),
	NO(ra, "ra with a long mtu", .spoil = spoil_ra_long_mtu),
	NO(ra, "ra without its end", .spoil = spoil_ra_bare),
	FORGED(ra, MODEL_ROUTER_ADVERTISEMENT, "ra with an unknown option",
	       .spoil = spoil_ra_unknown),
	NO(ra, "redirect", BYTES(AT_ICMP6, 137)),

	FORGED(mdns4, MODEL_MDNS, "query", .spoil = spoil_dns_query),
	FORGED(mdns4, MODEL_MDNS, "what a sender knows", .spoil = spoil_dns_more),
	FORGED(mdns4, MODEL_MDNS, "query of few hops", .spoil = spoil_ttl),
	NO(mdns4, "query for nothing", .spoil = spoil_dns_nothing),
	NO(mdns4, "query and more", .spoil = spoil_dns_rides),
	NO(mdns4, "query, cut", .spoil = spoil_dns_cut),
	NO(mdns4, "query with an endless name", .spoil = spoil_dns_endless),
	NO(mdns4, "query that points to itself", .spoil = spoil_dns_itself),
	NO(mdns4, "query that points ahead", .spoil = spoil_dns_ahead),
	NO(mdns4, "query with a long label", .spoil = spoil_dns_long_label),
	NO(mdns4, "update", .spoil = spoil_dns_update),
	NO(mdns4, "error", .spoil = spoil_dns_error),
	NO(mdns4, "answer with its question", .spoil = spoil_dns_echo),
	NO(mdns4, "answer with data beyond", .spoil = spoil_dns_data),
	NO(mdns4, "query from another port", BYTES(AT_UDP4, 4, 1)),
	NO(mdns4, "query to another port", BYTES(AT_UDP4 + 2, 0, 53)),
	NO(mdns4, "query to another group", BYTES(AT_IP4_DST + 3, 252)),
	NO(mdns4, "query to a wrong group of Ethernet", BYTES(AT_DEST + 5, 1)),
	FORGED(mdns_answer, MODEL_MDNS, "answer", .spoil = spoil_dns_answer),
	NO(mdns_answer, "query of one host", .spoil = spoil_dns_query),
	NO(mdns_answer, "answer from behind a router", .spoil = spoil_ttl),
	NO(mdns_answer, "answer to a port of one's own",
	   BYTES(AT_UDP4 + 2, 0xc0, 1)),
	NO(mdns_answer, "answer as plain DNS", BYTES(AT_UDP4, 0, 53)),
	NO(mdns6, "query in IPv6 to all nodes", BYTES(AT_IP6_DST + 15, 1)),
};

KUNIT_ARRAY_PARAM_DESC(rows, rows, name);

static struct kunit_case service_cases[] = {
	KUNIT_CASE_PARAM(forged_look, rows_gen_params),
	{}
};

static struct kunit_suite service_suite = {
	.name = "vseg_service",
	.test_cases = service_cases,
};

kunit_test_suite(service_suite);
