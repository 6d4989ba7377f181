// SPDX-License-Identifier: GPL-2.0
/*
 * Rules in the making.  A rule that no frame can fit, or a part of one that
 * changes nothing, isn't what somebody meant: it is refused with its reason.
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forge.h"
#include "text.h"
#include "util.h"

#define BIT_OF(_key)	(1u << (_key))

/* What IP alone has, ports, and what stands behind it. */
#define OF_PORTS	(BIT_OF(KEY_PORT) | BIT_OF(KEY_SOURCE_PORT) |	\
			 BIT_OF(KEY_SERVICE))
#define OF_PROTOCOLS	(OF_PORTS | BIT_OF(KEY_ICMP) | BIT_OF(KEY_TCP_FLAGS))
#define OF_IP		(OF_PROTOCOLS | BIT_OF(KEY_PROTOCOL) |		\
			 BIT_OF(KEY_FROM) | BIT_OF(KEY_TO) |		\
			 BIT_OF(KEY_FRAGMENT))

#define IPV4		1u
#define IPV6		2u

static const uint32_t port_protocols[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_DCCP, IPPROTO_SCTP, IPPROTO_UDPLITE,
};

/** has_ports() - has a protocol ports? */
bool has_ports(uint32_t proto)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(port_protocols); i++)
		if (port_protocols[i] == proto)
			return true;
	return false;
}

/** forge_clear() - free what it owns */
void forge_clear(struct forge *f)
{
	free(f->match.item);
	free(f->service.item);
	free(f->icmp.item);
	memset(f, 0, sizeof(*f));
}

/**
 * forge_system_service() - take a service as the system knows it
 * @f: where to
 * @name: it
 *
 * Return: whether the system knows it, by any protocol.
 */
bool forge_system_service(struct forge *f, const char *name)
{
	static const struct {
		const char *name;
		uint32_t proto;
	} proto[] = {
		{ "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP },
		{ "sctp", IPPROTO_SCTP }, { "dccp", IPPROTO_DCCP },
	};
	struct port_range *p;
	bool known = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(proto); i++) {
		const struct servent *s = getservbyname(name, proto[i].name);

		if (!s)
			continue;
		p = list_add(&f->service, sizeof(*p));
		p->proto = proto[i].proto;
		p->first = ntohs(s->s_port);
		p->last = p->first;
		known = true;
	}
	return known;
}

static bool said(const struct forge *f, uint32_t keys)
{
	return f->keys & keys;
}

/* The first of some keys that was said anything of. */
static const char *said_key(const struct forge *f, uint32_t keys)
{
	unsigned int key;

	for (key = 0; key < MATCH_KEYS; key++)
		if (f->keys & keys & BIT_OF(key))
			return match_keys[key];
	return "";
}

/* Calls @ok for each match of a field; the first that isn't, or NULL. */
static const struct match *bad_match(const struct forge *f, uint32_t field,
				     bool (*ok)(const struct match *m))
{
	const struct match *m = f->match.item;
	size_t i;

	for (i = 0; i < f->match.n; i++)
		if (m[i].field == field && !ok(&m[i]))
			return &m[i];
	return NULL;
}

static bool is_ip(const struct match *m)
{
	return m->first == m->last && (m->first == ETHERTYPE_IPV4 ||
				       m->first == ETHERTYPE_IPV6);
}

static bool is_with_ports(const struct match *m)
{
	return m->first == m->last && has_ports(m->first);
}

static bool is_tcp(const struct match *m)
{
	return m->first == m->last && m->first == IPPROTO_TCP;
}

static bool is_icmp(const struct match *m)
{
	return m->first == m->last && (m->first == IPPROTO_ICMP ||
				       m->first == IPPROTO_ICMPV6);
}

static bool is_later(const struct match *m)
{
	return m->first == VSEG_FRAGMENT_LATER;
}

static char *check_field(const struct forge *f, uint32_t keys, uint32_t field,
			 bool (*ok)(const struct match *m), const char *who)
{
	const struct match *m;
	char word[MATCH_LEN];

	if (!said(f, keys))
		return NULL;
	m = bad_match(f, field, ok);
	if (!m)
		return NULL;
	return xasprintf("%s %s has no %s, only %s",
			 match_keys[match_key_of_field(field)],
			 match_text(m, UINT32_MAX, word), said_key(f, keys),
			 who);
}

