// SPDX-License-Identifier: EUPL-1.2
// Offering a step by hand, and replacing a returned step by one of another kind.
// Knows: kinds of step, who may offer. Must never know: how an offer is told (rules/step_offer.h).
//
// The path of an offer: check_offerer → find_kind, find_partner → no open step of the kind that
// cannot be offered, no pause, all needs there, room → step_move of a returned step, or step_start.
#include "daemon/engine/rules/step_offer.h"
#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/handlers/step_checks.h"
#include "daemon/engine/rules/steps.h"
#include "proto/limits.h"

// The holder offers; so does the rung that an open step of this kind has climbed to, within its
// mandate.
static Result
check_offerer(Draft *draft, const Keten__V1__StepOffer *offer)
{
    const StepRow *open = plan_step_of_kind(&draft->plan, draft->origin, offer->kind);
    const uint32_t actor = draft->context->actor;
    if (open != NULL && open->turn != 0 && open->turn == actor &&
        plan_holder(&draft->plan) != actor)
        return check_mandate(draft, move_of(MOVE_OFFER), open);
    return check_holds(draft, offer->plan);
}

static Result
find_kind(Draft *draft, const char *name, const StepKind **ret)
{
    const Arrangement *arrangement = draft->arrangement;
    const StepKind *kind = agreement_step(arrangement, name);
    if (kind != NULL) {
        *ret = kind;
        return ALLOWED;
    }
    const char **names = arena_take(draft->arena, (arrangement->n_steps + 1) * sizeof *names);
    for (size_t i = 0; i < arrangement->n_steps; i++)
        names[i] = arrangement->steps[i]->name;
    return refuse(KT_UNKNOWN_STEP_KIND, "kind",
                  agreement_hint(draft->arena, name, names, arrangement->n_steps));
}

static Result
find_partner(Draft *draft, const char *name, uint32_t *ret)
{
    const Arrangement *arrangement = draft->arrangement;
    if (agreement_partner(arrangement, name) != NULL) {
        *ret = partner_number(draft->context, name);
        ASSERT(*ret != 0);
        return ALLOWED;
    }
    const char **names = arena_take(draft->arena, (arrangement->n_partners + 1) * sizeof *names);
    for (size_t i = 0; i < arrangement->n_partners; i++)
        names[i] = arrangement->partners[i]->name;
    return refuse(KT_UNKNOWN_PARTNER, "partner",
                  agreement_hint(draft->arena, name, names, arrangement->n_partners));
}

Result
decide_step_offer(Draft *draft, const Command *command)
{
    const Keten__V1__StepOffer *offer = command->step_offer;
    const StepKind *kind = NULL;
    uint32_t to = 0;
    Result result = check_offerer(draft, offer);
    if (result.code == KT_OK)
        result = find_kind(draft, offer->kind, &kind);
    if (result.code == KT_OK)
        result = find_partner(
            draft, offer->partner[0] != '\0' || kind == NULL ? offer->partner : kind->owner, &to);
    if (result.code != KT_OK)
        return result;
    const StepRow *open = plan_step_of_kind(&draft->plan, draft->origin, offer->kind);
    if (open != NULL && !move_allows(move_of(MOVE_OFFER), open->state))
        return refuse(KT_KIND_OPEN, "kind", print_step(draft, open));
    result = check_pause(draft, kind->name);
    if (result.code != KT_OK)
        return result;
    const char *missing = needs_missing(draft, kind);
    if (missing != NULL)
        return refuse(KT_NEEDS_MISSING, "kind", missing);
    if (open == NULL && draft->plan.step_count >= LIMIT_OPEN_STEPS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "kind", "steps");
    acting_worker(draft, command);
    if (open != NULL)
        step_move(draft, open, MOVE_OFFER, (MoveWith){.reason = "", .to = to});
    else
        step_start(draft, kind, NULL, 0, to);
    return ALLOWED;
}

Result
decide_step_replace(Draft *draft, const Command *command)
{
    const Keten__V1__StepReplace *replace = command->step_replace;
    const StepAddress address = address_of(command);
    const StepRow *step = NULL;
    const StepKind *kind = NULL;
    Result result = check_move(draft, &address, &step);
    if (result.code == KT_OK)
        result = find_kind(draft, replace->kind, &kind);
    if (result.code != KT_OK)
        return result;
    const StepRow *open = plan_step_of_kind(&draft->plan, step->plan, replace->kind);
    if (open != NULL)
        return refuse(KT_KIND_OPEN, "kind", print_step(draft, open));
    MoveWith with = {.worker = acting_worker(draft, command)};
    with.reason = reason_code(draft, replace->reason, &with.text);
    if (with.reason[0] == '\0')
        with.reason = "replaced";
    step_move(draft, step, MOVE_REPLACE, with);
    step_start(draft, kind, NULL, 0, partner_number(draft->context, kind->owner));
    return ALLOWED;
}
