/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vseg.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VSEG_H
#define _UAPI_LINUX_VSEG_H

#define VSEG_FAMILY_NAME	"vseg"
#define VSEG_FAMILY_VERSION	1

#define VSEG_NAME_MAX			31
#define VSEG_DOMAIN_ID_MIN		16
#define VSEG_DOMAIN_ID_MAX		65535
#define VSEG_MAX_DOMAINS		4096
#define VSEG_MAX_CELLS			65536
#define VSEG_MAX_BRIDGES		256
#define VSEG_MAX_SELECTORS		16384
#define VSEG_MAX_GLOBS			4096
#define VSEG_PATTERN_MAX		255
#define VSEG_CONFIRM_MAX		86400
#define VSEG_STATE_LIMIT_MAX		1048576
#define VSEG_STATE_LIMIT_DEFAULT	65536
#define VSEG_ZONE_MAX			65535
#define VSEG_ZONE_FIRST_DEFAULT		32768
#define VSEG_ZONE_LAST_DEFAULT		65535
#define VSEG_MAX_RULES			131072
#define VSEG_MAX_CELL_RULES		4096
#define VSEG_MAX_MATCHES		1024
#define VSEG_RULE_NAME_MAX		63
#define VSEG_COMMENT_MAX		255
#define VSEG_MAX_GUARD_ADDRESSES	64
#define VSEG_FRAME_MAX			1024

/**
 * enum vseg_port_kind - what is behind a bridge port
 * @VSEG_PORT_KIND_UNLABELLED: no binding; nothing enters and nothing leaves
 * @VSEG_PORT_KIND_GUEST: one guest; every frame carries the port's domain
 * @VSEG_PORT_KIND_TRUNK: many stations; the domain comes from the frame's VLAN
 * @VSEG_PORT_KIND_FABRIC: reserved for tunnels that carry the label; refused
 *   today
 * @VSEG_PORT_KIND_HOST: the bridge device itself, that is, the host
 */
enum vseg_port_kind {
	VSEG_PORT_KIND_UNLABELLED,
	VSEG_PORT_KIND_GUEST,
	VSEG_PORT_KIND_TRUNK,
	VSEG_PORT_KIND_FABRIC,
	VSEG_PORT_KIND_HOST,

	/* private: */
	__VSEG_PORT_KIND_MAX,
	VSEG_PORT_KIND_MAX = (__VSEG_PORT_KIND_MAX - 1)
};

/**
 * enum vseg_port_trust - which labels of the wire a port may set
 * @VSEG_PORT_TRUST_NONE: none; the label is the port's
 * @VSEG_PORT_TRUST_LABEL: reserved for fabric ports; refused today
 */
enum vseg_port_trust {
	VSEG_PORT_TRUST_NONE,
	VSEG_PORT_TRUST_LABEL,

	/* private: */
	__VSEG_PORT_TRUST_MAX,
	VSEG_PORT_TRUST_MAX = (__VSEG_PORT_TRUST_MAX - 1)
};

/**
 * enum vseg_port_match - why a port has the binding that it has
 * @VSEG_PORT_MATCH_NONE: nothing matched; the port is unlabelled
 * @VSEG_PORT_MATCH_EXPLICIT: bound by port-bind
 * @VSEG_PORT_MATCH_MAC: a selector names the address of its guest
 * @VSEG_PORT_MATCH_NAME: a selector gives its name
 * @VSEG_PORT_MATCH_ALIAS: a selector gives its alias
 * @VSEG_PORT_MATCH_GLOB: its name fits the pattern of a selector, the longest
 *   that fits
 * @VSEG_PORT_MATCH_GROUP: a selector names its device group
 * @VSEG_PORT_MATCH_AMBIGUOUS: selectors of equal rank say different things;
 *   the port is unlabelled
 * @VSEG_PORT_MATCH_HARDWARE: hardware forwards for it, past vseg; the port is
 *   unlabelled
 */
enum vseg_port_match {
	VSEG_PORT_MATCH_NONE,
	VSEG_PORT_MATCH_EXPLICIT,
	VSEG_PORT_MATCH_MAC,
	VSEG_PORT_MATCH_NAME,
	VSEG_PORT_MATCH_ALIAS,
	VSEG_PORT_MATCH_GLOB,
	VSEG_PORT_MATCH_GROUP,
	VSEG_PORT_MATCH_AMBIGUOUS,
	VSEG_PORT_MATCH_HARDWARE,

	/* private: */
	__VSEG_PORT_MATCH_MAX,
	VSEG_PORT_MATCH_MAX = (__VSEG_PORT_MATCH_MAX - 1)
};

/**
 * enum vseg_selector_type - what a selector looks at; a port takes the first
 *   type that matches, in this order
 * @VSEG_SELECTOR_TYPE_MAC: the address of the guest; a tap has the same one
 *   or, from libvirt, the same one with first byte fe
 * @VSEG_SELECTOR_TYPE_NAME: the interface name
 * @VSEG_SELECTOR_TYPE_ALIAS: the interface alias
 * @VSEG_SELECTOR_TYPE_GLOB: a shell pattern of interface names; the longest
 *   that fits counts
 * @VSEG_SELECTOR_TYPE_GROUP: the device group
 */
enum vseg_selector_type {
	VSEG_SELECTOR_TYPE_MAC,
	VSEG_SELECTOR_TYPE_NAME,
	VSEG_SELECTOR_TYPE_ALIAS,
	VSEG_SELECTOR_TYPE_GLOB,
	VSEG_SELECTOR_TYPE_GROUP,

