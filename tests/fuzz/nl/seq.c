// SPDX-License-Identifier: GPL-2.0
/* Sequences: as lists, and as text. */
#include <stdlib.h>
#include <string.h>

#include "seq.h"
#include "spec.h"

#define END_MARK	"# end\n"

static const char *const kind_names[] = {
	[STEP_SEND] = "send", [STEP_READ] = "read", [STEP_CLOSE] = "close",
	[STEP_ALLOW] = "allow", [STEP_MOVE] = "move", [STEP_PORT] = "port",
	[STEP_BRIDGE] = "bridge", [STEP_VLAN] = "vlan",
	[STEP_FRAME] = "frame",
};

/** tag_cookie() - stands for the cookie of a socket's transaction, @age ago */
uint64_t tag_cookie(unsigned int sock, unsigned int age)
{
	return TAG_COOKIE | sock << 8 | age;
}

/** seq_add() - append a step; when there is no room, the last one gives way */
struct step *seq_add(struct seq *s, enum step_kind kind, unsigned int sock)
{
	struct step *step;

	if (s->n == SEQ_STEPS)
		free(s->step[--s->n].data);
	step = &s->step[s->n++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->sock = sock;
	return step;
}

/** step_data() - give a step its messages */
void step_data(struct step *step, const void *data, size_t len)
{
	uint8_t *copy;

	if (len > STEP_BYTES)
		len = STEP_BYTES;
	copy = xalloc(len);
	if (len)
		memcpy(copy, data, len);
	free(step->data);
	step->data = copy;
	step->len = len;
}

/** seq_remove() - take steps out */
void seq_remove(struct seq *s, unsigned int from, unsigned int n)
{
	unsigned int i;

	for (i = from; i < from + n; i++)
		free(s->step[i].data);
	memmove(s->step + from, s->step + from + n,
		(s->n - from - n) * sizeof(*s->step));
	s->n -= n;
}

/** seq_insert() - put a copy of a step in, if there is room */
void seq_insert(struct seq *s, unsigned int at, const struct step *step)
{
	struct step copy = *step;

	if (s->n == SEQ_STEPS)
		return;
	copy.data = NULL;
	if (step->data)
		step_data(&copy, step->data, step->len);
	memmove(s->step + at + 1, s->step + at,
		(s->n - at) * sizeof(*s->step));
	s->step[at] = copy;
	s->n++;
}

/** seq_clear() - free what a sequence owns */
void seq_clear(struct seq *s)
{
	seq_remove(s, 0, s->n);
}

/** seq_copy() - copy a sequence over one that owns nothing */
void seq_copy(struct seq *to, const struct seq *from)
{
	unsigned int i;

	to->n = 0;
	for (i = 0; i < from->n; i++)
		seq_insert(to, i, &from->step[i]);
}

/* For people: which operation is it? */
static const char *name_of(const struct step *step)
{
	const struct op *op = NULL;

	if (step->len >= (size_t)MSG_HDRLEN)
		op = op_of(step->data[NLMSG_HDRLEN]);
	return op ? op->name : "no operation";
}

static void print_hex(FILE *f, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (; n; n--, p++) {
		putc_unlocked(digits[*p >> 4], f);
		putc_unlocked(digits[*p & 15], f);
	}
}

/**
 * seq_print() - write a sequence down, a step a line
 * @s: sequence
 * @text: where to
 * @room: bytes there
 *
 * Return: bytes of text.
 */
size_t seq_print(const struct seq *s, char *text, size_t room)
{
	FILE *f = fmemopen(text, room, "w");
	unsigned int i;
	long len;

	if (!f)
		abort();
	for (i = 0; i < s->n; i++) {
		const struct step *step = &s->step[i];

		fprintf(f, "%s %u %u %u ", kind_names[step->kind], step->sock,
			step->a, step->b);
		print_hex(f, step->data, step->len);
		if (step->kind == STEP_SEND)
			fprintf(f, " # %s", name_of(step));
		fputc('\n', f);
	}
	fputs(END_MARK, f);
	len = ftell(f);
	fclose(f);
	return len < 0 ? 0 : len;
}

static size_t read_hex(const char *text, uint8_t *data)
{
	unsigned int byte;
	size_t n = 0;

	while (n < STEP_BYTES && sscanf(text + 2 * n, "%2x", &byte) == 1)
		data[n++] = byte;
	return n;
}

static bool read_line(struct seq *s, const char *line)
{
	static uint8_t data[STEP_BYTES];
	static char hex[2 * STEP_BYTES + 1];
	unsigned int sock, a, b, kind;
	struct step *step;
	char name[16];

	*hex = '\0';
	if (sscanf(line, "%15s %u %u %u %16384[0-9a-f]", name, &sock, &a, &b,
		   hex) < 4 || sock >= SOCKS || s->n == SEQ_STEPS)
		return false;
	for (kind = 0; kind < STEP_KINDS; kind++)
		if (!strcmp(name, kind_names[kind]))
			break;
	if (kind == STEP_KINDS)
		return false;
	step = seq_add(s, kind, sock);
	step->a = a;
	step->b = b;
	step_data(step, data, read_hex(hex, data));
	return true;
}

/**
 * seq_read() - read a sequence
 * @s: empty sequence
 * @f: file of seq_print(); "#" begins a comment
 *
 * Return: whether it is one.
 */
bool seq_read(struct seq *s, FILE *f)
{
	char *line = NULL;
	bool good = true;
	size_t room = 0;

	while (good && getline(&line, &room, f) >= 0 && strcmp(line, END_MARK))
		if (*line != '#' && *line != '\n' && *line)
			good = read_line(s, line);
	free(line);
	return good;
}
