// SPDX-License-Identifier: EUPL-1.2
// The border: what is wrong with a command in itself. Knows: forms, limits, the 11-proef, where a
// BSN becomes a token. Must never know: plans, what stands in the state but who the sender is. A
// refusal names the part of the command that is wrong and never its value, which may be personal.
#include "daemon/ledger/check.h"

#include <string.h>

#include "base/assert.h"
#include "daemon/files/arrangement.h"
#include "daemon/files/partner.h"
#include "daemon/ledger/check_details.h"
#include "daemon/ledger/check_plan.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/forms.h"
#include "daemon/ledger/turn.h"
#include "proto/limits.h"
#include "proto/names.h"

// ---- forms ------------------------------------------------------------------------------------

static KtCode
check_step(Checked *checked, uint64_t step, const char *reason)
{
    const KtCode code = form_number(checked, "step", step);
    return code != KT_OK ? code : form_text(checked, "reason", reason, LIMIT_TEXT_BYTES);
}

// ---- bodies -----------------------------------------------------------------------------------

static KtCode
check_signal(Ledger *ledger, Checked *checked, const Command *command)
{
    const Keten__V1__Signal *signal = command->signal;
    KtCode code = form_name(checked, "kind", signal->kind);
    if (code == KT_OK && signal->arrangement[0] != '\0')
        code = form_name(checked, "arrangement", signal->arrangement);
    if (code == KT_OK)
        code = form_fields(checked, signal->fields, signal->n_fields);
    if (code == KT_OK)
        code = form_persons(ledger, checked, signal->persons, signal->n_persons);
    return code != KT_OK ? code
                         : check_details(ledger, checked, signal->details, signal->n_details);
}

static KtCode
check_withdraw(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "signal", command->signal_withdraw->signal);
    if (code != KT_OK)
        return code;
    return form_text(checked, "reason", command->signal_withdraw->reason, LIMIT_TEXT_BYTES);
}

static KtCode
check_correct(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "signal", command->signal_correct->signal);
    if (code != KT_OK)
        return code;
    return form_fields(checked, command->signal_correct->fields, command->signal_correct->n_fields);
}

static KtCode
check_complete(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__StepComplete *complete = command->step_complete;
    KtCode code = form_number(checked, "step", complete->step);
    if (code == KT_OK)
        code = form_count(checked, "facts", complete->n_facts, LIMIT_FACTS_PER_COMMAND);
    for (size_t i = 0; code == KT_OK && i < complete->n_facts; i++) {
        code = form_name(checked, "facts", complete->facts[i]->kind);
        if (code == KT_OK)
            code = form_fields(checked, complete->facts[i]->fields, complete->facts[i]->n_fields);
    }
    return code;
}

// The commands that name a step and at most a reason.
static KtCode
check_step_command(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    switch (command->body_case) {
    case KETEN__V1__COMMAND__BODY_STEP_ACCEPT:
        return check_step(checked, command->step_accept->step, "");
    case KETEN__V1__COMMAND__BODY_STEP_REFUSE:
        return check_step(checked, command->step_refuse->step, command->step_refuse->reason);
    case KETEN__V1__COMMAND__BODY_STEP_FAIL:
        return check_step(checked, command->step_fail->step, command->step_fail->reason);
    case KETEN__V1__COMMAND__BODY_STEP_DROP:
        return check_step(checked, command->step_drop->step, command->step_drop->reason);
    case KETEN__V1__COMMAND__BODY_STEP_WITHDRAW:
        return check_step(checked, command->step_withdraw->step, command->step_withdraw->reason);
    case KETEN__V1__COMMAND__BODY_STEP_EXTEND:
        return check_step(checked, command->step_extend->step, command->step_extend->reason);
    case KETEN__V1__COMMAND__BODY_STEP_SUSPEND:
        return check_step(checked, command->step_suspend->step, command->step_suspend->reason);
    case KETEN__V1__COMMAND__BODY_STEP_RESUME:
        return check_step(checked, command->step_resume->step, "");
    default: // the table below sends nothing else here
        unhandled("command on a step");
    }
}

static KtCode
check_replace(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__StepReplace *replace = command->step_replace;
    const KtCode code = check_step(checked, replace->step, replace->reason);
    return code != KT_OK ? code : form_name(checked, "kind", replace->kind);
}

static KtCode
check_offer(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__StepOffer *offer = command->step_offer;
    KtCode code = form_number(checked, "plan", offer->plan);
    if (code == KT_OK)
        code = form_name(checked, "kind", offer->kind);
    return code != KT_OK || offer->partner[0] == '\0'
               ? code
               : form_name(checked, "partner", offer->partner);
}

static KtCode
check_coordinator(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__CoordinatorOffer *offer = command->coordinator_offer;
    KtCode code = form_number(checked, "plan", offer->plan);
    if (code == KT_OK)
        code = form_name(checked, "partner", offer->partner);
    if (code == KT_OK && offer->worker[0] == '\0')
        code = form_wrong(checked, KT_MISSING, "worker", "worker");
    return code != KT_OK ? code : form_text(checked, "worker", offer->worker, LIMIT_WORKER_BYTES);
}

