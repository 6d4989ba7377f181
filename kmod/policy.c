// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: building it, and deciding by it.
 */
#include <linux/string.h>

#include "policy.h"

/* Places in the smallest table of cells. */
#define VSEG_CELL_BITS_MIN	6

/* What a pair is told that no cell lists. */
static const struct vseg_cell vseg_not_listed = {
	.key = VSEG_KEY_NONE,
	.action = VSEG_ACTION_DENY,
};

static bool vseg_slot_is_operator(u16 slot)
{
	return slot >= VSEG_SLOT_FIRST && slot != VSEG_SLOT_ANY;
}

/**
 * vseg_policy_init - a policy that decides by tables
 * @policy: zeroed; holds no reference of its own
 * @t: tables
 * @cursor: which bit of vseg_binding.active counts
 */
void vseg_policy_init(struct vseg_policy *policy, struct vseg_tables *t,
		      u8 cursor)
{
	policy->tables = t;
	policy->cells = t->cells;
	policy->cell_bits = t->cell_bits;
	policy->to_any = t->nto_any;
	policy->from_any = t->nfrom_any;
	policy->services = t->nservices;
	policy->settings = t->settings;
	policy->cursor = cursor;
}

/* Which of two actions lets less pass?  Least first. */
static u8 vseg_action_rank(u8 action)
{
	switch (action) {
	case VSEG_ACTION_DENY:
		return 0;
	case VSEG_ACTION_RULES:
		return 1;
	}
	return 2;
}

/* (s, any) and (any, d) have one wildcard each: deny wins over rules and rules
 * over allow, and of two denying cells the one that is enforced.  Two lists of
 * rules would each let pass what the other doesn't, so the pair gets nothing.
 */
static const struct vseg_cell *vseg_cell_tie(const struct vseg_cell *to_any,
					     const struct vseg_cell *from_any)
{
	if (!to_any || !from_any)
		return to_any ?: from_any;
	if (to_any->action != from_any->action)
		return vseg_action_rank(to_any->action) <
		       vseg_action_rank(from_any->action) ? to_any : from_any;
	if (to_any->action == VSEG_ACTION_RULES)
		return &vseg_not_listed;
	if (to_any->flags & VSEG_CELL_FLAGS_MONITOR)
		return from_any;
	return to_any;
}

static bool vseg_actions_disagree(u8 a, u8 b)
{
	return a != b || a == VSEG_ACTION_RULES;
}

/**
 * vseg_policy_wildcard - the cell for a pair that isn't listed itself
 * @policy: policy in force
 * @src: slot of the source domain
 * @dst: slot of the destination domain
 *
 * "any" stands for operator domains only, never for unlabelled, host and
 * routed.
 *
 * Return: as vseg_policy_cell().
 */
const struct vseg_cell *vseg_policy_wildcard(const struct vseg_policy *policy,
					     u16 src, u16 dst)
{
	const struct vseg_cell *to_any = NULL, *from_any = NULL, *cell;

	if (policy->to_any && vseg_slot_is_operator(dst))
		to_any = vseg_cell_find(policy->cells, policy->cell_bits,
					vseg_key(src, VSEG_SLOT_ANY));
	if (policy->from_any && vseg_slot_is_operator(src))
		from_any = vseg_cell_find(policy->cells, policy->cell_bits,
					  vseg_key(VSEG_SLOT_ANY, dst));

	cell = vseg_cell_tie(to_any, from_any);
	if (cell)
		return cell;

	if (vseg_slot_is_operator(src) && vseg_slot_is_operator(dst) &&
	    policy->tables->any_any.stats)
		return &policy->tables->any_any;
	return &vseg_not_listed;
}

static bool vseg_cell_carries_ip(const struct vseg_cell *cell)
{
	return cell->action == VSEG_ACTION_ALLOW ||
	       (cell->action == VSEG_ACTION_RULES && cell->rules->carries_ip);
}