	/* private: */
	__VSEG_SELECTOR_TYPE_MAX,
	VSEG_SELECTOR_TYPE_MAX = (__VSEG_SELECTOR_TYPE_MAX - 1)
};

/**
 * enum vseg_bridge_mode - what a denied frame meets on a managed bridge
 * @VSEG_BRIDGE_MODE_ENFORCE: it is dropped and counted
 * @VSEG_BRIDGE_MODE_MONITOR: it is counted as would-drop and passes
 */
enum vseg_bridge_mode {
	VSEG_BRIDGE_MODE_ENFORCE,
	VSEG_BRIDGE_MODE_MONITOR,

	/* private: */
	__VSEG_BRIDGE_MODE_MAX,
	VSEG_BRIDGE_MODE_MAX = (__VSEG_BRIDGE_MODE_MAX - 1)
};

/**
 * enum vseg_action - what a cell says
 * @VSEG_ACTION_DENY: the pair may not talk
 * @VSEG_ACTION_ALLOW: every frame of the pair passes
 * @VSEG_ACTION_RULES: the cell's rules decide; what none of them matches is
 *   denied
 */
enum vseg_action {
	VSEG_ACTION_DENY,
	VSEG_ACTION_ALLOW,
	VSEG_ACTION_RULES,

	/* private: */
	__VSEG_ACTION_MAX,
	VSEG_ACTION_MAX = (__VSEG_ACTION_MAX - 1)
};

/**
 * enum vseg_cell_flags - properties of a cell
 * @VSEG_CELL_FLAGS_MONITOR: count as would-drop and pass, instead of drop
 * @VSEG_CELL_FLAGS_IMPLICIT: not listed; the allow inside a domain
 * @VSEG_CELL_FLAGS_LOG: make events of what passes by an allow cell, too
 * @VSEG_CELL_FLAGS_ISOLATE: of an allow cell inside a domain: its guests reach
 *   each other by the services of the cell only, and ports that aren't guests'
 *   freely
 */
enum vseg_cell_flags {
	VSEG_CELL_FLAGS_MONITOR = 1,
	VSEG_CELL_FLAGS_IMPLICIT = 2,
	VSEG_CELL_FLAGS_LOG = 4,
	VSEG_CELL_FLAGS_ISOLATE = 8,

	/* private: */
	VSEG_CELL_FLAGS_MASK = 15,
};

/**
 * enum vseg_service - named services of a cell: its source is the client, its
 *   destination the server, and what they send passes in both directions
 * @VSEG_SERVICE_DHCP: DHCP for IPv4
 * @VSEG_SERVICE_DHCPV6: DHCP for IPv6
 * @VSEG_SERVICE_RA: router solicitations and advertisements
 * @VSEG_SERVICE_MDNS: multicast DNS, and its answers by unicast
 */
enum vseg_service {
	VSEG_SERVICE_DHCP = 1,
	VSEG_SERVICE_DHCPV6 = 2,
	VSEG_SERVICE_RA = 4,
	VSEG_SERVICE_MDNS = 8,

	/* private: */
	VSEG_SERVICE_MASK = 15,
};

/**
 * enum vseg_rule_flags - properties of a rule
 * @VSEG_RULE_FLAGS_LOG: make events of what the rule lets pass, too
 * @VSEG_RULE_FLAGS_STATE: the answers to what it lets pass may pass, and
 *   related errors
 * @VSEG_RULE_FLAGS_KEEP: flows that it allowed outlive it; only with state
 */
enum vseg_rule_flags {
	VSEG_RULE_FLAGS_LOG = 1,
	VSEG_RULE_FLAGS_STATE = 2,
	VSEG_RULE_FLAGS_KEEP = 4,

	/* private: */
	VSEG_RULE_FLAGS_MASK = 7,
};

/**
 * enum vseg_match_field - what a match of a rule looks at
 * @VSEG_MATCH_FIELD_ETHERTYPE: type behind all tags; of a LLC frame without
 *   SNAP, its length
 * @VSEG_MATCH_FIELD_VLAN: VLAN of the bridge, 0 without one
 * @VSEG_MATCH_FIELD_PROTOCOL: IP protocol, behind the extension headers of
 *   IPv6
 * @VSEG_MATCH_FIELD_SOURCE_PORT: of TCP, UDP, UDP-Lite, SCTP and DCCP
 * @VSEG_MATCH_FIELD_DESTINATION_PORT: likewise
 * @VSEG_MATCH_FIELD_ICMP: type * 256 + code of ICMP or ICMPv6
 * @VSEG_MATCH_FIELD_SOURCE: IPv4 or IPv6 source address
 * @VSEG_MATCH_FIELD_DESTINATION: IPv4 or IPv6 destination address
 * @VSEG_MATCH_FIELD_TCP_FLAGS: the eight flags of TCP
 * @VSEG_MATCH_FIELD_FRAGMENT: enum fragment
 */
enum vseg_match_field {
	VSEG_MATCH_FIELD_ETHERTYPE,
	VSEG_MATCH_FIELD_VLAN,
	VSEG_MATCH_FIELD_PROTOCOL,
	VSEG_MATCH_FIELD_SOURCE_PORT,
	VSEG_MATCH_FIELD_DESTINATION_PORT,
	VSEG_MATCH_FIELD_ICMP,
	VSEG_MATCH_FIELD_SOURCE,
	VSEG_MATCH_FIELD_DESTINATION,
	VSEG_MATCH_FIELD_TCP_FLAGS,
	VSEG_MATCH_FIELD_FRAGMENT,

	/* private: */
	__VSEG_MATCH_FIELD_MAX,
	VSEG_MATCH_FIELD_MAX = (__VSEG_MATCH_FIELD_MAX - 1)
};

