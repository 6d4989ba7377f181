// SPDX-License-Identifier: GPL-2.0
/* vsegctl: look at and change what vseg lets pass between bridge ports. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "txn.h"

const struct object *const objects[] = {
	&status_object, &bridge_object, &domain_object, &port_object,
	&selector_object, &policy_object, &cell_object, &rule_object,
	&test_object, &apply_object,
	&confirm_object, &rollback_object, &log_object, &stats_object,
	&zone_object, &state_object, &monitor_object, &off_object,
	&init_object, &upgrade_object,
	NULL
};

/**
 * struct options - what stands before, between or behind the words
 * @json: -j
 * @help: -h
 * @version: -V
 * @netns: -n
 * @batch: -b
 * @word: the words themselves, NULL at the end
 * @words: how many
 */
struct options {
	bool json;
	bool help;
	bool version;
	const char *netns;
	const char *batch;
	char **word;
	unsigned int words;
};

/** object_find() - the object that a word stands for, or NULL */
const struct object *object_find(const char *name)
{
	unsigned int i;

	for (i = 0; objects[i]; i++)
		if (!strcmp(objects[i]->name, name))
			return objects[i];
	return NULL;
}

/** verb_find() - the verb of @o that a word stands for, or NULL */
const struct verb *verb_find(const struct object *o, const char *name)
{
	const struct verb *v;

	for (v = o->verb; v->name; v++)
		if (*v->name && !strcmp(v->name, name))
			return v;
	return NULL;
}

/* "a", "a or b", "a, b or c" */
static char *join(char *list, const char *word, bool last)
{
	char *longer;

	if (!*list)
		longer = xasprintf("%s", word);
	else
		longer = xasprintf("%s%s%s", list, last ? " or " : ", ", word);
	free(list);
	return longer;
}

/** object_names() - all objects in a sentence; to be freed */
char *object_names(void)
{
	char *s = xasprintf("%s", "");
	unsigned int i;

	for (i = 0; objects[i]; i++)
		s = join(s, objects[i]->name, !objects[i + 1]);
	return s;
}

/** verb_names() - the verbs of @o, or its @edits, in a sentence; to be freed */
char *verb_names(const struct object *o, bool edits)
{
	char *s = xasprintf("%s", "");
	const struct verb *v, *last = NULL;

	for (v = o->verb; v->name; v++)
		if (*v->name && (!edits || v->parse))
			last = v;
	for (v = o->verb; v->name; v++)
		if (*v->name && (!edits || v->parse))
			s = join(s, v->name, v == last);
	return s;
}

static void print_options(FILE *f)
{
	fputs("Options:\n"
	      "  -j, --json          print JSON\n"
	      "  -n, --netns NETNS   in the network namespace NETNS, a name or a path\n"
	      "  -b, --batch FILE    all edits of FILE (- is stdin) in one transaction\n"
	      "  -V, --version       print the version\n"
	      "  -h, --help          print this, or more about OBJECT\n", f);
}

static void print_help(FILE *f)
{
	unsigned int i;

	fputs("usage: vsegctl [OPTIONS] OBJECT [VERB] [ARGS]\n"
	      "       vsegctl [OPTIONS] -b FILE\n\n"
	      "Objects:\n", f);
	for (i = 0; objects[i]; i++)
		fprintf(f, "  %-10s %s\n", objects[i]->name, objects[i]->help);
	fputs("\n", f);
	print_options(f);
	fputs("\nvsegctl OBJECT --help lists the verbs of OBJECT.\n", f);
}

static void print_object_help(const struct object *o)
{
	const struct verb *v;

	printf("vsegctl %s: %s\n\n", o->name, o->help);
	for (v = o->verb; v->name; v++)
		printf("  vsegctl %s%s%s\n      %s\n", v->label,
		       *v->args ? " " : "", v->args, v->help);
	if (o->notes)
		printf("\n%s", o->notes);
	putchar('\n');
	print_options(stdout);
}

static int unknown_object(const char *name)
{
	char *names = object_names();
	int code = fail(BAD_USAGE, "expected %s, not \"%s\"", names, name);

	free(names);
	return code;
}

static int help(const char *name)
{
	const struct object *o = name ? object_find(name) : NULL;

	if (name && !o)
		return unknown_object(name);
	if (o)
		print_object_help(o);
	else
		print_help(stdout);
	return DONE;
}

static int unknown_verb(const struct object *o, const char *name)
{
	char *names = verb_names(o, false);
	int code = fail(BAD_USAGE, "%s: expected %s, not \"%s\"", o->name,
			names, name);

	free(names);
	return code;
}

/* Words that say several things do all of them, or none. */
static int run_together(struct ctl *c, struct edit *e, size_t n)
{
	struct txn txn = { 0 }, done = { 0 };
	int code = txn_begin(c, "", &txn);

	if (!code)
		code = txn_edits(c, "", &txn, e, n);
	if (!code)
		code = txn_commit(c, "", &txn, 0, 0, &done);
	if (!code)
		ctl_warnings(done.warnings);
	return code;
}

