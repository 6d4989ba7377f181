// SPDX-License-Identifier: GPL-2.0
/*
 * Hands frames to the stack as if they came in by a device, and tells what
 * each one took until the stack was done with it.
 *
 *	P=/sys/module/sender/parameters
 *	echo g0 >$P/dev; echo 020000000001... >$P/frame
 *	echo 2000 >$P/run; cat $P/result
 *
 * The clock is the CPU's counter of cycles: under QEMU's -icount shift=0 it
 * counts instructions.  A frame is received with interrupts off, so that no
 * timer, no callback of RCU and no other task is counted with it; frames are
 * made and the counts are kept outside of what is counted.
 *
 * With `period`, frames come by a timer in softirq context instead, as from a
 * device; what is told then is how long after its time each was done, other
 * things that hold the CPU included.
 *
 * With `outs` besides, the names of two devices, a policy that changes meanwhile is
 * told from the one before: frames go to the first and to the second in turn, and
 * the old policy lets only those to the first pass, the new one only those to the
 * second.
 *
 * With `cpus`, as many CPUs send the same frames at once; for plugin/insns.c.
 */
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>

#define SENDER_MOST	1000000
#define SENDER_HEADROOM	128
#define SENDER_SEGMENT	1448
#define SENDER_CPUS	8

/* For plugin/lines.c: an instruction that does nothing but carry a number. */
static __always_inline void sender_mark_begin(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 's', 'e', 'g', 'b'" : : : "memory");
}

static __always_inline void sender_mark_end(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 's', 'e', 'g', 'e'" : : : "memory");
}

static __always_inline void sender_mark_told(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 's', 'e', 'g', 't'" : : : "memory");
}

static char *dev = "";
module_param(dev, charp, 0600);
MODULE_PARM_DESC(dev, "device that the frames come in by");

static unsigned int gso;
module_param(gso, uint, 0600);
MODULE_PARM_DESC(gso, "bytes of TCP payload that follow the frame, to be sent as segments");

static bool checked;
module_param(checked, bool, 0600);
MODULE_PARM_DESC(checked, "checksums count as checked, as by a device");

static unsigned int walk;
module_param(walk, uint, 0600);
MODULE_PARM_DESC(walk, "add 0 to this less one to the address that frames go to");

static unsigned int flows;
module_param(flows, uint, 0600);
MODULE_PARM_DESC(flows, "add 0 to this less one to the source port of UDP");

static unsigned int period;
module_param(period, uint, 0600);
MODULE_PARM_DESC(period, "nanoseconds between frames that a timer sends");

static char *outs = "";
module_param(outs, charp, 0600);
MODULE_PARM_DESC(outs, "devices that frames leave by, if their policy allows it: \"g1 g2\"");

static unsigned int cpus;
module_param(cpus, uint, 0600);
MODULE_PARM_DESC(cpus, "CPUs that send at once");

/**
 * struct sender_change - a policy that changes while frames are sent
 * @out: what frames leave by, in turn, or NULL
 * @old: frames decided by the old policy
 * @new: frames decided by the new one
 * @mixed: frames decided by the old policy after others by the new one
 * @began: when the first frame was decided by the new one
 * @lasted: for how long there were frames by the old one then, in nanoseconds
 */
struct sender_change {
	struct net_device *out[2];
	unsigned int old;
	unsigned int new;
	unsigned int mixed;
	u64 began;
	u64 lasted;
};

/**
 * struct sender - one run
 * @dev: where frames come in
 * @model: the frame that the others are copies of
 * @frames: how many frames
 * @sent: how many were sent by now
 * @took: what each took
 * @timer: the timer that sends
 * @due: when the timer's next frame is due
 * @next: the timer's next frame, made when the one before was done
 * @done: the timer has sent all, or all CPUs have
 * @change: of the policy, meanwhile
 * @ready: CPUs that aren't about to send yet
 * @sending: CPUs that haven't sent all yet
 * @failed: of them, those that ran out of memory
 */
