// SPDX-License-Identifier: EUPL-1.2
// See format.h. Knows: the layout. Must never know: files, offsets in them.
// A head whose magic or sum does not fit is FORM_BAD; only a head that fits can be of an unknown
// format.
#include "store/journal/format.h"

#include <string.h>

#include "base/bytes.h"
#include "store/crc32c.h"

static const uint8_t batch_magic[4] = {'K', 'T', 'J', 'B'};
static const uint8_t epoch_magic[4] = {'K', 'T', 'J', 'E'};

// The heads of batch and epoch both begin with a magic and a format, and end with their sum.
static Form
check_head(const uint8_t *bytes, size_t length, const uint8_t magic[4])
{
    if (memcmp(bytes, magic, 4) != 0 ||
        bytes_get_u32(bytes + length - 4) != crc32c(bytes, length - 4))
        return FORM_BAD;
    return bytes_get_u32(bytes + 4) == JOURNAL_FORMAT ? FORM_GOOD : FORM_UNKNOWN_FORMAT;
}

void
batch_encode(const Batch *batch, uint8_t ret[BATCH_BYTES])
{
    memcpy(ret, batch_magic, 4);
    bytes_put_u32(ret + 4, JOURNAL_FORMAT);
    bytes_put_u64(ret + 8, batch->epoch);
    bytes_put_u64(ret + 16, batch->position);
    bytes_put_u32(ret + 24, batch->count);
    bytes_put_u32(ret + 28, batch->length);
    memcpy(ret + 32, batch->before.bytes, HASH_BYTES);
    bytes_put_u32(ret + 64, crc32c(ret, 64));
}

Form
batch_decode(const uint8_t *bytes, Batch *ret)
{
    const Form form = check_head(bytes, BATCH_BYTES, batch_magic);
    if (form != FORM_GOOD)
        return form;
    ret->epoch = bytes_get_u64(bytes + 8);
    ret->position = bytes_get_u64(bytes + 16);
    ret->count = bytes_get_u32(bytes + 24);
    ret->length = bytes_get_u32(bytes + 28);
    memcpy(ret->before.bytes, bytes + 32, HASH_BYTES);
    return FORM_GOOD;
}

bool
batch_begins(const uint8_t *bytes, size_t length)
{
    size_t same = 0;
    for (size_t i = 0; i < sizeof batch_magic && i < length; i++)
        same += bytes[i] == batch_magic[i];
    return same + 1 >= sizeof batch_magic;
}

void
record_encode(Hasher *hasher, const void *bytes, size_t length, uint8_t *ret, Hash *ret_leaf)
{
    *ret_leaf = hash_leaf(hasher, bytes, length);
    bytes_put_u32(ret + 4, (uint32_t)length);
    memcpy(ret + 8, ret_leaf->bytes, HASH_BYTES);
    if (length > 0)
        memcpy(ret + RECORD_BYTES, bytes, length);
    bytes_put_u32(ret, crc32c(ret + 4, RECORD_BYTES - 4 + length));
}

bool
record_decode(Hasher *hasher, const uint8_t *bytes, size_t available, JournalEntry *ret)
{
    if (available < RECORD_BYTES)
        return false;
    const size_t length = bytes_get_u32(bytes + 4);
    if (length > available - RECORD_BYTES ||
        bytes_get_u32(bytes) != crc32c(bytes + 4, RECORD_BYTES - 4 + length))
        return false;
    const Hash leaf = hash_leaf(hasher, bytes + RECORD_BYTES, length);
    if (memcmp(leaf.bytes, bytes + 8, HASH_BYTES) != 0)
        return false;
    ret->bytes = bytes + RECORD_BYTES;
    ret->length = length;
    ret->leaf = leaf;
    return true;
}

void
epoch_encode(const Epoch *epoch, uint8_t ret[EPOCH_BYTES])
{
    memcpy(ret, epoch_magic, 4);
    bytes_put_u32(ret + 4, JOURNAL_FORMAT);
    bytes_put_u64(ret + 8, epoch->epoch);
    bytes_put_u32(ret + 16, epoch->clean ? 1 : 0);
    bytes_put_u64(ret + 20, epoch->tail);
    memcpy(ret + 28, epoch->tail_hash.bytes, HASH_BYTES);
    bytes_put_u32(ret + 60, crc32c(ret, 60));
}

Form
epoch_decode(const uint8_t *bytes, Epoch *ret)
{
    const Form form = check_head(bytes, EPOCH_BYTES, epoch_magic);
    if (form != FORM_GOOD)
        return form;
    ret->epoch = bytes_get_u64(bytes + 8);
    ret->clean = bytes_get_u32(bytes + 16) == 1;
    ret->tail = bytes_get_u64(bytes + 20);
    memcpy(ret->tail_hash.bytes, bytes + 28, HASH_BYTES);
    return FORM_GOOD;
}

bool
bytes_are_zero(const uint8_t *bytes, size_t length)
{
    return length == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0);
}
