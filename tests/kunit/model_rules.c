// SPDX-License-Identifier: GPL-2.0
/*
 * Rules, once more: what the words of the specification say of a list and a
 * frame.
 */
#include <linux/kernel.h>

#include "model_rules.h"

/* The number that the frame has in a field. */
static unsigned int model_number(const struct vseg_fields *fields,
				 unsigned int field)
{
	switch (field) {
	case VSEG_MATCH_FIELD_ETHERTYPE:
		return fields->ethertype;
	case VSEG_MATCH_FIELD_VLAN:
		return fields->vlan;
	case VSEG_MATCH_FIELD_PROTOCOL:
		return fields->protocol;
	case VSEG_MATCH_FIELD_SOURCE_PORT:
		return fields->sport;
	case VSEG_MATCH_FIELD_DESTINATION_PORT:
		return fields->dport;
	case VSEG_MATCH_FIELD_ICMP:
		return fields->icmp;
	case VSEG_MATCH_FIELD_TCP_FLAGS:
		return fields->tcp_flags;
	default:
		return fields->fragment;
	}
}

/* Bit @i of the frame's address, counted from its first. */
static bool model_bit(const struct vseg_address *address, unsigned int version,
		      unsigned int i)
{
	if (version == 4)
		return address->lo >> (31 - i) & 1;
	return (i < 64 ? address->hi >> (63 - i) : address->lo >> (127 - i)) & 1;
}

static bool model_address_fits(const struct model_match *match,
			       const struct vseg_fields *fields)
{
	const struct vseg_address *address =
		match->field == VSEG_MATCH_FIELD_SOURCE ? &fields->src :
							  &fields->dst;
	unsigned int i;

	if (fields->version != match->version)
		return false;
	for (i = 0; i < match->prefix; i++)
		if (model_bit(address, match->version, i) !=
		    (match->address[i / 8] >> (7 - i % 8) & 1))
			return false;
	return true;
}

static bool model_match_fits(const struct model_match *match,
			     const struct vseg_fields *fields)
{
	unsigned int number;

	if (match->field == VSEG_MATCH_FIELD_SOURCE ||
	    match->field == VSEG_MATCH_FIELD_DESTINATION)
		return model_address_fits(match, fields);
	number = model_number(fields, match->field);
	if (match->field == VSEG_MATCH_FIELD_TCP_FLAGS)
		return (number & match->mask) == match->first;
	return number >= match->first && number <= match->last;
}

/* Of each field that a rule looks at one match must fit.  A field that the
 * frame doesn't have fits none; one that can't be told leaves a doubt.
 */
static bool model_rule_fits(const struct model_rule *rule,
			    const struct vseg_fields *fields, bool *doubt)
{
	unsigned int field, i;

	*doubt = false;
	for (field = 0; field <= VSEG_MATCH_FIELD_MAX; field++) {
		bool asked = false, fits = false;

		for (i = 0; i < rule->n; i++) {
			if (rule->match[i].field != field)
				continue;
			asked = true;
			fits |= model_match_fits(&rule->match[i], fields);
		}
		if (!asked)
			continue;
		if (fields->unknown & BIT(field))
			*doubt = true;
		else if (!(fields->known & BIT(field)) || !fits)
			return false;
	}
	return true;
}

/* The first that matches decides; if that can't be told, the frame is dropped;
 * what none of them matches is denied.
 */
u8 model_rules(const struct model_rule *rule, unsigned int n,
	       const struct vseg_fields *fields, unsigned int *index)
{
	unsigned int i;
	bool doubt;

	for (i = 0; i < n; i++) {
		if (!model_rule_fits(&rule[i], fields, &doubt))
			continue;
		*index = doubt ? n : i;
		if (doubt)
			return VSEG_REASON_UNPARSED;
		return rule[i].allow ? VSEG_REASON_NONE :
				       VSEG_REASON_RULE_DENY;
	}
	*index = n;
	return VSEG_REASON_NO_RULE;
}
