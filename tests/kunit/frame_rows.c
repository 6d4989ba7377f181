// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of each kind, and what is known of them.
 */
#include <linux/kernel.h>

#include "frame_rows.h"

/* Headers, as bytes. */
#define B(_v)		((_v) & 0xff)
#define W(_v)		B((_v) >> 8), B(_v)
#define MACS		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2
#define ETH(_type)	MACS, W(_type)
#define LLC(_length)	MACS, W(_length)
#define SNAP(_a, _b, _c, _type) 0xaa, 0xaa, 3, _a, _b, _c, W(_type)
#define IP4X(_head, _total, _fragment, _protocol)			\
	_head, 0, W(_total), 0, 1, W(_fragment), 64, _protocol, 0, 0,	\
	10, 0, 0, 1, 10, 0, 0, 2
#define IP4(_data, _protocol)	IP4X(0x45, 20 + (_data), 0, _protocol)
#define IP6(_payload, _next)						\
	0x60, 0, 0, 0, W(_payload), _next, 64,				\
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,		\
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2
/* Eight bytes of options, a routing header, a fragment header, AH. */
#define OPT(_next)	_next, 0, 1, 4, 0, 0, 0, 0
#define ROUTE(_next, _left) _next, 0, 4, _left, 0, 0, 0, 0
#define FRAG(_next, _word) _next, 0, W(_word), 0, 0, 0, 9
#define AH(_next)	_next, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4
#define TCP(_flags)							\
	W(1025), W(22), 0, 0, 0, 1, 0, 0, 0, 2, 0x50, _flags, 1, 0, 0, 0, 0, 0
#define UDP(_length)	W(1025), W(53), W(_length), 0, 0
#define TWELVE		W(1025), W(38), 0, 0, 0, 1, 0, 0, 0, 2
#define DCCP(_offset)	W(1025), W(33), _offset, 0, 0, 0, 0, 0, 0, 1
#define ICMP(_type, _code) _type, _code, 0, 0, 0, 1, 0, 1
#define EIGHT		1, 2, 3, 4, 5, 6, 7, 8

/* What is known. */
#define T4		"type=800 "
#define T6		"type=86dd "
#define V4		"src=a000001 dst=a000002 "
#define V6		"src=fd00000000000000:1 dst=fd00000000000000:2 "
#define WHOLE		"frag=whole "
#define FIRST		"frag=first "
#define LATER		"frag=later "
#define P_TCP		"proto=6 sport=1025 dport=22 flags=2 "
#define P_UDP		"proto=17 sport=1025 dport=53 "
#define NO_PORTS	"sport=? dport=? "
#define NO_PROTO	"proto=? " NO_PORTS "flags=? icmp=? "
#define NO_IP		"src=? dst=? frag=? " NO_PROTO
#define NOTHING		"type=? " NO_IP

#define ROW(_name, _want, ...) {					\
	.name = _name, .want = _want, .bytes = (const u8[]){ __VA_ARGS__ }, \
	.n = sizeof((const u8[]){ __VA_ARGS__ }) }
#define PADDED(_name, _pad, _want, ...) {				\
	.name = _name, .want = _want, .bytes = (const u8[]){ __VA_ARGS__ }, \
	.n = sizeof((const u8[]){ __VA_ARGS__ }), .pad = _pad }

