/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEG_FUZZ_TLV_H
#define VSEG_FUZZ_TLV_H

#include <stddef.h>
#include <stdint.h>

size_t tlv_record(const uint8_t *script, size_t left);
void tlv_mend(uint8_t *record, size_t n);

#endif /* VSEG_FUZZ_TLV_H */
