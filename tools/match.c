// SPDX-License-Identifier: GPL-2.0
/* What a rule asks of a frame, from words and to words. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "args.h"
#include "match.h"
#include "text.h"
#include "util.h"

/* Below it, what stands there is the length of a LLC frame. */
#define ETHERTYPE_MIN	0x600

/** match_keys - keys by their names */
const char *const match_keys[MATCH_KEYS] = {
	"ethertype", "ip", "vlan", "protocol", "port", "source-port",
	"service", "icmp", "from", "to", "tcp-flags", "fragment",
};

/** match_wants - what each of them takes, for messages */
const char *const match_wants[MATCH_KEYS] = {
	"an EtherType: arp, ipv4, ipv6, llc or another's name, or 0x600 to 0xffff",
	"a version of IP: 4 or 6",
	"a VLAN or a range of them, 0 to 4094, as 10 or 20-29",
	"an IP protocol: tcp, udp, icmp, icmpv6 or another's name, or 0 to 255",
	"a port or a range of them, 0 to 65535, as 22 or 8000-8080",
	"a port or a range of them, 0 to 65535, as 22 or 8000-8080",
	"the name of a service",
	"a type of ICMP, as echo-request, 8 or 3/4",
	"an address, as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, or the name of a prefix list",
	"an address, as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, or the name of a prefix list",
	"flags that are set, of flags that are looked at, as syn/syn,ack or none/all",
	"whole, first or later",
};

/** match_key_of() - the key of a name, or -1 */
int match_key_of(const char *name)
{
	int key;

	for (key = 0; key < MATCH_KEYS; key++)
		if (!strcmp(match_keys[key], name))
			return key;
	return -1;
}

/** match_key_of_field() - the key that says what a field shall be */
enum match_key match_key_of_field(uint32_t field)
{
	static const enum match_key key[] = {
		[VSEG_MATCH_FIELD_ETHERTYPE] = KEY_ETHERTYPE,
		[VSEG_MATCH_FIELD_VLAN] = KEY_VLAN,
		[VSEG_MATCH_FIELD_PROTOCOL] = KEY_PROTOCOL,
		[VSEG_MATCH_FIELD_SOURCE_PORT] = KEY_SOURCE_PORT,
		[VSEG_MATCH_FIELD_DESTINATION_PORT] = KEY_PORT,
		[VSEG_MATCH_FIELD_ICMP] = KEY_ICMP,
		[VSEG_MATCH_FIELD_SOURCE] = KEY_FROM,
		[VSEG_MATCH_FIELD_DESTINATION] = KEY_TO,
		[VSEG_MATCH_FIELD_TCP_FLAGS] = KEY_TCP_FLAGS,
		[VSEG_MATCH_FIELD_FRAGMENT] = KEY_FRAGMENT,
	};

	return field < ARRAY_SIZE(key) ? key[field] : MATCH_KEYS;
}

/*
 * From words.
 */

/* 0x and one to four digits */
static bool take_hex(const char *word, const char **end, uint32_t *value)
{
	char *stop;

	if (strncmp(word, "0x", 2) || !isxdigit((unsigned char)word[2]))
		return false;
	*value = strtoul(word, &stop, 16);
	*end = stop;
	return stop - word <= 6;
}

static bool take_hex_range(const char *word, uint32_t *first, uint32_t *last)
{
	const char *end;

	if (!take_hex(word, &end, first))
		return false;
	*last = *first;
	if (*end == '-' && !take_hex(end + 1, &end, last))
		return false;
	return !*end && *first <= *last;
}

/** parse_ethertype() - a name, a number from 0x600 on, or a range of them */
bool parse_ethertype(const char *word, uint32_t *first, uint32_t *last)
{
	int type = ethertype_of(!strcasecmp(word, "ip") ? "IPv4" : word);

	if (!strcasecmp(word, "llc")) {
		*first = 0;
		*last = ETHERTYPE_MIN - 1;
		return true;
	}
	if (type >= 0) {
		*first = type;
		*last = type;
		return true;
	}
	return (take_hex_range(word, first, last) ||
		parse_range(word, 0xffff, first, last)) &&
	       *first >= ETHERTYPE_MIN;
}

/** parse_protocol() - a name, a number, or a range of them */
bool parse_protocol(const char *word, uint32_t *first, uint32_t *last)
{
	int proto = proto_of(word);

	if (proto < 0)
		return parse_range(word, 255, first, last);
	*first = proto;
	*last = proto;
	return true;
}

