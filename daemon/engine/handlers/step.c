// SPDX-License-Identifier: EUPL-1.2
// Commands on steps. Knows: who may make which move (step_states.h), versions, what completing asks.
// Must never know: how a move is carried out (steps.h).
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/plan_pauses.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/facts.h"
#include "daemon/engine/rules/feedback.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/step_offer.h"
#include "daemon/engine/rules/steps.h"
#include "proto/commands.h"
#include "proto/limits.h"

// The step that a command is on, and the move that it makes there.
typedef struct Address {
    MoveKind move;
    uint64_t step;
    uint32_t version;   // that the sender saw; 0: the present one
    const char *reason; // "" where the command has none
    int64_t until_ms;   // of a suspension; else 0
} Address;

static Address
address_for(const Command *command, MoveKind move, const char *reason)
{
    return (Address){move, command_number(command), command_version(command), reason, 0};
}

static Address
address_of_suspension(const Command *command)
{
    Address address = address_for(command, MOVE_SUSPEND, command->step_suspend->reason);
    address.until_ms = command->step_suspend->until_ms;
    return address;
}

static Address
address_of(const Command *command)
{
    switch (command->body_case) {
    case KETEN__V1__COMMAND__BODY_STEP_ACCEPT:
        return address_for(command, MOVE_ACCEPT, "");
    case KETEN__V1__COMMAND__BODY_STEP_REFUSE:
        return address_for(command, MOVE_REFUSE, command->step_refuse->reason);
    case KETEN__V1__COMMAND__BODY_STEP_COMPLETE:
        return address_for(command, MOVE_COMPLETE, "");
    case KETEN__V1__COMMAND__BODY_STEP_FAIL:
        return address_for(command, MOVE_FAIL, command->step_fail->reason);
    case KETEN__V1__COMMAND__BODY_STEP_REPLACE:
        return address_for(command, MOVE_REPLACE, command->step_replace->reason);
    case KETEN__V1__COMMAND__BODY_STEP_DROP:
        return address_for(command, MOVE_DROP, command->step_drop->reason);
    case KETEN__V1__COMMAND__BODY_STEP_WITHDRAW:
        return address_for(command, MOVE_WITHDRAW, command->step_withdraw->reason);
    case KETEN__V1__COMMAND__BODY_STEP_SUSPEND:
        return address_of_suspension(command);
    case KETEN__V1__COMMAND__BODY_STEP_EXTEND:
        return address_for(command, MOVE_EXTEND, command->step_extend->reason);
    case KETEN__V1__COMMAND__BODY_STEP_RESUME:
        return address_for(command, MOVE_RESUME, "");
    default: // the commands that are on no step
        break;
    }
    unhandled("a command on no step");
}

// A step that is closed, or that the sender has no part in, is told apart only to those who had
// one.
static Result
not_open(Draft *draft, uint64_t step)
{
    const StepRow *closed = draft->context->closed.step;
    const uint32_t actor = draft->context->actor;
    if (closed != NULL &&
        (closed->owner == actor || closed->giver == actor || actor_participates(draft)))
        return refuse(KT_NOT_THIS_STATE, "step", print_step(draft, closed));
    return refuse(KT_NO_PART, "step", arena_format(draft->arena, "s%" PRIu64, step));
}

// The rung that a step has climbed to may do with it what its mandate says, and nothing else.
static Result
check_mandate(Draft *draft, const Move *move, const StepRow *step)
{
    const Rung *rung = ladder_rung(draft->arrangement, step->rung - 1);
    if (move->mandate != NULL && rung_may(rung, move->mandate))
        return ALLOWED;
    return refuse(KT_MANDATE, "step",
                  arena_format(draft->arena, "s%" PRIu64 " %s", step->step,
                               mandate_text(draft->arena, rung)));
}

static Result
check_actor(Draft *draft, const Move *move, const StepRow *step)
{
    const uint32_t actor = draft->context->actor;
    if (move->by == BY_OWNER && step->owner != actor)
        return refuse(KT_NOT_YOURS, "step",
                      arena_format(draft->arena, "s%" PRIu64 " %s", step->step,
                                   partner_name(draft->context, step->owner)));
    if (move->by == BY_HOLDER && plan_holder(&draft->plan) != actor && step->turn == actor)
        return check_mandate(draft, move, step);
    if (move->by == BY_HOLDER && plan_holder(&draft->plan) != actor)
        return refuse(KT_NOT_YOURS, "step",
                      arena_format(draft->arena, "s%" PRIu64 " %s", step->step,
                                   partner_name(draft->context, plan_holder(&draft->plan))));
    return ALLOWED;
}

