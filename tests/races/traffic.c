// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic between all ends, written down frame by frame.
 *
 * usage: traffic ENDS LOG SEED RATE
 *
 * Says "ready" when it holds all devices, begins at a line on its standard
 * input and ends at the next.  RATE is frames a second for each of the senders, one
 * a CPU.
 *
 * A frame is decided after the time that is taken before it is sent.  A tap's
 * and a bridge's own frame is decided within the call that sends it.  A veth's
 * may wait for its softirq, but not be overtaken by the next from the same CPU:
 * so the sender ends a batch with a beacon, a frame that every policy lets pass,
 * and when that has arrived the whole batch has been decided.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ends.h"

#define SENDERS_MAX	8
#define RECEIVERS	2
#define BATCH_MAX	16
#define NSEC		1000000000ull

/* A beacon that isn't there by then is lost. */
#define BEACON_LIMIT	(10 * NSEC)

/* Nothing came for so long: nothing is under way. */
#define QUIET		(NSEC / 2)

static struct frame_log *frames;
static int senders, stop_sending, stop_receiving;
static uint64_t gap, last_arrival;
static unsigned long errors;

struct sender {
	pthread_t thread;
	uint64_t random;
	int number;
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC + ts.tv_nsec;
}

static void nap(uint64_t ns)
{
	struct timespec ts = { ns / NSEC, ns % NSEC };

	nanosleep(&ts, NULL);
}

/* xorshift64*: the same everywhere for the same seed */
static uint32_t rnd(struct sender *s, uint32_t below)
{
	s->random ^= s->random >> 12;
	s->random ^= s->random << 25;
	s->random ^= s->random >> 27;
	return (uint32_t)((s->random * UINT64_C(2685821657736338717)) >> 33) %
	       below;
}

/*
 * Sending.
 */

/* The first one that is sent of a datagram gives it its number.  Returns the
 * frame's own, or -1 when the log is full.
 */
