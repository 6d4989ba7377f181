// SPDX-License-Identifier: GPL-2.0
/* The attribute sets of Documentation/netlink/specs/vseg.yaml, once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "util.h"

/* What is exported of the names in _var##_name. */
#define NAMES(_var)							\
	const struct names _var##_names = {				\
		ARRAY_SIZE(_var##_name), _var##_name			\
	}

static const char *const kind_name[] = {
	[VSEG_PORT_KIND_UNLABELLED] = "unlabelled",
	[VSEG_PORT_KIND_GUEST] = "guest",
	[VSEG_PORT_KIND_TRUNK] = "trunk",
	[VSEG_PORT_KIND_FABRIC] = "fabric",
	[VSEG_PORT_KIND_HOST] = "host",
};

NAMES(kind);

static const char *const trust_name[] = {
	[VSEG_PORT_TRUST_NONE] = "none",
	[VSEG_PORT_TRUST_LABEL] = "label",
};

NAMES(trust);

static const char *const match_name[] = {
	[VSEG_PORT_MATCH_NONE] = "none",
	[VSEG_PORT_MATCH_EXPLICIT] = "explicit",
	[VSEG_PORT_MATCH_MAC] = "mac",
	[VSEG_PORT_MATCH_NAME] = "name",
	[VSEG_PORT_MATCH_ALIAS] = "alias",
	[VSEG_PORT_MATCH_GLOB] = "glob",
	[VSEG_PORT_MATCH_GROUP] = "group",
	[VSEG_PORT_MATCH_AMBIGUOUS] = "ambiguous",
	[VSEG_PORT_MATCH_HARDWARE] = "hardware",
};

NAMES(match);

static const char *const selector_type_name[] = {
	[VSEG_SELECTOR_TYPE_MAC] = "mac",
	[VSEG_SELECTOR_TYPE_NAME] = "name",
	[VSEG_SELECTOR_TYPE_ALIAS] = "alias",
	[VSEG_SELECTOR_TYPE_GLOB] = "glob",
	[VSEG_SELECTOR_TYPE_GROUP] = "group",
};

NAMES(selector_type);

static const char *const mode_name[] = {
	[VSEG_BRIDGE_MODE_ENFORCE] = "enforce",
	[VSEG_BRIDGE_MODE_MONITOR] = "monitor",
};

NAMES(mode);

static const char *const action_name[] = {
	[VSEG_ACTION_DENY] = "deny",
	[VSEG_ACTION_ALLOW] = "allow",
	[VSEG_ACTION_RULES] = "rules",
};

NAMES(action);

static const char *const unmanaged_name[] = {
	[VSEG_UNMANAGED_PASS] = "pass",
	[VSEG_UNMANAGED_DROP] = "drop",
};

NAMES(unmanaged);

static const char *const hook_name[] = {
	[VSEG_HOOK_FORWARD] = "forward",
	[VSEG_HOOK_LOCAL_IN] = "local-in",
	[VSEG_HOOK_LOCAL_OUT] = "local-out",
	[VSEG_HOOK_INGRESS] = "ingress",
	[VSEG_HOOK_ROUTE_IN] = "route-in",
	[VSEG_HOOK_ROUTE_FORWARD] = "route-forward",
};

NAMES(hook);

static const char *const reason_name[] = {
	[VSEG_REASON_NONE] = "none",
	[VSEG_REASON_DEFAULT_DENY] = "default-deny",
	[VSEG_REASON_CELL_DENY] = "cell-deny",
	[VSEG_REASON_UNLABELLED_SRC] = "unlabelled-src",
	[VSEG_REASON_UNLABELLED_DST] = "unlabelled-dst",
	[VSEG_REASON_FLOOD] = "flood",
	[VSEG_REASON_PROMISC] = "promisc",
	[VSEG_REASON_VLAN_AMBIGUOUS] = "vlan-ambiguous",
	[VSEG_REASON_LOCKDOWN] = "lockdown",
	[VSEG_REASON_UNMANAGED] = "unmanaged",
	[VSEG_REASON_INTERNAL] = "internal",
	[VSEG_REASON_RULE_DENY] = "rule-deny",
	[VSEG_REASON_NO_RULE] = "no-rule",
	[VSEG_REASON_UNPARSED] = "unparsed",
	[VSEG_REASON_ISOLATED] = "isolated",
	[VSEG_REASON_GUARD_MAC] = "guard-mac",
	[VSEG_REASON_GUARD_ADDRESS] = "guard-address",
	[VSEG_REASON_GUARD_RESOLUTION] = "guard-resolution",
	[VSEG_REASON_GUARD_DHCP] = "guard-dhcp",
	[VSEG_REASON_GUARD_ROUTER] = "guard-router",
	[VSEG_REASON_GUARD_SPANNING_TREE] = "guard-spanning-tree",
	[VSEG_REASON_GUARD_LINK_LOCAL] = "guard-link-local",
	[VSEG_REASON_GUARD_MULTICAST_ROUTER] = "guard-multicast-router",
	[VSEG_REASON_GUARD_UNPARSED] = "guard-unparsed",
	[VSEG_REASON_OTHER_HOST] = "other-host",
	[VSEG_REASON_FRAGMENT] = "fragment",
	[VSEG_REASON_STATE_INVALID] = "state-invalid",
	[VSEG_REASON_STATE_MISMATCH] = "state-mismatch",
	[VSEG_REASON_STATE_FULL] = "state-full",
	[VSEG_REASON_LABEL_LOST] = "label-lost",
};

