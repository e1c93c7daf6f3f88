// SPDX-License-Identifier: EUPL-1.2
// The border: what is wrong with a command in itself. Knows: forms, limits, the 11-proef, where a
// BSN becomes a token. Must never know: plans, what stands in the state but who the sender is. A
// refusal names the part of the command that is wrong and never its value, which may be personal.
#include <string.h>

#include "base/assert.h"
#include "daemon/files/arrangement.h"
#include "daemon/ledger/check.h"
#include "proto/limits.h"
#include "proto/names.h"

KtCode
form_wrong(Border *border, KtCode code, const char *field, const char *detail)
{
    border->field = field;
    border->detail = detail;
    return code;
}

// ---- forms ------------------------------------------------------------------------------------

KtCode
form_count(Border *border, const char *field, size_t count, size_t most)
{
    if (count <= most)
        return KT_OK;
    return form_wrong(border, KT_LIMIT, field,
                      arena_format(border->arena, "%s %zu, %zu", field, count, most));
}

KtCode
form_number(Border *border, const char *field, uint64_t number)
{
    return number != 0 ? KT_OK : form_wrong(border, KT_MISSING, field, field);
}

KtCode
form_text(Border *border, const char *field, const char *text, size_t most)
{
    const size_t length = strlen(text);
    if (!text_is_utf8(text, length))
        return form_wrong(border, KT_FRAME, field, arena_format(border->arena, "%s: UTF-8", field));
    return form_count(border, field, length, most);
}

KtCode
form_name(Border *border, const char *field, const char *name)
{
    if (name[0] == '\0')
        return form_wrong(border, KT_MISSING, field, field);
    return name_is_valid(name) ? KT_OK : form_wrong(border, KT_NAME, field, field);
}

static KtCode
form_fields(Border *border, Field *const *fields, size_t count)
{
    KtCode code = form_count(border, "fields", count, LIMIT_FIELDS_PER_FACT);
    for (size_t i = 0; code == KT_OK && i < count; i++) {
        code = form_name(border, "fields", fields[i]->name);
        if (code == KT_OK)
            code = form_text(border, "fields", fields[i]->value, LIMIT_TEXT_BYTES);
    }
    return code;
}

static KtCode
check_step(Border *border, uint64_t step, const char *reason)
{
    const KtCode code = form_number(border, "step", step);
    return code != KT_OK ? code : form_text(border, "reason", reason, LIMIT_TEXT_BYTES);
}

// ---- bodies -----------------------------------------------------------------------------------

KtCode
form_persons(Ledger *ledger, Border *border, char *const *persons, size_t count)
{
    if (count == 0)
        return form_wrong(border, KT_MISSING, "persons", "persons");
    const KtCode code = form_count(border, "persons", count, LIMIT_PERSONS_PER_SIGNAL);
    if (code != KT_OK)
        return code;
    border->tokens = arena_take(border->arena, count * sizeof *border->tokens);
    for (size_t i = 0; i < count; i++) {
        char bsn[10];
        if (!bsn_parse(persons[i], bsn))
            return form_wrong(border, KT_BSN, "persons", arena_format(border->arena, "%zu", i + 1));
        secret_person_token(ledger->secrets, bsn, border->tokens[i]);
        explicit_bzero(bsn, sizeof bsn);
    }
    border->token_count = count;
    return KT_OK;
}

static KtCode
border_signal(Ledger *ledger, Border *border, const Command *command)
{
    const Keten__V1__Signal *signal = command->signal;
    KtCode code = form_name(border, "kind", signal->kind);
    if (code == KT_OK && signal->arrangement[0] != '\0')
        code = form_name(border, "arrangement", signal->arrangement);
    if (code == KT_OK)
        code = form_fields(border, signal->fields, signal->n_fields);
    if (code == KT_OK)
        code = form_persons(ledger, border, signal->persons, signal->n_persons);
    return code != KT_OK ? code
                         : border_details(ledger, border, signal->details, signal->n_details);
}

static KtCode
border_withdraw(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(border, "signal", command->signal_withdraw->signal);
    if (code != KT_OK)
        return code;
    return form_text(border, "reason", command->signal_withdraw->reason, LIMIT_TEXT_BYTES);
}

