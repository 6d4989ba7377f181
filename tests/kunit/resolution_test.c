// SPDX-License-Identifier: GPL-2.0
/*
 * What isn't quite address resolution, and what still is.
 */
#include <linux/etherdevice.h>

#include "forged.h"

static void end_option(struct frame *f, const u8 *option, size_t n)
{
	f->len = AT_ND_OPTION;
	frame_add(f, option, n);
	frame_end_ip6(f);
}

#define OPTION(f, ...) do {						\
	static const u8 option[] = { __VA_ARGS__ };			\
									\
	end_option(f, option, sizeof(option));				\
} while (0)

static void own_address(struct frame *f, u8 type, u8 units)
{
	u8 option[16] = { type, units };

	memcpy(option + 2, f->data + AT_SRC, ETH_ALEN);
	end_option(f, option, units == 2 ? 16 : 8);
}

static void spoil_source(struct frame *f)
{
	own_address(f, 1, 1);
}

static void spoil_target(struct frame *f)
{
	own_address(f, 2, 1);
}

static void spoil_source_long(struct frame *f)
{
	own_address(f, 1, 2);
}

static void spoil_option_empty(struct frame *f)
{
	own_address(f, 1, 0);
}

static void spoil_prefix(struct frame *f)
{
	own_address(f, 3, 1);
}

static void spoil_source_other(struct frame *f)
{
	OPTION(f, 1, 1, 2, 0, 0, 0, 0, 1);
}

static void spoil_target_other(struct frame *f)
{
	OPTION(f, 2, 1, 2, 0, 0, 0, 0, 1);
}

static void spoil_source_twice(struct frame *f)
{
	u8 option[16] = { 1, 1, [8] = 1, 1 };

	memcpy(option + 2, f->data + AT_SRC, ETH_ALEN);
	memcpy(option + 10, f->data + AT_SRC, ETH_ALEN);
	end_option(f, option, sizeof(option));
}

static void spoil_nonce(struct frame *f)
{
	OPTION(f, 14, 1, 1, 2, 3, 4, 5, 6);
}

static void spoil_nonce_twice(struct frame *f)
{
	OPTION(f, 14, 1, 1, 2, 3, 4, 5, 6, 14, 1, 1, 2, 3, 4, 5, 6);
}

static void spoil_option_cut(struct frame *f)
{
	OPTION(f, 14, 1, 1, 2);
}

static void spoil_option_over(struct frame *f)
{
	OPTION(f, 14, 2, 1, 2, 3, 4, 5, 6);
}

static void spoil_payload_more(struct frame *f)
{
	f->data[AT_IP6_PAYLOAD + 1]++;
}

static void spoil_payload_less(struct frame *f)
{
	f->data[AT_IP6_PAYLOAD + 1]--;
}

static void spoil_sum(struct frame *f)
{
	f->data[AT_ICMP6 + 3] ^= 1;
}

static void spoil_nobody(struct frame *f)
{
	memset(f->data + AT_IP6_SRC, 0, 16);
}

static void spoil_all_nodes(struct frame *f)
{
	static const u8 all[16] = { 0xff, 2, [15] = 1 };

	memcpy(f->data + AT_IP6_DST, all, sizeof(all));
}

static void spoil_station(struct frame *f)
{
	memcpy(f->data + AT_IP6_DST, f->data + AT_ND_TARGET, 16);
}

#define OK(_make, ...)	FORGED(_make, MODEL_RESOLUTION, __VA_ARGS__)
#define NO(_make, ...)	FORGED(_make, MODEL_OTHER, __VA_ARGS__)