NAMES(reason);

static const char *const pass_name[] = {
	[VSEG_PASS_NONE] = "none",
	[VSEG_PASS_ADDRESS_RESOLUTION] = "address-resolution",
	[VSEG_PASS_BRIDGE_CONTROL] = "bridge-control",
	[VSEG_PASS_SERVICE] = "service",
	[VSEG_PASS_STATE] = "state",
};

NAMES(pass);

static const char *const frame_class_name[] = {
	[VSEG_FRAME_CLASS_OTHER] = "other",
	[VSEG_FRAME_CLASS_ADDRESS_RESOLUTION] = "address-resolution",
	[VSEG_FRAME_CLASS_BPDU] = "bpdu",
	[VSEG_FRAME_CLASS_QUERY] = "query",
	[VSEG_FRAME_CLASS_DHCP_REQUEST] = "dhcp-request",
	[VSEG_FRAME_CLASS_DHCP_REPLY] = "dhcp-reply",
	[VSEG_FRAME_CLASS_DHCPV6_REQUEST] = "dhcpv6-request",
	[VSEG_FRAME_CLASS_DHCPV6_REPLY] = "dhcpv6-reply",
	[VSEG_FRAME_CLASS_ROUTER_SOLICITATION] = "router-solicitation",
	[VSEG_FRAME_CLASS_ROUTER_ADVERTISEMENT] = "router-advertisement",
	[VSEG_FRAME_CLASS_MDNS] = "mdns",
};

NAMES(frame_class);

static const char *const log_op_name[] = {
	[VSEG_LOG_OP_COMMIT] = "commit",
	[VSEG_LOG_OP_OFF] = "off",
	[VSEG_LOG_OP_ROLLBACK] = "rollback",
	[VSEG_LOG_OP_EXPIRED] = "expired",
	[VSEG_LOG_OP_CONFIRM] = "confirm",
};

NAMES(log_op);

static const char *const config_event_name[] = {
	[VSEG_CONFIG_EVENT_COMMIT] = "commit",
	[VSEG_CONFIG_EVENT_OFF] = "off",
	[VSEG_CONFIG_EVENT_PORT_ADD] = "port-add",
	[VSEG_CONFIG_EVENT_PORT_DEL] = "port-del",
	[VSEG_CONFIG_EVENT_BRIDGE_ADD] = "bridge-add",
	[VSEG_CONFIG_EVENT_BRIDGE_DEL] = "bridge-del",
	[VSEG_CONFIG_EVENT_BRIDGE_UNMANAGED] = "bridge-unmanaged",
	[VSEG_CONFIG_EVENT_PORT_LABEL] = "port-label",
	[VSEG_CONFIG_EVENT_CONFIRM] = "confirm",
	[VSEG_CONFIG_EVENT_ROLLBACK] = "rollback",
};

NAMES(config_event);

static const char *const match_field_name[] = {
	[VSEG_MATCH_FIELD_ETHERTYPE] = "ethertype",
	[VSEG_MATCH_FIELD_VLAN] = "vlan",
	[VSEG_MATCH_FIELD_PROTOCOL] = "protocol",
	[VSEG_MATCH_FIELD_SOURCE_PORT] = "source-port",
	[VSEG_MATCH_FIELD_DESTINATION_PORT] = "destination-port",
	[VSEG_MATCH_FIELD_ICMP] = "icmp",
	[VSEG_MATCH_FIELD_SOURCE] = "source",
	[VSEG_MATCH_FIELD_DESTINATION] = "destination",
	[VSEG_MATCH_FIELD_TCP_FLAGS] = "tcp-flags",
	[VSEG_MATCH_FIELD_FRAGMENT] = "fragment",
};

NAMES(match_field);

static const char *const fragment_name[] = {
	[VSEG_FRAGMENT_WHOLE] = "whole",
	[VSEG_FRAGMENT_FIRST] = "first",
	[VSEG_FRAGMENT_LATER] = "later",
};

NAMES(fragment);

/* masks: by bit number */
static const char *const cell_flag_name[] = {
	"monitor", "implicit", "log", "isolate",
};

NAMES(cell_flag);

static const char *const service_name[] = { "dhcp", "dhcpv6", "ra", "mdns" };
NAMES(service);

static const char *const rule_flag_name[] = { "log", "state", "keep" };
NAMES(rule_flag);

static const char *const guard_permit_name[] = {
	"all", "dhcp-server", "router", "spanning-tree", "link-local",
	"multicast-router",
};

NAMES(guard_permit);

static const char *const txn_flag_name[] = { "nowait", "check" };
NAMES(txn_flag);

static const char *const warning_name[] = {
	"tie", "vlan-ambiguous", "ambiguous",
};

NAMES(warning);

