/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_OUT_H
#define VSEGCTL_OUT_H

#include <stdio.h>

#include "model.h"
#include "util.h"

struct out;

struct out *out_new(bool json);
void out_to(struct out *o, FILE *to);
void out_free(struct out *o);
bool out_is_json(const struct out *o);

/* text only */
void out_line(struct out *o, const char *fmt, ...) PRINTF(2, 3);
void out_table(struct out *o, const char *const *columns, unsigned int n);
void out_cell(struct out *o, const char *fmt, ...) PRINTF(2, 3);
void out_cell_enum(struct out *o, const struct names *names, uint32_t value);
void out_table_end(struct out *o);

/* JSON only */
void out_list(struct out *o, const char *key);
void out_object(struct out *o, const char *key);
void out_end(struct out *o);
void out_model(struct out *o, const struct schema *s, const void *obj);
void out_str(struct out *o, const char *key, const char *value);
void out_u64(struct out *o, const char *key, uint64_t value);
void out_bool(struct out *o, const char *key, bool value);

#endif /* VSEGCTL_OUT_H */
