// SPDX-License-Identifier: EUPL-1.2
// Adds the cells of a step. Knows: rows of steps, what a view may see of them. Must never know:
// which query is answered.
#include "daemon/ledger/query/cells_step.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"
#include "proto/message.h"

void
cells_step(ResultTable *table, AnswerRow *row, const StepRow *step, uint64_t plan)
{
    ASSERT(table != NULL && row != NULL && step != NULL);
    table_id(table, row, "step", step->step);
    table_number(table, row, "version", step->version);
    table_id(table, row, "plan", plan);
    table_id(table, row, "origin", step->plan == plan ? 0 : step->plan);
    table_text(table, row, "kind", step->kind);
    table_state(table, row, "state", step->state);
    table_partner(table, row, "owner", step->owner);
    table_partner(table, row, "accountable", step->accountable);
    table_partner(table, row, "climbed_to", step->turn);
    table_partner(table, row, "next", step->next);
    table_instant(table, row, "due", step->due_ms);
    table_flag(table, row, "late", step->late);
    if (step->extended)
        table_flag(table, row, "extended", true);
    table_instant(table, row, "reminder", step->remind_ms);
    table_text(table, row, "reason", step->reason);
    table_instant(table, row, "opened_at", step->opened_at_ms);
    table_instant(table, row, "since", step->state_since_ms);
}

void
cells_awaited(ResultTable *table, AnswerRow *row, const StepRow *step, bool holds)
{
    if (holds && state_rule(step->state)->with_owner)
        cells_silence(table, row, step->owner);
}

bool
cells_worker(QueryContext *context, const View *view, AnswerRow *row, uint32_t partner,
             uint64_t worker)
{
    if (worker == 0 || (!view->holds && partner != view->partner))
        return false;
    Arena *arena = context->table.arena;
    const Keten__V1__PersonRow *person =
        ROW(context->ledger, key_u64(key_of(TABLE_PERSON), worker), person_row, arena);
    if (person == NULL || person->body.len == 0)
        return false;
    const PartBody *body = message_unpack(&keten__v1__part_body__descriptor, arena,
                                          person->body.data, person->body.len);
    ASSERT(body != NULL);
    table_text(&context->table, row, "worker", body->worker);
    return true;
}
