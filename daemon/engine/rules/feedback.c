// SPDX-License-Identifier: EUPL-1.2
// See feedback.h. Must never know: commands, links.
//
// The path: feedback_sender when a step starts or a signal joins it; feedback_tell when the step is
// completed → tell_one at once, or keep_one in the plan's header; feedback_release when kept
// feedback is due → tell_one.
#include "daemon/engine/rules/feedback.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/rules/fact_visibility.h"

bool
feedback_has_sender(const StepRow *step, uint32_t partner)
{
    for (size_t i = 0; i < step->n_senders; i++)
        if (step->senders[i] == partner)
            return true;
    return false;
}

static void
sender_since(Draft *draft, StepRow *row)
{
    const size_t count = row->n_senders;
    row->since_ms =
        arena_grow(draft->arena, row->since_ms, row->n_since_ms, count, sizeof *row->since_ms);
    for (size_t i = row->n_since_ms; i < count; i++)
        row->since_ms[i] = 0;
    row->since_ms[count - 1] = draft->now_ms;
    row->n_since_ms = count;
}

// Steps of older records do not have the signals of their senders; an unknown signal is 0.
void
feedback_sender(Draft *draft, StepRow *row, const FactRow *signal)
{
    const size_t count = row->n_senders;
    Arena *arena = draft->arena;
    row->senders = arena_grow(arena, row->senders, count, count + 1, sizeof *row->senders);
    row->signals = arena_grow(arena, row->signals, row->n_signals, count + 1, sizeof *row->signals);
    for (size_t i = row->n_signals; i < count; i++)
        row->signals[i] = 0;
    row->senders[count] = signal->source;
    row->signals[count] = signal->fact;
    row->n_senders = row->n_signals = count + 1;
    if (draft->arrangement->feedback_after != NULL)
        sender_since(draft, row);
}

static uint64_t
signal_of(const StepRow *step, size_t sender)
{
    return sender < step->n_signals ? step->signals[sender] : 0;
}

static void
tell_one(Draft *draft, uint32_t sender, uint64_t signal, const FactRow *fact)
{
    if (sender == fact->source)
        return;
    ReceiverItem *item = fact_tell(draft, sender, KETEN__V1__ITEM_KIND__ITEM_FEEDBACK, fact);
    item->answers = NEW(draft->arena, Keten__V1__Answers, answers);
    item->answers->signal = signal;
    item->answers->plan = fact->plan;
}

// The first instant after now that lies a whole number of spans after the sender's signal.
static int64_t
release_ms(const Draft *draft, const StepRow *step, size_t sender)
{
    const Calendar *calendar = draft->context->calendar;
    const Span span = term_span(draft->arrangement->feedback_after);
    const int64_t known_ms = sender < step->n_since_ms ? step->since_ms[sender] : 0;
    const int64_t from_ms = known_ms != 0 ? known_ms : step->opened_at_ms;
    int64_t due_ms = span_due_ms(calendar, from_ms, span);
    const int64_t length_ms = due_ms - from_ms;
    if (due_ms <= draft->now_ms && (span.unit == SPAN_MINUTES || span.unit == SPAN_HOURS))
        return from_ms + ((draft->now_ms - from_ms) / length_ms + 1) * length_ms;
    while (due_ms <= draft->now_ms)
        due_ms = span_due_ms(calendar, due_ms, span);
    return due_ms;
}

static bool
may_see_any(Draft *draft, uint32_t partner, FactRow *const *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (facts[i]->source != partner &&
            !field_set_is_empty(fact_visible(draft, partner, facts[i]).allowed))
            return true;
    return false;
}