/** parse_ports() - a port or a range of them */
bool parse_ports(const char *word, uint32_t *first, uint32_t *last)
{
	return parse_range(word, 65535, first, last);
}

/* Types of ICMP and of ICMPv6 by name, -1 where there is none; with a code, or
 * without one, which is -1 as well.
 */
static const struct icmp_name {
	const char *name;
	int16_t type[2];
	int16_t code[2];
} icmp_names[] = {
	{ "echo-request", { 8, 128 }, { -1, -1 } },
	{ "echo-reply", { 0, 129 }, { -1, -1 } },
	{ "destination-unreachable", { 3, 1 }, { -1, -1 } },
	{ "network-unreachable", { 3, 1 }, { 0, 0 } },
	{ "host-unreachable", { 3, 1 }, { 1, 3 } },
	{ "protocol-unreachable", { 3, -1 }, { 2, -1 } },
	{ "port-unreachable", { 3, 1 }, { 3, 4 } },
	{ "fragmentation-needed", { 3, -1 }, { 4, -1 } },
	{ "packet-too-big", { -1, 2 }, { -1, -1 } },
	{ "time-exceeded", { 11, 3 }, { -1, -1 } },
	{ "parameter-problem", { 12, 4 }, { -1, -1 } },
	{ "redirect", { 5, 137 }, { -1, -1 } },
	{ "router-solicitation", { 10, 133 }, { -1, -1 } },
	{ "router-advertisement", { 9, 134 }, { -1, -1 } },
	{ "timestamp-request", { 13, -1 }, { -1, -1 } },
	{ "timestamp-reply", { 14, -1 }, { -1, -1 } },
	{ "neighbour-solicitation", { -1, 135 }, { -1, -1 } },
	{ "neighbour-advertisement", { -1, 136 }, { -1, -1 } },
	{ "neighbor-solicitation", { -1, 135 }, { -1, -1 } },
	{ "neighbor-advertisement", { -1, 136 }, { -1, -1 } },
};

static void icmp_range(int type, int code, uint16_t *first, uint16_t *last)
{
	*first = type * 256 + (code < 0 ? 0 : code);
	*last = type * 256 + (code < 0 ? 255 : code);
}

/* T or T/C */
static bool take_icmp(const char *word, const char **end, uint16_t *first,
		      uint16_t *last)
{
	uint64_t type, code;

	if (!parse_number(word, end, 255, &type))
		return false;
	icmp_range(type, -1, first, last);
	if (**end != '/')
		return true;
	if (!parse_number(*end + 1, end, 255, &code))
		return false;
	icmp_range(type, code, first, last);
	return true;
}

/** parse_icmp() - a name, T, T/C, or a range of these */
bool parse_icmp(const char *word, struct icmp_types *t)
{
	unsigned int i, v6;
	uint16_t upper;
	const char *end;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < ARRAY_SIZE(icmp_names); i++) {
		const struct icmp_name *n = &icmp_names[i];

		if (strcasecmp(n->name, word))
			continue;
		for (v6 = 0; v6 < 2; v6++) {
			t->known[v6] = n->type[v6] >= 0;
			if (t->known[v6])
				icmp_range(n->type[v6], n->code[v6],
					   &t->first[v6], &t->last[v6]);
		}
		return true;
	}
	t->number = true;
	t->known[0] = true;
	t->known[1] = true;
	if (!take_icmp(word, &end, &t->first[0], &t->last[0]))
		return false;
	if (*end == '-' && !take_icmp(end + 1, &end, &upper, &t->last[0]))
		return false;
	t->first[1] = t->first[0];
	t->last[1] = t->last[0];
	return !*end && t->first[0] <= t->last[0];
}

static const char *const tcp_flag_names[] = {
	"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr",
};

/* Names with commas between them, none, or all. */
static bool take_flags(const char *word, size_t len, uint32_t *flags)
{
	const char *end = word + len;
	unsigned int i;
	size_t n;

	*flags = 0;
	if (len == 4 && !strncasecmp(word, "none", len))
		return true;
	if (len == 3 && !strncasecmp(word, "all", len)) {
		*flags = 0xff;
		return true;
	}
	for (;; word += n + 1) {
		for (n = 0; word + n < end && word[n] != ','; n++)
			;
		for (i = 0; i < ARRAY_SIZE(tcp_flag_names); i++)
			if (n == 3 && !strncasecmp(word, tcp_flag_names[i], n))
				break;
		if (i == ARRAY_SIZE(tcp_flag_names))
			return false;
		*flags |= 1u << i;
		if (word + n == end)
			return true;
	}
}

