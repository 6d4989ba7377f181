// SPDX-License-Identifier: GPL-2.0
/*
 * A run of vsegctl: words in, text out.  Whatever it meets, what it prints is
 * fit for a terminal or, when JSON was asked for, JSON.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "command.h"
#include "ctl.h"

#define MAX_WORDS	64
#define MAX_VERBS	64

/**
 * struct tally - how a verb fared
 * @verb: verb
 * @runs: how often it was tried
 * @done: how often that ended well
 */
static struct tally {
	const struct verb *verb;
	unsigned long runs;
	unsigned long done;
} tally[MAX_VERBS];

/**
 * struct capture - a stream that goes to memory
 * @stream: stdout or stderr
 * @real: what it was
 * @text: what was printed
 * @len: bytes of it
 */
struct capture {
	FILE **stream;
	FILE *real;
	char *text;
	size_t len;
};

static void capture_begin(struct capture *c, FILE **stream)
{
	c->stream = stream;
	c->real = *stream;
	*stream = open_memstream(&c->text, &c->len);
}

static void capture_end(struct capture *c)
{
	fclose(*c->stream);
	*c->stream = c->real;
}

static void bad(const char *what, const struct capture *c)
{
	fprintf(stderr, "%s:\n%s\n", what, c->text);
	abort();
}

static bool is_control(const unsigned char *p)
{
	return (*p < ' ' && *p != '\n') || *p == 0x7f ||
	       (*p == 0xc2 && p[1] < 0xa0);
}

static void check_controls(const struct capture *c)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		if (is_control((unsigned char *)c->text + i))
			bad("a control code in JSON", c);
}

static void check_plain(const struct capture *c)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		if ((c->text[i] < ' ' || c->text[i] > '~') && c->text[i] != '\n')
			bad("a byte that is not for a terminal", c);
}

/* One value after the other.  json-c 0.18, when strict, takes all that isn't
 * ASCII for control codes, so those are looked for here.
 */
static void check_json(const struct capture *c)
{
	struct json_tokener *t = json_tokener_new();
	size_t at = 0;

	check_controls(c);
	json_tokener_set_flags(t, JSON_TOKENER_VALIDATE_UTF8);
	while (at < c->len) {
		struct json_object *j;

		json_tokener_reset(t);
		j = json_tokener_parse_ex(t, c->text + at, c->len - at);
		if (json_tokener_get_error(t) != json_tokener_success)
			bad("no JSON", c);
		json_object_put(j);
		at += json_tokener_get_parse_end(t);
		at += strspn(c->text + at, " \n");
	}
	json_tokener_free(t);
}

/* Which verb do these words name?  As vsegctl.c has it. */
static const struct verb *verb_of(char **word, int n)
{
	const struct object *o = n > 0 ? object_find(word[0]) : NULL;

	if (!o)
		return NULL;
	return *o->verb->name && n > 1 ? verb_find(o, word[1]) : o->verb;
}

/* The verb of a line with options: -n and -b take the word behind them. */
static const struct verb *verb_of_line(char **word, int n)
{
	char *plain[2];
	int i, found = 0;

	for (i = 1; i < n && found < 2; i++) {
		if (*word[i] != '-')
			plain[found++] = word[i];
		else if (!strcmp(word[i], "-n") || !strcmp(word[i], "-b"))
			i++;
	}
	return verb_of(plain, found);
}

static void count(const struct verb *v, int code)
{
	struct tally *t = tally;

	if (!v)
		return;
	while (t->verb && t->verb != v)
		t++;
	if (t == tally + MAX_VERBS - 1)
		abort();
	t->verb = v;
	t->runs++;
	/* That a frame is denied is an answer like another. */
	t->done += code == DONE || code == DENIED;
}

static unsigned long done(const struct verb *v)
{
	const struct tally *t = tally;

	while (t->verb && t->verb != v)
		t++;
	return t->done;
}

/* For the script that runs us: each verb, and how often it ended well. */
static void print_tally(void)
{
	const struct verb *v;
	unsigned int i;

	for (i = 0; objects[i]; i++)
		for (v = objects[i]->verb; v->name; v++)
			fprintf(stderr, "done %lu %s\n", done(v), v->label);
}

/** command_init() - be ready for runs, and tell of them at the end */
void command_init(void)
{
	setenv("TZ", "UTC", 1);
	atexit(print_tally);
}

static int cut(char *line, char **word, bool json)
{
	int n = 0;

	word[n++] = "vsegctl";
	if (json)
		word[n++] = "-j";
	while (line && n < MAX_WORDS)
		word[n++] = strsep(&line, " ");
	word[n] = NULL;
	return n;
}

/* Help, and what the shell's completion asks for, is no JSON. */
static bool prints_json(char **word)
{
	if (!verb_of(word, 1))
		return false;
	for (; *word; word++)
		if (**word == '-' || !strcmp(*word, "help"))
			return false;
	return true;
}

/* Did the words themselves ask for JSON, perhaps?  They may be help then, too.
 * Flows for another host are JSON in any case.
 */
static bool may_be_json(char **word)
{
	if (word[1] && word[2] && !strcmp(word[1], "state"))
		return true;
	for (; *word; word++)
		if (**word == '-' && strchr(*word, 'j'))
			return true;
	return false;
}

/**
 * command_run() - run the command
 * @line: its words, with a blank between; a zero byte ends them
 * @len: bytes of @line
 * @json: ask for JSON
 *
 * Return: what the command ended with.
 */
int command_run(const char *line, size_t len, bool json)
{
	struct capture out = { 0 }, err = { 0 };
	char *copy = strndup(line, len);
	char *word[MAX_WORDS + 1];
	int n = cut(copy, word, json), code;
	bool is_json = json && prints_json(word + 2);

	optind = 0;		/* GNU: begin anew */
	fflush(NULL);
	capture_begin(&out, &stdout);
	capture_begin(&err, &stderr);
	code = vsegctl_main(n, word);
	capture_end(&err);
	capture_end(&out);

	count(verb_of_line(word, n), code);
	check_plain(&err);
	if (is_json)
		check_json(&out);
	else if (may_be_json(word))
		check_controls(&out);
	else
		check_plain(&out);
	free(out.text);
	free(err.text);
	free(copy);
	return code;
}
