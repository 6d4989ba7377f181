// SPDX-License-Identifier: GPL-2.0
/* vsegctl confirm, rollback and off: what is done to the policy as a whole. */
#include <inttypes.h>

#include "cmd.h"

/* What is said of the generation stands @before and @behind it; or nothing. */
static int call(struct ctl *c, struct args *a, uint8_t cmd, struct txn *ask,
		const char *before, const char *behind)
{
	const struct edit req = {
		.cmd = cmd, .label = a->label,
		.schema = ask ? &txn_schema : NULL, .obj = ask,
	};
	struct txn reply = { 0 };
	int code = args_end(a, NULL);

	if (!code)
		code = ctl_call(c, a, &req, &txn_schema, &reply);
	if (code)
		return code;
	if (before)
		out_line(c->out, "%s%" PRIu64 "%s", before, reply.generation,
			 behind);
	out_object(c->out, NULL);
	out_model(c->out, &txn_schema, &reply);
	out_end(c->out);
	return DONE;
}

#define OBJECT "confirm"

static int confirm(struct ctl *c, struct args *a)
{
	struct txn ask = { 0 };
	uint32_t generation;
	int code;

	if (args_more(a)) {
		code = args_number(a, "GENERATION", 1, UINT32_MAX, &generation);
		if (code)
			return code;
		ask.generation = generation;
		give(&ask, VSEG_A_TXN_GENERATION);
	}
	return call(c, a, VSEG_CMD_CONFIRM, &ask,
		    "generation ", " stays in force");
}

static const struct verb confirm_verbs[] = {
	WHOLE("[GENERATION]", "keep the policy that apply --confirm put in force",
	      confirm),
	{ 0 }
};

const struct object confirm_object = {
	.name = OBJECT,
	.help = "keep the policy that waits for it",
	.notes = "With GENERATION only if that one is in force.  Without a confirmation in time\n"
		 "the kernel goes back to the policy before.\n",
	.verb = confirm_verbs,
};

#undef OBJECT
#define OBJECT "rollback"

static int rollback(struct ctl *c, struct args *a)
{
	return call(c, a, VSEG_CMD_ROLLBACK, NULL,
		    "the policy before is in force again, as generation ", "");
}

static const struct verb rollback_verbs[] = {
	WHOLE("", "go back to the policy before the last change", rollback),
	{ 0 }
};

const struct object rollback_object = {
	.name = OBJECT,
	.help = "go back one generation",
	.notes = "Ports keep what they were bound to by hand, unless the policy before lacks the\n"
		 "domain.  Another rollback takes this one back.\n",
	.verb = rollback_verbs,
};

#undef OBJECT
#define OBJECT "off"

static int off(struct ctl *c, struct args *a)
{
	return call(c, a, VSEG_CMD_OFF, NULL, NULL, NULL);
}

static const struct verb off_verbs[] = {
	WHOLE("",
	      "take the policy out of force; bridges pass everything again", off),
	{ 0 }
};

const struct object off_object = {
	.name = OBJECT,
	.help = "take the policy out of force",
	.notes = "The policy of this network namespace is forgotten, and the module can be\n"
		 "removed.  With lockdown=1 nothing is forwarded until another is committed.\n",
	.verb = off_verbs,
};