/** parse_tcp_flags() - SET/MASK; what is set is looked at */
bool parse_tcp_flags(const char *word, uint32_t *set, uint32_t *mask)
{
	const char *slash = strchr(word, '/');

	return slash && take_flags(word, slash - word, set) &&
	       take_flags(slash + 1, strlen(slash + 1), mask) &&
	       *mask && !(*set & ~*mask);
}

/** parse_address() - an IPv4 or IPv6 address */
bool parse_address(const char *word, struct address *a)
{
	if (inet_pton(AF_INET, word, a->byte) == 1)
		a->len = 4;
	else if (inet_pton(AF_INET6, word, a->byte) == 1)
		a->len = 16;
	else
		return false;
	return true;
}

static void clear_behind(struct address *a, uint32_t length)
{
	unsigned int i;

	for (i = 0; i < a->len; i++) {
		unsigned int bits = i * 8 >= length ? 0 : length - i * 8;

		if (bits < 8)
			a->byte[i] &= 0xff00 >> bits;
	}
}

/**
 * parse_prefix() - an address, with or without /LENGTH
 * @word: it
 * @a: result
 * @length: result: bits that count
 *
 * Return: NULL, or what is wrong, to be freed.
 */
char *parse_prefix(const char *word, struct address *a, uint32_t *length)
{
	const char *slash = strchr(word, '/'), *end;
	char text[INET6_ADDRSTRLEN], base[MATCH_LEN];
	size_t len = slash ? (size_t)(slash - word) : strlen(word);
	struct address net;
	uint64_t n;

	if (len < sizeof(text)) {
		memcpy(text, word, len);
		text[len] = '\0';
	}
	if (len >= sizeof(text) || !parse_address(text, a))
		return xasprintf("expected an address, as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32, not \"%s\"",
				 word);
	*length = a->len * 8;
	if (!slash)
		return NULL;
	if (!parse_number(slash + 1, &end, *length, &n) || *end)
		return xasprintf("expected a length from 0 to %u behind \"%s/\", not \"%s\"",
				 *length, text, slash + 1);
	*length = n;
	net = *a;
	clear_behind(&net, n);
	if (!memcmp(net.byte, a->byte, a->len))
		return NULL;
	return xasprintf("\"%s\" has bits behind its prefix; expected %s, or %s/%u for the address alone",
			 word, text_prefix(base, &net, n), text, a->len * 8);
}

static bool take_ip(const char *word, uint32_t *type)
{
	*type = *word == '4' ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
	return (*word == '4' || *word == '6') && !word[1];
}

static bool take_fragment(const char *word, uint32_t *value)
{
	int n = value_of(&fragment_names, word);

	*value = n;
	return n >= 0;
}

static bool single(bool ok, struct match *m, uint32_t field)
{
	m->field = field;
	m->last = m->first;
	return ok;
}

static bool range(bool ok, struct match *m, uint32_t field)
{
	m->field = field;
	return ok;
}

/**
 * parse_match() - a word of a key that stands for itself
 * @key: any but services, icmp and addresses
 * @word: one alternative
 * @m: result: what it asks
 *
 * Return: false when it isn't what match_wants[] has.
 */
bool parse_match(enum match_key key, const char *word, struct match *m)
{
	switch (key) {
	case KEY_ETHERTYPE:
		return range(parse_ethertype(word, &m->first, &m->last), m,
			     VSEG_MATCH_FIELD_ETHERTYPE);
	case KEY_IP:
		return single(take_ip(word, &m->first), m,
			      VSEG_MATCH_FIELD_ETHERTYPE);
	case KEY_VLAN:
		return range(parse_range(word, 4094, &m->first, &m->last), m,
			     VSEG_MATCH_FIELD_VLAN);
	case KEY_PROTOCOL:
		return range(parse_protocol(word, &m->first, &m->last), m,
			     VSEG_MATCH_FIELD_PROTOCOL);
	case KEY_PORT:
		return range(parse_ports(word, &m->first, &m->last), m,
			     VSEG_MATCH_FIELD_DESTINATION_PORT);
	case KEY_SOURCE_PORT:
		return range(parse_ports(word, &m->first, &m->last), m,
			     VSEG_MATCH_FIELD_SOURCE_PORT);
	case KEY_TCP_FLAGS:
		return single(parse_tcp_flags(word, &m->first, &m->mask), m,
			      VSEG_MATCH_FIELD_TCP_FLAGS);
	case KEY_FRAGMENT:
		return single(take_fragment(word, &m->first), m,
			      VSEG_MATCH_FIELD_FRAGMENT);
	default:
		return false;
	}
}

