// SPDX-License-Identifier: GPL-2.0
/*
 * The one printer.  Callers say everything once; what isn't of the chosen
 * format does nothing.  Nothing reaches the terminal unescaped.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "out.h"

#define DEPTH	8
#define GAP	2

/**
 * struct out - what is being printed
 * @json: in JSON, not text
 * @to: where JSON goes
 * @depth: open lists and objects
 * @node: them; the outermost list has no node, its members are printed as
 *	they come
 * @rows: members of that list so far
 * @column: headings of the open table; '>' before one aligns it right
 * @columns: how many
 * @cell: cells of the table
 * @cells: how many
 * @room: how many @cell has room for
 */
struct out {
	bool json;
	FILE *to;
	unsigned int depth;
	struct json_object *node[DEPTH];
	size_t rows;
	const char *const *column;
	unsigned int columns;
	char **cell;
	size_t cells;
	size_t room;
};

/** out_new() - begin to print to stdout */
struct out *out_new(bool json)
{
	struct out *o = xreallocarray(NULL, 1, sizeof(*o));

	memset(o, 0, sizeof(*o));
	o->json = json;
	o->to = stdout;
	return o;
}

/** out_to() - print to a file; only JSON goes there */
void out_to(struct out *o, FILE *to)
{
	o->to = to;
}

/** out_is_json() - is it JSON? */
bool out_is_json(const struct out *o)
{
	return o->json;
}

/** out_free() - end printing */
void out_free(struct out *o)
{
	free(o->cell);
	free(o);
}

/** out_line() - print a line of text */
void out_line(struct out *o, const char *fmt, ...)
{
	char *raw, *safe;
	va_list ap;

	if (o->json)
		return;
	va_start(ap, fmt);
	raw = xvasprintf(fmt, ap);
	va_end(ap);
	safe = escape(raw);
	puts(safe);
	free(safe);
	free(raw);
}

/**
 * out_table() - begin a table
 * @o: printer
 * @columns: headings, which must outlive the table; '>' aligns right
 * @n: how many
 */
void out_table(struct out *o, const char *const *columns, unsigned int n)
{
	unsigned int i;

	if (o->json)
		return;
	o->column = columns;
	o->columns = n;
	o->cells = 0;
	for (i = 0; i < n; i++)
		out_cell(o, "%s", columns[i] + (columns[i][0] == '>'));
}

/** out_cell() - the next cell of the table, row by row */
void out_cell(struct out *o, const char *fmt, ...)
{
	va_list ap;
	char *raw;

	if (o->json)
		return;
	va_start(ap, fmt);
	raw = xvasprintf(fmt, ap);
	va_end(ap);
	if (o->cells == o->room) {
		o->room = o->room ? o->room * 2 : 64;
		o->cell = xreallocarray(o->cell, o->room, sizeof(*o->cell));
	}
	o->cell[o->cells++] = escape(raw);
	free(raw);
}

/** out_cell_enum() - a value by its name, or its number when it has none */
void out_cell_enum(struct out *o, const struct names *names, uint32_t value)
{
	const char *name = name_of(names, value);

	if (name)
		out_cell(o, "%s", name);
	else
		out_cell(o, "%u", value);
}

static void print_row(const struct out *o, char **cell, const int *width)
{
	unsigned int i, last = 0;

	for (i = 0; i < o->columns; i++)
		if (*cell[i])
			last = i;
	for (i = 0; i <= last; i++) {
		bool right = o->column[i][0] == '>';
		int w = i == last && !right ? 0 : width[i];

		printf("%*s", right ? w : -w, cell[i]);
		if (i < last)
			printf("%*s", GAP, "");
	}
	putchar('\n');
}

/** out_table_end() - print the table, each column as wide as it needs */
void out_table_end(struct out *o)
{
	int *width;
	size_t i;

	if (o->json)
		return;
	width = xreallocarray(NULL, o->columns, sizeof(*width));
	memset(width, 0, o->columns * sizeof(*width));
	for (i = 0; i < o->cells; i++) {
		int len = strlen(o->cell[i]);

		if (len > width[i % o->columns])
			width[i % o->columns] = len;
	}
	for (i = 0; i + o->columns <= o->cells; i += o->columns)
		print_row(o, o->cell + i, width);
	for (i = 0; i < o->cells; i++)
		free(o->cell[i]);
	o->cells = 0;
	free(width);
}

/* The length of the UTF-8 character at @s that no terminal takes for a
 * control code, 0 when there is none.
 */
static int printable_utf8(const unsigned char *s)
{
	uint32_t c;
	int n = utf8_char(s, &c);

	return c < ' ' || (c >= 0x7f && c < 0xa0) ? 0 : n;
}

/* JSON must be UTF-8; what isn't is escaped as in text. */
static struct json_object *json_text(const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	struct json_object *j;
	char *safe;
	int n;

	while (*s && (n = printable_utf8(s)))
		s += n;
	if (!*s)
		return json_object_new_string(value);
	safe = escape(value);
	j = json_object_new_string(safe);
	free(safe);
	return j;
}

static void print_json(const struct out *o, const struct json_object *j)
{
	fputs(json_object_to_json_string_ext((struct json_object *)j,
					     JSON_C_TO_STRING_NOSLASHESCAPE),
	      o->to);
}

static struct json_object *top(const struct out *o)
{
	return o->node[o->depth - 1];
}

static void put(struct out *o, const char *key, struct json_object *value)
{
	if (json_object_is_type(top(o), json_type_array))
		json_object_array_add(top(o), value);
	else
		json_object_object_add(top(o), key, value);
}

static void open_node(struct out *o, const char *key, struct json_object *node)
{
	if (o->depth && top(o))
		put(o, key, node);
	o->node[o->depth++] = node;
}

