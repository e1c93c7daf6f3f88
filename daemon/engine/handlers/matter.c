// SPDX-License-Identifier: EUPL-1.2
// Commands on matters: raise a bottleneck, settle a matter, pass it on.
// Knows: the parties of a matter, and what a rung's mandate allows. Must never know: how a matter
// climbs, or which partners are told of it (matters.h).
//
// The path of settling: find_matter (is it open, is the actor a party, is the version right) →
// check_answer or check_decision → the check of the kind → matter_settle → what follows from the
// answer.
#include <inttypes.h>
#include <string.h>

#include "daemon/engine/arrangement/agreement.h"
#include "daemon/engine/handlers/handlers.h"
#include "daemon/engine/handlers/merge.h"
#include "daemon/engine/handlers/move.h"
#include "daemon/engine/handlers/shared.h"
#include "daemon/engine/rules/matters.h"
#include "daemon/engine/rules/questions.h"
#include "proto/limits.h"
#include "proto/names.h"

// The same bottleneck that another partner raised does not count where the actor cannot see it: the
// refusal would tell of it.
static const MatterRow *
same_open(const Draft *draft, uint64_t step, const char *topic)
{
    for (size_t i = 0; i < draft->plan.matter_count; i++) {
        const MatterRow *matter = draft->plan.matters[i];
        if (matter->kind == KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK && matter->step == step &&
            strcmp(matter->topic, topic) == 0 && actor_sees_matter(draft, matter))
            return matter;
    }
    return NULL;
}

static const char *
topic_of(const Keten__V1__BottleneckRaise *raise)
{
    if (raise->topic[0] != '\0')
        return raise->topic;
    return reason_is_code(raise->reason) ? raise->reason : "other";
}

// A command that names the step alone is refused by the step: the number of its plan is not told.
static Result
check_place(Draft *draft, const Keten__V1__BottleneckRaise *raise)
{
    const StepRow *step = plan_step(&draft->plan, raise->step);
    const Result result = check_open(draft, raise->plan);
    if (result.code == KT_NO_PART && raise->plan != 0)
        return result;
    if (raise->step != 0 && (step == NULL || !actor_sees_step(draft, step)))
        return refuse(KT_NO_PART, "step", arena_format(draft->arena, "s%" PRIu64, raise->step));
    return result;
}

static Result
check_raise(Draft *draft, const Keten__V1__BottleneckRaise *raise)
{
    const Plan *plan = &draft->plan;
    Result result = check_place(draft, raise);
    if (result.code != KT_OK)
        return result;
    result = reason_check(raise->reason, true);
    if (result.code != KT_OK)
        return result;
    const MatterRow *open = same_open(draft, raise->step, topic_of(raise));
    if (open != NULL)
        return refuse(KT_BOTTLENECK_OPEN, "topic", print_matter(draft, open));
    if (plan->matter_count >= LIMIT_OPEN_MATTERS_PER_PLAN)
        return refuse(KT_PLAN_LIMIT, "plan", "matters");
    return ALLOWED;
}

Result
decide_bottleneck_raise(Draft *draft, const Command *command)
{
    const Keten__V1__BottleneckRaise *raise = command->bottleneck_raise;
    const Result result = check_raise(draft, raise);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    uint32_t words;
    MatterRow wanted = KETEN__V1__MATTER_ROW__INIT;
    wanted.kind = KETEN__V1__MATTER_KIND__MATTER_BOTTLENECK;
    wanted.reason = (char *)(uintptr_t)reason_code(draft, raise->reason, &words);
    wanted.topic = (char *)(uintptr_t)topic_of(raise);
    wanted.law = raise->law;
    wanted.step = raise->step;
    wanted.raised_by = draft->context->actor;
    matter_open(draft, &wanted, NULL, words);
    return ALLOWED;
}

// The holder of the other plan may answer, also when it holds that plan only since the question
// was put.
static bool
holds_other(const Draft *draft, const MatterRow *matter)
{
    const Plan *other = draft->context->other;
    return matter->other_plan != 0 && other != NULL && plan_holder(other) == draft->context->actor;
}

static bool
is_party(const Draft *draft, const MatterRow *matter)
{
    const uint32_t actor = draft->context->actor;
    if (matter_rule(matter->kind)->by_partner)
        return actor == matter->partner;
    return actor == matter->turn || actor == matter->accountable || actor == matter->partner ||
           actor == plan_holder(&draft->plan) || holds_other(draft, matter);
}

static Result
find_matter(Draft *draft, uint64_t number, uint32_t version, const MatterRow **ret)
{
    const MatterRow *matter = plan_matter(&draft->plan, number);
    const MatterRow *closed = draft->context->closed.matter;
    const MatterRow *named = matter != NULL ? matter : closed;
    if (named == NULL || !(actor_sees_matter(draft, named) || holds_other(draft, named)))
        return refuse(KT_NO_PART, "matter", arena_format(draft->arena, "m%" PRIu64, number));
    if (matter == NULL)
        return refuse(KT_MATTER_SETTLED, "matter", print_matter(draft, closed));
    if (!is_party(draft, matter))
        return refuse(
            KT_NOT_YOURS, "matter",
            arena_format(draft->arena, "m%" PRIu64 " %s", number,
                         partner_name(draft->context,
                                      matter->partner != 0 ? matter->partner : matter->turn)));
    if (version != 0 && version != matter->version)
        return refuse(KT_MATTER_VERSION, "version", print_matter(draft, matter));
    *ret = matter;
    return ALLOWED;
}

