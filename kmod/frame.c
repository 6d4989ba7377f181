// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame says of itself: its headers as fields that rules and guards
 * look at.
 *
 * A field is known only where whoever accepts the frame reads the same from it.
 * Where receivers differ, or what counts is beyond what is looked at, the field
 * is unknown, and so is all that hangs on it.
 */
#include "packet.h"
#include "usual.h"

/* LLC and SNAP; the padding of a short frame grows with its tags. */
#define TAG_LENGTH		4
#define LLC_LENGTH_MAX		1500
#define LLC_HEADER		3
#define LLC_SNAP		0xaa
#define LLC_IP			0x06
#define LLC_ARP			0x98
#define LLC_UI			0x03
#define SNAP_HEADER		8
#define SNAP_OUI		3
#define SNAP_TYPE		6
#define OUI_ETHERNET		0x000000
#define OUI_BRIDGE_TUNNEL	0x0000f8
#define OUI_BRIDGED		0x0080c2

/* All that the bytes say. */
#define FIELDS_FRAME	(VSEG_FIELDS_ALL & ~VSEG_FIELD(VLAN))

/* All protocols that some switch takes for a tag. */
static bool is_tag(u16 type)
{
	switch (type) {
	case 0x8100:	/* 802.1Q */
	case 0x88a8:	/* 802.1ad */
	case 0x9100:	/* the same before it had a number */
	case 0x9200:
	case 0x9300:
		return true;
	}
	return false;
}

/*
 * What has another frame or an IP packet inside that some host, or a bridge on
 * the way to it, takes out as if nothing had been around it.
 */
static bool is_tunnel(u16 type)
{
	switch (type) {
	case 0x22eb:	/* ERSPAN, version 3 */
	case 0x22f3:	/* TRILL */
	case 0x4305:	/* B.A.T.M.A.N. advanced */
	case 0x6558:	/* transparent Ethernet bridging */
	case 0x8847:	/* MPLS */
	case 0x8848:	/* MPLS, multicast */
	case 0x8864:	/* PPPoE session; discovery has nothing inside */
	case 0x8874:	/* Broadcom's switch tag */
	case 0x8899:	/* Realtek's switch tag */
	case 0x88be:	/* ERSPAN */
	case 0x88e5:	/* MACsec */
	case 0x88e7:	/* 802.1ah */
	case 0x88fb:	/* PRP */
	case 0x8903:	/* FabricPath */
	case 0x8909:	/* Cisco metadata */
	case 0x890d:	/* 802.11 frames */
	case 0x8926:	/* VN-Tag */
	case 0x892f:	/* HSR */
	case 0x893b:	/* TRILL, fine-grained */
	case 0x893f:	/* 802.1BR */
	case 0x894f:	/* NSH */
	case 0xa0ed:	/* LoWPAN */
	case 0xdada:	/* Marvell's switch tag */
	case 0xdadb:	/* switch tags made of VLANs */
	case 0xe001:	/* RZ/N1's switch tag */
	case 0xf1c1:	/* 802.1CB */
		return true;
	}
	return false;
}

static void describe_type(struct vseg_walk *w, u16 type)
{
	struct vseg_fields *fields = w->fields;

	fields->ethertype = type;
	fields->network = w->at;
	fields->known |= VSEG_FIELD(ETHERTYPE);
	if (type == ETH_IPV4)
		vseg_packet_ipv4(w);
	else if (type == ETH_IPV6)
		vseg_packet_ipv6(w);
	else if (is_tunnel(type))
		vseg_walk_unknown(w, VSEG_FIELDS_IP, VSEG_TROUBLE_TUNNEL);
}

/* Some receivers look at one address of LLC, some at the other, and few at
 * what follows: either is SNAP in full, or neither is.
 */
static bool llc_could_be(const u8 *llc, u8 sap)
{
	return (llc[0] & 0xfe) == sap || (llc[1] & 0xfe) == sap;
}

static void describe_snap(struct vseg_walk *w, const u8 *llc)
{
	u32 oui = vseg_get32(llc + SNAP_OUI) >> 8;
	u16 type = vseg_get16(llc + SNAP_TYPE);

	if (oui == OUI_ETHERNET || oui == OUI_BRIDGE_TUNNEL) {
		w->at += SNAP_HEADER;
		if (type < ETH_LENGTH_MAX || is_tag(type))
			vseg_walk_unknown(w, FIELDS_FRAME, VSEG_TROUBLE_LLC);
		else
			describe_type(w, type);
		return;
	}
	describe_type(w, w->end - w->at);
	/* Frames of other networks, bridged. */
	if (oui == OUI_BRIDGED)
		vseg_walk_unknown(w, VSEG_FIELDS_IP, VSEG_TROUBLE_TUNNEL);
}

