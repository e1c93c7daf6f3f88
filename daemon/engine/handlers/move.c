// SPDX-License-Identifier: EUPL-1.2
// A household moves to another municipality: its plan is offered to the desk of that arrangement,
// and stays with its holder until the desk has accepted.
// Knows: arrangements in force, which steps can go along. Must never know: how an offer waits or
// climbs (matters.h).
//
// The path: decide_plan_move opens a matter of kind MOVE; the answer comes back through move_check
// and move_follow, which ends what belongs to the old arrangement, changes the headers, lets steps
// and matters adopt the new one, and tells the new desk the facts.
#include "daemon/engine/handlers/move.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/coordination.h"
#include "daemon/engine/rules/fact_visibility.h"
#include "daemon/engine/rules/matter_follow.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/step_follow.h"
#include "daemon/engine/rules/steps.h"
#include "proto/limits.h"

#define MOVED KETEN__V1__ITEM_KIND__ITEM_PLAN_MOVED

static Result
unknown_arrangement(Draft *draft, const char *name)
{
    const Context *context = draft->context;
    const char **names =
        arena_take(draft->arena, (context->agreed.arrangement_count + 1) * sizeof *names);
    for (size_t i = 0; i < context->agreed.arrangement_count; i++)
        names[i] = context->agreed.arrangements[i].content->name;
    return refuse(KT_UNKNOWN_ARRANGEMENT, "arrangement",
                  agreement_hint(draft->arena, name, names, context->agreed.arrangement_count));
}

static Result
check_desk(Draft *draft, const ArrangementEntry *to)
{
    const ArrangementPartner *desk = agreement_desk(to->content);
    const uint32_t number = desk == NULL ? 0 : partner_number(draft->context, desk->name);
    if (number != 0 && !partner_is_revoked(draft->context, number))
        return ALLOWED;
    return refuse(KT_ARRANGEMENT_PARTNER, "arrangement",
                  desk == NULL ? to->content->name : desk->name);
}

static const MatterRow *
offered_already(const Draft *draft)
{
    for (size_t i = 0; i < draft->plan.matter_count; i++)
        if (draft->plan.matters[i]->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE)
            return draft->plan.matters[i];
    return NULL;
}

static Result
check_offer(Draft *draft, const Keten__V1__PlanMove *move)
{
    const ArrangementEntry *to = arrangement_in_force(draft->context, move->arrangement);
    if (to == NULL)
        return unknown_arrangement(draft, move->arrangement);
    if (to->number == draft->plan.row.arrangement)
        return refuse(KT_PLAN_HERE, "arrangement", move->arrangement);
    const Result result = check_desk(draft, to);
    if (result.code != KT_OK)
        return result;
    const MatterRow *open = offered_already(draft);
    if (open != NULL)
        return refuse(KT_PLAN_ASKED, "plan", print_matter(draft, open));
    if (draft->plan.matter_count >= LIMIT_OPEN_MATTERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "plan", "matters");
    return reason_check(move->reason, true);
}

// The plan's own desk can be asked too. That is how a plan gets a newer version of its arrangement.
Result
decide_plan_move(Draft *draft, const Command *command)
{
    const Keten__V1__PlanMove *move = command->plan_move;
    Result result = check_holds(draft, move->plan);
    if (result.code == KT_OK)
        result = check_offer(draft, move);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    const ArrangementEntry *to = arrangement_in_force(draft->context, move->arrangement);
    uint32_t words;
    MatterRow wanted = KETEN__V1__MATTER_ROW__INIT;
    wanted.kind = KETEN__V1__MATTER_KIND__MATTER_MOVE;
    wanted.reason = (char *)(uintptr_t)reason_code(draft, move->reason, &words);
    wanted.arrangement = to->number;
    wanted.turn = wanted.partner =
        partner_number(draft->context, agreement_desk(to->content)->name);
    wanted.raised_by = draft->context->actor;
    draft->origin = draft->plan.row.plan;
    matter_open(draft, &wanted, ladder_rung(draft->arrangement, 0)->within, words);
    return ALLOWED;
}

// The arrangement that the plan would run under: the version in force now, not that of the
// offer.
static const ArrangementEntry *
destination(const Draft *draft, const MatterRow *matter)
{
    return arrangement_in_force(draft->context,
                                agreement_version(draft->context, matter->arrangement)->name);
}