static bool vseg_frame_unlabelled(const struct vseg_frame *frame)
{
	return frame->src == VSEG_SLOT_UNLABELLED ||
	       frame->dst == VSEG_SLOT_UNLABELLED;
}

static const struct vseg_cell *vseg_policy_back(const struct vseg_policy *policy,
						const struct vseg_frame *frame)
{
	return vseg_policy_cell(policy, frame->dst, frame->src);
}

/* Address resolution may pass where a cell of either direction carries IP. */
static bool vseg_pass_resolution(const struct vseg_policy *policy,
				 const struct vseg_cell *cell,
				 const struct vseg_frame *frame)
{
	if (!policy->settings.address_resolution ||
	    vseg_frame_unlabelled(frame))
		return false;
	return vseg_cell_carries_ip(cell) ||
	       vseg_cell_carries_ip(vseg_policy_back(policy, frame));
}

/* Queries keep multicast and neighbour discovery alive: from the bridge's own
 * querier, or from the network behind a trunk port.
 */
static bool vseg_pass_query(const struct vseg_policy *policy,
			    const struct vseg_frame *frame)
{
	if (!policy->settings.bridge_control ||
	    frame->dst == VSEG_SLOT_UNLABELLED)
		return false;
	return frame->own ||
	       (frame->trunk && frame->src != VSEG_SLOT_UNLABELLED);
}

/* Without its own BPDUs a bridge makes loops, so they pass to unlabelled
 * ports as well: they tell nothing of any domain.
 */
static bool vseg_pass_bpdu(const struct vseg_policy *policy,
			   const struct vseg_frame *frame)
{
	return policy->settings.bridge_control && frame->own;
}

/* The services that a class of frames belongs to: as a client's, and as a
 * server's.
 */
static const struct {
	u8 client;
	u8 server;
} vseg_class_services[] = {
	[VSEG_CLASS_DHCP_REQUEST] = { .client = VSEG_SERVICE_DHCP },
	[VSEG_CLASS_DHCP_REPLY] = { .server = VSEG_SERVICE_DHCP },
	[VSEG_CLASS_DHCPV6_REQUEST] = { .client = VSEG_SERVICE_DHCPV6 },
	[VSEG_CLASS_DHCPV6_REPLY] = { .server = VSEG_SERVICE_DHCPV6 },
	[VSEG_CLASS_ROUTER_SOLICITATION] = { .client = VSEG_SERVICE_RA },
	[VSEG_CLASS_ROUTER_ADVERTISEMENT] = { .server = VSEG_SERVICE_RA },
	/* Whoever has a question asks, on both sides. */
	[VSEG_CLASS_MDNS] = {
		.client = VSEG_SERVICE_MDNS,
		.server = VSEG_SERVICE_MDNS,
	},
};

static_assert(ARRAY_SIZE(vseg_class_services) == VSEG_CLASS_MDNS + 1);

/* A service passes from the source of its cell, and its answers back. */
static bool vseg_pass_service(const struct vseg_policy *policy,
			      const struct vseg_cell *cell,
			      const struct vseg_frame *frame)
{
	u8 client = vseg_class_services[frame->class].client;
	u8 server = vseg_class_services[frame->class].server;

	if (!policy->services || vseg_frame_unlabelled(frame))
		return false;
	return cell->services & client ||
	       (server && vseg_policy_back(policy, frame)->services & server);
}

/* Guests that are isolated from each other meet nothing but services. */
static bool vseg_isolated(const struct vseg_cell *cell,
			  const struct vseg_frame *frame)
{
	return cell->flags & VSEG_CELL_FLAGS_ISOLATE && frame->guests;
}

