// SPDX-License-Identifier: EUPL-1.2
// See shared.h. Must never know: which command is decided.
#include "daemon/engine/handlers/shared.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/engine/record/step_states.h"
#include "daemon/engine/rules/visibility.h"
#include "proto/limits.h"
#include "proto/names.h"

bool
actor_participates(const Draft *draft)
{
    return is_participant(&draft->plan, draft->context->actor);
}

bool
actor_sees_step(const Draft *draft, const StepRow *step)
{
    const uint32_t actor = draft->context->actor;
    return step_is_visible(step, actor, plan_is_held_by(&draft->plan, actor));
}

bool
actor_sees_matter(const Draft *draft, const MatterRow *matter)
{
    const uint32_t actor = draft->context->actor;
    return matter_is_visible(matter, actor, plan_is_held_by(&draft->plan, actor));
}

uint64_t
acting_worker(Draft *draft, const Command *command)
{
    if (draft->context->worker == NULL)
        return 0;
    return draft->record->head->worker =
               draft_person(draft, draft->context->worker, command->worker);
}

Result
reason_check(const char *reason, bool required)
{
    if (required && reason[0] == '\0')
        return refuse(KT_REASON, "reason", "");
    if (strlen(reason) > LIMIT_TEXT_BYTES)
        return refuse(KT_LIMIT, "reason", "reason");
    return ALLOWED;
}

const char *
reason_code(Draft *draft, const char *reason, uint32_t *ret_text)
{
    *ret_text = 0;
    if (reason[0] == '\0' || reason_is_code(reason))
        return reason;
    PartBody body = KETEN__V1__PART_BODY__INIT;
    body.text = (char *)(uintptr_t)reason;
    *ret_text =
        draft_personal_part(draft, plan_first_member(&draft->plan, draft->origin), &body) + 1;
    return "other";
}

const char *
print_plan(Draft *draft, uint64_t plan)
{
    return arena_format(draft->arena, "p%" PRIu64, plan);
}

const char *
print_matter(Draft *draft, const MatterRow *matter)
{
    return arena_format(draft->arena, "m%" PRIu64 "@%" PRIu32, matter->matter, matter->version);
}

const char *
print_day(Draft *draft, int32_t day)
{
    const Date date = date_of_day(day);
    return arena_format(draft->arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

const char *
print_step(Draft *draft, const StepRow *step)
{
    return arena_format(draft->arena, "s%" PRIu64 "@%" PRIu32 " %s", step->step, step->version,
                        state_rule(step->state)->name);
}

Result
check_open(Draft *draft, uint64_t plan)
{
    if (draft->plan.row.plan == 0 || !actor_participates(draft))
        return refuse(KT_NO_PART, "plan", print_plan(draft, plan));
    if (draft->plan.row.state != KETEN__V1__PLAN_STATE__PLAN_OPEN)
        return refuse(KT_PLAN_CLOSED, "plan", print_plan(draft, plan));
    return ALLOWED;
}

Result
check_holds(Draft *draft, uint64_t plan)
{
    const Result result = check_open(draft, plan);
    const uint32_t holder = plan_holder(&draft->plan);
    if (result.code != KT_OK || holder == draft->context->actor)
        return result;
    return refuse(
        KT_NOT_YOURS, "plan",
        arena_format(draft->arena, "p%" PRIu64 " %s", plan, partner_name(draft->context, holder)));
}
