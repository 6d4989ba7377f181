/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEG_FUZZ_TLV_H
#define VSEG_FUZZ_TLV_H

#include <stddef.h>
#include <stdint.h>

size_t tlv_record(const uint8_t *script, size_t left);
void tlv_mend(uint8_t *record, size_t n);

/* libFuzzer's own */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

#endif /* VSEG_FUZZ_TLV_H */
