// SPDX-License-Identifier: GPL-2.0
/*
 * What is an end of a frame: a domain of the policy, or else a port?  A word that
 * is neither is a mistake, not an unlabelled port, or a test that expects a
 * denial would hold for whatever is misspelt in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "decider.h"

static int by_name(const void *a, const void *b)
{
	const struct domain *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int open_kernel(struct decider *d, const struct args *a)
{
	struct status status = { 0 };
	int code = ctl_get(d->c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
			   &status);

	d->generation = status.generation;
	d->monitors = status.bridges_monitor;
	if (!code && !status.active)
		code = fail(REFUSED, "%s: there is no policy in force",
			    a->label);
	model_clear(&status_schema, &status);
	if (!code)
		code = ctl_dump(d->c, a, VSEG_CMD_DOMAIN_GET, &domain_schema,
				&d->domain);
	list_sort(&d->domain, sizeof(struct domain), by_name);
	if (!code)
		code = ctl_dump(d->c, a, VSEG_CMD_PORT_GET, &port_schema,
				&d->port);
	return code;
}

static bool file_monitors(const struct policy *p)
{
	const struct item *i = p->bridge.item;
	size_t n;

	for (n = 0; n < p->bridge.n; n++)
		if (i[n].bridge.mode == VSEG_BRIDGE_MODE_MONITOR)
			return true;
	return false;
}

/**
 * decider_open() - be ready for questions
 * @d: zeroed
 * @c: this run
 * @a: words, for messages
 * @p: checked policy, or NULL for the one in force
 *
 * Return: the exit status.
 */
int decider_open(struct decider *d, struct ctl *c, const struct args *a,
		 const struct policy *p)
{
	d->c = c;
	d->policy = p;
	if (!p)
		return open_kernel(d, a);
	d->monitors = file_monitors(p);
	d->compiled = compiled_new(p);
	return d->compiled ? DONE :
	       fail(REFUSED, "out of memory, or rules overlap in too many ways");
}

/** decider_close() - free what it owns */
void decider_close(struct decider *d)
{
	compiled_free(d->compiled);
	list_clear(&domain_schema, &d->domain);
	list_clear(&port_schema, &d->port);
}

static bool is_domain(const struct decider *d, const char *name)
{
	struct domain key = { 0 };

	if (strlen(name) >= sizeof(key.name))
		return false;
	if (d->policy)
		return compiled_has_domain(d->compiled, name);
	memcpy(key.name, name, strlen(name) + 1);
	return d->domain.n && bsearch(&key, d->domain.item, d->domain.n,
				      sizeof(key), by_name);
}

static bool is_port(const struct decider *d, const char *name)
{
	if (strlen(name) >= IFNAMSIZ)
		return false;
	return d->policy ? compiled_has_port(d->compiled, name) :
			   if_nametoindex(name) != 0;
}

static int neither(const struct decider *d, const struct args *a,
		   const char *word)
{
	return fail(BAD_USAGE, "%s%s: \"%s\" is no domain%s; for a port that is to come say port:%s",
		    a->where, a->label, word,
		    d->policy ? ", and no name or pattern of the policy's ports fits" :
				", and there is no device of this name", word);
}

/* Fills one of @domain and @ifname. */
static int resolve(const struct decider *d, const struct args *a,
		   const char *word, char *domain, char *ifname, bool *port)
{
	const char *name = strchr(word, ':');

	*port = !strncmp(word, "port:", strlen("port:"));
	if (name && !*port && strncmp(word, "domain:", strlen("domain:")))
		return fail(BAD_USAGE, "%s%s: expected %s, not \"%s\"",
			    a->where, a->label, question_wants[Q_FROM], word);
	name = name ? name + 1 : word;
	if (name == word)
		*port = !is_domain(d, name);
	if (name == word && *port && !is_port(d, name))
		return neither(d, a, word);
	if (!*port && !is_domain(d, name))
		return fail(BAD_USAGE, "%s%s: there is no domain \"%s\"%s",
			    a->where, a->label, name,
			    d->policy ? " in this policy" : "");
	if (*port && (!*name || strlen(name) >= IFNAMSIZ))
		return fail(BAD_USAGE, "%s%s: \"%s\" can't be the name of an interface",
			    a->where, a->label, name);
	memcpy(*port ? ifname : domain, name, strlen(name) + 1);
	return DONE;
}

static int ends(const struct decider *d, const struct args *a,
		const struct question *q, struct decision *ask)
{
	bool port;
	int code = resolve(d, a, q->from, ask->src, ask->in_ifname, &port);

	if (code)
		return code;
	ask->has |= BIT64(port ? VSEG_A_DECISION_IN_IFNAME :
				 VSEG_A_DECISION_SRC);
	code = resolve(d, a, q->to, ask->dst, ask->out_ifname, &port);
	ask->has |= BIT64(port ? VSEG_A_DECISION_OUT_IFNAME :
				 VSEG_A_DECISION_DST);
	return code;
}

/* What nobody said of the sender is what the guard of its port knows. */
static void dress(const struct decider *d, const char *ifname,
		  struct question *q)
{
	const uint8_t len = question_is_ipv6(q) ? 16 : 4;
	const struct port *p = d->port.item;
	const struct prefix *prefix;
	size_t n, i;