static int run_edit(struct ctl *c, struct args *a, const struct verb *v)
{
	struct list l = { 0 };
	struct edit *e = list_add(&l, sizeof(*e));
	struct vnl_error err;
	size_t failed, i;
	int code;

	e->label = v->label;
	code = v->parse(a, e);
	edits_flatten(&l);
	e = l.item;
	if (!code)
		code = ctl_connect(c);
	if (!code && l.n > 1)
		code = run_together(c, e, l.n);
	else if (!code && vnl_edits(c->nl, e, 1, 0, &failed, &err))
		code = ctl_report("", v->label, &err);
	for (i = 0; i < l.n; i++)
		edit_clear(&e[i]);
	free(e);
	return code;
}

static int run_words(struct ctl *c, char **word, int n)
{
	struct args a = { .word = word, .n = n, .next = 1, .where = "" };
	const struct object *o = object_find(word[0]);
	const struct verb *v;

	if (!strcmp(word[0], "complete"))
		return complete_run(c, &a);
	if (!strcmp(word[0], "help"))
		return help(word[1]);
	if (!o)
		return unknown_object(word[0]);
	v = o->verb;
	if (*v->name && n > 1) {
		if (!strcmp(word[1], "help"))
			return help(word[0]);
		v = verb_find(o, word[1]);
		if (!v)
			return unknown_verb(o, word[1]);
		a.next = 2;
	}
	a.label = v->label;
	a.usage = v->args;
	return v->parse ? run_edit(c, &a, v) : v->run(c, &a);
}

static const struct option longs[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "netns", required_argument, NULL, 'n' },
	{ "batch", required_argument, NULL, 'b' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

/* What getopt would say itself, but escaped. */
static void bad_option(char **argv, bool missing)
{
	const struct option *o = longs;

	while (o->name && o->val != optopt)
		o++;
	if (o->name)
		fail(BAD_USAGE, "option '--%s' %s an argument", o->name,
		     missing ? "requires" : "doesn't allow");
	else if (missing)
		fail(BAD_USAGE, "option '-%c' requires an argument", optopt);
	else if (optopt)
		fail(BAD_USAGE, "unrecognized option '-%c'", optopt);
	else
		fail(BAD_USAGE, "unrecognized option '%s'", argv[optind - 1]);
}

/* Options of the command itself may stand anywhere; other long ones behind the
 * first word are words too, for a verb that knows them, and so is -o FILE.
 */
static bool is_word(char **argv, const struct options *opt)
{
	return opt->words && !optopt && !strncmp(argv[optind - 1], "--", 2);
}

/* Return false when the words can't be understood, after it was said why. */
static bool parse_options(int argc, char **argv, struct options *opt)
{
	int c;

	opterr = 0;
	/* At most two for each argument: -oFILE is two words. */
	opt->word = xreallocarray(NULL, 2 * argc + 1, sizeof(*opt->word));
	while ((c = getopt_long(argc, argv, "-:jn:b:Vho:", longs, NULL)) >= 0) {
		switch (c) {
		case 1:
			opt->word[opt->words++] = optarg;
			break;
		case 'j':
			opt->json = true;
			break;
		case 'n':
			opt->netns = optarg;
			break;
		case 'b':
			opt->batch = optarg;
			break;
		case 'h':
			opt->help = true;
			break;
		case 'V':
			opt->version = true;
			break;
		case 'o':
			if (!opt->words) {
				fail(BAD_USAGE, "unrecognized option '-o'");
				return false;
			}
			opt->word[opt->words++] = (char *)"-o";
			opt->word[opt->words++] = optarg;
			break;
		default:
			if (c == '?' && is_word(argv, opt)) {
				opt->word[opt->words++] = argv[optind - 1];
				break;
			}
			bad_option(argv, c == ':');
			return false;
		}
	}
	while (optind < argc)		/* behind -- */
		opt->word[opt->words++] = argv[optind++];
	opt->word[opt->words] = NULL;
	return true;
}

static int run_in(const struct options *opt)
{
	struct ctl c = { 0 };
	int code = DONE;

	if (opt->netns)
		code = netns_enter(opt->netns);
	if (code)
		return code;
	c.out = out_new(opt->json);
	if (opt->batch)
		code = batch_run(&c, opt->batch);
	else
		code = run_words(&c, opt->word, opt->words);
	vnl_close(c.nl);
	out_free(c.out);
	return code;
}

static int run(const struct options *opt)
{
	if (opt->help)
		return help(*opt->word);
	if (opt->version) {
		puts("vsegctl " VSEG_VERSION);
		return DONE;
	}
	if (opt->batch && opt->words)
		return fail(BAD_USAGE, "expected nothing more with -b, not \"%s\"",
			    *opt->word);
	if (opt->batch || opt->words)
		return run_in(opt);
	print_help(stderr);
	return BAD_USAGE;
}

int main(int argc, char **argv)
{
	struct options opt = { 0 };
	int code = BAD_USAGE;

	if (parse_options(argc, argv, &opt))
		code = run(&opt);
	else
		fputs("Try vsegctl --help.\n", stderr);
	free(opt.word);
	return finish(code);
}