static KtCode
border_correct(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(border, "signal", command->signal_correct->signal);
    if (code != KT_OK)
        return code;
    return form_fields(border, command->signal_correct->fields, command->signal_correct->n_fields);
}

static KtCode
border_complete(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__StepComplete *complete = command->step_complete;
    KtCode code = form_number(border, "step", complete->step);
    if (code == KT_OK)
        code = form_count(border, "facts", complete->n_facts, LIMIT_FACTS_PER_COMMAND);
    for (size_t i = 0; code == KT_OK && i < complete->n_facts; i++) {
        code = form_name(border, "facts", complete->facts[i]->kind);
        if (code == KT_OK)
            code = form_fields(border, complete->facts[i]->fields, complete->facts[i]->n_fields);
    }
    return code;
}

// The commands that name a step and at most a reason.
static KtCode
border_step(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    switch (command->body_case) {
    case KETEN__V1__COMMAND__BODY_STEP_ACCEPT:
        return check_step(border, command->step_accept->step, "");
    case KETEN__V1__COMMAND__BODY_STEP_REFUSE:
        return check_step(border, command->step_refuse->step, command->step_refuse->reason);
    case KETEN__V1__COMMAND__BODY_STEP_FAIL:
        return check_step(border, command->step_fail->step, command->step_fail->reason);
    case KETEN__V1__COMMAND__BODY_STEP_DROP:
        return check_step(border, command->step_drop->step, command->step_drop->reason);
    case KETEN__V1__COMMAND__BODY_STEP_WITHDRAW:
        return check_step(border, command->step_withdraw->step, command->step_withdraw->reason);
    case KETEN__V1__COMMAND__BODY_STEP_EXTEND:
        return check_step(border, command->step_extend->step, command->step_extend->reason);
    case KETEN__V1__COMMAND__BODY_STEP_SUSPEND:
        return check_step(border, command->step_suspend->step, command->step_suspend->reason);
    case KETEN__V1__COMMAND__BODY_STEP_RESUME:
        return check_step(border, command->step_resume->step, "");
    default: // the table below sends nothing else here
        unhandled("command on a step");
    }
}

static KtCode
border_replace(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__StepReplace *replace = command->step_replace;
    const KtCode code = check_step(border, replace->step, replace->reason);
    return code != KT_OK ? code : form_name(border, "kind", replace->kind);
}

static KtCode
border_offer(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__StepOffer *offer = command->step_offer;
    KtCode code = form_number(border, "plan", offer->plan);
    if (code == KT_OK)
        code = form_name(border, "kind", offer->kind);
    return code != KT_OK || offer->partner[0] == '\0'
               ? code
               : form_name(border, "partner", offer->partner);
}

static KtCode
border_coordinator(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__CoordinatorOffer *offer = command->coordinator_offer;
    KtCode code = form_number(border, "plan", offer->plan);
    if (code == KT_OK)
        code = form_name(border, "partner", offer->partner);
    if (code == KT_OK && offer->worker[0] == '\0')
        code = form_wrong(border, KT_MISSING, "worker", "worker");
    return code != KT_OK ? code : form_text(border, "worker", offer->worker, LIMIT_WORKER_BYTES);
}

static KtCode
border_lay_down(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(border, "plan", command->coordinator_leave->plan);
    if (code != KT_OK)
        return code;
    return form_text(border, "reason", command->coordinator_leave->reason, LIMIT_TEXT_BYTES);
}

// A deputy is a partner and a worker, and only for as long as somebody is away.
static KtCode
check_deputy(Border *border, const Keten__V1__CoordinatorAbsent *absent)
{
    if (absent->partner[0] == '\0' && absent->worker[0] == '\0')
        return KT_OK;
    const KtCode code = form_name(border, "partner", absent->partner);
    if (code != KT_OK)
        return code;
    if (absent->worker[0] == '\0')
        return form_wrong(border, KT_MISSING, "worker", "worker");
    if (absent->until_ms == 0)
        return form_wrong(border, KT_MISSING, "until_ms", "until");
    return form_text(border, "worker", absent->worker, LIMIT_WORKER_BYTES);
}

static KtCode
border_absent(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__CoordinatorAbsent *absent = command->coordinator_absent;
    KtCode code = form_number(border, "plan", absent->plan);
    if (code == KT_OK)
        code = form_text(border, "reason", absent->reason, LIMIT_TEXT_BYTES);
    return code != KT_OK ? code : check_deputy(border, absent);
}

