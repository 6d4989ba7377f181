/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vseg knows, as plain structs, and the one table that says how each of
 * them looks on the wire, in JSON and in an error message.
 *
 * A struct's first member is @has: bit N is set when attribute N was given.
 */
#ifndef VSEGCTL_MODEL_H
#define VSEGCTL_MODEL_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/vseg.h>

#define BIT64(n)		(UINT64_C(1) << (n))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

/** has() - was attribute @attr of @obj given? */
#define has(obj, attr)		(!!((obj)->has & BIT64(attr)))
/** give() - mark attribute @attr of @obj as given */
#define give(obj, attr)		((void)((obj)->has |= BIT64(attr)))

/* Room for the name of a domain, as IFNAMSIZ is for that of a device. */
#define DOMAIN_NAMSIZ		(VSEG_NAME_MAX + 1)

/**
 * struct list - a growing array of models of one kind
 * @n: items in use
 * @room: items allocated
 * @item: the items, one behind the other
 */
struct list {
	size_t n;
	size_t room;
	void *item;
};

struct address {
	uint8_t len;
	uint8_t byte[16];
};

/* A frame, or its beginning. */
struct bytes {
	uint32_t len;
	uint8_t byte[VSEG_FRAME_MAX];
};

struct mac {
	uint8_t byte[6];
};

struct txn {
	uint64_t has;
	uint64_t cookie;
	uint64_t generation;
	uint32_t flags;
	uint32_t warnings;
	uint32_t confirm;
};

struct reason_stats {
	uint64_t has;
	uint32_t reason;
	uint64_t packets;
	uint64_t would_packets;
};

struct stats {
	uint64_t has;
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t rx_dropped;
	uint64_t rx_dropped_bytes;
	uint64_t tx_dropped;
	uint64_t tx_dropped_bytes;
	uint64_t would_drop;
	uint64_t pass_address_resolution;
	uint64_t pass_bridge_control;
	uint64_t pass_service;
	uint64_t pass_state;
	struct list reason;		/* of struct reason_stats */
};

struct status {
	uint64_t has;
	char version[64];
	uint64_t generation;
	bool active;
	bool lockdown;
	uint32_t bridges;
	uint32_t bridges_present;
	uint32_t bridges_monitor;
	uint32_t bridges_unmanaged;
	uint32_t cells_monitor;
	uint32_t domains;
	uint32_t cells;
	uint32_t ports;
	uint32_t ports_unlabelled;
	uint32_t pairs;
	uint32_t pairs_max;
	uint64_t pairs_evicted;
	uint64_t pairs_evicted_packets;
	uint64_t events;
	uint64_t events_limited;
	uint64_t events_lost;
	uint64_t lockdown_dropped;
	uint64_t unmanaged_dropped;
	uint64_t internal_dropped;
	uint64_t cell_memory;
	uint64_t cell_memory_max;
	struct stats stats;
	uint32_t warnings;
	uint32_t selectors;
	uint32_t ports_ambiguous;
	uint64_t rollback_generation;
	uint32_t confirm_left;
	uint32_t flows;
	uint32_t flows_max;
	uint64_t flows_refused;
	uint64_t flows_evicted;
	uint64_t flows_picked_up;
	uint32_t zones;
};

struct settings {
	uint64_t has;
	uint64_t cookie;
	bool address_resolution;
	bool bridge_control;
	uint32_t unmanaged;
	bool flood_events;
	bool guard;
	bool state_pickup;
	uint32_t state_limit;
	uint32_t state_zone_first;
	uint32_t state_zone_last;
	uint32_t mark_mask;
};

struct domain {
	uint64_t has;
	uint64_t cookie;
	char name[DOMAIN_NAMSIZ];
	uint32_t id;
	uint32_t ports;
	uint32_t cells;
	struct stats stats;
	uint32_t guard_permit;
};

struct bridge {
	uint64_t has;
	uint64_t cookie;
	char name[IFNAMSIZ];
	uint32_t mode;
	uint32_t ifindex;
	uint32_t ports;
	struct stats stats;
	struct stats host_stats;
	char entry[IFNAMSIZ];
};

struct vlan {
	uint64_t has;
	uint32_t first;
	uint32_t last;
	char domain[DOMAIN_NAMSIZ];
};

struct prefix {
	uint64_t has;
	struct address address;
	uint32_t length;
};

struct guard {
	uint64_t has;
	uint32_t permit;
	struct list mac;		/* of struct mac */
	struct list prefix;		/* of struct prefix */
};

