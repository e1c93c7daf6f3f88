// SPDX-License-Identifier: EUPL-1.2
// See sim_due.h.
#include "tests/simulation/sim_due.h"

#include <string.h>

#include "tests/simulation/sim_compare.h"

typedef struct Due {
    int64_t ms;
    size_t plan;
} Due;

// Terms that end together fire by the number of the plan.
static void
consider(Due *due, int64_t ms, size_t plan)
{
    if (ms < due->ms || (ms == due->ms && plan < due->plan))
        *due = (Due){ms, plan};
}

static void
consider_plan(Due *due, const ModelPlan *plan, size_t number)
{
    const int64_t own[] = {plan->feedback_ms, plan->review_ms, plan->coordinator_ms, plan->away_ms,
                           plan->matters_ms};
    // A closed plan still keeps feedback, the first of these.
    for (size_t i = 0; i < (plan->open ? sizeof own / sizeof own[0] : 1); i++)
        if (own[i] != 0)
            consider(due, own[i], number);
}

size_t
sim_first_due(Sim *sim)
{
    Due due = {INT64_MAX, NOT_DUE};
    for (size_t i = 1; i <= sim->model.step_count; i++)
        if (strchr("WOASR", sim->model.steps[i].state) != NULL)
            consider(&due, sim->model.steps[i].due_ms, sim->model.steps[i].plan);
    for (size_t i = 1; i <= sim->model.plan_count; i++)
        consider_plan(&due, &sim->model.plans[i], i);
    for (size_t i = 0; i < sim->model.rejected_count; i++)
        if (sim->model.rejections[i].open && sim->model.rejections[i].plan == 0)
            consider(&due, sim->model.rejections[i].due_ms, 0);
    const SilenceRow *silence = sim_silence(sim, SILENT_ONE);
    if (silence != NULL && silence->due_ms != 0)
        consider(&due, silence->due_ms, 0);
    return due.ms <= sim->now_ms ? due.plan : NOT_DUE;
}
