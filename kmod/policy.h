/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy: domains, cells, settings, and the decision.
 *
 * Pure: no device, no skb, no netlink.  A policy is private to a transaction
 * while it is built and immutable once it is published.
 */
#ifndef VSEG_POLICY_H
#define VSEG_POLICY_H

#include <linux/hash.h>

#include "mark.h"
#include "rules.h"
#include "selector.h"
#include "stats.h"

/* Slot that stands for any operator domain in the key of a cell. */
#define VSEG_SLOT_ANY		0xffff

/* Key of an empty place in the table of cells; (any, any) is kept apart. */
#define VSEG_KEY_NONE		0xffffffffu

/**
 * struct vseg_cell - what the policy says of an ordered pair of domains
 * @key: vseg_key() of the pair
 * @action: enum vseg_action
 * @flags: enum vseg_cell_flags
 * @services: enum vseg_service; what passes whatever @action is
 * @quick: allows, and nobody is told: the fast path looks at nothing else
 * @state: connection tracking has to see its frames: it has stateful rules, or
 *	the cell of the other direction may have some
 * @stats: counters, shared by all policies that have the cell; NULL only for
 *	the cell that stands for "not listed"
 * @rules: its rules, where @action is %VSEG_ACTION_RULES; else NULL
 */
struct vseg_cell {
	u32 key;
	u8 action;
	u8 flags;
	u8 services;
	bool quick;
	struct vseg_cell_stats *stats;
	struct vseg_rules *rules;
	bool state;
};

static_assert(sizeof(struct vseg_cell) == 32);

/**
 * struct vseg_managed - bridges that the policy names
 * @name: interface name, or a pattern of them
 * @glob: @name is a pattern
 * @mode: enum vseg_bridge_mode
 */
struct vseg_managed {
	char name[16];
	bool glob;
	u8 mode;
};

/**
 * struct vseg_settings - switches of the policy
 * @address_resolution: the built-in pass for ARP and neighbour discovery
 * @bridge_control: the built-in pass for BPDUs and queries
 * @unmanaged: enum vseg_unmanaged
 * @flood_events: events for flooded and promiscuous copies too
 * @guard: guest ports are guarded
 * @state_pickup: TCP flows may begin in their midst
 * @state_limit: most flows at once of each source domain
 * @zone_first: first zone of connection tracking for stateful rules
 * @zone_last: last of these
 * @mark_mask: bits of skb->mark that carry the label of what the host routes
 */
struct vseg_settings {
	u8 address_resolution;
	u8 bridge_control;
	u8 unmanaged;
	u8 flood_events;
	u8 guard;
	u8 state_pickup;
	u32 state_limit;
	u16 zone_first;
	u16 zone_last;
	u32 mark_mask;
};

/**
 * struct vseg_tables - the content of a policy, shared by its generations
 * @ref: policies and transactions that use it
 * @cell_bits: log2 of the places in @cells
 * @ncells: cells in use, implicit ones included
 * @nlisted: of them, those that an operator listed
 * @nmonitor: of them, those in monitor mode
 * @nto_any: cells (s, any), without (any, any)
 * @nfrom_any: cells (any, d), without (any, any)
 * @nlists: cells whose action is %VSEG_ACTION_RULES
 * @nservices: cells with services
 * @nrules: rules of all cells
 * @nmatches: matches of all rules
 * @rule_fields: fields that some rule looks at, once vseg_tables_seal() was here
 * @stateful: there are frames that connection tracking has to see, likewise
 * @ndomains: operator domains
 * @nbridges: used places in @bridges
 * @warnings: enum vseg_warning
 * @settings: see struct vseg_settings
 * @cells: open-addressed hash table, at most half full
 * @any_any: the cell (any, any); its stats are NULL when it isn't listed
 * @slots: @domains by slot, once vseg_route_seal() was here; else NULL
 * @domains: hash table of domain names
 * @selectors: which ports get which domain
 * @bridges: managed bridges
 */
struct vseg_tables {
	refcount_t ref;
	u8 cell_bits;
	u32 ncells;
	u32 nlisted;
	u32 nmonitor;
	u32 nto_any;
	u32 nfrom_any;
	u32 nlists;
	u32 nservices;
	u32 nrules;
	u32 nmatches;
	u16 rule_fields;
	bool stateful;
	u32 ndomains;
	u32 nbridges;
	u32 warnings;
	struct vseg_settings settings;
	struct vseg_cell *cells;
	struct vseg_cell any_any;
	struct vseg_slots *slots;
	struct vseg_domain_set domains;
	struct vseg_selector_set selectors;
	struct vseg_managed bridges[VSEG_MAX_BRIDGES];
};

