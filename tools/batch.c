// SPDX-License-Identifier: GPL-2.0
/* -b FILE: all edits of a file in one transaction. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "txn.h"

#define BLANK	" \t\r\n"

/**
 * struct words - a line, cut at blanks
 * @n: words in use
 * @room: words allocated
 * @word: them, within the line
 */
struct words {
	size_t n;
	size_t room;
	char **word;
};

/* A word that begins with # begins a comment. */
static void cut(struct words *w, char *line)
{
	char *p = line, *word;

	w->n = 0;
	while ((word = strsep(&p, BLANK))) {
		if (*word == '#')
			break;
		if (!*word)
			continue;
		if (w->n == w->room) {
			w->room = w->room ? w->room * 2 : 16;
			w->word = xreallocarray(w->word, w->room,
						sizeof(*w->word));
		}
		w->word[w->n++] = word;
	}
}

static int expected_object(const struct args *a)
{
	char *names = object_names();
	int code = args_fail(a, "expected an edit of %s, not \"%s\"", names,
			     a->word[0]);

	free(names);
	return code;
}

static int expected_verb(const struct args *a, const struct object *o)
{
	char *names = verb_names(o, true);
	int code;

	if (!*names)
		code = args_fail(a, "%s can't be part of a batch", o->name);
	else
		code = args_fail(a, "expected %s %s%s%s%s", o->name, names,
				 a->n > 1 ? ", not \"" : "",
				 a->n > 1 ? a->word[1] : "",
				 a->n > 1 ? "\"" : "");
	free(names);
	return code;
}

static int parse_words(struct args *a, struct edit *e)
{
	const struct object *o = object_find(a->word[0]);
	const struct verb *v;

	if (!o)
		return expected_object(a);
	v = a->n > 1 ? verb_find(o, a->word[1]) : NULL;
	if (!v || !v->parse)
		return expected_verb(a, o);
	a->label = v->label;
	a->next = 2;
	e->label = v->label;
	return v->parse(a, e);
}

static int parse_line(const char *path, unsigned int number, struct words *w,
		      struct list *edits)
{
	char *where = xasprintf("%s:%u: ", path, number);
	struct args a = {
		.word = w->word, .n = w->n, .where = where, .label = "",
	};
	struct edit *e = list_add(edits, sizeof(*e));
	int code;

	e->file = path;
	e->line = number;
	code = parse_words(&a, e);
	edits_flatten(edits);
	free(where);
	return code;
}

static int parse_file(const char *path, FILE *f, struct list *edits)
{
	struct words w = { 0 };
	unsigned int number = 0;
	char *line = NULL;
	size_t room = 0;
	int code = DONE;
	ssize_t len;

	while (!code && (len = getline(&line, &room, f)) >= 0) {
		number++;
		if (memchr(line, '\0', len)) {
			code = fail(BAD_USAGE, "%s:%u: a zero byte", path,
				    number);
			break;
		}
		cut(&w, line);
		if (w.n)
			code = parse_line(path, number, &w, edits);
	}
	if (!code && ferror(f))
		code = fail(BAD_USAGE, "%s: %s", path, strerror(errno));
	free(w.word);
	free(line);
	return code;
}

static int read_file(const char *path, struct list *edits)
{
	bool std = !strcmp(path, "-");
	FILE *f = std ? stdin : fopen(path, "re");
	int code;

	if (!f)
		return fail(BAD_USAGE, "%s: %s", path, strerror(errno));
	code = parse_file(path, f, edits);
	if (!std)
		fclose(f);
	return code;
}

/* All or nothing: what isn't committed is aborted when the socket closes. */
static int send_edits(struct ctl *c, const char *path, struct list *edits)
{
	char *where = xasprintf("%s: ", path);
	struct txn txn = { 0 }, done = { 0 };
	int code;

	code = txn_begin(c, where, &txn);
	if (!code)
		code = txn_edits(c, where, &txn, edits->item, edits->n);
	if (!code)
		code = txn_commit(c, where, &txn, 0, 0, &done);
	if (!code) {
		out_object(c->out, NULL);
		out_u64(c->out, "edits", edits->n);
		out_model(c->out, &txn_schema, &done);
		out_end(c->out);
		ctl_warnings(done.warnings);
	} else {
		fail(code, "%s: nothing was changed", path);
	}
	free(where);
	return code;
}

/**
 * batch_run() - put all edits of a file in force, or none
 * @c: this run
 * @path: file, or "-" for standard input
 *
 * The whole file is read before the kernel hears of it.
 *
 * Return: the exit status.
 */
int batch_run(struct ctl *c, const char *path)
{
	struct list edits = { 0 };
	int code = read_file(path, &edits);
	size_t i;

	c->file = path;
	if (!code)
		code = ctl_connect(c);
	if (!code && edits.n)
		code = send_edits(c, path, &edits);
	for (i = 0; i < edits.n; i++)
		edit_clear((struct edit *)edits.item + i);
	free(edits.item);
	return code;
}
