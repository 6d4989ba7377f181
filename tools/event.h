/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_EVENT_H
#define VSEGCTL_EVENT_H

#include "out.h"

void event_print(struct out *o, const struct schema *s, const void *obj);

#endif /* VSEGCTL_EVENT_H */