/**
 * struct vseg_policy - a policy in force
 * @cells: of @tables
 * @cell_bits: of @tables
 * @cursor: which bit of vseg_binding.active counts, 0 or 1
 * @wild: there are cells with a wildcard
 * @to_any: of them, (s, any)
 * @from_any: of them, (any, d)
 * @services: there are cells with services
 * @stateful: of @tables
 * @plain: nothing speaks for a pair that isn't listed, and of its flooded copies
 *	nobody wants to hear
 * @mark: by the mark mask of @settings
 * @mark_leaving: no longer: it is the mark of the policy before, for frames
 *	that were on their way
 * @settings: of @tables
 * @generation: counts commits
 * @tables: the content
 * @rwork: frees it after a grace period
 *
 * Small, so that a relabelled port needs no more than a new one of these: all
 * that one frame sees hangs off one pointer.
 */
struct vseg_policy {
	const struct vseg_cell *cells;
	u8 cell_bits;
	u8 cursor;
	bool wild;
	bool to_any;
	bool from_any;
	bool services;
	bool stateful;
	bool plain;
	bool mark_leaving;
	struct vseg_mark mark;
	struct vseg_settings settings;
	u64 generation;
	struct vseg_tables *tables;
	struct rcu_work rwork;
};

/**
 * enum vseg_class - what a frame is to the built-in passes
 * @VSEG_CLASS_OTHER: nothing that a pass knows
 * @VSEG_CLASS_RESOLUTION: well-formed ARP, RARP, NS or NA
 * @VSEG_CLASS_BPDU: well-formed spanning tree BPDU
 * @VSEG_CLASS_QUERY: well-formed IGMP or MLD query
 * @VSEG_CLASS_DHCP_REQUEST: well-formed message of a DHCP client
 * @VSEG_CLASS_DHCP_REPLY: well-formed message of a DHCP server
 * @VSEG_CLASS_DHCPV6_REQUEST: well-formed message of a DHCPv6 client
 * @VSEG_CLASS_DHCPV6_REPLY: well-formed message of a DHCPv6 server
 * @VSEG_CLASS_ROUTER_SOLICITATION: well-formed router solicitation
 * @VSEG_CLASS_ROUTER_ADVERTISEMENT: well-formed router advertisement
 * @VSEG_CLASS_MDNS: well-formed multicast DNS message
 */
enum vseg_class {
	VSEG_CLASS_OTHER,
	VSEG_CLASS_RESOLUTION,
	VSEG_CLASS_BPDU,
	VSEG_CLASS_QUERY,
	VSEG_CLASS_DHCP_REQUEST,
	VSEG_CLASS_DHCP_REPLY,
	VSEG_CLASS_DHCPV6_REQUEST,
	VSEG_CLASS_DHCPV6_REPLY,
	VSEG_CLASS_ROUTER_SOLICITATION,
	VSEG_CLASS_ROUTER_ADVERTISEMENT,
	VSEG_CLASS_MDNS,
};

/**
 * struct vseg_frame - what a decision looks at
 * @src: slot of the source domain
 * @dst: slot of the destination domain
 * @class: enum vseg_class
 * @own: the bridge itself made it
 * @trunk: it entered by a trunk port
 * @guests: it goes from a guest port to a guest port
 * @fields: what rules look at; where a cell has some
 */
struct vseg_frame {
	u16 src;
	u16 dst;
	u8 class;
	bool own;
	bool trunk;
	bool guests;
	const struct vseg_fields *fields;
};

/**
 * struct vseg_verdict - a decision
 * @reason: %VSEG_REASON_NONE when the frame may pass
 * @pass: the built-in pass that let it through, or %VSEG_PASS_NONE
 * @cell: the cell that decided, or whose silence did; its stats are NULL when
 *	no cell lists the pair
 * @rule: the rule that decided, or NULL
 * @index: its place in the cell
 */
struct vseg_verdict {
	u8 reason;
	u8 pass;
	const struct vseg_cell *cell;
	const struct vseg_rule *rule;
	u32 index;
};

