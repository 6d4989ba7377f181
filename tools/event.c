// SPDX-License-Identifier: GPL-2.0
/* An event in one line. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "event.h"
#include "text.h"

#define CLOCK_LEN	32
#define SEC		UINT64_C(1000000000)

/* HH:MM:SS.usec, local time */
static const char *text_clock(char *s, uint64_t ns)
{
	time_t sec = ns / SEC;
	struct tm tm;

	if (!localtime_r(&sec, &tm))
		memset(&tm, 0, sizeof(tm));
	snprintf(s, CLOCK_LEN, "%02d:%02d:%02d.%06u", tm.tm_hour, tm.tm_min,
		 tm.tm_sec, (unsigned int)(ns % SEC / 1000));
	return s;
}

static const char *text_now(char *s)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return text_clock(s, now.tv_sec * SEC + now.tv_nsec);
}

static const char *device(struct device *d, bool named, const char *name,
			  bool given, uint32_t ifindex)
{
	return named ? name : text_device(d, given, ifindex);
}

/* " 10.0.0.1:1024 -> 10.0.0.2:80", as much of it as there is */
static void print_addresses(FILE *f, const struct drop *d)
{
	bool ports = has(d, VSEG_A_DROP_SPORT) && has(d, VSEG_A_DROP_DPORT);
	const struct address *end[2] = { &d->ip_src, &d->ip_dst };
	uint32_t port[2] = { d->sport, d->dport };
	char s[INET6_ADDRSTRLEN];
	int i;

	if (!has(d, VSEG_A_DROP_IP_SRC) || !has(d, VSEG_A_DROP_IP_DST))
		return;
	for (i = 0; i < 2; i++) {
		bool v6 = end[i]->len == 16;

		inet_ntop(v6 ? AF_INET6 : AF_INET, end[i]->byte, s, sizeof(s));
		fprintf(f, i ? " -> " : " ");
		if (ports)
			fprintf(f, v6 ? "[%s]:%u" : "%s:%u", s, port[i]);
		else
			fprintf(f, "%s", s);
	}
}

static void print_frame(FILE *f, const struct drop *d)
{
	char src[MAC_LEN], dst[MAC_LEN], type[TYPE_LEN], proto[TYPE_LEN];

	if (has(d, VSEG_A_DROP_VLAN))
		fprintf(f, " vlan %u", d->vlan);
	if (has(d, VSEG_A_DROP_SRC_MAC) && has(d, VSEG_A_DROP_DST_MAC))
		fprintf(f, " %s -> %s", text_mac(src, d->src_mac),
			text_mac(dst, d->dst_mac));
	if (has(d, VSEG_A_DROP_ETHERTYPE))
		fprintf(f, " %s", text_ethertype(type, d->ethertype));
	print_addresses(f, d);
	if (has(d, VSEG_A_DROP_IP_PROTO))
		fprintf(f, " %s", text_proto(proto, d->ip_proto));
	if (has(d, VSEG_A_DROP_LENGTH))
		fprintf(f, " length %u", d->length);
}

static void print_drop(struct out *o, const struct drop *d)
{
	const char *reason = name_of(&reason_names, d->reason);
	char clock[CLOCK_LEN], *line;
	struct device in, out;
	size_t size;
	FILE *f;

	if (out_is_json(o))
		return;
	f = open_memstream(&line, &size);
	if (!f)
		return;
	fprintf(f, "%s %s", text_clock(clock, d->time),
		has(d, VSEG_A_DROP_WOULD) ? "WOULD" : "DROP ");
	if (reason)
		fprintf(f, " %s", reason);
	else
		fprintf(f, " reason-%u", d->reason);
	fprintf(f, " %s -> %s",
		device(&in, has(d, VSEG_A_DROP_IN_IFNAME), d->in_ifname,
		       has(d, VSEG_A_DROP_IN_IFINDEX), d->in_ifindex),
		device(&out, has(d, VSEG_A_DROP_OUT_IFNAME), d->out_ifname,
		       has(d, VSEG_A_DROP_OUT_IFINDEX), d->out_ifindex));
	fprintf(f, " %s -> %s", d->src, d->dst);
	print_frame(f, d);
	if (d->limited)
		fprintf(f, " (+%" PRIu64 " limited)", d->limited);
	fclose(f);
	out_line(o, "%s", line);
	free(line);
}

static void print_config(struct out *o, const struct config *c)
{
	const char *event = name_of(&config_event_names, c->event);
	struct device dev;
	char clock[CLOCK_LEN], number[16];

	snprintf(number, sizeof(number), "event-%u", c->event);
	out_line(o, "%s CONFIG %s%s%s%s%s generation %" PRIu64,
		 text_now(clock), event ? event : number,
		 has(c, VSEG_A_CONFIG_IFINDEX) ? " " : "",
		 has(c, VSEG_A_CONFIG_IFINDEX) ?
		 device(&dev, has(c, VSEG_A_CONFIG_IFNAME), c->ifname, true,
			c->ifindex) : "",
		 has(c, VSEG_A_CONFIG_BRIDGE) ? " bridge " : "",
		 has(c, VSEG_A_CONFIG_BRIDGE) ? c->bridge : "",
		 c->generation);
}

/**
 * event_print() - print an event
 * @o: printer
 * @s: &drop_schema or &config_schema
 * @obj: the event
 */
void event_print(struct out *o, const struct schema *s, const void *obj)
{
	out_object(o, NULL);
	out_str(o, "type", s->name);
	out_model(o, s, obj);
	out_end(o);
	if (s == &drop_schema)
		print_drop(o, obj);
	else
		print_config(o, obj);
}