struct sender {
	struct net_device *dev;
	struct sk_buff *model;
	unsigned int frames;
	unsigned int sent;
	u32 *took;
	struct hrtimer timer;
	ktime_t due;
	struct sk_buff *next;
	struct completion done;
	struct sender_change change;
	atomic_t ready;
	atomic_t sending;
	atomic_t failed;
};

/* What the next run sends, and what the last one told. */
static DEFINE_MUTEX(sender_lock);
static u8 sender_frame[PAGE_SIZE / 2];
static size_t sender_size;
static char sender_result[128] = "none\n";

/* What follows a frame's headers, in pages that all copies share. */
static int sender_add_payload(struct sk_buff *skb, unsigned int bytes)
{
	while (bytes) {
		unsigned int part = min_t(unsigned int, bytes, PAGE_SIZE);
		struct page *page;

		if (skb_shinfo(skb)->nr_frags == MAX_SKB_FRAGS)
			return -EMSGSIZE;
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return -ENOMEM;
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, part,
				PAGE_SIZE);
		bytes -= part;
	}
	return 0;
}

static void sender_set_gso(struct sk_buff *skb)
{
	struct skb_shared_info *shared = skb_shinfo(skb);

	shared->gso_type = SKB_GSO_TCPV4;
	shared->gso_size = SENDER_SEGMENT;
	shared->gso_segs = DIV_ROUND_UP(gso, SENDER_SEGMENT);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + ETH_HLEN + sizeof(struct iphdr);
	skb->csum_offset = 16;
}

static struct sk_buff *sender_model(void)
{
	struct sk_buff *skb;

	if (sender_size < ETH_HLEN || (flows && sender_size < ETH_HLEN + 28))
		return ERR_PTR(-EINVAL);
	skb = alloc_skb(SENDER_HEADROOM + sender_size, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);
	skb_reserve(skb, SENDER_HEADROOM);
	skb_put_data(skb, sender_frame, sender_size);
	if (sender_add_payload(skb, gso)) {
		kfree_skb(skb);
		return ERR_PTR(-ENOMEM);
	}
	if (checked)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (gso)
		sender_set_gso(skb);
	return skb;
}

static void sender_add16(u8 *at, unsigned int more)
{
	put_unaligned_be16(get_unaligned_be16(at) + more, at);
}

/* The frame with this number, ready to be received. */
static struct sk_buff *sender_copy(const struct sender *run,
				   unsigned int number, gfp_t how)
{
	struct sk_buff *skb = pskb_copy(run->model, how);

	if (!skb)
		return NULL;
	if (walk)
		sender_add16(skb->data + 4, number % walk);
	if (flows)
		sender_add16(skb->data + ETH_HLEN + 20, number % flows);
	skb->protocol = eth_type_trans(skb, run->dev);
	return skb;
}

static u64 sender_count_one(struct sk_buff *skb)
{
	unsigned long flags;
	u64 took;

	local_bh_disable();
	local_irq_save(flags);
	sender_mark_begin();
	took = get_cycles();
	netif_receive_skb(skb);
	took = get_cycles() - took;
	sender_mark_end();
	local_irq_restore(flags);
	local_bh_enable();
	cond_resched();
	return took;
}

static int sender_count(struct sender *run)
{
	for (; run->sent < run->frames; run->sent++) {
		struct sk_buff *skb = sender_copy(run, run->sent,
						  GFP_KERNEL);

		if (!skb)
			return -ENOMEM;
		run->took[run->sent] = sender_count_one(skb);
	}
	sender_mark_told();
	return 0;
}