static inline u32 vseg_key(u16 src, u16 dst)
{
	return (u32)src << 16 | dst;
}

static inline u16 vseg_key_src(u32 key)
{
	return key >> 16;
}

static inline u16 vseg_key_dst(u32 key)
{
	return key & 0xffff;
}

static inline bool vseg_slot_is_operator(u16 slot)
{
	return slot >= VSEG_SLOT_FIRST && slot != VSEG_SLOT_ANY;
}

/* Finds a listed or implicit cell; NULL without one.  At most half full, so
 * it always meets an empty place.
 */
static inline const struct vseg_cell *
vseg_cell_find(const struct vseg_cell *cells, u8 bits, u32 key)
{
	u32 mask = (1u << bits) - 1;
	u32 i = hash_32(key, bits);

	for (;; i = (i + 1) & mask) {
		if (likely(cells[i].key == key))
			return &cells[i];
		if (cells[i].key == VSEG_KEY_NONE)
			return NULL;
	}
}

/* What a pair is told that no cell lists. */
extern const struct vseg_cell vseg_not_listed;

const struct vseg_cell *vseg_policy_ask_wildcards(const struct vseg_policy *policy,
						  u16 src, u16 dst);

/**
 * vseg_policy_wildcard - the cell for a pair that isn't listed itself
 * @policy: policy in force
 * @src: slot of the source domain
 * @dst: slot of the destination domain
 *
 * Return: as vseg_policy_cell().
 */
static inline const struct vseg_cell *
vseg_policy_wildcard(const struct vseg_policy *policy, u16 src, u16 dst)
{
	return policy->wild ? vseg_policy_ask_wildcards(policy, src, dst) :
			      &vseg_not_listed;
}

/**
 * vseg_policy_cell - the cell that speaks for an ordered pair of domains
 * @policy: policy in force
 * @src: slot of the source domain
 * @dst: slot of the destination domain
 *
 * Return: the cell, never NULL; the same denying cell without stats for all
 * pairs that no cell speaks for.
 */
static inline const struct vseg_cell *
vseg_policy_cell(const struct vseg_policy *policy, u16 src, u16 dst)
{
	const struct vseg_cell *cell;

	cell = vseg_cell_find(policy->cells, policy->cell_bits,
			      vseg_key(src, dst));
	if (likely(cell))
		return cell;
	return vseg_policy_wildcard(policy, src, dst);
}

static inline bool vseg_cell_stateful(const struct vseg_cell *cell)
{
	return cell->rules && cell->rules->stateful;
}

/**
 * vseg_policy_back_stateful - may a frame be the answer to another?
 * @policy: policy in force
 * @src: slot of its source domain
 * @dst: slot of its destination domain
 *
 * Return: whether stateful rules let flows begin in the other direction.
 */
static inline bool vseg_policy_back_stateful(const struct vseg_policy *policy,
					     u16 src, u16 dst)
{
	return vseg_cell_stateful(vseg_policy_cell(policy, dst, src));
}

static inline bool vseg_tables_has_domain(const struct vseg_tables *t,
					  const struct vseg_domain *domain)
{
	return !vseg_slot_is_operator(domain->slot) ||
	       vseg_domain_set_find(&t->domains, domain->name) == domain;
}

/**
 * vseg_tables_permit - what a guest may send that guards drop otherwise
 * @t: tables
 * @domain: its domain
 * @guard: what the operator says of it, or NULL
 *
 * Return: enum vseg_guard_permit.
 */
static inline u32 vseg_tables_permit(const struct vseg_tables *t,
				     const struct vseg_domain *domain,
				     const struct vseg_guard *guard)
{
	return (guard ? guard->permit : 0) |
	       vseg_domain_set_permits(&t->domains, domain);
}

/**
 * vseg_policy_deny_reason - why a pair of domains gets nothing
 * @cell: vseg_policy_cell() of the pair, which denies
 * @src: slot of the source domain
 * @dst: slot of the destination domain
 *
 * Return: enum vseg_reason.
 */
static inline u8 vseg_policy_deny_reason(const struct vseg_cell *cell, u16 src,
					 u16 dst)
{
	if (src == VSEG_SLOT_UNLABELLED)
		return VSEG_REASON_UNLABELLED_SRC;
	if (dst == VSEG_SLOT_UNLABELLED)
		return VSEG_REASON_UNLABELLED_DST;
	return cell->stats ? VSEG_REASON_CELL_DENY : VSEG_REASON_DEFAULT_DENY;
}