/* 802.3: @length has to be the frame's, less padding. */
static u8 llc_trouble(const struct vseg_walk *w, unsigned int length,
		      unsigned int padded)
{
	const u8 *llc = w->data + w->at;

	if (length > LLC_LENGTH_MAX || length < LLC_HEADER ||
	    !vseg_walk_in(w, length) ||
	    (w->at + length < w->end && w->end > padded))
		return VSEG_TROUBLE_LLC;
	if (!vseg_walk_readable(w, LLC_HEADER))
		return VSEG_TROUBLE_SHORT;
	if (llc_could_be(llc, LLC_IP) || llc_could_be(llc, LLC_ARP))
		return VSEG_TROUBLE_LLC;
	if (!llc_could_be(llc, LLC_SNAP))
		return VSEG_TROUBLE_NONE;
	if (llc[0] != LLC_SNAP || llc[1] != LLC_SNAP || llc[2] != LLC_UI ||
	    length < SNAP_HEADER)
		return VSEG_TROUBLE_LLC;
	return vseg_walk_readable(w, SNAP_HEADER) ? VSEG_TROUBLE_NONE :
					  VSEG_TROUBLE_SHORT;
}

static void describe_llc(struct vseg_walk *w, unsigned int length,
			 unsigned int padded)
{
	const u8 *llc = w->data + w->at;
	u8 trouble = llc_trouble(w, length, padded);

	if (trouble) {
		vseg_walk_unknown(w, FIELDS_FRAME, trouble);
		return;
	}
	w->end = w->at + length;
	if (llc[0] == LLC_SNAP)
		describe_snap(w, llc);
	else
		describe_type(w, length);
}

/**
 * vseg_frame_usual - what a frame says of itself, if it is like most frames
 * @data: as for vseg_frame_describe()
 * @avail: likewise; here may be less of a longer frame
 * @len: likewise
 * @vlan: likewise
 * @fields: what it says; nothing to rely on if it isn't like most
 *
 * Return: whether it is; else vseg_frame_describe() knows.
 */
bool vseg_frame_usual(const u8 *data, unsigned int avail, unsigned int len,
		      u16 vlan, struct vseg_fields *fields)
{
	return vseg_usual(data, avail, len, vlan, fields);
}

/* Header by header. */
static void describe(const u8 *data, unsigned int avail, unsigned int len,
		     u16 vlan, struct vseg_fields *fields)
{
	struct vseg_walk w = {
		.data = data,
		.avail = avail,
		.at = ETH_PROTO,
		.end = len,
		.fields = fields,
	};
	unsigned int tags;
	u16 type;

	*fields = (struct vseg_fields){ .known = VSEG_FIELD(VLAN),
					.vlan = vlan };
	for (tags = 0; vseg_walk_readable(&w, 2); tags++) {
		type = vseg_get16(data + w.at);
		w.at += 2;
		if (type < ETH_LENGTH_MAX) {
			describe_llc(&w, type, ETH_PADDED + tags * TAG_LENGTH);
			return;
		}
		if (!is_tag(type)) {
			describe_type(&w, type);
			return;
		}
		if (tags == VSEG_FRAME_TAGS) {
			vseg_walk_unknown(&w, FIELDS_FRAME, VSEG_TROUBLE_TAGS);
			return;
		}
		w.at += 2;
	}
	vseg_walk_unknown(&w, FIELDS_FRAME, VSEG_TROUBLE_SHORT);
}

/**
 * vseg_frame_describe - what a frame says of itself
 * @data: the frame from its Ethernet header on, without tags that the skb
 *	carries beside it
 * @avail: bytes readable at @data; more than %VSEG_FRAME_BYTES aren't looked at
 * @len: bytes of the frame
 * @vlan: VLAN of the bridge, which the bytes don't tell; 0 without one
 * @fields: what it says
 *
 * Fewer readable bytes make fields unknown, never others.
 *
 * Context: any; takes no lock, reads nothing but @data.
 */
void vseg_frame_describe(const u8 *data, unsigned int avail, unsigned int len,
			 u16 vlan, struct vseg_fields *fields)
{
	avail = min(avail, len);
	if (vseg_frame_usual(data, avail, len, vlan, fields))
		return;
	describe(data, min_t(unsigned int, avail, VSEG_FRAME_BYTES), len, vlan,
		 fields);
}
