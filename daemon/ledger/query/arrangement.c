// SPDX-License-Identifier: EUPL-1.2
// Arrangements as rows, for people and programs. Knows: the canonical form. Must never know: plans.
#include <string.h>

#include "base/assert.h"
#include "daemon/ledger/query/query.h"

const char *
purposes_text(Sheet *sheet, const Arrangement *arrangement, const uint32_t *purposes, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++) {
        insist(purposes[i] < arrangement->n_purposes);
        const char *name = arrangement->purposes[purposes[i]]->name;
        text = i == 0 ? name : arena_format(sheet->arena, "%s, %s", text, name);
    }
    return text;
}

static void
head_row(Sheet *sheet, const Arrangement *arrangement)
{
    AnswerRow *row = sheet_add(sheet, "arrangement");
    sheet_text(sheet, row, "arrangement", arrangement->name);
    sheet_number(sheet, row, "version", arrangement->version);
    sheet_title(sheet, row, arrangement->title);
    sheet_number(sheet, row, "partners", arrangement->n_partners);
    sheet_number(sheet, row, "facts", arrangement->n_facts);
    sheet_number(sheet, row, "steps", arrangement->n_steps);
    sheet_text(sheet, row, "calendar", arrangement->calendar);
    sheet_term(sheet, row, "return_within", arrangement->return_within);
    sheet_term(sheet, row, "review_within", arrangement->review_within);
    sheet_term(sheet, row, "remind_before", arrangement->remind_before);
    sheet_term(sheet, row, "feedback_after", arrangement->feedback_after);
    if (arrangement->reject_within != NULL)
        sheet_term(sheet, row, "reject_within", arrangement->reject_within);
    if (arrangement->closing != NULL)
        sheet_enum(sheet, row, "liberation_day", &keten__v1__liberation_day__descriptor,
                   (int)arrangement->closing->liberation, "LIBERATION_");
}

static void
closed_rows(Sheet *sheet, const Arrangement *arrangement)
{
    const Keten__V1__ClosingDays *closing = arrangement->closing;
    for (size_t i = 0; closing != NULL && i < closing->n_closed; i++)
        sheet_text(sheet, sheet_add(sheet, "closed_day"), "date", closing->closed[i]);
}

static void
purpose_rows(Sheet *sheet, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_purposes; i++) {
        AnswerRow *row = sheet_add(sheet, "purpose");
        sheet_text(sheet, row, "purpose", arrangement->purposes[i]->name);
        sheet_text(sheet, row, "basis", arrangement->purposes[i]->basis);
        sheet_title(sheet, row, arrangement->purposes[i]->title);
    }
}

static void
partner_rows(Sheet *sheet, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_partners; i++) {
        const ArrangementPartner *partner = arrangement->partners[i];
        AnswerRow *row = sheet_add(sheet, "partner");
        sheet_text(sheet, row, "partner", partner->name);
        sheet_text(sheet, row, "title", partner->title);
        sheet_enum(sheet, row, "kind", &keten__v1__partner_kind__descriptor, (int)partner->kind,
                   "PARTNER_");
        sheet_text(sheet, row, "purposes",
                   purposes_text(sheet, arrangement, partner->purposes, partner->n_purposes));
        sheet_flag(sheet, row, "desk", partner->desk);
        if (partner->silent_after != NULL)
            sheet_term(sheet, row, "silent_after", partner->silent_after);
        if (partner->may_give_up)
            sheet_flag(sheet, row, "may_give_up", true);
    }
}

static void
field_rows(Sheet *sheet, const Arrangement *arrangement, const FactKind *fact)
{
    for (size_t i = 0; i < fact->n_fields; i++) {
        const FieldKind *field = fact->fields[i];
        AnswerRow *row = sheet_add(sheet, "field");
        sheet_text(sheet, row, "fact", fact->name);
        sheet_text(sheet, row, "field", field->name);
        sheet_enum(sheet, row, "type", &keten__v1__field_type__descriptor, (int)field->type,
                   "FIELD_");
        sheet_flag(sheet, row, "optional", field->optional);
        sheet_enum(sheet, row, "grows", &keten__v1__growth__descriptor, (int)field->grows,
                   "GROWTH_");
        if (field->has_min)
            sheet_number(sheet, row, "min", (uint64_t)field->min);
        if (field->has_max)
            sheet_number(sheet, row, "max", (uint64_t)field->max);
        sheet_names(sheet, row, "of", field->of, field->n_of);
        sheet_text(sheet, row, "purposes",
                   purposes_text(sheet, arrangement, field->purposes, field->n_purposes));
    }
}