static Result
check_move(Draft *draft, const Address *address, const StepRow **ret_step)
{
    const StepRow *step = plan_step(&draft->plan, address->step);
    if (step == NULL)
        return not_open(draft, address->step);
    if (!actor_participates(draft))
        return refuse(KT_NO_PART, "step", arena_format(draft->arena, "s%" PRIu64, address->step));
    const Move *move = move_of(address->move);
    Result result = check_actor(draft, move, step);
    if (result.code != KT_OK)
        return result;
    if (address->version != 0 && address->version != step->version)
        return refuse(KT_VERSION, "version", print_step(draft, step));
    if (!move_allows(move, step->state))
        return refuse(KT_NOT_THIS_STATE, "step", print_step(draft, step));
    result = reason_check(address->reason, move->reason);
    if (result.code == KT_OK)
        *ret_step = step;
    return result;
}

// What a pause holds is neither taken on nor taken up again.
static Result
check_pause(Draft *draft, const char *step_kind)
{
    const StepKind *kind = agreement_step(draft->arrangement, step_kind);
    const PauseRow *pause = kind == NULL ? NULL : plan_pause_of(&draft->plan, kind->action);
    char until[32];
    if (pause == NULL)
        return ALLOWED;
    instant_format_local(pause->until_ms, until);
    return refuse(KT_PAUSED, "step", arena_text(draft->arena, until));
}

static Result
check_extra(const Draft *draft, const Address *address)
{
    const int64_t now_ms = draft->now_ms;
    if (address->move == MOVE_ACCEPT && draft->context->worker == NULL)
        return refuse(KT_MISSING, "worker", "worker");
    if (address->move == MOVE_SUSPEND &&
        (address->until_ms <= now_ms || address->until_ms - now_ms > LIMIT_SUSPEND_MS))
        return refuse(KT_TIME, "until_ms", "until");
    return ALLOWED;
}

Result
decide_step_simple(Draft *draft, const Command *command)
{
    const Address address = address_of(command);
    const StepRow *step = NULL;
    Result result = check_extra(draft, &address);
    if (result.code == KT_OK)
        result = check_move(draft, &address, &step);
    if (result.code == KT_OK && (address.move == MOVE_ACCEPT || address.move == MOVE_RESUME))
        result = check_pause(draft, step->kind);
    if (result.code != KT_OK)
        return result;
    MoveWith with = {.until_ms = address.until_ms, .worker = acting_worker(draft, command)};
    with.reason = reason_code(draft, address.reason, &with.text);
    step_move(draft, step, address.move, with);
    return ALLOWED;
}

// What is overdue has fired before this is judged: a late step has its mark already.
Result
decide_step_extend(Draft *draft, const Command *command)
{
    const Address address = address_of(command);
    const StepRow *step = NULL;
    const Result result = check_move(draft, &address, &step);
    if (result.code != KT_OK)
        return result;
    if (agreement_step(draft->arrangement, step->kind)->extend_within == NULL)
        return refuse(KT_NO_EXTENSION, "step", step->kind);
    if (step->extended)
        return refuse(KT_EXTENDED, "step", print_step(draft, step));
    if (step->late)
        return refuse(KT_EXTEND_LATE, "step", print_step(draft, step));
    MoveWith with = {.worker = acting_worker(draft, command)};
    with.reason = reason_code(draft, address.reason, &with.text);
    step_move(draft, step, MOVE_EXTEND, with);
    return ALLOWED;
}

// ---- completing
// -----------------------------------------------------------------------------------------------

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

// The output of one is the input of the next: the step ends, its facts arrive, their links start
// what follows.
Result
decide_step_complete(Draft *draft, const Command *command)
{
    const Keten__V1__StepComplete *complete = command->step_complete;
    const Address address = address_of(command);
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

// ---- offering and replacing
// ---------------------------------------------------------------------------------------

static Result
check_holder(Draft *draft, uint64_t plan)
{
    const uint32_t actor = draft->context->actor;
    if (draft->plan.row.plan == 0 || !actor_participates(draft))
        return refuse(KT_NO_PART, "plan", print_plan(draft, plan));
    if (draft->plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return refuse(KT_PLAN_CLOSED, "plan", print_plan(draft, plan));
    if (plan_holder(&draft->plan) != actor)
        return refuse(KT_NOT_YOURS, "plan",
                      arena_format(draft->arena, "p%" PRIu64 " %s", plan,
                                   partner_name(draft->context, plan_holder(&draft->plan))));
    return ALLOWED;
}

// Or the rung that a step of this kind has climbed to.
static Result
check_offerer(Draft *draft, const Keten__V1__StepOffer *offer)
{
    const StepRow *open = plan_step_of_kind(&draft->plan, draft->origin, offer->kind);
    const uint32_t actor = draft->context->actor;
    if (open != NULL && open->turn != 0 && open->turn == actor &&
        plan_holder(&draft->plan) != actor)
        return check_mandate(draft, move_of(MOVE_OFFER), open);
    return check_holder(draft, offer->plan);
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
    const Address address = address_of(command);
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
