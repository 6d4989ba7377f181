/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The netlink specification, from tables that tables.py makes of it.
 */
#ifndef VSEG_FUZZ_SPEC_H
#define VSEG_FUZZ_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
	KIND_NONE,
	KIND_PAD,
	KIND_FLAG,
	KIND_U8,
	KIND_U32,
	KIND_U64,
	KIND_UINT,
	KIND_STRING,
	KIND_BINARY,
	KIND_NEST,
};

/** enum role - what a value names, so that live ones can be taken */
enum role {
	ROLE_NONE,
	ROLE_COOKIE,
	ROLE_DOMAIN,
	ROLE_BRIDGE,
	ROLE_PORT,
	ROLE_PORT_INDEX,
};

/**
 * struct attr - an attribute
 * @name: the specification's
 * @kind: type on the wire
 * @role: what it names
 * @nest: what is inside
 * @multi: may be given several times
 * @is_enum: its values have names, up to @max
 * @is_flags: any of the bits of @max
 * @has_max: there is a largest value
 * @min: smallest value that a request may give
 * @max: largest value
 * @max_len: bytes of a string without its zero, 0 for any
 * @exact_len: bytes of a binary, 0 for any
 */
struct attr {
	const char *name;
	enum kind kind;
	enum role role;
	const struct set *nest;
	bool multi;
	bool is_enum;
	bool is_flags;
	bool has_max;
	uint32_t min;
	uint32_t max;
	uint16_t max_len;
	uint16_t exact_len;
};

/**
 * struct set - an attribute set
 * @name: the specification's
 * @n: highest type and one more
 * @attr: by type
 */
struct set {
	const char *name;
	unsigned int n;
	const struct attr *attr;
};

/**
 * struct op - an operation
 * @name: the specification's
 * @cmd: number
 * @set: its attributes
 * @admin: wants CAP_NET_ADMIN
 * @has_do: can be asked for once
 * @has_dump: can be dumped
 * @has_event: is a notification
 * @request: attributes that a request may have, a bit each
 * @reply: those of an answer
 * @dump_reply: those of each message of a dump
 */
struct op {
	const char *name;
	uint8_t cmd;
	const struct set *set;
	bool admin;
	bool has_do;
	bool has_dump;
	bool has_event;
	uint64_t request;
	uint64_t reply;
	uint64_t dump_reply;
};

extern const struct op ops[];
extern const unsigned int nops;

const struct op *op_of(unsigned int cmd);
const struct op *op_named(const char *name);
unsigned int attr_type(const struct set *s, const char *name);

#endif /* VSEG_FUZZ_SPEC_H */
