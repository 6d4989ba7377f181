// SPDX-License-Identifier: GPL-2.0
/*
 * Before an operator cuts the branch: would a policy cut an SSH session of this
 * host?  Sessions are found among the sockets, not in the environment, which
 * sudo and tmux lose: peer, route, neighbour, forwarding table, port, domain,
 * and then the kernel's own decision, both ways.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl-ct.h"
#include "nl-route.h"
#include "question.h"
#include "ssh.h"

#define SSH_PORT	22
#define TCP_ACK		0x10

/**
 * struct sessions - the sessions of this host, and what becomes of them
 * @c: this run
 * @a: words, for messages
 * @cookie: transaction that would be committed
 * @want: the policy that it makes
 * @inode: of sockets that sshd has open, uint32_t
 * @lockdown: bridges are closed while no policy names one
 * @cut: sessions that would be cut
 * @unknown: sessions of which it can't be told
 */
struct sessions {
	struct ctl *c;
	const struct args *a;
	uint64_t cookie;
	const struct policy *want;
	struct list inode;
	bool lockdown;
	unsigned int cut;
	unsigned int unknown;
};

/*
 * Who is sshd?
 */

static void add_sockets(struct sessions *s, const char *pid)
{
	char path[300], target[64];
	struct dirent *d;
	unsigned int inode;
	ssize_t len;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return;
	fd = dirfd(dir);
	while (fd >= 0 && (d = readdir(dir))) {
		len = readlinkat(fd, d->d_name, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (sscanf(target, "socket:[%u]", &inode) == 1)
			*(uint32_t *)list_add(&s->inode, sizeof(uint32_t)) =
				inode;
	}
	closedir(dir);
}

static bool is_sshd(const char *pid)
{
	char path[64], comm[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (!fgets(comm, sizeof(comm), f))
		*comm = '\0';
	fclose(f);
	return !strncmp(comm, "sshd", 4);
}

static void find_sshd(struct sessions *s)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (isdigit((unsigned char)*d->d_name) && is_sshd(d->d_name))
			add_sockets(s, d->d_name);
	if (dir)
		closedir(dir);
}

static bool is_session(const struct sessions *s, const struct tcp *t)
{
	const uint32_t *inode = s->inode.item;
	size_t n;

	if (t->sport == SSH_PORT)
		return true;
	for (n = 0; n < s->inode.n; n++)
		if (inode[n] == t->inode)
			return true;
	return false;
}

/*
 * Where does it pass?
 */

static void say(struct sessions *s, const struct tcp *t, const char *what)
{
	char peer[INET6_ADDRSTRLEN] = "?";

	inet_ntop(t->peer.len == 4 ? AF_INET : AF_INET6, t->peer.byte, peer,
		  sizeof(peer));
	fail(REFUSED, "%s: the SSH session from %s port %u %s", s->a->label,
	     peer, t->dport, what);
}

static void unknown(struct sessions *s, const struct tcp *t, const char *why)
{
	char *what = xasprintf("may be cut: %s", why);

	say(s, t, what);
	free(what);
	s->unknown++;
}

/* Sessions by a bridge that isn't managed end where such are closed.  Returns
 * whether the session passes a bridge whose cells decide.
 */
static bool is_decided(struct sessions *s, const struct tcp *t, uint32_t ifindex)
{
	char name[IF_NAMESIZE], *what;
	const struct bridge *b;

	if (!if_indextoname(ifindex, name))
		return false;
	b = policy_bridge(s->want, name);
	if (b)
		return b->mode == VSEG_BRIDGE_MODE_ENFORCE;
	if (s->want->settings.unmanaged == VSEG_UNMANAGED_DROP) {
		what = xasprintf("would be cut: bridge %s is not managed, and drops all",
				 name);
		say(s, t, what);
		free(what);
		s->cut++;
	} else if (s->lockdown && !s->want->bridge.n) {
		unknown(s, t, "the policy names no bridge, and so lockdown holds");
	}
	return false;
}

/* The session's own: what goes to the host, or what comes from it. */
static void make_frame(const struct tcp *t, const uint8_t *mac,
		       bool from_host, struct bytes *frame)
{
	struct question q = {
		.src = from_host ? t->local : t->peer,
		.dst = from_host ? t->peer : t->local,
		.sport = from_host ? t->sport : t->dport,
		.dport = from_host ? t->dport : t->sport,
		.proto = IPPROTO_TCP,
		.tcp_flags = TCP_ACK,
	};

	give(&q, Q_FROM_ADDRESS);
	give(&q, Q_TO_ADDRESS);
	give(&q, Q_SPORT);
	give(&q, Q_DPORT);
	give(&q, Q_PROTO);
	give(&q, Q_TCP_FLAGS);
	/* The guard of its port knows it. */
	if (!from_host)
		memcpy(q.mac.byte, mac, sizeof(q.mac.byte));
	question_frame(&q, frame);
}

static int ask(struct sessions *s, const struct tcp *t, const uint8_t *mac,
	       const char *port, bool from_host, uint32_t vlan,
	       struct decision *reply)
{
	struct decision d = { .cookie = s->cookie, .vlan = vlan };

	give(&d, VSEG_A_DECISION_COOKIE);
	give(&d, VSEG_A_DECISION_VLAN);
	if (from_host) {
		snprintf(d.src, sizeof(d.src), "host");
		snprintf(d.out_ifname, sizeof(d.out_ifname), "%s", port);
		give(&d, VSEG_A_DECISION_SRC);
		give(&d, VSEG_A_DECISION_OUT_IFNAME);
	} else {
		snprintf(d.dst, sizeof(d.dst), "host");
		snprintf(d.in_ifname, sizeof(d.in_ifname), "%s", port);
		give(&d, VSEG_A_DECISION_DST);
		give(&d, VSEG_A_DECISION_IN_IFNAME);
	}
	make_frame(t, mac, from_host, &d.frame);
	give(&d, VSEG_A_DECISION_FRAME);
	memset(reply, 0, sizeof(*reply));
	return ctl_get(s->c, s->a, VSEG_CMD_DECIDE, &decision_schema, &d,
		       reply);
}

/*
 * What stateful rules let pass is a flow that they know.
 */

/**
 * struct sought - a session among the flows
 * @t: it
 * @zone: of struct zone: those of stateful rules
 * @found: it is there
 */
struct sought {
	const struct tcp *t;
	struct list zone;
	bool found;
};

static bool same_address(const struct address *a, const struct address *b)
{
	return a->len == b->len && !memcmp(a->byte, b->byte, a->len);
}

static void seek(const struct flow *f, void *data)
{
	struct sought *k = data;
	const struct tcp *t = k->t;
	const struct zone *z = k->zone.item;
	size_t n;

	if (f->protocol != IPPROTO_TCP || f->source_port != t->dport ||
	    f->destination_port != t->sport ||
	    !same_address(&f->source, &t->peer) ||
	    !same_address(&f->destination, &t->local))
		return;
	for (n = 0; n < k->zone.n; n++)
		k->found |= z[n].id == f->zone;
}

/* May it go on where only its beginning could be let through? */
static bool is_known(struct sessions *s, const struct tcp *t)
{
	struct sought k = { .t = t };
	struct nl_sock *sk = NULL;

	if (s->want->settings.state_pickup)
		return true;
	if (!ctl_dump(s->c, s->a, VSEG_CMD_ZONE_GET, &zone_schema, &k.zone) &&
	    k.zone.n && !ct_open(&sk))
		ct_dump(sk, seek, &k);
	ct_close(sk);
	list_clear(&zone_schema, &k.zone);
	return k.found;
}

/* Is it a stateful rule that lets a frame pass? */
static bool by_flow(const struct sessions *s, const struct decision *d)
{
	const struct item *cell = policy_cell(s->want, d->cell_src,
					      d->cell_dst);
	const struct listed_rule *r;

	if (d->reason != VSEG_REASON_NONE || !cell ||
	    !has(d, VSEG_A_DECISION_RULE) || d->rule >= cell->rule.n)
		return false;
	r = cell->rule.item;
	return r[d->rule].rule.flags & VSEG_RULE_FLAGS_STATE;
}

static void cut(struct sessions *s, const struct tcp *t, char *what)
{
	say(s, t, what);
	free(what);
	s->cut++;
}

/*
 * Nobody sends a session's first frame again: what a stateful rule lets pass, in
 * either direction, is cut unless its flow is known.
 */
static int judge(struct sessions *s, const struct tcp *t, const uint8_t *mac,
		 const char *port, uint32_t vlan)
{
	struct decision to, from;
	const struct decision *d;
	int code = ask(s, t, mac, port, false, vlan, &to);

	if (!code)
		code = ask(s, t, mac, port, true, vlan, &from);
	if (code)
		return code;
	d = to.reason != VSEG_REASON_NONE ? &to : &from;
	if (d->reason != VSEG_REASON_NONE && !(d == &from && by_flow(s, &to))) {
		cut(s, t, xasprintf("would be cut: %s -> %s at port %s is denied (%s)",
				    d->src, d->dst, port,
				    name_of(&reason_names, d->reason)));
	} else if ((by_flow(s, &to) || by_flow(s, &from)) && !is_known(s, t)) {
		d = by_flow(s, &to) ? &to : &from;
		cut(s, t, xasprintf("would be cut: rule %u of %s -> %s at port %s is stateful, and didn't see it begin; state-pickup lets it go on",
				    d->rule, d->src, d->dst, port));
	}
	return DONE;
}

static int follow(struct sessions *s, const struct tcp *t)
{
	struct place_in_bridge place;
	struct device dev, lower;
	char port[IF_NAMESIZE];
	uint8_t mac[6];
	struct hop hop;

	if (route_hop(t, &hop) < 0) {
		unknown(s, t, "there is no route to it");
		return DONE;
	}
	if (!hop.ifindex)
		return DONE;		/* from this host itself */
	if (route_device(hop.ifindex, &dev) < 0 ||
	    route_device(dev.lower, &lower) < 0) {
		unknown(s, t, "its device can't be found");
		return DONE;
	}
	if (!lower.bridge || !is_decided(s, t, dev.lower))
		return DONE;
	if (route_neighbour(&hop, mac)) {
		unknown(s, t, "its neighbour's address isn't known");
		return DONE;
	}
	if (route_port(dev.lower, mac, dev.vlan, &place) < 0 || !place.port ||
	    place.several || !if_indextoname(place.port, port)) {
		unknown(s, t, "the bridge doesn't know one port that it is behind");
		return DONE;
	}
	if (place.port == dev.lower)
		return DONE;		/* the host's own address */
	return judge(s, t, mac, port, dev.vlan ? dev.vlan : place.vlan);
}

/**
 * ssh_guard() - say which SSH sessions a transaction would cut
 * @c: this run
 * @a: words, for messages
 * @cookie: transaction
 * @want: the policy that it makes
 * @how: what may happen all the same
 *
 * Return: DONE when it may be committed.
 */
int ssh_guard(struct ctl *c, const struct args *a, uint64_t cookie,
	      const struct policy *want, const struct ssh_how *how)
{
	struct sessions s = { .c = c, .a = a, .cookie = cookie, .want = want };
	struct status status = { 0 };
	struct list l = { 0 };
	const struct tcp *t;
	int code;
	size_t n;

	code = ctl_get(c, a, VSEG_CMD_STATUS_GET, &status_schema, NULL,
		       &status);
	s.lockdown = status.lockdown;
	model_clear(&status_schema, &status);
	find_sshd(&s);
	if (route_tcp(&l) < 0)
		warning("SSH sessions can't be looked for: the kernel has no socket diagnostics");
	for (n = 0, t = l.item; n < l.n && !code; n++, t++)
		if (is_session(&s, t))
			code = follow(&s, t);
	free(l.item);
	free(s.inode.item);
	if (code || how->force || how->only)
		return code;
	if (s.cut)
		return fail(REFUSED, "%s: mend the policy, or say --force",
			    a->label);
	if (s.unknown && !how->confirm)
		return fail(REFUSED, "%s: say --confirm SECONDS, and confirm from another session, or --force",
			    a->label);
	return DONE;
}