static char *check_services(const struct forge *f)
{
	const struct port_range *p = f->service.item;
	size_t i;

	if (said(f, BIT_OF(KEY_SERVICE)) && said(f, BIT_OF(KEY_PORT)))
		return xasprintf("a service says the port; give one of them");
	if (!said(f, BIT_OF(KEY_TCP_FLAGS)) ||
	    said(f, BIT_OF(KEY_PROTOCOL)))
		return NULL;
	for (i = 0; i < f->service.n; i++)
		if (p[i].proto != IPPROTO_TCP)
			return xasprintf("this service is not of tcp alone, and tcp-flags are; say protocol tcp");
	if (f->service.n)
		return NULL;
	return xasprintf("tcp-flags want protocol tcp");
}

/* What excludes what, whatever it says. */
static char *check_keys(const struct forge *f)
{
	char *why = NULL;

	if (said(f, BIT_OF(KEY_IP)) && said(f, BIT_OF(KEY_ETHERTYPE)))
		return xasprintf("ip says what ethertype would; give one of them");
	if (said(f, BIT_OF(KEY_ICMP)) &&
	    said(f, OF_PORTS | BIT_OF(KEY_TCP_FLAGS)))
		return xasprintf("no frame has both icmp and %s",
				 said_key(f, OF_PORTS | BIT_OF(KEY_TCP_FLAGS)));
	why = check_services(f);
	if (!why)
		why = check_field(f, OF_IP, VSEG_MATCH_FIELD_ETHERTYPE, is_ip,
				  "ipv4 and ipv6");
	if (!why)
		why = check_field(f, OF_PORTS, VSEG_MATCH_FIELD_PROTOCOL,
				  is_with_ports,
				  "tcp, udp, udplite, sctp and dccp");
	if (!why)
		why = check_field(f, BIT_OF(KEY_TCP_FLAGS),
				  VSEG_MATCH_FIELD_PROTOCOL, is_tcp, "tcp");
	if (!why)
		why = check_field(f, BIT_OF(KEY_ICMP),
				  VSEG_MATCH_FIELD_PROTOCOL, is_icmp,
				  "icmp and icmpv6");
	if (!why && said(f, OF_PROTOCOLS) && said(f, BIT_OF(KEY_FRAGMENT)) &&
	    !bad_match(f, VSEG_MATCH_FIELD_FRAGMENT, is_later))
		why = xasprintf("a later fragment has no %s; only the first has",
				said_key(f, OF_PROTOCOLS));
	return why;
}

/* The versions of IP that a match leaves. */
static uint32_t versions_of(const struct match *m)
{
	bool one = m->first == m->last;

	switch (m->field) {
	case VSEG_MATCH_FIELD_ETHERTYPE:
		return m->first == ETHERTYPE_IPV4 && one ? IPV4 :
		       m->first == ETHERTYPE_IPV6 && one ? IPV6 : IPV4 | IPV6;
	case VSEG_MATCH_FIELD_PROTOCOL:
		return m->first == IPPROTO_ICMP && one ? IPV4 :
		       m->first == IPPROTO_ICMPV6 && one ? IPV6 : IPV4 | IPV6;
	default:
		return m->address.len == 4 ? IPV4 : IPV6;
	}
}

/* The versions of IP that a rule leaves; 0 with the reason. */
static uint32_t leave_versions(const struct forge *f, char **why)
{
	static const uint32_t fields[] = {
		VSEG_MATCH_FIELD_ETHERTYPE, VSEG_MATCH_FIELD_PROTOCOL,
		VSEG_MATCH_FIELD_SOURCE, VSEG_MATCH_FIELD_DESTINATION,
	};
	const struct match *m = f->match.item;
	uint32_t left = IPV4 | IPV6, some;
	const char *by = "", *key;
	unsigned int i;
	size_t n;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		for (n = 0, some = 0; n < f->match.n; n++)
			if (m[n].field == fields[i])
				some |= versions_of(&m[n]);
		if (!some)
			continue;
		key = match_keys[match_key_of_field(fields[i])];
		if (!(left & some)) {
			*why = xasprintf("no frame fits: %s is of IPv%c and %s of IPv%c",
					 by, left == IPV4 ? '4' : '6', key,
					 some == IPV4 ? '4' : '6');
			return 0;
		}
		if ((left & some) != left)
			by = key;
		left &= some;
	}
	return left;
}

/*
 * Rules.
 */

static struct rule *add_rule(const struct forge *f, const struct draft *d,
			     struct list *rules)
{
	struct listed_rule *l = list_add(rules, sizeof(*l));
	const struct match *m = f->match.item;
	struct rule *r = &l->rule;
	size_t i;

