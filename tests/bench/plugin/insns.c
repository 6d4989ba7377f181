// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU's TCG: counts the instructions of each frame on each CPU by
 * itself, while several CPUs send at once.  Wants the sender's marks, see lines.c;
 * for each run of frames a line
 *
 *	FRAMES LEAST MEDIAN MOST
 *
 * goes to the file that the argument out= names.  Interrupts are off between a
 * frame's marks, so blocks of instructions run to their end there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu.h"

EXPORT int qemu_plugin_version = PLUGIN_API;

#define CPUS	8
#define FRAMES	20000

/* Each CPU touches its own only, until all are done. */
static struct cpu {
	bool on;
	uint32_t insns;
	uint32_t frames;
	uint32_t frame[FRAMES];
} cpus[CPUS];

static uint32_t all[CPUS * FRAMES];
static FILE *out;

static void on_block(unsigned int cpu, void *insns)
{
	if (cpus[cpu].on)
		cpus[cpu].insns += (uintptr_t)insns;
}

/* The rest of the block is the frame's. */
static void on_begin(unsigned int cpu, void *rest)
{
	cpus[cpu].insns = (uintptr_t)rest;
	cpus[cpu].on = true;
}

/* The rest of the block isn't. */
static void on_end(unsigned int cpu, void *rest)
{
	struct cpu *at = &cpus[cpu];

	if (at->on && at->frames < FRAMES)
		at->frame[at->frames++] = at->insns - (uintptr_t)rest - 1;
	at->on = false;
}

static int compare(const void *one, const void *other)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;

	return a < b ? -1 : a > b;
}

static void on_told(unsigned int cpu, void *unused)
{
	uint32_t n = 0;
	int i;

	for (i = 0; i < CPUS; i++) {
		memcpy(all + n, cpus[i].frame,
		       cpus[i].frames * sizeof(*all));
		n += cpus[i].frames;
		cpus[i].frames = 0;
	}
	qsort(all, n, sizeof(*all), compare);
	if (n)
		fprintf(out, "%u %u %u %u\n", n, all[0], all[n / 2], all[n - 1]);
	else
		fprintf(out, "0 0 0 0\n");
	fflush(out);
}

/* nopl NUMBER(%rax): "segb" when a frame begins, "sege" and "segt" later. */
static exec_cb mark_of(const struct qemu_plugin_insn *insn)
{
	static const uint8_t mark[] = { 0x0f, 0x1f, 0x80, 's', 'e', 'g' };
	uint8_t bytes[7];

	if (qemu_plugin_insn_data(insn, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    memcmp(bytes, mark, sizeof(mark)))
		return NULL;
	return bytes[6] == 'b' ? on_begin : bytes[6] == 'e' ? on_end : on_told;
}

static void on_translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t i, count = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, 0);

	/* The kernel's only: it is what runs between marks. */
	if (qemu_plugin_insn_vaddr(insn) >> 63 == 0)
		return;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, NO_REGS, (void *)count);
	for (i = 0; i < count; i++) {
		exec_cb mark;

		insn = qemu_plugin_tb_get_insn(tb, i);
		mark = mark_of(insn);
		if (mark)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark, NO_REGS,
							       (void *)(count - i - 1));
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
