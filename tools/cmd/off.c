// SPDX-License-Identifier: GPL-2.0
/* vsegctl off */
#include "cmd.h"

#define OBJECT "off"

static int off(struct ctl *c, struct args *a)
{
	const struct edit req = { .cmd = VSEG_CMD_OFF, .label = a->label };
	struct txn reply = { 0 };
	int code = args_end(a, NULL);

	if (!code)
		code = ctl_call(c, a, &req, &txn_schema, &reply);
	if (code)
		return code;
	out_object(c->out, NULL);
	out_model(c->out, &txn_schema, &reply);
	out_end(c->out);
	return DONE;
}

static const struct verb verbs[] = {
	WHOLE("",
	      "take the policy out of force; bridges pass everything again", off),
	{ 0 }
};

const struct object off_object = {
	.name = OBJECT,
	.help = "take the policy out of force",
	.notes = "The policy of this network namespace is forgotten, and the module can be\n"
		 "removed.  With lockdown=1 nothing is forwarded until another is committed.\n",
	.verb = verbs,
};
