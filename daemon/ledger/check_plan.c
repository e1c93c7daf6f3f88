// SPDX-License-Identifier: EUPL-1.2
// The border of what a plan meets in its years: members, pauses, rejected deliveries, merging,
// parting, moving. Knows: the forms of these commands' parts. Must never know: plans, what stands
// in the state.
#include "daemon/ledger/check_plan.h"

#include <string.h>

#include "base/calendar.h"
#include "daemon/ledger/check_details.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/forms.h"
#include "proto/limits.h"
#include "proto/names.h"

// ---- members ----------------------------------------------------------------------------------

static KtCode
check_person(Ledger *ledger, Checked *checked, const char *person)
{
    char *const persons[] = {unconst(person)};
    if (person[0] == '\0')
        return form_wrong(checked, KT_MISSING, "person", "person");
    const KtCode code = form_persons(ledger, checked, persons, 1);
    if (code != KT_OK)
        checked->field = "person";
    return code;
}

static KtCode
check_day(Checked *checked, const char *field, const char *day)
{
    Date date;
    if (day[0] == '\0' || date_parse(text_of(day), &date))
        return KT_OK;
    return form_wrong(checked, KT_FORM, field,
                      arena_format(checked->arena, "%s: YYYY-MM-DD", field));
}

KtCode
check_join(Ledger *ledger, Checked *checked, const Command *command)
{
    const Keten__V1__MemberJoin *join = command->member_join;
    KtCode code = form_number(checked, "plan", join->plan);
    if (code == KT_OK)
        code = check_day(checked, "since", join->since);
    if (code == KT_OK)
        code = form_text(checked, "why", join->why, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = check_person(ledger, checked, join->person);
    return code != KT_OK
               ? code
               : check_details(ledger, checked, &join->details, join->details == NULL ? 0 : 1);
}

// A pseudonym is looked for among the members later; here it has no token yet.
static KtCode
check_member(Ledger *ledger, Checked *checked, const char *person)
{
    if (strncmp(person, "pn-", 3) == 0)
        return form_text(checked, "person", person, 23);
    return check_person(ledger, checked, person);
}

KtCode
check_leave(Ledger *ledger, Checked *checked, const Command *command)
{
    const Keten__V1__MemberLeave *leave = command->member_leave;
    KtCode code = form_number(checked, "plan", leave->plan);
    if (code == KT_OK)
        code = check_day(checked, "on", leave->on);
    if (code == KT_OK)
        code = form_text(checked, "why", leave->why, LIMIT_TEXT_BYTES);
    if (code == KT_OK && leave->to[0] != '\0')
        code = form_name(checked, "to", leave->to);
    return code != KT_OK ? code : check_member(ledger, checked, leave->person);
}

KtCode
check_lead(Ledger *ledger, Checked *checked, const Command *command)
{
    const KtCode code = form_number(checked, "plan", command->member_lead->plan);
    return code != KT_OK ? code : check_member(ledger, checked, command->member_lead->person);
}

KtCode
check_pause(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__PauseStart *start = command->pause_start;
    KtCode code = form_number(checked, "plan", start->plan);
    if (code == KT_OK)
        code = form_count(checked, "actions", start->n_actions, LIMIT_ACTIONS_PER_PAUSE);
    for (size_t i = 0; code == KT_OK && i < start->n_actions; i++)
        code = form_name(checked, "actions", start->actions[i]);
    return code != KT_OK ? code : form_text(checked, "reason", start->reason, LIMIT_TEXT_BYTES);
}

KtCode
check_pause_end(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "plan", command->pause_end->plan);
    return code != KT_OK
               ? code
               : form_text(checked, "reason", command->pause_end->reason, LIMIT_TEXT_BYTES);
}

KtCode
check_reject(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__DeliveryReject *reject = command->delivery_reject;
    KtCode code = form_number(checked, "history", reject->history);
    if (code == KT_OK)
        code = form_number(checked, "n", reject->n);
    if (code == KT_OK)
        code = form_text(checked, "reason", reject->reason, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = form_text(checked, "words", reject->words, LIMIT_TEXT_BYTES);
    // Own words stand in one of the two.
    if (code == KT_OK && reject->words[0] != '\0' && !reason_is_code(reject->reason))
        code = form_wrong(checked, KT_NAME, "reason", "reason");
    return code;
}

static KtCode
check_rejected(Checked *checked, uint64_t n, const char *partner, uint64_t matter)
{
    const KtCode code = matter != 0 ? KT_OK : form_number(checked, "n", n);
    return code != KT_OK || partner[0] == '\0' ? code : form_name(checked, "partner", partner);
}

KtCode
check_resend(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__DeliveryResend *resend = command->delivery_resend;
    return check_rejected(checked, resend->n, resend->partner, resend->matter);
}

KtCode
check_give_up(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__DeliveryGiveUp *give_up = command->delivery_give_up;
    const KtCode code = check_rejected(checked, give_up->n, give_up->partner, give_up->matter);
    return code != KT_OK ? code : form_text(checked, "reason", give_up->reason, LIMIT_TEXT_BYTES);
}

// ---- two plans --------------------------------------------------------------------------------

static KtCode
check_two_plans(Checked *checked, uint64_t plan, uint64_t other, const char *reason)
{
    KtCode code = form_number(checked, "plan", plan);
    if (code == KT_OK)
        code = form_number(checked, "other", other);
    return code != KT_OK ? code : form_text(checked, "reason", reason, LIMIT_TEXT_BYTES);
}

KtCode
check_merge(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__PlanMerge *merge = command->plan_merge;
    return check_two_plans(checked, merge->plan, merge->other, merge->reason);
}

KtCode
check_unmerge(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__PlanUnmerge *unmerge = command->plan_unmerge;
    return check_two_plans(checked, unmerge->plan, unmerge->other, unmerge->reason);
}

// Pseudonyms are looked for among the members later; numbers become tokens here.
static KtCode
check_members(Ledger *ledger, Checked *checked, char *const *persons, size_t count)
{
    char **numbers = arena_take(checked->arena, (count + 1) * sizeof *numbers);
    size_t found = 0;
    KtCode code = count == 0 ? form_wrong(checked, KT_MISSING, "persons", "persons")
                             : form_count(checked, "persons", count, LIMIT_PERSONS_PER_SIGNAL);
    for (size_t i = 0; code == KT_OK && i < count; i++)
        if (strncmp(persons[i], "pn-", 3) == 0)
            code = form_text(checked, "persons", persons[i], 23);
        else
            numbers[found++] = persons[i];
    return code != KT_OK || found == 0 ? code : form_persons(ledger, checked, numbers, found);
}

KtCode
check_split(Ledger *ledger, Checked *checked, const Command *command)
{
    const Keten__V1__PlanSplit *split = command->plan_split;
    KtCode code = form_number(checked, "plan", split->plan);
    if (code == KT_OK)
        code = form_count(checked, "steps", split->n_steps, LIMIT_OPEN_STEPS_PER_PLAN);
    if (code == KT_OK)
        code = form_text(checked, "reason", split->reason, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = check_members(ledger, checked, split->persons, split->n_persons);
    return code;
}

KtCode
check_move(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__PlanMove *move = command->plan_move;
    KtCode code = form_number(checked, "plan", move->plan);
    if (code == KT_OK)
        code = form_name(checked, "arrangement", move->arrangement);
    return code != KT_OK ? code : form_text(checked, "reason", move->reason, LIMIT_TEXT_BYTES);
}
