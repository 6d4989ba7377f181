// SPDX-License-Identifier: GPL-2.0
/* What is said of a frame: taken whole and found sensible, or refused. */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "forge.h"
#include "question.h"
#include "util.h"

/** question_keys - keys by their names */
const char *const question_keys[Q_KEYS] = {
	"from", "to", "vlan", "class", "ethertype", "proto", "sport", "dport",
	"from-address", "to-address", "icmp", "tcp-flags", "fragment", "frame",
};

/** question_wants - what each of them takes, for messages */
const char *const question_wants[Q_KEYS] = {
	"PORT, DOMAIN, port:NAME or domain:NAME",
	"PORT, DOMAIN, port:NAME or domain:NAME",
	"a VLAN, 0 to 4094",
	"other, address-resolution, bpdu, query, dhcp-request, dhcp-reply, dhcpv6-request, dhcpv6-reply, router-solicitation, router-advertisement or mdns",
	"an EtherType: arp, ipv4, ipv6 or another's name, or 0x600 to 0xffff",
	"an IP protocol: tcp, udp, icmp or another's name, or 0 to 255",
	"a port: 0 to 65535, or a service's name",
	"a port: 0 to 65535, or a service's name",
	"an address, as 192.0.2.7 or 2001:db8::7",
	"an address, as 192.0.2.7 or 2001:db8::7",
	"a type of ICMP, as echo-request, 8 or 3/4",
	"flags that are set, as syn or syn,ack",
	"whole, first or later",
	"bytes in hexadecimal, from the Ethernet header on, 14 to 1024",
};

static bool set_end(char *to, const char *word)
{
	size_t len = strlen(word);

	if (!len || len >= END_LEN)
		return false;
	memcpy(to, word, len + 1);
	return true;
}

static bool set_number(uint32_t *to, const char *word, uint32_t max)
{
	const char *end;
	uint64_t n;

	if (!parse_number(word, &end, max, &n) || *end)
		return false;
	*to = n;
	return true;
}

static bool set_named(uint32_t *to, int value)
{
	if (value < 0)
		return false;
	*to = value;
	return true;
}

static bool set_ethertype(uint32_t *to, const char *word)
{
	uint32_t last;

	return parse_ethertype(word, to, &last) && *to == last;
}

static bool set_proto(uint32_t *to, const char *word)
{
	uint32_t last;

	return parse_protocol(word, to, &last) && *to == last;
}

/* A name of a type has all of its codes: the first is as good as any. */
static bool set_icmp(struct icmp_types *t, const char *word)
{
	return parse_icmp(word, t) && t->first[0] >> 8 == t->last[0] >> 8 &&
	       t->first[1] >> 8 == t->last[1] >> 8;
}

/* Those that are set; the others aren't. */
static bool set_flags(uint32_t *to, const char *word)
{
	char *text = xasprintf("%s/all", word);
	uint32_t mask;
	bool ok = parse_tcp_flags(text, to, &mask);

	free(text);
	return ok;
}

static bool set_frame(struct bytes *to, const char *word)
{
	size_t n = strlen(word), i;
	char byte[3] = "";

	/* An Ethernet header, at least. */
	if (n % 2 || n < 28 || n / 2 > sizeof(to->byte) ||
	    word[strspn(word, "0123456789abcdefABCDEF")])
		return false;
	for (i = 0; i < n / 2; i++) {
		memcpy(byte, word + 2 * i, 2);
		to->byte[i] = strtoul(byte, NULL, 16);
	}
	to->len = n / 2;
	return true;
}

static bool set_port(uint32_t *to, const char *word)
{
	const struct servent *service;

	if (set_number(to, word, 0xffff))
		return true;
	service = getservbyname(word, NULL);
	return service && set_named(to, ntohs(service->s_port));
}

