// SPDX-License-Identifier: GPL-2.0
/* Settings of a policy: what they are at first, and their words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "settings.h"
#include "util.h"

/** settings_init() - those that the kernel begins with */
void settings_init(struct settings *s)
{
	memset(s, 0, sizeof(*s));
	s->address_resolution = true;
	s->bridge_control = true;
	s->unmanaged = VSEG_UNMANAGED_PASS;
	s->guard = true;
	s->state_limit = VSEG_STATE_LIMIT_DEFAULT;
	s->state_zone_first = VSEG_ZONE_FIRST_DEFAULT;
	s->state_zone_last = VSEG_ZONE_LAST_DEFAULT;
}

/** settings_differ() - the attributes that two say different things of */
uint64_t settings_differ(const struct settings *a, const struct settings *b)
{
	const struct field *f = settings_schema.field;
	uint64_t differ = 0;
	unsigned int i;

	for (i = VSEG_A_SETTINGS_ADDRESS_RESOLUTION; i < settings_schema.n; i++)
		if (memcmp((const char *)a + f[i].offset,
			   (const char *)b + f[i].offset, f[i].size))
			differ |= BIT64(i);
	/* A range is said as a whole. */
	return differ & SETTINGS_OF_ZONES ? differ | SETTINGS_OF_ZONES : differ;
}

static const char *on_off(bool on)
{
	return on ? "on" : "off";
}

/* Those of state that aren't as they are at first, behind the others. */
static char *state_text(char *text, const struct settings *s)
{
	struct settings first;
	uint64_t differ;
	char *longer;

	settings_init(&first);
	differ = settings_differ(&first, s);
#define ADD(_attr, ...) do {						\
	if (differ & BIT64(_attr)) {					\
		longer = xasprintf(__VA_ARGS__);			\
		free(text);						\
		text = longer;						\
	}								\
} while (0)
	ADD(VSEG_A_SETTINGS_STATE_PICKUP, "%s, state-pickup %s", text,
	    on_off(s->state_pickup));
	ADD(VSEG_A_SETTINGS_STATE_LIMIT, "%s, state-limit %u", text,
	    s->state_limit);
	ADD(VSEG_A_SETTINGS_STATE_ZONE_FIRST, "%s, state-zones %u-%u", text,
	    s->state_zone_first, s->state_zone_last);
	ADD(VSEG_A_SETTINGS_MARK_MASK, "%s, mark-mask 0x%08x", text,
	    s->mark_mask);
#undef ADD
	return text;
}

/** settings_text() - "guard on, …", as policy set takes them; to be freed */
char *settings_text(const struct settings *s)
{
	char *text;

	text = xasprintf("address-resolution %s, bridge-control %s, unmanaged %s, flood-events %s, guard %s",
			 on_off(s->address_resolution),
			 on_off(s->bridge_control),
			 name_of(&unmanaged_names, s->unmanaged) ?: "?",
			 on_off(s->flood_events), on_off(s->guard));
	return state_text(text, s);
}

/** parse_zones() - FIRST-LAST, or one zone for both */
bool parse_zones(const char *word, struct settings *s)
{
	uint32_t first, last;

	if (!parse_range(word, VSEG_ZONE_MAX, &first, &last) || !first)
		return false;
	s->state_zone_first = first;
	s->state_zone_last = last;
	return true;
}

/** parse_mask() - 0x and one to eight digits, whose bits stand side by side */
bool parse_mask(const char *word, uint32_t *mask)
{
	size_t digits;
	uint32_t m;

	if (!strcmp(word, "0")) {
		*mask = 0;
		return true;
	}
	if (strncmp(word, "0x", 2))
		return false;
	digits = strspn(word + 2, "0123456789abcdefABCDEF");
	if (!digits || digits > 8 || word[2 + digits])
		return false;
	m = strtoul(word, NULL, 16);
	/* The lowest bit, added, carries through all of them. */
	if (m & (m + (m & -m)))
		return false;
	*mask = m;
	return true;
}
