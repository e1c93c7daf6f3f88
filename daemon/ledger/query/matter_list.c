// SPDX-License-Identifier: EUPL-1.2
// The answer of QUERY_MATTERS, as `question list` asks it: a row for each open matter that the
// asker may see. Knows: the filter by kind. Must never know: fields, persons.
// A merged plan's matters are told with its root, so that no matter is told twice.
#include <string.h>

#include "daemon/engine/engine.h"
#include "daemon/ledger/query/cells_matter.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/plan_scan.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"

static void
emit_matters(PlanScan *scan)
{
    ResultTable *table = &scan->context->table;
    const char *kind = scan->context->query->subject;
    if (scan->row == NULL || !scan->participant || is_told_with_root(scan))
        return;
    for (size_t i = 0; i < scan->matter_count; i++) {
        const MatterRow *matter = scan->matters[i];
        if (!matter_is_visible(matter, scan->context->partner, scan->holds) ||
            (kind[0] != '\0' && strcmp(matter_rule(matter->kind)->name, kind) != 0) ||
            !scan_wants(scan, matter->plan, matter->matter))
            continue;
        const Arrangement *arrangement = ledger_arrangement(table->ledger, scan->row->arrangement);
        cells_matter(table, table_add(table, "matter"), arrangement, matter, scan->root->plan);
    }
}

KtCode
query_matters(QueryContext *context)
{
    const char *kind = context->query->subject;
    if (kind[0] != '\0' && matter_rule_named(kind) == NULL)
        return query_refused(context, KT_MISSING, "subject", kind);
    return scan_plans(context, emit_matters);
}