/* On each of several CPUs, from when all are there. */
static int sender_on_cpu(void *data)
{
	struct sender *run = data;
	unsigned int i;

	atomic_dec(&run->ready);
	while (atomic_read(&run->ready) > 0)
		cond_resched();
	for (i = 0; i < run->frames; i++) {
		struct sk_buff *skb = sender_copy(run, i, GFP_KERNEL);

		if (!skb) {
			atomic_inc(&run->failed);
			break;
		}
		sender_count_one(skb);
	}
	if (atomic_dec_and_test(&run->sending))
		complete(&run->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int sender_at_once(struct sender *run, unsigned int count)
{
	struct task_struct *task[SENDER_CPUS];
	unsigned int i, made;
	int err = 0;

	if (count > min_t(unsigned int, num_online_cpus(), SENDER_CPUS))
		return -ERANGE;
	for (made = 0; made < count; made++) {
		task[made] = kthread_create(sender_on_cpu, run, "sender/%u",
					    made);
		if (IS_ERR(task[made])) {
			err = PTR_ERR(task[made]);
			break;
		}
		kthread_bind(task[made], made);
	}
	/* Those that wait let others run, for one may be on the CPU of this. */
	atomic_set(&run->ready, made);
	atomic_set(&run->sending, made);
	for (i = 0; i < made; i++)
		wake_up_process(task[i]);
	/* One that is stopped before it runs never does. */
	if (made)
		wait_for_completion(&run->done);
	for (i = 0; i < made; i++)
		kthread_stop(task[i]);
	sender_mark_told();
	return err ?: atomic_read(&run->failed) ? -ENOMEM : 0;
}

static u64 sender_left(const struct sender_change *change)
{
	struct rtnl_link_stats64 stats;
	u64 sum = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(change->out); i++)
		sum += dev_get_stats(change->out[i], &stats)->tx_packets;
	return sum;
}

/* The frame with this number has left, or not: by which policy? */
static void sender_judge(struct sender_change *change, unsigned int number,
			 bool left)
{
	u64 now = ktime_get_ns();

	if (left == (number % 2)) {
		if (!change->new++)
			change->began = now;
		return;
	}
	change->old++;
	if (change->new) {
		change->mixed++;
		change->lasted = now - change->began;
	}
}

static void sender_receive(struct sender *run)
{
	struct sender_change *change = &run->change;
	u64 before;

	if (!change->out[0]) {
		netif_receive_skb(run->next);
		return;
	}
	before = sender_left(change);
	netif_receive_skb(run->next);
	sender_judge(change, run->sent, sender_left(change) != before);
}

static enum hrtimer_restart sender_tick(struct hrtimer *timer)
{
	struct sender *run = container_of(timer, struct sender, timer);

	if (run->sent == run->frames || !run->next) {
		complete(&run->done);
		return HRTIMER_NORESTART;
	}
	sender_receive(run);
	run->took[run->sent++] = ktime_to_ns(ktime_sub(ktime_get(), run->due));
	run->next = sender_copy(run, run->sent, GFP_ATOMIC);
	/* A frame that was late doesn't make the next one late. */
	while (ktime_compare(run->due, ktime_get()) <= 0)
		run->due = ktime_add_ns(run->due, period);
	hrtimer_set_expires(timer, run->due);
	return HRTIMER_RESTART;
}

static int sender_time(struct sender *run)
{
	run->next = sender_copy(run, 0, GFP_KERNEL);
	if (!run->next)
		return -ENOMEM;
#ifdef HAS_HRTIMER_SETUP
	hrtimer_setup(&run->timer, sender_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
#else
	hrtimer_init(&run->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	run->timer.function = sender_tick;
#endif
	run->due = ktime_add_ns(ktime_get(), period);
	hrtimer_start(&run->timer, run->due, HRTIMER_MODE_ABS_SOFT);
	wait_for_completion(&run->done);
	hrtimer_cancel(&run->timer);
	kfree_skb(run->next);
	return run->sent == run->frames ? 0 : -ENOMEM;
}

static int sender_compare(const void *one, const void *other)
{
	u32 a = *(const u32 *)one, b = *(const u32 *)other;

	return a < b ? -1 : a > b;
}

static void sender_tell(const struct sender *run)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < run->sent; i++)
		sum += run->took[i];
	sort(run->took, run->sent, sizeof(*run->took), sender_compare, NULL);
	snprintf(sender_result, sizeof(sender_result),
		 "%u %llu %u %u %u %u %u %u %u %llu\n",
		 run->sent, sum, run->took[0], run->took[run->sent / 2],
		 run->took[run->sent - 1 - run->sent / 100],
		 run->took[run->sent - 1], run->change.old, run->change.new,
		 run->change.mixed, run->change.lasted);
}

static int sender_run(struct sender *run)
{
	int err;

	init_completion(&run->done);
	run->took = vmalloc(array_size(run->frames, sizeof(*run->took)));
	run->model = sender_model();
	err = PTR_ERR_OR_ZERO(run->model);
	if (!err && !run->took)
		err = -ENOMEM;
	if (!err && cpus)
		err = sender_at_once(run, cpus);
	else if (!err)
		err = period ? sender_time(run) : sender_count(run);
	if (!err && !cpus)
		sender_tell(run);
	if (!IS_ERR(run->model))
		kfree_skb(run->model);
	vfree(run->took);
	return err;
}

static int sender_set_frame(const char *value, const struct kernel_param *param)
{
	size_t i, size = strcspn(value, "\n") / 2;

	if (size > sizeof(sender_frame))
		return -EMSGSIZE;
	mutex_lock(&sender_lock);
	for (i = 0; i < size; i++)
		if (sscanf(value + 2 * i, "%2hhx", &sender_frame[i]) != 1)
			break;
	sender_size = i == size ? size : 0;
	mutex_unlock(&sender_lock);
	return i == size ? 0 : -EINVAL;
}

static int sender_get_outs(struct sender_change *change)
{
	char name[2][IFNAMSIZ];

	if (sscanf(outs, "%15s %15s", name[0], name[1]) != 2)
		return 0;
	change->out[0] = dev_get_by_name(&init_net, name[0]);
	change->out[1] = dev_get_by_name(&init_net, name[1]);
	return change->out[0] && change->out[1] ? 0 : -ENODEV;
}

static int sender_run_on(const char *name, unsigned int frames)
{
	struct sender *run = kzalloc(sizeof(*run), GFP_KERNEL);
	int err;

	if (!run)
		return -ENOMEM;
	run->frames = frames;
	run->dev = dev_get_by_name(&init_net, name);
	err = sender_get_outs(&run->change);
	if (!run->dev)
		err = -ENODEV;
	if (!err)
		err = sender_run(run);
	dev_put(run->change.out[0]);
	dev_put(run->change.out[1]);
	dev_put(run->dev);
	kfree(run);
	return err;
}

static int sender_set_run(const char *value, const struct kernel_param *param)
{
	char name[IFNAMSIZ] = "";
	unsigned int frames;
	int err = kstrtouint(value, 0, &frames);

	if (err)
		return err;
	if (!frames || frames > SENDER_MOST)
		return -ERANGE;
	strscpy(name, dev, sizeof(name));
	mutex_lock(&sender_lock);
	strscpy(sender_result, "none\n", sizeof(sender_result));
	err = sender_run_on(strim(name), frames);
	mutex_unlock(&sender_lock);
	return err;
}

static int sender_get_result(char *buffer, const struct kernel_param *param)
{
	int length;

	mutex_lock(&sender_lock);
	length = sysfs_emit(buffer, "%s", sender_result);
	mutex_unlock(&sender_lock);
	return length;
}

static const struct kernel_param_ops sender_frame_ops = {
	.set = sender_set_frame,
};

static const struct kernel_param_ops sender_run_ops = {
	.set = sender_set_run,
};

static const struct kernel_param_ops sender_result_ops = {
	.get = sender_get_result,
};

module_param_cb(frame, &sender_frame_ops, NULL, 0200);
MODULE_PARM_DESC(frame, "bytes of a frame, in hexadecimal");
module_param_cb(run, &sender_run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "send as many frames and wait until they are done");
module_param_cb(result, &sender_result_ops, NULL, 0400);
MODULE_PARM_DESC(result,
		 "frames, the sum of what they took, the least, the median, the 99th of 100, the most; frames by the old policy, by the new one, by the old one after the new one, and for how long");

MODULE_DESCRIPTION("Counts what received frames take");
MODULE_LICENSE("GPL");
