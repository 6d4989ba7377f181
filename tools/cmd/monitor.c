// SPDX-License-Identifier: GPL-2.0
/* vsegctl monitor */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "../event.h"

#define OBJECT "monitor"

/**
 * struct watch - a run of monitor
 * @c: this run of the command
 * @drops: group asked for
 * @config: group asked for
 * @count: events to print, 0 for no limit
 * @printed: events printed
 * @timeout: seconds, 0 for no limit
 * @end: when the time is over
 * @events: connection that the events come by
 * @overrun: reads since events were lost, 0 when none were
 * @lost: lost by this socket, when it was told last
 * @events_lost: of the status, then
 */
struct watch {
	struct ctl *c;
	bool drops;
	bool config;
	uint32_t count;
	uint32_t printed;
	uint32_t timeout;
	struct timespec end;
	struct vnl *events;
	uint32_t overrun;
	uint32_t lost;
	uint64_t events_lost;
};

/* What came before a gap is printed first, unless it never ends. */
#define TELL_AFTER	65536

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static int parse(struct args *a, struct watch *w)
{
	int code = DONE;

	while (!code && args_more(a)) {
		if (args_take(a, "drops"))
			w->drops = true;
		else if (args_take(a, "config"))
			w->config = true;
		else if (args_take(a, "count"))
			code = args_number(a, "count", 1, UINT32_MAX,
					   &w->count);
		else if (args_take(a, "timeout"))
			code = args_number(a, "timeout", 1, 86400 * 365,
					   &w->timeout);
		else
			return args_end(a, "drops, config, count or timeout");
	}
	if (!w->drops && !w->config) {
		w->drops = true;
		w->config = true;
	}
	return code;
}

static int join(struct watch *w, const struct args *a, const char *group)
{
	int err = vnl_join(w->events, group);

	return err ? fail(REFUSED, "%s: group %s: %s", a->label, group,
			  strerror(-err)) : DONE;
}

static int subscribe(struct watch *w, const struct args *a)
{
	int code = DONE;

	w->events = vnl_open(&code);
	if (!code && w->drops)
		code = join(w, a, VSEG_MCGRP_DROPS);
	if (!code && w->config)
		code = join(w, a, VSEG_MCGRP_CONFIG);
	return code;
}

/* Read how many drop events the kernel couldn't deliver to somebody. */
static int read_status(struct watch *w, const struct args *a, uint64_t *grown)
{
	struct status s = { 0 };
	int code = ctl_get(w->c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
			   &s);

	*grown = s.events_lost - w->events_lost;
	w->events_lost = s.events_lost;
	model_clear(&status_schema, &s);
	return code;
}

/* There is a gap here in what is printed. */
static int print_lost(struct watch *w, const struct args *a)
{
	uint32_t total = vnl_lost(w->events), lost = total - w->lost;
	struct out *o = w->c->out;
	uint64_t grown;
	int code = read_status(w, a, &grown);

	if (code)
		return code;
	w->overrun = 0;
	w->lost = total;
	out_line(o, "-- events were lost (socket overrun): %u here, %" PRIu64
		 " drop events by the kernel's count", lost, grown);
	out_object(o, NULL);
	out_str(o, "type", "lost");
	out_u64(o, "lost", lost);
	out_u64(o, "events_lost", grown);
	out_end(o);
	return DONE;
}

static bool over(const struct watch *w)
{
	return stopped || (w->count && w->printed >= w->count);
}

static void print_event(const struct schema *s, const void *obj, void *data)
{
	struct watch *w = data;

	if (over(w))
		return;
	event_print(w->c->out, s, obj);
	w->printed++;
}

/* Wait for an event, the end of the time or a signal.  Return poll()'s. */
static int wait_event(const struct watch *w, const sigset_t *mask)
{
	struct pollfd p = { .fd = vnl_event_fd(w->events), .events = POLLIN };
	struct timespec now, left = { 0 }, *limit = NULL;

	if (w->overrun) {
		limit = &left;		/* is anything left? */
	} else if (w->timeout) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = w->end.tv_sec - now.tv_sec;
		left.tv_nsec = w->end.tv_nsec - now.tv_nsec;
		if (left.tv_nsec < 0) {
			left.tv_nsec += 1000000000;
			left.tv_sec--;
		}
		if (left.tv_sec < 0)
			return 0;
		limit = &left;
	}
	return ppoll(&p, 1, limit, mask);
}

static int read_events(struct watch *w, const struct args *a)
{
	int err = vnl_events(w->events, print_event, w);

	if (w->overrun || err == -ENOBUFS)
		w->overrun++;
	switch (-err) {
	case 0:
	case EAGAIN:
	case ENOBUFS:
		return DONE;
	case EBADMSG:
		warning("%s: an event made no sense", a->label);
		return DONE;
	}
	return fail(REFUSED, "%s: %s", a->label, strerror(-err));
}

static int loop(struct watch *w, const struct args *a, const sigset_t *mask)
{
	int code = DONE, n;

	while (!code && !over(w)) {
		n = wait_event(w, mask);
		if (n > 0)
			code = read_events(w, a);
		else if (n < 0 && errno != EINTR)
			code = fail(REFUSED, "%s: %s", a->label,
				    strerror(errno));
		else if (!n && !w->overrun)
			break;
		if (!code && w->overrun && (!n || w->overrun > TELL_AFTER))
			code = print_lost(w, a);
	}
	if (!code && w->overrun)
		code = print_lost(w, a);
	return code;
}

/* Signals come only while ppoll() waits, with the mask that this gives. */
static void catch_signals(sigset_t *mask)
{
	struct sigaction sa = { .sa_handler = stop };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigprocmask(SIG_BLOCK, &block, mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigdelset(mask, SIGINT);
	sigdelset(mask, SIGTERM);
}

static int monitor(struct ctl *c, struct args *a)
{
	struct watch w = { .c = c };
	uint64_t grown;
	sigset_t mask;
	int code = parse(a, &w);

	if (code)
		return code;
	catch_signals(&mask);
	setvbuf(stdout, NULL, _IOLBF, 0);
	code = subscribe(&w, a);
	if (!code)
		code = read_status(&w, a, &grown);
	if (!code) {
		fprintf(stderr, "monitoring %s%s%s, Ctrl-C ends\n",
			w.drops ? "drops" : "", w.drops && w.config ?
			" and " : "", w.config ? "config" : "");
		clock_gettime(CLOCK_MONOTONIC, &w.end);
		w.end.tv_sec += w.timeout;
		code = loop(&w, a, &mask);
	}
	vnl_close(w.events);
	return code;
}

static const struct verb verbs[] = {
	WHOLE("[drops] [config] [count N] [timeout SEC]",
	      "print events as they come, of both kinds by default", monitor),
	{ 0 }
};

const struct object monitor_object = {
	.name = OBJECT,
	.help = "print drops and changes as they happen",
	.notes = "Ends after N events, after SEC seconds or at Ctrl-C, with status 0.  The kernel\n"
		 "limits the events of each pair; (+N limited) counts those it left out.\n",
	.verb = verbs,
};