	l->at = d->at;
	r->action = d->action;
	r->flags = d->log ? VSEG_RULE_FLAGS_LOG : 0;
	if (d->name) {
		snprintf(r->name, sizeof(r->name), "%s", d->name);
		give(r, VSEG_A_RULE_NAME);
	}
	if (d->comment) {
		snprintf(r->comment, sizeof(r->comment), "%s", d->comment);
		give(r, VSEG_A_RULE_COMMENT);
	}
	for (i = 0; i < f->match.n; i++)
		*(struct match *)list_add(&r->match, sizeof(*m)) = m[i];
	return r;
}

static void add_range(struct rule *r, uint32_t field, uint32_t first,
		      uint32_t last)
{
	struct match *m = list_add(&r->match, sizeof(*m));

	m->field = field;
	m->first = first;
	m->last = last;
	give(m, VSEG_A_MATCH_LAST);
}

static void drop_field(struct rule *r, uint32_t field)
{
	struct match *m = r->match.item;
	size_t i, n = 0;

	for (i = 0; i < r->match.n; i++)
		if (m[i].field != field)
			m[n++] = m[i];
	r->match.n = n;
}

/* The kernel is told of each rule; what wasn't said is by what the rule asks. */
static void set_state(const struct draft *d, struct rule *r)
{
	rule_tidy(r);
	if (d->state == STATE_NO ||
	    (d->state == STATE_BY_RULE && !rule_is_of_flows(r)))
		return;
	r->flags |= VSEG_RULE_FLAGS_STATE;
	if (d->keep)
		r->flags |= VSEG_RULE_FLAGS_KEEP;
}

static char *finish_rule(const struct draft *d, struct rule *r)
{
	set_state(d, r);
	if (r->match.n <= VSEG_MAX_MATCHES)
		return NULL;
	return xasprintf("it asks %zu things, %u are the most of one rule",
			 r->match.n, VSEG_MAX_MATCHES);
}

/* Does the rule's protocol, if one is said, leave this one? */
static bool asks_protocol(const struct forge *f, uint32_t proto)
{
	const struct match *m = f->match.item;
	bool any = true;
	size_t i;

	for (i = 0; i < f->match.n; i++) {
		if (m[i].field != VSEG_MATCH_FIELD_PROTOCOL)
			continue;
		if (m[i].first <= proto && proto <= m[i].last)
			return true;
		any = false;
	}
	return any;
}

/* One rule's ports of one protocol; none is left where it has none. */
static struct rule *add_service(const struct forge *f, const struct draft *d,
				uint32_t proto, struct list *rules)
{
	const struct port_range *p = f->service.item;
	struct rule *r = NULL;
	size_t i;

	for (i = 0; i < f->service.n; i++) {
		if (p[i].proto != proto || !asks_protocol(f, proto))
			continue;
		if (!r) {
			r = add_rule(f, d, rules);
			drop_field(r, VSEG_MATCH_FIELD_PROTOCOL);
		}
		add_range(r, VSEG_MATCH_FIELD_DESTINATION_PORT, p[i].first,
			  p[i].last);
	}
	if (!r)
		return NULL;
	/* Rules of several protocols are one only where they do the same. */
	add_range(r, VSEG_MATCH_FIELD_PROTOCOL, proto, proto);
	set_state(d, r);
	drop_field(r, VSEG_MATCH_FIELD_PROTOCOL);
	return r;
}

/* https is of tcp and of udp, by the same port: that is one rule. */
static char *service_rules(const struct forge *f, const struct draft *d,
			   struct list *rules)
{
	uint32_t proto[ARRAY_SIZE(port_protocols)];
	unsigned int i, j, n = 0, count[ARRAY_SIZE(proto)] = { 0 };
	size_t begin = rules->n;
	char *why = NULL;

	for (i = 0; i < ARRAY_SIZE(proto); i++) {
		struct rule *r = add_service(f, d, port_protocols[i], rules);
		struct listed_rule *l = (struct listed_rule *)rules->item +
					begin;

		if (!r)
			continue;
		for (j = 0; j < n && rule_order(&l[j].rule, r); j++)
			;
		if (j < n) {
			model_clear(&rule_schema, r);
			rules->n--;
		}
		proto[i] = j;
		count[i] = 1;
		n += j == n;
	}
	for (i = 0; i < ARRAY_SIZE(proto); i++)
		if (count[i])
			add_range(&((struct listed_rule *)rules->item +
				    begin + proto[i])->rule,
				  VSEG_MATCH_FIELD_PROTOCOL, port_protocols[i],
				  port_protocols[i]);
	for (j = 0; j < n && !why; j++)
		why = finish_rule(d, &((struct listed_rule *)rules->item +
				       begin + j)->rule);
	if (!why && !n)
		why = xasprintf("no frame fits: the service is of another protocol");
	return why;
}

