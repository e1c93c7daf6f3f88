// SPDX-License-Identifier: EUPL-1.2
// See sim_compare.h.
#include "tests/simulation/sim_compare.h"

#include <string.h>

#include "daemon/engine/record/feedback_rows.h"
#include "daemon/ledger/load_plan.h"

// Reads the matter of a rejected delivery, or the end of its own term where no plan answers for it.
static void
read_rejections(Sim *sim)
{
    for (size_t i = 0; i < sim->model.rejected_count; i++) {
        struct ModelRejected *rejected = &sim->model.rejections[i];
        KtCode code;
        const Key key = key_u64(key_u32(key_of(TABLE_REJECTED), rejected->partner), rejected->n);
        const DeadRow *row = state_message(ledger_state(sim->ledger), &key,
                                           &keten__v1__dead_row__descriptor, &sim->arena, &code);
        CHECK(sim, row != NULL && code == KT_OK, "delivery %zu of %u should be rejected",
              rejected->n, rejected->partner);
        CHECK(sim, (row->matter != 0) == (rejected->plan != 0),
              "delivery %zu of %u: a matter or not", rejected->n, rejected->partner);
        const bool ended = row->outcome[0] != '\0' ||
                           (rejected->plan != 0 && !sim->model.plans[rejected->plan].open);
        CHECK(sim, ended == !rejected->open, "delivery %zu of %u: settled or not", rejected->n,
              rejected->partner);
        CHECK(sim, (row->due_ms != 0) == (rejected->open && rejected->plan == 0),
              "delivery %zu of %u: a term or not", rejected->n, rejected->partner);
        rejected->matter = row->matter;
        if (row->due_ms != 0)
            rejected->due_ms = row->due_ms;
    }
}

static void
read_matters(Sim *sim, const Plan *real)
{
    int64_t *first_ms = &sim->model.plans[real->row.plan].matters_ms;
    *first_ms = 0;
    for (size_t i = 0; i < real->matter_count; i++) {
        const MatterRow *matter = real->matters[i];
        if (*first_ms == 0 || matter->due_ms < *first_ms)
            *first_ms = matter->due_ms;
        for (size_t j = 0; j < sim->model.rejected_count; j++)
            if (sim->model.rejections[j].partner == matter->partner &&
                sim->model.rejections[j].n == matter->n)
                sim->model.rejections[j].turn = matter->turn;
    }
}

void
sim_read_terms(Sim *sim)
{
    for (size_t plan = 1; plan <= sim->model.plan_count; plan++) {
        Plan real;
        if (!sim->model.plans[plan].open && sim->model.plans[plan].feedback_ms == 0)
            continue;
        CHECK(sim, ledger_plan(sim->ledger, plan, &sim->arena, &real), "p%zu is not there", plan);
        sim->model.plans[plan].feedback_ms = feedback_due_ms(&real.row);
        if (!sim->model.plans[plan].open)
            continue;
        sim->model.plans[plan].coordinator_ms = real.row.coordinator_due_ms;
        sim->model.plans[plan].review_ms = real.row.review_due_ms;
        sim->model.plans[plan].away_ms = real.row.absence == NULL ? 0 : real.row.absence->until_ms;
        for (size_t i = 0; i < real.step_count; i++)
            sim->model.steps[real.steps[i]->step].due_ms = real.steps[i]->due_ms;
        read_matters(sim, &real);
    }
    read_rejections(sim);
}

const SilenceRow *
sim_silence(Sim *sim, uint32_t partner)
{
    KtCode code;
    const Key key = key_u32(key_of(TABLE_SILENCE), partner);
    const SilenceRow *row = state_message(ledger_state(sim->ledger), &key,
                                          &keten__v1__silence_row__descriptor, &sim->arena, &code);
    CHECK(sim, code == KT_OK, "the silence of %u", partner);
    return row;
}

// An oracle of its own. The partner has the whole time from its last sign, or from the moment when
// something began to wait for it, and at most a sixty-fourth more; then the ledger flags it.
static void
compare_term(Sim *sim, const SilenceRow *row)
{
    const int64_t sign = sim->model.sign_ms[SILENT_ONE], since = sim->model.waits_ms[SILENT_ONE];
    const int64_t from = sign > since ? sign : since;
    const int64_t latest = from > sim->model.alone_ms ? from : sim->model.alone_ms;
    if (row->state == KETEN__V1__SILENCE_STATE__SILENCE_SILENT) {
        CHECK(sim, row->silent_ms >= from + SILENT_MS, "flagged early: %lld after %lld",
              (long long)row->silent_ms, (long long)from);
        sim->totals->silent++;
    } else if (row->state == KETEN__V1__SILENCE_STATE__SILENCE_WATCHED) {
        CHECK(sim, row->due_ms >= from + SILENT_MS, "due early: %lld after %lld",
              (long long)row->due_ms, (long long)from);
        CHECK(sim, row->due_ms <= latest + SILENT_MS + SILENT_MS / 64, "due late: %lld after %lld",
              (long long)row->due_ms, (long long)from);
    }
}

