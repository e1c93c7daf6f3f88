// SPDX-License-Identifier: EUPL-1.2
// See step_terms.h. Must never know: who is told, handovers.
#include "daemon/engine/rules/step_terms.h"

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"

const Term *
term_running(const Draft *draft, const StepRow *row)
{
    const StepKind *kind = agreement_step(draft->arrangement, row->kind);
    ASSERT(kind != NULL);
    if (row->rung > 0)
        return ladder_rung(draft->arrangement, row->rung - 1)->within;
    switch (state_rule(row->state)->term) {
    case TERM_WAIT_WITHIN:
        return kind->wait_within;
    case TERM_ACCEPT_WITHIN:
        return kind->accept_within;
    case TERM_RETURN_WITHIN:
        return draft->arrangement->return_within;
    case TERM_TERM:
    case TERM_GIVEN: // the term that stands still meanwhile
        return row->extended ? kind->extend_within : kind->term;
    case TERM_NONE:
        break;
    }
    unhandled("a term of a step that has ended");
}

SpanUnit
unit_running(const Draft *draft, const StepRow *row)
{
    return row->left_unit != KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED
               ? (SpanUnit)row->left_unit
               : term_span(term_running(draft, row)).unit;
}

bool
is_in_days(SpanUnit unit)
{
    return unit == SPAN_DAYS || unit == SPAN_WORKING_DAYS;
}

void
term_stop(const Draft *draft, StepRow *row)
{
    const SpanUnit unit = unit_running(draft, row);
    row->remaining_ms = row->due_ms > draft->now_ms ? row->due_ms - draft->now_ms : 1;
    row->left_unit = (Keten__V1__TermUnit)unit;
    row->left = is_in_days(unit) ? days_left(draft->calendar, draft->now_ms, row->due_ms, unit) : 0;
}

void
term_forget(StepRow *row)
{
    row->remaining_ms = 0;
    row->left = 0;
    row->left_unit = KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED;
}

// Older rows do not keep the unit: such a step goes on with its milliseconds, and a term in days
// then ends at the end of a day.
static int64_t
due_resumed(const Draft *draft, const StepRow *row)
{
    const SpanUnit unit = unit_running(draft, row);
    const int64_t at_ms = draft->now_ms + (row->remaining_ms > 0 ? row->remaining_ms : 1);
    const Zone *zone = draft->calendar->zone;
    if (!is_in_days(unit))
        return at_ms;
    if (row->left_unit == KETEN__V1__TERM_UNIT__TERM_UNIT_UNSPECIFIED)
        return day_end_ms(zone, day_of_instant(zone, at_ms));
    return days_resumed_ms(draft->calendar, draft->now_ms, row->left, unit);
}

int64_t
due_entering(const Draft *draft, const StepRow *row, StateTerm term, int64_t given_ms)
{
    const StepKind *kind = agreement_step(draft->arrangement, row->kind);
    ASSERT(kind != NULL);
    switch (term) {
    case TERM_NONE:
        return 0;
    case TERM_WAIT_WITHIN:
        return draft_due(draft, kind->wait_within);
    case TERM_ACCEPT_WITHIN:
        return draft_due(draft, kind->accept_within);
    case TERM_TERM:
        return row->remaining_ms != 0 ? due_resumed(draft, row) : draft_due(draft, kind->term);
    case TERM_GIVEN:
        return given_ms;
    case TERM_RETURN_WITHIN:
        return draft_due(draft, draft->arrangement->return_within);
    }
    unhandled("term of a state");
}

int64_t
remind_after(const Draft *draft, const StepRow *row, int64_t rests_until_ms)
{
    const Term *before = draft->arrangement->remind_before;
    const StateTerm term = state_rule(row->state)->term;
    if (term == TERM_TERM) {
        const StepKind *kind = agreement_step(draft->arrangement, row->kind);
        before = kind->remind_before != NULL ? kind->remind_before : before;
    }
    if (before == NULL || row->due_ms == 0 || term == TERM_GIVEN || row->rung > 0 ||
        row->reminded || (term == TERM_TERM && row->late))
        return 0;
    int64_t at_ms = span_before_ms(draft->calendar, row->due_ms, term_span(before));
    if (at_ms < rests_until_ms)
        at_ms = rests_until_ms;
    return at_ms > draft->now_ms && at_ms < row->due_ms ? at_ms : 0;
}

int64_t
remind_entering(const Draft *draft, const StepRow *row)
{
    return remind_after(draft, row, draft->now_ms);
}
