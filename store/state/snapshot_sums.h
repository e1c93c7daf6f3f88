// SPDX-License-Identifier: EUPL-1.2
// How many rows each table of the snapshot has, and the sum of their hashes. Knows: the first byte
// of a key is its table. Must never know: what a table holds.
// The hash of a row is the one that its value carries (snapshot_value.h). A sum is one number of
// 128 bits, so the order of the rows does not matter: a row that is put adds its hash, a row that
// goes subtracts it. The sums stand in the meta row, and are committed with the rows. A page that
// the disk lost, or an old page in its place, has sound rows; only the sums tell that rows are
// missing.
#ifndef KETEN_STORE_STATE_SNAPSHOT_SUMS_H
#define KETEN_STORE_STATE_SNAPSHOT_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUM_TABLES      256
#define SUM_BYTES       (1 + 8 + 16) // one table in the meta row
#define SUMS_BYTES_MOST (SUM_TABLES * SUM_BYTES)

typedef struct TableSum {
    uint64_t rows;
    uint64_t high, low; // the sum of the hashes
} TableSum;

typedef struct TableSums {
    TableSum tables[SUM_TABLES]; // by the first byte of the key
} TableSums;

// `hash` has VALUE_HASH_BYTES.
void
sums_add(TableSums *sums, uint8_t table, const uint8_t *hash);
void
sums_take(TableSums *sums, uint8_t table, const uint8_t *hash);
bool
sum_equal(const TableSum *a, const TableSum *b);

// Writes the tables that have rows; returns the number of bytes, at most SUMS_BYTES_MOST.
size_t
sums_encode(const TableSums *sums, uint8_t *ret);
// False: the bytes are no sums.
bool
sums_decode(const uint8_t *bytes, size_t length, TableSums *ret);

#endif
