// SPDX-License-Identifier: EUPL-1.2
// Reads the numbers of a partner's plans. Knows: the table of participants. Must never know: rows
// of plans. The numbers are read first, since the rows of each plan are read in a range of their
// own.
#include "daemon/ledger/query/participant_plans.h"

#include "base/assert.h"
#include "daemon/ledger/rows.h"
#include "store/key_read.h"

typedef struct Reading {
    Arena *arena;
    PlanNumbers numbers;
} Reading;

static bool
number_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    Reading *reading = caller;
    PlanNumbers *numbers = &reading->numbers;
    (void)value;
    numbers->plans =
        arena_more(reading->arena, numbers->plans, numbers->count, sizeof *numbers->plans);
    numbers->plans[numbers->count++] = key_read_participant(key, key_length).plan;
    return true;
}

bool
participant_plans(Ledger *ledger, uint32_t partner, Arena *arena, PlanNumbers *ret)
{
    ASSERT(ledger != NULL && arena != NULL && ret != NULL);
    Reading reading = {.arena = arena};
    const Key prefix = key_u32(key_of(TABLE_PARTICIPANT), partner);
    const bool whole = state_each(ledger, &prefix, NULL, number_visit, &reading);
    *ret = reading.numbers;
    return whole;
}