static const struct forged rows[] = {
	NO(arp, "arp not of ethernet", BYTES(AT_BODY, 0, 6)),
	NO(arp, "arp not for ipv4", BYTES(AT_BODY + 2, 0x86, 0xdd)),
	NO(arp, "arp hardware address of 8 bytes", BYTES(AT_BODY + 4, 8)),
	NO(arp, "arp protocol address of 16 bytes", BYTES(AT_BODY + 5, 16)),
	NO(arp, "arp operation 0", BYTES(AT_ARP_OP, 0, 0)),
	NO(arp, "arp operation of rarp", BYTES(AT_ARP_OP, 0, 3)),
	NO(arp, "arp operation 257", BYTES(AT_ARP_OP, 1, 1)),
	NO(arp, "arp sender is another",
	   BYTES(AT_ARP_SENDER, 2, 0, 0, 0, 0, 1)),
	NO(arp, "arp in the frame of another",
	   BYTES(AT_SRC, 2, 0, 0, 0, 0, 1)),
	OK(arp, "arp from no address", BYTES(AT_ARP_SENDER + 6, 0, 0, 0, 0)),
	OK(arp, "arp for any target",
	   BYTES(AT_ARP_SENDER + 10, 255, 255, 255, 255, 255, 255)),
	NO(rarp, "rarp operation of arp", BYTES(AT_ARP_OP, 0, 1)),
	NO(rarp, "rarp operation 5", BYTES(AT_ARP_OP, 0, 5)),
	NO(rarp, "rarp sender is another",
	   BYTES(AT_ARP_SENDER, 2, 0, 0, 0, 0, 1)),

	NO(ns, "ns from behind a router", BYTES(AT_IP6_HOPS, 254)),
	NO(ns, "ns with code 1", BYTES(AT_ICMP6 + 1, 1)),
	NO(ns, "ns for a group", BYTES(AT_ND_TARGET, 0xff)),
	NO(ns, "ns not of ipv6", BYTES(AT_BODY, 0x50)),
	NO(ns, "ns not of icmpv6", BYTES(AT_IP6_NEXT, 17)),
	NO(ns, "ns with a wrong checksum", .spoil = spoil_sum, .sums = true),
	NO(ns, "ns with no checksum", BYTES(AT_ICMP6 + 2, 0, 0), .sums = true),
	NO(ns, "ns longer than its frame", .spoil = spoil_payload_more),
	NO(ns, "ns shorter than its frame", .spoil = spoil_payload_less),
	OK(ns, "ns to the station", .spoil = spoil_station),
	OK(ns, "ns with its own address", .spoil = spoil_source),
	OK(ns, "ns with a nonce", .spoil = spoil_nonce),
	NO(ns, "ns with the address of another", .spoil = spoil_source_other),
	NO(ns, "ns with its own address twice", .spoil = spoil_source_twice),
	NO(ns, "ns with its own address and more", .spoil = spoil_source_long),
	NO(ns, "ns with an option of na", .spoil = spoil_target),
	NO(ns, "ns with an option of routers", .spoil = spoil_prefix),
	NO(ns, "ns with an option of no length", .spoil = spoil_option_empty),
	NO(ns, "ns with a cut option", .spoil = spoil_option_cut),
	NO(ns, "ns with an option over the end", .spoil = spoil_option_over),
	NO(ns, "ns with two nonces", .spoil = spoil_nonce_twice),
	NO(ns_dad, "dad to the station", .spoil = spoil_station),
	NO(ns_dad, "dad to all nodes", .spoil = spoil_all_nodes),
	NO(ns_dad, "dad with an address", .spoil = spoil_source),

	NO(na, "na from behind a router", BYTES(AT_IP6_HOPS, 64)),
	NO(na, "na with code 1", BYTES(AT_ICMP6 + 1, 1)),
	NO(na, "na from nobody", .spoil = spoil_nobody),
	NO(na, "na with an option of ns", .spoil = spoil_source),
	NO(na, "na with a nonce", .spoil = spoil_nonce),
	NO(na, "na with the address of another", .spoil = spoil_target_other),
	OK(na, "na with its own address", .spoil = spoil_target),
	OK(na, "na in answer", BYTES(AT_ND_FLAGS, 0x60)),
	NO(na_all, "na to everybody in answer", BYTES(AT_ND_FLAGS, 0x60)),
};

KUNIT_ARRAY_PARAM_DESC(rows, rows, name);

static struct kunit_case resolution_cases[] = {
	KUNIT_CASE_PARAM(forged_look, rows_gen_params),
	{}
};

static struct kunit_suite resolution_suite = {
	.name = "vseg_resolution",
	.test_cases = resolution_cases,
};

kunit_test_suite(resolution_suite);