struct port {
	uint64_t has;
	uint64_t cookie;
	uint32_t ifindex;
	char ifname[IFNAMSIZ];
	uint32_t kind;
	uint32_t trust;
	char domain[DOMAIN_NAMSIZ];
	struct list vlan;		/* of struct vlan */
	char bridge[IFNAMSIZ];
	uint32_t bridge_ifindex;
	uint32_t match;
	uint32_t untagged_vlan;
	bool vlan_ambiguous;
	struct stats stats;
	char selector[VSEG_PATTERN_MAX + 1];
	struct guard guard;
};

struct selector {
	uint64_t has;
	uint64_t cookie;
	uint32_t type;
	char pattern[VSEG_PATTERN_MAX + 1];
	uint8_t mac[6];
	uint32_t group;
	uint32_t kind;
	uint32_t trust;
	char domain[DOMAIN_NAMSIZ];
	struct list vlan;		/* of struct vlan */
	uint32_t ports;
	struct guard guard;
};

struct decision {
	uint64_t has;
	uint64_t cookie;
	char src[DOMAIN_NAMSIZ];
	char dst[DOMAIN_NAMSIZ];
	char in_ifname[IFNAMSIZ];
	char out_ifname[IFNAMSIZ];
	uint32_t vlan;
	uint32_t class;
	uint32_t reason;
	uint32_t pass;
	char cell_src[DOMAIN_NAMSIZ];
	char cell_dst[DOMAIN_NAMSIZ];
	uint32_t action;
	uint32_t flags;
	uint64_t generation;
	uint32_t in_match;
	uint32_t out_match;
	struct bytes frame;
	uint32_t rule;
	char rule_name[VSEG_RULE_NAME_MAX + 1];
};

struct log {
	uint64_t has;
	uint64_t generation;
	uint64_t time;
	uint32_t op;
	uint32_t changes;
	uint32_t uid;
	uint32_t auid;
	uint32_t pid;
	char comm[16];
	uint32_t confirm;
};

struct cell {
	uint64_t has;
	uint64_t cookie;
	char src[DOMAIN_NAMSIZ];
	char dst[DOMAIN_NAMSIZ];
	uint32_t action;
	uint32_t flags;
	uint64_t packets;
	uint64_t bytes;
	uint64_t would_packets;
	uint64_t would_bytes;
	uint32_t services;
	uint32_t rules;
};

struct match {
	uint64_t has;
	uint32_t field;
	uint32_t first;
	uint32_t last;
	uint32_t mask;
	struct address address;
	uint32_t prefix;
};

struct rule {
	uint64_t has;
	uint64_t cookie;
	char src[DOMAIN_NAMSIZ];
	char dst[DOMAIN_NAMSIZ];
	uint32_t index;
	uint32_t action;
	uint32_t flags;
	char name[VSEG_RULE_NAME_MAX + 1];
	char comment[VSEG_COMMENT_MAX + 1];
	struct list match;		/* of struct match */
	uint64_t packets;
	uint64_t bytes;
	uint64_t would_packets;
	uint64_t would_bytes;
};

struct pair {
	uint64_t has;
	char src[DOMAIN_NAMSIZ];
	uint32_t src_id;
	char dst[DOMAIN_NAMSIZ];
	uint32_t dst_id;
	uint32_t reason;
	uint64_t packets;
	uint64_t bytes;
	uint64_t would_packets;
	uint64_t would_bytes;
	uint32_t in_ifindex;
	uint32_t out_ifindex;
	uint64_t first_ms;
	uint64_t last_ms;
};

struct zone {
	uint64_t has;
	uint32_t id;
	char bridge[IFNAMSIZ];
	uint32_t vid;
	char domain[DOMAIN_NAMSIZ];
	char peer[DOMAIN_NAMSIZ];
	bool keep;
};

struct drop {
	uint64_t has;
	uint64_t time;
	uint32_t hook;
	uint32_t reason;
	bool would;
	uint32_t in_ifindex;
	char in_ifname[IFNAMSIZ];
	uint32_t out_ifindex;
	char out_ifname[IFNAMSIZ];
	char src[DOMAIN_NAMSIZ];
	char dst[DOMAIN_NAMSIZ];
	uint32_t vlan;
	uint8_t src_mac[6];
	uint8_t dst_mac[6];
	uint32_t ethertype;
	struct address ip_src;
	struct address ip_dst;
	uint32_t ip_proto;
	uint32_t sport;
	uint32_t dport;
	uint32_t length;
	uint64_t limited;
	uint64_t generation;
};

