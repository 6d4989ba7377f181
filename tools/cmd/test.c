// SPDX-License-Identifier: GPL-2.0
/* vsegctl test */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "../answer.h"
#include "../decider.h"
#include "../expect.h"

#define OBJECT "test"

/**
 * struct test - what was asked for
 * @file: file of expectations, or NULL
 * @policies: files of the policy, for people; NULL for the one in force
 * @policy: what they say
 * @q: the frame, without @file
 * @d: who is asked
 */
struct test {
	const char *file;
	char *policies;
	struct policy policy;
	struct question q;
	struct decider d;
};

/*
 * Words.
 */

static int parse_policy(struct args *a, struct test *t)
{
	const char *path = args_need(a, "FILE");
	char *longer;

	if (!path)
		return BAD_USAGE;
	longer = t->policies ? xasprintf("%s, %s", t->policies, path) :
			       xasprintf("%s", path);
	free(t->policies);
	t->policies = longer;
	return policy_read(&t->policy, path);
}

static int parse_file(struct args *a, struct test *t)
{
	if (t->file)
		return args_fail(a, "--file is given twice");
	t->file = args_need(a, "FILE");
	return t->file ? DONE : BAD_USAGE;
}

static int parse_key(struct args *a, struct test *t)
{
	const char *option = args_next(a), *word;
	unsigned int i;

	for (i = 0; i < Q_KEYS; i++)
		if (!strncmp(option, "--", 2) &&
		    !strcmp(option + 2, question_keys[i]))
			break;
	if (i == Q_KEYS)
		return args_fail(a, "unknown option \"%s\"", option);
	if (has(&t->q, i))
		return args_fail(a, "%s is given twice", option);
	word = args_need(a, question_wants[i]);
	if (!word)
		return BAD_USAGE;
	if (!question_set(&t->q, i, word))
		return args_fail(a, "%s is %s, not \"%s\"", option,
				 question_wants[i], word);
	return DONE;
}

static int parse(struct args *a, struct test *t)
{
	const char *why;
	int code = DONE;

	while (!code && args_more(a)) {
		if (args_take(a, "--policy"))
			code = parse_policy(a, t);
		else if (args_take(a, "--file"))
			code = parse_file(a, t);
		else
			code = parse_key(a, t);
	}
	if (code)
		return code;
	if (t->file && t->q.has)
		return args_fail(a, "--file says all of the frames");
	if (!t->file && (!has(&t->q, Q_FROM) || !has(&t->q, Q_TO)))
		return args_fail(a, "expected --from and --to, or --file");
	why = t->file ? NULL : question_check(&t->q);
	return why ? args_fail(a, "%s", why) : DONE;
}

/*
 * Answers.
 */

static void print_end(struct out *o, const char *key, const char *port,
		      const char *domain, uint32_t match,
		      const struct item *selector)
{
	char buf[VSEG_PATTERN_MAX + 16], *at;

	if (!*port) {
		out_line(o, "  %-7s domain %s", key, domain);
		return;
	}
	if (!selector) {
		out_line(o, "  %-7s port %s: %s (%s)", key, port, domain,
			 name_of(&match_names, match) ?: "?");
		return;
	}
	at = verdict_place(&selector->at);
	out_line(o, "  %-7s port %s: %s (%s, %s)", key, port, domain,
		 selector_text(&selector->selector, buf, sizeof(buf)), at);
	free(at);
}

static void print_place(struct out *o, const char *key, const struct place *p)
{
	char *at = verdict_place(p);

	if (*at)
		out_str(o, key, at);
	free(at);
}

/* What was said of the frame, and the frame that it makes. */
static void print_question(struct out *o, const struct question *q)
{
	struct decision ask = { 0 };

	out_str(o, "from", q->from);
	out_str(o, "to", q->to);
	if (has(q, Q_VLAN))
		out_u64(o, "vlan", q->vlan);
	if (question_frame(q, &ask.frame)) {
		give(&ask, VSEG_A_DECISION_FRAME);
		out_model(o, &decision_schema, &ask);
	} else {
		out_str(o, "class", name_of(&frame_class_names, q->class));
	}
}

