// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG: counts the cache lines of 64 bytes that a frame
 * touches.  The sender brackets each frame by marks, instructions that do nothing
 * but carry a number, and ends each run of frames by another; then a line
 *
 *	FRAMES LINES WRITTEN CODE SHARED
 *
 * goes to the file that the argument out= names: the least, over the frames, of
 * data lines read or written, of those written, and of lines of instructions;
 * and how many lines every frame of this run wrote and every frame of the run
 * before touched, or the other way round.  Where the two ran on different CPUs,
 * those are the lines that the CPUs take from each other.
 *
 *	gcc -shared -fPIC -o lines.so lines.c
 *	qemu-system-x86_64 ... -plugin file=lines.so,out=FILE
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu.h"

EXPORT int qemu_plugin_version = PLUGIN_API;

#define LINE_SHIFT	6
#define SET_SIZE	16384u		/* a power of two, more than a frame touches */

/* Lines of one kind that the frame has touched: an open hash table. */
struct set {
	uint64_t line[SET_SIZE];
	unsigned int count;
};

static struct set touched, written, code;
static unsigned int least_touched, least_written, least_code, frames;

/* Lines that all frames of a run had: of this one, and of the one before. */
static struct set always_touched[2], always_written[2];
static unsigned int now;

/* Frames go one by one, so one CPU counts at a time. */
#define NO_CPU		(~0u)
static volatile unsigned int counting = NO_CPU;
static FILE *out;

static unsigned int set_place(const struct set *set, uint64_t line)
{
	unsigned int at = (line * 0x9e3779b97f4a7c15ull) >> 50;

	while (set->line[at] && set->line[at] != line)
		at = (at + 1) % SET_SIZE;
	return at;
}

/* Lines are kept plus one: 0 is an empty place. */
static void set_add(struct set *set, uint64_t line)
{
	unsigned int at = set_place(set, line + 1);

	if (set->line[at])
		return;
	if (++set->count == SET_SIZE)
		abort();
	set->line[at] = line + 1;
}

static bool set_has(const struct set *set, uint64_t line)
{
	return set->line[set_place(set, line + 1)];
}

/* Keep what the other has as well. */
static void set_keep(struct set *set, const struct set *other)
{
	static struct set kept;
	unsigned int i;

	memset(&kept, 0, sizeof(kept));
	for (i = 0; i < SET_SIZE; i++)
		if (set->line[i] && set_has(other, set->line[i] - 1))
			set_add(&kept, set->line[i] - 1);
	*set = kept;
}

static unsigned int shared(void)
{
	const struct set *mine = &always_written[now];
	const struct set *theirs = &always_written[!now];
	unsigned int i, count = 0;

	for (i = 0; i < SET_SIZE; i++) {
		if (mine->line[i] &&
		    set_has(&always_touched[!now], mine->line[i] - 1))
			count++;
		if (theirs->line[i] && !set_has(mine, theirs->line[i] - 1) &&
		    set_has(&always_touched[now], theirs->line[i] - 1))
			count++;
	}
	return count;
}

static void on_begin(unsigned int cpu, void *data)
{
	memset(&touched, 0, sizeof(touched));
	memset(&written, 0, sizeof(written));
	memset(&code, 0, sizeof(code));
	counting = cpu;
}

static void keep_least(unsigned int *least, unsigned int count)
{
	if (!frames || count < *least)
		*least = count;
}

static void on_end(unsigned int cpu, void *data)
{
	counting = NO_CPU;
	keep_least(&least_touched, touched.count);
	keep_least(&least_written, written.count);
	keep_least(&least_code, code.count);
	if (frames) {
		set_keep(&always_touched[now], &touched);
		set_keep(&always_written[now], &written);
	} else {
		always_touched[now] = touched;
		always_written[now] = written;
	}
	frames++;
}

static void on_told(unsigned int cpu, void *data)
{
	fprintf(out, "%u %u %u %u %u\n", frames, least_touched, least_written,
		least_code, shared());
	fflush(out);
	frames = 0;
	now = !now;
}

static void on_insn(unsigned int cpu, void *data)
{
	if (counting == cpu)
		set_add(&code, (uint64_t)(uintptr_t)data >> LINE_SHIFT);
}

static void on_mem(unsigned int cpu, uint32_t info, uint64_t address, void *data)
{
	uint64_t last = address + (1u << qemu_plugin_mem_size_shift(info)) - 1;
	uint64_t line;

	if (counting != cpu)
		return;
	for (line = address >> LINE_SHIFT; line <= last >> LINE_SHIFT; line++) {
		set_add(&touched, line);
		if (qemu_plugin_mem_is_store(info))
			set_add(&written, line);
	}
}

/* nopl NUMBER(%rax): "segb" when a frame begins, "sege" and "segt" later. */
static exec_cb mark_of(const struct qemu_plugin_insn *insn)
{
	static const uint8_t mark[] = { 0x0f, 0x1f, 0x80, 's', 'e', 'g' };
	uint8_t bytes[7];

	if (qemu_plugin_insn_data(insn, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    memcmp(bytes, mark, sizeof(mark)))
		return NULL;
	switch (bytes[6]) {
	case 'b':
		return on_begin;
	case 'e':
		return on_end;
	case 't':
		return on_told;
	}
	return NULL;
}

static void on_translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t i, count = qemu_plugin_tb_n_insns(tb);
	uint64_t last = 0, line;

	for (i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		exec_cb mark = mark_of(insn);

		if (mark)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark, NO_REGS, NULL);
		/* The kernel's only: it is what runs between marks. */
		if (address >> 63 == 0)
			continue;
		qemu_plugin_register_vcpu_mem_cb(insn, on_mem, NO_REGS, MEM_RW, NULL);
		line = address >> LINE_SHIFT;
		if (line != last)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn, NO_REGS,
							       (void *)(uintptr_t)address);
		last = line;
	}
}

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info_t *info,
			       int argc, char **argv)
{
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = fopen(argv[0] + 4, "w");
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
