// SPDX-License-Identifier: EUPL-1.2
// See commit.h. Knows: which rows, in key order. Must never know: threads, LMDB's calls, what a row
// means.
#include "store/state/commit.h"

#include "base/assert.h"

Commit
commit_of(const State *state, size_t count)
{
    ASSERT(count >= 1 && count <= state->sealed_count);
    Commit commit = {.rows.count = count};
    for (size_t i = 0; i < count; i++) // newest first
        commit.rows.rows[i] = state->sealed[count - 1 - i].rows.heads[0];
    commit.position = state->sealed[count - 1].position;
    commit.running = state->sealed[count - 1].running;
    return commit;
}

KtCode
commit_write(Snapshot *snapshot, const Commit *commit, Fault *fault)
{
    LayerCursor cursor = commit->rows;
    KtCode code = snapshot_begin(snapshot, fault);
    for (const Row *row = layers_row(&cursor); code == KT_OK && row != NULL;
         row = layers_row(&cursor)) {
        code = row->dropped ? snapshot_drop(snapshot, row_key(row), row->key_length, fault)
                            : snapshot_put(snapshot, row_key(row), row->key_length, row->value,
                                           row->length, fault);
        layers_next(&cursor);
    }
    return code == KT_OK ? snapshot_commit(snapshot, commit->position, &commit->running, fault)
                         : code;
}