/**
 * enum vseg_fragment - which part of an IP packet a frame carries
 * @VSEG_FRAGMENT_WHOLE: all of it
 * @VSEG_FRAGMENT_FIRST: the first fragment of several
 * @VSEG_FRAGMENT_LATER: another one
 */
enum vseg_fragment {
	VSEG_FRAGMENT_WHOLE,
	VSEG_FRAGMENT_FIRST,
	VSEG_FRAGMENT_LATER,

	/* private: */
	__VSEG_FRAGMENT_MAX,
	VSEG_FRAGMENT_MAX = (__VSEG_FRAGMENT_MAX - 1)
};

/**
 * enum vseg_guard_permit - what a guest may send that the guard of its port
 *   drops otherwise
 * @VSEG_GUARD_PERMIT_ALL: everything; there is no guard
 * @VSEG_GUARD_PERMIT_DHCP_SERVER: answers of a DHCP or DHCPv6 server
 * @VSEG_GUARD_PERMIT_ROUTER: router advertisements and redirects
 * @VSEG_GUARD_PERMIT_SPANNING_TREE: BPDUs
 * @VSEG_GUARD_PERMIT_LINK_LOCAL: other frames to the addresses that bridges
 *   don't forward, as LLDP
 * @VSEG_GUARD_PERMIT_MULTICAST_ROUTER: IGMP and MLD queries, PIM and multicast
 *   router discovery
 */
enum vseg_guard_permit {
	VSEG_GUARD_PERMIT_ALL = 1,
	VSEG_GUARD_PERMIT_DHCP_SERVER = 2,
	VSEG_GUARD_PERMIT_ROUTER = 4,
	VSEG_GUARD_PERMIT_SPANNING_TREE = 8,
	VSEG_GUARD_PERMIT_LINK_LOCAL = 16,
	VSEG_GUARD_PERMIT_MULTICAST_ROUTER = 32,

	/* private: */
	VSEG_GUARD_PERMIT_MASK = 63,
};

/**
 * enum vseg_unmanaged - what happens on bridges that the policy doesn't name
 * @VSEG_UNMANAGED_PASS: their frames are not touched
 * @VSEG_UNMANAGED_DROP: their frames are dropped, reason unmanaged
 */
enum vseg_unmanaged {
	VSEG_UNMANAGED_PASS,
	VSEG_UNMANAGED_DROP,

	/* private: */
	__VSEG_UNMANAGED_MAX,
	VSEG_UNMANAGED_MAX = (__VSEG_UNMANAGED_MAX - 1)
};

/**
 * enum vseg_hook - where a frame was decided
 * @VSEG_HOOK_FORWARD: from port to port
 * @VSEG_HOOK_LOCAL_IN: from a port to the host
 * @VSEG_HOOK_LOCAL_OUT: from the host to a port
 * @VSEG_HOOK_INGRESS: as it entered, by the guard of its port; where it goes
 *   isn't known yet
 * @VSEG_HOOK_ROUTE_IN: from a port to the host, once routing and address
 *   translation have found that it is for the host
 * @VSEG_HOOK_ROUTE_FORWARD: from a port to a device of the host that is no
 *   managed bridge
 */
enum vseg_hook {
	VSEG_HOOK_FORWARD,
	VSEG_HOOK_LOCAL_IN,
	VSEG_HOOK_LOCAL_OUT,
	VSEG_HOOK_INGRESS,
	VSEG_HOOK_ROUTE_IN,
	VSEG_HOOK_ROUTE_FORWARD,

	/* private: */
	__VSEG_HOOK_MAX,
	VSEG_HOOK_MAX = (__VSEG_HOOK_MAX - 1)
};

/**
 * enum vseg_reason - why a frame was dropped
 * @VSEG_REASON_NONE: it was not dropped
 * @VSEG_REASON_DEFAULT_DENY: no cell lists the pair of domains
 * @VSEG_REASON_CELL_DENY: a cell denies the pair of domains
 * @VSEG_REASON_UNLABELLED_SRC: the port that it entered by, or its VLAN there,
 *   has no domain
 * @VSEG_REASON_UNLABELLED_DST: the port that it would leave by, or its VLAN
 *   there, has no domain
 * @VSEG_REASON_FLOOD: a denied copy of a broadcast, multicast or unknown
 *   unicast frame
 * @VSEG_REASON_PROMISC: a denied copy that only a capture on the bridge device
 *   would see
 * @VSEG_REASON_VLAN_AMBIGUOUS: its VLAN can't be told and the candidates carry
 *   different domains
 * @VSEG_REASON_LOCKDOWN: no policy is in force and the module was loaded with
 *   lockdown=1
 * @VSEG_REASON_UNMANAGED: its bridge is not named by a policy that says to
 *   drop there
 * @VSEG_REASON_INTERNAL: a port of the frame left the managed bridge meanwhile
 * @VSEG_REASON_RULE_DENY: a rule of the cell denies it
 * @VSEG_REASON_NO_RULE: no rule of the cell matches it
 * @VSEG_REASON_UNPARSED: a rule wants to know of it what can't be told
 * @VSEG_REASON_ISOLATED: guests of this domain don't talk to each other
 * @VSEG_REASON_GUARD_MAC: it came from a MAC address that isn't the guest's
 * @VSEG_REASON_GUARD_ADDRESS: it came from an IP address that isn't the
 *   guest's
 * @VSEG_REASON_GUARD_RESOLUTION: it claimed an address in ARP or neighbour
 *   discovery that isn't the guest's
 * @VSEG_REASON_GUARD_DHCP: a guest played DHCP server
 * @VSEG_REASON_GUARD_ROUTER: a guest sent a router advertisement or a redirect
 * @VSEG_REASON_GUARD_SPANNING_TREE: a guest sent a BPDU
 * @VSEG_REASON_GUARD_LINK_LOCAL: a guest sent another frame that only bridges
 *   send
 * @VSEG_REASON_GUARD_MULTICAST_ROUTER: a guest played multicast querier or
 *   router
 * @VSEG_REASON_GUARD_UNPARSED: what the guard has to check can't be told
 * @VSEG_REASON_OTHER_HOST: a unicast copy for another station, at a port whose
 *   guest has known MAC addresses
 * @VSEG_REASON_FRAGMENT: a later fragment of a datagram whose first one didn't
 *   pass, wasn't seen, or that overlaps another
 * @VSEG_REASON_STATE_INVALID: connection tracking can't follow it, and it may
 *   begin no flow
 * @VSEG_REASON_STATE_MISMATCH: its flow belongs to another ordered pair of
 *   domains
 * @VSEG_REASON_STATE_FULL: there are as many flows of its domain, or of all,
 *   as may be
 * @VSEG_REASON_LABEL_LOST: the host forwards it, and which domain it came from
 *   can't be told
 */