_Static_assert(VSEG_CELL_FLAGS_MASK == 15 && VSEG_TXN_FLAGS_MASK == 3 &&
	       VSEG_WARNING_MASK == 7 && VSEG_SERVICE_MASK == 15 &&
	       VSEG_RULE_FLAGS_MASK == 7 && VSEG_GUARD_PERMIT_MASK == 63,
	       "a bit without a name");

/* A field of the struct that MODEL names. */
#define sizeof_field(_m)	sizeof(((struct MODEL){ 0 })._m)
#define PLACE(_m)							\
	.offset = offsetof(struct MODEL, _m), .size = sizeof_field(_m)

#define PAD			{ "pad", FIELD_NONE, 0, 0, NULL, NULL }
#define SWITCH(_name, _m)	{ _name, FIELD_SWITCH, PLACE(_m) }
#define FLAG(_name, _m)		{ _name, FIELD_FLAG, PLACE(_m) }
#define U32(_name, _m)		{ _name, FIELD_U32, PLACE(_m) }
#define U64(_name, _m)		{ _name, FIELD_U64, PLACE(_m) }
#define UINT(_name, _m)		{ _name, FIELD_UINT, PLACE(_m) }
#define STRING(_name, _m)	{ _name, FIELD_STRING, PLACE(_m) }
#define MAC(_name, _m)		{ _name, FIELD_MAC, PLACE(_m) }
#define MACS(_name, _m)		{ _name, FIELD_MACS, PLACE(_m) }
#define BYTES(_name, _m)	{ _name, FIELD_BYTES, PLACE(_m) }
#define ADDRESS(_name, _m)	{ _name, FIELD_ADDRESS, PLACE(_m) }
#define ENUM(_name, _m, _n)	{ _name, FIELD_ENUM, PLACE(_m), .names = &(_n) }
#define BITS(_name, _m, _n)	{ _name, FIELD_BITS, PLACE(_m), .names = &(_n) }
#define NEST(_name, _m, _s)	{ _name, FIELD_NEST, PLACE(_m), .nest = &(_s) }
#define LIST(_name, _m, _s)	{ _name, FIELD_LIST, PLACE(_m), .nest = &(_s) }

#define SCHEMA(_var, _name, _cookie)					\
	const struct schema _var##_schema = {				\
		_name, sizeof(struct _var), ARRAY_SIZE(_var##_field),	\
		_var##_field, _cookie					\
	}

#define MODEL txn
static const struct field txn_field[] = {
	[VSEG_A_TXN_PAD] = PAD,
	[VSEG_A_TXN_COOKIE] = U64("cookie", cookie),
	[VSEG_A_TXN_GENERATION] = U64("generation", generation),
	[VSEG_A_TXN_FLAGS] = BITS("flags", flags, txn_flag_names),
	[VSEG_A_TXN_WARNINGS] = BITS("warnings", warnings, warning_names),
	[VSEG_A_TXN_CONFIRM] = U32("confirm", confirm),
};

SCHEMA(txn, "txn", VSEG_A_TXN_COOKIE);

#undef MODEL
#define MODEL reason_stats
static const struct field reason_stats_field[] = {
	[VSEG_A_REASON_REASON] = ENUM("reason", reason, reason_names),
	[VSEG_A_REASON_PACKETS] = UINT("packets", packets),
	[VSEG_A_REASON_WOULD_PACKETS] = UINT("would-packets", would_packets),
};

SCHEMA(reason_stats, "reason-stats", 0);

#undef MODEL
#define MODEL stats
static const struct field stats_field[] = {
	[VSEG_A_STATS_RX_PACKETS] = UINT("rx-packets", rx_packets),
	[VSEG_A_STATS_RX_BYTES] = UINT("rx-bytes", rx_bytes),
	[VSEG_A_STATS_TX_PACKETS] = UINT("tx-packets", tx_packets),
	[VSEG_A_STATS_TX_BYTES] = UINT("tx-bytes", tx_bytes),
	[VSEG_A_STATS_RX_DROPPED] = UINT("rx-dropped", rx_dropped),
	[VSEG_A_STATS_RX_DROPPED_BYTES] =
		UINT("rx-dropped-bytes", rx_dropped_bytes),
	[VSEG_A_STATS_TX_DROPPED] = UINT("tx-dropped", tx_dropped),
	[VSEG_A_STATS_TX_DROPPED_BYTES] =
		UINT("tx-dropped-bytes", tx_dropped_bytes),
	[VSEG_A_STATS_WOULD_DROP] = UINT("would-drop", would_drop),
	[VSEG_A_STATS_PASS_ADDRESS_RESOLUTION] =
		UINT("pass-address-resolution", pass_address_resolution),
	[VSEG_A_STATS_PASS_BRIDGE_CONTROL] =
		UINT("pass-bridge-control", pass_bridge_control),
	[VSEG_A_STATS_PASS_SERVICE] = UINT("pass-service", pass_service),
	[VSEG_A_STATS_PASS_STATE] = UINT("pass-state", pass_state),
	[VSEG_A_STATS_REASON] = LIST("reason", reason, reason_stats_schema),
};