static bool set_value(struct question *q, enum question_key key,
		      const char *word)
{
	switch (key) {
	case Q_FROM:
		return set_end(q->from, word);
	case Q_TO:
		return set_end(q->to, word);
	case Q_VLAN:
		return set_number(&q->vlan, word, 4094);
	case Q_CLASS:
		return set_named(&q->class, value_of(&frame_class_names, word));
	case Q_ETHERTYPE:
		return set_ethertype(&q->ethertype, word);
	case Q_PROTO:
		return set_proto(&q->proto, word);
	case Q_SPORT:
		return set_port(&q->sport, word);
	case Q_DPORT:
		return set_port(&q->dport, word);
	case Q_FROM_ADDRESS:
		return parse_address(word, &q->src);
	case Q_TO_ADDRESS:
		return parse_address(word, &q->dst);
	case Q_ICMP:
		return set_icmp(&q->icmp, word);
	case Q_TCP_FLAGS:
		return set_flags(&q->tcp_flags, word);
	case Q_FRAGMENT:
		return set_named(&q->fragment, value_of(&fragment_names, word));
	case Q_FRAME:
		return set_frame(&q->frame, word);
	default:
		return false;
	}
}

/**
 * question_set() - say something of the frame
 * @q: question
 * @key: what is said
 * @word: what it is
 *
 * Return: false when it isn't what question_wants[] has.
 */
bool question_set(struct question *q, enum question_key key, const char *word)
{
	if (!set_value(q, key, word))
		return false;
	give(q, key);
	return true;
}

/* ARP has addresses of IPv4, and nothing else of IP. */
static bool is_plain_arp(const struct question *q)
{
	uint64_t more = q->has & Q_OF_FRAME & ~BIT64(Q_ETHERTYPE);

	more &= ~(BIT64(Q_FROM_ADDRESS) | BIT64(Q_TO_ADDRESS));
	return q->ethertype == ETHERTYPE_ARP && !more && q->src.len != 16 &&
	       q->dst.len != 16;
}

static const char *check_versions(const struct question *q)
{
	bool v6 = question_is_ipv6(q);
	uint8_t len = v6 ? 16 : 4;

	if (has(q, Q_ETHERTYPE) && q->ethertype != ETHERTYPE_IPV4 &&
	    q->ethertype != ETHERTYPE_IPV6)
		return is_plain_arp(q) ? NULL :
		       "only ipv4 and ipv6 have a proto, and what comes with it";
	if ((has(q, Q_FROM_ADDRESS) && q->src.len != len) ||
	    (has(q, Q_TO_ADDRESS) && q->dst.len != len))
		return "the addresses are not of the same version of IP";
	if (has(q, Q_PROTO) &&
	    q->proto == (v6 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return "this proto is of the other version of IP";
	return NULL;
}

static const char *check_proto(const struct question *q)
{
	bool ports = has(q, Q_PROTO) && has_ports(q->proto);

	if ((has(q, Q_SPORT) || has(q, Q_DPORT)) && !ports)
		return "sport and dport want a proto that has ports, as tcp or udp";
	if (has(q, Q_TCP_FLAGS) &&
	    !(has(q, Q_PROTO) && q->proto == IPPROTO_TCP))
		return "tcp-flags want proto tcp";
	if (!has(q, Q_ICMP))
		return NULL;
	if (has(q, Q_PROTO) && q->proto != IPPROTO_ICMP &&
	    q->proto != IPPROTO_ICMPV6)
		return "icmp wants proto icmp or icmpv6";
	if (!q->icmp.known[question_is_ipv6(q)])
		return "this icmp is of the other version of IP";
	return NULL;
}

/**
 * question_check() - can there be such a frame?
 * @q: question
 *
 * Return: NULL, or why not.
 */
const char *question_check(const struct question *q)
{
	const char *why;

	if (!has(q, Q_FROM) || !has(q, Q_TO))
		return "a frame is from somewhere, and to somewhere";
	if (has(q, Q_CLASS) && has(q, Q_ETHERTYPE))
		return "class says what ethertype would; give one of them";
	if (has(q, Q_CLASS) && q->has & (Q_OF_FRAME | BIT64(Q_FRAME)))
		return "class says what the frame would; give one of them";
	if (has(q, Q_FRAME) && q->has & Q_OF_FRAME)
		return "frame says all of the frame";
	if (!(q->has & Q_OF_FRAME & ~BIT64(Q_ETHERTYPE)))
		return NULL;
	why = check_versions(q);
	return why ? why : check_proto(q);
}
