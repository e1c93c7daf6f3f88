// SPDX-License-Identifier: EUPL-1.2
// Rows of a plan: header, steps, matters, handovers, work that is left. See project_plan.h.
// Knows: the tables of plans and their timers. Must never know: why a step moved.
#include "daemon/engine/record/project_plan.h"

#include "daemon/engine/record/feedback_rows.h"
#include "daemon/engine/record/step_states.h"
#include "proto/message.h"

void
project_plan(Projection *p, const Keten__V1__PlanChanged *changed)
{
    const PlanRow *row = changed->row;
    projection_put(p, key_plan(row->plan, PLAN_SUB_HEADER), &row->base);
    projection_move_timer(p, changed->was_review_due_ms, row->review_due_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_REVIEW, 0);
    projection_move_timer(p, changed->was_coordinator_due_ms, row->coordinator_due_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_COORDINATOR, 0);
    projection_move_timer(p, changed->was_absent_until_ms,
                          row->absence == NULL ? 0 : row->absence->until_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_ABSENCE, 0);
    projection_move_timer(p, changed->was_pause_until_ms,
                          row->pause == NULL ? 0 : row->pause->until_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_PAUSE, 0);
    projection_move_timer(p, changed->was_feedback_due_ms, feedback_due_ms(row), row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_FEEDBACK, 0);
    for (size_t i = 0; i < changed->n_released; i++)
        projection_drop(p, key_u64(key_of(TABLE_MEMBER), changed->released[i]));
}

void
project_step(Projection *p, const Keten__V1__StepChanged *changed)
{
    const StepRow *row = changed->row;
    const bool open = state_is_open(row->state);
    const Key open_key = key_u64(key_plan(row->plan, PLAN_SUB_OPEN_STEP), row->step);
    if (open)
        projection_put(p, open_key, &row->base);
    else
        projection_put(p, key_u64(key_plan(row->plan, PLAN_SUB_CLOSED_STEP), row->step),
                       &row->base);
    if (!open && changed->was != STEP_NONE)
        projection_drop(p, open_key);
    if (changed->was == STEP_NONE)
        projection_put_number(p, key_u64(key_of(TABLE_STEP_PLAN), row->step), row->plan);
    projection_move_timer(p, changed->was_due_ms, row->due_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_STEP, row->step);
    projection_move_timer(p, changed->was_remind_ms, row->remind_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_REMINDER, row->step);
}

void
project_parted(Projection *p, const Keten__V1__StepParted *parted)
{
    const StepRow *row = parted->row;
    projection_drop(p, key_u64(key_plan(parted->from, PLAN_SUB_OPEN_STEP), row->step));
    projection_move_timer(p, parted->was_due_ms, 0, parted->from, KETEN__V1__TIMER_KIND__TIMER_STEP,
                          row->step);
    projection_move_timer(p, parted->was_remind_ms, 0, parted->from,
                          KETEN__V1__TIMER_KIND__TIMER_REMINDER, row->step);
    const Keten__V1__StepChanged begins = {.row = parted->row, .was = STEP_NONE};
    project_step(p, &begins);
}

void
project_matter(Projection *p, const Keten__V1__MatterChanged *changed)
{
    const MatterRow *row = changed->row;
    const Key open = key_u64(key_plan(row->plan, PLAN_SUB_OPEN_MATTER), row->matter);
    const Key gathered = key_u64(key_of(TABLE_BOTTLENECK), row->matter);
    const bool bottleneck = row->kind == KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK;
    if (row->open)
        projection_put(p, open, &row->base);
    else
        projection_put(p, key_u64(key_plan(row->plan, PLAN_SUB_CLOSED_MATTER), row->matter),
                       &row->base);
    if (!row->open)
        projection_drop(p, open);
    if (bottleneck && row->open)
        projection_put(p, gathered, &row->base);
    else if (bottleneck)
        projection_drop(p, gathered);
    if (row->version == 1)
        projection_put_number(p, key_u64(key_of(TABLE_MATTER_PLAN), row->matter), row->plan);
    if (changed->words != 0) {
        Keten__V1__WordsRow *words = NEW(p->arena, Keten__V1__WordsRow, words_row);
        words->body = projection_part_body(p, changed->words - 1);
        projection_put(p, key_u64(key_of(TABLE_MATTER_WORDS), row->matter), &words->base);
    }
    projection_move_timer(p, changed->was_due_ms, row->due_ms, row->plan,
                          KETEN__V1__TIMER_KIND__TIMER_MATTER, row->matter);
}

void
project_handover(Projection *p, const Keten__V1__HandoverChanged *changed)
{
    const HandoverRow *row = changed->row;
    projection_put(p,
                   key_u64(key_instant(key_of(TABLE_HANDOVER), row->offered_at_ms), row->handover),
                   &row->base);
}

void
project_work(Projection *p, const Keten__V1__WorkOpened *opened)
{
    WorkRow *row = NEW(p->arena, WorkRow, work_row);
    *row = *opened->row;
    row->position = p->position;
    projection_put(p, key_u64(key_of(TABLE_WORK), row->work), &row->base);
}

void
project_work_done(Projection *p, const Keten__V1__WorkDone *done)
{
    projection_drop(p, key_u64(key_of(TABLE_WORK), done->work));
}
