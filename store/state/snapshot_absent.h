// SPDX-License-Identifier: EUPL-1.2
// Proves that the snapshot has no row of a key. Must never know: what a row means.
#ifndef KETEN_STORE_STATE_SNAPSHOT_ABSENT_H
#define KETEN_STORE_STATE_SNAPSHOT_ABSENT_H

#include "store/hash.h"
#include "store/state/page_file.h"

// KT_OK: one flipped bit in the file cannot be the reason why LMDB did not find the key in this
// transaction. KT_STATE_DAMAGED: something on the way does not fit.
KtCode
snapshot_absent(PageFile *file, uint64_t transaction, const uint8_t *key, size_t key_length,
                Hasher *hasher, Fault *fault);

#endif
