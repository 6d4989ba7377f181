// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of a policy file's cells, and the names that they use.  Words are
 * kept as they stand: what a name means may be said in a file that comes later.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "policy-read.h"

/*
 * services: NAME: PROTOCOL PORTS, prefixes: NAME: ADDRESS; or lists of these
 */

static bool list_name_ok(const char *name)
{
	const char *p = name;

	if (!isascii(*p) || !isalpha(*p))
		return false;
	while (*++p)
		if (!isascii(*p) || (!isalnum(*p) && !strchr("._-", *p)))
			return false;
	return p - name <= VSEG_RULE_NAME_MAX;
}

static int keep_word(struct named *n, const struct node *y, const char *what)
{
	struct word *w;

	if (y->kind != NODE_TEXT || !y->len)
		return unexpected(y, what);
	w = list_add(&n->word, sizeof(*w));
	w->at = y->at;
	w->text = xasprintf("%s", y->text);
	return DONE;
}

static int read_named(const struct node *k, struct list *l, const char *what)
{
	struct named *n = list_add(l, sizeof(*n));
	const struct node *m;
	int code = DONE;

	n->at = k->at;
	if (!list_name_ok(k->text))
		return place_fail(&k->at, "\"%s\" can't be a name here: a letter, then letters, digits, dots, underscores and dashes, %u at most",
				  k->text, VSEG_RULE_NAME_MAX);
	memcpy(n->name, k->text, k->len + 1);
	if (k->value->kind != NODE_LIST)
		return keep_word(n, k->value, what);
	if (!k->value->first)
		return unexpected(k->value, what);
	for (m = k->value->first; m && !code; m = m->next)
		code = keep_word(n, m, what);
	return code;
}

static int read_names(const struct node *y, struct list *l, const char *map,
		      const char *what)
{
	const struct node *k;
	int code = DONE;

	if (y->kind != NODE_MAP)
		return unexpected(y, map);
	for (k = y->first; k && !code; k = k->next)
		code = read_named(k, l, what);
	return code;
}

/** read_services() - struct key.read of "services" */
int read_services(struct policy *p, const struct node *y, void *to)
{
	(void)to;
	return read_names(y, &p->dictionary.service,
			  "a map of services' names to protocols and ports",
			  "a protocol and ports, as tcp 5432, or a list of these");
}

/** read_prefixes() - struct key.read of "prefixes" */
int read_prefixes(struct policy *p, const struct node *y, void *to)
{
	(void)to;
	return read_names(y, &p->dictionary.prefix,
			  "a map of names to addresses and prefixes",
			  "an address or prefix, as 192.0.2.0/24, or a list of these");
}

/*
 * {allow: {KEY: WORD, …}, name: …, comment: …, log: …, state: …, revoke: …}
 */

static int read_words(const struct node *y, struct draft *d,
		      enum match_key key)
{
	const struct node *m;

	if (y->kind == NODE_TEXT && y->len) {
		draft_word(d, key, y->text, &y->at);
		return DONE;
	}
	if (y->kind != NODE_LIST || !y->first)
		return unexpected(y, match_wants[key]);
	for (m = y->first; m; m = m->next) {
		if (m->kind != NODE_TEXT || !m->len)
			return unexpected(m, match_wants[key]);
		draft_word(d, key, m->text, &m->at);
	}
	return DONE;
}

#define MATCH(_name, _key)						\
static int read_##_name(struct policy *p, const struct node *y, void *to) \
{									\
	(void)p;							\
	return read_words(y, to, _key);					\
}

MATCH(ethertype, KEY_ETHERTYPE)
MATCH(ip, KEY_IP)
MATCH(vlan, KEY_VLAN)
MATCH(protocol, KEY_PROTOCOL)
MATCH(port, KEY_PORT)
MATCH(source_port, KEY_SOURCE_PORT)
MATCH(service, KEY_SERVICE)
MATCH(icmp, KEY_ICMP)
MATCH(from, KEY_FROM)
MATCH(to, KEY_TO)
MATCH(tcp_flags, KEY_TCP_FLAGS)
MATCH(fragment, KEY_FRAGMENT)