SCHEMA(stats, "stats", 0);

#undef MODEL
#define MODEL status
static const struct field status_field[] = {
	[VSEG_A_STATUS_VERSION] = STRING("version", version),
	[VSEG_A_STATUS_GENERATION] = UINT("generation", generation),
	[VSEG_A_STATUS_ACTIVE] = SWITCH("active", active),
	[VSEG_A_STATUS_LOCKDOWN] = SWITCH("lockdown", lockdown),
	[VSEG_A_STATUS_BRIDGES] = U32("bridges", bridges),
	[VSEG_A_STATUS_BRIDGES_PRESENT] =
		U32("bridges-present", bridges_present),
	[VSEG_A_STATUS_BRIDGES_MONITOR] =
		U32("bridges-monitor", bridges_monitor),
	[VSEG_A_STATUS_BRIDGES_UNMANAGED] =
		U32("bridges-unmanaged", bridges_unmanaged),
	[VSEG_A_STATUS_CELLS_MONITOR] = U32("cells-monitor", cells_monitor),
	[VSEG_A_STATUS_DOMAINS] = U32("domains", domains),
	[VSEG_A_STATUS_CELLS] = U32("cells", cells),
	[VSEG_A_STATUS_PORTS] = U32("ports", ports),
	[VSEG_A_STATUS_PORTS_UNLABELLED] =
		U32("ports-unlabelled", ports_unlabelled),
	[VSEG_A_STATUS_PAIRS] = U32("pairs", pairs),
	[VSEG_A_STATUS_PAIRS_MAX] = U32("pairs-max", pairs_max),
	[VSEG_A_STATUS_PAIRS_EVICTED] = UINT("pairs-evicted", pairs_evicted),
	[VSEG_A_STATUS_PAIRS_EVICTED_PACKETS] =
		UINT("pairs-evicted-packets", pairs_evicted_packets),
	[VSEG_A_STATUS_EVENTS] = UINT("events", events),
	[VSEG_A_STATUS_EVENTS_LIMITED] =
		UINT("events-limited", events_limited),
	[VSEG_A_STATUS_EVENTS_LOST] = UINT("events-lost", events_lost),
	[VSEG_A_STATUS_LOCKDOWN_DROPPED] =
		UINT("lockdown-dropped", lockdown_dropped),
	[VSEG_A_STATUS_UNMANAGED_DROPPED] =
		UINT("unmanaged-dropped", unmanaged_dropped),
	[VSEG_A_STATUS_INTERNAL_DROPPED] =
		UINT("internal-dropped", internal_dropped),
	[VSEG_A_STATUS_CELL_MEMORY] = UINT("cell-memory", cell_memory),
	[VSEG_A_STATUS_CELL_MEMORY_MAX] =
		UINT("cell-memory-max", cell_memory_max),
	[VSEG_A_STATUS_STATS] = NEST("stats", stats, stats_schema),
	[VSEG_A_STATUS_WARNINGS] = BITS("warnings", warnings, warning_names),
	[VSEG_A_STATUS_SELECTORS] = U32("selectors", selectors),
	[VSEG_A_STATUS_PORTS_AMBIGUOUS] =
		U32("ports-ambiguous", ports_ambiguous),
	[VSEG_A_STATUS_ROLLBACK_GENERATION] =
		UINT("rollback-generation", rollback_generation),
	[VSEG_A_STATUS_CONFIRM_LEFT] = U32("confirm-left", confirm_left),
	[VSEG_A_STATUS_FLOWS] = U32("flows", flows),
	[VSEG_A_STATUS_FLOWS_MAX] = U32("flows-max", flows_max),
	[VSEG_A_STATUS_FLOWS_REFUSED] = UINT("flows-refused", flows_refused),
	[VSEG_A_STATUS_FLOWS_EVICTED] = UINT("flows-evicted", flows_evicted),
	[VSEG_A_STATUS_FLOWS_PICKED_UP] =
		UINT("flows-picked-up", flows_picked_up),
	[VSEG_A_STATUS_ZONES] = U32("zones", zones),
};

SCHEMA(status, "status", 0);

#undef MODEL
#define MODEL settings
static const struct field settings_field[] = {
	[VSEG_A_SETTINGS_PAD] = PAD,
	[VSEG_A_SETTINGS_COOKIE] = U64("cookie", cookie),
	[VSEG_A_SETTINGS_ADDRESS_RESOLUTION] =
		SWITCH("address-resolution", address_resolution),
	[VSEG_A_SETTINGS_BRIDGE_CONTROL] =
		SWITCH("bridge-control", bridge_control),
	[VSEG_A_SETTINGS_UNMANAGED] =
		ENUM("unmanaged", unmanaged, unmanaged_names),
	[VSEG_A_SETTINGS_FLOOD_EVENTS] = SWITCH("flood-events", flood_events),
	[VSEG_A_SETTINGS_GUARD] = SWITCH("guard", guard),
	[VSEG_A_SETTINGS_STATE_PICKUP] = SWITCH("state-pickup", state_pickup),
	[VSEG_A_SETTINGS_STATE_LIMIT] = U32("state-limit", state_limit),
	[VSEG_A_SETTINGS_STATE_ZONE_FIRST] =
		U32("state-zone-first", state_zone_first),
	[VSEG_A_SETTINGS_STATE_ZONE_LAST] =
		U32("state-zone-last", state_zone_last),
	[VSEG_A_SETTINGS_MARK_MASK] = U32("mark-mask", mark_mask),
};

