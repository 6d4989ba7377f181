/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_CTL_H
#define VSEGCTL_CTL_H

#include "args.h"
#include "model.h"
#include "nl.h"
#include "out.h"
#include "util.h"

/**
 * struct ctl - one run of the command
 * @out: printer
 * @nl: connection, NULL until something is asked
 * @file: batch file, NULL when there is none
 */
struct ctl {
	struct out *out;
	struct vnl *nl;
	const char *file;
};

/**
 * struct verb - what can be done with an object
 * @name: word that stands for it; "" when the object is all there is to say
 * @label: object and verb, for messages
 * @args: words that may follow, for help
 * @help: one line
 * @parse: words to an edit; NULL when the verb isn't one
 * @run: do it; NULL for an edit
 */
struct verb {
	const char *name;
	const char *label;
	const char *args;
	const char *help;
	int (*parse)(struct args *a, struct edit *e);
	int (*run)(struct ctl *c, struct args *a);
};

/* The verbs of OBJECT: what edits, what shows, and an object without verbs. */
#define EDIT(_name, _args, _help, _parse)				\
	{ #_name, OBJECT " " #_name, _args, _help, .parse = _parse }
#define SHOW(_name, _args, _help, _run)					\
	{ #_name, OBJECT " " #_name, _args, _help, .run = _run }
#define WHOLE(_args, _help, _run)					\
	{ "", OBJECT, _args, _help, .run = _run }

/**
 * struct object - what can be looked at or changed
 * @name: word that stands for it
 * @help: one line
 * @notes: more of it, for its own help; may be NULL
 * @verb: what can be done, an entry of NULLs at the end; the first is
 *	done when no verb is given
 */
struct object {
	const char *name;
	const char *help;
	const char *notes;
	const struct verb *verb;
};

extern const struct object status_object, bridge_object, domain_object,
	port_object, selector_object, policy_object, cell_object,
	rule_object, test_object,
	apply_object,
	confirm_object, rollback_object, log_object, stats_object,
	zone_object, state_object, monitor_object, off_object, init_object,
	upgrade_object;

/** objects - all of them, NULL at the end */
extern const struct object *const objects[];

const struct object *object_find(const char *name);
const struct verb *verb_find(const struct object *o, const char *name);
char *object_names(void);
char *verb_names(const struct object *o, bool edits);

int ctl_connect(struct ctl *c);
int ctl_report(const char *where, const char *label, const struct vnl_error *e);
int ctl_call(struct ctl *c, const struct args *a, const struct edit *req,
	     const struct schema *s, void *reply);
int ctl_get(struct ctl *c, const struct args *a, uint8_t cmd,
	    const struct schema *s, void *filter, void *reply);
int ctl_dump(struct ctl *c, const struct args *a, uint8_t cmd,
	     const struct schema *s, struct list *l);
int ctl_dump_of(struct ctl *c, const struct args *a, uint8_t cmd,
		const struct schema *s, void *filter, struct list *l);
void ctl_warnings(uint32_t warnings);

int batch_run(struct ctl *c, const char *path);
int complete_run(struct ctl *c, struct args *a);
int netns_enter(const char *name);

#endif /* VSEGCTL_CTL_H */