static void
fact_rows(Sheet *sheet, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_facts; i++) {
        const FactKind *fact = arrangement->facts[i];
        AnswerRow *row = sheet_add(sheet, "fact_kind");
        sheet_text(sheet, row, "fact", fact->name);
        sheet_title(sheet, row, fact->title);
        sheet_flag(sheet, row, "final", fact->final);
        if (fact->crisis)
            sheet_flag(sheet, row, "crisis", true);
        for (size_t j = 0; j < fact->n_crisis_when; j++)
            sheet_names(sheet, row,
                        arena_format(sheet->arena, "crisis %s", fact->crisis_when[j]->field),
                        fact->crisis_when[j]->values, fact->crisis_when[j]->n_values);
        field_rows(sheet, arrangement, fact);
    }
}

static void
step_rows(Sheet *sheet, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_steps; i++) {
        const StepKind *step = arrangement->steps[i];
        AnswerRow *row = sheet_add(sheet, "step_kind");
        sheet_text(sheet, row, "kind", step->name);
        sheet_title(sheet, row, step->title);
        sheet_text(sheet, row, "owner", step->owner);
        sheet_names(sheet, row, "needs", step->needs, step->n_needs);
        sheet_names(sheet, row, "gives", step->gives, step->n_gives);
        sheet_term(sheet, row, "wait_within", step->wait_within);
        sheet_term(sheet, row, "accept_within", step->accept_within);
        sheet_term(sheet, row, "term", step->term);
        sheet_term(sheet, row, "extend_within", step->extend_within);
        sheet_term(sheet, row, "remind_before", step->remind_before);
        sheet_text(sheet, row, "action", step->action);
    }
}

static void
link_rows(Sheet *sheet, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_links; i++) {
        const Link *link = arrangement->links[i];
        AnswerRow *row = sheet_add(sheet, "link");
        sheet_text(sheet, row, "on", link->on);
        sheet_enum(sheet, row, "from", &keten__v1__partner_kind__descriptor, (int)link->from,
                   "PARTNER_");
        for (size_t j = 0; j < link->n_when; j++)
            sheet_names(sheet, row, arena_format(sheet->arena, "when %s", link->when[j]->field),
                        link->when[j]->values, link->when[j]->n_values);
        sheet_text(sheet, row, "start", link->start);
        sheet_flag(sheet, row, "end", link->end);
    }
}

static void
rung_rows(Sheet *sheet, const Arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->n_ladder; i++) {
        const Rung *rung = arrangement->ladder[i];
        AnswerRow *row = sheet_add(sheet, "rung");
        sheet_text(sheet, row, "level", rung->level);
        sheet_text(sheet, row, "role", rung->role);
        sheet_text(sheet, row, "partner", rung->partner);
        sheet_names(sheet, row, "mandate", rung->mandate, rung->n_mandate);
        sheet_term(sheet, row, "within", rung->within);
    }
}

static void
pause_rows(Sheet *sheet, const Arrangement *arrangement)
{
    const Keten__V1__Pause *pause = arrangement->pause;
    for (size_t i = 0; pause != NULL && i < pause->n_actions; i++) {
        AnswerRow *row = sheet_add(sheet, "pause");
        sheet_text(sheet, row, "action", pause->actions[i]->name);
        sheet_names(sheet, row, "partners", pause->actions[i]->partners,
                    pause->actions[i]->n_partners);
        sheet_term(sheet, row, "at_most", pause->at_most);
        sheet_term(sheet, row, "acknowledge_within", pause->acknowledge_within);
    }
}

static void
moved_row(Sheet *sheet, const Arrangement *arrangement)
{
    if (arrangement->moved_away == NULL)
        return;
    AnswerRow *row = sheet_add(sheet, "moved_away");
    sheet_text(sheet, row, "to", arrangement->moved_away->to);
    sheet_term(sheet, row, "within", arrangement->moved_away->within);
}

KtCode
query_arrangements(Asking *asking)
{
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(asking->ledger, &entries);
    for (size_t i = 0; i < count; i++)
        head_row(&asking->sheet, entries[i].content);
    return KT_OK;
}

KtCode
query_arrangement(Asking *asking)
{
    const ArrangementEntry *entries;
    const size_t count = ledger_arrangements(asking->ledger, &entries);
    for (size_t i = 0; i < count; i++) {
        const Arrangement *arrangement = entries[i].content;
        if (strcmp(arrangement->name, asking->query->subject) != 0)
            continue;
        head_row(&asking->sheet, arrangement);
        closed_rows(&asking->sheet, arrangement);
        purpose_rows(&asking->sheet, arrangement);
        partner_rows(&asking->sheet, arrangement);
        fact_rows(&asking->sheet, arrangement);
        step_rows(&asking->sheet, arrangement);
        link_rows(&asking->sheet, arrangement);
        rung_rows(&asking->sheet, arrangement);
        pause_rows(&asking->sheet, arrangement);
        moved_row(&asking->sheet, arrangement);
        return KT_OK;
    }
    return asking_refused(asking, KT_UNKNOWN_ARRANGEMENT, "subject", asking->query->subject);
}
