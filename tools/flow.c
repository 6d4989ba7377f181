// SPDX-License-Identifier: GPL-2.0
/*
 * Flows in a file: JSON, the head in the first line and a flow in each that
 * follows.  One table says how they are written and what is read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "flow.h"
#include "match.h"
#include "text.h"
#include "util.h"

/* Of a file that is no file of flows, no more than this is read of a line. */
#define LINE_MAX_LEN	4096

static const char *const tcp_state_name[] = {
	"none", "syn-sent", "syn-received", "established", "fin-wait",
	"close-wait", "last-ack", "time-wait", "close", "syn-sent2",
};

static const struct names tcp_state_names = {
	ARRAY_SIZE(tcp_state_name), tcp_state_name
};

#define PLACE(_s, _m)							\
	.offset = offsetof(struct _s, _m),				\
	.size = sizeof(((struct _s){ 0 })._m)
#define FIELD(_s, _kind, _name, _m)	{ _name, _kind, PLACE(_s, _m) }
#define NUMBER(_name, _m)	FIELD(flow, FIELD_U32, _name, _m)
#define SWITCH(_name, _m)	FIELD(flow, FIELD_SWITCH, _name, _m)

static const struct field head_field[] = {
	[HEAD_VERSION] = FIELD(flows_head, FIELD_U32, "version", version),
	[HEAD_PORT] = FIELD(flows_head, FIELD_STRING, "port", port),
	[HEAD_BRIDGE] = FIELD(flows_head, FIELD_STRING, "bridge", bridge),
	[HEAD_DOMAIN] = FIELD(flows_head, FIELD_STRING, "domain", domain),
	[HEAD_FLOWS] = FIELD(flows_head, FIELD_U32, "flows", flows),
};

/** flows_head_schema - the first line */
const struct schema flows_head_schema = {
	"head", sizeof(struct flows_head), ARRAY_SIZE(head_field), head_field, 0
};

static const struct field flow_field[] = {
	[FLOW_FROM] = FIELD(flow, FIELD_STRING, "from", from),
	[FLOW_TO] = FIELD(flow, FIELD_STRING, "to", to),
	[FLOW_BRIDGE] = FIELD(flow, FIELD_STRING, "bridge", bridge),
	[FLOW_VLAN] = NUMBER("vlan", vlan),
	[FLOW_PROTOCOL] = NUMBER("protocol", protocol),
	[FLOW_SOURCE] = FIELD(flow, FIELD_ADDRESS, "source", source),
	[FLOW_DESTINATION] =
		FIELD(flow, FIELD_ADDRESS, "destination", destination),
	[FLOW_SOURCE_PORT] = NUMBER("source-port", source_port),
	[FLOW_DESTINATION_PORT] = NUMBER("destination-port", destination_port),
	[FLOW_ICMP_ID] = NUMBER("icmp-id", icmp_ident),
	[FLOW_ICMP_TYPE] = NUMBER("icmp-type", icmp_type),
	[FLOW_ICMP_CODE] = NUMBER("icmp-code", icmp_code),
	[FLOW_TIMEOUT] = NUMBER("timeout", timeout),
	[FLOW_REPLIED] = SWITCH("replied", replied),
	[FLOW_ASSURED] = SWITCH("assured", assured),
	[FLOW_KEEP] = SWITCH("keep", keep),
	[FLOW_TCP_STATE] = {
		"tcp-state", FIELD_ENUM, PLACE(flow, tcp_state),
		.names = &tcp_state_names
	},
	[FLOW_TCP_SCALE] = NUMBER("tcp-scale", tcp_scale),
	[FLOW_TCP_SCALE_BACK] = NUMBER("tcp-scale-back", tcp_scale_back),
	[FLOW_TCP_FLAGS] = NUMBER("tcp-flags", tcp_flags),
	[FLOW_TCP_FLAGS_BACK] = NUMBER("tcp-flags-back", tcp_flags_back),
	[FLOW_SCTP_STATE] = NUMBER("sctp-state", sctp_state),
	[FLOW_SCTP_TAG] = NUMBER("sctp-tag", sctp_tag),
	[FLOW_SCTP_TAG_BACK] = NUMBER("sctp-tag-back", sctp_tag_back),
};

/** flow_schema - each other line */
const struct schema flow_schema = {
	"flow", sizeof(struct flow), ARRAY_SIZE(flow_field), flow_field, 0
};

