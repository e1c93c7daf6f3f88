// SPDX-License-Identifier: EUPL-1.2
// Checks a command by itself, before anything is loaded.
// Knows: which commands only an administrator may send, the form of each field
// (proto/commands.def). Must never know: plans; of the state it reads the sender alone.
// Path: check_command → check_numbers → check_fields → one form per row, in the order of the rows.
// Failure: the first form that is not met is the refusal; it names the field and never its value.
#include "daemon/ledger/check.h"

#include "base/assert.h"
#include "daemon/ledger/check_details.h"
#include "daemon/ledger/check_files.h"
#include "daemon/ledger/check_numbers.h"
#include "daemon/ledger/check_rules.h"
#include "daemon/ledger/core.h"
#include "daemon/ledger/form_persons.h"
#include "daemon/ledger/forms.h"
#include "proto/commands.h"
#include "proto/limits.h"

// One row of the list below: the beginning of a command, or a field of the command above it.
typedef struct FormRow {
    Keten__V1__Command__BodyCase body; // of a beginning; 0 in the row of a field
    const char *name;
    size_t value_at; // offset in the body
    size_t count_at; // offset of a repeated field's count; 0: not repeated
    size_t most;
    Form form;
} FormRow;

static const FormRow rows[] = {
#define COMMAND(NAME, member_name, Type, since, subject, member, version, load, handler)           \
    {.body = KETEN__V1__COMMAND__BODY_##NAME},
#define ADMINISTRATION(NAME, member_name, Type, since, subject, member, version, load)             \
    {.body = KETEN__V1__COMMAND__BODY_##NAME},
#define FIELD(Type, member, function, limit)                                                       \
    .name = #member, .value_at = offsetof(Keten__V1__##Type, member), .most = (limit),             \
    .form = (function)
#define FORM(Type, member, shape, limit) {FIELD(Type, member, form_##shape, limit)},
#define CHECK(Type, member, check)       {FIELD(Type, member, check, 0)},
#define LIST(Type, member, shape, limit)                                                           \
    {FIELD(Type, member, form_##shape, limit), .count_at = offsetof(Keten__V1__##Type, n_##member)},
#include "proto/commands.def"
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static const FormRow *
beginning_of(Keten__V1__Command__BodyCase body)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].body == body)
            return &rows[i];
    unhandled("command without forms");
}

// The fields that name or describe persons become tokens, so that nothing behind them knows a
// citizen service number. Every other text is kept as it is and may hold none.
static bool
is_for_persons(const Command *command, size_t offset)
{
    static const Form forms[] = {form_persons, form_person,          form_member,
                                 form_members, check_signal_details, check_join_details};
    const FormRow *row = beginning_of(command->body_case) + 1;
    for (; row < rows + ROW_COUNT && row->body == 0; row++)
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
            if (row->value_at == offset && row->form == forms[i])
                return true;
    return false;
}

static KtCode
check_fields(Ledger *ledger, const Command *command, Checked *checked)
{
    const char *body = command_body(command);
    FormField field = {.ledger = ledger, .checked = checked, .command = command};
    KtCode code = KT_OK;
    const FormRow *row = beginning_of(command->body_case) + 1;
    for (; code == KT_OK && row < rows + ROW_COUNT && row->body == 0; row++) {
        field.name = row->name;
        field.value = body + row->value_at;
        field.count =
            row->count_at == 0 ? 0 : *(const size_t *)(const void *)(body + row->count_at);
        field.most = row->most;
        code = row->form(&field);
    }
    return code;
}

KtCode
check_command(Ledger *ledger, uint32_t partner, const Command *command, Checked *checked)
{
    ASSERT(command != NULL && checked != NULL && checked->arena != NULL);
    const CommandRow *row = command_row(command->body_case);
    if (row == NULL)
        return value_wrong(checked, KT_MISSING, "body", "body");
    const KtCode code = value_worker(checked, "worker", command->worker);
    if (code != KT_OK)
        return code;
    const PartnerRow *sender = ledger_partner(ledger, partner);
    ASSERT(sender != NULL); // ledger_command refuses an unknown partner before
    if (row->administrator && !sender->administrator)
        return value_wrong(checked, KT_NOT_ADMINISTRATOR, "body", "");
    const KtCode found = check_numbers(command, is_for_persons, checked);
    return found != KT_OK ? found : check_fields(ledger, command, checked);
}