static void print_notes(struct out *o, const struct test *t,
			const struct question *q, const struct verdict *v)
{
	char *note[6] = { NULL };
	unsigned int i;

	note[0] = decider_doubt(&t->d, q->from, v, true);
	note[1] = decider_doubt(&t->d, q->to, v, false);
	note[2] = decider_note(&t->d, v, true);
	note[3] = decider_note(&t->d, v, false);
	if (outcome_of(&v->d) == OUTCOME_DENY && t->d.monitors)
		note[4] = xasprintf("a bridge in monitor mode lets it pass all the same");
	note[5] = answer_note(v);
	out_list(o, "notes");
	for (i = 0; i < ARRAY_SIZE(note); i++) {
		if (note[i]) {
			out_line(o, "  note    %s", note[i]);
			out_str(o, NULL, note[i]);
		}
		free(note[i]);
	}
	out_end(o);
}

static void print_state(struct out *o, const struct verdict *v)
{
	out_bool(o, "answers_pass", v->answers_pass);
	if (!v->is_answer)
		return;
	out_object(o, "answer_to");
	out_str(o, "cell_src", v->asked_src);
	out_str(o, "cell_dst", v->asked_dst);
	out_u64(o, "rule", v->asked_rule);
	out_end(o);
}

static void print_json(struct out *o, const struct question *q,
		       const struct verdict *v)
{
	out_str(o, "verdict", name_of(&outcome_names, outcome_of(&v->d)));
	print_question(o, q);
	out_model(o, &decision_schema, &v->d);
	out_str(o, "by", verdict_grounds(&v->d)->name);
	print_place(o, "from_at", v->from ? &v->from->at : NULL);
	print_place(o, "to_at", v->to ? &v->to->at : NULL);
	print_place(o, "cell_at", v->cell ? &v->cell->at : NULL);
	print_place(o, "rule_at", v->rule ? &v->rule->at : NULL);
	print_state(o, v);
}

static void print_verdict(struct out *o, const struct test *t,
			  const struct verdict *v)
{
	const struct decision *d = &v->d;
	char *cell = verdict_cell(v), *rule = verdict_rule(v);

	out_line(o, "%s: %s -> %s", name_of(&outcome_names, outcome_of(d)),
		 d->src, d->dst);
	print_end(o, "from", d->in_ifname, d->src, d->in_match, v->from);
	print_end(o, "to", d->out_ifname, d->dst, d->out_match, v->to);
	out_line(o, "  cell    %s", cell);
	if (has(d, VSEG_A_DECISION_RULE))
		out_line(o, "  rule    %s", rule);
	if (v->answers_pass)
		out_line(o, "  state   answers pass");
	out_line(o, "  by      %s", verdict_grounds(d)->text);
	out_line(o, "  reason  %s", name_of(&reason_names, d->reason) ?: "?");
	if (t->policies)
		out_line(o, "  policy  %s", t->policies);
	else
		out_line(o, "  policy  in force, generation %" PRIu64,
			 d->generation);
	free(cell);
	free(rule);
	out_object(o, NULL);
	print_json(o, &t->q, v);
	print_notes(o, t, &t->q, v);
	out_end(o);
}

static int ask_one(struct ctl *c, const struct args *a, struct test *t)
{
	struct verdict v;
	int code = decider_ask(&t->d, a, &t->q, &v);

	if (code)
		return code;
	print_verdict(c->out, t, &v);
	return outcome_of(&v.d) == OUTCOME_DENY ? DENIED : DONE;
}

/*
 * Expectations.
 */

static void print_unmet(struct out *o, const struct expectation *e)
{
	const struct decision *d = &e->v.d;
	char *cell = verdict_cell(&e->v);

	out_line(o, "%s:%u:%u: %s -> %s: %s, %s; expected %s%s%s", e->at.file,
		 e->at.line, e->at.column, e->q.from, e->q.to,
		 name_of(&outcome_names, outcome_of(d)),
		 name_of(&reason_names, d->reason) ?: "?",
		 name_of(&outcome_names, e->outcome),
		 e->any_reason ? "" : ", ",
		 e->any_reason ? "" : name_of(&reason_names, e->reason));
	out_line(o, "    %s -> %s, cell %s: %s", d->src, d->dst, cell,
		 verdict_grounds(d)->text);
	free(cell);
}

/* Met or not: it may not be the question that was meant. */
static void print_doubt(struct out *o, const struct test *t,
			const struct expectation *e, const char *word,
			bool from)
{
	char *doubt = decider_doubt(&t->d, word, &e->v, from);

	if (doubt)
		out_line(o, "%s:%u:%u: note: %s", e->at.file, e->at.line,
			 e->at.column, doubt);
	free(doubt);
}