enum vseg_reason {
	VSEG_REASON_NONE,
	VSEG_REASON_DEFAULT_DENY,
	VSEG_REASON_CELL_DENY,
	VSEG_REASON_UNLABELLED_SRC,
	VSEG_REASON_UNLABELLED_DST,
	VSEG_REASON_FLOOD,
	VSEG_REASON_PROMISC,
	VSEG_REASON_VLAN_AMBIGUOUS,
	VSEG_REASON_LOCKDOWN,
	VSEG_REASON_UNMANAGED,
	VSEG_REASON_INTERNAL,
	VSEG_REASON_RULE_DENY,
	VSEG_REASON_NO_RULE,
	VSEG_REASON_UNPARSED,
	VSEG_REASON_ISOLATED,
	VSEG_REASON_GUARD_MAC,
	VSEG_REASON_GUARD_ADDRESS,
	VSEG_REASON_GUARD_RESOLUTION,
	VSEG_REASON_GUARD_DHCP,
	VSEG_REASON_GUARD_ROUTER,
	VSEG_REASON_GUARD_SPANNING_TREE,
	VSEG_REASON_GUARD_LINK_LOCAL,
	VSEG_REASON_GUARD_MULTICAST_ROUTER,
	VSEG_REASON_GUARD_UNPARSED,
	VSEG_REASON_OTHER_HOST,
	VSEG_REASON_FRAGMENT,
	VSEG_REASON_STATE_INVALID,
	VSEG_REASON_STATE_MISMATCH,
	VSEG_REASON_STATE_FULL,
	VSEG_REASON_LABEL_LOST,

	/* private: */
	__VSEG_REASON_MAX,
	VSEG_REASON_MAX = (__VSEG_REASON_MAX - 1)
};

/**
 * enum vseg_pass - built-in passes
 * @VSEG_PASS_NONE: no pass; a cell decided
 * @VSEG_PASS_ADDRESS_RESOLUTION: ARP, RARP and IPv6 neighbour solicitation and
 *   advertisement
 * @VSEG_PASS_BRIDGE_CONTROL: the bridge's own BPDUs and multicast queries
 * @VSEG_PASS_SERVICE: a named service of a cell of either direction
 * @VSEG_PASS_STATE: a flow that a stateful rule allowed
 */
enum vseg_pass {
	VSEG_PASS_NONE,
	VSEG_PASS_ADDRESS_RESOLUTION,
	VSEG_PASS_BRIDGE_CONTROL,
	VSEG_PASS_SERVICE,
	VSEG_PASS_STATE,

	/* private: */
	__VSEG_PASS_MAX,
	VSEG_PASS_MAX = (__VSEG_PASS_MAX - 1)
};

/**
 * enum vseg_txn_flags - how to commit
 * @VSEG_TXN_FLAGS_NOWAIT: return after the swap, before frames in flight are
 *   through
 * @VSEG_TXN_FLAGS_CHECK: do all but put it in force; the transaction stays
 *   open
 */
enum vseg_txn_flags {
	VSEG_TXN_FLAGS_NOWAIT = 1,
	VSEG_TXN_FLAGS_CHECK = 2,

	/* private: */
	VSEG_TXN_FLAGS_MASK = 3,
};

/**
 * enum vseg_warning - what a committed policy should be looked at for
 * @VSEG_WARNING_TIE: (s, any) and (any, d) say different things about a pair
 *   that is not listed; deny wins
 * @VSEG_WARNING_VLAN_AMBIGUOUS: a port is untagged in several VLANs that a
 *   trunk port maps to different domains; frames between them are dropped
 * @VSEG_WARNING_AMBIGUOUS: selectors of equal rank say different things about
 *   a port; it is unlabelled
 */
enum vseg_warning {
	VSEG_WARNING_TIE = 1,
	VSEG_WARNING_VLAN_AMBIGUOUS = 2,
	VSEG_WARNING_AMBIGUOUS = 4,

	/* private: */
	VSEG_WARNING_MASK = 7,
};

