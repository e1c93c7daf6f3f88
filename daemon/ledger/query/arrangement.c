// SPDX-License-Identifier: EUPL-1.2
// The answers of `arrangement list` and `arrangement show`. Knows: the columns of each noun of an
// arrangement. Must never know: plans.
// Path: query_arrangement adds the rows of each noun in turn, a function a noun; query_arrangements
// only the first row of each arrangement in force.
#include <string.h>

#include "daemon/ledger/query/cells_partner.h"
#include "daemon/ledger/query/handlers.h"
#include "daemon/ledger/query/query_context.h"
#include "daemon/ledger/query/table.h"
#include "daemon/ledger/registry.h"

static void
head_row(ResultTable *table, const Arrangement *arrangement)
{
    AnswerRow *row = table_add(table, "arrangement");
    table_text(table, row, "arrangement", arrangement->name);
    table_number(table, row, "version", arrangement->version);
    table_title(table, row, arrangement->title);
    table_number(table, row, "partners", arrangement->n_partners);
    table_number(table, row, "facts", arrangement->n_facts);
    table_number(table, row, "steps", arrangement->n_steps);
    table_text(table, row, "calendar", arrangement->calendar);
    table_term(table, row, "return_within", arrangement->return_within);
    table_term(table, row, "review_within", arrangement->review_within);
    table_term(table, row, "remind_before", arrangement->remind_before);
    table_term(table, row, "feedback_after", arrangement->feedback_after);
    if (arrangement->reject_within != NULL)
        table_term(table, row, "reject_within", arrangement->reject_within);
    if (arrangement->closing != NULL)
        table_enum(table, row, "liberation_day", &keten__v1__liberation_day__descriptor,
                   (int)arrangement->closing->liberation, "LIBERATION_");
}

static void
closed_rows(ResultTable *table, const Arrangement *arrangement)
{
    const Keten__V1__ClosingDays *closing = arrangement->closing;
    for (size_t i = 0; closing != NULL && i < closing->n_closed; i++)
        table_text(table, table_add(table, "closed_day"), "date", closing->closed[i]);
}

static void
purpose_rows(ResultTable *table, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_purposes; i++) {
        AnswerRow *row = table_add(table, "purpose");
        table_text(table, row, "purpose", arrangement->purposes[i]->name);
        table_text(table, row, "basis", arrangement->purposes[i]->basis);
        table_title(table, row, arrangement->purposes[i]->title);
    }
}

static void
partner_rows(ResultTable *table, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_partners; i++) {
        const ArrangementPartner *partner = arrangement->partners[i];
        AnswerRow *row = table_add(table, "partner");
        table_text(table, row, "partner", partner->name);
        table_text(table, row, "title", partner->title);
        table_enum(table, row, "kind", &keten__v1__partner_kind__descriptor, (int)partner->kind,
                   "PARTNER_");
        cells_purposes(table, row, arrangement, partner->purposes, partner->n_purposes);
        table_flag(table, row, "desk", partner->desk);
        if (partner->silent_after != NULL)
            table_term(table, row, "silent_after", partner->silent_after);
        if (partner->may_give_up)
            table_flag(table, row, "may_give_up", true);
    }
}

static void
field_rows(ResultTable *table, const Arrangement *arrangement, const FactKind *fact)
{
    for (size_t i = 0; i < fact->n_fields; i++) {
        const FieldKind *field = fact->fields[i];
        AnswerRow *row = table_add(table, "field");
        table_text(table, row, "fact", fact->name);
        table_text(table, row, "field", field->name);
        table_enum(table, row, "type", &keten__v1__field_type__descriptor, (int)field->type,
                   "FIELD_");
        table_flag(table, row, "optional", field->optional);
        table_enum(table, row, "grows", &keten__v1__growth__descriptor, (int)field->grows,
                   "GROWTH_");
        if (field->has_min)
            table_number(table, row, "min", (uint64_t)field->min);
        if (field->has_max)
            table_number(table, row, "max", (uint64_t)field->max);
        table_names(table, row, "of", field->of, field->n_of);
        cells_purposes(table, row, arrangement, field->purposes, field->n_purposes);
    }
}

