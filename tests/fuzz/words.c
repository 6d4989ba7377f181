// SPDX-License-Identifier: GPL-2.0
/*
 * For libFuzzer: any words and any batch file, and a kernel that does what it
 * is asked.  Covers vsegctl.c, args.c, batch.c, the parsers of cmd/ and the
 * encoder; fake.c looks at what is sent.
 *
 * An input is a line of words, and what stands in every file that they name.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "fake.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	command_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	FILE *in = stdin;

	if (!end)
		return -1;
	size -= end + 1 - data;
	fake_obey(end + 1, size);
	stdin = fmemopen((void *)(end + 1), size, "r");
	command_run((const char *)data, end - data, false);
	fclose(stdin);
	stdin = in;
	return 0;
}