/**
 * vseg_policy_ruled - what the rules of a cell have decided, as a verdict
 * @cell: the cell
 * @reason: what vseg_rules_decide() says
 * @index: likewise
 * @verdict: result
 */
static inline void vseg_policy_ruled(const struct vseg_cell *cell, u8 reason,
				     u32 index, struct vseg_verdict *verdict)
{
	const struct vseg_rules *rules = cell->rules;

	verdict->reason = reason;
	verdict->pass = VSEG_PASS_NONE;
	verdict->cell = cell;
	verdict->rule = index < rules->n ? rules->rule[index] : NULL;
	verdict->index = index;
}

/**
 * vseg_policy_ask_rules - decide one frame, by the rules of its cell
 * @cell: vseg_policy_cell() of the frame's domains, with rules
 * @fields: the frame
 * @verdict: the decision
 */
static inline void vseg_policy_ask_rules(const struct vseg_cell *cell,
					 const struct vseg_fields *fields,
					 struct vseg_verdict *verdict)
{
	u32 index;
	u8 reason = vseg_rules_decide(cell->rules, fields, &index);

	vseg_policy_ruled(cell, reason, index, verdict);
}

void vseg_policy_init(struct vseg_policy *policy, struct vseg_tables *t,
		      u8 cursor);
bool vseg_policy_wants_class(const struct vseg_policy *policy,
			     const struct vseg_cell *cell,
			     const struct vseg_frame *frame);
bool vseg_policy_wants_service(const struct vseg_policy *policy,
			       const struct vseg_cell *cell,
			       const struct vseg_frame *frame);
void vseg_policy_ask_cell(const struct vseg_cell *cell,
			  const struct vseg_frame *frame,
			  struct vseg_verdict *verdict);
void vseg_policy_ask_passes(const struct vseg_policy *policy,
			    const struct vseg_frame *frame,
			    struct vseg_verdict *verdict);
void vseg_policy_decide(const struct vseg_policy *policy,
			const struct vseg_cell *cell,
			const struct vseg_frame *frame,
			struct vseg_verdict *verdict);

/* Building: tables.c. */
struct vseg_tables *vseg_tables_alloc(gfp_t gfp);
struct vseg_tables *vseg_tables_copy(const struct vseg_tables *from);
void vseg_tables_put(struct vseg_tables *t);

int vseg_tables_add_domain(struct vseg_tables *t, struct vseg_domain *domain,
			   struct vseg_cell_pool *pool);
void vseg_tables_del_domain(struct vseg_tables *t, struct vseg_domain *domain);
int vseg_tables_set_cell(struct vseg_tables *t, u32 key, u8 action, u8 flags,
			 struct vseg_cell_pool *pool);
int vseg_tables_del_cell(struct vseg_tables *t, u32 key);
const struct vseg_cell *vseg_tables_cell(const struct vseg_tables *t, u32 key);
int vseg_tables_seal(struct vseg_tables *t);
void vseg_tables_mark_back(struct vseg_tables *t, u16 a, u16 b);
void vseg_tables_mark_kept(struct vseg_tables *t, const struct vseg_tables *old);
u32 vseg_tables_domain_cells(const struct vseg_tables *t, u16 slot);
bool vseg_tables_ties(const struct vseg_tables *t);

struct vseg_managed *vseg_tables_bridge(struct vseg_tables *t,
					const char *name);
struct vseg_managed *vseg_tables_bridge_entry(struct vseg_tables *t,
					      const char *name);
int vseg_tables_add_bridge(struct vseg_tables *t, const char *name, u8 mode);
void vseg_tables_del_bridge(struct vseg_tables *t, struct vseg_managed *m);

/* Rules and services of cells: cell.c. */
void vseg_tables_set_services(struct vseg_tables *t, u32 key, u8 services);
int vseg_tables_add_rule(struct vseg_tables *t, u32 key,
			 struct vseg_rule *rule, u32 at);
int vseg_tables_del_rule(struct vseg_tables *t, u32 key, u32 at);
int vseg_tables_clear_rules(struct vseg_tables *t, u32 key);

#endif /* VSEG_POLICY_H */