static u8 vseg_policy_pass(const struct vseg_policy *policy,
			   const struct vseg_cell *cell,
			   const struct vseg_frame *frame)
{
	if (vseg_pass_service(policy, cell, frame))
		return VSEG_PASS_SERVICE;
	if (vseg_isolated(cell, frame))
		return VSEG_PASS_NONE;

	switch (frame->class) {
	case VSEG_CLASS_RESOLUTION:
		if (vseg_pass_resolution(policy, cell, frame))
			return VSEG_PASS_ADDRESS_RESOLUTION;
		break;
	case VSEG_CLASS_BPDU:
		if (vseg_pass_bpdu(policy, frame))
			return VSEG_PASS_BRIDGE_CONTROL;
		break;
	case VSEG_CLASS_QUERY:
		if (vseg_pass_query(policy, frame))
			return VSEG_PASS_BRIDGE_CONTROL;
		break;
	}
	return VSEG_PASS_NONE;
}

/**
 * vseg_policy_wants_service - could a service let this denied frame through?
 * @policy: policy in force
 * @cell: vseg_policy_cell() of the frame's domains
 * @frame: the frame, its class not looked at
 *
 * Return: whether its class is worth looking at for that.
 */
bool vseg_policy_wants_service(const struct vseg_policy *policy,
			       const struct vseg_cell *cell,
			       const struct vseg_frame *frame)
{
	if (!policy->services || vseg_frame_unlabelled(frame))
		return false;
	return cell->services || vseg_policy_back(policy, frame)->services;
}

/**
 * vseg_policy_wants_class - could a pass let this denied frame through?
 * @policy: policy in force
 * @cell: vseg_policy_cell() of the frame's domains
 * @frame: the frame, its class not looked at
 *
 * Saves the parsing of frames that no pass would let through whatever they
 * are: most denied copies of a broadcast.
 *
 * Return: whether its class is worth looking at.
 */
bool vseg_policy_wants_class(const struct vseg_policy *policy,
			     const struct vseg_cell *cell,
			     const struct vseg_frame *frame)
{
	return vseg_pass_bpdu(policy, frame) ||
	       vseg_pass_query(policy, frame) ||
	       vseg_pass_resolution(policy, cell, frame) ||
	       vseg_policy_wants_service(policy, cell, frame);
}

static u8 vseg_deny_reason(const struct vseg_frame *frame,
			   const struct vseg_cell *cell)
{
	if (frame->src == VSEG_SLOT_UNLABELLED)
		return VSEG_REASON_UNLABELLED_SRC;
	if (frame->dst == VSEG_SLOT_UNLABELLED)
		return VSEG_REASON_UNLABELLED_DST;
	return cell->stats ? VSEG_REASON_CELL_DENY : VSEG_REASON_DEFAULT_DENY;
}

static u8 vseg_ask_rules(const struct vseg_rules *rules,
			 const struct vseg_frame *frame,
			 struct vseg_verdict *verdict)
{
	u8 reason;

	/* Who asks describes the frame; a list without that lets nothing
	 * pass.
	 */
	if (!frame->fields)
		return VSEG_REASON_UNPARSED;
	reason = vseg_rules_decide(rules, frame->fields, &verdict->index);
	if (verdict->index < rules->n)
		verdict->rule = rules->rule[verdict->index];
	return reason;
}

/**
 * vseg_policy_ask_cell - decide one frame, by its cell alone
 * @cell: vseg_policy_cell() of the frame's domains
 * @frame: the frame, its class not looked at
 * @verdict: the decision
 */
void vseg_policy_ask_cell(const struct vseg_cell *cell,
			  const struct vseg_frame *frame,
			  struct vseg_verdict *verdict)
{
	*verdict = (struct vseg_verdict) {
		.reason = VSEG_REASON_NONE,
		.pass = VSEG_PASS_NONE,
		.cell = cell,
	};
	switch (cell->action) {
	case VSEG_ACTION_ALLOW:
		if (vseg_isolated(cell, frame))
			verdict->reason = VSEG_REASON_ISOLATED;
		break;
	case VSEG_ACTION_RULES:
		verdict->reason = vseg_ask_rules(cell->rules, frame, verdict);
		break;
	default:
		verdict->reason = vseg_deny_reason(frame, cell);
	}
}