static KtCode
check_lay_down(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "plan", command->coordinator_leave->plan);
    if (code != KT_OK)
        return code;
    return form_text(checked, "reason", command->coordinator_leave->reason, LIMIT_TEXT_BYTES);
}

// A deputy is a partner and a worker, and only for as long as somebody is away.
static KtCode
check_deputy(Checked *checked, const Keten__V1__CoordinatorAbsent *absent)
{
    if (absent->partner[0] == '\0' && absent->worker[0] == '\0')
        return KT_OK;
    const KtCode code = form_name(checked, "partner", absent->partner);
    if (code != KT_OK)
        return code;
    if (absent->worker[0] == '\0')
        return form_wrong(checked, KT_MISSING, "worker", "worker");
    if (absent->until_ms == 0)
        return form_wrong(checked, KT_MISSING, "until_ms", "until");
    return form_text(checked, "worker", absent->worker, LIMIT_WORKER_BYTES);
}

static KtCode
check_absent(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__CoordinatorAbsent *absent = command->coordinator_absent;
    KtCode code = form_number(checked, "plan", absent->plan);
    if (code == KT_OK)
        code = form_text(checked, "reason", absent->reason, LIMIT_TEXT_BYTES);
    return code != KT_OK ? code : check_deputy(checked, absent);
}

static KtCode
check_accept_plan(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    return form_number(checked, "plan", command->coordinator_accept->plan);
}

static KtCode
check_refuse_plan(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "plan", command->coordinator_refuse->plan);
    if (code != KT_OK)
        return code;
    return form_text(checked, "reason", command->coordinator_refuse->reason, LIMIT_TEXT_BYTES);
}

static KtCode
check_close(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "plan", command->plan_close->plan);
    return code != KT_OK
               ? code
               : form_text(checked, "reason", command->plan_close->reason, LIMIT_TEXT_BYTES);
}

static KtCode
check_bottleneck(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__BottleneckRaise *raise = command->bottleneck_raise;
    KtCode code = form_number(checked, "plan", raise->plan != 0 ? raise->plan : raise->step);
    if (code == KT_OK)
        code = form_text(checked, "reason", raise->reason, LIMIT_TEXT_BYTES);
    if (code == KT_OK && (raise->law || raise->topic[0] != '\0'))
        code = form_name(checked, "topic", raise->topic);
    return code;
}

static KtCode
check_settle(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__MatterSettle *settle = command->matter_settle;
    KtCode code = form_number(checked, "matter", settle->matter);
    if (code == KT_OK && settle->outcome[0] != '\0')
        code = form_name(checked, "outcome", settle->outcome);
    return code != KT_OK ? code : form_text(checked, "reason", settle->reason, LIMIT_TEXT_BYTES);
}

static KtCode
check_pass(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(checked, "matter", command->matter_pass->matter);
    if (code != KT_OK)
        return code;
    return form_text(checked, "reason", command->matter_pass->reason, LIMIT_TEXT_BYTES);
}

// ---- what only an administrator may send ------------------------------------------------------

