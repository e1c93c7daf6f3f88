// SPDX-License-Identifier: EUPL-1.2
// The answer of `pause list`: a row for the pause of each plan that has one. Knows: the columns of
// a pause. Must never know: fields, persons.
// A partner that the pause concerns sees the pause even if it is no participant.
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/plan_scan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"
#include "proto/limits.h"

static const char *
partners_text(ResultTable *table, const uint32_t *partners, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_format(table->arena, "%s%s%s", text, i == 0 ? "" : ", ",
                            ledger_partner_name(table->ledger, partners[i]));
    return text;
}

// The partners that have not acknowledged the pause. The holder sees all of them; another partner
// sees only itself.
static const char *
missing_text(PlanScan *scan)
{
    uint32_t missing[LIMIT_OPEN_MATTERS_PER_PLAN];
    size_t count = 0;
    for (size_t i = 0; i < scan->matter_count && count < LIMIT_OPEN_MATTERS_PER_PLAN; i++) {
        const MatterRow *matter = scan->matters[i];
        if (matter->kind == KETEN__V1__MATTER_KIND__MATTER_PAUSE &&
            matter_is_visible(matter, scan->context->partner, scan->holds))
            missing[count++] = matter->partner;
    }
    return partners_text(&scan->context->table, missing, count);
}

static bool
is_concerned(const Keten__V1__PauseRow *pause, uint32_t partner)
{
    for (size_t i = 0; i < pause->n_partners; i++)
        if (pause->partners[i] == partner)
            return true;
    return false;
}

static void
emit_pause(PlanScan *scan)
{
    ResultTable *table = &scan->context->table;
    const Keten__V1__PauseRow *pause = scan->row == NULL ? NULL : scan->row->pause;
    if (pause == NULL || (!scan->participant && !is_concerned(pause, scan->context->partner)) ||
        !scan_wants(scan, 0, 1))
        return;
    AnswerRow *row = table_add(table, "pause");
    table_id(table, row, "plan", scan->root->plan);
    table_names(table, row, "actions", pause->actions, pause->n_actions);
    table_instant(table, row, "from", pause->from_ms);
    table_instant(table, row, "until", pause->until_ms);
    table_partner(table, row, "by", pause->by);
    table_text(table, row, "reason", pause->reason);
    if (scan->holds)
        table_text(table, row, "keeps", partners_text(table, pause->partners, pause->n_partners));
    table_text(table, row, "missing", missing_text(scan));
}

KtCode
query_pauses(QueryContext *context)
{
    return scan_plans(context, emit_pause);
}
