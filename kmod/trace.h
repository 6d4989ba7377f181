/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vseg:vseg_drop fires once for each copy of a frame that vseg dropped, and
 * for each that it would have dropped but for monitor mode (would=1): unicast,
 * flooded and promiscuous copies alike, whether anybody listens to drop events
 * or not, and whatever their rate.
 *
 * This is a contract.  Fields keep their names, types and meanings; new ones
 * come at the end.  The numbers of reason and hook are those of enum
 * vseg_reason and enum vseg_hook in the uAPI header.
 *
 *	in		port that the copy entered by, empty when the host
 *			sent it
 *	out		port that it would have left by, empty when it was for
 *			the host
 *	src, dst	names of the source and the destination domain
 *	src_id, dst_id	their ids
 *	reason		why
 *	hook		where it was decided
 *	would		monitor mode: it passed
 *	vlan		VLAN of the bridge, 65535 when there is none
 *	src_mac, dst_mac
 *			of the Ethernet header; not to be believed
 *	ethertype	behind the VLAN tags; below 0x600 it is a length
 *	len		bytes with the Ethernet header
 *	generation	of the policy that decided
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vseg

#if !defined(VSEG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VSEG_TRACE_H

#include <linux/etherdevice.h>
#include <linux/tracepoint.h>

#include "event.h"

#ifndef VSEG_TRACE_ONCE
#define VSEG_TRACE_ONCE
/* The lists below are complete: a new entry comes after these. */
static_assert(VSEG_REASON_MAX == VSEG_REASON_LABEL_LOST);
static_assert(VSEG_HOOK_MAX == VSEG_HOOK_ROUTE_FORWARD);
#endif

/* Gives tools the numbers behind the names that they print. */
TRACE_DEFINE_ENUM(VSEG_REASON_DEFAULT_DENY);
TRACE_DEFINE_ENUM(VSEG_REASON_CELL_DENY);
TRACE_DEFINE_ENUM(VSEG_REASON_UNLABELLED_SRC);
TRACE_DEFINE_ENUM(VSEG_REASON_UNLABELLED_DST);
TRACE_DEFINE_ENUM(VSEG_REASON_FLOOD);
TRACE_DEFINE_ENUM(VSEG_REASON_PROMISC);
TRACE_DEFINE_ENUM(VSEG_REASON_VLAN_AMBIGUOUS);
TRACE_DEFINE_ENUM(VSEG_REASON_LOCKDOWN);
TRACE_DEFINE_ENUM(VSEG_REASON_UNMANAGED);
TRACE_DEFINE_ENUM(VSEG_REASON_INTERNAL);
TRACE_DEFINE_ENUM(VSEG_REASON_RULE_DENY);
TRACE_DEFINE_ENUM(VSEG_REASON_NO_RULE);
TRACE_DEFINE_ENUM(VSEG_REASON_UNPARSED);
TRACE_DEFINE_ENUM(VSEG_REASON_ISOLATED);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_MAC);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_ADDRESS);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_RESOLUTION);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_DHCP);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_ROUTER);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_SPANNING_TREE);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_LINK_LOCAL);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_MULTICAST_ROUTER);
TRACE_DEFINE_ENUM(VSEG_REASON_GUARD_UNPARSED);
TRACE_DEFINE_ENUM(VSEG_REASON_OTHER_HOST);
TRACE_DEFINE_ENUM(VSEG_REASON_FRAGMENT);
TRACE_DEFINE_ENUM(VSEG_REASON_STATE_INVALID);
TRACE_DEFINE_ENUM(VSEG_REASON_STATE_MISMATCH);
TRACE_DEFINE_ENUM(VSEG_REASON_STATE_FULL);
TRACE_DEFINE_ENUM(VSEG_REASON_LABEL_LOST);
TRACE_DEFINE_ENUM(VSEG_HOOK_FORWARD);
TRACE_DEFINE_ENUM(VSEG_HOOK_LOCAL_IN);
TRACE_DEFINE_ENUM(VSEG_HOOK_LOCAL_OUT);
TRACE_DEFINE_ENUM(VSEG_HOOK_INGRESS);
TRACE_DEFINE_ENUM(VSEG_HOOK_ROUTE_IN);
TRACE_DEFINE_ENUM(VSEG_HOOK_ROUTE_FORWARD);

