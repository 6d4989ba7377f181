/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A rule as it was written: words, of which some stand for several things.  What
 * the kernel has is made of it once all services and prefix lists are known.
 */
#ifndef VSEGCTL_DRAFT_H
#define VSEGCTL_DRAFT_H

#include "rule.h"

/**
 * struct word - a word that was written
 * @at: where
 * @key: enum match_key
 * @text: it
 */
struct word {
	struct place at;
	uint32_t key;
	char *text;
};

/**
 * enum draft_state - what was said of the answers to what a rule lets pass
 * @STATE_BY_RULE: nothing: see rule_is_of_flows()
 * @STATE_NO: they aren't its business
 * @STATE_YES: they may pass
 */
enum draft_state {
	STATE_BY_RULE,
	STATE_NO,
	STATE_YES,
};

/**
 * struct draft - a rule as it was written
 * @at: where
 * @action: enum vseg_action
 * @log: make events of what it lets pass
 * @state: are there flows?
 * @keep: they outlive it
 * @name: its name, or NULL
 * @comment: what it is for, or NULL
 * @word: list of struct word, in their order
 */
struct draft {
	struct place at;
	uint32_t action;
	bool log;
	enum draft_state state;
	bool keep;
	char *name;
	char *comment;
	struct list word;
};

/**
 * struct named - a name for words: a service, or a list of prefixes
 * @at: where it was defined
 * @name: it
 * @word: list of struct word
 */
struct named {
	struct place at;
	char name[VSEG_RULE_NAME_MAX + 1];
	struct list word;
};

/**
 * struct dictionary - what names stand for
 * @service: list of struct named, by name: PROTOCOL PORTS
 * @prefix: likewise: addresses
 */
struct dictionary {
	struct list service;
	struct list prefix;
};

void draft_word(struct draft *d, enum match_key key, const char *text,
		const struct place *at);
void draft_copy(struct draft *to, const struct draft *from);
void draft_clear(struct draft *d);
void words_clear(struct list *l);
int named_order(const void *a, const void *b);
void dictionary_clear(struct dictionary *d);
char *dictionary_check(const struct dictionary *d, const struct place **at);
char *draft_rules(const struct draft *d, const struct dictionary *names,
		  struct list *rules, const struct place **at);

#endif /* VSEGCTL_DRAFT_H */
