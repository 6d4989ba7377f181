// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz the netlink family, as its specification has it.  Runs as root in a
 * namespace of its own; tests/fuzz/netlink starts it.
 *
 * usage: netlink-fuzz [--seconds N] [--seed N] [--out DIR] [--replay FILE]
 */
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

#include "ask.h"
#include "caller.h"
#include "corpus.h"
#include "exec.h"
#include "gen.h"
#include "kcov.h"
#include "lab.h"
#include "log.h"
#include "memory.h"

#define TEXT_ROOM	(SEQ_STEPS * (2 * STEP_BYTES + 64))
#define PROGRESS	10		/* seconds */
#define GROWTH		(128 * 1024)	/* what the rest of a kernel may take */

/**
 * struct run - a run of the fuzzer
 * @seconds: how long
 * @seed: of its random numbers
 * @out: directory for what is found
 * @replay: file of a sequence to run, instead
 * @kcov: the kernel tells what ran
 * @start: when it began
 * @sequences: tried so far
 * @marked: the memory in use was noted, once it was warm
 * @tests: told so far
 * @failures: of them
 */
struct run {
	unsigned int seconds;
	uint64_t seed;
	const char *out;
	const char *replay;
	bool kcov;
	struct timespec start;
	unsigned long sequences;
	bool marked;
	unsigned int tests;
	unsigned int failures;
};

static struct run run = { .seconds = 30, .out = "." };

static char text[TEXT_ROOM];

static double elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - run.start.tv_sec +
	       (now.tv_nsec - run.start.tv_nsec) / 1e9;
}

static void verdict(bool good, const char *name, const char *detail)
{
	run.failures += !good;
	printf("%sok %u %s # %s\n", good ? "" : "not ", ++run.tests, name,
	       detail);
}

static char *path_of(const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", run.out, name) < 0)
		die("no memory");
	return path;
}

static void keep(const char *name, const struct seq *s)
{
	char *path = path_of(name);
	FILE *f = fopen(path, "we");

	if (!f)
		die("%s", path);
	seq_print(s, text, sizeof(text));
	fprintf(f, "# seed %llu\n# %s\n%s", (unsigned long long)run.seed,
		broken_why(), text);
	fclose(f);
	free(path);
}

/* What runs now, for the case that the kernel dies of it. */
static void note_current(const struct seq *s)
{
	static int fd = -1;
	char *path;
	size_t n;

	if (fd < 0) {
		path = path_of("current");
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_DSYNC |
			  O_CLOEXEC, 0644);
		if (fd < 0)
			die("%s", path);
		free(path);
	}
	n = seq_print(s, text, sizeof(text));
	if (pwrite(fd, text, n, 0) != (ssize_t)n)
		die("writing down what runs");
}

/* --- one run --- */

static void tell_found(struct seq *s)
{
	char *why = strdup(broken_why());

	keep("found", s);
	printf("# broken: %s\n", why);
	if (try_sequence(s)) {
		minimise(s);
		keep("found", s);
		printf("# shortest, also in %s/found: %s\n", run.out,
		       broken_why());
	} else {
		printf("# not when it is run alone; it is in %s/found\n",
		       run.out);
	}
	seq_print(s, text, sizeof(text));
	printf("# %u steps:\n%s", s->n, text);
	free(why);
}

static void progress(void)
{
	static unsigned int next = PROGRESS;
	double now = elapsed();

	if (now < next)
		return;
	next = now + PROGRESS;
	printf("# %3.0f s: %lu sequences, %lu requests, %.0f/s, %u places, corpus %u\n",
	       now, run.sequences, requests, requests / now, kcov_pcs(),
	       corpus_size());
}

/* Returns false when something is broken. */
static bool try_one(struct seq *s)
{
	corpus_next(s);
	note_current(s);
	kcov_begin();
	exec_run(s, one_in(32));
	if (kcov_end())
		corpus_add(s);
	if (!broken_why())
		exec_reset();
	log_look();
	run.sequences++;
	return !broken_why();
}