const struct frame_row frame_rows[] = {
	/* Ethernet */
	ROW("empty", NOTHING "SHORT", 2),
	ROW("no type", NOTHING "SHORT", MACS, 8),
	ROW("ARP", "type=806 ", ETH(0x0806), 0, 1, 8, 0, 6, 4, 0, 1),
	ROW("RARP", "type=8035 ", ETH(0x8035), 0, 1, 8, 0, 6, 4, 0, 3),
	ROW("type alone", "type=88cc ", ETH(0x88cc)),
	ROW("LLDP", "type=88cc ", ETH(0x88cc), 2, 7, 4, 2, 0, 0, 0, 0, 1),
	ROW("EAPOL", "type=888e ", ETH(0x888e), 1, 1, 0, 0),
	ROW("least type", "type=600 ", ETH(0x0600), EIGHT),
	ROW("PPPoE discovery", "type=8863 ", ETH(0x8863), 0x11, 9, 0, 0, 0, 0),
	ROW("PPPoE session", "type=8864 " NO_IP "TUNNEL", ETH(0x8864), 0x11, 0,
	    0, 1, 0, 30, 0, 0x21, IP4(8, 17), UDP(8)),
	ROW("MPLS", "type=8847 " NO_IP "TUNNEL", ETH(0x8847), 0, 0, 1, 64,
	    IP4(8, 17), UDP(8)),
	ROW("MPLS multicast", "type=8848 " NO_IP "TUNNEL", ETH(0x8848), EIGHT),
	ROW("MACsec", "type=88e5 " NO_IP "TUNNEL", ETH(0x88e5), EIGHT),
	ROW("802.1ah", "type=88e7 " NO_IP "TUNNEL", ETH(0x88e7), EIGHT),
	ROW("HSR", "type=892f " NO_IP "TUNNEL", ETH(0x892f), EIGHT),
	ROW("NSH", "type=894f " NO_IP "TUNNEL", ETH(0x894f), EIGHT),
	ROW("BATMAN", "type=4305 " NO_IP "TUNNEL", ETH(0x4305), EIGHT),

	/* Tags */
	ROW("a tag", T4 V4 WHOLE P_UDP, ETH(0x8100), W(5), W(0x0800), IP4(8, 17),
	    UDP(8)),
	ROW("a priority tag", T4 V4 WHOLE P_UDP, ETH(0x8100), W(0xe000),
	    W(0x0800), IP4(8, 17), UDP(8)),
	ROW("stacked priority tags", T6 V6 WHOLE P_TCP, ETH(0x8100), W(0),
	    W(0x8100), W(0), W(0x86dd), IP6(20, 6), TCP(2)),
	ROW("802.1ad and 802.1Q", T4 V4 WHOLE P_UDP, ETH(0x88a8), W(7),
	    W(0x8100), W(9), W(0x0800), IP4(8, 17), UDP(8)),
	ROW("four tags", T4 V4 WHOLE P_UDP, ETH(0x9100), W(1), W(0x9200), W(2),
	    W(0x9300), W(3), W(0x8100), W(4), W(0x0800), IP4(8, 17), UDP(8)),
	ROW("five tags", NOTHING "TAGS", ETH(0x8100), W(1), W(0x8100), W(2),
	    W(0x8100), W(3), W(0x8100), W(4), W(0x8100), W(5), W(0x0800),
	    IP4(8, 17), UDP(8)),
	ROW("a tag, cut", NOTHING "SHORT", ETH(0x8100), 0),
	ROW("a tag and no type", NOTHING "SHORT", ETH(0x8100), W(5), 8),

	/* LLC */
	PADDED("BPDU", 8, "type=26 ", LLC(38), 0x42, 0x42, 3, 0, 0, 0, 0, 0,
	       EIGHT, EIGHT, EIGHT, 1, 2, 3, 4, 5, 6),
	ROW("raw IPX", "type=8 ", LLC(8), 0xff, 0xff, 0, 34, 0, 0, 0, 0),
	ROW("SNAP", T4 V4 WHOLE P_UDP, LLC(36), SNAP(0, 0, 0, 0x0800),
	    IP4(8, 17), UDP(8)),
	PADDED("SNAP, padded", 10, T4 V4 WHOLE P_UDP, LLC(36),
	       SNAP(0, 0, 0, 0x0800), IP4(8, 17), UDP(8)),
	PADDED("SNAP, padded too long", 15, NOTHING "LLC", LLC(36),
	       SNAP(0, 0, 0, 0x0800), IP4(8, 17), UDP(8)),
	PADDED("SNAP behind a tag, padded", 14, T4 V4 WHOLE P_UDP, ETH(0x8100),
	       W(0), W(36), SNAP(0, 0, 0, 0x0800), IP4(8, 17), UDP(8)),
	ROW("SNAP, too long", NOTHING "LLC", LLC(37), SNAP(0, 0, 0, 0x0800),
	    IP4(8, 17), UDP(8)),
	ROW("SNAP, IP longer than LLC", T4 NO_IP "LENGTH", LLC(35),
	    SNAP(0, 0, 0, 0x0800), IP4(8, 17), UDP(8)),
	ROW("SNAP of a bridge tunnel", "type=86dd " V6 WHOLE P_TCP, LLC(68),
	    SNAP(0, 0, 0xf8, 0x86dd), IP6(20, 6), TCP(2)),
	ROW("SNAP of others", "type=10 ", LLC(16), SNAP(0, 0, 12, 0x0800),
	    EIGHT),
	ROW("SNAP of a bridge", "type=10 " NO_IP "TUNNEL", LLC(16),
	    SNAP(0, 0x80, 0xc2, 7), EIGHT),
	ROW("SNAP with a tunnel", "type=8847 " NO_IP "TUNNEL", LLC(16),
	    SNAP(0, 0, 0, 0x8847), EIGHT),
	ROW("SNAP with a tag", NOTHING "LLC", LLC(16), SNAP(0, 0, 0, 0x8100),
	    EIGHT),
	ROW("SNAP with a length", NOTHING "LLC", LLC(16), SNAP(0, 0, 0, 8),
	    EIGHT),
	ROW("SNAP, cut by its length", NOTHING "LLC", LLC(7), 0xaa, 0xaa, 3, 0,
	    0, 0, 8),
	ROW("SNAP to one that isn't", NOTHING "LLC", LLC(16), 0xaa, 0x42, 3, 0,
	    0, 0, W(0x0800), EIGHT),
	ROW("SNAP from one that isn't", NOTHING "LLC", LLC(16), 0x42, 0xab, 3,
	    0, 0, 0, W(0x0800), EIGHT),
	ROW("SNAP, no unnumbered information", NOTHING "LLC", LLC(16), 0xaa,
	    0xaa, 0xbf, 0, 0, 0, W(0x0800), EIGHT),
	ROW("LLC of IP", NOTHING "LLC", LLC(31), 6, 6, 3, IP4(8, 17), UDP(8)),
	ROW("LLC of ARP", NOTHING "LLC", LLC(11), 0x98, 0x98, 3, EIGHT),
	ROW("LLC without a header", NOTHING "LLC", LLC(2), 0x42, 0x42),
	ROW("length 0", NOTHING "LLC", LLC(0)),
	ROW("neither length nor type", NOTHING "LLC", LLC(0x5ff), EIGHT),

	/* IPv4 */
	ROW("TCP", T4 V4 WHOLE P_TCP, ETH(0x0800), IP4(20, 6), TCP(2)),
	ROW("UDP", T4 V4 WHOLE P_UDP, ETH(0x0800), IP4(8, 17), UDP(8)),
	PADDED("UDP, padded", 99, T4 V4 WHOLE P_UDP, ETH(0x0800), IP4(8, 17),
	       UDP(8)),
	ROW("UDP, shorter than IP says", T4 V4 WHOLE P_UDP, ETH(0x0800),
	    IP4(16, 17), UDP(8), EIGHT),
	ROW("UDP, longer than IP says", T4 V4 WHOLE "proto=17 " NO_PORTS
	    "PROTOCOL", ETH(0x0800), IP4(8, 17), UDP(16), EIGHT),
	ROW("UDP of length 0", T4 V4 WHOLE "proto=17 " NO_PORTS "PROTOCOL",
	    ETH(0x0800), IP4(8, 17), UDP(0)),
	ROW("UDP-Lite", T4 V4 WHOLE "proto=136 sport=1025 dport=53 ",
	    ETH(0x0800), IP4(8, 136), UDP(0)),
	ROW("UDP-Lite that covers too little", T4 V4 WHOLE "proto=136 " NO_PORTS
	    "PROTOCOL", ETH(0x0800), IP4(8, 136), UDP(7)),
	ROW("SCTP", T4 V4 WHOLE "proto=132 sport=1025 dport=38 ", ETH(0x0800),
	    IP4(12, 132), TWELVE),
	ROW("DCCP", T4 V4 WHOLE "proto=33 sport=1025 dport=33 ", ETH(0x0800),
	    IP4(12, 33), DCCP(3)),
	ROW("DCCP with a short header", T4 V4 WHOLE "proto=33 " NO_PORTS
	    "PROTOCOL", ETH(0x0800), IP4(12, 33), DCCP(2)),
	ROW("ICMP", T4 V4 WHOLE "proto=1 icmp=3.1 ", ETH(0x0800), IP4(8, 1),
	    ICMP(3, 1)),
	ROW("ICMPv6 in IPv4", T4 V4 WHOLE "proto=58 ", ETH(0x0800), IP4(8, 58),
	    ICMP(134, 0)),
	ROW("IGMP", T4 V4 WHOLE "proto=2 ", ETH(0x0800), IP4(8, 2), EIGHT),
	ROW("GRE", T4 V4 WHOLE "proto=47 ", ETH(0x0800), IP4(8, 47), EIGHT),
	ROW("IP in IP", T4 V4 WHOLE "proto=4 ", ETH(0x0800), IP4(28, 4),
	    IP4(8, 17), UDP(8)),
	ROW("ESP", T4 V4 WHOLE "proto=50 ", ETH(0x0800), IP4(8, 50), EIGHT),
	ROW("odd protocol", T4 V4 WHOLE "proto=255 ", ETH(0x0800), IP4(0, 255)),
	ROW("AH", T4 V4 WHOLE P_TCP, ETH(0x0800), IP4(36, 51), AH(6), TCP(2)),
	ROW("AH, cut", T4 NO_IP "EXTENSIONS", ETH(0x0800), IP4(12, 51), 6, 2, 0,
	    0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, TCP(2)),
	ROW("TCP, cut by IP's length", T4 V4 WHOLE "proto=6 " NO_PORTS
	    "flags=? PROTOCOL", ETH(0x0800), IP4(19, 6), TCP(2)),
	ROW("TCP, header longer than the packet", T4 V4 WHOLE "proto=6 " NO_PORTS
	    "flags=? PROTOCOL", ETH(0x0800), IP4(20, 6), W(1025), W(22), EIGHT,
	    0x60, 2, EIGHT),
	ROW("TCP, header too short", T4 V4 WHOLE "proto=6 " NO_PORTS
	    "flags=? PROTOCOL", ETH(0x0800), IP4(20, 6), W(1025), W(22), EIGHT,
	    0x40, 2, 0, 0, 0, 0, 0, 0),
	ROW("IPv6 that says IPv4", T4 NO_IP "IP", ETH(0x0800), IP6(20, 6),
	    TCP(2)),
	ROW("header too short", T4 NO_IP "IP", ETH(0x0800),
	    IP4X(0x44, 28, 0, 17), UDP(8)),
	ROW("header cut", T4 NO_IP "SHORT", ETH(0x0800), 0x45, 0, 0, 28),
	ROW("length less than the header", T4 NO_IP "LENGTH", ETH(0x0800),
	    IP4X(0x45, 19, 0, 17), UDP(8)),
	ROW("length 0 of IPv4", T4 NO_IP "LENGTH", ETH(0x0800),
	    IP4X(0x45, 0, 0, 17), UDP(8)),
	ROW("length beyond the frame", T4 NO_IP "LENGTH", ETH(0x0800),
	    IP4X(0x45, 29, 0, 17), UDP(8)),
	ROW("router alert", T4 V4 WHOLE "proto=2 ", ETH(0x0800),
	    IP4X(0x46, 32, 0, 2), 0x94, 4, 0, 0, EIGHT),
	ROW("options end early", T4 V4 WHOLE P_UDP, ETH(0x0800),
	    IP4X(0x46, 32, 0, 17), 1, 0, 131, 99, UDP(8)),
	ROW("loose source route", T4 "src=a000001 dst=? " WHOLE P_UDP "ROUTE",
	    ETH(0x0800), IP4X(0x47, 36, 0, 17), 131, 7, 4, 10, 0, 0, 9, 0,
	    UDP(8)),
	ROW("strict source route", T4 "src=a000001 dst=? " WHOLE P_UDP "ROUTE",
	    ETH(0x0800), IP4X(0x47, 36, 0, 17), 1, 137, 7, 8, 10, 0, 0, 9,
	    UDP(8)),
	ROW("option of length 0", T4 NO_IP "IP", ETH(0x0800),
	    IP4X(0x46, 32, 0, 17), 7, 0, 0, 0, UDP(8)),
	ROW("option beyond the header", T4 NO_IP "IP", ETH(0x0800),
	    IP4X(0x46, 32, 0, 17), 7, 5, 0, 0, UDP(8)),

	/* Fragments of IPv4 */
	ROW("don't fragment", T4 V4 WHOLE P_UDP, ETH(0x0800),
	    IP4X(0x45, 28, 0x4000, 17), UDP(8)),
	ROW("first fragment", T4 V4 FIRST P_UDP, ETH(0x0800),
	    IP4X(0x45, 36, 0x2000, 17), UDP(99), EIGHT),
	ROW("first fragment of TCP, too short", T4 V4 FIRST "proto=6 " NO_PORTS
	    "flags=? FRAGMENT", ETH(0x0800), IP4X(0x45, 36, 0x2000, 6), TCP(2)),
	ROW("first fragment of TCP, short when cut to eights", T4 V4 FIRST
	    "proto=6 " NO_PORTS "flags=? FRAGMENT", ETH(0x0800),
	    IP4X(0x45, 43, 0x2000, 6), TCP(2), 1, 2, 3),
	ROW("later fragment of TCP", T4 V4 LATER "proto=6 " NO_PORTS
	    "flags=? FRAGMENT", ETH(0x0800), IP4X(0x45, 40, 1, 6), TCP(2)),
	ROW("later fragment of ICMP", T4 V4 LATER "proto=1 icmp=? FRAGMENT",
	    ETH(0x0800), IP4X(0x45, 28, 0x2005, 1), ICMP(8, 0)),
	ROW("later fragment of GRE", T4 V4 LATER "proto=47 ", ETH(0x0800),
	    IP4X(0x45, 28, 0x1fff, 47), EIGHT),
	ROW("later fragment of AH", T4 V4 LATER NO_PROTO "FRAGMENT",
	    ETH(0x0800), IP4X(0x45, 28, 9, 51), EIGHT),

	/* IPv6 */
	ROW("TCP6", T6 V6 WHOLE P_TCP, ETH(0x86dd), IP6(20, 6), TCP(2)),
	PADDED("UDP6, padded", 20, T6 V6 WHOLE P_UDP, ETH(0x86dd), IP6(8, 17),
	       UDP(8)),
	ROW("ICMPv6", T6 V6 WHOLE "proto=58 icmp=135.0 ", ETH(0x86dd),
	    IP6(8, 58), ICMP(135, 0)),
	ROW("ICMP in IPv6", T6 V6 WHOLE "proto=1 ", ETH(0x86dd), IP6(8, 1),
	    ICMP(8, 0)),
	ROW("ESP6", T6 V6 WHOLE "proto=50 ", ETH(0x86dd), IP6(8, 50), EIGHT),
	ROW("no next header", T6 V6 WHOLE "proto=59 ", ETH(0x86dd), IP6(8, 59),
	    EIGHT),
	ROW("nothing at all", T6 V6 WHOLE "proto=59 ", ETH(0x86dd), IP6(0, 59)),
	ROW("length 0 of IPv6", T6 NO_IP "LENGTH", ETH(0x86dd), IP6(0, 6),
	    TCP(2)),
	ROW("jumbogram", T6 NO_IP "LENGTH", ETH(0x86dd), IP6(0, 0), 6, 0, 0xc2,
	    4, 0, 1, 0, 0, TCP(2)),
	ROW("jumbogram with a length", T6 NO_IP "LENGTH", ETH(0x86dd),
	    IP6(28, 0), 6, 0, 0xc2, 4, 0, 1, 0, 0, TCP(2)),
	ROW("length beyond the frame of IPv6", T6 NO_IP "LENGTH", ETH(0x86dd),
	    IP6(21, 6), TCP(2)),
	ROW("IPv4 that says IPv6", T6 NO_IP "IP", ETH(0x86dd), IP4(20, 6),
	    TCP(2)),
	ROW("header of IPv6 cut", T6 NO_IP "SHORT", ETH(0x86dd), 0x60, 0, 0, 0),

	/* Extension headers */
	ROW("Hop-by-Hop", T6 V6 WHOLE P_TCP, ETH(0x86dd), IP6(28, 0), OPT(6),
	    TCP(2)),
	ROW("all of them", T6 V6 WHOLE P_TCP, ETH(0x86dd), IP6(68, 0), OPT(60),
	    OPT(43), ROUTE(44, 0), FRAG(51, 0), AH(6), TCP(2)),
	ROW("Hop-by-Hop in second place", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(36, 60), OPT(0), OPT(6), TCP(2)),
	ROW("RA behind options", T6 V6 WHOLE "proto=58 icmp=134.0 ",
	    ETH(0x86dd), IP6(16, 60), OPT(58), ICMP(134, 0)),
	ROW("eight headers", T6 V6 WHOLE P_TCP, ETH(0x86dd), IP6(84, 60),
	    OPT(60), OPT(60), OPT(60), OPT(60), OPT(60), OPT(60), OPT(60),
	    OPT(6), TCP(2)),
	ROW("nine headers", T6 NO_IP "EXTENSIONS", ETH(0x86dd), IP6(92, 60),
	    OPT(60), OPT(60), OPT(60), OPT(60), OPT(60), OPT(60), OPT(60),
	    OPT(60), OPT(6), TCP(2)),
	ROW("options longer than the packet", T6 NO_IP "EXTENSIONS",
	    ETH(0x86dd), IP6(8, 60), 6, 1, 1, 12, 0, 0, 0, 0, TCP(2)),
	ROW("no room for options", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(7, 60), 6, 0, 1, 4, 0, 0, 0, 0),
	ROW("option beyond its header", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(28, 60), 6, 0, 1, 5, 0, 0, 0, 0, TCP(2)),
	ROW("option without a length", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(28, 60), 6, 0, 1, 3, 0, 0, 0, 1, TCP(2)),
	ROW("home address", T6 "src=? dst=fd00000000000000:2 " WHOLE P_TCP
	    "ROUTE", ETH(0x86dd), IP6(44, 60), 6, 2, 1, 2, 0, 0, 0xc9, 16,
	    EIGHT, EIGHT, TCP(2)),
	ROW("routing header with a way to go", T6
	    "src=fd00000000000000:1 dst=? " WHOLE P_TCP "ROUTE", ETH(0x86dd),
	    IP6(28, 43), ROUTE(6, 1), TCP(2)),
	ROW("routing header at its end", T6 V6 WHOLE P_TCP, ETH(0x86dd),
	    IP6(28, 43), ROUTE(6, 0), TCP(2)),
	ROW("AH of an odd length", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(40, 51), 6, 3, 0, 0, EIGHT, EIGHT, TCP(2)),
	ROW("AH without its fields", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(28, 51), 6, 0, 0, 0, 0, 0, 0, 0, TCP(2)),
	ROW("HIP", T6 NO_IP "EXTENSIONS", ETH(0x86dd), IP6(28, 139), OPT(6),
	    TCP(2)),
	ROW("Shim6", T6 NO_IP "EXTENSIONS", ETH(0x86dd), IP6(28, 140), OPT(6),
	    TCP(2)),
	ROW("mobility", T6 V6 WHOLE "proto=135 ", ETH(0x86dd), IP6(8, 135),
	    OPT(59)),

	/* Fragments of IPv6 */
	ROW("atomic fragment", T6 V6 WHOLE P_TCP, ETH(0x86dd), IP6(28, 44),
	    FRAG(6, 0), TCP(2)),
	ROW("first fragment of IPv6", T6 V6 FIRST P_TCP, ETH(0x86dd),
	    IP6(32, 44), FRAG(6, 1), TCP(2), 1, 2, 3, 4),
	ROW("first fragment without TCP's end", T6 V6 FIRST "proto=6 " NO_PORTS
	    "flags=? FRAGMENT", ETH(0x86dd), IP6(31, 44), FRAG(6, 1), TCP(2),
	    1, 2, 3),
	ROW("first fragment without the chain's end", T6 NO_IP "FRAGMENT",
	    ETH(0x86dd), IP6(16, 44), FRAG(60, 1), 58, 1, 1, 12, 0, 0, 0, 0),
	ROW("RA in the second fragment", T6 V6 FIRST "proto=58 icmp=? FRAGMENT",
	    ETH(0x86dd), IP6(16, 44), FRAG(60, 1), OPT(58)),
	ROW("later fragment of IPv6", T6 V6 LATER "proto=17 " NO_PORTS
	    "FRAGMENT", ETH(0x86dd), IP6(16, 44), FRAG(17, 8), UDP(8)),
	ROW("later fragment of a chain", T6 V6 LATER NO_PROTO "FRAGMENT",
	    ETH(0x86dd), IP6(16, 44), FRAG(60, 9), OPT(17)),
	ROW("fragment of a fragment", T6 NO_IP "EXTENSIONS", ETH(0x86dd),
	    IP6(36, 44), FRAG(44, 0), FRAG(6, 0), TCP(2)),
};

const unsigned int frame_nrows = ARRAY_SIZE(frame_rows);