static const char *
answers_text(Draft *draft, const char *const *answers)
{
    const char *text = "";
    for (size_t i = 0; answers[i] != NULL; i++)
        text = i == 0 ? answers[i] : arena_format(draft->arena, "%s, %s", text, answers[i]);
    return text;
}

static Result
check_answer(Draft *draft, const MatterRule *rule, const char *outcome)
{
    for (size_t i = 0; rule->answers[i] != NULL; i++)
        if (strcmp(rule->answers[i], outcome) == 0)
            return ALLOWED;
    return refuse(
        KT_OUTCOME, "outcome",
        arena_format(draft->arena, "%s (%s)", outcome, answers_text(draft, rule->answers)));
}

// The holder solves a bottleneck without a decision, by what the plan itself allows. A rung of
// the ladder decides, within its mandate.
static Result
check_decision(Draft *draft, const MatterRow *matter, const char *outcome)
{
    const bool holds = draft->context->actor == plan_holder(&draft->plan);
    const Rung *rung = matter->rung == 0 ? NULL : ladder_rung(draft->arrangement, matter->rung - 1);
    const bool at_rung = rung != NULL && draft->context->actor == matter->turn;
    if (outcome[0] == '\0' && holds)
        return ALLOWED;
    if (at_rung && rung_may(rung, outcome))
        return ALLOWED;
    return refuse(KT_MANDATE, "outcome",
                  arena_format(draft->arena, "m%" PRIu64 " %s", matter->matter,
                               at_rung ? mandate_text(draft->arena, rung) : "-"));
}

// A row for each kind whose answer does more than settle the matter: whether the actor may give the
// answer now, and what follows from it.
typedef struct Answering {
    MatterKind kind;
    Result (*check)(Draft *draft, const MatterRow *matter, const char *outcome); // NULL: always
    void (*follow)(Draft *draft, const MatterRow *matter, const char *outcome, MatterWhy why);
} Answering;

static const Answering answerings[] = {
    {KETEN__V1__MATTER_KIND__MATTER_MERGE, merge_check, merge_follow},
    {KETEN__V1__MATTER_KIND__MATTER_MOVE, move_check, move_follow},
    {KETEN__V1__MATTER_KIND__MATTER_QUESTION, NULL, question_follow},
};

static const Answering *
answering_of(MatterKind kind)
{
    for (size_t i = 0; i < sizeof answerings / sizeof answerings[0]; i++)
        if (answerings[i].kind == kind)
            return &answerings[i];
    return NULL;
}

Result
decide_matter_settle(Draft *draft, const Command *command)
{
    const Keten__V1__MatterSettle *settle = command->matter_settle;
    const MatterRow *matter = NULL;
    Result result = find_matter(draft, settle->matter, settle->version, &matter);
    if (result.code == KT_OK)
        result = reason_check(settle->reason, strcmp(settle->outcome, "accepted") != 0);
    if (result.code != KT_OK)
        return result;
    const MatterRule *rule = matter_rule(matter->kind);
    result = rule->answers == NULL ? check_decision(draft, matter, settle->outcome)
                                   : check_answer(draft, rule, settle->outcome);
    const Answering *answering = answering_of(matter->kind);
    if (result.code == KT_OK && answering != NULL && answering->check != NULL)
        result = answering->check(draft, matter, settle->outcome);
    if (result.code != KT_OK)
        return result;
    acting_worker(draft, command);
    MatterWhy why;
    why.reason = reason_code(draft, settle->reason, &why.words);
    matter_settle(draft, matter, settle->outcome[0] == '\0' ? "solved" : settle->outcome, why);
    if (answering != NULL)
        answering->follow(draft, matter, settle->outcome, why);
    return ALLOWED;
}

Result
decide_matter_pass(Draft *draft, const Command *command)
{
    const Keten__V1__MatterPass *pass = command->matter_pass;
    const MatterRow *matter = NULL;
    Result result = find_matter(draft, pass->matter, pass->version, &matter);
    if (result.code == KT_OK)
        result = reason_check(pass->reason, true);
    if (result.code != KT_OK)
        return result;
    if (draft->context->actor != matter->turn)
        return refuse(KT_NOT_YOURS, "matter",
                      arena_format(draft->arena, "m%" PRIu64 " %s", matter->matter,
                                   partner_name(draft->context, matter->turn)));
    const MatterState state = matter_state(matter, draft->arrangement->n_ladder);
    if (matter_move(state, MATTER_PASSED_ON) == MATTER_NOT_ALLOWED)
        return refuse(KT_LADDER_TOP, "matter",
                      arena_format(draft->arena, "m%" PRIu64 " %s", matter->matter,
                                   matter_level(draft->arrangement, matter)));
    acting_worker(draft, command);
    MatterWhy why;
    why.reason = reason_code(draft, pass->reason, &why.words);
    matter_climb(draft, matter, false, why);
    return ALLOWED;
}
