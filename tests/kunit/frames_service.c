// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of services: DHCP, DHCPv6, router discovery, multicast DNS.
 */
#include <linux/etherdevice.h>

#include "frames.h"
#include "random.h"

static const u8 broadcast[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };

static void add8(struct frame *f, u8 value)
{
	frame_add(f, &value, 1);
}

static void add16(struct frame *f, u16 value)
{
	u8 bytes[2];

	frame_put16(bytes, value);
	frame_add(f, bytes, sizeof(bytes));
}

static void add_zeros(struct frame *f, size_t n)
{
	while (n--)
		add8(f, 0);
}

/* A unicast address of Ethernet and one of IPv4. */
static void random_host(struct rnd_state *rnd, u8 *mac, u8 *ip)
{
	prandom_bytes_state(rnd, mac, ETH_ALEN);
	mac[0] &= ~1;
	prandom_bytes_state(rnd, ip, 4);
	ip[0] = between(rnd, 1, 223);
}

static void add_udp(struct frame *f, u16 source, u16 dest)
{
	add16(f, source);
	add16(f, dest);
	add16(f, 0);
	add16(f, 0);
}

static void add_udp4(struct frame *f, struct rnd_state *rnd, const u8 *dest,
		     const u8 *dst, u16 sport, u16 dport)
{
	frame_add_eth(f, rnd, dest, ETH_P_IP);
	ADD(f, 0x45, 0, 0, 0, 0, 0);
	add16(f, rarely(rnd, 2) ? 0x4000 : 0);
	ADD(f, 255, 17, 0, 0);
	add8(f, between(rnd, 1, 223));
	frame_add_random(f, rnd, 3);
	frame_add(f, dst, 4);
	add_udp(f, sport, dport);
}

/* The checksum as one that a device would finish. */
static void leave_sum(const u8 *address, size_t size, u8 *udp)
{
	u32 sum = 17 + frame_get16(udp + 4);

	for (; size; size -= 2, address += 2)
		sum += frame_get16(address);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	frame_put16(udp + 6, sum);
}

static void end_udp4(struct frame *f, struct rnd_state *rnd)
{
	u8 *udp = f->data + AT_IP4_OPTION;

	frame_put16(f->data + AT_IP4_TOTAL, f->len - AT_BODY);
	frame_put16(udp + 4, f->len - AT_IP4_OPTION);
	frame_sum(f);
	if (rarely(rnd, 3))
		leave_sum(f->data + AT_IP4_SRC, 8, udp);
	else if (rarely(rnd, 3))
		frame_put16(udp + 6, 0);
}

static void end_udp6(struct frame *f, struct rnd_state *rnd)
{
	u8 *udp = f->data + AT_ICMP6;

	frame_put16(udp + 4, f->len - AT_ICMP6);
	frame_end_ip6(f);
	if (rarely(rnd, 3))
		leave_sum(f->data + AT_IP6_SRC, 32, udp);
}

/*
 * DHCP
 */

static void add_dhcp(struct frame *f, struct rnd_state *rnd, u8 op,
		     const u8 *chaddr)
{
	add8(f, op);
	ADD(f, 1, 6, 0);
	frame_add_random(f, rnd, 20);
	add_zeros(f, 4);
	frame_add(f, chaddr, ETH_ALEN);
	add_zeros(f, 10);
	frame_add_random(f, rnd, 192);
	ADD(f, 99, 130, 83, 99);
}

static void add_dhcp_option(struct frame *f, struct rnd_state *rnd)
{
	static const u8 codes[] = { 0, 1, 3, 6, 12, 50, 51, 54, 55, 61, 81 };
	u8 code = codes[below(rnd, ARRAY_SIZE(codes))], n = below(rnd, 20);

	add8(f, code);
	if (!code)
		return;
	add8(f, n);
	frame_add_random(f, rnd, n);
}

static void end_dhcp(struct frame *f, struct rnd_state *rnd, u8 type)
{
	unsigned int before = below(rnd, 3), behind = below(rnd, 8);

	while (before--)
		add_dhcp_option(f, rnd);
	ADD(f, 53, 1);
	add8(f, type);
	while (behind--)
		add_dhcp_option(f, rnd);
	ADD(f, 255);
	add_zeros(f, rarely(rnd, 2) ? 0 : below(rnd, 80));
	end_udp4(f, rnd);
}

static u8 dhcp_client_type(struct rnd_state *rnd)
{
	static const u8 types[] = { 1, 3, 4, 7, 8 };

	return types[below(rnd, ARRAY_SIZE(types))];
}

