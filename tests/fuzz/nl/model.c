// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of each world, and its transactions.  The model never foretells
 * whether a request is refused; it does what was not.
 */
#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>

#include "model.h"
#include "tlv.h"

struct model models[WORLDS];

/** model_empty() - no policy */
void model_empty(struct m_policy *p)
{
	p->ndomains = 0;
	p->nbridges = 0;
	p->ncells = 0;
	p->nselectors = 0;
	p->settings = (struct m_settings) {
		.address_resolution = 1, .bridge_control = 1, .guard = 1,
		.state_limit = VSEG_STATE_LIMIT_DEFAULT,
		.state_zone_first = VSEG_ZONE_FIRST_DEFAULT,
		.state_zone_last = VSEG_ZONE_LAST_DEFAULT,
	};
}

/** model_bridge() - what the policy says of a name or a pattern, or NULL */
const struct m_bridge *model_bridge(const struct m_policy *p, const char *name)
{
	unsigned int i;

	for (i = 0; i < p->nbridges; i++)
		if (!strcmp(p->bridge[i].name, name))
			return &p->bridge[i];
	return NULL;
}

static bool is_before(const struct m_bridge *a, const struct m_bridge *b)
{
	size_t la = strlen(a->name), lb = strlen(b->name);

	return la != lb ? la > lb : strcmp(a->name, b->name) < 0;
}

/** model_manages() - what makes a bridge of this name managed, or NULL */
const struct m_bridge *model_manages(const struct m_policy *p, const char *name)
{
	const struct m_bridge *best = model_bridge(p, name), *b;

	if (best)
		return best;
	for (b = p->bridge; b < p->bridge + p->nbridges; b++)
		if (strpbrk(b->name, "*?[") &&
		    !fnmatch(b->name, name, FNM_NOESCAPE) &&
		    (!best || is_before(b, best)))
			best = b;
	return best;
}

static struct m_txn *find(struct model *m, unsigned int sock, uint64_t cookie)
{
	unsigned int i;

	for (i = 0; cookie && i < MODEL_TXNS; i++)
		if (m->txn[i].cookie == cookie && m->txn[i].sock == sock)
			return &m->txn[i];
	return NULL;
}

/* A label goes with the port's place in a managed bridge. */
static void drop_labels(enum world w)
{
	struct model *m = &models[w];
	int i;

	for (i = 0; i < lab_of[w].nports; i++) {
		struct lab_port *port = &lab_of[w].port[i];
		int bridge = port->bridge;
		bool left = port->left;

		port->left = false;
		if (left || !m->active || bridge == LAB_NOWHERE ||
		    !model_manages(&m->policy, lab_of[w].bridge[bridge]))
			m->bind[i].kind = VSEG_PORT_KIND_UNLABELLED;
	}
}

/** model_port_left() - ports of a world may have left their bridges */
void model_port_left(enum world w)
{
	drop_labels(w);
}

/** model_begin() - the kernel opened a transaction */
void model_begin(enum world w, unsigned int sock, uint64_t cookie,
		 uint64_t generation)
{
	struct model *m = &models[w];
	struct m_txn *t = m->txn;
	int i;

	if (!cookie || find(m, sock, cookie))
		broken("begin: cookie %" PRIx64, cookie);
	if (m->lost)
		m->generation = generation;
	if (generation != m->generation)
		broken("begin: generation %" PRIu64 ", not %" PRIu64,
		       generation, m->generation);
	while (t < m->txn + MODEL_TXNS && t->cookie)
		t++;
	if (t == m->txn + MODEL_TXNS) {
		broken("begin: more than %d transactions", MODEL_TXNS);
		return;
	}
	t->cookie = cookie;
	t->sock = sock;
	t->base = generation;
	t->edited = false;
	t->unsure = false;
	t->lost = m->lost;
	t->policy = m->policy;
	for (i = 0; i < LAB_PORTS; i++)
		t->bind[i].edited = false;
}

/** model_closed() - a socket was closed, and its transactions are gone */
void model_closed(enum world w, unsigned int sock)
{
	struct model *m = &models[w];
	int i;

	for (i = 0; i < MODEL_TXNS; i++)
		if (m->txn[i].sock == sock)
			m->txn[i].cookie = 0;
}

/* Binds of ports alone are nothing that could be taken back. */
static void keep(struct model *m, const struct m_txn *t)
{
	if (t->edited) {
		m->was = m->policy;
		m->was_active = m->active;
		m->unsure = false;
	}
	m->unsure |= t->unsure && !t->edited;
}

static void commit(enum world w, const struct m_txn *t)
{
	const struct m_bind *binds = t->bind;
	struct model *m = &models[w];
	int i;

	if (t->base != m->generation && !m->lost)
		broken("a commit on generation %" PRIu64 " at %" PRIu64,
		       t->base, m->generation);
	m->generation++;
	m->lost |= t->lost;
	m->unsure |= m->lost;
	if (m->lost)
		return;
	keep(m, t);
	m->policy = t->policy;
	m->active = true;
	for (i = 0; i < LAB_PORTS; i++)
		if (binds[i].edited)
			m->bind[i] = binds[i];
	drop_labels(w);
}