SCHEMA(settings, "settings", VSEG_A_SETTINGS_COOKIE);

#undef MODEL
#define MODEL domain
static const struct field domain_field[] = {
	[VSEG_A_DOMAIN_PAD] = PAD,
	[VSEG_A_DOMAIN_COOKIE] = U64("cookie", cookie),
	[VSEG_A_DOMAIN_NAME] = STRING("name", name),
	[VSEG_A_DOMAIN_ID] = U32("id", id),
	[VSEG_A_DOMAIN_PORTS] = U32("ports", ports),
	[VSEG_A_DOMAIN_CELLS] = U32("cells", cells),
	[VSEG_A_DOMAIN_STATS] = NEST("stats", stats, stats_schema),
	[VSEG_A_DOMAIN_GUARD_PERMIT] =
		BITS("guard-permit", guard_permit, guard_permit_names),
};

SCHEMA(domain, "domain", VSEG_A_DOMAIN_COOKIE);

#undef MODEL
#define MODEL bridge
static const struct field bridge_field[] = {
	[VSEG_A_BRIDGE_PAD] = PAD,
	[VSEG_A_BRIDGE_COOKIE] = U64("cookie", cookie),
	[VSEG_A_BRIDGE_NAME] = STRING("name", name),
	[VSEG_A_BRIDGE_MODE] = ENUM("mode", mode, mode_names),
	[VSEG_A_BRIDGE_IFINDEX] = U32("ifindex", ifindex),
	[VSEG_A_BRIDGE_PORTS] = U32("ports", ports),
	[VSEG_A_BRIDGE_STATS] = NEST("stats", stats, stats_schema),
	[VSEG_A_BRIDGE_HOST_STATS] =
		NEST("host-stats", host_stats, stats_schema),
	[VSEG_A_BRIDGE_ENTRY] = STRING("entry", entry),
};

SCHEMA(bridge, "bridge", VSEG_A_BRIDGE_COOKIE);

#undef MODEL
#define MODEL vlan
static const struct field vlan_field[] = {
	[VSEG_A_VLAN_FIRST] = U32("first", first),
	[VSEG_A_VLAN_LAST] = U32("last", last),
	[VSEG_A_VLAN_DOMAIN] = STRING("domain", domain),
};

SCHEMA(vlan, "vlan", 0);

#undef MODEL
#define MODEL prefix
static const struct field prefix_field[] = {
	[VSEG_A_PREFIX_ADDRESS] = ADDRESS("address", address),
	[VSEG_A_PREFIX_LENGTH] = U32("length", length),
};

SCHEMA(prefix, "prefix", 0);

#undef MODEL
#define MODEL guard
static const struct field guard_field[] = {
	[VSEG_A_GUARD_PERMIT] = BITS("permit", permit, guard_permit_names),
	[VSEG_A_GUARD_MAC] = MACS("mac", mac),
	[VSEG_A_GUARD_PREFIX] = LIST("prefix", prefix, prefix_schema),
};

SCHEMA(guard, "guard", 0);

#undef MODEL
#define MODEL port
static const struct field port_field[] = {
	[VSEG_A_PORT_PAD] = PAD,
	[VSEG_A_PORT_COOKIE] = U64("cookie", cookie),
	[VSEG_A_PORT_IFINDEX] = U32("ifindex", ifindex),
	[VSEG_A_PORT_IFNAME] = STRING("ifname", ifname),
	[VSEG_A_PORT_KIND] = ENUM("kind", kind, kind_names),
	[VSEG_A_PORT_TRUST] = ENUM("trust", trust, trust_names),
	[VSEG_A_PORT_DOMAIN] = STRING("domain", domain),
	[VSEG_A_PORT_VLAN] = LIST("vlan", vlan, vlan_schema),
	[VSEG_A_PORT_BRIDGE] = STRING("bridge", bridge),
	[VSEG_A_PORT_BRIDGE_IFINDEX] = U32("bridge-ifindex", bridge_ifindex),
	[VSEG_A_PORT_MATCH] = ENUM("match", match, match_names),
	[VSEG_A_PORT_UNTAGGED_VLAN] = U32("untagged-vlan", untagged_vlan),
	[VSEG_A_PORT_VLAN_AMBIGUOUS] = FLAG("vlan-ambiguous", vlan_ambiguous),
	[VSEG_A_PORT_STATS] = NEST("stats", stats, stats_schema),
	[VSEG_A_PORT_SELECTOR] = STRING("selector", selector),
	[VSEG_A_PORT_GUARD] = NEST("guard", guard, guard_schema),
};

SCHEMA(port, "port", VSEG_A_PORT_COOKIE);