static KtCode
border_accept_plan(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    return form_number(border, "plan", command->coordinator_accept->plan);
}

static KtCode
border_refuse_plan(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(border, "plan", command->coordinator_refuse->plan);
    if (code != KT_OK)
        return code;
    return form_text(border, "reason", command->coordinator_refuse->reason, LIMIT_TEXT_BYTES);
}

static KtCode
border_close(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(border, "plan", command->plan_close->plan);
    return code != KT_OK
               ? code
               : form_text(border, "reason", command->plan_close->reason, LIMIT_TEXT_BYTES);
}

static KtCode
border_bottleneck(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__BottleneckRaise *raise = command->bottleneck_raise;
    KtCode code = form_number(border, "plan", raise->plan != 0 ? raise->plan : raise->step);
    if (code == KT_OK)
        code = form_text(border, "reason", raise->reason, LIMIT_TEXT_BYTES);
    if (code == KT_OK && (raise->law || raise->topic[0] != '\0'))
        code = form_name(border, "topic", raise->topic);
    return code;
}

static KtCode
border_settle(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__MatterSettle *settle = command->matter_settle;
    KtCode code = form_number(border, "matter", settle->matter);
    if (code == KT_OK && settle->outcome[0] != '\0')
        code = form_name(border, "outcome", settle->outcome);
    return code != KT_OK ? code : form_text(border, "reason", settle->reason, LIMIT_TEXT_BYTES);
}