/**
 * enum vseg_config_event - what a config notification tells
 * @VSEG_CONFIG_EVENT_COMMIT: a transaction was committed
 * @VSEG_CONFIG_EVENT_OFF: the policy was taken out of force
 * @VSEG_CONFIG_EVENT_PORT_ADD: a port joined a managed bridge
 * @VSEG_CONFIG_EVENT_PORT_DEL: a port left a managed bridge; its label is gone
 * @VSEG_CONFIG_EVENT_BRIDGE_ADD: a bridge that the policy names appeared
 * @VSEG_CONFIG_EVENT_BRIDGE_DEL: a bridge that the policy names went away
 * @VSEG_CONFIG_EVENT_BRIDGE_UNMANAGED: a port joined a bridge that the policy
 *   doesn't name
 * @VSEG_CONFIG_EVENT_PORT_LABEL: a port's name or address changed, and with it
 *   its binding
 * @VSEG_CONFIG_EVENT_CONFIRM: a commit was confirmed
 * @VSEG_CONFIG_EVENT_ROLLBACK: the policy before the last one is in force
 *   again
 */
enum vseg_config_event {
	VSEG_CONFIG_EVENT_COMMIT,
	VSEG_CONFIG_EVENT_OFF,
	VSEG_CONFIG_EVENT_PORT_ADD,
	VSEG_CONFIG_EVENT_PORT_DEL,
	VSEG_CONFIG_EVENT_BRIDGE_ADD,
	VSEG_CONFIG_EVENT_BRIDGE_DEL,
	VSEG_CONFIG_EVENT_BRIDGE_UNMANAGED,
	VSEG_CONFIG_EVENT_PORT_LABEL,
	VSEG_CONFIG_EVENT_CONFIRM,
	VSEG_CONFIG_EVENT_ROLLBACK,

	/* private: */
	__VSEG_CONFIG_EVENT_MAX,
	VSEG_CONFIG_EVENT_MAX = (__VSEG_CONFIG_EVENT_MAX - 1)
};

/**
 * enum vseg_frame_class - what a frame is to the built-in passes
 * @VSEG_FRAME_CLASS_OTHER: nothing that a pass knows
 * @VSEG_FRAME_CLASS_ADDRESS_RESOLUTION: well-formed ARP, RARP, neighbour
 *   solicitation or advertisement
 * @VSEG_FRAME_CLASS_BPDU: well-formed spanning tree BPDU
 * @VSEG_FRAME_CLASS_QUERY: well-formed IGMP or MLD query
 * @VSEG_FRAME_CLASS_DHCP_REQUEST: well-formed message of a DHCP client
 * @VSEG_FRAME_CLASS_DHCP_REPLY: well-formed message of a DHCP server
 * @VSEG_FRAME_CLASS_DHCPV6_REQUEST: well-formed message of a DHCPv6 client
 * @VSEG_FRAME_CLASS_DHCPV6_REPLY: well-formed message of a DHCPv6 server
 * @VSEG_FRAME_CLASS_ROUTER_SOLICITATION: well-formed router solicitation
 * @VSEG_FRAME_CLASS_ROUTER_ADVERTISEMENT: well-formed router advertisement
 * @VSEG_FRAME_CLASS_MDNS: well-formed multicast DNS message
 */
enum vseg_frame_class {
	VSEG_FRAME_CLASS_OTHER,
	VSEG_FRAME_CLASS_ADDRESS_RESOLUTION,
	VSEG_FRAME_CLASS_BPDU,
	VSEG_FRAME_CLASS_QUERY,
	VSEG_FRAME_CLASS_DHCP_REQUEST,
	VSEG_FRAME_CLASS_DHCP_REPLY,
	VSEG_FRAME_CLASS_DHCPV6_REQUEST,
	VSEG_FRAME_CLASS_DHCPV6_REPLY,
	VSEG_FRAME_CLASS_ROUTER_SOLICITATION,
	VSEG_FRAME_CLASS_ROUTER_ADVERTISEMENT,
	VSEG_FRAME_CLASS_MDNS,

	/* private: */
	__VSEG_FRAME_CLASS_MAX,
	VSEG_FRAME_CLASS_MAX = (__VSEG_FRAME_CLASS_MAX - 1)
};

/**
 * enum vseg_log_op - what made a generation
 * @VSEG_LOG_OP_COMMIT: a transaction, or an edit without one
 * @VSEG_LOG_OP_OFF: the policy was taken out of force
 * @VSEG_LOG_OP_ROLLBACK: an operator went back to the policy before
 * @VSEG_LOG_OP_EXPIRED: the kernel went back, nobody had confirmed in time
 * @VSEG_LOG_OP_CONFIRM: no generation of its own, the one in force was
 *   confirmed
 */
enum vseg_log_op {
	VSEG_LOG_OP_COMMIT,
	VSEG_LOG_OP_OFF,
	VSEG_LOG_OP_ROLLBACK,
	VSEG_LOG_OP_EXPIRED,
	VSEG_LOG_OP_CONFIRM,

	/* private: */
	__VSEG_LOG_OP_MAX,
	VSEG_LOG_OP_MAX = (__VSEG_LOG_OP_MAX - 1)
};

enum {
	VSEG_A_TXN_PAD = 1,
	VSEG_A_TXN_COOKIE,
	VSEG_A_TXN_GENERATION,
	VSEG_A_TXN_FLAGS,
	VSEG_A_TXN_WARNINGS,
	VSEG_A_TXN_CONFIRM,

	__VSEG_A_TXN_MAX,
	VSEG_A_TXN_MAX = (__VSEG_A_TXN_MAX - 1)
};

enum {
	VSEG_A_REASON_REASON = 1,
	VSEG_A_REASON_PACKETS,
	VSEG_A_REASON_WOULD_PACKETS,

	__VSEG_A_REASON_MAX,
	VSEG_A_REASON_MAX = (__VSEG_A_REASON_MAX - 1)
};