/* What the numbers of a flow are at most, where that is less than 32 bits. */
static uint32_t most(const struct field *f)
{
	static const struct {
		const char *name;
		uint32_t most;
	} bounds[] = {
		{ "vlan", 4094 }, { "protocol", 255 },
		{ "source-port", 65535 }, { "destination-port", 65535 },
		{ "icmp-id", 65535 }, { "icmp-type", 255 },
		{ "icmp-code", 255 }, { "timeout", INT32_MAX },
		{ "tcp-scale", 14 }, { "tcp-scale-back", 14 },
		{ "tcp-flags", 255 }, { "tcp-flags-back", 255 },
		{ "sctp-state", 255 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bounds); i++)
		if (!strcmp(bounds[i].name, f->name))
			return bounds[i].most;
	return UINT32_MAX;
}

/*
 * To words.
 */

/** flow_text() - "TCP 10.0.0.1:1024 -> 10.0.0.2:80", to be freed */
char *flow_text(const struct flow *f)
{
	char from[MATCH_LEN], to[MATCH_LEN], proto[TYPE_LEN];
	const char *name = text_proto(proto, f->protocol);

	text_prefix(from, &f->source, f->source.len * 8);
	text_prefix(to, &f->destination, f->destination.len * 8);
	if (!(f->has & BIT64(FLOW_SOURCE_PORT)))
		return xasprintf("%s %s -> %s", name, from, to);
	return xasprintf("%s %s:%u -> %s:%u", name, from, f->source_port, to,
			 f->destination_port);
}

/*
 * From a file.  Readers return what was expected, or NULL.
 */

static const char *take_string(const struct field *f, json_object *j, char *to)
{
	const char *text = json_object_get_string(j);
	size_t len = json_object_get_string_len(j);

	if (!json_object_is_type(j, json_type_string) || !len ||
	    len >= f->size || strlen(text) != len)
		return "a name";
	memcpy(to, text, len + 1);
	return NULL;
}

static const char *take_number(const struct field *f, json_object *j, char *to)
{
	int64_t n = json_object_get_int64(j);
	uint32_t value = n;

	if (!json_object_is_type(j, json_type_int) || n < 0 || n > most(f))
		return "a number that may be here";
	memcpy(to, &value, sizeof(value));
	return NULL;
}

static const char *take_enum(const struct field *f, json_object *j, char *to)
{
	int n = json_object_is_type(j, json_type_string) ?
		value_of(f->names, json_object_get_string(j)) : -1;
	uint32_t value = n;

	if (n < 0)
		return "a state of TCP, as established";
	memcpy(to, &value, sizeof(value));
	return NULL;
}

static const char *take_value(const struct field *f, json_object *j, char *to)
{
	switch (f->kind) {
	case FIELD_STRING:
		return take_string(f, j, to);
	case FIELD_ENUM:
		return take_enum(f, j, to);
	case FIELD_ADDRESS:
		return json_object_is_type(j, json_type_string) &&
		       parse_address(json_object_get_string(j),
				     (struct address *)to) ?
		       NULL : "an address";
	case FIELD_SWITCH:
		if (!json_object_is_type(j, json_type_boolean))
			return "true or false";
		*(bool *)to = json_object_get_boolean(j);
		return NULL;
	default:
		return take_number(f, j, to);
	}
}

/* "source-port" in the table is "source_port" in JSON. */
static bool is_key(const char *name, const char *key)
{
	for (; *name; name++, key++)
		if (*key != (*name == '-' ? '_' : *name))
			return false;
	return !*key;
}

static char *take_object(const struct schema *s, json_object *j, void *obj)
{
	unsigned int i;
	const char *why;

	json_object_object_foreach(j, key, value) {
		for (i = 1; i < s->n && !is_key(s->field[i].name, key); i++)
			;
		if (i == s->n)
			return xasprintf("unknown key \"%s\"", key);
		why = take_value(&s->field[i], value,
				 (char *)obj + s->field[i].offset);
		if (why)
			return xasprintf("\"%s\": expected %s, not %s", key,
					 why, json_object_get_string(value));
		*(uint64_t *)obj |= BIT64(i);
	}
	return NULL;
}