/**
 * vseg_policy_ask_passes - may a frame pass that its cell denies?
 * @policy: policy in force
 * @frame: the frame
 * @verdict: what its cell says of it; changed where it may
 */
void vseg_policy_ask_passes(const struct vseg_policy *policy,
			    const struct vseg_frame *frame,
			    struct vseg_verdict *verdict)
{
	verdict->pass = vseg_policy_pass(policy, verdict->cell, frame);
	if (verdict->pass == VSEG_PASS_NONE)
		return;
	verdict->reason = VSEG_REASON_NONE;
	verdict->rule = NULL;
}

/**
 * vseg_policy_decide - decide one frame
 * @policy: policy in force
 * @cell: vseg_policy_cell() of the frame's domains
 * @frame: the frame
 * @verdict: the decision
 *
 * Monitor mode is not looked at: the verdict says what the policy wants.
 */
void vseg_policy_decide(const struct vseg_policy *policy,
			const struct vseg_cell *cell,
			const struct vseg_frame *frame,
			struct vseg_verdict *verdict)
{
	vseg_policy_ask_cell(cell, frame, verdict);
	if (verdict->reason != VSEG_REASON_NONE)
		vseg_policy_ask_passes(policy, frame, verdict);
}

/*
 * Building.  All of this works on tables that no frame can see yet.
 */

static struct vseg_cell *vseg_cells_alloc(u8 bits, gfp_t gfp)
{
	struct vseg_cell *cells;
	size_t n = 1UL << bits;

	cells = kvcalloc(n, sizeof(*cells), gfp);
	if (!cells)
		return NULL;
	while (n--)
		cells[n].key = VSEG_KEY_NONE;
	return cells;
}

/**
 * vseg_tables_alloc - an empty policy
 * @gfp: allocation flags
 *
 * Return: tables with one reference, the caller's; or NULL.
 */
struct vseg_tables *vseg_tables_alloc(gfp_t gfp)
{
	struct vseg_tables *t;

	t = kvzalloc(sizeof(*t), gfp);
	if (!t)
		return NULL;

	t->cell_bits = VSEG_CELL_BITS_MIN;
	t->cells = vseg_cells_alloc(t->cell_bits, gfp);
	if (!t->cells) {
		kvfree(t);
		return NULL;
	}
	refcount_set(&t->ref, 1);
	t->any_any.key = VSEG_KEY_NONE;
	t->settings.address_resolution = 1;
	t->settings.bridge_control = 1;
	t->settings.guard = 1;
	return t;
}

/* A cell, or an empty place, holds its counters and its rules. */
static void vseg_cell_hold(const struct vseg_cell *cell)
{
	if (cell->stats)
		refcount_inc(&cell->stats->ref);
	if (cell->rules)
		refcount_inc(&cell->rules->ref);
}

static void vseg_cell_drop(struct vseg_cell *cell)
{
	if (cell->stats)
		vseg_cell_stats_put(cell->stats);
	vseg_rules_put(cell->rules);
	cell->stats = NULL;
	cell->rules = NULL;
}

/**
 * vseg_tables_put - give a reference back
 * @t: tables, or NULL
 *
 * Context: process, may sleep.
 */
void vseg_tables_put(struct vseg_tables *t)
{
	size_t i;

	if (!t || !refcount_dec_and_test(&t->ref))
		return;

	for (i = 0; t->cells && i < 1UL << t->cell_bits; i++)
		vseg_cell_drop(&t->cells[i]);
	vseg_cell_drop(&t->any_any);
	vseg_selector_set_clear(&t->selectors);
	vseg_domain_set_clear(&t->domains);
	kvfree(t->cells);
	kvfree(t);
}

/* The table is no more than half full, or vseg_cell_find() would not end. */
static struct vseg_cell *vseg_cells_place(struct vseg_cell *cells, u8 bits,
					  u32 key)
{
	u32 mask = (1u << bits) - 1;
	u32 i = hash_32(key, bits);

	while (cells[i].key != VSEG_KEY_NONE && cells[i].key != key)
		i = (i + 1) & mask;
	return &cells[i];
}

