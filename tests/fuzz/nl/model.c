// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of each world, and its transactions.  The model never foretells
 * whether a request is refused; it does what was not.
 */
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
	p->settings = (struct m_settings) {
		.address_resolution = 1, .bridge_control = 1,
	};
}

/** model_bridge() - a managed bridge by its name, or NULL */
const struct m_bridge *model_bridge(const struct m_policy *p, const char *name)
{
	unsigned int i;

	for (i = 0; i < p->nbridges; i++)
		if (!strcmp(p->bridge[i].name, name))
			return &p->bridge[i];
	return NULL;
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
		    !model_bridge(&m->policy, lab_of[w].bridge[bridge]))
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

static void commit(enum world w, uint64_t base, const struct m_policy *p,
		   const struct m_bind *binds)
{
	struct model *m = &models[w];
	int i;

	if (base != m->generation)
		broken("a commit on generation %" PRIu64 " at %" PRIu64, base,
		       m->generation);
	m->policy = *p;
	m->active = true;
	m->generation++;
	for (i = 0; i < LAB_PORTS; i++)
		if (binds[i].edited)
			m->bind[i] = binds[i];
	drop_labels(w);
}

static void off(enum world w)
{
	struct model *m = &models[w];

	if (!m->active)
		return;
	m->active = false;
	m->generation++;
	model_empty(&m->policy);
	drop_labels(w);
}

static void single(enum world w, const struct op *op, const uint8_t *attrs,
		   unsigned int n)
{
	static struct m_bind binds[LAB_PORTS];
	static struct m_policy policy;
	int i;

	policy = models[w].policy;
	for (i = 0; i < LAB_PORTS; i++)
		binds[i].edited = false;
	model_edit(w, &policy, binds, op, attrs, n);
	commit(w, models[w].generation, &policy, binds);
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
	t = named(w, sock, op, attrs, n);
	if (!strcmp(op->name, "commit") || !strcmp(op->name, "abort")) {
		if (!t)
			broken("%s: taken without a transaction", op->name);
		else if (*op->name == 'c')
			commit(w, t->base, &t->policy, t->bind);
		if (t)
			t->cookie = 0;
	} else if (t) {
		if (t->base != models[w].generation)
			broken("%s: taken though another commit came first",
			       op->name);
		model_edit(w, &t->policy, t->bind, op, attrs, n);
	} else {
		single(w, op, attrs, n);
	}
}