/* Arrays of a fixed size, since __assign_str() differs between kernels. */
TRACE_EVENT(vseg_drop,
	    TP_PROTO(const struct vseg_drop *drop),

	    TP_ARGS(drop),

	    TP_STRUCT__entry(__array(char, in, IFNAMSIZ)
			     __array(char, out, IFNAMSIZ)
			     __array(char, src, VSEG_NAME_MAX + 1)
			     __array(char, dst, VSEG_NAME_MAX + 1)
			     __field(u16, src_id)
			     __field(u16, dst_id)
			     __field(u8, reason)
			     __field(u8, hook)
			     __field(u8, would)
			     __field(u16, vlan)
			     __array(u8, src_mac, ETH_ALEN)
			     __array(u8, dst_mac, ETH_ALEN)
			     __field(u16, ethertype)
			     __field(u32, len)
			     __field(u64, generation)
			     ),

	    TP_fast_assign(const struct ethhdr *eth = eth_hdr(drop->skb);

			   strscpy(__entry->in,
				   drop->in ? drop->in->name : "", IFNAMSIZ);
			   strscpy(__entry->out,
				   drop->out ? drop->out->name : "", IFNAMSIZ);
			   strscpy(__entry->src, drop->src->name,
				   VSEG_NAME_MAX + 1);
			   strscpy(__entry->dst, drop->dst->name,
				   VSEG_NAME_MAX + 1);
			   __entry->src_id = drop->src->id;
			   __entry->dst_id = drop->dst->id;
			   __entry->reason = drop->reason;
			   __entry->hook = drop->hook;
			   __entry->would = drop->would;
			   __entry->vlan = drop->vid;
			   ether_addr_copy(__entry->src_mac, eth->h_source);
			   ether_addr_copy(__entry->dst_mac, eth->h_dest);
			   __entry->ethertype =
				vseg_event_ethertype(drop->skb, NULL);
			   __entry->len = drop->len;
			   __entry->generation = drop->generation;
			   ),

	    TP_printk("in=%s out=%s src=%s(%u) dst=%s(%u) reason=%s hook=%s would=%u vlan=%u src_mac=%pM dst_mac=%pM ethertype=%#06x len=%u generation=%llu",
		      __entry->in, __entry->out,
		      __entry->src, __entry->src_id,
		      __entry->dst, __entry->dst_id,
		      __print_symbolic(__entry->reason,
				       { VSEG_REASON_DEFAULT_DENY,
					 "default-deny" },
				       { VSEG_REASON_CELL_DENY,
					 "cell-deny" },
				       { VSEG_REASON_UNLABELLED_SRC,
					 "unlabelled-src" },
				       { VSEG_REASON_UNLABELLED_DST,
					 "unlabelled-dst" },
				       { VSEG_REASON_FLOOD, "flood" },
				       { VSEG_REASON_PROMISC, "promisc" },
				       { VSEG_REASON_VLAN_AMBIGUOUS,
					 "vlan-ambiguous" },
				       { VSEG_REASON_LOCKDOWN, "lockdown" },
				       { VSEG_REASON_UNMANAGED, "unmanaged" },
				       { VSEG_REASON_INTERNAL, "internal" },
				       { VSEG_REASON_RULE_DENY, "rule-deny" },
				       { VSEG_REASON_NO_RULE, "no-rule" },
				       { VSEG_REASON_UNPARSED, "unparsed" },
				       { VSEG_REASON_ISOLATED, "isolated" },
				       { VSEG_REASON_GUARD_MAC, "guard-mac" },
				       { VSEG_REASON_GUARD_ADDRESS,
					 "guard-address" },
				       { VSEG_REASON_GUARD_RESOLUTION,
					 "guard-resolution" },
				       { VSEG_REASON_GUARD_DHCP, "guard-dhcp" },
				       { VSEG_REASON_GUARD_ROUTER,
					 "guard-router" },
				       { VSEG_REASON_GUARD_SPANNING_TREE,
					 "guard-spanning-tree" },
				       { VSEG_REASON_GUARD_LINK_LOCAL,
					 "guard-link-local" },
				       { VSEG_REASON_GUARD_MULTICAST_ROUTER,
					 "guard-multicast-router" },
				       { VSEG_REASON_GUARD_UNPARSED,
					 "guard-unparsed" },
				       { VSEG_REASON_OTHER_HOST,
					 "other-host" },
				       { VSEG_REASON_FRAGMENT, "fragment" },
				       { VSEG_REASON_STATE_INVALID,
					 "state-invalid" },
				       { VSEG_REASON_STATE_MISMATCH,
					 "state-mismatch" },
				       { VSEG_REASON_STATE_FULL,
					 "state-full" },
				       { VSEG_REASON_LABEL_LOST,
					 "label-lost" }),
		      __print_symbolic(__entry->hook,
				       { VSEG_HOOK_FORWARD, "forward" },
				       { VSEG_HOOK_LOCAL_IN, "local-in" },
				       { VSEG_HOOK_LOCAL_OUT, "local-out" },
				       { VSEG_HOOK_INGRESS, "ingress" },
				       { VSEG_HOOK_ROUTE_IN, "route-in" },
				       { VSEG_HOOK_ROUTE_FORWARD,
					 "route-forward" }),
		      __entry->would, __entry->vlan,
		      __entry->src_mac, __entry->dst_mac,
		      __entry->ethertype, __entry->len, __entry->generation)
);

#endif /* VSEG_TRACE_H */

/* Found beside main.c, which Kbuild's -I$(src) is for. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