#undef MODEL
#define MODEL selector
static const struct field selector_field[] = {
	[VSEG_A_SELECTOR_PAD] = PAD,
	[VSEG_A_SELECTOR_COOKIE] = U64("cookie", cookie),
	[VSEG_A_SELECTOR_TYPE] = ENUM("type", type, selector_type_names),
	[VSEG_A_SELECTOR_PATTERN] = STRING("pattern", pattern),
	[VSEG_A_SELECTOR_MAC] = MAC("mac", mac),
	[VSEG_A_SELECTOR_GROUP] = U32("group", group),
	[VSEG_A_SELECTOR_KIND] = ENUM("kind", kind, kind_names),
	[VSEG_A_SELECTOR_TRUST] = ENUM("trust", trust, trust_names),
	[VSEG_A_SELECTOR_DOMAIN] = STRING("domain", domain),
	[VSEG_A_SELECTOR_VLAN] = LIST("vlan", vlan, vlan_schema),
	[VSEG_A_SELECTOR_PORTS] = U32("ports", ports),
	[VSEG_A_SELECTOR_GUARD] = NEST("guard", guard, guard_schema),
};

SCHEMA(selector, "selector", VSEG_A_SELECTOR_COOKIE);

#undef MODEL
#define MODEL decision
static const struct field decision_field[] = {
	[VSEG_A_DECISION_PAD] = PAD,
	[VSEG_A_DECISION_COOKIE] = U64("cookie", cookie),
	[VSEG_A_DECISION_SRC] = STRING("src", src),
	[VSEG_A_DECISION_DST] = STRING("dst", dst),
	[VSEG_A_DECISION_IN_IFNAME] = STRING("in-ifname", in_ifname),
	[VSEG_A_DECISION_OUT_IFNAME] = STRING("out-ifname", out_ifname),
	[VSEG_A_DECISION_VLAN] = U32("vlan", vlan),
	[VSEG_A_DECISION_CLASS] = ENUM("class", class, frame_class_names),
	[VSEG_A_DECISION_REASON] = ENUM("reason", reason, reason_names),
	[VSEG_A_DECISION_PASS] = ENUM("pass", pass, pass_names),
	[VSEG_A_DECISION_CELL_SRC] = STRING("cell-src", cell_src),
	[VSEG_A_DECISION_CELL_DST] = STRING("cell-dst", cell_dst),
	[VSEG_A_DECISION_ACTION] = ENUM("action", action, action_names),
	[VSEG_A_DECISION_FLAGS] = BITS("flags", flags, cell_flag_names),
	[VSEG_A_DECISION_GENERATION] = UINT("generation", generation),
	[VSEG_A_DECISION_IN_MATCH] = ENUM("in-match", in_match, match_names),
	[VSEG_A_DECISION_OUT_MATCH] = ENUM("out-match", out_match, match_names),
	[VSEG_A_DECISION_FRAME] = BYTES("frame", frame),
	[VSEG_A_DECISION_RULE] = U32("rule", rule),
	[VSEG_A_DECISION_RULE_NAME] = STRING("rule-name", rule_name),
};

SCHEMA(decision, "decision", VSEG_A_DECISION_COOKIE);

#undef MODEL
#define MODEL log
static const struct field log_field[] = {
	[VSEG_A_LOG_GENERATION] = UINT("generation", generation),
	[VSEG_A_LOG_TIME] = UINT("time", time),
	[VSEG_A_LOG_OP] = ENUM("op", op, log_op_names),
	[VSEG_A_LOG_CHANGES] = U32("changes", changes),
	[VSEG_A_LOG_UID] = U32("uid", uid),
	[VSEG_A_LOG_AUID] = U32("auid", auid),
	[VSEG_A_LOG_PID] = U32("pid", pid),
	[VSEG_A_LOG_COMM] = STRING("comm", comm),
	[VSEG_A_LOG_CONFIRM] = U32("confirm", confirm),
};

SCHEMA(log, "log", 0);

#undef MODEL
#define MODEL cell
static const struct field cell_field[] = {
	[VSEG_A_CELL_PAD] = PAD,
	[VSEG_A_CELL_COOKIE] = U64("cookie", cookie),
	[VSEG_A_CELL_SRC] = STRING("src", src),
	[VSEG_A_CELL_DST] = STRING("dst", dst),
	[VSEG_A_CELL_ACTION] = ENUM("action", action, action_names),
	[VSEG_A_CELL_FLAGS] = BITS("flags", flags, cell_flag_names),
	[VSEG_A_CELL_PACKETS] = UINT("packets", packets),
	[VSEG_A_CELL_BYTES] = UINT("bytes", bytes),
	[VSEG_A_CELL_WOULD_PACKETS] = UINT("would-packets", would_packets),
	[VSEG_A_CELL_WOULD_BYTES] = UINT("would-bytes", would_bytes),
	[VSEG_A_CELL_SERVICES] = BITS("services", services, service_names),
	[VSEG_A_CELL_RULES] = U32("rules", rules),
};

SCHEMA(cell, "cell", VSEG_A_CELL_COOKIE);