/* A number means one thing in ICMP and another in ICMPv6. */
static char *check_numbers(const struct forge *f, uint32_t versions)
{
	const struct icmp_types *t = f->icmp.item;
	size_t i;

	if (versions != (IPV4 | IPV6) || said(f, BIT_OF(KEY_PROTOCOL)))
		return NULL;
	for (i = 0; i < f->icmp.n; i++)
		if (t[i].number)
			return xasprintf("a number of icmp means one thing in ICMP and another in ICMPv6; say protocol icmp or protocol icmpv6");
	return NULL;
}

static bool add_icmp(const struct forge *f, const struct draft *d, bool v6,
		     struct list *rules)
{
	const struct icmp_types *t = f->icmp.item;
	uint32_t proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	struct rule *r = NULL;
	size_t i;

	if (!asks_protocol(f, proto))
		return false;
	for (i = 0; i < f->icmp.n; i++) {
		if (!t[i].known[v6])
			continue;
		if (!r) {
			r = add_rule(f, d, rules);
			drop_field(r, VSEG_MATCH_FIELD_PROTOCOL);
			add_range(r, VSEG_MATCH_FIELD_PROTOCOL, proto, proto);
		}
		add_range(r, VSEG_MATCH_FIELD_ICMP, t[i].first[v6],
			  t[i].last[v6]);
	}
	return r;
}

static char *icmp_rules(const struct forge *f, const struct draft *d,
			uint32_t versions, struct list *rules)
{
	char *why = check_numbers(f, versions);
	size_t begin = rules->n, i;

	if (why)
		return why;
	if (versions & IPV4)
		add_icmp(f, d, false, rules);
	if (versions & IPV6)
		add_icmp(f, d, true, rules);
	if (rules->n == begin)
		return xasprintf("no frame fits: this icmp is of the other version of IP");
	for (i = begin; i < rules->n && !why; i++)
		why = finish_rule(d, &((struct listed_rule *)rules->item +
				       i)->rule);
	return why;
}

static bool is_no_ip(const struct match *m)
{
	return m->last < ETHERTYPE_IPV4 || m->first > ETHERTYPE_IPV6 ||
	       (m->first > ETHERTYPE_IPV4 && m->last < ETHERTYPE_IPV6);
}

/* Only what passes can be answered, and only of IP is there anything known. */
static char *check_state(const struct forge *f, const struct draft *d)
{
	bool asked = d->state == STATE_YES || d->keep;

	if (asked && d->action == VSEG_ACTION_DENY)
		return xasprintf("what a rule denies begins no flow; %s is for a rule that allows",
				 d->keep ? "keep" : "state");
	if (d->keep && d->state == STATE_NO)
		return xasprintf("a stateless rule has no flows that it could keep");
	if (asked && said(f, BIT_OF(KEY_ETHERTYPE)) &&
	    !bad_match(f, VSEG_MATCH_FIELD_ETHERTYPE, is_no_ip))
		return xasprintf("there are no flows but those of ipv4 and ipv6");
	return NULL;
}

/* A word that changes nothing isn't what somebody meant. */
static char *check_kept(const struct draft *d, const struct list *rules,
			size_t begin)
{
	const struct listed_rule *l = rules->item;
	size_t i;

	for (i = begin; i < rules->n && d->keep; i++)
		if (l[i].rule.flags & VSEG_RULE_FLAGS_KEEP)
			return NULL;
	if (!d->keep)
		return NULL;
	return xasprintf("a rule that isn't confined to tcp, udp, icmp or icmpv6 is stateless, and has no flows to keep, unless it says state");
}

static char *make_rules(struct forge *f, const struct draft *d,
			struct list *rules)
{
	char *why = NULL;
	uint32_t versions = leave_versions(f, &why);

	if (!versions)
		return why;
	if (f->service.n)
		return service_rules(f, d, rules);
	if (f->icmp.n)
		return icmp_rules(f, d, versions, rules);
	return finish_rule(d, add_rule(f, d, rules));
}

/**
 * forge_rules() - make the rules that a draft stands for
 * @f: what its words stand for
 * @d: draft
 * @rules: list of struct listed_rule, which they are added to
 *
 * Return: NULL, or what is wrong, to be freed.
 */
char *forge_rules(struct forge *f, const struct draft *d, struct list *rules)
{
	char *why = check_keys(f);
	size_t begin = rules->n;

	if (!why)
		why = check_state(f, d);
	if (!why)
		why = make_rules(f, d, rules);
	return why ? why : check_kept(d, rules, begin);
}
