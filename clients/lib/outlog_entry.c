// SPDX-License-Identifier: EUPL-1.2
// The bytes of an entry. Knows: the form KOU2, and KOU1 of earlier releases, without a sum of the
// head. Must never know: files, what a frame says.
//
// entry_read() tells three things apart. A length that reaches beyond the end of the file, under a
// head that has its sum, is an entry that a crash cut short. So is one that ends in zeros: a power
// cut may leave the length of a file without its content. Every other entry without its sum is
// damaged. With KOU1 a damaged length cannot be told from a cut at the very end of the file.
#include "clients/lib/outlog_entry.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "base/sum.h"
#include "proto/limits.h"

#define MAGIC_1    0x4b4f5531u // KOU1
#define MAGIC_2    0x4b4f5532u // KOU2
#define ZERO_BYTES 8u          // of an end that was never written

typedef struct Head {
    uint32_t magic;
    uint32_t length;
    uint64_t number;
    uint64_t sum;      // of number and frame
    uint64_t head_sum; // of the members above; KOU1 has none
} Head;

#define HEAD_1_BYTES offsetof(Head, head_sum)

_Static_assert(sizeof(Head) == ENTRY_HEAD_BYTES, "an entry's head has no holes");

void
entry_head(uint64_t number, const uint8_t *frame, size_t length, uint8_t ret[ENTRY_HEAD_BYTES])
{
    ASSERT(length <= LIMIT_FRAME_BYTES && (frame != NULL || length == 0));
    Head head = {.magic = MAGIC_2,
                 .length = (uint32_t)length,
                 .number = number,
                 .sum = sum_bytes(number, frame, length)};
    head.head_sum = sum_bytes(MAGIC_2, &head, HEAD_1_BYTES);
    memcpy(ret, &head, sizeof head);
}

static bool
ends_in_zeros(const uint8_t *bytes, size_t left)
{
    for (size_t i = left > ZERO_BYTES ? left - ZERO_BYTES : 0; i < left; i++)
        if (bytes[i])
            return false;
    return true;
}

// The state of an entry that has not its sums, by what is left of the file.
static EntryState
without_sum(const uint8_t *bytes, size_t left)
{
    return ends_in_zeros(bytes, left) ? ENTRY_UNFINISHED : ENTRY_DAMAGED;
}

static EntryState
read_head(const uint8_t *bytes, size_t left, Head *ret, size_t *ret_head_bytes)
{
    if (left < sizeof ret->magic)
        return ENTRY_UNFINISHED;
    *ret = (Head){0};
    memcpy(&ret->magic, bytes, sizeof ret->magic);
    if (ret->magic != MAGIC_1 && ret->magic != MAGIC_2)
        return without_sum(bytes, left);
    const size_t head = ret->magic == MAGIC_1 ? HEAD_1_BYTES : sizeof *ret;
    if (left < head)
        return ENTRY_UNFINISHED;
    memcpy(ret, bytes, head);
    if (ret->length > LIMIT_FRAME_BYTES ||
        (ret->magic == MAGIC_2 && ret->head_sum != sum_bytes(MAGIC_2, ret, HEAD_1_BYTES)))
        return without_sum(bytes, left);
    *ret_head_bytes = head;
    return ENTRY_WHOLE;
}

EntryState
entry_read(const uint8_t *bytes, size_t left, Entry *ret)
{
    ASSERT(bytes != NULL && left > 0 && ret != NULL);
    Head head;
    size_t head_bytes = 0;
    const EntryState state = read_head(bytes, left, &head, &head_bytes);
    if (state != ENTRY_WHOLE)
        return state;
    if (left - head_bytes < head.length)
        return ENTRY_UNFINISHED;
    if (head.sum != sum_bytes(head.number, bytes + head_bytes, head.length))
        return without_sum(bytes, left);
    *ret = (Entry){.number = head.number,
                   .frame = head.length ? bytes + head_bytes : NULL,
                   .length = head.length,
                   .bytes = head_bytes + head.length};
    return ENTRY_WHOLE;
}

size_t
entry_find(const uint8_t *bytes, size_t length, size_t from)
{
    Entry entry;
    for (size_t at = from; at < length; at++)
        if (entry_read(bytes + at, length - at, &entry) == ENTRY_WHOLE)
            return at;
    return length;
}
