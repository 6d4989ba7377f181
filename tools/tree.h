/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A YAML file as a tree with positions: what a policy file may be made of.
 * tree.c is the only user of libyaml.
 */
#ifndef VSEGCTL_TREE_H
#define VSEGCTL_TREE_H

#include <stdbool.h>
#include <stdio.h>

#include "util.h"

/**
 * struct place - where something stands
 * @file: name of the file; lives as long as the policy that was read of it
 * @line: from 1 on
 * @column: from 1 on
 */
struct place {
	const char *file;
	unsigned int line;
	unsigned int column;
};

enum node_kind {
	NODE_TEXT,
	NODE_LIST,
	NODE_MAP,
};

/**
 * struct node - a node
 * @kind: what it is
 * @plain: a text without quotes, which may be a number or a switch
 * @at: where it begins
 * @text: a text; of a map's or list's nothing
 * @len: bytes of @text
 * @first: first member of a list, first key of a map
 * @next: next member, or next key
 * @value: of a key
 */
struct node {
	enum node_kind kind;
	bool plain;
	struct place at;
	char *text;
	size_t len;
	struct node *first;
	struct node *next;
	struct node *value;
};

int tree_read(const char *name, FILE *f, struct node **tree);
void tree_free(struct node *y);
int place_fail(const struct place *at, const char *fmt, ...) PRINTF(2, 3);
const char *node_kind_text(const struct node *y);

#endif /* VSEGCTL_TREE_H */
