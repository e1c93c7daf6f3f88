// SPDX-License-Identifier: EUPL-1.2
// Two open plans that are one family become one, and are taken apart again when that was wrong.
// Knows: headers, and who answers for the steps and matters. Must never know: where rows are
// stored. They stay with the plan where they began, so that taking apart needs nothing but the
// headers.
//
// The path of a merge: decide_plan_merge → check_other, check_fits → merge at once when the actor
// holds both plans, otherwise a matter of kind MERGE; its answer comes back through merge_check and
// merge_follow.
#include "daemon/engine/handlers/merge.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/record/plan_merge.h"
#include "daemon/engine/record/plan_rows.h"
#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/coordination.h"
#include "daemon/engine/rules/matter_follow.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/pause.h"
#include "daemon/engine/rules/questions.h"
#include "daemon/engine/rules/revoked.h"
#include "daemon/engine/rules/step_follow.h"
#include "daemon/engine/rules/steps.h"
#include "daemon/engine/rules/visibility.h"
#include "proto/limits.h"

static const char *
print_pair(Draft *draft, uint64_t plan, uint64_t other)
{
    return arena_format(draft->arena, "p%" PRIu64 ", p%" PRIu64, plan, other);
}

static const MatterRow *
asked_already(const Draft *draft, uint64_t other)
{
    for (size_t i = 0; i < draft->plan.matter_count; i++)
        if (draft->plan.matters[i]->kind == KETEN__V1__MATTER_KIND__MATTER_MERGE &&
            draft->plan.matters[i]->other_plan == other)
            return draft->plan.matters[i];
    return NULL;
}

