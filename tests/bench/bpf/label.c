// SPDX-License-Identifier: GPL-2.0
/*
 * What vseg does, as a program for the port that frames leave by: the domains
 * of both ports from one map, then their pair from another, which counts.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#define SEC(name) __attribute__((section(name), used))
#define MAP_TYPE(name, number) int (*name)[number]

struct counters {
	__u64 packets;
	__u64 bytes;
};

static void *(*bpf_map_lookup_elem)(void *map, const void *key) =
	(void *)BPF_FUNC_map_lookup_elem;

struct {
	MAP_TYPE(type, BPF_MAP_TYPE_HASH);
	MAP_TYPE(max_entries, 4096);
	__u32 *key;
	__u32 *value;
} labels SEC(".maps");

struct {
	MAP_TYPE(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_TYPE(max_entries, 65536);
	__u32 *key;
	struct counters *value;
} pairs SEC(".maps");

SEC("tc")
int label(struct __sk_buff *skb)
{
	__u32 in = skb->ingress_ifindex, out = skb->ifindex, pair;
	struct counters *counters;
	__u32 *source, *dest;

	source = bpf_map_lookup_elem(&labels, &in);
	dest = bpf_map_lookup_elem(&labels, &out);
	if (!source || !dest)
		return TC_ACT_SHOT;
	pair = *source << 16 | *dest;
	counters = bpf_map_lookup_elem(&pairs, &pair);
	if (!counters)
		return TC_ACT_SHOT;
	counters->packets++;
	counters->bytes += skb->len;
	return TC_ACT_OK;
}

char label_license[] SEC("license") = "GPL";
