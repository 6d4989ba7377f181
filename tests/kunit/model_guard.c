// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest may send, once more: by its bytes, address by address.
 */
#include <linux/string.h>

#include "frames.h"
#include "model_frame.h"
#include "model_guard.h"

#define FITS	VSEG_REASON_NONE
#define ODD	VSEG_REASON_GUARD_UNPARSED
#define FORGED	VSEG_REASON_GUARD_RESOLUTION

struct looked {
	const struct model_guest *guest;
	const u8 *data;
	size_t avail;
	struct model_fields f;
	u32 roles;
};

static bool mac_known(const struct model_guest *guest, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < guest->nmacs; i++)
		if (!memcmp(guest->mac[i], mac, 6))
			return true;
	return false;
}

/* The MAC address that stands in a message of the sender's. */
static bool mac_fits(const struct looked *l, const u8 *mac)
{
	if (!l->guest->nmacs)
		return !memcmp(l->data + AT_SRC, mac, 6);
	return mac_known(l->guest, mac);
}

static bool prefix_has(const struct model_prefix *p, const u8 *address,
		       unsigned int bytes)
{
	unsigned int i;

	if (p->bytes != bytes)
		return false;
	for (i = 0; i < p->bits; i++)
		if ((address[i / 8] ^ p->address[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static bool own_link_local(const struct model_guest *guest, const u8 *address)
{
	unsigned int i;

	for (i = 0; i < guest->nmacs; i++) {
		const u8 *m = guest->mac[i];
		const u8 want[] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, m[0] ^ 2,
				    m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5] };

		if (!memcmp(want, address, 16))
			return true;
	}
	return false;
}

static bool address_fits(const struct model_guest *guest, const u8 *address,
			 unsigned int bytes)
{
	unsigned int i;

	for (i = 0; i < guest->nprefixes; i++)
		if (prefix_has(&guest->prefix[i], address, bytes))
			return true;
	return !guest->nprefixes ||
	       (bytes == 16 && own_link_local(guest, address));
}

static bool zeros(const u8 *p, size_t n)
{
	return !memchr_inv(p, 0, n);
}

static u8 arp(const struct looked *l, bool reverse)
{
	const u8 *p = l->data + l->f.network;
	static const u8 head[] = { 0, 1, 8, 0, 6, 4 };

	if (!l->guest->nmacs && !l->guest->nprefixes)
		return FITS;
	if (l->f.network + 28 > l->avail || memcmp(p, head, sizeof(head)))
		return ODD;
	if (memcmp(p + 8, l->data + AT_SRC, 6))
		return FORGED;
	switch (frame_get16(p + 6)) {
	case 3:
		if (!reverse || !mac_fits(l, p + 18))
			return FORGED;
		return zeros(p + 14, 4) ||
		       address_fits(l->guest, p + 14, 4) ? FITS : FORGED;
	case 4:
		return FORGED;
	case 1:
		if (zeros(p + 14, 4))
			p += 10;
		fallthrough;
	default:
		return !reverse && address_fits(l->guest, p + 14, 4) ?
		       FITS : FORGED;
	}
}

/* Which of the options tells of the sender, and where they begin. */
static u8 discovery(const struct looked *l, const u8 *p, size_t n, bool nowhere)
{
	static const struct {
		u8 type;
		u8 at;
		u8 option;
		bool claims;
	} messages[] = {
		{ 133, 8, 1, false }, { 134, 16, 1, false },
		{ 135, 24, 1, false }, { 136, 24, 2, true },
		{ 137, 40, 0, false },
	};
	size_t at = messages[p[0] - 133].at;
	u8 option = messages[p[0] - 133].option;
	bool forged = false;

	if (!l->guest->nmacs && !l->guest->nprefixes)
		return FITS;
	if (l->f.value[VSEG_MATCH_FIELD_FRAGMENT].lo || l->f.end > l->avail ||
	    n < at)
		return ODD;
	if ((messages[p[0] - 133].claims || (p[0] == 135 && nowhere)) &&
	    !address_fits(l->guest, p + 8, 16))
		return FORGED;
	while (option && at < n && !forged) {
		if (n - at < 2 || !p[at + 1] || n - at < p[at + 1] * 8u)
			return ODD;
		if (p[at] == option && p[at + 1] != 1)
			return ODD;
		forged = p[at] == option && !mac_fits(l, p + at + 2);
		at += p[at + 1] * 8;
	}
	return forged ? FORGED : FITS;
}

static void router(struct looked *l, bool is)
{
	l->roles |= is ? VSEG_GUARD_PERMIT_ROUTER : 0;
}

static void querier(struct looked *l, bool is)
{
	l->roles |= is ? VSEG_GUARD_PERMIT_MULTICAST_ROUTER : 0;
}

/* Behind IPv4; @may: it may come from 0.0.0.0. */
static u8 behind4(struct looked *l, unsigned int protocol, const u8 *p, size_t n,
		  bool *may)
{
	switch (protocol) {
	case 1:
		if (n)
			router(l, p[0] == 5 || p[0] == 9);
		return n ? FITS : ODD;
	case 2:
		if (n)
			querier(l, p[0] == 0x11 || p[0] == 0x13 ||
				p[0] == 0x14 || p[0] == 0x30 || p[0] == 0x32);
		return n ? FITS : ODD;
	case 17:
		if (n < 4)
			return ODD;
		if (frame_get16(p) == 67)
			l->roles |= VSEG_GUARD_PERMIT_DHCP_SERVER;
		*may = frame_get16(p) == 68 && frame_get16(p + 2) == 67;
		return FITS;
	}
	querier(l, protocol == 103);
	return FITS;
}

static u8 behind6(struct looked *l, unsigned int protocol, const u8 *p, size_t n,
		  bool nowhere, bool *may)
{
	switch (protocol) {
	case 17:
		if (n >= 4 && frame_get16(p) == 547)
			l->roles |= VSEG_GUARD_PERMIT_DHCP_SERVER;
		return n >= 4 ? FITS : ODD;
	case 58:
		if (!n)
			return ODD;
		router(l, p[0] == 134 || p[0] == 137);
		querier(l, p[0] == 130 || p[0] == 151 || p[0] == 153);
		*may = n >= 4 && (p[0] == 131 || p[0] == 132 || p[0] == 133 ||
				  p[0] == 135 || p[0] == 143);
		if (p[0] < 133 || p[0] > 137)
			return FITS;
		return discovery(l, p, n, nowhere);
	}
	querier(l, protocol == 103);
	return FITS;
}

static u8 ip(struct looked *l)
{
	const struct model_value *fragment =
		&l->f.value[VSEG_MATCH_FIELD_FRAGMENT];
	const struct model_value *protocol =
		&l->f.value[VSEG_MATCH_FIELD_PROTOCOL];
	bool v4 = l->f.version == 4, nowhere, may = false;
	const u8 *src = l->data + l->f.network + (v4 ? 12 : 8);
	const u8 *p = l->data + l->f.transport;
	size_t last = min(l->avail, l->f.end);
	u8 reason = FITS;
	size_t n;

	if (!l->f.value[VSEG_MATCH_FIELD_SOURCE].told || !fragment->told)
		return ODD;
	nowhere = zeros(src, v4 ? 4 : 16);
	if (fragment->lo != VSEG_FRAGMENT_LATER) {
		if (!protocol->told)
			return ODD;
		n = last > l->f.transport ? last - l->f.transport : 0;
		reason = v4 ? behind4(l, protocol->lo, p, n, &may) :
			      behind6(l, protocol->lo, p, n, nowhere, &may);
	}
	if (reason)
		return reason;
	if (address_fits(l->guest, src, v4 ? 4 : 16))
		return FITS;
	return nowhere && may && fragment->lo == VSEG_FRAGMENT_WHOLE ?
	       FITS : VSEG_REASON_GUARD_ADDRESS;
}

static u32 group(const u8 *mac)
{
	u64 value = (u64)frame_get16(mac) << 32 |
		    (u32)frame_get16(mac + 2) << 16 | frame_get16(mac + 4);

	switch (value) {
	case 0x0180c2000000:
	case 0x0180c2000008:
	case 0x01000ccccccd:
		return VSEG_GUARD_PERMIT_SPANNING_TREE;
	case 0x0180c2000001 ... 0x0180c2000007:
	case 0x0180c2000009 ... 0x0180c200000f:
	case 0x01000ccccccc:
		return VSEG_GUARD_PERMIT_LINK_LOCAL;
	}
	return 0;
}

static u8 payload(struct looked *l)
{
	const struct model_value *type = &l->f.value[VSEG_MATCH_FIELD_ETHERTYPE];
	const struct model_value *src = &l->f.value[VSEG_MATCH_FIELD_SOURCE];

	if (!type->told)
		return ODD;
	if (type->lo == 0x0800 || type->lo == 0x86dd)
		return ip(l);
	if (type->lo == 0x0806 || type->lo == 0x8035)
		return arp(l, type->lo == 0x8035);
	if (type->lo == 0x88cc)
		l->roles |= VSEG_GUARD_PERMIT_LINK_LOCAL;
	if (type->lo < 0x600 && l->f.network < l->avail &&
	    l->data[l->f.network] == 0x42)
		l->roles = VSEG_GUARD_PERMIT_SPANNING_TREE;
	return src->has && !src->told && l->guest->nprefixes &&
	       type->lo != 0x88cc ? ODD : FITS;
}

/**
 * model_guard - as vseg_guard_check()
 * @guest: what is known of the guest
 * @data: the frame
 * @avail: bytes of it that can be read
 * @len: its bytes
 * @roles: result: what it needs
 *
 * Return: why it may not pass.
 */
u8 model_guard(const struct model_guest *guest, const u8 *data, size_t avail,
	       size_t len, u32 *roles)
{
	struct looked l = { .guest = guest, .data = data, .avail = avail };
	u8 reason;

	*roles = 0;
	if (avail < 14)
		return ODD;
	if (data[AT_SRC] % 2 ||
	    (guest->nmacs && !mac_known(guest, data + AT_SRC)))
		return VSEG_REASON_GUARD_MAC;
	l.roles = group(data);
	model_describe(data, avail, len, 0, &l.f);
	reason = payload(&l);
	*roles = l.roles;
	return reason;
}
