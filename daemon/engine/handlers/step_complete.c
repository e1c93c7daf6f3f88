// SPDX-License-Identifier: EUPL-1.2
// Completing a step: its facts are checked, the step ends, the facts enter the plan, and their
// links start the next steps.
// Knows: the facts that a kind of step gives. Must never know: how a link is followed (facts.h).
//
// The path: decide_step_complete → check_move, check_facts, room → step_move → fact_add for each
// fact → feedback_tell → fact_links for each fact.
#include <string.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/arrangement/values.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/handlers/step_checks.h"
#include "daemon/engine/rules/facts.h"
#include "daemon/engine/rules/feedback.h"
#include "daemon/engine/rules/steps.h"
#include "proto/limits.h"

static bool
gives(const StepKind *kind, const char *fact)
{
    for (size_t i = 0; i < kind->n_gives; i++)
        if (strcmp(kind->gives[i], fact) == 0)
            return true;
    return false;
}

static const char *
first_lacking(const StepKind *kind, const Keten__V1__StepComplete *complete)
{
    for (size_t i = 0; i < kind->n_gives; i++) {
        bool there = false;
        for (size_t j = 0; j < complete->n_facts; j++)
            there = there || strcmp(complete->facts[j]->kind, kind->gives[i]) == 0;
        if (!there)
            return kind->gives[i];
    }
    return NULL;
}

static Result
check_facts(Draft *draft, const StepKind *kind, const Keten__V1__StepComplete *complete,
            Values *values)
{
    for (size_t i = 0; i < complete->n_facts; i++) {
        const Keten__V1__NewFact *fact = complete->facts[i];
        if (!gives(kind, fact->kind))
            return refuse(KT_STEP_GIVES, "facts",
                          agreement_hint(draft->arena, fact->kind, (const char *const *)kind->gives,
                                         kind->n_gives));
        for (size_t j = 0; j < i; j++)
            if (strcmp(complete->facts[j]->kind, fact->kind) == 0)
                return refuse(KT_DOUBLE_FIELD, "facts", fact->kind);
        const ValueFault fault =
            values_check(agreement_fact(draft->arrangement, fact->kind), fact->fields,
                         fact->n_fields, draft->arena, &values[i]);
        if (fault.code != KT_OK)
            return refuse(fault.code, "facts", fault.detail);
    }
    const char *lacking = first_lacking(kind, complete);
    return lacking == NULL ? ALLOWED : refuse(KT_STEP_LACKS, "facts", lacking);
}

static size_t
steps_that_may_start(const Draft *draft, const Keten__V1__StepComplete *complete,
                     const Values *values)
{
    size_t count = 0;
    for (size_t i = 0; i < complete->n_facts; i++)
        count += fact_links_count(draft->arrangement, complete->facts[i]->kind, &values[i]);
    return count;
}

// The output of one step is the input of the next: every fact enters before the first link is
// followed.
Result
decide_step_complete(Draft *draft, const Command *command)
{
    const Keten__V1__StepComplete *complete = command->step_complete;
    const StepAddress address = address_of(command);
    const StepRow *step = NULL;
    Result result = check_move(draft, &address, &step);
    if (result.code != KT_OK)
        return result;
    const StepKind *kind = agreement_step(draft->arrangement, step->kind);
    Values *values = arena_take(draft->arena, (complete->n_facts + 1) * sizeof *values);
    result = check_facts(draft, kind, complete, values);
    if (result.code != KT_OK)
        return result;
    const size_t starts = steps_that_may_start(draft, complete, values);
    if (draft->plan.step_count + starts > LIMIT_OPEN_STEPS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "facts", "steps");
    const uint64_t worker = acting_worker(draft, command);
    const StepRow *done =
        step_move(draft, step, MOVE_COMPLETE, (MoveWith){.reason = "", .worker = worker});
    FactRow **facts = arena_take(draft->arena, (complete->n_facts + 1) * sizeof *facts);
    for (size_t i = 0; i < complete->n_facts; i++)
        facts[i] = fact_add(draft, agreement_fact(draft->arrangement, complete->facts[i]->kind),
                            &values[i], draft->context->actor,
                            plan_first_member(&draft->plan, done->plan), done);
    feedback_tell(draft, done, facts, complete->n_facts);
    for (size_t i = 0; i < complete->n_facts; i++)
        fact_links(draft, facts[i], &values[i]);
    Opened *opened = draft->record->head->opened = NEW(draft->arena, Opened, opened);
    opened->fact = complete->n_facts > 0 ? facts[0]->fact : 0;
    return ALLOWED;
}
