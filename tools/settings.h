/* SPDX-License-Identifier: GPL-2.0 */
/* Settings of a policy: what they are at first, and their words. */
#ifndef VSEGCTL_SETTINGS_H
#define VSEGCTL_SETTINGS_H

#include "model.h"

/* The settings of state that a kernel may know, by attribute. */
#define SETTINGS_OF_STATE						\
	(BIT64(VSEG_A_SETTINGS_STATE_PICKUP) |				\
	 BIT64(VSEG_A_SETTINGS_STATE_LIMIT) | SETTINGS_OF_ZONES |	\
	 BIT64(VSEG_A_SETTINGS_MARK_MASK))
#define SETTINGS_OF_ZONES						\
	(BIT64(VSEG_A_SETTINGS_STATE_ZONE_FIRST) |			\
	 BIT64(VSEG_A_SETTINGS_STATE_ZONE_LAST))

/* What is expected where a word doesn't fit. */
#define ZONES_WANTED							\
	"zones of connection tracking, 1 to 65535, as 32768-65535"
#define MASK_WANTED							\
	"a mask of bits side by side, as 0xffff0000, or 0 for none"

void settings_init(struct settings *s);
uint64_t settings_differ(const struct settings *a, const struct settings *b);
char *settings_text(const struct settings *s);
bool parse_zones(const char *word, struct settings *s);
bool parse_mask(const char *word, uint32_t *mask);

#endif /* VSEGCTL_SETTINGS_H */
