/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEG_FUZZ_FAKE_H
#define VSEG_FUZZ_FAKE_H

#include <stddef.h>
#include <stdint.h>

#define FAKE_FAMILY	0x20

void fake_script(const uint8_t *p, size_t n);
void fake_obey(const uint8_t *p, size_t n);

#endif /* VSEG_FUZZ_FAKE_H */
