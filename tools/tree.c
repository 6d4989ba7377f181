// SPDX-License-Identifier: GPL-2.0
/*
 * Policy files are a small part of YAML: maps, lists and texts.  Anchors and
 * aliases, of which bombs are made, tags and further documents are refused, and
 * so is what is larger or deeper than any policy can be.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "tree.h"

/* 65,536 cells, 131,072 rules, 16,384 selectors and 4,096 domains, with room
 * for comments.
 */
#define MAX_BYTES	(32u << 20)
#define MAX_NODES	(2u << 20)
#define MAX_DEPTH	8

/**
 * struct reader - a file that is being read
 * @parser: libyaml's
 * @file: its name
 * @stream: it
 * @bytes: read so far
 * @too_large: more than MAX_BYTES
 * @nodes: made so far
 * @depth: open maps and lists
 */
struct reader {
	yaml_parser_t parser;
	const char *file;
	FILE *stream;
	size_t bytes;
	bool too_large;
	size_t nodes;
	unsigned int depth;
};

/**
 * place_fail() - say what is wrong, and where
 * @at: where
 * @fmt: what
 *
 * Return: BAD_USAGE.
 */
int place_fail(const struct place *at, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	fail(BAD_USAGE, "%s:%u:%u: %s", at->file, at->line, at->column, text);
	free(text);
	return BAD_USAGE;
}

/** node_kind_text() - what a node is, for messages */
const char *node_kind_text(const struct node *y)
{
	switch (y->kind) {
	case NODE_LIST:
		return "a list";
	case NODE_MAP:
		return "a map";
	default:
		return y->len ? "a text" : "nothing";
	}
}

static struct place place_of(const struct reader *r, const yaml_mark_t *mark)
{
	return (struct place) {
		.file = r->file,
		.line = mark->line + 1,
		.column = mark->column + 1,
	};
}

static int more_bytes(void *data, unsigned char *buf, size_t size, size_t *n)
{
	struct reader *r = data;

	*n = fread(buf, 1, size, r->stream);
	r->bytes += *n;
	r->too_large = r->bytes > MAX_BYTES;
	return !r->too_large && !ferror(r->stream);
}

static int reader_fail(const struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct place at = place_of(r, &p->problem_mark);

	if (r->too_large)
		return fail(BAD_USAGE, "%s: larger than %u MiB, and no policy is",
			    r->file, MAX_BYTES >> 20);
	if (ferror(r->stream))
		return fail(BAD_USAGE, "%s: %s", r->file, strerror(errno));
	if (p->error == YAML_READER_ERROR)
		return fail(BAD_USAGE, "%s: byte %zu: %s", r->file,
			    p->problem_offset, p->problem);
	if (p->error == YAML_MEMORY_ERROR)
		return fail(BAD_USAGE, "%s: no memory", r->file);
	if (p->context)
		return place_fail(&at, "not YAML: %s %s", p->context,
				  p->problem);
	return place_fail(&at, "not YAML: %s", p->problem);
}

static int next_event(struct reader *r, yaml_event_t *ev)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	struct place at;

	if (!yaml_parser_parse(&r->parser, ev))
		return reader_fail(r);
	at = place_of(r, &ev->start_mark);
	switch (ev->type) {
	case YAML_ALIAS_EVENT:
		yaml_event_delete(ev);
		return place_fail(&at, "an alias; write the value itself, a policy file has no aliases");
	case YAML_SCALAR_EVENT:
		anchor = ev->data.scalar.anchor;
		tag = ev->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = ev->data.sequence_start.anchor;
		tag = ev->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = ev->data.mapping_start.anchor;
		tag = ev->data.mapping_start.tag;
		break;
	default:
		break;
	}
	if (!anchor && !tag)
		return DONE;
	place_fail(&at, "%s; a policy file has none",
		   anchor ? "an anchor" : "a tag");
	yaml_event_delete(ev);
	return BAD_USAGE;
}

/* NULL after it was said why not. */
static struct node *new_node(struct reader *r, const yaml_event_t *ev,
			     enum node_kind kind)
{
	struct place at = place_of(r, &ev->start_mark);
	struct node *y;

	if (++r->nodes > MAX_NODES) {
		place_fail(&at, "more than %u values, and no policy has as many",
			   MAX_NODES);
		return NULL;
	}
	y = xreallocarray(NULL, 1, sizeof(*y));
	memset(y, 0, sizeof(*y));
	y->kind = kind;
	y->at = at;
	return y;
}

