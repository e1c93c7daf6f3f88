// SPDX-License-Identifier: EUPL-1.2
// The forms that parts of a command can have. Knows: limits, names, the 11-proef, where a BSN
// becomes a token. Must never know: commands, plans. Failure: a refusal names the field and never
// its value, which may be personal.
#include "daemon/ledger/forms.h"

#include <string.h>

#include "base/text.h"
#include "daemon/ledger/core.h"
#include "proto/limits.h"
#include "proto/names.h"

KtCode
form_wrong(Checked *checked, KtCode code, const char *field, const char *detail)
{
    checked->field = field;
    checked->detail = detail;
    return code;
}

KtCode
form_count(Checked *checked, const char *field, size_t count, size_t most)
{
    if (count <= most)
        return KT_OK;
    return form_wrong(checked, KT_LIMIT, field,
                      arena_format(checked->arena, "%s %zu, %zu", field, count, most));
}

KtCode
form_number(Checked *checked, const char *field, uint64_t number)
{
    return number != 0 ? KT_OK : form_wrong(checked, KT_MISSING, field, field);
}

KtCode
form_text(Checked *checked, const char *field, const char *text, size_t most)
{
    const size_t length = strlen(text);
    if (!text_is_utf8(text, length))
        return form_wrong(checked, KT_FRAME, field,
                          arena_format(checked->arena, "%s: UTF-8", field));
    return form_count(checked, field, length, most);
}

KtCode
form_name(Checked *checked, const char *field, const char *name)
{
    if (name[0] == '\0')
        return form_wrong(checked, KT_MISSING, field, field);
    return name_is_valid(name) ? KT_OK : form_wrong(checked, KT_NAME, field, field);
}

KtCode
form_fields(Checked *checked, Field *const *fields, size_t count)
{
    KtCode code = form_count(checked, "fields", count, LIMIT_FIELDS_PER_FACT);
    for (size_t i = 0; code == KT_OK && i < count; i++) {
        code = form_name(checked, "fields", fields[i]->name);
        if (code == KT_OK)
            code = form_text(checked, "fields", fields[i]->value, LIMIT_TEXT_BYTES);
    }
    return code;
}

KtCode
form_persons(Ledger *ledger, Checked *checked, char *const *persons, size_t count)
{
    if (count == 0)
        return form_wrong(checked, KT_MISSING, "persons", "persons");
    const KtCode code = form_count(checked, "persons", count, LIMIT_PERSONS_PER_SIGNAL);
    if (code != KT_OK)
        return code;
    checked->tokens = arena_take(checked->arena, count * sizeof *checked->tokens);
    for (size_t i = 0; i < count; i++) {
        char bsn[10];
        if (!bsn_parse(persons[i], bsn))
            return form_wrong(checked, KT_BSN, "persons",
                              arena_format(checked->arena, "%zu", i + 1));
        secret_person_token(ledger->secrets, bsn, checked->tokens[i]);
        explicit_bzero(bsn, sizeof bsn);
    }
    checked->token_count = count;
    return KT_OK;
}
