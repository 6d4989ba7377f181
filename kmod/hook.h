/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a frame.
 */
#ifndef VSEG_HOOK_H
#define VSEG_HOOK_H

#include "vseg.h"

int vseg_hooks_register(struct vseg_net *vn);
void vseg_hooks_unregister(struct vseg_net *vn);

#endif /* VSEG_HOOK_H */