struct config {
	uint64_t has;
	uint32_t event;
	uint64_t generation;
	uint32_t ifindex;
	char ifname[IFNAMSIZ];
	char bridge[IFNAMSIZ];
};

/**
 * enum field_kind - how a member looks here and on the wire
 * @FIELD_NONE: not carried (padding)
 * @FIELD_SWITCH: bool; u8, 0 or 1
 * @FIELD_FLAG: bool; an attribute without payload
 * @FIELD_U32: uint32_t; u32
 * @FIELD_ENUM: uint32_t; u32 with a name for each value
 * @FIELD_BITS: uint32_t; u32 with a name for each bit
 * @FIELD_U64: uint64_t; u64
 * @FIELD_UINT: uint64_t; 4 or 8 bytes
 * @FIELD_STRING: char array; string
 * @FIELD_MAC: uint8_t[6]; 6 bytes
 * @FIELD_MACS: struct list of struct mac; 6 bytes for each
 * @FIELD_BYTES: struct bytes; as many
 * @FIELD_ADDRESS: struct address; 4 or 16 bytes
 * @FIELD_NEST: another model; a nest
 * @FIELD_LIST: struct list of models; a nest for each
 */
enum field_kind {
	FIELD_NONE,
	FIELD_SWITCH,
	FIELD_FLAG,
	FIELD_U32,
	FIELD_ENUM,
	FIELD_BITS,
	FIELD_U64,
	FIELD_UINT,
	FIELD_STRING,
	FIELD_MAC,
	FIELD_MACS,
	FIELD_BYTES,
	FIELD_ADDRESS,
	FIELD_NEST,
	FIELD_LIST,
};

/**
 * struct names - the spec's names of an enum's values, or of a mask's bits
 * @n: names there are
 * @name: them; a hole is NULL
 */
struct names {
	unsigned int n;
	const char *const *name;
};

/**
 * struct field - one attribute
 * @name: as the spec spells it
 * @kind: its type
 * @offset: of the member in its struct
 * @size: of the member
 * @names: for FIELD_ENUM and FIELD_BITS
 * @nest: for FIELD_NEST and FIELD_LIST
 */
struct field {
	const char *name;
	enum field_kind kind;
	unsigned int offset;
	unsigned int size;
	const struct names *names;
	const struct schema *nest;
};

/**
 * struct schema - one attribute set
 * @name: as the spec spells it
 * @size: of the struct
 * @n: entries of @field
 * @field: by attribute number
 * @cookie: attribute that carries a transaction's cookie, or 0
 */
struct schema {
	const char *name;
	size_t size;
	unsigned int n;
	const struct field *field;
	unsigned int cookie;
};

extern const struct schema txn_schema, reason_stats_schema, stats_schema,
	status_schema, settings_schema, domain_schema, bridge_schema,
	vlan_schema, port_schema, cell_schema, pair_schema, drop_schema,
	config_schema, selector_schema, decision_schema, log_schema,
	match_schema, rule_schema, prefix_schema, guard_schema, zone_schema;

/** schemas - all of them, NULL at the end */
extern const struct schema *const schemas[];

extern const struct names kind_names, trust_names, match_names, mode_names,
	action_names, cell_flag_names, unmanaged_names, hook_names,
	reason_names, txn_flag_names, warning_names, config_event_names,
	selector_type_names, pass_names, frame_class_names, log_op_names,
	service_names, rule_flag_names, match_field_names, fragment_names,
	guard_permit_names;

/**
 * struct edit - one change of the policy
 * @cmd: VSEG_CMD_*
 * @label: what the user called it, for messages
 * @schema: what @obj is
 * @obj: what the change says
 * @file: file that it was read from, NULL when it is the batch file or none
 * @line: of the file, 0 when there is none
 * @next: what the same words say besides, or NULL; owned by this one
 */
struct edit {
	uint8_t cmd;
	const char *label;
	const struct schema *schema;
	void *obj;
	const char *file;
	unsigned int line;
	struct edit *next;
};

const char *name_of(const struct names *names, uint32_t value);
int value_of(const struct names *names, const char *name);
void *list_add(struct list *l, size_t size);
void list_sort(struct list *l, size_t size,
	       int (*order)(const void *a, const void *b));
void model_clear(const struct schema *s, void *obj);
void list_clear(const struct schema *s, struct list *l);
void *edit_init(struct edit *e, uint8_t cmd, const struct schema *s);
void edit_clear(struct edit *e);
struct edit *edit_more(struct edit *e);
void edits_flatten(struct list *l);

#endif /* VSEGCTL_MODEL_H */