enum {
	VSEG_A_STATS_RX_PACKETS = 1,
	VSEG_A_STATS_RX_BYTES,
	VSEG_A_STATS_TX_PACKETS,
	VSEG_A_STATS_TX_BYTES,
	VSEG_A_STATS_RX_DROPPED,
	VSEG_A_STATS_RX_DROPPED_BYTES,
	VSEG_A_STATS_TX_DROPPED,
	VSEG_A_STATS_TX_DROPPED_BYTES,
	VSEG_A_STATS_WOULD_DROP,
	VSEG_A_STATS_PASS_ADDRESS_RESOLUTION,
	VSEG_A_STATS_PASS_BRIDGE_CONTROL,
	VSEG_A_STATS_REASON,
	VSEG_A_STATS_PASS_SERVICE,
	VSEG_A_STATS_PASS_STATE,

	__VSEG_A_STATS_MAX,
	VSEG_A_STATS_MAX = (__VSEG_A_STATS_MAX - 1)
};

enum {
	VSEG_A_STATUS_VERSION = 1,
	VSEG_A_STATUS_GENERATION,
	VSEG_A_STATUS_ACTIVE,
	VSEG_A_STATUS_LOCKDOWN,
	VSEG_A_STATUS_BRIDGES,
	VSEG_A_STATUS_BRIDGES_PRESENT,
	VSEG_A_STATUS_BRIDGES_MONITOR,
	VSEG_A_STATUS_BRIDGES_UNMANAGED,
	VSEG_A_STATUS_CELLS_MONITOR,
	VSEG_A_STATUS_DOMAINS,
	VSEG_A_STATUS_CELLS,
	VSEG_A_STATUS_PORTS,
	VSEG_A_STATUS_PORTS_UNLABELLED,
	VSEG_A_STATUS_PAIRS,
	VSEG_A_STATUS_PAIRS_MAX,
	VSEG_A_STATUS_PAIRS_EVICTED,
	VSEG_A_STATUS_PAIRS_EVICTED_PACKETS,
	VSEG_A_STATUS_EVENTS,
	VSEG_A_STATUS_EVENTS_LIMITED,
	VSEG_A_STATUS_EVENTS_LOST,
	VSEG_A_STATUS_LOCKDOWN_DROPPED,
	VSEG_A_STATUS_UNMANAGED_DROPPED,
	VSEG_A_STATUS_INTERNAL_DROPPED,
	VSEG_A_STATUS_CELL_MEMORY,
	VSEG_A_STATUS_CELL_MEMORY_MAX,
	VSEG_A_STATUS_STATS,
	VSEG_A_STATUS_WARNINGS,
	VSEG_A_STATUS_SELECTORS,
	VSEG_A_STATUS_PORTS_AMBIGUOUS,
	VSEG_A_STATUS_ROLLBACK_GENERATION,
	VSEG_A_STATUS_CONFIRM_LEFT,
	VSEG_A_STATUS_FLOWS,
	VSEG_A_STATUS_FLOWS_MAX,
	VSEG_A_STATUS_FLOWS_REFUSED,
	VSEG_A_STATUS_FLOWS_EVICTED,
	VSEG_A_STATUS_FLOWS_PICKED_UP,
	VSEG_A_STATUS_ZONES,

	__VSEG_A_STATUS_MAX,
	VSEG_A_STATUS_MAX = (__VSEG_A_STATUS_MAX - 1)
};

enum {
	VSEG_A_SETTINGS_PAD = 1,
	VSEG_A_SETTINGS_COOKIE,
	VSEG_A_SETTINGS_ADDRESS_RESOLUTION,
	VSEG_A_SETTINGS_BRIDGE_CONTROL,
	VSEG_A_SETTINGS_UNMANAGED,
	VSEG_A_SETTINGS_FLOOD_EVENTS,
	VSEG_A_SETTINGS_GUARD,
	VSEG_A_SETTINGS_STATE_PICKUP,
	VSEG_A_SETTINGS_STATE_LIMIT,
	VSEG_A_SETTINGS_STATE_ZONE_FIRST,
	VSEG_A_SETTINGS_STATE_ZONE_LAST,
	VSEG_A_SETTINGS_MARK_MASK,

	__VSEG_A_SETTINGS_MAX,
	VSEG_A_SETTINGS_MAX = (__VSEG_A_SETTINGS_MAX - 1)
};

enum {
	VSEG_A_DOMAIN_PAD = 1,
	VSEG_A_DOMAIN_COOKIE,
	VSEG_A_DOMAIN_NAME,
	VSEG_A_DOMAIN_ID,
	VSEG_A_DOMAIN_PORTS,
	VSEG_A_DOMAIN_CELLS,
	VSEG_A_DOMAIN_STATS,
	VSEG_A_DOMAIN_GUARD_PERMIT,

	__VSEG_A_DOMAIN_MAX,
	VSEG_A_DOMAIN_MAX = (__VSEG_A_DOMAIN_MAX - 1)
};

enum {
	VSEG_A_BRIDGE_PAD = 1,
	VSEG_A_BRIDGE_COOKIE,
	VSEG_A_BRIDGE_NAME,
	VSEG_A_BRIDGE_MODE,
	VSEG_A_BRIDGE_IFINDEX,
	VSEG_A_BRIDGE_PORTS,
	VSEG_A_BRIDGE_STATS,
	VSEG_A_BRIDGE_HOST_STATS,
	VSEG_A_BRIDGE_ENTRY,

	__VSEG_A_BRIDGE_MAX,
	VSEG_A_BRIDGE_MAX = (__VSEG_A_BRIDGE_MAX - 1)
};

enum {
	VSEG_A_VLAN_FIRST = 1,
	VSEG_A_VLAN_LAST,
	VSEG_A_VLAN_DOMAIN,

