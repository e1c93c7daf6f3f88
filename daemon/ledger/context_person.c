// SPDX-License-Identifier: EUPL-1.2
// Looks up persons and workers. Knows: the rows of a person, how tokens and pseudonyms are made.
// Must never know: BSNs, which command names the person.
// Failure: a damaged row closes the ledger; the entry is then incomplete and the caller tests
// ledger->failed.
#include "daemon/ledger/context_person.h"

#include <string.h>

#include "daemon/ledger/core.h"
#include "daemon/ledger/rows.h"

void
person_places(Ledger *ledger, PersonEntry *entry, Arena *arena)
{
    entry->open_plan = state_number(ledger, key_u64(key_of(TABLE_MEMBER), entry->number));
    if (entry->open_plan != 0)
        entry->second_plan = state_number(ledger, key_u64(key_of(TABLE_SECOND), entry->number));
    entry->departed = ROW(ledger, key_u64(key_of(TABLE_DEPARTED), entry->number), gone_row, arena);
    entry->likeness = ROW(ledger, key_u64(key_of(TABLE_LIKENESS), entry->number), trace_row, arena);
}

static PersonEntry *
entry_of(Ledger *ledger, const uint8_t token[TOKEN_BYTES], Arena *arena)
{
    PersonEntry *entry = arena_take(arena, sizeof *entry);
    memcpy(entry->token, token, TOKEN_BYTES);
    entry->number = state_number(ledger, key_bytes(key_of(TABLE_PERSON_TOKEN), token, TOKEN_BYTES));
    return entry;
}

PersonEntry *
person_entry(Ledger *ledger, const uint8_t token[TOKEN_BYTES], Arena *arena)
{
    PersonEntry *entry = entry_of(ledger, token, arena);
    if (entry->number != 0)
        person_places(ledger, entry, arena);
    return entry;
}

const PersonEntry *
worker_entry(Ledger *ledger, uint32_t partner, const char *worker, Arena *arena)
{
    uint8_t token[TOKEN_BYTES];
    if (partner == 0 || worker[0] == '\0')
        return NULL;
    secret_worker_token(ledger->secrets, partner, worker, token);
    return entry_of(ledger, token, arena); // no resident: a worker lives in no plan
}

PersonEntry *
person_called(Ledger *ledger, const Context *context, const char *pseudonym, Arena *arena)
{
    for (size_t i = 0; i < context->plan->member_count; i++) {
        char name[PSEUDONYM_TEXT_BYTES];
        const Key key = key_u64(key_of(TABLE_PERSON), context->plan->members[i]);
        const Keten__V1__PersonRow *row = ROW(ledger, key, person_row, arena);
        if (row == NULL || row->token.len != TOKEN_BYTES)
            continue;
        secret_pseudonym(ledger->secrets, context->actor, row->token.data, name);
        if (strcmp(name, pseudonym) == 0)
            return person_entry(ledger, row->token.data, arena);
    }
    return NULL;
}

const MemberRow *
member_of(Ledger *ledger, uint64_t plan, uint64_t person, Arena *arena)
{
    const Key key = key_u64(key_plan(plan, PLAN_SUB_MEMBER), person);
    return plan == 0 ? NULL : ROW(ledger, key, member_row, arena);
}
