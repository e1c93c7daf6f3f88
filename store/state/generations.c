// SPDX-License-Identifier: EUPL-1.2
// The state port: sealing and flushing. Knows: generations, the position a flush covers, which
// generations the writer has. Must never know: what a row means.
// The path: after the append of a turn, state_seal makes the open overlay a generation.
// state_flush_beside gives the sealed generations to the writer as one commit, and a later call
// drops them, once the reader sees that commit. state_flush does the same and waits. In the
// memory-only form the generations are laid over the base.
// Failure: a commit that fails leaves the generations as they were, and every later flush fails,
// too: the process has to stop.
#include "store/state/state.h"

#include <string.h>

#include "base/assert.h"
#include "store/state/commit.h"
#include "store/state/layers.h"
#include "store/state/writer.h"

// In the memory-only form the base is copied afresh when so many bytes of it are unused.
#define BASE_WASTE_BYTES (4u << 20)

// One place stays free, so that what is sealed during a commit never meets the rows of that commit.
#define WRITING_MOST (GENERATIONS_MOST - 1)

#define SPARE_BYTES   (256u << 10)
#define RESERVE_BYTES (16u << 20) // as much as the journal keeps, for what may not be refused

void
state_seal(State *state, uint64_t position, const Hash *running)
{
    ASSERT(state != NULL && running != NULL && (position >= 1 || state->open.count == 0));
    if (state->sealed_count == GENERATIONS_MOST) {
        // more generations would only slow reads down: the newest takes these rows too
        ASSERT(state->writing < GENERATIONS_MOST);
        rows_pour(&state->sealed[GENERATIONS_MOST - 1].rows, &state->open, false);
        rows_done(&state->open);
    } else {
        state->sealed[state->sealed_count++].rows = state->open;
    }
    Generation *newest = &state->sealed[state->sealed_count - 1];
    newest->position = position;
    newest->running = *running;
    rows_init(&state->open);
}

uint64_t
state_sealed(const State *state)
{
    ASSERT(state != NULL);
    return state->sealed_count > 0 ? state->sealed[state->sealed_count - 1].position
                                   : state_applied(state, NULL);
}

size_t
state_generations(const State *state)
{
    return state->sealed_count;
}

bool
state_is_writing(const State *state)
{
    return state->writing > 0;
}

// Drops the oldest `count` generations.
static void
drop_sealed(State *state, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows_done(&state->sealed[i].rows);
    state->sealed_count -= count;
    memmove(state->sealed, state->sealed + count, state->sealed_count * sizeof state->sealed[0]);
}

static void
flush_to_base(State *state)
{
    if (state->sealed_count == 0)
        return;
    const Generation *newest = &state->sealed[state->sealed_count - 1];
    for (size_t i = 0; i < state->sealed_count; i++)
        rows_pour(&state->base, &state->sealed[i].rows, true);
    state->base_applied = newest->position;
    state->base_running = newest->running;
    drop_sealed(state, state->sealed_count);
    if (state->base.wasted < BASE_WASTE_BYTES || state->base.wasted < state->base.arena.used / 2)
        return;
    Rows afresh;
    rows_init(&afresh);
    rows_pour(&afresh, &state->base, true);
    rows_done(&state->base);
    state->base = afresh;
}

// The most that the rows that wait may take: each row may change a page of its own, but no more
// pages than there are; new pages are half full at least, and all pages on the way to them
// change, too.
static uint64_t
bytes_needed(const State *state, uint64_t pages)
{
    uint64_t rows = state->open.count;
    for (size_t i = 0; i < state->sealed_count; i++)
        rows += state->sealed[i].rows.count;
    return 4 * (uint64_t)state_pending_bytes(state) + SPARE_BYTES +
           SNAPSHOT_PAGE_BYTES * (rows < pages ? rows : pages);
}

// The disk has so many bytes more than what waits needs; 0: none.
static uint64_t
bytes_left(const State *state)
{
    uint64_t pages;
    const uint64_t free_bytes = snapshot_free_bytes(state->snapshot, &pages);
    const uint64_t needed = bytes_needed(state, pages);
    return free_bytes > needed ? free_bytes - needed : 0;
}

uint64_t
state_room(const State *state)
{
    ASSERT(state != NULL);
    if (state->snapshot == NULL)
        return UINT64_MAX;
    const uint64_t left = bytes_left(state);
    return left > RESERVE_BYTES ? left - RESERVE_BYTES : 0;
}

// The snapshot holds the oldest `count` generations: lets the reader see them there.
static KtCode
see_committed(State *state, size_t count, Fault *fault)
{
    const KtCode code = snapshot_renew(state->snapshot, fault);
    if (code == KT_OK)
        drop_sealed(state, count);
    return code;
}

// Takes the result of the writer, if it has one.
static KtCode
take_written(State *state, bool wait, Fault *fault)
{
    KtCode code = KT_OK;
    if (state->writing == 0 || !writer_take(state->writer, wait, &code, fault))
        return KT_OK;
    const size_t count = state->writing;
    state->writing = 0;
    return code == KT_OK ? see_committed(state, count, fault) : code;
}

KtCode
state_flush_beside(State *state, bool wait, Fault *fault)
{
    ASSERT(state != NULL && fault != NULL);
    if (state->snapshot == NULL) {
        flush_to_base(state);
        return KT_OK;
    }
    const KtCode code = take_written(state, wait, fault);
    if (code != KT_OK || state->writing > 0 || state->sealed_count == 0)
        return code;
    if (bytes_left(state) == 0)
        return KT_OK; // the rows are in the journal, too, and wait in memory
    state->writing = state->sealed_count < WRITING_MOST ? state->sealed_count : WRITING_MOST;
    const Commit commit = commit_of(state, state->writing);
    writer_give(state->writer, &commit);
    return KT_OK;
}

KtCode
state_flush(State *state, Fault *fault)
{
    KtCode code;
    do
        code = state_flush_beside(state, true, fault);
    while (code == KT_OK && state->writing > 0);
    return code;
}
