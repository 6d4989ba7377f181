// SPDX-License-Identifier: GPL-2.0
/*
 * Put the flows of a file into the connection tracking of this network
 * namespace, twice, and print what is there then, as vsegctl state does.
 *
 * usage: ct-test FILE ZONE MARK
 */
#include <errno.h>
#include <stdlib.h>

#include "flow.h"
#include "nl-ct.h"
#include "out.h"
#include "util.h"

static void print_flow(const struct flow *f, void *data)
{
	struct out *o = data;

	out_object(o, NULL);
	out_model(o, &flow_schema, f);
	out_u64(o, "zone", f->zone);
	out_u64(o, "mark", f->mark);
	out_end(o);
}

static int add_twice(struct nl_sock *sk, const struct flow *f)
{
	int err = ct_add(sk, f);

	if (err)
		return fail(2, "%s: errno %d", flow_text(f), -err);
	err = ct_add(sk, f);
	return err == -EEXIST ? 0 : fail(2, "%s: errno %d, not EEXIST",
					 flow_text(f), -err);
}

int main(int argc, char **argv)
{
	struct list flows = { 0 };
	struct flows_head head;
	struct nl_sock *sk;
	struct flow *f;
	struct out *o;
	size_t n;

	if (argc != 4)
		return fail(1, "usage: ct-test FILE ZONE MARK");
	if (flows_read(argv[1], &head, &flows))
		return 1;
	if (ct_open(&sk))
		return fail(3, "no connection tracking");
	f = flows.item;
	for (n = 0; n < flows.n; n++) {
		f[n].zone = atoi(argv[2]);
		f[n].mark = strtoul(argv[3], NULL, 0);
		if (add_twice(sk, &f[n]))
			return 2;
	}
	o = out_new(true);
	if (ct_dump(sk, print_flow, o))
		return 2;
	ct_close(sk);
	out_free(o);
	free(flows.item);
	return 0;
}