static bool fuzz(void)
{
	static struct seq s;
	double warm = run.seconds / 5.0;

	while (elapsed() < run.seconds) {
		if (!try_one(&s)) {
			tell_found(&s);
			return false;
		}
		seq_clear(&s);
		progress();
		if (!run.marked && elapsed() > warm) {
			memory_mark();
			run.marked = true;
		}
	}
	return true;
}

/* --- what came of it --- */

static void tell_operations(void)
{
	unsigned int i;

	for (i = 0; i < nops; i++)
		if (ops[i].name)
			printf("# %-14s %8lu tried %8lu done %8lu refused %8lu denied\n",
			       ops[i].name, counts[i].tried, counts[i].done,
			       counts[i].refused, counts[i].denied);
}

/* Each operation must have come to each end that it can come to. */
static void judge_minimums(void)
{
	unsigned int i;

	for (i = 0; i < nops; i++) {
		const struct count *c = &counts[i];
		const char *never = NULL;

		if (!ops[i].name)
			continue;
		if (!c->done)
			never = "never succeeded";
		else if (!c->refused && !ops[i].has_event && ops[i].request)
			never = "was never refused";
		else if (!c->denied && ops[i].admin)
			never = "was never denied to one who may not";
		if (never) {
			printf("# %s %s\n", ops[i].name, never);
			verdict(false, "every operation", never);
			return;
		}
	}
	verdict(true, "every operation", "done, refused and denied");
}

static void judge(bool good)
{
	double now = elapsed();
	char detail[128];
	long grown;

	snprintf(detail, sizeof(detail),
		 "%.0f s, %lu sequences, %lu requests, %.0f/s", now,
		 run.sequences, requests, requests / now);
	verdict(good, "answers and state", detail);
	tell_operations();
	judge_minimums();
	snprintf(detail, sizeof(detail), "%u places, corpus %u", kcov_pcs(),
		 corpus_size());
	verdict(!run.kcov || kcov_pcs(), "coverage",
		run.kcov ? detail : "SKIP this kernel has no KCOV");
	grown = run.marked ? memory_grown() : 0;
	snprintf(detail, sizeof(detail), "%+ld bytes since it was warm", grown);
	verdict(run.marked && grown < GROWTH, "memory", detail);
}

static int replay(void)
{
	static struct seq s;
	FILE *f = fopen(run.replay, "re");

	if (!f || !seq_read(&s, f))
		die("%s: no sequence", run.replay);
	fclose(f);
	printf("1..2\n");
	if (!try_sequence(&s)) {
		verdict(true, "replay", "nothing is broken");
		return 0;
	}
	tell_found(&s);
	verdict(false, "replay", "broken");
	return 1;
}

/* --- start --- */

static void prepare(void)
{
	if (unshare(CLONE_NEWNET))
		die("a network namespace");
	/* Bridges that talk by themselves would only make events. */
	write_to("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	caller_init();
	exec_init();
	lab_up(WORLD_HOST, caller_rtnl(WORLD_HOST));
	lab_listen(WORLD_HOST);
	lab_up(WORLD_USER, caller_rtnl(WORLD_USER));
	ask_init();
	event_init();
	log_init();
	exec_recover();
	rnd_seed(run.seed);
	run.kcov = kcov_init();
	clock_gettime(CLOCK_MONOTONIC, &run.start);
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "out", required_argument, NULL, 'o' },
		{ "replay", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	run.seed = time(NULL);
	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		if (c == 's')
			run.seconds = atoi(optarg);
		else if (c == 'r')
			run.seed = strtoull(optarg, NULL, 0);
		else if (c == 'o')
			run.out = optarg;
		else if (c == 'f')
			run.replay = optarg;
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	bool good;

	setvbuf(stdout, NULL, _IOLBF, 0);
	parse(argc, argv);
	printf("KTAP version 1\n");
	prepare();
	if (run.replay)
		return replay();
	printf("1..5\n# seed %llu\n", (unsigned long long)run.seed);
	good = fuzz();
	judge(good);
	return run.failures > 0;
}
