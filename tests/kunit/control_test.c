// SPDX-License-Identifier: GPL-2.0
/*
 * What isn't quite a query or a BPDU, and what still is.
 */
#include "forged.h"

static u8 *igmp(struct frame *f)
{
	return f->data + AT_BODY + (f->data[AT_BODY] & 15) * 4;
}

static void end_ip4(struct frame *f)
{
	frame_put16(f->data + AT_IP4_TOTAL, f->len - AT_BODY);
}

static void spoil_igmp_cut(struct frame *f)
{
	f->len--;
	end_ip4(f);
}

static void spoil_igmp_one_more(struct frame *f)
{
	ADD(f, 0);
	end_ip4(f);
}

static void spoil_igmp_three_more(struct frame *f)
{
	ADD(f, 0, 0, 0);
	end_ip4(f);
}

static void spoil_igmp_source_missing(struct frame *f)
{
	igmp(f)[11]++;
}

static void spoil_igmp_report(struct frame *f)
{
	igmp(f)[0] = 0x16;
}

static void spoil_igmp_sum(struct frame *f)
{
	igmp(f)[3] ^= 1;
}

static void spoil_ip4_sum(struct frame *f)
{
	f->data[AT_IP4_SUM] ^= 1;
}

/* Whatever options it had, these instead; its last 8 bytes stay. */
static void ip4_options(struct frame *f, const u8 *options, size_t n)
{
	u8 body[8];

	memcpy(body, f->data + f->len - sizeof(body), sizeof(body));
	f->len = AT_IP4_OPTION;
	f->data[AT_BODY] = 0x45 + n / 4;
	frame_add(f, options, n);
	frame_add(f, body, sizeof(body));
	end_ip4(f);
}

static void spoil_ip4_nops(struct frame *f)
{
	static const u8 nops[] = { 1, 1, 1, 1 };

	ip4_options(f, nops, sizeof(nops));
}

static void spoil_ip4_two_options(struct frame *f)
{
	static const u8 options[] = { 0x94, 4, 0, 0, 0x94, 4, 0, 0 };

	ip4_options(f, options, sizeof(options));
}

static void spoil_ip4_short_header(struct frame *f)
{
	f->data[AT_BODY] = 0x44;
}

static void spoil_mld_cut(struct frame *f)
{
	f->len -= 4;
	frame_end_ip6(f);
}

static void spoil_mld_one_more(struct frame *f)
{
	ADD(f, 0);
	frame_end_ip6(f);
}

static void spoil_mld_source_missing(struct frame *f)
{
	f->data[AT_MLD_NSRCS + 1]++;
}

static void spoil_mld_sum(struct frame *f)
{
	f->data[AT_MLD + 3] ^= 1;
}

static void bpdu_length(struct frame *f, int more)
{
	f->len = f->end;
	if (more > 0)
		ADD(f, 0);
	else
		f->len--;
	frame_put16(f->data + AT_PROTO, f->len - AT_BODY);
}

static void spoil_bpdu_more(struct frame *f)
{
	bpdu_length(f, 1);
}

static void spoil_bpdu_less(struct frame *f)
{
	bpdu_length(f, -1);
}

static void spoil_mst_instances(struct frame *f)
{
	f->data[AT_BPDU + 37] += 16;
}

/* A length that fits, but is no number of instances. */
static void spoil_mst_half_instance(struct frame *f)
{
	static const u8 half[8];
	u16 n = frame_get16(f->data + AT_BPDU + 36);

	f->len = f->end;
	frame_add(f, half, sizeof(half));
	frame_put16(f->data + AT_BPDU + 36, n + sizeof(half));
	frame_put16(f->data + AT_PROTO, f->len - AT_BODY);
}

#define QUERY(_make, ...)	FORGED(_make, MODEL_QUERY, __VA_ARGS__)
#define BPDU(_make, ...)	FORGED(_make, MODEL_BPDU, __VA_ARGS__)
#define NO(_make, ...)		FORGED(_make, MODEL_OTHER, __VA_ARGS__)
#define HBH(...)		BYTES(AT_HBH, 58, 0, __VA_ARGS__)

