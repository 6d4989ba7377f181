// SPDX-License-Identifier: GPL-2.0
/* Making sequences from the specification. */
#include <string.h>
#include <linux/vseg.h>

#include "gen.h"
#include "lab.h"

enum mode { SINGLE, IN_TXN };

/* --- messages --- */

static void add_message(struct seq *s, unsigned int sock, const struct op *op,
			unsigned int flags, const struct tlvs *w)
{
	static uint8_t data[STEP_BYTES];
	unsigned int n = w->len;
	struct nlmsghdr h = {
		.nlmsg_type = TAG_FAMILY,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	struct genlmsghdr genl = { .cmd = op->cmd, .version = 1 };

	if (n > STEP_BYTES - MSG_HDRLEN)
		n = STEP_BYTES - MSG_HDRLEN;
	h.nlmsg_len = MSG_HDRLEN + n;
	memcpy(data, &h, sizeof(h));
	memcpy(data + NLMSG_HDRLEN, &genl, sizeof(genl));
	memcpy(data + MSG_HDRLEN, w->data, n);
	step_data(seq_add(s, STEP_SEND, sock), data, h.nlmsg_len);
}

/* The one thing that a selector of a type looks for. */
static bool is_key(const struct attr *a, uint32_t type)
{
	switch (type) {
	case VSEG_SELECTOR_TYPE_MAC:
		return !strcmp(a->name, "mac");
	case VSEG_SELECTOR_TYPE_GROUP:
		return !strcmp(a->name, "group");
	default:
		return !strcmp(a->name, "pattern");
	}
}

static bool is_selector(const struct op *op)
{
	return !strncmp(op->name, "selector-", 9);
}

/* Attributes that don't go together are rarely given together. */
static bool is_wanted(const struct op *op, const struct attr *a, enum mode mode,
		      bool by_index, uint32_t shape, uint32_t type)
{
	if (is_selector(op) && (!strcmp(a->name, "mac") ||
				!strcmp(a->name, "group") ||
				!strcmp(a->name, "pattern")))
		return is_key(a, type) != one_in(30);
	if (!strcmp(op->name, "decide") && a->role == ROLE_DOMAIN)
		return by_index || one_in(30);
	if (a->role == ROLE_COOKIE)
		return op->request && (mode == IN_TXN || one_in(40));
	if (a->role == ROLE_PORT_INDEX)
		return by_index || one_in(30);
	if (a->role == ROLE_PORT)
		return !by_index || one_in(30);
	if (!strcmp(a->name, "trust"))
		return one_in(10);
	if (!strcmp(a->name, "vlan"))
		return shape == 2 || one_in(30);
	if (!strcmp(a->name, "kind"))
		return shape || one_in(10);
	if (!strcmp(a->name, "confirm"))
		return one_in(8);
	if (!strcmp(a->name, "flags") || !strcmp(a->name, "id"))
		return one_in(3);
	return !one_in(20);
}

static void put_attrs(struct tlvs *w, const struct op *op, unsigned int sock,
		      enum mode mode)
{
	bool by_index = one_in(3);
	uint32_t shape = rnd(3);	/* none, guest, trunk */
	uint32_t type = one_in(2) ? VSEG_SELECTOR_TYPE_NAME :
				   rnd(VSEG_SELECTOR_TYPE_MAX + 1);
	unsigned int i, n;

	for (i = 0; i < op->set->n; i++) {
		const struct attr *a = &op->set->attr[i];

		if (!(op->request & UINT64_C(1) << i) ||
		    !is_wanted(op, a, mode, by_index, shape, type))
			continue;
		if (!strcmp(a->name, "kind") && !one_in(10)) {
			tlv_put_u32(w, i, shape);
			continue;
		}
		if (is_selector(op) && !strcmp(a->name, "type") &&
		    !one_in(10)) {
			tlv_put_u32(w, i, type);
			continue;
		}
		for (n = a->multi ? 1 + rnd(one_in(20) ? 200 : 4) : 1; n; n--)
			value_put(w, i, a, sock);
	}
}

static void add_request(struct seq *s, unsigned int sock, const struct op *op,
			enum mode mode)
{
	/* Half of the requests have nothing wrong in themselves. */
	static const unsigned int moods[] = { 0, 0, 0, 25, 8, 3 };
	static struct tlvs w;
	unsigned int flags = NLM_F_ACK;

	w.len = 0;
	if (op->has_dump && (!op->has_do || one_in(2))) {
		add_message(s, sock, op, NLM_F_DUMP, &w);
		/* Some are read later, or never. */
		s->step[s->n - 1].a = one_in(6);
		return;
	}
	if (one_in(30))
		flags = 0;
	value_mood(PICK(moods));
	put_attrs(&w, op, sock, mode);
	add_message(s, sock, op, flags, &w);
}

/* The more an operation can be told, the more often it is taken. */
static const struct op *some_op(bool edit)
{
	const struct op *op;

	do {
		op = op_of(rnd(nops));
	} while (!op || (edit && (!op->request || !op->admin)) ||
		 (op->has_event && !one_in(20)) ||
		 rnd(8) > (unsigned int)__builtin_popcountll(op->request));
	return op;
}

/* --- sequences --- */

static void put_name(struct tlvs *w, const struct op *op, const char *attr,
		     const char *text)
{
	tlv_put_text(w, attr_type(op->set, attr), text);
}

/* The beginning of an edit in the socket's transaction; until the next one. */
static struct tlvs *edit_begin(const struct op *op, unsigned int sock)
{
	uint64_t cookie = tag_cookie(sock, 0);
	static struct tlvs w;

	w.len = 0;
	tlv_put(&w, attr_type(op->set, "cookie"), &cookie, sizeof(cookie));
	return &w;
}

static struct tlvs *edit_pair(const struct op *op, unsigned int sock,
			      const char *src, const char *dst)
{
	struct tlvs *w = edit_begin(op, sock);

	put_name(w, op, "src", src);
	put_name(w, op, "dst", dst);
	return w;
}

static void add_named(struct seq *s, unsigned int sock, const char *name,
		      const char *attr, const char *text)
{
	const struct op *op = op_named(name);
	struct tlvs *w = edit_begin(op, sock);

	if (attr)
		put_name(w, op, attr, text);
	add_message(s, sock, op, NLM_F_ACK, w);
}

static void add_begin(struct seq *s, unsigned int sock)
{
	static struct tlvs w;

	add_message(s, sock, op_named("begin"), NLM_F_ACK, &w);
}

static void add_bind(struct seq *s, unsigned int sock, const char *port,
		     const char *domain)
{
	const struct op *op = op_named("port-bind");
	static struct tlvs w;

	w.len = 0;
	put_name(&w, op, "ifname", port);
	put_name(&w, op, "domain", domain);
	add_message(s, sock, op, NLM_F_ACK, &w);
}

static void add_cell(struct seq *s, unsigned int sock, const char *src,
		     const char *dst, uint32_t action)
{
	const struct op *op = op_named("cell-set");
	struct tlvs *w = edit_pair(op, sock, src, dst);

	tlv_put_u32(w, attr_type(op->set, "action"), action);
	add_message(s, sock, op, NLM_F_ACK, w);
}

/* Into a cell that has rules. */
static void add_rule(struct seq *s, unsigned int sock, const char *src,
		     const char *dst)
{
	const struct op *op = op_named("rule-add");
	unsigned int match = attr_type(op->set, "match");
	const struct set *asks = op->set->attr[match].nest;
	uint32_t action = one_in(2) ? VSEG_ACTION_ALLOW : VSEG_ACTION_DENY;
	struct tlvs *w = edit_pair(op, sock, src, dst);
	static struct tlvs inside;

	inside.len = 0;
	tlv_put_u32(&inside, attr_type(asks, "field"),
		    VSEG_MATCH_FIELD_PROTOCOL);
	tlv_put_u32(&inside, attr_type(asks, "first"), rnd(256));
	tlv_put_u32(w, attr_type(op->set, "action"), action);
	/* Stateful as often as not, and some of these outlive the rule. */
	if (action == VSEG_ACTION_ALLOW && one_in(2))
		tlv_put_u32(w, attr_type(op->set, "flags"),
			    VSEG_RULE_FLAGS_STATE |
			    (one_in(3) ? VSEG_RULE_FLAGS_KEEP : 0));
	tlv_put(w, match | NLA_F_NESTED, inside.data, inside.len);
	add_message(s, sock, op, NLM_F_ACK, w);
}

/* All of a cell. */
static void add_rule_del(struct seq *s, unsigned int sock, const char *src,
			 const char *dst)
{
	const struct op *op = op_named("rule-del");

	add_message(s, sock, op, NLM_F_ACK, edit_pair(op, sock, src, dst));
}

static void add_selector(struct seq *s, unsigned int sock, const char *port,
			 const char *domain)
{
	const struct op *op = op_named("selector-add");
	struct tlvs *w = edit_begin(op, sock);

	tlv_put_u32(w, attr_type(op->set, "type"), VSEG_SELECTOR_TYPE_NAME);
	put_name(w, op, "pattern", port);
	put_name(w, op, "domain", domain);
	add_message(s, sock, op, NLM_F_ACK, w);
}

/* Something to edit: two bridges, two domains, two ports. */
static void add_standard(struct seq *s, unsigned int sock)
{
	if (sock >= SOCK_OWN)
		seq_add(s, STEP_ALLOW, 0)->a = 1;
	add_begin(s, sock);
	add_named(s, sock, "bridge-add", "name", "br0");
	if (sock < SOCK_OWN)
		add_named(s, sock, "bridge-add", "name", "br1");
	add_named(s, sock, "domain-add", "name", "web");
	add_named(s, sock, "domain-add", "name", "db");
	add_cell(s, sock, "web", "db", rnd(2));
	add_cell(s, sock, "db", "web", VSEG_ACTION_RULES);
	add_rule(s, sock, "db", "web");
	if (one_in(8)) {
		add_rule_del(s, sock, "db", "web");
		add_rule(s, sock, "db", "web");
	}
	add_selector(s, sock, "p1", "web");
	add_named(s, sock, "commit", NULL, NULL);
	add_bind(s, sock, "p0", "web");
	add_bind(s, sock, "p1", "db");
}

/* A commit that waits: for a confirmation, a rollback, or what comes next. */
static void add_waiting(struct seq *s, unsigned int sock)
{
	const struct op *op = op_named("commit");
	uint64_t cookie = tag_cookie(sock, 0);
	static struct tlvs w;

	add_begin(s, sock);
	add_cell(s, sock, "web", "db", rnd(2));
	w.len = 0;
	tlv_put(&w, attr_type(op->set, "cookie"), &cookie, sizeof(cookie));
	tlv_put_u32(&w, attr_type(op->set, "confirm"), VSEG_CONFIRM_MAX);
	add_message(s, sock, op, NLM_F_ACK, &w);
	w.len = 0;
	if (!one_in(3))
		add_message(s, sock, op_named(one_in(3) ? "rollback" :
						      "confirm"),
			    NLM_F_ACK, &w);
}

/* A transaction that ends in one of the ways that there are. */
static void add_txn(struct seq *s, unsigned int sock)
{
	unsigned int n = rnd(8);

	add_begin(s, sock);
	while (n--)
		add_request(s, sock, some_op(!one_in(5)), IN_TXN);
	switch (rnd(8)) {
	case 0:
		add_named(s, sock, "abort", NULL, NULL);
		break;
	case 1:
		seq_add(s, STEP_CLOSE, sock);
		break;
	case 2:
		break;
	case 3:
		add_request(s, sock, op_named("commit"), IN_TXN);
		break;
	default:
		add_named(s, sock, "commit", NULL, NULL);
	}
}

static void add_device(struct seq *s, unsigned int sock)
{
	/* Making devices takes the kernel as long as a hundred requests. */
	static const enum step_kind kinds[] = {
		STEP_MOVE, STEP_MOVE, STEP_MOVE, STEP_VLAN, STEP_VLAN,
		STEP_VLAN, STEP_PORT, STEP_BRIDGE,
	};
	struct step *step = seq_add(s, PICK(kinds), sock);

	step->a = rnd(LAB_PORTS);
	step->b = rnd(4);
}

static unsigned int some_sock(void)
{
	return one_in(3) ? rnd(SOCKS) : rnd(2);
}

/** gen_step() - append something, mostly one request */
void gen_step(struct seq *s)
{
	unsigned int sock = some_sock();
	struct step *step;

	switch (rnd(16)) {
	case 0:
	case 1:
		if (one_in(5))
			add_waiting(s, sock);
		else
			add_txn(s, sock);
		break;
	case 2:
		if (one_in(2))
			break;
		add_device(s, one_in(4) ? SOCK_OWN : SOCK_ROOT);
		break;
	case 3:
	case 4:
		step = seq_add(s, STEP_FRAME, 0);
		step->a = rnd(LAB_PORTS);
		step->b = rnd(6 * 6 * 11);
		break;
	case 5:
		seq_add(s, one_in(3) ? STEP_CLOSE : STEP_READ, sock);
		break;
	case 6:
		seq_add(s, STEP_ALLOW, 0)->a = rnd(2);
		break;
	default:
		add_request(s, sock, some_op(false),
			    one_in(6) ? IN_TXN : SINGLE);
	}
}

/** gen_sequence() - make a sequence of an empty one */
void gen_sequence(struct seq *s)
{
	unsigned int n = 4 + rnd(40);

	if (!one_in(4))
		add_standard(s, one_in(5) ? SOCK_OWN : SOCK_ROOT);
	while (!s->n || (n-- && s->n < SEQ_STEPS - 10))
		gen_step(s);
	for (n = rnd(1 + s->n / 8); n; n--)
		mutate_message(&s->step[rnd(s->n)]);
}