/* To all, with an address or without one yet. */
void frame_dhcp_discover(struct frame *f, struct rnd_state *rnd)
{
	add_udp4(f, rnd, broadcast, broadcast, 68, 67);
	if (!rarely(rnd, 3))
		memset(f->data + AT_IP4_SRC, 0, 4);
	add_dhcp(f, rnd, 1, f->data + AT_SRC);
	end_dhcp(f, rnd, dhcp_client_type(rnd));
}

/* To the server that gave the address. */
void frame_dhcp_renew(struct frame *f, struct rnd_state *rnd)
{
	u8 mac[ETH_ALEN], ip[4];

	random_host(rnd, mac, ip);
	add_udp4(f, rnd, mac, ip, 68, 67);
	add_dhcp(f, rnd, 1, f->data + AT_SRC);
	end_dhcp(f, rnd, dhcp_client_type(rnd));
}

void frame_dhcp_reply(struct frame *f, struct rnd_state *rnd)
{
	static const u8 types[] = { 2, 5, 6 };
	u8 mac[ETH_ALEN], ip[4];
	bool all = rarely(rnd, 2);

	random_host(rnd, mac, ip);
	add_udp4(f, rnd, all ? broadcast : mac, rarely(rnd, 2) ? broadcast : ip,
		 67, 68);
	add_dhcp(f, rnd, 2, mac);
	end_dhcp(f, rnd, types[below(rnd, ARRAY_SIZE(types))]);
}

/*
 * DHCPv6
 */

static void add_dhcp6_options(struct frame *f, struct rnd_state *rnd, u8 id)
{
	unsigned int n = below(rnd, 5), at = below(rnd, n + 1), i;
	u8 size;

	for (i = 0; i <= n; i++) {
		size = below(rnd, 20);
		add16(f, i == at ? id : between(rnd, 3, 90));
		add16(f, size);
		frame_add_random(f, rnd, size);
	}
}

static void add_dhcp6(struct frame *f, struct rnd_state *rnd, u8 type)
{
	add8(f, type);
	frame_add_random(f, rnd, 3);
}

static void add_host6(struct frame *f, struct rnd_state *rnd)
{
	ADD(f, 0xfe, 0x80, 0, 0, 0, 0, 0, 0);
	frame_add_random(f, rnd, 8);
}

void frame_dhcpv6_solicit(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0, 1, 0, 2 };
	static const u8 types[] = { 1, 3, 4, 5, 6, 8, 9, 11 };

	frame_add_eth(f, rnd, dest, ETH_P_IPV6);
	frame_add_ip6(f, rnd, 17, 1);
	ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2);
	add_udp(f, 546, 547);
	add_dhcp6(f, rnd, types[below(rnd, ARRAY_SIZE(types))]);
	add_dhcp6_options(f, rnd, 1);
	end_udp6(f, rnd);
}

void frame_dhcpv6_renew(struct frame *f, struct rnd_state *rnd)
{
	static const u8 types[] = { 3, 5, 8, 9 };
	u8 mac[ETH_ALEN], ip[4];

	random_host(rnd, mac, ip);
	frame_add_eth(f, rnd, mac, ETH_P_IPV6);
	frame_add_ip6(f, rnd, 17, 64);
	add_host6(f, rnd);
	add_udp(f, 546, 547);
	add_dhcp6(f, rnd, types[below(rnd, ARRAY_SIZE(types))]);
	add_dhcp6_options(f, rnd, 1);
	end_udp6(f, rnd);
}

void frame_dhcpv6_reply(struct frame *f, struct rnd_state *rnd)
{
	static const u8 types[] = { 2, 7, 10 };
	u8 mac[ETH_ALEN], ip[4];

	random_host(rnd, mac, ip);
	frame_add_eth(f, rnd, mac, ETH_P_IPV6);
	frame_add_ip6(f, rnd, 17, 64);
	add_host6(f, rnd);
	add_udp(f, 547, 546);
	add_dhcp6(f, rnd, types[below(rnd, ARRAY_SIZE(types))]);
	add_dhcp6_options(f, rnd, 2);
	end_udp6(f, rnd);
}

/*
 * Router discovery
 */

static void add_own_address(struct frame *f)
{
	ADD(f, 1, 1);
	frame_add(f, f->data + AT_SRC, ETH_ALEN);
}

/* Who has no address yet has none to tell of. */
void frame_rs(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0, 0, 0, 2 };
	bool unspecified = rarely(rnd, 3);

	frame_add_eth(f, rnd, dest, ETH_P_IPV6);
	frame_add_ip6(f, rnd, IPPROTO_ICMPV6, 255);
	if (unspecified)
		memset(f->data + AT_IP6_SRC, 0, 16);
	ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
	ADD(f, 133, 0, 0, 0, 0, 0, 0, 0);
	if (!unspecified && !rarely(rnd, 3))
		add_own_address(f);
	frame_end_ip6(f);
}

