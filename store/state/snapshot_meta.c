// SPDX-License-Identifier: EUPL-1.2
// The meta row of the snapshot. Knows: its bytes. Must never know: LMDB's calls, what a row means.
// The path: a commit encodes it, an opening and the check of the file decode it. Another format is
// KT_STATE_OLD, and a length that does not fit KT_STATE_DAMAGED.
#include <string.h>

#include "base/bytes.h"
#include "store/state/snapshot_lmdb.h"

KtCode
meta_decode(const uint8_t *bytes, size_t length, MetaRow *ret, Fault *fault)
{
    const uint32_t format = length < 4 ? 0 : bytes_get_u32(bytes);
    if (format != SNAPSHOT_FORMAT)
        return fault_set(fault, KT_STATE_OLD, "%u", (unsigned)format);
    if (length < META_BYTES || !sums_decode(bytes + META_BYTES, length - META_BYTES, &ret->sums))
        return fault_set(fault, KT_STATE_DAMAGED, "state: a meta row of %zu bytes", length);
    ret->applied = bytes_get_u64(bytes + 4);
    memcpy(ret->running.bytes, bytes + 12, HASH_BYTES);
    return KT_OK;
}

size_t
meta_encode(const MetaRow *meta, uint8_t *ret)
{
    bytes_put_u32(ret, SNAPSHOT_FORMAT);
    bytes_put_u64(ret + 4, meta->applied);
    memcpy(ret + 12, meta->running.bytes, HASH_BYTES);
    return META_BYTES + sums_encode(&meta->sums, ret + META_BYTES);
}