static void
fact_rows(ResultTable *table, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_facts; i++) {
        const FactKind *fact = arrangement->facts[i];
        AnswerRow *row = table_add(table, "fact_kind");
        table_text(table, row, "fact", fact->name);
        table_title(table, row, fact->title);
        table_flag(table, row, "final", fact->final);
        if (fact->crisis)
            table_flag(table, row, "crisis", true);
        for (size_t j = 0; j < fact->n_crisis_when; j++)
            table_names(table, row,
                        arena_format(table->arena, "crisis %s", fact->crisis_when[j]->field),
                        fact->crisis_when[j]->values, fact->crisis_when[j]->n_values);
        field_rows(table, arrangement, fact);
    }
}

static void
step_rows(ResultTable *table, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_steps; i++) {
        const StepKind *step = arrangement->steps[i];
        AnswerRow *row = table_add(table, "step_kind");
        table_text(table, row, "kind", step->name);
        table_title(table, row, step->title);
        table_text(table, row, "owner", step->owner);
        table_names(table, row, "needs", step->needs, step->n_needs);
        table_names(table, row, "gives", step->gives, step->n_gives);
        table_term(table, row, "wait_within", step->wait_within);
        table_term(table, row, "accept_within", step->accept_within);
        table_term(table, row, "term", step->term);
        table_term(table, row, "extend_within", step->extend_within);
        table_term(table, row, "remind_before", step->remind_before);
        table_text(table, row, "action", step->action);
    }
}

static void
link_rows(ResultTable *table, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_links; i++) {
        const Link *link = arrangement->links[i];
        AnswerRow *row = table_add(table, "link");
        table_text(table, row, "on", link->on);
        table_enum(table, row, "from", &keten__v1__partner_kind__descriptor, (int)link->from,
                   "PARTNER_");
        for (size_t j = 0; j < link->n_when; j++)
            table_names(table, row, arena_format(table->arena, "when %s", link->when[j]->field),
                        link->when[j]->values, link->when[j]->n_values);
        table_text(table, row, "start", link->start);
        table_flag(table, row, "end", link->end);
    }
}

static void
rung_rows(ResultTable *table, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_ladder; i++) {
        const Rung *rung = arrangement->ladder[i];
        AnswerRow *row = table_add(table, "rung");
        table_text(table, row, "level", rung->level);
        table_text(table, row, "role", rung->role);
        table_text(table, row, "partner", rung->partner);
        table_names(table, row, "mandate", rung->mandate, rung->n_mandate);
        table_term(table, row, "within", rung->within);
    }
}

static void
pause_rows(ResultTable *table, const Arrangement *arrangement)
{
    const Keten__V1__Pause *pause = arrangement->pause;
    for (size_t i = 0; pause != NULL && i < pause->n_actions; i++) {
        AnswerRow *row = table_add(table, "pause");
        table_text(table, row, "action", pause->actions[i]->name);
        table_names(table, row, "partners", pause->actions[i]->partners,
                    pause->actions[i]->n_partners);
        table_term(table, row, "at_most", pause->at_most);
        table_term(table, row, "acknowledge_within", pause->acknowledge_within);
    }
}

static void
moved_row(ResultTable *table, const Arrangement *arrangement)
{
    if (arrangement->moved_away == NULL)
        return;
    AnswerRow *row = table_add(table, "moved_away");
    table_text(table, row, "to", arrangement->moved_away->to);
    table_term(table, row, "within", arrangement->moved_away->within);
}

KtCode
query_arrangements(QueryContext *context)
{
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(context->ledger, &entries);
    uint64_t *told = &context->at.part[0]; // of them, by number
    while (*told < count) {
        head_row(&context->table, entries[(*told)++].content);
        if (query_stops(context))
            break;
    }
    return KT_OK;
}

KtCode
query_arrangement(QueryContext *context)
{
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(context->ledger, &entries);
    for (size_t i = 0; i < count; i++) {
        const Arrangement *arrangement = entries[i].content;
        if (strcmp(arrangement->name, context->query->subject) != 0)
            continue;
        head_row(&context->table, arrangement);
        closed_rows(&context->table, arrangement);
        purpose_rows(&context->table, arrangement);
        partner_rows(&context->table, arrangement);
        fact_rows(&context->table, arrangement);
        step_rows(&context->table, arrangement);
        link_rows(&context->table, arrangement);
        rung_rows(&context->table, arrangement);
        pause_rows(&context->table, arrangement);
        moved_row(&context->table, arrangement);
        return KT_OK;
    }
    return query_refused(context, KT_UNKNOWN_ARRANGEMENT, "subject", context->query->subject);
}
