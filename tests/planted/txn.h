/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/workqueue.h>

#include "planted.h"

/* timer-left: a namespace is freed while its timer runs. */
static inline bool planted_queue(struct workqueue_struct *wq,
				 struct delayed_work *work, unsigned long delay)
{
	return queue_delayed_work(wq, work,
				  planted("timer-left") ? 1000 * HZ : delay);
}

static inline bool planted_cancel(struct delayed_work *work)
{
	return !planted("timer-left") && cancel_delayed_work_sync(work);
}

#define queue_delayed_work(wq, work, delay) planted_queue(wq, work, delay)
#define cancel_delayed_work_sync(work) planted_cancel(work)
