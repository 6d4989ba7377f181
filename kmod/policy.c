// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: deciding by it.
 */
#include "policy.h"

const struct vseg_cell vseg_not_listed = {
	.key = VSEG_KEY_NONE,
	.action = VSEG_ACTION_DENY,
};

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
	policy->wild = t->nto_any || t->nfrom_any || t->any_any.stats;
	policy->to_any = t->nto_any;
	policy->from_any = t->nfrom_any;
	policy->services = t->nservices;
	policy->stateful = t->stateful;
	policy->plain = !policy->wild && !policy->services &&
			!t->settings.flood_events;
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

/**
 * vseg_policy_ask_wildcards - the cell for a pair that isn't listed itself
 * @policy: policy in force, with a wildcard
 * @src: slot of the source domain
 * @dst: slot of the destination domain
 *
 * "any" stands for operator domains only, never for unlabelled, host and
 * routed.
 *
 * Return: as vseg_policy_cell().
 */
const struct vseg_cell *vseg_policy_ask_wildcards(const struct vseg_policy *policy,
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

static bool vseg_frame_host(const struct vseg_frame *frame)
{
	return frame->src == VSEG_SLOT_HOST || frame->dst == VSEG_SLOT_HOST;
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
	/* What goes by the host's routing to others has to find the host. */
	if (policy->settings.mark_mask && vseg_frame_host(frame))
		return true;
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
		/* Who asks describes the frame; a list without that lets
		 * nothing pass.
		 */
		if (frame->fields)
			vseg_policy_ask_rules(cell, frame->fields, verdict);
		else
			verdict->reason = VSEG_REASON_UNPARSED;
		break;
	default:
		verdict->reason = vseg_policy_deny_reason(cell, frame->src,
							  frame->dst);
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
