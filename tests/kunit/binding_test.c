// SPDX-License-Identifier: GPL-2.0
/*
 * The label that a binding gives to a frame, by the VLANs of its ports.
 */
#include "../../kmod/binding.c"

#include <kunit/test.h>

#include "model.h"
#include "random.h"

/* Where bitmaps and maps have their edges. */
static const u16 edges[] = { 1, 2, 31, 32, 63, 64, 65, 100, 2047, 2048, 4093,
			     4094 };

#define LABELS		4

/**
 * struct trunk - a trunk port twice: its binding, and the model's
 * @binding: the binding, as far as its labels go
 * @label: labels that it may give; the first is that of unmapped VLANs
 * @vlan: of @binding
 * @model: the model's; a label's domain is its number here
 * @in: VLANs of the port of ingress
 * @out: VLANs of the port of egress
 * @member: the model's of @in
 * @untagged: the model's of @out
 */
struct trunk {
	struct vseg_binding binding;
	struct vseg_label label[LABELS];
	struct vseg_label *vlan[VSEG_VIDS];
	struct model_trunk model;
	struct vseg_vids in;
	struct vseg_vids out;
	bool member[MODEL_VLANS];
	bool untagged[MODEL_VLANS];
};

static struct trunk *trunk_of(struct kunit *test)
{
	struct trunk *trunk = kunit_kzalloc(test, sizeof(*trunk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, trunk);
	trunk->binding.vlan = trunk->vlan;
	trunk->binding.label = &trunk->label[0];
	return trunk;
}

static int trunk_number(const struct trunk *trunk,
			const struct vseg_label *label)
{
	return label ? label - trunk->label : MODEL_UNTOLD;
}

static void trunk_map(struct trunk *trunk, unsigned int first,
		      unsigned int last, int number)
{
	trunk->model.range[trunk->model.nranges++] = (struct model_range) {
		.first = first,
		.last = last,
		.domain = number,
	};
	for (; first <= last; first++)
		trunk->vlan[first] = &trunk->label[number];
}

/* No VLAN, one, each of them, and any two. */
static void binding_untagged(struct kunit *test)
{
	struct vseg_vids *vids = kunit_kzalloc(test, sizeof(*vids), GFP_KERNEL);
	unsigned int i, j;

	KUNIT_ASSERT_NOT_NULL(test, vids);
	KUNIT_EXPECT_EQ(test, vseg_vids_untagged(vids), VSEG_VID_NONE);
	bitmap_fill(vids->member, VSEG_VIDS);
	KUNIT_EXPECT_EQ(test, vseg_vids_untagged(vids), VSEG_VID_NONE);

	for (i = 0; i < VSEG_VIDS; i++) {
		__set_bit(i, vids->untagged);
		KUNIT_EXPECT_EQ(test, vseg_vids_untagged(vids), i);
		__clear_bit(i, vids->untagged);
	}
	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		for (j = 0; j < i; j++) {
			__set_bit(edges[i], vids->untagged);
			__set_bit(edges[j], vids->untagged);
			KUNIT_EXPECT_EQ(test, vseg_vids_untagged(vids),
					VSEG_VID_SEVERAL);
			bitmap_zero(vids->untagged, VSEG_VIDS);
		}
	}
	bitmap_fill(vids->untagged, VSEG_VIDS);
	KUNIT_EXPECT_EQ(test, vseg_vids_untagged(vids), VSEG_VID_SEVERAL);
}

/* A VLAN that the map doesn't have carries the label of the rest. */
static void binding_label(struct kunit *test)
{
	struct trunk *trunk = trunk_of(test);
	unsigned int vid;

	trunk_map(trunk, 0, 0, 1);
	trunk_map(trunk, 10, 19, 2);
	trunk_map(trunk, 4095, 4095, 3);
	for (vid = 0; vid < VSEG_VIDS; vid++) {
		struct vseg_label *label = vseg_binding_label(&trunk->binding,
							      vid);

		KUNIT_EXPECT_EQ_MSG(test, trunk_number(trunk, label),
				    model_vlan(&trunk->model, vid), "VLAN %u",
				    vid);
	}
}

