// SPDX-License-Identifier: EUPL-1.2
// See snapshot_sums.h. Knows: numbers of 128 bits in two halves. Must never know: LMDB.
// The path: a commit calls sums_add and sums_take for each row, sums_encode at its end; a start
// calls sums_decode and compares. Bytes that are no sums give false.
#include "store/state/snapshot_sums.h"

#include <string.h>

#include "base/bytes.h"

void
sums_add(TableSums *sums, uint8_t table, const uint8_t *hash)
{
    TableSum *sum = &sums->tables[table];
    const uint64_t low = bytes_get_u64(hash + 8);
    sum->rows++;
    sum->low += low;
    sum->high += bytes_get_u64(hash) + (sum->low < low ? 1 : 0);
}

void
sums_take(TableSums *sums, uint8_t table, const uint8_t *hash)
{
    TableSum *sum = &sums->tables[table];
    const uint64_t low = bytes_get_u64(hash + 8);
    sum->rows--;
    sum->high -= bytes_get_u64(hash) + (sum->low < low ? 1 : 0);
    sum->low -= low;
}

bool
sum_equal(const TableSum *a, const TableSum *b)
{
    return a->rows == b->rows && a->high == b->high && a->low == b->low;
}

size_t
sums_encode(const TableSums *sums, uint8_t *ret)
{
    uint8_t *at = ret;
    for (unsigned table = 0; table < SUM_TABLES; table++) {
        const TableSum *sum = &sums->tables[table];
        if (sum->rows == 0 && sum->high == 0 && sum->low == 0)
            continue;
        at[0] = (uint8_t)table;
        bytes_put_u64(at + 1, sum->rows);
        bytes_put_u64(at + 9, sum->high);
        bytes_put_u64(at + 17, sum->low);
        at += SUM_BYTES;
    }
    return (size_t)(at - ret);
}

bool
sums_decode(const uint8_t *bytes, size_t length, TableSums *ret)
{
    int last = -1;
    if (length % SUM_BYTES != 0)
        return false;
    memset(ret, 0, sizeof *ret);
    for (const uint8_t *at = bytes; at < bytes + length; at += SUM_BYTES) {
        if (at[0] <= last)
            return false;
        last = at[0];
        ret->tables[at[0]] = (TableSum){.rows = bytes_get_u64(at + 1),
                                        .high = bytes_get_u64(at + 9),
                                        .low = bytes_get_u64(at + 17)};
    }
    return true;
}