static void vseg_cells_fill(struct vseg_cell *to, u8 to_bits,
			    const struct vseg_cell *from, u8 from_bits)
{
	size_t i;

	for (i = 0; i < 1UL << from_bits; i++)
		if (from[i].key != VSEG_KEY_NONE)
			*vseg_cells_place(to, to_bits, from[i].key) = from[i];
}

/**
 * vseg_tables_copy - a private copy to edit
 * @from: tables of a policy
 *
 * Context: process, may sleep; the caller holds a reference to @from.
 * Return: tables with one reference, the caller's; or NULL.
 */
struct vseg_tables *vseg_tables_copy(const struct vseg_tables *from)
{
	struct vseg_tables *t;
	size_t i;

	t = kvmalloc(sizeof(*t), VSEG_GFP_TABLE);
	if (!t)
		return NULL;
	memcpy(t, from, sizeof(*t));
	refcount_set(&t->ref, 1);
	memset(&t->domains, 0, sizeof(t->domains));
	memset(&t->selectors, 0, sizeof(t->selectors));
	t->any_any.stats = NULL;
	t->any_any.rules = NULL;
	t->cells = kvmalloc_array(1UL << t->cell_bits, sizeof(*t->cells),
				  VSEG_GFP_TABLE);
	if (!t->cells)
		goto err;

	memcpy(t->cells, from->cells, sizeof(*t->cells) << t->cell_bits);
	for (i = 0; i < 1UL << t->cell_bits; i++)
		vseg_cell_hold(&t->cells[i]);
	t->any_any = from->any_any;
	vseg_cell_hold(&t->any_any);

	if (vseg_domain_set_copy(&t->domains, &from->domains) ||
	    vseg_selector_set_copy(&t->selectors, &from->selectors))
		goto err;
	return t;

err:
	vseg_tables_put(t);
	return NULL;
}

/* Makes room for one more cell. */
static int vseg_cells_reserve(struct vseg_tables *t)
{
	u8 bits = t->cell_bits + 1;
	struct vseg_cell *cells;

	if ((t->ncells + 1) * 2 <= 1u << t->cell_bits)
		return 0;

	cells = vseg_cells_alloc(bits, VSEG_GFP_TABLE);
	if (!cells)
		return -ENOMEM;
	vseg_cells_fill(cells, bits, t->cells, t->cell_bits);
	kvfree(t->cells);
	t->cells = cells;
	t->cell_bits = bits;
	return 0;
}

/* Takes a cell out and moves those behind it up, so that no search meets an
 * empty place before its key.
 */
static void vseg_cells_remove(struct vseg_tables *t, struct vseg_cell *cell)
{
	u32 mask = (1u << t->cell_bits) - 1;
	u32 hole = cell - t->cells;
	u32 i = hole;

	t->nto_any -= vseg_key_dst(cell->key) == VSEG_SLOT_ANY;
	t->nfrom_any -= vseg_key_src(cell->key) == VSEG_SLOT_ANY;
	vseg_cell_drop(cell);
	for (;;) {
		u32 home;

		i = (i + 1) & mask;
		if (t->cells[i].key == VSEG_KEY_NONE)
			break;
		home = hash_32(t->cells[i].key, t->cell_bits);
		/* Stays where it is when its home lies behind the hole. */
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		t->cells[hole] = t->cells[i];
		hole = i;
	}
	t->cells[hole] = (struct vseg_cell) { .key = VSEG_KEY_NONE };
	t->ncells--;
}

static struct vseg_cell *vseg_cell_slot(struct vseg_tables *t, u32 key)
{
	if (key == VSEG_KEY_NONE)
		return t->any_any.stats ? &t->any_any : NULL;
	return (struct vseg_cell *)vseg_cell_find(t->cells, t->cell_bits, key);
}