/* Return: NULL, or what is wrong, to be freed. */
static char *take_line(const struct schema *s, const char *line, size_t len,
		       void *obj)
{
	struct json_tokener *t = json_tokener_new();
	json_object *j;
	char *why;

	if (!t)
		abort();		/* as xreallocarray() does */
	json_tokener_set_flags(t, JSON_TOKENER_STRICT);
	j = json_tokener_parse_ex(t, line, len);
	if (json_tokener_get_error(t) != json_tokener_success ||
	    !json_object_is_type(j, json_type_object))
		why = xasprintf("expected an object of JSON");
	else
		why = take_object(s, j, obj);
	json_object_put(j);
	json_tokener_free(t);
	return why;
}

static char *check_head(const struct flows_head *h)
{
	if (!has(h, HEAD_VERSION) || !has(h, HEAD_FLOWS))
		return xasprintf("it begins with no \"version\" and number of \"flows\"");
	if (h->version != FLOW_VERSION)
		return xasprintf("version %u is none that this program knows, %u is",
				 h->version, FLOW_VERSION);
	return NULL;
}

static bool all(const struct flow *f, uint64_t attrs)
{
	return (f->has & attrs) == attrs;
}

static char *check_flow(const struct flow *f)
{
	const uint64_t always = BIT64(FLOW_FROM) | BIT64(FLOW_TO) |
		BIT64(FLOW_PROTOCOL) | BIT64(FLOW_SOURCE) |
		BIT64(FLOW_DESTINATION) | BIT64(FLOW_TIMEOUT);
	const uint64_t ports = BIT64(FLOW_SOURCE_PORT) |
			       BIT64(FLOW_DESTINATION_PORT);
	const uint64_t icmp = BIT64(FLOW_ICMP_ID) | BIT64(FLOW_ICMP_TYPE) |
			      BIT64(FLOW_ICMP_CODE);
	uint64_t need = f->protocol == IPPROTO_TCP ?
			ports | BIT64(FLOW_TCP_STATE) :
			f->protocol == IPPROTO_UDP ? ports :
			f->protocol == IPPROTO_ICMP ||
			f->protocol == IPPROTO_ICMPV6 ? icmp : 0;

	if (!all(f, always))
		return xasprintf("a flow lacks one of from, to, protocol, source, destination and timeout");
	if (f->source.len != f->destination.len)
		return xasprintf("no flow is of IPv4 and of IPv6");
	if (!all(f, need))
		return xasprintf("a flow lacks its %s", need & icmp ?
				 "icmp_id, icmp_type or icmp_code" :
				 "ports or state");
	return NULL;
}

static int bad_line(const char *path, unsigned int line, char *why)
{
	int code = fail(BAD_USAGE, "%s:%u: %s", path, line, why);

	free(why);
	return code;
}

static int read_lines(const char *path, FILE *f, struct flows_head *h,
		      struct list *l)
{
	char line[LINE_MAX_LEN], *why;
	unsigned int n;

	for (n = 1; fgets(line, sizeof(line), f); n++) {
		size_t len = strlen(line);

		if (!len || line[len - 1] != '\n')
			return bad_line(path, n, xasprintf("the line is cut off, or too long"));
		why = n == 1 ? take_line(&flows_head_schema, line, len, h) :
		      take_line(&flow_schema, line, len,
				list_add(l, sizeof(struct flow)));
		if (!why && n == 1)
			why = check_head(h);
		else if (!why)
			why = check_flow((struct flow *)l->item + l->n - 1);
		if (why)
			return bad_line(path, n, why);
	}
	if (ferror(f))
		return fail(REFUSED, "%s: %s", path, strerror(errno));
	if (n == 1)
		return fail(BAD_USAGE, "%s: empty", path);
	if (l->n != h->flows)
		return fail(BAD_USAGE, "%s: %zu flows, and %u were written: the file is cut off",
			    path, l->n, h->flows);
	return DONE;
}

/**
 * flows_read() - read a file of flows, all of it or nothing
 * @path: file, or "-" for standard input
 * @h: result: its first line
 * @l: list of struct flow, which the caller frees
 *
 * Return: an exit status, after it was said what is wrong.
 */
int flows_read(const char *path, struct flows_head *h, struct list *l)
{
	bool input = !strcmp(path, "-");
	FILE *f = input ? stdin : fopen(path, "re");
	int code;

	memset(h, 0, sizeof(*h));
	if (!f)
		return fail(BAD_USAGE, "%s: %s", path, strerror(errno));
	code = read_lines(input ? "standard input" : path, f, h, l);
	if (!input)
		fclose(f);
	return code;
}