	for (n = 0; n < d->port.n && strcmp(p[n].ifname, ifname); n++)
		;
	if (n == d->port.n)
		return;
	if (p[n].guard.mac.n)
		q->mac = *(const struct mac *)p[n].guard.mac.item;
	prefix = p[n].guard.prefix.item;
	for (i = 0; i < p[n].guard.prefix.n && !has(q, Q_FROM_ADDRESS); i++) {
		if (prefix[i].address.len != len)
			continue;
		q->src = prefix[i].address;
		if (q->has & Q_OF_FRAME)
			give(q, Q_FROM_ADDRESS);
		break;
	}
}

/**
 * decider_decide() - what would become of a frame, in the words of the kernel?
 * @d: who is asked
 * @a: words, for messages
 * @ask: the frame
 * @v: answer
 *
 * Return: the exit status.
 */
int decider_decide(struct decider *d, const struct args *a,
		   struct decision *ask, struct verdict *v)
{
	const char *why;

	memset(v, 0, sizeof(*v));
	if (!d->policy)
		return ctl_get(d->c, a, VSEG_CMD_DECIDE, &decision_schema, ask,
			       &v->d);
	why = compiled_decide(d->compiled, ask, v);
	return why ? fail(BAD_USAGE, "%s%s: %s", a->where, a->label, why) :
		     DONE;
}

/**
 * decider_ask() - what would become of a frame?
 * @d: who is asked
 * @a: words, for messages
 * @q: the frame
 * @v: answer; its ends that are ports have their names
 *
 * Return: the exit status.
 */
int decider_ask(struct decider *d, const struct args *a,
		const struct question *q, struct verdict *v)
{
	struct decision ask = { .vlan = q->vlan, .class = q->class };
	struct question dressed = *q;
	int code;

	code = ends(d, a, q, &ask);
	if (code)
		return code;
	dress(d, ask.in_ifname, &dressed);
	if (question_frame(&dressed, &ask.frame))
		give(&ask, VSEG_A_DECISION_FRAME);
	else
		give(&ask, VSEG_A_DECISION_CLASS);
	if (has(q, Q_VLAN))
		give(&ask, VSEG_A_DECISION_VLAN);
	code = decider_decide(d, a, &ask, v);
	if (!code)
		code = answer_find(d, a, &ask, v);
	memcpy(v->d.in_ifname, ask.in_ifname, sizeof(ask.in_ifname));
	memcpy(v->d.out_ifname, ask.out_ifname, sizeof(ask.out_ifname));
	return code;
}

/* Types of selectors that a port's name alone doesn't tell of, and that come
 * before what matched.
 */
static char *unasked(const struct policy *p, uint32_t match)
{
	const struct item *i = p->selector.item;
	bool mac = false, alias = false, group = false;
	size_t n;

	for (n = 0; n < p->selector.n; n++) {
		mac |= i[n].selector.type == VSEG_SELECTOR_TYPE_MAC;
		alias |= i[n].selector.type == VSEG_SELECTOR_TYPE_ALIAS;
		group |= i[n].selector.type == VSEG_SELECTOR_TYPE_GROUP;
	}
	alias &= match != VSEG_PORT_MATCH_NAME;
	group &= match == VSEG_PORT_MATCH_NONE;
	if (!mac && !alias && !group)
		return NULL;
	return xasprintf("%s%s%s%s%s", mac ? "mac" : "",
			 mac && (alias || group) ? ", " : "",
			 alias ? "alias" : "", alias && group ? ", " : "",
			 group ? "group" : "");
}

/**
 * decider_note() - what should be known of an end that is a port
 * @d: who was asked
 * @v: answer
 * @from: of its source, not of its destination
 *
 * Return: a sentence, to be freed; or NULL.
 */
char *decider_note(const struct decider *d, const struct verdict *v, bool from)
{
	const char *name = from ? v->d.in_ifname : v->d.out_ifname;
	uint32_t match = from ? v->d.in_match : v->d.out_match;
	char *types, *note;

	if (!*name)
		return NULL;
	if (!d->policy)
		return if_nametoindex(name) ? NULL :
		       xasprintf("port %s isn't there; it is known by its name alone",
				 name);
	types = unasked(d->policy, match);
	if (!types)
		return NULL;
	note = xasprintf("port %s is known by its name alone; selectors by %s want a device and weren't asked",
			 name, types);
	free(types);
	return note;
}

/**
 * decider_doubt() - is an end a port only by a pattern that every name fits?
 * @d: who was asked
 * @word: the end, as it was said
 * @v: answer
 * @from: its source, not its destination
 *
 * A misspelt domain would be such a port.
 *
 * Return: a sentence, to be freed; or NULL.
 */
char *decider_doubt(const struct decider *d, const char *word,
		    const struct verdict *v, bool from)
{
	const struct item *i = from ? v->from : v->to;
	const char *pattern;

	if (!d->policy || !i || i->selector.type != VSEG_SELECTOR_TYPE_GLOB ||
	    strchr(word, ':'))
		return NULL;
	pattern = i->selector.pattern;
	if (strspn(pattern, "*?") < strlen(pattern))
		return NULL;
	return xasprintf("\"%s\" is no domain, and a port only by the pattern \"%s\", which any name fits; to be sure say port:%s",
			 word, pattern, word);
}
