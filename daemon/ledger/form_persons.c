// SPDX-License-Identifier: EUPL-1.2
// Turns citizen service numbers into keyed tokens. Knows: how a number is written (bsn_parse). Must
// never know: plans, which persons are recorded.
// Path: every form ends in make_tokens; behind it nothing knows a citizen service number. A
// pseudonym gets its token later, when the members of the plan are loaded (context_person.h).
#include "daemon/ledger/form_persons.h"

#include <string.h>

#include "daemon/ledger/core.h"
#include "proto/limits.h"
#include "proto/names.h"
#include "proto/sizes.h"

#define PSEUDONYM_BYTES 23u // "pn-" and twenty characters

static KtCode
make_tokens(const FormField *field, char *const *persons, size_t count)
{
    Checked *checked = field->checked;
    checked->tokens = arena_take(checked->arena, count * sizeof *checked->tokens);
    for (size_t i = 0; i < count; i++) {
        char bsn[BSN_TEXT_BYTES];
        if (!bsn_parse(persons[i], bsn))
            return value_wrong(checked, KT_BSN, field->name,
                               arena_format(checked->arena, "%zu", i + 1));
        secret_person_token(field->ledger->secrets, bsn, checked->tokens[i]);
        explicit_bzero(bsn, sizeof bsn);
    }
    checked->token_count = count;
    return KT_OK;
}

static KtCode
some_persons(const FormField *field)
{
    if (field->count == 0)
        return value_wrong(field->checked, KT_MISSING, field->name, field->name);
    return form_count(field);
}

KtCode
form_persons(const FormField *field)
{
    const KtCode code = some_persons(field);
    return code != KT_OK ? code : make_tokens(field, *(char **const *)field->value, field->count);
}

KtCode
form_person(const FormField *field)
{
    char *const *person = field->value;
    if (person[0][0] == '\0')
        return value_wrong(field->checked, KT_MISSING, field->name, field->name);
    return make_tokens(field, person, 1);
}

static bool
is_pseudonym(const char *person)
{
    return strncmp(person, "pn-", 3) == 0;
}

KtCode
form_member(const FormField *field)
{
    const char *person = *(char *const *)field->value;
    if (is_pseudonym(person))
        return value_text(field->checked, field->name, person, PSEUDONYM_BYTES);
    return form_person(field);
}

KtCode
form_members(const FormField *field)
{
    Checked *checked = field->checked;
    char *const *persons = *(char **const *)field->value;
    char **numbers = arena_take(checked->arena, (field->count + 1) * sizeof *numbers);
    size_t found = 0;
    KtCode code = some_persons(field);
    for (size_t i = 0; code == KT_OK && i < field->count; i++)
        if (is_pseudonym(persons[i]))
            code = value_text(checked, field->name, persons[i], PSEUDONYM_BYTES);
        else
            numbers[found++] = persons[i];
    return code != KT_OK || found == 0 ? code : make_tokens(field, numbers, found);
}
