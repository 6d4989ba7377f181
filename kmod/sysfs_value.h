/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files with one number each.
 */
#ifndef VSEG_SYSFS_VALUE_H
#define VSEG_SYSFS_VALUE_H

#include <linux/device.h>

#include "stats.h"

/**
 * struct vseg_value - a file with one number
 * @attr: the file; of a kobject without a device, only its @attr.attr counts
 * @offset: where the number, a u64, is in what the show function has read
 */
struct vseg_value {
	struct device_attribute attr;
	size_t offset;
};

#define VSEG_VALUE(_name, _show, _type, _member)			\
	{ .attr = __ATTR(_name, 0444, _show, NULL),			\
	  .offset = offsetof(_type, _member) }

/* Counters of a label or of a sum of labels, offsets in struct vseg_sum. */
extern const struct attribute_group vseg_counter_group;

void vseg_values_list(struct attribute **list, struct vseg_value *values,
		      unsigned int n);
ssize_t vseg_value_emit(const void *base, const struct attribute *attr,
			char *buf);

#endif /* VSEG_SYSFS_VALUE_H */