static int64_t send_one(int from, int to, int kind, int64_t datagram)
{
	uint64_t number = __atomic_fetch_add(&frames->next, 1,
					     __ATOMIC_RELAXED);
	struct frame *f = &frames->frame[number];

	if (number >= FRAMES_MAX)
		return -1;
	f->from = from;
	f->to = to;
	f->kind = kind;
	f->first = FIRST_NONE;
	f->before = now();
	/* Whoever receives it sees the record. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (end_send(&ends[from], to == TO_ALL ? NULL : &ends[to], kind, number,
		     datagram < 0 ? (int64_t)number : datagram)) {
		if (!__atomic_fetch_add(&errors, 1, __ATOMIC_RELAXED))
			warn("%s: can't send", ends[from].name);
		f->before = 0;
	} else if (ends[from].beacon == END_NONE) {
		f->after = now();
	}
	return number;
}

static int random_peer(struct sender *s, int from)
{
	uint32_t peers = end_peers(from);
	int skip = rnd(s, __builtin_popcount(peers));

	for (; skip; skip--)
		peers &= peers - 1;
	return __builtin_ctz(peers);
}

/* All of the batch are decided once the beacon is there. */
static void wait_for_beacon(const int64_t *batch, int n)
{
	struct frame *beacon = &frames->frame[batch[n - 1]];
	uint32_t bit = 1u << beacon->to;
	uint64_t after;
	int i;

	while (!(__atomic_load_n(&beacon->got, __ATOMIC_ACQUIRE) & bit) &&
	       now() - beacon->before < BEACON_LIMIT)
		nap(100000);
	after = now();
	for (i = 0; i < n; i++)
		frames->frame[batch[i]].after = after;
}

/* IP that the host gets has more than a bridge on its way. */
static int random_kind(struct sender *s, int from, int to)
{
	static const int some[] = {
		KIND_PLAIN, KIND_PLAIN, KIND_PLAIN, KIND_PLAIN,
		KIND_ARP, KIND_ARP, KIND_LOW, KIND_HIGH,
		KIND_ASK, KIND_ASK, KIND_ANSWER, KIND_FIRST,
	};
	int kind = some[rnd(s, to == TO_ALL ? 8 : 12)], i;

	if (kind < KIND_LOW)
		return kind;
	for (i = 0; i < nends; i++)
		if (ends[i].host && (to == TO_ALL ? end_peers(from) >> i & 1 :
						    to == i))
			return KIND_PLAIN;
	return kind;
}

/* Who was asked answers at once, where the frame is decided at once: labels
 * change all the time, and flows end with them.
 */
static void send_answer(struct sender *s, int from, int to)
{
	if (to % senders == s->number && ends[to].beacon == END_NONE &&
	    !ends[from].host)
		send_one(to, from, KIND_ANSWER, -1);
}

/* Two fragments, now and then the later one before the first. */
static int send_datagram(struct sender *s, int from, int to, int64_t *batch)
{
	int late = rnd(s, 4) != 0;

	batch[!late] = send_one(from, to, late ? KIND_FIRST : KIND_LATER, -1);
	if (batch[!late] < 0)
		return -1;
	batch[late] = send_one(from, to, late ? KIND_LATER : KIND_FIRST,
			       batch[!late]);
	if (batch[late] < 0)
		return -1;
	frames->frame[batch[1]].first = batch[0];
	return 2;
}

/* Returns how many frames it sent, or -1. */
static int send_some(struct sender *s, int from, int to, int64_t *batch)
{
	int kind = random_kind(s, from, to);

	if (kind == KIND_FIRST)
		return send_datagram(s, from, to, batch);
	batch[0] = send_one(from, to, kind, -1);
	if (batch[0] < 0)
		return -1;
	if (kind == KIND_ASK)
		send_answer(s, from, to);
	return 1;
}

static int send_batch(struct sender *s, int from)
{
	int64_t batch[BATCH_MAX + 2];
	int n = 0, goal = 1 + rnd(s, BATCH_MAX);

	while (n < goal) {
		int to = rnd(s, 8) ? random_peer(s, from) : TO_ALL;
		int sent = send_some(s, from, to, batch + n);

		if (sent < 0)
			return -1;
		n += sent;
	}
	if (ends[from].beacon != END_NONE) {
		batch[n] = send_one(from, ends[from].beacon, KIND_PLAIN, -1);
		if (batch[n] < 0)
			return -1;
		wait_for_beacon(batch, n + 1);
	}
	return n;
}

/* Each end has one sender, and each sender its CPU: softirqs of a veth run
 * where the frame was sent, one after the other.
 */
static void *sender_main(void *arg)
{
	struct sender *s = arg;
	cpu_set_t cpu;
	int from, n;

	CPU_ZERO(&cpu);
	CPU_SET(s->number, &cpu);
	if (pthread_setaffinity_np(pthread_self(), sizeof(cpu), &cpu))
		errx(1, "no CPU %d", s->number);
	while (!__atomic_load_n(&stop_sending, __ATOMIC_RELAXED)) {
		from = rnd(s, nends);
		if (from % senders != s->number)
			continue;
		n = send_batch(s, from);
		if (n < 0)
			break;
		nap(n * gap);
	}
	return NULL;
}

/*
 * Receiving.
 */

static void arrived(int at, uint32_t number)
{
	struct frame *f;
	uint32_t bit;

	if (at == END_NONE || number >= FRAMES_MAX) {
		__atomic_fetch_add(&frames->strays, 1, __ATOMIC_RELAXED);
		return;
	}
	f = &frames->frame[number];
	bit = 1u << at;
	if (__atomic_fetch_or(&f->got, bit, __ATOMIC_RELEASE) & bit)
		f->twice = 1;
}

static void receive_all(int end)
{
	uint32_t number;
	int at, ret;

	while ((ret = end_receive(&ends[end], &at, &number)) >= 0)
		if (ret)
			arrived(at, number);
	if (errno != EAGAIN)
		err(1, "%s: can't receive", ends[end].name);
	__atomic_store_n(&last_arrival, now(), __ATOMIC_RELAXED);
}

static void *receiver_main(void *arg)
{
	struct pollfd polls[ENDS_MAX];
	int which[ENDS_MAX], i, n = 0;

	for (i = 0; i < nends; i++) {
		if (ends[i].fd % RECEIVERS != (intptr_t)arg)
			continue;
		which[n] = i;
		polls[n++] = (struct pollfd) { ends[i].fd, POLLIN, 0 };
	}
	while (!__atomic_load_n(&stop_receiving, __ATOMIC_RELAXED)) {
		if (poll(polls, n, 100) <= 0)
			continue;
		for (i = 0; i < n; i++)
			if (polls[i].revents & POLLIN)
				receive_all(which[i]);
	}
	return NULL;
}

static void start(pthread_t *thread, void *(*body)(void *), void *arg)
{
	int ret = pthread_create(thread, NULL, body, arg);

	if (ret)
		errx(1, "no thread: %s", strerror(ret));
}

static void wait_for_quiet(void)
{
	while (now() - __atomic_load_n(&last_arrival, __ATOMIC_RELAXED) < QUIET)
		nap(QUIET / 10);
}

int main(int argc, char **argv)
{
	struct sender sender[SENDERS_MAX];
	pthread_t receiver[RECEIVERS];
	char line[64];
	intptr_t i;

	if (argc != 5)
		errx(2, "usage: traffic ENDS LOG SEED RATE");
	ends_read(argv[1]);
	frames = frame_log_map(argv[2], 1);
	gap = NSEC / strtoul(argv[4], NULL, 0);
	senders = sysconf(_SC_NPROCESSORS_ONLN);
	if (senders > SENDERS_MAX)
		senders = SENDERS_MAX;
	ends_open();
	for (i = 0; i < RECEIVERS; i++)
		start(&receiver[i], receiver_main, (void *)i);
	puts("ready");
	fflush(stdout);

	if (!fgets(line, sizeof(line), stdin))
		return 1;
	for (i = 0; i < senders; i++) {
		/* Never 0, and far apart for seeds that are close. */
		sender[i].random = (strtoull(argv[3], NULL, 0) + i + 1) *
				   UINT64_C(0x9e3779b97f4a7c15);
		sender[i].number = i;
		start(&sender[i].thread, sender_main, &sender[i]);
	}
	if (!fgets(line, sizeof(line), stdin))
		warnx("nobody tells when to stop");
	__atomic_store_n(&stop_sending, 1, __ATOMIC_RELAXED);
	for (i = 0; i < senders; i++)
		pthread_join(sender[i].thread, NULL);
	wait_for_quiet();
	__atomic_store_n(&stop_receiving, 1, __ATOMIC_RELAXED);
	for (i = 0; i < RECEIVERS; i++)
		pthread_join(receiver[i], NULL);

	if (frames->next > FRAMES_MAX)
		frames->next = FRAMES_MAX;
	printf("senders=%d\nsend_errors=%lu\nsocket_drops=%lu\n", senders,
	       errors, ends_drops());
	return 0;
}