Result
move_check(Draft *draft, const MatterRow *matter, const char *outcome)
{
    const bool withdraws = strcmp(outcome, "withdrawn") == 0;
    const uint32_t whose = withdraws ? plan_holder(&draft->plan) : matter->partner;
    if (draft->context->actor != whose)
        return refuse(KT_NOT_YOURS, "outcome",
                      arena_format(draft->arena, "m%" PRIu64 " %s", matter->matter,
                                   partner_name(draft->context, whose)));
    if (strcmp(outcome, "accepted") != 0)
        return ALLOWED;
    const ArrangementEntry *to = destination(draft, matter);
    ASSERT(to != NULL);
    // A version loaded since the offer can name another desk.
    if (strcmp(agreement_desk(to->content)->name, partner_name(draft->context, whose)) != 0)
        return refuse(KT_ARRANGEMENT_PARTNER, "matter", agreement_desk(to->content)->name);
    return ALLOWED;
}

static bool
fits(const Draft *draft, const Arrangement *to, const StepRow *step)
{
    return agreement_step(to, step->kind) != NULL &&
           partner_place(draft->context, to, step->owner) != NULL;
}

// Withdraws each step whose kind or owner the new arrangement does not know.
static void
withdraw_unfit(Draft *draft, const Arrangement *to)
{
    for (size_t i = 0; i < draft->plan.step_count;) {
        const StepRow *step = draft->plan.steps[i];
        if (fits(draft, to, step))
            i++;
        else
            step_move(draft, step, MOVE_WITHDRAW, (MoveWith){.reason = "moved"});
    }
}

static void
end_pause(Draft *draft, PlanRow *row)
{
    if (row->pause != NULL)
        pause_end(draft, row, "moved");
}

// Coordination, pauses and offers to merge belong to the old arrangement and end with it.
static void
leave(Draft *draft)
{
    coordination_end(draft, "moved");
    end_pause(draft, &draft->plan.row);
    for (size_t i = 0; i < draft->plan.merged_count; i++)
        end_pause(draft, draft->plan.merged[i]);
    for (size_t i = 0; i < draft->plan.matter_count;)
        if (draft->plan.matters[i]->kind == KETEN__V1__MATTER_KIND__MATTER_MERGE)
            matter_settle(draft, draft->plan.matters[i], "ended", (MatterWhy){.reason = "moved"});
        else
            i++;
}

static void
header_move(Draft *draft, PlanRow *row, const ArrangementEntry *to, uint32_t desk)
{
    header_past(draft, row);
    row->arrangement = to->number;
    row->desk = desk;
    row->coordinator = 0;
    row->coordinator_worker = 0;
    row->left_reason = (char *)"";
    row->holder_since_ms = draft->now_ms;
}

static void
tell_moved(Draft *draft, uint32_t partner, const MatterWhy *why)
{
    if (partner != 0 && partner != draft->context->actor)
        draft_tell(draft, partner, MOVED, 0, 0)->reason = (char *)(uintptr_t)why->reason;
}

// Tells the new desk the facts that stand; the fields that its purposes do not allow are
// recorded as withheld.
static void
tell_desk(Draft *draft, uint32_t desk)
{
    for (size_t i = 0; i < draft->plan.kind_count; i++) {
        const FactRow *fact = draft->plan.kinds[i]->latest;
        fact_tell(draft, desk, fact_item_kind(fact), fact);
    }
}

void
move_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why)
{
    if (strcmp(outcome, "accepted") != 0)
        return;
    const ArrangementEntry *to = destination(draft, matter);
    const PlanRow was = draft->plan.row;
    const uint32_t holder = plan_holder(&draft->plan);
    if (why.reason[0] == '\0')
        why.reason = matter->reason;
    withdraw_unfit(draft, to->content);
    leave(draft);
    draft->arrangement = to->content;
    draft->calendar = to->calendar;
    header_move(draft, &draft->plan.row, to, matter->partner);
    for (size_t i = 0; i < draft->plan.merged_count; i++)
        header_move(draft, draft->plan.merged[i], to, matter->partner);
    steps_adopt(draft);
    matters_adopt(draft);
    tell_moved(draft, holder, &why);
    tell_moved(draft, was.desk, &why);
    for (size_t i = 0; i < draft->plan.step_count; i++)
        if (state_rule(draft->plan.steps[i]->state)->asked)
            tell_moved(draft, draft->plan.steps[i]->owner, &why);
    tell_desk(draft, matter->partner);
    steps_offer_waiting(draft);
}