static void add_ra_option(struct frame *f, struct rnd_state *rnd)
{
	static const u8 codes[] = { 3, 5, 24, 25, 31, 37, 200 };
	u8 code = codes[below(rnd, ARRAY_SIZE(codes))];
	u8 units = code == 3 ? 4 : code == 5 ? 1 : between(rnd, 1, 5);

	add8(f, code);
	add8(f, units);
	frame_add_random(f, rnd, units * 8 - 2);
}

void frame_ra(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0, 0, 0, 1 };
	unsigned int options = below(rnd, 5);
	u8 mac[ETH_ALEN], ip[4];
	bool all = !rarely(rnd, 3);

	random_host(rnd, mac, ip);
	frame_add_eth(f, rnd, all ? dest : mac, ETH_P_IPV6);
	frame_add_ip6(f, rnd, IPPROTO_ICMPV6, 255);
	if (all)
		ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	else
		add_host6(f, rnd);
	ADD(f, 134, 0, 0, 0);
	frame_add_random(f, rnd, 12);
	if (!rarely(rnd, 3))
		add_own_address(f);
	while (options--)
		add_ra_option(f, rnd);
	frame_end_ip6(f);
}

/*
 * Multicast DNS
 */

static void add_name(struct frame *f, struct rnd_state *rnd, bool pointer)
{
	unsigned int labels = below(rnd, 4);
	u8 n;

	while (labels--) {
		n = between(rnd, 1, rarely(rnd, 4) ? 63 : 8);
		add8(f, n);
		frame_add_random(f, rnd, n);
	}
	if (pointer && rarely(rnd, 2))
		ADD(f, 0xc0, 12);
	else
		ADD(f, 0);
}

/* Behind @before names that could be pointed to. */
static void add_records(struct frame *f, struct rnd_state *rnd, unsigned int n,
			unsigned int before)
{
	u8 size;

	while (n--) {
		size = below(rnd, 24);
		add_name(f, rnd, before++);
		frame_add_random(f, rnd, 8);
		add16(f, size);
		frame_add_random(f, rnd, size);
	}
}

static void add_dns(struct frame *f, struct rnd_state *rnd, bool response)
{
	unsigned int questions = response ? 0 : between(rnd, 1, 3);
	unsigned int answers = response ? between(rnd, 1, 3) : below(rnd, 2);
	unsigned int more = below(rnd, 2), i;

	add16(f, 0);
	add16(f, response ? 0x8400 : rarely(rnd, 4) ? 0x0200 : 0);
	add16(f, questions);
	add16(f, answers);
	add16(f, 0);
	add16(f, more);
	for (i = 0; i < questions; i++) {
		add_name(f, rnd, i);
		frame_add_random(f, rnd, 4);
	}
	add_records(f, rnd, answers, questions);
	add_records(f, rnd, more, questions + answers);
}

void frame_mdns4(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x01, 0x00, 0x5e, 0, 0, 0xfb };
	static const u8 dst[] = { 224, 0, 0, 251 };

	add_udp4(f, rnd, dest, dst, 5353, 5353);
	add_dns(f, rnd, rarely(rnd, 2));
	end_udp4(f, rnd);
}

void frame_mdns6(struct frame *f, struct rnd_state *rnd)
{
	static const u8 dest[] = { 0x33, 0x33, 0, 0, 0, 0xfb };

	frame_add_eth(f, rnd, dest, ETH_P_IPV6);
	frame_add_ip6(f, rnd, 17, 255);
	ADD(f, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb);
	add_udp(f, 5353, 5353);
	add_dns(f, rnd, rarely(rnd, 2));
	end_udp6(f, rnd);
}

/* To the one that asked for an answer of its own. */
void frame_mdns_answer(struct frame *f, struct rnd_state *rnd)
{
	u8 mac[ETH_ALEN], ip[4];

	random_host(rnd, mac, ip);
	add_udp4(f, rnd, mac, ip, 5353, 5353);
	add_dns(f, rnd, true);
	end_udp4(f, rnd);
}

/* Plain DNS, which looks alike. */
void frame_dns(struct frame *f, struct rnd_state *rnd)
{
	u8 mac[ETH_ALEN], ip[4];

	random_host(rnd, mac, ip);
	add_udp4(f, rnd, mac, ip, rarely(rnd, 2) ? 5353 : 53,
		 between(rnd, 1024, 5000));
	add_dns(f, rnd, rarely(rnd, 2));
	end_udp4(f, rnd);
}
