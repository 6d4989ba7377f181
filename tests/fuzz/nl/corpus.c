// SPDX-License-Identifier: GPL-2.0
/* Sequences that reached something new, and making one smaller. */
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "exec.h"
#include "gen.h"
#include "log.h"

#define CORPUS_MAX	8192

static struct seq *corpus[CORPUS_MAX];
static unsigned int n;

/** corpus_add() - keep a copy of a sequence; when full, of a random other's place */
void corpus_add(const struct seq *s)
{
	unsigned int i = n < CORPUS_MAX ? n++ : rnd(CORPUS_MAX);

	if (corpus[i]) {
		seq_clear(corpus[i]);
		free(corpus[i]);
	}
	corpus[i] = xalloc(sizeof(*s));
	seq_copy(corpus[i], s);
}

/** corpus_size() - how many there are */
unsigned int corpus_size(void)
{
	return n;
}

/* The newest found more than others did, and may lead to more. */
static const struct seq *choose(void)
{
	unsigned int newest = n < 32 ? n : 32;

	return corpus[one_in(3) ? n - 1 - rnd(newest) : rnd(n)];
}

/** corpus_next() - make something to try of an empty sequence */
void corpus_next(struct seq *s)
{
	if (!n || one_in(3)) {
		gen_sequence(s);
		return;
	}
	seq_copy(s, choose());
	mutate_sequence(s, choose());
}

/**
 * try_sequence() - does a sequence show what is broken?
 * @s: sequence
 *
 * Return: whether something was broken(); the state is clean afterwards.
 */
bool try_sequence(const struct seq *s)
{
	broken_forget();
	exec_recover();
	exec_run(s, true);
	log_look();
	return broken_why();
}

/**
 * minimise() - take out of a sequence what isn't needed
 * @s: sequence that try_sequence() was true of, and will be
 *
 * First halves, then quarters, down to single steps.
 */
void minimise(struct seq *s)
{
	unsigned int size, at;
	static struct seq less;

	for (size = s->n / 2; size; size /= 2) {
		for (at = 0; at + size <= s->n;) {
			seq_copy(&less, s);
			seq_remove(&less, at, size);
			if (try_sequence(&less))
				seq_remove(s, at, size);
			else
				at += size;
			seq_clear(&less);
		}
	}
	try_sequence(s);
}
