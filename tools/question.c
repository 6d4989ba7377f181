// SPDX-License-Identifier: GPL-2.0
/* What is said of a frame: taken whole and found sensible, or refused. */
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "args.h"
#include "question.h"
#include "text.h"

#define ETHERTYPE_MIN	0x600
#define ETHERTYPE_ARP	0x0806
#define ETHERTYPE_RARP	0x8035
#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_IPV6	0x86dd

/** question_keys - keys by their names */
const char *const question_keys[Q_KEYS] = {
	"from", "to", "vlan", "class", "ethertype", "proto", "sport", "dport",
};

/** question_wants - what each of them takes, for messages */
const char *const question_wants[Q_KEYS] = {
	"PORT, DOMAIN, port:NAME or domain:NAME",
	"PORT, DOMAIN, port:NAME or domain:NAME",
	"a VLAN, 0 to 4094",
	"other, address-resolution, bpdu or query",
	"an EtherType: arp, ipv4, ipv6 or another's name, or 0x600 to 0xffff",
	"an IP protocol: tcp, udp, icmp or another's name, or 0 to 255",
	"a port: 0 to 65535, or a service's name",
	"a port: 0 to 65535, or a service's name",
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
	char *end;

	if (!strcasecmp(word, "ip"))
		word = "ipv4";
	if (set_named(to, ethertype_of(word)))
		return true;
	if (strncmp(word, "0x", 2) || strlen(word) > strlen("0x0000") ||
	    strspn(word + 2, "0123456789abcdefABCDEF") != strlen(word + 2))
		return set_number(to, word, 0xffff) && *to >= ETHERTYPE_MIN;
	*to = strtoul(word + 2, &end, 16);
	return *to >= ETHERTYPE_MIN;
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
		return set_named(&q->proto, proto_of(word)) ||
		       set_number(&q->proto, word, 255);
	case Q_SPORT:
		return set_port(&q->sport, word);
	case Q_DPORT:
		return set_port(&q->dport, word);
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
	if (key == Q_ETHERTYPE && (q->ethertype == ETHERTYPE_ARP ||
				   q->ethertype == ETHERTYPE_RARP))
		q->class = VSEG_FRAME_CLASS_ADDRESS_RESOLUTION;
	return true;
}

static bool has_ports(uint32_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_DCCP || proto == IPPROTO_SCTP ||
	       proto == IPPROTO_UDPLITE;
}

/**
 * question_check() - can there be such a frame?
 * @q: question
 *
 * Return: NULL, or why not.
 */
const char *question_check(const struct question *q)
{
	if (!has(q, Q_FROM) || !has(q, Q_TO))
		return "a frame is from somewhere, and to somewhere";
	if (has(q, Q_CLASS) && has(q, Q_ETHERTYPE))
		return "class says what ethertype would; give one of them";
	if (has(q, Q_PROTO) && has(q, Q_ETHERTYPE) &&
	    q->ethertype != ETHERTYPE_IPV4 && q->ethertype != ETHERTYPE_IPV6)
		return "only ipv4 and ipv6 have a proto";
	if (has(q, Q_PROTO) && q->class == VSEG_FRAME_CLASS_BPDU)
		return "a bpdu has no proto";
	if ((has(q, Q_SPORT) || has(q, Q_DPORT)) &&
	    !(has(q, Q_PROTO) && has_ports(q->proto)))
		return "sport and dport want a proto that has ports, as tcp or udp";
	return NULL;
}

/**
 * question_ignored() - was something said that no policy looks at today?
 * @q: question
 * @key: what
 *
 * Return: whether it was.
 */
bool question_ignored(const struct question *q, enum question_key key)
{
	return has(q, key) &&
	       (key == Q_PROTO || key == Q_SPORT || key == Q_DPORT);
}