#undef MODEL
#define MODEL match
static const struct field match_field[] = {
	[VSEG_A_MATCH_FIELD] = ENUM("field", field, match_field_names),
	[VSEG_A_MATCH_FIRST] = U32("first", first),
	[VSEG_A_MATCH_LAST] = U32("last", last),
	[VSEG_A_MATCH_MASK] = U32("mask", mask),
	[VSEG_A_MATCH_ADDRESS] = ADDRESS("address", address),
	[VSEG_A_MATCH_PREFIX] = U32("prefix", prefix),
};

SCHEMA(match, "match", 0);

#undef MODEL
#define MODEL rule
static const struct field rule_field[] = {
	[VSEG_A_RULE_PAD] = PAD,
	[VSEG_A_RULE_COOKIE] = U64("cookie", cookie),
	[VSEG_A_RULE_SRC] = STRING("src", src),
	[VSEG_A_RULE_DST] = STRING("dst", dst),
	[VSEG_A_RULE_INDEX] = U32("index", index),
	[VSEG_A_RULE_ACTION] = ENUM("action", action, action_names),
	[VSEG_A_RULE_FLAGS] = BITS("flags", flags, rule_flag_names),
	[VSEG_A_RULE_NAME] = STRING("name", name),
	[VSEG_A_RULE_COMMENT] = STRING("comment", comment),
	[VSEG_A_RULE_MATCH] = LIST("match", match, match_schema),
	[VSEG_A_RULE_PACKETS] = UINT("packets", packets),
	[VSEG_A_RULE_BYTES] = UINT("bytes", bytes),
	[VSEG_A_RULE_WOULD_PACKETS] = UINT("would-packets", would_packets),
	[VSEG_A_RULE_WOULD_BYTES] = UINT("would-bytes", would_bytes),
};

SCHEMA(rule, "rule", VSEG_A_RULE_COOKIE);

#undef MODEL
#define MODEL pair
static const struct field pair_field[] = {
	[VSEG_A_PAIR_SRC] = STRING("src", src),
	[VSEG_A_PAIR_SRC_ID] = U32("src-id", src_id),
	[VSEG_A_PAIR_DST] = STRING("dst", dst),
	[VSEG_A_PAIR_DST_ID] = U32("dst-id", dst_id),
	[VSEG_A_PAIR_REASON] = ENUM("reason", reason, reason_names),
	[VSEG_A_PAIR_PACKETS] = UINT("packets", packets),
	[VSEG_A_PAIR_BYTES] = UINT("bytes", bytes),
	[VSEG_A_PAIR_WOULD_PACKETS] = UINT("would-packets", would_packets),
	[VSEG_A_PAIR_WOULD_BYTES] = UINT("would-bytes", would_bytes),
	[VSEG_A_PAIR_IN_IFINDEX] = U32("in-ifindex", in_ifindex),
	[VSEG_A_PAIR_OUT_IFINDEX] = U32("out-ifindex", out_ifindex),
	[VSEG_A_PAIR_FIRST_MS] = UINT("first-ms", first_ms),
	[VSEG_A_PAIR_LAST_MS] = UINT("last-ms", last_ms),
};

SCHEMA(pair, "pair", 0);

#undef MODEL
#define MODEL drop
static const struct field drop_field[] = {
	[VSEG_A_DROP_TIME] = UINT("time", time),
	[VSEG_A_DROP_HOOK] = ENUM("hook", hook, hook_names),
	[VSEG_A_DROP_REASON] = ENUM("reason", reason, reason_names),
	[VSEG_A_DROP_WOULD] = FLAG("would", would),
	[VSEG_A_DROP_IN_IFINDEX] = U32("in-ifindex", in_ifindex),
	[VSEG_A_DROP_IN_IFNAME] = STRING("in-ifname", in_ifname),
	[VSEG_A_DROP_OUT_IFINDEX] = U32("out-ifindex", out_ifindex),
	[VSEG_A_DROP_OUT_IFNAME] = STRING("out-ifname", out_ifname),
	[VSEG_A_DROP_SRC] = STRING("src", src),
	[VSEG_A_DROP_DST] = STRING("dst", dst),
	[VSEG_A_DROP_VLAN] = U32("vlan", vlan),
	[VSEG_A_DROP_SRC_MAC] = MAC("src-mac", src_mac),
	[VSEG_A_DROP_DST_MAC] = MAC("dst-mac", dst_mac),
	[VSEG_A_DROP_ETHERTYPE] = U32("ethertype", ethertype),
	[VSEG_A_DROP_IP_SRC] = ADDRESS("ip-src", ip_src),
	[VSEG_A_DROP_IP_DST] = ADDRESS("ip-dst", ip_dst),
	[VSEG_A_DROP_IP_PROTO] = U32("ip-proto", ip_proto),
	[VSEG_A_DROP_SPORT] = U32("sport", sport),
	[VSEG_A_DROP_DPORT] = U32("dport", dport),
	[VSEG_A_DROP_LENGTH] = U32("length", length),
	[VSEG_A_DROP_LIMITED] = UINT("limited", limited),
	[VSEG_A_DROP_GENERATION] = UINT("generation", generation),
};

SCHEMA(drop, "drop", 0);

