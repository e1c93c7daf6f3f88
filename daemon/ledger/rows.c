// SPDX-License-Identifier: EUPL-1.2
// Reads rows of the state. Knows: keys, tables. Must never know: which order or query wants a row.
// Failure: a damaged row closes the ledger (ledger_fail_state) and reads as absent; the caller
// tests ledger->failed.
#include "daemon/ledger/rows.h"

#include "base/assert.h"
#include "daemon/ledger/core.h"
#include "proto/message.h"

// Whoever is not found in these tables becomes somebody new: a person with a second plan, a command
// with a second effect. The registry of partners is in memory, and was checked at the start.
static bool
decides_who(uint8_t table)
{
    return table == TABLE_PERSON_TOKEN || table == TABLE_MEMBER || table == TABLE_STREAM ||
           table == TABLE_COMMAND;
}

void *
state_row(Ledger *ledger, Key key, const ProtobufCMessageDescriptor *type, Arena *arena)
{
    ASSERT(type != NULL && arena != NULL);
    KtCode code;
    void *row = state_message(ledger->state, &key, type, arena, &code);
    if (row == NULL && code == KT_OK && decides_who(key.bytes[0]))
        code = state_prove_absent(ledger->state, &key);
    if (code != KT_OK) {
        ledger_fail_state(ledger);
        return NULL;
    }
    return row;
}

uint64_t
state_number(Ledger *ledger, Key key)
{
    const Keten__V1__NumberRow *row = ROW(ledger, key, number_row, &ledger->scratch);
    return row == NULL ? 0 : row->number;
}

bool
state_each(Ledger *ledger, const Key *prefix, const Key *from, StateVisitor visitor, void *caller)
{
    if (state_range(ledger->state, prefix, from, visitor, caller) == KT_OK)
        return true;
    ledger_fail_state(ledger);
    return false;
}

StepRow *
state_step(Ledger *ledger, uint64_t plan, uint64_t step, Arena *arena, bool *ret_open)
{
    StepRow *row = ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_OPEN_STEP), step), step_row, arena);
    *ret_open = row != NULL;
    if (row == NULL)
        row = ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_CLOSED_STEP), step), step_row, arena);
    return row;
}

FactRow *
state_fact(Ledger *ledger, uint64_t fact, Arena *arena)
{
    const uint64_t plan = state_number(ledger, key_u64(key_of(TABLE_FACT_PLAN), fact));
    return plan == 0 ? NULL
                     : ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_FACT), fact), fact_row, arena);
}

DeadRow *
state_rejected(Ledger *ledger, uint32_t partner, uint64_t n, Arena *arena)
{
    return ROW(ledger, key_u64(key_u32(key_of(TABLE_REJECTED), partner), n), dead_row, arena);
}

MatterRow *
state_matter(Ledger *ledger, uint64_t matter, Arena *arena)
{
    const uint64_t plan = state_number(ledger, key_u64(key_of(TABLE_MATTER_PLAN), matter));
    MatterRow *row =
        ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_OPEN_MATTER), matter), matter_row, arena);
    if (row == NULL)
        row =
            ROW(ledger, key_u64(key_plan(plan, PLAN_SUB_CLOSED_MATTER), matter), matter_row, arena);
    return row;
}

static bool
count_visit(void *caller, const uint8_t *key, size_t key_length, Value value)
{
    (void)key;
    (void)key_length;
    (void)value;
    ++*(uint64_t *)caller;
    return true;
}

uint64_t
rejected_ahead(Ledger *ledger, uint32_t partner, uint64_t upto)
{
    uint64_t count = 0;
    const Key prefix = key_u32(key_of(TABLE_REJECTED), partner);
    const Key from = key_u64(prefix, upto + 1);
    state_each(ledger, &prefix, &from, count_visit, &count);
    return count;
}
