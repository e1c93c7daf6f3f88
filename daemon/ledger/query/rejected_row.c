// SPDX-License-Identifier: EUPL-1.2
// Adds the row of a rejected delivery. Knows: columns, what each asker may see. Must never know:
// the fields that the delivery told.
// Path: rejected_add adds the cells; cells_turn those of an open one, which a sender does not get.
#include "daemon/ledger/query/rejected_row.h"

#include "base/assert.h"
#include "base/calendar.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/query/view.h"
#include "daemon/ledger/rows.h"

const MatterRow *
rejected_matter(QueryContext *context, const DeadRow *rejected)
{
    return rejected->matter == 0
               ? NULL
               : state_matter(context->ledger, rejected->matter, context->table.arena);
}

const char *
rejected_outcome(const DeadRow *rejected, const MatterRow *matter)
{
    if (rejected->outcome[0] != '\0' || matter == NULL || matter->open)
        return rejected->outcome;
    return matter->outcome;
}

static bool
sees_number(const QueryContext *context, const DeadRow *rejected)
{
    return rejected->partner == context->partner ||
           (rejected->matter == 0 && context->row->administrator);
}

// A partner that is no participant may not learn which partners are.
static bool
is_outside(QueryContext *context, const MatterRow *matter)
{
    const View *view =
        view_load(context->ledger, context->partner, matter->plan, context->table.arena);
    return view == NULL || view->sender;
}

static void
cells_turn(QueryContext *context, AnswerRow *row, const DeadRow *rejected, const MatterRow *matter)
{
    ResultTable *table = &context->table;
    if (matter != NULL && matter->turn != context->partner && is_outside(context, matter))
        return;
    if (matter != NULL) {
        table_partner(table, row, "must_move", matter->turn);
        table_partner(table, row, "next", matter->next);
        table_instant(table, row, "due", matter->due_ms);
        table_flag(table, row, "late", matter->late);
        return;
    }
    // No plan answers for this delivery. Once it is late, administrators look after it too.
    table_partner(table, row, "must_move", rejected->partner);
    table_text(table, row, "then", "administrators");
    table_instant(table, row, "due", rejected->due_ms);
    table_flag(table, row, "late", rejected->late);
}

void
rejected_add(QueryContext *context, const DeadRow *rejected)
{
    ASSERT(context != NULL && rejected != NULL);
    ResultTable *table = &context->table;
    const MatterRow *matter = rejected_matter(context, rejected);
    const char *outcome = rejected_outcome(rejected, matter);
    AnswerRow *row = table_add(table, "dead");
    table_partner(table, row, "partner", rejected->partner);
    if (sees_number(context, rejected)) {
        table_id(table, row, "n", rejected->n);
        table_id(table, row, "resend_of", rejected->resend_of);
        table_id(table, row, "resent_as", rejected->resent_as);
    }
    table_id(table, row, "matter", rejected->matter);
    if (matter != NULL)
        table_number(table, row, "version", matter->version);
    table_id(table, row, "plan", matter != NULL ? matter->plan : rejected->plan);
    table_text(table, row, "state", outcome[0] == '\0' ? "open" : "settled");
    table_text(table, row, "reason", rejected->reason);
    table_instant(table, row, "rejected_at", rejected->rejected_at_ms);
    table_number(table, row, "days",
                 (uint64_t)(context->now_ms > rejected->rejected_at_ms
                                ? (context->now_ms - rejected->rejected_at_ms) / DAY_MS
                                : 0));
    table_text(table, row, "outcome", outcome);
    table_instant(table, row, "settled_at", rejected->settled_at_ms);
    if (outcome[0] == '\0')
        cells_turn(context, row, rejected, matter);
}