	__VSEG_A_VLAN_MAX,
	VSEG_A_VLAN_MAX = (__VSEG_A_VLAN_MAX - 1)
};

enum {
	VSEG_A_PORT_PAD = 1,
	VSEG_A_PORT_COOKIE,
	VSEG_A_PORT_IFINDEX,
	VSEG_A_PORT_IFNAME,
	VSEG_A_PORT_KIND,
	VSEG_A_PORT_TRUST,
	VSEG_A_PORT_DOMAIN,
	VSEG_A_PORT_VLAN,
	VSEG_A_PORT_BRIDGE,
	VSEG_A_PORT_BRIDGE_IFINDEX,
	VSEG_A_PORT_MATCH,
	VSEG_A_PORT_UNTAGGED_VLAN,
	VSEG_A_PORT_VLAN_AMBIGUOUS,
	VSEG_A_PORT_STATS,
	VSEG_A_PORT_SELECTOR,
	VSEG_A_PORT_GUARD,

	__VSEG_A_PORT_MAX,
	VSEG_A_PORT_MAX = (__VSEG_A_PORT_MAX - 1)
};

enum {
	VSEG_A_SELECTOR_PAD = 1,
	VSEG_A_SELECTOR_COOKIE,
	VSEG_A_SELECTOR_TYPE,
	VSEG_A_SELECTOR_PATTERN,
	VSEG_A_SELECTOR_MAC,
	VSEG_A_SELECTOR_GROUP,
	VSEG_A_SELECTOR_KIND,
	VSEG_A_SELECTOR_TRUST,
	VSEG_A_SELECTOR_DOMAIN,
	VSEG_A_SELECTOR_VLAN,
	VSEG_A_SELECTOR_PORTS,
	VSEG_A_SELECTOR_GUARD,

	__VSEG_A_SELECTOR_MAX,
	VSEG_A_SELECTOR_MAX = (__VSEG_A_SELECTOR_MAX - 1)
};

enum {
	VSEG_A_CELL_PAD = 1,
	VSEG_A_CELL_COOKIE,
	VSEG_A_CELL_SRC,
	VSEG_A_CELL_DST,
	VSEG_A_CELL_ACTION,
	VSEG_A_CELL_FLAGS,
	VSEG_A_CELL_PACKETS,
	VSEG_A_CELL_BYTES,
	VSEG_A_CELL_WOULD_PACKETS,
	VSEG_A_CELL_WOULD_BYTES,
	VSEG_A_CELL_SERVICES,
	VSEG_A_CELL_RULES,

	__VSEG_A_CELL_MAX,
	VSEG_A_CELL_MAX = (__VSEG_A_CELL_MAX - 1)
};

enum {
	VSEG_A_MATCH_FIELD = 1,
	VSEG_A_MATCH_FIRST,
	VSEG_A_MATCH_LAST,
	VSEG_A_MATCH_MASK,
	VSEG_A_MATCH_ADDRESS,
	VSEG_A_MATCH_PREFIX,

	__VSEG_A_MATCH_MAX,
	VSEG_A_MATCH_MAX = (__VSEG_A_MATCH_MAX - 1)
};

enum {
	VSEG_A_RULE_PAD = 1,
	VSEG_A_RULE_COOKIE,
	VSEG_A_RULE_SRC,
	VSEG_A_RULE_DST,
	VSEG_A_RULE_INDEX,
	VSEG_A_RULE_ACTION,
	VSEG_A_RULE_FLAGS,
	VSEG_A_RULE_NAME,
	VSEG_A_RULE_COMMENT,
	VSEG_A_RULE_MATCH,
	VSEG_A_RULE_PACKETS,
	VSEG_A_RULE_BYTES,
	VSEG_A_RULE_WOULD_PACKETS,
	VSEG_A_RULE_WOULD_BYTES,

	__VSEG_A_RULE_MAX,
	VSEG_A_RULE_MAX = (__VSEG_A_RULE_MAX - 1)
};

enum {
	VSEG_A_PREFIX_ADDRESS = 1,
	VSEG_A_PREFIX_LENGTH,

	__VSEG_A_PREFIX_MAX,
	VSEG_A_PREFIX_MAX = (__VSEG_A_PREFIX_MAX - 1)
};

enum {
	VSEG_A_GUARD_PERMIT = 1,
	VSEG_A_GUARD_MAC,
	VSEG_A_GUARD_PREFIX,

	__VSEG_A_GUARD_MAX,
	VSEG_A_GUARD_MAX = (__VSEG_A_GUARD_MAX - 1)
};

enum {
	VSEG_A_PAIR_SRC = 1,
	VSEG_A_PAIR_SRC_ID,
	VSEG_A_PAIR_DST,
	VSEG_A_PAIR_DST_ID,
	VSEG_A_PAIR_REASON,
	VSEG_A_PAIR_PACKETS,
	VSEG_A_PAIR_BYTES,
	VSEG_A_PAIR_WOULD_PACKETS,
	VSEG_A_PAIR_WOULD_BYTES,
	VSEG_A_PAIR_IN_IFINDEX,
	VSEG_A_PAIR_OUT_IFINDEX,
	VSEG_A_PAIR_FIRST_MS,
	VSEG_A_PAIR_LAST_MS,

	__VSEG_A_PAIR_MAX,
	VSEG_A_PAIR_MAX = (__VSEG_A_PAIR_MAX - 1)
};