static void off(enum world w)
{
	struct model *m = &models[w];

	if (!m->active || m->lost)
		return;
	m->was = m->policy;
	m->was_active = true;
	m->unsure = false;
	m->active = false;
	m->generation++;
	model_empty(&m->policy);
	drop_labels(w);
}

static bool has_domain(const struct m_policy *p, const char *name,
		       unsigned long serial)
{
	unsigned int i;

	for (i = 0; i < p->ndomains; i++)
		if (p->domain[i].serial == serial)
			return true;
	return !*name;
}

/* Does a policy have all domains that a port was given? */
static bool stays(const struct m_policy *p, const struct m_bind *b)
{
	unsigned int i;

	for (i = 0; i < b->nvlans; i++)
		if (!has_domain(p, b->vlan[i].domain, b->vlan[i].serial))
			return false;
	return has_domain(p, b->domain, b->serial);
}

static void rollback(enum world w)
{
	static struct m_policy policy;
	struct model *m = &models[w];
	bool active = m->active;
	int i;

	m->generation++;
	m->lost |= m->unsure;
	if (m->lost)
		return;
	policy = m->policy;
	m->policy = m->was;
	m->active = m->was_active;
	m->was = policy;
	m->was_active = active;
	for (i = 0; i < LAB_PORTS; i++)
		if (!stays(&m->policy, &m->bind[i]))
			m->bind[i].kind = VSEG_PORT_KIND_UNLABELLED;
	drop_labels(w);
}

/**
 * model_forget() - no policy is in force, whatever was before
 * @w: world
 * @generation: that the kernel tells
 */
void model_forget(enum world w, uint64_t generation)
{
	struct model *m = &models[w];

	m->active = false;
	m->generation = generation;
	m->lost = false;
	m->unsure = true;
	model_empty(&m->policy);
	drop_labels(w);
}

static bool is_of_ports(const struct op *op)
{
	return !strncmp(op->name, "port-", 5);
}

static void single(enum world w, const struct op *op, const uint8_t *attrs,
		   unsigned int n)
{
	static struct m_txn t;
	int i;

	t.base = models[w].generation;
	t.edited = !is_of_ports(op);
	t.lost = models[w].lost;
	t.policy = models[w].policy;
	for (i = 0; i < LAB_PORTS; i++)
		t.bind[i].edited = false;
	if (!t.lost)
		model_edit(w, &t.policy, t.bind, op, attrs, n);
	commit(w, &t);
}

/* Which transaction does a request name?  NULL without a cookie. */
static struct m_txn *named(enum world w, unsigned int sock,
			   const struct op *op, const uint8_t *attrs,
			   unsigned int n)
{
	struct m_txn *t = NULL;
	struct tlv cookie;

	if (!tlv_find(attrs, n, attr_type(op->set, "cookie"), &cookie))
		return NULL;
	t = find(&models[w], sock, tlv_number(&cookie));
	if (!t)
		broken("%s: taken with the cookie of no transaction of its socket",
		       op->name);
	return t;
}

/**
 * model_refused() - the kernel refused a request that would change something
 * @w: world
 * @sock: socket
 * @op: operation
 * @attrs: first attribute
 * @n: bytes
 */
void model_refused(enum world w, unsigned int sock, const struct op *op,
		   const uint8_t *attrs, unsigned int n)
{
	struct m_txn *t = NULL;
	struct tlv cookie;

	if (strcmp(op->name, "zone-add") &&
	    tlv_find(attrs, n, attr_type(op->set, "cookie"), &cookie))
		t = find(&models[w], sock, tlv_number(&cookie));
	if (t)
		t->unsure = true;
}

static bool is_checked(const struct op *op, const uint8_t *attrs,
		       unsigned int n)
{
	struct tlv flags;

	return tlv_find(attrs, n, attr_type(op->set, "flags"), &flags) &&
	       tlv_number(&flags) & VSEG_TXN_FLAGS_CHECK;
}

/**
 * model_done() - the kernel took a request that changes something
 * @w: world
 * @sock: socket
 * @op: operation, not "begin"
 * @attrs: first attribute
 * @n: bytes
 */
void model_done(enum world w, unsigned int sock, const struct op *op,
		const uint8_t *attrs, unsigned int n)
{
	struct m_txn *t;

	if (!strcmp(op->name, "off")) {
		off(w);
		return;
	}
	if (!strcmp(op->name, "rollback")) {
		rollback(w);
		return;
	}
	if (!strcmp(op->name, "confirm"))
		return;
	if (!strcmp(op->name, "zone-add")) {
		if (!models[w].active && !models[w].lost)
			broken("zone-add: taken without a policy");
		return;
	}
	t = named(w, sock, op, attrs, n);
	if (!strcmp(op->name, "commit") && is_checked(op, attrs, n))
		return;
	if (!strcmp(op->name, "commit") || !strcmp(op->name, "abort")) {
		if (!t)
			broken("%s: taken without a transaction", op->name);
		else if (*op->name == 'c')
			commit(w, t);
		if (t)
			t->cookie = 0;
	} else if (t) {
		if (t->base != models[w].generation && !models[w].lost)
			broken("%s: taken though another commit came first",
			       op->name);
		t->edited |= !is_of_ports(op);
		if (!t->lost)
			model_edit(w, &t->policy, t->bind, op, attrs, n);
	} else {
		single(w, op, attrs, n);
	}
}
