// SPDX-License-Identifier: EUPL-1.2
// Checks every plan of a stopped store.
// Knows: what must be true of a plan: plan_check, a timer for everything open, members counted
// once. Must never know: how to mend it.
// Path: verify_plans → verify_plan, by number; the first wrong thing ends it.
#include "daemon/ledger/verify_plan.h"

#include <inttypes.h>

#include "daemon/engine/engine.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/load_plan.h"
#include "daemon/ledger/rows.h"

static void
verify_pause(Verify *verify, const PlanRow *row)
{
    if (row->pause != NULL && !verify_has_timer(verify, row->pause->until_ms, row->plan,
                                                KETEN__V1__TIMER_KIND__TIMER_PAUSE, 0))
        WRONG(verify, "the pause of plan p%" PRIu64 " has no timer", row->plan);
}

// Kept feedback leaves even when the plan has closed meanwhile.
static void
verify_feedback(Verify *verify, const PlanRow *row)
{
    const int64_t due_ms = feedback_due_ms(row);
    if (due_ms != 0 &&
        !verify_has_timer(verify, due_ms, row->plan, KETEN__V1__TIMER_KIND__TIMER_FEEDBACK, 0))
        WRONG(verify, "plan p%" PRIu64 " holds feedback without a timer", row->plan);
}

// Rule 3: everything open has a due time, and a timer that fires then.
static void
verify_terms(Verify *verify, const Plan *plan)
{
    const PlanRow *row = &plan->row;
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (!verify_has_timer(verify, step->due_ms, step->plan, KETEN__V1__TIMER_KIND__TIMER_STEP,
                              step->step))
            WRONG(verify, "step s%" PRIu64 " waits without a timer", step->step);
        if (step->remind_ms != 0 &&
            !verify_has_timer(verify, step->remind_ms, step->plan,
                              KETEN__V1__TIMER_KIND__TIMER_REMINDER, step->step))
            WRONG(verify, "step s%" PRIu64 " is to be reminded of and has no timer", step->step);
    }
    for (size_t i = 0; i < plan->matter_count; i++) {
        const MatterRow *matter = plan->matters[i];
        if (!verify_has_timer(verify, matter->due_ms, matter->plan,
                              KETEN__V1__TIMER_KIND__TIMER_MATTER, matter->matter))
            WRONG(verify, "matter m%" PRIu64 " waits without a timer", matter->matter);
    }
    verify_pause(verify, row);
    for (size_t i = 0; i < plan->merged_count; i++)
        verify_pause(verify, plan->merged[i]);
    if (row->review_due_ms != 0 && !verify_has_timer(verify, row->review_due_ms, row->plan,
                                                     KETEN__V1__TIMER_KIND__TIMER_REVIEW, 0))
        WRONG(verify, "plan p%" PRIu64 " rests without a timer", row->plan);
    if (row->coordinator_due_ms != 0 &&
        !verify_has_timer(verify, row->coordinator_due_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_COORDINATOR, 0))
        WRONG(verify, "plan p%" PRIu64 " asks a coordinator without a timer", row->plan);
    if (row->absence != NULL && !verify_has_timer(verify, row->absence->until_ms, row->plan,
                                                  KETEN__V1__TIMER_KIND__TIMER_ABSENCE, 0))
        WRONG(verify, "plan p%" PRIu64 " waits for its coordinator without a timer", row->plan);
}

static bool
leads_there(Verify *verify, uint64_t plan, uint64_t person)
{
    const PlanRow *row =
        ROW(verify->ledger, key_plan(plan, PLAN_SUB_HEADER), plan_row, &verify->page);
    return row != NULL && row->state != KETEN__V1__PLAN_STATE__PLAN_CLOSED &&
           verify_has_row(verify, key_u64(key_plan(plan, PLAN_SUB_MEMBER), person));
}

// Rule 1: a person is counted in at most one open plan. A second household is not counted, and
// exists only beside one that leads.
static void
verify_members(Verify *verify, const Plan *plan)
{
    for (size_t i = 0; i < plan->member_count; i++) {
        const uint64_t in =
            state_number(verify->ledger, key_u64(key_of(TABLE_MEMBER), plan->members[i]));
        if (in == plan->member_plans[i])
            continue;
        const uint64_t second =
            state_number(verify->ledger, key_u64(key_of(TABLE_SECOND), plan->members[i]));
        if (in == 0 || second != plan->member_plans[i] ||
            !leads_there(verify, in, plan->members[i]))
            WRONG(verify, "person %" PRIu64 " of plan p%" PRIu64 " is counted in p%" PRIu64,
                  plan->members[i], plan->member_plans[i], in);
    }
}

// A matter of a rejected delivery names a delivery that was rejected and still waits.
static void
verify_rejected_matters(Verify *verify, const Plan *plan)
{
    for (size_t i = 0; i < plan->matter_count; i++) {
        const MatterRow *matter = plan->matters[i];
        if (matter->kind != KETEN__V1__MATTER_KIND__MATTER_DEAD)
            continue;
        const DeadRow *rejected =
            state_rejected(verify->ledger, matter->partner, matter->n, &verify->page);
        if (rejected == NULL || rejected->matter != matter->matter || rejected->outcome[0] != '\0')
            WRONG(verify, "matter m%" PRIu64 " is of no delivery that was rejected",
                  matter->matter);
    }
}

static void
verify_plan(Verify *verify, uint64_t number)
{
    Plan plan;
    arena_reset(&verify->page);
    arena_reset(&verify->ledger->scratch);
    if (!ledger_plan(verify->ledger, number, &verify->page, &plan)) {
        WRONG(verify, "plan p%" PRIu64 " was numbered and is not there", number);
        return;
    }
    verify->report.plans++;
    if (plan.row.plan != number) {
        if (!plan_covers(&plan, number))
            WRONG(verify, "plan p%" PRIu64 " was merged into p%" PRIu64 ", which does not know it",
                  number, plan.row.plan);
        return; // a merged plan is looked at with the plan that it went into
    }
    const char *broken = plan_check(&plan);
    if (broken != NULL)
        WRONG(verify, "plan p%" PRIu64 ": %s", number, broken);
    verify_feedback(verify, &plan.row);
    for (size_t i = 0; i < plan.merged_count; i++)
        verify_feedback(verify, plan.merged[i]);
    if (plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return;
    verify->report.open_plans++;
    verify->report.open_steps += plan.step_count;
    verify_rejected_matters(verify, &plan);
    verify_terms(verify, &plan);
    verify_members(verify, &plan);
}

void
verify_plans(Verify *verify)
{
    const uint64_t next = verify->ledger->counters.plan;
    for (uint64_t plan = 1; plan < next && !verify_failed(verify); plan++) {
        verify_plan(verify, plan);
        if (plan % 1024 == 0)
            verify_tell(verify, "plans", plan, next - 1);
    }
}