// Kept feedback is ordered by step: the order of completion would betray which step was done
// first.
static HeldFeedback *
kept_add(Draft *draft, PlanRow *header, const StepRow *done, int64_t due_ms)
{
    size_t at = header->n_feedback;
    for (size_t i = 0; i < header->n_feedback; i++)
        if (header->feedback[i]->step == done->step && header->feedback[i]->due_ms == due_ms)
            return header->feedback[i];
    // The header shares the array with the context, so a change needs a copy.
    HeldFeedback **list = arena_take(draft->arena, (at + 1) * sizeof *list);
    for (size_t i = 0; i < at; i++)
        list[i] = header->feedback[i];
    for (; at > 0 && list[at - 1]->step > done->step; at--)
        list[at] = list[at - 1];
    HeldFeedback *kept = list[at] = NEW(draft->arena, HeldFeedback, held_feedback);
    header->feedback = list;
    header->n_feedback++;
    kept->step = done->step;
    kept->due_ms = due_ms;
    return kept;
}

static void
keep_one(Draft *draft, const StepRow *done, size_t sender, FactRow **facts, size_t count)
{
    PlanRow *header = plan_header(&draft->plan, done->plan);
    HeldFeedback *kept = kept_add(draft, header, done, release_ms(draft, done, sender));
    const size_t at = kept->n_senders;
    kept->facts = facts;
    kept->n_facts = count;
    kept->senders = arena_grow(draft->arena, kept->senders, at, at + 1, sizeof *kept->senders);
    kept->signals = arena_grow(draft->arena, kept->signals, at, at + 1, sizeof *kept->signals);
    kept->senders[at] = done->senders[sender];
    kept->signals[at] = signal_of(done, sender);
    kept->n_senders = kept->n_signals = at + 1;
}

static void
release_one(Draft *draft, const HeldFeedback *kept)
{
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_FEEDBACK_RELEASED;
    event.feedback_released = NEW(draft->arena, Keten__V1__FeedbackReleased, feedback_released);
    event.feedback_released->plan = draft->origin;
    event.feedback_released->step = kept->step;
    event.feedback_released->due_ms = kept->due_ms;
    draft_event(draft, &event);
    for (size_t i = 0; i < kept->n_senders; i++)
        for (size_t j = 0; j < kept->n_facts; j++)
            tell_one(draft, kept->senders[i], kept->signals[i], kept->facts[j]);
}

void
feedback_release(Draft *draft)
{
    PlanRow *header = plan_header(&draft->plan, draft->origin);
    HeldFeedback **kept;
    size_t count = 0;
    if (header == NULL || header->n_feedback == 0 || feedback_due_ms(header) > draft->now_ms)
        return;
    kept = arena_take(draft->arena, header->n_feedback * sizeof *kept);
    for (size_t i = 0; i < header->n_feedback; i++)
        if (header->feedback[i]->due_ms <= draft->now_ms)
            release_one(draft, header->feedback[i]);
        else
            kept[count++] = header->feedback[i];
    header->feedback = kept;
    header->n_feedback = count;
}

// The facts in the order of the step's kind: the order of the command could betray something.
static FactRow **
in_order(Draft *draft, const StepRow *done, FactRow *const *facts, size_t count)
{
    const StepKind *kind = agreement_step(draft->arrangement, done->kind);
    FactRow **ordered = arena_take(draft->arena, (count + 1) * sizeof *ordered);
    size_t at = 0;
    ASSERT(kind != NULL);
    for (size_t i = 0; i < kind->n_gives; i++)
        for (size_t j = 0; j < count; j++)
            if (strcmp(facts[j]->kind, kind->gives[i]) == 0)
                ordered[at++] = facts[j];
    ASSERT(at == count);
    return ordered;
}

void
feedback_tell(Draft *draft, const StepRow *done, FactRow *const *facts, size_t count)
{
    FactRow **ordered = in_order(draft, done, facts, count);
    const bool keeps = draft->arrangement->feedback_after != NULL;
    for (size_t i = 0; i < done->n_senders; i++) {
        const uint32_t sender = done->senders[i];
        if (keeps && may_see_any(draft, sender, ordered, count)) {
            keep_one(draft, done, i, ordered, count);
            continue;
        }
        for (size_t j = 0; j < count; j++)
            tell_one(draft, sender, signal_of(done, i), ordered[j]);
    }
}
