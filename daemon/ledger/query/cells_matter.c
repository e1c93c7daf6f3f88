// SPDX-License-Identifier: EUPL-1.2
// Adds the cells of a matter. Knows: rows of matters. Must never know: which query is answered.
#include "daemon/ledger/query/cells_matter.h"

#include "base/assert.h"
#include "daemon/engine/engine.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/receipt.h"
#include "daemon/ledger/registry.h"

// The cell "persons" of a question: the persons that are alike, as the asker calls them, each as
// person of this plan = person of the other plan.
static void
cells_pairs(ResultTable *table, AnswerRow *row, const MatterRow *matter)
{
    const char *text = "";
    for (size_t i = 0; i + 1 < matter->n_pairs; i += 2) {
        const char *ours =
            answer_pseudonym(table->ledger, table->partner, matter->pairs[i], table->arena);
        const char *theirs =
            answer_pseudonym(table->ledger, table->partner, matter->pairs[i + 1], table->arena);
        text = arena_format(table->arena, "%s%s%s%s%s", text, i == 0 ? "" : ", ", ours,
                            ours[0] == '\0' ? "" : "=", theirs);
    }
    table_text(table, row, "persons", text);
}

void
cells_matter(ResultTable *table, AnswerRow *row, const Arrangement *arrangement,
             const MatterRow *matter, uint64_t plan)
{
    ASSERT(table != NULL && row != NULL && arrangement != NULL && matter != NULL);
    table_id(table, row, "matter", matter->matter);
    table_number(table, row, "version", matter->version);
    table_id(table, row, "plan", plan);
    table_id(table, row, "step", matter->step);
    table_id(table, row, "other_plan", matter->other_plan);
    if (matter->arrangement != 0)
        table_text(table, row, "arrangement",
                   ledger_arrangement(table->ledger, matter->arrangement)->name);
    table_text(table, row, "kind", matter_rule(matter->kind)->name);
    table_text(table, row, "state", matter->open ? "open" : "settled");
    table_text(table, row, "topic", matter->topic);
    if (matter->kind == KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK)
        table_flag(table, row, "law", matter->law);
    table_text(table, row, "level", matter_level(arrangement, matter));
    table_partner(table, row, "accountable", matter->accountable);
    table_partner(table, row, "must_move", matter->turn);
    table_partner(table, row, "next", matter->next);
    table_instant(table, row, "due", matter->due_ms);
    table_flag(table, row, "late", matter->late);
    table_text(table, row, "reason", matter->reason);
    table_text(table, row, "outcome", matter->outcome);
    table_partner(table, row, "raised_by", matter->raised_by);
    table_instant(table, row, "opened_at", matter->opened_at_ms);
    table_instant(table, row, "since", matter->since_ms);
    table_id(table, row, "other_plan", matter->asked_plan);
    cells_pairs(table, row, matter);
}
