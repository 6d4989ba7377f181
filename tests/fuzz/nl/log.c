// SPDX-License-Identifier: GPL-2.0
/* The kernel's log: trouble there belongs to the sequence that runs. */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "log.h"

/* What the sandbox looks for afterwards in the whole log, in short. */
#define TROUBLE								\
	"WARNING:|BUG|KASAN|UBSAN|KFENCE|INFO: |possible|suspicious|"	\
	"inconsistent|sleeping function|refcount_t|ODEBUG|corruption|"	\
	"Poison|Redzone|leaked|unregister_netdevice"

static regex_t trouble;
static int fd = -1;

/** log_init() - look at what comes from now on */
void log_init(void)
{
	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0 ||
	    regcomp(&trouble, TROUBLE, REG_EXTENDED | REG_NOSUB))
		die("/dev/kmsg");
}

/** log_look() - is there trouble?  Then it is broken() */
void log_look(void)
{
	char record[8192], *text;
	ssize_t n;

	while ((n = read(fd, record, sizeof(record) - 1)) > 0 ||
	       errno == EPIPE) {
		if (n <= 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (text && !regexec(&trouble, text, 0, NULL, 0))
			broken("the kernel's log: %.*s",
			       (int)strcspn(text + 1, "\n"), text + 1);
	}
}
