// SPDX-License-Identifier: EUPL-1.2
// Finds the next of a partner's plans. Knows: the table of participants. Must never know: rows of
// plans. One number is read at a time, so that a list can stop and go on anywhere.
#include "daemon/ledger/query/participant_plans.h"

#include "base/assert.h"
#include "daemon/ledger/rows.h"
#include "store/key_read.h"

static bool
number_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    uint64_t *plan = caller;
    (void)value;
    *plan = key_read_participant(key, key_length).plan;
    return false;
}

uint64_t
participant_plan_from(Ledger *ledger, uint32_t partner, uint64_t from)
{
    ASSERT(ledger != NULL);
    const Key prefix = key_u32(key_of(TABLE_PARTICIPANT), partner);
    const Key first = key_u64(prefix, from);
    uint64_t plan = 0;
    state_each(ledger, &prefix, &first, number_visit, &plan);
    return plan;
}