/**
 * vseg_tables_cell - look a cell up as it is listed, without wildcards
 * @t: tables
 * @key: vseg_key(), with %VSEG_SLOT_ANY for any
 *
 * Return: the cell, which may be implicit, or NULL.
 */
const struct vseg_cell *vseg_tables_cell(const struct vseg_tables *t, u32 key)
{
	return vseg_cell_slot((struct vseg_tables *)t, key);
}

/* What the tables count of a cell, and no longer. */
static void vseg_cell_uncount(struct vseg_tables *t,
			      const struct vseg_cell *cell)
{
	if (cell->flags & VSEG_CELL_FLAGS_MONITOR)
		t->nmonitor--;
	if (!(cell->flags & VSEG_CELL_FLAGS_IMPLICIT))
		t->nlisted--;
	if (cell->services)
		t->nservices--;
	if (cell->rules) {
		t->nlists--;
		t->nrules -= cell->rules->n;
		t->nmatches -= cell->rules->nmatches;
	}
}

/* Takes the rules over, which may be the cell's own; without services. */
static void vseg_cell_write(struct vseg_tables *t, struct vseg_cell *cell,
			    u8 action, u8 flags, struct vseg_rules *rules)
{
	if (cell->rules != rules)
		vseg_rules_put(cell->rules);
	cell->rules = rules;
	cell->action = action;
	cell->flags = flags;
	cell->services = 0;
	cell->quick = action == VSEG_ACTION_ALLOW &&
		      !(flags & (VSEG_CELL_FLAGS_LOG |
				 VSEG_CELL_FLAGS_ISOLATE));
	if (flags & VSEG_CELL_FLAGS_MONITOR)
		t->nmonitor++;
	if (!(flags & VSEG_CELL_FLAGS_IMPLICIT))
		t->nlisted++;
	if (rules) {
		t->nlists++;
		t->nrules += rules->n;
		t->nmatches += rules->nmatches;
	}
}

/* A new cell that says nothing yet. */
static struct vseg_cell *vseg_cells_add(struct vseg_tables *t, u32 key,
					struct vseg_cell_pool *pool)
{
	struct vseg_cell *cell = &t->any_any;
	struct vseg_cell_stats *stats;

	if (vseg_cells_reserve(t))
		return NULL;
	stats = vseg_cell_stats_alloc(pool);
	if (!stats)
		return NULL;

	if (key != VSEG_KEY_NONE) {
		cell = vseg_cells_place(t->cells, t->cell_bits, key);
		t->ncells++;
		t->nto_any += vseg_key_dst(key) == VSEG_SLOT_ANY;
		t->nfrom_any += vseg_key_src(key) == VSEG_SLOT_ANY;
	}
	cell->key = key;
	cell->stats = stats;
	return cell;
}

/**
 * vseg_tables_set_cell - list a cell, or change it
 * @t: private tables
 * @key: vseg_key(), with %VSEG_SLOT_ANY for any
 * @action: enum vseg_action; a cell that has rules keeps them if it is
 *	%VSEG_ACTION_RULES again
 * @flags: enum vseg_cell_flags
 * @pool: budget of the counters of a new cell
 *
 * The cell has no services then; see vseg_tables_set_services().
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_set_cell(struct vseg_tables *t, u32 key, u8 action, u8 flags,
			 struct vseg_cell_pool *pool)
{
	struct vseg_cell *cell = vseg_cell_slot(t, key);
	struct vseg_rules *rules = NULL;

	if (action == VSEG_ACTION_RULES) {
		rules = cell && cell->rules ? cell->rules : vseg_rules_alloc();
		if (!rules)
			return -ENOMEM;
	}
	if (cell) {
		vseg_cell_uncount(t, cell);
	} else {
		cell = vseg_cells_add(t, key, pool);
		if (!cell) {
			vseg_rules_put(rules);
			return -ENOMEM;
		}
	}
	vseg_cell_write(t, cell, action, flags, rules);
	return 0;
}

/**
 * vseg_tables_del_cell - list a cell no longer
 * @t: private tables
 * @key: vseg_key(), with %VSEG_SLOT_ANY for any
 *
 * Inside a domain the implicit allow comes back.
 *
 * Return: 0, or -ENOENT when it isn't listed.
 */