// The other plan must be open and not merged into a plan yet.
static Result
check_other(Draft *draft, uint64_t number)
{
    const Plan *other = draft->context->other;
    const Plan *plan = &draft->plan;
    if (plan->row.plan == number)
        return refuse(KT_PLAN_ITSELF, "other", print_plan(draft, number));
    if (plan_covers(plan, number))
        return refuse(KT_PLAN_MERGED, "other", print_pair(draft, number, plan->row.plan));
    if (other == NULL)
        return refuse(KT_NO_PART, "other", print_plan(draft, number));
    if (other->row.plan != number)
        return refuse(KT_PLAN_MERGED, "other", print_pair(draft, number, other->row.plan));
    if (other->row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return refuse(KT_PLAN_CLOSED, "other", print_plan(draft, number));
    return ALLOWED;
}

// Whether the arrangement of the first plan, and its limits, can carry on all that the other
// holds.
static Result
check_fits(Draft *draft)
{
    const Plan *plan = &draft->plan, *other = draft->context->other;
    const Arrangement *theirs = agreement_version(draft->context, other->row.arrangement);
    if (strcmp(theirs->name, draft->arrangement->name) != 0)
        return refuse(KT_PLAN_ARRANGEMENTS, "other",
                      arena_format(draft->arena, "%s, %s", draft->arrangement->name, theirs->name));
    for (size_t i = 0; i < other->step_count; i++)
        if (agreement_step(draft->arrangement, other->steps[i]->kind) == NULL)
            return refuse(KT_PLAN_VERSION, "other", print_step(draft, other->steps[i]));
    if (plan->member_count + other->member_count > LIMIT_MEMBERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "other", "members");
    if (plan->step_count + other->step_count > LIMIT_OPEN_STEPS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "other", "steps");
    if (plan->matter_count + other->matter_count > LIMIT_OPEN_MATTERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "other", "matters");
    if (plan->merged_count + other->merged_count + 1 > LIMIT_MERGED_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "other", "parts");
    return ALLOWED;
}

// The news of a merge, or of taking out, for the participants of a plan.
typedef struct News {
    ItemKind kind;
    uint64_t plan;      // number of the plan that is merged or taken out
    const char *reason; // a code
    uint32_t text;      // 1 + index of the personal part with the words; 0 none
} News;

static void
tell_news(Draft *draft, uint32_t partner, const News *news)
{
    if (partner == 0 || partner == draft->context->actor)
        return;
    ReceiverItem *item = draft_tell(draft, partner, news->kind, 0, 0);
    item->other_plan = news->plan;
    item->reason = (char *)(uintptr_t)news->reason;
    item->text = partner == plan_holder(&draft->plan) ? news->text : 0;
}

// Tells the holder of a plan that is merged or taken out, its desk, and the owners of its steps:
// the plan gets another number for them.
static void
tell_plan(Draft *draft, const Plan *plan, const News *news)
{
    tell_news(draft, plan_holder(plan), news);
    tell_news(draft, plan->row.desk, news);
    for (size_t i = 0; i < plan->step_count; i++) {
        const StepRow *step = plan->steps[i];
        if (state_rule(step->state)->asked)
            tell_news(draft, step->owner, news);
    }
}

// The merge takes the other plan to the version of the first one; the header keeps how it ran
// before.
static void
header_migrate(Draft *draft, PlanRow *row)
{
    if (row->arrangement == draft->plan.row.arrangement)
        return;
    header_past(draft, row);
    row->arrangement = draft->plan.row.arrangement;
}

// The offer and the absence of the other plan end. Its header keeps the absent coordinator,
// which gets the plan back when it is taken out again.
static void
coordination_merge(Draft *draft)
{
    PlanRow *row = &draft->plan.row;
    const Absence *absence = row->absence;
    coordination_end(draft, "same-household");
    if (absence != NULL && absence->partner != 0) {
        row->coordinator = absence->partner;
        row->coordinator_worker = absence->worker;
    }
}

// A merged plan has no state and no review term of its own.
static void
header_merge(Draft *draft, PlanRow *row, const char *reason)
{
    row->state = KETEN__V1__PLAN_STATE__PLAN_MERGED;
    row->into = draft->plan.row.plan;
    row->merged_at_ms = draft->now_ms;
    row->reason = (char *)(uintptr_t)reason;
    row->review_due_ms = 0;
    row->review_rung = 0;
}

// Ends the questions that the merge answers: whether these plans become one, and whether the
// merged plan moves by itself.
static void
end_questions(Draft *draft)
{
    for (size_t i = 0; i < draft->plan.matter_count;) {
        const MatterRow *matter = draft->plan.matters[i];
        const bool merge = matter->kind == KETEN__V1__MATTER_KIND__MATTER_MERGE &&
                           plan_covers(&draft->plan, matter->other_plan);
        const bool move = matter->kind == KETEN__V1__MATTER_KIND__MATTER_MOVE &&
                          matter->plan != draft->plan.row.plan;
        const bool question = matter->kind == KETEN__V1__MATTER_KIND__MATTER_QUESTION &&
                              plan_covers(&draft->plan, matter->asked_plan);
        if (merge || move || question)
            matter_settle(draft, matter, "ended", (MatterWhy){.reason = "same-household"});
        else
            i++;
    }
}

// The merge is one record, though it touches two plans. With two records, nobody or two partners
// would answer for the other plan's steps in between.
static void
merge(Draft *draft, const char *reason, uint32_t text)
{
    plan_copy(&draft->other, draft->context->other, draft->arena);
    const uint32_t was = plan_holder(&draft->other);
    draft_swap(draft);
    coordination_merge(draft);
    draft_swap(draft);
    Plan other = draft->other;
    draft->other = (Plan){.row = KETEN__V1__PLAN_ROW__INIT};
    const News news = {KETEN__V1__ITEM_KIND__ITEM_PLAN_MERGED, other.row.plan, reason, text};
    header_merge(draft, &other.row, reason);
    header_migrate(draft, &other.row);
    for (size_t i = 0; i < other.merged_count; i++)
        header_migrate(draft, other.merged[i]);
    plan_absorb(&draft->plan, draft->arena, &other);
    steps_follow_holder(draft, was, &other);
    matters_follow_holder(draft, was, &other);
    end_questions(draft);
    pause_spread(draft, &other);
    tell_news(draft, was, &news);
    tell_plan(draft, &other, &news);
    // A fact of one plan can now meet a need in the other.
    steps_offer_waiting(draft);
}

// Opens the matter: the holder of the other plan must agree within the time of the ladder's first
// rung. After that the matter climbs.
static void
ask(Draft *draft, uint64_t other, const char *reason, uint32_t text)
{
    MatterRow wanted = KETEN__V1__MATTER_ROW__INIT;
    wanted.kind = KETEN__V1__MATTER_KIND__MATTER_MERGE;
    wanted.reason = (char *)(uintptr_t)reason;
    wanted.other_plan = other;
    wanted.turn = wanted.partner = plan_holder(draft->context->other);
    wanted.raised_by = draft->context->actor;
    matter_open(draft, &wanted, ladder_rung(draft->arrangement, 0)->within, text);
}

static Result
check_ask(Draft *draft, uint64_t other)
{
    const MatterRow *open = asked_already(draft, other);
    if (open != NULL)
        return refuse(KT_PLAN_ASKED, "other", print_matter(draft, open));
    if (draft->plan.matter_count >= LIMIT_OPEN_MATTERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "plan", "matters");
    return ALLOWED;
}

// An actor that is no participant of the other plan learns only that it has no part in it,
// whatever else is wrong.
static Result
check_merge(Draft *draft, uint64_t number)
{
    const Plan *other = draft->context->other;
    Result result = check_other(draft, number);
    if (result.code == KT_OK)
        result = check_fits(draft);
    if (result.code == KT_OK && plan_holder(other) != draft->context->actor)
        return check_ask(draft, number);
    if (result.code == KT_OK || plan_covers(&draft->plan, number) ||
        (other != NULL && is_participant(other, draft->context->actor)))
        return result;
    return refuse(KT_NO_PART, "other", print_plan(draft, number));
}

Result
decide_plan_merge(Draft *draft, const Command *command)
{
    const Keten__V1__PlanMerge *body = command->plan_merge;
    Result result = check_holds(draft, body->plan);
    if (result.code == KT_OK)
        result = check_merge(draft, body->other);
    if (result.code == KT_OK)
        result = reason_check(body->reason, true);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const char *reason = reason_code(draft, body->reason, &text);
    if (plan_holder(draft->context->other) == draft->context->actor)
        merge(draft, reason, text);
    else
        ask(draft, body->other, reason, text);
    return ALLOWED;
}

Result
merge_check(Draft *draft, const MatterRow *matter, const char *outcome)
{
    const Plan *other = draft->context->other;
    const uint32_t actor = draft->context->actor;
    const bool withdraws = strcmp(outcome, "withdrawn") == 0;
    const uint32_t whose = withdraws ? plan_holder(&draft->plan) : plan_holder(other);
    if (actor != whose)
        return refuse(KT_NOT_YOURS, "outcome",
                      arena_format(draft->arena, "m%" PRIu64 " %s", matter->matter,
                                   partner_name(draft->context, whose)));
    if (strcmp(outcome, "accepted") != 0)
        return ALLOWED;
    const Result result = check_other(draft, matter->other_plan);
    return result.code == KT_OK ? check_fits(draft) : result;
}

void
merge_follow(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why)
{
    if (strcmp(outcome, "accepted") == 0)
        merge(draft, why.reason[0] == '\0' ? matter->reason : why.reason, why.words);
}

// The plan that is taken out goes back to its own coordinator or desk, which its header has
// kept.
Result
decide_plan_unmerge(Draft *draft, const Command *command)
{
    const Keten__V1__PlanUnmerge *body = command->plan_unmerge;
    Result result = check_holds(draft, body->plan);
    if (result.code == KT_OK &&
        (draft->plan.row.plan == body->other || !plan_covers(&draft->plan, body->other)))
        result = refuse(KT_PLAN_NO_PART, "other", print_plan(draft, body->other));
    if (result.code == KT_OK)
        result = reason_check(body->reason, true);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t text;
    const char *reason = reason_code(draft, body->reason, &text);
    const News news = {KETEN__V1__ITEM_KIND__ITEM_PLAN_UNMERGED, body->other, reason, text};
    const uint32_t was = plan_holder(&draft->plan);
    plan_take_out(&draft->plan, draft->arena, body->other, &draft->other);
    PlanRow *row = &draft->other.row;
    row->state = KETEN__V1__PLAN_STATE__PLAN_OPEN;
    row->into = 0;
    row->merged_at_ms = 0;
    row->reason = (char *)"";
    draft_swap(draft);
    steps_follow_holder(draft, was, NULL);
    matters_follow_holder(draft, was, NULL);
    revoked_follow(draft);
    draft_swap(draft);
    questions_apart(draft, body->other);
    tell_plan(draft, &draft->other, &news);
    return ALLOWED;
}