static const char *const *
partner_names(Ledger *ledger, Arena *arena)
{
    const size_t count = ledger_partner_count(ledger);
    const char **names = arena_take(arena, (count + 1) * sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = ledger_partner_name(ledger, (uint32_t)(i + 1));
    return names;
}

static KtCode
check_arrangement(Ledger *ledger, Checked *checked, const Command *command)
{
    const Keten__V1__ArrangementLoad *load = command->arrangement_load;
    KtCode code = form_text(checked, "file", load->file, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = form_count(checked, "yaml", load->yaml.len, LIMIT_ARRANGEMENT_BYTES);
    if (code != KT_OK)
        return code;
    FileErrors errors = {.items = NULL};
    const char *bytes = load->yaml.data == NULL ? "" : (const char *)load->yaml.data;
    code = arrangement_read(bytes, load->yaml.len, partner_names(ledger, checked->arena),
                            ledger_partner_count(ledger), checked->arena, &checked->arrangement,
                            &errors);
    const char *detail = "";
    if (code == KT_OK)
        code = turn_sound(checked->arrangement, checked->language, checked->arena, &detail);
    if (code == KT_OK || errors.count == 0)
        return code == KT_OK ? KT_OK : form_wrong(checked, code, "yaml", detail);
    const char *file = load->file[0] == '\0' ? "-" : load->file;
    return form_wrong(checked, KT_ARRANGEMENT_FILE, "yaml",
                      file_errors_text(file, &errors, code, checked->language, checked->arena));
}

// "dir/welzijn.yaml" → "welzijn": as in partners.d, the file's name is the partner's.
static const char *
name_of_file(const char *file, Arena *arena)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash == NULL ? file : slash + 1;
    const char *dot = strrchr(base, '.');
    return dot == NULL ? base : arena_copy(arena, base, (size_t)(dot - base));
}

static KtCode
check_partner(Ledger *ledger, Checked *checked, const Command *command)
{
    (void)ledger;
    const Keten__V1__PartnerLoad *load = command->partner_load;
    KtCode code = form_text(checked, "file", load->file, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = form_count(checked, "yaml", load->yaml.len, LIMIT_ARRANGEMENT_BYTES);
    if (code != KT_OK)
        return code;
    const char *name = name_of_file(load->file, checked->arena);
    if (!name_is_valid(name))
        return form_wrong(checked, KT_NAME, "file", name);
    FileErrors errors = {.items = NULL};
    const char *bytes = load->yaml.data == NULL ? "" : (const char *)load->yaml.data;
    code = partner_read(bytes, load->yaml.len, name, checked->arena, &checked->loaded, &errors);
    if (code == KT_OK)
        return KT_OK;
    return form_wrong(
        checked, KT_PARTNER_FILE, "yaml",
        file_errors_text(load->file, &errors, code, checked->language, checked->arena));
}

static KtCode
check_advance(Ledger *ledger, Checked *checked, const Command *command)
{
    if (!ledger->driven)
        return form_wrong(checked, KT_CLOCK_NOT_DRIVEN, "to_ms", "");
    const bool beyond = command->clock_advance->to_ms > INSTANT_MAX_MS;
    return beyond ? form_wrong(checked, KT_TIME, "to_ms", "to") : KT_OK;
}

// ---- the table --------------------------------------------------------------------------------

typedef struct CheckRule {
    Keten__V1__Command__BodyCase body;
    bool administrator;
    KtCode (*check)(Ledger *ledger, Checked *checked, const Command *command);
} CheckRule;

static const CheckRule rules[] = {
    {KETEN__V1__COMMAND__BODY_SIGNAL, false, check_signal},
    {KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW, false, check_withdraw},
    {KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT, false, check_correct},
    {KETEN__V1__COMMAND__BODY_STEP_ACCEPT, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_REFUSE, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_COMPLETE, false, check_complete},
    {KETEN__V1__COMMAND__BODY_STEP_FAIL, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_OFFER, false, check_offer},
    {KETEN__V1__COMMAND__BODY_STEP_REPLACE, false, check_replace},
    {KETEN__V1__COMMAND__BODY_STEP_DROP, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_WITHDRAW, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_SUSPEND, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_EXTEND, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_STEP_RESUME, false, check_step_command},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER, false, check_coordinator},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT, false, check_accept_plan},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE, false, check_refuse_plan},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE, false, check_lay_down},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT, false, check_absent},
    {KETEN__V1__COMMAND__BODY_PLAN_CLOSE, false, check_close},
    {KETEN__V1__COMMAND__BODY_PLAN_MERGE, false, check_merge},
    {KETEN__V1__COMMAND__BODY_PLAN_UNMERGE, false, check_unmerge},
    {KETEN__V1__COMMAND__BODY_PLAN_SPLIT, false, check_split},
    {KETEN__V1__COMMAND__BODY_PLAN_MOVE, false, check_move},
    {KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE, false, check_bottleneck},
    {KETEN__V1__COMMAND__BODY_MATTER_SETTLE, false, check_settle},
    {KETEN__V1__COMMAND__BODY_MATTER_PASS, false, check_pass},
    {KETEN__V1__COMMAND__BODY_MEMBER_JOIN, false, check_join},
    {KETEN__V1__COMMAND__BODY_MEMBER_LEAVE, false, check_leave},
    {KETEN__V1__COMMAND__BODY_MEMBER_LEAD, false, check_lead},
    {KETEN__V1__COMMAND__BODY_PAUSE_START, false, check_pause},
    {KETEN__V1__COMMAND__BODY_PAUSE_END, false, check_pause_end},
    {KETEN__V1__COMMAND__BODY_DELIVERY_REJECT, false, check_reject},
    {KETEN__V1__COMMAND__BODY_DELIVERY_RESEND, false, check_resend},
    {KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP, false, check_give_up},
    {KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD, true, check_arrangement},
    {KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE, true, check_advance},
    {KETEN__V1__COMMAND__BODY_PARTNER_LOAD, true, check_partner},
};

static const CheckRule *
rule_of(Keten__V1__Command__BodyCase body)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].body == body)
            return &rules[i];
    return NULL;
}

KtCode
check_command(Ledger *ledger, uint32_t partner, const Command *command, Checked *checked)
{
    const CheckRule *rule = rule_of(command->body_case);
    if (rule == NULL)
        return form_wrong(checked, KT_MISSING, "body", "body");
    const KtCode code = form_text(checked, "worker", command->worker, LIMIT_WORKER_BYTES);
    if (code != KT_OK)
        return code;
    const PartnerRow *row = ledger_partner(ledger, partner);
    if (rule->administrator && !row->administrator)
        return form_wrong(checked, KT_NOT_ADMINISTRATOR, "body", "");
    return rule->check(ledger, checked, command);
}
