// SPDX-License-Identifier: EUPL-1.2
// The answer of `status`: the asker's deliveries, the silent partners, and, for administrators and
// auditors, the store. Knows: the ledger's counters. Must never know: plans.
#include "daemon/ledger/core.h"
#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"
#include "daemon/ledger/registry_partner.h"

static void
status_store(const Ledger *ledger, ResultTable *table, AnswerRow *row, const LedgerStatus *status)
{
    table_number(table, row, "plans", status->plans);
    table_number(table, row, "steps", status->steps);
    table_number(table, row, "facts", status->facts);
    table_number(table, row, "persons", status->persons);
    table_number(table, row, "duplicates", status->duplicates);
    table_number(table, row, "applied", status->applied);
    if (ledger->clock.state != NULL && !status->driven)
        table_instant(table, row, "wall_clock", ledger->clock.wall_ms);
    if (status->stopped)
        table_flag(table, row, "stopped", true);
}

// Sets the gauges that no other place sets: their values are counted when they are asked for.
static void
measure(Ledger *ledger)
{
    const Registry *registry = &ledger->registry;
    uint64_t silent = 0;
    for (size_t i = 0; i < registry->partner_count; i++)
        silent += registry->silences[i] != NULL && registry->silences[i]->silent_ms != 0;
    metric_set(&ledger->metrics, METRIC_SILENT_PARTNERS, silent);
    metric_set(&ledger->metrics, METRIC_OVERLAY_BYTES, state_pending_bytes(ledger->state));
    metric_add(&ledger->metrics, METRIC_ROWS_WALKED,
               state_walked(ledger->state) - ledger->metrics.values[METRIC_ROWS_WALKED]);
}

static void
status_metrics(QueryContext *context)
{
    ResultTable *table = &context->table;
    measure(context->ledger);
    for (Metric metric = 0; metric < METRICS; metric++) {
        const MetricRow *shown = metric_row(metric);
        AnswerRow *row = table_add(table, "metric");
        table_text(table, row, "metric", shown->name);
        table_number(table, row, "value", context->ledger->metrics.values[metric]);
        table_text(table, row, "unit", shown->unit);
        table_text(table, row, "counts", shown->kind == METRIC_KIND_COUNTER ? "counter" : "gauge");
        table_text(table, row, "help_nl", shown->help[KT_NL - 1]);
        table_text(table, row, "help_en", shown->help[KT_EN - 1]);
    }
}

// A row for each silent partner, if the asker was told of its silence.
static void
status_silent(QueryContext *context)
{
    const Registry *registry = &context->ledger->registry;
    for (uint32_t number = 1; number <= registry->partner_count; number++) {
        const SilenceRow *silence = registry->silences[number - 1];
        bool told = false;
        for (size_t i = 0; silence != NULL && i < silence->n_told; i++)
            told = told || silence->told[i] == context->partner;
        if (!told)
            continue;
        AnswerRow *row = table_add(&context->table, "silent");
        table_partner(&context->table, row, "partner", number);
        table_text(&context->table, row, "title", ledger_partner_title(context->ledger, number));
        cells_silence(&context->table, row, number);
    }
}

// A row for each caller that could not connect.
static void
status_turned_away(QueryContext *context)
{
    const TurnedAway *away = &context->ledger->away;
    ResultTable *table = &context->table;
    for (size_t i = 0; i < away->count; i++) {
        const AwayRow *shown = &away->rows[i];
        AnswerRow *row = table_add(table, "turned-away");
        table_text(table, row, "cause", away_cause_name(shown->caller.cause));
        table_partner(table, row, "partner", shown->caller.partner);
        table_text(table, row, "key", shown->caller.key);
        table_text(table, row, "address", shown->caller.host);
        table_number(table, row, "count", shown->count);
        table_instant(table, row, "first", shown->first_ms);
        table_instant(table, row, "last", shown->last_ms);
    }
}

KtCode
query_status(QueryContext *context)
{
    ResultTable *table = &context->table;
    LedgerStatus status;
    ledger_status(context->ledger, &status);
    const uint64_t assigned = ledger_assigned(context->ledger, context->partner);
    const uint64_t acknowledged = ledger_acknowledged(context->ledger, context->partner);
    AnswerRow *row = table_add(table, "status");
    table_partner(table, row, "partner", context->partner);
    table_text(table, row, "title", ledger_partner_title(context->ledger, context->partner));
    table_number(table, row, "assigned", assigned);
    table_number(table, row, "acknowledged", acknowledged);
    table_number(table, row, "unprocessed", assigned - acknowledged);
    table_number(table, row, "history", status.history);
    table_number(table, row, "position", status.position);
    table_instant(table, row, "now", query_now(context));
    table_flag(table, row, "driven_clock", status.driven);
    if (context->ledger->clock.state != NULL && !status.driven)
        table_text(table, row, "clock", context->ledger->clock.state);
    table_text(table, row, "software", "ketend " KETEN_VERSION);
    cells_silence(table, row, context->partner);
    const bool sees_all = context->row->administrator || context->row->auditor;
    if (sees_all)
        status_store(context->ledger, table, row, &status);
    status_silent(context);
    if (sees_all) {
        status_metrics(context);
        status_turned_away(context);
    }
    return KT_OK;
}
