// SPDX-License-Identifier: EUPL-1.2
// The end of a draft: changed headers, delivery numbers, counters, the check of the rules. See
// draft_finish.h.
// Knows: which partner is told of members. Must never know: which rule was carried out.
//
// Path: decide() calls draft_number(), then lets the watch on silence look at the numbers, then
// calls draft_finish().
// Failure modes: a plan that breaks a rule of the domain is a programming error and stops the
// process before the record is written.
#include "daemon/engine/record/draft_finish.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/record/invariants.h"
#include "proto/message.h"

// Whether a receiver is told the members of the household: the holder of the plan, a partner that
// works in it, and a partner that must keep a pause, because the pause is about these persons.
static bool
knows_members(const Plan *plan, const Receiver *receiver)
{
    bool pause = false;
    for (size_t i = 0; i < receiver->n_items; i++)
        pause = pause || receiver->items[i]->kind == KETEN__V1__ITEM_KIND__ITEM_PAUSE_STARTED ||
                receiver->items[i]->kind == KETEN__V1__ITEM_KIND__ITEM_PAUSE_ENDED;
    return pause || plan_holder(plan) == receiver->partner || plan_works(plan, receiver->partner);
}

// Items that hold nothing their receiver may see are no delivery: the record keeps them as
// withheld. A receiver with no other items gets no number, so that its own numbering betrays
// nothing.
static void
number_receiver(Draft *draft, Receiver *receiver)
{
    const Plan *plan = &draft->plan;
    const uint64_t sender_plan = feedback_plan(receiver);
    receiver->plan = sender_plan != 0 ? sender_plan : draft->record->head->plan;
    // A signal went on to another plan: its sender must not learn which.
    const Head *head = draft->record->head;
    if (head->opened != NULL && head->opened->outcome[0] != '\0' &&
        receiver->partner == head->partner && receiver->partner != plan_holder(plan))
        receiver->plan = 0;
    bool empty = true;
    for (size_t i = 0; i < receiver->n_items; i++)
        empty = empty && item_is_empty(receiver->items[i]);
    if (!empty) {
        ASSERT(receiver->partner <= draft->context->agreed.partner_count);
        receiver->n = draft->context->agreed.partners[receiver->partner - 1].assigned + 1;
    }
    if (!empty && knows_members(plan, receiver)) {
        receiver->persons =
            arena_take(draft->arena, (plan->member_count + 1) * sizeof *receiver->persons);
        for (size_t i = 0; i < plan->member_count; i++)
            if (i == 0 || plan->members[i] != plan->members[i - 1])
                receiver->persons[receiver->n_persons++] = plan->members[i];
    }
}

static bool
plan_row_equal(Draft *draft, const PlanRow *a, const PlanRow *b)
{
    const ProtobufCBinaryData left = message_pack(&a->base, draft->arena);
    const ProtobufCBinaryData right = message_pack(&b->base, draft->arena);
    return left.len == right.len && memcmp(left.data, right.data, left.len) == 0;
}

// The header of a plan, or of a plan merged into it; NULL when not there.
static const PlanRow *
header_in(const Plan *plan, uint64_t number)
{
    if (plan == NULL || plan->row.plan == number)
        return plan == NULL ? NULL : &plan->row;
    for (size_t i = 0; i < plan->merged_count; i++)
        if (plan->merged[i]->plan == number)
            return plan->merged[i];
    return NULL;
}

// The header before the decision; NULL for a new plan.
static const PlanRow *
header_before(const Draft *draft, uint64_t number)
{
    const PlanRow *row = header_in(draft->context->plan, number);
    return row != NULL ? row : header_in(draft->context->other, number);
}

static void
finish_header(Draft *draft, const PlanRow *row)
{
    const PlanRow *before = header_before(draft, row->plan);
    if (row->plan == 0 || (before != NULL && plan_row_equal(draft, row, before)))
        return;
    Keten__V1__PlanChanged *changed = NEW(draft->arena, Keten__V1__PlanChanged, plan_changed);
    changed->row = NEW(draft->arena, PlanRow, plan_row);
    *changed->row = *row;
    if (before != NULL) {
        changed->was_review_due_ms = before->review_due_ms;
        changed->was_coordinator_due_ms = before->coordinator_due_ms;
        changed->was_absent_until_ms = before->absence == NULL ? 0 : before->absence->until_ms;
        changed->was_feedback_due_ms = feedback_due_ms(before);
        changed->was_pause_until_ms = before->pause == NULL ? 0 : before->pause->until_ms;
    }
    if (row == &draft->plan.row) {
        changed->n_released = draft->released_count;
        changed->released = draft->released;
    }
    Event event = KETEN__V1__EVENT__INIT;
    event.body_case = KETEN__V1__EVENT__BODY_PLAN_CHANGED;
    event.plan_changed = changed;
    draft_event(draft, &event);
}

static void
finish_headers(Draft *draft, Plan *plan)
{
    finish_header(draft, &plan->row);
    for (size_t i = 0; i < plan->merged_count; i++)
        finish_header(draft, plan->merged[i]);
}

static void
check_plan(const Plan *plan)
{
    const char *broken = plan->row.plan != 0 ? plan_check(plan) : NULL;
    if (broken != NULL)
        unhandled(broken);
}

bool
draft_number(Draft *draft, bool keep_empty)
{
    Head *head = draft->record->head;
    finish_headers(draft, &draft->plan);
    finish_headers(draft, &draft->other);
    if (head->n_events == 0 && head->n_receivers == 0 && !keep_empty)
        return false;
    head->plan = draft->plan.row.plan != 0 ? draft->plan.row.plan : head->plan;
    for (size_t i = 0; i < head->n_receivers; i++)
        number_receiver(draft, head->receivers[i]);
    return true;
}

Record *
draft_finish(Draft *draft)
{
    if (draft->numbered) {
        Counters *counters = NEW(draft->arena, Counters, counters);
        *counters = draft->counters;
        draft->record->head->counters = counters;
    }
    check_plan(&draft->plan);
    check_plan(&draft->other);
    return draft->record;
}
