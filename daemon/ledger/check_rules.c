// SPDX-License-Identifier: EUPL-1.2
// Checks fields that depend on each other. Knows: which fields of a command those are. Must never
// know: plans, what stands in the state. Path: check_command calls a check at the place of its row
// in proto/commands.def.
#include "daemon/ledger/check_rules.h"

#include "base/calendar.h"
#include "daemon/ledger/core.h"
#include "proto/limits.h"
#include "proto/names.h"

KtCode
check_plan_or_step(const FormField *field)
{
    const Keten__V1__BottleneckRaise *raise = field->command->bottleneck_raise;
    return value_number(field->checked, field->name, raise->plan != 0 ? raise->plan : raise->step);
}

KtCode
check_topic(const FormField *field)
{
    return field->command->bottleneck_raise->law ? form_name(field) : form_optional_name(field);
}

KtCode
check_deputy(const FormField *field)
{
    Checked *checked = field->checked;
    const Keten__V1__CoordinatorAbsent *absent = field->command->coordinator_absent;
    if (absent->partner[0] == '\0' && absent->worker[0] == '\0')
        return KT_OK;
    const KtCode code = value_name(checked, "partner", absent->partner);
    if (code != KT_OK)
        return code;
    if (absent->worker[0] == '\0')
        return value_wrong(checked, KT_MISSING, "worker", "worker");
    if (absent->until_ms == 0)
        return value_wrong(checked, KT_MISSING, "until_ms", "until");
    return value_worker(checked, "worker", absent->worker);
}

KtCode
check_words(const FormField *field)
{
    const Keten__V1__DeliveryReject *reject = field->command->delivery_reject;
    if (reject->words[0] == '\0' || reason_is_code(reject->reason))
        return KT_OK;
    return value_wrong(field->checked, KT_NAME, field->name, field->name);
}

KtCode
check_resent(const FormField *field)
{
    return field->command->delivery_resend->matter != 0 ? KT_OK : form_number(field);
}

KtCode
check_given_up(const FormField *field)
{
    return field->command->delivery_give_up->matter != 0 ? KT_OK : form_number(field);
}

KtCode
check_clock(const FormField *field)
{
    if (!field->ledger->driven)
        return value_wrong(field->checked, KT_CLOCK_NOT_DRIVEN, field->name, "");
    const bool beyond = field->command->clock_advance->to_ms > INSTANT_MAX_MS;
    return beyond ? value_wrong(field->checked, KT_TIME, field->name, "to") : KT_OK;
}

KtCode
check_clock_accept(const FormField *field)
{
    const Ledger *ledger = field->ledger;
    const int64_t about_ms = field->command->clock_accept->about_ms;
    if (ledger->driven)
        return value_wrong(field->checked, KT_CLOCK_DRIVEN, field->name, "");
    if (!ledger->clock.acceptable)
        return value_wrong(field->checked, KT_CLOCK_FOLLOWED, field->name, "");
    const int64_t wall_ms = ledger->clock.wall_ms;
    if (about_ms == 0 || (about_ms >= wall_ms - HOUR_MS && about_ms <= wall_ms + HOUR_MS))
        return KT_OK;
    char shown[INSTANT_TEXT_BYTES];
    instant_format(wall_ms, shown);
    return value_wrong(field->checked, KT_CLOCK_OTHER, field->name,
                       arena_text(field->checked->arena, shown));
}