enum {
	VSEG_A_DROP_TIME = 1,
	VSEG_A_DROP_HOOK,
	VSEG_A_DROP_REASON,
	VSEG_A_DROP_WOULD,
	VSEG_A_DROP_IN_IFINDEX,
	VSEG_A_DROP_IN_IFNAME,
	VSEG_A_DROP_OUT_IFINDEX,
	VSEG_A_DROP_OUT_IFNAME,
	VSEG_A_DROP_SRC,
	VSEG_A_DROP_DST,
	VSEG_A_DROP_VLAN,
	VSEG_A_DROP_SRC_MAC,
	VSEG_A_DROP_DST_MAC,
	VSEG_A_DROP_ETHERTYPE,
	VSEG_A_DROP_IP_SRC,
	VSEG_A_DROP_IP_DST,
	VSEG_A_DROP_IP_PROTO,
	VSEG_A_DROP_SPORT,
	VSEG_A_DROP_DPORT,
	VSEG_A_DROP_LENGTH,
	VSEG_A_DROP_LIMITED,
	VSEG_A_DROP_GENERATION,

	__VSEG_A_DROP_MAX,
	VSEG_A_DROP_MAX = (__VSEG_A_DROP_MAX - 1)
};

enum {
	VSEG_A_DECISION_PAD = 1,
	VSEG_A_DECISION_COOKIE,
	VSEG_A_DECISION_SRC,
	VSEG_A_DECISION_DST,
	VSEG_A_DECISION_IN_IFNAME,
	VSEG_A_DECISION_OUT_IFNAME,
	VSEG_A_DECISION_VLAN,
	VSEG_A_DECISION_CLASS,
	VSEG_A_DECISION_REASON,
	VSEG_A_DECISION_PASS,
	VSEG_A_DECISION_CELL_SRC,
	VSEG_A_DECISION_CELL_DST,
	VSEG_A_DECISION_ACTION,
	VSEG_A_DECISION_FLAGS,
	VSEG_A_DECISION_GENERATION,
	VSEG_A_DECISION_IN_MATCH,
	VSEG_A_DECISION_OUT_MATCH,
	VSEG_A_DECISION_FRAME,
	VSEG_A_DECISION_RULE,
	VSEG_A_DECISION_RULE_NAME,

	__VSEG_A_DECISION_MAX,
	VSEG_A_DECISION_MAX = (__VSEG_A_DECISION_MAX - 1)
};

enum {
	VSEG_A_LOG_GENERATION = 1,
	VSEG_A_LOG_TIME,
	VSEG_A_LOG_OP,
	VSEG_A_LOG_CHANGES,
	VSEG_A_LOG_UID,
	VSEG_A_LOG_AUID,
	VSEG_A_LOG_PID,
	VSEG_A_LOG_COMM,
	VSEG_A_LOG_CONFIRM,

	__VSEG_A_LOG_MAX,
	VSEG_A_LOG_MAX = (__VSEG_A_LOG_MAX - 1)
};

enum {
	VSEG_A_CONFIG_EVENT = 1,
	VSEG_A_CONFIG_GENERATION,
	VSEG_A_CONFIG_IFINDEX,
	VSEG_A_CONFIG_IFNAME,
	VSEG_A_CONFIG_BRIDGE,

	__VSEG_A_CONFIG_MAX,
	VSEG_A_CONFIG_MAX = (__VSEG_A_CONFIG_MAX - 1)
};

enum {
	VSEG_A_ZONE_PAD = 1,
	VSEG_A_ZONE_ID,
	VSEG_A_ZONE_BRIDGE,
	VSEG_A_ZONE_VID,
	VSEG_A_ZONE_DOMAIN,
	VSEG_A_ZONE_PEER,
	VSEG_A_ZONE_KEEP,

	__VSEG_A_ZONE_MAX,
	VSEG_A_ZONE_MAX = (__VSEG_A_ZONE_MAX - 1)
};

enum {
	VSEG_CMD_STATUS_GET = 1,
	VSEG_CMD_BEGIN,
	VSEG_CMD_COMMIT,
	VSEG_CMD_ABORT,
	VSEG_CMD_OFF,
	VSEG_CMD_SETTINGS_GET,
	VSEG_CMD_SETTINGS_SET,
	VSEG_CMD_DOMAIN_GET,
	VSEG_CMD_DOMAIN_ADD,
	VSEG_CMD_DOMAIN_DEL,
	VSEG_CMD_BRIDGE_GET,
	VSEG_CMD_BRIDGE_ADD,
	VSEG_CMD_BRIDGE_SET,
	VSEG_CMD_BRIDGE_DEL,
	VSEG_CMD_PORT_GET,
	VSEG_CMD_PORT_BIND,
	VSEG_CMD_PORT_UNBIND,
	VSEG_CMD_CELL_GET,
	VSEG_CMD_CELL_SET,
	VSEG_CMD_CELL_DEL,
	VSEG_CMD_PAIR_GET,
	VSEG_CMD_DROP_NTF,
	VSEG_CMD_CONFIG_NTF,
	VSEG_CMD_SELECTOR_GET,
	VSEG_CMD_SELECTOR_ADD,
	VSEG_CMD_SELECTOR_DEL,
	VSEG_CMD_CONFIRM,
	VSEG_CMD_ROLLBACK,
	VSEG_CMD_DECIDE,
	VSEG_CMD_LOG_GET,
	VSEG_CMD_DOMAIN_SET,
	VSEG_CMD_RULE_GET,
	VSEG_CMD_RULE_ADD,
	VSEG_CMD_RULE_DEL,
	VSEG_CMD_ZONE_GET,
	VSEG_CMD_ZONE_ADD,

	__VSEG_CMD_MAX,
	VSEG_CMD_MAX = (__VSEG_CMD_MAX - 1)
};

#define VSEG_MCGRP_CONFIG	"config"
#define VSEG_MCGRP_DROPS	"drops"

#endif /* _UAPI_LINUX_VSEG_H */
