/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_ARGS_H
#define VSEGCTL_ARGS_H

#include "model.h"
#include "util.h"

/**
 * struct args - the words of one command, taken one by one
 * @word: the words
 * @n: how many there are
 * @next: the next one to take
 * @where: prefix of messages: "" or "FILE:LINE: "
 * @label: object and verb, for messages
 * @usage: what may follow them, for messages; NULL in a batch
 */
struct args {
	char **word;
	int n;
	int next;
	const char *where;
	const char *label;
	const char *usage;
};

int args_fail(const struct args *a, const char *fmt, ...) PRINTF(2, 3);
bool args_more(const struct args *a);
const char *args_peek(const struct args *a);
const char *args_next(struct args *a);
bool args_take(struct args *a, const char *word);
const char *args_need(struct args *a, const char *what);
int args_end(const struct args *a, const char *expected);

int args_number(struct args *a, const char *what, uint32_t min, uint32_t max,
		uint32_t *value);
int args_domain(struct args *a, const char *what, char *name);
int args_ifname(struct args *a, const char *what, char *name);
int args_switch(struct args *a, const char *what, bool *value);
int args_enum(struct args *a, const char *what, const struct names *names,
	      uint32_t *value);
int args_bits(struct args *a, const char *what, const struct names *names,
	      uint32_t *mask);
int args_vlans(struct args *a, struct vlan *v);

bool parse_number(const char *s, const char **end, uint64_t max,
		  uint64_t *value);
bool parse_range(const char *s, uint32_t max, uint32_t *first, uint32_t *last);
bool parse_mac(const char *s, uint8_t *mac);

#endif /* VSEGCTL_ARGS_H */