static void print_expectation(struct out *o, const struct test *t,
			      const struct expectation *e)
{
	bool met = expect_met(e);

	if (!met)
		print_unmet(o, e);
	print_doubt(o, t, e, e->q.from, true);
	print_doubt(o, t, e, e->q.to, false);
	out_object(o, NULL);
	out_u64(o, "line", e->at.line);
	out_u64(o, "column", e->at.column);
	out_bool(o, "met", met);
	out_str(o, "expect", name_of(&outcome_names, e->outcome));
	if (!e->any_reason)
		out_str(o, "expect_reason", name_of(&reason_names, e->reason));
	print_json(o, &e->q, &e->v);
	if (out_is_json(o))
		print_notes(o, t, &e->q, &e->v);
	out_end(o);
}

static int ask_expectation(const struct args *a, struct test *t,
			   struct expectation *e)
{
	char *where = xasprintf("%s:%u:%u: ", e->at.file, e->at.line,
				e->at.column);
	struct args here = *a;
	int code;

	here.where = where;
	code = decider_ask(&t->d, &here, &e->q, &e->v);
	free(where);
	return code;
}

/* Nothing is printed before all is known: what is JSON is whole. */
static int ask_all(struct ctl *c, const struct args *a, struct test *t,
		   const struct list *l)
{
	struct expectation *e = l->item;
	size_t n, unmet = 0;
	int code = DONE;

	for (n = 0; n < l->n && !code; n++)
		code = ask_expectation(a, t, &e[n]);
	if (code)
		return code;
	out_list(c->out, NULL);
	for (n = 0; n < l->n; n++) {
		print_expectation(c->out, t, &e[n]);
		unmet += !expect_met(&e[n]);
	}
	out_end(c->out);
	if (t->policies)
		out_line(c->out, "%zu expectations of %s, %zu not met", l->n,
			 t->policies, unmet);
	else
		out_line(c->out, "%zu expectations of generation %" PRIu64 ", %zu not met",
			 l->n, t->d.generation, unmet);
	return unmet ? DENIED : DONE;
}

static int run(struct ctl *c, struct args *a, struct test *t, struct list *l)
{
	int code = parse(a, t);

	if (!code && t->policies)
		code = policy_check(&t->policy);
	if (!code && t->file)
		code = expect_read(t->file, l);
	if (!code)
		code = decider_open(&t->d, c, a,
				    t->policies ? &t->policy : NULL);
	if (code)
		return code;
	return t->file ? ask_all(c, a, t, l) : ask_one(c, a, t);
}

static int test(struct ctl *c, struct args *a)
{
	struct test t = { 0 };
	struct list l = { 0 };
	int code;

	policy_init(&t.policy);
	code = run(c, a, &t, &l);
	decider_close(&t.d);
	policy_clear(&t.policy);
	free(t.policies);
	free(l.item);
	return code;
}

static const struct verb verbs[] = {
	WHOLE("{--from PORT|DOMAIN --to PORT|DOMAIN [--vlan N] [--class CLASS | --frame HEX | [--ethertype TYPE] [--from-address A] [--to-address A] [--proto P [--sport N] [--dport N] [--tcp-flags FLAGS]] [--icmp TYPE] [--fragment PART]] | --file FILE} [--policy FILE]...",
	      "say what the policy makes of a frame, or whether it does what a file expects",
	      test),
	{ 0 }
};

const struct object test_object = {
	.name = OBJECT,
	.help = "what the policy makes of a frame",
	.notes = "Ends with 0 when the frame passes, or all that FILE expects is so, and with 4\n"
		 "when not.  A word is a domain, or else a port; domain:NAME and port:NAME say\n"
		 "which, and a port need not be there yet.\n"
		 "  --policy     by files that apply would take, without the kernel; a port is\n"
		 "               known by its name alone\n"
		 "  --vlan       decides at trunk ports\n"
		 "  --class      what it is to built-in passes and services, without a frame: arp\n"
		 "               is address-resolution, dhcp-request, router-advertisement, ...\n"
		 "  --frame      all bytes, from the Ethernet header on, in hexadecimal\n"
		 "  the others   make a frame: IPv4 unless an address, icmpv6 or --ethertype says\n"
		 "               otherwise; a cell that has rules can't be asked without one\n"
		 "  --file       YAML: a list of frames, and what is expected of each\n",
	.verb = verbs,
};