static const struct key match_readers[] = {
	{ "ethertype", read_ethertype },
	{ "ip", read_ip },
	{ "vlan", read_vlan },
	{ "protocol", read_protocol },
	{ "port", read_port },
	{ "source-port", read_source_port },
	{ "service", read_service },
	{ "icmp", read_icmp },
	{ "from", read_from },
	{ "to", read_to },
	{ "tcp-flags", read_tcp_flags },
	{ "fragment", read_fragment },
};

static int read_match(struct policy *p, const struct node *y, struct draft *d,
		      uint32_t action)
{
	d->action = action;
	if (y->kind == NODE_TEXT && !strcmp(y->text, "any"))
		return DONE;
	/* An empty one is rather a mistake than meant to fit everything. */
	if (y->kind != NODE_MAP || !y->first)
		return unexpected(y, "what the rule looks at, as {service: ssh}, or any");
	return read_map(p, y, "a match", match_readers,
			ARRAY_SIZE(match_readers), d);
}

static int read_allow(struct policy *p, const struct node *y, void *to)
{
	return read_match(p, y, to, VSEG_ACTION_ALLOW);
}

static int read_deny(struct policy *p, const struct node *y, void *to)
{
	return read_match(p, y, to, VSEG_ACTION_DENY);
}

/* A text for people, in one line. */
static int read_text(const struct node *y, const char *what, size_t max,
		     char **to)
{
	const char *s;

	if (y->kind != NODE_TEXT || !y->len)
		return unexpected(y, what);
	if (y->len > max)
		return place_fail(&y->at, "%zu bytes long, %zu is the most for %s",
				  y->len, max, what);
	for (s = y->text; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return place_fail(&y->at, "a control character in %s",
					  what);
	*to = xasprintf("%s", y->text);
	return DONE;
}

static int read_name(struct policy *p, const struct node *y, void *to)
{
	struct draft *d = to;

	(void)p;
	return read_text(y, "the name of a rule", VSEG_RULE_NAME_MAX,
			 &d->name);
}

static int read_comment(struct policy *p, const struct node *y, void *to)
{
	struct draft *d = to;

	(void)p;
	return read_text(y, "a comment", VSEG_COMMENT_MAX, &d->comment);
}

static int read_log(struct policy *p, const struct node *y, void *to)
{
	struct draft *d = to;

	(void)p;
	return read_switch(y, &d->log);
}

static int read_state(struct policy *p, const struct node *y, void *to)
{
	struct draft *d = to;
	bool on = false;
	int code = read_switch(y, &on);

	(void)p;
	d->state = on ? STATE_YES : STATE_NO;
	return code;
}

static int read_revoke(struct policy *p, const struct node *y, void *to)
{
	static const char *const words[] = { "immediate", "keep" };
	const struct names names = { ARRAY_SIZE(words), words };
	struct draft *d = to;
	uint32_t keep = 0;
	int code = read_enum(y, &names, "immediate or keep", &keep);

	(void)p;
	d->keep = keep;
	return code;
}

static const struct key rule_keys[] = {
	{ "allow", read_allow },
	{ "deny", read_deny },
	{ "name", read_name },
	{ "comment", read_comment },
	{ "log", read_log },
	{ "state", read_state },
	{ "revoke", read_revoke },
};

static int read_rule(struct policy *p, const struct node *y, struct item *cell)
{
	struct draft *d;
	int code;

	if (++p->drafts > VSEG_MAX_RULES)
		return place_fail(&y->at, "more than %u rules",
				  VSEG_MAX_RULES);
	d = list_add(&cell->draft, sizeof(*d));
	d->at = y->at;
	code = read_map(p, y, "a rule", rule_keys, ARRAY_SIZE(rule_keys), d);
	if (code)
		return code;
	if (map_has(y, "allow") == map_has(y, "deny"))
		return place_fail(&y->at, "a rule has either allow or deny");
	return DONE;
}

/** read_rules() - the rules of a cell */
int read_rules(struct policy *p, const struct node *y, struct item *cell)
{
	const struct node *m;
	int code = DONE;

	if (y->kind != NODE_LIST)
		return unexpected(y, "a list of rules, as - {allow: {service: ssh}}");
	for (m = y->first; m && !code; m = m->next)
		code = read_rule(p, m, cell);
	return code;
}