int vseg_tables_del_cell(struct vseg_tables *t, u32 key)
{
	struct vseg_cell *cell = vseg_cell_slot(t, key);

	if (!cell || cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
		return -ENOENT;

	vseg_cell_uncount(t, cell);
	if (key == VSEG_KEY_NONE) {
		vseg_cell_drop(cell);
		*cell = (struct vseg_cell) { .key = VSEG_KEY_NONE };
	} else if (vseg_key_src(key) == vseg_key_dst(key) &&
		   vseg_slot_is_operator(vseg_key_src(key))) {
		vseg_cell_write(t, cell, VSEG_ACTION_ALLOW,
				VSEG_CELL_FLAGS_IMPLICIT, NULL);
	} else {
		vseg_cells_remove(t, cell);
	}
	return 0;
}

/**
 * vseg_tables_add_domain - add a domain, with the allow inside it
 * @t: private tables without the domain
 * @domain: domain; the tables take a reference of their own
 * @pool: budget of the cell's counters
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int vseg_tables_add_domain(struct vseg_tables *t, struct vseg_domain *domain,
			   struct vseg_cell_pool *pool)
{
	int err;

	err = vseg_domain_set_add(&t->domains, domain);
	if (err)
		return err;
	err = vseg_tables_set_cell(t, vseg_key(domain->slot, domain->slot),
				   VSEG_ACTION_ALLOW, VSEG_CELL_FLAGS_IMPLICIT,
				   pool);
	if (err) {
		vseg_domain_set_del(&t->domains, domain);
		return err;
	}
	t->ndomains++;
	return 0;
}

/**
 * vseg_tables_del_domain - take out a domain that no listed cell names
 * @t: private tables with the domain
 * @domain: domain
 */
void vseg_tables_del_domain(struct vseg_tables *t, struct vseg_domain *domain)
{
	u32 key = vseg_key(domain->slot, domain->slot);

	vseg_cells_remove(t, vseg_cell_slot(t, key));
	t->ndomains--;
	vseg_domain_set_del(&t->domains, domain);
}

/**
 * vseg_tables_domain_cells - count the listed cells that name a domain
 * @t: tables
 * @slot: slot of the domain
 *
 * Return: their number.
 */
u32 vseg_tables_domain_cells(const struct vseg_tables *t, u16 slot)
{
	u32 n = 0;
	size_t i;

	for (i = 0; i < 1UL << t->cell_bits; i++) {
		const struct vseg_cell *cell = &t->cells[i];

		if (cell->key == VSEG_KEY_NONE ||
		    cell->flags & VSEG_CELL_FLAGS_IMPLICIT)
			continue;
		n += vseg_key_src(cell->key) == slot ||
		     vseg_key_dst(cell->key) == slot;
	}
	return n;
}

/* Do (s, any) and (any, d) disagree about the pair of @cell? */
static bool vseg_cell_settles_tie(const struct vseg_tables *t,
				  const struct vseg_cell *cell)
{
	u16 src = vseg_key_src(cell->key);
	u16 dst = vseg_key_dst(cell->key);
	const struct vseg_cell *to_any, *from_any;

	if (!vseg_slot_is_operator(src) || !vseg_slot_is_operator(dst))
		return false;
	to_any = vseg_tables_cell(t, vseg_key(src, VSEG_SLOT_ANY));
	from_any = vseg_tables_cell(t, vseg_key(VSEG_SLOT_ANY, dst));
	return to_any && from_any &&
	       vseg_actions_disagree(to_any->action, from_any->action);
}

/**
 * vseg_tables_ties - is there a pair for which two wildcards disagree?
 * @t: tables
 *
 * Counts the pairs that (s, any) and (any, d) disagree about, less those that
 * a cell of their own settles.  One pass over the cells.
 *
 * Return: whether a pair is left.
 */
bool vseg_tables_ties(const struct vseg_tables *t)
{
	u64 to_any[VSEG_ACTION_MAX + 1] = {};
	u64 from_any[VSEG_ACTION_MAX + 1] = {};
	u64 settled = 0, ties = 0;
	size_t i, j;

	for (i = 0; i < 1UL << t->cell_bits; i++) {
		const struct vseg_cell *cell = &t->cells[i];
		u16 src = vseg_key_src(cell->key);
		u16 dst = vseg_key_dst(cell->key);

		if (cell->key == VSEG_KEY_NONE)
			continue;
		if (dst == VSEG_SLOT_ANY)
			to_any[cell->action] += vseg_slot_is_operator(src);
		else if (src == VSEG_SLOT_ANY)
			from_any[cell->action] += vseg_slot_is_operator(dst);
		else
			settled += vseg_cell_settles_tie(t, cell);
	}
	for (i = 0; i < ARRAY_SIZE(to_any); i++)
		for (j = 0; j < ARRAY_SIZE(from_any); j++)
			if (vseg_actions_disagree(i, j))
				ties += to_any[i] * from_any[j];
	return ties > settled;
}

/**
 * vseg_tables_bridge_entry - look up what the policy says of a name
 * @t: tables
 * @name: interface name or pattern, as the operator gave it
 *
 * Return: the entry of that very name or pattern, or NULL.
 */
struct vseg_managed *vseg_tables_bridge_entry(struct vseg_tables *t,
					      const char *name)
{
	u32 i;

	for (i = 0; i < t->nbridges; i++)
		if (!strcmp(t->bridges[i].name, name))
			return &t->bridges[i];
	return NULL;
}

/* Is @m a pattern that goes before @best?  The longer one does; of two that
 * are equally long the first in the alphabet, so that the order in which they
 * were added doesn't matter.
 */
static bool vseg_managed_before(const struct vseg_managed *m,
				const struct vseg_managed *best)
{
	size_t len = strlen(m->name), best_len;

	if (!best)
		return true;
	best_len = strlen(best->name);
	if (len != best_len)
		return len > best_len;
	return strcmp(m->name, best->name) < 0;
}

/**
 * vseg_tables_bridge - is a bridge of this name managed?
 * @t: tables
 * @name: interface name
 *
 * Return: the entry that names it, or else the longest pattern that fits; or
 * NULL.
 */
struct vseg_managed *vseg_tables_bridge(struct vseg_tables *t,
					const char *name)
{
	struct vseg_managed *best = NULL;
	u32 i;

	for (i = 0; i < t->nbridges; i++) {
		struct vseg_managed *m = &t->bridges[i];

		if (!m->glob && !strcmp(m->name, name))
			return m;
		if (m->glob && vseg_managed_before(m, best) &&
		    vseg_glob(m->name, name))
			best = m;
	}
	return best;
}

/**
 * vseg_tables_add_bridge - manage a bridge, or all whose names fit
 * @t: private tables without the entry
 * @name: interface name or pattern
 * @mode: enum vseg_bridge_mode
 *
 * Return: 0, or -ENOSPC when %VSEG_MAX_BRIDGES are managed.
 */
int vseg_tables_add_bridge(struct vseg_tables *t, const char *name, u8 mode)
{
	struct vseg_managed *m;

	if (t->nbridges >= VSEG_MAX_BRIDGES)
		return -ENOSPC;
	m = &t->bridges[t->nbridges++];
	strscpy(m->name, name, sizeof(m->name));
	m->glob = vseg_glob_has_wildcard(name);
	m->mode = mode;
	return 0;
}

/**
 * vseg_tables_del_bridge - manage a bridge no longer
 * @t: private tables
 * @m: one of its bridges
 */
void vseg_tables_del_bridge(struct vseg_tables *t, struct vseg_managed *m)
{
	*m = t->bridges[--t->nbridges];
}