static const struct forged rows[] = {
	NO(igmp2, "igmp may go further", BYTES(AT_IP4_TTL, 2)),
	NO(igmp2, "igmp of no hop", BYTES(AT_IP4_TTL, 0)),
	NO(igmp2, "igmp with more fragments", BYTES(AT_IP4_FRAGMENT, 0x20, 0)),
	NO(igmp2, "igmp as a later fragment", BYTES(AT_IP4_FRAGMENT, 0, 1)),
	QUERY(igmp2, "igmp may be fragmented", BYTES(AT_IP4_FRAGMENT, 0, 0)),
	NO(igmp2, "igmp of another protocol", BYTES(AT_IP4_PROTO, 17)),
	NO(igmp2, "igmp not of ipv4", BYTES(AT_BODY, 0x65)),
	NO(igmp2, "igmp with other options", .spoil = spoil_ip4_nops),
	NO(igmp2, "igmp with more options", .spoil = spoil_ip4_two_options),
	NO(igmp2, "igmp in a short header", .spoil = spoil_ip4_short_header),
	NO(igmp2, "igmp with a wrong header", .spoil = spoil_ip4_sum,
	   .sums = true),
	NO(igmp2, "igmp with a wrong checksum", .spoil = spoil_igmp_sum,
	   .sums = true),
	NO(igmp2, "igmp report", .spoil = spoil_igmp_report),
	NO(igmp2, "igmp cut", .spoil = spoil_igmp_cut),
	NO(igmp2, "igmp of 9 bytes", .spoil = spoil_igmp_one_more),
	NO(igmp2, "igmp of 11 bytes", .spoil = spoil_igmp_three_more),
	NO(igmp3, "igmp lacks a source", .spoil = spoil_igmp_source_missing),
	NO(igmp2, "igmp to one station", BYTES(AT_DEST, 2, 0, 0, 0, 0, 1)),
	NO(igmp2, "igmp to another address", BYTES(AT_DEST + 5, 2)),
	NO(igmp2, "igmp to an address of ipv6",
	   BYTES(AT_DEST, 0x33, 0x33, 0, 0, 0, 1)),
	NO(igmp2, "igmp to unicast", BYTES(AT_IP4_DST, 10)),
	NO(igmp_group, "igmp to another group", BYTES(AT_IP4_DST, 240)),

	NO(mld1, "mld may go further", BYTES(AT_IP6_HOPS, 2)),
	NO(mld1, "mld from a global address", BYTES(AT_IP6_SRC, 0x20, 1)),
	NO(mld1, "mld from a site's address", BYTES(AT_IP6_SRC, 0xfe, 0xc0)),
	QUERY(mld1, "mld from febf", BYTES(AT_IP6_SRC, 0xfe, 0xbf)),
	NO(mld1, "mld from a group", BYTES(AT_IP6_SRC, 0xff, 0x02)),
	NO(mld1, "mld without its header", BYTES(AT_IP6_NEXT, 58)),
	NO(mld1, "mld before another protocol", BYTES(AT_HBH, 17)),
	NO(mld1, "mld in a longer header", BYTES(AT_HBH + 1, 1)),
	QUERY(mld1, "mld alert first", HBH(5, 2, 0, 0, 0, 0)),
	QUERY(mld1, "mld alert last", HBH(1, 0, 5, 2, 0, 0)),
	NO(mld1, "mld alert at an odd place", HBH(0, 5, 2, 0, 0, 0)),
	NO(mld1, "mld without alert", HBH(1, 4, 0, 0, 0, 0)),
	NO(mld1, "mld alert for rsvp", HBH(5, 2, 0, 1, 0, 0)),
	NO(mld1, "mld alert and more", HBH(5, 2, 0, 0, 0x3e, 0)),
	NO(mld1, "mld padding over the end", HBH(5, 2, 0, 0, 1, 1)),
	NO(mld1, "mld with code 1", BYTES(AT_MLD + 1, 1)),
	NO(mld1, "mld report", BYTES(AT_MLD, 131)),
	NO(mld1, "mld cut", .spoil = spoil_mld_cut),
	NO(mld1, "mld of 25 bytes", .spoil = spoil_mld_one_more),
	NO(mld2, "mld lacks a source", .spoil = spoil_mld_source_missing),
	NO(mld1, "mld with a wrong checksum", .spoil = spoil_mld_sum,
	   .sums = true),
	NO(mld1, "mld to one station", BYTES(AT_DEST, 2, 0)),
	NO(mld1, "mld to another address", BYTES(AT_DEST + 5, 2)),
	NO(mld_group, "mld for another group", BYTES(AT_MLD_GROUP, 0)),
	NO(mld_group, "mld to unicast", BYTES(AT_IP6_DST, 0xfe)),

	NO(bpdu_config, "bpdu to pause frames", BYTES(AT_DEST + 5, 1)),
	NO(bpdu_config, "bpdu to lacp", BYTES(AT_DEST + 5, 2)),
	NO(bpdu_config, "bpdu to 802.1x", BYTES(AT_DEST + 5, 3)),
	BPDU(bpdu_config, "bpdu to the last address", BYTES(AT_DEST + 5, 15)),
	NO(bpdu_config, "bpdu behind the last address",
	   BYTES(AT_DEST + 5, 16)),
	NO(bpdu_config, "bpdu to garp", BYTES(AT_DEST + 5, 0x20)),
	NO(bpdu_config, "bpdu to a station", BYTES(AT_DEST, 0)),
	NO(bpdu_config, "bpdu to another sap", BYTES(AT_LLC, 0xaa)),
	NO(bpdu_config, "bpdu from another sap", BYTES(AT_LLC + 1, 0xaa)),
	NO(bpdu_config, "bpdu numbered", BYTES(AT_LLC + 2, 0)),
	NO(bpdu_config, "bpdu of another protocol", BYTES(AT_BPDU + 1, 1)),
	NO(bpdu_config, "bpdu of type 1", BYTES(AT_BPDU + 3, 1)),
	NO(bpdu_config, "bpdu with a type for length", BYTES(AT_PROTO, 6, 0)),
	NO(bpdu_config, "bpdu longer", .spoil = spoil_bpdu_more),
	NO(bpdu_config, "bpdu shorter", .spoil = spoil_bpdu_less),
	NO(bpdu_tcn, "tcn longer", .spoil = spoil_bpdu_more),
	NO(bpdu_tcn, "tcn shorter", .spoil = spoil_bpdu_less),
	NO(bpdu_rst, "rst longer", .spoil = spoil_bpdu_more),
	NO(bpdu_rst, "rst shorter", .spoil = spoil_bpdu_less),
	NO(bpdu_mst, "mst longer", .spoil = spoil_bpdu_more),
	NO(bpdu_mst, "mst lacks an instance", .spoil = spoil_mst_instances),
	NO(bpdu_mst, "mst with half an instance",
	   .spoil = spoil_mst_half_instance),
};

KUNIT_ARRAY_PARAM_DESC(rows, rows, name);

static struct kunit_case control_cases[] = {
	KUNIT_CASE_PARAM(forged_look, rows_gen_params),
	{}
};

static struct kunit_suite control_suite = {
	.name = "vseg_control",
	.test_cases = control_cases,
};

kunit_test_suite(control_suite);