static const struct several_row {
	const char *name;
	u16 in[4];
	u16 out[4];
	int want;
} several[] = {
	/* VLANs 10 to 19 carry label 1, 20 to 29 label 2, 30 the rest */
	{ "one of theirs", { 10 }, { 10, 20 }, 1 },
	{ "another of theirs", { 20 }, { 10, 20 }, 2 },
	{ "two of the same", { 10, 11 }, { 10, 11 }, 1 },
	{ "two of the same and one that isn't let in", { 10, 11 },
	  { 10, 11, 20 }, 1 },
	{ "two that differ", { 10, 20 }, { 10, 20 }, MODEL_UNTOLD },
	{ "two that differ at the end", { 10, 11, 20 }, { 10, 11, 20 },
	  MODEL_UNTOLD },
	{ "one mapped and one not", { 10, 30 }, { 10, 30 }, MODEL_UNTOLD },
	{ "two that aren't mapped", { 30, 31 }, { 30, 31 }, 0 },
	{ "none in common", { 10, 20 }, { 11, 21 }, MODEL_UNTOLD },
	{ "none let in", {}, { 10, 11 }, MODEL_UNTOLD },
};

static void several_desc(const struct several_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(several, several, several_desc);

static void trunk_join(struct trunk *trunk, u16 vid, bool in, bool out)
{
	if (in) {
		__set_bit(vid, trunk->in.member);
		trunk->member[vid] = true;
	}
	if (out) {
		__set_bit(vid, trunk->out.untagged);
		trunk->untagged[vid] = true;
	}
}

static void binding_several(struct kunit *test)
{
	const struct several_row *row = test->param_value;
	struct trunk *trunk = trunk_of(test);
	struct vseg_label *label;
	unsigned int i;

	trunk_map(trunk, 10, 19, 1);
	trunk_map(trunk, 20, 29, 2);
	for (i = 0; i < ARRAY_SIZE(row->in); i++) {
		trunk_join(trunk, row->in[i], row->in[i], false);
		trunk_join(trunk, row->out[i], false, row->out[i]);
	}
	label = vseg_binding_label_several(&trunk->binding, &trunk->in,
					   &trunk->out);
	KUNIT_EXPECT_EQ(test, trunk_number(trunk, label), row->want);
	KUNIT_EXPECT_EQ(test, model_untagged(&trunk->model, trunk->member,
					     trunk->untagged), row->want);
}

/* Any maps, any VLANs of two ports. */
static void binding_random(struct kunit *test)
{
	struct trunk *trunk = trunk_of(test);
	struct rnd_state rnd;
	unsigned int i, n, vid;

	for (i = 0; i < test_cases; i++) {
		struct vseg_label *label;

		random_case(&rnd, __func__, i);
		memset(trunk, 0, sizeof(*trunk));
		trunk->binding.vlan = trunk->vlan;
		trunk->binding.label = &trunk->label[0];
		vid = 0;
		for (n = below(&rnd, ARRAY_SIZE(trunk->model.range)); n; n--) {
			unsigned int first = vid + below(&rnd, 600);
			unsigned int last = first + below(&rnd, 600);

			if (last >= VSEG_VIDS)
				break;
			trunk_map(trunk, first, last, below(&rnd, LABELS));
			vid = last + 1;
		}
		for (n = below(&rnd, 8); n; n--) {
			vid = rarely(&rnd, 2) ? below(&rnd, VSEG_VIDS) :
			      edges[below(&rnd, ARRAY_SIZE(edges))];
			trunk_join(trunk, vid, !rarely(&rnd, 3),
				   !rarely(&rnd, 3));
		}
		label = vseg_binding_label_several(&trunk->binding, &trunk->in,
						   &trunk->out);
		KUNIT_ASSERT_EQ_MSG(test, trunk_number(trunk, label),
				    model_untagged(&trunk->model, trunk->member,
						   trunk->untagged),
				    "%s", case_name(i));
	}
}

static struct kunit_case binding_cases[] = {
	KUNIT_CASE(binding_untagged),
	KUNIT_CASE(binding_label),
	KUNIT_CASE_PARAM(binding_several, several_gen_params),
	KUNIT_CASE(binding_random),
	{}
};

static struct kunit_suite binding_suite = {
	.name = "vseg_binding",
	.test_cases = binding_cases,
};

kunit_test_suite(binding_suite);