static int read_text(struct reader *r, const yaml_event_t *ev,
		     struct node **node)
{
	struct node *y = new_node(r, ev, NODE_TEXT);

	*node = y;
	if (!y)
		return BAD_USAGE;
	y->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	y->len = ev->data.scalar.length;
	y->text = xreallocarray(NULL, y->len + 1, 1);
	memcpy(y->text, ev->data.scalar.value, y->len);
	y->text[y->len] = '\0';
	if (strlen(y->text) != y->len)
		return place_fail(&y->at, "a zero byte in a text");
	return DONE;
}

static int read_node(struct reader *r, const yaml_event_t *ev,
		     struct node **node);

static bool same_key(const struct node *map, const struct node *key)
{
	const struct node *y;

	for (y = map->first; y && y != key; y = y->next)
		if (!strcmp(y->text, key->text))
			return true;
	return false;
}

/* Maps of a policy have few keys, but for domains and bridges: those that are
 * long are checked for doubles by who reads them, sorted.
 */
#define MANY_KEYS	64

static int check_key(const struct node *map, const struct node *key,
		     unsigned int n)
{
	if (key->kind != NODE_TEXT)
		return place_fail(&key->at, "a key that is %s, expected a text",
				  node_kind_text(key));
	if (n < MANY_KEYS && same_key(map, key))
		return place_fail(&key->at, "\"%s\" is given twice", key->text);
	return DONE;
}

static int read_members(struct reader *r, struct node *y)
{
	yaml_event_type_t end = y->kind == NODE_MAP ? YAML_MAPPING_END_EVENT :
						      YAML_SEQUENCE_END_EVENT;
	struct node **link = &y->first;
	unsigned int n = 0;
	yaml_event_t ev;
	int code;

	if (++r->depth > MAX_DEPTH)
		return place_fail(&y->at, "nested more than %u deep, and no policy is",
				  MAX_DEPTH);
	for (;; n++) {
		bool done;

		code = next_event(r, &ev);
		if (code)
			return code;
		done = ev.type == end;
		if (!done)
			code = read_node(r, &ev, link);
		yaml_event_delete(&ev);
		if (done || code)
			break;
		if (y->kind == NODE_MAP) {
			code = check_key(y, *link, n);
			if (!code)
				code = next_event(r, &ev);
			if (code)
				break;
			code = read_node(r, &ev, &(*link)->value);
			yaml_event_delete(&ev);
			if (code)
				break;
		}
		link = &(*link)->next;
	}
	r->depth--;
	return code;
}

static int read_node(struct reader *r, const yaml_event_t *ev,
		     struct node **node)
{
	if (ev->type == YAML_SCALAR_EVENT)
		return read_text(r, ev, node);
	*node = new_node(r, ev, ev->type == YAML_MAPPING_START_EVENT ?
			 NODE_MAP : NODE_LIST);
	return *node ? read_members(r, *node) : BAD_USAGE;
}

static int read_document(struct reader *r, struct node **tree)
{
	bool one = false;
	yaml_event_t ev;
	int code;

	for (;;) {
		yaml_event_type_t type;
		struct place at;

		code = next_event(r, &ev);
		if (code)
			return code;
		type = ev.type;
		at = place_of(r, &ev.start_mark);
		if (type == YAML_SCALAR_EVENT ||
		    type == YAML_SEQUENCE_START_EVENT ||
		    type == YAML_MAPPING_START_EVENT) {
			if (one)
				code = place_fail(&at, "a second document; a policy file is one");
			else
				code = read_node(r, &ev, tree);
			one = true;
		}
		yaml_event_delete(&ev);
		if (code || type == YAML_STREAM_END_EVENT)
			return code;
	}
}

/**
 * tree_read() - read a file
 * @name: for messages; lives as long as the tree
 * @f: it
 * @tree: result, to be freed in any case; NULL when the file is empty
 *
 * Return: DONE, or BAD_USAGE after it was said what is wrong.
 */
int tree_read(const char *name, FILE *f, struct node **tree)
{
	struct reader r = { .file = name, .stream = f };
	int code;

	*tree = NULL;
	if (!yaml_parser_initialize(&r.parser))
		return fail(BAD_USAGE, "%s: no memory", name);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&r.parser, more_bytes, &r);
	code = read_document(&r, tree);
	yaml_parser_delete(&r.parser);
	return code;
}

/** tree_free() - free a tree, or NULL */
void tree_free(struct node *y)
{
	while (y) {
		struct node *next = y->next;

		tree_free(y->value);
		tree_free(y->first);
		free(y->text);
		free(y);
		y = next;
	}
}