static KtCode
border_pass(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const KtCode code = form_number(border, "matter", command->matter_pass->matter);
    if (code != KT_OK)
        return code;
    return form_text(border, "reason", command->matter_pass->reason, LIMIT_TEXT_BYTES);
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
border_arrangement(Ledger *ledger, Border *border, const Command *command)
{
    const Keten__V1__ArrangementLoad *load = command->arrangement_load;
    KtCode code = form_text(border, "file", load->file, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = form_count(border, "yaml", load->yaml.len, LIMIT_ARRANGEMENT_BYTES);
    if (code != KT_OK)
        return code;
    FileErrors errors = {.items = NULL};
    const char *bytes = load->yaml.data == NULL ? "" : (const char *)load->yaml.data;
    code = arrangement_read(bytes, load->yaml.len, partner_names(ledger, border->arena),
                            ledger_partner_count(ledger), border->arena, &border->arrangement,
                            &errors);
    const char *detail = "";
    if (code == KT_OK)
        code = turn_sound(border->arrangement, border->language, border->arena, &detail);
    if (code == KT_OK || errors.count == 0)
        return code == KT_OK ? KT_OK : form_wrong(border, code, "yaml", detail);
    const char *file = load->file[0] == '\0' ? "-" : load->file;
    return form_wrong(border, KT_ARRANGEMENT_FILE, "yaml",
                      file_errors_text(file, &errors, code, border->language, border->arena));
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
border_partner(Ledger *ledger, Border *border, const Command *command)
{
    (void)ledger;
    const Keten__V1__PartnerLoad *load = command->partner_load;
    KtCode code = form_text(border, "file", load->file, LIMIT_TEXT_BYTES);
    if (code == KT_OK)
        code = form_count(border, "yaml", load->yaml.len, LIMIT_ARRANGEMENT_BYTES);
    if (code != KT_OK)
        return code;
    const char *name = name_of_file(load->file, border->arena);
    if (!name_is_valid(name))
        return form_wrong(border, KT_NAME, "file", name);
    FileErrors errors = {.items = NULL};
    const char *bytes = load->yaml.data == NULL ? "" : (const char *)load->yaml.data;
    code = partner_read(bytes, load->yaml.len, name, border->arena, &border->loaded, &errors);
    if (code == KT_OK)
        return KT_OK;
    return form_wrong(border, KT_PARTNER_FILE, "yaml",
                      file_errors_text(load->file, &errors, code, border->language, border->arena));
}

static KtCode
border_advance(Ledger *ledger, Border *border, const Command *command)
{
    if (!ledger->driven)
        return form_wrong(border, KT_CLOCK_NOT_DRIVEN, "to_ms", "");
    const bool beyond = command->clock_advance->to_ms > INSTANT_MAX_MS;
    return beyond ? form_wrong(border, KT_TIME, "to_ms", "to") : KT_OK;
}

// ---- the table --------------------------------------------------------------------------------

typedef struct BorderRule {
    Keten__V1__Command__BodyCase body;
    bool administrator;
    KtCode (*check)(Ledger *ledger, Border *border, const Command *command);
} BorderRule;

static const BorderRule rules[] = {
    {KETEN__V1__COMMAND__BODY_SIGNAL, false, border_signal},
    {KETEN__V1__COMMAND__BODY_SIGNAL_WITHDRAW, false, border_withdraw},
    {KETEN__V1__COMMAND__BODY_SIGNAL_CORRECT, false, border_correct},
    {KETEN__V1__COMMAND__BODY_STEP_ACCEPT, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_REFUSE, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_COMPLETE, false, border_complete},
    {KETEN__V1__COMMAND__BODY_STEP_FAIL, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_OFFER, false, border_offer},
    {KETEN__V1__COMMAND__BODY_STEP_REPLACE, false, border_replace},
    {KETEN__V1__COMMAND__BODY_STEP_DROP, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_WITHDRAW, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_SUSPEND, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_EXTEND, false, border_step},
    {KETEN__V1__COMMAND__BODY_STEP_RESUME, false, border_step},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_OFFER, false, border_coordinator},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_ACCEPT, false, border_accept_plan},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_REFUSE, false, border_refuse_plan},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_LEAVE, false, border_lay_down},
    {KETEN__V1__COMMAND__BODY_COORDINATOR_ABSENT, false, border_absent},
    {KETEN__V1__COMMAND__BODY_PLAN_CLOSE, false, border_close},
    {KETEN__V1__COMMAND__BODY_PLAN_MERGE, false, border_merge},
    {KETEN__V1__COMMAND__BODY_PLAN_UNMERGE, false, border_unmerge},
    {KETEN__V1__COMMAND__BODY_PLAN_SPLIT, false, border_split},
    {KETEN__V1__COMMAND__BODY_PLAN_MOVE, false, border_move},
    {KETEN__V1__COMMAND__BODY_BOTTLENECK_RAISE, false, border_bottleneck},
    {KETEN__V1__COMMAND__BODY_MATTER_SETTLE, false, border_settle},
    {KETEN__V1__COMMAND__BODY_MATTER_PASS, false, border_pass},
    {KETEN__V1__COMMAND__BODY_MEMBER_JOIN, false, border_join},
    {KETEN__V1__COMMAND__BODY_MEMBER_LEAVE, false, border_leave},
    {KETEN__V1__COMMAND__BODY_MEMBER_LEAD, false, border_lead},
    {KETEN__V1__COMMAND__BODY_PAUSE_START, false, border_pause},
    {KETEN__V1__COMMAND__BODY_PAUSE_END, false, border_pause_end},
    {KETEN__V1__COMMAND__BODY_DELIVERY_REJECT, false, border_reject},
    {KETEN__V1__COMMAND__BODY_DELIVERY_RESEND, false, border_resend},
    {KETEN__V1__COMMAND__BODY_DELIVERY_GIVE_UP, false, border_give_up},
    {KETEN__V1__COMMAND__BODY_ARRANGEMENT_LOAD, true, border_arrangement},
    {KETEN__V1__COMMAND__BODY_CLOCK_ADVANCE, true, border_advance},
    {KETEN__V1__COMMAND__BODY_PARTNER_LOAD, true, border_partner},
};

static const BorderRule *
rule_of(Keten__V1__Command__BodyCase body)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].body == body)
            return &rules[i];
    return NULL;
}

KtCode
border_command(Ledger *ledger, uint32_t partner, const Command *command, Border *border)
{
    const BorderRule *rule = rule_of(command->body_case);
    if (rule == NULL)
        return form_wrong(border, KT_MISSING, "body", "body");
    const KtCode code = form_text(border, "worker", command->worker, LIMIT_WORKER_BYTES);
    if (code != KT_OK)
        return code;
    const PartnerRow *row = ledger_partner(ledger, partner);
    if (rule->administrator && !row->administrator)
        return form_wrong(border, KT_NOT_ADMINISTRATOR, "body", "");
    return rule->check(ledger, border, command);
}
