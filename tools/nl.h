/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink.  nl.c has the sockets, nl-msg.c turns models into attributes and
 * back, nl-error.c reads refusals; nobody else includes libnl.
 */
#ifndef VSEGCTL_NL_H
#define VSEGCTL_NL_H

#include "model.h"
#include "util.h"

struct vnl;
struct nlmsghdr;
struct nlattr;
struct nl_msg;

/**
 * struct vnl_error - what the kernel, or nl.c itself, said
 * @err: errno, 0 for a warning
 * @text: the kernel's words, or those of @err
 * @attr: the attribute that they are about, "" when none
 * @missing: @attr should have been there
 */
struct vnl_error {
	int err;
	char text[256];
	char attr[64];
	bool missing;
};

/**
 * typedef vnl_warn_fn - told of a request that succeeded with a warning
 * @label: what the user called the request
 * @line: its line in the batch file, or 0
 * @w: the kernel's words
 * @data: the caller's
 */
typedef void vnl_warn_fn(const char *label, unsigned int line,
			 const struct vnl_error *w, void *data);

/**
 * typedef vnl_event_fn - told of an event
 * @s: &drop_schema or &config_schema
 * @obj: what came
 * @data: the caller's
 */
typedef void vnl_event_fn(const struct schema *s, const void *obj, void *data);

/* sockets: nl.c */
struct vnl *vnl_open(int *code);
void vnl_close(struct vnl *nl);
void vnl_on_warning(struct vnl *nl, vnl_warn_fn *fn, void *data);
int vnl_call(struct vnl *nl, const struct edit *req, const struct schema *s,
	     void *reply, struct vnl_error *e);
int vnl_dump(struct vnl *nl, uint8_t cmd, const struct schema *s, void *filter,
	     struct list *l, struct vnl_error *e);
int vnl_edits(struct vnl *nl, struct edit *edit, size_t n, uint64_t cookie,
	      size_t *failed, struct vnl_error *e);
int vnl_join(struct vnl *nl, const char *group);
int vnl_event_fd(struct vnl *nl);
uint32_t vnl_lost(struct vnl *nl);
int vnl_events(struct vnl *nl, vnl_event_fn *fn, void *data);

/* messages: nl-msg.c */
int vnl_decode(const struct schema *s, void *obj, const struct nlattr *attrs,
	       int len);
int vnl_encode(struct nl_msg *msg, const struct schema *s, const void *obj);
size_t vnl_encoded_max(const struct schema *s, const void *obj);
int vnl_decode_event(const void *payload, int len, vnl_event_fn *fn, void *data);

/* refusals: nl-error.c */
void vnl_error_set(struct vnl_error *e, int err, const char *text);
void vnl_error_decode(const struct nlmsghdr *h, const struct nlmsghdr *request,
		      const struct schema *s, struct vnl_error *e);

#endif /* VSEGCTL_NL_H */
