// SPDX-License-Identifier: GPL-2.0
/*
 * Expectations from a YAML file; Documentation/expect.schema.json says the same
 * of the syntax.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "value.h"

/* So that a file takes no more memory than a policy. */
#define MAX_EXPECTATIONS	65536

/** expect_met() - did the policy say what was expected? */
bool expect_met(const struct expectation *e)
{
	return outcome_of(&e->v.d) == e->outcome &&
	       (e->any_reason || e->v.d.reason == e->reason);
}

static int read_key(const struct node *y, struct expectation *e,
		    enum question_key key)
{
	bool is_text = key == Q_FROM || key == Q_TO || key >= Q_FROM_ADDRESS;

	/* 10 is a number, and "10" is not. */
	if (y->kind != NODE_TEXT ||
	    (!is_text && !y->plain && isdigit((unsigned char)*y->text)) ||
	    !question_set(&e->q, key, y->text))
		return unexpected(y, question_wants[key]);
	return DONE;
}

#define QUESTION(_name, _key)						\
static int read_##_name(struct policy *p, const struct node *y, void *to) \
{									\
	(void)p;							\
	return read_key(y, to, _key);					\
}

QUESTION(from, Q_FROM)
QUESTION(to, Q_TO)
QUESTION(vlan, Q_VLAN)
QUESTION(class, Q_CLASS)
QUESTION(ethertype, Q_ETHERTYPE)
QUESTION(proto, Q_PROTO)
QUESTION(sport, Q_SPORT)
QUESTION(dport, Q_DPORT)
QUESTION(from_address, Q_FROM_ADDRESS)
QUESTION(to_address, Q_TO_ADDRESS)
QUESTION(icmp, Q_ICMP)
QUESTION(tcp_flags, Q_TCP_FLAGS)
QUESTION(fragment, Q_FRAGMENT)
QUESTION(frame, Q_FRAME)

static int read_expect(struct policy *p, const struct node *y, void *to)
{
	struct expectation *e = to;

	(void)p;
	return read_enum(y, &outcome_names, "allow, deny or would-drop",
			 &e->outcome);
}

static int read_reason(struct policy *p, const struct node *y, void *to)
{
	static const char what[] =
		"a reason: none, default-deny, cell-deny, unlabelled-src, unlabelled-dst, rule-deny, no-rule, unparsed or isolated";
	struct expectation *e = to;
	int code = read_enum(y, &reason_names, what, &e->reason);

	(void)p;
	e->any_reason = false;
	/* The others come with a frame's way, which nobody asks for. */
	if (!code && e->reason > VSEG_REASON_UNLABELLED_DST &&
	    (e->reason < VSEG_REASON_RULE_DENY ||
	     e->reason > VSEG_REASON_ISOLATED))
		return unexpected(y, what);
	return code;
}

static const struct key expectation_keys[] = {
	{ "from", read_from, true },
	{ "to", read_to, true },
	{ "vlan", read_vlan },
	{ "class", read_class },
	{ "ethertype", read_ethertype },
	{ "proto", read_proto },
	{ "sport", read_sport },
	{ "dport", read_dport },
	{ "from-address", read_from_address },
	{ "to-address", read_to_address },
	{ "icmp", read_icmp },
	{ "tcp-flags", read_tcp_flags },
	{ "fragment", read_fragment },
	{ "frame", read_frame },
	{ "expect", read_expect, true },
	{ "reason", read_reason },
};

static int read_expectation(const struct node *y, struct list *l)
{
	struct expectation *e = list_add(l, sizeof(*e));
	const char *why;
	int code;

	e->at = y->at;
	e->any_reason = true;
	code = read_map(NULL, y, "an expectation", expectation_keys,
			ARRAY_SIZE(expectation_keys), e);
	if (code)
		return code;
	why = question_check(&e->q);
	return why ? place_fail(&y->at, "%s", why) : DONE;
}

static int read_tests(struct policy *p, const struct node *y, void *to)
{
	const struct node *m;
	unsigned int n = 0;
	int code = DONE;

	(void)p;
	/* A file that expects nothing would always be content. */
	if (y->kind != NODE_LIST || !y->first)
		return unexpected(y, "a list of expectations, as - {from: web, to: db, expect: allow}");
	for (m = y->first; m && !code; m = m->next) {
		if (++n > MAX_EXPECTATIONS)
			return place_fail(&m->at, "more than %u expectations",
					  MAX_EXPECTATIONS);
		code = read_expectation(m, to);
	}
	return code;
}

static const struct key top_keys[] = {
	{ "version", read_version, true },
	{ "tests", read_tests, true },
};

static int read_stream(const char *name, FILE *f, struct list *l)
{
	struct node *tree;
	int code = tree_read(name, f, &tree);

	if (!code && !tree)
		code = fail(BAD_USAGE, "%s: empty; a file of expectations begins with \"version: 1\"",
			    name);
	else if (!code)
		code = read_map(NULL, tree, "a file of expectations", top_keys,
				ARRAY_SIZE(top_keys), l);
	tree_free(tree);
	return code;
}

/**
 * expect_read() - read a file of expectations
 * @path: a file, or "-" for standard input; lives as long as the list
 * @l: empty list of struct expectation, whose @v is left empty
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int expect_read(const char *path, struct list *l)
{
	FILE *f;
	int code;

	if (!strcmp(path, "-"))
		return read_stream("standard input", stdin, l);
	f = fopen(path, "re");
	if (!f)
		return fail(BAD_USAGE, "%s: %s", path, strerror(errno));
	code = read_stream(path, f, l);
	fclose(f);
	return code;
}