static void
compare_silence(Sim *sim)
{
    for (uint32_t partner = 1; partner <= CLIENTS; partner++) {
        int64_t *waits_ms = &sim->model.waits_ms[partner];
        const bool waits =
            ledger_assigned(sim->ledger, partner) > ledger_acknowledged(sim->ledger, partner);
        if (!waits || *waits_ms == 0)
            *waits_ms = waits ? sim->now_ms : 0;
        const SilenceRow *row = sim_silence(sim, partner);
        CHECK(sim, row == NULL || partner == SILENT_ONE, "%u is watched", partner);
        if (partner != SILENT_ONE || !waits)
            continue;
        CHECK(sim, row != NULL, "%u is not watched", partner);
        compare_term(sim, row);
    }
}

// A cursor never stands before a rejected delivery: it passes over each one.
static void
compare_cursors(Sim *sim)
{
    for (uint32_t partner = 1; partner <= CLIENTS; partner++) {
        const uint64_t cursor = ledger_acknowledged(sim->ledger, partner);
        for (size_t i = 0; i < sim->model.rejected_count; i++)
            CHECK(sim,
                  sim->model.rejections[i].partner != partner ||
                      sim->model.rejections[i].n != cursor + 1,
                  "the cursor of %u stands before a rejected delivery", partner);
    }
}

// The letter that the model has for a state.
static char
letter_of(StepState state)
{
    return "-WOASRCX"[state];
}

static void
compare_coordination(Sim *sim, size_t plan, const Plan *real)
{
    const ModelPlan *expected = &sim->model.plans[plan];
    CHECK(sim, plan_holder(real) == expected->holder, "p%zu held by %u", plan, plan_holder(real));
    CHECK(sim, real->row.offered_to == expected->asked, "p%zu asked %u", plan,
          real->row.offered_to);
    CHECK(sim, real->row.coordinator == expected->coordinator, "p%zu is coordinated by %u", plan,
          real->row.coordinator);
    CHECK(sim, (real->row.absence != NULL) == expected->is_away, "p%zu away or not", plan);
    CHECK(sim, real->row.absence == NULL || real->row.absence->partner == expected->away,
          "p%zu: %u is away", plan, real->row.absence->partner);
}

static void
compare_step(Sim *sim, size_t number, const Plan *real)
{
    const ModelStep *step = &sim->model.steps[number];
    const StepRow *row = plan_step(real, number);
    CHECK(sim, row != NULL, "s%zu should be open (%c)", number, step->state);
    CHECK(sim, letter_of(row->state) == step->state, "s%zu of p%zu is %c, not %c, due %lld at %lld",
          number, step->plan, letter_of(row->state), step->state, (long long)row->due_ms,
          (long long)sim->now_ms);
    CHECK(sim, row->owner == step->owner, "s%zu owner", number);
    CHECK(sim, row->version == step->version, "s%zu version %u, not %u", number, row->version,
          step->version);
    CHECK(sim, row->accountable == model_accountable(&sim->model, step), "s%zu accountable",
          number);
}

static void
compare_steps(Sim *sim, size_t plan, const Plan *real)
{
    size_t open = 0;
    for (size_t i = 1; i <= sim->model.step_count; i++) {
        if (sim->model.steps[i].plan != plan || strchr("WOASR", sim->model.steps[i].state) == NULL)
            continue;
        open++;
        compare_step(sim, i, real);
    }
    CHECK(sim, open == real->step_count, "p%zu has %zu open steps, not %zu", plan, real->step_count,
          open);
}

static void
compare_matters(Sim *sim, size_t plan, const Plan *real)
{
    size_t matters = 0;
    for (size_t i = 0; i < sim->model.rejected_count; i++)
        matters += sim->model.rejections[i].plan == plan && sim->model.rejections[i].open;
    for (size_t i = 0; i < sim->model.question_count; i++)
        matters += sim->model.questions[i].plan == plan;
    CHECK(sim, matters == real->matter_count, "p%zu has %zu open matters, not %zu", plan,
          real->matter_count, matters);
}

static void
compare_plan(Sim *sim, size_t plan)
{
    const ModelPlan *expected = &sim->model.plans[plan];
    Plan real;
    CHECK(sim, ledger_plan(sim->ledger, plan, &sim->arena, &real), "p%zu is not there", plan);
    CHECK(sim, (real.row.state == KETEN__V1__PLAN_STATE__PLAN_OPEN) == expected->open,
          "p%zu open or not", plan);
    CHECK(sim, real.row.signals == expected->signals, "p%zu signals", plan);
    CHECK(sim, real.row.repeats == expected->repeats, "p%zu has %" PRIu64 " repeats, not %" PRIu64,
          plan, real.row.repeats, expected->repeats);
    if (!expected->open)
        return;
    const char *rule = plan_check(&real);
    CHECK(sim, rule == NULL, "p%zu: %s", plan, rule);
    compare_coordination(sim, plan, &real);
    compare_steps(sim, plan, &real);
    compare_matters(sim, plan, &real);
}

void
sim_compare(Sim *sim)
{
    LedgerStatus status;
    ledger_status(sim->ledger, &status);
    CHECK(sim, status.plans == sim->model.plan_count, "%" PRIu64 " plans, not %zu", status.plans,
          sim->model.plan_count);
    CHECK(sim, status.steps == sim->model.step_count, "%" PRIu64 " steps, not %zu", status.steps,
          sim->model.step_count);
    for (size_t plan = 1; plan <= sim->model.plan_count; plan++)
        compare_plan(sim, plan);
    compare_cursors(sim);
    compare_silence(sim);
}