#undef MODEL
#define MODEL config
static const struct field config_field[] = {
	[VSEG_A_CONFIG_EVENT] = ENUM("event", event, config_event_names),
	[VSEG_A_CONFIG_GENERATION] = UINT("generation", generation),
	[VSEG_A_CONFIG_IFINDEX] = U32("ifindex", ifindex),
	[VSEG_A_CONFIG_IFNAME] = STRING("ifname", ifname),
	[VSEG_A_CONFIG_BRIDGE] = STRING("bridge", bridge),
};

SCHEMA(config, "config", 0);

#undef MODEL
#define MODEL zone
static const struct field zone_field[] = {
	[VSEG_A_ZONE_PAD] = PAD,
	[VSEG_A_ZONE_ID] = U32("id", id),
	[VSEG_A_ZONE_BRIDGE] = STRING("bridge", bridge),
	[VSEG_A_ZONE_VID] = U32("vid", vid),
	[VSEG_A_ZONE_DOMAIN] = STRING("domain", domain),
	[VSEG_A_ZONE_PEER] = STRING("peer", peer),
	[VSEG_A_ZONE_KEEP] = FLAG("keep", keep),
};

SCHEMA(zone, "zone", 0);

const struct schema *const schemas[] = {
	&txn_schema, &reason_stats_schema, &stats_schema, &status_schema,
	&settings_schema, &domain_schema, &bridge_schema, &vlan_schema,
	&port_schema, &cell_schema, &pair_schema, &drop_schema,
	&config_schema,
	&selector_schema, &decision_schema, &log_schema,
	&match_schema, &rule_schema, &prefix_schema, &guard_schema,
	&zone_schema, NULL
};

/**
 * name_of() - name of a value
 * @names: of the enum
 * @value: from the kernel, which may be newer than this program
 *
 * Return: the name, or NULL when there is none.
 */
const char *name_of(const struct names *names, uint32_t value)
{
	return value < names->n ? names->name[value] : NULL;
}

/**
 * value_of() - value of a name
 * @names: of the enum
 * @name: whole name
 *
 * Return: the value, or -1.
 */
int value_of(const struct names *names, const char *name)
{
	unsigned int i;

	for (i = 0; i < names->n; i++)
		if (names->name[i] && !strcmp(names->name[i], name))
			return i;
	return -1;
}

/**
 * list_add() - append a zeroed item to a list
 * @l: the list
 * @size: of an item, the same at each call
 *
 * Pointers to earlier items become invalid.
 *
 * Return: the item.
 */
void *list_add(struct list *l, size_t size)
{
	char *item;

	if (l->n == l->room) {
		l->room = l->room ? l->room * 2 : 8;
		l->item = xreallocarray(l->item, l->room, size);
	}
	item = (char *)l->item + l->n++ * size;
	memset(item, 0, size);
	return item;
}

/** list_sort() - put a list in order */
void list_sort(struct list *l, size_t size,
	       int (*order)(const void *a, const void *b))
{
	if (l->n)
		qsort(l->item, l->n, size, order);
}

/** list_clear() - free a list and all that its items own */
void list_clear(const struct schema *s, struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		model_clear(s, (char *)l->item + i * s->size);
	free(l->item);
	memset(l, 0, sizeof(*l));
}

/** model_clear() - free what a model owns and make it empty */
void model_clear(const struct schema *s, void *obj)
{
	unsigned int i;

	for (i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];
		char *member = (char *)obj + f->offset;

		if (f->kind == FIELD_LIST)
			list_clear(f->nest, (struct list *)member);
		else if (f->kind == FIELD_MACS)
			free(((struct list *)member)->item);
		else if (f->kind == FIELD_NEST)
			model_clear(f->nest, member);
	}
	memset(obj, 0, s->size);
}

/**
 * edit_init() - begin an edit
 * @e: edit, of which the label and the line stay as they are
 * @cmd: VSEG_CMD_*
 * @s: schema of the command's request
 *
 * Return: the empty object that the edit carries, for the caller to fill.
 */
void *edit_init(struct edit *e, uint8_t cmd, const struct schema *s)
{
	e->cmd = cmd;
	e->schema = s;
	e->obj = xreallocarray(NULL, 1, s->size);
	memset(e->obj, 0, s->size);
	return e->obj;
}

/** edit_clear() - free what an edit owns */
void edit_clear(struct edit *e)
{
	if (e->obj)
		model_clear(e->schema, e->obj);
	free(e->obj);
	e->obj = NULL;
	if (e->next)
		edit_clear(e->next);
	free(e->next);
	e->next = NULL;
}

/** edit_more() - a further edit of the same words, behind @e */
struct edit *edit_more(struct edit *e)
{
	struct edit *more = xreallocarray(NULL, 1, sizeof(*more));

	*more = *e;
	more->obj = NULL;
	more->next = NULL;
	e->next = more;
	return more;
}

/** edits_flatten() - put what the last edit of a list says besides behind it */
void edits_flatten(struct list *l)
{
	struct edit *last = (struct edit *)l->item + l->n - 1, *next;

	for (next = last->next; next; next = last->next) {
		last->next = NULL;
		last = list_add(l, sizeof(*last));
		*last = *next;
		free(next);
	}
}
