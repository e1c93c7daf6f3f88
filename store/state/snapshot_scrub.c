// SPDX-License-Identifier: EUPL-1.2
// See snapshot_scrub.h. Knows: LMDB's order of rows, the sums of the meta row. Must never know:
// what a row means. The path: each snapshot_scrub reads some rows from the place on, checks the
// hash of each and adds it up; at the end of a table the sum and the number of rows must be those
// of the meta row. Commits between two calls change rows on both sides of the place: scrub_taken
// and scrub_put keep the sums of the rows before it right, so a round need not begin again. A call
// in the middle of a commit is a fault of the caller. What does not fit is KT_STATE_DAMAGED.
#include "store/state/snapshot_scrub.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "store/state/ordered_map.h"
#include "store/state/snapshot_lmdb.h"
#include "store/state/snapshot_value.h"

static bool
was_met(const Scrub *scrub, const uint8_t *key, size_t key_length)
{
    return scrub->length > 0 && key[0] == scrub->place[0] &&
           key_compare(key, key_length, scrub->place, scrub->length) < 0;
}

void
scrub_taken(Scrub *scrub, const uint8_t *key, size_t key_length, const uint8_t *hash)
{
    if (was_met(scrub, key, key_length))
        sums_take(&scrub->met, key[0], hash);
}

void
scrub_put(Scrub *scrub, const uint8_t *key, size_t key_length, const uint8_t *hash)
{
    if (was_met(scrub, key, key_length))
        sums_add(&scrub->met, key[0], hash);
}

// Compares the tables from that of the place up to `end`, which is not compared.
static KtCode
check_tables(const Snapshot *snapshot, unsigned end, Fault *fault)
{
    for (unsigned table = snapshot->scrub.place[0]; table < end; table++) {
        const TableSum *met = &snapshot->scrub.met.tables[table];
        const TableSum *stored = &snapshot->meta.sums.tables[table];
        if (!sum_equal(met, stored))
            return fault_set(fault, KT_STATE_DAMAGED,
                             "state table %u: %" PRIu64 " rows instead of %" PRIu64
                             ", or other rows",
                             table, met->rows, stored->rows);
    }
    return KT_OK;
}

static KtCode
meet(Snapshot *snapshot, const SnapshotCursor *cursor, Fault *fault)
{
    Scrub *scrub = &snapshot->scrub;
    const KtCode code =
        cursor->key[0] == scrub->place[0] ? KT_OK : check_tables(snapshot, cursor->key[0], fault);
    if (code != KT_OK)
        return code;
    sums_add(&scrub->met, cursor->key[0], cursor->value.bytes - VALUE_HASH_BYTES);
    // the least key behind this one
    memcpy(scrub->place, cursor->key, cursor->key_length);
    scrub->place[cursor->key_length] = 0;
    scrub->length = cursor->key_length + 1;
    return KT_OK;
}

KtCode
snapshot_scrub(Snapshot *snapshot, size_t rows, bool *ret_round, Fault *fault)
{
    Scrub *scrub = &snapshot->scrub;
    SnapshotCursor cursor;
    KtCode code = KT_OK;
    ASSERT(snapshot->write == NULL);
    if (scrub->length == 0)
        *scrub = (Scrub){.place = {1}, .length = 1};
    snapshot_seek(snapshot, scrub->place, scrub->length, &cursor, fault);
    for (; rows > 0 && cursor.found == STATE_FOUND && code == KT_OK; rows--) {
        code = meet(snapshot, &cursor, fault);
        snapshot_next(snapshot, &cursor, fault);
    }
    const bool ended = code == KT_OK && cursor.found == STATE_ABSENT;
    if (code == KT_OK && cursor.found == STATE_DAMAGED)
        code = KT_STATE_DAMAGED;
    snapshot_leave(&cursor);
    if (ended) {
        code = check_tables(snapshot, SUM_TABLES, fault);
        scrub->length = 0;
    }
    *ret_round = ended;
    return code;
}