/**
 * out_list() - begin a JSON list
 * @o: printer
 * @key: its key in the object around it, NULL at the top and in a list
 */
void out_list(struct out *o, const char *key)
{
	if (!o->json)
		return;
	if (o->depth) {
		open_node(o, key, json_object_new_array());
		return;
	}
	fputs("[", o->to);
	o->rows = 0;
	o->node[o->depth++] = NULL;
}

/** out_object() - begin a JSON object, with a key as in out_list() */
void out_object(struct out *o, const char *key)
{
	if (o->json)
		open_node(o, key, json_object_new_object());
}

/** out_end() - end the innermost list or object */
void out_end(struct out *o)
{
	struct json_object *node;

	if (!o->json)
		return;
	node = o->node[--o->depth];
	if (o->depth && top(o))
		return;			/* its parent owns it */
	if (!node) {
		fputs("]\n", o->to);
		return;
	}
	if (o->depth && o->rows++)
		fputs(",\n", o->to);
	print_json(o, node);
	if (!o->depth)
		fputc('\n', o->to);
	json_object_put(node);
}

/** out_str() - a string; the key follows out_list()'s rule */
void out_str(struct out *o, const char *key, const char *value)
{
	if (o->json)
		put(o, key, json_text(value));
}

/** out_u64() - a number */
void out_u64(struct out *o, const char *key, uint64_t value)
{
	if (o->json)
		put(o, key, json_object_new_uint64(value));
}

/** out_bool() - true or false */
void out_bool(struct out *o, const char *key, bool value)
{
	if (o->json)
		put(o, key, json_object_new_boolean(value));
}

static struct json_object *json_enum(const struct names *names, uint32_t value)
{
	const char *name = name_of(names, value);
	struct json_object *j;
	char *number;

	if (name)
		return json_object_new_string(name);
	number = xasprintf("%u", value);
	j = json_object_new_string(number);
	free(number);
	return j;
}

static struct json_object *json_bits(const struct names *names, uint32_t mask)
{
	struct json_object *list = json_object_new_array();
	unsigned int bit;

	for (bit = 0; bit < 32; bit++)
		if (mask & UINT32_C(1) << bit)
			json_object_array_add(list, json_enum(names, bit));
	return list;
}

static struct json_object *json_mac(const uint8_t *m)
{
	char s[18];

	snprintf(s, sizeof(s), "%02x:%02x:%02x:%02x:%02x:%02x",
		 m[0], m[1], m[2], m[3], m[4], m[5]);
	return json_object_new_string(s);
}

static struct json_object *json_macs(const struct list *l)
{
	struct json_object *j = json_object_new_array();
	const struct mac *mac = l->item;
	size_t i;

	for (i = 0; i < l->n; i++)
		json_object_array_add(j, json_mac(mac[i].byte));
	return j;
}

static struct json_object *json_bytes(const struct bytes *b)
{
	char hex[2 * VSEG_FRAME_MAX + 1] = "";
	uint32_t i;

	for (i = 0; i < b->len; i++)
		sprintf(hex + 2 * i, "%02x", b->byte[i]);
	return json_object_new_string(hex);
}

static struct json_object *json_address(const struct address *a)
{
	char s[INET6_ADDRSTRLEN] = "";

	inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->byte, s, sizeof(s));
	return json_object_new_string(s);
}

static struct json_object *json_model(const struct schema *s, const void *obj);

static struct json_object *json_models(const struct schema *s,
				       const struct list *l)
{
	struct json_object *j = json_object_new_array();
	size_t i;

	for (i = 0; i < l->n; i++)
		json_object_array_add(j, json_model(s, (char *)l->item +
						    i * s->size));
	return j;
}

static struct json_object *json_field(const struct field *f, const void *member)
{
	switch (f->kind) {
	case FIELD_SWITCH:
	case FIELD_FLAG:
		return json_object_new_boolean(*(const bool *)member);
	case FIELD_U32:
		return json_object_new_uint64(*(const uint32_t *)member);
	case FIELD_ENUM:
		return json_enum(f->names, *(const uint32_t *)member);
	case FIELD_BITS:
		return json_bits(f->names, *(const uint32_t *)member);
	case FIELD_U64:
	case FIELD_UINT:
		return json_object_new_uint64(*(const uint64_t *)member);
	case FIELD_STRING:
		return json_text(member);
	case FIELD_MAC:
		return json_mac(member);
	case FIELD_MACS:
		return json_macs(member);
	case FIELD_BYTES:
		return json_bytes(member);
	case FIELD_ADDRESS:
		return json_address(member);
	case FIELD_NEST:
		return json_model(f->nest, member);
	case FIELD_LIST:
		return json_models(f->nest, member);
	case FIELD_NONE:
		break;
	}
	return NULL;
}

/* The spec's name with underscores, as iproute2 and jq like it. */
static void add_field(struct json_object *j, const char *name,
		      struct json_object *value)
{
	char key[64];
	size_t i;

	snprintf(key, sizeof(key), "%s", name);
	for (i = 0; key[i]; i++)
		if (key[i] == '-')
			key[i] = '_';
	json_object_object_add(j, key, value);
}

static void add_fields(struct json_object *j, const struct schema *s,
		       const void *obj)
{
	uint64_t given = *(const uint64_t *)obj;
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];

		if (given & BIT64(i))
			add_field(j, f->name,
				  json_field(f, (char *)obj + f->offset));
	}
}

static struct json_object *json_model(const struct schema *s, const void *obj)
{
	struct json_object *j = json_object_new_object();

	add_fields(j, s, obj);
	return j;
}

/** out_model() - all that is known of @obj, into the open object */
void out_model(struct out *o, const struct schema *s, const void *obj)
{
	if (o->json)
		add_fields(top(o), s, obj);
}