/*
 * To words.
 */

/** text_prefix() - 192.0.2.0/24; without the length where all bits count */
const char *text_prefix(char *s, const struct address *a, uint32_t length)
{
	inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->byte, s,
		  INET6_ADDRSTRLEN);
	if (length != a->len * 8u)
		sprintf(s + strlen(s), "/%u", length);
	return s;
}

static void lower(char *s)
{
	for (; *s; s++)
		*s = tolower((unsigned char)*s);
}

static void text_range(char *s, uint32_t first, uint32_t last)
{
	if (last == first)
		sprintf(s, "%u", first);
	else
		sprintf(s, "%u-%u", first, last);
}

static void text_types(char *s, const struct match *m)
{
	char name[TYPE_LEN];

	if (!m->first && m->last == ETHERTYPE_MIN - 1)
		snprintf(s, MATCH_LEN, "llc");
	else if (m->first != m->last)
		sprintf(s, "0x%04x-0x%04x", m->first, m->last);
	else if (m->first < ETHERTYPE_MIN)
		sprintf(s, "0x%04x", m->first);
	else
		snprintf(s, MATCH_LEN, "%s", text_ethertype(name, m->first));
}

static void text_protocol(char *s, const struct match *m)
{
	char name[TYPE_LEN];

	snprintf(s, MATCH_LEN, "%s", text_proto(name, m->first));
	if (m->first != m->last || proto_of(s) < 0)
		text_range(s, m->first, m->last);
}

static void text_flags(char *s, uint32_t flags)
{
	unsigned int i;

	*s = '\0';
	if (!flags || flags == 0xff) {
		sprintf(s, "%s", flags ? "all" : "none");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(tcp_flag_names); i++)
		if (flags & 1u << i)
			sprintf(s + strlen(s), "%s%s", *s ? "," : "",
				tcp_flag_names[i]);
}

static bool text_icmp_name(char *s, const struct match *m, bool v6)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(icmp_names); i++) {
		const struct icmp_name *n = &icmp_names[i];
		uint16_t first, last;

		if (n->type[v6] < 0)
			continue;
		icmp_range(n->type[v6], n->code[v6], &first, &last);
		if (first == m->first && last == m->last) {
			snprintf(s, MATCH_LEN, "%s", n->name);
			return true;
		}
	}
	return false;
}

static void text_icmp(char *s, const struct match *m, uint32_t proto)
{
	uint32_t type = m->first >> 8;

	if ((proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) &&
	    text_icmp_name(s, m, proto == IPPROTO_ICMPV6))
		return;
	if (m->first == type * 256 && m->last == type * 256 + 255)
		sprintf(s, "%u", type);
	else if (m->first == m->last)
		sprintf(s, "%u/%u", type, m->first & 255);
	else
		sprintf(s, "%u/%u-%u/%u", type, m->first & 255, m->last >> 8,
			m->last & 255);
}

/**
 * match_text() - a match as the word that means it
 * @m: match, whole as rule_tidy() makes it
 * @proto: the only protocol of its rule, or one that there isn't
 * @s: room, MATCH_LEN
 *
 * Return: @s.
 */
const char *match_text(const struct match *m, uint32_t proto, char *s)
{
	switch (m->field) {
	case VSEG_MATCH_FIELD_ETHERTYPE:
		text_types(s, m);
		lower(s);
		break;
	case VSEG_MATCH_FIELD_PROTOCOL:
		text_protocol(s, m);
		lower(s);
		break;
	case VSEG_MATCH_FIELD_ICMP:
		text_icmp(s, m, proto);
		break;
	case VSEG_MATCH_FIELD_SOURCE:
	case VSEG_MATCH_FIELD_DESTINATION:
		text_prefix(s, &m->address, m->prefix);
		break;
	case VSEG_MATCH_FIELD_TCP_FLAGS:
		text_flags(s, m->first);
		sprintf(s + strlen(s), "/");
		text_flags(s + strlen(s), m->mask);
		break;
	case VSEG_MATCH_FIELD_FRAGMENT:
		snprintf(s, MATCH_LEN, "%s",
			 name_of(&fragment_names, m->first) ?: "?");
		break;
	default:
		text_range(s, m->first, m->last);
	}
	return s;
}
